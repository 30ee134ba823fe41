//! The functions of the language: one table, a file per family.

mod string;
mod temporal;
#[cfg(test)]
pub(crate) mod testing;

use crate::Function;

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [string::FUNCTIONS, temporal::FUNCTIONS].into_iter().flatten()
}
