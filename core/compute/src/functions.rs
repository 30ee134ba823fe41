//! The functions of the language: one table, a file per family.

pub(crate) mod aggregate;

use crate::Function;

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [aggregate::FUNCTIONS].into_iter().flatten()
}
