//! A receiver whose numbers Prometheus reads at `/metrics`.
//!
//! `WEBHOOK_SECRET` holds the signing secret. The scraper reaches the same port as the senders here; where senders come
//! from the internet, serve `/metrics` on a listener of its own, with `webhook_runtime::serve`.

use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use webhook_runtime::axum::Router;
use webhook_runtime::axum::routing::get;
use webhook_runtime::{Webhooks, observe, webhook};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Order {
    #[schemars(range(min = 0.0))]
    amount: f64,
}

/// An order was paid.
#[webhook("order.paid")]
async fn paid(order: Order) {
    // Numbers of the app's own stand beside those of its webhooks.
    metrics::histogram!("shop.order.amount").record(order.amount);
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();

    // Before the app is built, which is when its metrics are described.
    let recorder = recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    tokio::spawn(upkeep(handle.clone()));

    let address = std::env::var("WEBHOOK_ADDR").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    Ok(receiver(Webhooks::from_env(), handle).serve(address).await?)
}

/// A recorder with buckets for durations, from half a millisecond to the time limit of a handler.
fn recorder() -> PrometheusRecorder {
    let durations = Matcher::Full(observe::REQUEST_DURATION.to_owned());
    let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
    let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &seconds);
    builder.expect("there are buckets").build_recorder()
}

/// The app, with what was counted at `/metrics`.
fn receiver(webhooks: Webhooks, handle: PrometheusHandle) -> Webhooks {
    webhooks.merge(Router::new().route("/metrics", get(async move || handle.render())))
}

/// Takes recorded values into their buckets, also where nobody scrapes.
async fn upkeep(handle: PrometheusHandle) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        handle.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use http_body_util::BodyExt;
    use tower::ServiceExt;
    use webhook_runtime::axum::body::Body;
    use webhook_runtime::axum::http::Request;
    use webhook_runtime::{StandardWebhooks, Webhooks};

    use super::{receiver, recorder};

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[tokio::test]
    async fn deliveries_are_counted_and_scraped() {
        let recorder = recorder();
        let _counting = metrics::set_default_local_recorder(&recorder);
        let router = receiver(Webhooks::new().secret(SECRET), recorder.handle()).into_router().expect("it starts");

        for (id, body) in [("msg_1", r#"{"amount":5}"#), ("msg_1", r#"{"amount":5}"#), ("msg_2", r#"{"amount":-5}"#)] {
            let mut request = Request::post("/webhooks/order.paid").header("content-type", "application/json");
            let signature = StandardWebhooks::new(SECRET).sign(id, SystemTime::now(), body.as_bytes());
            request.headers_mut().expect("a valid request").extend(signature.expect("the secret signs"));
            let request = request.body(Body::from(body)).expect("a valid request");
            router.clone().oneshot(request).await.expect("routers answer");
        }

        let request = Request::get("/metrics").body(Body::empty()).expect("a valid request");
        let answer = router.oneshot(request).await.expect("routers answer");
        let scraped = answer.into_body().collect().await.expect("the answer ends").to_bytes();
        let scraped = String::from_utf8_lossy(&scraped);
        let counted = |outcome: &str| {
            format!(
                r#"webhook_events{{webhook_source="default",webhook_event_type="order.paid",webhook_outcome="{outcome}"}} 1"#
            )
        };
        for line in [
            "# TYPE http_server_request_duration histogram",
            "# HELP webhook_deliveries Deliveries, by how they ended.",
            r#"http_server_request_duration_bucket{http_request_method="POST",http_response_status_code="200",http_route="/webhooks/order.paid",le="30"} 2"#,
            r#"http_server_request_duration_count{http_request_method="POST",http_response_status_code="422",http_route="/webhooks/order.paid"} 1"#,
            "shop_order_amount_count 1",
            &counted("succeeded"),
            &counted("duplicate"),
            &counted("undecodable"),
        ] {
            assert!(scraped.lines().any(|it| it == line), "{line} is not in\n{scraped}");
        }
    }
}
