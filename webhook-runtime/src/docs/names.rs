//! Names that are unique, and of characters that their place allows. The same app gives the same names.

use std::collections::BTreeSet;

/// The names that were given out.
#[derive(Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes exactly this name, unless somebody has it.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// Takes this name, or else the first that is free of it with 2, 3 … at its end.
    pub(super) fn take_like(&mut self, name: &str) -> String {
        let numbered = (2_u64..).map(|number| format!("{name}{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        // Numbers do not end, so one of them is free.
        candidates.find(|it| self.taken.insert(it.clone())).unwrap_or_default()
    }
}

/// A key below `components`: `^[a-zA-Z0-9._-]+$`, by the specification.
pub(super) fn component(text: &str) -> String {
    if text.is_empty() { "_".to_owned() } else { replaced(text, "._-") }
}

/// An operation id that most languages take as the name of a function.
pub(super) fn identifier(text: &str) -> String {
    replaced(&text.replace('*', "any"), "_")
}

/// Words as one name: `Standard Webhooks` is `StandardWebhooks`.
pub(super) fn joined(words: &str) -> String {
    words.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn replaced(text: &str, allowed: &str) -> String {
    text.chars().map(|it| if it.is_ascii_alphanumeric() || allowed.contains(it) { it } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Names, component, identifier, joined};

    #[test]
    fn a_name_is_given_out_once() {
        let mut names = Names::default();
        assert!(names.take("Item2"));
        assert!(!names.take("Item2"));
        let given = ["Item", "Item", "Item"].map(|name| names.take_like(name));
        assert_eq!(given, ["Item", "Item3", "Item4"]);
    }

    #[test]
    fn texts_are_made_to_fit() {
        assert_eq!(component("Page<Größe, b/c~d>"), "Page_Gr__e__b_c_d_");
        assert_eq!(component(""), "_");
        assert_eq!(identifier("stripe/invoice.paid"), "stripe_invoice_paid");
        assert_eq!(identifier("git-hub/issues.*"), "git_hub_issues_any");
        assert_eq!(joined("Standard Webhooks"), "StandardWebhooks");
    }
}
