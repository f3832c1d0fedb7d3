//! Secrets, alone and together with another fault.

use super::{BODY, SECRET, UNKNOWN, check, delivery, shop};
use crate::{HmacSource, Source};

const QUOTED: &str = "\"a-l0ng-5ecr3t\"";

#[test]
fn an_ordinary_secret_has_not_the_name_of_its_variable_before_it() {
    let configured = |secret: &str| delivery(shop("5ecr3t"), BODY).received_by(shop(secret));
    let named = "proven: the secret has the name of its variable before it";
    check(&configured("SHOP_SECRET=5ecr3t"), &[named]);
    check(&configured("KEY=5ecr3t"), &[UNKNOWN]);
    check(&configured("secret=5ecr3t"), &[UNKNOWN]);
}

#[test]
fn two_faults_are_proven_together() {
    let quoted = "proven: the secret stands in quotes";
    check(
        &delivery(shop(SECRET).sha512(), BODY).received_by(shop(QUOTED)),
        &[quoted, "proven: the signature was made with HMAC-SHA512, where HMAC-SHA256 is expected"],
    );
    let by_url = |secret: &str, url: &str| Source::from(shop(secret).signed("{url}{body}")).url(url);
    let other_scheme = "proven: the sender signed the URL https://a.example/in, and http://a.example/in is configured: \
                        they differ in the scheme";
    let by_other_url = |secret: &str| {
        delivery(by_url(SECRET, "https://a.example/in"), BODY).received_by(by_url(secret, "http://a.example/in"))
    };
    check(&by_other_url(QUOTED), &[quoted, other_scheme]);
    let edge = "proven: white space was added around the body";
    check(&by_other_url(SECRET).with_body(format!("{BODY}\n")), &[other_scheme, edge]);
    let dated = |source: HmacSource| source.timestamp_header("x-shop-timestamp");
    let templated = delivery(dated(shop(SECRET)).signed("{timestamp}:{body}"), BODY);
    let signs = "proven: the sender signs `{timestamp}:{body}`, where `{body}` is expected; its timestamp is that of \
                 x-shop-timestamp";
    check(&templated.received_by(shop(QUOTED)), &[quoted, signs]);
    let templated = delivery(dated(shop(SECRET)).signed("{timestamp}:{body}"), BODY);
    check(&templated.received_by(shop(SECRET)).with_body(format!("{BODY}\n")), &[signs, edge]);
    check(
        &delivery(shop(SECRET).sha1(), BODY).received_by(shop(SECRET)).with_body(format!("{BODY}\n")),
        &["proven: the signature was made with HMAC-SHA1, where HMAC-SHA256 is expected", edge],
    );
}
