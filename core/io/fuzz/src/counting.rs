//! An allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

/// Requests of more bytes fail, which ends the process as it does on a machine that has not so much.
const MOST: usize = 1 << 31;

static NOW: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

pub(crate) struct Counting;

fn add(bytes: usize) {
    let now = NOW.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
    PEAK.fetch_max(now, Ordering::Relaxed);
}

fn remove(bytes: usize) {
    NOW.fetch_sub(bytes as u64, Ordering::Relaxed);
}

// SAFETY: all requests go to the system's allocator as they are, or fail.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST {
            return std::ptr::null_mut();
        }
        add(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST {
            return std::ptr::null_mut();
        }
        add(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        remove(layout.size());
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > MOST {
            return std::ptr::null_mut();
        }
        add(size);
        remove(layout.size());
        unsafe { System.realloc(ptr, layout, size) }
    }
}

/// The most that was allocated from some moment on.
pub struct Peak(u64);

impl Peak {
    /// From now on.
    pub fn start() -> Self {
        let now = NOW.load(Ordering::Relaxed);
        PEAK.store(now, Ordering::Relaxed);
        Self(now)
    }

    /// Ends the process where it was more than the memory limit and the slack allow.
    pub fn check(self) {
        let most = PEAK.load(Ordering::Relaxed).saturating_sub(self.0);
        if most > super::LIMIT + super::SLACK {
            super::finding(&format!("{most} bytes were allocated, with a limit of {}", super::LIMIT));
        }
    }
}
