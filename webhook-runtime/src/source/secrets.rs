//! Secrets as users configure them. What could never be one is refused before the first delivery.

use std::fmt;

use zeroize::Zeroizing;

use crate::base::env;

/// One or several active secrets of a source, the current one first.
///
/// A text holds one a line, since a token may hold a space; a list holds one an item.
///
/// ```
/// use webhook_runtime::Secrets;
///
/// let _one = Secrets::from("current");
/// let _two = Secrets::from("current\nretiring");
/// let _list = Secrets::from(["current", "retiring"]);
/// assert_eq!(format!("{:?}", Secrets::from("current")), "[REDACTED]");
/// ```
#[derive(Clone, Default)]
pub struct Secrets {
    list: Vec<Zeroizing<String>>,
    /// The environment variable that they were read from.
    variable: Option<String>,
}

impl Secrets {
    /// The secrets of the environment variable `{name}_WEBHOOK_SECRET`, one a line. Without it there is none, which
    /// is a start-up error that names the variable.
    #[must_use]
    pub fn from_env(name: &str) -> Self {
        Self::from_variable(format!("{name}_WEBHOOK_SECRET"))
    }

    /// The secrets or public keys of an environment variable, each in PEM or on a line of its own.
    pub(crate) fn from_variable(variable: String) -> Self {
        let secrets = Self::from(env::read(&variable).unwrap_or_default());
        Self { variable: Some(variable), ..secrets }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|it| it.as_str())
    }

    /// The same secrets, each word of a text on its own: for schemes whose secrets hold no white space.
    pub(crate) fn words(&self) -> Self {
        let words = self.iter().flat_map(|text| {
            // An item that was given empty stays, so that it is refused and not overlooked.
            let blank = text.trim().is_empty().then_some("");
            blank.into_iter().chain(text.split_whitespace())
        });
        Self { variable: self.variable.clone(), ..words.collect() }
    }

    /// The same keys, the lines of a PEM block as one: it is a text of several lines.
    #[cfg(any(feature = "ecdsa", feature = "rsa", feature = "rfc9421", test))]
    pub(crate) fn blocks(&self) -> Self {
        let mut blocks: Vec<String> = Vec::new();
        let mut inside = false;
        for line in self.iter() {
            match blocks.last_mut() {
                Some(block) if inside => block.extend(["\n", line]),
                _ => blocks.push(line.to_owned()),
            }
            inside = (inside || line.starts_with("-----BEGIN ")) && !line.contains("-----END ");
        }
        Self { variable: self.variable.clone(), ..blocks.iter().collect() }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl From<&str> for Secrets {
    fn from(text: &str) -> Self {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    }
}

impl From<String> for Secrets {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&String> for Secrets {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl<T: AsRef<str>> From<Vec<T>> for Secrets {
    fn from(list: Vec<T>) -> Self {
        list.iter().collect()
    }
}

impl<T: AsRef<str>, const N: usize> From<[T; N]> for Secrets {
    fn from(list: [T; N]) -> Self {
        list.iter().collect()
    }
}

impl<T: AsRef<str>> FromIterator<T> for Secrets {
    fn from_iter<I: IntoIterator<Item = T>>(list: I) -> Self {
        let list = list.into_iter().map(|it| Zeroizing::new(it.as_ref().to_owned())).collect();
        Self { list, variable: None }
    }
}

/// What is wrong with the secrets of a source. The secrets themselves are not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretProblem {
    /// There is none, not in this environment variable either.
    Missing { variable: Option<String> },
    /// The secret at this position, counted from one, is malformed.
    Malformed { position: usize, problem: &'static str },
    /// This setting, which is no secret, is missing or malformed.
    #[cfg_attr(not(any(feature = "rsa", feature = "jwt")), allow(dead_code, reason = "only such sources have some"))]
    Setting { setting: &'static str, problem: &'static str },
}

/// Turns each secret into a key. Every malformed one is reported.
pub(crate) fn keys<K>(
    secrets: &Secrets,
    parse: impl Fn(&str) -> Result<K, &'static str>,
) -> Result<Vec<K>, Vec<SecretProblem>> {
    let mut keys = Vec::new();
    let mut problems = Vec::new();
    for (index, secret) in secrets.iter().enumerate() {
        match refuse_blank(secret).and_then(|()| refuse_placeholder(secret)).and_then(|()| parse(secret)) {
            Ok(key) => keys.push(key),
            Err(problem) => problems.push(SecretProblem::Malformed { position: index + 1, problem }),
        }
    }
    if keys.len() > MOST_SECRETS {
        let problem = "is one too many: sixteen are the most that a delivery is tried against";
        problems.push(SecretProblem::Malformed { position: MOST_SECRETS + 1, problem });
    }
    if keys.is_empty() && problems.is_empty() {
        problems.push(SecretProblem::Missing { variable: secrets.variable.clone() });
    }
    if problems.is_empty() { Ok(keys) } else { Err(problems) }
}

/// White space is what is left of a variable that was meant to be filled.
fn refuse_blank(secret: &str) -> Result<(), &'static str> {
    if secret.trim().is_empty() { Err("is empty") } else { Ok(()) }
}

/// Refuses what stands in examples and templates: everyone knows it.
fn refuse_placeholder(secret: &str) -> Result<(), &'static str> {
    let bare = secret.strip_prefix("whsec_").unwrap_or(secret);
    let plain: String = bare.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if PLACEHOLDERS.contains(&plain.as_str()) { Err("is a placeholder from an example") } else { Ok(()) }
}

/// A request is tried against each key.
const MOST_SECRETS: usize = crate::signature::MOST_COMPUTATIONS;

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
    use super::{SecretProblem, Secrets, keys};

    fn check(secrets: impl Into<Secrets>, expected: Result<usize, Vec<SecretProblem>>) {
        let parse = |secret: &str| match secret {
            "" => Err("is empty"),
            _ if secret.starts_with('!') => Err("is bad"),
            _ => Ok(()),
        };
        let secrets = secrets.into();
        let shown: Vec<&str> = secrets.iter().collect();
        assert_eq!(keys(&secrets, parse).map(|it| it.len()), expected, "{shown:?}");
    }

    #[test]
    fn every_secret_is_checked_and_told_by_its_position() {
        let malformed = |position, problem| SecretProblem::Malformed { position, problem };
        check("one", Ok(1));
        check("one with a space\n two \r\n\n", Ok(2));
        check(["one", "two"], Ok(2));
        check("", Err(vec![SecretProblem::Missing { variable: None }]));
        check(" \n", Err(vec![SecretProblem::Missing { variable: None }]));
        check([""], Err(vec![malformed(1, "is empty")]));
        check([" \t"], Err(vec![malformed(1, "is empty")]));
        check("!a\none\n!b", Err(vec![malformed(1, "is bad"), malformed(3, "is bad")]));
        check(Secrets::from(" one\n\ttwo three ").words(), Ok(3));
        check(Secrets::from([" "]).words(), Err(vec![malformed(1, "is empty")]));
    }

    #[test]
    fn the_lines_of_a_pem_block_are_one_key() {
        let check = |secrets: Secrets, expected: &[&str]| {
            assert_eq!(secrets.blocks().iter().collect::<Vec<_>>(), expected);
        };
        let pem = "-----BEGIN PUBLIC KEY-----\nAQID\nBAUG\n-----END PUBLIC KEY-----";
        check(pem.into(), &[pem]);
        check([pem, "AQID", pem].into(), &[pem, "AQID", pem]);
        check(format!("AQID\n{pem}\n\n{pem}\r\nAQID\n").into(), &["AQID", pem, pem, "AQID"]);
        // What is not closed swallows the rest, and is refused as a key.
        check("-----BEGIN PUBLIC KEY-----\nAQID".into(), &["-----BEGIN PUBLIC KEY-----\nAQID"]);
    }

    #[test]
    fn a_placeholder_is_no_secret() {
        for text in ["changeme", "CHANGE-ME", "whsec_your_secret_here", "secret"] {
            assert!(keys(&Secrets::from(text), |_| Ok(())).is_err(), "{text}");
        }
    }

    #[test]
    fn more_secrets_than_a_delivery_is_tried_against_are_refused() {
        let many = |count: usize| (0..count).map(|it| it.to_string()).collect::<Secrets>();
        check(many(16), Ok(16));
        let problem = "is one too many: sixteen are the most that a delivery is tried against";
        check(many(17), Err(vec![SecretProblem::Malformed { position: 17, problem }]));
    }

    #[test]
    fn a_variable_is_read_and_named_where_it_holds_nothing() {
        // Every process that runs a test has this one.
        let path = std::env::var("PATH").unwrap();
        let read = Secrets::from_variable("PATH".to_owned());
        assert_eq!(read.iter().collect::<Vec<_>>(), Secrets::from(path).iter().collect::<Vec<_>>());

        let missing = Secrets::from_env("NEVER_SET");
        for secrets in [missing.words(), missing.blocks(), missing] {
            let variable = Some("NEVER_SET_WEBHOOK_SECRET".to_owned());
            check(secrets, Err(vec![SecretProblem::Missing { variable }]));
        }
    }

    #[test]
    fn nothing_of_them_is_shown() {
        assert_eq!(format!("{:?}", Secrets::from("c4n4ry")), "[REDACTED]");
    }
}
