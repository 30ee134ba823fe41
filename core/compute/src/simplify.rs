//! Rewrites of a call that change no value of any row, be it null or NaN: calls of literals are computed, and what a
//! condition that is known makes needless is left out.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, new_null_array};
use arrow_schema::DataType;
use pf_base::{Error, Result};
use std::sync::Arc;

use crate::check::{converted, kernel_call};
use crate::{Argument, Function, Implementation, Settings, Special, Typed, TypedKind, Value, functions};

/// Functions whose results may be much longer than what they are made of: they are computed where memory is counted.
const GROWING: &[&str] = &["repeat", "lpad", "rpad", "replace", "regexp_replace"];

/// Functions that are null wherever one argument is, and fail for no values: `x = NULL` is null for every row.
const NULL_FOR_NULL: &[&str] = &["eq", "ne", "lt", "le", "gt", "ge", "like", "ilike", "starts_with", "contains"];

/// What says the opposite where the one gives true or false, and null where the one gives null. `<` has none: the
/// opposite of `NaN < 1` is true, and so is not `NaN >= 1`.
const OPPOSITES: &[(&str, &str)] = &[
    ("eq", "ne"),
    ("is_null", "is_not_null"),
    ("is_true", "is_not_true"),
    ("is_false", "is_not_false"),
    ("distinct_from", "not_distinct_from"),
];

/// The call simplified, and what computing it failed with, if it has only literals and all rows would fail.
///
/// A kernel that cannot be made fails too: what is wrong then is a literal, or the types.
pub(crate) fn call(typed: Typed, settings: Settings) -> (Typed, Option<Error>) {
    let TypedKind::Call { function, arguments, .. } = &typed.kind else { return (typed, None) };
    match function.implementation {
        Implementation::Special(special) => (simplify_special(typed, special), None),
        Implementation::Scalar(make) => {
            let known: Vec<Argument> = arguments.iter().map(converted).collect();
            let kernel = match make(&kernel_call(&known, &typed, settings)) {
                Ok(kernel) => kernel,
                Err(e) => return (typed, Some(e)),
            };
            let literals: Option<Vec<Value>> =
                arguments.iter().map(|a| literal(a).cloned().map(Value::Scalar)).collect();
            match literals {
                Some(values) if !GROWING.contains(&function.name) => match fold(&kernel, &values, &typed.data_type) {
                    Ok(array) => (of(array, &typed), None),
                    Err(e) => (typed, Some(e)),
                },
                _ => (simplify_scalar(typed), None),
            }
        }
        // Made only to see whether it can be: a bad constant is told with its place, and before any data is read.
        Implementation::Aggregate(make) => {
            let known: Vec<Argument> = arguments.iter().map(converted).collect();
            let error = make(&kernel_call(&known, &typed, settings)).err();
            (typed, error)
        }
        Implementation::Holistic(make) => {
            let known: Vec<Argument> = arguments.iter().map(converted).collect();
            let error = make(&kernel_call(&known, &typed, settings)).err();
            (typed, error)
        }
        Implementation::Window(make) => {
            let known: Vec<Argument> = arguments.iter().map(converted).collect();
            let error = make(&kernel_call(&known, &typed, settings)).err();
            (typed, error)
        }
    }
}

fn fold(kernel: &crate::ScalarKernel, values: &[Value], to: &DataType) -> Result<ArrayRef> {
    let array = kernel(values, 1)?.into_array(1)?;
    if array.len() == 1 && array.data_type() == to {
        return Ok(array);
    }
    Err(Error::internal(format!("gave {} rows of {} instead of one of {to}", array.len(), array.data_type())))
}

fn literal(typed: &Typed) -> Option<&ArrayRef> {
    match &typed.kind {
        TypedKind::Literal(array) => Some(array),
        _ => None,
    }
}

/// A literal in the place of a call.
fn of(array: ArrayRef, call: &Typed) -> Typed {
    let nullable = array.null_count() > 0 || array.data_type().is_null();
    Typed { data_type: array.data_type().clone(), kind: TypedKind::Literal(array), nullable, at: call.at }
}

/// What a literal condition is: true, false, or null.
fn truth(typed: &Typed) -> Option<Option<bool>> {
    let array = literal(typed)?;
    match array.data_type() {
        DataType::Boolean => Some(array.is_valid(0).then(|| array.as_boolean().value(0))),
        DataType::Null => Some(None),
        _ => None,
    }
}

fn is_null_literal(typed: &Typed) -> bool {
    literal(typed).is_some_and(|a| a.data_type().is_null() || a.is_null(0))
}

fn boolean(value: bool, call: &Typed) -> Typed {
    of(Arc::new(BooleanArray::from(vec![value])), call)
}

/// Whether no row can fail in it.
fn is_plain(typed: &Typed) -> bool {
    matches!(typed.kind, TypedKind::Column(_) | TypedKind::Literal(_))
}

fn opposite(name: &str) -> Option<&'static Function> {
    let found = OPPOSITES.iter().find_map(|(a, b)| match name {
        _ if name == *a => Some(b),
        _ if name == *b => Some(a),
        _ => None,
    });
    functions::find(found?)
}

fn simplify_scalar(mut typed: Typed) -> Typed {
    let TypedKind::Call { function, arguments, .. } = &mut typed.kind else { return typed };
    let name = function.name;
    match arguments.as_mut_slice() {
        [inner] if name == "not" => simplify_not(inner).unwrap_or(typed),
        [value] if matches!(name, "is_null" | "is_not_null") && is_column(value) && !value.nullable => {
            boolean(name == "is_not_null", &typed)
        }
        all if NULL_FOR_NULL.contains(&name) && all.iter().any(is_null_literal) && all.iter().all(is_plain) => {
            of(new_null_array(&typed.data_type, 1), &typed)
        }
        _ => typed,
    }
}

/// The opposite of a condition, where it is a condition as simple.
fn simplify_not(inner: &mut Typed) -> Option<Typed> {
    let TypedKind::Call { function, arguments, .. } = &mut inner.kind else { return None };
    if function.name == "not" {
        return arguments.pop();
    }
    *function = opposite(function.name)?;
    Some(inner.clone())
}

fn is_column(typed: &Typed) -> bool {
    matches!(typed.kind, TypedKind::Column(_))
}

fn simplify_special(mut typed: Typed, special: Special) -> Typed {
    let TypedKind::Call { function, arguments, .. } = &mut typed.kind else { return typed };
    let name = function.name;
    let old = std::mem::take(arguments);
    let result = match special {
        Special::And | Special::Or => simplify_logic(old, name, special == Special::Or),
        Special::Case => simplify_case(old),
        Special::Coalesce => simplify_coalesce(old),
    };
    match result {
        Ok(other) => other,
        Err(kept) => {
            *arguments = kept;
            typed
        }
    }
}

/// Nested calls of the same become one; what stands after a literal that decides is not needed, and a literal that
/// decides nothing goes.
fn simplify_logic(old: Vec<Typed>, name: &str, decides: bool) -> Result<Typed, Vec<Typed>> {
    let mut kept = Vec::with_capacity(old.len());
    for argument in old {
        match argument.kind {
            TypedKind::Call { function, arguments, .. } if function.name == name => kept.extend(arguments),
            _ => kept.push(argument),
        }
    }
    let same = |value: bool| move |a: &Typed| truth(a) == Some(Some(value));
    if let Some(end) = kept.iter().position(same(decides)) {
        kept.truncate(end + 1);
    }
    let neutral = same(!decides);
    if kept.iter().all(&neutral) {
        kept.truncate(1);
    } else {
        kept.retain(|a| !neutral(a));
    }
    if kept.len() == 1 { kept.pop().ok_or(kept) } else { Err(kept) }
}

/// Conditions that are never true go with their values; what stands after one that is always true is not needed.
fn simplify_case(old: Vec<Typed>) -> Result<Typed, Vec<Typed>> {
    if old.len().is_multiple_of(2) {
        return Err(old);
    }
    let mut kept = Vec::with_capacity(old.len());
    let mut rest = old.into_iter();
    while let Some(condition) = rest.next() {
        let Some(value) = rest.next() else {
            // The value for all other rows.
            kept.push(condition);
            break;
        };
        match truth(&condition) {
            Some(Some(true)) => {
                kept.push(value);
                break;
            }
            Some(_) => {}
            None => kept.extend([condition, value]),
        }
    }
    if kept.len() == 1 { kept.pop().ok_or(kept) } else { Err(kept) }
}

/// Nulls go; what stands after a value that is never null is not needed.
fn simplify_coalesce(old: Vec<Typed>) -> Result<Typed, Vec<Typed>> {
    let mut kept: Vec<Typed> = Vec::with_capacity(old.len());
    for argument in old {
        if is_null_literal(&argument) && !kept.is_empty() {
            continue;
        }
        if kept.len() == 1 && is_null_literal(&kept[0]) {
            kept.clear();
        }
        let last = !argument.nullable;
        kept.push(argument);
        if last {
            break;
        }
    }
    if kept.len() == 1 { kept.pop().ok_or(kept) } else { Err(kept) }
}
