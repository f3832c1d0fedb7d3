//! What people and programs read: lines on the two streams.
//!
//! 1. **Shown** are results on stdout and one line of failure on stderr.
//! 2. **Never** does a configured secret leave by [`Output::say`], whoever wrote the text: a server that echoes the
//!    token it was sent, or a body that holds it. What holds one by its purpose leaves by [`Output::say_all`].
//! 3. **Trap**: the other side's text may hold control characters, which a terminal obeys. They are shown as escapes.

use std::fmt::{Display, Write as _};
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anstyle::{AnsiColor, Style};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use zeroize::Zeroizing;

/// The two streams of a command. Shared, since deliveries are shown as they come.
pub(super) struct Output(Mutex<Streams>);

struct Streams {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    colours: bool,
    hidden: Vec<Zeroizing<String>>,
    /// Did a stream refuse something?
    broken: bool,
}

impl Output {
    pub(super) fn new(stdout: Box<dyn Write + Send>, stderr: Box<dyn Write + Send>, colours: bool) -> Self {
        Self(Mutex::new(Streams { stdout, stderr, colours, hidden: Vec::new(), broken: false }))
    }

    /// From here on this text is shown as `[REDACTED]`, as it is and as it stands in JSON, in a URL and behind `Basic`. A
    /// shorter one than four characters hides nothing and would only spoil what is shown.
    pub(super) fn hide(&self, secret: &str) {
        if secret.len() < 4 {
            return;
        }
        let in_json = Value::from(secret).to_string().trim_matches('"').to_owned();
        let in_url = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let spellings = [secret.to_owned(), in_json, in_url, STANDARD.encode(secret)];
        let hidden = &mut self.streams().hidden;
        for spelling in spellings.map(Zeroizing::new) {
            if !hidden.contains(&spelling) {
                hidden.push(spelling);
            }
        }
        // One can be a part of another.
        hidden.sort_by_key(|it| std::cmp::Reverse(it.len()));
    }

    /// A text without what is hidden, before a part of it is cut off.
    pub(super) fn redacted(&self, text: &str) -> String {
        without(&self.streams().hidden, text)
    }

    /// A result, without secrets and without control characters.
    pub(super) fn say(&self, text: &str) {
        let streams = &mut *self.streams();
        let text = without(&streams.hidden, text);
        streams.broken |= writeln!(streams.stdout, "{text}").and_then(|()| streams.stdout.flush()).is_err();
    }

    /// A result as it is: signatures, tokens in headers, and the secret that was asked for.
    pub(super) fn say_all(&self, text: &str) {
        let streams = &mut *self.streams();
        streams.broken |= writeln!(streams.stdout, "{text}").and_then(|()| streams.stdout.flush()).is_err();
    }

    /// Why the command gave up, in one line.
    pub(super) fn complain(&self, text: &str) {
        let streams = &mut *self.streams();
        let text = without(&streams.hidden, &plain(&in_one_line(text)));
        // There is nobody left to tell.
        let _ = writeln!(streams.stderr, "webhook: {text}");
    }

    /// A page for people who asked for none, or wrongly.
    pub(super) fn help(&self, text: &str) {
        let _ = write!(self.streams().stderr, "{text}");
    }

    /// Could everything be written?
    pub(super) fn is_whole(&self) -> bool {
        !self.streams().broken
    }

    /// A word in the colour of its meaning, where colours are wanted.
    pub(super) fn painted(&self, tone: Tone, text: impl Display) -> String {
        if !self.streams().colours {
            return text.to_string();
        }
        let style: Style = match tone {
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Bad => AnsiColor::Red.on_default(),
            Tone::Doubtful => AnsiColor::Yellow.on_default(),
            Tone::Quiet => Style::new().dimmed(),
            Tone::Title => Style::new().bold(),
        };
        format!("{style}{text}{style:#}")
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        // What a thread that panicked left behind is still two streams.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text of several lines in one.
fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    lines.fold(String::new(), |line, next| match line.chars().last() {
        None => next.to_owned(),
        Some(':' | ';' | '.' | ',') => format!("{line} {next}"),
        Some(_) if next.starts_with(char::is_uppercase) => format!("{line}. {next}"),
        Some(_) => format!("{line}; {next}"),
    })
}

/// What a word means.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    Good,
    Bad,
    Doubtful,
    Quiet,
    Title,
}

/// A text of somebody else, for a terminal: control characters but line ends and tabs as escapes.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            '\r' => {}
            _ if is_active(character) => drop(write!(shown, "{}", character.escape_unicode())),
            _ => shown.push(character),
        }
    }
    shown
}

/// Does a terminal obey it, or let it turn the text around it?
fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn without(hidden: &[Zeroizing<String>], text: &str) -> String {
    hidden.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "[REDACTED]"))
}

#[cfg(test)]
mod tests {
    use super::{Output, plain};

    #[test]
    fn a_secret_is_hidden_however_it_is_spelled() {
        let output = Output::new(Box::new(std::io::sink()), Box::new(std::io::sink()), false);
        output.hide("a\"b&c:d");
        output.hide("a\"b&c:d and more");
        for text in ["a\"b&c:d", r#"a\"b&c:d"#, "a%22b%26c%3Ad", "YSJiJmM6ZA==", "a\"b&c:d and more"] {
            assert_eq!(output.redacted(&format!("<{text}>")), "<[REDACTED]>", "{text}");
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(plain("a\u{1b}[2Jb\r\n\tc\u{202e}"), "a\\u{1b}[2Jb\n\tc\\u{202e}");
    }
}
