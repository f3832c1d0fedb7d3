//! Reads a time with its unit: `"30s"`.

/// The milliseconds that this text means, or what is wrong with it.
pub(crate) fn milliseconds(text: &str) -> Result<u64, String> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor = match unit.trim_start() {
        _ if digits.is_empty() => return Err(format!("`{text}` is no time: write a whole number and its unit, `30s`")),
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "" => return Err(format!("`{digits}` has no unit: write `{digits}s`, or one of `ms`, `m` and `h`")),
        other => return Err(format!("`{other}` is no unit of time: take `ms`, `s`, `m` or `h`")),
    };
    match digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)) {
        Some(0) => Err("a time limit of zero would end every call: write the longest time a call may take".to_owned()),
        Some(milliseconds) => Ok(milliseconds),
        None => Err(format!("`{text}` is too long a time")),
    }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn a_number_with_a_unit_is_a_time() {
        for (text, expected) in [("250ms", 250), ("30s", 30_000), ("5m", 300_000), ("1h", 3_600_000), ("2 s", 2_000)] {
            assert_eq!(milliseconds(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, said) in [
            ("30", "has no unit"),
            ("s", "is no time"),
            ("-5s", "is no time"),
            ("soon", "is no time"),
            ("1.5s", "is no unit"),
            ("5 days", "is no unit"),
            ("1m30s", "is no unit"),
            ("0ms", "of zero"),
            ("99999999999999999999s", "too long"),
            ("18446744073709551615h", "too long"),
        ] {
            let error = milliseconds(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
