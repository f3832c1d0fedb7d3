//! `completions`: what a shell completes.

use clap_complete::{Shell, generate};

use crate::cli::failure::{ExitCode, Failure};
use crate::cli::{Call, arguments};

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    if let Some(shell) = call.arguments.get_one::<Shell>("shell") {
        generate(*shell, &mut arguments::command(), "webhook", &mut script);
    }
    call.output.say_all(String::from_utf8_lossy(&script).trim_end());
    Ok(ExitCode::Fine)
}
