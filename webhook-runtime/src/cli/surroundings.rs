//! What the command has around it: variables, streams and a clock. A test brings its own; the process's are read here
//! and nowhere else.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, IsTerminal, Read, Write};
use std::sync::Arc;

use crate::{Clock, SystemClock};

/// What the command reads and writes besides its arguments.
pub struct Surroundings {
    /// The environment variables.
    pub environment: BTreeMap<String, String>,
    /// What is read where a file is called `-`.
    pub stdin: Box<dyn Read + Send>,
    /// Results.
    pub stdout: Box<dyn Write + Send>,
    /// Errors, a line each.
    pub stderr: Box<dyn Write + Send>,
    /// May results be coloured?
    pub colours: bool,
    /// What signs and verifies take for now.
    pub clock: Arc<dyn Clock>,
}

impl Surroundings {
    /// Those of this process. Results are coloured on a terminal, unless `NO_COLOR` is set and not empty.
    #[must_use]
    pub fn of_process() -> Self {
        // A name or a value that is not Unicode is none of ours.
        let environment: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let colours = wants_colours(io::stdout().is_terminal(), &environment);
        Self {
            environment,
            stdin: Box::new(io::stdin()),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            colours,
            clock: Arc::new(SystemClock),
        }
    }
}

/// Colours are for terminals, and for none where `NO_COLOR` is set to something: <https://no-color.org>.
fn wants_colours(is_terminal: bool, environment: &BTreeMap<String, String>) -> bool {
    is_terminal && environment.get("NO_COLOR").is_none_or(String::is_empty)
}

/// Variables can be secrets: their names alone are shown.
impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings")
            .field("environment", &self.environment.keys())
            .field("colours", &self.colours)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::wants_colours;

    #[test]
    fn colours_are_for_terminals_that_want_some() {
        let with = |value: &str| BTreeMap::from([("NO_COLOR".to_owned(), value.to_owned())]);
        assert!(wants_colours(true, &BTreeMap::new()) && wants_colours(true, &with("")));
        assert!(!wants_colours(false, &BTreeMap::new()) && !wants_colours(true, &with("1")));
    }
}
