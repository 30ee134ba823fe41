//! Results of algorithms as record batches.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, UInt32Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::{ArrowError, Field, Schema};
use pf_base::{Context, Error, Result};

use crate::vertices::NONE;

/// A batch of columns and facts about the run, which become schema metadata `parquetframe.<name>`.
pub(crate) fn batch(columns: Vec<(&str, ArrayRef)>, facts: &[(&str, String)]) -> Result<RecordBatch> {
    batch_with_nulls(columns, &["distance", "predecessor", "layer"], facts)
}

/// The same; `nullable` are the columns that may hold nulls.
pub(crate) fn batch_with_nulls(
    columns: Vec<(&str, ArrayRef)>,
    nullable: &[&str],
    facts: &[(&str, String)],
) -> Result<RecordBatch> {
    let field =
        |(name, column): &(&str, ArrayRef)| Field::new(*name, column.data_type().clone(), nullable.contains(name));
    let fields: Vec<Field> = columns.iter().map(field).collect();
    let metadata: HashMap<String, String> =
        facts.iter().map(|(name, value)| (format!("parquetframe.{name}"), value.clone())).collect();
    let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
    Ok(RecordBatch::try_new(schema, columns.into_iter().map(|(_, column)| column).collect())?)
}

/// Numbers as int64, [`NONE`] as null.
pub(crate) fn nullable_i64(numbers: &[u32], ctx: &Context) -> Result<ArrayRef> {
    nullable(numbers, i64::from, ctx)
}

/// The int64 of every number that is not [`NONE`], null for the others.
fn nullable(numbers: &[u32], value_of: impl Fn(u32) -> i64 + Sync, ctx: &Context) -> Result<ArrayRef> {
    // A multiple of the bits in a word.
    const PART: usize = 1 << 15;
    let mut values = ctx.zeroed::<i64>(numbers.len(), "result column")?;
    let mut valid = ctx.zeroed::<u64>(numbers.len().div_ceil(64), "result column")?;
    let mut parts: Vec<_> =
        values.chunks_mut(PART).zip(valid.chunks_mut(PART / 64)).zip(numbers.chunks(PART)).collect();
    let counts = ctx.map_mut(&mut parts, |_, ((values, valid), numbers)| {
        let mut count = 0;
        for ((values, valid), numbers) in values.chunks_mut(64).zip(valid.iter_mut()).zip(numbers.chunks(64)) {
            for (i, (value, number)) in values.iter_mut().zip(numbers).enumerate() {
                let is_valid = *number != NONE;
                *value = if is_valid { value_of(*number) } else { 0 };
                *valid |= u64::from(is_valid) << i;
            }
            // Bitmaps have their first bit lowest, in bytes in ascending order.
            *valid = valid.to_le();
            count += valid.count_ones() as usize;
        }
        Ok(count)
    })?;
    let nulls = (counts.iter().sum::<usize>() < numbers.len())
        .then(|| NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(valid.into_vec()), 0, numbers.len())));
    Ok(Arc::new(Int64Array::new(values.into_vec().into(), nulls)))
}

/// The ids of vertex numbers, null for [`NONE`].
pub(crate) fn ids_of(ids: &ArrayRef, numbers: &[u32]) -> Result<ArrayRef> {
    let valid = BooleanBuffer::collect_bool(numbers.len(), |i| numbers[i] != NONE);
    // Where there is none, any number that is in range.
    let values: Vec<u32> = numbers.iter().map(|n| if *n == NONE { 0 } else { *n }).collect();
    let indices = UInt32Array::new(values.into(), Some(NullBuffer::new(valid)).filter(|n| n.null_count() > 0));
    if indices.null_count() == indices.len() {
        return Ok(arrow_array::new_null_array(ids.data_type(), indices.len()));
    }
    arrow_select::take::take(ids, &indices, None).map_err(|e| match e {
        ArrowError::OffsetOverflowError(_) => {
            Error::unsupported("a column of more than 2 GiB of ids: use large strings as ids")
        }
        other => Error::internal(other.to_string()),
    })
}

/// The same on all threads where ids are int64.
pub(crate) fn ids_of_many(ids: &ArrayRef, numbers: &[u32], ctx: &Context) -> Result<ArrayRef> {
    match ids.as_primitive_opt::<Int64Type>() {
        Some(ids) if numbers.iter().any(|n| *n != NONE) => nullable(numbers, |n| ids.values()[n as usize], ctx),
        _ => ids_of(ids, numbers),
    }
}
