//! How senders write the time that they sign.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderName;

use crate::base::error::rejection::Cause;
use crate::signature::CannotSign;
use crate::signature::encoding::rfc3339;
use crate::signature::header::{malformed, unix_time};

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    /// RFC 3339 in UTC.
    Rfc3339,
}

impl Unit {
    /// Seconds since the Unix epoch.
    pub(super) fn seconds(self, name: &HeaderName, text: &str) -> Result<i64, Cause> {
        match self {
            Self::Seconds => unix_time(name, text),
            Self::Milliseconds => Ok(unix_time(name, text)?.div_euclid(1000)),
            Self::Rfc3339 => Some(text)
                .filter(|it| ends_in_one_way(it))
                .and_then(rfc3339)
                .ok_or_else(|| malformed(name, "is no time of RFC 3339 in UTC")),
        }
    }

    pub(super) fn spell(self, time: SystemTime) -> Result<String, CannotSign> {
        let since: Duration = time.duration_since(UNIX_EPOCH).map_err(|_| CannotSign::Time)?;
        Ok(match self {
            Self::Seconds => since.as_secs().to_string(),
            Self::Milliseconds => since.as_millis().to_string(),
            Self::Rfc3339 => humantime::format_rfc3339(time).to_string(),
        })
    }
}

/// A time of RFC 3339 that ends in `Z`, after a fraction of nine digits at most where it has one. Where a body follows
/// without a delimiter, each other ending would let bytes move between them.
fn ends_in_one_way(time: &str) -> bool {
    let fraction = time.strip_suffix('Z').and_then(|it| it.get("2023-11-14T22:13:20".len()..));
    fraction.is_some_and(|it| it.is_empty() || (it.starts_with('.') && (2..=10).contains(&it.len())))
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::Unit;

    fn check(text: &str, expected: Option<i64>) {
        let name = HeaderName::from_static("time");
        assert_eq!(Unit::Rfc3339.seconds(&name, text).ok(), expected, "{text}");
    }

    #[test]
    fn a_time_of_rfc_3339_has_one_spelling_an_end_and_nothing_behind_it() {
        check("2023-11-14T22:13:20Z", Some(1_700_000_000));
        check("2023-11-14T22:13:20.634234626Z", Some(1_700_000_000));
        check("2023-11-14T22:13:20.6Z", Some(1_700_000_000));
        check("1970-01-01T00:00:00Z", Some(0));
        for text in [
            "",
            "1700000000",
            "2023-11-14T22:13:20",
            "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20.634",
            "2023-11-14T22:13:20.6342346261Z",
            "2023-11-14T22:13:20+00:00",
            "2023-11-14T22:13:20.6+00:00",
            "2023-11-14T22:13:20ZZ",
            "2023-11-14T22:13:20.6Z{Z",
            "2023-11-14 22:13:20Z",
            "2023-11-14t22:13:20z",
            "2023-13-14T22:13:20Z",
            "2023-11-31T22:13:20Z",
            "2023-11-14T24:00:00Z",
            "1969-12-31T23:59:59Z",
            " 2023-11-14T22:13:20Z",
            "02023-11-14T22:13:20Z",
        ] {
            check(text, None);
        }
    }
}
