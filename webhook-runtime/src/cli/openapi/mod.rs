//! `openapi`: what an app receives by its document, and what differs between two.

use http::Uri;
use serde_json::{Value, json};

use crate::cli::configured::text;
use crate::cli::failure::{ExitCode, Failure};
use crate::cli::http::{Client, shown, url};
use crate::cli::output::{Tone, plain};
use crate::cli::{Call, block_on};

mod changes;
mod document;

use changes::{Change, changes};
use document::Document;

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let of = |argument: &str| text(&call.arguments, argument).map(|place| load(call, place)).transpose();
    let document = of("document")?.ok_or_else(|| Failure::usage("name a document"))?;
    match of("diff")? {
        None => summarise(call, &document),
        Some(newer) => compare(call, &document, &newer),
    }
    .map_or(Ok(ExitCode::Fine), Ok)
}

/// A document of a URL or a file.
fn load(call: &Call, place: &str) -> Result<Document, Failure> {
    if !place.contains("://") {
        return Document::read(place, &call.read(place)?);
    }
    let uri: Uri = url(place)?;
    let received = block_on(async { Client::to(&uri)?.get(&uri).await })?;
    if !received.status.is_success() {
        return Err(Failure::unreachable(format!("{} answered {}", shown(&uri), received.status)));
    }
    Document::read(&shown(&uri), &received.body)
}

fn summarise(call: &Call, document: &Document) -> Option<ExitCode> {
    let events = document.events();
    if call.json {
        let events: Vec<Value> = events
            .values()
            .map(|it| json!({ "event": it.name, "method": it.method, "summary": it.summary(), "deprecated": it.is_deprecated() }))
            .collect();
        let line = json!({ "title": document.title(), "openapi": document.version(), "events": events });
        call.output.say(&line.to_string());
        return None;
    }
    let output = &call.output;
    let title = format!("{}, OpenAPI {}", plain(document.title()), plain(document.version()));
    let count = match events.len() {
        1 => "1 event".to_owned(),
        many => format!("{many} events"),
    };
    let mut lines = vec![format!("{}: {count}", output.painted(Tone::Title, title))];
    for event in events.values() {
        let mut line = format!("  {} {}", event.method.to_uppercase(), plain(event.name));
        if let Some(summary) = event.summary() {
            line.push_str(&output.painted(Tone::Quiet, format!("  {}", plain(summary))));
        }
        if event.is_deprecated() {
            line.push_str(&output.painted(Tone::Doubtful, "  deprecated"));
        }
        lines.push(line);
    }
    output.say(&lines.join("\n"));
    None
}

/// What the newer document adds, takes away and changes.
fn compare(call: &Call, older: &Document, newer: &Document) -> Option<ExitCode> {
    let changes = changes(older, newer);
    let output = &call.output;
    if call.json {
        let list: Vec<Value> = changes.iter().map(Change::as_json).collect();
        output.say(&json!({ "changes": list }).to_string());
    } else if changes.is_empty() {
        output.say("the events of the two documents are the same");
    } else {
        let lines: Vec<String> = changes.iter().map(|it| it.shown(output)).collect();
        output.say(&lines.join("\n"));
    }
    (!changes.is_empty()).then_some(ExitCode::Failed)
}
