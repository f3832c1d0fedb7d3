//! Which keywords of a schema a developer wrote, and which ones a type has by itself.
//!
//! Both look alike in a schema. What a type implies is told by its value: `minimum: 0` beside `format: uint32` is what
//! every `u32` has. Where one could be the other, the check asks for no more than serde does.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value, json};

/// The constraints of one schema object that are the developer's, without those of the schemas in it. The `const` of an
/// alternative is the name of a variant, and serde's.
pub(super) fn constraints(schema: &Map<String, Value>, is_alternative: bool) -> Map<String, Value> {
    let is_written = |keyword: &str, value: &Value| match keyword {
        "minimum" | "maximum" => !is_bound_of_type(schema, keyword, value),
        "format" => value.as_str().is_some_and(|it| FORMATS.contains(&it)),
        "minItems" | "maxItems" => !is_length_of_tuple(schema, value),
        "pattern" => value != PATTERN_OF_DECIMALS,
        "const" => !is_alternative,
        keyword => KEYWORDS.contains(&keyword),
    };
    let mut written: Map<String, Value> = schema
        .iter()
        .filter(|(keyword, value)| is_written(keyword, value))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect();
    if let Some(patterns) = patterns_of_keys(schema) {
        written.insert("patternProperties".to_owned(), patterns);
        written.insert("additionalProperties".to_owned(), false.into());
    }
    written
}

/// Compiles constraints.
///
/// # Errors
/// What is wrong with them.
pub(super) fn compile(constraints: &Map<String, Value>) -> Result<Validator, String> {
    let schema = Value::Object(constraints.clone());
    let options = || {
        let options = jsonschema::options().should_validate_formats(true);
        let options = options.with_format("ip", |text: &str| text.parse::<IpAddr>().is_ok());
        let options = options.with_format("ipv4", |text: &str| text.parse::<Ipv4Addr>().is_ok());
        options.with_format("ipv6", |text: &str| text.parse::<Ipv6Addr>().is_ok())
    };
    // A type for URLs takes international ones too, and is documented as `uri`.
    let iri = options().build(&json!({"format": "iri"})).map_err(|error| error.to_string())?;
    let options = options().with_format("uri", move |text: &str| iri.is_valid(&text.into()));
    // The first engine takes linear time. The second one knows lookaround too, and gives up after so many steps.
    let linear = options.clone().with_pattern_options(PatternOptions::regex()).build(&schema);
    let limited = PatternOptions::fancy_regex().backtrack_limit(MOST_BACKTRACKS);
    linear.or_else(|_| options.with_pattern_options(limited).build(&schema)).map_err(|error| error.to_string())
}

/// Is it the bound that the integer type of this format has?
fn is_bound_of_type(schema: &Map<String, Value>, keyword: &str, value: &Value) -> bool {
    let Some(format) = schema.get("format").and_then(Value::as_str) else { return false };
    let bound = BOUNDS.iter().find(|(name, ..)| *name == format);
    bound.is_some_and(|(_, least, most)| match keyword {
        "minimum" => value.as_i64().is_some_and(|it| it == *least),
        _ => most.is_some_and(|most| value.as_i64() == Some(most)),
    })
}

/// A tuple has a schema for each place, and as many places as that.
fn is_length_of_tuple(schema: &Map<String, Value>, length: &Value) -> bool {
    let is_tuple = schema.contains_key("prefixItems") || !schema.contains_key("items");
    let places = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
    is_tuple && length.as_u64() == u64::try_from(places).ok()
}

/// The patterns of a map's keys, where they are written for the type of the keys.
fn patterns_of_keys(schema: &Map<String, Value>) -> Option<Value> {
    let patterns = schema.get("patternProperties")?.as_object()?;
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let is_map = !schema.contains_key("properties");
    let of_types = [PATTERN_OF_DECIMALS, r"^\d+$", r"^-?\d+$"];
    let are_written = !patterns.keys().any(|it| of_types.contains(&it.as_str()));
    (is_closed && is_map && are_written)
        .then(|| patterns.keys().map(|pattern| (pattern.clone(), Value::Bool(true))).collect())
}

/// The keywords that are checked wherever they stand. The others depend on what stands beside them.
const KEYWORDS: [&str; 8] = [
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// The formats that are checked. Dates, times, durations and UUIDs are not: types have them by themselves, and take
/// more spellings than the format does.
const FORMATS: [&str; 15] = [
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ip",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "uri",
    "uri-reference",
    "uri-template",
];

/// The bounds of integer types, as far as their schemas say them.
const BOUNDS: [(&str, i64, Option<i64>); 8] = [
    ("int8", i8::MIN as i64, Some(i8::MAX as i64)),
    ("int16", i16::MIN as i64, Some(i16::MAX as i64)),
    ("uint8", 0, Some(u8::MAX as i64)),
    ("uint16", 0, Some(u16::MAX as i64)),
    ("uint32", 0, None),
    ("uint64", 0, None),
    ("uint128", 0, None),
    ("uint", 0, None),
];

/// What the decimal types of two crates have; they take more than it.
const PATTERN_OF_DECIMALS: &str = r"^-?\d+(\.\d+)?([eE]\d+)?$";

/// Some milliseconds. What needs more counts as no match.
const MOST_BACKTRACKS: usize = 100_000;
