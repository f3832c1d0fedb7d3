//! What Stripe tells the shop. The types name the fields that the shop reads, and no other.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhook_runtime::{Event, webhook};

use crate::orders::{OrderError, Orders};

/// The frame that every event of Stripe has.
#[derive(Deserialize, JsonSchema)]
pub struct Frame<T> {
    pub data: Data<T>,
}

#[derive(Deserialize, JsonSchema)]
pub struct Data<T> {
    pub object: T,
}

#[derive(Deserialize, JsonSchema)]
pub struct CheckoutSession {
    /// The shop's own order number, given to Stripe with the session.
    pub client_reference_id: String,
    /// In the smallest unit of the currency.
    pub amount_total: u64,
}

#[derive(Deserialize, JsonSchema)]
pub struct Charge {
    pub amount_refunded: u64,
    pub metadata: ChargeMetadata,
}

#[derive(Deserialize, JsonSchema)]
pub struct ChargeMetadata {
    pub order: String,
}

#[derive(Serialize, JsonSchema)]
pub struct OrderState {
    pub order: String,
    pub paid: u64,
}

/// A customer paid an order.
///
/// Marks it as paid. An order that the shop does not know is answered 404: Stripe tries again later, when the order may
/// have arrived.
#[webhook("checkout.session.completed", source = "stripe", tags = ["payments"])]
pub async fn paid(
    State(orders): State<Orders>,
    event: Event<Frame<CheckoutSession>>,
) -> Result<Json<OrderState>, OrderError> {
    let session = &event.payload.data.object;
    let order = session.client_reference_id.clone();
    let paid = orders.pay(&order, session.amount_total)?;
    tracing::info!(order, event = event.delivery_id(), "paid");
    Ok(Json(OrderState { order, paid }))
}

/// A charge was refunded, in whole or in part.
#[webhook("charge.refunded", source = "stripe", tags = ["payments"])]
pub async fn refunded(State(orders): State<Orders>, event: Event<Frame<Charge>>) -> Result<StatusCode, OrderError> {
    let charge = event.payload.data.object;
    orders.refund(&charge.metadata.order, charge.amount_refunded)?;
    Ok(StatusCode::NO_CONTENT)
}

impl IntoResponse for OrderError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::RefundTooLarge { .. } => StatusCode::CONFLICT,
        };
        (status, self.to_string()).into_response()
    }
}
