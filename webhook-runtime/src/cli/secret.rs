//! `secret`: a strong one.

use serde_json::json;

use crate::cli::Call;
use crate::cli::failure::{ExitCode, Failure};
use crate::random_secret;

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let secret = random_secret().map_err(|error| Failure::unreachable(error.to_string()))?;
    let shown = if call.json { json!({ "secret": secret }).to_string() } else { secret };
    call.output.say_all(&shown);
    Ok(ExitCode::Fine)
}
