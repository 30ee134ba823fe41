//! The least and the greatest value.

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Decimal256Type, DurationMicrosecondType,
    DurationMillisecondType, DurationNanosecondType, DurationSecondType, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, LargeBinaryArray,
    LargeStringArray, PrimitiveArray, StringArray, StringViewArray, new_null_array,
};
use arrow_buffer::i256;
use arrow_schema::{DataType, TimeUnit};
use half::f16;
use pf_base::{Error, Result};

use super::rows::{Make, argument, chunks, dispatch, primitive, same};
use super::summary::{Read, Reading};
use crate::compare::extreme;
use crate::{Accumulator, Aggregate, Call, Value};

/// Computes `min`.
pub(super) fn min(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    make::<false>(call.result.clone())
}

/// Computes `max`.
pub(super) fn max(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    make::<true>(call.result.clone())
}

/// Calls the macro with the primitive type behind `data_type`.
macro_rules! with_primitive {
    ($data_type:expr, $then:ident, $else:expr) => {
        match $data_type {
            DataType::Int8 => $then!(Int8Type),
            DataType::Int16 => $then!(Int16Type),
            DataType::Int32 => $then!(Int32Type),
            DataType::Int64 => $then!(Int64Type),
            DataType::UInt8 => $then!(UInt8Type),
            DataType::UInt16 => $then!(UInt16Type),
            DataType::UInt32 => $then!(UInt32Type),
            DataType::UInt64 => $then!(UInt64Type),
            DataType::Float16 => $then!(Float16Type),
            DataType::Float32 => $then!(Float32Type),
            DataType::Float64 => $then!(Float64Type),
            DataType::Decimal128(..) => $then!(Decimal128Type),
            DataType::Decimal256(..) => $then!(Decimal256Type),
            DataType::Date32 => $then!(Date32Type),
            DataType::Date64 => $then!(Date64Type),
            DataType::Time32(TimeUnit::Second) => $then!(Time32SecondType),
            DataType::Time32(TimeUnit::Millisecond) => $then!(Time32MillisecondType),
            DataType::Time64(TimeUnit::Microsecond) => $then!(Time64MicrosecondType),
            DataType::Time64(TimeUnit::Nanosecond) => $then!(Time64NanosecondType),
            DataType::Timestamp(TimeUnit::Second, _) => $then!(TimestampSecondType),
            DataType::Timestamp(TimeUnit::Millisecond, _) => $then!(TimestampMillisecondType),
            DataType::Timestamp(TimeUnit::Microsecond, _) => $then!(TimestampMicrosecondType),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => $then!(TimestampNanosecondType),
            DataType::Duration(TimeUnit::Second) => $then!(DurationSecondType),
            DataType::Duration(TimeUnit::Millisecond) => $then!(DurationMillisecondType),
            DataType::Duration(TimeUnit::Microsecond) => $then!(DurationMicrosecondType),
            DataType::Duration(TimeUnit::Nanosecond) => $then!(DurationNanosecondType),
            _ => $else,
        }
    };
}

fn make<const MAX: bool>(result: DataType) -> Result<Box<dyn Aggregate>> {
    macro_rules! of_type {
        ($type:ty) => {
            Box::new(Make(move || Extreme::<$type, MAX> { best: None, any: false, result: result.clone() }))
        };
    }
    Ok(match &result {
        DataType::Null => Box::new(Make(|| Nothing)),
        DataType::Float64 => Box::new(Read(if MAX { Reading::Greatest } else { Reading::Least })),
        DataType::Boolean => Box::new(Make(|| Truth::<MAX> { best: None })),
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => Box::new(Make(move || Bytes::<MAX> { best: None, result: result.clone() })),
        other => with_primitive!(other, of_type, return Err(Error::internal(format!("cannot order {other}")))),
    })
}

/// `min` of nothing but nulls without a type.
struct Nothing;

impl Accumulator for Nothing {
    fn update(&mut self, _: &[Value], _: usize) -> Result<()> {
        Ok(())
    }

    fn merge(&mut self, _: Box<dyn Any>) -> Result<()> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(new_null_array(&DataType::Null, 1))
    }
}

/// A value with an order in which NaN does not stand.
pub(super) trait Ordered: Copy + 'static {
    /// What stands in place of null: nothing is greater.
    const TOP: Self;
    /// What stands in place of null: nothing is less.
    const BOTTOM: Self;
    /// What all have that do not stand in the order.
    const UNORDERED: Option<Self>;

    /// The least of at least one value; nothing where all are NaN.
    fn least(values: &[Self]) -> Option<Self>;
    /// The greatest of at least one value; nothing where all are NaN.
    fn greatest(values: &[Self]) -> Option<Self>;
    /// The order of two values that stand in it.
    fn order(self, other: Self) -> Ordering;
}

macro_rules! ordered_integers {
    ($($type:ty),*) => {$(
        impl Ordered for $type {
            const TOP: Self = <$type>::MAX;
            const BOTTOM: Self = <$type>::MIN;
            const UNORDERED: Option<Self> = None;

            #[inline(always)]
            fn least(values: &[Self]) -> Option<Self> {
                Some(values.iter().fold(Self::TOP, |a, b| if *b < a { *b } else { a }))
            }

            #[inline(always)]
            fn greatest(values: &[Self]) -> Option<Self> {
                Some(values.iter().fold(Self::BOTTOM, |a, b| if *b > a { *b } else { a }))
            }

            fn order(self, other: Self) -> Ordering {
                self.cmp(&other)
            }
        }
    )*};
}

ordered_integers!(i8, i16, i32, i64, i128, i256, u8, u16, u32, u64);

macro_rules! ordered_floats {
    ($($type:ty),*) => {$(
        impl Ordered for $type {
            const TOP: Self = <$type>::NAN;
            const BOTTOM: Self = <$type>::NAN;
            const UNORDERED: Option<Self> = Some(<$type>::NAN);

            #[inline(always)]
            fn least(values: &[Self]) -> Option<Self> {
                // No comparison with NaN holds, so it never becomes the least.
                let least = folded(values, <$type>::INFINITY, |a, b| if b < a { b } else { a });
                let zero = <$type>::default();
                if least == zero {
                    let negative = values.iter().any(|x| *x == zero && x.is_sign_negative());
                    Some(if negative { -zero } else { zero })
                } else if least == <$type>::INFINITY {
                    values.contains(&least).then_some(least)
                } else {
                    Some(least)
                }
            }

            #[inline(always)]
            fn greatest(values: &[Self]) -> Option<Self> {
                let greatest = folded(values, <$type>::NEG_INFINITY, |a, b| if b > a { b } else { a });
                let zero = <$type>::default();
                if greatest == zero {
                    let positive = values.iter().any(|x| *x == zero && x.is_sign_positive());
                    Some(if positive { zero } else { -zero })
                } else if greatest == <$type>::NEG_INFINITY {
                    values.contains(&greatest).then_some(greatest)
                } else {
                    Some(greatest)
                }
            }

            fn order(self, other: Self) -> Ordering {
                self.total_cmp(&other)
            }
        }
    )*};
}

ordered_floats!(f16, f32, f64);

/// Values that are compared side by side.
const LANES: usize = 32;

/// A fold in lanes: `f` is associative and commutative as far as the caller cares.
#[inline(always)]
fn folded<T: Copy>(values: &[T], start: T, f: impl Fn(T, T) -> T) -> T {
    let mut lanes = [start; LANES];
    let (rows, rest) = values.as_chunks::<LANES>();
    for row in rows {
        for (lane, value) in lanes.iter_mut().zip(row) {
            *lane = f(*lane, *value);
        }
    }
    for (lane, value) in lanes.iter_mut().zip(rest) {
        *lane = f(*lane, *value);
    }
    lanes.into_iter().fold(start, f)
}

struct Extreme<T: ArrowPrimitiveType, const MAX: bool> {
    best: Option<T::Native>,
    any: bool,
    result: DataType,
}

impl<T: ArrowPrimitiveType<Native: Ordered>, const MAX: bool> Extreme<T, MAX> {
    #[inline(always)]
    fn take(&mut self, value: T::Native) {
        let better = if MAX { Ordering::Greater } else { Ordering::Less };
        if self.best.is_none_or(|best| value.order(best) == better) {
            self.best = Some(value);
        }
    }
}

impl<T: ArrowPrimitiveType<Native: Ordered>, const MAX: bool> Accumulator for Extreme<T, MAX> {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let value = argument(arguments, 0)?;
        if rows == 0 {
            return Ok(());
        }
        let array = primitive::<T>(value.inner())?;
        let fill = if MAX { T::Native::BOTTOM } else { T::Native::TOP };
        dispatch(
            #[inline(always)]
            || {
                chunks(
                    array.values(),
                    array.nulls(),
                    fill,
                    #[inline(always)]
                    |values, _| {
                        self.any = true;
                        if let Some(value) = if MAX { Ordered::greatest(values) } else { Ordered::least(values) } {
                            self.take(value);
                        }
                    },
                );
            },
        );
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.any |= later.any;
        if let Some(value) = later.best {
            self.take(value);
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        let value = self.best.or(if self.any { T::Native::UNORDERED } else { None });
        Ok(Arc::new([value].into_iter().collect::<PrimitiveArray<T>>().with_data_type(self.result)))
    }
}

/// The extreme of booleans: of which false is the less.
pub(super) struct Truth<const MAX: bool> {
    pub(super) best: Option<bool>,
}

impl<const MAX: bool> Accumulator for Truth<MAX> {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let value = argument(arguments, 0)?;
        if rows == 0 || self.best == Some(MAX) {
            return Ok(());
        }
        let array = value.inner().as_boolean();
        let seen =
            if MAX { arrow_arith::aggregate::max_boolean(array) } else { arrow_arith::aggregate::min_boolean(array) };
        self.best = match seen {
            Some(seen) if seen == MAX => Some(seen),
            seen => self.best.or(seen),
        };
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        if self.best.is_none() || later.best == Some(MAX) {
            self.best = later.best;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(Arc::new(BooleanArray::from(vec![self.best])))
    }
}

/// The extreme of strings or bytes.
struct Bytes<const MAX: bool> {
    best: Option<Vec<u8>>,
    result: DataType,
}

impl<const MAX: bool> Bytes<MAX> {
    fn take(&mut self, value: Option<Vec<u8>>) {
        let Some(value) = value else { return };
        if self.best.as_ref().is_none_or(|best| if MAX { value > *best } else { value < *best }) {
            self.best = Some(value);
        }
    }
}

impl<const MAX: bool> Accumulator for Bytes<MAX> {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        if rows > 0 {
            self.take(extreme::<MAX>(argument(arguments, 0)?.inner().as_ref())?);
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.take(later.best);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        bytes_row(self.best.as_deref(), &self.result)
    }
}

/// An array of one row of a string or binary type.
pub(super) fn bytes_row(value: Option<&[u8]>, data_type: &DataType) -> Result<ArrayRef> {
    let text = || -> Result<Option<&str>> {
        let text = value.map(std::str::from_utf8).transpose();
        text.map_err(|e| Error::corrupt(format!("a string is no UTF-8: {e}")))
    };
    Ok(match data_type {
        DataType::Utf8 => Arc::new(StringArray::from(vec![text()?])),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from(vec![text()?])),
        DataType::Utf8View => Arc::new(StringViewArray::from(vec![text()?])),
        DataType::Binary => Arc::new(BinaryArray::from(vec![value])),
        DataType::LargeBinary => Arc::new(LargeBinaryArray::from(vec![value])),
        DataType::BinaryView => Arc::new(BinaryViewArray::from(vec![value])),
        DataType::FixedSizeBinary(size) => {
            Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(std::iter::once(value), *size)?)
        }
        other => return Err(Error::internal(format!("{other} holds no bytes"))),
    })
}
