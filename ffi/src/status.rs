//! Status codes, the last error of a thread, and the panic boundary.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::Instant;

use pf_base::{Code, Error, Result};
use safer_ffi::prelude::derive_ReprC;

/// What a function that can fail returns. Numbers are never changed and never reused. Since 1.1.
#[derive_ReprC]
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pf_status {
    /// Success.
    PF_OK = 0,
    /// The call is wrong: an argument is NULL, unknown or out of range.
    PF_INVALID_ARGUMENT = 1,
    /// A file or store does not exist. (An unknown vertex or column is PF_INVALID_ARGUMENT.)
    PF_NOT_FOUND = 2,
    /// What was to be created exists.
    PF_ALREADY_EXISTS = 3,
    /// The operating system or the producer of a stream failed.
    PF_IO = 4,
    /// The data, not the call, is bad.
    PF_CORRUPT = 5,
    /// The call is right, but this build cannot do it.
    PF_UNSUPPORTED = 6,
    /// The memory limit of the context or the machine's memory is used up.
    PF_OUT_OF_MEMORY = 7,
    /// A cancel token or the progress callback asked for the end.
    PF_CANCELLED = 8,
    /// A time limit passed.
    PF_TIMEOUT = 9,
    /// Somebody else was first: a lost compare-and-set, a held lock.
    PF_CONFLICT = 10,
    /// Overflow or division by zero.
    PF_ARITHMETIC = 11,
    /// A value has the wrong type.
    PF_TYPE = 12,
    /// A bug of the library: a panic was caught. Handles of the call may only be freed.
    PF_INTERNAL = 99,
}

impl From<Code> for pf_status {
    fn from(code: Code) -> Self {
        match code {
            Code::InvalidArgument => Self::PF_INVALID_ARGUMENT,
            Code::NotFound => Self::PF_NOT_FOUND,
            Code::AlreadyExists => Self::PF_ALREADY_EXISTS,
            Code::Io => Self::PF_IO,
            Code::Corrupt => Self::PF_CORRUPT,
            Code::Unsupported => Self::PF_UNSUPPORTED,
            Code::OutOfMemory => Self::PF_OUT_OF_MEMORY,
            Code::Cancelled => Self::PF_CANCELLED,
            Code::Timeout => Self::PF_TIMEOUT,
            Code::Conflict => Self::PF_CONFLICT,
            Code::Arithmetic => Self::PF_ARITHMETIC,
            Code::Type => Self::PF_TYPE,
            Code::Internal => Self::PF_INTERNAL,
        }
    }
}

thread_local! {
    static LAST: RefCell<Option<CString>> = const { RefCell::new(None) };
}

/// Returns the message of the last call that failed on this thread, "" if none did. Never NULL.
///
/// The text is borrowed: it is valid until the next call that fails on this thread. It does not begin with a code;
/// inside a stream's own get_last_error the same text stands behind "[PF_<CODE>] ". Since 1.1.
#[unsafe(no_mangle)]
pub extern "C" fn pf_last_error_message() -> *const c_char {
    LAST.try_with(|last| last.borrow().as_ref().map_or(c"".as_ptr(), |text| text.as_ptr())).unwrap_or(c"".as_ptr())
}

fn remember(error: &Error) {
    let text = CString::new(error.message().replace('\0', "\u{fffd}")).unwrap_or_default();
    // A thread that is ending has no message to keep.
    let _ = LAST.try_with(|last| *last.borrow_mut() = Some(text));
}

/// The boundary of every function that can fail: catches panics, keeps the message, and at `debug` logs the
/// function's name, the rows it was about, its milliseconds and how it ended.
pub(crate) fn call(name: &'static str, body: impl FnOnce() -> Result<u64>) -> pf_status {
    init();
    let start = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(Error::from_panic(payload)));
    let ms = start.elapsed().as_secs_f64() * 1e3;
    match result {
        Ok(rows) => {
            log::debug!("{name}: {rows} rows, {ms:.3} ms");
            pf_status::PF_OK
        }
        Err(error) => {
            log::debug!("{name}: {} after {ms:.3} ms: {error}", error.code().name());
            remember(&error);
            error.code().into()
        }
    }
}

/// Once per process: logging, and panics that go to the log instead of the host's standard error. The hook is that of
/// the shared library's own standard library, so it is not the host's even where that is written in Rust; tests link
/// this crate itself and keep theirs.
fn init() {
    static INIT: Once = Once::new();
    INIT.call_once(|| {
        pf_base::logging::init();
        #[cfg(not(feature = "testing"))]
        std::panic::set_hook(Box::new(|panic| log::error!("{panic}")));
    });
}

/// The boundary of `_free`: a panic of a destructor ends here.
pub(crate) fn free<T>(pointer: *mut T) {
    if pointer.is_null() {
        return;
    }
    // SAFETY: handles come from `Box::into_raw` in the `_new`/`_from_*` of their type, and the caller hands one
    // back once.
    let result = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(pointer) })));
    if let Err(payload) = result {
        remember(&Error::from_panic(payload));
    }
}

/// A new handle.
pub(crate) fn handle<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}
