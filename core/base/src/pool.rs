//! Thread pools of our own, keyed by process and thread count.
//!
//! Rayon's global pool is never used: its threads do not survive `fork`, and its size is not ours to set.
//! After a fork the child finds no pool under its own process id and makes one; the parent's, whose threads
//! are gone, is left alone. Finding a pool takes no lock (another thread of the parent could have held it).

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::{Error, Result};

struct Node {
    process: u32,
    threads: usize,
    pool: ThreadPool,
    next: OnceLock<Box<Node>>,
}

static FIRST: OnceLock<Box<Node>> = OnceLock::new();

/// The pool of this process with `threads` threads.
///
/// # Errors
/// [`Code::Io`](crate::Code::Io) when the system gives no threads.
pub(crate) fn pool(threads: usize) -> Result<&'static ThreadPool> {
    let process = std::process::id();
    let mut fresh: Option<Box<Node>> = None;
    let mut slot = &FIRST;
    loop {
        if let Some(node) = slot.get() {
            if node.process == process && node.threads == threads {
                return Ok(&node.pool);
            }
            slot = &node.next;
            continue;
        }
        let node = match fresh.take() {
            Some(node) => node,
            None => {
                let pool = ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .thread_name(|i| format!("parquetframe-{i}"))
                    .build()
                    .map_err(|e| Error::io(format!("cannot start {threads} threads: {e}")))?;
                Box::new(Node { process, threads, pool, next: OnceLock::new() })
            }
        };
        // A lost race leaves another node in the slot: look at it first, keep ours for the next slot.
        fresh = slot.set(node).err();
    }
}

/// The number of threads of a call that names none.
///
/// `PARQUETFRAME_RUST_THREADS`, else `RAYON_NUM_THREADS`, else what the scheduler affinity and the cgroup quota
/// of the process allow. The variables are read at every call; a value that is not a positive number is ignored.
pub fn default_threads() -> usize {
    let from = |name: &str| std::env::var(name).ok()?.trim().parse().ok().filter(|n: &usize| *n > 0);
    from("PARQUETFRAME_RUST_THREADS")
        .or_else(|| from("RAYON_NUM_THREADS"))
        .unwrap_or_else(|| *machine_threads())
        .min(MAX_THREADS)
}

/// What affinity and cgroup quota allow, asked once: the answer takes several system calls.
fn machine_threads() -> &'static usize {
    static MACHINE: OnceLock<usize> = OnceLock::new();
    MACHINE.get_or_init(|| std::thread::available_parallelism().map_or(1, Into::into))
}

/// More threads than this are a mistake in a setting, not a machine.
pub(crate) const MAX_THREADS: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pool_per_thread_count() {
        let a = pool(2).unwrap();
        assert!(std::ptr::eq(a, pool(2).unwrap()));
        assert_eq!((a.current_num_threads(), pool(3).unwrap().current_num_threads()), (2, 3));
    }

    #[test]
    fn threads_racing_for_a_pool_agree() {
        let pools: Vec<usize> = std::thread::scope(|s| {
            let handles: Vec<_> = (0..8).map(|_| s.spawn(|| std::ptr::from_ref(pool(5).unwrap()).addr())).collect();
            handles.into_iter().map(|h| h.join().unwrap()).collect()
        });
        assert!(pools.iter().all(|p| *p == pools[0]));
    }
}
