//! Values of fixed width as numbers without a sign that are ordered as the values are.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{Array, ArrayRef, PrimitiveArray, downcast_primitive_array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, ScalarBuffer, i256};
use arrow_schema::{DataType, IntervalUnit};
use half::f16;
use pf_base::{Context, Error, Result};

use super::{SortColumn, argsort};
use crate::pieces::{each_native, values_of};

/// Rows whose range is taken at a time.
const PIECE: usize = 1 << 17;

/// A native value as a number of the same order. Zeros of both signs have one number, and all NaN have the greatest.
pub(crate) trait Ordered: Copy + Send + Sync + 'static {
    /// The number.
    fn ordered(self) -> u128;

    /// The number where it has at most 64 bits.
    fn ordered64(self) -> u64 {
        self.ordered() as u64
    }
}

macro_rules! integers {
    ($($t:ty => $wide:ty),*) => {$(
        impl Ordered for $t {
            fn ordered(self) -> u128 {
                u128::from(self.ordered64())
            }
            #[inline(always)]
            fn ordered64(self) -> u64 {
                (self as $wide as u64) ^ if <$t>::MIN == 0 { 0 } else { 1 << 63 }
            }
        }
    )*};
}
integers!(i8 => i64, i16 => i64, i32 => i64, i64 => i64, u8 => u64, u16 => u64, u32 => u64, u64 => u64);

impl Ordered for i128 {
    fn ordered(self) -> u128 {
        self as u128 ^ (1 << 127)
    }
}

impl Ordered for f64 {
    fn ordered(self) -> u128 {
        u128::from(self.ordered64())
    }
    #[inline(always)]
    fn ordered64(self) -> u64 {
        // Adding zero makes -0.0 a zero.
        let bits = if self.is_nan() { f64::NAN.to_bits() & !(1 << 63) } else { (self + 0.0).to_bits() };
        bits ^ ((((bits as i64) >> 63) as u64) | 1 << 63)
    }
}

impl Ordered for f32 {
    fn ordered(self) -> u128 {
        u128::from(self.ordered64())
    }
    #[inline(always)]
    fn ordered64(self) -> u64 {
        let bits = if self.is_nan() { f32::NAN.to_bits() & !(1 << 31) } else { (self + 0.0).to_bits() };
        u64::from(bits ^ ((((bits as i32) >> 31) as u32) | 1 << 31))
    }
}

impl Ordered for f16 {
    fn ordered(self) -> u128 {
        u128::from(self.ordered64())
    }
    #[inline(always)]
    fn ordered64(self) -> u64 {
        self.to_f32().ordered64()
    }
}

/// Codes of the rows of a column, from 0 to a greatest one.
pub(crate) trait Codes: Send + Sync {
    /// The code of a row; anything for a null.
    fn at(&self, row: usize) -> u64;

    /// The codes of the rows from `start` on.
    fn fill(&self, start: usize, out: &mut [u64]);
}

/// Values less the least of them.
struct Fixed<N: ArrowNativeType> {
    values: ScalarBuffer<N>,
    low: u64,
}

impl<N: Ordered + ArrowNativeType> Codes for Fixed<N> {
    fn at(&self, row: usize) -> u64 {
        self.values[row].ordered64().wrapping_sub(self.low)
    }

    fn fill(&self, start: usize, out: &mut [u64]) {
        for (out, value) in out.iter_mut().zip(&self.values[start..]) {
            *out = value.ordered64().wrapping_sub(self.low);
        }
    }
}

/// Codes by a function of the row.
struct ByRow<F>(F);

impl<F: Fn(usize) -> u64 + Send + Sync> Codes for ByRow<F> {
    fn at(&self, row: usize) -> u64 {
        self.0(row)
    }

    fn fill(&self, start: usize, out: &mut [u64]) {
        for (row, out) in (start..).zip(out) {
            *out = self.0(row);
        }
    }
}

/// A column as codes: the first word is the most significant.
pub(crate) struct Words {
    pub(crate) words: Vec<(Box<dyn Codes>, u64)>,
    pub(crate) nulls: Option<NullBuffer>,
}

/// The codes of a column of values of fixed width, with the greatest code of each word; none for other types.
pub(crate) fn codes_of(array: &ArrayRef, ctx: &Context) -> Result<Option<Words>> {
    let nulls = array.logical_nulls().filter(|n| n.null_count() > 0);
    let words = match array.data_type() {
        DataType::Null => vec![],
        DataType::Boolean => {
            let values: BooleanBuffer = array.as_boolean().values().clone();
            vec![(Box::new(ByRow(move |row| u64::from(values.value(row)))) as Box<dyn Codes>, 1)]
        }
        DataType::Decimal256(..) => {
            let values = array.as_primitive::<arrow_array::types::Decimal256Type>().values().clone();
            wide(move |row| split(values[row]), array.len(), nulls.as_ref(), ctx)?
        }
        DataType::Interval(IntervalUnit::DayTime | IntervalUnit::MonthDayNano) => return Ok(None),
        DataType::Dictionary(..) => return dictionary(array, ctx),
        t if t.is_primitive() => {
            downcast_primitive_array!(
                array => fixed(array, ctx)?,
                _ => return Ok(None)
            )
        }
        _ => return Ok(None),
    };
    Ok(Some(Words { words, nulls }))
}

/// What [`codes_of`] does for one native type; those without an order were sorted out.
fn fixed<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, ctx: &Context) -> Result<Vec<(Box<dyn Codes>, u64)>>
where
    T::Native: MaybeOrdered,
{
    T::Native::codes(array.values().clone(), array.nulls(), ctx)
}

/// Every native type of arrow, whether it has an order or not.
trait MaybeOrdered: ArrowNativeType {
    fn codes(
        values: ScalarBuffer<Self>,
        nulls: Option<&NullBuffer>,
        ctx: &Context,
    ) -> Result<Vec<(Box<dyn Codes>, u64)>>;
}

macro_rules! ordered {
    ($($t:ty),*) => {$(
        impl MaybeOrdered for $t {
            fn codes(
                values: ScalarBuffer<Self>,
                nulls: Option<&NullBuffer>,
                ctx: &Context,
            ) -> Result<Vec<(Box<dyn Codes>, u64)>> {
                let (low, high) = range(&values, nulls, ctx)?;
                Ok(vec![(Box::new(Fixed { values, low }), high - low)])
            }
        }
    )*};
}
ordered!(i8, i16, i32, i64, u8, u16, u32, u64, f16, f32, f64);

impl MaybeOrdered for i128 {
    fn codes(
        values: ScalarBuffer<Self>,
        nulls: Option<&NullBuffer>,
        ctx: &Context,
    ) -> Result<Vec<(Box<dyn Codes>, u64)>> {
        let rows = values.len();
        wide(move |row| (0, values[row].ordered()), rows, nulls, ctx)
    }
}

macro_rules! unordered {
    ($($t:ty),*) => {$(
        impl MaybeOrdered for $t {
            fn codes(_: ScalarBuffer<Self>, _: Option<&NullBuffer>, _: &Context) -> Result<Vec<(Box<dyn Codes>, u64)>> {
                Err(Error::internal("a type without an order"))
            }
        }
    )*};
}
unordered!(i256, arrow_buffer::IntervalDayTime, arrow_buffer::IntervalMonthDayNano);

fn split(value: i256) -> (u128, u128) {
    let (low, high) = value.to_parts();
    (high.ordered(), low)
}

/// Codes of 256 bits, or of as few of them as are needed.
fn wide(
    value: impl Fn(usize) -> (u128, u128) + Send + Sync + 'static,
    rows: usize,
    nulls: Option<&NullBuffer>,
    ctx: &Context,
) -> Result<Vec<(Box<dyn Codes>, u64)>> {
    let ranges = ctx.map(rows.div_ceil(PIECE), |piece| {
        let valid = (piece * PIECE..rows.min((piece + 1) * PIECE)).filter(|r| nulls.is_none_or(|n| n.is_valid(*r)));
        Ok(valid.map(&value).fold(None, |range: Option<((u128, u128), (u128, u128))>, v| {
            Some(range.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
        }))
    })?;
    let range = ranges.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let Some((low, high)) = range else { return Ok(vec![]) };
    if low.0 == high.0 && high.1 - low.1 <= u128::from(u64::MAX) {
        let codes = ByRow(move |row| (value(row).1.wrapping_sub(low.1)) as u64);
        return Ok(vec![(Box::new(codes), (high.1 - low.1) as u64)]);
    }
    let value = Arc::new(value);
    let word = |of: fn((u128, u128)) -> u64| {
        let value = Arc::clone(&value);
        (Box::new(ByRow(move |row| of(value(row)))) as Box<dyn Codes>, u64::MAX)
    };
    let mut words = Vec::with_capacity(4);
    if low.0 != high.0 {
        words.extend([word(|v| (v.0 >> 64) as u64), word(|v| v.0 as u64)]);
    }
    words.extend([word(|v| (v.1 >> 64) as u64), word(|v| v.1 as u64)]);
    Ok(words)
}

/// The least and greatest number of the values that are not null.
pub(super) fn range<N: Ordered + ArrowNativeType>(
    values: &ScalarBuffer<N>,
    nulls: Option<&NullBuffer>,
    ctx: &Context,
) -> Result<(u64, u64)> {
    let rows = values.len();
    let ranges = ctx.map(rows.div_ceil(PIECE), |piece| {
        let part = piece * PIECE..rows.min((piece + 1) * PIECE);
        let (mut low, mut high) = (u64::MAX, 0);
        let nulls = nulls.map(|n| n.slice(part.start, part.len())).filter(|n| n.null_count() > 0);
        match nulls {
            None => {
                for value in &values[part] {
                    let number = value.ordered64();
                    (low, high) = (low.min(number), high.max(number));
                }
            }
            Some(nulls) => {
                for row in nulls.valid_indices() {
                    let number = values[part.start + row].ordered64();
                    (low, high) = (low.min(number), high.max(number));
                }
            }
        }
        Ok((low, high))
    })?;
    let (low, high) = ranges.into_iter().fold((u64::MAX, 0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    Ok(if low > high { (0, 0) } else { (low, high) })
}

/// Codes of a dictionary: the place of its value among the values.
fn dictionary(array: &ArrayRef, ctx: &Context) -> Result<Option<Words>> {
    let dictionary = array.as_any_dictionary();
    let values = dictionary.values();
    let places = dense_places(values, ctx)?;
    if dictionary.keys().is_empty() || values.is_empty() {
        return Ok(Some(Words { words: vec![], nulls: array.logical_nulls().filter(|n| n.null_count() > 0) }));
    }
    let highest = places.iter().copied().max().unwrap_or(0);
    let keys = dictionary.keys();
    // Keys of nulls may lead nowhere.
    let codes: Box<dyn Codes> = each_native!(
        keys.data_type(),
        N => {
            let keys = values_of::<N>(keys);
            Box::new(ByRow(move |row: usize| places.get(keys[row].as_usize()).map_or(0, |p| u64::from(*p))))
        },
        _ => return Ok(None)
    );
    let nulls = array.logical_nulls().filter(|n| n.null_count() > 0);
    Ok(Some(Words { words: vec![(codes, highest.into())], nulls }))
}

/// The place of every value in their order; equal values share one.
fn dense_places(values: &ArrayRef, ctx: &Context) -> Result<Vec<u32>> {
    let key = SortColumn { values: Arc::clone(values), descending: false, nulls_first: false };
    let plan = super::keys::Plan::new(std::slice::from_ref(&key), ctx)?;
    let order = argsort(&[key], None, ctx)?;
    let mut places = vec![0; values.len()];
    let mut place = 0;
    for pair in order.values().windows(2) {
        place += u32::from(!plan.equal(pair[0] as usize, pair[1] as usize));
        places[pair[1] as usize] = place;
    }
    Ok(places)
}
