//! A thousand webhooks of one handler, by records that are written here: as many attributes take long to compile.

use webhook_runtime::__private::{
    Describe as _, Documentation, Endpoint, JsonAlone, bound, boxed, id_of, payload, probe, submit,
};
use webhook_runtime::RawBody;

/// What a delivery says.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "described, never read")]
pub(super) struct Order {
    id: u64,
    amount: f64,
    lines: Vec<Line>,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[allow(dead_code, reason = "described, never read")]
struct Line {
    article: String,
    count: u32,
}

/// The handler that all of them name.
pub(super) async fn handler(_: RawBody) {}

const TEMPLATE: Endpoint = Endpoint {
    id: || id_of(handler),
    handler: "many::handler",
    file: file!(),
    line: line!(),
    event_type: "",
    source: None,
    method: "POST",
    timeout: None,
    status_code: None,
    documentation: Documentation {
        summary: "An order was paid",
        description: Some("Sent once for each order."),
        response_description: None,
        tags: &["orders"],
        operation_id: None,
        deprecated: None,
        include_in_schema: true,
        external_docs: None,
        responses: &[],
        examples: &[],
        openapi_extra: None,
    },
    payload: |generator| payload::<Order, JsonAlone, _>().schema(generator),
    accepts: |body, content| payload::<Order, JsonAlone, _>().accepts(body, content),
    responses: |generator| (&&probe(async || ())).describe(generator),
    reads_head: false,
    bind: |_| Some(bound((), |_, _| boxed(async { Ok(().into_response()) }))),
};

/// A record for each combination of three digits.
macro_rules! digits {
    ($($front:literal)*) => { $(digits!(@second $front 0 1 2 3 4 5 6 7 8 9);)* };
    (@second $front:literal $($second:literal)*) => { $(digits!(@third $front $second 0 1 2 3 4 5 6 7 8 9);)* };
    (@third $front:literal $second:literal $($third:literal)*) => {
        $(submit! { Endpoint { event_type: concat!("many/", $front, $second, $third), handler: concat!("many::handler", $front, $second, $third), ..TEMPLATE } })*
    };
}

use axum::response::IntoResponse as _;

digits!(0 1 2 3 4 5 6 7 8 9);
