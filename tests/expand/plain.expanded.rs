// Generated from plain.rs.
/// A new user subscribed.
///
/// Sent once for each new subscription.
async fn new_subscription(body: Subscription) -> Json<Receipt> {
    Json(Receipt::of(body))
}
const _: () = {
    use ::webhook_runtime::__private;
    fn __call(
        __call: __private::Call,
        __state: __private::Shared<()>,
    ) -> __private::Running {
        __private::boxed(async move {
            let __payload = match __private::payload::<
                Subscription,
                __private::JsonAlone,
                _,
            >()
                .decode(__call)
            {
                __private::Ok(__payload) => __payload,
                __private::Err(__undecodable) => return __private::Err(__undecodable),
            };
            let __returned = __private::sendable(new_subscription(__payload)).await;
            __private::Ok(__private::answer::<Json<Receipt>>(__returned))
        })
    }
    const __ENDPOINT: __private::Endpoint = __private::Endpoint {
        id: || __private::id_of(new_subscription),
        handler: __private::concat!(__private::module_path!(), "::", "new_subscription"),
        file: __private::file!(),
        line: __private::line!(),
        event_type: "new-subscription",
        source: __private::None,
        method: "POST",
        timeout: __private::None,
        status_code: __private::None,
        documentation: __private::Documentation {
            summary: "A new user subscribed.",
            description: __private::Some("Sent once for each new subscription."),
            response_description: __private::None,
            tags: &[],
            operation_id: __private::None,
            deprecated: __private::None,
            include_in_schema: true,
            external_docs: __private::None,
            responses: &[],
            examples: &[],
            openapi_extra: __private::None,
        },
        payload: |__generator| {
            __private::payload::<Subscription, __private::JsonAlone, _>()
                .schema(__generator)
        },
        accepts: |__body, __content| {
            __private::payload::<Subscription, __private::JsonAlone, _>()
                .accepts(__body, __content)
        },
        responses: |__generator| {
            use __private::Describe as _;
            (&&__private::probe(|| new_subscription(__private::never())))
                .describe(__generator)
        },
        reads_head: false,
        bind: |__finder| __private::supply::<()>().bind(__finder, __call),
    };
    __private::submit! {
        __ENDPOINT
    }
};
