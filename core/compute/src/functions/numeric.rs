//! Functions of numbers.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_cast::cast;
use arrow_schema::DataType;
use half::f16;
use pf_base::{Error, Result};

use super::arithmetic::{convert, with_integer};
use crate::arithmetic::{Integer, magnitude, one, one_integer};
use crate::decimals::{one_decimal, power_of_ten, rounded, with_decimal};
use crate::operands::{Operand, finish, null, nulls, primitive, rows_of, values};
use crate::simd::{Level, map2, test};
use crate::types::{Accepts, Class, always, bind, bind_floats, class, is_integer, refuse, same_as, value_type};
use crate::{Argument, Binding, Call, Function, Implementation, Overflow, Parameter, ScalarKernel, Value};

const X: Parameter = Parameter::new("x", "number");

const fn row(
    name: &'static str,
    parameters: &'static [Parameter],
    doc: &'static str,
    examples: &'static [(&'static str, &'static str)],
    bind: fn(&[Argument], crate::Settings) -> Result<Binding>,
    kernel: fn(&Call<'_>) -> Result<ScalarKernel>,
) -> Function {
    let implementation = Implementation::Scalar(kernel);
    Function { name, aliases: &[], family: "numeric", syntax: "", parameters, doc, examples, bind, implementation }
}

/// A function of one float, written once for both widths.
macro_rules! float {
    ($name:literal, $doc:literal, $examples:expr, |$x:ident| $body:expr) => {
        row(
            $name,
            &[X],
            $doc,
            $examples,
            |a, _| bind_floats(a),
            |call| {
                let result = call.result.clone();
                Ok(Box::new(move |arguments, _| {
                    of_floats(arguments, &result, |v, t| match v.data_type() {
                        DataType::Float32 => one::<f32, f32>(v, t, |$x: f32| $body),
                        _ => one::<f64, f64>(v, t, |$x: f64| $body),
                    })
                }))
            },
        )
    };
}

/// A function of two floats, written once for both widths.
macro_rules! float2 {
    ($name:literal, $aliases:expr, $parameters:expr, $doc:literal, $examples:expr, |$x:ident, $y:ident| $body:expr) => {
        Function {
            aliases: $aliases,
            ..row(
                $name,
                $parameters,
                $doc,
                $examples,
                |a, _| bind_floats(a),
                |call| {
                    let result = call.result.clone();
                    Ok(Box::new(move |arguments, rows| match result {
                        DataType::Float16 => {
                            let wide = [
                                convert(first(arguments)?, &DataType::Float32)?,
                                convert(second(arguments)?, &DataType::Float32)?,
                            ];
                            convert(&of_two::<f32>(&wide, rows, &DataType::Float32, |$x, $y| $body)?, &result)
                        }
                        DataType::Float32 => of_two::<f32>(arguments, rows, &result, |$x, $y| $body),
                        _ => of_two::<f64>(arguments, rows, &result, |$x, $y| $body),
                    }))
                },
            )
        }
    };
}

/// A test of floats, with what it gives of all other numbers.
macro_rules! float_test {
    ($name:literal, $other:literal, $doc:literal, $examples:expr, |$x:ident| $body:expr) => {
        row(
            $name,
            &[X],
            $doc,
            $examples,
            |a, _| bind(a, &[Accepts::Number], &always(DataType::Boolean)),
            |_| {
                Ok(Box::new(|arguments, _| {
                    let argument = first(arguments)?;
                    let array = argument.inner();
                    let level = Level::best();
                    let bits = match array.data_type() {
                        DataType::Float16 => test(level, &values::<f16>(array.as_ref())?, |$x| $body),
                        DataType::Float32 => test(level, &values::<f32>(array.as_ref())?, |$x| $body),
                        DataType::Float64 => test(level, &values::<f64>(array.as_ref())?, |$x| $body),
                        _ if $other => BooleanBuffer::new_set(array.len()),
                        _ => BooleanBuffer::new_unset(array.len()),
                    };
                    Ok(finish(Arc::new(BooleanArray::new(bits, array.logical_nulls())), arguments))
                }))
            },
        )
    };
}

/// Functions of numbers.
pub(crate) static FUNCTIONS: &[Function] = &[
    row(
        "abs",
        &[X],
        "The magnitude, of the same type. Null where `x` is null; the least integer of its type overflows, as in \
         `add`.",
        &[("abs(-3)", "3"), ("abs(2.5)", "2.5")],
        |a, _| bind(a, &[Accepts::Number], &same_as(0)),
        |call| kernel(call, absolute),
    ),
    row(
        "sign",
        &[X],
        "-1, 0 or 1, of the type of `x` (of decimals decimal(1, 0)). Null where `x` is null; NaN of NaN, -0.0 of -0.0.",
        &[("sign(-3)", "-1"), ("sign(2.5)", "1.0")],
        |a, _| {
            let mut binding = bind(a, &[Accepts::Number], &same_as(0))?;
            binding.result = match binding.result {
                DataType::Decimal128(..) => DataType::Decimal128(1, 0),
                DataType::Decimal256(..) => DataType::Decimal256(1, 0),
                other => other,
            };
            Ok(binding)
        },
        |call| kernel(call, sign),
    ),
    row(
        "round",
        &[X, Parameter::option("digits", "integer", "0")],
        "The nearest number with so many digits after the point, half away from zero; a negative number of digits \
         rounds to tens, hundreds and so on. Integers and floats keep their type, decimals lose the digits after \
         `digits`. A float is what its binary value rounds to, so that round(1.005, 2) is 1.0. Null where `x` is \
         null; an integer that is rounded beyond its type overflows, as in `add`.",
        &[("round(2.5)", "3.0"), ("round(-2.5)", "-3.0"), ("round(3.14159, 2)", "3.14"), ("round(1250, -2)", "1300")],
        |a, _| bind_round(a),
        |call| {
            let digits = digits_of(call.arguments)?.unwrap_or(0);
            let to = Rounding { how: How::Nearest, digits };
            let (result, overflow) = (call.result.clone(), call.settings.overflow);
            Ok(Box::new(move |arguments, _| {
                if arguments.iter().any(Value::is_null_scalar) {
                    return Ok(null(&result));
                }
                let argument = first(arguments)?;
                Ok(finish(to.apply(argument, &result, overflow)?, arguments))
            }))
        },
    ),
    row(
        "floor",
        &[X],
        "The greatest whole number that is not greater: integers and floats keep their type, decimals lose the digits \
         after the point. Null where `x` is null.",
        &[("floor(2.5)", "2.0"), ("floor(-2.5)", "-3.0"), ("floor(7)", "7")],
        |a, _| bind_whole(a),
        |call| kernel(call, |v, t, o| Rounding { how: How::Down, digits: 0 }.apply(v, t, o)),
    ),
    Function {
        aliases: &["ceiling"],
        ..row(
            "ceil",
            &[X],
            "The least whole number that is not less; types and null as in `floor`.",
            &[("ceil(2.5)", "3.0"), ("ceil(-2.5)", "-2.0")],
            |a, _| bind_whole(a),
            |call| kernel(call, |v, t, o| Rounding { how: How::Up, digits: 0 }.apply(v, t, o)),
        )
    },
    row(
        "trunc",
        &[X],
        "The number without the digits after the point; types and null as in `floor`.",
        &[("trunc(2.7)", "2.0"), ("trunc(-2.7)", "-2.0")],
        |a, _| bind_whole(a),
        |call| kernel(call, |v, t, o| Rounding { how: How::Zero, digits: 0 }.apply(v, t, o)),
    ),
    float!("sqrt", "The square root. Null where `x` is null; NaN of negative numbers.", &[("sqrt(4)", "2.0")], |x| x
        .sqrt()),
    float!("cbrt", "The cube root. Null where `x` is null.", &[("cbrt(-8)", "-2.0")], |x| x.cbrt()),
    float!("exp", "e to the power of `x`. Null where `x` is null.", &[("exp(0)", "1.0")], |x| x.exp()),
    float!(
        "ln",
        "The natural logarithm. Null where `x` is null; -infinity of 0, NaN of negative numbers.",
        &[("ln(1)", "0.0")],
        |x| x.ln()
    ),
    float!(
        "log10",
        "The logarithm to base 10; null, zero and negative numbers as in `ln`.",
        &[("log10(100)", "2.0")],
        |x| { x.log10() }
    ),
    float!(
        "log2",
        "The logarithm to base 2; null, zero and negative numbers as in `ln`.",
        &[("log2(8)", "3.0")],
        |x| { x.log2() }
    ),
    float2!(
        "power",
        &["pow"],
        &[X, Parameter::new("y", "number")],
        "`x` to the power of `y`, as a float. Null where either is null; `power(x, 0)` is 1 of every `x`.",
        &[("power(2, 10)", "1024.0"), ("power(4, 0.5)", "2.0")],
        |x, y| x.powf(y)
    ),
    float_test!(
        "is_nan",
        false,
        "Whether it is NaN. Null where `x` is null; false of integers and decimals.",
        &[("is_nan(1.0)", "FALSE"), ("is_nan(sqrt(-1))", "TRUE")],
        |x| x.is_nan()
    ),
    float_test!(
        "is_finite",
        true,
        "Whether it is neither NaN nor infinite. Null where `x` is null.",
        &[("is_finite(1)", "TRUE"), ("is_finite(ln(0))", "FALSE")],
        |x| x.is_finite()
    ),
    float_test!(
        "is_infinite",
        false,
        "Whether it is infinite, of either sign. Null where `x` is null.",
        &[("is_infinite(1)", "FALSE"), ("is_infinite(ln(0))", "TRUE")],
        |x| x.is_infinite()
    ),
    float!(
        "sin",
        "The sine of an angle in radians. Null where `x` is null; NaN of infinities.",
        &[("sin(0)", "0.0")],
        |x| x.sin()
    ),
    float!(
        "cos",
        "The cosine of an angle in radians. Null where `x` is null; NaN of infinities.",
        &[("cos(0)", "1.0")],
        |x| { x.cos() }
    ),
    float!(
        "tan",
        "The tangent of an angle in radians. Null where `x` is null; NaN of infinities.",
        &[("tan(0)", "0.0")],
        |x| { x.tan() }
    ),
    float!(
        "asin",
        "The angle in radians whose sine it is. Null where `x` is null; NaN beyond -1 and 1.",
        &[("asin(0)", "0.0")],
        |x| x.asin()
    ),
    float!(
        "acos",
        "The angle in radians whose cosine it is. Null where `x` is null; NaN beyond -1 and 1.",
        &[("acos(1)", "0.0")],
        |x| x.acos()
    ),
    float!("atan", "The angle in radians whose tangent it is. Null where `x` is null.", &[("atan(0)", "0.0")], |x| x
        .atan()),
    float2!(
        "atan2",
        &[],
        &[Parameter::new("y", "number"), X],
        "The angle in radians of the point (x, y), from -pi to pi. Null where either is null.",
        &[("atan2(0, 1)", "0.0")],
        |y, x| y.atan2(x)
    ),
    float!("radians", "Degrees as radians. Null where `x` is null.", &[("radians(0)", "0.0")], |x| x.to_radians()),
    float!("degrees", "Radians as degrees. Null where `x` is null.", &[("degrees(0)", "0.0")], |x| x.to_degrees()),
    row(
        "width_bucket",
        &[X, Parameter::new("low", "number"), Parameter::new("high", "number"), Parameter::new("count", "integer")],
        "The number, from 1, of the one of `count` equally wide buckets between `low` and `high` that holds `x`, its \
         lower end included: 0 below the first, `count` + 1 beyond the last. Buckets run downwards where `high` is \
         less than `low`. Null where an argument is null or `x` is NaN; bounds that are equal or not finite and a \
         count below 1 are errors.",
        &[("width_bucket(5, 0, 10, 4)", "3"), ("width_bucket(-1, 0, 10, 4)", "0"), ("width_bucket(10, 0, 10, 4)", "5")],
        |a, _| {
            let floats = [Accepts::Float64, Accepts::Float64, Accepts::Float64, Accepts::Int64];
            bind(a, &floats, &always(DataType::Int64))
        },
        |_| Ok(Box::new(width_bucket)),
    ),
    row(
        "cut",
        &[X, Parameter { name: "edges", accepts: "number", default: None, constant: true, repeats: true }],
        "The number, from 0, of the interval between ascending edges that holds `x`, its upper edge included. Null \
         where `x` is null, NaN, not greater than the first edge or greater than the last.",
        &[("cut(5, 0, 5, 10)", "0"), ("cut(6, 0, 5, 10)", "1"), ("cut(0, 0, 5, 10)", "NULL")],
        |a, _| bind(a, &[Accepts::Float64], &always(DataType::Int64)),
        cut,
    ),
];

fn first(arguments: &[Value]) -> Result<&Value> {
    arguments.first().ok_or_else(|| Error::internal("a function of one value"))
}

fn second(arguments: &[Value]) -> Result<&Value> {
    arguments.get(1).ok_or_else(|| Error::internal("a function of two values"))
}

/// A function of one value that does not look at the others.
type One = fn(&Value, &DataType, Overflow) -> Result<ArrayRef>;

fn kernel(call: &Call<'_>, one: One) -> Result<ScalarKernel> {
    let (result, overflow) = (call.result.clone(), call.settings.overflow);
    Ok(Box::new(move |arguments, _| {
        let argument = first(arguments)?;
        if argument.is_null_scalar() {
            return Ok(null(&result));
        }
        Ok(finish(one(argument, &result, overflow)?, arguments))
    }))
}

/// A function of one float; float16 is computed as float32.
fn of_floats(
    arguments: &[Value],
    result: &DataType,
    f: impl Fn(&Value, &DataType) -> Result<ArrayRef>,
) -> Result<Value> {
    let argument = first(arguments)?;
    if argument.is_null_scalar() {
        return Ok(null(result));
    }
    if *result == DataType::Float16 {
        let wide = f(&convert(argument, &DataType::Float32)?, &DataType::Float32)?;
        return Ok(finish(cast(&wide, result)?, arguments));
    }
    Ok(finish(f(argument, result)?, arguments))
}

/// A function of two floats.
fn of_two<T: crate::arithmetic::Float>(
    arguments: &[Value],
    rows: usize,
    result: &DataType,
    f: impl Fn(T, T) -> T + Copy,
) -> Result<Value> {
    if arguments.iter().any(Value::is_null_scalar) {
        return Ok(null(result));
    }
    let (a, b) = (Operand::<T>::new(first(arguments)?)?, Operand::<T>::new(second(arguments)?)?);
    let rows = rows_of(arguments, rows);
    let (out, _) = map2(Level::best(), a.side(), b.side(), rows, |a, b| (f(a, b), false));
    Ok(finish(primitive(out, nulls(arguments), result)?, arguments))
}

fn absolute(v: &Value, t: &DataType, overflow: Overflow) -> Result<ArrayRef> {
    with_integer!(v.data_type(), T => magnitude::<T>(v, overflow), match v.data_type() {
        DataType::Float16 => one(v, t, |x: f16| f16::from_bits(x.to_bits() & 0x7fff)),
        DataType::Float32 => one(v, t, f32::abs),
        DataType::Float64 => one(v, t, f64::abs),
        other => with_decimal!(other, T => one_decimal::<T>(v, t, overflow, |x| Some(num_traits::abs(x)), "abs")),
    })
}

fn sign(v: &Value, t: &DataType, overflow: Overflow) -> Result<ArrayRef> {
    // What is zero or NaN stays what it is.
    with_integer!(v.data_type(), T => one(v, t, <T as Integer>::sign), match v.data_type() {
        DataType::Float16 => one(v, t, |x: f16| if x > f16::ZERO { f16::ONE } else if x < f16::ZERO { f16::NEG_ONE } else { x }),
        DataType::Float32 => one(v, t, |x: f32| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { x }),
        DataType::Float64 => one(v, t, |x: f64| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { x }),
        other => with_decimal!(other, T => one_decimal::<T>(v, t, overflow, |x| Some(num_traits::signum(x)), "sign")),
    })
}

fn precision_and_scale(data_type: &DataType) -> Option<(i64, i64)> {
    match data_type {
        DataType::Decimal128(p, s) | DataType::Decimal256(p, s) => Some(((*p).into(), (*s).into())),
        _ => None,
    }
}

/// The type of numbers of a type that are rounded to so many digits.
fn rounded_type(data_type: &DataType, digits: i64) -> DataType {
    let Some((precision, scale)) = precision_and_scale(data_type).filter(|(_, s)| *s > digits) else {
        return data_type.clone();
    };
    // Nines may become a one with zeros, and then need a digit more.
    let kept = digits.max(0).min(scale.max(0));
    let (limit, scale) = match data_type {
        DataType::Decimal256(..) => (76, scale.min(kept)),
        _ => (38, scale.min(kept)),
    };
    let old = precision_and_scale(data_type).map_or(0, |(_, s)| s);
    let precision = (precision - old + scale + 1).clamp(scale.max(1), limit) as u8;
    match data_type {
        DataType::Decimal256(..) => DataType::Decimal256(precision, scale as i8),
        _ => DataType::Decimal128(precision, scale as i8),
    }
}

fn bind_whole(arguments: &[Argument]) -> Result<Binding> {
    let mut binding = bind(arguments, &[Accepts::Number], &same_as(0))?;
    binding.result = rounded_type(&binding.result, 0);
    Ok(binding)
}

fn bind_round(arguments: &[Argument]) -> Result<Binding> {
    let mut binding = bind(arguments, &[Accepts::Number, Accepts::Int64], &same_as(0))?;
    binding.result = rounded_type(&binding.result, digits_of(arguments)?.unwrap_or(0));
    Ok(binding)
}

/// The literal number of digits; none where it is null.
fn digits_of(arguments: &[Argument]) -> Result<Option<i64>> {
    let Some(argument) = arguments.get(1) else { return Ok(Some(0)) };
    let constant = argument.constant.as_ref();
    let constant = constant.ok_or_else(|| Error::invalid_argument("digits must be a literal integer"))?;
    if value_type(&argument.data_type) != DataType::Null && !is_integer(&argument.data_type) {
        return Err(refuse(arguments, "number and a literal integer"));
    }
    let value = cast(constant, &DataType::Int64)?;
    let value = value.as_primitive::<Int64Type>();
    Ok(value.is_valid(0).then(|| value.value(0).clamp(-1000, 1000)))
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Nearest,
    Down,
    Up,
    Zero,
}

/// To which number of digits, and which way.
#[derive(Clone, Copy)]
struct Rounding {
    how: How,
    digits: i64,
}

impl Rounding {
    fn apply(self, v: &Value, t: &DataType, overflow: Overflow) -> Result<ArrayRef> {
        match class(v.data_type()) {
            Class::Integer if self.digits >= 0 => Ok(Arc::clone(v.inner())),
            Class::Integer => {
                with_integer!(v.data_type(), T => self.integers::<T>(v, overflow), Err(Error::internal("an integer")))
            }
            Class::Float => match v.data_type() {
                DataType::Float16 => {
                    let wide = convert(v, &DataType::Float32)?;
                    Ok(cast(&self.apply(&wide, &DataType::Float32, overflow)?, t)?)
                }
                DataType::Float32 if self.digits == 0 => match self.how {
                    How::Nearest => one(v, t, f32::round),
                    How::Down => one(v, t, f32::floor),
                    How::Up => one(v, t, f32::ceil),
                    How::Zero => one(v, t, f32::trunc),
                },
                // In twice the digits, so that the power of ten is exact.
                DataType::Float32 => {
                    let nearest = self.nearest();
                    one(v, t, move |x: f32| nearest(f64::from(x)) as f32)
                }
                _ if self.digits != 0 => one(v, t, self.nearest()),
                _ => match self.how {
                    How::Nearest => one(v, t, f64::round),
                    How::Down => one(v, t, f64::floor),
                    How::Up => one(v, t, f64::ceil),
                    How::Zero => one(v, t, f64::trunc),
                },
            },
            _ => with_decimal!(v.data_type(), T => self.decimals::<T>(v, t, overflow)),
        }
    }

    /// Rounding of floats to a number of digits that is not zero.
    fn nearest(self) -> impl Fn(f64) -> f64 + Copy {
        // Beyond these, every power is infinite and every number rounded already, or rounded to zero.
        let digits = self.digits.clamp(-309, 309) as i32;
        let power = 10_f64.powi(digits.abs());
        move |x: f64| {
            if digits > 0 {
                let scaled = x * power;
                // From 2⁵² on there are no digits after the point; NaN and infinities stay too.
                if scaled.abs() < 4_503_599_627_370_496.0 { settled(x, power, scaled) / power } else { x }
            } else {
                to_multiple(x, digits.unsigned_abs())
            }
        }
    }

    fn integers<T: Integer>(self, v: &Value, overflow: Overflow) -> Result<ArrayRef> {
        let power = power_of_ten::<i128>(i32::try_from(-self.digits).unwrap_or(i32::MAX));
        one_integer(
            v,
            overflow,
            move |x: T| {
                let to = power.and_then(|p| rounded(x.to_i128(), p).map(|q| q.wrapping_mul(p))).unwrap_or(0);
                match T::from_i128(to) {
                    Some(value) => (value, T::default()),
                    None => (T::usize_as(to as usize), T::TOP),
                }
            },
            "round",
        )
    }

    fn decimals<T: arrow_array::types::DecimalType>(
        self,
        v: &Value,
        t: &DataType,
        overflow: Overflow,
    ) -> Result<ArrayRef>
    where
        T::Native: crate::decimals::Digits,
    {
        use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedRem, CheckedSub, One, Signed, Zero};
        let (_, scale) = precision_and_scale(v.data_type()).unwrap_or((0, 0));
        if scale <= self.digits {
            return Ok(Arc::clone(v.inner()));
        }
        let exponent = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
        let (_, kept) = precision_and_scale(t).unwrap_or((0, 0));
        let divisor = power_of_ten::<T::Native>(exponent(scale - self.digits));
        let factor = power_of_ten::<T::Native>(exponent(kept - self.digits));
        let (zero, unit) = (T::Native::zero(), T::Native::one());
        let apply = |x: T::Native| {
            // No power so great: everything is nearer to zero.
            let (Some(p), Some(f)) = (divisor, factor) else { return Some(zero) };
            let (q, r) = (x.checked_div(&p)?, x.checked_rem(&p)?);
            let q = match self.how {
                How::Nearest => rounded(x, p)?,
                How::Down if r.is_negative() => q.checked_sub(&unit)?,
                How::Up if r.is_positive() => q.checked_add(&unit)?,
                _ => q,
            };
            q.checked_mul(&f)
        };
        one_decimal::<T>(v, t, overflow, apply, "round")
    }
}

fn width_bucket(arguments: &[Value], rows: usize) -> Result<Value> {
    let [x, low, high, count] = arguments else { return Err(Error::internal("four arguments")) };
    if arguments.iter().any(Value::is_null_scalar) {
        return Ok(null(&DataType::Int64));
    }
    let rows = rows_of(arguments, rows);
    let (x, low, high) = (Operand::<f64>::new(x)?, Operand::<f64>::new(low)?, Operand::<f64>::new(high)?);
    let count = Operand::<i64>::new(count)?;
    let (x, low, high, count) = (x.side(), low.side(), high.side(), count.side());
    let nulls = nulls(arguments);
    let mut out = vec![0_i64; rows];
    let mut known = vec![true; rows];
    for i in 0..rows {
        if nulls.as_ref().is_some_and(|n| n.is_null(i)) {
            known[i] = false;
            continue;
        }
        let (x, low, high, count) = (x.at(i), low.at(i), high.at(i), count.at(i));
        if !low.is_finite() || !high.is_finite() || low == high {
            let what = format!("width_bucket: the bounds must be finite and different, not {low} and {high}");
            return Err(Error::invalid_argument(what));
        }
        if count < 1 {
            return Err(Error::invalid_argument(format!("width_bucket: the count must be at least 1, not {count}")));
        }
        known[i] = !x.is_nan();
        // Downwards is upwards with the signs changed.
        let (x, low, high) = if low < high { (x, low, high) } else { (-x, -low, -high) };
        out[i] = if x < low {
            0
        } else if x >= high {
            count.saturating_add(1)
        } else {
            // Halves, so that no difference is infinite.
            let part = (x / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
            ((part * count as f64) as i64).min(count - 1) + 1
        };
    }
    let nulls = Some(NullBuffer::from(known)).filter(|n| n.null_count() > 0);
    Ok(finish(primitive(out, nulls, &DataType::Int64)?, arguments))
}

/// So many edges are compared one after the other; beyond, they are searched.
const FEW: usize = 32;

fn cut(call: &Call<'_>) -> Result<ScalarKernel> {
    let mut edges = Vec::new();
    for i in 1..call.arguments.len() {
        let edge = cast(call.constant(i)?, &DataType::Float64)?;
        let edge = edge.as_primitive::<Float64Type>();
        let ascends = |value: f64| edges.last().is_none_or(|last| *last < value) && !value.is_nan();
        if edge.is_null(0) || !ascends(edge.value(0)) {
            return Err(Error::invalid_argument("cut: the edges must be ascending numbers"));
        }
        edges.push(edge.value(0));
    }
    if edges.len() < 2 {
        return Err(Error::invalid_argument("cut: at least two edges are needed"));
    }
    Ok(Box::new(move |arguments, _| {
        let argument = first(arguments)?;
        if argument.is_null_scalar() {
            return Ok(null(&DataType::Int64));
        }
        let array = argument.inner();
        let rows = values::<f64>(array.as_ref())?;
        let below = |x: f64| {
            if edges.len() <= FEW {
                edges.iter().fold(0, |n, e| n + i64::from(*e < x))
            } else {
                edges.partition_point(|e| *e < x) as i64
            }
        };
        let below = crate::simd::map(Level::best(), &rows, below);
        let inside = test(Level::best(), &below, |n| n > 0 && n < edges.len() as i64);
        let nulls = NullBuffer::union(array.nulls(), Some(&NullBuffer::new(inside)));
        let bins: Vec<i64> = below.iter().map(|n| n - 1).collect();
        let array = primitive(bins, nulls.filter(|n| n.null_count() > 0), &DataType::Int64)?;
        Ok(match argument {
            Value::Scalar(_) => Value::Scalar(array),
            Value::Array(_) => Value::Array(array),
        })
    }))
}

/// The float nearest to the multiple of a power of ten that is nearest to `x`, half away from zero. By whole numbers: a
/// quotient of floats would be rounded itself.
#[inline(never)]
fn to_multiple(x: f64, zeros: u32) -> f64 {
    // What is below the point cannot decide: half of the power is whole.
    let near = match 10_i128.checked_pow(zeros) {
        Some(power) if x.abs() < 1e38 => rounded(x as i128, power).and_then(|q| q.checked_mul(power)).map(|v| v as f64),
        _ if !x.is_finite() => return x,
        _ => None,
    };
    let near = near.unwrap_or_else(|| {
        let digits = format!("{:.0}", x.abs());
        let Some(kept) = digits.len().checked_sub(zeros as usize) else { return 0.0 };
        let away = digits.as_bytes().get(kept).is_some_and(|d| *d >= b'5');
        let kept = if away { one_more(&digits[..kept]) } else { format!("0{}", &digits[..kept]) };
        format!("{kept}e{zeros}").parse().unwrap_or(f64::INFINITY)
    });
    near.abs().copysign(x)
}

/// The next number, in digits.
fn one_more(digits: &str) -> String {
    let nines = digits.len() - digits.trim_end_matches('9').len();
    let (start, _) = digits.split_at(digits.len() - nines);
    let (before, last) = start.split_at(start.len().saturating_sub(1));
    let next = last.parse::<u8>().unwrap_or(0) + 1;
    format!("{before}{next}{}", "0".repeat(nines))
}

/// `scaled`, which is `x * power` as it was rounded, to the nearest whole number. Where it is half way between two, what
/// the multiplication lost tells on which side `x` is.
#[inline(always)]
fn settled(x: f64, power: f64, scaled: f64) -> f64 {
    let whole = scaled.round();
    if (scaled - scaled.trunc()).abs() == 0.5 {
        let lost = x.mul_add(power, -scaled);
        if lost != 0.0 && (lost < 0.0) != (scaled < 0.0) {
            return scaled.trunc();
        }
    }
    whole
}

#[cfg(test)]
mod tests;
