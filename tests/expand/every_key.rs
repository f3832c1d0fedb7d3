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
    timeout = "5s",
    external_docs = "https://example.com/invoices",
    responses(404 = "No such invoice", 409(Conflict<Invoice>) = "It was paid"),
    examples("small" = {"id": 7, "lines": [{"price": -0.50}]}, "none" = null),
    openapi_extra = {"x-team": "billing"}
)]
async fn invoice(State(db): State<Db>, event: Event<Invoice>) {
    db.book(event).await;
}
