//! Functions of one row's values.

use std::cmp::Ordering;

use arrow_schema::DataType;
use pf_base::{Code, Error, Result};

use super::cell::{Cell, rounded, within};
use crate::{Overflow, Settings};

/// The value of a function whose first argument is of type `of`.
pub(super) fn call(name: &str, values: &[Cell], of: &DataType, result: &DataType, settings: Settings) -> Result<Cell> {
    match (name, values) {
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
    if values.contains(&Cell::Null) {
        return Ok(Cell::Null);
    }
    match (name, values) {
        ("eq" | "ne" | "lt" | "le" | "gt" | "ge", [a, b]) => Ok(compare(name, a, b)),
        ("not", [Cell::Bool(x)]) => Ok(Cell::Bool(!x)),
        ("div", [Cell::Int(a), Cell::Int(b)]) if result.is_floating() => match (b, settings.overflow) {
            (0, Overflow::Error) => Err(Error::new(Code::Arithmetic, format!("{a} / 0: division by zero"))),
            (0, _) => Ok(Cell::Null),
            _ => Ok(Cell::Float(*a as f64 / *b as f64)),
        },
        (_, [Cell::Int(a), Cell::Int(b)]) if of.is_integer() => integers(name, *a, *b, result, settings.overflow),
        ("neg", [Cell::Int(a)]) if of.is_integer() => fitted(-a, result, settings.overflow),
        ("abs", [Cell::Int(a)]) if of.is_integer() => fitted(a.abs(), result, settings.overflow),
        (_, [Cell::Float(a), Cell::Float(b)]) => floats(name, *a, *b, result),
        (_, [Cell::Float(a)]) => float(name, *a, result),
        (_, [Cell::Text(s), rest @ ..]) => text(name, s, rest),
        _ => Err(Error::unsupported(format!("{name} in the interpreter"))),
    }
}

fn integers(name: &str, a: i128, b: i128, result: &DataType, overflow: Overflow) -> Result<Cell> {
    if matches!(name, "floor_div" | "mod" | "floor_mod") && b == 0 {
        return match overflow {
            Overflow::Error => Err(Error::new(Code::Arithmetic, format!("{name} of {a} by zero"))),
            Overflow::Null | Overflow::Wrap => Ok(Cell::Null),
        };
    }
    let value = match name {
        "add" => a + b,
        "sub" => a - b,
        "mul" => match a.checked_mul(b) {
            Some(value) => value,
            // Of two uint64; only the low bits matter.
            None if overflow == Overflow::Wrap => a.wrapping_mul(b),
            None if overflow == Overflow::Null => return Ok(Cell::Null),
            None => return Err(Error::new(Code::Arithmetic, "an overflow")),
        },
        "floor_div" => a / b - i128::from(a % b != 0 && (a < 0) != (b < 0)),
        "mod" => a % b,
        "floor_mod" => ((a % b) + b) % b,
        _ => return Err(Error::unsupported(format!("{name} of integers in the interpreter"))),
    };
    fitted(value, result, overflow)
}

fn fitted(value: i128, result: &DataType, overflow: Overflow) -> Result<Cell> {
    if within(value, result) {
        return Ok(Cell::Int(value));
    }
    match overflow {
        Overflow::Error => Err(Error::new(Code::Arithmetic, format!("{value} overflows {result}"))),
        Overflow::Null => Ok(Cell::Null),
        Overflow::Wrap => {
            let bits = 8 * result.primitive_width().unwrap_or(0) as u32;
            let low = value & ((1_i128 << bits) - 1);
            let negative = result.is_signed_integer() && low >> (bits - 1) == 1;
            Ok(Cell::Int(if negative { low - (1_i128 << bits) } else { low }))
        }
    }
}

/// An operation on floats: float64 holds enough digits that rounding its result is the operation on the shorter type.
fn floats(name: &str, a: f64, b: f64, result: &DataType) -> Result<Cell> {
    Ok(Cell::Float(rounded(
        match name {
            "add" => a + b,
            "sub" => a - b,
            "mul" => a * b,
            "div" => a / b,
            "floor_div" => rounded(a / b, result).floor(),
            "mod" => a % b,
            "floor_mod" => {
                let r = a % b;
                if r == 0.0 {
                    0.0_f64.copysign(b)
                } else if (r < 0.0) != (b < 0.0) {
                    r + b
                } else {
                    r
                }
            }
            _ => return Err(Error::unsupported(format!("{name} of floats in the interpreter"))),
        },
        result,
    )))
}

fn float(name: &str, a: f64, result: &DataType) -> Result<Cell> {
    Ok(match name {
        "neg" => Cell::Float(-a),
        "abs" => Cell::Float(a.abs()),
        "floor" => Cell::Float(a.floor()),
        "ceil" => Cell::Float(a.ceil()),
        "trunc" => Cell::Float(a.trunc()),
        "sqrt" => Cell::Float(rounded(a.sqrt(), result)),
        "is_nan" => Cell::Bool(a.is_nan()),
        "is_finite" => Cell::Bool(a.is_finite()),
        "is_infinite" => Cell::Bool(a.is_infinite()),
        _ => return Err(Error::unsupported(format!("{name} of a float in the interpreter"))),
    })
}

fn text(name: &str, s: &str, rest: &[Cell]) -> Result<Cell> {
    let length = |n: usize| Cell::Int(n as i128);
    Ok(match (name, rest) {
        ("lower", []) => Cell::Text(s.to_lowercase()),
        ("upper", []) => Cell::Text(s.to_uppercase()),
        ("length", []) => length(s.chars().count()),
        ("octet_length", []) => length(s.len()),
        ("reverse", []) => Cell::Text(s.chars().rev().collect()),
        ("starts_with", [Cell::Text(t)]) => Cell::Bool(s.as_bytes().starts_with(t.as_bytes())),
        ("ends_with", [Cell::Text(t)]) => Cell::Bool(s.as_bytes().ends_with(t.as_bytes())),
        ("contains", [Cell::Text(t)]) => {
            Cell::Bool(t.is_empty() || s.as_bytes().windows(t.len()).any(|w| w == t.as_bytes()))
        }
        ("concat", rest) => {
            let mut out = s.to_owned();
            for cell in rest {
                let Cell::Text(t) = cell else { return Err(Error::internal("concat of what is not text")) };
                out.push_str(t);
            }
            Cell::Text(out)
        }
        _ => return Err(Error::unsupported(format!("{name} of text in the interpreter"))),
    })
}

/// The order of two values; none with null or NaN.
fn order(a: &Cell, b: &Cell) -> Option<Ordering> {
    match (a, b) {
        (Cell::Bool(a), Cell::Bool(b)) => Some(a.cmp(b)),
        (Cell::Int(a), Cell::Int(b)) => Some(a.cmp(b)),
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
