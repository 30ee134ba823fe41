//! Functions of one row's numbers.

use arrow_schema::DataType;
use half::f16;
use num_bigint::{BigInt, Sign};
use pf_base::{Code, Error, Result};

use super::cell::{Cell, rounded, within};
use super::decimal::{Decimal, Rounding, quotient, ten};
use super::function::Call;
use crate::Overflow;

fn unsupported(call: &Call<'_>) -> Error {
    Error::unsupported(format!("{} of {:?} in the interpreter", call.name, call.types))
}

/// What a result becomes that is not there.
fn missing(overflow: Overflow, what: &str) -> Result<Cell> {
    match overflow {
        Overflow::Error => Err(Error::new(Code::Arithmetic, what)),
        Overflow::Null | Overflow::Wrap => Ok(Cell::Null),
    }
}

/// The value of a function of numbers, none of them null.
pub(super) fn call(call: &Call<'_>) -> Result<Cell> {
    match (call.name, call.values.as_slice()) {
        ("is_nan" | "is_infinite", [Cell::Int(_) | Cell::Decimal(_)]) => Ok(Cell::Bool(false)),
        ("is_finite", [Cell::Int(_) | Cell::Decimal(_)]) => Ok(Cell::Bool(true)),
        ("is_nan", [Cell::Float(x)]) => Ok(Cell::Bool(x.is_nan())),
        ("is_finite", [Cell::Float(x)]) => Ok(Cell::Bool(x.is_finite())),
        ("is_infinite", [Cell::Float(x)]) => Ok(Cell::Bool(x.is_infinite())),
        ("cut", [Cell::Float(x), edges @ ..]) => cut(*x, edges),
        ("div", [Cell::Int(_), Cell::Int(0)]) => missing(call.overflow, "division by zero"),
        ("div", [Cell::Int(a), Cell::Int(b)]) => Ok(Cell::Float(*a as f64 / *b as f64)),
        ("round", [x, Cell::Int(digits)]) => round(call, x, (*digits).clamp(-1_000, 1_000) as i64, Rounding::Nearest),
        ("floor", [x]) => round(call, x, 0, Rounding::Down),
        ("ceil", [x]) => round(call, x, 0, Rounding::Up),
        ("trunc", [x]) => round(call, x, 0, Rounding::Zero),
        (_, [Cell::Int(a), Cell::Int(b)]) => integers(call, *a, *b),
        ("neg", [Cell::Int(a)]) => fitted(-a, call.result, call.overflow),
        ("abs", [Cell::Int(a)]) => fitted(a.abs(), call.result, call.overflow),
        ("sign", [Cell::Int(a)]) => Ok(Cell::Int(a.signum())),
        (_, [Cell::Decimal(a), Cell::Decimal(b)]) => decimals(call, a, b),
        ("neg", [Cell::Decimal(a)]) => settled(call, Decimal { digits: -&a.digits, scale: a.scale }),
        ("abs", [Cell::Decimal(a)]) => {
            settled(call, Decimal { digits: a.digits.magnitude().clone().into(), scale: a.scale })
        }
        ("sign", [Cell::Decimal(a)]) => settled(
            call,
            Decimal::whole(match a.digits.sign() {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            }),
        ),
        (_, [Cell::Float(a), Cell::Float(b)]) => two_floats(call, *a, *b),
        (_, [Cell::Float(a)]) => one_float(call, *a),
        _ => Err(unsupported(call)),
    }
}

fn integers(call: &Call<'_>, a: i128, b: i128) -> Result<Cell> {
    let (name, result, overflow) = (call.name, call.result, call.overflow);
    if matches!(name, "floor_div" | "mod" | "floor_mod") && b == 0 {
        return missing(overflow, "division by zero");
    }
    let value = match name {
        "add" => a + b,
        "sub" => a - b,
        "mul" => match (a.checked_mul(b), overflow) {
            (Some(value), _) => value,
            // Of two uint64; only the low bits matter.
            (None, Overflow::Wrap) => a.wrapping_mul(b),
            (None, _) => return missing(overflow, "an overflow"),
        },
        "floor_div" => a / b - i128::from(a % b != 0 && (a < 0) != (b < 0)),
        "mod" => a % b,
        "floor_mod" => ((a % b) + b) % b,
        _ => return Err(unsupported(call)),
    };
    fitted(value, result, overflow)
}

/// An integer in its type, or what becomes of it.
pub(super) fn fitted(value: i128, result: &DataType, overflow: Overflow) -> Result<Cell> {
    if within(value, result) {
        return Ok(Cell::Int(value));
    }
    if overflow != Overflow::Wrap {
        return missing(overflow, "an overflow");
    }
    let bits = 8 * result.primitive_width().unwrap_or(0) as u32;
    let low = value & ((1_i128 << bits) - 1);
    let negative = !result.is_unsigned_integer() && low >> (bits - 1) == 1;
    Ok(Cell::Int(if negative { low - (1_i128 << bits) } else { low }))
}

/// A decimal in the type of the result, which has its scale, or what becomes of it.
fn settled(call: &Call<'_>, value: Decimal) -> Result<Cell> {
    match call.result {
        DataType::Decimal128(p, s) | DataType::Decimal256(p, s) if value.scale == i64::from(*s) => {
            if value.fits(*p) {
                Ok(Cell::Decimal(value))
            } else {
                missing(call.overflow, "an overflow")
            }
        }
        _ => Err(Error::internal(format!("{} gives {value}, not {}", call.name, call.result))),
    }
}

fn decimals(call: &Call<'_>, a: &Decimal, b: &Decimal) -> Result<Cell> {
    let zero = || b.digits.sign() == Sign::NoSign;
    let (x, y, scale) = a.aligned(b);
    let (digits, scale) = match call.name {
        "add" => (x + y, scale),
        "sub" => (x - y, scale),
        "mul" => (&a.digits * &b.digits, a.scale + b.scale),
        "div" | "floor_div" | "mod" | "floor_mod" if zero() => return missing(call.overflow, "division by zero"),
        "floor_div" => (quotient(&x, &y, Rounding::Down), 0),
        "mod" => (x % y, scale),
        "floor_mod" => {
            let times = quotient(&x, &y, Rounding::Down);
            (x - times * y, scale)
        }
        "div" => match call.result {
            DataType::Decimal128(_, s) | DataType::Decimal256(_, s) => {
                (quotient(&(x * ten((*s).into())), &y, Rounding::Nearest), (*s).into())
            }
            _ => return Err(unsupported(call)),
        },
        _ => return Err(unsupported(call)),
    };
    settled(call, Decimal { digits, scale })
}

/// A number with so many digits after the point.
fn round(call: &Call<'_>, x: &Cell, digits: i64, rounding: Rounding) -> Result<Cell> {
    match x {
        Cell::Int(_) if digits >= 0 => Ok(x.clone()),
        Cell::Int(v) => {
            let near = Decimal::whole(*v).at(digits, rounding).at(0, rounding).digits;
            fitted(i128::try_from(near).map_err(|_| unsupported(call))?, call.result, call.overflow)
        }
        Cell::Decimal(d) => {
            let (DataType::Decimal128(_, s) | DataType::Decimal256(_, s)) = call.result else {
                return Err(unsupported(call));
            };
            let near = if d.scale <= digits { d.clone() } else { d.at(digits, rounding) };
            settled(call, near.at((*s).into(), rounding))
        }
        Cell::Float(x) if !x.is_finite() || *x == 0.0 => Ok(Cell::Float(*x)),
        Cell::Float(x) => {
            let near = exact(*x).at(digits, rounding);
            let value = near.float();
            // A zero keeps the sign of what was rounded.
            Ok(Cell::Float(rounded(value.copysign(*x), call.result)))
        }
        _ => Err(unsupported(call)),
    }
}

/// All the digits of a finite float.
fn exact(x: f64) -> Decimal {
    // A float is a whole number of 2^-1074, and 2^-1 is five tenths.
    let bits = x.abs().to_bits();
    let (exponent, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    let (mantissa, power) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let mantissa = if x < 0.0 { -BigInt::from(mantissa) } else { BigInt::from(mantissa) };
    if power >= 0 {
        Decimal { digits: mantissa << power, scale: 0 }
    } else {
        Decimal { digits: mantissa * BigInt::from(5).pow(power.unsigned_abs() as u32), scale: -power }
    }
}

/// An operation on floats: float64 holds enough digits that rounding its result is the operation on the shorter type.
fn two_floats(call: &Call<'_>, a: f64, b: f64) -> Result<Cell> {
    let result = call.result;
    Ok(Cell::Float(rounded(
        match call.name {
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
            "power" if *result == DataType::Float64 => a.powf(b),
            "power" => (a as f32).powf(b as f32).into(),
            "atan2" if *result == DataType::Float64 => a.atan2(b),
            "atan2" => (a as f32).atan2(b as f32).into(),
            _ => return Err(unsupported(call)),
        },
        result,
    )))
}

fn one_float(call: &Call<'_>, a: f64) -> Result<Cell> {
    // The shorter types have functions of their own width; float16 is computed as float32.
    macro_rules! by_width {
        ($method:ident) => {
            if *call.result == DataType::Float64 { a.$method() } else { f64::from((a as f32).$method()) }
        };
    }
    let value = match call.name {
        "neg" => -a,
        "abs" => a.abs(),
        "sign" if a == 0.0 || a.is_nan() => a,
        "sign" => a.signum(),
        "sqrt" => by_width!(sqrt),
        "cbrt" => by_width!(cbrt),
        "exp" => by_width!(exp),
        "ln" => by_width!(ln),
        "log10" => by_width!(log10),
        "log2" => by_width!(log2),
        "sin" => by_width!(sin),
        "cos" => by_width!(cos),
        "tan" => by_width!(tan),
        "asin" => by_width!(asin),
        "acos" => by_width!(acos),
        "atan" => by_width!(atan),
        "radians" => by_width!(to_radians),
        "degrees" => by_width!(to_degrees),
        _ => return Err(unsupported(call)),
    };
    Ok(Cell::Float(if *call.result == DataType::Float16 { f16::from_f32(value as f32).to_f64() } else { value }))
}

/// How many edges lie below, if that is some and not all.
fn cut(x: f64, edges: &[Cell]) -> Result<Cell> {
    let below = edges.iter().filter(|e| matches!(e, Cell::Float(e) if *e < x)).count();
    Ok(if below == 0 || below == edges.len() { Cell::Null } else { Cell::Int(below as i128 - 1) })
}
