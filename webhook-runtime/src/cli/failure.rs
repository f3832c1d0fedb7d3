//! How the command ends: its exit codes, and the one line that says why it did not do what was asked.

use std::fmt::Display;
use std::process::Termination;

/// The exit code of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything was as it should be.
    Fine = 0,
    /// What was sent, checked or compared is not as it should be: an answer that is no 2xx, a signature that does not
    /// fit, a check of `doctor` that failed, two documents that differ.
    Failed = 1,
    /// The arguments, the secret or the configuration of the source are wrong.
    Usage = 2,
    /// A file or a server could not be read or reached, or what was read is not what it should be.
    Unreachable = 3,
}

impl Termination for ExitCode {
    fn report(self) -> std::process::ExitCode {
        (self as u8).into()
    }
}

/// Why a command gave up: one line for people.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: ExitCode,
    pub(super) text: String,
}

impl Failure {
    /// The person who typed the command can put it right.
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self { exit: ExitCode::Usage, text: text.into() }
    }

    /// Something outside could not be read or reached.
    pub(super) fn unreachable(text: impl Into<String>) -> Self {
        Self { exit: ExitCode::Unreachable, text: text.into() }
    }

    /// The same of a file, in the words of the operating system.
    pub(super) fn of_file(what: &str, file: &str, said: impl Display) -> Self {
        Self::unreachable(format!("could not {what} {file}: {said}"))
    }
}
