// Generated from one_state.rs.
async fn paid(
    State(db): State<Db>,
    headers: HeaderMap,
    order: Order,
) -> impl IntoResponse {
    db.book(headers, order).await
}
const _: () = {
    use ::webhook_runtime::__private;
    fn __call(
        mut __call: __private::Call,
        __state: __private::Shared<Db>,
    ) -> __private::Running {
        __private::boxed(async move {
            let __extracted0 = __private::State(
                __private::supply::<Db>().copy(&__state),
            );
            let __extracted1 = match __private::extract::<
                Db,
                HeaderMap,
            >(&mut __call.parts, &__state)
                .await
            {
                __private::Ok(__argument) => __argument,
                __private::Err(__response) => return __private::Ok(__response),
            };
            let __payload = match __private::payload::<Order, __private::JsonAlone, _>()
                .decode(__call)
            {
                __private::Ok(__payload) => __payload,
                __private::Err(__undecodable) => return __private::Err(__undecodable),
            };
            let __returned = __private::sendable(
                    paid(__extracted0, __extracted1, __payload),
                )
                .await;
            __private::Ok(__private::answer(__returned))
        })
    }
    const __ENDPOINT: __private::Endpoint = __private::Endpoint {
        id: || __private::id_of(paid),
        handler: __private::concat!(__private::module_path!(), "::", "paid"),
        file: __private::file!(),
        line: __private::line!(),
        event_type: "order.paid",
        source: __private::None,
        method: "POST",
        timeout: __private::None,
        status_code: __private::None,
        documentation: __private::Documentation {
            summary: "Paid",
            description: __private::None,
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
            __private::payload::<Order, __private::JsonAlone, _>().schema(__generator)
        },
        accepts: |__body, __content| {
            __private::payload::<Order, __private::JsonAlone, _>()
                .accepts(__body, __content)
        },
        responses: |__generator| {
            use __private::Describe as _;
            (&&__private::probe(|| paid(
                __private::never(),
                __private::never(),
                __private::never(),
            )))
                .describe(__generator)
        },
        reads_head: true,
        bind: |__finder| __private::supply::<Db>().bind(__finder, __call),
    };
    __private::submit! {
        __ENDPOINT
    }
};
