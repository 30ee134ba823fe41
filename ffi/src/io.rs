//! Files.

use std::sync::Arc;

use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StringArray};
use pf_base::{Error, Result};
use pf_io_core::{Scan, parquet_metadata_batches, parquet_write};

use crate::arrow::{export_batch, export_batches, export_stream, open_stream, take_stream};
use crate::context::Call;
use crate::graph::options;
use crate::status::call;
use crate::types::{Out, pf_str};
use crate::{pf_context, pf_options, pf_status};

/// Opens a Parquet file, a folder of them, or a glob ("data/part-?.parquet") as a stream of record batches.
///
/// A folder is read recursively, files in the order of their paths; names that begin with "_" or "." are left out.
/// Options (may be NULL; docs/kernels.md has them all): "paths" (list of strings: further files, folders and globs),
/// "columns" (list of strings: the columns to read, in this order; all), "filter" (string: a condition in the language
/// of docs/expressions.md, only rows for which it is true come), "limit" (int64), "row_groups" (list of strings:
/// numbers), "batch_size" (int64, the most rows of a batch, 65536), "schema" ("first": the columns of the first file,
/// or "union": of all, by name), "hive" ("auto", "on", "off": folders named key=value as columns), "partition_types",
/// "file_path" and "row_number" (string: the name of such a column), "dictionaries", "string_views", "int96". The
/// context may be NULL; its cancel token also ends the stream.
///
/// Row groups and pages in which no row can match are not read (pf_parquet_explain shows which); "use_statistics",
/// "use_dictionaries", "use_bloom_filters" and "use_page_index" (bool, true) switch that off without changing a row. The
/// rows come in the order of the files for any number of threads. Memory: a few parts of 64 MiB, however large the files
/// are.
///
/// Fails with PF_NOT_FOUND (nothing at the path), PF_INVALID_ARGUMENT (NULL, an unknown column, a syntax error in the
/// filter, files that do not fit together), PF_CORRUPT (not Parquet, or damaged; names the file), PF_UNSUPPORTED
/// (encrypted, or a codec that the build has not), PF_TYPE (an option of another type, a filter that is not boolean),
/// PF_IO. The stream reports what only reading finds as "[PF_CORRUPT] …" in its get_last_error. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_parquet_read(
    path: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_parquet_read", || {
        // SAFETY: the header's rules for handles.
        let (options, host) = unsafe { (self::options(options), Call::new(context)) };
        let out = Out::new(out_stream, "out_stream")?;
        let path = named(path)?;
        let reader = Scan::new(&[path], options, &host.context)?.into_reader();
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_stream(reader)) };
        Ok(0)
    })
}

/// Gives the columns (names and types) that pf_parquet_read would give. Reads the footer of the first file, of all with
/// "schema" = "union".
///
/// The result is the schema of a struct, to be released by its release callback. Options, context and failures as
/// pf_parquet_read. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_parquet_schema(
    path: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    call("pf_parquet_schema", || {
        // SAFETY: the header's rules for handles.
        let (options, host) = unsafe { (self::options(options), Call::new(context)) };
        let out = Out::new(out_schema, "out_schema")?;
        let path = named(path)?;
        let schema = host.run(work(path), |ctx| Ok(Scan::new(&[path], options, ctx)?.schema()))?;
        let made = FFI_ArrowSchema::try_from(schema.as_ref())?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(made) };
        Ok(0)
    })
}

/// Counts the rows that pf_parquet_read would give. Decodes the columns of the filter alone; without one, nothing: the
/// footers tell.
///
/// Options, context and failures as pf_parquet_read. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_parquet_count(
    path: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_rows: *mut u64,
) -> pf_status {
    call("pf_parquet_count", || {
        // SAFETY: the header's rules for handles.
        let (options, host) = unsafe { (self::options(options), Call::new(context)) };
        let out = Out::new(out_rows, "out_rows")?;
        let path = named(path)?;
        let rows = host.run(work(path), |ctx| Scan::new(&[path], options, ctx)?.count())?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(rows) };
        Ok(rows)
    })
}

/// Says how pf_parquet_read would read: a stream of one column, "line" (utf8).
///
/// Columns, conditions, and how many files, row groups, pages and bytes are left out, and by what. Reads footers,
/// statistics, dictionaries, bloom filters and page indexes, no rows. Options, context and failures as
/// pf_parquet_read. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_parquet_explain(
    path: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_parquet_explain", || {
        // SAFETY: the header's rules for handles.
        let (options, host) = unsafe { (self::options(options), Call::new(context)) };
        let out = Out::new(out_stream, "out_stream")?;
        let path = named(path)?;
        let text = host.run(work(path), |ctx| Scan::new(&[path], options, ctx)?.explain())?;
        let lines: ArrayRef = Arc::new(StringArray::from_iter_values(text.lines()));
        let table = RecordBatch::try_from_iter([("line", lines)])?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batch(table)) };
        Ok(0)
    })
}

/// Streams what the footers of a Parquet file, a folder of them, or a glob say, without reading their data.
///
/// Option "kind" (string): "files" (a row per file, the default), "counts" (the same with fewer columns, for next to
/// nothing), "schema" (a row per leaf column), "row_groups", "columns" (a row per column chunk), "statistics" (a row per
/// row group, with minimum and maximum in the type of each column), "pages", "key_value". "columns" (list of strings)
/// chooses columns, "aggregate" (bool) sums statistics up to a row per column, "paths" (list of strings) names further
/// files. docs/parquet.md describes the tables. What a file does not say, or says in a way that cannot be believed, is
/// null. The context may be NULL. Footers are kept until their file changes, 64 MiB of them at most.
///
/// Fails as pf_parquet_read. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_parquet_metadata(
    path: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_parquet_metadata", || {
        // SAFETY: the header's rules for handles.
        let (options, host) = unsafe { (self::options(options), Call::new(context)) };
        let out = Out::new(out_stream, "out_stream")?;
        let path = named(path)?;
        let tables = host.run(work(path), |ctx| parquet_metadata_batches(&[path], options, ctx))?;
        let rows = tables.iter().map(|table| table.num_rows() as u64).sum();
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batches(tables)) };
        Ok(rows)
    })
}

/// Writes the rows of `input` to a Parquet file at `path`, or to a folder of them ("partition_by", "max_rows_per_file").
///
/// The file is whole or not there at all: it is written beside its place and renamed, and after an error or a
/// cancellation nothing is left and what was at the path is untouched. Options (may be NULL; docs/kernels.md has them
/// all): "compression" (string: "none", "snappy", "gzip", "brotli", "lz4", "zstd"), "compression_level" (int64),
/// "row_group_size" (int64, rows), "dictionary" (bool), "statistics", "page_index" (bool), "bloom_filters" (list of
/// strings: columns), "sorting_columns" (list of strings: "day DESC"), "metadata" (list of strings: "key=value"),
/// "partition_by" (list of strings: columns that become folders key=value), "overwrite" ("error", "replace").
///
/// `input` is consumed, on success and on failure, and pulled on the calling thread; columns are encoded in parallel, to
/// the same bytes for any number of threads. The result has a row per file: "path", "rows", "bytes", "row_groups".
///
/// Fails with PF_INVALID_ARGUMENT, PF_TYPE (a type that Parquet has not; names the column), PF_NOT_FOUND (no such
/// folder), PF_ALREADY_EXISTS, PF_IO (a full disk for one), PF_OUT_OF_MEMORY, PF_CANCELLED, and with what the producer of
/// `input` reports. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_parquet_write(
    input: *mut FFI_ArrowArrayStream,
    path: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_parquet_write", || {
        // SAFETY: the header's rules for streams and handles; the stream is taken over first.
        let (input, options, host) = unsafe { (take_stream(input), self::options(options), Call::new(context)) };
        let input = open_stream(input, "input")?;
        let out = Out::new(out_stream, "out_stream")?;
        let path = named(path)?;
        let schema = input.schema();
        let written =
            host.run_fed(input, |ctx, batches| parquet_write(&schema, batches, path, options, ctx)?.table())?;
        let files = written.num_rows() as u64;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batch(written)) };
        Ok(files)
    })
}

/// The work of looking at what a path names: one small file takes less than starting a thread.
fn work(path: &str) -> u64 {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() && meta.len() < SMALL_FILE => 0,
        _ => u64::MAX,
    }
}

/// Bytes of a file that is dealt with on the thread that asks for it.
const SMALL_FILE: u64 = 1 << 20;

/// A path that is not empty.
fn named<'a>(path: pf_str<'a>) -> Result<&'a str> {
    let path = path.get("path")?;
    if path.is_empty() {
        return Err(Error::invalid_argument("path is empty"));
    }
    Ok(path)
}
