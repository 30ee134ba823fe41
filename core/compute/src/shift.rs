//! A row compared with the row some places before it.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, new_null_array};
use arrow_schema::DataType;
use pf_base::{Code, Context, Error, Result};

use crate::Overflow;
use crate::pieces::{each_native, fill, fill_nullable, primitive, values_of};

/// The row `n` places before `row`, after it where `n` is negative.
#[inline(always)]
fn other(row: usize, n: i64, rows: usize) -> Option<usize> {
    let other = i128::from(row as u64) - i128::from(n);
    usize::try_from(other).ok().filter(|o| *o < rows)
}

/// Every row has the value `n` rows before it; `fill` is one row, what the others have.
pub(crate) fn shift(array: &ArrayRef, n: i64, filler: &ArrayRef, ctx: &Context) -> Result<ArrayRef> {
    let rows = array.len();
    let by = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX).min(rows);
    let nulls = array.nulls().filter(|n| n.null_count() > 0).is_some() || filler.is_null(0);
    if by > 0 && !nulls {
        return each_native!(
            array.data_type(),
            N => {
                let (values, filler) = (values_of::<N>(array), values_of::<N>(filler)[0]);
                let shifted = fill::<N>(rows, ctx, |start, out| {
                    for (row, out) in (start..).zip(out) {
                        *out = other(row, n, rows).map_or(filler, |o| values[o]);
                    }
                    Ok(())
                })?;
                primitive(array.data_type(), shifted, None)
            },
            _ => join(array, n, by, filler, ctx)
        );
    }
    if by == 0 { Ok(Arc::clone(array)) } else { join(array, n, by, filler, ctx) }
}

fn join(array: &ArrayRef, n: i64, by: usize, filler: &ArrayRef, ctx: &Context) -> Result<ArrayRef> {
    let rest = array.len() - by;
    let fillers = if filler.is_null(0) {
        new_null_array(array.data_type(), by)
    } else {
        crate::Value::Scalar(Arc::clone(filler)).into_array(by)?
    };
    let chunks = if n > 0 { [fillers, array.slice(0, rest)] } else { [array.slice(by, rest), fillers] };
    crate::concat(&chunks, ctx)
}

/// A type whose values can be subtracted.
trait Subtract: Copy {
    type Result;
    fn subtract(self, other: Self) -> Option<Self::Result>;
    fn wrapping(self, other: Self) -> Self::Result;
}

macro_rules! subtract {
    ($($t:ty => $result:ty),*) => {$(
        impl Subtract for $t {
            type Result = $result;
            fn subtract(self, other: Self) -> Option<$result> {
                let difference = i128::from(self).checked_sub(i128::from(other))?;
                <$result>::try_from(difference).ok()
            }
            fn wrapping(self, other: Self) -> $result {
                self.wrapping_sub(other) as $result
            }
        }
    )*};
}
subtract!(i32 => i64, i64 => i64, u64 => i64);

impl Subtract for i128 {
    type Result = i128;
    fn subtract(self, other: Self) -> Option<i128> {
        self.checked_sub(other).filter(|d| d.unsigned_abs() < 10u128.pow(38))
    }
    fn wrapping(self, other: Self) -> i128 {
        self.wrapping_sub(other)
    }
}

macro_rules! subtract_floats {
    ($($t:ty),*) => {$(
        impl Subtract for $t {
            type Result = $t;
            fn subtract(self, other: Self) -> Option<$t> {
                Some(self - other)
            }
            fn wrapping(self, other: Self) -> $t {
                self - other
            }
        }
    )*};
}
subtract_floats!(f32, f64);

/// Every row less the value `n` rows before it, of the types that [`functions::window`](crate::functions) binds.
pub(crate) fn diff(array: &ArrayRef, n: i64, result: &DataType, overflow: Overflow, ctx: &Context) -> Result<ArrayRef> {
    macro_rules! with {
        ($t:ty) => {
            difference::<$t>(array, n, result, overflow, 1, ctx)
        };
    }
    match array.data_type() {
        DataType::Int64 | DataType::Timestamp(..) | DataType::Duration(_) | DataType::Date64 => with!(i64),
        DataType::UInt64 => with!(u64),
        // Days as seconds.
        DataType::Date32 => difference::<i32>(array, n, result, overflow, 86_400, ctx),
        DataType::Decimal128(..) => with!(i128),
        DataType::Float32 => with!(f32),
        DataType::Float64 => with!(f64),
        _ => Err(Error::internal("a type without differences")),
    }
}

fn difference<T>(
    array: &ArrayRef,
    n: i64,
    result: &DataType,
    overflow: Overflow,
    scale: i64,
    ctx: &Context,
) -> Result<ArrayRef>
where
    T: Subtract + arrow_buffer::ArrowNativeType,
    T::Result: bytemuck::Pod + Send + Sync + arrow_buffer::ArrowNativeType + Scale,
{
    let rows = array.len();
    let values = values_of::<T>(array);
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let present = |row: usize| nulls.is_none_or(|n| n.is_valid(row));
    let (differences, nulls) = fill_nullable::<T::Result>(rows, ctx, |start, out, valid| {
        for (i, out) in out.iter_mut().enumerate() {
            let row = start + i;
            let Some(before) = other(row, n, rows).filter(|b| present(row) && present(*b)) else { continue };
            let (a, b) = (values[row], values[before]);
            *out = match (a.subtract(b), overflow) {
                (Some(difference), _) => difference.scale(scale),
                (None, Overflow::Null) => continue,
                (None, Overflow::Wrap) => a.wrapping(b),
                (None, Overflow::Error) => {
                    let name = crate::types::name(result);
                    return Err(Error::new(Code::Arithmetic, format!("{a:?} - {b:?} overflows {name}")));
                }
            };
            valid.set(i);
        }
        Ok(())
    })?;
    primitive(result, differences, nulls)
}

/// A difference in other units.
trait Scale {
    fn scale(self, by: i64) -> Self;
}

impl Scale for i64 {
    #[inline(always)]
    fn scale(self, by: i64) -> Self {
        // Days of 32 bits in seconds fit.
        self.wrapping_mul(by)
    }
}

macro_rules! unscaled {
    ($($t:ty),*) => {$(
        impl Scale for $t {
            #[inline(always)]
            fn scale(self, _: i64) -> Self {
                self
            }
        }
    )*};
}
unscaled!(i128, f32, f64);

/// Every row divided by the value `n` rows before it, less one.
pub(crate) fn pct_change(array: &ArrayRef, n: i64, ctx: &Context) -> Result<ArrayRef> {
    let rows = array.len();
    let values = values_of::<f64>(array);
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let present = |row: usize| nulls.is_none_or(|n| n.is_valid(row));
    let (changes, nulls) = fill_nullable::<f64>(rows, ctx, |start, out, valid| {
        for (i, out) in out.iter_mut().enumerate() {
            let row = start + i;
            if let Some(before) = other(row, n, rows).filter(|b| present(row) && present(*b)) {
                *out = values[row] / values[before] - 1.0;
                valid.set(i);
            }
        }
        Ok(())
    })?;
    Ok(Arc::new(Float64Array::new(changes, nulls)))
}
