//! `verify`: why a recorded delivery verifies or not.

use crate::cli::configured::{configured_for, text};
use crate::cli::failure::{ExitCode, Failure};
use crate::cli::verdict::{Verdict, judge};
use crate::cli::{Call, block_on, recordings};

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let recording = recordings::read(call, text(&call.arguments, "recording").unwrap_or_default())?;
    let source = configured_for(call, &recording, None)?;
    let now = if call.arguments.get_flag("now") { call.clock.now() } else { recording.received() };
    let verdict = block_on(async { Ok(judge(&source, recording.parts(), recording.body(), now).await) })?;
    if call.json {
        call.output.say(&verdict.as_json().to_string());
    } else {
        call.output.say(&verdict.shown(&call.output));
    }
    Ok(match verdict {
        Verdict::Verified | Verdict::Handshake(_) => ExitCode::Fine,
        Verdict::Refused(..) => ExitCode::Failed,
        Verdict::Unknown(_) => ExitCode::Unreachable,
    })
}
