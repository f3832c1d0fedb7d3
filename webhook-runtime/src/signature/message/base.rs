//! The signature base: the text that is signed, a line a component.
//!
//! What a request says of its target is never read from `Host` or a forwarded header: every derived component is taken
//! from the configured public URL, with the query as it was received.

use http::{HeaderMap, HeaderName, Method};
use sfv::{BareItem, FieldType, InnerList, Item, ListEntry};

use crate::base::error::rejection::Cause;

/// The base of these components.
pub(super) fn of(
    covered: &InnerList,
    method: &Method,
    url: Option<&str>,
    headers: &HeaderMap,
) -> Result<String, Cause> {
    let mut base = String::new();
    let mut seen: Vec<String> = Vec::new();
    for item in &covered.items {
        let BareItem::String(name) = &item.bare_item else { return Err(wrong("names a component by no string")) };
        let name = name.as_str();
        let identifier = item.serialize();
        if seen.contains(&identifier) {
            return Err(wrong("covers a component twice"));
        }
        let value = match name.strip_prefix('@') {
            Some(derived) => self::derived(derived, item, method, url)?,
            None if item.params.is_empty() => field(name, headers)?,
            None => return Err(wrong("covers a part of a field, which is not supported")),
        };
        base.push_str(&format!("{identifier}: {value}\n"));
        seen.push(identifier);
    }
    let params = vec![ListEntry::InnerList(covered.clone())].serialize().unwrap_or_default();
    base.push_str(&format!("\"@signature-params\": {params}"));
    Ok(base)
}

/// A component that is no field (RFC 9421, section 2.2).
fn derived(name: &str, item: &Item, method: &Method, url: Option<&str>) -> Result<String, Cause> {
    if name == "method" && item.params.is_empty() {
        return Ok(method.as_str().to_owned());
    }
    let url = Url::of(url.ok_or(Cause::NoUrl)?).ok_or(Cause::NoUrl)?;
    if name == "query-param" {
        return match (item.params.len(), item.params.get("name")) {
            (1, Some(BareItem::String(name))) => url.parameter(name.as_str()),
            _ => Err(wrong("covers a query parameter without its name")),
        };
    }
    if !item.params.is_empty() {
        return Err(wrong("covers a component of another message, which is not supported"));
    }
    Ok(match name {
        "target-uri" => url.whole.to_owned(),
        "authority" => url.authority(),
        "scheme" => url.scheme.to_ascii_lowercase(),
        "request-target" => format!("{}{}", url.path(), url.query.map_or(String::new(), |it| format!("?{it}"))),
        "path" => url.path().to_owned(),
        // Without a query it is an empty one.
        "query" => format!("?{}", url.query.unwrap_or_default()),
        _ => return Err(wrong("covers a component that no request has")),
    })
}

/// The value of a field (RFC 9421, section 2.1): its lines in their order, each without the white space around it.
fn field(name: &str, headers: &HeaderMap) -> Result<String, Cause> {
    let name = HeaderName::from_lowercase(name.as_bytes()).map_err(|_| wrong("names a field that is none"))?;
    let lines = headers.get_all(&name).iter().map(|it| it.to_str().map(str::trim));
    let lines = lines
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| Cause::MalformedHeader { name: name.clone(), problem: "is not visible ASCII" })?;
    if lines.is_empty() { Err(Cause::MissingHeader(name)) } else { Ok(lines.join(", ")) }
}

/// The parts of an http or https URL.
struct Url<'a> {
    whole: &'a str,
    scheme: &'a str,
    host: &'a str,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Url<'a> {
    fn of(whole: &'a str) -> Option<Self> {
        let (scheme, rest) = whole.split_once("://")?;
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Some(Self { whole, scheme, host, path, query })
    }

    fn path(&self) -> &str {
        if self.path.is_empty() { "/" } else { self.path }
    }

    /// The host in lower case, with its port unless that is the scheme's.
    fn authority(&self) -> String {
        let host = self.host.to_ascii_lowercase();
        let default = if self.scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
        host.strip_suffix(default).map_or_else(|| host.clone(), str::to_owned)
    }

    /// The value of the query parameter with this encoded name, encoded anew (RFC 9421, section 2.2.8).
    fn parameter(&self, name: &str) -> Result<String, Cause> {
        let query = self.query.unwrap_or_default();
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| encoded(key) == name);
        let problem = |problem| Cause::Parameter { name: name.into(), problem };
        let (_, value) = values.next().ok_or_else(|| problem("is missing"))?;
        if values.next().is_some() { Err(problem("arrived more than once")) } else { Ok(encoded(&value)) }
    }
}

/// Percent-encoded as in a form, with `%20` for a space.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

fn wrong(problem: &'static str) -> Cause {
    super::malformed(&super::SIGNATURE_INPUT, problem)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};
    use sfv::{List, ListEntry, Parser};

    /// The base of a POST with two fields, or what is wrong.
    fn check(covered: &str, url: &str, expected: &str) {
        let mut headers = HeaderMap::new();
        headers.append("x-field", HeaderValue::from_static("  one "));
        headers.append("x-field", HeaderValue::from_static("two"));
        headers.append("x-other", HeaderValue::from_static(""));
        let list: List = Parser::new(covered).parse().unwrap();
        let ListEntry::InnerList(list) = &list[0] else { panic!("{covered} is no list") };
        let base = super::of(list, &Method::POST, Some(url), &headers);
        let shown = base.unwrap_or_else(|cause| format!("refused: {cause}"));
        assert_eq!(shown.replace(&format!("\"@signature-params\": {covered}"), "."), expected, "{covered} {url}");
    }

    #[test]
    fn each_component_is_a_line() {
        check(
            r#"("@method" "x-field" "x-other")"#,
            "https://a/",
            "\"@method\": POST\n\"x-field\": one, two\n\"x-other\": \n.",
        );
        check(r#"("@target-uri")"#, "https://A/b?c", "\"@target-uri\": https://A/b?c\n.");
        check(r#"("@authority" "@scheme")"#, "HTTPS://A.test:443/b", "\"@authority\": a.test\n\"@scheme\": https\n.");
        check(r#"("@authority")"#, "http://a.test:443", "\"@authority\": a.test:443\n.");
        check(
            r#"("@path" "@query" "@request-target")"#,
            "https://a",
            "\"@path\": /\n\"@query\": ?\n\"@request-target\": /\n.",
        );
        check(r#"("@query" "@request-target")"#, "https://a/b?c=d", "\"@query\": ?c=d\n\"@request-target\": /b?c=d\n.");
        check(r#"();created=1;nonce="n""#, "https://a", ".");
    }

    #[test]
    fn a_query_parameter_is_encoded_anew() {
        let url =
            "https://a/?var=this%20is%20a%20big%0Amultiline+value&bar=with+plus&fa%C3%A7ade%22%3A%20=something&b=1&b=2";
        let check = |name: &str, expected: &str| {
            let component = format!("\"@query-param\";name=\"{name}\"");
            check(&format!("({component})"), url, &expected.replace('_', &component));
        };
        check("var", "_: this%20is%20a%20big%0Amultiline%20value\n.");
        check("bar", "_: with%20plus\n.");
        check("fa%C3%A7ade%22%3A%20", "_: something\n.");
        check("b", "refused: the query parameter b arrived more than once");
        check("c", "refused: the query parameter c is missing");
    }

    #[test]
    fn what_no_request_has_is_refused() {
        let wrong = |problem: &str| format!("refused: the header signature-input {problem}");
        check(r#"("@status")"#, "https://a", &wrong("covers a component that no request has"));
        check(
            r#"("@method";req)"#,
            "https://a",
            &wrong("covers a component of another message, which is not supported"),
        );
        check(r#"("x-field";bs)"#, "https://a", &wrong("covers a part of a field, which is not supported"));
        check(r#"("X-Field")"#, "https://a", &wrong("names a field that is none"));
        check(r#"("@method" "@method")"#, "https://a", &wrong("covers a component twice"));
        check("(method)", "https://a", &wrong("names a component by no string"));
        check(r#"("date")"#, "https://a", "refused: the header date is missing");
    }
}
