#[webhook("order.paid")]
async fn paid(State(db): State<Db>, headers: HeaderMap, order: Order) -> impl IntoResponse {
    db.book(headers, order).await
}
