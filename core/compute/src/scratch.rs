//! Memory of the size of a block, used again by the thread that gave it back.
//!
//! Results of blocks are made and dropped a hundred thousand times a column. An allocator gives memory of their size
//! back to the system now and then, and fresh memory has to be cleared; what is used again is still in the cache.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use arrow_buffer::Buffer;
use bytemuck::Pod;

/// Vectors whose addresses are multiples of this lie in one line of the cache each.
const LINE: usize = 64;

/// Sizes that are kept, in bytes.
const LEAST: usize = 4 << 10;
const MOST: usize = 256 << 10;

/// How many a thread keeps: more than an expression has at a time.
const KEPT: usize = 16;

type Unit = u128;

thread_local! {
    static FREE: RefCell<Vec<Box<[Unit]>>> = const { RefCell::new(Vec::new()) };
}

/// Values with anything in them, to be written all over.
#[derive(Debug)]
pub(crate) struct Scratch<T> {
    units: Units,
    first: usize,
    len: usize,
    values: PhantomData<T>,
}

#[derive(Debug)]
struct Units(Box<[Unit]>);

impl Drop for Units {
    fn drop(&mut self) {
        if !(LEAST + LINE..=MOST + LINE).contains(&size_of_val(&*self.0)) {
            return;
        }
        let units = std::mem::take(&mut self.0);
        // At the end of a thread there is nothing to keep it in.
        let _ = FREE.try_with(|free| {
            let mut free = free.borrow_mut();
            if free.len() == KEPT {
                free.remove(0);
            }
            free.push(units);
        });
    }
}

impl<T: Pod> Scratch<T> {
    pub(crate) fn new(len: usize) -> Self {
        let bytes = len * size_of::<T>();
        // Within a factor of two of what is needed, as a result may be kept.
        let bytes = if (LEAST..=MOST).contains(&bytes) { bytes.next_power_of_two() } else { bytes };
        let count = (bytes + LINE).div_ceil(size_of::<Unit>());
        let kept = FREE.try_with(|free| {
            let mut free = free.borrow_mut();
            let last = free.iter().rposition(|units| units.len() == count)?;
            Some(free.remove(last))
        });
        let units = kept.ok().flatten().unwrap_or_else(|| vec![0; count].into_boxed_slice());
        let first = units.as_ptr().align_offset(LINE).min(LINE / size_of::<Unit>());
        Self { units: Units(units), first, len, values: PhantomData }
    }

}

impl<T: Pod> Deref for Scratch<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &bytemuck::cast_slice(&self.as_ref()[..self.len * size_of::<T>()])[..self.len]
    }
}

impl<T: Pod> DerefMut for Scratch<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        let bytes = bytemuck::cast_slice_mut::<Unit, u8>(&mut self.units.0[self.first..]);
        bytemuck::cast_slice_mut(&mut bytes[..self.len * size_of::<T>()])
    }
}

impl<T> AsRef<[u8]> for Scratch<T> {
    fn as_ref(&self) -> &[u8] {
        &bytemuck::cast_slice::<Unit, u8>(&self.units.0[self.first..])[..self.len * size_of::<T>()]
    }
}

impl<T: Pod + Send + Sync> From<Scratch<T>> for Buffer {
    fn from(values: Scratch<T>) -> Self {
        Buffer::from(bytes::Bytes::from_owner(values))
    }
}

impl<T: Pod> From<Vec<T>> for Scratch<T> {
    fn from(values: Vec<T>) -> Self {
        let mut out = Self::new(values.len());
        out.copy_from_slice(&values);
        out
    }
}

#[cfg(test)]
impl<T: Pod + PartialEq> PartialEq for Scratch<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again() {
        for len in [0, 1, 100, 511, 8192, 100_000] {
            let made = Scratch::from((0..len as u64).collect::<Vec<_>>());
            let buffer = Buffer::from(made);
            assert_eq!(buffer.typed_data::<u64>(), (0..len as u64).collect::<Vec<_>>());
        }
        let at = |values: &[u64]| values.as_ptr().addr();
        let first = Scratch::<u64>::new(8192);
        let (address, other) = (at(&first), Scratch::<u64>::new(8192));
        assert!(address % LINE == 0 && address != at(&other));
        drop(first);
        assert_eq!(at(&Scratch::<u64>::new(8000)), address);
        let many: Vec<_> = (0..100).map(|_| Scratch::<i32>::new(8192)).collect();
        drop(many);
        FREE.with(|free| assert_eq!(free.borrow().len(), KEPT));
    }
}
