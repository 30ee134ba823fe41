//! The functions of the language: one table, a file per family.

pub(crate) mod aggregate;
mod arithmetic;
mod comparison;
mod conditional;
mod hashing;
mod logic;
mod numeric;
mod string;
mod temporal;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod window;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Function;

/// The table, a line per list, in the order of the documentation.
#[rustfmt::skip]
static FAMILIES: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    comparison::FUNCTIONS,
    logic::FUNCTIONS,
    conditional::FUNCTIONS,
    numeric::FUNCTIONS,
    hashing::FUNCTIONS,
    string::FUNCTIONS,
    temporal::FUNCTIONS,
    aggregate::FUNCTIONS,
    window::CUMULATIVE,
    window::SHIFT,
    window::PLACES,
    window::ROLLING,
];

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The function of this name or other name, in any case.
pub fn find(name: &str) -> Option<&'static Function> {
    static NAMES: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
        // The own name of one function wins over another name of another.
        let aliases = all().flat_map(|f| f.aliases.iter().map(move |alias| (*alias, f)));
        aliases.chain(all().map(|f| (f.name, f))).collect()
    });
    if let Some(function) = NAMES.get(name) {
        return Some(function);
    }
    NAMES.get(name.to_ascii_lowercase().as_str()).copied()
}

/// The names of functions that are spelled nearly like this, the nearest first, at most three.
pub fn nearest(name: &str) -> Vec<&'static str> {
    crate::names::nearest(name, all().flat_map(|f| std::iter::once(f.name).chain(f.aliases.iter().copied())))
}
