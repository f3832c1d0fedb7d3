//! The payload's schema at work: after a body did not fit its type, it names every place that is wrong.
//!
//! The decoder stops at the first place; the schema does not. It explains a refusal and never makes one: what
//! serde accepts is not looked at. Details are our own words, since a validator's texts quote the body.

use std::sync::OnceLock;

use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::base::error::rejection::Violation;
use crate::format::json::push;

/// The schema of one payload, compiled when it is first needed.
pub(crate) struct PayloadSchema {
    payload: fn(&mut SchemaGenerator) -> Option<Schema>,
    compiled: OnceLock<Option<Validator>>,
}

impl PayloadSchema {
    pub(crate) fn new(payload: fn(&mut SchemaGenerator) -> Option<Schema>) -> Self {
        Self { payload, compiled: OnceLock::new() }
    }

    /// Every place where the body is not the payload, as far as the schema can tell: sorted, the first thousand.
    pub(crate) fn violations(&self, body: &Value) -> Vec<Violation> {
        let Some(validator) = self.compiled.get_or_init(|| compile(self.payload)) else { return Vec::new() };
        let mut found = Vec::new();
        for error in validator.iter_errors(body).take(MOST_VIOLATIONS) {
            describe(&error, &mut found);
        }
        found.truncate(MOST_VIOLATIONS);
        found.sort();
        found.dedup();
        found
    }
}

fn compile(payload: fn(&mut SchemaGenerator) -> Option<Schema>) -> Option<Validator> {
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let mut root = payload(&mut generator)?.to_value();
    let definitions = generator.take_definitions(true);
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
            for reference in references(schema) {
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
fn references(schema: &Value) -> Vec<&str> {
    match schema {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix("#/$defs/"));
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(list) => list.iter().flat_map(references).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn describe(error: &ValidationError<'_>, found: &mut Vec<Violation>) {
    let here = error.instance_path().as_str();
    let mut add = |pointer: &str, detail: String| found.push(Violation { pointer: pointer.to_owned(), detail });
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            add(&below(here, property.as_str().unwrap_or_default()), "is required".into());
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().for_each(|name| add(&below(here, name), "is not an expected field".into()));
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            match nearest(here, context) {
                Some(branch) => branch.iter().for_each(|error| describe(error, found)),
                None => add(here, "is none of the expected forms".into()),
            }
        }
        kind => add(here, expectation(kind)),
    }
}

/// Of the alternatives of an `anyOf`, the one that the body comes closest to: wrong only somewhere inside.
fn nearest<'a>(
    here: &str,
    alternatives: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a Vec<ValidationError<'static>>> {
    alternatives
        .iter()
        .filter(|errors| !errors.is_empty() && errors.iter().all(|it| is_inside(here, it)))
        .min_by_key(|errors| errors.len())
}

fn is_inside(here: &str, error: &ValidationError<'_>) -> bool {
    error.instance_path().as_str().len() > here.len()
        || matches!(error.kind(), ValidationErrorKind::Required { .. })
            && !matches!(error.instance().as_object().map(serde_json::Map::len), Some(0) | None)
}

/// What the schema expected, in words that quote the schema and never the body.
fn expectation(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { kind } => format!("expected {}", types(kind)),
        Kind::Format { format } => format!("expected the format `{format}`"),
        Kind::Enum { options } => format!("expected one of {}", listed(options)),
        Kind::Constant { expected_value } => format!("expected {expected_value}"),
        Kind::Pattern { pattern } => format!("expected a match of the pattern `{pattern}`"),
        Kind::Minimum { limit } => format!("expected at least {limit}"),
        Kind::Maximum { limit } => format!("expected at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("expected more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("expected less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("expected a multiple of {multiple_of}"),
        Kind::MinLength { limit } => format!("expected at least {limit} characters"),
        Kind::MaxLength { limit } => format!("expected at most {limit} characters"),
        Kind::MinItems { limit } => format!("expected at least {limit} items"),
        Kind::MaxItems { limit } => format!("expected at most {limit} items"),
        Kind::AdditionalItems { limit } => format!("expected {limit} items"),
        Kind::MinProperties { limit } => format!("expected at least {limit} fields"),
        Kind::MaxProperties { limit } => format!("expected at most {limit} fields"),
        Kind::UniqueItems => "expected items that differ".into(),
        Kind::OneOfMultipleValid { .. } => "is more than one of the expected forms".into(),
        _ => "is not what the schema says".into(),
    }
}

fn types(kind: &TypeKind) -> String {
    let names: Vec<String> = match kind {
        TypeKind::Single(one) => vec![with_article(&one.to_string())],
        TypeKind::Multiple(several) => several.iter().map(|it| with_article(&it.to_string())).collect(),
    };
    names.join(" or ")
}

fn with_article(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "array" | "integer" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

fn listed(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    options.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

fn below(pointer: &str, token: &str) -> String {
    let mut pointer = pointer.to_owned();
    push(&mut pointer, token);
    pointer
}

/// Nobody reads more, and an answer must not be many times the size of its body.
const MOST_VIOLATIONS: usize = 1000;

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::Deserialize;

    use super::PayloadSchema;

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
        let schema = PayloadSchema::new(|generator| Some(generator.subschema_for::<Order>()));
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
        let schema = PayloadSchema::new(|generator| Some(generator.subschema_for::<Expression>()));
        let deep = format!("{}{{\"type\":\"Literal\"}}{}", r#"{"type":"Not","of":"#.repeat(60), "}".repeat(60));
        assert!(schema.violations(&serde_json::from_str(&deep).unwrap()).is_empty());
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
