//! What the fuzz targets share: files to damage, what may come of it, and how much memory that may take.

mod counting;
mod edits;
mod files;

use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use pf_base::{Code, Context, Error};

pub use counting::Peak;
pub use edits::Edits;
pub use files::{Base, bases};

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;

/// The memory limit of every call.
pub const LIMIT: u64 = 16 << 20;

/// What a call may take besides: what is not in proportion to data, and slack of vectors that grow.
pub const SLACK: u64 = 16 << 20;

static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// The context of a call.
pub fn context() -> Context {
    Context::default().with_threads(1).with_memory_limit(LIMIT)
}

/// The answer, or nothing where it was refused as it should be: as bad data or for want of memory, with the path.
pub fn refused<T>(answer: Result<T, Error>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(e) => {
            let expected = matches!(e.code(), Code::Corrupt | Code::Unsupported | Code::OutOfMemory);
            if !expected {
                finding(&format!("{:?}: {e}", e.code()));
            }
            if e.code() != Code::OutOfMemory && !e.message().contains(".parquet") {
                finding(&format!("no path in: {e}"));
            }
            None
        }
    }
}

/// Ends the process with a message.
pub fn finding(what: &str) -> ! {
    let panic = LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner);
    eprintln!("finding: {what}\nlast panic: {panic}");
    std::process::abort()
}

/// Where a target puts its file: in memory, where the system has such a folder.
pub fn path(target: &str) -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        // A panic that is caught and becomes an error is no finding; others end the process all the same.
        std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
            *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
        }));
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
        folder.join(format!("pf-fuzz-{target}-{}.parquet", std::process::id()))
    })
}

/// Puts bytes in the file of a target.
pub fn write(target: &str, bytes: &[u8]) -> &'static str {
    let path = path(target);
    if let Err(e) = std::fs::write(path, bytes) {
        finding(&format!("{}: {e}", path.display()));
    }
    path.to_str().unwrap_or_else(|| finding("a path that is no text"))
}
