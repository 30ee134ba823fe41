//! The functions of the language: one table, a file per family.

mod arithmetic;
mod comparison;
mod numeric;

use crate::Function;

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [arithmetic::FUNCTIONS, comparison::FUNCTIONS, numeric::FUNCTIONS].into_iter().flatten()
}
