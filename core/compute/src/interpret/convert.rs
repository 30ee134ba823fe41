//! Conversions of one value.

use arrow_schema::{DataType, IntervalUnit};
use num_bigint::BigInt;
use pf_base::{Code, Error, Result};
use regex::Regex;

use super::cell::{Cell, rounded, within};
use super::decimal::{Decimal, Rounding};
use super::time;

/// The value in another type.
pub(super) fn convert(cell: Cell, from: &DataType, to: &DataType) -> Result<Cell> {
    let (from, to) = (value_type(from), value_type(to));
    if from == to || cell == Cell::Null {
        return Ok(cell);
    }
    let unsupported = || Error::unsupported(format!("conversion of {from} to {to}"));
    let fail = || match from.is_string() {
        true => Error::invalid_argument(format!("{cell:?} is not a value of {to}")),
        false => Error::new(Code::Arithmetic, format!("{cell:?} does not fit {to}")),
    };
    if from.is_temporal() || matches!(from, DataType::Interval(_)) {
        return time::convert(&cell, from, to)?.ok_or_else(fail);
    }
    let out = match (&cell, to) {
        (_, t) if t.is_string() => match &cell {
            Cell::Int(v) => Some(Cell::Text(v.to_string())),
            Cell::Bool(b) => Some(Cell::Text(b.to_string())),
            Cell::Text(s) => Some(Cell::Text(s.clone())),
            Cell::Decimal(d) if d.scale >= 0 => Some(Cell::Text(d.to_string())),
            _ => return Err(unsupported()),
        },
        (Cell::Text(s), t) => text(s, t)?,
        (Cell::Int(v), t) if t.is_integer() => within(*v, t).then(|| cell.clone()),
        (Cell::Int(v), t) if t.is_temporal() => within(*v, t).then(|| cell.clone()),
        (Cell::Int(v), DataType::Float32) => Some(Cell::Float(f64::from(*v as f32))),
        (Cell::Int(v), t) if t.is_floating() => finite(*v as f64, t),
        (Cell::Int(v), DataType::Boolean) => Some(Cell::Bool(*v != 0)),
        (Cell::Int(v), t) => decimal(&Decimal::whole(*v), t).ok_or_else(unsupported)?,
        (Cell::Bool(b), t) if t.is_integer() => Some(Cell::Int(i128::from(*b))),
        (Cell::Bool(b), t) if t.is_floating() => Some(Cell::Float(f64::from(u8::from(*b)))),
        (Cell::Float(x), t) if t.is_floating() => finite(*x, t),
        (Cell::Float(x), DataType::Boolean) => Some(Cell::Bool(*x != 0.0)),
        (Cell::Float(x), t) if t.is_integer() => {
            let whole = x.trunc();
            // Beyond 2^126 no integer type holds it, and `as` would give the nearest.
            let near = whole.is_finite() && whole.abs() < 8e37 && within(whole as i128, t);
            near.then_some(Cell::Int(whole as i128))
        }
        (Cell::Decimal(d), t) if t.is_integer() => {
            i128::try_from(d.at(0, Rounding::Zero).digits).ok().filter(|v| within(*v, t)).map(Cell::Int)
        }
        (Cell::Decimal(d), t) if t.is_floating() => {
            // Where both parts are floats the quotient is the nearest; arrow does not promise it elsewhere.
            if d.digits.magnitude() > BigInt::from(1_u64 << 53).magnitude() || !(0..=22).contains(&d.scale) {
                return Err(unsupported());
            }
            finite(d.float(), t)
        }
        (Cell::Decimal(d), t) => decimal(d, t).ok_or_else(unsupported)?,
        _ => return Err(unsupported()),
    };
    out.ok_or_else(fail)
}

/// Of a dictionary the type of its values.
pub(super) fn value_type(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, values) => values,
        other => other,
    }
}

/// The value as a decimal of a type, if it fits; none where the type is no decimal.
fn decimal(value: &Decimal, to: &DataType) -> Option<Option<Cell>> {
    use DataType as D;
    let (D::Decimal32(p, s) | D::Decimal64(p, s) | D::Decimal128(p, s) | D::Decimal256(p, s)) = to else { return None };
    Some(Some(value.at((*s).into(), Rounding::Nearest)).filter(|v| v.fits(*p)).map(Cell::Decimal))
}

/// The nearest value of a float type, unless it is infinite where the value is not.
fn finite(value: f64, to: &DataType) -> Option<Cell> {
    let near = rounded(value, to);
    (near.is_finite() || !value.is_finite()).then_some(Cell::Float(near))
}

/// The value that a text means; none where it means none.
fn text(s: &str, to: &DataType) -> Result<Option<Cell>> {
    let unsupported = || Error::unsupported(format!("reading '{s}' as {to}"));
    let plain = s.trim();
    let number = Regex::new(r"^[+-]?[0-9]+(\.[0-9]+)?$").map_err(|e| Error::internal(e.to_string()))?;
    Ok(match to {
        t if t.is_integer() => plain.parse().ok().filter(|v| within(*v, t)).map(Cell::Int),
        DataType::Boolean if plain.eq_ignore_ascii_case("true") => Some(Cell::Bool(true)),
        DataType::Boolean if plain.eq_ignore_ascii_case("false") => Some(Cell::Bool(false)),
        t if t.is_floating() && number.is_match(plain) => {
            Some(Cell::Float(rounded(plain.parse().map_err(|_| unsupported())?, t)))
        }
        DataType::Decimal128(..) | DataType::Decimal256(..) if number.is_match(plain) => {
            let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
            let digits = format!("{whole}{part}").parse().map_err(|_| unsupported())?;
            decimal(&Decimal { digits, scale: part.len() as i64 }, to).flatten()
        }
        // What begins with no sign, digit or letter of a special value is none.
        t if (t.is_floating() || matches!(t, DataType::Decimal128(..))) && plain.starts_with(['a', 'b', 'S', 'ß']) => {
            None
        }
        t if t.is_temporal() || *t == DataType::Interval(IntervalUnit::MonthDayNano) => time::read(plain, t)?,
        _ => return Err(unsupported()),
    })
}
