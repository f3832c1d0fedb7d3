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
        let refused = environment.get("NO_COLOR").is_some_and(|it| !it.is_empty());
        Self {
            environment,
            stdin: Box::new(io::stdin()),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            colours: io::stdout().is_terminal() && !refused,
            clock: Arc::new(SystemClock),
        }
    }
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
