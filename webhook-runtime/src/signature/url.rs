//! The forms that a public URL takes inside a signed text.

use std::borrow::Cow;
use std::ops::Range;

/// HubSpot decodes these escapes of the URL before it signs, and no other:
/// <https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation>.
pub(crate) fn with_hubspot_escapes_decoded(url: &str) -> Cow<'_, str> {
    if !url.contains('%') {
        return Cow::Borrowed(url);
    }
    let mut decoded = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = rest.find('%') {
        let (before, escape) = rest.split_at(at);
        decoded.push_str(before);
        let known =
            HUBSPOT_ESCAPES.iter().find(|(code, _)| escape.get(..3).is_some_and(|it| it.eq_ignore_ascii_case(code)));
        let (text, length) = known.map_or(("%", 1), |(_, text)| (*text, 3));
        decoded.push_str(text);
        rest = escape.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

const HUBSPOT_ESCAPES: [(&str, &str); 12] = [
    ("%3A", ":"),
    ("%2F", "/"),
    ("%3F", "?"),
    ("%40", "@"),
    ("%21", "!"),
    ("%24", "$"),
    ("%27", "'"),
    ("%28", "("),
    ("%29", ")"),
    ("%2A", "*"),
    ("%2C", ","),
    ("%3B", ";"),
];

/// The URL as it is, and its twin without a port or with the default one: a sender behind a proxy signs either.
pub(crate) fn with_and_without_port(url: &str) -> [Option<Cow<'_, str>>; 2] {
    let as_given = Some(Cow::Borrowed(url));
    let Some((port, default)) = port(url) else { return [as_given, None] };
    let (before, after) = (url.get(..port.start).unwrap_or_default(), url.get(port.end..).unwrap_or_default());
    let twin = if port.is_empty() { format!("{before}:{default}{after}") } else { format!("{before}{after}") };
    [as_given, Some(Cow::Owned(twin))]
}

/// Where the port of an http or https URL stands, with its colon, or would stand; and the default one.
fn port(url: &str) -> Option<(Range<usize>, u16)> {
    let (scheme, default) = if url.starts_with("https://") { (8, 443) } else { (7, 80) };
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let end = scheme + authority.len();
    let digits = authority.rsplit_once(':').map(|(_, port)| port).filter(|it| it.bytes().all(|it| it.is_ascii_digit()));
    let start = digits.map_or(end, |it| end - it.len() - 1);
    Some((start..end, default))
}

#[cfg(test)]
mod tests {
    use super::{with_and_without_port, with_hubspot_escapes_decoded};

    #[test]
    fn only_the_listed_escapes_are_decoded() {
        assert_eq!(with_hubspot_escapes_decoded("https://x/a%2Fb%3a%20%zz%"), "https://x/a/b:%20%zz%");
        assert_eq!(with_hubspot_escapes_decoded("https://x/é%2Cé"), "https://x/é,é");
    }

    #[test]
    fn a_url_has_a_twin_with_the_default_port_or_without_its_own() {
        let twin = |url| with_and_without_port(url)[1].clone().map(std::borrow::Cow::into_owned);
        assert_eq!(twin("https://x.test/a?b"), Some("https://x.test:443/a?b".into()));
        assert_eq!(twin("http://x.test"), Some("http://x.test:80".into()));
        assert_eq!(twin("http://x.test:1234/a"), Some("http://x.test/a".into()));
        assert_eq!(twin("https://u:p@x.test:8443?q"), Some("https://u:p@x.test?q".into()));
        assert_eq!(twin("https://u:p@x.test/"), Some("https://u:p@x.test:443/".into()));
        assert_eq!(twin("ftp://x.test"), None);
    }
}
