//! Results of algorithms as record batches.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, UInt32Array};
use arrow_buffer::NullBuffer;
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
    let mut values = ctx.zeroed::<i64>(numbers.len(), "result column")?;
    values.iter_mut().zip(numbers).filter(|(_, n)| **n != NONE).for_each(|(v, n)| *v = i64::from(*n));
    let nulls: NullBuffer = numbers.iter().map(|n| *n != NONE).collect();
    let nulls = Some(nulls).filter(|n| n.null_count() > 0);
    Ok(Arc::new(Int64Array::new(values.into_vec().into(), nulls)))
}

/// The ids of vertex numbers, null for [`NONE`].
pub(crate) fn ids_of(ids: &ArrayRef, numbers: &[u32]) -> Result<ArrayRef> {
    let indices: UInt32Array = numbers.iter().map(|n| (*n != NONE).then_some(*n)).collect();
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
