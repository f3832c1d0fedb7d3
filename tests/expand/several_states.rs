#[webhook("order.paid", schema = schemas::order)]
async fn paid(State(db): State<Db>, caller: Caller, mail: State<Arc<Mail>>, order: Json<Order>) -> Result<String, Refusal> {
    mail.send(db.book(caller, order).await?).await
}
