//! Log messages to the host.

use std::ffi::{CString, c_void};

use log::{Level, LevelFilter};
use pf_base::{Error, Result, logging};

use crate::pf_status;
use crate::status::call;

/// Receives a log message. `level`: 1 error, 2 warn, 3 info, 4 debug, 5 trace. `message` is borrowed for the call.
/// May be called from any thread, also several at a time; must not unwind, longjmp or call
/// any function of this library. Since 1.1.
pub type pf_log_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const std::ffi::c_char)>;

struct HostSink {
    function: unsafe extern "C" fn(*mut c_void, i32, *const std::ffi::c_char),
    user_data: *mut c_void,
}

// SAFETY: the contract of pf_log_fn asks the host for a function that any thread may call with this pointer.
unsafe impl Send for HostSink {}
// SAFETY: as above: several threads at a time.
unsafe impl Sync for HostSink {}

impl HostSink {
    fn send(&self, level: Level, message: &str) {
        if let Ok(text) = CString::new(message.replace('\0', "\u{fffd}")) {
            // SAFETY: the contract of pf_log_fn; the text outlives the call.
            unsafe { (self.function)(self.user_data, level as i32, text.as_ptr()) }
        }
    }
}

/// Sends log messages up to `max_level` (0 none, 1 error … 5 trace) of the whole process to `callback`; NULL sends
/// them to standard error again, as PARQUETFRAME_RUST_LOG=error|warn|info|debug|trace asks (none by default).
///
/// At debug every call through this boundary is one message: function, rows, milliseconds. When this returns, the
/// former callback is not running and will not be called again. Thread-safe. Fails with PF_INVALID_ARGUMENT for
/// a level outside 0 to 5. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_set_log_callback(callback: pf_log_fn, user_data: *mut c_void, max_level: i32) -> pf_status {
    call("pf_set_log_callback", || {
        let level = level(max_level)?;
        let sink = callback.map(|function| HostSink { function, user_data });
        logging::set_sink(sink.map(|host| Box::new(move |l, m: &str| host.send(l, m)) as logging::Sink), level);
        Ok(0)
    })
}

/// A level from its number.
pub(crate) fn level(number: i32) -> Result<LevelFilter> {
    LevelFilter::iter()
        .find(|l| *l as i32 == number)
        .ok_or_else(|| Error::invalid_argument(format!("a log level is 0 to 5, not {number}")))
}
