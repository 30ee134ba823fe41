//! Values of one width: numbers, times, booleans, fixed-size binary.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, FixedSizeBinaryArray, make_array};
use arrow_buffer::Buffer;
use arrow_data::ArrayData;
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Context, Error, Result};

use super::{Selection, compress, nulls};

/// The bytes of a value of a type whose values have one width in one buffer.
pub(crate) fn width(data_type: &DataType) -> Option<usize> {
    match data_type {
        DataType::Dictionary(keys, _) => keys.primitive_width(),
        t => t.primitive_width(),
    }
}

/// Primitive types.
pub(crate) fn numbers(column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<ArrayRef> {
    let data_type = column[0].data_type();
    let values = values(column, selection, ctx)?;
    let data = ArrayData::builder(data_type.clone())
        .len(selection.count())
        .add_buffer(values)
        .nulls(nulls(column, selection, ctx)?)
        .build()?;
    Ok(make_array(data))
}

/// The selected values of primitive types, and keys of dictionaries.
pub(crate) fn values(column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<Buffer> {
    let data: Vec<ArrayData> = column.iter().map(|chunk| chunk.to_data()).collect();
    let width = width(column[0].data_type());
    let width = width.ok_or_else(|| Error::internal(format!("{} has no width", column[0].data_type())))?;
    let chunks: Vec<&[u8]> =
        data.iter().map(|d| &d.buffers()[0].as_slice()[d.offset() * width..(d.offset() + d.len()) * width]).collect();
    match width {
        1 => of_width::<u8, u8>(&chunks, selection, ctx),
        2 => of_width::<u16, u16>(&chunks, selection, ctx),
        4 => of_width::<u32, u32>(&chunks, selection, ctx),
        8 => of_width::<u64, u64>(&chunks, selection, ctx),
        // Some types of sixteen bytes are aligned to eight only.
        16 => of_width::<u128, [u64; 2]>(&chunks, selection, ctx),
        32 => of_width::<[u128; 2], [u64; 4]>(&chunks, selection, ctx),
        _ => Err(Error::unsupported(format!("values of {width} bytes"))),
    }
}

/// `T` is what the output is aligned as, `V` what values are read as.
fn of_width<T: Pod + Send, V: compress::Lane>(
    chunks: &[&[u8]],
    selection: &Selection,
    ctx: &Context,
) -> Result<Buffer> {
    let chunks = chunks.iter().map(|bytes| bytemuck::try_cast_slice::<u8, V>(bytes));
    let chunks = chunks.collect::<Result<Vec<_>, _>>().map_err(|e| Error::internal(format!("values: {e}")))?;
    let (mut out, memory) = ctx.memory().unwritten::<T>(selection.count(), "the rows that a filter keeps")?;
    let parts = split(bytemuck::cast_slice_mut::<T, V>(&mut out), selection, 1);
    ctx.for_each(parts, |i, out| {
        let piece = &selection.pieces()[i];
        let values = &chunks[piece.chunk][piece.start..piece.start + piece.rows];
        match &piece.mask {
            None => out.copy_from_slice(values),
            Some(mask) => compress::compress(values, mask, out),
        }
        Ok(())
    })?;
    selection.hold(memory);
    Ok(out.into_bytes().into())
}

/// The parts of the output, `width` elements per row, that the pieces write.
pub(crate) fn split<'a, T>(mut out: &'a mut [T], selection: &Selection, width: usize) -> Vec<&'a mut [T]> {
    let mut parts = Vec::with_capacity(selection.pieces().len());
    for piece in selection.pieces() {
        let (part, rest) = out.split_at_mut(piece.count * width);
        parts.push(part);
        out = rest;
    }
    parts
}

/// Booleans.
pub(crate) fn booleans(column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<ArrayRef> {
    let values: Vec<_> = column.iter().map(|chunk| Some(chunk.as_boolean().values())).collect();
    let values = selection.bits(&values, ctx)?;
    Ok(Arc::new(BooleanArray::new(values, nulls(column, selection, ctx)?)))
}

/// Fixed-size binary.
pub(crate) fn binary(column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<ArrayRef> {
    let chunks: Vec<&FixedSizeBinaryArray> = column.iter().map(|chunk| chunk.as_fixed_size_binary()).collect();
    let size = chunks[0].value_length();
    let width = size as usize;
    let (mut out, memory) = ctx.memory().unwritten::<u8>(selection.count() * width, "the rows that a filter keeps")?;
    ctx.for_each(split(&mut out, selection, width), |i, out| {
        let piece = &selection.pieces()[i];
        let values = &chunks[piece.chunk].value_data()[piece.start * width..(piece.start + piece.rows) * width];
        let mut at = 0;
        let mut copy = |first: usize, end: usize| {
            let bytes = (end - first) * width;
            out[at..at + bytes].copy_from_slice(&values[first * width..end * width]);
            at += bytes;
        };
        match &piece.mask {
            None => copy(0, piece.rows),
            Some(mask) => crate::bitmap::runs(mask, copy),
        }
        Ok(())
    })?;
    selection.hold(memory);
    let nulls = nulls(column, selection, ctx)?;
    let values = out.into_bytes().into();
    Ok(Arc::new(FixedSizeBinaryArray::try_new_with_len(size, values, nulls, selection.count())?))
}
