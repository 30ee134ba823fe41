//! Gathers rows, type by type.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{BinaryType, ByteArrayType, LargeBinaryType, LargeUtf8Type, Utf8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, FixedSizeBinaryArray, FixedSizeListArray, GenericByteArray, GenericListArray,
    MapArray, NullArray, StructArray, make_array, new_empty_array, new_null_array,
};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_data::ArrayData;
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Context, Error, Result};

use super::positions::{PIECE, Position, Positions, Rows};
use crate::bitmap;
use crate::filter::{Lane, Offset, copy, dictionary_of, prefix, too_long, width};

/// What the budget is told.
const WHAT: &str = "the rows that are taken";

macro_rules! with_rows {
    ($positions:expr, |$rows:ident| $body:expr) => {
        match &$positions.rows {
            Rows::Narrow(rows) => {
                let $rows: &[u32] = rows;
                $body
            }
            Rows::Wide(rows) => {
                let $rows: &[u64] = rows;
                $body
            }
        }
    };
}

/// The rows of a column at positions that it has.
pub(crate) fn gather(column: &ArrayRef, at: &Positions, ctx: &Context) -> Result<ArrayRef> {
    let (data_type, len) = (column.data_type(), at.len());
    if len == 0 {
        return Ok(new_empty_array(data_type));
    }
    if column.is_empty() {
        return Ok(new_null_array(data_type, len));
    }
    let taken: ArrayRef = match data_type {
        DataType::Null => Arc::new(NullArray::new(len)),
        DataType::Boolean => {
            let values = bits(column.as_boolean().values(), at, ctx)?;
            Arc::new(BooleanArray::new(values, nulls(column, at, ctx)?))
        }
        DataType::Utf8 => bytes::<Utf8Type>(column, at, ctx)?,
        DataType::LargeUtf8 => bytes::<LargeUtf8Type>(column, at, ctx)?,
        DataType::Binary => bytes::<BinaryType>(column, at, ctx)?,
        DataType::LargeBinary => bytes::<LargeBinaryType>(column, at, ctx)?,
        DataType::FixedSizeBinary(size) => {
            let values = blocks(column.as_fixed_size_binary().value_data(), *size as usize, at, ctx)?;
            Arc::new(FixedSizeBinaryArray::try_new_with_len(*size, values, nulls(column, at, ctx)?, len)?)
        }
        DataType::Dictionary(_, _) => dictionary_of(column, numbers(column, at, ctx)?, nulls(column, at, ctx)?)?,
        DataType::Struct(fields) => {
            let columns = column.as_struct().columns();
            let columns = ctx.map(columns.len(), |c| gather(&columns[c], at, ctx))?;
            Arc::new(StructArray::try_new_with_length(fields.clone(), columns, nulls(column, at, ctx)?, len)?)
        }
        DataType::List(field) => {
            let list = column.as_list::<i32>();
            let (offsets, items) = items(list.value_offsets(), list.values(), column, at, ctx)?;
            Arc::new(GenericListArray::try_new(field.clone(), offsets, items, nulls(column, at, ctx)?)?)
        }
        DataType::LargeList(field) => {
            let list = column.as_list::<i64>();
            let (offsets, items) = items(list.value_offsets(), list.values(), column, at, ctx)?;
            Arc::new(GenericListArray::try_new(field.clone(), offsets, items, nulls(column, at, ctx)?)?)
        }
        DataType::Map(field, ordered) => {
            let map = column.as_map();
            let entries: ArrayRef = Arc::new(map.entries().clone());
            let (offsets, entries) = items(map.value_offsets(), &entries, column, at, ctx)?;
            let entries = entries.as_struct().clone();
            Arc::new(MapArray::try_new(field.clone(), offsets, entries, nulls(column, at, ctx)?, *ordered)?)
        }
        DataType::FixedSizeList(field, size) => {
            let positions = repeated(at, *size as usize, ctx)?;
            let items = gather(column.as_fixed_size_list().values(), &positions, ctx)?;
            let nulls = nulls(column, at, ctx)?;
            Arc::new(FixedSizeListArray::try_new_with_length(field.clone(), *size, items, nulls, len)?)
        }
        t if width(t).is_some() => {
            let data = ArrayData::builder(t.clone())
                .len(len)
                .add_buffer(numbers(column, at, ctx)?)
                .nulls(nulls(column, at, ctx)?);
            make_array(data.build()?)
        }
        // Views would have all their strings checked again; the others are rare in large columns.
        _ => arrow_select::take::take(column.as_ref(), &at.array(), None)?,
    };
    Ok(taken)
}

/// Values of a fixed width, or keys of a dictionary.
fn numbers(column: &ArrayRef, at: &Positions, ctx: &Context) -> Result<Buffer> {
    let data = column.to_data();
    let width = width(data.data_type()).ok_or_else(|| Error::internal("values without a width"))?;
    let bytes = &data.buffers()[0].as_slice()[data.offset() * width..(data.offset() + data.len()) * width];
    match width {
        1 => of_width::<u8, u8>(bytes, at, ctx),
        2 => of_width::<u16, u16>(bytes, at, ctx),
        4 => of_width::<u32, u32>(bytes, at, ctx),
        8 => of_width::<u64, u64>(bytes, at, ctx),
        // Some types of sixteen bytes are aligned to eight only.
        16 => of_width::<u128, [u64; 2]>(bytes, at, ctx),
        32 => of_width::<[u128; 2], [u64; 4]>(bytes, at, ctx),
        _ => Err(Error::unsupported(format!("values of {width} bytes"))),
    }
}

fn of_width<T: Pod + Send, V: Lane>(bytes: &[u8], at: &Positions, ctx: &Context) -> Result<Buffer> {
    let values: &[V] = bytemuck::try_cast_slice(bytes).map_err(|e| Error::internal(format!("values: {e}")))?;
    let (mut out, _memory) = ctx.memory().large::<T>(at.len(), WHAT)?;
    let parts = bytemuck::cast_slice_mut::<T, V>(&mut out).chunks_mut(PIECE).collect();
    with_rows!(at, |rows| ctx.for_each(parts, |i, out: &mut [V]| {
        out.iter_mut().zip(&rows[i * PIECE..]).for_each(|(out, row)| *out = values[row.row()]);
        Ok(())
    }))?;
    Ok(out.into_bytes().into())
}

/// Values of `size` bytes each.
fn blocks(values: &[u8], size: usize, at: &Positions, ctx: &Context) -> Result<Buffer> {
    let (mut out, _memory) = ctx.memory().large::<u8>(at.len() * size, WHAT)?;
    if size > 0 {
        let parts = out.chunks_mut(PIECE * size).collect();
        with_rows!(at, |rows| ctx.for_each(parts, |i, out: &mut [u8]| {
            for (out, row) in out.chunks_exact_mut(size).zip(&rows[i * PIECE..]) {
                out.copy_from_slice(&values[row.row() * size..(row.row() + 1) * size]);
            }
            Ok(())
        }))?;
    }
    Ok(out.into_bytes().into())
}

/// Bits.
fn bits(values: &BooleanBuffer, at: &Positions, ctx: &Context) -> Result<BooleanBuffer> {
    let (mut out, _memory) = ctx.memory().large::<u64>(at.len().div_ceil(64), WHAT)?;
    let parts = out.chunks_mut(PIECE / 64).collect();
    let (bytes, offset) = (values.values(), values.offset());
    with_rows!(at, |rows| ctx.for_each(parts, |i, out: &mut [u64]| {
        for (out, rows) in out.iter_mut().zip(rows[i * PIECE..].chunks(64)) {
            for (j, row) in rows.iter().enumerate() {
                let bit = offset + row.row();
                *out |= u64::from(bytes[bit / 8] >> (bit % 8) & 1) << j;
            }
        }
        Ok(())
    }))?;
    Ok(BooleanBuffer::new(out.into_bytes().into(), 0, at.len()))
}

/// Null where the index or the value is.
fn nulls(column: &ArrayRef, at: &Positions, ctx: &Context) -> Result<Option<NullBuffer>> {
    let Some(values) = bitmap::nulls(column) else { return Ok(at.nulls.clone()) };
    let values = NullBuffer::new(bits(values.inner(), at, ctx)?);
    Ok(NullBuffer::union(Some(&values), at.nulls.as_ref()).filter(|nulls| nulls.null_count() > 0))
}

/// Strings and binary.
fn bytes<T: ByteArrayType<Offset: Offset>>(column: &ArrayRef, at: &Positions, ctx: &Context) -> Result<ArrayRef> {
    let array = column.as_bytes::<T>();
    let (from, bytes) = (array.value_offsets(), array.value_data());
    let nulls = nulls(column, at, ctx)?;
    let (mut offsets, _offsets) = ctx.memory().large::<T::Offset>(at.len() + 1, WHAT)?;
    let starts = with_rows!(at, |rows| ends(
        rows,
        from,
        nulls.as_ref(),
        &mut offsets[1..],
        |sizes| too_long(sizes, column.data_type()),
        ctx
    ))?;
    let total = starts.last().copied().unwrap_or(0);
    let (mut values, _values) = ctx.memory().large::<u8>(total, WHAT)?;
    let mut rest: &mut [u8] = &mut values;
    let mut parts = Vec::with_capacity(starts.len());
    for ends in starts.windows(2) {
        let (part, left) = rest.split_at_mut(ends[1] - ends[0]);
        parts.push(part);
        rest = left;
    }
    let ends = &offsets[1..];
    with_rows!(at, |rows| ctx.for_each(parts, |i, out: &mut [u8]| {
        let start = starts[i];
        let mut at = 0;
        for (row, end) in rows[i * PIECE..].iter().zip(&ends[i * PIECE..]).take(PIECE) {
            let end = end.as_usize() - start;
            if end > at {
                copy(bytes, from[row.row()].as_usize(), end - at, out, at);
            }
            at = end;
        }
        Ok(())
    }))?;
    let offsets = OffsetBuffer::new(ScalarBuffer::from(Buffer::from(offsets.into_bytes())));
    Ok(Arc::new(GenericByteArray::<T>::try_new(offsets, values.into_bytes().into(), nulls)?))
}

/// Writes where the values at `rows` end when they stand side by side; where the pieces start, and the end. Nulls have
/// no length.
fn ends<P: Position, O: Offset>(
    rows: &[P],
    from: &[O],
    nulls: Option<&NullBuffer>,
    out: &mut [O],
    too_long: impl Fn(&[usize]) -> Error,
    ctx: &Context,
) -> Result<Vec<usize>> {
    let length = |i: usize, row: P| {
        let valid = nulls.is_none_or(|nulls| nulls.is_valid(i));
        if valid { from[row.row() + 1].as_usize() - from[row.row()].as_usize() } else { 0 }
    };
    let piece = |i: usize| i * PIECE..rows.len().min((i + 1) * PIECE);
    let pieces = rows.len().div_ceil(PIECE);
    let sizes = ctx.map(pieces, |i| Ok(piece(i).map(|j| length(j, rows[j])).sum::<usize>()))?;
    let starts = prefix::<O>(&sizes).ok_or_else(|| too_long(&sizes))?;
    ctx.for_each(out.chunks_mut(PIECE).collect(), |i, out: &mut [O]| {
        let mut end = starts[i];
        for (j, out) in piece(i).zip(out) {
            end += length(j, rows[j]);
            *out = O::of(end);
        }
        Ok(())
    })?;
    Ok(starts)
}

/// The items of lists, and where each list ends.
fn items<O: Offset>(
    from: &[O],
    children: &ArrayRef,
    column: &ArrayRef,
    at: &Positions,
    ctx: &Context,
) -> Result<(OffsetBuffer<O>, ArrayRef)> {
    let nulls = nulls(column, at, ctx)?;
    let (mut offsets, _memory) = ctx.memory().large::<O>(at.len() + 1, WHAT)?;
    let too_long = |sizes: &[usize]| {
        let (count, name) = (sizes.iter().map(|size| *size as u128).sum::<u128>(), column.data_type());
        Error::invalid_argument(format!("{count} items do not fit one {name}; use a large list"))
    };
    let starts = with_rows!(at, |rows| ends(rows, from, nulls.as_ref(), &mut offsets[1..], too_long, ctx))?;
    let ends = &offsets[1..];
    let first = |i: usize| with_rows!(at, |rows| from[rows[i].row()].as_usize());
    let positions = if u32::try_from(children.len()).is_ok() {
        spread::<u32, O>(ends, &starts, first, Rows::Narrow, ctx)?
    } else {
        spread::<u64, O>(ends, &starts, first, Rows::Wide, ctx)?
    };
    let items = gather(children, &positions, ctx)?;
    Ok((OffsetBuffer::new(ScalarBuffer::from(Buffer::from(offsets.into_bytes()))), items))
}

/// The positions of children that lie side by side from `first(i)` on, list by list.
fn spread<P: Position + ArrowNativeType, O: Offset>(
    ends: &[O],
    starts: &[usize],
    first: impl Fn(usize) -> usize + Sync,
    rows: impl Fn(ScalarBuffer<P>) -> Rows,
    ctx: &Context,
) -> Result<Positions> {
    let (mut out, memory) = ctx.memory().large::<P>(starts.last().copied().unwrap_or(0), WHAT)?;
    let mut rest: &mut [P] = &mut out;
    let mut parts = Vec::with_capacity(starts.len());
    for ends in starts.windows(2) {
        let (part, left) = rest.split_at_mut(ends[1] - ends[0]);
        parts.push(part);
        rest = left;
    }
    ctx.for_each(parts, |i, out: &mut [P]| {
        let mut at = 0;
        for (j, end) in ends.iter().enumerate().skip(i * PIECE).take(PIECE) {
            let end = end.as_usize() - starts[i];
            let first = first(j);
            out[at..end].iter_mut().zip(first..).for_each(|(out, row)| *out = P::of(row));
            at = end;
        }
        Ok(())
    })?;
    Ok(Positions::children(rows(ScalarBuffer::from(Buffer::from(out.into_bytes()))), memory))
}

/// The positions of the children of lists of `size`.
fn repeated(at: &Positions, size: usize, ctx: &Context) -> Result<Positions> {
    let len = at.len().checked_mul(size).ok_or_else(|| Error::out_of_memory(WHAT))?;
    let (mut out, memory) = ctx.memory().large::<u64>(len, WHAT)?;
    if size > 0 {
        let parts = out.chunks_mut(PIECE * size).collect();
        with_rows!(at, |rows| ctx.for_each(parts, |i, out: &mut [u64]| {
            for (out, row) in out.chunks_exact_mut(size).zip(&rows[i * PIECE..]) {
                out.iter_mut().zip((row.row() * size) as u64..).for_each(|(out, row)| *out = row);
            }
            Ok(())
        }))?;
    }
    Ok(Positions::children(Rows::Wide(ScalarBuffer::from(Buffer::from(out.into_bytes()))), memory))
}
