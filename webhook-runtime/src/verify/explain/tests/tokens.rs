//! Tokens that are not the right one, and the right one in another place.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{BODY, Case, OTHER, check, delivery};
use crate::base::ids::hex;
use crate::signature::digest::sha256;
use crate::{Source, TokenSource};

const TOKEN: &str = "a-L0ng-t0k3n";
const ANOTHER: &str = "likely: the token is another one than any that is configured";
const MISSING: &str = "likely: no header that looks like it is there either";

fn by_header() -> Source {
    TokenSource::header("x-token", TOKEN).into()
}

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

#[test]
fn a_token_is_the_right_one_written_otherwise() {
    let sent = |token: &str, expected: &str| check(&delivery(by_header(), BODY).header("x-token", token), &[expected]);
    let case = "proven: the token of the request is the right one but for upper and lower case";
    sent(&TOKEN.to_uppercase(), case);
    sent(&TOKEN.to_lowercase(), case);
    sent("A-l0NG-T0K3N", ANOTHER);
    sent(&STANDARD.encode(TOKEN), "proven: the token of the request is the right one in base64");
    sent(&hex(&sha256(TOKEN.as_bytes())), "proven: the token of the request is the SHA-256 of the right one");
    sent(&format!("'{TOKEN}'"), "proven: the token of the request is the right one, and stands in quotes");
    sent(OTHER, ANOTHER);
}

/// A request without the token where it is looked for.
fn without() -> Case {
    delivery(by_header(), BODY).without("x-token")
}

#[test]
fn the_right_token_is_found_in_another_place_and_no_other_value_is() {
    let found = |place: &str| format!("proven: the right token stands in {place}");
    check(&without().header("x-note", TOKEN), &[&found("the header x-note")]);
    check(&without().header("x-note", OTHER), &[MISSING]);
    let behind = "the header authorization, behind the word of a scheme";
    check(&without().header("authorization", &format!("Bearer {TOKEN}")), &[&found(behind)]);
    check(&without().header("authorization", &format!("Bearer {OTHER}")), &[MISSING]);
    check(&without().header("x-note", &format!("Bearer {TOKEN}")), &[MISSING]);
    let half = "one half of basic authentication";
    check(&without().header("authorization", &basic(&format!("user:{TOKEN}"))), &[&found(half)]);
    check(&without().header("authorization", &basic(&format!("{TOKEN}:"))), &[&found(half)]);
    check(&without().header("authorization", &basic(TOKEN)), &[&found(half)]);
    check(&without().header("authorization", &basic("user:password")), &[MISSING]);
    check(&without().to(&format!("/in?a=b&key={TOKEN}")), &[&found("another parameter of the query")]);
    check(&without().to("/in?key=other"), &[MISSING]);
}

#[test]
fn credentials_are_found_as_a_whole_where_they_are_a_token_of_another_place() {
    let by_header = || Source::from(TokenSource::header("x-token", "user:t0k3n"));
    let case = delivery(by_header(), BODY).without("x-token").header("authorization", &basic("user:t0k3n"));
    check(&case, &["proven: the right token stands in basic authentication"]);

    let by_basic = || Source::from(TokenSource::basic_auth("user:t0k3n"));
    check(&delivery(by_basic(), BODY).header("authorization", &basic("user:other")), &[ANOTHER]);
    let twice = || {
        let mut case = delivery(by_basic(), BODY);
        case.parts.headers.append("authorization", basic("user:other").parse().unwrap());
        case
    };
    let repeated = "likely: authorization is there 2 times";
    check(&twice(), &[repeated]);
    check(
        &twice().header("authorization", "user:t0k3n"),
        &["proven: the right token stands in the header authorization"],
    );
}

#[test]
fn a_token_that_is_repeated_is_not_found_elsewhere() {
    let mut case = delivery(by_header(), BODY);
    case.parts.headers.append("x-token", OTHER.parse().unwrap());
    check(&case, &["likely: x-token is there 2 times"]);
    let by_query = Source::from(TokenSource::query("token", TOKEN));
    let asked = |uri: &str| without().received_by(by_query.clone()).to(uri);
    check(
        &asked(&format!("/in?token={TOKEN}&token=other")),
        &["likely: the query parameter token arrived more than once"],
    );
    check(&asked(&format!("/in?key={TOKEN}")), &["proven: the right token stands in another parameter of the query"]);
}

#[test]
fn a_token_that_is_configured_twice_is_known() {
    let twice = Source::from(TokenSource::header("x-token", [TOKEN, TOKEN]));
    let case = delivery(twice, BODY).header("x-token", &format!("'{TOKEN}'"));
    check(&case, &["proven: the token of the request is the right one, and stands in quotes"]);
}
