//! Distances as they are stored while many threads lower them.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicU64};

use pf_base::{Context, Reservation, Result};

/// Distances that are set or read by one task.
const CHUNK: usize = 1 << 16;

/// A distance of zero or more; keys sort as the distances do.
pub(super) trait Key: Copy + Ord {
    /// Where a key is kept.
    type Cell: Send + Sync;

    /// The key of what is not reached.
    const FAR: Self;

    /// The key of the sources.
    const ZERO: Self;

    /// `len` cells of [`FAR`](Self::FAR).
    fn cells(len: usize, ctx: &Context) -> Result<(Vec<Self::Cell>, Reservation)>;

    /// The distances in the cells, infinite for [`FAR`](Self::FAR).
    fn distances(cells: Vec<Self::Cell>, ctx: &Context) -> Result<Vec<f64>>;

    fn load(cell: &Self::Cell) -> Self;

    fn store(cell: &Self::Cell, key: Self);

    /// Lowers a cell to `key`, and returns what was there.
    fn lower(cell: &Self::Cell, key: Self) -> Self;

    /// The number whose sum with a length makes the next key.
    fn addend(self) -> f64;

    /// The key of a sum of an [`addend`](Self::addend) and a length.
    fn of_sum(sum: f64) -> Self;

    /// The distance; that of [`FAR`](Self::FAR) is the first that has no key.
    fn distance(self) -> f64;

    /// 32 bits that keys of different distances rarely share.
    fn tag(self) -> u32;
}

/// Any distance: the bits of a number that is not negative are in the order of the numbers.
impl Key for u64 {
    type Cell = AtomicU64;

    const FAR: Self = f64::INFINITY.to_bits();
    const ZERO: Self = 0;

    fn cells(len: usize, ctx: &Context) -> Result<(Vec<AtomicU64>, Reservation)> {
        let mut keys = ctx.zeroed::<u64>(len, "distances")?;
        fill(&mut keys, Self::FAR, ctx)?;
        let (keys, reservation) = keys.into_parts();
        Ok((keys.into_iter().map(AtomicU64::new).collect(), reservation))
    }

    fn distances(cells: Vec<AtomicU64>, _: &Context) -> Result<Vec<f64>> {
        Ok(cells.into_iter().map(|cell| f64::from_bits(cell.into_inner())).collect())
    }

    fn load(cell: &AtomicU64) -> Self {
        cell.load(Relaxed)
    }

    fn store(cell: &AtomicU64, key: Self) {
        cell.store(key, Relaxed);
    }

    fn lower(cell: &AtomicU64, key: Self) -> Self {
        cell.fetch_min(key, Relaxed)
    }

    fn addend(self) -> f64 {
        f64::from_bits(self)
    }

    fn of_sum(sum: f64) -> Self {
        sum.to_bits()
    }

    fn distance(self) -> f64 {
        f64::from_bits(self)
    }

    fn tag(self) -> u32 {
        // Sums of few significant digits have nothing in the low half.
        (self ^ self >> 32) as u32
    }
}

/// Whole numbers below `u32::MAX`, in half the memory: more of them are in the cache.
impl Key for u32 {
    type Cell = AtomicU32;

    const FAR: Self = u32::MAX;
    const ZERO: Self = 0;

    fn cells(len: usize, ctx: &Context) -> Result<(Vec<AtomicU32>, Reservation)> {
        let mut keys = ctx.zeroed::<u32>(len, "distances")?;
        fill(&mut keys, Self::FAR, ctx)?;
        let (keys, reservation) = keys.into_parts();
        Ok((keys.into_iter().map(AtomicU32::new).collect(), reservation))
    }

    fn distances(cells: Vec<AtomicU32>, ctx: &Context) -> Result<Vec<f64>> {
        let mut distances = ctx.zeroed::<f64>(cells.len(), "distances")?;
        ctx.for_each(distances.chunks_mut(CHUNK).collect(), |i, part| {
            for (distance, cell) in part.iter_mut().zip(&cells[i * CHUNK..]) {
                let key = cell.load(Relaxed);
                *distance = if key == Self::FAR { f64::INFINITY } else { key.into() };
            }
            Ok(())
        })?;
        Ok(distances.into_vec())
    }

    fn load(cell: &AtomicU32) -> Self {
        cell.load(Relaxed)
    }

    fn store(cell: &AtomicU32, key: Self) {
        cell.store(key, Relaxed);
    }

    fn lower(cell: &AtomicU32, key: Self) -> Self {
        cell.fetch_min(key, Relaxed)
    }

    fn addend(self) -> f64 {
        SHIFT + f64::from(self)
    }

    fn of_sum(sum: f64) -> Self {
        sum.to_bits() as u32
    }

    fn distance(self) -> f64 {
        self.into()
    }

    fn tag(self) -> u32 {
        self
    }
}

/// The last bits of this much and a whole number are those of the number.
const SHIFT: f64 = (1u64 << 52) as f64;

/// Sets all in parallel: memory that is touched for the first time costs more than what is written to it.
fn fill<T: Copy + Send + Sync>(values: &mut [T], value: T, ctx: &Context) -> Result<()> {
    ctx.for_each(values.chunks_mut(CHUNK).collect(), |_, part| {
        part.fill(value);
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_add_up_and_sort_as_distances_do() {
        fn check<K: Key + std::fmt::Debug>(distances: &[f64]) {
            let keys: Vec<K> = distances.iter().map(|d| K::of_sum(K::ZERO.addend() + d)).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]) && keys.iter().all(|key| *key < K::FAR));
            for (a, d) in keys.iter().zip(distances) {
                assert_eq!(a.distance(), *d);
                assert_eq!(K::of_sum(a.addend() + 3.0).distance(), d + 3.0);
            }
        }
        check::<u32>(&[0.0, 1.0, 255.0, 65_536.0, 4_294_967_290.0]);
        check::<u64>(&[0.0, 5e-324, 0.1, 1.0, 1e300]);
    }
}
