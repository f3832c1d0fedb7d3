//! The files of the page, as a browser gets them.

use http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue};

use crate::base::answer::Answer;
use crate::base::ids::hex;
use crate::docs::page::{FILES, assets, paths, relative, swagger};
use crate::signature::digest::sha256;

fn header(answer: &Answer, name: impl http::header::AsHeaderName) -> &str {
    answer.headers.get(name).map(|it| it.to_str().unwrap()).unwrap_or_default()
}

#[test]
fn each_file_stands_at_a_path_that_is_known_beforehand() {
    let found: Vec<String> = assets("/a/docs", "/openapi.json").into_iter().map(|it| it.path).collect();
    assert_eq!(found, paths("/a/docs"));
    assert_eq!(found.len(), FILES.len() + 3);
    assert!(found.iter().all(|it| it == "/a/docs" || it.starts_with("/a/docs/")), "{found:?}");
}

/// The digests of what was looked at: another archive is another decision.
#[test]
fn swagger_ui_is_the_one_that_was_looked_at() {
    let [style, script] = swagger::files();
    for (file, version, digest) in [
        (&style, "b6b43489", "cb99dbbcaa9835be8abb92c8a860206f393f38f9cc907297d576570747efbbd8"),
        (&script, "e362f020", "f9fe87118a692d7057d8155ecde9de95e409587b0ed63c13f4f39f58e78a9e5b"),
    ] {
        assert_eq!((file.version.as_str(), hex(&sha256(&file.gzip)).as_str()), (version, digest), "{}", file.name);
    }
}

#[cfg(feature = "compression")]
#[test]
fn what_is_served_as_gzip_is_gzip() {
    use std::io::Read;
    let [style, script] = swagger::files();
    for (file, beginning) in [(style, ".swagger-ui"), (script, "/*! For license information")] {
        let mut text = String::new();
        // The decoder compares length and sum of what it inflates.
        flate2::read::GzDecoder::new(&*file.gzip).read_to_string(&mut text).unwrap();
        assert!(text.starts_with(beginning), "{}", &text[..40]);
    }
}

#[test]
fn a_file_that_is_known_is_not_sent_again() {
    for asset in assets("/docs", "/openapi.json") {
        let first = asset.answer(&HeaderMap::new());
        let tag = header(&first, ETAG).to_owned();
        assert_eq!(first.status.as_u16(), 200, "{}", asset.path);
        assert!(!first.body.is_empty() && tag.len() > 2, "{}", asset.path);
        for (asked, status) in [
            (tag.clone(), 304),
            (format!("\"other\", W/{tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
        ] {
            let asked = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_str(&asked).unwrap())]);
            let answer = asset.answer(&asked);
            assert_eq!((answer.status.as_u16(), header(&answer, ETAG)), (status, tag.as_str()), "{}", asset.path);
            assert_eq!(answer.body.is_empty(), status == 304);
            assert_eq!(header(&answer, CONTENT_SECURITY_POLICY), header(&first, CONTENT_SECURITY_POLICY));
            assert!(status == 200 || header(&answer, CONTENT_ENCODING).is_empty());
        }
    }
}

#[test]
fn paths_are_written_from_where_the_page_stands() {
    for (page, path, expected) in [
        ("/docs", "/openapi.json", "openapi.json"),
        ("/a/docs", "/openapi.json", "../openapi.json"),
        ("/a/docs", "/a/openapi.json", "../a/openapi.json"),
        ("/docs", "/docs/openapi.json", "docs/openapi.json"),
    ] {
        assert_eq!(relative(page, path), expected, "{page} {path}");
    }
}

#[test]
fn the_page_says_where_its_document_is_and_runs_nothing_inline() {
    let [page, ..] = &*assets("/a/docs", "/b/openapi.json") else { panic!("no page") };
    let answer = page.answer(&HeaderMap::new());
    let html = std::str::from_utf8(&answer.body).unwrap();
    assert!(html.contains(r#"data-page="/a/docs" data-document="../b/openapi.json""#), "{html}");
    assert!(html.contains(r#"<meta charset="utf-8">"#) && !html.contains(['{', '}']), "{html}");
    // Each script is a file, and each URL is relative to the page.
    assert_eq!(html.matches("<script ").count(), html.matches("<script src=\"docs/").count());
    assert!(!html.contains("<script>") && !html.contains("style=") && !html.contains(" on"), "{html}");
    assert!(!html.contains("=\"/") || html.matches("=\"/").count() == 1, "{html}");
    let policy = header(&answer, CONTENT_SECURITY_POLICY);
    for part in
        ["default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
}
