//! Calls that misbehave on purpose, for tests of the boundary. Only with the feature `testing`, never in a release;
//! kept out of the header.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use crate::arrow::export_stream;
use crate::context::Call;
use crate::status::call;
use crate::{pf_context, pf_status};

/// cbindgen:ignore
/// Panics in the body (0), in a kernel on the pool (1), or with a payload whose destructor panics too (2).
#[unsafe(no_mangle)]
pub extern "C" fn pf_test_panic(place: i32) -> pf_status {
    struct Bomb;
    impl Drop for Bomb {
        #[allow(clippy::panic, reason = "the point of this function")]
        fn drop(&mut self) {
            panic!("second panic");
        }
    }
    #[allow(clippy::panic, reason = "the point of this function")]
    call("pf_test_panic", || match place {
        0 => panic!("deliberate"),
        // SAFETY: NULL is a context.
        1 => unsafe { Call::new(std::ptr::null()) }
            .run(u64::MAX, |ctx| ctx.map(8, |i| if i == 5 { panic!("deliberate") } else { Ok(i) }).map(|_| 0)),
        _ => std::panic::panic_any(Bomb),
    })
}

/// cbindgen:ignore
/// A stream that panics when it is read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_test_panic_stream(out_stream: *mut FFI_ArrowArrayStream) {
    struct Panics;
    impl Iterator for Panics {
        type Item = Result<RecordBatch, ArrowError>;
        #[allow(clippy::panic, reason = "the point of this stream")]
        fn next(&mut self) -> Option<Self::Item> {
            panic!("deliberate in a stream");
        }
    }
    impl RecordBatchReader for Panics {
        fn schema(&self) -> SchemaRef {
            SchemaRef::new(Schema::empty())
        }
    }
    // SAFETY: the test gives memory for a stream.
    unsafe { out_stream.write(export_stream(Panics)) }
}

/// cbindgen:ignore
/// Works until it is cancelled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_test_work_forever(context: *const pf_context) -> pf_status {
    call("pf_test_work_forever", || {
        // SAFETY: the test gives a live context.
        unsafe { Call::new(context) }.run(u64::MAX, |ctx| {
            loop {
                ctx.check()?;
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        })
    })
}
