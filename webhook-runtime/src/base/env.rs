//! The only reader of environment variables.

/// The value of `name`, or nothing where it is unset or not Unicode.
pub(crate) fn read(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
