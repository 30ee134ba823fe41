//! Arrow structs in and out, and small helpers for hosts that have no Arrow library.

use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, ArrayRef, LargeStringArray, RecordBatch, RecordBatchIterator, RecordBatchReader, make_array};
use arrow_buffer::Buffer;
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use pf_base::{Error, Result};

use crate::checked::{check_array, check_schema, checked};
use crate::pf_status;
use crate::status::call;
use crate::types::{Out, null, slice, strings};

/// Takes a host's stream over: its `release` is NULL afterwards, and what is returned releases it when it is dropped.
///
/// # Safety
/// `stream` is NULL or points to a valid or released ArrowArrayStream.
pub(crate) unsafe fn take_stream(stream: *mut FFI_ArrowArrayStream) -> Option<FFI_ArrowArrayStream> {
    // SAFETY: not NULL, and valid by the caller's contract; ownership moves here.
    (!stream.is_null()).then(|| unsafe { FFI_ArrowArrayStream::from_raw(stream) })
}

/// A reader of a stream that was taken over; `name` is the argument for messages.
pub(crate) fn open_stream(stream: Option<FFI_ArrowArrayStream>, name: &str) -> Result<RecordBatchStreamReader> {
    let stream = stream.ok_or_else(|| null(name))?;
    if stream.release().is_none() {
        return Err(Error::invalid_argument(format!("{name} is a stream that was released before")));
    }
    RecordBatchStreamReader::try_new(checked(stream)).map_err(|e| match Error::from(e) {
        e if e.message().is_empty() => Error::io(format!("{name}: the stream has no schema")),
        e => Error::new(e.code(), format!("{name}: {}", e.message())),
    })
}

/// An array of a host that was taken over, not yet looked at.
pub(crate) type TakenArray = (Option<FFI_ArrowArray>, Option<FFI_ArrowSchema>);

/// Takes a host's array over: `release` of both structs is NULL afterwards, and what is returned releases them when
/// it is dropped.
///
/// # Safety
/// Each pointer is NULL or points to a valid or released struct.
pub(crate) unsafe fn take_array(array: *mut FFI_ArrowArray, schema: *mut FFI_ArrowSchema) -> TakenArray {
    // SAFETY: not NULL, and valid by the caller's contract; ownership moves here.
    let array = (!array.is_null()).then(|| unsafe { FFI_ArrowArray::from_raw(array) });
    // SAFETY: as above.
    let schema = (!schema.is_null()).then(|| unsafe { FFI_ArrowSchema::from_raw(schema) });
    (array, schema)
}

/// An array that was taken over, with the flags and metadata of its schema; `name` is the argument for messages.
///
/// # Safety
/// The two structs describe one array, whose buffers are as its schema says.
pub(crate) unsafe fn open_array((array, schema): TakenArray, name: &str) -> Result<(ArrayRef, Field)> {
    let array = array.ok_or_else(|| null(name))?;
    let schema = schema.ok_or_else(|| null(&format!("{name}_schema")))?;
    if array.is_released() || schema.release().is_none() {
        return Err(Error::invalid_argument(format!("{name} is an array that was released before")));
    }
    // SAFETY: forwarded to the caller, but for the faults that are looked for.
    unsafe { check_schema(&schema).and_then(|()| check_array(&array, &schema)) }
        .map_err(|e| Error::new(e.code(), format!("{name}: {}", e.message())))?;
    let unreadable = |e| Error::wrong_type(format!("{name} is not an array that can be read: {e}"));
    let field = Field::try_from(&schema).map_err(unreadable)?;
    // SAFETY: forwarded to the caller.
    let mut data = unsafe { from_ffi(array, &schema) }.map_err(unreadable)?;
    data.align_buffers();
    Ok((make_array(data), field))
}

/// The values of an array that was taken over; nothing where both structs are NULL.
///
/// # Safety
/// As [`open_array`].
pub(crate) unsafe fn open_array_opt(taken: TakenArray, name: &str) -> Result<Option<ArrayRef>> {
    if matches!(taken, (None, None)) {
        return Ok(None);
    }
    // SAFETY: forwarded to the caller.
    unsafe { open_array(taken, name) }.map(|(array, _)| Some(array))
}

/// Hands a reader to the host as a stream.
pub(crate) fn export_stream(reader: impl RecordBatchReader + Send + 'static) -> FFI_ArrowArrayStream {
    FFI_ArrowArrayStream::new(Box::new(Guarded { schema: reader.schema(), reader: Some(reader) }))
}

/// Hands one batch to the host as a stream.
pub(crate) fn export_batch(batch: RecordBatch) -> FFI_ArrowArrayStream {
    export_batches(vec![batch])
}

/// Hands batches of one schema, of which there is at least one, to the host as a stream.
pub(crate) fn export_batches(batches: Vec<RecordBatch>) -> FFI_ArrowArrayStream {
    let schema = batches.first().map_or_else(|| SchemaRef::new(Schema::empty()), RecordBatch::schema);
    export_stream(RecordBatchIterator::new(batches.into_iter().map(Ok), schema))
}

/// Hands an array to the host.
///
/// # Safety
/// What `out_array` and `out_schema` were made of is valid for writing.
pub(crate) unsafe fn export_array(
    array: &dyn Array,
    out_array: Out<FFI_ArrowArray>,
    out_schema: Out<FFI_ArrowSchema>,
) -> Result<()> {
    let (array, schema) = to_ffi(&array.to_data())?;
    // SAFETY: forwarded to the caller.
    unsafe {
        out_array.write(array);
        out_schema.write(schema);
    }
    Ok(())
}

/// Keeps a panic of a reader from running into the `extern "C"` callbacks of the stream, which would abort the host,
/// and gives every error the tag that lets the other side read its code.
struct Guarded<R> {
    schema: SchemaRef,
    reader: Option<R>,
}

impl<R: RecordBatchReader> Iterator for Guarded<R> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.reader.as_mut()?;
        let error = match catch_unwind(AssertUnwindSafe(|| reader.next())) {
            Ok(None) => return None,
            Ok(Some(Ok(batch))) => return Some(Ok(batch)),
            Ok(Some(Err(error))) => Error::from(error),
            Err(payload) => Error::from_panic(payload),
        };
        // After an error nothing more is known to be true of the reader; its destructor may panic too.
        let _ = catch_unwind(AssertUnwindSafe(|| self.reader = None));
        Some(Err(ArrowError::ExternalError(error.to_tagged().into())))
    }
}

impl<R: RecordBatchReader> RecordBatchReader for Guarded<R> {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

impl<R> Drop for Guarded<R> {
    fn drop(&mut self) {
        let _ = catch_unwind(AssertUnwindSafe(|| self.reader = None));
    }
}

/// Copies `length` values at `data` into an array without nulls.
///
/// `format` is a format string of the Arrow C data interface for a number: "c" "C" "s" "S" "i" "I" "l" "L" (int8 to
/// uint64), "f" "g" (float32, float64), or "b" (booleans, here one byte each, 0 is false). `data` may be NULL when
/// `length` is 0. Fails with PF_INVALID_ARGUMENT (NULL, negative or impossible length, unknown format),
/// PF_OUT_OF_MEMORY. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_array_from_buffer(
    format: crate::pf_str<'_>,
    data: *const c_void,
    length: i64,
    out_array: *mut FFI_ArrowArray,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    call("pf_array_from_buffer", || {
        let (array, schema) = (Out::new(out_array, "out_array")?, Out::new(out_schema, "out_schema")?);
        let format = format.get("format")?;
        let (data_type, width) = match format {
            "b" => (DataType::Boolean, 1),
            "c" => (DataType::Int8, 1),
            "C" => (DataType::UInt8, 1),
            "s" => (DataType::Int16, 2),
            "S" => (DataType::UInt16, 2),
            "i" => (DataType::Int32, 4),
            "I" => (DataType::UInt32, 4),
            "l" => (DataType::Int64, 8),
            "L" => (DataType::UInt64, 8),
            "f" => (DataType::Float32, 4),
            "g" => (DataType::Float64, 8),
            _ => {
                return Err(Error::invalid_argument(format!(
                    "format must be one of b c C s S i I l L f g, not '{format}'"
                )));
            }
        };
        let length = usize::try_from(length)
            .map_err(|_| Error::invalid_argument(format!("length must not be negative, not {length}")))?;
        let bytes = length
            .checked_mul(width)
            .ok_or_else(|| Error::invalid_argument(format!("length {length} is impossible")))?;
        // SAFETY: the caller gives `length` values of the format's width; bytes have no alignment.
        let bytes = unsafe { slice(data.cast::<u8>(), bytes, "data") }?;
        // Into memory of our own first: an allocation that fails is an error here, not an abort.
        let no_memory = |_| Error::out_of_memory(format!("{} bytes for an array", bytes.len()));
        let buffer = if data_type == DataType::Boolean {
            let pack =
                |chunk: &[u8]| chunk.iter().enumerate().fold(0, |byte, (i, value)| byte | (u8::from(*value != 0) << i));
            let mut bits = Vec::<u8>::new();
            bits.try_reserve_exact(length.div_ceil(8)).map_err(no_memory)?;
            bits.extend(bytes.chunks(8).map(pack));
            Buffer::from_vec(bits)
        } else {
            let mut copy = Vec::<u64>::new();
            copy.try_reserve_exact(bytes.len().div_ceil(8)).map_err(no_memory)?;
            copy.extend(bytes.chunks(8).map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_ne_bytes(word)
            }));
            Buffer::from_vec(copy)
        };
        let values = ArrayData::builder(data_type).len(length).add_buffer(buffer).build()?;
        // SAFETY: the caller's outputs are valid for writing.
        unsafe { export_array(&make_array(values), array, schema) }?;
        Ok(length as u64)
    })
}

/// Copies `length` strings into an array of large strings without nulls.
///
/// `values` may be NULL when `length` is 0. Fails with PF_INVALID_ARGUMENT (NULL, negative length, text that is not
/// UTF-8), PF_OUT_OF_MEMORY. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_array_from_strings(
    values: *const *const c_char,
    length: i64,
    out_array: *mut FFI_ArrowArray,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    call("pf_array_from_strings", || {
        let (array, schema) = (Out::new(out_array, "out_array")?, Out::new(out_schema, "out_schema")?);
        let length = usize::try_from(length)
            .map_err(|_| Error::invalid_argument(format!("length must not be negative, not {length}")))?;
        // SAFETY: the caller gives `length` strings.
        let values = unsafe { strings(values, length, "values") }?;
        // SAFETY: the caller's outputs are valid for writing.
        unsafe { export_array(&LargeStringArray::from(values), array, schema) }?;
        Ok(length as u64)
    })
}

/// Makes a stream of one batch out of `num_columns` arrays of equal length, without a copy.
///
/// `names`, `arrays` and `schemas` each hold `num_columns` elements. All arrays are consumed, on success and on
/// failure. Fails with PF_INVALID_ARGUMENT (NULL, a released array, lengths that differ). Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_stream_from_arrays(
    num_columns: usize,
    names: *const *const c_char,
    arrays: *mut FFI_ArrowArray,
    schemas: *mut FFI_ArrowSchema,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_stream_from_arrays", || {
        // All structs are taken over before anything is looked at, so that all are consumed on every path.
        // SAFETY: the caller gives `num_columns` structs each; a list that is NULL stays NULL.
        let take = |i: usize| unsafe {
            let array = if arrays.is_null() { arrays } else { arrays.add(i) };
            let schema = if schemas.is_null() { schemas } else { schemas.add(i) };
            take_array(array, schema)
        };
        let given = if arrays.is_null() && schemas.is_null() { 0 } else { num_columns };
        let taken: Vec<TakenArray> = (0..given).map(take).collect();
        if num_columns > 0 && (arrays.is_null() || schemas.is_null()) {
            return Err(null(if arrays.is_null() { "arrays" } else { "schemas" }));
        }
        let out = Out::new(out_stream, "out_stream")?;
        // SAFETY: the caller gives `num_columns` strings.
        let names = unsafe { strings(names, num_columns, "names") }?;
        // SAFETY: the host vouches for its arrays, as the C data interface asks.
        let open = |(i, pair)| unsafe { open_array(pair, &format!("arrays[{i}]")) };
        let opened = taken.into_iter().enumerate().map(open).collect::<Result<Vec<_>>>()?;
        let (columns, fields): (Vec<_>, Vec<_>) = opened.into_iter().unzip();
        let rows = columns.first().map_or(0, |c| c.len());
        if let Some(i) = columns.iter().position(|c| c.len() != rows) {
            return Err(Error::invalid_argument(format!(
                "arrays must have the same length: '{}' has {}, '{}' has {rows}",
                names[i],
                columns[i].len(),
                names[0]
            )));
        }
        let fields: Vec<Field> = names.iter().zip(fields).map(|(name, field)| field.with_name(*name)).collect();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batch(batch)) };
        Ok(rows as u64)
    })
}
