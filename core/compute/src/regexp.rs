//! Regular expressions in the syntax of the regex crate, of bounded size.

use pf_base::{Error, Result};
use regex::{Regex, RegexBuilder};

/// Bytes that a compiled expression may take.
const LARGEST: usize = 8 << 20;

/// Compiles an expression.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for one that is wrong or too large.
pub(crate) fn compile(pattern: &str) -> Result<Regex> {
    RegexBuilder::new(pattern)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .build()
        .map_err(|e| Error::invalid_argument(format!("the regular expression cannot be compiled: {e}")))
}

/// What the last pattern became: columns of patterns often repeat them.
pub(crate) struct Last<'a, T> {
    known: Option<(&'a str, T)>,
}

impl<'a, T> Last<'a, T> {
    pub(crate) const fn new() -> Self {
        Self { known: None }
    }

    /// What `make` makes of the pattern.
    ///
    /// # Errors
    /// What `make` fails with.
    pub(crate) fn get(&mut self, pattern: &'a str, make: impl FnOnce(&str) -> Result<T>) -> Result<&T> {
        let known = match self.known.take() {
            Some((text, made)) if text == pattern => (text, made),
            _ => (pattern, make(pattern)?),
        };
        Ok(&self.known.insert(known).1)
    }
}
