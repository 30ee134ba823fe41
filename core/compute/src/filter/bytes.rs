//! Strings and binary with offsets.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::ByteArrayType;
use arrow_array::{ArrayRef, GenericByteArray, OffsetSizeTrait};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Context, Error, Result};

use super::fixed::split;
use super::{Piece, Selection, nulls};
use crate::simd::Level;

/// An offset: 32 or 64 bits.
pub(crate) trait Offset: OffsetSizeTrait + Pod {
    /// The offset, where it fits.
    fn try_of(n: usize) -> Option<Self>;
    /// The offset that is known to fit.
    fn of(n: usize) -> Self;
}

impl Offset for i32 {
    fn try_of(n: usize) -> Option<Self> {
        n.try_into().ok()
    }
    #[inline(always)]
    fn of(n: usize) -> Self {
        n as Self
    }
}

impl Offset for i64 {
    fn try_of(n: usize) -> Option<Self> {
        n.try_into().ok()
    }
    #[inline(always)]
    fn of(n: usize) -> Self {
        n as Self
    }
}

/// Strings and binary.
pub(crate) fn bytes<T: ByteArrayType<Offset: Offset>>(
    column: &[ArrayRef],
    selection: &Selection,
    ctx: &Context,
) -> Result<ArrayRef> {
    let chunks: Vec<&GenericByteArray<T>> = column.iter().map(|chunk| chunk.as_bytes::<T>()).collect();
    let source = |piece: &Piece| {
        let chunk = chunks[piece.chunk];
        (&chunk.value_offsets()[piece.start..=piece.start + piece.rows], chunk.value_data())
    };
    let pieces = selection.pieces();
    let sizes = ctx.map(pieces.len(), |i| Ok(size(source(&pieces[i]).0, pieces[i].mask.as_deref())))?;
    let starts = starts::<T::Offset>(&sizes, column)?;
    let total = starts[pieces.len()];

    let memory = ctx.memory();
    let (mut values, values_held) = memory.unwritten::<u8>(total, "the strings that a filter keeps")?;
    let (mut offsets, offsets_held) =
        memory.unwritten::<T::Offset>(selection.count() + 1, "the strings that a filter keeps")?;
    offsets[0] = T::Offset::of(0);
    let mut rest: &mut [u8] = &mut values;
    let mut parts = Vec::with_capacity(pieces.len());
    for (offsets, size) in split(&mut offsets[1..], selection, 1).into_iter().zip(&sizes) {
        let (values, left) = rest.split_at_mut(*size);
        parts.push((offsets, values));
        rest = left;
    }
    ctx.for_each(parts, |i, (offsets, values)| {
        let (from, bytes) = source(&pieces[i]);
        match pieces[i].mask.as_deref() {
            None => whole(from, bytes, starts[i], offsets, values),
            Some(mask) => some(from, bytes, mask, starts[i], offsets, values),
        }
        Ok(())
    })?;
    selection.hold(values_held);
    selection.hold(offsets_held);
    let nulls = nulls(column, selection, ctx)?;
    let offsets = OffsetBuffer::new(ScalarBuffer::from(arrow_buffer::Buffer::from(offsets.into_bytes())));
    Ok(Arc::new(GenericByteArray::<T>::try_new(offsets, values.into_bytes().into(), nulls)?))
}

/// Where the bytes of each piece start, and the end of the last.
pub(crate) fn prefix<O: Offset>(sizes: &[usize]) -> Option<Vec<usize>> {
    let mut starts = Vec::with_capacity(sizes.len() + 1);
    let mut total = 0usize;
    starts.push(0);
    for size in sizes {
        total = total.checked_add(*size)?;
        starts.push(total);
    }
    O::try_of(total).map(|_| starts)
}

fn starts<O: Offset>(sizes: &[usize], column: &[ArrayRef]) -> Result<Vec<usize>> {
    prefix::<O>(sizes).ok_or_else(|| too_long(sizes, column[0].data_type()))
}

/// The error where the values have so many bytes together.
pub(crate) fn too_long(sizes: &[usize], data_type: &DataType) -> Error {
    let total: u128 = sizes.iter().map(|size| *size as u128).sum();
    let name = if *data_type == DataType::Utf8 { "utf8" } else { "binary" };
    Error::invalid_argument(format!("{total} bytes do not fit one {name} array, which ends at 2 GiB; use large_{name}"))
}

/// The bytes of the selected values.
fn size<O: Offset>(offsets: &[O], mask: Option<&[u64]>) -> usize {
    let rows = offsets.len() - 1;
    match mask {
        None => (offsets[rows] - offsets[0]).as_usize(),
        Some(mask) => Level::best().with(Size { offsets, mask }),
    }
}

struct Size<'a, O> {
    offsets: &'a [O],
    mask: &'a [u64],
}

impl<O: Offset> pulp::NullaryFnOnce for Size<'_, O> {
    type Output = usize;

    #[inline(always)]
    fn call(self) -> usize {
        let rows = self.offsets.len() - 1;
        let mut total = 0usize;
        for (i, &word) in self.mask.iter().enumerate() {
            let base = 64 * i;
            if word.count_ones() <= 16 || base + 64 > rows {
                let mut word = word;
                while word != 0 {
                    let row = base + word.trailing_zeros() as usize;
                    total += (self.offsets[row + 1] - self.offsets[row]).as_usize();
                    word &= word - 1;
                }
            } else {
                let (starts, ends) = (&self.offsets[base..base + 64], &self.offsets[base + 1..base + 65]);
                for (j, (start, end)) in starts.iter().zip(ends).enumerate() {
                    let all = 0usize.wrapping_sub((word >> j & 1) as usize);
                    total += (*end - *start).as_usize() & all;
                }
            }
        }
        total
    }
}

/// All values of a piece: their bytes lie side by side.
fn whole<O: Offset>(from: &[O], bytes: &[u8], start: usize, offsets: &mut [O], values: &mut [u8]) {
    let first = from[0].as_usize();
    values.copy_from_slice(&bytes[first..first + values.len()]);
    let (first, start) = (from[0], O::of(start));
    offsets.iter_mut().zip(&from[1..]).for_each(|(out, end)| *out = *end - first + start);
}

/// Bytes that are copied at once, many or few: a copy of a fixed size is a few instructions, of any other a call.
const SHORT: usize = 16;

fn some<O: Offset>(from: &[O], bytes: &[u8], mask: &[u64], start: usize, offsets: &mut [O], values: &mut [u8]) {
    let mut at = 0;
    let mut row_out = 0;
    for (i, &word) in mask.iter().enumerate() {
        let count = word.count_ones() as usize;
        let out = &mut offsets[row_out..row_out + count];
        row_out += count;
        if count == 64 {
            let from = &from[64 * i..64 * i + 65];
            let (first, end) = (from[0].as_usize(), from[64].as_usize());
            whole(from, bytes, start + at, out, &mut values[at..at + end - first]);
            at += end - first;
            continue;
        }
        let mut word = word;
        for out in out {
            let row = 64 * i + word.trailing_zeros() as usize;
            word &= word - 1;
            let (first, end) = (from[row].as_usize(), from[row + 1].as_usize());
            copy(bytes, first, end - first, values, at);
            at += end - first;
            *out = O::of(start + at);
        }
    }
}

/// Copies `len` bytes; where there is room, more than that are written, and overwritten by the next.
#[inline(always)]
pub(crate) fn copy(bytes: &[u8], first: usize, len: usize, values: &mut [u8], at: usize) {
    if len <= SHORT
        && let Some(from) = bytes.get(first..first + SHORT)
        && let Some(to) = values.get_mut(at..at + SHORT)
    {
        to.copy_from_slice(from);
    } else {
        values[at..at + len].copy_from_slice(&bytes[first..first + len]);
    }
}
