//! Operations that choose or order the rows of a table.

use std::ffi::c_char;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::SchemaRef;
use pf_base::{Options, Result};

use crate::arrow::{export_batch, open_array, open_stream, take_array, take_stream};
use crate::context::Call;
use crate::graph::options;
use crate::status::call;
use crate::types::{Out, strings};
use crate::{pf_context, pf_options, pf_status};

/// Sorts the rows of `input` by keys; rows that are equal in all keys keep their order.
///
/// `keys` holds `num_keys` texts, the first counts most: an expression with a direction or not, as in "price",
/// "lower(name) DESC", "qty ASC NULLS FIRST". Nulls are last unless a key says otherwise, whatever the direction; NaN is
/// greater than all numbers; -0.0 equals 0.0; strings are compared by their bytes. Options (may be NULL): "limit" (int64:
/// only so many rows, the first; all), "result" (string, "rows"; "index" gives one column "index" (uint64) with the
/// positions of the rows in the input, from 0), "overflow", "nan": as pf_compute_evaluate. The context may be NULL.
/// `input` is consumed, on success and on failure. Memory: the input and the result; with a limit one batch of it and the
/// result. The result does not depend on the number of threads. Fails with PF_INVALID_ARGUMENT (NULL, no key, a bad key
/// or option), PF_TYPE (a key without an order), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_sort(
    input: *mut FFI_ArrowArrayStream,
    keys: *const *const c_char,
    num_keys: usize,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for streams, handles, lists and outputs.
    unsafe {
        over("pf_compute_sort", input, options, context, out_stream, |host, batches, schema, options| {
            let keys = strings(keys, num_keys, "keys")?;
            host.run(work(batches), |ctx| pf_compute_core::sort(batches, schema, &keys, options, ctx))
        })
    }
}

/// Gives the rows of `input` at positions, in the order of these.
///
/// `indices` holds integers of any type, from 0; a null gives a row of nulls. Options (may be NULL): none yet. The context
/// may be NULL. `input` and `indices` are consumed, on success and on failure. Fails with PF_INVALID_ARGUMENT (NULL, a
/// position that is negative or beyond the rows, which it names), PF_TYPE (indices of another type), PF_OUT_OF_MEMORY,
/// PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_take(
    input: *mut FFI_ArrowArrayStream,
    indices: *mut FFI_ArrowArray,
    indices_schema: *mut FFI_ArrowSchema,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for streams, arrays, handles and outputs.
    unsafe {
        let indices = take_array(indices, indices_schema);
        over("pf_compute_take", input, options, context, out_stream, |host, batches, schema, options| {
            let (indices, _) = open_array(indices, "indices")?;
            host.run(work(batches), |ctx| pf_compute_core::take_rows(batches, schema, &indices, options, ctx))
        })
    }
}

/// Gives the rows of `input` that differ, each once, in the order in which they first appear.
///
/// All NaN are one value, -0.0 and 0.0 are one value (what comes first is kept), and nulls are one value. Options (may be
/// NULL): "columns" (list of strings: the columns that count and come back, in this order; all), "result" (string,
/// "rows"; "index" as in pf_compute_sort). The context may be NULL.
/// `input` is consumed, on success and on failure. The result does not depend on the number of threads. Fails with
/// PF_INVALID_ARGUMENT (NULL, an unknown column, none at all), PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_unique(
    input: *mut FFI_ArrowArrayStream,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for streams, handles and outputs.
    unsafe {
        over("pf_compute_unique", input, options, context, out_stream, |host, batches, schema, options| {
            host.run(work(batches), |ctx| pf_compute_core::unique_rows(batches, schema, options, ctx))
        })
    }
}

/// Gives the rows of `input` that differ, with a last column "count" (int64): how often each appears. The most frequent
/// come first, ties in the order in which they first appear.
///
/// Options (may be NULL): "columns" as in pf_compute_unique, "sort" (bool, true; false: in the order of first appearance),
/// "limit" (int64: only so many rows, the first; all). All else as in pf_compute_unique. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_value_counts(
    input: *mut FFI_ArrowArrayStream,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for streams, handles and outputs.
    unsafe {
        over("pf_compute_value_counts", input, options, context, out_stream, |host, batches, schema, options| {
            host.run(work(batches), |ctx| pf_compute_core::value_counts(batches, schema, options, ctx))
        })
    }
}

/// The steps of a pass over all rows, some per row.
fn work(batches: &[RecordBatch]) -> u64 {
    batches.iter().map(|b| b.num_rows() as u64).sum::<u64>().saturating_mul(8)
}

/// What they share: the whole input, and one batch as the result.
///
/// # Safety
/// Handles are NULL or live; streams are NULL, released or valid; `out_stream` is NULL or valid for writing.
unsafe fn over(
    function: &'static str,
    input: *mut FFI_ArrowArrayStream,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
    kernel: impl FnOnce(&Call, &[RecordBatch], &SchemaRef, &Options) -> Result<RecordBatch>,
) -> pf_status {
    call(function, || {
        // SAFETY: forwarded to the caller; the stream is taken over first.
        let (input, options, host) = unsafe { (take_stream(input), self::options(options), Call::new(context)) };
        let input = open_stream(input, "input")?;
        let out = Out::new(out_stream, "out_stream")?;
        let schema = input.schema();
        let batches = host.watched(input, usize::MAX).collect::<Result<Vec<RecordBatch>, _>>()?;
        let result = kernel(&host, &batches, &schema, options)?;
        let rows = result.num_rows() as u64;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batch(result)) };
        Ok(rows)
    })
}
