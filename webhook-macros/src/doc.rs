//! Reads the doc comment of a handler: the first paragraph is the summary, the rest the description.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// What a doc comment says. Either part may be missing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Doc {
    /// The first paragraph, on one line.
    pub(crate) summary: Option<String>,
    /// What follows it, in Markdown.
    pub(crate) description: Option<String>,
}

impl Doc {
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let mut lines = unindented(attributes.iter().filter_map(text).flat_map(|it| undecorated(&it)).collect());
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        let mut lines = lines.into_iter().skip_while(String::is_empty);
        let summary: Vec<_> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let description: Vec<_> = lines.skip_while(String::is_empty).collect();
        Self { summary: some(summary.join(" ")), description: some(description.join("\n")) }
    }
}

/// The summary of a handler without a doc comment: `new_subscription` is "New Subscription".
pub(crate) fn title_case(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty()).map(capitalised);
    words.collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The text of a `///` line or of a `/** */` comment. `#[doc = include_str!(…)]` is not read: macros see its tokens
/// and not its text.
fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The lines of one comment, without the column of stars that a block comment may have.
fn undecorated(comment: &str) -> Vec<String> {
    // `lines` would lose a comment that is one empty line, and with it the end of the paragraph.
    let lines: Vec<_> = comment.split('\n').collect();
    let starred = lines.len() > 1
        && lines.iter().skip(1).map(|line| line.trim_start()).all(|line| line.is_empty() || line.starts_with('*'));
    let bare = |line: &str| match line.trim_start().strip_prefix('*') {
        Some(rest) if starred => rest.trim_end().to_owned(),
        _ => line.trim_end().to_owned(),
    };
    lines.into_iter().map(bare).collect()
}

/// Takes away the indentation that all lines share, so that code in the text keeps its own.
fn unindented(lines: Vec<String>) -> Vec<String> {
    let indentation = |line: &String| line.len() - line.trim_start_matches(' ').len();
    let shared = lines.iter().filter(|line| !line.is_empty()).map(indentation).min().unwrap_or(0);
    lines.iter().map(|line| line.get(shared..).unwrap_or_default().to_owned()).collect()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use syn::{ItemFn, parse_str};

    use super::{Doc, title_case};

    #[track_caller]
    fn check(comment: &str, summary: &str, description: &str) {
        let function: ItemFn = parse_str(&format!("{comment}\nfn handler() {{}}")).unwrap();
        let doc = Doc::of(&function.attrs);
        assert_eq!(doc.summary.unwrap_or_default(), summary);
        assert_eq!(doc.description.unwrap_or_default(), description);
    }

    #[test]
    fn the_first_paragraph_is_the_summary_and_the_rest_the_description() {
        check("/// A user\n/// subscribed.", "A user subscribed.", "");
        check("/// One.\n///\n/// Two,\n/// three.\n///\n/// Four.", "One.", "Two,\nthree.\n\nFour.");
        check("///\n/// One.\n///\n///\n/// Two.\n///", "One.", "Two.");
        check("", "", "");
        check("///", "", "");
    }

    #[test]
    fn code_in_the_description_keeps_its_indentation() {
        check("/// One.\n///\n/// - a\n///   - b", "One.", "- a\n  - b");
    }

    #[test]
    fn a_block_comment_loses_its_stars() {
        check("/**\n * One.\n *\n * Two.\n */", "One.", "Two.");
        check("/** One.\n\n Two. */", "One.", "Two.");
    }

    #[test]
    fn other_doc_attributes_say_nothing() {
        check("#[doc(hidden)]\n#[doc = \" One.\"]\n#[doc = include_str!(\"x\")]", "One.", "");
    }

    #[test]
    fn a_name_becomes_a_title() {
        for (name, title) in [
            ("new_subscription", "New Subscription"),
            ("paid", "Paid"),
            ("_on__paid_", "On Paid"),
            ("état_2", "État 2"),
            ("_", ""),
        ] {
            assert_eq!(title_case(name), title, "{name}");
        }
    }
}
