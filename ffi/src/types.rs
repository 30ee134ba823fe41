//! Types of arguments, and the checks that a pointer gets before it is used.

use std::ffi::{CStr, c_char};
use std::marker::PhantomData;

use pf_base::{Error, Result};

/// cbindgen:ignore
/// `const char *`: NUL-terminated, borrowed for the call. NULL and text that is not UTF-8 are caught when it is read.
///
/// Not safer-ffi's `char_p`, which promises UTF-8 before anybody looked.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct pf_str<'a>(*const c_char, PhantomData<&'a CStr>);

impl<'a> pf_str<'a> {
    /// A string from Rust, for callers inside this workspace.
    pub const fn new(text: &'a CStr) -> Self {
        Self(text.as_ptr(), PhantomData)
    }

    /// NULL.
    pub const fn null() -> Self {
        Self(std::ptr::null(), PhantomData)
    }

    /// The text of the argument `name`.
    pub(crate) fn get(self, name: &str) -> Result<&'a str> {
        self.get_opt(name)?.ok_or_else(|| null(name))
    }

    /// The text of the argument `name`, or nothing for NULL.
    pub(crate) fn get_opt(self, name: &str) -> Result<Option<&'a str>> {
        if self.0.is_null() {
            return Ok(None);
        }
        // SAFETY: a value of this type is made from a `CStr`, or by a C caller whom the header asks for a string that
        // lives for the call.
        let text = unsafe { CStr::from_ptr(self.0) }.to_str();
        text.map(Some)
            .map_err(|e| Error::invalid_argument(format!("{name} is not UTF-8: byte {} is wrong", e.valid_up_to())))
    }
}

pub(crate) fn null(name: &str) -> Error {
    Error::invalid_argument(format!("{name} is NULL"))
}

/// The object behind a pointer.
///
/// # Safety
/// `pointer` is NULL or points to a live `T` that nobody writes to while `'a` lasts.
pub(crate) unsafe fn arg<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: forwarded to the caller.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(name))
}

/// The object behind a pointer that may be NULL.
///
/// # Safety
/// As [`arg`].
pub(crate) unsafe fn arg_opt<'a, T>(pointer: *const T) -> Option<&'a T> {
    // SAFETY: forwarded to the caller.
    unsafe { pointer.as_ref() }
}

/// The object behind a pointer, to be changed.
///
/// # Safety
/// As [`arg`], and nobody else reads or writes it while `'a` lasts.
pub(crate) unsafe fn arg_mut<'a, T>(pointer: *mut T, name: &str) -> Result<&'a mut T> {
    // SAFETY: forwarded to the caller.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(name))
}

/// Where a result goes. The memory may be uninitialised: it is written to, never read or dropped.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Refuses NULL before any work is done.
    pub(crate) fn new(pointer: *mut T, name: &str) -> Result<Self> {
        if pointer.is_null() { Err(null(name)) } else { Ok(Self(pointer)) }
    }

    /// Writes the result.
    ///
    /// # Safety
    /// The pointer that this was made of is valid for writing a `T`.
    pub(crate) unsafe fn write(self, value: T) {
        // SAFETY: not NULL by construction; validity is forwarded to the caller.
        unsafe { self.0.write(value) }
    }
}

/// The elements of a C array.
///
/// # Safety
/// `pointer` is NULL or points to `len` initialised elements that nobody writes to while `'a` lasts.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, len: usize, name: &str) -> Result<&'a [T]> {
    if len == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    if !pointer.is_aligned() || len > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(Error::invalid_argument(format!("{name} is not an array of {len} elements")));
    }
    // SAFETY: not NULL, aligned, of a possible size; the rest is forwarded to the caller.
    Ok(unsafe { std::slice::from_raw_parts(pointer, len) })
}

/// The strings of a C array.
///
/// # Safety
/// As [`slice`]; every element is NULL or a NUL-terminated string that lives as long as `'a`.
pub(crate) unsafe fn strings<'a>(pointer: *const *const c_char, len: usize, name: &str) -> Result<Vec<&'a str>> {
    // SAFETY: forwarded to the caller. A `pf_str` has the layout of the pointer it wraps.
    let values: &[pf_str<'a>] = unsafe { slice(pointer.cast(), len, name) }?;
    let mut texts = Vec::new();
    texts.try_reserve_exact(len).map_err(|_| Error::out_of_memory(format!("{len} strings of {name}")))?;
    for (i, value) in values.iter().enumerate() {
        // The element is named only where it is at fault.
        let text = value.get("").or_else(|_| value.get(&format!("{name}[{i}]")))?;
        texts.push(text);
    }
    Ok(texts)
}

// What crosses has the layout of the C type that the header gives it.
const _: () = {
    const fn has_c_layout<T: safer_ffi::layout::ReprC>() {}
    has_c_layout::<crate::pf_status>();
    assert!(size_of::<pf_str<'static>>() == size_of::<*const c_char>());
};
