//! Examples of payloads: those of the developer, or else the samples of the sender.
//!
//! A sample is shown where the handler takes its event and it is a payload of the handler's type, and nowhere else: what
//! a sender sends need not be what an app reads.

use bytes::Bytes;
use serde_json::Value;

use crate::docs::described::Described;
use crate::docs::model::{Example, Map};
use crate::docs::names::Names;
use crate::format::{Content, form, json};
use crate::handler::endpoint::Endpoint;
use crate::registry::{Endpoints, Route, Table};
use crate::source::facts::ContentType;
use crate::source::sample::Sample;

/// One example of an endpoint.
pub(super) struct Shown {
    name: String,
    value: Value,
    of: Origin,
}

/// Where an example comes from.
enum Origin {
    /// The developer: it is one of the payload, in whatever content type.
    Developer,
    /// The sender, in this content type.
    Sender(&'static str),
}

/// The samples of a sender, and which endpoint of a route takes each.
pub(super) struct Samples<'a> {
    samples: &'a [Sample],
    takers: Table<&'static Endpoint>,
    usual: ContentType,
}

impl<'a> Samples<'a> {
    /// Those of a route for several event types. On a route of one event's own the app says what is sent.
    pub(super) fn of(route: &'a Route) -> Self {
        let facts = route.source.facts();
        let samples = match route.endpoints {
            Endpoints::Own(_) => &[],
            Endpoints::Shared(_) => facts.samples,
        };
        let endpoints = route.endpoints().iter().map(|it| (it.event_type, *it));
        let takers = Table::new(endpoints, facts.event_type.has_actions());
        Self { samples, takers, usual: facts.content_types.first().copied().unwrap_or(ContentType::Json) }
    }

    fn taken_by(&self, endpoint: &'static Endpoint) -> impl Iterator<Item = &Sample> {
        let taker = |it: &Sample| self.takers.select(it.event_type()).copied();
        self.samples.iter().filter(move |it| taker(it).is_some_and(|it| std::ptr::eq(it, endpoint)))
    }
}

/// The examples of one endpoint, which may take the bytes as they are.
pub(super) fn of_endpoint(endpoint: &'static Endpoint, takes_bytes: bool, samples: &Samples<'_>) -> Vec<Shown> {
    let own = endpoint.documentation.examples.iter().filter_map(|(name, text)| {
        // The macro wrote it, and every one was decoded at the start.
        let value = json::parse(text.as_bytes())?;
        Some(Shown { name: (*name).to_owned(), value, of: Origin::Developer })
    });
    let mut shown: Vec<Shown> = own.collect();
    if shown.is_empty() {
        let samples = samples.taken_by(endpoint).filter_map(|it| of_sample(endpoint, takes_bytes, it, samples.usual));
        shown.extend(samples);
    }
    shown.iter_mut().for_each(|it| it.value.sort_all_objects());
    shown
}

/// A sample as a value, where it is the payload.
fn of_sample(endpoint: &Endpoint, takes_bytes: bool, sample: &Sample, usual: ContentType) -> Option<Shown> {
    let text = sample.body();
    let content_type = sample.content_type().unwrap_or(usual.name());
    let (value, content_type) = match json::parse(text.as_bytes()) {
        // A form that holds JSON is a sample as JSON.
        Some(value) if takes_bytes || endpoint.violations(text).is_empty() => {
            let any_json = content_type.ends_with("+json");
            (value, if any_json { ContentType::Json.name() } else { content_type })
        }
        None if takes_bytes => (text.into(), content_type),
        None if form::is_form_type(content_type) => {
            let body = Bytes::from_static(text.as_bytes());
            (endpoint.accepts)(&body, &Content::Form).ok()?;
            (form::decode(&body).ok()?, content_type)
        }
        _ => return None,
    };
    let name = if sample.event_type().is_empty() { "sample" } else { sample.event_type() };
    Some(Shown { name: name.to_owned(), value, of: Origin::Sender(content_type) })
}

/// The examples of an operation in one content type, under names that differ. Where it takes several event types, the
/// names of a developer begin with theirs.
pub(super) fn of_operation<'a>(
    endpoints: impl Iterator<Item = &'a Described> + Clone,
    content_type: &str,
) -> Map<Example> {
    let several = endpoints.clone().nth(1).is_some();
    let mut names = Names::default();
    let mut examples = Map::new();
    for described in endpoints {
        for it in &described.examples {
            let name = match it.of {
                Origin::Sender(of_sample) if content_type != ANY && content_type != of_sample => continue,
                Origin::Developer if several => format!("{}: {}", described.endpoint.event_type, it.name),
                _ => it.name.clone(),
            };
            examples.insert(names.take_like(&name), Example { value: it.value.clone() });
        }
    }
    examples
}

/// What a handler of bytes takes.
pub(super) const ANY: &str = "*/*";
