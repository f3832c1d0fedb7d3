//! Reading the headers that take part in a signature: once, whole, and in the form that the scheme says.

use http::{HeaderMap, HeaderName};

use crate::base::error::rejection::Cause;

/// The one value of a header that must be there once.
pub(crate) fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Cause> {
    let value = headers.get(name).ok_or_else(|| Cause::MissingHeader(name.clone()))?;
    // Two headers of one name let the verifier and a later reader see different values. Most heads have none.
    let some_repeat = headers.len() != headers.keys_len();
    if some_repeat && headers.get_all(name).iter().nth(1).is_some() {
        return Err(Cause::RepeatedHeader(name.clone()));
    }
    value.to_str().map_err(|_| malformed(name, "is not visible ASCII"))
}

/// A Unix time: digits alone, without sign, space or fraction.
pub(crate) fn unix_time(name: &HeaderName, text: &str) -> Result<i64, Cause> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed(name, "is not a Unix time in digits"));
    }
    let value = text.bytes().try_fold(0_i64, |sum, digit| sum.checked_mul(10)?.checked_add(i64::from(digit & 0x0f)));
    value.ok_or_else(|| malformed(name, "is too large for a Unix time"))
}

/// An id that is signed between dots, or with nothing between. A dot in it would let bytes move between id, timestamp
/// and body; a quote would let it swallow the beginning of a JSON body up to a time in there.
pub(crate) fn id<'a>(name: &HeaderName, text: &'a str) -> Result<&'a str, Cause> {
    if acceptable_id(text) {
        Ok(text)
    } else {
        Err(malformed(name, "is empty, too long, or holds a dot, a quote or a space"))
    }
}

pub(crate) fn acceptable_id(text: &str) -> bool {
    (1..=MOST_ID_BYTES).contains(&text.len())
        // Not `all`: many bytes are looked at at once where none ends the search.
        && text.bytes().fold(true, |good, it| good & it.is_ascii_graphic() & (it != b'.') & (it != b'"'))
}

pub(crate) fn malformed(name: &HeaderName, problem: &'static str) -> Cause {
    Cause::MalformedHeader { name: name.clone(), problem }
}

/// Ids of senders are some thirty characters long; what is longer was not made by one.
const MOST_ID_BYTES: usize = 256;

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::{acceptable_id, unix_time};

    const T: HeaderName = HeaderName::from_static("t");

    #[test]
    fn a_timestamp_is_digits_alone() {
        assert_eq!(unix_time(&T, "1614265330"), Ok(1_614_265_330));
        assert_eq!(unix_time(&T, "9223372036854775807"), Ok(i64::MAX));
        for text in
            ["", "+1", "-1", " 1", "1 ", "1.0", "1e9", "0x1", "١", "18446744073709551615", "9223372036854775808"]
        {
            assert!(unix_time(&T, text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_id_has_no_dot_no_quote_and_no_space() {
        assert!(acceptable_id("msg_p5jXN8AQM9LWM0D4loKWxJek"));
        for text in ["", "msg.1", "msg 1", "msg\t1", "msg{\"", "mség", &"x".repeat(257)] {
            assert!(!acceptable_id(text), "{text:?}");
        }
    }
}
