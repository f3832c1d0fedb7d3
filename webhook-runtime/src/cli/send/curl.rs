//! A request as a command for a shell.

use std::fmt::Write;

use bytes::Bytes;
use http::Request;

/// A `curl` command that sends this request. What is no text goes through a pipe, byte for byte.
pub(super) fn command(request: &Request<Bytes>) -> String {
    let mut lines = vec![format!("curl -i -X {} {}", request.method(), quoted(&request.uri().to_string()))];
    for (name, value) in request.headers() {
        lines.push(format!("-H {}", quoted(&format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))));
    }
    let body = request.body();
    let text = std::str::from_utf8(body).ok().filter(|it| !it.contains('\0') && !it.starts_with('@'));
    if let Some(text) = text {
        if !body.is_empty() {
            lines.push(format!("--data-binary {}", quoted(text)));
        }
        return lines.join(" \\\n  ");
    }
    lines.push("--data-binary @-".to_owned());
    format!("printf '{}' | {}", octal(body), lines.join(" \\\n  "))
}

/// One word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn octal(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len() * 4);
    for byte in bytes {
        // Writing to a text does not fail.
        let _ = write!(escaped, "\\{byte:03o}");
    }
    escaped
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::command;

    fn check(body: &'static [u8], expected: &str) {
        let request = Request::post("http://127.0.0.1/a?b=c").header("x-signature", "it's").body(body.into()).unwrap();
        let head = "curl -i -X POST 'http://127.0.0.1/a?b=c' \\\n  -H 'x-signature: it'\\''s'";
        assert_eq!(command(&request), expected.replace("HEAD", head));
    }

    #[test]
    fn every_body_survives_the_shell() {
        check(b"{\"a\":\"it's\"}", "HEAD \\\n  --data-binary '{\"a\":\"it'\\''s\"}'");
        check(b"", "HEAD");
        check(b"@file", "printf '\\100\\146\\151\\154\\145' | HEAD \\\n  --data-binary @-");
        check(&[0, 255], "printf '\\000\\377' | HEAD \\\n  --data-binary @-");
    }
}
