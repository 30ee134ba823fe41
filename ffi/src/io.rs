//! Files.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use pf_base::Error;

use crate::arrow::export_stream;
use crate::context::Call;
use crate::status::call;
use crate::types::{Out, pf_str};
use crate::{pf_context, pf_options, pf_status};

/// Opens a Parquet file, a folder of them, or a glob ("data/part-?.parquet") as a stream of record batches.
///
/// A folder is read recursively, files in the order of their paths; names that begin with "_" or "." are left out.
/// All files must have the columns of the first, by name and type. Options (may be NULL): "columns" (list of strings:
/// the columns to read, in this order; all), "batch_size" (int64, the most rows of a batch, 65536). The context may
/// be NULL; its cancel token also ends the stream. Memory: one batch and one row group's pages at a time.
///
/// Fails with PF_NOT_FOUND (nothing at the path), PF_INVALID_ARGUMENT (NULL, an unknown column, a batch size below
/// 1), PF_CORRUPT (not Parquet, or damaged; names the file), PF_UNSUPPORTED (encrypted, or a codec that the build has
/// not), PF_TYPE (an option of another type), PF_IO. The stream reports damage that only reading finds as
/// "[PF_CORRUPT] …" in its get_last_error. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_parquet_read(
    path: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_parquet_read", || {
        // SAFETY: the header's rules for handles.
        let (options, host) = unsafe { (crate::graph::options(options), Call::new(context)) };
        let out = Out::new(out_stream, "out_stream")?;
        let path = path.get("path")?;
        if path.is_empty() {
            return Err(Error::invalid_argument("path is empty"));
        }
        let reader = pf_io_core::Scan::new(&[path], options, &host.context)?.into_reader();
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_stream(reader)) };
        Ok(0)
    })
}
