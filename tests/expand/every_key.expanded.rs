// Generated from every_key.rs.
async fn invoice(State(db): State<Db>, event: Event<Invoice>) {
    db.book(event).await;
}
const _: () = {
    use crate::hooks::__private;
    fn __call(
        mut __call: __private::Call,
        __state: __private::Shared<App>,
    ) -> __private::Running {
        __private::boxed(async move {
            let __extracted0 = match __private::extract::<
                App,
                State<Db>,
            >(&mut __call.parts, &__state)
                .await
            {
                __private::Ok(__argument) => __argument,
                __private::Err(__response) => return __private::Ok(__response),
            };
            let __payload = match __private::payload_with_schema::<
                Event<Invoice>,
                __private::EveryFormat,
                _,
            >(__private::any_schema)
                .decode(__call)
            {
                __private::Ok(__payload) => __payload,
                __private::Err(__undecodable) => return __private::Err(__undecodable),
            };
            let __returned = __private::sendable(invoice(__extracted0, __payload)).await;
            __private::Ok(__private::answer(__returned))
        })
    }
    const __ENDPOINT: __private::Endpoint = __private::Endpoint {
        id: || __private::id_of(invoice),
        handler: __private::concat!(__private::module_path!(), "::", "invoice"),
        file: __private::file!(),
        line: __private::line!(),
        event_type: "invoice.*",
        source: __private::Some("stripe"),
        method: "POST",
        timeout: __private::Some(__private::Duration::from_millis(5000u64)),
        status_code: __private::Some(202u16),
        documentation: __private::Documentation {
            summary: "An invoice changed",
            description: __private::Some("Every change of an invoice."),
            response_description: __private::Some("The change was booked"),
            tags: &["money", "invoices"],
            operation_id: __private::Some("invoice_changed"),
            deprecated: __private::Some(true),
            include_in_schema: false,
            external_docs: __private::Some("https://example.com/invoices"),
            responses: &[
                __private::written(404u16, "No such invoice", __private::None),
                __private::written(
                    409u16,
                    "It was paid",
                    __private::Some(__private::body::<Conflict<Invoice>>),
                ),
            ],
            examples: &[
                ("small", "{\"id\":7,\"lines\":[{\"price\":-0.50}]}"),
                ("none", "null"),
            ],
            openapi_extra: __private::Some("{\"x-team\":\"billing\"}"),
        },
        payload: |__generator| {
            __private::payload_with_schema::<
                Event<Invoice>,
                __private::EveryFormat,
                _,
            >(__private::any_schema)
                .schema(__generator)
        },
        accepts: |__body, __content| {
            __private::payload_with_schema::<
                Event<Invoice>,
                __private::EveryFormat,
                _,
            >(__private::any_schema)
                .accepts(__body, __content)
        },
        responses: |__generator| {
            use __private::Describe as _;
            (&&__private::probe(|| invoice(__private::never(), __private::never())))
                .describe(__generator)
        },
        reads_head: true,
        bind: |__finder| __private::supply::<App>().bind(__finder, __call),
    };
    __private::submit! {
        __ENDPOINT
    }
};
