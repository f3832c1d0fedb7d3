//! `replay`: a recorded delivery again, as it was or signed anew.

use http::Request;

use crate::cli::configured::{cannot_sign, configured_for, text};
use crate::cli::failure::{ExitCode, Failure};
use crate::cli::forward::{end_to_end, with_query};
use crate::cli::http::url;
use crate::cli::send::deliver;
use crate::cli::{Call, block_on, recordings};

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let target = text(&call.arguments, "to").unwrap_or_default();
    let to = url(target)?;
    let recording = recordings::read(call, text(&call.arguments, "recording").unwrap_or_default())?;
    let mut parts = recording.parts().clone();
    parts.uri = with_query(&to, parts.uri.query())?;
    parts.headers = end_to_end(&parts.headers);
    let request = if call.arguments.get_flag("resign") {
        let source = configured_for(call, &recording, Some(target))?;
        let again = source.outgoing_again(&parts, recording.body(), call.clock.now());
        again.map_err(|why| cannot_sign(&source, why))?
    } else {
        Request::from_parts(parts, recording.body().clone())
    };
    block_on(deliver(call, &request, 1))
}
