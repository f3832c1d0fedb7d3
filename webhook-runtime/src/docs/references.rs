//! References inside of schemas: `#/components/schemas/…`, wherever a schema may stand, and never in data.

use serde_json::Value;

use crate::format::json::of_fragment;

/// Where the generators put what they name.
pub(super) const SCHEMAS: &str = "/components/schemas";

/// Calls `visit` with each reference of a schema.
pub(super) fn each(schema: &mut Value, visit: &mut dyn FnMut(&mut String)) {
    let Value::Object(keywords) = schema else { return };
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("$ref", Value::String(reference)) => visit(reference),
            // What these hold is data, even where it looks like a schema.
            ("const" | "default" | "enum" | "example" | "examples", _) => {}
            // The keys of these are names, so that a field called `default` is a schema again.
            (
                "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties",
                Value::Object(named),
            ) => {
                named.values_mut().for_each(|it| each(it, visit));
            }
            (_, Value::Array(schemas)) => schemas.iter_mut().for_each(|it| each(it, visit)),
            (keyword, value) if !keyword.starts_with("x-") => each(value, visit),
            _ => {}
        }
    }
}

/// A reference to a component, whose name needs no escape.
pub(super) fn to(name: &str) -> String {
    format!("#{SCHEMAS}/{name}")
}

/// The name that a generated reference means: a JSON Pointer in a URI fragment (RFC 6901, section 6).
pub(super) fn target(reference: &str) -> Option<String> {
    let escaped = reference.strip_prefix('#')?.strip_prefix(SCHEMAS)?.strip_prefix('/')?;
    of_fragment(escaped)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{each, target};

    #[test]
    fn a_reference_is_found_wherever_a_schema_may_stand_and_nowhere_else() {
        let mut schema = json!({
            "$ref": "1",
            "properties": {"default": {"$ref": "2"}, "$ref": {"type": "string"}},
            "items": {"anyOf": [{"$ref": "3"}, true]},
            "unevaluatedProperties": {"$ref": "4"},
            "dependentSchemas": {"x-a": {"not": {"$ref": "5"}}},
            "default": {"$ref": "data"}, "const": {"$ref": "data"}, "enum": [{"$ref": "data"}],
            "examples": [{"$ref": "data"}], "x-note": {"$ref": "data"},
        });
        let mut found = Vec::new();
        each(&mut schema, &mut |reference| found.push(reference.clone()));
        found.sort();
        assert_eq!(found, ["1", "2", "3", "4", "5"]);
    }

    #[test]
    fn the_escapes_of_a_reference_are_undone() {
        let check = |reference: &str, name: Option<&str>| assert_eq!(target(reference).as_deref(), name, "{reference}");
        check("#/components/schemas/Order", Some("Order"));
        check("#/components/schemas/Page%3CGr%C3%B6%C3%9Fe%3E", Some("Page<Größe>"));
        check("#/components/schemas/a~1b~01", Some("a/b~1"));
        check("#", None);
        check("#/components/responses/Order", None);
        check("https://example.com/schema", None);
    }
}
