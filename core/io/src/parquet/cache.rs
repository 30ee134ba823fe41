//! Footers that were read before, of files that have not changed since.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::{Duration, SystemTime};

use pf_base::{Context, Error, Result};

use super::bytes::Identity;
use super::footer::Footer;

/// Bytes that are kept at most.
const LIMIT: usize = 64 << 20;

/// A file may be written to twice between two ticks of the file system's clock: only of a file at rest does its time
/// tell whether it is the same.
const REST: Duration = Duration::from_secs(2);

static CACHE: Mutex<Option<Cache>> = Mutex::new(None);

/// Footers by path as it was given, because they name it; the one that was not asked for the longest time leaves first.
struct Cache {
    limit: usize,
    bytes: usize,
    clock: u64,
    entries: HashMap<PathBuf, Entry>,
    /// Paths by the time they were last asked for.
    order: BTreeMap<u64, PathBuf>,
}

struct Entry {
    footer: Arc<Footer>,
    /// The path may have been relative to another folder.
    absolute: PathBuf,
    bytes: usize,
    used: u64,
}

impl Cache {
    fn new(limit: usize) -> Self {
        Self { limit, bytes: 0, clock: 0, entries: HashMap::new(), order: BTreeMap::new() }
    }

    fn get(&mut self, path: &Path, absolute: &Path, identity: &Identity) -> Option<Arc<Footer>> {
        let found = self.entries.get_mut(path)?;
        if found.footer.identity() != identity || found.absolute != absolute {
            self.remove(path);
            return None;
        }
        let footer = found.footer.clone();
        self.clock += 1;
        self.order.remove(&std::mem::replace(&mut found.used, self.clock));
        self.order.insert(self.clock, path.to_owned());
        // Footers grow as more is asked of them.
        let bytes = footer.memory();
        self.bytes = self.bytes - std::mem::replace(&mut found.bytes, bytes) + bytes;
        self.shrink();
        Some(footer)
    }

    fn put(&mut self, path: &Path, absolute: PathBuf, footer: Arc<Footer>) {
        self.remove(path);
        let bytes = footer.memory() + 4 * absolute.as_os_str().len();
        if bytes > self.limit {
            return;
        }
        self.clock += 1;
        self.bytes += bytes;
        self.order.insert(self.clock, path.to_owned());
        self.entries.insert(path.to_owned(), Entry { footer, absolute, bytes, used: self.clock });
        self.shrink();
    }

    fn remove(&mut self, path: &Path) {
        if let Some(entry) = self.entries.remove(path) {
            self.order.remove(&entry.used);
            self.bytes -= entry.bytes;
        }
    }

    fn shrink(&mut self) {
        while self.bytes > self.limit
            && let Some((_, path)) = self.order.pop_first()
        {
            self.remove(&path);
        }
    }
}

/// The cache, unless another thread has it just now: whoever wants a footer then reads the file. Nobody waits, because
/// after a fork the thread that had it may not exist.
fn cache() -> Option<MutexGuard<'static, Option<Cache>>> {
    match CACHE.try_lock() {
        Ok(guard) => Some(guard),
        // Whoever panicked left nothing half done that a look-up could trip over.
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// The footer of `path`: the one that was read before, where the file is the same, else a new one.
pub(super) fn footer(path: &Path, ctx: &Context) -> Result<Arc<Footer>> {
    let metadata = std::fs::metadata(path).map_err(|e| Error::from_io(path.display(), &e))?;
    if !metadata.is_file() {
        // Opening a pipe would wait for whoever writes to it.
        return Err(Error::invalid_argument(format!("{} is not a file", path.display())));
    }
    let identity = Identity::of(&metadata);
    let Ok(absolute) = absolute(path) else { return Footer::load(path, identity, ctx).map(Arc::new) };
    let kept = cache().and_then(|mut cache| cache.as_mut()?.get(path, &absolute, &identity));
    if let Some(footer) = kept {
        return Ok(footer);
    }
    let footer = Arc::new(Footer::load(path, identity, ctx)?);
    let rest = identity.modified.and_then(|then| SystemTime::now().duration_since(then).ok());
    if rest.is_some_and(|rest| rest >= REST)
        && let Some(mut cache) = cache()
    {
        cache.get_or_insert_with(|| Cache::new(LIMIT)).put(path, absolute, footer.clone());
    }
    Ok(footer)
}

/// Forgets all footers, unless another thread looks for one just now.
pub fn clear_footer_cache() {
    if let Some(mut cache) = cache() {
        *cache = None;
    }
}

#[cfg(test)]
mod tests;
