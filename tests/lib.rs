//! A library with a handler in it, for the tests of this package, which stand in `it/`.

/// Handlers of another crate than the app's.
pub mod library {
    use webhook_runtime::{RawBody, webhook};

    /// A handler that an app finds by naming it.
    #[webhook("from-a-library")]
    pub async fn from_a_library(_body: RawBody) -> &'static str {
        "from a library"
    }
}
