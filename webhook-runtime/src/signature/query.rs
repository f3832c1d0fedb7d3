//! Reading a query parameter that takes part in a proof: once, and percent-decoded.

use std::borrow::Cow;

use http::request::Parts;

use crate::base::error::rejection::Cause;

/// Is there a parameter of this name?
pub(crate) fn has(parts: &Parts, name: &str) -> bool {
    values(parts, name).next().is_some()
}

/// The one value of a parameter that must be there once.
pub(crate) fn once<'a>(parts: &'a Parts, name: &str) -> Result<Cow<'a, str>, Cause> {
    let parameter = |problem| Cause::Parameter { name: name.into(), problem };
    let mut values = values(parts, name);
    let value = values.next().ok_or_else(|| parameter("is missing"))?;
    // Two parameters of one name let the verifier and a later reader see different values.
    if values.next().is_some() { Err(parameter("arrived more than once")) } else { Ok(value) }
}

fn values<'a>(parts: &'a Parts, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).filter(move |(key, _)| key == name).map(|(_, value)| value)
}
