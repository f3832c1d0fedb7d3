//! What configures one source: its secrets, and fields by name.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The configuration of one source. It knows which of its fields were asked for, so that a field that a scheme does not
/// have is a mistake that can be seen. `Debug` shows no value.
pub struct Configuration {
    /// What stands before the names of its environment variables.
    prefix: String,
    secrets: Vec<String>,
    fields: BTreeMap<String, String>,
    asked: RefCell<BTreeSet<String>>,
}

impl Configuration {
    /// A configuration of a provider by these secrets and fields. A list is a field with one item a line.
    pub fn new(
        provider: &str,
        secrets: impl IntoIterator<Item = String>,
        fields: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let prefix = format!("{}_", provider.to_ascii_uppercase().replace('-', "_"));
        let (secrets, fields) = (secrets.into_iter().collect(), fields.into_iter().collect());
        Self { prefix, secrets, fields, asked: RefCell::default() }
    }

    /// What these environment variables say of a provider: `NAME_WEBHOOK_SECRET`, one secret a line, and `NAME_FIELD`.
    pub fn of_variables(provider: &str, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut made = Self::new(provider, [], []);
        let of_provider = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(&made.prefix)?.to_ascii_lowercase(), value)));
        made.fields = of_provider.collect();
        let secrets = made.fields.remove("webhook_secret").unwrap_or_default();
        made.secrets = secrets.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        made
    }

    /// The name of its environment variable with the secret.
    pub fn secret_variable(&self) -> String {
        format!("{}WEBHOOK_SECRET", self.prefix)
    }

    /// The same with these secrets.
    #[must_use]
    pub fn with_secrets(self, secrets: Vec<String>) -> Self {
        Self { secrets, ..self }
    }

    /// The same with this field.
    #[must_use]
    pub fn with(mut self, name: &str, value: String) -> Self {
        self.fields.insert(name.to_owned(), value);
        self
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
    ///
    /// # Errors
    /// The name of the environment variable that would say it.
    pub fn required(&self, name: &str) -> Result<&str, String> {
        let missing = || format!("{name} is missing; set {}{}", self.prefix, name.to_ascii_uppercase());
        self.field(name).ok_or_else(missing)
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

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configuration").field("fields", &self.fields.keys()).finish_non_exhaustive()
    }
}

/// The fields that stand for a secret where a provider has none.
const KEYS: [&str; 8] = [
    "audience",
    "certificate_pem",
    "client_id",
    "public_key",
    "public_keys",
    "recipient_client_id",
    "topic_arn",
    "webhook_id",
];
