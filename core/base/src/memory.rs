//! The memory budget of a call: what is allocated in proportion to data is reserved first.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use bytemuck::Zeroable;

use crate::{Error, Result, spare};

/// A shared budget in bytes, with the peak of what was reserved from it.
#[derive(Clone, Debug)]
pub struct Memory(Arc<Budget>);

#[derive(Debug)]
struct Budget {
    limit: u64,
    used: AtomicU64,
    peak: AtomicU64,
}

impl Memory {
    /// A budget of `limit` bytes; `u64::MAX` for none.
    pub fn new(limit: u64) -> Self {
        Self(Arc::new(Budget { limit, used: AtomicU64::new(0), peak: AtomicU64::new(0) }))
    }

    /// The budget in bytes.
    pub fn limit(&self) -> u64 {
        self.0.limit
    }

    /// Bytes reserved now.
    pub fn used(&self) -> u64 {
        self.0.used.load(Ordering::Relaxed)
    }

    /// The most bytes that were reserved at one time.
    pub fn peak(&self) -> u64 {
        self.0.peak.load(Ordering::Relaxed)
    }

    /// Takes `bytes` from the budget until the reservation is dropped.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](crate::Code::OutOfMemory), naming `what`, when the budget would be passed.
    pub fn reserve(&self, bytes: u64, what: &str) -> Result<Reservation> {
        let budget = &*self.0;
        let taken = budget.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
            used.checked_add(bytes).filter(|total| *total <= budget.limit)
        });
        match taken {
            Ok(before) => {
                budget.peak.fetch_max(before + bytes, Ordering::Relaxed);
                // What is kept for later makes room for what is needed now.
                if spare::bytes() > budget.limit - (before + bytes) {
                    spare::clear();
                }
                Ok(Reservation { memory: self.clone(), bytes })
            }
            Err(used) => Err(Error::out_of_memory(format!(
                "{what} needs {bytes} bytes; {used} of the memory limit of {} bytes are in use",
                budget.limit
            ))),
        }
    }

    /// A vector of `len` zeros, reserved from the budget and allocated without aborting on failure.
    ///
    /// The pages come zeroed from the allocator, so they are not touched here.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](crate::Code::OutOfMemory) when the budget or the machine has not enough.
    pub fn zeroed<T: Zeroable>(&self, len: usize, what: &str) -> Result<TrackedVec<T>> {
        let bytes = (len as u64).checked_mul(size_of::<T>() as u64);
        let bytes = bytes.ok_or_else(|| Error::out_of_memory(format!("{what}: {len} elements")))?;
        let reservation = self.reserve(bytes, what)?;
        let values = bytemuck::allocation::try_zeroed_vec(len)
            .map_err(|()| Error::out_of_memory(format!("{what}: the system has not {bytes} bytes")))?;
        Ok(TrackedVec { values, reservation })
    }
}

/// Bytes taken from a [`Memory`]; given back on drop.
#[derive(Debug)]
pub struct Reservation {
    memory: Memory,
    bytes: u64,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.memory.0.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A vector whose bytes are reserved from a budget for as long as it is held.
#[derive(Debug)]
pub struct TrackedVec<T> {
    values: Vec<T>,
    reservation: Reservation,
}

impl<T> TrackedVec<T> {
    /// The vector alone, for what outlives the call: the budget gets the bytes back at once.
    pub fn into_vec(self) -> Vec<T> {
        self.values
    }

    /// The vector, and the reservation to be held until the call ends.
    pub fn into_parts(self) -> (Vec<T>, Reservation) {
        (self.values, self.reservation)
    }
}

impl<T> Deref for TrackedVec<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.values
    }
}

impl<T> DerefMut for TrackedVec<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values
    }
}

/// The budget in bytes of a call that names none; `u64::MAX` for no limit.
///
/// `PARQUETFRAME_MEMORY_LIMIT` (bytes, or with a unit: `8GiB`, `500MB`), else the limit of the process's cgroup,
/// else the machine's memory. The variable is read at every call; a value that is not a size is ignored.
pub(crate) fn default_memory_limit() -> u64 {
    static MACHINE: OnceLock<u64> = OnceLock::new();
    std::env::var("PARQUETFRAME_MEMORY_LIMIT")
        .ok()
        .and_then(|text| parse_size(&text))
        .unwrap_or_else(|| *MACHINE.get_or_init(|| machine_memory().unwrap_or(u64::MAX)))
}

/// Bytes of `8GiB`, `1.5 GB`, `4096`: decimal units by 1000, those with an `i` by 1024. Nothing for 0 or other text.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let scale: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return None,
    };
    let bytes = match number.parse::<u64>() {
        Ok(whole) => whole.checked_mul(scale)?,
        // Saturates; a budget above 16 EiB is no budget.
        Err(_) => (number.parse::<f64>().ok()? * scale as f64) as u64,
    };
    (bytes > 0).then_some(bytes)
}

/// The smaller of the cgroup's limit and the machine's memory, where the system tells.
fn machine_memory() -> Option<u64> {
    let total = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|l| l.strip_prefix("MemTotal:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
    });
    [total, cgroup_limit()].into_iter().flatten().min()
}

/// The lowest memory limit on the way from the process's cgroup (version 2, else 1) to the root.
fn cgroup_limit() -> Option<u64> {
    let membership = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let v1 = membership.lines().find_map(|l| l.split_once(":memory:").map(|(_, path)| path));
    let (root, file, path) = match v1 {
        Some(path) => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", path),
        None => ("/sys/fs/cgroup", "memory.max", membership.lines().find_map(|l| l.strip_prefix("0::"))?),
    };
    Path::new(path.trim_start_matches('/'))
        .ancestors()
        .filter_map(|group| std::fs::read_to_string(Path::new(root).join(group).join(file)).ok()?.trim().parse().ok())
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn reservations_come_back_and_the_peak_stays() {
        let memory = Memory::new(100);
        let a = memory.reserve(60, "a").unwrap();
        assert_eq!(memory.reserve(41, "b").unwrap_err().code(), Code::OutOfMemory);
        drop(memory.reserve(40, "c").unwrap());
        drop(a);
        assert_eq!((memory.used(), memory.peak()), (0, 100));
    }

    #[test]
    fn absurd_sizes_are_errors_not_aborts() {
        let memory = Memory::new(u64::MAX);
        for len in [usize::MAX, usize::MAX / 8, 1 << 60] {
            assert_eq!(memory.zeroed::<u64>(len, "x").unwrap_err().code(), Code::OutOfMemory);
        }
        assert_eq!(memory.used(), 0);
        let v = memory.zeroed::<u32>(3, "x").unwrap();
        assert_eq!((v.to_vec(), memory.used()), (vec![0; 3], 12));
        assert_eq!(v.into_vec().len(), 3);
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn sizes_are_read_with_their_units() {
        let cases = [("4096", 4096), ("8GiB", 8 << 30), (" 500 MB ", 500_000_000), ("1.5kib", 1536)];
        assert!(cases.iter().all(|(text, bytes)| parse_size(text) == Some(*bytes)));
        let none = ["", "0", "-1", "GiB", "1e9", "9PB", "1.2.3"];
        assert!(none.iter().all(|text| parse_size(text).is_none()));
    }

    #[test]
    fn the_machine_has_memory() {
        assert!(default_memory_limit() > 1 << 20);
    }
}
