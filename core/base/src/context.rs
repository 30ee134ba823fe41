//! The context of one call: its threads, cancellation, progress, memory and log level.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel, sync_channel};
use std::time::Duration;

use bytemuck::Zeroable;
use log::LevelFilter;
use rayon::prelude::*;

use crate::memory::default_memory_limit;
use crate::pool::{MAX_THREADS, default_threads, pool};
use crate::{CancelToken, Error, Memory, Result, TrackedVec};

/// How often the thread that made a call looks at its progress callback.
const POLL: Duration = Duration::from_millis(20);

/// Work (in edges, rows or the like) below which a call stays on its own thread: waking a pool costs about as
/// much as visiting this many edges (20–50 µs against 1–2 ns each).
pub const INLINE_WORK: u64 = 32 * 1024;

/// Looks at the fraction done (negative while unknown); `false` asks for the end. Called on the calling thread.
pub type Watch<'a> = &'a mut dyn FnMut(f64) -> bool;

/// Threads, cancellation, progress and memory budget of a call.
///
/// Kernels do all their parallel work through [`map`](Self::map) and [`for_each`](Self::for_each): pieces are
/// numbered, results come back in the order of the pieces, and cancellation is looked at before each piece.
/// As long as pieces do not depend on the thread count, neither do results.
#[derive(Clone, Debug)]
pub struct Context {
    threads: usize,
    cancel: CancelToken,
    /// Set when the watcher of this one call asks for the end; the caller's own token is never touched.
    stop: CancelToken,
    memory: Memory,
    fraction: Arc<AtomicU64>,
    log_level: LevelFilter,
    inline: bool,
}

impl Default for Context {
    /// Threads and memory limit from the environment, the cgroup and the machine.
    fn default() -> Self {
        Self {
            threads: default_threads(),
            cancel: CancelToken::default(),
            stop: CancelToken::default(),
            memory: Memory::new(default_memory_limit()),
            fraction: Arc::new(AtomicU64::new((-1f64).to_bits())),
            log_level: LevelFilter::Trace,
            inline: false,
        }
    }
}

impl Context {
    /// The same with `threads` threads (1 to 1024); 0 means [`default_threads`].
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = if threads == 0 { default_threads() } else { threads.min(MAX_THREADS) };
        self
    }

    /// The same with a budget of `limit` bytes; 0 means no limit.
    #[must_use]
    pub fn with_memory_limit(mut self, limit: u64) -> Self {
        self.memory = Memory::new(if limit == 0 { u64::MAX } else { limit });
        self
    }

    /// The same, stopped by `cancel`.
    #[must_use]
    pub fn with_cancel(mut self, cancel: CancelToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// The same with messages above `level` left out.
    #[must_use]
    pub fn with_log_level(mut self, level: LevelFilter) -> Self {
        self.log_level = level;
        self
    }

    /// How many threads the call may use.
    pub fn threads(&self) -> usize {
        if self.inline { 1 } else { self.threads }
    }

    /// The memory budget.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The token that stops the call.
    pub fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// Whether messages of `level` are wanted.
    pub fn logs(&self, level: log::Level) -> bool {
        level <= self.log_level && level <= log::max_level()
    }

    /// Fails once the end was asked for. Long loops outside [`map`](Self::map) call it every 10 ms of work.
    ///
    /// # Errors
    /// [`Code::Cancelled`](crate::Code::Cancelled).
    pub fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() || self.stop.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }

    /// Tells how much is done, 0 to 1.
    pub fn progress(&self, fraction: f64) {
        self.fraction.store(fraction.to_bits(), Ordering::Relaxed);
    }

    /// Tells that at least so much is done, 0 to 1: never less than was told before, so that threads may tell it side by
    /// side.
    pub fn advance(&self, fraction: f64) {
        let more = |told: u64| (f64::from_bits(told) < fraction).then_some(fraction.to_bits());
        // Nothing to change where as much was told already.
        let _ = self.fraction.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// How much was told to be done, 0 to 1; negative while that is unknown.
    pub fn fraction(&self) -> f64 {
        f64::from_bits(self.fraction.load(Ordering::Relaxed))
    }

    /// A vector of zeros from the budget: see [`Memory::zeroed`].
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](crate::Code::OutOfMemory).
    pub fn zeroed<T: Zeroable>(&self, len: usize, what: &str) -> Result<TrackedVec<T>> {
        self.memory.zeroed(len, what)
    }

    /// The results of `f(0)` to `f(pieces - 1)`, computed in parallel, in that order.
    ///
    /// # Errors
    /// The error of the lowest piece that failed, or [`Code::Cancelled`](crate::Code::Cancelled).
    pub fn map<T: Send>(&self, pieces: usize, f: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
        let run = |i| self.check().and_then(|()| f(i));
        if self.threads() == 1 || pieces <= 1 {
            return (0..pieces).map(run).collect();
        }
        let results: Vec<Result<T>> =
            pool(self.threads)?.install(|| (0..pieces).into_par_iter().with_max_len(1).map(run).collect());
        results.into_iter().collect()
    }

    /// The results of `f(i, &mut items[i])`, computed in parallel, in that order.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    pub fn map_mut<I: Send, T: Send>(
        &self,
        items: &mut [I],
        f: impl Fn(usize, &mut I) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let run = |(i, item)| self.check().and_then(|()| f(i, item));
        if self.threads() == 1 || items.len() <= 1 {
            return items.iter_mut().enumerate().map(run).collect();
        }
        let results: Vec<Result<T>> =
            pool(self.threads)?.install(|| items.par_iter_mut().enumerate().with_max_len(1).map(run).collect());
        results.into_iter().collect()
    }

    /// Runs `f(i, part)` for every part, in parallel. Parts are usually disjoint `&mut` slices of one output.
    ///
    /// # Errors
    /// The error of the lowest part that failed, or [`Code::Cancelled`](crate::Code::Cancelled).
    pub fn for_each<T: Send>(&self, parts: Vec<T>, f: impl Fn(usize, T) -> Result<()> + Sync) -> Result<()> {
        let run = |(i, part)| self.check().and_then(|()| f(i, part));
        if self.threads() == 1 || parts.len() <= 1 {
            return parts.into_iter().enumerate().try_for_each(run);
        }
        let results: Vec<Result<()>> =
            pool(self.threads)?.install(|| parts.into_par_iter().enumerate().with_max_len(1).map(run).collect());
        results.into_iter().collect()
    }

    /// Sorts in parallel; equal elements may change places.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    pub fn sort<T: Ord + Send>(&self, values: &mut [T]) -> Result<()> {
        self.check()?;
        if self.threads() == 1 || values.len() < INLINE_WORK as usize {
            values.sort_unstable();
        } else {
            pool(self.threads)?.install(|| values.par_sort_unstable());
        }
        self.check()
    }

    /// Runs a kernel: on a thread of its own while this one looks at `watch`, or right here when `work` is small.
    ///
    /// The kernel's own thread is none of the pool: a worker that waits for a piece takes up other work, and a whole
    /// kernel taken up that way would hold up the one that waits.
    ///
    /// # Errors
    /// The kernel's; [`Code::Internal`](crate::Code::Internal) when it panicked;
    /// [`Code::Cancelled`](crate::Code::Cancelled); [`Code::Io`](crate::Code::Io) when the system gives no thread.
    pub fn run<T: Send>(
        &self,
        work: u64,
        watch: Option<Watch<'_>>,
        kernel: impl FnOnce(&Context) -> Result<T> + Send,
    ) -> Result<T> {
        self.check()?;
        let call = Self {
            stop: CancelToken::default(),
            fraction: Arc::new(AtomicU64::new((-1f64).to_bits())),
            ..self.for_work(work)
        };
        if call.inline {
            return catch(|| kernel(&call));
        }
        let call = &call;
        let (done, result) = sync_channel(1);
        let mut watch = watch;
        std::thread::scope(|scope| {
            let driver = std::thread::Builder::new().name("parquetframe-call".to_owned());
            driver
                .spawn_scoped(scope, move || {
                    // The receiver waits until this arrives, so sending cannot fail.
                    let _ = done.send(catch(|| kernel(call)));
                })
                .map_err(|e| Error::io(format!("cannot start a thread: {e}")))?;
            loop {
                match result.recv_timeout(POLL) {
                    Ok(outcome) => return outcome,
                    Err(RecvTimeoutError::Disconnected) => return Err(Error::internal("a thread was lost")),
                    Err(RecvTimeoutError::Timeout) => {
                        if let Some(watch) = watch.as_mut()
                            && !watch(call.fraction())
                        {
                            call.stop.cancel();
                        }
                    }
                }
            }
        })
    }

    /// Runs a kernel on a thread of its own, while this one takes items from `source` for it, which only the calling
    /// thread may touch: one is taken when the kernel has taken up the one before.
    ///
    /// # Errors
    /// As [`run`](Self::run). After an error, or where the kernel ends before the source, the rest is left there.
    pub fn run_fed<I: Send, T: Send>(
        &self,
        source: &mut dyn Iterator<Item = I>,
        watch: Option<Watch<'_>>,
        kernel: impl FnOnce(&Context, &mut dyn Iterator<Item = I>) -> Result<T> + Send,
    ) -> Result<T> {
        self.check()?;
        let call = Self {
            stop: CancelToken::default(),
            fraction: Arc::new(AtomicU64::new((-1f64).to_bits())),
            ..self.clone()
        };
        let call = &call;
        let (events, event) = channel();
        let (items, item) = channel::<I>();
        let mut watch = watch;
        std::thread::scope(|scope| {
            let driver = std::thread::Builder::new().name("parquetframe-call".to_owned());
            driver
                .spawn_scoped(scope, move || {
                    let wanted = events.clone();
                    // Neither can fail but where this thread is no longer listened to.
                    let mut source = std::iter::from_fn(|| {
                        wanted.send(Event::Wanted).ok()?;
                        item.recv().ok()
                    });
                    let outcome = catch(|| kernel(call, &mut source));
                    let _ = events.send(Event::Done(outcome));
                })
                .map_err(|e| Error::io(format!("cannot start a thread: {e}")))?;
            let mut items = Some(items);
            loop {
                match event.recv_timeout(POLL) {
                    Ok(Event::Done(outcome)) => return outcome,
                    // Without a sender the kernel sees the end. Sending fails where the kernel is gone, which its result
                    // tells.
                    Ok(Event::Wanted) => {
                        if let Some(feed) = items.take()
                            && let Some(next) = source.next()
                        {
                            let _ = feed.send(next);
                            items = Some(feed);
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => return Err(Error::internal("a thread was lost")),
                    Err(RecvTimeoutError::Timeout) => {
                        if let Some(watch) = watch.as_mut()
                            && !watch(call.fraction())
                        {
                            call.stop.cancel();
                        }
                    }
                }
            }
        })
    }

    /// The same for so much work: small work stays on the thread that asks for it.
    #[must_use]
    pub fn for_work(&self, work: u64) -> Self {
        Self { inline: self.inline || work < INLINE_WORK, ..self.clone() }
    }
}

/// What a kernel tells the thread that feeds it.
enum Event<T> {
    /// It asks for the next item.
    Wanted,
    /// It is done.
    Done(Result<T>),
}

/// Turns a panic into [`Code::Internal`](crate::Code::Internal).
fn catch<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| Err(panic_error(payload)))
}

/// The error for a caught panic.
fn panic_error(payload: Box<dyn Any + Send>) -> Error {
    let text = payload
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    // Dropping a payload runs foreign code, which may panic again.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
    Error::internal(format!("internal error: {text}; please report it with what led to it"))
}

impl Error {
    /// The error for a panic that was caught outside [`Context::run`].
    pub fn from_panic(payload: Box<dyn Any + Send>) -> Self {
        panic_error(payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn results_come_in_the_order_of_the_pieces() {
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let squares = ctx.map(1000, |i| Ok(i * i)).unwrap();
            assert_eq!(squares, (0..1000).map(|i| i * i).collect::<Vec<_>>());
            let mut out = vec![0; 10];
            ctx.for_each(out.chunks_mut(3).collect(), |i, part| {
                part.fill(i);
                Ok(())
            })
            .unwrap();
            assert_eq!(out, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
        }
    }

    #[test]
    fn the_lowest_failing_piece_is_reported() {
        let ctx = Context::default().with_threads(4);
        let e = ctx.map(100, |i| if i % 10 == 7 { Err(Error::corrupt(i.to_string())) } else { Ok(()) });
        assert_eq!(e.unwrap_err().message(), "7");
    }

    #[test]
    fn a_cancelled_call_stops_before_its_next_piece() {
        let ctx = Context::default().with_threads(2);
        ctx.cancel_token().cancel();
        assert_eq!(ctx.map(1, |_| Ok(())).unwrap_err().code(), Code::Cancelled);
        assert_eq!(ctx.run(0, None, |_| Ok(())).unwrap_err().code(), Code::Cancelled);
    }

    #[test]
    fn the_watcher_sees_progress_on_the_calling_thread_and_can_stop() {
        let caller = std::thread::current().id();
        let ctx = Context::default().with_threads(2);
        let mut seen = Vec::new();
        let mut watch = |fraction: f64| {
            assert_eq!(std::thread::current().id(), caller);
            seen.push(fraction);
            seen.len() < 3
        };
        let result = ctx.run(u64::MAX, Some(&mut watch), |ctx| {
            ctx.progress(0.5);
            loop {
                ctx.check()?;
                std::thread::sleep(Duration::from_millis(1));
            }
            #[allow(unreachable_code)]
            Ok(())
        });
        assert_eq!(result.unwrap_err().code(), Code::Cancelled);
        assert_eq!(seen, [0.5; 3]);
        ctx.check().expect("the end of one call is not the end of the context");
    }

    #[test]
    fn progress_that_threads_tell_never_goes_back() {
        let ctx = Context::default().with_threads(4);
        assert!(ctx.fraction() < 0.0);
        ctx.map(1000, |i| {
            let before = ctx.fraction();
            ctx.advance(i as f64 / 1000.0);
            assert!(ctx.fraction() >= before.max(i as f64 / 1000.0));
            Ok(())
        })
        .unwrap();
        assert_eq!(ctx.fraction(), 0.999);
        ctx.advance(f64::NAN);
        ctx.advance(0.5);
        assert_eq!(ctx.fraction(), 0.999);
        ctx.progress(0.5);
        assert_eq!(ctx.fraction(), 0.5);
    }

    #[test]
    fn a_short_call_does_not_wait_for_a_long_one() {
        let ctx = Context::default().with_threads(2);
        let stop = CancelToken::default();
        let long = ctx.clone().with_cancel(stop.clone());
        let piece = |i: usize| {
            std::thread::sleep(Duration::from_millis(1));
            Ok(i)
        };
        std::thread::scope(|scope| {
            let forever = scope.spawn(|| {
                long.run::<()>(u64::MAX, None, |ctx| {
                    loop {
                        ctx.map(4, piece)?;
                    }
                })
            });
            // A worker that took the endless call up would never come back to these.
            for _ in 0..20 {
                ctx.run(u64::MAX, None, |ctx| ctx.map(4, piece)).unwrap();
            }
            stop.cancel();
            assert_eq!(forever.join().unwrap().unwrap_err().code(), Code::Cancelled);
        });
    }

    #[test]
    fn a_fed_kernel_gets_all_items_in_order_from_the_calling_thread() {
        let caller = std::thread::current().id();
        let ctx = Context::default().with_threads(2);
        let mut source = (0..1000).inspect(|_| assert_eq!(std::thread::current().id(), caller));
        let sum = |_: &Context, items: &mut dyn Iterator<Item = i32>| {
            assert_ne!(std::thread::current().id(), caller);
            Ok(items.fold((0, 0), |(sum, last), i| {
                assert!(i >= last);
                (sum + i, i)
            }))
        };
        assert_eq!(ctx.run_fed(&mut source, None, sum), Ok((499_500, 999)));
        // A kernel that ends early leaves the rest; one that is stopped or panics is no end of the process.
        let mut source = 0..10;
        assert_eq!(ctx.run_fed(&mut source, None, |_, items| Ok(items.nth(2))), Ok(Some(2)));
        assert_eq!(source.next(), Some(3));
        let mut stop = |_| false;
        let endless = |ctx: &Context, _: &mut dyn Iterator<Item = i32>| loop {
            ctx.check()?;
            std::thread::sleep(Duration::from_millis(1));
        };
        let stopped: Result<()> = ctx.run_fed(&mut source, Some(&mut stop), endless);
        assert_eq!(stopped.unwrap_err().code(), Code::Cancelled);
        let panicked: Result<()> = ctx.run_fed(&mut source, None, |_, _| panic!("deliberate"));
        assert_eq!(panicked.unwrap_err().code(), Code::Internal);
    }

    #[test]
    fn a_panic_in_a_kernel_is_an_error() {
        let ctx = Context::default().with_threads(2);
        for work in [0, u64::MAX] {
            let e = ctx.run::<()>(work, None, |_| panic!("deliberate {}", 1)).unwrap_err();
            assert_eq!(e.code(), Code::Internal);
            assert!(e.message().contains("deliberate 1"), "{e}");
            let e = ctx.run(work, None, |ctx| ctx.map(64, |i| if i == 9 { panic!("piece") } else { Ok(i) }));
            assert_eq!(e.unwrap_err().code(), Code::Internal);
        }
    }
}
