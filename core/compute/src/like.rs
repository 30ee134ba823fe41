//! `LIKE` and `ILIKE`: a pattern is read once, and most become a comparison or a search of plain text.

use arrow_array::{Array, OffsetSizeTrait};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use memchr::memmem::Finder;
use pf_base::{Error, Result};
use regex::Regex;

use crate::block::Block;
use crate::regexp;
use crate::text::{Layout, Texts};

/// What text is held against.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    All,
    Equal(String),
    Prefix(String),
    Suffix(String),
    /// Holds the text somewhere.
    Contains(Box<Finder<'static>>),
    /// A start, parts in this order, an end; all apart from each other.
    Parts {
        prefix: String,
        middle: Vec<Finder<'static>>,
        suffix: String,
    },
    Regex(Regex),
}

impl Matcher {
    /// Text that holds `part`.
    pub(crate) fn contains(part: &str) -> Self {
        if part.is_empty() { Matcher::All } else { Matcher::Contains(Box::new(Finder::new(part).into_owned())) }
    }

    /// Text that is like a pattern: `%` stands for any text, `_` for a character. The character after `escape` stands
    /// for itself. `ignore_case` folds case as Unicode's simple folding does.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an escape at the end, and for a pattern whose
    /// automaton is too large.
    pub(crate) fn like(pattern: &str, escape: Option<char>, ignore_case: bool) -> Result<Self> {
        // Plain text between `%`; a `_` needs a regular expression.
        let mut parts = vec![String::new()];
        let mut expression = String::from(if ignore_case { r"(?is)\A" } else { r"(?s)\A" });
        let mut single = false;
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            let literal = match character {
                c if Some(c) == escape => characters.next().ok_or_else(|| {
                    Error::invalid_argument(format!("the pattern '{pattern}' ends in its escape character '{c}'"))
                })?,
                '%' => {
                    parts.push(String::new());
                    expression.push_str(".*");
                    continue;
                }
                '_' => {
                    single = true;
                    expression.push('.');
                    continue;
                }
                c => c,
            };
            if let Some(part) = parts.last_mut() {
                part.push(literal);
            }
            let mut buffer = [0; 4];
            expression.push_str(&regex::escape(literal.encode_utf8(&mut buffer)));
        }
        let all = parts.len() > 1 && parts.iter().all(String::is_empty) && !single;
        if !all && (single || ignore_case) {
            expression.push_str(r"\z");
            return Ok(Matcher::Regex(regexp::compile(&expression)?));
        }
        Ok(Self::of_parts(parts))
    }

    fn of_parts(mut parts: Vec<String>) -> Self {
        let suffix = parts.pop().unwrap_or_default();
        if parts.is_empty() {
            return Matcher::Equal(suffix);
        }
        let prefix = parts.remove(0);
        let mut middle: Vec<Finder<'static>> =
            parts.iter().filter(|p| !p.is_empty()).map(|p| Finder::new(p).into_owned()).collect();
        match (prefix.is_empty(), middle.len(), suffix.is_empty()) {
            (true, 0, true) => Matcher::All,
            (false, 0, true) => Matcher::Prefix(prefix),
            (true, 0, false) => Matcher::Suffix(suffix),
            (true, 1, true) => Matcher::Contains(Box::new(middle.remove(0))),
            _ => Matcher::Parts { prefix, middle, suffix },
        }
    }

    /// Whether a text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match self {
            Matcher::All => true,
            Matcher::Equal(whole) => text == whole,
            Matcher::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Matcher::Suffix(suffix) => text.ends_with(suffix.as_str()),
            Matcher::Contains(part) => part.find(text.as_bytes()).is_some(),
            Matcher::Parts { prefix, middle, suffix } => parts_match(text, prefix, middle, suffix),
            Matcher::Regex(regex) => regex.is_match(text),
        }
    }

    /// A bit per row.
    pub(crate) fn bits(&self, texts: &Texts<'_>, block: &Block) -> BooleanBuffer {
        match self {
            Matcher::All => BooleanBuffer::new_set(block.rows),
            Matcher::Equal(whole) => texts.bits(block, |text| text == whole),
            Matcher::Prefix(prefix) => texts.bits(block, |text| text.starts_with(prefix.as_str())),
            Matcher::Suffix(suffix) => texts.bits(block, |text| text.ends_with(suffix.as_str())),
            Matcher::Contains(part) => match texts.layout {
                Layout::Small(a) if a.len() == block.rows => search(part, a.value_data(), a.value_offsets()),
                Layout::Large(a) if a.len() == block.rows => search(part, a.value_data(), a.value_offsets()),
                _ => texts.bits(block, |text| part.find(text.as_bytes()).is_some()),
            },
            Matcher::Parts { prefix, middle, suffix } => {
                texts.bits(block, |text| parts_match(text, prefix, middle, suffix))
            }
            Matcher::Regex(regex) => texts.bits(block, |text| regex.is_match(text)),
        }
    }
}

fn parts_match(text: &str, prefix: &str, middle: &[Finder<'_>], suffix: &str) -> bool {
    let Some(rest) = text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix)) else {
        return false;
    };
    let mut rest = rest.as_bytes();
    middle.iter().all(|part| match part.find(rest) {
        Some(at) => {
            rest = &rest[at + part.needle().len()..];
            true
        }
        None => false,
    })
}

/// Which rows hold the text. All rows are searched as one: where it is rare, the search never stops at the end of a
/// row.
fn search<O: OffsetSizeTrait>(part: &Finder<'_>, bytes: &[u8], offsets: &[O]) -> BooleanBuffer {
    let rows = offsets.len() - 1;
    let mut bits = BooleanBufferBuilder::new(rows);
    bits.append_n(rows, false);
    let end = offsets[rows].as_usize();
    let mut at = offsets[0].as_usize();
    let mut row = 0;
    while let Some(found) = part.find(&bytes[at..end]) {
        let found = at + found;
        while offsets[row + 1].as_usize() <= found {
            row += 1;
        }
        let row_end = offsets[row + 1].as_usize();
        if found + part.needle().len() <= row_end {
            bits.set_bit(row, true);
            at = row_end;
        } else {
            // It reaches into the next row.
            at = found + 1;
        }
    }
    bits.finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

    /// Pattern against text, character by character.
    fn slow(text: &[char], pattern: &[char], escape: Option<char>) -> bool {
        match pattern {
            [] => text.is_empty(),
            [e, c, rest @ ..] if Some(*e) == escape => text.first() == Some(c) && slow(&text[1..], rest, escape),
            ['%', rest @ ..] => (0..=text.len()).any(|skip| slow(&text[skip..], rest, escape)),
            ['_', rest @ ..] => !text.is_empty() && slow(&text[1..], rest, escape),
            [c, rest @ ..] => text.first() == Some(c) && slow(&text[1..], rest, escape),
        }
    }

    #[test]
    fn patterns_become_what_is_cheapest() {
        let of = |pattern| Matcher::like(pattern, Some('\\'), false).unwrap();
        assert!(matches!(of("a"), Matcher::Equal(t) if t == "a"));
        assert!(matches!(of(r"a\%"), Matcher::Equal(t) if t == "a%"));
        assert!(matches!(of("a%%"), Matcher::Prefix(t) if t == "a"));
        assert!(matches!(of("%a"), Matcher::Suffix(t) if t == "a"));
        assert!(matches!(of("%a%"), Matcher::Contains(_)));
        assert!(matches!(of("%%"), Matcher::All));
        assert!(matches!(of("a%b"), Matcher::Parts { .. }));
        assert!(matches!(of("a_"), Matcher::Regex(_)));
        assert!(Matcher::like(r"a\", Some('\\'), false).is_err());
        assert!(Matcher::like(r"a\", None, false).unwrap().matches(r"a\"));
    }

    #[test]
    fn case_is_folded() {
        let matcher = Matcher::like("ÄB%ς", Some('\\'), true).unwrap();
        assert!(matcher.matches("äb\nΣ"));
        assert!(!matcher.matches("ab"));
    }

    proptest! {
        #[test]
        fn matches_are_those_of_the_definition(text in "[ab%_é\\\\]{0,8}", pattern in "[ab%_é\\\\]{0,6}") {
            let (characters, marks): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
            for escape in [Some('\\'), Some('a'), None] {
                match Matcher::like(&pattern, escape, false) {
                    Ok(matcher) => prop_assert_eq!(matcher.matches(&text), slow(&characters, &marks, escape)),
                    Err(_) => prop_assert_eq!(marks.last().copied(), escape),
                }
            }
        }
    }
}
