//! Comparison of values on the rows of a block, to a bit per row, 64 at a time. Nulls are not looked at: what a null
//! row compares as is whatever lies beneath it.

mod bytes;
mod dictionary;
mod membership;

use arrow_array::BooleanArray;
use arrow_array::cast::AsArray;
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, i256};
use arrow_schema::{DataType, IntervalUnit};
use half::f16;
use pf_base::{Error, Result};

pub(crate) use bytes::{Offsets, extreme};
pub(crate) use dictionary::Lookup;
pub(crate) use membership::Members;

use crate::Value;
use crate::operands::{Operand, nulls};
use crate::simd::{Level, Side, map, pack, test, test2};

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// `a = b`
    Eq,
    /// `a <> b`
    Ne,
    /// `a < b`
    Lt,
    /// `a <= b`
    Le,
    /// `a > b`
    Gt,
    /// `a >= b`
    Ge,
    /// Equal, or both NaN.
    Same,
}

impl Comparison {
    /// The comparison of `b` with `a`.
    pub(crate) fn swapped(self) -> Self {
        match self {
            Comparison::Lt => Comparison::Gt,
            Comparison::Le => Comparison::Ge,
            Comparison::Gt => Comparison::Lt,
            Comparison::Ge => Comparison::Le,
            other => other,
        }
    }

    /// Whether it holds of values in this order.
    #[inline(always)]
    pub(crate) fn of(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Eq | Comparison::Same => order.is_eq(),
            Comparison::Ne => order.is_ne(),
            Comparison::Lt => order.is_lt(),
            Comparison::Le => order.is_le(),
            Comparison::Gt => order.is_gt(),
            Comparison::Ge => order.is_ge(),
        }
    }
}

/// Runs `$body` with `$t` the type that values of a type have in memory; other types give `$other`.
macro_rules! with_native {
    ($data_type:expr, $t:ident => $body:expr, $other:expr) => {{
        use arrow_schema::DataType as D;
        match $data_type {
            D::Int8 => {
                type $t = i8;
                $body
            }
            D::Int16 => {
                type $t = i16;
                $body
            }
            D::Int32 | D::Date32 | D::Time32(_) => {
                type $t = i32;
                $body
            }
            D::Int64 | D::Date64 | D::Time64(_) | D::Timestamp(..) | D::Duration(_) => {
                type $t = i64;
                $body
            }
            D::UInt8 => {
                type $t = u8;
                $body
            }
            D::UInt16 => {
                type $t = u16;
                $body
            }
            D::UInt32 => {
                type $t = u32;
                $body
            }
            D::UInt64 => {
                type $t = u64;
                $body
            }
            D::Float32 => {
                type $t = f32;
                $body
            }
            D::Float64 => {
                type $t = f64;
                $body
            }
            D::Decimal128(..) => {
                type $t = i128;
                $body
            }
            D::Decimal256(..) => {
                type $t = i256;
                $body
            }
            _ => $other,
        }
    }};
}
pub(crate) use with_native;

/// Compares two arguments of one type (or one of uint64 and one of int64), of which neither is a null scalar, and not
/// both are scalars.
pub(crate) fn compare(
    level: Level,
    comparison: Comparison,
    a: &Value,
    b: &Value,
    rows: usize,
) -> Result<BooleanBuffer> {
    if let Value::Scalar(_) = a {
        return match b {
            Value::Scalar(_) => compare(level, comparison, &Value::Array(a.inner().clone()), b, 1),
            Value::Array(_) => compare(level, comparison.swapped(), b, a, rows),
        };
    }
    match (a.data_type(), b.data_type()) {
        (DataType::UInt64, DataType::Int64) => {
            let (a, b) = (Operand::<u64>::new(a)?, Operand::<i64>::new(b)?);
            Ok(mixed(level, comparison, a.side(), b.side(), rows))
        }
        (DataType::Int64, DataType::UInt64) => {
            let (a, b) = (Operand::<i64>::new(a)?, Operand::<u64>::new(b)?);
            Ok(match (a.side(), b.side()) {
                // Beyond all int64: only the order matters.
                (Side::Rows(a), Side::One(b)) if b > i64::MAX as u64 => {
                    pack(a.len(), |_| comparison.of(std::cmp::Ordering::Less))
                }
                (Side::Rows(a), Side::One(b)) => fixed(level, comparison, Side::Rows(a), Side::One(b as i64), rows),
                (a, b) => mixed(level, comparison.swapped(), b, a, rows),
            })
        }
        (DataType::Boolean, _) => booleans(comparison, a, b),
        (DataType::Float16, _) => {
            let (a, b) = (Operand::<f16>::new(a)?, Operand::<f16>::new(b)?);
            let wide = |side| match side {
                Side::Rows(rows) => map(level, rows, f16::to_f32),
                Side::One(value) => vec![f16::to_f32(value)].into(),
            };
            let (left, right) = (wide(a.side()), wide(b.side()));
            let right = if b.scalar { Side::One(right[0]) } else { Side::Rows(&right) };
            Ok(fixed(level, comparison, Side::Rows(&left), right, rows))
        }
        (DataType::Interval(IntervalUnit::MonthDayNano | IntervalUnit::DayTime), _) => {
            Err(Error::unsupported("comparison of intervals"))
        }
        (data_type, _) => with_native!(
            data_type,
            T => {
                let (a, b) = (Operand::<T>::new(a)?, Operand::<T>::new(b)?);
                Ok(fixed(level, comparison, a.side(), b.side(), rows))
            },
            bytes::compare(level, comparison, a, b)
        ),
    }
}

/// A value whose comparisons are those of the machine.
pub(crate) trait Comparable: ArrowNativeType + PartialOrd {}
impl<T: ArrowNativeType + PartialOrd> Comparable for T {}

#[allow(clippy::eq_op, reason = "a value that is not itself is NaN")]
fn fixed<T: Comparable>(
    level: Level,
    comparison: Comparison,
    a: Side<'_, T>,
    b: Side<'_, T>,
    rows: usize,
) -> BooleanBuffer {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne, Same};
    match (a, b) {
        (Side::Rows(a), Side::Rows(b)) => match comparison {
            Eq => test2(level, a, b, |a, b| a == b),
            Ne => test2(level, a, b, |a, b| a != b),
            Lt => test2(level, a, b, |a, b| a < b),
            Le => test2(level, a, b, |a, b| a <= b),
            Gt => test2(level, b, a, |b, a| b < a),
            Ge => test2(level, b, a, |b, a| b <= a),
            Same => test2(level, a, b, |a, b| (a == b) | ((a != a) & (b != b))),
        },
        (Side::Rows(a), Side::One(b)) => match comparison {
            Eq => test(level, a, move |a| a == b),
            Ne => test(level, a, move |a| a != b),
            Lt => test(level, a, move |a| a < b),
            Le => test(level, a, move |a| a <= b),
            Gt => test(level, a, move |a| a > b),
            Ge => test(level, a, move |a| a >= b),
            Same if b != b => test(level, a, |a| a != a),
            Same => test(level, a, move |a| a == b),
        },
        (Side::One(a), b) => {
            let a = vec![a; rows];
            fixed(level, comparison, Side::Rows(&a), b, rows)
        }
    }
}

/// Of uint64 with int64: in 65 bits, so to say.
fn mixed(level: Level, comparison: Comparison, a: Side<'_, u64>, b: Side<'_, i64>, rows: usize) -> BooleanBuffer {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne, Same};
    let equal = |a: u64, b: i64| (b >= 0) & (a == b as u64);
    let less = |a: u64, b: i64| (b >= 0) & (a < b as u64);
    let less_or_equal = |a: u64, b: i64| (b >= 0) & (a <= b as u64);
    let test = |f: fn(u64, i64) -> bool| match (a, b) {
        (Side::Rows(a), Side::Rows(b)) => test2(level, a, b, f),
        _ => pack(rows, |i| f(a.at(i), b.at(i))),
    };
    match (a, b, comparison) {
        // Below all uint64: only the order matters.
        (Side::Rows(_), Side::One(b), _) if b < 0 => pack(rows, |_| comparison.of(std::cmp::Ordering::Greater)),
        (a, Side::One(b), _) => fixed(level, comparison, a, Side::One(b as u64), rows),
        (_, _, Eq | Same) => test(equal),
        (_, _, Ne) => !&test(equal),
        (_, _, Lt) => test(less),
        (_, _, Le) => test(less_or_equal),
        (_, _, Gt) => !&test(less_or_equal),
        (_, _, Ge) => !&test(less),
    }
}

fn booleans(comparison: Comparison, a: &Value, b: &Value) -> Result<BooleanBuffer> {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne, Same};
    let missing = || Error::internal("a boolean");
    let left = a.inner().as_boolean_opt().ok_or_else(missing)?.values();
    let right = b.inner().as_boolean_opt().ok_or_else(missing)?.values();
    let right = match b {
        Value::Array(_) => right.clone(),
        Value::Scalar(_) if right.value(0) => BooleanBuffer::new_set(left.len()),
        Value::Scalar(_) => BooleanBuffer::new_unset(left.len()),
    };
    Ok(match comparison {
        Eq | Same => !&(left ^ &right),
        Ne => left ^ &right,
        Lt => &!left & &right,
        Le => &!left | &right,
        Gt => left & &!&right,
        Ge => left | &!&right,
    })
}

/// Compares two arguments in each of so many rows: null where one of them is.
pub(crate) fn compare_rows(comparison: Comparison, a: &Value, b: &Value, rows: usize) -> Result<BooleanArray> {
    if a.is_null_scalar() || b.is_null_scalar() || *a.data_type() == DataType::Null {
        return Ok(BooleanArray::new_null(rows));
    }
    if let (Value::Scalar(_), Value::Scalar(_)) = (a, b)
        && rows != 1
    {
        let a = Value::Array(a.clone().into_array(rows)?);
        return compare_rows(comparison, &a, b, rows);
    }
    let bits = compare(Level::best(), comparison, a, b, rows)?;
    let nulls = NullBuffer::union(a_nulls(a).as_ref(), a_nulls(b).as_ref());
    Ok(BooleanArray::new(bits, nulls))
}

fn a_nulls(value: &Value) -> Option<NullBuffer> {
    nulls(std::slice::from_ref(value))
}

/// Whether values lie between two bounds, where their type allows one pass.
pub(crate) fn within(level: Level, x: &Value, low: &Value, high: &Value) -> Result<Option<BooleanBuffer>> {
    let (Value::Array(_), Value::Scalar(_), Value::Scalar(_)) = (x, low, high) else { return Ok(None) };
    with_native!(
        x.data_type(),
        T => {
            let (x, low, high) = (Operand::<T>::new(x)?, Operand::<T>::new(low)?, Operand::<T>::new(high)?);
            match (x.side(), low.side(), high.side()) {
                (Side::Rows(x), Side::One(low), Side::One(high)) => {
                    Ok(Some(test(level, x, move |x| (x >= low) & (x <= high))))
                }
                _ => Ok(None),
            }
        },
        Ok(None)
    )
}
