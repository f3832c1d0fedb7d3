//! Where secrets come from, and what is told of those that are none.

use crate::source::secrets::{SecretProblem, Secrets, keys};
use crate::{GitHub, Source};

use super::problem;

#[test]
fn they_are_read_from_a_variable() {
    // Every process that runs a test has this one.
    let path = std::env::var("PATH").unwrap();
    let read = Secrets::from_variable("PATH".to_owned());
    assert_eq!(read.iter().collect::<Vec<_>>(), Secrets::from(path).iter().collect::<Vec<_>>());
}

#[test]
fn a_missing_variable_is_named() {
    let missing = problem(Source::from(GitHub::new(Secrets::from_env("NEVER_SET"))));
    assert!(missing.contains("NEVER_SET_WEBHOOK_SECRET"), "{missing}");
}

#[test]
fn the_seventeenth_is_one_too_many() {
    let count = |secrets: usize| {
        let secrets: Secrets = (0..secrets).map(|it| format!("a long secret {it}")).collect();
        keys(&secrets, |it| Ok(it.len()))
    };
    assert_eq!(count(16).unwrap().len(), 16);
    assert!(matches!(count(17).unwrap_err()[..], [SecretProblem::Malformed { position: 17, .. }]));
}

#[test]
fn a_malformed_one_is_named_by_its_position() {
    let problems = keys(&["good", " ", "bad"].into(), |it| if it == "bad" { Err("is bad") } else { Ok(()) });
    let malformed = |position, problem| SecretProblem::Malformed { position, problem };
    assert_eq!(problems.unwrap_err(), [malformed(2, "is empty"), malformed(3, "is bad")]);
}

#[test]
fn nothing_of_them_is_shown() {
    let shown = format!("{:?} {:?}", Secrets::from("c4n4ry"), GitHub::new("c4n4ry"));
    assert_eq!(shown.matches("[REDACTED]").count(), 2, "{shown}");
    assert!(shown.contains("github") && !shown.contains("c4n4ry"), "{shown}");
}
