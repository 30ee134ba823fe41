//! Threads, cancellation, progress and memory of a call: `pf_context` and `pf_cancel_token`.

use std::ffi::c_void;
use std::time::{Duration, Instant};

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use pf_base::{CancelToken, Context, Error, Result, StreamSource};

use crate::pf_status;
use crate::status::{call, free, handle};
use crate::types::{arg, arg_mut, arg_opt};

/// A flag that stops calls. All functions on it are thread-safe. Since 1.1.
pub struct pf_cancel_token {
    inner: CancelToken,
}

/// Creates a token. Free with pf_cancel_token_free. Since 1.1.
#[unsafe(no_mangle)]
pub extern "C" fn pf_cancel_token_new() -> *mut pf_cancel_token {
    handle(pf_cancel_token { inner: CancelToken::default() })
}

/// Asks every call that was given the token to end soon with PF_CANCELLED; it stays asked. Thread-safe and
/// async-signal-safe. NULL: nothing. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_cancel_token_cancel(token: *const pf_cancel_token) {
    // SAFETY: the header's rules for a handle.
    if let Some(token) = unsafe { arg_opt(token) } {
        token.inner.cancel();
    }
}

/// Frees a token; contexts that were given it keep the flag. NULL: nothing. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_cancel_token_free(token: *mut pf_cancel_token) {
    free(token);
}

/// Called about every 20 ms on the thread that made the call. `fraction` is 0 to 1, or negative while unknown. Return
/// true to go on, false to end the call with PF_CANCELLED. Must not unwind or longjmp. Since 1.1.
pub type pf_progress_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, fraction: f64) -> bool>;

/// Threads, memory limit, cancellation, progress callback and log level of calls.
///
/// Where a function takes a context, NULL means the defaults: threads from PARQUETFRAME_RUST_THREADS, else
/// RAYON_NUM_THREADS, else the CPUs that affinity and cgroup allow; the memory limit from PARQUETFRAME_MEMORY_LIMIT
/// ("8GiB"), else the cgroup's, else the machine's memory. One thread at a time may change a context or make calls
/// with one that has a progress callback. Since 1.1.
pub struct pf_context {
    inner: Context,
    progress: Progress,
}

/// Creates a context with the defaults. Free with pf_context_free. Since 1.1.
#[unsafe(no_mangle)]
pub extern "C" fn pf_context_new() -> *mut pf_context {
    handle(pf_context { inner: Context::default(), progress: Progress::NONE })
}

/// Sets the number of threads; 0 means the default, more than 1024 is 1024. Results never depend on it.
/// Fails with PF_INVALID_ARGUMENT for NULL or a negative number. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_set_threads(context: *mut pf_context, threads: i32) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe {
        change("pf_context_set_threads", context, |c| {
            let threads = usize::try_from(threads)
                .map_err(|_| Error::invalid_argument(format!("threads must not be negative, not {threads}")))?;
            c.inner = c.inner.clone().with_threads(threads);
            Ok(())
        })
    }
}

/// Sets the most bytes that the calls with this context may hold for data at one time; 0 means no limit. A call that
/// would need more fails with PF_OUT_OF_MEMORY. Starts the peak anew. Fails with PF_INVALID_ARGUMENT for NULL. Since
/// 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_set_memory_limit(context: *mut pf_context, bytes: u64) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe {
        change("pf_context_set_memory_limit", context, |c| {
            c.inner = c.inner.clone().with_memory_limit(bytes);
            Ok(())
        })
    }
}

/// Lets `token` stop the calls with this context; NULL takes a former token away. The token may be freed at any
/// time. Fails with PF_INVALID_ARGUMENT for a NULL context. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_set_cancel_token(
    context: *mut pf_context,
    token: *const pf_cancel_token,
) -> pf_status {
    // SAFETY: the header's rules for handles.
    unsafe {
        change("pf_context_set_cancel_token", context, |c| {
            let token = arg_opt(token).map(|t| t.inner.clone()).unwrap_or_default();
            c.inner = c.inner.clone().with_cancel(token);
            Ok(())
        })
    }
}

/// Sets the function that sees the progress of calls with this context and may end them; NULL for none.
/// Fails with PF_INVALID_ARGUMENT for a NULL context. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_set_progress(
    context: *mut pf_context,
    callback: pf_progress_fn,
    user_data: *mut c_void,
) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe {
        change("pf_context_set_progress", context, |c| {
            c.progress = Progress { callback, user_data };
            Ok(())
        })
    }
}

/// Leaves messages above `level` (0 none, 1 error … 5 trace) of kernels with this context out of the log. Fails with
/// PF_INVALID_ARGUMENT for NULL or another level. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_set_log_level(context: *mut pf_context, level: i32) -> pf_status {
    // SAFETY: the header's rules for a handle.
    unsafe {
        change("pf_context_set_log_level", context, |c| {
            c.inner = c.inner.clone().with_log_level(crate::log::level(level)?);
            Ok(())
        })
    }
}

/// Returns the most bytes that calls with this context have held for data at one time; 0 for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_memory_peak(context: *const pf_context) -> u64 {
    // SAFETY: the header's rules for a handle.
    unsafe { arg_opt(context) }.map_or(0, |c| c.inner.memory().peak())
}

/// Returns the number of threads of calls with this context; the default for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_threads(context: *const pf_context) -> i32 {
    // SAFETY: the header's rules for a handle.
    let threads = unsafe { arg_opt(context) }.map_or_else(pf_base::default_threads, |c| c.inner.threads());
    i32::try_from(threads).unwrap_or(i32::MAX)
}

/// Frees a context. NULL: nothing. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_context_free(context: *mut pf_context) {
    free(context);
}

unsafe fn change(
    function: &'static str,
    context: *mut pf_context,
    set: impl FnOnce(&mut pf_context) -> Result<()>,
) -> pf_status {
    call(function, || {
        // SAFETY: forwarded to the caller.
        set(unsafe { arg_mut(context, "context") }?)?;
        Ok(0)
    })
}

/// The host's progress callback.
#[derive(Clone, Copy)]
struct Progress {
    callback: pf_progress_fn,
    user_data: *mut c_void,
}

impl Progress {
    const NONE: Self = Self { callback: None, user_data: std::ptr::null_mut() };

    fn goes_on(&self, fraction: f64) -> bool {
        // SAFETY: the contract of pf_progress_fn; this runs on the thread that made the call.
        self.callback.is_none_or(|callback| unsafe { callback(self.user_data, fraction) })
    }
}

/// The context of one call, which stays on the calling thread.
pub(crate) struct Call {
    pub(crate) context: Context,
    progress: Progress,
}

impl Call {
    /// # Safety
    /// `context` is NULL or a live handle.
    pub(crate) unsafe fn new(context: *const pf_context) -> Self {
        // SAFETY: forwarded to the caller.
        match unsafe { arg(context, "context") } {
            Ok(c) => Self { context: c.inner.clone(), progress: c.progress },
            Err(_) => Self { context: Context::default(), progress: Progress::NONE },
        }
    }

    /// Runs a kernel of `work` steps: see [`Context::run`].
    pub(crate) fn run<T: Send>(&self, work: u64, kernel: impl FnOnce(&Context) -> Result<T> + Send) -> Result<T> {
        let mut watch = |fraction| self.progress.goes_on(fraction);
        self.context.run(work, Some(&mut watch), kernel)
    }

    /// Runs a kernel that reads the host's stream, which is pulled on this thread: see [`Context::run_fed`].
    pub(crate) fn run_fed<R: RecordBatchReader, T: Send>(
        &self,
        reader: R,
        kernel: impl FnOnce(&Context, &mut dyn Iterator<Item = Result<RecordBatch>>) -> Result<T> + Send,
    ) -> Result<T> {
        let mut watch = |fraction| self.progress.goes_on(fraction);
        let mut batches = self.watched(reader, usize::MAX).map(|batch| Ok(batch?));
        self.context.run_fed(&mut batches, Some(&mut watch), kernel)
    }

    /// A reader of the host's stream that looks at cancellation and progress between batches, and cuts batches to at
    /// most `rows` rows (without a copy), so that it gets to look.
    pub(crate) fn watched<R: RecordBatchReader>(&self, reader: R, rows: usize) -> Watched<'_, R> {
        Watched { reader, rest: None, rows, call: self, last: Instant::now() }
    }

    /// A host's stream read to its end, as a source that any thread may read; the rest as in [`watched`](Self::watched).
    pub(crate) fn collected<R: RecordBatchReader>(
        &self,
        reader: R,
        rows: usize,
    ) -> Result<StreamSource<impl RecordBatchReader + Send + use<R>>> {
        let schema = reader.schema();
        let batches = self.watched(reader, rows).collect::<Result<Vec<RecordBatch>, _>>()?;
        Ok(StreamSource::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema)))
    }
}

/// See [`Call::watched`].
pub(crate) struct Watched<'a, R> {
    reader: R,
    rest: Option<RecordBatch>,
    rows: usize,
    call: &'a Call,
    last: Instant,
}

impl<R: RecordBatchReader> Iterator for Watched<'_, R> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut go_on = self.call.context.check();
        if self.last.elapsed() >= Duration::from_millis(20) {
            self.last = Instant::now();
            if !self.call.progress.goes_on(-1.0) {
                go_on = Err(Error::cancelled());
            }
        }
        if let Err(error) = go_on {
            return Some(Err(ArrowError::ExternalError(Box::new(error))));
        }
        let batch = match self.rest.take() {
            Some(batch) => batch,
            None => match self.reader.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error)),
            },
        };
        if batch.num_rows() <= self.rows {
            return Some(Ok(batch));
        }
        self.rest = Some(batch.slice(self.rows, batch.num_rows() - self.rows));
        Some(Ok(batch.slice(0, self.rows)))
    }
}

impl<R: RecordBatchReader> RecordBatchReader for Watched<'_, R> {
    fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }
}
