//! The keys that could have signed: the configured secrets as they are read, as they could be read too, without what
//! was copied with them, and the secrets of other sources.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::report::{Fault, Finding};
use super::search::Try;
use crate::base::secret::Secret;
use crate::signature::anatomy::Reading;
use crate::signature::encoding::Encoding;
use crate::source::Source;

/// The keys of a source, and of others beside it; first those that the source has.
pub(super) fn of(source: &Source, reading: Reading, others: &[&Source]) -> Vec<Try<Secret>> {
    let mut keys = Vec::new();
    let secrets: Vec<&str> = source.secrets().iter().take(MOST_SECRETS).collect();
    let own = words(&secrets, reading);
    keys.extend(own.iter().filter_map(|secret| read(secret, reading)).map(Try::as_it_is));
    let several = own.len() > 1;
    for (index, secret) in own.iter().enumerate() {
        let which = if several { format!("secret {} of the source", index + 1) } else { "the secret".to_owned() };
        keys.extend(otherwise(secret, reading, &which));
    }
    for other in others {
        let name = other.name();
        for secret in other.secrets().iter().take(MOST_SECRETS) {
            let readings = [reading, other_reading(reading)].map(|it| read(secret, it));
            keys.extend(readings.into_iter().flatten().map(|key| {
                Try::but(key, Finding::new(
                    Fault::OtherSource,
                    format!("the secret of source {name} made this signature"),
                    format!("Two secrets were swapped, or the sender of {name} calls this route: give each source its own."),
                ))
            }));
        }
    }
    keys
}

/// A secret of a scheme in base64 holds no white space: several may stand in one text.
fn words<'a>(secrets: &[&'a str], reading: Reading) -> Vec<&'a str> {
    match reading {
        Reading::Text => secrets.to_vec(),
        Reading::Base64 => secrets.iter().flat_map(|it| it.split_whitespace()).collect(),
    }
}

fn read(secret: &str, reading: Reading) -> Option<Secret> {
    match reading {
        Reading::Text => Some(Secret::new(secret)),
        Reading::Base64 => base64(secret.strip_prefix("whsec_").unwrap_or(secret)),
    }
    .filter(|it| !it.expose().is_empty())
}

fn other_reading(reading: Reading) -> Reading {
    match reading {
        Reading::Text => Reading::Base64,
        Reading::Base64 => Reading::Text,
    }
}

fn base64(text: &str) -> Option<Secret> {
    let engines = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD];
    engines.iter().find_map(|it| it.decode(text).ok()).map(Secret::new)
}

/// What else a secret could mean.
fn otherwise(secret: &str, reading: Reading, which: &str) -> Vec<Try<Secret>> {
    let mut keys = Vec::new();
    let mut add = |key: Option<Secret>, fault, what: &str, remedy: &str| {
        keys.extend(
            key.filter(|it| !it.expose().is_empty())
                .map(|key| Try::but(key, Finding::new(fault, format!("{which} {what}"), remedy))),
        );
    };
    let bare = secret.strip_prefix("whsec_").unwrap_or(secret);
    match reading {
        Reading::Text => {
            add(
                base64(bare),
                Fault::SecretReading,
                "is the right one: its sender decoded it from base64, and here its text is the key",
                "The sender follows Standard Webhooks: take `StandardWebhooks`, or the provider's own source.",
            );
            if bare != secret {
                add(
                    Some(Secret::new(bare)),
                    Fault::SecretReading,
                    "is the right one: its sender leaves out `whsec_`, and here it is a part of the key",
                    "Configure the secret without its prefix.",
                );
            }
            add(
                Encoding::Hex.decode(&secret.to_ascii_lowercase()).map(|it| Secret::new(it.bytes())),
                Fault::SecretReading,
                "is the right one: its sender decoded it from hex, and here its text is the key",
                "The scheme of this source takes the text; see how the sender derives its key.",
            );
        }
        Reading::Base64 => {
            add(
                Some(Secret::new(secret)),
                Fault::SecretReading,
                "is the right one: its sender took the whole text for the key, and here it is decoded from base64",
                "The sender does as Stripe does: take that provider's source, or an `HmacSource`.",
            );
            add(
                Some(Secret::new(bare)),
                Fault::SecretReading,
                "is the right one: its sender took the text behind `whsec_` for the key, and here it is decoded from \
                 base64",
                "Have the sender decode the secret, as Standard Webhooks says.",
            );
        }
    }
    for (cleaned, what) in stray(secret) {
        let remedy = "Write the secret where it is configured as the sender shows it, with nothing around it.";
        add(read(cleaned, reading), Fault::SecretStray, what, remedy);
    }
    for (end, what) in [
        ("\n", "was stored at the sender with a line end"),
        ("\r\n", "was stored at the sender with a line end"),
        (" ", "was stored at the sender with a space behind it"),
    ] {
        let remedy = "Enter the secret at the sender again, without what was copied behind it.";
        add(Some(Secret::new(format!("{secret}{end}"))), Fault::SecretStray, what, remedy);
    }
    keys
}

/// The secret without what is easily copied with it.
pub(super) fn stray(secret: &str) -> Vec<(&str, &'static str)> {
    let trimmed = secret.trim();
    let unended = trimmed.trim_end_matches("\\n").trim_end_matches("\\r");
    let unquoted = unended.trim_matches(['"', '\'', '`']);
    let mut found = vec![
        (trimmed, "has white space around it"),
        (unended, "ends in a line end that was written out"),
        (unquoted, "stands in quotes"),
        (unquoted.trim_end_matches([',', ';']), "has a comma or semicolon behind it"),
    ];
    if let Some((_, value)) = unquoted.split_once('=').filter(|(name, _)| is_variable(name)) {
        found.push((value.trim().trim_matches(['"', '\'']), "has the name of its variable before it"));
    }
    let words = ["Bearer ", "Token ", "Basic "].into_iter().filter_map(|it| unquoted.strip_prefix(it));
    found.extend(words.map(|rest| (rest, "has the word of an authorization header before it")));
    found.retain(|(cleaned, _)| *cleaned != secret && !cleaned.is_empty());
    found
}

fn is_variable(name: &str) -> bool {
    name.len() > 3 && name.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
}

const MOST_SECRETS: usize = crate::signature::MOST_COMPUTATIONS;

#[cfg(test)]
mod tests {
    use super::stray;

    fn check(secret: &str, expected: &[(&str, &str)]) {
        assert_eq!(stray(secret), expected, "{secret}");
    }

    #[test]
    fn what_was_copied_with_a_secret_is_taken_away_and_of_a_bare_one_nothing() {
        check("5ecr3t", &[]);
        check("", &[]);
        check("''", &[]);
        check("SHOP_SECRET_2=5ecr3t", &[("5ecr3t", "has the name of its variable before it")]);
        check("TEST=5ecr3t", &[("5ecr3t", "has the name of its variable before it")]);
        // These can be a part of the secret: base64 ends in its sign too.
        check("KEY=5ecr3t", &[]);
        check("secret=5ecr3t", &[]);
        check("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=", &[]);
        check("Bearer 5ecr3t", &[("5ecr3t", "has the word of an authorization header before it")]);
        check("5ecr3t;", &[("5ecr3t", "has a comma or semicolon behind it")]);
    }
}
