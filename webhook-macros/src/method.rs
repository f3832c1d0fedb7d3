//! Reads the method of a route. Bodies are what is signed, so it is one of those that have one.

/// The methods that FastAPI's webhooks are declared with, of those that carry a body.
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// The method, or why it is none.
pub(crate) fn of(text: &str) -> Result<&'static str, String> {
    if let Some(method) = METHODS.iter().find(|it| **it == text) {
        return Ok(method);
    }
    match METHODS.iter().find(|it| it.eq_ignore_ascii_case(text)) {
        Some(method) => Err(format!("methods are written in capitals: write `{method}`")),
        None => Err(format!("a webhook is not received by `{text}`: take `POST`, `PUT`, `PATCH` or `DELETE`")),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_method_that_has_a_body_is_taken() {
        assert_eq!(of("PATCH"), Ok("PATCH"));
        for (text, said) in [("put", "write `PUT`"), ("GET", "by `GET`"), ("", "by ``"), ("PUT ", "by `PUT `")] {
            let error = of(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
