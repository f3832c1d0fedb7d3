//! The payload's schema at work.
