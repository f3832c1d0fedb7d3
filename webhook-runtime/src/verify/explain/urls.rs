//! The URLs that the sender may have signed. `Host` and forwarded headers are believed here as guesses that a
//! signature then proves, and nowhere else.

use std::borrow::Cow;

use axum::extract::OriginalUri;
use http::request::Parts;

use super::report::{Fault, Finding};
use super::search::Try;
use crate::source::Source;

/// The configured URL, and others that differ from it in scheme, host, port, path or query.
pub(super) fn of(source: &Source, parts: &Parts) -> Vec<Try<Option<String>>> {
    let configured = source.public_url(parts);
    let mut urls = vec![Try::as_it_is(configured.clone())];
    if !source.facts().signs_url {
        return urls;
    }
    let own = configured.as_deref().and_then(Url::parse);
    for candidate in candidates(own.as_ref(), parts) {
        let written = candidate.to_string();
        if urls.iter().any(|it| it.value.as_ref() == Some(&written)) {
            continue;
        }
        let finding = differing(own.as_ref(), &candidate);
        urls.push(Try::but(Some(written), finding));
    }
    urls.truncate(MOST_URLS);
    urls
}

/// The parts of a URL that a configuration gets wrong.
#[derive(Clone, PartialEq, Eq)]
struct Url<'a> {
    scheme: &'a str,
    /// User and password, with the sign behind them.
    user: &'a str,
    host: Cow<'a, str>,
    /// With its colon.
    port: &'a str,
    path: Cow<'a, str>,
    /// With its question mark.
    query: &'a str,
}

impl<'a> Url<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end)?;
        let (path, query) = rest.split_at_checked(rest.find('?').unwrap_or(rest.len()))?;
        let (user, host) = authority.split_at_checked(authority.rfind('@').map_or(0, |at| at + 1))?;
        let (host, port) = split_port(host);
        Some(Self { scheme, user, host: host.into(), port, path: path.into(), query })
    }

    /// As it may be shown: a password and the values of a query can be secrets.
    fn shown(&self) -> String {
        let Self { scheme, user, host, port, path, query } = self;
        let user = if user.is_empty() { "" } else { "[REDACTED]@" };
        let query = if query.is_empty() { "" } else { "?…" };
        format!("{scheme}://{user}{host}{port}{path}{query}")
    }
}

impl std::fmt::Display for Url<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { scheme, user, host, port, path, query } = self;
        write!(f, "{scheme}://{user}{host}{port}{path}{query}")
    }
}

fn split_port(host: &str) -> (&str, &str) {
    match host.rfind(':').and_then(|at| host.split_at_checked(at)) {
        Some((name, port)) if port.bytes().skip(1).all(|it| it.is_ascii_digit()) => (name, port),
        _ => (host, ""),
    }
}

/// Every mixture of what is configured and what the request says, those that differ least first.
fn candidates<'a>(own: Option<&Url<'a>>, parts: &'a Parts) -> Vec<Url<'a>> {
    let header = |name: &str| parts.headers.get(name).and_then(|it| it.to_str().ok());
    let mut hosts: Vec<(&'a str, Cow<'a, str>, &'a str)> = Vec::new();
    if let Some(own) = own {
        hosts.push((own.user, own.host.clone(), own.port));
        let www = own.host.strip_prefix("www.").map_or_else(|| format!("www.{}", own.host), str::to_owned);
        hosts.push((own.user, www.into(), own.port));
        hosts.push((own.user, own.host.to_ascii_lowercase().into(), own.port));
        hosts.push(("", own.host.clone(), own.port));
    }
    for name in ["host", "x-forwarded-host", "x-original-host"] {
        let host = header(name).map(|it| it.split(',').next().unwrap_or_default().trim());
        hosts.extend(host.map(split_port).map(|(host, port)| ("", host.into(), port)));
    }
    let original = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
    let mut paths: Vec<Cow<'a, str>> = own.map(|own| own.path.clone()).into_iter().collect();
    paths.extend([parts.uri.path().into(), original.path().into()]);
    let prefix = header("x-forwarded-prefix").map(|it| it.trim_end_matches('/'));
    paths.extend(prefix.map(|prefix| format!("{prefix}{}", original.path()).into()));
    for at in 0..paths.len() {
        let toggled =
            paths.get(at).map(|path| path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned));
        paths.extend(toggled.map(Cow::Owned));
    }
    let asked = original
        .query()
        .and_then(|_| original.path_and_query())
        .map_or("", |it| it.as_str().find('?').and_then(|at| it.as_str().get(at..)).unwrap_or_default());
    let mut all = Vec::new();
    for (user, host, port) in &hosts {
        for port in [*port, "", ":443", ":80"] {
            for scheme in ["https", "http"] {
                for path in &paths {
                    for query in [asked, ""] {
                        let (host, path) = (host.clone(), path.clone());
                        all.push(Url { scheme, user, host, port, path, query });
                    }
                }
            }
        }
    }
    all.sort_by_key(|it| own.map_or(0, |own| differences(own, it).len()));
    all
}

fn differences(own: &Url<'_>, other: &Url<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut differ = |differs: bool, what| {
        if differs {
            found.push(what)
        }
    };
    differ(own.scheme != other.scheme, "scheme");
    differ(own.user != other.user, "user");
    differ(own.host != other.host, "host");
    differ(own.port != other.port, "port");
    differ(
        own.path != other.path && own.path.trim_end_matches('/') == other.path.trim_end_matches('/'),
        "slash at the end of the path",
    );
    differ(own.path.trim_end_matches('/') != other.path.trim_end_matches('/'), "path");
    differ(own.query != other.query, "query");
    found
}

fn differing(own: Option<&Url<'_>>, signed: &Url<'_>) -> Finding {
    let shown = signed.shown();
    let Some(own) = own else {
        return Finding::new(
            Fault::Url,
            format!("the sender signed the URL {shown}, and none is configured"),
            "Write that URL, without its query, into `.url(…)` of the source.",
        );
    };
    let differences = differences(own, signed);
    let what = format!(
        "the sender signed the URL {shown}, and {} is configured: they differ in the {}",
        own.shown(),
        differences.join(", ")
    );
    let remedy = match &*differences {
        ["query"] => "Find what adds or drops the query between the sender and here: it is taken as received.",
        _ => "Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app.",
    };
    Finding::new(Fault::Url, what, remedy)
}

const MOST_URLS: usize = 256;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use http::Request;

    use super::{Url, differences, of};
    use crate::{HmacSource, Source};

    #[test]
    fn a_url_is_taken_apart_and_shown_without_password_and_query() {
        for (url, host, port, shown) in [
            ("https://a.example", "a.example", "", "https://a.example"),
            ("https://a.example:8443/in", "a.example", ":8443", "https://a.example:8443/in"),
            ("http://u:p@a.example/in?k=v", "a.example", "", "http://[REDACTED]@a.example/in?…"),
            ("https://[::1]/in", "[::1]", "", "https://[::1]/in"),
            ("https://[::1]:80/in", "[::1]", ":80", "https://[::1]:80/in"),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert_eq!((&*parsed.host, parsed.port, &*parsed.shown(), &*parsed.to_string()), (host, port, shown, url));
        }
        assert!(Url::parse("a.example/in").is_none());
    }

    #[test]
    fn every_part_that_differs_is_named() {
        let own = Url::parse("https://u:p@a.example:80/in?k=v").unwrap();
        for (other, expected) in [
            ("https://u:p@a.example:80/in?k=v", &[][..]),
            ("http://u:p@a.example:80/in?k=v", &["scheme"]),
            ("https://a.example:80/in?k=v", &["user"]),
            ("https://u:p@b.example:80/in?k=v", &["host"]),
            ("https://u:p@a.example/in?k=v", &["port"]),
            ("https://u:p@a.example:80/in/?k=v", &["slash at the end of the path"]),
            ("https://u:p@a.example:80/out/?k=v", &["path"]),
            ("https://u:p@a.example:80/in", &["query"]),
            ("http://u:p@b.example:80/in", &["scheme", "host", "query"]),
        ] {
            assert_eq!(differences(&own, &Url::parse(other).unwrap()), expected, "{other}");
        }
    }

    #[test]
    fn each_url_is_tried_once_and_one_alone_where_none_is_signed() {
        let (mut parts, ()) = Request::post("/in?k=v").body(()).unwrap().into_parts();
        parts.headers.insert("host", "a.example".parse().unwrap());
        let check = |template: &'static str, several: bool| {
            let source = Source::from(HmacSource::new("x-signature", "5ecr3t").signed(template));
            let urls = of(&source.url("https://a.example/in"), &parts);
            let different: HashSet<_> = urls.iter().map(|it| it.value.clone()).collect();
            assert_eq!(different.len(), urls.len());
            assert_eq!(urls.len() > 1, several, "{template}");
        };
        check("{url}{body}", true);
        check("{body}", false);
    }
}
