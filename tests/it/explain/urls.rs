//! Faults of signed URLs.

use expect_test::{Expect, expect};
use webhook_runtime::{Fault, HmacSource, Source, Step, Stripe, Webhooks};

use super::{BODY, Case, OTHER, SECRET, at, check, delivery, stripe};
use crate::support::NOW;

pub(crate) const URL: &str = "https://shop.example/hooks/in";

/// Signs the URL and the body.
pub(crate) fn by_url(url: &str) -> Source {
    Source::from(HmacSource::new("x-shop-signature", SECRET).signed("{url}{body}")).url(url)
}

#[test]
fn an_app_explains_among_its_sources_and_with_its_url() {
    let url = Source::from(HmacSource::new("x-shop-signature", SECRET).signed("{url}{body}"));
    let app = Webhooks::empty()
        .public_url("https://shop.example")
        .source("live", stripe())
        .source("test", Stripe::new(OTHER))
        .source("in", url);
    let Case { parts, body, .. } = delivery(&Stripe::new(OTHER), BODY);
    let why = app.explain("live", &parts, &body, at(NOW)).unwrap();
    expect![[r#"
        source live, refused at the proof: no configured secret made this signature
        proven: the delivery is one of source test, and verifies there
                Enter the URL of that source's route at the sender, or swap the secrets of the two sources back."#]]
    .assert_eq(&why.to_string());
    let Case { parts, body, .. } = delivery(&by_url("http://shop.example/hooks/in"), BODY);
    let why = app.explain("in", &parts, &body, at(NOW)).unwrap();
    expect![[r#"
        source in, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL http://shop.example/hooks/in, and https://shop.example/hooks/in is configured: they differ in the scheme
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]].assert_eq(&why.to_string());
    assert!(app.explain("elsewhere", &parts, &body, at(NOW)).is_none());
}

#[test]
fn the_sender_signs_another_url() {
    let check = |signed: &str, configured: &str, expected: Expect| {
        let case = delivery(&by_url(signed), BODY).received_by(by_url(configured));
        self::check(case, Step::Proof, Fault::Url, expected);
    };
    check(
        URL,
        "http://shop.example/hooks/in",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and http://shop.example/hooks/in is configured: they differ in the scheme
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        URL,
        "https://shop.example/hooks/in/",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://shop.example/hooks/in/ is configured: they differ in the slash at the end of the path
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        "https://shop.example:443/hooks/in",
        URL,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example:443/hooks/in, and https://shop.example/hooks/in is configured: they differ in the port
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        "https://www.shop.example/hooks/in",
        URL,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://www.shop.example/hooks/in, and https://shop.example/hooks/in is configured: they differ in the host
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        URL,
        "https://shop.example/api/hooks/in",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://shop.example/api/hooks/in is configured: they differ in the path
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        URL,
        "https://user:canarypassword@shop.example/hooks/in",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://[REDACTED]@shop.example/hooks/in is configured: they differ in the user
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );

    let other = delivery(&by_url("https://other.example/hooks/in"), BODY).header("x-forwarded-host", "other.example");
    self::check(
        other.received_by(by_url(URL)),
        Step::Proof,
        Fault::Url,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://other.example/hooks/in, and https://shop.example/hooks/in is configured: they differ in the host
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    let with_query = delivery(&by_url(URL), BODY).to("/hooks/in?token=canary");
    self::check(
        with_query,
        Step::Proof,
        Fault::Url,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://shop.example/hooks/in?… is configured: they differ in the query
                Find what adds or drops the query between the sender and here: it is taken as received."#]],
    );
    let unconfigured = Source::from(HmacSource::new("x-shop-signature", SECRET).signed("{url}{body}"));
    let case = delivery(&by_url(URL), BODY).received_by(unconfigured.clone());
    self::check(
        case,
        Step::Configuration,
        Fault::NoUrl,
        expect![[r#"
            source hmac, refused at the configuration: the scheme signs the public URL, and none is configured
            likely: the source does not know the URL that the sender calls
                    Write `.public_url(…)` for the app, or `.url(…)` on the source; it is never taken from the request."#]],
    );
    let case = delivery(&by_url(URL), BODY).received_by(unconfigured).header("host", "shop.example");
    self::check(
        case,
        Step::Configuration,
        Fault::Url,
        expect![[r#"
        source hmac, refused at the configuration: the scheme signs the public URL, and none is configured
        proven: the sender signed the URL https://shop.example/hooks/in, and none is configured
                Write that URL, without its query, into `.url(…)` of the source."#]],
    );
}
