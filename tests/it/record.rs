//! What a handler leaves behind: its record, and itself.

use axum::Json;
use axum::extract::State;
use webhook_runtime::__private::Endpoint;
use webhook_runtime::{Event, RawBody, webhook};

#[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
struct Order {
    id: u64,
}

#[webhook("record/plain")]
async fn plain_handler(order: Order) -> Json<Order> {
    Json(order)
}

/// An order
/// was paid.
///
/// Sent once.
#[webhook("record/full", source = "shop", timeout = "1500ms", status_code = 202, tags = ["orders", "money"],
    response_description = "It was booked", operation_id = "full", include_in_schema = false,
    external_docs = "https://example.com", responses(404 = "None", 409(Order) = "Another"), examples("seven" = {"id": 7}),
    openapi_extra = {"x-a": [1, null]})]
#[deprecated]
async fn full(_shop: State<u64>, _order: Event<Order>) {}

/// Not this.
///
/// Nor that.
#[webhook("record/written", summary = "This", description = "That", deprecated = true, method = "PUT")]
async fn written(_order: RawBody) {}

#[webhook("record/first")]
#[webhook("record/second", status_code = 204)]
async fn twice(_order: Order) {}

fn record(event_type: &str) -> &'static Endpoint {
    let mut found = inventory::iter::<Endpoint>.into_iter().filter(|it| it.event_type == event_type);
    let record = found.next().unwrap();
    assert!(found.next().is_none());
    record
}

#[test]
fn a_handler_is_recorded_where_it_stands() {
    let record = record("record/plain");
    assert_eq!(record.handler, concat!(module_path!(), "::plain_handler"));
    assert_eq!(record.file, file!());
    let line =
        include_str!("record.rs").lines().position(|line| line.starts_with("async fn plain_handler")).unwrap() + 1;
    assert_eq!(usize::try_from(record.line), Ok(line));
}

#[test]
fn a_handler_without_words_is_documented_by_its_name() {
    let record = record("record/plain");
    assert_eq!((record.source, record.timeout, record.status_code), (None, None, None));
    let said = &record.documentation;
    assert_eq!((said.summary, said.description, said.response_description), ("Plain Handler", None, None));
    assert_eq!((said.tags, said.operation_id), (&[][..], None));
    assert_eq!((said.deprecated, said.include_in_schema), (None, true));
    assert_eq!((record.method, said.external_docs, said.openapi_extra), ("POST", None, None));
    assert!(said.responses.is_empty() && said.examples.is_empty());
}

#[test]
fn every_key_is_in_the_record() {
    let record = record("record/full");
    assert_eq!((record.source, record.status_code), (Some("shop"), Some(202)));
    assert_eq!(record.timeout, Some(std::time::Duration::from_millis(1500)));
    let said = &record.documentation;
    assert_eq!((said.summary, said.description), ("An order was paid.", Some("Sent once.")));
    assert_eq!((said.response_description, said.operation_id), (Some("It was booked"), Some("full")));
    assert_eq!((said.tags, said.deprecated, said.include_in_schema), (&["orders", "money"][..], Some(true), false));
    assert_eq!((said.external_docs, said.openapi_extra), (Some("https://example.com"), Some(r#"{"x-a":[1,null]}"#)));
    assert_eq!((said.responses.len(), said.examples), (2, &[("seven", r#"{"id":7}"#)][..]));
}

#[test]
fn the_attribute_goes_before_the_doc_comment() {
    let said = &record("record/written").documentation;
    assert_eq!((said.summary, said.description, said.deprecated), ("This", Some("That"), Some(true)));
    assert_eq!(record("record/written").method, "PUT");
}

#[test]
fn a_function_under_two_attributes_has_two_records() {
    let (first, second) = (record("record/first"), record("record/second"));
    assert_eq!((first.id)(), (second.id)());
    assert_eq!((first.status_code, second.status_code), (None, Some(204)));
}

#[test]
fn a_record_knows_its_function_by_value() {
    fn type_id<F: 'static>(_: F) -> std::any::TypeId {
        std::any::TypeId::of::<F>()
    }
    assert_eq!((record("record/plain").id)(), type_id(plain_handler));
    assert_ne!((record("record/plain").id)(), type_id(twice));
}

#[test]
fn the_payload_is_described_unless_it_is_bytes() {
    let mut generator = schemars::SchemaGenerator::default();
    let schema = (record("record/full").payload)(&mut generator).unwrap();
    assert_eq!(schema.as_value()["$ref"], "#/$defs/Order");
    assert!((record("record/written").payload)(&mut generator).is_none());
}

#[tokio::test]
async fn a_handler_stays_the_function_that_it_was() {
    let Json(order) = plain_handler(Order { id: 7 }).await;
    assert_eq!(order.id, 7);
    written(RawBody::new("seven")).await;
}
