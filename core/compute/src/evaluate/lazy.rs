//! `AND`, `OR`, `CASE` and `COALESCE`: an argument counts only on the rows that need it.
//!
//! An argument is computed on all rows of the block first: most raise nothing, and kernels on whole blocks are quicker
//! than rows gathered one by one. Only where that fails it is computed again on the rows that need it, and a failure
//! there is one.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::DataType;
use pf_base::{Code, Error, Result};

use super::node::{Node, Rows};
use crate::select::select;
use crate::{Special, Value};

/// The value of a special function on some rows.
#[inline(never)]
pub(super) fn value(special: Special, arguments: &[Node], result: &DataType, rows: &Rows<'_>) -> Result<Value> {
    match special {
        Special::And => connective(arguments, rows, false),
        Special::Or => connective(arguments, rows, true),
        Special::Case => case(arguments, result, rows),
        Special::Coalesce => coalesce(arguments, result, rows),
    }
}

/// The value of `node` where `needed()` says so, anything elsewhere.
fn where_needed(node: &Node, rows: &Rows<'_>, needed: impl FnOnce() -> BooleanBuffer) -> Result<Value> {
    match node.value(rows) {
        Err(error) if depends_on_values(&error) => again(node, rows, needed(), error),
        other => other,
    }
}

fn depends_on_values(error: &Error) -> bool {
    !matches!(error.code(), Code::Cancelled | Code::OutOfMemory | Code::Internal | Code::Io | Code::Timeout)
}

#[cold]
#[inline(never)]
fn again(node: &Node, rows: &Rows<'_>, needed: BooleanBuffer, error: Error) -> Result<Value> {
    let count = needed.count_set_bits();
    if count == rows.len {
        return Err(error);
    }
    let mask = BooleanArray::from(needed);
    if count == 0 {
        return Err(Error::internal("no row needs the value"));
    }
    let mut used = Vec::new();
    node.columns(&mut used);
    let mut columns = rows.columns.to_vec();
    for index in used {
        let column = columns[index].slice(rows.start, rows.len);
        columns[index] = arrow_select::filter::filter(&column, &mask)?;
    }
    match node.value(&Rows { columns: &columns, start: 0, len: count })? {
        Value::Array(values) => scatter(&values, mask.values()).map(Value::Array),
        scalar @ Value::Scalar(_) => Ok(scalar),
    }
}

/// Puts the values on the rows that are set, in order, and nulls elsewhere.
fn scatter(values: &ArrayRef, mask: &BooleanBuffer) -> Result<ArrayRef> {
    let mut next = 0;
    let indices: UInt32Array = mask
        .iter()
        .map(|set| {
            let index = set.then_some(next);
            next += u32::from(set);
            index
        })
        .collect();
    Ok(arrow_select::take::take(values, &indices, None)?)
}

/// `AND` (`deciding` is false) and `OR` (true): the deciding value of one argument is that of the whole.
fn connective(arguments: &[Node], rows: &Rows<'_>, deciding: bool) -> Result<Value> {
    let mut so_far: Option<Value> = None;
    for argument in arguments {
        let next = match &so_far {
            None => argument.value(rows)?,
            Some(before) => {
                if is_decided(before, deciding)? {
                    break;
                }
                where_needed(argument, rows, || undecided(before, rows.len, deciding))?
            }
        };
        so_far = Some(match so_far {
            None => next,
            Some(before) => combine(&before, &next, deciding)?,
        });
    }
    so_far.ok_or_else(|| Error::internal("and and or have arguments"))
}

fn boolean(value: &Value) -> Result<&BooleanArray> {
    let array = value.inner();
    array.as_boolean_opt().ok_or_else(|| Error::internal(format!("a condition is {}", array.data_type())))
}

/// A boolean for all rows: `Some(None)` is null.
fn constant(value: &Value) -> Result<Option<Option<bool>>> {
    Ok(match value {
        Value::Array(_) => None,
        Value::Scalar(_) => {
            let one = boolean(value)?;
            Some(one.is_valid(0).then(|| one.value(0)))
        }
    })
}

/// Whether no row needs another argument.
fn is_decided(value: &Value, deciding: bool) -> Result<bool> {
    let array = boolean(value)?;
    let values = array.values();
    Ok(array.null_count() == 0 && if deciding { !values.has_false() } else { !values.has_true() })
}

/// The rows that need another argument.
fn undecided(value: &Value, rows: usize, deciding: bool) -> BooleanBuffer {
    let Some(array) = value.inner().as_boolean_opt() else { return BooleanBuffer::new_set(rows) };
    if matches!(value, Value::Scalar(_)) {
        return BooleanBuffer::new_set(rows);
    }
    let open = if deciding { !array.values() } else { array.values().clone() };
    match array.nulls() {
        None => open,
        Some(nulls) => &open | &!nulls.inner(),
    }
}

/// Both by Kleene's logic: null is a value that is not known.
fn combine(a: &Value, b: &Value, deciding: bool) -> Result<Value> {
    let (value, constant) = match (constant(a)?, constant(b)?) {
        (Some(x), _) => (b, Some(x)),
        (None, Some(y)) => (a, Some(y)),
        (None, None) => (a, None),
    };
    let array = match constant {
        Some(Some(known)) if known == deciding => {
            return Ok(Value::Scalar(std::sync::Arc::new(BooleanArray::from(vec![deciding]))));
        }
        Some(Some(_)) => return Ok(value.clone()),
        Some(None) => {
            // Null with what decides is that, with anything else null.
            let array = boolean(value)?;
            let decided = if deciding { array.values().clone() } else { !array.values() };
            let decided = match array.nulls() {
                Some(nulls) => &decided & nulls.inner(),
                None => decided,
            };
            let values = if deciding { decided.clone() } else { !&decided };
            let nulls = NullBuffer::new(decided);
            let array = std::sync::Arc::new(BooleanArray::new(values, Some(nulls)));
            return Ok(if matches!(value, Value::Scalar(_)) { Value::Scalar(array) } else { Value::Array(array) });
        }
        None => kleene(boolean(a)?, boolean(b)?, deciding),
    };
    Ok(Value::Array(std::sync::Arc::new(array)))
}

fn kleene(a: &BooleanArray, b: &BooleanArray, deciding: bool) -> BooleanArray {
    let (x, y) = (a.values(), b.values());
    let values = if deciding { x | y } else { x & y };
    // Where it is known: both are, or one of them decides.
    let decides = |v: &BooleanBuffer, known: &BooleanBuffer| if deciding { v & known } else { &!v & known };
    let known = match (live(a), live(b)) {
        (None, None) => return BooleanArray::new(values, None),
        (Some(m), None) => m | &if deciding { y.clone() } else { !y },
        (None, Some(n)) => n | &if deciding { x.clone() } else { !x },
        (Some(m), Some(n)) => &(m & n) | &(&decides(x, m) | &decides(y, n)),
    };
    // With one side null and the other deciding, garbage under the null must not show.
    let values = match (live(a), live(b)) {
        (None, None) => values,
        _ if deciding => {
            let x = live(a).map_or_else(|| x.clone(), |m| x & m);
            let y = live(b).map_or_else(|| y.clone(), |n| y & n);
            &x | &y
        }
        _ => values,
    };
    BooleanArray::new(values, Some(NullBuffer::new(known)))
}

/// The validity of an array that has nulls.
fn live(array: &BooleanArray) -> Option<&BooleanBuffer> {
    array.nulls().filter(|n| n.null_count() > 0).map(NullBuffer::inner)
}

/// The rows on which a condition is true.
pub(crate) fn truths(value: &Value, rows: usize) -> Result<BooleanBuffer> {
    let array = boolean(value)?;
    Ok(match value {
        Value::Scalar(_) if array.is_valid(0) && array.value(0) => BooleanBuffer::new_set(rows),
        Value::Scalar(_) => BooleanBuffer::new_unset(rows),
        Value::Array(_) => match live(array) {
            Some(known) => array.values() & known,
            None => array.values().clone(),
        },
    })
}

fn case(arguments: &[Node], result: &DataType, rows: &Rows<'_>) -> Result<Value> {
    // Rows that have no value yet; all of them at first.
    let mut open: Option<BooleanBuffer> = None;
    let mut chosen: Vec<(BooleanBuffer, Value)> = Vec::new();
    let mut branches = arguments.chunks_exact(2);
    for branch in &mut branches {
        let condition =
            where_needed(&branch[0], rows, || open.clone().unwrap_or_else(|| BooleanBuffer::new_set(rows.len)))?;
        let hits = truths(&condition, rows.len)?;
        let hits = open.as_ref().map_or_else(|| hits.clone(), |open| &hits & open);
        if !hits.has_true() {
            continue;
        }
        let value = where_needed(&branch[1], rows, || hits.clone())?;
        let rest = open.as_ref().map_or_else(|| !&hits, |open| open & &!&hits);
        let done = !rest.has_true();
        chosen.push((hits, value));
        open = Some(rest);
        if done {
            break;
        }
    }
    let needs_rest = open.as_ref().is_none_or(BooleanBuffer::has_true) || rows.len == 0;
    let mut out = match branches.remainder().first() {
        Some(last) if needs_rest => {
            Some(where_needed(last, rows, || open.unwrap_or_else(|| BooleanBuffer::new_set(rows.len)))?)
        }
        _ => None,
    };
    for (hits, value) in chosen.into_iter().rev() {
        out = Some(match out {
            None => value,
            Some(rest) => Value::Array(select(&hits, &value, &rest, result)?),
        });
    }
    out.ok_or_else(|| Error::internal("case has no value"))
}

fn coalesce(arguments: &[Node], result: &DataType, rows: &Rows<'_>) -> Result<Value> {
    let mut so_far: Option<Value> = None;
    for argument in arguments {
        let Some(before) = so_far else {
            so_far = Some(argument.value(rows)?);
            continue;
        };
        let known = match &before {
            Value::Scalar(one) if one.null_count() == 0 && !one.data_type().is_null() => return Ok(before),
            Value::Scalar(_) => None,
            Value::Array(array) => match array.nulls().filter(|n| n.null_count() > 0) {
                None if !array.data_type().is_null() => return Ok(before),
                None => None,
                Some(nulls) => Some(nulls.inner().clone()),
            },
        };
        so_far = Some(match known {
            None => argument.value(rows)?,
            Some(known) => {
                let next = where_needed(argument, rows, || !&known)?;
                Value::Array(select(&known, &before, &next, result)?)
            }
        });
    }
    so_far.ok_or_else(|| Error::internal("coalesce has no argument"))
}
