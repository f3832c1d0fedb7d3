//! What goes wrong inside an accepted delivery. Its claim is released, so the sender's next try runs again.

use std::fmt;

/// Why an accepted delivery has no answer of its handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The handler ran longer than its time limit.
    TimedOut,
    /// The handler panicked. What it said stays in the log of the panic hook.
    Panicked,
    /// The handler's answer broke off while its body was read.
    AnswerBroken,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimedOut => "the handler ran into its time limit",
            Self::Panicked => "the handler panicked",
            Self::AnswerBroken => "the body of the handler's answer could not be read",
        })
    }
}
