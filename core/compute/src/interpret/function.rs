//! Functions of one row's values.

use std::cmp::Ordering;

use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::cell::Cell;
use super::{number, text, time};
use crate::Overflow;

/// A call on one row.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) values: Vec<Cell>,
    pub(super) types: Vec<&'a DataType>,
    pub(super) result: &'a DataType,
    pub(super) overflow: Overflow,
}

const TEMPORAL: &[&str] =
    &["extract", "date_trunc", "to_timestamp", "to_date", "strftime", "at_time_zone", "make_date"];

/// The value of a function.
pub(super) fn value(mut call: Call<'_>) -> Result<Cell> {
    match (call.name, call.values.as_slice()) {
        ("is_null", [x]) => return Ok(Cell::Bool(*x == Cell::Null)),
        ("is_not_null", [x]) => return Ok(Cell::Bool(*x != Cell::Null)),
        ("is_true", [x]) => return Ok(Cell::Bool(*x == Cell::Bool(true))),
        ("is_not_true", [x]) => return Ok(Cell::Bool(*x != Cell::Bool(true))),
        ("is_false", [x]) => return Ok(Cell::Bool(*x == Cell::Bool(false))),
        ("is_not_false", [x]) => return Ok(Cell::Bool(*x != Cell::Bool(false))),
        ("distinct_from", [a, b]) => return Ok(Cell::Bool(!same(a, b))),
        ("not_distinct_from", [a, b]) => return Ok(Cell::Bool(same(a, b))),
        ("greatest", all) => return Ok(extreme(all, Ordering::Greater)),
        ("least", all) => return Ok(extreme(all, Ordering::Less)),
        ("nullif", [a, b]) => {
            return Ok(if order(a, b) == Some(Ordering::Equal) { Cell::Null } else { a.clone() });
        }
        ("in", [x, items @ ..]) => {
            if *x == Cell::Null {
                return Ok(Cell::Null);
            }
            let found = items.iter().any(|item| order(x, item) == Some(Ordering::Equal));
            let unknown = items.contains(&Cell::Null);
            return Ok(if !found && unknown { Cell::Null } else { Cell::Bool(found) });
        }
        ("between", [x, low, high]) => {
            let above = compare("ge", x, low);
            let below = compare("le", x, high);
            return Ok(match (above, below) {
                (Cell::Bool(false), _) | (_, Cell::Bool(false)) => Cell::Bool(false),
                (Cell::Null, _) | (_, Cell::Null) => Cell::Null,
                _ => Cell::Bool(true),
            });
        }
        _ => {}
    }
    // What is of the type null is an option that was left out.
    let absent: Vec<bool> = call.types.iter().map(|t| t.is_null()).collect();
    let mut each = absent.iter();
    call.values.retain(|_| !each.next().is_some_and(|absent| *absent));
    call.types.retain(|t| !t.is_null());
    if call.values.contains(&Cell::Null) {
        return Ok(Cell::Null);
    }
    let temporal = call.types.iter().any(|t| t.is_temporal() || matches!(t, DataType::Interval(_)));
    match (call.name, call.values.as_slice()) {
        ("eq" | "ne" | "lt" | "le" | "gt" | "ge", [a, b]) => Ok(compare(call.name, a, b)),
        ("not", [Cell::Bool(x)]) => Ok(Cell::Bool(!x)),
        (name, _) if temporal || TEMPORAL.contains(&name) => time::call(&call),
        (name, [Cell::Text(s), rest @ ..]) => text::call(name, s, rest),
        (_, [Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_), ..]) => number::call(&call),
        _ => Err(Error::unsupported(format!("{} in the interpreter", call.name))),
    }
}

/// The order of two values; none with null or NaN.
fn order(a: &Cell, b: &Cell) -> Option<Ordering> {
    match (a, b) {
        (Cell::Bool(a), Cell::Bool(b)) => Some(a.cmp(b)),
        (Cell::Int(a), Cell::Int(b)) => Some(a.cmp(b)),
        (Cell::Decimal(a), Cell::Decimal(b)) => Some(a.order(b)),
        (Cell::Float(a), Cell::Float(b)) => a.partial_cmp(b),
        (Cell::Text(a), Cell::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
        _ => None,
    }
}

fn compare(name: &str, a: &Cell, b: &Cell) -> Cell {
    if *a == Cell::Null || *b == Cell::Null {
        return Cell::Null;
    }
    let order = order(a, b);
    Cell::Bool(match name {
        "eq" => order == Some(Ordering::Equal),
        "ne" => order != Some(Ordering::Equal),
        "lt" => order == Some(Ordering::Less),
        "le" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        "gt" => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    })
}

fn same(a: &Cell, b: &Cell) -> bool {
    match (a, b) {
        (Cell::Null, Cell::Null) => true,
        (Cell::Float(a), Cell::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
        _ => order(a, b) == Some(Ordering::Equal),
    }
}

/// The first of the greatest or least values; nulls count for nothing, and NaN only against them.
fn extreme(values: &[Cell], wanted: Ordering) -> Cell {
    let mut best = Cell::Null;
    for value in values {
        let better = match (&best, value) {
            (_, Cell::Null) => false,
            (Cell::Null, _) => true,
            (Cell::Float(a), Cell::Float(b)) => !b.is_nan() && (a.is_nan() || b.total_cmp(a) == wanted),
            (a, b) => order(b, a) == Some(wanted),
        };
        if better {
            best = value.clone();
        }
    }
    best
}
