//! Sorting a column of short texts for its own sake: their keys hold all of them, and the texts are written from these.

use std::sync::Arc;

use arrow_array::types::ByteArrayType;
use arrow_array::{Array, ArrayRef, GenericByteArray};
use arrow_buffer::{ArrowNativeType, NullBuffer, OffsetBuffer};
use bytemuck::Pod;
use pf_base::{Context, Error, Result};

use super::keys::{Bytes, CHUNK, common_prefix};
use super::radix::BLOCK;
use super::rows::sort_keys;
use super::values::null_run;
use crate::pieces::{PIECE, buffer, piece};

/// The texts of `array` in order, if all have at most seven bytes after those that they begin with alike.
pub(super) fn short_texts<T: ByteArrayType<Offset: Pod>>(
    array: &GenericByteArray<T>,
    descending: bool,
    nulls_first: bool,
    ctx: &Context,
) -> Result<Option<ArrayRef>> {
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let (rows, null_count) = (array.len(), nulls.map_or(0, NullBuffer::null_count));
    // As a rule the first few rows tell.
    let few = rows.min(BLOCK);
    if null_count == rows || longest(array, few, ctx)? > common_prefix(array, few, nulls, ctx)? + CHUNK {
        return Ok(None);
    }
    let (common, longest) = (common_prefix(array, rows, nulls, ctx)?, longest(array, rows, ctx)?);
    if longest > common + CHUNK {
        return Ok(None);
    }
    let Some(first) = (0..rows).find(|row| array.is_valid(*row)) else { return Ok(None) };
    let prefix = Bytes::at(array, first)[..common].to_vec();
    let coding = Coding { bytes: longest - common, prefix, descending };

    let (place, null) = if nulls_first { (null_count..rows, 0) } else { (0..rows - null_count, u64::MAX) };
    let fill = |start: usize, keys: &mut [u64]| {
        array.fill(start, common, keys);
        keys.iter_mut().for_each(|key| *key = coding.coded(*key) + 1);
        if let Some(nulls) = nulls {
            for (row, key) in (start..).zip(keys) {
                *key = if nulls.is_null(row) { null.min(coding.highest() + 2) } else { *key };
            }
        }
    };
    let (mut keys, _reserved) = ctx.memory().passing::<u64>(rows, "the keys of sorted texts")?;
    sort_keys(rows, coding.highest() + 2, &fill, |key| key, &mut keys, ctx)?;
    written::<T>(&coding, &keys, place, null_run(rows, null_count, nulls_first), ctx).map(Some)
}

/// The length of the longest of the first `rows` texts.
fn longest<T: ByteArrayType>(array: &GenericByteArray<T>, rows: usize, ctx: &Context) -> Result<usize> {
    let offsets = &array.value_offsets()[..=rows];
    let pieces = ctx.map(rows.div_ceil(PIECE), |i| {
        let part = piece(i, rows);
        let pairs = offsets[part.start..=part.end].windows(2);
        Ok(pairs.fold(0, |most, pair| most.max(pair[1].as_usize() - pair[0].as_usize())))
    })?;
    Ok(pieces.into_iter().max().unwrap_or(0))
}

/// Texts as numbers of few bits: what follows the common bytes, and how many bytes that are.
struct Coding {
    prefix: Vec<u8>,
    /// The most bytes after the common ones: at most seven.
    bytes: usize,
    descending: bool,
}

impl Coding {
    fn highest(&self) -> u64 {
        (1 << (8 * self.bytes + 4)) - 1
    }

    /// The code of a key, which is lower by one for the next text in order.
    #[inline(always)]
    fn coded(&self, key: u64) -> u64 {
        let code = key >> 8 >> (8 * (CHUNK - self.bytes)) << 4 | (key & 15);
        if self.descending { self.highest() - code } else { code }
    }

    /// The bytes after the common ones, and how many.
    #[inline(always)]
    fn decoded(&self, code: u64) -> ([u8; 8], usize) {
        let code = if self.descending { self.highest() - code } else { code };
        let bytes = (code >> 4) << 8 << (8 * (CHUNK - self.bytes));
        (bytes.to_be_bytes(), (code & 15) as usize - 1)
    }
}

/// The texts of sorted codes, which are one higher, at `place`; the other rows are empty.
fn written<T: ByteArrayType<Offset: Pod>>(
    coding: &Coding,
    keys: &[u64],
    place: std::ops::Range<usize>,
    nulls: Option<NullBuffer>,
    ctx: &Context,
) -> Result<ArrayRef> {
    let (rows, prefix) = (keys.len(), coding.prefix.as_slice());
    let text = |row: usize| {
        if !place.contains(&row) {
            return ([0; 8], 0, 0);
        }
        let (rest, len) = coding.decoded(keys[row] - 1);
        (rest, len, prefix.len() + len)
    };
    let sizes = ctx.map(rows.div_ceil(PIECE), |i| Ok(piece(i, rows).map(|row| text(row).2).sum::<usize>()))?;
    let total = sizes.iter().sum();
    let too_long = || Error::internal("sorted texts are longer than they were");
    let (mut offsets, _offsets) = ctx.memory().large::<T::Offset>(rows + 1, "offsets of sorted texts")?;
    let (mut values, _values) = ctx.memory().unwritten::<u8>(total, "sorted texts")?;
    let (mut parts, mut rest, mut start) = (Vec::with_capacity(sizes.len()), &mut values[..], 0usize);
    for (offsets, size) in offsets[1..].chunks_mut(PIECE).zip(sizes) {
        let (part, after) = rest.split_at_mut(size);
        parts.push((offsets, part, start));
        (rest, start) = (after, start + size);
    }
    ctx.for_each(parts, |i, (offsets, out, start)| {
        let mut end = 0;
        for (row, offset) in (i * PIECE..).zip(offsets) {
            let (rest, len, all) = text(row);
            let out = &mut out[end..];
            if all > 0 {
                out[..prefix.len()].copy_from_slice(prefix);
                // Whole words, of which the next text writes over what is too much.
                match out[prefix.len()..].first_chunk_mut::<8>() {
                    Some(eight) => *eight = rest,
                    None => out[prefix.len()..all].copy_from_slice(&rest[..len]),
                }
            }
            end += all;
            *offset = T::Offset::from_usize(start + end).ok_or_else(too_long)?;
        }
        Ok(())
    })?;
    let offsets = OffsetBuffer::new(buffer(offsets));
    Ok(Arc::new(GenericByteArray::<T>::try_new(offsets, values.into_bytes().into(), nulls)?))
}
