//! Generated code in hostile surroundings: each module below takes something away, or gives a name another meaning.
//! That they compile is what they show.

/// Warnings that a user turns on are about the user's code alone.
mod strict {
    #![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, unused_results, single_use_lifetimes)]
    #![deny(missing_debug_implementations, missing_copy_implementations, let_underscore_drop, unused_lifetimes)]
    #![deny(clippy::pedantic, clippy::nursery, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use axum::Json;
    use axum::extract::State;
    use axum::http::{HeaderMap, StatusCode};
    use webhook_runtime::{Event, RawBody, webhook};

    /// An event about nothing in particular.
    #[derive(Clone, Copy, Debug, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
    struct Order {
        id: u64,
    }

    #[webhook("strict/plain")]
    async fn plain(order: Order) -> Json<Order> {
        Json(order)
    }

    #[webhook("strict/headers")]
    async fn with_headers(headers: HeaderMap, order: Event<Order>) -> Result<Json<u64>, StatusCode> {
        if headers.is_empty() { Err(StatusCode::BAD_REQUEST) } else { Ok(Json(order.payload.id)) }
    }

    #[webhook("strict/states")]
    async fn with_states(
        State(name): State<&'static str>,
        headers: HeaderMap,
        State(count): State<u64>,
        body: RawBody,
    ) -> impl axum::response::IntoResponse {
        (StatusCode::ACCEPTED, format!("{name} {count} {} {}", headers.len(), body.len()))
    }

    #[webhook("strict/schema", schema = schema_of_order, timeout = "5s", tags = ["strict"])]
    async fn with_schema(Json(order): Json<Order>) -> String {
        order.id.to_string()
    }

    #[webhook("strict/words", method = "PATCH", responses(409(Order) = "Another"), examples("one" = {"id": 1}))]
    async fn with_words(order: Order) -> Result<(), StatusCode> {
        if order.id == 0 { Err(StatusCode::CONFLICT) } else { Ok(()) }
    }

    #[webhook("strict/deprecated")]
    #[deprecated]
    async fn deprecated(_order: Order) {}

    fn schema_of_order(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<Order>()
    }
}

/// Lints that no one below may turn off.
mod forbidden {
    #![forbid(unsafe_code, non_camel_case_types, non_snake_case, dead_code, unused, missing_docs)]

    use axum::extract::State;
    use webhook_runtime::webhook;

    #[webhook("forbidden/states")]
    async fn states(_one: State<u8>, _two: State<u64>, _text: String) {}
}

/// Nothing is imported by itself.
#[no_implicit_prelude]
mod without_prelude {
    use ::webhook_runtime::webhook;

    #[webhook("without-prelude/state", summary = "One", tags = ["a"], timeout = "1m", status_code = 202)]
    async fn one_state(_state: ::axum::extract::State<u64>, _payload: ::std::string::String) -> &'static str {
        "taken"
    }

    #[webhook(
        "without-prelude/words",
        responses(404 = "None", 409(::std::string::String) = "Another"),
        examples("one" = "text"),
        openapi_extra = {"x-team": ["billing", 1, -2.5, true, null]},
        external_docs = "https://example.com"
    )]
    async fn words(_payload: ::std::string::String) {}

    #[webhook("without-prelude/states", source = "shop", schema = any, operation_id = "states")]
    async fn states(
        _one: ::axum::extract::State<u64>,
        _headers: ::axum::http::HeaderMap,
        _two: ::axum::extract::State<u8>,
        _payload: ::std::vec::Vec<u8>,
    ) -> ::std::result::Result<(), ::axum::http::StatusCode> {
        ::std::result::Result::Ok(())
    }
}

/// Every name that generated code could mean is a type of the user, and so are the crates.
mod shadowed {
    #![allow(dead_code, non_camel_case_types, reason = "the names stand in the way and do nothing")]

    mod core {}
    mod std {}
    mod axum {}
    mod schemars {}
    mod inventory {}
    mod webhook_runtime {}
    mod __private {}

    struct Option;
    struct Some;
    struct None;
    struct Result;
    struct Ok;
    struct Err;
    struct Box;
    struct Vec;
    struct String;
    struct Arc;
    struct Pin;
    struct Future;
    struct Send;
    struct Clone;
    struct Duration;
    struct Endpoint;
    struct Documentation;
    struct argument;
    struct body;
    struct call;
    struct finder;
    struct generator;
    struct payload;
    struct response;
    struct state;
    struct written;
    const CALL: () = ();
    static ENDPOINT: () = ();

    macro_rules! shadow {
        ($($name:ident)*) => { $(#[allow(unused_macros)] macro_rules! $name { () => { compile_error!("shadowed") } })* };
    }
    shadow! { concat file line module_path submit }

    #[::webhook_runtime::webhook("shadowed/state")]
    async fn one_state(_state: ::axum::extract::State<u64>, _payload: u64) {}

    #[::webhook_runtime::webhook("shadowed/words", responses(409(u64) = "Another"), examples("one" = 1))]
    async fn words(_payload: u64) {}

    #[::webhook_runtime::webhook("shadowed/states")]
    async fn states(
        _one: ::axum::extract::State<u64>,
        _headers: ::axum::http::HeaderMap,
        _two: ::axum::extract::State<u8>,
        _payload: u64,
    ) -> ::std::string::String {
        ::std::string::String::new()
    }
}

/// A dependency under another name, or behind another crate.
mod renamed {
    mod hooks {
        pub(super) use webhook_runtime::*;
    }

    #[hooks::webhook("renamed/relative", crate = hooks)]
    async fn relative(_payload: String) {}

    #[hooks::webhook("renamed/absolute", crate = crate::hygiene::renamed::hooks)]
    async fn absolute(_payload: String) {}
}

/// A function may be called like a crate, a macro, a keyword, or its module.
mod names {
    use webhook_runtime::webhook;

    #[webhook("names/serde")]
    async fn serde(_payload: u64) {}

    #[webhook("names/core")]
    async fn core(_payload: u64) {}

    #[webhook("names/line")]
    async fn line(_payload: u64) {}

    #[webhook("names/call")]
    async fn call(_payload: u64) {}

    #[webhook("names/type")]
    async fn r#type(_payload: u64) {}

    #[webhook("names/camel")]
    #[allow(non_snake_case, reason = "a name that a struct could have")]
    async fn Order(_payload: u64) {}

    mod push {
        use webhook_runtime::webhook;

        #[webhook("names/push")]
        pub(super) async fn push(_payload: u64) {}
    }

    #[allow(unused_imports, reason = "takes the name of the module for the function too")]
    use push::push;
}

/// Handlers that a macro writes, whose types come in invisible parentheses.
mod written_by_a_macro {
    use axum::extract::State;
    use webhook_runtime::webhook;

    macro_rules! handler {
        ($event:literal $name:ident $state:ty, $payload:ty) => {
            #[webhook($event, responses(409($payload) = $event), openapi_extra = {"x-event": $event})]
            async fn $name(
                _state: $state,
                _number: State<$crate::hygiene::written_by_a_macro::Number>,
                _payload: $payload,
            ) {
            }
        };
    }
    handler! { "macro/paid" paid State<u8>, Vec<u64> }
    handler! { "macro/refunded" refunded axum::extract::State<u8>, (u8, String) }

    #[derive(Clone)]
    pub(crate) struct Number;
}

/// Where functions can stand, and what can stand on them.
mod places {
    use axum::extract::State;
    use webhook_runtime::webhook;

    #[test]
    fn a_handler_in_a_function_takes_its_local_types() {
        #[derive(serde::Deserialize, schemars::JsonSchema)]
        struct Local(u64);

        #[derive(Clone)]
        struct Shop;

        #[webhook("places/local")]
        async fn local(_shop: State<Shop>, local: Local) -> String {
            local.0.to_string()
        }
        let _ = local;
    }

    #[webhook("places/absent")]
    #[cfg(any())]
    async fn absent(_payload: DoesNotExist) {}

    #[webhook("places/absent-too")]
    #[cfg_attr(all(), cfg(any()), inline)]
    async fn absent_too(_payload: DoesNotExist) {}

    #[cfg_attr(all(), webhook("places/present"))]
    #[cfg(not(any()))]
    #[inline]
    #[must_use]
    pub(crate) async fn present(#[allow(unused_variables)] payload: u64) -> u64Text {
        String::new()
    }

    #[allow(non_camel_case_types, reason = "an alias, which hides what it stands for")]
    type u64Text = String;

    #[derive(Clone)]
    struct Shop;

    #[webhook("places/twice")]
    async fn one_state_written_twice(_one: State<Shop>, _two: State<self::Shop>, _payload: u64) {}
}
