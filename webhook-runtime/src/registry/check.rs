//! The rules of an app: a list of one-line calls, then one function a rule. Each reports every case of its own.

use crate::base::error::startup::Problem;
use crate::handler::endpoint::{DEFAULT_SOURCE, Endpoint};
use crate::registry::{Placed, Plan, Route};
use crate::source::Source;

/// Everything that is wrong with a plan whose endpoints are sorted.
pub(crate) fn problems(plan: &Plan<'_>, routes: &[Route]) -> Vec<Problem> {
    let mut problems = Vec::new();
    something_is_registered(plan, &mut problems);
    names_fit_into_a_url(plan, &mut problems);
    patterns_are_whole_segments(plan, &mut problems);
    sources_are_given_once(plan, &mut problems);
    signed_urls_are_configured(plan, &mut problems);
    public_urls_are_urls(plan, &mut problems);
    sources_are_known(plan, &mut problems);
    tolerances_let_something_pass(plan, &mut problems);
    event_types_fit_their_route(plan, &mut problems);
    events_have_one_handler(plan, &mut problems);
    paths_are_taken_once(plan, routes, &mut problems);
    expected_events_have_a_handler(plan, &mut problems);
    examples_are_payloads(plan, &mut problems);
    problems
}

/// The secrets of every source that receives anything. Apart from the rest, since a document needs none.
pub(crate) fn secrets(routes: &[Route], fix: &str) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for route in routes {
        let found = route.source.secret_problems(is_default(&route.source).then_some(fix));
        // The routes of the default source share it: once is enough.
        problems.extend(found.into_iter().filter(|it| !problems.contains(it)).collect::<Vec<_>>());
    }
    problems
}

fn names<'a>(plan: &'a Plan<'_>) -> impl Iterator<Item = &'a str> {
    plan.sources.iter().map(|it| it.source.name())
}

pub(crate) fn is_default(source: &Source) -> bool {
    source.name() == DEFAULT_SOURCE
}

/// One or several segments of unreserved characters (RFC 3986, section 2.3), joined by slashes. No other character
/// reaches the router, where a brace would be a pattern. A segment of dots would be resolved away by the client.
pub(crate) fn is_path(text: &str) -> bool {
    text.split('/').all(is_segment)
}

fn is_segment(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !text.is_empty() && text != "." && text != ".." && text.bytes().all(unreserved)
}

/// An app without a handler receives nothing, which is never meant: most often a library crate was not linked.
fn something_is_registered(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    if plan.endpoints.is_empty() {
        problems.push(Problem::NothingRegistered);
    }
}

/// The name of a source is a segment of its route.
fn names_fit_into_a_url(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let names = names(plan).filter(|name| !is_segment(name));
    problems.extend(names.map(|name| Problem::SourceName(name.to_owned())));
}

/// A pattern is a segment of its own with a plain name: `{tenant}`. Anything else would reach the router as syntax.
fn patterns_are_whole_segments(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let fits = |segment: &str| match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'),
        None => is_segment(segment),
    };
    for Placed { source, path } in plan.sources.iter().filter(|it| !is_default(&it.source)) {
        // Without a pattern of its own the path is the name, which has a rule of its own.
        if path != source.name() && !path.split('/').all(fits) {
            problems.push(Problem::MalformedPath { method: "source_at", value: path.clone() });
        }
        // Alone it would take every other path below the prefix.
        if path.starts_with('{') {
            problems.push(Problem::MalformedPath { method: "source_at", value: path.clone() });
        }
    }
}

/// A recipe that signs the public URL cannot guess it.
fn signed_urls_are_configured(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let blind = plan.sources.iter().map(|it| &it.source).filter(|it| it.facts().signs_url && !it.knows_its_url());
    problems.extend(blind.map(|it| Problem::NoPublicUrl { source: it.name().to_owned() }));
}

/// A URL that no sender can call makes every signature over it fail.
fn public_urls_are_urls(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let own = plan.sources.iter().filter_map(|it| it.source.own_url()).filter(|it| !is_public_url(it));
    problems.extend(own.map(|it| Problem::MalformedUrl { value: it.to_owned() }));
}

/// Scheme and host, and perhaps a path.
pub(crate) fn is_public_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|it| !it.is_empty() && !it.starts_with('/') && !it.contains(['?', '#', ' ']))
}

/// Two sources of one name would share a route and a part of every idempotency key.
fn sources_are_given_once(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let mut names: Vec<&str> = names(plan).collect();
    names.sort_unstable();
    let repeated = names.windows(2).filter(|pair| pair.first() == pair.last());
    let mut repeated: Vec<&str> = repeated.filter_map(|pair| pair.first().copied()).collect();
    repeated.dedup();
    problems.extend(repeated.into_iter().map(|name| match name {
        DEFAULT_SOURCE => Problem::SourceName(name.to_owned()),
        _ => Problem::DuplicateSource(name.to_owned()),
    }));
}

/// A handler of a source that is not configured could never run.
fn sources_are_known(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let known = |endpoint: &Endpoint| names(plan).any(|it| it == endpoint.source_name());
    for endpoint in plan.endpoints.iter().filter(|it| !known(it)) {
        let others = names(plan).filter(|it| *it != DEFAULT_SOURCE).map(|it| format!("`{it}`"));
        problems.push(Problem::UnknownSource {
            place: endpoint.place(),
            source: endpoint.source_name(),
            known: others.collect(),
        });
    }
}

/// A tolerance of zero would refuse every delivery that took a second to arrive.
fn tolerances_let_something_pass(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    if plan.sources.iter().any(|it| it.source.tolerance_seconds() == 0) {
        problems.push(Problem::ZeroLimit("tolerance"));
    }
}

/// The macro checks event types too; a record that was made otherwise is checked here.
fn event_types_fit_their_route(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let misfits = plan.endpoints.iter().filter(|it| it.source.is_none() && !is_path(it.event_type));
    problems.extend(misfits.map(|it| Problem::EventType { place: it.place(), event_type: it.event_type }));
}

/// Of two handlers for one event the second would never run, unless it comes by another method.
fn events_have_one_handler(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    for pair in plan.endpoints.windows(2) {
        let [first, second] = pair else { continue };
        let key = |it: &Endpoint| (it.source_name(), it.event_type, it.method);
        if key(first) == key(second) {
            problems.push(Problem::DuplicateEndpoint {
                source: first.source_name().to_owned(),
                event_type: first.event_type,
                first: first.place(),
                second: second.place(),
            });
        }
    }
}

/// Routes and pages share one space of paths. The endpoints of one event share a route.
fn paths_are_taken_once(plan: &Plan<'_>, routes: &[Route], problems: &mut Vec<Problem>) {
    let mut taken: Vec<(String, String)> = Vec::new();
    for (path, name) in &plan.pages {
        taken.push((path.clone(), format!("the {name}")));
    }
    for route in routes {
        let owner = match route.endpoints() {
            [first, ..] if is_default(&route.source) => first.place().to_string(),
            _ => format!("the source `{}`", route.source.name()),
        };
        taken.push((without_names(&route.path), owner));
    }
    taken.sort();
    for pair in taken.windows(2) {
        let [(path, first), (other, second)] = pair else { continue };
        // A source that was given twice has a rule of its own.
        if path == other && first != second {
            problems.push(Problem::DuplicatePath { path: path.clone(), first: first.clone(), second: second.clone() });
        }
    }
}

/// A path with its patterns without their names: two of one shape take the same requests.
fn without_names(path: &str) -> String {
    let segment = |it: &str| if it.starts_with('{') { "{}".to_owned() } else { it.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// A crate that the program never names is not linked, and takes its handlers along without a word.
fn expected_events_have_a_handler(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    let key = |it: &Endpoint| match it.source {
        Some(source) => format!("{source}/{}", it.event_type),
        None => it.event_type.to_owned(),
    };
    for expected in plan.expected {
        if !plan.endpoints.iter().any(|it| it.event_type == expected || key(it) == *expected) {
            problems.push(Problem::MissingEvent {
                event_type: expected.clone(),
                found: plan.endpoints.iter().map(|it| format!("`{}`", key(it))).collect(),
            });
        }
    }
}

/// What the document shows as a payload is one.
fn examples_are_payloads(plan: &Plan<'_>, problems: &mut Vec<Problem>) {
    for endpoint in &plan.endpoints {
        for (name, example) in endpoint.documentation.examples {
            let violations = endpoint.violations(example);
            if !violations.is_empty() {
                problems.push(Problem::Example { place: endpoint.place(), name, violations });
            }
        }
    }
}
