//! Functions that give a part of a text, or the text with something around it.

use memchr::memmem::{Finder, FinderRev};
use pf_base::{Error, Result};

use super::kernel;
use crate::block::Integers;
use crate::text::{Texts, byte_of, characters, write_rows};
use crate::{Call, ScalarKernel};

pub(super) fn substr(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, result| {
        let (texts, starts) = (Texts::of(&values[0])?, Integers::of(&values[1]));
        let lengths = values.get(2).filter(|v| !v.data_type().is_null()).map(Integers::of);
        let ascii = texts.is_ascii();
        write_rows(block, result, |row, output| {
            let (text, start) = (texts.get(row), starts.get(row));
            // Characters before the first are counted, though they are not there.
            let end = match lengths.as_ref().map(|lengths| lengths.get(row)) {
                None => i64::MAX,
                Some(length) if length < 0 => {
                    return Err(Error::invalid_argument(format!("the length is {length}; at least 0 was expected")));
                }
                Some(length) => start.saturating_add(length),
            };
            let first = start.max(1);
            if end > first {
                let rest = &text[byte_of(text, size(first - 1), ascii)..];
                output.push(&rest[..byte_of(rest, size(end - first), ascii)])?;
            }
            Ok(true)
        })
    }))
}

/// A number that is not negative.
fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Where the character so many before the end begins; the start of the text where it has not so many.
fn byte_from_end(text: &str, characters: usize, ascii: bool) -> usize {
    match characters {
        n if ascii => text.len().saturating_sub(n),
        0 => text.len(),
        n if n >= text.len() => 0,
        n => text.char_indices().nth_back(n - 1).map_or(0, |(byte, _)| byte),
    }
}

pub(super) fn left(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(part(call, |text, n, ascii| match n {
        0.. => &text[..byte_of(text, size(n), ascii)],
        _ => &text[..byte_from_end(text, size(n.saturating_neg()), ascii)],
    }))
}

pub(super) fn right(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(part(call, |text, n, ascii| match n {
        0.. => &text[byte_from_end(text, size(n), ascii)..],
        _ => &text[byte_of(text, size(n.saturating_neg()), ascii)..],
    }))
}

fn part(call: &Call<'_>, of: fn(&str, i64, bool) -> &str) -> ScalarKernel {
    kernel(call, move |values, block, result| {
        let (texts, counts) = (Texts::of(&values[0])?, Integers::of(&values[1]));
        let ascii = texts.is_ascii();
        write_rows(block, result, |row, output| {
            output.push(of(texts.get(row), counts.get(row), ascii))?;
            Ok(true)
        })
    })
}

pub(super) fn trim(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(trimmed(call, true, true))
}

pub(super) fn ltrim(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(trimmed(call, true, false))
}

pub(super) fn rtrim(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(trimmed(call, false, true))
}

fn trimmed(call: &Call<'_>, start: bool, end: bool) -> ScalarKernel {
    fn cut(text: &str, start: bool, end: bool, of: impl Fn(char) -> bool) -> &str {
        let text = if start { text.trim_start_matches(&of) } else { text };
        if end { text.trim_end_matches(&of) } else { text }
    }
    kernel(call, move |values, block, result| {
        let (texts, sets) = (Texts::of(&values[0])?, Texts::of(&values[1])?);
        write_rows(block, result, |row, output| {
            let (text, set) = (texts.get(row), sets.get(row));
            let mut of_set = set.chars();
            output.push(match (of_set.next(), of_set.next()) {
                (None, _) => text,
                (Some(one), None) => cut(text, start, end, |c| c == one),
                _ => cut(text, start, end, |c| set.contains(c)),
            })?;
            Ok(true)
        })
    })
}

pub(super) fn split_part(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, result| {
        let (texts, delimiters, numbers) = (Texts::of(&values[0])?, Texts::of(&values[1])?, Integers::of(&values[2]));
        // Prepared once for a delimiter that all rows share.
        let shared = delimiters.scalar().map(|d| (Finder::new(d), FinderRev::new(d)));
        write_rows(block, result, |row, output| {
            let (text, delimiter, number) = (texts.get(row), delimiters.get(row), numbers.get(row));
            if number == 0 {
                return Err(Error::invalid_argument(
                    "the number of the part is 0; parts are counted from 1, and from -1 at the end",
                ));
            }
            let found = if delimiter.is_empty() {
                (number.unsigned_abs() == 1).then_some(text)
            } else if let Some((finder, reverse)) = &shared {
                nth_part(text, number, finder, reverse)
            } else {
                nth_part(text, number, &Finder::new(delimiter), &FinderRev::new(delimiter))
            };
            output.push(found.unwrap_or_default())?;
            Ok(true)
        })
    }))
}

fn nth_part<'a>(text: &'a str, number: i64, finder: &Finder<'_>, reverse: &FinderRev<'_>) -> Option<&'a str> {
    let length = finder.needle().len();
    if number > 0 {
        let mut rest = text;
        for _ in 1..number {
            rest = &rest[finder.find(rest.as_bytes())? + length..];
        }
        Some(finder.find(rest.as_bytes()).map_or(rest, |end| &rest[..end]))
    } else {
        let mut rest = text;
        for _ in 1..number.unsigned_abs() {
            rest = &rest[..reverse.rfind(rest.as_bytes())?];
        }
        Some(reverse.rfind(rest.as_bytes()).map_or(rest, |start| &rest[start + length..]))
    }
}

pub(super) fn repeat(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, result| {
        let (texts, times) = (Texts::of(&values[0])?, Integers::of(&values[1]));
        write_rows(block, result, |row, output| {
            let text = texts.get(row);
            let times = if text.is_empty() { 0 } else { size(times.get(row).max(0)) };
            output.reserve(text.len().saturating_mul(times))?;
            for _ in 0..times {
                output.push(text)?;
            }
            Ok(true)
        })
    }))
}

pub(super) fn lpad(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(padded(call, true))
}

pub(super) fn rpad(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(padded(call, false))
}

fn padded(call: &Call<'_>, before: bool) -> ScalarKernel {
    kernel(call, move |values, block, result| {
        let (texts, lengths, fills) = (Texts::of(&values[0])?, Integers::of(&values[1]), Texts::of(&values[2])?);
        let ascii = texts.is_ascii();
        write_rows(block, result, |row, output| {
            let (text, fill) = (texts.get(row), fills.get(row));
            let length = size(lengths.get(row).max(0));
            let text = &text[..byte_of(text, length, ascii)];
            let missing = length - if ascii { text.len() } else { characters(text) };
            let (whole, part) = match characters(fill) {
                0 => (0, ""),
                n => (missing / n, &fill[..byte_of(fill, missing % n, false)]),
            };
            output.reserve(fill.len().saturating_mul(whole).saturating_add(part.len() + text.len()))?;
            if !before {
                output.push(text)?;
            }
            for _ in 0..whole {
                output.push(fill)?;
            }
            output.push(part)?;
            if before {
                output.push(text)?;
            }
            Ok(true)
        })
    })
}
