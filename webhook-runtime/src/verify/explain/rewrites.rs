//! JSON as it may have been before it was parsed and written again: by bytes, so that the order of keys and the
//! spelling of numbers stay.

use std::fmt::Write;

use crate::format::json;

/// A way of writing JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rewrite {
    pub(super) layout: Layout,
    pub(super) escapes: Escapes,
    pub(super) sorted: bool,
    /// Does it end in a line end?
    pub(super) ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    AsItIs,
    Compact,
    /// A space behind commas and colons.
    Spaced,
    /// A line a member, indented by this.
    Indented(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    AsTheyAre,
    Written(Escaped),
}

/// What is escaped besides what must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Escaped {
    other_than_ascii: bool,
    slash: bool,
    html: bool,
}

impl Rewrite {
    /// Every way, those that differ in one point first.
    pub(super) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for layout in LAYOUTS {
            for escapes in ESCAPES {
                for sorted in [false, true] {
                    all.extend([false, true].map(|ended| Self { layout, escapes, sorted, ended }));
                }
            }
        }
        // What sorts keys parses the body, and writes it without its white space.
        all.retain(|it| it.changes() > 0 && !(it.sorted && it.layout == Layout::AsItIs));
        all.sort_by_key(|it| it.changes());
        all
    }

    fn changes(self) -> usize {
        let changes = [self.layout != Layout::AsItIs, self.escapes != Escapes::AsTheyAre, self.sorted, self.ended];
        changes.into_iter().filter(|it| *it).count()
    }

    /// The body as it would be written so.
    pub(super) fn apply(self, json: &Json<'_>) -> Option<Vec<u8>> {
        let text = if self.sorted { &json.sorted } else { json.text };
        let mut written =
            Writer { layout: self.layout, escapes: self.escapes, out: String::with_capacity(text.len()), depth: 0 };
        written.write(text)?;
        let mut written = written.out;
        if self.ended {
            written.truncate(written.trim_end().len());
            written.push('\n');
        }
        Some(written.into_bytes())
    }
}

/// A body that is JSON.
pub(super) struct Json<'a> {
    text: &'a str,
    /// Without white space, and with the keys of each object sorted, as a map of values has them.
    sorted: String,
    keys: usize,
}

impl<'a> Json<'a> {
    pub(super) fn parse(body: &'a [u8]) -> Option<Self> {
        let value = json::parse(body)?;
        let keys = value.as_object().map_or(0, serde_json::Map::len);
        Some(Self { text: std::str::from_utf8(body).ok()?, sorted: value.to_string(), keys })
    }

    /// Does it look as if a parser that sorts keys wrote it?
    pub(super) fn looks_sorted(&self) -> bool {
        self.keys > 1 && self.text.trim_end() == self.sorted
    }
}

struct Writer {
    layout: Layout,
    escapes: Escapes,
    out: String,
    depth: usize,
}

impl Writer {
    fn write(&mut self, text: &str) -> Option<()> {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first == '"' {
                let behind = behind_string(rest)?;
                self.string(rest.strip_suffix(behind)?)?;
                rest = behind;
                continue;
            }
            let after = rest.get(first.len_utf8()..)?;
            if self.layout == Layout::AsItIs {
                self.out.push(first);
            } else if !first.is_ascii_whitespace() {
                let next = after.trim_start().chars().next();
                self.mark(first, next);
                if let ('{' | '[', Some('}' | ']')) = (first, next) {
                    // Empty objects and lists stay on one line.
                    let close = after.trim_start();
                    self.out.push(next?);
                    self.depth = self.depth.saturating_sub(1);
                    rest = close.get(1..)?;
                    continue;
                }
            }
            rest = after;
        }
        Some(())
    }

    fn mark(&mut self, mark: char, next: Option<char>) {
        let is_empty = matches!(next, Some('}' | ']'));
        match mark {
            '{' | '[' => {
                self.depth += 1;
                self.out.push(mark);
                if !is_empty {
                    self.line();
                }
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                self.line();
                self.out.push(mark);
            }
            ',' => {
                self.out.push(mark);
                if self.layout == Layout::Spaced {
                    self.out.push(' ');
                }
                self.line();
            }
            ':' => {
                self.out.push(mark);
                if self.layout != Layout::Compact {
                    self.out.push(' ');
                }
            }
            other => self.out.push(other),
        }
    }

    fn line(&mut self) {
        if let Layout::Indented(by) = self.layout {
            self.out.push('\n');
            (0..self.depth).for_each(|_| self.out.push_str(by));
        }
    }

    fn string(&mut self, token: &str) -> Option<()> {
        let Escapes::Written(escaped) = self.escapes else {
            self.out.push_str(token);
            return Some(());
        };
        let value = json::parse(token.as_bytes())?;
        self.out.push('"');
        for letter in value.as_str()?.chars() {
            let must = matches!(letter, '\0'..='\u{1f}');
            match letter {
                '"' | '\\' => self.out.extend(['\\', letter]),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '/' if escaped.slash => self.out.push_str("\\/"),
                _ if must
                    || (escaped.other_than_ascii && !letter.is_ascii())
                    || (escaped.html && matches!(letter, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')) =>
                {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        write!(self.out, "\\u{unit:04x}").ok()?;
                    }
                }
                _ => self.out.push(letter),
            }
        }
        self.out.push('"');
        Some(())
    }
}

/// What is behind the string that the text begins with.
fn behind_string(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    letters.next();
    let mut escaped = false;
    while let Some(letter) = letters.next() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(letters.as_str()),
            _ => {}
        }
    }
    None
}

const LAYOUTS: [Layout; 6] = [
    Layout::AsItIs,
    Layout::Compact,
    Layout::Spaced,
    Layout::Indented("  "),
    Layout::Indented("    "),
    Layout::Indented("\t"),
];
const PLAIN: Escaped = Escaped { other_than_ascii: false, slash: false, html: false };
const ESCAPES: [Escapes; 7] = [
    Escapes::AsTheyAre,
    Escapes::Written(PLAIN),
    Escapes::Written(Escaped { other_than_ascii: true, ..PLAIN }),
    Escapes::Written(Escaped { slash: true, ..PLAIN }),
    Escapes::Written(Escaped { html: true, ..PLAIN }),
    Escapes::Written(Escaped { other_than_ascii: true, slash: true, html: false }),
    Escapes::Written(Escaped { other_than_ascii: true, slash: false, html: true }),
];

#[cfg(test)]
mod tests {
    use super::{Escaped, Escapes, Json, Layout, PLAIN, Rewrite};

    const AS_IT_IS: Rewrite =
        Rewrite { layout: Layout::AsItIs, escapes: Escapes::AsTheyAre, sorted: false, ended: false };

    fn check(rewrite: Rewrite, body: &str, expected: &str) {
        let json = Json::parse(body.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(rewrite.apply(&json).unwrap()).unwrap(), expected, "{rewrite:?}");
    }

    #[test]
    fn json_is_written_in_every_way() {
        let body = r#"{ "b": [1.0, {}], "a": "\u00e9</\n\"" , "c" : [ ] }"#;
        check(Rewrite { layout: Layout::Compact, ..AS_IT_IS }, body, r#"{"b":[1.0,{}],"a":"\u00e9</\n\"","c":[]}"#);
        check(
            Rewrite { layout: Layout::Spaced, ..AS_IT_IS },
            body,
            r#"{"b": [1.0, {}], "a": "\u00e9</\n\"", "c": []}"#,
        );
        check(
            Rewrite { layout: Layout::Indented("  "), ..AS_IT_IS },
            body,
            "{\n  \"b\": [\n    1.0,\n    {}\n  ],\n  \"a\": \"\\u00e9</\\n\\\"\",\n  \"c\": []\n}",
        );
        let written = |escaped| Rewrite { escapes: Escapes::Written(escaped), ..AS_IT_IS };
        check(written(PLAIN), r#"["\u00e9</\n\""]"#, r#"["é</\n\""]"#);
        check(written(PLAIN), r#"["\u000d\u0009\u0008\u000c\u0001"]"#, r#"["\r\t\b\f\u0001"]"#);
        check(
            written(Escaped { other_than_ascii: true, slash: true, html: false }),
            r#"["é😀</"]"#,
            r#"["\u00e9\ud83d\ude00<\/"]"#,
        );
        check(written(Escaped { html: true, ..PLAIN }), r#"["<é>&"]"#, r#"["\u003cé\u003e\u0026"]"#);
        check(
            Rewrite { layout: Layout::Compact, sorted: true, ended: true, ..AS_IT_IS },
            r#"{"b": 1, "a": 2}"#,
            "{\"a\":2,\"b\":1}\n",
        );
    }

    #[test]
    fn every_way_writes_another_text_and_the_fewer_its_points_the_earlier_it_comes() {
        let body = r#"{"b": ["\u0061é/<\u0000", 1],"a":{}}"#;
        let json = Json::parse(body.as_bytes()).unwrap();
        let ways = Rewrite::all();
        assert!(ways.iter().all(|it| it.apply(&json).unwrap() != body.as_bytes()));
        let at = |way: Rewrite| ways.iter().position(|it| *it == way).unwrap();
        let compact = Rewrite { layout: Layout::Compact, ..AS_IT_IS };
        let plain = Rewrite { escapes: Escapes::Written(PLAIN), ..compact };
        assert!(at(Rewrite { layout: Layout::Indented("\t"), ..AS_IT_IS }) < at(plain));
        assert!(at(Rewrite { sorted: true, ..plain }) < at(Rewrite { sorted: true, ended: true, ..plain }));
        assert!(at(Rewrite { layout: Layout::Indented("\t"), ..plain }) < at(Rewrite { ended: true, ..plain }));
    }

    #[test]
    fn what_is_escaped_is_tried_each_alone() {
        for escaped in [
            Escaped { other_than_ascii: true, ..PLAIN },
            Escaped { slash: true, ..PLAIN },
            Escaped { html: true, ..PLAIN },
        ] {
            assert!(
                Rewrite::all().contains(&Rewrite { escapes: Escapes::Written(escaped), ..AS_IT_IS }),
                "{escaped:?}"
            );
        }
    }

    #[test]
    fn what_is_no_json_is_not_written() {
        for body in ["", "{", "a=1", "\u{feff}{}"] {
            assert!(Json::parse(body.as_bytes()).is_none(), "{body:?}");
        }
    }
}
