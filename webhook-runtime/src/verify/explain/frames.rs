//! What is signed around the body: which pieces, in which order, with which id and which timestamp.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName};

use super::names::{is_like, renamed};
use super::report::{Fault, Finding};
use super::search::Try;
use crate::signature::recipe::{Piece, Recipe, SignatureAt, TimestampAt, Unit};

/// A signed text but for its body and its URL.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) pieces: Cow<'static, [Piece]>,
    pub(super) id: String,
    pub(super) timestamp: String,
}

/// A value of the head, and what is wrong with taking it.
type Found = (String, Option<Finding>);

/// The frame of the recipe, and others that the head allows.
pub(super) fn of(recipe: &Recipe, headers: &HeaderMap) -> Vec<Try<Frame>> {
    let pieces: Cow<'static, [Piece]> = Cow::Owned(recipe.signed.to_vec());
    let ids = recipe.id.as_ref().map_or_else(nothing, |name| named(name, headers));
    let timestamps = match &recipe.timestamp {
        TimestampAt::Nowhere => nothing(),
        TimestampAt::Header(name, _) => named(name, headers),
        TimestampAt::Field(field) => in_field(field, recipe, headers),
    };
    let (first_id, first_time) = (first(&ids), first(&timestamps));
    let frame = |id: &str, timestamp: &str| Frame {
        pieces: pieces.clone(),
        id: id.to_owned(),
        timestamp: timestamp.to_owned(),
    };
    let mut frames = Vec::new();
    for (id, id_fault) in &ids {
        for (timestamp, time_fault) in &timestamps {
            // Where both differ the search takes the fault of the id for both: they are renamed together.
            let fault = id_fault.clone().or_else(|| time_fault.clone());
            frames.push(Try { value: frame(id, timestamp), fault });
        }
    }
    for (timestamp, what) in in_other_units(&first_time) {
        let remedy = "Have the sender put the very text into the header that it signs.";
        frames.push(Try::but(frame(&first_id, &timestamp), Finding::new(Fault::TimestampUnit, what, remedy)));
    }
    if let Some(name) = &recipe.id {
        for (other, id) in values(headers, is_id).iter().filter(|(other, _)| other != name.as_str()) {
            let what = format!("the signature was made for the id in {other}, and not for that in {name}");
            let remedy = "Find what writes the id anew on the way: it is signed, and must arrive as it was sent.";
            frames.push(Try::but(frame(id, &first_time), Finding::new(Fault::HeaderAltered, what, remedy)));
        }
    }
    frames.extend(other_templates(recipe, headers));
    if pieces.contains(&Piece::Timestamp) {
        frames.extend(shifted(&first_time, recipe).map(|(timestamp, by)| {
            let what = format!("the signature was made for a timestamp {by} the one of the request, which was changed");
            let remedy = "Find what rewrites the timestamp; a retry must be signed anew, not only dated anew.";
            Try::but(frame(&first_id, &timestamp), Finding::new(Fault::HeaderAltered, what, remedy))
        }));
    }
    frames
}

fn nothing() -> Vec<Found> {
    vec![(String::new(), None)]
}

fn first(found: &[Found]) -> String {
    found.first().map(|(value, _)| value.clone()).unwrap_or_default()
}

/// The values of a header, and of those that are like it. A name without any has an empty value.
fn named(name: &HeaderName, headers: &HeaderMap) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let several = headers.get_all(name).iter().count() > 1;
    for value in headers.get_all(name).iter().filter_map(|it| it.to_str().ok()).take(MOST_VALUES) {
        let fault = several.then(|| {
            Finding::new(
                Fault::HeaderRepeated,
                format!("{name} is there several times, and one of them is right"),
                "Find the proxy or gateway that adds the others; a request must carry it once.",
            )
        });
        found.push((value.to_owned(), fault));
    }
    for other in headers.keys().filter(|it| is_like(name.as_str(), it.as_str())).take(MOST_VALUES) {
        let value = headers.get(other).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let what = format!("what {name} should say stands in {other}");
        let fault = Finding::new(Fault::HeaderRenamed, what, renamed(name.as_str(), other.as_str()));
        found.push((value.to_owned(), Some(fault)));
    }
    if found.is_empty() { nothing() } else { found }
}

/// The timestamp among the fields of the signature's header.
fn in_field(field: &str, recipe: &Recipe, headers: &HeaderMap) -> Vec<Found> {
    let SignatureAt::Fields { name, separator, .. } = &recipe.signature else { return nothing() };
    let names = headers.keys().filter(|it| *it == name || is_like(name.as_str(), it.as_str())).take(MOST_VALUES);
    let values = names.flat_map(|it| headers.get_all(it)).filter_map(|it| it.to_str().ok()).take(MOST_VALUES);
    let fields = values.flat_map(|it| it.split(*separator)).filter_map(|it| it.trim().split_once('='));
    let found: Vec<Found> =
        fields.filter(|(key, _)| *key == field).map(|(_, value)| (value.to_owned(), None)).take(MOST_VALUES).collect();
    if found.is_empty() { nothing() } else { found }
}

fn in_other_units(timestamp: &str) -> Vec<(String, String)> {
    let Ok(time) = timestamp.parse::<u64>() else { return Vec::new() };
    let what = |signed: &str, sent: &str| format!("the timestamp was signed in {signed}, and is sent in {sent}");
    let mut units = vec![((time / 1000).to_string(), what("seconds", "milliseconds"))];
    units.extend(time.checked_mul(1000).map(|it| (it.to_string(), what("milliseconds", "seconds"))));
    units
}

/// The timestamps nearby, the nearest first, and how they lie to this one.
fn shifted(timestamp: &str, recipe: &Recipe) -> impl Iterator<Item = (String, String)> + use<> {
    let unit = match recipe.timestamp {
        TimestampAt::Header(_, Unit::Milliseconds) => 1000,
        TimestampAt::Header(..) | TimestampAt::Field(_) | TimestampAt::Nowhere => 1,
    };
    let time = timestamp.parse::<i64>().ok();
    (1..=MOST_SHIFT)
        .flat_map(|by| [(-by, format!("{by} s before")), (by, format!("{by} s after"))])
        .filter_map(move |(by, words)| Some((time?.checked_add(by.checked_mul(unit)?)?.to_string(), words)))
}

/// The usual frames, with what the head has for ids and timestamps.
fn other_templates(recipe: &Recipe, headers: &HeaderMap) -> Vec<Try<Frame>> {
    let or_nothing = |values: Vec<(String, String)>| match values.is_empty() {
        true => vec![(String::new(), String::new())],
        false => values,
    };
    let (ids, timestamps) = (or_nothing(values(headers, is_id)), or_nothing(values(headers, is_time)));
    let mut frames = Vec::new();
    for template in TEMPLATES.iter().filter(|it| ***it != *recipe.signed) {
        let (with_id, with_time) = (template.contains(&Piece::Id), template.contains(&Piece::Timestamp));
        for (id_name, id) in ids.iter().take(if with_id { MOST_VALUES } else { 1 }) {
            for (time_name, timestamp) in timestamps.iter().take(if with_time { MOST_VALUES } else { 1 }) {
                if (with_id && id.is_empty()) || (with_time && timestamp.is_empty()) {
                    continue;
                }
                let mut what = format!(
                    "the sender signs `{}`, where `{}` is expected",
                    written(template),
                    written(&recipe.signed)
                );
                if with_id {
                    what += &format!("; its id is that of {id_name}");
                }
                if with_time {
                    what += &format!("; its timestamp is that of {time_name}");
                }
                let remedy =
                    "Say so with `.signed(…)` of an `HmacSource`, or take the source of the provider that signs so.";
                let pieces = Cow::Borrowed(*template);
                let frame = Frame { pieces, id: id.clone(), timestamp: timestamp.clone() };
                frames.push(Try::but(frame, Finding::new(Fault::SignedText, what, remedy)));
            }
        }
    }
    frames
}

/// Names and values of the headers whose name is such a one.
fn values(headers: &HeaderMap, matches: fn(&str) -> bool) -> Vec<(String, String)> {
    let names = headers.keys().filter(|it| matches(it.as_str())).take(MOST_VALUES);
    names.filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned()))).collect()
}

fn is_id(name: &str) -> bool {
    name.ends_with("-id") || name == "x-github-delivery"
}

fn is_time(name: &str) -> bool {
    name.contains("timestamp") || name.ends_with("-time")
}

/// A template, as `HmacSource::signed` takes it.
fn written(pieces: &[Piece]) -> String {
    let pieces = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.escape_default().to_string(),
        Piece::Id => "{id}".to_owned(),
        Piece::Timestamp => "{timestamp}".to_owned(),
        Piece::Method => "{method}".to_owned(),
        Piece::Url | Piece::DecodedUrl => "{url}".to_owned(),
        Piece::Body => "{body}".to_owned(),
        Piece::SortedForm => "{sorted form}".to_owned(),
    });
    pieces.collect()
}

const fn text(text: &'static str) -> Piece {
    Piece::Text(Cow::Borrowed(text))
}

/// What senders sign, most of them.
static TEMPLATES: [&[Piece]; 18] = [
    &[Piece::Body],
    &[Piece::Timestamp, text("."), Piece::Body],
    &[Piece::Timestamp, Piece::Body],
    &[Piece::Timestamp, text(":"), Piece::Body],
    &[Piece::Timestamp, text("\n"), Piece::Body],
    &[Piece::Body, Piece::Timestamp],
    &[Piece::Body, text("."), Piece::Timestamp],
    &[text("v0:"), Piece::Timestamp, text(":"), Piece::Body],
    &[Piece::Id, text("."), Piece::Timestamp, text("."), Piece::Body],
    &[Piece::Timestamp, text("."), Piece::Id, text("."), Piece::Body],
    &[Piece::Id, Piece::Timestamp, Piece::Body],
    &[Piece::Id, text("."), Piece::Body],
    &[Piece::Url],
    &[Piece::Url, Piece::Body],
    &[Piece::Body, Piece::Url],
    &[Piece::Method, Piece::Url, Piece::Body],
    &[Piece::Method, Piece::Url, Piece::Body, Piece::Timestamp],
    &[Piece::Url, Piece::SortedForm],
];
/// A few headers can be meant by one name.
const MOST_VALUES: usize = 4;
/// Seconds to both sides.
const MOST_SHIFT: i64 = 600;
