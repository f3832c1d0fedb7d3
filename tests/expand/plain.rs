#[webhook("new-subscription")]
/// A new user subscribed.
///
/// Sent once for each new subscription.
async fn new_subscription(body: Subscription) -> Json<Receipt> {
    Json(Receipt::of(body))
}
