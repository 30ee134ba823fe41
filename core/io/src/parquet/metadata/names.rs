//! Names of columns to positions of leaf columns.

use std::collections::HashSet;

use pf_base::{Error, Result};

use super::Source;
use crate::parquet::statistics::Leaf;

/// How many names an error message lists.
const NAMED: usize = 20;

/// The positions of the leaves that `names` stand for, in the order of the file; all without names.
///
/// A name is a leaf's path, or one of what the leaf stands under.
pub(super) fn positions(names: Option<&[String]>, leaves: &[Leaf]) -> Vec<usize> {
    let Some(names) = names else { return (0..leaves.len()).collect() };
    let names: HashSet<&str> = names.iter().map(String::as_str).collect();
    let named = |leaf: &Leaf| names_of(&leaf.path).any(|name| names.contains(name));
    leaves.iter().enumerate().filter(|(_, leaf)| named(leaf)).map(|(at, _)| at).collect()
}

/// The path and the paths above it.
fn names_of(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('.').map(|(above, _)| above))
}

/// Which of the names were found in some file.
pub(super) struct Wanted<'a> {
    missing: HashSet<&'a str>,
    /// Columns that there are, for the message.
    known: Vec<String>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(names: Option<&'a [String]>) -> Self {
        Self { missing: names.unwrap_or_default().iter().map(String::as_str).collect(), known: Vec::new() }
    }

    /// Takes note of a file's columns.
    pub(super) fn seen(&mut self, source: &Source) {
        if self.missing.is_empty() {
            return;
        }
        for leaf in source.wanted.iter().filter_map(|at| source.leaves.get(*at)) {
            names_of(&leaf.path).for_each(|name| {
                self.missing.remove(name);
            });
        }
        if self.known.is_empty() {
            self.known = source.leaves.iter().take(NAMED).map(|leaf| leaf.path.clone()).collect();
            if source.leaves.len() > NAMED {
                self.known.push("…".to_owned());
            }
        }
    }

    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a name that no file has.
    pub(super) fn check(&self) -> Result<()> {
        match self.missing.iter().min() {
            Some(name) => Err(Error::invalid_argument(format!(
                "unknown column '{name}'; the columns are: {}",
                self.known.join(", ")
            ))),
            None => Ok(()),
        }
    }
}
