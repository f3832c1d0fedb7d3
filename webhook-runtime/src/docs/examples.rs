//! Examples of payloads, under names that hold for one operation.

use crate::docs::described::Described;
use crate::docs::model::{Example, Map};
use crate::docs::names::Names;
use crate::format::json;

/// The examples of these endpoints. Where there are several, each name begins with the event type.
pub(super) fn of(endpoints: &[Described]) -> Map<Example> {
    let mut names = Names::default();
    let mut examples = Map::new();
    for it in endpoints {
        for (name, value) in it.endpoint.documentation.examples {
            let name = match endpoints.len() {
                0..2 => (*name).to_owned(),
                _ => format!("{}: {name}", it.endpoint.event_type),
            };
            // The macro wrote it, and every one was decoded at the start.
            let Some(mut value) = json::parse(value.as_bytes()) else { continue };
            value.sort_all_objects();
            examples.insert(names.take_like(&name), Example { value });
        }
    }
    examples
}
