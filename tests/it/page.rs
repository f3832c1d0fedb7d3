//! The documentation page as a browser asks for it: where it is, what comes with it, and when it is not there.

use axum::Router;
use axum::body::Body;
use http::Request;
use webhook_runtime::{RawBody, Webhooks, webhook};

use crate::support::{Answer, send, webhooks};

#[webhook("on-the-page")]
async fn on_the_page(_body: RawBody) {}

#[webhook("docs/sign.js")]
async fn beside_the_page(_body: RawBody) {}

async fn get(router: &Router, path: &str) -> Answer {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn statuses(webhooks: Webhooks, paths: &[&str]) -> Vec<u16> {
    let router = webhooks.register(on_the_page).into_router().unwrap();
    let mut found = Vec::new();
    for path in paths {
        found.push(get(&router, path).await.status.as_u16());
    }
    found
}

#[tokio::test]
async fn the_page_is_there_and_strict() {
    let router = webhooks().register(on_the_page).into_router().unwrap();
    let page = get(&router, "/docs").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert!(page.header("content-security-policy").unwrap().contains("script-src 'self'; "));

    let mut loaded = 0;
    for path in page.text().split('"').filter(|it| it.starts_with("docs/")) {
        let file = get(&router, &format!("/{path}")).await;
        let is_swagger = path.contains("swagger-ui");
        assert_eq!(file.status, 200, "{path}");
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(file.header("content-encoding"), is_swagger.then_some("gzip"), "{path}");
        assert_eq!(file.header("cache-control").unwrap().contains("immutable"), is_swagger, "{path}");
        loaded += 1;
    }
    assert_eq!(loaded, 4, "{}", page.text());
}

#[tokio::test]
async fn a_head_is_answered_and_nothing_else_is_taken() {
    let router = webhooks().register(on_the_page).into_router().unwrap();
    for (method, status) in [("GET", 200), ("HEAD", 200), ("POST", 405), ("PUT", 405), ("DELETE", 405)] {
        for path in ["/docs", "/docs/page.js", "/docs/swagger-ui-bundle.js"] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let answer = send(&router, request).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path}");
            assert!(method != "HEAD" || answer.body.is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn the_page_moves_and_goes() {
    let paths = ["/docs", "/docs/sign.js", "/help/me", "/help/me/sign.js"];
    assert_eq!(statuses(webhooks(), &paths).await, [200, 200, 404, 404]);
    assert_eq!(statuses(webhooks().docs_url("/help/me"), &paths).await, [404, 404, 200, 200]);
    assert_eq!(statuses(webhooks().docs_url(None), &paths).await, [404; 4]);
    // There is nothing to show.
    assert_eq!(statuses(webhooks().openapi_url(None), &paths).await, [404; 4]);
}

#[tokio::test]
async fn a_nested_page_finds_its_files_and_its_document() {
    let hooks = webhooks().register(on_the_page).docs_url("/help/me").openapi_url("/spec.json");
    let router = Router::new().nest("/api", hooks.into_router().unwrap());
    let page = get(&router, "/api/help/me").await;
    assert!(page.text().contains(r#"data-page="/help/me" data-document="../spec.json""#), "{}", page.text());
    for path in ["/api/help/me/page.js", "/api/help/me/swagger-ui.css", "/api/spec.json"] {
        assert_eq!(get(&router, path).await.status, 200, "{path}");
    }
}

#[test]
fn a_file_of_the_page_takes_no_path_of_a_webhook() {
    let problem = webhooks().register(beside_the_page).prefix("/").into_router().unwrap_err().to_string();
    assert!(problem.contains("and the documentation page have the same path `/docs/sign.js`"), "{problem}");
    assert!(problem.contains("its page with `.docs_url(…)`"), "{problem}");
    let problem = webhooks().register(on_the_page).docs_url("/openapi.json").into_router().unwrap_err().to_string();
    assert!(problem.contains("the OpenAPI document and the documentation page have the same path"), "{problem}");
    let problem = webhooks().register(on_the_page).docs_url("docs/{x}").into_router().unwrap_err().to_string();
    assert!(problem.contains("\"docs/{x}\" in `.docs_url(…)` is no path"), "{problem}");
}
