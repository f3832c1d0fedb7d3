//! What a developer adds to an operation: merged into it as FastAPI does, and what was added wins.

use serde_json::Value;

/// Adds what another value has. Objects are merged, lists are joined, and anything else takes the place of what was.
pub(super) fn add(value: &mut Value, extra: Value) {
    match (value, extra) {
        (Value::Object(value), Value::Object(extra)) => {
            for (key, extra) in extra {
                add(value.entry(key).or_insert(Value::Null), extra);
            }
        }
        (Value::Array(value), Value::Array(extra)) => value.extend(extra),
        (value, extra) => *value = extra,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::add;

    fn check(mut value: Value, extra: Value, expected: &Value) {
        add(&mut value, extra);
        assert_eq!(&value, expected);
    }

    #[test]
    fn what_is_added_wins() {
        check(json!({"a": {"b": 1, "c": 2}}), json!({"a": {"b": 3}}), &json!({"a": {"b": 3, "c": 2}}));
        check(json!({"a": [1]}), json!({"a": [2], "x": null}), &json!({"a": [1, 2], "x": null}));
        check(json!({"a": {"b": 1}}), json!({"a": "text"}), &json!({"a": "text"}));
    }
}
