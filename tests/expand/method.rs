#[webhook("order", method = "PUT", deprecated = false)]
async fn replaced(order: Order) {}
