//! Sums, means and products.

use std::any::Any;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, Decimal128Array, Float64Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Code, Error, Result};

use super::exact::Exact;
use super::rows::{Make, argument, chunks, dispatch, one, primitive, same};
use super::summary::{Read, Reading};
use crate::{Accumulator, Aggregate, Call, Overflow, Value};

/// Computes `sum`.
pub(super) fn sum(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    make(call, false)
}

/// Computes `mean`.
pub(super) fn mean(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    make(call, true)
}

fn make(call: &Call<'_>, mean: bool) -> Result<Box<dyn Aggregate>> {
    let from = call.arguments.first().map_or(DataType::Null, |a| a.data_type.clone());
    let finish = Finish { result: call.result.clone(), mean, overflow: call.settings.overflow, from: from.clone() };
    macro_rules! whole {
        ($type:ty) => {{
            Box::new(Make(move || WholeSum::<$type> {
                sum: 0,
                count: 0,
                finish: finish.clone(),
                of: Default::default(),
            }))
        }};
    }
    Ok(match from {
        DataType::Float64 => Box::new(Read(if mean { Reading::Mean } else { Reading::Sum })),
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Duration(TimeUnit::Second) => whole!(DurationSecondType),
        DataType::Duration(TimeUnit::Millisecond) => whole!(DurationMillisecondType),
        DataType::Duration(TimeUnit::Microsecond) => whole!(DurationMicrosecondType),
        DataType::Duration(TimeUnit::Nanosecond) => whole!(DurationNanosecondType),
        DataType::Timestamp(TimeUnit::Second, _) => whole!(TimestampSecondType),
        DataType::Timestamp(TimeUnit::Millisecond, _) => whole!(TimestampMillisecondType),
        DataType::Timestamp(TimeUnit::Microsecond, _) => whole!(TimestampMicrosecondType),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => whole!(TimestampNanosecondType),
        DataType::Decimal128(..) => {
            Box::new(Make(move || DecimalSum { sum: Long::default(), count: 0, finish: finish.clone() }))
        }
        other => return Err(Error::internal(format!("cannot sum {other}"))),
    })
}

/// Values of at most 64 bits that add up in 128.
trait Whole: ArrowPrimitiveType {
    fn wide(value: Self::Native) -> i128;

    /// The sum of a chunk.
    fn total(values: &[Self::Native]) -> i128;
}

macro_rules! narrow {
    ($($type:ty),*) => {$(
        impl Whole for $type {
            fn wide(value: Self::Native) -> i128 {
                i128::from(value)
            }

            #[inline(always)]
            fn total(values: &[Self::Native]) -> i128 {
                i128::from(values.iter().map(|value| i64::from(*value)).sum::<i64>())
            }
        }
    )*};
}

macro_rules! full {
    ($($type:ty),*) => {$(
        impl Whole for $type {
            fn wide(value: Self::Native) -> i128 {
                i128::from(value)
            }

            /// The upper halves, and all but what overflows, since a vector has no place for carries: what the lower
            /// halves of a chunk add up to fits in a word.
            #[inline(always)]
            fn total(values: &[Self::Native]) -> i128 {
                let (mut all, mut high) = (0u64, 0);
                for value in values {
                    all = all.wrapping_add(*value as u64);
                    high += *value >> 32;
                }
                let low = all.wrapping_sub((high as u64) << 32);
                i128::from(low) + (i128::from(high) << 32)
            }
        }
    )*};
}

narrow!(Int8Type, Int16Type, Int32Type, UInt8Type, UInt16Type, UInt32Type);
full!(
    Int64Type,
    UInt64Type,
    DurationSecondType,
    DurationMillisecondType,
    DurationMicrosecondType,
    DurationNanosecondType,
    TimestampSecondType,
    TimestampMillisecondType,
    TimestampMicrosecondType,
    TimestampNanosecondType
);

struct WholeSum<T: Whole> {
    sum: i128,
    count: u64,
    finish: Finish,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T: Whole> Accumulator for WholeSum<T> {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let value = argument(arguments, 0)?;
        let array = primitive::<T>(value.inner())?;
        if let Value::Scalar(_) = value {
            if rows > 0 && array.is_valid(0) {
                // At most 64 bits times 64 bits.
                self.sum += T::wide(array.value(0)) * rows as i128;
                self.count += rows as u64;
            }
            return Ok(());
        }
        dispatch(
            #[inline(always)]
            || {
                chunks(
                    array.values(),
                    array.nulls(),
                    T::Native::default(),
                    #[inline(always)]
                    |values, present| {
                        self.sum += T::total(values);
                        self.count += present as u64;
                    },
                );
            },
        );
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.sum += later.sum;
        self.count += later.count;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        self.finish.array(Long { high: self.sum >> 64, low: self.sum as u64 }, self.count)
    }
}

/// An integer of 192 bits: `high * 2^64 + low`.
#[derive(Clone, Copy, Default)]
struct Long {
    high: i128,
    low: u64,
}

impl Long {
    fn add(&mut self, value: i128) {
        let low = u128::from(self.low) + (value as u128 & u128::from(u64::MAX));
        self.low = low as u64;
        self.high += (value >> 64) + (low >> 64) as i128;
    }

    fn add_long(&mut self, other: Self) {
        let low = u128::from(self.low) + u128::from(other.low);
        self.low = low as u64;
        self.high += other.high + (low >> 64) as i128;
    }

    /// In 128 bits, if it fits.
    fn narrow(self) -> Option<i128> {
        let high = i64::try_from(self.high).ok()?;
        Some(i128::from(high) << 64 | i128::from(self.low))
    }

    fn exact(self) -> Exact {
        let mut sum = Exact::default();
        sum.add_integer(self.high, 64);
        sum.add_integer(i128::from(self.low), 0);
        sum
    }
}

struct DecimalSum {
    sum: Long,
    count: u64,
    finish: Finish,
}

impl Accumulator for DecimalSum {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let array = one(arguments, rows)?;
        let array = primitive::<Decimal128Type>(&array)?;
        chunks(
            array.values(),
            array.nulls(),
            0,
            #[inline(always)]
            |values, present| {
                values.iter().for_each(|value| self.sum.add(*value));
                self.count += present as u64;
            },
        );
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.sum.add_long(later.sum);
        self.count += later.count;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        self.finish.array(self.sum, self.count)
    }
}

/// What becomes of the sum of all rows.
#[derive(Clone)]
struct Finish {
    result: DataType,
    from: DataType,
    mean: bool,
    overflow: Overflow,
}

/// `value / 10^scale`. Apart from its caller, which the compiler would let compute the power of what is no scale, to throw
/// it away: memory checkers take that for the use of a value that nobody set.
#[inline(never)]
fn shifted(value: f64, scale: i8) -> f64 {
    value / 10f64.powi(i32::from(scale))
}

impl Finish {
    fn array(&self, sum: Long, count: u64) -> Result<ArrayRef> {
        let some = count > 0;
        Ok(match &self.result {
            DataType::Float64 => {
                let mean = if some { sum.exact().mean(count) } else { 0.0 };
                let mean = match self.from {
                    DataType::Decimal128(_, scale) => shifted(mean, scale),
                    _ => mean,
                };
                Arc::new(Float64Array::from(vec![some.then_some(mean)]))
            }
            DataType::Decimal128(precision, scale) => {
                let limit = 10i128.pow(u32::from(*precision).min(38));
                let value = sum.narrow().filter(|value| value.unsigned_abs() < limit as u128);
                let value = self.fits(value, || sum.narrow().unwrap_or(sum.low as i128), some)?;
                Arc::new(Decimal128Array::from(vec![value]).with_precision_and_scale(*precision, *scale)?)
            }
            DataType::UInt64 => {
                let value = sum.narrow().and_then(|value| u64::try_from(value).ok());
                let value = self.fits(value, || sum.low, some)?;
                Arc::new(PrimitiveArray::<UInt64Type>::from(vec![value]))
            }
            result => {
                let divisor = if self.mean { i128::from(count.max(1)) } else { 1 };
                let value = sum.narrow().and_then(|value| i64::try_from(value.div_euclid(divisor)).ok());
                let value = self.fits(value, || sum.low as i64, some)?;
                let data = PrimitiveArray::<Int64Type>::from(vec![value]).into_data();
                arrow_array::make_array(data.into_builder().data_type(result.clone()).build()?)
            }
        })
    }

    /// The value, or what the settings say if it does not fit.
    fn fits<V>(&self, value: Option<V>, low: impl FnOnce() -> V, some: bool) -> Result<Option<V>> {
        match value {
            _ if !some => Ok(None),
            Some(value) => Ok(Some(value)),
            None => match self.overflow {
                Overflow::Error => {
                    Err(Error::new(Code::Arithmetic, format!("sum overflows {}", crate::types::name(&self.result))))
                }
                Overflow::Null => Ok(None),
                Overflow::Wrap => Ok(Some(low())),
            },
        }
    }
}
