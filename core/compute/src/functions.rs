//! The functions of the language: one table, a file per family.

mod arithmetic;
mod comparison;
mod string;
mod temporal;
#[cfg(test)]
pub(crate) mod testing;

use crate::Function;

/// The table, a line per family.
#[rustfmt::skip]
static FAMILIES: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    comparison::FUNCTIONS,
    string::FUNCTIONS,
    temporal::FUNCTIONS,
];

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|family| family.iter())
}
