//! The functions of the language: one table, a file per family.

mod arithmetic;
mod comparison;
mod hashing;
mod temporal;
mod window;

use crate::Function;

/// The table, a line per family.
#[rustfmt::skip]
static FAMILIES: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    comparison::FUNCTIONS,
    hashing::FUNCTIONS,
    temporal::FUNCTIONS,
    window::CUMULATIVE,
    window::SHIFT,
    window::PLACES,
    window::ROLLING,
];

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|family| family.iter())
}
