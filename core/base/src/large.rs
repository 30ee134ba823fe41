//! Large arrays in pages of the size that suits them.

use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
use memmap2::MmapMut;

use crate::{Error, Memory, Reservation, Result, spare};

/// From this many bytes on pages are asked of the system, below it the allocator is quicker.
const LARGE: usize = 8 << 20;

/// Below this many bytes giving pages back is not worth a call.
const SMALL: usize = 64 << 10;

/// An array of zeros for what is written all over: where the system can, in pages of megabytes, so that few of them
/// have to be made and found.
#[derive(Debug)]
pub struct LargeVec<T> {
    storage: Storage<T>,
    len: usize,
}

#[derive(Debug)]
enum Storage<T> {
    Heap(Vec<T>),
    Pages(MmapMut),
    /// Pages that are kept for the next array.
    Kept(Kept),
}

/// Pages that go to [`spare`] when they are dropped.
#[derive(Debug)]
struct Kept(Option<MmapMut>);

impl Kept {
    fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or(&[])
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self.0.as_deref_mut().unwrap_or(&mut [])
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(pages) = self.0.take() {
            spare::put(pages);
        }
    }
}

/// Fresh pages of megabytes, where the system has such. Where it has no memory left, what is kept is given back first.
fn fresh(bytes: usize) -> Option<MmapMut> {
    let pages = MmapMut::map_anon(bytes).or_else(|_| {
        spare::clear();
        MmapMut::map_anon(bytes)
    });
    let pages = pages.ok()?;
    #[cfg(target_os = "linux")]
    if let Err(e) = pages.advise(memmap2::Advice::HugePage) {
        log::debug!("no huge pages: {e}");
    }
    Some(pages)
}

impl<T: Pod> LargeVec<T> {
    fn zeroed(len: usize, bytes: usize) -> Option<Self> {
        let storage = if bytes < LARGE {
            Storage::Heap(bytemuck::allocation::try_zeroed_vec(len).ok()?)
        } else {
            Storage::Kept(Kept(Some(fresh(bytes)?)))
        };
        Some(Self { storage, len })
    }

    /// Pages that were written before, where some are kept, else zeros.
    fn unwritten(len: usize, bytes: usize) -> Option<Self> {
        if bytes >= LARGE
            && let Some(pages) = spare::take(bytes)
        {
            return Some(Self { storage: Storage::Kept(Kept(Some(pages))), len });
        }
        Self::zeroed(len, bytes)
    }

    /// Pages that the system gets back as soon as this is dropped.
    fn pages(len: usize, bytes: usize) -> Option<Self> {
        let storage = match bytes {
            0..SMALL => Storage::Heap(bytemuck::allocation::try_zeroed_vec(len).ok()?),
            _ => Storage::Pages(MmapMut::map_anon(bytes).ok()?),
        };
        Some(Self { storage, len })
    }

    /// Forgets the elements from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        match &mut self.storage {
            Storage::Heap(values) => {
                values.truncate(len);
                values.shrink_to_fit();
            }
            // Pages stay as they are unless most of them would be wasted.
            Storage::Pages(pages) if self.len * size_of::<T>() < pages.len() / 2 => {
                self.storage = Storage::Heap(bytemuck::cast_slice(&pages[..self.len * size_of::<T>()]).to_vec());
            }
            Storage::Kept(pages) if self.len * size_of::<T>() < pages.bytes().len() / 2 => {
                let bytes = &pages.bytes()[..self.len * size_of::<T>()];
                self.storage = Storage::Heap(bytemuck::cast_slice(bytes).to_vec());
            }
            Storage::Pages(_) | Storage::Kept(_) => {}
        }
    }

    /// The bytes, without a copy.
    pub fn into_bytes(self) -> bytes::Bytes
    where
        T: Send,
    {
        bytes::Bytes::from_owner(Owner(self))
    }
}

struct Owner<T>(LargeVec<T>);

impl<T: Pod> AsRef<[u8]> for Owner<T> {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

impl<T> Default for LargeVec<T> {
    fn default() -> Self {
        Self { storage: Storage::Heap(Vec::new()), len: 0 }
    }
}

impl<T> From<Vec<T>> for LargeVec<T> {
    fn from(values: Vec<T>) -> Self {
        Self { len: values.len(), storage: Storage::Heap(values) }
    }
}

impl<T: Pod> Deref for LargeVec<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        match &self.storage {
            Storage::Heap(values) => values,
            // Pages are aligned for any T.
            Storage::Pages(pages) => &bytemuck::cast_slice(&pages[..self.len * size_of::<T>()])[..self.len],
            Storage::Kept(pages) => &bytemuck::cast_slice(&pages.bytes()[..self.len * size_of::<T>()])[..self.len],
        }
    }
}

impl<T: Pod> DerefMut for LargeVec<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.storage {
            Storage::Heap(values) => values,
            Storage::Pages(pages) => bytemuck::cast_slice_mut(&mut pages[..self.len * size_of::<T>()]),
            Storage::Kept(pages) => bytemuck::cast_slice_mut(&mut pages.bytes_mut()[..self.len * size_of::<T>()]),
        }
    }
}

impl Memory {
    /// An array of `len` zeros, reserved from the budget until the reservation is dropped.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](crate::Code::OutOfMemory) when the budget or the machine has not enough.
    pub fn large<T: Pod>(&self, len: usize, what: &str) -> Result<(LargeVec<T>, Reservation)> {
        self.make(len, what, LargeVec::zeroed)
    }

    /// The same with anything in it, for what is written all over before it is read: from some megabytes on in pages
    /// that an array before it was in, where there are any.
    ///
    /// # Errors
    /// As [`large`](Self::large).
    pub fn unwritten<T: Pod>(&self, len: usize, what: &str) -> Result<(LargeVec<T>, Reservation)> {
        self.make(len, what, LargeVec::unwritten)
    }

    /// The same for what is dropped before the call ends, to make room at once for something else.
    ///
    /// # Errors
    /// As [`large`](Self::large).
    pub fn passing<T: Pod>(&self, len: usize, what: &str) -> Result<(LargeVec<T>, Reservation)> {
        self.make(len, what, LargeVec::pages)
    }

    fn make<T: Pod>(
        &self,
        len: usize,
        what: &str,
        make: impl FnOnce(usize, usize) -> Option<LargeVec<T>>,
    ) -> Result<(LargeVec<T>, Reservation)> {
        let bytes = len.checked_mul(size_of::<T>());
        let bytes = bytes.ok_or_else(|| Error::out_of_memory(format!("{what}: {len} elements")))?;
        let reservation = self.reserve(bytes as u64, what)?;
        let values = make(len, bytes);
        let values = values.ok_or_else(|| Error::out_of_memory(format!("{what}: the system has not {bytes} bytes")))?;
        Ok((values, reservation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn zeros_of_any_size_that_can_be_written_and_cut() {
        let memory = Memory::new(u64::MAX);
        for len in [0, 5, LARGE / 4, LARGE / 2 + 3] {
            let (mut values, reserved) = memory.large::<u32>(len, "x").unwrap();
            assert_eq!((values.len(), memory.used()), (len, 4 * len as u64));
            assert!(values.iter().all(|v| *v == 0));
            (0..).zip(values.iter_mut()).for_each(|(i, v)| *v = i);
            for cut in [len, len - len / 4, len / 8] {
                values.truncate(cut);
                assert!(values.len() == cut && (0..).zip(values.iter()).all(|(i, v)| *v == i));
            }
            let want: Vec<u32> = values.to_vec();
            assert_eq!(values.into_bytes(), bytemuck::cast_slice::<u32, u8>(&want));
            drop(reserved);
            assert_eq!(memory.used(), 0);
            let (mut values, _reserved) = memory.unwritten::<u32>(len, "x").unwrap();
            assert_eq!((values.len(), memory.used()), (len, 4 * len as u64));
            values.fill(7);
            assert!(values.into_bytes().chunks_exact(4).all(|v| v == 7_u32.to_ne_bytes()));
        }
        let small = Memory::new(1000);
        assert_eq!(small.large::<u64>(usize::MAX, "x").unwrap_err().code(), Code::OutOfMemory);
        assert_eq!(small.large::<u64>(126, "x").unwrap_err().code(), Code::OutOfMemory);
        assert_eq!(memory.large::<u64>(1 << 58, "x").unwrap_err().code(), Code::OutOfMemory);
    }
}
