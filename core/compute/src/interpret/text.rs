//! Functions of one row's text, character by character.

use pf_base::{Error, Result};
use regex::Regex;

use super::cell::Cell;

/// As other engines have it.
const LONGEST: usize = i32::MAX as usize;

/// The value of a function of a text and what follows it, none of it null.
pub(super) fn call(name: &str, text: &str, rest: &[Cell]) -> Result<Cell> {
    let chars: Vec<char> = text.chars().collect();
    let joined = |part: &[char]| Cell::Text(part.iter().collect());
    let number = |n: usize| Cell::Int(n as i128);
    Ok(match (name, rest) {
        ("lower", []) => Cell::Text(text.to_lowercase()),
        ("upper", []) => Cell::Text(text.to_uppercase()),
        ("length", []) => number(chars.len()),
        ("octet_length", []) => number(text.len()),
        ("reverse", []) => Cell::Text(chars.into_iter().rev().collect()),
        ("substr", [Cell::Int(start), length @ ..]) => {
            let end = match length {
                [] => i128::MAX,
                [Cell::Int(n)] if *n >= 0 => start + n,
                _ => return Err(Error::invalid_argument("a negative length")),
            };
            let wanted = |place: usize| (*start..end).contains(&(place as i128));
            Cell::Text(chars.iter().enumerate().filter(|(i, _)| wanted(i + 1)).map(|(_, c)| c).collect())
        }
        ("left", [Cell::Int(n)]) => joined(&chars[..counted(*n, chars.len())]),
        ("right", [Cell::Int(n)]) => joined(&chars[chars.len() - counted(*n, chars.len())..]),
        ("trim" | "ltrim" | "rtrim", [Cell::Text(set)]) => {
            let stays = |c: &char| !set.contains(*c);
            let start = if name == "rtrim" { Some(0) } else { chars.iter().position(stays) };
            let end = if name == "ltrim" { Some(chars.len()) } else { chars.iter().rposition(stays).map(|i| i + 1) };
            match (start, end) {
                (Some(start), Some(end)) => joined(&chars[start..end]),
                _ => joined(&[]),
            }
        }
        ("replace", [Cell::Text(part), Cell::Text(_)]) if part.is_empty() => Cell::Text(text.to_owned()),
        ("replace", [Cell::Text(part), Cell::Text(other)]) => Cell::Text(split(text, part).join(other)),
        ("starts_with", [Cell::Text(part)]) => Cell::Bool(text.as_bytes().starts_with(part.as_bytes())),
        ("ends_with", [Cell::Text(part)]) => Cell::Bool(text.as_bytes().ends_with(part.as_bytes())),
        ("contains", [Cell::Text(part)]) => Cell::Bool(place(&chars, part).is_some()),
        ("strpos", [Cell::Text(part)]) => number(place(&chars, part).map_or(0, |i| i + 1)),
        ("split_part", [Cell::Text(_), Cell::Int(0)]) => return Err(Error::invalid_argument("part 0")),
        ("split_part", [Cell::Text(delimiter), Cell::Int(n)]) => {
            let mut parts = if delimiter.is_empty() { vec![text] } else { split(text, delimiter) };
            if *n < 0 {
                // From the end delimiters are found from the end, which differs where they overlap.
                parts = if delimiter.is_empty() { vec![text] } else { text.rsplit(delimiter.as_str()).collect() };
            }
            let index = n.unsigned_abs() - 1;
            let part = usize::try_from(index).ok().and_then(|i| parts.get(i));
            Cell::Text(part.copied().unwrap_or_default().to_owned())
        }
        ("concat", rest) => {
            let mut out = text.to_owned();
            for cell in rest {
                let Cell::Text(t) = cell else { return Err(Error::internal("concat of what is not text")) };
                out.push_str(t);
            }
            Cell::Text(out)
        }
        ("like" | "ilike", [Cell::Text(pattern), Cell::Text(escape)]) => {
            let pattern = read_pattern(pattern, escape.chars().next())?;
            Cell::Bool(is_like(&chars, &pattern, name == "ilike"))
        }
        ("regexp_like", [Cell::Text(pattern)]) => Cell::Bool(expression(pattern)?.is_match(text)),
        ("regexp_replace", [Cell::Text(pattern), Cell::Text(other)]) => {
            Cell::Text(expression(pattern)?.replace_all(text, other.as_str()).into_owned())
        }
        ("regexp_extract", [Cell::Text(pattern), Cell::Int(group)]) => {
            let expression = expression(pattern)?;
            let Some(group) = usize::try_from(*group).ok().filter(|g| *g < expression.captures_len()) else {
                return Err(Error::invalid_argument("no such group"));
            };
            let found = expression.captures(text).and_then(|c| c.get(group).map(|m| m.as_str().to_owned()));
            found.map_or(Cell::Null, Cell::Text)
        }
        ("repeat", [Cell::Int(n)]) => {
            let times = usize::try_from(*n).unwrap_or(if *n < 0 { 0 } else { usize::MAX });
            fits(text.len().saturating_mul(times))?;
            Cell::Text(if text.is_empty() { String::new() } else { text.repeat(times) })
        }
        ("lpad" | "rpad", [Cell::Int(n), Cell::Text(fill)]) => {
            let length = usize::try_from(*n).unwrap_or(if *n < 0 { 0 } else { usize::MAX });
            let missing = length.saturating_sub(chars.len());
            let kept: String = chars.iter().take(length).collect();
            if fill.is_empty() || missing == 0 {
                return Ok(Cell::Text(kept));
            }
            fits(missing)?;
            let added: String = fill.chars().cycle().take(missing).collect();
            fits(added.len() + kept.len())?;
            Cell::Text(if name == "lpad" { added + &kept } else { kept + &added })
        }
        _ => return Err(Error::unsupported(format!("{name} of text in the interpreter"))),
    })
}

fn fits(bytes: usize) -> Result<()> {
    match bytes {
        _ if bytes > LONGEST => Err(Error::invalid_argument("a text beyond 2^31 - 1 bytes")),
        // The rows of a test are not worth so much memory.
        _ if bytes > 1 << 24 => Err(Error::unsupported("a text of so many bytes in the interpreter")),
        _ => Ok(()),
    }
}

/// How many of `all` characters are meant: all but so many where `n` is negative.
fn counted(n: i128, all: usize) -> usize {
    let of_end = if n < 0 { all as i128 + n } else { n };
    usize::try_from(of_end.max(0)).unwrap_or(all).min(all)
}

/// Where a part first begins.
fn place(chars: &[char], part: &str) -> Option<usize> {
    let part: Vec<char> = part.chars().collect();
    (0..=chars.len()).find(|i| chars[*i..].starts_with(&part))
}

/// What is between the places of a delimiter that is not empty.
fn split<'a>(text: &'a str, delimiter: &str) -> Vec<&'a str> {
    text.split(delimiter).collect()
}

fn expression(pattern: &str) -> Result<Regex> {
    Regex::new(pattern).map_err(|e| Error::invalid_argument(e.to_string()))
}

/// A part of a pattern.
enum Part {
    Any,
    One,
    Char(char),
}

fn read_pattern(pattern: &str, escape: Option<char>) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            c if Some(c) == escape => {
                Part::Char(chars.next().ok_or_else(|| Error::invalid_argument("the pattern ends in its escape"))?)
            }
            '%' => Part::Any,
            '_' => Part::One,
            c => Part::Char(c),
        });
    }
    Ok(parts)
}

fn is_like(text: &[char], pattern: &[Part], ignore_case: bool) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, first) => first.is_none(),
        (Some((Part::Any, rest)), _) => (0..=text.len()).any(|i| is_like(&text[i..], rest, ignore_case)),
        (Some((Part::One, rest)), Some((_, behind))) => is_like(behind, rest, ignore_case),
        (Some((Part::Char(p), rest)), Some((c, behind))) => {
            (p == c || (ignore_case && folds(*p, *c))) && is_like(behind, rest, ignore_case)
        }
        (Some(_), None) => false,
    }
}

/// Whether two characters differ in nothing but their case.
fn folds(a: char, b: char) -> bool {
    let one = |mut of: Box<dyn Iterator<Item = char>>| of.next().filter(|_| of.next().is_none());
    let (lower, upper) = (|c: char| one(Box::new(c.to_lowercase())), |c: char| one(Box::new(c.to_uppercase())));
    (lower(a).is_some() && lower(a) == lower(b)) || (upper(a).is_some() && upper(a) == upper(b))
}
