#[webhook(
    "invoice.*",
    source = "stripe",
    state = App,
    crate = crate::hooks,
    schema = any,
    tags = ["money", "invoices"],
    summary = "An invoice changed",
    description = "Every change of an invoice.",
    response_description = "The change was booked",
    status_code = 202,
    deprecated = true,
    operation_id = "invoice_changed",
    include_in_schema = false,
    timeout = "5s"
)]
async fn invoice(State(db): State<Db>, event: Event<Invoice>) {
    db.book(event).await;
}
