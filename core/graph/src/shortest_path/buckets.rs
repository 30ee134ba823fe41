//! The buckets of delta-stepping: vertices by distance.

use pf_base::{Context, Reservation, Result};

use super::keys::Key;

/// The buckets that stand open: what is beyond the last waits in a list of its own.
pub(super) const BUCKETS: usize = 1 << 10;

/// A vertex, and the tag of the distance at which it was put into a bucket: it is stale when the vertex has another
/// one now. That two distances share a tag costs a needless expansion at worst.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) vertex: u32,
    pub(super) tag: u32,
}

/// Which distances a bucket holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// The distance at which bucket 0 begins.
    base: f64,
    per_bucket: f64,
}

impl Scale {
    pub(super) fn new(base: f64, width: f64) -> Self {
        // Of a width close to zero the inverse is infinite.
        Self { base, per_bucket: width.recip().min(f64::MAX) }
    }

    /// The bucket of a distance: never less for a greater distance, which is all that the search asks for.
    #[inline]
    pub(super) fn bucket<K: Key>(&self, key: K) -> u64 {
        ((key.distance() - self.base) * self.per_bucket) as u64
    }

    /// No distance in the bucket is greater.
    pub(super) fn end(&self, bucket: usize) -> f64 {
        self.base + (bucket as f64 + 2.0) / self.per_bucket
    }
}

/// What one thread has found, by distance.
pub(super) struct Buckets {
    /// Bucket b is at b modulo their number.
    open: Vec<Vec<Entry>>,
    far: Vec<Entry>,
    /// How many entries the open ones hold.
    waiting: usize,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { open: vec![Vec::new(); BUCKETS], far: Vec::new(), waiting: 0 }
    }
}

impl Buckets {
    /// Puts an entry into a bucket from `now` on.
    #[inline]
    pub(super) fn put(&mut self, now: usize, bucket: u64, entry: Entry) {
        if bucket.wrapping_sub(now as u64) < BUCKETS as u64 {
            self.open[bucket as usize % BUCKETS].push(entry);
            self.waiting += 1;
        } else {
            self.far.push(entry);
        }
    }

    /// The first bucket from `now` on that holds something.
    pub(super) fn first_from(&self, now: usize) -> Option<usize> {
        if self.waiting == 0 {
            return None;
        }
        (now..now + BUCKETS).find(|bucket| !self.open[bucket % BUCKETS].is_empty())
    }

    /// The entries of a bucket, if there are any.
    pub(super) fn take(&mut self, bucket: usize) -> Option<Vec<Entry>> {
        let place = &mut self.open[bucket % BUCKETS];
        if place.is_empty() {
            return None;
        }
        self.waiting -= place.len();
        Some(std::mem::take(place))
    }

    /// The same, unless they are more than `few`.
    pub(super) fn take_few(&mut self, bucket: usize, few: usize) -> Option<Vec<Entry>> {
        if self.open[bucket % BUCKETS].len() <= few { self.take(bucket) } else { None }
    }

    /// All that was too far for the open buckets.
    pub(super) fn take_far(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.far)
    }

    /// Everything.
    pub(super) fn take_all(&mut self) -> Vec<Entry> {
        let mut all = self.take_far();
        self.open.iter_mut().for_each(|bucket| all.append(bucket));
        self.waiting = 0;
        all
    }

    /// Keeps the memory of a buffer for what comes next into the bucket.
    pub(super) fn give_back(&mut self, bucket: usize, mut buffer: Vec<Entry>) {
        let place = &mut self.open[bucket % BUCKETS];
        if place.is_empty() && place.capacity() < buffer.capacity() {
            buffer.clear();
            *place = buffer;
        }
    }
}

/// The memory of buckets.
#[derive(Default)]
pub(super) struct Held {
    bytes: u64,
    _reservation: Option<Reservation>,
}

impl Held {
    /// Reserves what the buckets have grown to, twice over, as vectors grow ahead.
    pub(super) fn grow(&mut self, buckets: &[Buckets], ctx: &Context) -> Result<()> {
        let entries: usize = buckets.iter().map(|buckets| buckets.waiting + buckets.far.len()).sum();
        let bytes = 2 * (size_of::<Entry>() * entries) as u64;
        if bytes > self.bytes {
            *self = Self::default();
            *self = Self { bytes: 2 * bytes, _reservation: Some(ctx.memory().reserve(2 * bytes, "buckets")?) };
        }
        Ok(())
    }
}
