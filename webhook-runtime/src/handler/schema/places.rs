//! Places in a body, as an answer names them. The names in a JSON Pointer are the sender's, and each place below a long
//! one would repeat it: a body of a mebibyte could ask for gigabytes.

use serde_json::Value;

use crate::base::error::rejection::Violation;

/// A violation at this place; where its pointer is too long, at the nearest place above it that can be told.
pub(super) fn violation(pointer: String, detail: String) -> Violation {
    if pointer.len() <= MOST_POINTER_BYTES {
        return Violation { pointer, detail };
    }
    let start = pointer.get(..pointer.floor_char_boundary(MOST_POINTER_BYTES)).unwrap_or_default();
    let above = start.rsplit_once('/').map_or("", |(above, _)| above);
    Violation { pointer: above.to_owned(), detail: format!("holds, below a name too long to show: {detail}") }
}

/// May the pointers of all values be written? The validator writes one for each place that is wrong, and every one
/// before the first is told.
pub(super) fn can_be_written(body: &Value) -> bool {
    let mut left = MOST_BYTES_OF_ALL;
    spend(body, 0, &mut left).is_some()
}

fn spend(value: &Value, pointer_bytes: usize, left: &mut usize) -> Option<()> {
    *left = left.checked_sub(pointer_bytes)?;
    match value {
        Value::Array(items) => items.iter().try_for_each(|it| spend(it, pointer_bytes + INDEX_BYTES, left)),
        Value::Object(fields) => {
            fields.iter().try_for_each(|(name, it)| spend(it, pointer_bytes + 1 + name.len(), left))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(()),
    }
}

/// No pointer that somebody reads is longer.
pub(super) const MOST_POINTER_BYTES: usize = 512;

/// Many times what a body of a mebibyte has, where its names are those of fields.
const MOST_BYTES_OF_ALL: usize = 16 * 1024 * 1024;

const INDEX_BYTES: usize = 7;
