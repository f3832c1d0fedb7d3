// Generated from several_states.rs.
async fn paid(
    State(db): State<Db>,
    caller: Caller,
    mail: State<Arc<Mail>>,
    order: Json<Order>,
) -> Result<String, Refusal> {
    mail.send(db.book(caller, order).await?).await
}
const _: () = {
    use ::webhook_runtime::__private;
    struct __State {
        __state0: Db,
        __state1: Arc<Mail>,
    }
    impl __private::FromRef<__State> for Db {
        fn from_ref(__state: &__State) -> Self {
            __private::supply::<Db>().copy(&__state.__state0)
        }
    }
    impl __private::FromRef<__State> for Arc<Mail> {
        fn from_ref(__state: &__State) -> Self {
            __private::supply::<Arc<Mail>>().copy(&__state.__state1)
        }
    }
    fn __call(
        mut __call: __private::Call,
        __state: __private::Shared<__State>,
    ) -> __private::Running {
        __private::boxed(async move {
            let __extracted0 = __private::State(
                __private::supply::<Db>().copy(&__state.__state0),
            );
            let __extracted1 = match __private::extract::<
                __State,
                Caller,
            >(&mut __call.parts, &__state)
                .await
            {
                __private::Ok(__argument) => __argument,
                __private::Err(__response) => return __private::Ok(__response),
            };
            let __extracted2 = __private::State(
                __private::supply::<Arc<Mail>>().copy(&__state.__state1),
            );
            let __payload = match __private::payload_with_schema::<
                Json<Order>,
                __private::JsonAlone,
                _,
            >(schemas::order)
                .decode(__call)
            {
                __private::Ok(__payload) => __payload,
                __private::Err(__undecodable) => return __private::Err(__undecodable),
            };
            let __returned = __private::sendable(
                    paid(__extracted0, __extracted1, __extracted2, __payload),
                )
                .await;
            __private::Ok(__private::answer::<Result<String, Refusal>>(__returned))
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
            __private::payload_with_schema::<
                Json<Order>,
                __private::JsonAlone,
                _,
            >(schemas::order)
                .schema(__generator)
        },
        accepts: |__body, __content| {
            __private::payload_with_schema::<
                Json<Order>,
                __private::JsonAlone,
                _,
            >(schemas::order)
                .accepts(__body, __content)
        },
        responses: |__generator| {
            use __private::Describe as _;
            (&&__private::probe(|| paid(
                __private::never(),
                __private::never(),
                __private::never(),
                __private::never(),
            )))
                .describe(__generator)
        },
        reads_head: true,
        bind: |__finder| {
            let __state0 = __private::supply::<Db>().find(__finder);
            let __state1 = __private::supply::<Arc<Mail>>().find(__finder);
            __private::Some(
                __private::bound(
                    __State {
                        __state0: __state0?,
                        __state1: __state1?,
                    },
                    __call,
                ),
            )
        },
    };
    __private::submit! {
        __ENDPOINT
    }
};
