//! Named parameters: `pf_options`.

use std::ffi::c_char;

use pf_base::{Options, Value};

use crate::pf_status;
use crate::status::{call, free, handle};
use crate::types::{arg_mut, pf_str, strings};

/// The parameters of a call that have defaults, by name.
///
/// Names, types and defaults are those of the function's documentation and of `pf_kernels()`. A name that a function
/// does not know is PF_INVALID_ARGUMENT, a value of another type PF_TYPE, both at the call that uses them. One thread
/// at a time may change a pf_options; any number may use it. Since 1.1.
pub struct pf_options {
    pub(crate) inner: Options,
}

/// Creates an empty set of options. Free with pf_options_free. Since 1.1.
#[unsafe(no_mangle)]
pub extern "C" fn pf_options_new() -> *mut pf_options {
    handle(pf_options { inner: Options::default() })
}

/// Sets an integer; it is accepted where a number is expected. The last value of a name counts.
/// Fails with PF_INVALID_ARGUMENT for NULL or text that is not UTF-8. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_options_set_i64(options: *mut pf_options, name: pf_str<'_>, value: i64) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe { set("pf_options_set_i64", options, name, || Ok(Value::I64(value))) }
}

/// Sets a number. As pf_options_set_i64. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_options_set_f64(options: *mut pf_options, name: pf_str<'_>, value: f64) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe { set("pf_options_set_f64", options, name, || Ok(Value::F64(value))) }
}

/// Sets a truth value. As pf_options_set_i64. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_options_set_bool(options: *mut pf_options, name: pf_str<'_>, value: bool) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe { set("pf_options_set_bool", options, name, || Ok(Value::Bool(value))) }
}

/// Sets a text, which is copied. As pf_options_set_i64. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_options_set_str(
    options: *mut pf_options,
    name: pf_str<'_>,
    value: pf_str<'_>,
) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe { set("pf_options_set_str", options, name, || Ok(Value::Str(value.get("value")?.to_owned()))) }
}

/// Sets a list of `length` texts, which are copied. As pf_options_set_i64. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_options_set_str_list(
    options: *mut pf_options,
    name: pf_str<'_>,
    values: *const *const c_char,
    length: usize,
) -> pf_status {
    // SAFETY: the header's rules for a handle; `values` holds `length` strings.
    unsafe {
        set("pf_options_set_str_list", options, name, || {
            let texts = strings(values, length, "values")?;
            Ok(Value::StrList(texts.into_iter().map(str::to_owned).collect()))
        })
    }
}

/// Frees options. NULL: nothing. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_options_free(options: *mut pf_options) {
    free(options);
}

unsafe fn set(
    function: &'static str,
    options: *mut pf_options,
    name: pf_str<'_>,
    value: impl FnOnce() -> pf_base::Result<Value>,
) -> pf_status {
    call(function, || {
        // SAFETY: forwarded to the caller.
        let options = unsafe { arg_mut(options, "options") }?;
        options.inner.set(name.get("name")?, value()?);
        Ok(0)
    })
}
