//! What keeps a source from starting: each secret or setting that is missing or malformed, without showing it.

use super::{Keys, Source};
use crate::base::error::startup::{Error as StartupError, Problem};
use crate::source::secrets::SecretProblem;

impl Source {
    /// The source itself, where it has usable secrets: for hand-written routes, which are not checked at the start.
    /// A source that asks for its secrets has none to check.
    ///
    /// # Errors
    /// Every secret that is missing or malformed, without showing it.
    pub fn ready(self) -> Result<Self, StartupError> {
        let problems = self.secret_problems(None);
        if problems.is_empty() { Ok(self) } else { Err(StartupError::of(problems)) }
    }

    /// What is wrong with its secrets, and what to do: `fix` where nothing is known of their place.
    pub(crate) fn secret_problems(&self, fix: Option<&str>) -> Vec<Problem> {
        let source = || self.name().to_owned();
        if self.fetched().is_some() && self.own_fetcher().is_none() {
            return vec![Problem::NoFetcher { source: source() }];
        }
        let Keys::Fixed(Err(problems)) = &self.0.keys else { return Vec::new() };
        let told = |problem: &SecretProblem| match problem {
            SecretProblem::Missing { variable: Some(variable) } => Problem::NoSecret {
                source: source(),
                fix: format!("Set the environment variable {variable} to the secret from the sender's settings."),
            },
            SecretProblem::Missing { variable: None } => Problem::NoSecret {
                source: source(),
                fix: fix.unwrap_or("Give its constructor the secret from the sender's settings.").to_owned(),
            },
            SecretProblem::Malformed { position, problem } => {
                Problem::MalformedSecret { source: source(), position: *position, problem }
            }
            SecretProblem::Setting { setting, problem } => Problem::Setting { source: source(), setting, problem },
        };
        problems.iter().map(told).collect()
    }
}
