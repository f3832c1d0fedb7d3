//! A source for every provider, from configuration by name: what the program reads from the environment, and what the
//! tests read from their vectors.

mod configuration;
mod sources;

pub use configuration::Configuration;
pub use sources::{PROVIDERS, Provider, source};
