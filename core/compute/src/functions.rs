//! The functions of the language: one table, a file per family.

mod string;
mod arithmetic;
mod comparison;
mod temporal;
#[cfg(test)]
pub(crate) mod testing;

use crate::Function;

/// The table, a line per family.
#[rustfmt::skip]
static FAMILIES: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    comparison::FUNCTIONS,
    temporal::FUNCTIONS,
];

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [string::FUNCTIONS, temporal::FUNCTIONS].into_iter().flatten()
    FAMILIES.iter().flat_map(|family| family.iter())
}
