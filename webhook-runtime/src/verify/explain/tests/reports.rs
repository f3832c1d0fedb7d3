//! What an explanation says in one line, and of each finding.

use super::{BODY, Case, OTHER, SECRET, delivery, now, shop};
use crate::{Explanation, Finding, StandardWebhooks};

fn why(case: &Case) -> Explanation {
    case.source.explain(&case.parts, &case.body, now())
}

#[test]
fn a_summary_is_the_cause_and_the_likeliest_fault_in_one_line() {
    let summary = |case: &Case| why(case).summary();
    assert_eq!(summary(&delivery(shop(SECRET), BODY)), "the delivery verifies");
    assert_eq!(
        summary(&delivery(shop(SECRET), BODY).with_body(format!("{BODY}\n"))),
        "no configured secret made this signature; white space was added around the body"
    );
    let bare = Explanation { findings: Vec::new(), ..why(&delivery(shop(SECRET), BODY).with_body("")) };
    assert_eq!(bare.summary(), "no configured secret made this signature");
}

#[test]
fn what_is_proven_is_told_from_what_only_looks_so_and_each_has_a_remedy() {
    let first = |case: &Case| -> (bool, String) {
        let why = why(case);
        let first: &Finding = why.findings().first().unwrap();
        (first.is_proven(), first.remedy().to_owned())
    };
    let (proven, remedy) = first(&delivery(shop(SECRET), BODY).with_body(format!("{BODY}\n")));
    assert!(proven && remedy.starts_with("Give the bytes as received: nothing may trim"), "{remedy}");
    let (proven, remedy) = first(&delivery(shop(OTHER), BODY).received_by(shop(SECRET)));
    assert!(!proven && remedy.starts_with("Copy the secret from this very endpoint"), "{remedy}");
    let (proven, remedy) = first(&delivery(shop(SECRET), BODY).received_by(StandardWebhooks::new("")));
    assert!(!proven && remedy.starts_with("Give it one"), "{remedy}");
}
