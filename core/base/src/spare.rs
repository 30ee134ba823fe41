//! Pages that large arrays were in, kept for a moment for the next ones.
//!
//! Fresh pages are cleared by the system before they are written, which takes as long as writing them: a loop that
//! makes a new column of 0.8 GB out of two others takes twice as long with fresh pages as with pages that were there
//! (0.22 s to 0.11 s, two threads). Allocators keep what they get back for that reason; so do we, with a bound, and
//! only for as long as calls follow each other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use memmap2::MmapMut;

use crate::memory::default_memory_limit;

/// Pages that were not asked for in this time go back to the system.
const IDLE: Duration = Duration::from_secs(2);

/// At most this part of the memory, and this many bytes, are kept.
const PART: u64 = 8;
const MOST: u64 = 4 << 30;

/// More than this many mappings are not worth looking through.
const MAPPINGS: usize = 16;

/// What is kept, the oldest first.
struct Spare {
    process: u32,
    pages: Vec<MmapMut>,
    used: Option<Instant>,
    /// A thread gives pages back when they are idle.
    watched: bool,
}

static SPARE: Mutex<Spare> = Mutex::new(Spare { process: 0, pages: Vec::new(), used: None, watched: false });

/// The bytes that are kept, to be looked at without the lock.
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The bytes that are kept now.
pub(crate) fn bytes() -> u64 {
    BYTES.load(Ordering::Relaxed)
}

/// Runs `f` with what is kept. Never waits: where another thread is at it, or was when this process was forked, there
/// is nothing to be had.
fn with<T>(f: impl FnOnce(&mut Spare) -> T) -> Option<T> {
    let mut spare = match SPARE.try_lock() {
        Ok(spare) => spare,
        Err(TryLockError::Poisoned(poisoned)) => PoisonError::into_inner(poisoned),
        Err(TryLockError::WouldBlock) => return None,
    };
    let process = std::process::id();
    if spare.process != process {
        // After a fork: the pages are shared with the parent, and the thread is not there.
        *spare = Spare { process, pages: Vec::new(), used: None, watched: false };
    }
    let result = f(&mut spare);
    BYTES.store(spare.pages.iter().map(|p| p.len() as u64).sum(), Ordering::Relaxed);
    Some(result)
}

/// Pages of so many bytes or a quarter more, with anything in them.
pub(crate) fn take(bytes: usize) -> Option<MmapMut> {
    if self::bytes() == 0 {
        return None;
    }
    let fits = |pages: &MmapMut| (bytes..=bytes + bytes / 4).contains(&pages.len());
    with(|spare| {
        spare.used = Some(Instant::now());
        let best = spare.pages.iter().enumerate().filter(|(_, p)| fits(p)).min_by_key(|(_, p)| p.len());
        let best = best.map(|(i, _)| i);
        best.map(|i| spare.pages.remove(i))
    })?
}

/// Keeps pages, or gives them back where there are too many.
pub(crate) fn put(pages: MmapMut) {
    let most = MOST.min(default_memory_limit() / PART);
    if pages.len() as u64 > most {
        return;
    }
    // Dropped after the lock is given back.
    let mut dropped = Vec::new();
    with(|spare| {
        spare.used = Some(Instant::now());
        spare.pages.push(pages);
        let mut bytes: u64 = spare.pages.iter().map(|p| p.len() as u64).sum();
        while bytes > most || spare.pages.len() > MAPPINGS {
            let oldest = spare.pages.remove(0);
            bytes -= oldest.len() as u64;
            dropped.push(oldest);
        }
        if !spare.watched {
            // Without the thread nothing would end the wait.
            spare.watched = std::thread::Builder::new().name("parquetframe-idle".to_owned()).spawn(watch).is_ok();
            if !spare.watched {
                dropped.append(&mut spare.pages);
            }
        }
    });
}

/// Gives all pages back to the system.
pub(crate) fn clear() {
    drop(with(|spare| std::mem::take(&mut spare.pages)));
}

/// Waits until pages are idle, gives them back, and ends.
fn watch() {
    loop {
        std::thread::sleep(IDLE / 4);
        let idle = with(|spare| {
            let idle = spare.used.is_none_or(|used| used.elapsed() >= IDLE);
            spare.watched = !idle;
            idle.then(|| std::mem::take(&mut spare.pages))
        });
        if let Some(Some(pages)) = idle {
            drop(pages);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_kept_within_bounds_and_given_back() {
        let map = |bytes| MmapMut::map_anon(bytes).unwrap();
        put(map(1 << 20));
        put(map(9 << 20));
        // Other tests may take them at the same time: only what must hold is asked.
        if let Some(pages) = take(8 << 20) {
            assert!((8 << 20..=10 << 20).contains(&pages.len()));
        }
        assert!(take(1 << 40).is_none() && take(100).is_none());
        (0..40).for_each(|_| put(map(1 << 16)));
        assert!(bytes() <= MOST && with(|s| s.pages.len()).is_none_or(|n| n <= MAPPINGS));
        clear();
        put(map(1 << 20));
        for _ in 0..100 {
            if bytes() == 0 {
                return;
            }
            std::thread::sleep(IDLE / 10);
        }
        panic!("pages are still kept");
    }
}
