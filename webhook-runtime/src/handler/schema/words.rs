//! What a body breaks, in words that quote the schema and never the body.

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use serde_json::Value;

use crate::base::error::rejection::Violation;
use crate::format::json::push;

/// Adds what an error says. Its place is told from the value that was checked.
pub(super) fn describe(error: &ValidationError<'_>, found: &mut Vec<Violation>) {
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
