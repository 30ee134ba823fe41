//! The functions of the language: one table, a file per family.

mod conditional;
mod logic;

use crate::Function;

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [logic::FUNCTIONS, conditional::FUNCTIONS].into_iter().flatten()
}
