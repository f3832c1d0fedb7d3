//! What is wrong with an app before its first delivery. Every problem is reported at once, with what to write.

use std::fmt;
use std::net::SocketAddr;

/// Everything that keeps an app from starting.
///
/// `Debug` is the report that a person reads: a `main` that returns this error prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    problems: Vec<Problem>,
}

impl Error {
    /// An error of these problems, of which there is at least one.
    pub(crate) fn of(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// Every problem that was found.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = self.problems.len() > 1;
        if many {
            writeln!(f, "{} problems keep the webhooks from starting:", self.problems.len())?;
        }
        for (index, problem) in self.problems.iter().enumerate() {
            if many {
                write!(f, "\n{}. {problem}", index + 1)?;
            } else {
                write!(f, "{problem}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rust prints "Error: " before what `main` returns; a report of several lines starts below it.
        if self.problems.len() > 1 {
            f.write_str("\n")?;
        }
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

/// A handler and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The function, with its module.
    pub handler: &'static str,
    /// Its file, as the compiler names it.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}:{})", self.handler, self.file, self.line)
    }
}

/// One reason why an app does not start. `Display` says what is wrong, and below it what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Developer: no handler was recorded or registered.
    NothingRegistered,
    /// Developer: a function without `#[webhook]` was registered.
    NotAnnotated {
        /// The function, as its type is called.
        function: &'static str,
    },
    /// Developer: two handlers take the same events.
    DuplicateEndpoint {
        /// The source.
        source: String,
        /// The event type.
        event_type: &'static str,
        /// The handler that comes first in the order of files.
        first: Place,
        /// The other one.
        second: Place,
    },
    /// Developer: two endpoints or pages have one path.
    DuplicatePath {
        /// The path.
        path: String,
        /// What has it.
        first: String,
        /// What wants it too.
        second: String,
    },
    /// Developer: a handler names a source that the builder does not know.
    UnknownSource {
        /// The handler.
        place: Place,
        /// The name that it gives.
        source: &'static str,
        /// The names that are known.
        known: Vec<String>,
    },
    /// Developer: a source was given twice.
    DuplicateSource(String),
    /// Developer: a source's name does not fit into a URL.
    SourceName(String),
    /// Developer: a handler takes a state that the builder was not given.
    MissingState {
        /// The handler.
        place: Place,
        /// The type of the state.
        type_name: &'static str,
    },
    /// Developer: a constraint that was written for a payload cannot be checked.
    Constraint {
        /// The handler.
        place: Place,
        /// Where in the payload, as a path of fields.
        at: String,
        /// What is wrong with it.
        said: String,
    },
    /// Developer: refusals would be explained to whoever reaches the listener.
    ExplainsInPublic {
        /// The address of the listener.
        address: SocketAddr,
    },
    /// Developer: refusals would be explained by a router whose listener is not known.
    ExplainsElsewhere,
    /// Developer: two values of one state type were given.
    DuplicateState(&'static str),
    /// Developer: an expected event has no handler.
    MissingEvent {
        /// The expected event type.
        event_type: String,
        /// The event types that have one.
        found: Vec<String>,
    },
    /// Developer: a path that the builder was given is not one.
    MalformedPath {
        /// The builder method.
        method: &'static str,
        /// What it was given.
        value: String,
    },
    /// Developer: a link that the builder was given is not one.
    MalformedLink {
        /// The builder method.
        method: &'static str,
        /// What it was given.
        value: String,
    },
    /// Developer: a response for all endpoints cannot be documented.
    Response {
        /// Its status.
        status: u16,
        /// What is wrong with it, and what to write.
        problem: &'static str,
    },
    /// Developer: an example is not the payload of its handler.
    Example {
        /// The handler.
        place: Place,
        /// The name of the example.
        name: &'static str,
        /// Each wrong place, as a JSON Pointer, and what is wrong there.
        violations: Vec<(String, String)>,
    },
    /// Developer: a limit of zero would refuse everything.
    ZeroLimit(&'static str),
    /// Developer: an event type does not fit its source's route.
    EventType {
        /// The handler.
        place: Place,
        /// The event type.
        event_type: &'static str,
    },
    /// Developer: two operations of the document would have one id.
    DuplicateOperationId {
        /// The id.
        id: &'static str,
        /// The handler that comes first in the order of routes.
        first: Place,
        /// The other one.
        second: Place,
    },
    /// Developer: the document to merge into is not an object, or has other content under the same key.
    Merge {
        /// The JSON Pointer of what stands in the way.
        pointer: String,
        /// What is wrong there.
        problem: &'static str,
    },
    /// Developer: a source signs the public URL, and none is configured.
    NoPublicUrl {
        /// The source.
        source: String,
    },
    /// Developer: a public URL is not one.
    MalformedUrl {
        /// What was given.
        value: String,
    },
    /// Operator: a source has no secret.
    NoSecret {
        /// The source.
        source: String,
        /// How to give it one.
        fix: String,
    },
    /// Operator: a secret is empty or not what its scheme says. The secret itself is never shown.
    MalformedSecret {
        /// The source.
        source: String,
        /// Which one of its secrets, counted from one.
        position: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Operator: a setting of a source is missing or not what its scheme says.
    Setting {
        /// The source.
        source: String,
        /// What is set.
        setting: &'static str,
        /// What is wrong with it, and what to write.
        problem: &'static str,
    },
    /// Developer: the keys of a source are fetched, and nothing fetches.
    NoFetcher {
        /// The source.
        source: String,
    },
    /// Operator: the operating system refused something.
    Io {
        /// What was tried.
        tried: String,
        /// What it said.
        said: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingRegistered => f.write_str(
                "no handler was found\n   \
                 Write `#[webhook(\"event-type\")]` on an async fn. If the handlers stand in a library crate that this\n   \
                 program never names, the linker drops them: write `use that_crate as _;` here, or `.register(handler)`.",
            ),
            Self::NotAnnotated { function } => write!(
                f,
                "`{function}` was registered and is no webhook\n   Write `#[webhook(\"event-type\")]` above it."
            ),
            Self::DuplicateEndpoint { source, event_type, first, second } => write!(
                f,
                "two handlers for `{event_type}` of source `{source}`: {first} and {second}\n   \
                 Keep one, or give one of them another event type."
            ),
            Self::DuplicatePath { path, first, second } => write!(
                f,
                "{first} and {second} have the same path `{path}`\n   \
                 Rename one of them, move the document with `.openapi_url(…)`, or its page with `.docs_url(…)`."
            ),
            Self::UnknownSource { place, source, known } => {
                write!(f, "{place} takes events of source `{source}`, which is not configured\n   ")?;
                if known.is_empty() {
                    write!(f, "Write `.source(\"{source}\", …)` with its provider.")
                } else {
                    write!(
                        f,
                        "Write `.source(\"{source}\", …)` with its provider, or take one of: {}.",
                        known.join(", ")
                    )
                }
            }
            Self::DuplicateSource(name) => write!(
                f,
                "the source `{name}` was given twice\n   Two accounts of one provider are two sources: give one another name."
            ),
            Self::SourceName(name) => write!(
                f,
                "{name:?} is no name for a source\n   \
                 It becomes a part of the URL: take letters, digits, `.`, `_`, `~` and `-`; `default` is taken."
            ),
            Self::MissingState { place, type_name } => write!(
                f,
                "{place} takes the state `{type_name}`, which was not given\n   \
                 Write `.state(value)` with a value of this type."
            ),
            Self::Constraint { place, at, said } => {
                write!(f, "{place} takes a payload with a constraint that cannot be checked")?;
                if !at.is_empty() {
                    write!(f, ", at {at}")?;
                }
                write!(
                    f,
                    ": {said}\n   \
                     Mend the pattern or the value in its `#[schemars(…)]`: what the document says must hold."
                )
            }
            Self::ExplainsInPublic { address } => write!(
                f,
                "`.explain_rejections(true)` explains refusals to whoever asks, and {address} is no loopback address\n   \
                 It is for development: serve on `127.0.0.1` or `[::1]`, or take it away."
            ),
            Self::ExplainsElsewhere => f.write_str(
                "`.explain_rejections(true)` needs a listener that is known to be on loopback, and a router has none\n   \
                 It is for development: write `.serve(\"127.0.0.1:8000\")` in place of `.into_router()`, or take it away.",
            ),
            Self::DuplicateState(type_name) => write!(
                f,
                "two values of the state type `{type_name}` were given\n   \
                 There is one a type: keep one, or wrap one of them in a type of its own."
            ),
            Self::MissingEvent { event_type, found } => write!(
                f,
                "the event `{event_type}` is expected and has no handler; found: {}\n   \
                 Write `#[webhook(\"{event_type}\")]` on one. If it stands in a library crate that this program never\n   \
                 names, write `use that_crate as _;`.",
                if found.is_empty() { "none".to_owned() } else { found.join(", ") }
            ),
            Self::MalformedPath { method, value } => write!(
                f,
                "{value:?} in `.{method}(…)` is no path\n   \
                 Write a slash, then segments of letters, digits, `.`, `_`, `~` and `-` joined by slashes: `/hooks`."
            ),
            Self::MalformedLink { method, value } => write!(
                f,
                "{value:?} in `.{method}(…)` is no whole URL\n   Write it like `https://example.com/help`."
            ),
            Self::Response { status, problem } => {
                write!(f, "the status {status} in `.responses(…)` {problem}")
            }
            Self::Example { place, name, violations } => {
                write!(f, "the example {name:?} of {place} is not its payload")?;
                for (pointer, what) in violations {
                    let pointer = if pointer.is_empty() { "all of it" } else { pointer };
                    write!(f, "\n   {pointer}: {what}")?;
                }
                f.write_str("\n   Mend the example, or the type of the payload.")
            }
            Self::ZeroLimit(which) => write!(
                f,
                "the limit `{which}` is zero, which would refuse everything\n   Write the largest value that is to pass."
            ),
            Self::EventType { place, event_type } => write!(
                f,
                "{place} has the event type {event_type:?}, which is no path\n   \
                 An event type of the default source is a part of the URL: take letters, digits, `.`, `_`, `~`, `-` and `/`."
            ),
            Self::DuplicateOperationId { id, first, second } => write!(
                f,
                "{first} and {second} have the same `operation_id`, `{id}`\n   \
                 Give one of them another id, or none: then it is made of the event type."
            ),
            Self::Merge { pointer, problem } => write!(
                f,
                "the document cannot be merged at {pointer:?}: {problem}\n   \
                 Rename one of the two, or keep the documents apart."
            ),
            Self::NoPublicUrl { source } => write!(
                f,
                "the sender of the source `{source}` signs the public URL, and none is configured\n   \
                 Write `.public_url(\"https://…\")` for the app, or `.url(\"https://…\")` on this source."
            ),
            Self::MalformedUrl { value } => write!(
                f,
                "{value:?} is no public URL\n   Write scheme and host, as senders call it: `https://hooks.example.com`."
            ),
            Self::NoSecret { source, fix } => write!(f, "the source `{source}` has no secret\n   {fix}"),
            Self::MalformedSecret { source, position, problem } => write!(
                f,
                "secret {position} of the source `{source}` {problem}\n   Copy it again from the sender's settings."
            ),
            Self::Setting { source, setting, problem } => {
                write!(f, "the {setting} of the source `{source}` {problem}")
            }
            Self::NoFetcher { source } => write!(
                f,
                "the keys of the source `{source}` are fetched, and there is no client for that\n   \
                 Switch on the feature `fetch` of webhook-runtime, or write `.fetcher(…)` with a client of your own."
            ),
            Self::Io { tried, said } => write!(f, "could not {tried}: {said}"),
        }
    }
}
