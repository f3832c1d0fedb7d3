//! Each endpoint that the document shows, with the schemas of what it takes and gives.

use schemars::Schema;

use crate::docs::about::Defaults;
use crate::docs::components::{self, Clash, Excerpt, Settled, Side};
use crate::docs::examples::{self, Samples, Shown};
use crate::docs::model::Map;
use crate::docs::refusals::{self, Refusals};
use crate::handler::endpoint::Endpoint;
use crate::handler::responses::{Body, Response, Status};
use crate::registry::{Endpoints, Registry};
use crate::source::Source;

/// A route with the endpoints of it that are shown.
pub(super) struct DescribedRoute<'a> {
    pub(super) path: &'a str,
    pub(super) source: &'a Source,
    /// Is the event type in the delivery, and not in the path?
    pub(super) shared: bool,
    pub(super) endpoints: Vec<Described>,
}

/// An endpoint, and schemas that refer to the components of the document.
pub(super) struct Described {
    pub(super) endpoint: &'static Endpoint,
    /// Nothing where the handler takes bytes.
    pub(super) payload: Option<Schema>,
    /// What the return type tells of.
    pub(super) responses: Vec<Response>,
    /// What the developer wrote, which comes before it.
    pub(super) written: Vec<Written>,
    pub(super) examples: Vec<Shown>,
    /// Those of the app first.
    pub(super) tags: Vec<String>,
    pub(super) deprecated: bool,
}

/// A status, what it means, and its body.
pub(super) struct Written {
    pub(super) status: u16,
    pub(super) description: String,
    pub(super) body: Option<Schema>,
}

/// What there is to tell, and the schemas under the names that are referred to.
pub(super) struct Contents<'a> {
    pub(super) routes: Vec<DescribedRoute<'a>>,
    pub(super) schemas: Map<Schema>,
    pub(super) refusals: Refusals,
    /// What the developer should know of the document.
    pub(super) remarks: Vec<String>,
}

/// Describes what is shown of a registry. A route of which nothing is shown is left out.
pub(super) fn contents<'a>(registry: &'a Registry, defaults: &Defaults) -> Contents<'a> {
    let mut routes: Vec<DescribedRoute<'_>> = Vec::new();
    let mut excerpts = Vec::new();
    for route in &registry.routes {
        let shown = route.endpoints().iter().filter(|it| it.documentation.include_in_schema);
        let samples = Samples::of(route);
        let endpoints: Vec<Described> = shown.map(|it| describe(it, defaults, &samples, &mut excerpts)).collect();
        if !endpoints.is_empty() {
            let shared = matches!(route.endpoints, Endpoints::Shared(_));
            routes.push(DescribedRoute { path: &route.path, source: &route.source, shared, endpoints });
        }
    }
    let (own, excerpt) = refusals::schemas();
    // Where nothing is shown, nothing refers to them.
    excerpts.extend((!routes.is_empty()).then_some(excerpt));

    let Settled { schemas, names, clashes } = components::settle(&excerpts);
    // Each endpoint left two excerpts, in this order; the refusals are the last.
    let mut names = names.into_iter();
    for described in routes.iter_mut().flat_map(|it| &mut it.endpoints) {
        let (payload, answer) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        described.payload = described.payload.take().map(|it| payload.apply(it));
        for response in &mut described.responses {
            if let Body::Json(schema) = &mut response.body {
                *schema = answer.apply(std::mem::take(schema));
            }
        }
        for written in &mut described.written {
            written.body = written.body.take().map(|it| answer.apply(it));
        }
    }
    let refusals = Refusals::new(own, &names.next().unwrap_or_default());
    let mut remarks: Vec<String> = clashes.iter().map(clash).collect();
    remarks.extend(routes.iter().flat_map(|it| &it.endpoints).filter_map(undocumented));
    Contents { routes, schemas, refusals, remarks }
}

fn describe(
    endpoint: &'static Endpoint,
    defaults: &Defaults,
    samples: &Samples<'_>,
    excerpts: &mut Vec<Excerpt>,
) -> Described {
    let said = &endpoint.documentation;
    let owner = || endpoint.place().to_string();
    let (payload, taken) = Excerpt::of(Side::Payload, owner(), endpoint.payload);
    let ((responses, written), given) = Excerpt::of(Side::Answer, owner(), |generator| {
        let responses = (endpoint.responses)(generator);
        let written = defaults.responses.beside(said.responses).map(|it| Written {
            status: it.status,
            description: it.description.clone().into_owned(),
            body: it.body.map(|schema| schema(generator)),
        });
        (responses, written.collect())
    });
    excerpts.extend([taken, given]);
    let own = said.tags.iter().map(|it| (*it).to_owned()).filter(|it| !defaults.tags.contains(it));
    let tags = defaults.tags.iter().cloned().chain(own).collect();
    let deprecated = said.deprecated.unwrap_or(defaults.deprecated);
    let examples = examples::of_endpoint(endpoint, payload.is_none(), samples);
    Described { endpoint, payload, responses, written, examples, tags, deprecated }
}

/// The error side of a `Result` tells nothing by its nature; of what succeeds a developer may expect more.
fn undocumented(described: &Described) -> Option<String> {
    let untold = |it: &Response| it.status != Status::Failure && matches!(it.body, Body::Unknown);
    described.responses.iter().any(untold).then(|| {
        format!(
            "the document does not know what {} answers: return `Json<T>`, a `Result` of it, or a text",
            described.endpoint.place()
        )
    })
}

fn clash(clash: &Clash) -> String {
    let types = clash.types.iter().map(|(name, users)| format!("`{name}` of {}", users.join(", ")));
    format!(
        "different types are called `{}`, and the document tells them apart: {}. \
         Write `#[schemars(rename = \"…\")]` on one of them to choose its name; a generic type takes \"{}_of_{{T}}\"",
        clash.name,
        types.collect::<Vec<_>>().join("; "),
        clash.name
    )
}
