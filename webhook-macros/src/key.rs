//! The keys of the attribute, as data: what each takes, an example of it, and what to say of a key that is none.

use proc_macro2::Ident;

/// A key that the attribute knows.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    takes: &'static str,
    example: &'static str,
}

pub(crate) const KEYS: [Key; 18] = [
    key("source", "a text", "source = \"stripe\""),
    key("method", "a text", "method = \"PUT\""),
    key("state", "a type", "state = AppState"),
    key("crate", "a path", "crate = my_crate::webhook_runtime"),
    key("schema", "the path of a function, or `any`", "schema = schema_of_order"),
    key("tags", "a list of texts", "tags = [\"orders\"]"),
    key("summary", "a text", "summary = \"An order was paid\""),
    key("description", "a text", "description = \"Sent once an order.\""),
    key("response_description", "a text", "response_description = \"The order was booked\""),
    key("status_code", "a status of success, 200 to 299", "status_code = 202"),
    key("deprecated", "`true` or `false`, or stands alone", "deprecated = true"),
    key("operation_id", "a text", "operation_id = \"order_paid\""),
    key("include_in_schema", "`true` or `false`", "include_in_schema = false"),
    key("responses", "a table of statuses", "responses(404 = \"No such order\")"),
    key("examples", "a table of names with JSON", "examples(\"small\" = {\"id\": 7})"),
    key("external_docs", "a URL as a text", "external_docs = \"https://example.com/orders\""),
    key("openapi_extra", "an object of JSON", "openapi_extra = {\"x-team\": \"billing\"}"),
    key("timeout", "a text, a whole number with its unit", "timeout = \"30s\""),
];

/// What people write who know another framework, or an older name of a thing, and where it belongs here.
const ELSEWHERE: [(&[&str], &str); 12] = [
    (&["name", "event", "event_type", "path", "route", "topic"], "the event type comes first and has no key"),
    (&["methods"], "a handler takes one method: write `method = \"PUT\"`"),
    (&["secret", "secrets", "signature", "security"], "secrets are given to the builder, with `.secret(…)`"),
    (&["prefix"], "it is given to the builder, with `.prefix(…)`"),
    (&["response_model", "response_class", "response"], "the return type of the function says it"),
    (
        &[
            "response_model_include",
            "response_model_exclude",
            "response_model_by_alias",
            "response_model_exclude_unset",
            "response_model_exclude_defaults",
            "response_model_exclude_none",
        ],
        "serde says what is sent, by attributes of the type that is returned",
    ),
    (&["callbacks"], "the document describes what is received; write them into `openapi_extra`"),
    (&["openapi_examples", "example"], "write `examples(\"small\" = {…})`"),
    (&["generate_unique_id_function"], "write `operation_id = \"…\"`"),
    (&["body", "payload"], "the payload is the last argument of the function"),
    (&["dependencies", "depends"], "they are arguments of the function, before the payload"),
    (&["provider", "sender"], "write `source = \"…\"` with the name of the source"),
];

impl Key {
    pub(crate) fn of(name: &Ident) -> Option<&'static Key> {
        KEYS.iter().find(|key| name == key.name)
    }

    /// What to say where the key was written with something else, or with nothing.
    pub(crate) fn misused(&self) -> String {
        format!("`{}` takes {}: write `{}`", self.name, self.takes, self.example)
    }
}

/// What to say of a key that is none: where the thing belongs, the nearest key, or all of them.
pub(crate) fn unknown(name: &Ident) -> String {
    let name = name.to_string();
    if let Some((_, place)) = ELSEWHERE.iter().find(|(names, _)| names.contains(&name.as_str())) {
        return format!("unknown key `{name}`; {place}");
    }
    match nearest(&name) {
        Some(key) => format!("unknown key `{name}`; did you mean `{key}`?"),
        None => format!("unknown key `{name}`; the keys are {}", KEYS.map(|key| format!("`{}`", key.name)).join(", ")),
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |key: &Key| (key.name, strsim::jaro_winkler(&name.to_lowercase(), key.name));
    let (key, likeness) = KEYS.iter().map(likeness).max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    (likeness > 0.8).then_some(key)
}

const fn key(name: &'static str, takes: &'static str, example: &'static str) -> Key {
    Key { name, takes, example }
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Ident, Span};

    use super::{ELSEWHERE, KEYS, nearest, unknown};
    use crate::attr::Arguments;
    use crate::errors::Errors;

    #[test]
    fn every_example_is_accepted() {
        for key in KEYS {
            let mut errors = Errors::default();
            Arguments::parse(format!("\"order.paid\", {}", key.example).parse().unwrap(), &mut errors);
            assert!(errors.is_empty(), "{}", quote::quote!(#errors));
        }
    }

    #[test]
    fn no_key_is_said_to_belong_elsewhere() {
        assert!(ELSEWHERE.iter().flat_map(|(names, _)| *names).all(|name| KEYS.iter().all(|key| key.name != *name)));
    }

    #[test]
    fn the_nearest_key_is_suggested() {
        for (written, meant) in [
            ("sumary", "summary"),
            ("status", "status_code"),
            ("Timeout", "timeout"),
            ("tag", "tags"),
            ("operationId", "operation_id"),
            ("desc", "description"),
            ("include_in_docs", "include_in_schema"),
        ] {
            assert_eq!(nearest(written), Some(meant), "{written}");
        }
        assert_eq!(nearest("zzz"), None);
    }

    #[test]
    fn a_habit_of_another_framework_is_told_where_it_belongs() {
        let said = unknown(&Ident::new("methods", Span::call_site()));
        assert_eq!(said, "unknown key `methods`; a handler takes one method: write `method = \"PUT\"`");
    }
}
