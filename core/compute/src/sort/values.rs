//! Sorting a column for its own sake: the values, without the numbers of their rows.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, BooleanBufferBuilder, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, IntervalUnit};
use bytemuck::Pod;
use half::f16;
use pf_base::{Context, Result};

use super::codes::{Ordered, range};
use super::rows::sort_keys;
use super::texts::short_texts;
use super::{SortColumn, argsort};
use crate::pieces::{PIECE, each_native, piece, primitive, values_of};

/// The values of `array` in order, nulls before or after all of them.
///
/// The order is that of [`argsort`]: equal values, zeros of both signs and all NaN too, stay in the order of their rows.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for a column without an order;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
pub fn sort_values(array: &ArrayRef, descending: bool, nulls_first: bool, ctx: &Context) -> Result<ArrayRef> {
    if let DataType::Boolean = array.data_type() {
        return Ok(booleans(array.as_boolean(), descending, nulls_first));
    }
    if matches!(array.data_type(), DataType::Decimal128(..) | DataType::Interval(IntervalUnit::YearMonth)) {
        return by_rows(array, descending, nulls_first, ctx);
    }
    let short = match array.data_type() {
        DataType::Utf8 => short_texts(array.as_string::<i32>(), descending, nulls_first, ctx)?,
        DataType::LargeUtf8 => short_texts(array.as_string::<i64>(), descending, nulls_first, ctx)?,
        DataType::Binary => short_texts(array.as_binary::<i32>(), descending, nulls_first, ctx)?,
        DataType::LargeBinary => short_texts(array.as_binary::<i64>(), descending, nulls_first, ctx)?,
        _ => None,
    };
    if let Some(sorted) = short {
        return Ok(sorted);
    }
    each_native!(
        array.data_type(),
        N => natives::<N>(array, descending, nulls_first, ctx),
        _ => by_rows(array, descending, nulls_first, ctx)
    )
}

fn by_rows(array: &ArrayRef, descending: bool, nulls_first: bool, ctx: &Context) -> Result<ArrayRef> {
    let order = argsort(&[SortColumn { values: Arc::clone(array), descending, nulls_first }], None, ctx)?;
    crate::pieces::take_one(array, &order, ctx)
}

fn booleans(array: &BooleanArray, descending: bool, nulls_first: bool) -> ArrayRef {
    let (nulls, set) = (array.null_count(), array.true_count());
    let clear = array.len() - nulls - set;
    let mut values = BooleanBufferBuilder::new(array.len());
    let (first, last) = if descending { ((set, true), (clear, false)) } else { ((clear, false), (set, true)) };
    values.append_n(if nulls_first { nulls } else { 0 }, false);
    values.append_n(first.0, first.1);
    values.append_n(last.0, last.1);
    values.append_n(if nulls_first { 0 } else { nulls }, false);
    Arc::new(BooleanArray::new(values.finish(), null_run(array.len(), nulls, nulls_first)))
}

/// So many nulls, at one end.
pub(super) fn null_run(rows: usize, nulls: usize, first: bool) -> Option<NullBuffer> {
    let mut valid = BooleanBufferBuilder::new(rows);
    valid.append_n(if first { nulls } else { rows - nulls }, !first);
    valid.append_n(if first { rows - nulls } else { nulls }, first);
    (nulls > 0).then(|| NullBuffer::new(BooleanBuffer::clone(&valid.finish())))
}

/// The value of a key.
pub(crate) trait Decoded: Ordered {
    fn decoded(key: u64) -> Self;

    /// Whether values of other bits have the same key.
    #[inline(always)]
    fn shares_key(self) -> bool {
        false
    }

    /// Whether this is not the value that its key is decoded to.
    #[inline(always)]
    fn is_lost(self) -> bool {
        false
    }
}

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl Decoded for $t {
            #[inline(always)]
            fn decoded(key: u64) -> Self {
                (key ^ if <$t>::MIN == 0 { 0 } else { 1 << 63 }) as $t
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, u8, u16, u32, u64, i128);

impl Decoded for f64 {
    #[inline(always)]
    fn decoded(key: u64) -> Self {
        // The bit of the sign was flipped in what is not negative, all bits in what is.
        f64::from_bits(key ^ ((((!key as i64) >> 63) as u64) | 1 << 63))
    }

    #[inline(always)]
    fn shares_key(self) -> bool {
        self == 0.0 || self.is_nan()
    }

    #[inline(always)]
    fn is_lost(self) -> bool {
        let bits = self.to_bits();
        (bits == 1 << 63) | (self.is_nan() & (bits != f64::NAN.to_bits() & !(1 << 63)))
    }
}

impl Decoded for f32 {
    #[inline(always)]
    fn decoded(key: u64) -> Self {
        let key = key as u32;
        f32::from_bits(key ^ ((((!key as i32) >> 31) as u32) | 1 << 31))
    }

    #[inline(always)]
    fn shares_key(self) -> bool {
        self == 0.0 || self.is_nan()
    }

    #[inline(always)]
    fn is_lost(self) -> bool {
        let bits = self.to_bits();
        (bits == 1 << 31) | (self.is_nan() & (bits != f32::NAN.to_bits() & !(1 << 31)))
    }
}

impl Decoded for f16 {
    fn decoded(key: u64) -> Self {
        f16::from_f32(f32::decoded(key))
    }

    fn shares_key(self) -> bool {
        self.to_f32().shares_key()
    }

    fn is_lost(self) -> bool {
        self.shares_key() && self.to_bits() != Self::decoded(self.ordered64()).to_bits()
    }
}

fn natives<N: Decoded + Pod + ArrowNativeType>(
    array: &ArrayRef,
    descending: bool,
    nulls_first: bool,
    ctx: &Context,
) -> Result<ArrayRef> {
    let rows = array.len();
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let null_count = nulls.map_or(0, NullBuffer::null_count);
    let values: ScalarBuffer<N> = values_of(array);
    let (low, high) = range(&values, nulls, ctx)?;
    let compacted = match nulls {
        None => None,
        Some(nulls) => Some(without_nulls(&values, nulls, ctx)?),
    };
    let kept: &[N] = compacted.as_ref().map_or(&values[..], |c| &c.0[..]);
    let (mut out, _reserved) = ctx.memory().large::<N>(rows, "sorted values")?;
    let place = if nulls_first { null_count..rows } else { 0..rows - null_count };
    if in_order(kept, descending, ctx)? {
        let parts = out[place].chunks_mut(PIECE).zip(kept.chunks(PIECE)).collect();
        ctx.for_each(parts, |_, (out, kept): (&mut [N], &[N])| {
            out.copy_from_slice(kept);
            Ok(())
        })?;
    } else {
        // Falling keys count from the greatest value.
        let fill = |start: usize, keys: &mut [u64]| {
            for (key, value) in keys.iter_mut().zip(&kept[start..]) {
                let value = value.ordered64();
                *key = if descending { high - value } else { value - low };
            }
        };
        let decode = |key: u64| N::decoded(if descending { high - key } else { low + key });
        let out = &mut out[place];
        sort_keys(kept.len(), high - low, &fill, decode, out, ctx)?;
        restore(kept, out, descending, ctx)?;
    }
    let nulls = null_run(rows, null_count, nulls_first);
    primitive(array.data_type(), crate::pieces::buffer(out), nulls)
}

/// Puts zeros and NaN as they were, in the order of their rows, where keys do not tell them apart.
fn restore<N: Decoded + Pod>(values: &[N], sorted: &mut [N], descending: bool, ctx: &Context) -> Result<()> {
    let lost = ctx.map(values.len().div_ceil(PIECE), |i| {
        Ok(values[piece(i, values.len())].iter().fold(false, |lost, value| lost | value.is_lost()))
    })?;
    if !lost.contains(&true) {
        return Ok(());
    }
    // Where the next zero and the next NaN go.
    let mut next = [None; 2];
    for values in values.chunks(PIECE) {
        ctx.check()?;
        for value in values.iter().filter(|value| value.shares_key()) {
            let key = value.ordered64();
            let next = &mut next[usize::from(key == N::zeroed().ordered64())];
            let at = next.unwrap_or_else(|| {
                sorted.partition_point(|v| if descending { v.ordered64() > key } else { v.ordered64() < key })
            });
            sorted[at] = *value;
            *next = Some(at + 1);
        }
    }
    Ok(())
}

fn without_nulls<N: Pod + Send + Sync + ArrowNativeType>(
    values: &[N],
    nulls: &NullBuffer,
    ctx: &Context,
) -> Result<(pf_base::LargeVec<N>, pf_base::Reservation)> {
    let rows = values.len();
    let counts = ctx.map(rows.div_ceil(PIECE), |i| {
        let rows = piece(i, rows);
        Ok(rows.len() - nulls.slice(rows.start, rows.len()).null_count())
    })?;
    let (mut out, reserved) = ctx.memory().passing::<N>(counts.iter().sum(), "values that are not null")?;
    let (mut parts, mut rest) = (Vec::with_capacity(counts.len()), &mut out[..]);
    for count in counts {
        let (part, after) = rest.split_at_mut(count);
        parts.push(part);
        rest = after;
    }
    ctx.for_each(parts, |i, part| {
        let rows = piece(i, rows);
        let nulls = nulls.slice(rows.start, rows.len());
        part.iter_mut().zip(nulls.valid_indices()).for_each(|(out, at)| *out = values[rows.start + at]);
        Ok(())
    })?;
    Ok((out, reserved))
}

fn in_order<N: Ordered>(values: &[N], descending: bool, ctx: &Context) -> Result<bool> {
    let ordered = |values: &[N]| {
        values.windows(2).all(|pair| {
            let (a, b) = (pair[0].ordered64(), pair[1].ordered64());
            if descending { a >= b } else { a <= b }
        })
    };
    // As a rule the first few tell.
    if !ordered(&values[..values.len().min(1000)]) {
        return Ok(false);
    }
    let pieces = ctx.map(values.len().div_ceil(PIECE), |i| {
        let rows = piece(i, values.len());
        Ok(ordered(&values[rows.start.saturating_sub(1)..rows.end]))
    })?;
    Ok(pieces.into_iter().all(|p| p))
}
