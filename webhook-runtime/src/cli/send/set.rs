//! Changes of a body before it is signed: a value at a JSON Pointer, or a field of a form.

use bytes::Bytes;
use form_urlencoded::Serializer;
use serde_json::Value;

use crate::cli::failure::Failure;
use crate::cli::json;

/// The body with one change, `POINTER=VALUE`.
pub(super) fn applied(body: &Bytes, content_type: &str, change: &str) -> Result<Bytes, Failure> {
    let (pointer, value) = change.split_once('=').ok_or_else(|| malformed(change))?;
    if !pointer.starts_with('/') {
        return Err(malformed(change));
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let name = unescaped(pointer.trim_start_matches('/'));
        let others = form_urlencoded::parse(body).filter(|(key, _)| *key != name);
        let form = Serializer::new(String::new()).extend_pairs(others).append_pair(&name, value).finish();
        return Ok(form.into());
    }
    let mut payload = json::parse("the body that --set is to change", body)?;
    put(&mut payload, pointer, json::written(value))
        .map_err(|why| Failure::usage(format!("--set {pointer}: {why}")))?;
    Ok(payload.to_string().into())
}

/// Puts a value where the pointer says: over the one there, as a member that an object lacks, or behind the end of a list.
fn put(payload: &mut Value, pointer: &str, new: Value) -> Result<(), String> {
    let (parent, last) = pointer.rsplit_once('/').unwrap_or_default();
    let last = unescaped(last);
    match payload.pointer_mut(parent) {
        None => Err(format!("the payload has no {parent}")),
        Some(Value::Object(members)) => {
            members.insert(last, new);
            Ok(())
        }
        Some(Value::Array(items)) => {
            let length = items.len();
            let index = if last == "-" { Some(length) } else { last.parse().ok() };
            match index.map(|it: usize| (it, items.get_mut(it))) {
                Some((_, Some(item))) => *item = new,
                Some((index, None)) if index == length => items.push(new),
                _ => return Err(format!("the list has {length} items, and no {last}")),
            }
            Ok(())
        }
        Some(_) if parent.is_empty() => Err("the payload is no object".to_owned()),
        Some(_) => Err(format!("{parent} is a single value, with nothing below it")),
    }
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

fn malformed(change: &str) -> Failure {
    Failure::usage(format!("--set {change:?} is no change: write a JSON Pointer and a value, as /data/amount=5"))
}

#[cfg(test)]
mod tests {
    use super::applied;

    fn check(content_type: &str, body: &'static str, change: &str, expected: Result<&str, &str>) {
        let got = applied(&body.into(), content_type, change).map_err(|it| it.text);
        assert_eq!(got.as_deref().map_err(String::as_str), expected.map(str::as_bytes), "{change}");
    }

    #[test]
    fn a_value_is_put_where_the_pointer_says() {
        let json = "application/json";
        check(json, r#"{"a":{"b":1}}"#, "/a/b=5", Ok(r#"{"a":{"b":5}}"#));
        check(json, r#"{"a":{}}"#, "/a/b=five", Ok(r#"{"a":{"b":"five"}}"#));
        check(json, "{}", "/a~1b=null", Ok(r#"{"a/b":null}"#));
        check(json, "[1]", "/-=2", Ok("[1,2]"));
        check(json, "[1]", "/0={}", Ok("[{}]"));
        check(json, "{}", "/a=b=c", Ok(r#"{"a":"b=c"}"#));
        check("application/x-www-form-urlencoded", "a=1&b=2", "/a=x y", Ok("b=2&a=x+y"));
    }

    #[test]
    fn a_pointer_to_nowhere_is_told() {
        let json = "application/json";
        check(json, "{}", "/a/b=5", Err("--set /a/b: the payload has no /a"));
        check(json, r#"{"a":1}"#, "/a/b=5", Err("--set /a/b: /a is a single value, with nothing below it"));
        check(json, "[1]", "/7=5", Err("--set /7: the list has 1 items, and no 7"));
        check(json, "1", "/a=5", Err("--set /a: the payload is no object"));
        check(json, "{", "/a=5", Err("the body that --set is to change is not JSON: it breaks at line 1, column 1"));
        let malformed = "is no change: write a JSON Pointer and a value, as /data/amount=5";
        check(json, "{}", "a=5", Err(&format!("--set \"a=5\" {malformed}")));
        check(json, "{}", "/a", Err(&format!("--set \"/a\" {malformed}")));
    }
}
