//! Checks of the host's Arrow structs before arrow reads them: what is wrong and can be seen without looking beyond the
//! structs themselves is an error that names the column, where arrow would panic or follow a wild pointer.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_schema::Schema;
use pf_base::{Error, Result};

/// The fields of the C data interface's ArrowSchema, which arrow keeps private.
#[repr(C)]
struct RawSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *const *const RawSchema,
    dictionary: *const RawSchema,
    release: *const c_void,
    private_data: *const c_void,
}

/// The fields of ArrowArray.
#[repr(C)]
struct RawArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *const *const c_void,
    children: *const *const RawArray,
    dictionary: *const RawArray,
    release: *const c_void,
    private_data: *const c_void,
}

const _: () = assert!(size_of::<RawSchema>() == size_of::<FFI_ArrowSchema>());
const _: () = assert!(size_of::<RawArray>() == size_of::<FFI_ArrowArray>());

/// Nesting beyond this is no data but an attack on the stack.
const MAX_DEPTH: usize = 64;

/// Refuses a type that breaks the rules of the C data interface.
///
/// # Safety
/// `schema` was not released; its pointers are NULL or valid.
pub(crate) unsafe fn check_schema(schema: &FFI_ArrowSchema) -> Result<()> {
    // SAFETY: the same layout, by the C data interface; validity is forwarded.
    unsafe { schema_node(&*std::ptr::from_ref(schema).cast(), 0) }
}

/// Refuses an array that breaks the rules of the C data interface, or is not of the type.
///
/// # Safety
/// As [`check_schema`], for both; `schema` passed it.
pub(crate) unsafe fn check_array(array: &FFI_ArrowArray, schema: &FFI_ArrowSchema) -> Result<()> {
    // SAFETY: the same layout, by the C data interface; validity is forwarded.
    unsafe { array_node(&*std::ptr::from_ref(array).cast(), &*std::ptr::from_ref(schema).cast(), 0) }
}

fn fault(schema: &RawSchema, what: &str) -> Error {
    let name = if schema.name.is_null() {
        "".into()
    } else {
        // SAFETY: a name is NULL or a string.
        unsafe { CStr::from_ptr(schema.name) }.to_string_lossy()
    };
    Error::invalid_argument(format!("the Arrow struct of '{name}' {what}"))
}

/// A child, or what is wrong with the list of children.
unsafe fn child<'a, T>(children: *const *const T, i: i64, schema: &RawSchema) -> Result<&'a T> {
    if children.is_null() {
        return Err(fault(schema, "has children, but their list is NULL"));
    }
    // SAFETY: `children` holds at least i + 1 pointers, which are NULL or valid.
    unsafe { (*children.offset(i as isize)).as_ref() }.ok_or_else(|| fault(schema, &format!("has NULL as child {i}")))
}

unsafe fn schema_node(schema: &RawSchema, depth: usize) -> Result<()> {
    if schema.format.is_null() {
        return Err(fault(schema, "has NULL as format"));
    }
    // SAFETY: format and name are strings where they are not NULL.
    let texts = unsafe { [schema.format, schema.name].map(|t| t.is_null() || CStr::from_ptr(t).to_str().is_ok()) };
    if texts != [true, true] {
        return Err(fault(schema, "has a format or a name that is not UTF-8"));
    }
    if depth > MAX_DEPTH {
        return Err(fault(schema, "is nested too deeply"));
    }
    if schema.n_children < 0 {
        return Err(fault(schema, &format!("has {} children", schema.n_children)));
    }
    for i in 0..schema.n_children {
        // SAFETY: `children` holds `n_children` pointers, by the C data interface.
        unsafe { schema_node(child(schema.children, i, schema)?, depth + 1) }?;
    }
    // SAFETY: NULL or valid.
    unsafe { schema.dictionary.as_ref().map_or(Ok(()), |d| schema_node(d, depth + 1)) }
}

unsafe fn array_node(array: &RawArray, schema: &RawSchema, depth: usize) -> Result<()> {
    // The bound leaves room for counting in bits.
    let end = array.length.checked_add(array.offset).filter(|end| *end <= i64::MAX / 128);
    if array.length < 0 || array.offset < 0 || end.is_none() {
        return Err(fault(schema, &format!("has the length {} and the offset {}", array.length, array.offset)));
    }
    // SAFETY: checked by `schema_node`.
    let format = unsafe { CStr::from_ptr(schema.format) }.to_bytes();
    let buffers = match format {
        b"n" | b"+r" => 0,
        b"+s" => 1,
        b"u" | b"z" | b"U" | b"Z" | b"+vl" | b"+vL" => 3,
        b"vu" | b"vz" => array.n_buffers.max(3),
        b"+l" | b"+L" | b"+m" => 2,
        [b'+', b'w', ..] => 1,
        [b'+', ..] => array.n_buffers,
        _ => 2,
    };
    if array.n_buffers != buffers || (array.n_buffers > 0 && array.buffers.is_null()) {
        return Err(fault(schema, &format!("has {} buffers, not {buffers}, or their list is NULL", array.n_buffers)));
    }
    if matches!(format, b"vu" | b"vz") && array.n_buffers > 3 {
        // SAFETY: the list holds `n_buffers` pointers.
        let lengths = unsafe { *array.buffers.offset(array.n_buffers as isize - 1) };
        if lengths.is_null() {
            return Err(fault(schema, "has NULL as the lengths of its data buffers"));
        }
    }
    if array.n_children != schema.n_children {
        return Err(fault(schema, &format!("has {} children, its type {}", array.n_children, schema.n_children)));
    }
    if array.dictionary.is_null() != schema.dictionary.is_null() {
        return Err(fault(schema, "has a dictionary in its type or in its values, but not in both"));
    }
    if depth > MAX_DEPTH {
        return Err(fault(schema, "is nested too deeply"));
    }
    for i in 0..array.n_children {
        // SAFETY: both lists hold `n_children` pointers; those of the type were checked.
        unsafe {
            let values = child(array.children, i, schema)?;
            let kind = child(schema.children, i, schema)?;
            array_node(values, kind, depth + 1)?;
            if format == b"+s" && values.length < array.length + array.offset {
                return Err(fault(kind, &format!("has {} rows, not {}", values.length, array.length + array.offset)));
            }
        }
    }
    // SAFETY: NULL or valid, and both or neither.
    match unsafe { (array.dictionary.as_ref(), schema.dictionary.as_ref()) } {
        // SAFETY: as above.
        (Some(values), Some(kind)) => unsafe { array_node(values, kind, depth + 1) },
        _ => Ok(()),
    }
}

/// A host's stream, and what is found wrong with it.
struct Checked {
    host: FFI_ArrowArrayStream,
    schema: FFI_ArrowSchema,
    error: Option<CString>,
}

/// A stream that gives what `host` gives, after the checks; a fault is an error of the stream.
pub(crate) fn checked(host: FFI_ArrowArrayStream) -> FFI_ArrowArrayStream {
    let state = Box::new(Checked { host, schema: FFI_ArrowSchema::empty(), error: None });
    // SAFETY: the callbacks are those of a `Checked`, and `release` frees it.
    unsafe {
        FFI_ArrowArrayStream::new_unchecked(
            Some(get_schema),
            Some(get_next),
            Some(get_last_error),
            Some(release),
            Box::into_raw(state).cast(),
        )
    }
}

/// What the consumer is told when get_schema or get_next gives it a fault that the host did not report.
const EINVAL: c_int = 22;

/// The state behind a stream of ours.
///
/// # Safety
/// `stream` was made by [`checked`] and not released; nobody else uses it meanwhile.
unsafe fn state<'a>(stream: *mut FFI_ArrowArrayStream) -> &'a mut Checked {
    // SAFETY: forwarded to the caller.
    unsafe { &mut *(*stream).private_data().cast::<Checked>() }
}

impl Checked {
    fn refuse(&mut self, error: &Error) -> c_int {
        self.error = CString::new(error.to_tagged()).ok();
        EINVAL
    }

    /// Asks the host for its schema.
    unsafe fn host_schema(&mut self) -> std::result::Result<FFI_ArrowSchema, c_int> {
        let mut schema = FFI_ArrowSchema::empty();
        let Some(get_schema) = self.host.get_schema() else {
            return Err(self.refuse(&Error::invalid_argument("the stream has no get_schema")));
        };
        // SAFETY: the host's callback with the host's stream.
        match unsafe { get_schema(&raw mut self.host, &raw mut schema) } {
            0 => {}
            code => return Err(code),
        }
        if schema.release().is_none() {
            return Err(self.refuse(&Error::invalid_argument("the stream gave a schema that was released before")));
        }
        // SAFETY: the host vouches for what it gives, but for the faults that are looked for.
        match unsafe { check_schema(&schema) } {
            Ok(()) => Ok(schema),
            Err(error) => Err(self.refuse(&error)),
        }
    }
}

unsafe extern "C" fn get_schema(stream: *mut FFI_ArrowArrayStream, out: *mut FFI_ArrowSchema) -> c_int {
    // SAFETY: called by the owner of the stream.
    let state = unsafe { state(stream) };
    // What was checked is what goes out: the host is asked once, its answer is kept for the batches, a copy handed on.
    // SAFETY: the state's own host.
    let ours = match unsafe { state.host_schema() } {
        Ok(schema) => schema,
        Err(code) => return code,
    };
    let copy = Schema::try_from(&ours).and_then(|schema| FFI_ArrowSchema::try_from(&schema));
    state.schema = ours;
    match copy {
        Ok(copy) => {
            // SAFETY: `out` is the caller's.
            unsafe { out.write(copy) };
            0
        }
        Err(error) => state.refuse(&Error::wrong_type(format!("the stream's schema cannot be read: {error}"))),
    }
}

unsafe extern "C" fn get_next(stream: *mut FFI_ArrowArrayStream, out: *mut FFI_ArrowArray) -> c_int {
    // SAFETY: called by the owner of the stream.
    let state = unsafe { state(stream) };
    let mut batch = FFI_ArrowArray::empty();
    let Some(get_next) = state.host.get_next() else {
        return state.refuse(&Error::invalid_argument("the stream has no get_next"));
    };
    // SAFETY: the host's callback with the host's stream.
    match unsafe { get_next(&raw mut state.host, &raw mut batch) } {
        0 => {}
        code => return code,
    }
    if !batch.is_released() && state.schema.release().is_some() {
        // SAFETY: the host vouches for what it gives, but for the faults that are looked for.
        if let Err(error) = unsafe { check_array(&batch, &state.schema) } {
            return state.refuse(&error);
        }
    }
    // SAFETY: `out` is the caller's.
    unsafe { out.write(batch) };
    0
}

unsafe extern "C" fn get_last_error(stream: *mut FFI_ArrowArrayStream) -> *const c_char {
    // SAFETY: called by the owner of the stream.
    let state = unsafe { state(stream) };
    match (&state.error, state.host.get_last_error()) {
        (Some(ours), _) => ours.as_ptr(),
        // SAFETY: the host's callback with the host's stream.
        (None, Some(host)) => unsafe { host(&raw mut state.host) },
        (None, None) => std::ptr::null(),
    }
}

unsafe extern "C" fn release(stream: *mut FFI_ArrowArrayStream) {
    // SAFETY: called once, by the owner of the stream; the state came from `Box::into_raw`.
    unsafe {
        drop(Box::from_raw((*stream).private_data().cast::<Checked>()));
        (*stream).set_release(None);
    }
}
