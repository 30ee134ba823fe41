//! The rows of columns for which a mask is true.
//!
//! Rows are cut into pieces; the pieces' rows are counted first, so that every piece then writes a slice of its own of
//! an output of exactly the right size. Concatenation is the same with all rows selected.

mod bytes;
mod compress;
mod fixed;
mod nested;
mod selection;

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, NullArray, new_empty_array};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use pf_base::{Context, Error, Result};

pub(crate) use bytes::{Offset, copy, prefix, too_long};
pub(crate) use compress::Lane;
pub(crate) use fixed::width;
pub(crate) use nested::dictionary_of;
pub(crate) use selection::{Piece, Selection};

use crate::bitmap::{self, Bits};

/// The rows of every column for which `mask` is true; null counts as false. Columns have as many rows as the mask.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a column of another length;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory); [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn filter(columns: &[ArrayRef], mask: &BooleanArray, ctx: &Context) -> Result<Vec<ArrayRef>> {
    let ctx = &ctx.for_work(mask.len() as u64);
    check_lengths(columns, mask)?;
    let selection = Selection::of_masks(&[mask], ctx)?;
    ctx.map(columns.len(), |c| select(std::slice::from_ref(&columns[c]), &selection, ctx))
}

/// The rows of several batches for which their masks are true, as one array per column. All batches have the same
/// columns.
///
/// # Errors
/// As [`filter`]; [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no batch, or batches that differ.
pub fn filter_chunks(chunks: &[(Vec<ArrayRef>, BooleanArray)], ctx: &Context) -> Result<Vec<ArrayRef>> {
    let (first, _) = chunks.first().ok_or_else(|| Error::invalid_argument("no batch to filter"))?;
    let mut rows = 0;
    for (columns, mask) in chunks {
        check_lengths(columns, mask)?;
        rows += mask.len();
        let same =
            columns.len() == first.len() && columns.iter().zip(first).all(|(a, b)| a.data_type() == b.data_type());
        if !same {
            return Err(Error::invalid_argument("batches that are filtered together must have the same columns"));
        }
    }
    let ctx = &ctx.for_work(rows as u64);
    let masks: Vec<&BooleanArray> = chunks.iter().map(|(_, mask)| mask).collect();
    let selection = Selection::of_masks(&masks, ctx)?;
    ctx.map(first.len(), |c| {
        let column: Vec<ArrayRef> = chunks.iter().map(|(columns, _)| columns[c].clone()).collect();
        select(&column, &selection, ctx)
    })
}

fn check_lengths(columns: &[ArrayRef], mask: &BooleanArray) -> Result<()> {
    let other = columns.iter().enumerate().find(|(_, column)| column.len() != mask.len());
    let Some((i, column)) = other else { return Ok(()) };
    let (have, want) = (column.len(), mask.len());
    Err(Error::invalid_argument(format!("column {i} has {have} rows, the mask {want}; they must be the same")))
}

/// The selected rows of the chunks of a column, which are of one type.
pub(crate) fn select(column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<ArrayRef> {
    let Some(first) = column.first() else { return Err(Error::internal("a column without chunks")) };
    let data_type = first.data_type();
    if selection.count() == 0 {
        return Ok(new_empty_array(data_type));
    }
    // Rows that lie side by side need no copy.
    if column.len() == 1
        && let Some((start, count)) = selection.range()
    {
        return Ok(first.slice(start, count));
    }
    match data_type {
        DataType::Null => Ok(Arc::new(NullArray::new(selection.count()))),
        DataType::Boolean => fixed::booleans(column, selection, ctx),
        DataType::Utf8 => bytes::bytes::<arrow_array::types::Utf8Type>(column, selection, ctx),
        DataType::LargeUtf8 => bytes::bytes::<arrow_array::types::LargeUtf8Type>(column, selection, ctx),
        DataType::Binary => bytes::bytes::<arrow_array::types::BinaryType>(column, selection, ctx),
        DataType::LargeBinary => bytes::bytes::<arrow_array::types::LargeBinaryType>(column, selection, ctx),
        DataType::FixedSizeBinary(_) => fixed::binary(column, selection, ctx),
        DataType::Dictionary(_, _) => nested::dictionary(column, selection, ctx),
        DataType::Struct(fields) => nested::structs(fields, column, selection, ctx),
        DataType::List(field) => nested::list::<i32>(field, column, selection, ctx),
        DataType::LargeList(field) => nested::list::<i64>(field, column, selection, ctx),
        DataType::FixedSizeList(field, size) => nested::fixed_list(field, *size, column, selection, ctx),
        DataType::Map(field, ordered) => nested::map(field, *ordered, column, selection, ctx),
        t if fixed::width(t).is_some() => fixed::numbers(column, selection, ctx),
        _ => by_arrow(column, selection),
    }
}

/// By arrow's kernels, one chunk after the other: for views, where an array of our own would have all its strings
/// checked again, and for types that are rare in large columns.
pub(crate) fn by_arrow(column: &[ArrayRef], selection: &Selection) -> Result<ArrayRef> {
    let mut parts = Vec::with_capacity(column.len());
    for (chunk, array) in column.iter().enumerate() {
        if let Some(mask) = selection.mask_of(chunk, array.len()) {
            parts.push(arrow_select::filter::filter(array.as_ref(), &mask)?);
        } else {
            parts.push(array.clone());
        }
    }
    parts.retain(|part| !part.is_empty());
    match parts.as_slice() {
        [one] => Ok(one.clone()),
        _ => {
            let parts: Vec<&dyn Array> = parts.iter().map(|part| part.as_ref()).collect();
            Ok(arrow_select::concat::concat(&parts)?)
        }
    }
}

/// The selected nulls; nothing where no selected row is null.
pub(crate) fn nulls(column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<Option<NullBuffer>> {
    if column.iter().all(|chunk| bitmap::nulls(chunk).is_none()) {
        return Ok(None);
    }
    let valid: Vec<_> = column.iter().map(|chunk| bitmap::nulls(chunk).map(NullBuffer::inner)).collect();
    let bits = selection.bits(&valid, ctx)?;
    Ok(Some(NullBuffer::new(bits)).filter(|nulls| nulls.null_count() > 0))
}

/// Bits of pieces side by side.
pub(crate) fn join(parts: &[(Vec<u64>, usize)], count: usize) -> arrow_buffer::BooleanBuffer {
    let mut bits = Bits::with_capacity(count);
    for (words, count) in parts {
        bits.extend(words, *count);
    }
    bits.into_buffer()
}

#[cfg(test)]
pub(crate) mod tests;
