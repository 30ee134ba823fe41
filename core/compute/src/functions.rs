//! The functions of the language: one table, a file per family.

mod temporal;

use crate::Function;

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [temporal::FUNCTIONS].into_iter().flatten()
}
