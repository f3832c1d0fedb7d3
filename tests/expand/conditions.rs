#[webhook("order.paid")]
#[cfg(feature = "orders")]
#[cfg_attr(unix, cfg(feature = "files"), inline)]
#[deprecated(note = "take `order.settled`")]
#[tracing::instrument]
pub(crate) async fn r#type(body: RawBody) {}
