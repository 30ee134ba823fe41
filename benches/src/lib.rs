//! Generators shared by the benches.
