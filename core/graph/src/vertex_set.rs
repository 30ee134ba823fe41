//! Sets of vertices, a bit each.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use arrow_buffer::{BooleanBuffer, Buffer};
use pf_base::{Context, Result, TrackedVec};

/// A set of vertices that all threads fill at the same time. A million vertices take 128 KiB: asking it costs a hit in
/// the second-level cache where a table of numbers costs one in the third.
#[derive(Debug)]
pub(crate) struct VertexSet {
    words: TrackedVec<AtomicU64>,
}

impl VertexSet {
    /// The empty set of vertices below `n`.
    pub(crate) fn new(n: usize, ctx: &Context) -> Result<Self> {
        Ok(Self { words: ctx.zeroed(n.div_ceil(64), "vertex set")? })
    }

    /// The vertices below `n` of which `member` holds.
    pub(crate) fn filled(n: usize, member: impl Fn(u32) -> bool + Sync, ctx: &Context) -> Result<Self> {
        const WORDS: usize = 1024;
        let mut set = Self::new(n, ctx)?;
        ctx.for_each(set.words.chunks_mut(WORDS).collect(), |part, words| {
            for (i, word) in (part * WORDS..).zip(words) {
                let vertices = 64 * i..n.min(64 * (i + 1));
                *word.get_mut() = vertices.rev().fold(0, |bits, v| bits << 1 | u64::from(member(v as u32)));
            }
            Ok(())
        })?;
        Ok(set)
    }

    /// Whether the vertex is in the set.
    #[inline]
    pub(crate) fn contains(&self, vertex: u32) -> bool {
        self.words[vertex as usize / 64].load(Relaxed) >> (vertex % 64) & 1 == 1
    }

    /// Puts the vertex into the set; tells whether it is new there.
    #[inline]
    pub(crate) fn insert(&self, vertex: u32) -> bool {
        let (word, bit) = (&self.words[vertex as usize / 64], 1 << (vertex % 64));
        // Looking first: most vertices are met many times, and a read leaves the cache line shared.
        word.load(Relaxed) & bit == 0 && word.fetch_or(bit, Relaxed) & bit == 0
    }

    /// The same for a set that this thread has alone: no atomic step.
    #[inline]
    pub(crate) fn insert_alone(&mut self, vertex: u32) -> bool {
        let (word, bit) = (self.words[vertex as usize / 64].get_mut(), 1 << (vertex % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Takes the vertex out of a set that this thread has alone.
    #[inline]
    pub(crate) fn remove_alone(&mut self, vertex: u32) {
        *self.words[vertex as usize / 64].get_mut() &= !(1 << (vertex % 64));
    }

    /// 64 vertices, from `64 * index` on.
    #[inline]
    pub(crate) fn word(&self, index: usize) -> u64 {
        self.words[index].load(Relaxed)
    }

    /// Replaces 64 vertices that no other thread has to do with.
    #[inline]
    pub(crate) fn set_word(&self, index: usize, word: u64) {
        self.words[index].store(word, Relaxed);
    }

    /// The first vertex of the set.
    pub(crate) fn first(&self) -> Option<u32> {
        let index = self.words.iter().position(|word| word.load(Relaxed) != 0)?;
        Some(index as u32 * 64 + self.word(index).trailing_zeros())
    }

    /// One bit for each of `n` vertices.
    pub(crate) fn into_bits(self, n: usize) -> BooleanBuffer {
        let words: Vec<u64> = self.words.into_vec().into_iter().map(|word| word.into_inner().to_le()).collect();
        BooleanBuffer::new(Buffer::from_vec(words), 0, n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_fills_it() {
        for n in [0, 1, 64, 100_001] {
            let ctx = Context::default().with_threads(2);
            let bits = VertexSet::filled(n, |v| v % 3 == 1, &ctx).unwrap().into_bits(n);
            assert!((0..n).all(|v| bits.value(v) == (v % 3 == 1)));
        }
    }

    #[test]
    fn what_went_in_is_there() {
        let mut set = VertexSet::new(130, &Context::default()).unwrap();
        assert_eq!(set.first(), None);
        assert!(set.insert(129) && !set.insert(129) && set.insert_alone(64) && !set.insert_alone(129));
        assert_eq!(set.first(), Some(64));
        let members: Vec<u32> = (0..130).filter(|v| set.contains(*v)).collect();
        assert_eq!(members, [64, 129]);
        assert_eq!((set.word(1), set.word(2)), (1, 2));
        set.insert_alone(65);
        set.remove_alone(65);
        assert_eq!(set.into_bits(130).set_indices().collect::<Vec<_>>(), [64, 129]);
    }
}
