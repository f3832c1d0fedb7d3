//! Bodies: what they may have been, and what they look like.

use super::{BODY, Case, UNKNOWN, check, delivery, shop};
use super::{OTHER, SECRET};

/// What is told of this body, where another one was signed.
fn told(signed: &str, received: &'static str, expected: &str) {
    check(&delivery(shop(SECRET), signed).with_body(received), &[expected]);
}

#[test]
fn only_a_form_of_one_name_and_nothing_else_is_a_percent_encoded_text() {
    let decoded = "proven: the body is percent-encoded, and its decoded text is what is signed";
    told("a text", "a%20text", decoded);
    told("a text", "a%20text&b", UNKNOWN);
    told("a text", "a%20text=b", UNKNOWN);
}

#[test]
fn a_length_is_told_where_it_is_not_that_of_the_body() {
    let other = |body: &'static str| delivery(shop(OTHER), BODY).received_by(shop(SECRET)).with_body(body);
    let says = |case: Case, length: &str, expected: &[&str]| check(&case.header("content-length", length), expected);
    says(other("[1]"), "3", &[UNKNOWN]);
    says(other("[1]"), "4", &["likely: Content-Length says 4 bytes, and the body has 3", UNKNOWN]);
    says(other("[1]"), "2", &["likely: Content-Length says 2 bytes, and the body has 3", UNKNOWN]);
    let decompressed = "likely: the head says that the body is compressed, and it is not";
    says(other("[1]").header("content-encoding", "gzip"), "2", &[decompressed, UNKNOWN]);
    says(other("[1]").header("content-encoding", "Identity"), "3", &[UNKNOWN]);
    says(other(""), "0", &["likely: the body is empty", UNKNOWN]);
}

#[test]
fn keys_in_order_are_told_where_there_are_two_and_no_white_space() {
    let sorted = "likely: the keys of the body are in alphabetical order, as after a parser that sorts them";
    let check = |body: &'static str, expected: &[&str]| {
        super::check(&delivery(shop(OTHER), BODY).received_by(shop(SECRET)).with_body(body), expected)
    };
    check(r#"{"a":1,"b":2}"#, &[sorted, UNKNOWN]);
    check(r#"{"b":1,"a":2}"#, &[UNKNOWN]);
    check(r#"{"a":1, "b":2}"#, &[UNKNOWN]);
    check(r#"{"a":1}"#, &[UNKNOWN]);
}
