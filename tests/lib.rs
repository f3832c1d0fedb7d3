//! The tests of this package stand in `it/`; this target is empty.
