//! Operations that choose or order the rows of a table: sort, take, unique, value counts.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, UInt64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pf_base::{Bound, Context, Error, Options, Result};

use crate::kernels::{SORT, TAKE, UNIQUE, VALUE_COUNTS};
use crate::sort::{SortColumn, argsort, sort_values};
use crate::tables::{made, positions};
use crate::{Settings, check, concat, evaluate, parse_sort_key, take, unique};

/// Whole columns of batches that have the schema `schema`.
///
/// # Errors
/// As [`concat`].
pub fn whole_columns(batches: &[RecordBatch], schema: &Schema, ctx: &Context) -> Result<Vec<ArrayRef>> {
    let column = |i: usize| match batches {
        [] => Ok(arrow_array::new_empty_array(schema.field(i).data_type())),
        [batch] => Ok(batch.column(i).clone()),
        _ => concat(&batches.iter().map(|b| b.column(i).clone()).collect::<Vec<_>>(), ctx),
    };
    (0..schema.fields().len()).map(column).collect()
}

fn rows_of(batches: &[RecordBatch]) -> usize {
    batches.iter().map(RecordBatch::num_rows).sum()
}

fn limit(options: &Bound<'_>) -> Result<Option<usize>> {
    let limit = options.opt_i64("limit").map(|limit| {
        usize::try_from(limit).map_err(|_| Error::invalid_argument(format!("limit must not be negative, not {limit}")))
    });
    limit.transpose()
}

/// The rows of a table in the order of `keys` ("price DESC NULLS FIRST", "lower(name)"), or their positions.
///
/// Earlier keys come first; equal rows keep their order. Ascending, nulls last, unless a key says otherwise; NaN is
/// greater than all numbers, and -0.0 equals 0.0. With a limit it takes memory for so many rows.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no key, a bad key or option, and what evaluating the
/// keys fails with.
pub fn sort(
    batches: &[RecordBatch],
    schema: &SchemaRef,
    keys: &[&str],
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    let options = options.bind(&SORT)?;
    let (limit, settings) = (limit(&options)?, Settings::from_options(&options)?);
    let index = wants_index(&options)?;
    if keys.is_empty() {
        return Err(Error::invalid_argument("sort needs at least one key"));
    }
    let keys = keys.iter().map(|key| parse_sort_key(key)).collect::<Result<Vec<_>>>()?;
    let typed = keys.iter().map(|key| check(&key.expr, schema, settings)).collect::<Result<Vec<_>>>()?;
    let columns = whole_columns(batches, schema, ctx)?;
    let rows = rows_of(batches);
    let mut by = Vec::new();
    for (key, typed) in keys.iter().zip(&typed) {
        let values = evaluate(typed, &columns, rows, settings, ctx)?;
        by.push(SortColumn { values, descending: key.descending, nulls_first: key.nulls_first });
    }
    if let ([key], [column], false, None) = (&by[..], &columns[..], index, limit)
        && Arc::ptr_eq(&key.values, column)
    {
        let sorted = sort_values(column, key.descending, key.nulls_first, ctx)?;
        return made(schema.clone(), vec![sorted], rows);
    }
    let order = argsort(&by, limit, ctx)?;
    let rows = order.len();
    if index {
        return positions_table(order);
    }
    made(schema.clone(), take(&columns, &order, ctx)?, rows)
}

/// The rows of a table at `indices` (integers of any type, from 0), in their order; a null gives a row of nulls.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for indices of another type,
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for one out of range, which it names.
pub fn take_rows(
    batches: &[RecordBatch],
    schema: &SchemaRef,
    indices: &dyn Array,
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    options.bind(&TAKE)?;
    let columns = whole_columns(batches, schema, ctx)?;
    if columns.is_empty() {
        return Err(Error::invalid_argument("take needs a table with columns"));
    }
    let taken = take(&columns, indices, ctx)?;
    let nullable =
        |field: &Arc<Field>| field.as_ref().clone().with_nullable(field.is_nullable() || indices.is_nullable());
    let fields: Vec<Field> = schema.fields().iter().map(nullable).collect();
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    made(Arc::new(schema), taken, indices.len())
}

/// Whether positions are wanted instead of rows.
fn wants_index(options: &Bound<'_>) -> Result<bool> {
    match options.str("result")? {
        "rows" => Ok(false),
        "index" => Ok(true),
        other => Err(Error::invalid_argument(format!("result must be 'rows' or 'index', not '{other}'"))),
    }
}

/// Positions of rows as a table.
fn positions_table(positions: UInt64Array) -> Result<RecordBatch> {
    let rows = positions.len();
    let schema = Schema::new(vec![Field::new("index", DataType::UInt64, false)]);
    made(Arc::new(schema), vec![Arc::new(positions)], rows)
}

/// The columns that an option names, all where it does not.
fn chosen(schema: &SchemaRef, options: &Bound<'_>) -> Result<(SchemaRef, Vec<usize>)> {
    let Some(names) = options.opt_str_list("columns") else {
        return Ok((schema.clone(), (0..schema.fields().len()).collect()));
    };
    let indices = positions(names, schema)?;
    Ok((Arc::new(schema.project(&indices)?), indices))
}

struct Distinct {
    schema: SchemaRef,
    columns: Vec<ArrayRef>,
    first: UInt64Array,
    counts: Vec<i64>,
}

fn distinct(batches: &[RecordBatch], schema: &SchemaRef, options: &Bound<'_>, ctx: &Context) -> Result<Distinct> {
    let (schema, indices) = chosen(schema, options)?;
    if indices.is_empty() {
        return Err(Error::invalid_argument("there must be at least one column"));
    }
    let batches = batches.iter().map(|b| Ok(b.project(&indices)?)).collect::<Result<Vec<_>>>()?;
    let columns = whole_columns(&batches, &schema, ctx)?;
    let found = unique(&columns, ctx)?;
    Ok(Distinct { schema, columns, first: found.first, counts: found.counts })
}

/// The rows of a table that differ, each once, in the order in which they first appear.
///
/// All NaN are one value, -0.0 and 0.0 are one value (the one that comes first is kept), and nulls are one value.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an unknown column or none at all,
/// [`Code::Type`](pf_base::Code::Type) for a type that cannot be compared.
pub fn unique_rows(
    batches: &[RecordBatch],
    schema: &SchemaRef,
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    let options = options.bind(&UNIQUE)?;
    let index = wants_index(&options)?;
    let found = distinct(batches, schema, &options, ctx)?;
    if index {
        return positions_table(found.first);
    }
    made(found.schema, take(&found.columns, &found.first, ctx)?, found.first.len())
}

/// The rows of a table that differ, with the number of times that each appears, the most frequent first; ties in the
/// order in which they first appear.
///
/// # Errors
/// As [`unique_rows`].
pub fn value_counts(
    batches: &[RecordBatch],
    schema: &SchemaRef,
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    let options = options.bind(&VALUE_COUNTS)?;
    let limit = limit(&options)?;
    let Distinct { schema, columns, first, counts } = distinct(batches, schema, &options, ctx)?;
    let mut columns = take(&columns, &first, ctx)?;
    columns.push(Arc::new(Int64Array::from(counts)));
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new("count", DataType::Int64, false)));
    let schema = Arc::new(Schema::new(fields));
    if options.bool("sort")? {
        let counts = columns.last().cloned().ok_or_else(|| Error::internal("no counts"))?;
        let by = SortColumn { values: counts, descending: true, nulls_first: false };
        let order = argsort(&[by], limit, ctx)?;
        let rows = order.len();
        return made(schema, take(&columns, &order, ctx)?, rows);
    }
    let rows = limit.unwrap_or(usize::MAX).min(first.len());
    made(schema, columns.iter().map(|c| c.slice(0, rows)).collect(), rows)
}
