//! Record batches held in memory: `pf_table`.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::SchemaRef;
use pf_base::Error;
use pf_base::registry::{Kernel, Kind, Literal, Param};

use crate::arrow::{export_stream, open_stream, take_stream};
use crate::context::Call;
use crate::status::{call, free, handle};
use crate::types::{Out, arg, arg_opt};
use crate::{pf_context, pf_options, pf_status};

/// Record batches in memory, which can be streamed out any number of times without a copy. Immutable: any number of
/// threads may use one at the same time. Since 1.1.
pub struct pf_table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    rows: u64,
}

pub(crate) static TABLE_STREAM: Kernel = Kernel {
    family: "frame",
    name: "table_stream",
    function: "pf_table_stream",
    summary: "Rows of a table as a stream, without a copy.",
    citation: "",
    params: &[
        Param {
            name: "columns",
            kind: Kind::StrList,
            default: None,
            doc: "Columns to keep, in this order; all by default.",
        },
        Param { name: "offset", kind: Kind::I64, default: Some(Literal::I64(0)), doc: "Rows to skip, from 0." },
        Param { name: "limit", kind: Kind::I64, default: None, doc: "The most rows to give; all by default." },
    ],
    columns: &[],
};

/// Reads a stream to its end and keeps its batches, without a copy.
///
/// `stream` is consumed. The context may be NULL. Free the table with pf_table_free. Fails with PF_INVALID_ARGUMENT
/// (NULL, a released stream), PF_OUT_OF_MEMORY, PF_CANCELLED, or with what the producer reports (PF_IO where it gives
/// no code). Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_table_from_stream(
    stream: *mut FFI_ArrowArrayStream,
    context: *const pf_context,
    out_table: *mut *mut pf_table,
) -> pf_status {
    call("pf_table_from_stream", || {
        // SAFETY: the header's rules for streams and handles.
        let (stream, host) = unsafe { (take_stream(stream), Call::new(context)) };
        let reader = open_stream(stream, "stream")?;
        let out = Out::new(out_table, "out_table")?;
        let schema = reader.schema();
        let (mut batches, mut reserved) = (Vec::new(), Vec::new());
        for batch in host.watched(reader, usize::MAX) {
            let batch = batch?;
            let bytes = batch.get_array_memory_size() as u64;
            reserved.push(host.context.memory().reserve(bytes, "the batches of a table")?);
            batches.push(batch);
        }
        let rows = batches.iter().map(|b: &RecordBatch| b.num_rows() as u64).sum();
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(handle(pf_table { schema, batches, rows })) };
        Ok(rows)
    })
}

/// Returns the number of rows; 0 for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_table_num_rows(table: *const pf_table) -> u64 {
    // SAFETY: the header's rules for a handle.
    unsafe { arg_opt(table) }.map_or(0, |t| t.rows)
}

/// Returns the number of columns; 0 for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_table_num_columns(table: *const pf_table) -> u64 {
    // SAFETY: the header's rules for a handle.
    unsafe { arg_opt(table) }.map_or(0, |t| t.schema.fields().len() as u64)
}

/// Streams rows of a table, without a copy; the stream outlives the table.
///
/// Options (may be NULL): "columns" (list of strings: columns to keep, in this order), "offset" (int64, rows to skip,
/// 0), "limit" (int64, the most rows; all). An offset beyond the end gives no rows. Fails with PF_INVALID_ARGUMENT
/// (NULL, an unknown column, a negative number). Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_table_stream(
    table: *const pf_table,
    options: *const pf_options,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_table_stream", || {
        // SAFETY: the header's rules for handles.
        let (table, options) = unsafe { (arg(table, "table")?, crate::graph::options(options)) };
        let out = Out::new(out_stream, "out_stream")?;
        let options = options.bind(&TABLE_STREAM)?;
        let row_count = |name: &str, value: i64| {
            u64::try_from(value)
                .map_err(|_| Error::invalid_argument(format!("{name} must not be negative, not {value}")))
        };
        let offset = row_count("offset", options.i64("offset")?)?;
        let limit = options.opt_i64("limit").map_or(Ok(u64::MAX), |l| row_count("limit", l))?;
        let projection = options.opt_str_list("columns").map(|names| pf_io_core::projection(&table.schema, names));
        let projection = projection.transpose()?;

        let schema = match &projection {
            Some(indices) => SchemaRef::new(table.schema.project(indices)?),
            None => table.schema.clone(),
        };
        let (mut skip, mut left) = (offset, limit.min(table.rows.saturating_sub(offset)));
        let rows = left;
        let mut batches = Vec::new();
        for batch in &table.batches {
            let len = batch.num_rows() as u64;
            let start = skip.min(len);
            let take = left.min(len - start);
            (skip, left) = (skip - start, left - take);
            // No rows: one empty batch all the same, because its dictionaries hold the categories.
            if take > 0 || (rows == 0 && batches.is_empty()) {
                // Both fit a usize: they are at most the batch's length.
                let part = batch.slice(start as usize, take as usize);
                batches.push(match &projection {
                    Some(indices) => part.project(indices)?,
                    None => part,
                });
            }
        }
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_stream(RecordBatchIterator::new(batches.into_iter().map(Ok), schema))) };
        Ok(rows)
    })
}

/// Frees a table; streams made from it stay valid. NULL: nothing. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_table_free(table: *mut pf_table) {
    free(table);
}
