//! What configures one source: its secrets, and fields by name.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The configuration of one source. It knows which of its fields were asked for, so that a field that a scheme does not
/// have is a mistake that is seen.
#[derive(Debug, Default)]
pub struct Configuration {
    secrets: Vec<String>,
    fields: BTreeMap<String, String>,
    asked: RefCell<BTreeSet<String>>,
}

impl Configuration {
    /// A configuration of these secrets and fields. A list is a field with one item a line.
    pub fn new(secrets: Vec<String>, fields: BTreeMap<String, String>) -> Self {
        Self { secrets, fields, asked: RefCell::default() }
    }

    /// What the environment says of a provider: `NAME_WEBHOOK_SECRET`, one secret a line, and `NAME_FIELD`.
    pub fn from_env(provider: &str) -> Self {
        let prefix = format!("{}_", provider.to_ascii_uppercase().replace('-', "_"));
        let of_provider =
            std::env::vars().filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?.to_owned(), value)));
        let mut fields: BTreeMap<String, String> =
            of_provider.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        let secrets = fields.remove("webhook_secret").unwrap_or_default();
        let secrets = secrets.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        Self::new(secrets, fields)
    }

    /// The secrets, the current one first.
    pub fn secrets(&self) -> Vec<String> {
        self.secrets.clone()
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.asked.borrow_mut().insert(name.to_owned());
        self.fields.get(name).map(String::as_str)
    }

    /// The value of a field that must be there.
    pub fn required(&self, name: &str) -> Result<&str, String> {
        self.field(name).ok_or_else(|| format!("{name} is missing"))
    }

    /// The items of a list.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.field(name).map(|it| it.lines().collect()).unwrap_or_default()
    }

    /// Is there anything that a source could be made of?
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty() && !KEYS.iter().any(|it| self.fields.contains_key(*it))
    }

    /// The fields that no scheme asked for.
    pub fn unknown(&self) -> Vec<&str> {
        let asked = self.asked.borrow();
        self.fields.keys().map(String::as_str).filter(|it| !asked.contains(*it)).collect()
    }
}

/// The fields that stand for a secret where a provider has none.
const KEYS: [&str; 6] =
    ["public_key", "public_keys", "certificate_pem", "webhook_id", "topic_arn", "recipient_client_id"];
