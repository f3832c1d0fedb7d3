//! `sign`: the headers that sign a body.

use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::cli::Call;
use crate::cli::answer::headers;
use crate::cli::configured::{cannot_sign, configured, text};
use crate::cli::failure::{ExitCode, Failure};
use crate::random_secret;

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let source = configured(call, None)?;
    let body = call.read(text(&call.arguments, "body").unwrap_or("-"))?;
    let id = id(call)?;
    let signed = source.sign(&id, time(call), &body).map_err(|why| cannot_sign(&source, why))?;
    if call.json {
        call.output.say_all(&json!({ "headers": headers(&signed) }).to_string());
    } else {
        let lines = signed.iter().map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
        call.output.say_all(&lines.collect::<Vec<_>>().join("\n"));
    }
    Ok(ExitCode::Fine)
}

/// When the delivery is signed.
fn time(call: &Call) -> SystemTime {
    let given =
        call.arguments.get_one::<u64>("time").map(|it| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(*it)));
    given.flatten().unwrap_or_else(|| call.clock.now())
}

/// The id of the delivery: the given one, or one that no other delivery has.
pub(super) fn id(call: &Call) -> Result<String, Failure> {
    if let Some(id) = text(&call.arguments, "id") {
        return Ok(id.to_owned());
    }
    let random = random_secret().map_err(|error| Failure::unreachable(error.to_string()))?;
    let letters = random.trim_start_matches("whsec_").chars().filter(char::is_ascii_alphanumeric);
    Ok(format!("msg_{}", letters.take(24).collect::<String>()))
}
