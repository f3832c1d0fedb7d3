//! A request that is being made: for recipes whose proof travels in the query or in the body, and not in headers alone.

use std::time::SystemTime;

use http::{HeaderMap, Method, Uri};

use crate::format::form;
use crate::signature::{CannotSign, Message};

/// A delivery before it is signed. What a recipe adds to the query is added to the signed URL too.
pub struct Draft {
    pub(crate) id: String,
    pub(crate) time: SystemTime,
    pub(crate) method: Method,
    /// Where the request goes: a URL, or a path alone.
    pub(crate) target: Uri,
    /// The public URL that a scheme signs, with its query.
    pub(crate) url: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Draft {
    /// As it is signed by recipes that need its headers alone.
    pub(crate) fn message(&self) -> Message<'_> {
        Message {
            id: &self.id,
            time: self.time,
            method: &self.method,
            url: self.url.as_deref(),
            body: &self.body,
            is_form: form::is_form(&self.headers),
        }
    }

    /// Adds a parameter to the query, in place of one of this name.
    pub(crate) fn set_query(&mut self, name: &str, value: &str) -> Result<(), CannotSign> {
        let target = with_parameter(&self.target.to_string(), name, value);
        self.target = target.parse().map_err(|_| CannotSign::Target)?;
        self.url = self.url.take().map(|url| with_parameter(&url, name, value));
        Ok(())
    }
}

fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (front, query) = url.split_once('?').unwrap_or((url, ""));
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key != name);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(others).append_pair(name, value).finish();
    format!("{front}?{query}")
}

#[cfg(test)]
mod tests {
    use super::with_parameter;

    fn check(url: &str, expected: &str) {
        assert_eq!(with_parameter(url, "token", "a b&c"), expected, "{url}");
    }

    #[test]
    fn a_parameter_stands_once_and_last() {
        check("/", "/?token=a+b%26c");
        check("https://example.com/hooks?x=1", "https://example.com/hooks?x=1&token=a+b%26c");
        check("/?token=old&x=%20", "/?x=+&token=a+b%26c");
    }
}
