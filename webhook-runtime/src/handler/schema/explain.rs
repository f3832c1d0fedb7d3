//! After a body did not fit its type, the whole schema names every place that is wrong.
//!
//! The decoder stops at the first place; the schema does not. It explains a refusal and never makes one: what
//! serde accepts is not looked at.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::base::error::rejection::Violation;
use crate::handler::schema::{Described, MOST_VIOLATIONS, places, referred, schema_of, words};

/// The schema of one payload, compiled when it is first needed.
pub(crate) struct Explainer {
    payload: Described,
    compiled: OnceLock<Option<Validator>>,
}

impl Explainer {
    pub(crate) fn new(payload: Described) -> Self {
        Self { payload, compiled: OnceLock::new() }
    }

    /// Every place where the body is not the payload, as far as the schema can tell: sorted, the first thousand.
    /// None where naming them would take far more than the body.
    pub(crate) fn violations(&self, body: &Value) -> Vec<Violation> {
        let Some(validator) = self.compiled.get_or_init(|| compile(self.payload)) else { return Vec::new() };
        if !places::can_be_written(body) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for error in validator.iter_errors(body).take(MOST_VIOLATIONS) {
            words::describe(&error, &mut found);
        }
        found.truncate(MOST_VIOLATIONS);
        let mut found: Vec<Violation> = found.into_iter().map(|it| places::violation(it.pointer, it.detail)).collect();
        found.sort();
        found.dedup();
        found
    }
}

fn compile(payload: Described) -> Option<Validator> {
    let (mut root, definitions) = schema_of(payload)?;
    // Each level of such a body doubles the work, and its sender chooses the levels: the decoder's word has to do.
    if has_recursive_alternatives(&definitions) {
        return None;
    }
    if let Some(root) = root.as_object_mut() {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    jsonschema::options().should_validate_formats(true).build(&root).ok()
}

/// Is there a type with alternatives (`oneOf`, `anyOf`) that holds itself, at once or through others?
fn has_recursive_alternatives(definitions: &Map<String, Value>) -> bool {
    let holds_itself = |name: &String| {
        let mut seen: Vec<&str> = Vec::new();
        let mut open: Vec<&Value> = definitions.get(name).into_iter().collect();
        while let Some(schema) = open.pop() {
            for reference in references(schema, definitions) {
                if reference == name {
                    return true;
                }
                if !seen.contains(&reference) {
                    seen.push(reference);
                    open.extend(definitions.get(reference));
                }
            }
        }
        false
    };
    definitions.iter().any(|(name, schema)| has_alternatives(schema) && holds_itself(name))
}

fn has_alternatives(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => {
            map.contains_key("oneOf") || map.contains_key("anyOf") || map.values().any(has_alternatives)
        }
        Value::Array(list) => list.iter().any(has_alternatives),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The names of the definitions that a schema refers to.
fn references<'a>(schema: &Value, definitions: &'a Map<String, Value>) -> Vec<&'a str> {
    match schema {
        Value::Object(map) => {
            let own = referred(schema, definitions).map(|(name, _)| name.as_str());
            own.into_iter().chain(map.values().flat_map(|it| references(it, definitions))).collect()
        }
        Value::Array(list) => list.iter().flat_map(|it| references(it, definitions)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use schemars::JsonSchema;
    use serde::Deserialize;
    use serde_json::json;

    use super::Explainer;

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "documented, never read")]
    struct Order {
        id: u64,
        amount: f64,
        currency: Currency,
        note: Option<String>,
        #[schemars(length(min = 1))]
        items: Vec<Item>,
        payment: Payment,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "documented, never read")]
    struct Item {
        name: String,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "lowercase")]
    enum Currency {
        Eur,
        Usd,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "documented, never read")]
    enum Payment {
        Card { number: String },
        Cash,
    }

    fn check(body: &str, expected: &[&str]) {
        let schema = Explainer::new(|generator| Some(generator.subschema_for::<Order>()));
        let found: Vec<String> = schema
            .violations(&serde_json::from_str(body).unwrap())
            .iter()
            .map(|it| format!("{} {}", it.pointer, it.detail))
            .collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn every_wrong_place_is_named_and_no_value_quoted() {
        check(
            r#"{"id": -1, "amount": "canary", "currency": "canary", "note": 7, "items": [{"name": null}, {}], "payment": "Cash"}"#,
            &[
                "/amount expected a number",
                "/currency expected one of \"eur\", \"usd\"",
                "/id expected at least 0",
                "/items/0/name expected a string",
                "/items/1/name is required",
                "/note expected null or a string",
            ],
        );
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "type")]
    #[allow(dead_code, reason = "documented, never read")]
    enum Expression {
        Not { of: Box<Expression> },
        Negated { of: Box<Expression> },
        Literal { value: u32 },
    }

    #[test]
    fn alternatives_that_hold_themselves_are_left_to_the_decoder() {
        let schema = Explainer::new(|generator| Some(generator.subschema_for::<Expression>()));
        let deep = format!("{}{{\"type\":\"Literal\"}}{}", r#"{"type":"Not","of":"#.repeat(60), "}".repeat(60));
        assert!(schema.violations(&serde_json::from_str(&deep).unwrap()).is_empty());
    }

    #[test]
    fn names_that_would_be_repeated_without_end_are_left_to_the_decoder() {
        let schema = Explainer::new(|generator| Some(generator.subschema_for::<BTreeMap<String, Vec<u32>>>()));
        let found = |name: usize, items: usize| {
            let body = json!({ "k".repeat(name): vec!["no number"; items] });
            schema.violations(&body).into_iter().map(|it| it.pointer.len()).collect::<Vec<_>>()
        };
        assert_eq!(found(3, 20_000).len(), 1000);
        assert_eq!(found(600, 2), [0]);
        assert!(found(300_000, 20_000).is_empty());
    }

    #[test]
    fn a_missing_field_points_at_itself() {
        check(
            r#"{"items": [], "payment": "Cash"}"#,
            &["/amount is required", "/currency is required", "/id is required", "/items expected at least 1 items"],
        );
    }

    #[test]
    fn of_several_forms_the_nearest_is_explained() {
        let body = |payment: &str| {
            format!(r#"{{"id": 1, "amount": 1, "currency": "eur", "items": [{{"name": "x"}}], "payment": {payment}}}"#)
        };
        check(&body(r#"{"Card": {"number": 7}}"#), &["/payment/Card/number expected a string"]);
        check(&body("7"), &["/payment is none of the expected forms"]);
    }
}
