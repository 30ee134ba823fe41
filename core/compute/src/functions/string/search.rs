//! Functions that look for text in text, and those that put other text in its place.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, BooleanArray, Int64Array};
use arrow_buffer::BooleanBuffer;
use memchr::memmem::{self, Finder};
use pf_base::{Error, Result};
use regex::Regex;

use super::kernel;
use crate::block::Integers;
use crate::like::Matcher;
use crate::regexp::{self, Last};
use crate::text::{Texts, characters, constant_text, write_rows};
use crate::{Call, ScalarKernel};

pub(super) fn contains(call: &Call<'_>) -> Result<ScalarKernel> {
    matching(call, |part, _| Ok(Matcher::contains(part)))
}

pub(super) fn starts_with(call: &Call<'_>) -> Result<ScalarKernel> {
    matching(call, |part, _| Ok(Matcher::Prefix(part.to_owned())))
}

pub(super) fn ends_with(call: &Call<'_>) -> Result<ScalarKernel> {
    matching(call, |part, _| Ok(Matcher::Suffix(part.to_owned())))
}

pub(super) fn regexp_like(call: &Call<'_>) -> Result<ScalarKernel> {
    matching(call, |pattern, _| Ok(Matcher::Regex(regexp::compile(pattern)?)))
}

pub(super) fn like(call: &Call<'_>) -> Result<ScalarKernel> {
    matching(call, |pattern, escape| Matcher::like(pattern, escape, false))
}

pub(super) fn ilike(call: &Call<'_>) -> Result<ScalarKernel> {
    matching(call, |pattern, escape| Matcher::like(pattern, escape, true))
}

/// The third argument of `LIKE`.
fn escape_of(call: &Call<'_>) -> Result<Option<char>> {
    let Some(text) = constant_text(call, 2) else { return Ok(None) };
    let mut of_text = text.chars();
    match (of_text.next(), of_text.next()) {
        (escape, None) => Ok(escape),
        _ => Err(Error::invalid_argument(format!("the escape must be one character or none, not '{text}'"))),
    }
}

/// A function that holds text against what `make` makes of its second argument and of the escape.
fn matching(call: &Call<'_>, make: fn(&str, Option<char>) -> Result<Matcher>) -> Result<ScalarKernel> {
    let escape = escape_of(call)?;
    let known = constant_text(call, 1).map(|pattern| make(&pattern, escape)).transpose()?;
    Ok(kernel(call, move |values, block, _| {
        let (texts, patterns) = (Texts::of(&values[0])?, Texts::of(&values[1])?);
        let bits = match (&known, patterns.scalar()) {
            (Some(matcher), _) => matcher.bits(&texts, block),
            (None, Some(pattern)) => make(pattern, escape)?.bits(&texts, block),
            (None, None) => {
                let mut last = Last::new();
                let mut matches = |row| -> Result<bool> {
                    let matcher = last.get(patterns.get(row), |pattern| make(pattern, escape))?;
                    Ok(matcher.matches(texts.get(row)))
                };
                let bits = (0..block.rows).map(|row| if block.is_valid(row) { matches(row) } else { Ok(false) });
                BooleanBuffer::from(bits.collect::<Result<Vec<bool>>>()?)
            }
        };
        Ok(Arc::new(BooleanArray::new(bits, block.nulls.clone())))
    }))
}

pub(super) fn strpos(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, _| {
        let (texts, parts) = (Texts::of(&values[0])?, Texts::of(&values[1])?);
        let ascii = texts.is_ascii();
        let place = |text: &str, at: Option<usize>| match at {
            None => 0,
            Some(at) if ascii => at as i64 + 1,
            Some(at) => characters(&text[..at]) as i64 + 1,
        };
        let places = if let Some(part) = parts.scalar() {
            let finder = Finder::new(part);
            texts.numbers(block, |text| place(text, finder.find(text.as_bytes())))
        } else {
            let of = |row| {
                let text = texts.get(row);
                place(text, memmem::find(text.as_bytes(), parts.get(row).as_bytes()))
            };
            (0..block.rows).map(|row| if block.is_valid(row) { of(row) } else { 0 }).collect()
        };
        Ok(Arc::new(Int64Array::try_new(places, block.nulls.clone())?))
    }))
}

pub(super) fn replace(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, result| {
        let (texts, parts, others) = (Texts::of(&values[0])?, Texts::of(&values[1])?, Texts::of(&values[2])?);
        let shared = parts.scalar().map(Finder::new);
        write_rows(block, result, |row, output| {
            let (mut rest, other) = (texts.get(row), others.get(row));
            let made;
            let finder = if let Some(finder) = &shared {
                finder
            } else {
                made = Finder::new(parts.get(row));
                &made
            };
            let length = finder.needle().len();
            while length > 0
                && let Some(at) = finder.find(rest.as_bytes())
            {
                output.push(&rest[..at])?;
                output.push(other)?;
                rest = &rest[at + length..];
            }
            output.push(rest)?;
            Ok(true)
        })
    }))
}

pub(super) fn concat(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, result| {
        let parts = values.iter().map(Texts::of).collect::<Result<Vec<_>>>()?;
        write_rows(block, result, |row, output| {
            for part in &parts {
                output.push(part.get(row))?;
            }
            Ok(true)
        })
    }))
}

/// The expression of a literal second argument.
fn known_expression(call: &Call<'_>) -> Result<Option<Regex>> {
    constant_text(call, 1).map(|pattern| regexp::compile(&pattern)).transpose()
}

pub(super) fn regexp_replace(call: &Call<'_>) -> Result<ScalarKernel> {
    let known = known_expression(call)?;
    Ok(kernel(call, move |values, block, result| {
        let (texts, patterns, others) = (Texts::of(&values[0])?, Texts::of(&values[1])?, Texts::of(&values[2])?);
        let mut last = Last::new();
        let mut expanded = String::new();
        write_rows(block, result, |row, output| {
            let (text, other) = (texts.get(row), others.get(row));
            let expression = match &known {
                Some(expression) => expression,
                None => last.get(patterns.get(row), regexp::compile)?,
            };
            let mut from = 0;
            if other.contains('$') {
                for groups in expression.captures_iter(text) {
                    let whole = groups.get_match();
                    output.push(&text[from..whole.start()])?;
                    expanded.clear();
                    groups.expand(other, &mut expanded);
                    output.push(&expanded)?;
                    from = whole.end();
                }
            } else {
                for whole in expression.find_iter(text) {
                    output.push(&text[from..whole.start()])?;
                    output.push(other)?;
                    from = whole.end();
                }
            }
            output.push(&text[from..])?;
            Ok(true)
        })
    }))
}

pub(super) fn regexp_extract(call: &Call<'_>) -> Result<ScalarKernel> {
    let known = known_expression(call)?;
    if let (Some(expression), Some(group)) = (&known, constant_integer(call, 2)) {
        group_of(expression, group)?;
    }
    Ok(kernel(call, move |values, block, result| {
        let (texts, patterns, groups) = (Texts::of(&values[0])?, Texts::of(&values[1])?, Integers::of(&values[2]));
        let mut last = Last::new();
        write_rows(block, result, |row, output| {
            let expression = match &known {
                Some(expression) => expression,
                None => last.get(patterns.get(row), regexp::compile)?,
            };
            let (text, group) = (texts.get(row), group_of(expression, groups.get(row))?);
            let found = if group == 0 {
                expression.find(text)
            } else {
                expression.captures(text).and_then(|captures| captures.get(group))
            };
            if let Some(found) = found {
                output.push(found.as_str())?;
            }
            Ok(found.is_some())
        })
    }))
}

fn group_of(expression: &Regex, group: i64) -> Result<usize> {
    let groups = expression.captures_len();
    usize::try_from(group).ok().filter(|g| *g < groups).ok_or_else(|| {
        let last = groups - 1;
        Error::invalid_argument(format!("group {group} is not in '{expression}', whose groups are 0 to {last}"))
    })
}

/// The value of an argument that is a literal integer.
fn constant_integer(call: &Call<'_>, i: usize) -> Option<i64> {
    let integers = call.arguments.get(i)?.constant.as_ref()?.as_primitive_opt::<Int64Type>()?;
    integers.is_valid(0).then(|| integers.value(0))
}
