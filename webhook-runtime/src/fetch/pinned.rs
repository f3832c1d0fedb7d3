//! URLs that a rule has looked at. The alphabet is so small that every parser reads one alike.

use std::fmt;
use std::sync::Arc;

/// A URL whose host and path a provider's rule knows. There is no other way to make one than such a rule.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PinnedUrl {
    text: Arc<str>,
    rule: &'static str,
}

impl PinnedUrl {
    /// The URL as it is to be fetched: https, a host name in lower case, no port, no user info, no fragment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name of the rule that made it: connections are counted by it.
    pub(super) fn rule(&self) -> &'static str {
        self.rule
    }
}

impl fmt::Debug for PinnedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// What a provider says of the URLs of its keys.
#[cfg(any(feature = "jwt", feature = "rsa", feature = "x509", test))]
pub(crate) struct HostRule {
    pub(crate) name: &'static str,
    /// Is this one of its hosts? It is asked for a name in lower case whose labels are letters, digits and hyphens.
    pub(crate) host: fn(&str) -> bool,
    /// Is this a path of its keys, with the query where there is one?
    pub(crate) path: fn(&str) -> bool,
}

#[cfg(any(feature = "jwt", feature = "rsa", feature = "x509", test))]
impl HostRule {
    /// The URL, where the rule knows it.
    pub(crate) fn pin(&self, url: &str) -> Option<PinnedUrl> {
        let rest = url.strip_prefix("https://")?;
        let (host, path) = rest.split_at(rest.find('/')?);
        let known = url.len() <= MOST_URL_BYTES
            && is_host_name(host)
            && (self.host)(host)
            && path.bytes().all(is_plain)
            && !path.contains("//")
            && !path.split(['/', '?']).any(|segment| segment == "." || segment == "..")
            && (self.path)(path);
        known.then(|| PinnedUrl { text: Arc::from(url), rule: self.name })
    }
}

/// A name of two labels or more, the last of which is a word: no address, no port, no user, no escape, no look-alike
/// in another script (which would begin with `xn--`).
#[cfg(any(feature = "jwt", feature = "rsa", feature = "x509", test))]
fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.starts_with("xn--")
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && host.split('.').all(is_label) && last.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Characters that mean the same to everyone: no escape, no backslash, no space, no fragment.
#[cfg(any(feature = "jwt", feature = "rsa", feature = "x509", test))]
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~/?=&:,+@".contains(&byte)
}

/// No URL of a key comes near.
#[cfg(any(feature = "jwt", feature = "rsa", feature = "x509", test))]
const MOST_URL_BYTES: usize = 1024;
