//! Secrets as users configure them. What could never be one is refused before the first delivery.

/// What is wrong with one secret. The secret itself is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretProblem {
    /// There is none.
    Missing,
    /// The secret at this position, counted from one, is malformed.
    Malformed { position: usize, problem: &'static str },
}

/// Turns each secret of a text, separated by white space, into a key. Every malformed one is reported.
pub(crate) fn keys<K>(
    text: &str,
    parse: impl Fn(&str) -> Result<K, &'static str>,
) -> Result<Vec<K>, Vec<SecretProblem>> {
    let mut keys = Vec::new();
    let mut problems = Vec::new();
    for (index, secret) in text.split_whitespace().enumerate() {
        match refuse_placeholder(secret).and_then(|()| parse(secret)) {
            Ok(key) => keys.push(key),
            Err(problem) => problems.push(SecretProblem::Malformed { position: index + 1, problem }),
        }
    }
    if keys.is_empty() && problems.is_empty() {
        problems.push(SecretProblem::Missing);
    }
    if problems.is_empty() { Ok(keys) } else { Err(problems) }
}

/// Refuses what stands in examples and templates: everyone knows it.
fn refuse_placeholder(secret: &str) -> Result<(), &'static str> {
    let bare = secret.strip_prefix("whsec_").unwrap_or(secret);
    let plain: String = bare.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if PLACEHOLDERS.contains(&plain.as_str()) { Err("is a placeholder from an example") } else { Ok(()) }
}

const PLACEHOLDERS: [&str; 9] = [
    "changeme",
    "changethis",
    "secret",
    "password",
    "placeholder",
    "yoursecret",
    "yoursecrethere",
    "yourwebhooksecret",
    "webhooksecret",
];

#[cfg(test)]
mod tests {
    use super::{SecretProblem, keys};

    fn check(text: &str, expected: Result<usize, Vec<SecretProblem>>) {
        let parse = |secret: &str| if secret.starts_with('!') { Err("is bad") } else { Ok(()) };
        assert_eq!(keys(text, parse).map(|it| it.len()), expected, "{text:?}");
    }

    #[test]
    fn secrets_are_separated_by_white_space_and_each_is_checked() {
        let bad = |position| SecretProblem::Malformed { position, problem: "is bad" };
        check("one", Ok(1));
        check(" one\n\ttwo ", Ok(2));
        check("", Err(vec![SecretProblem::Missing]));
        check(" \n", Err(vec![SecretProblem::Missing]));
        check("!a one !b", Err(vec![bad(1), bad(3)]));
    }

    #[test]
    fn a_placeholder_is_no_secret() {
        for text in ["changeme", "CHANGE-ME", "whsec_your_secret_here", "secret"] {
            assert!(keys(text, |_| Ok(())).is_err(), "{text}");
        }
    }
}
