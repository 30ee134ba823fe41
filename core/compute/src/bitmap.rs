//! Bitmaps as words of 64 rows: reading, compressing and appending them.

use arrow_array::{Array, ArrayRef};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};

use crate::simd::Level;

/// The words of `rows` bits from bit `start` on; bits past the end are zero.
pub(crate) fn words(bits: &BooleanBuffer, start: usize, rows: usize) -> Vec<u64> {
    let chunks = bits.inner().bit_chunks(bits.offset() + start, rows);
    let mut words = Vec::with_capacity(rows.div_ceil(64));
    words.extend(chunks.iter());
    if !rows.is_multiple_of(64) {
        words.push(chunks.remainder_bits());
    }
    words
}

/// How many bits are set.
pub(crate) fn count(words: &[u64]) -> usize {
    words.iter().map(|word| word.count_ones() as usize).sum()
}

/// `rows` set bits.
pub(crate) fn ones(rows: usize) -> Vec<u64> {
    let mut words = vec![u64::MAX; rows.div_ceil(64)];
    if !rows.is_multiple_of(64)
        && let Some(last) = words.last_mut()
    {
        *last = (1 << (rows % 64)) - 1;
    }
    words
}

/// Calls `f` with the first and the one past the last of each run of set bits.
#[inline(always)]
pub(crate) fn runs(words: &[u64], mut f: impl FnMut(usize, usize)) {
    let mut open: Option<usize> = None;
    for (i, &word) in words.iter().enumerate() {
        let base = 64 * i;
        let mut at = 0;
        if let Some(first) = open {
            let length = word.trailing_ones() as usize;
            if length == 64 {
                continue;
            }
            f(first, base + length);
            open = None;
            at = length;
        }
        while at < 64 && word >> at != 0 {
            let first = at + (word >> at).trailing_zeros() as usize;
            let end = first + (word >> first).trailing_ones() as usize;
            if end == 64 {
                open = Some(base + first);
                break;
            }
            f(base + first, base + end);
            at = end;
        }
    }
    if let Some(first) = open {
        f(first, 64 * words.len());
    }
}

/// Sets the bits `first` to `end - 1`.
pub(crate) fn set(words: &mut [u64], first: usize, end: usize) {
    if first >= end {
        return;
    }
    let (low, high) = (first / 64, (end - 1) / 64);
    let (from, to) = (u64::MAX << (first % 64), u64::MAX >> (63 - (end - 1) % 64));
    if low == high {
        words[low] |= from & to;
    } else {
        words[low] |= from;
        words[low + 1..high].fill(u64::MAX);
        words[high] |= to;
    }
}

/// Bits that are appended in groups.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    pub(crate) fn with_capacity(bits: usize) -> Self {
        Self { words: Vec::with_capacity(bits.div_ceil(64) + 1), len: 0 }
    }

    /// Appends the low `count` bits of a word whose other bits are zero.
    #[inline(always)]
    pub(crate) fn push(&mut self, word: u64, count: usize) {
        let shift = self.len % 64;
        if shift == 0 {
            if count > 0 {
                self.words.push(word);
            }
        } else {
            if let Some(last) = self.words.last_mut() {
                *last |= word << shift;
            }
            if shift + count > 64 {
                self.words.push(word >> (64 - shift));
            }
        }
        self.len += count;
    }

    /// Appends `count` bits.
    pub(crate) fn extend(&mut self, words: &[u64], mut count: usize) {
        for &word in words {
            let bits = count.min(64);
            self.push(word, bits);
            count -= bits;
        }
    }

    pub(crate) fn into_words(self) -> Vec<u64> {
        self.words
    }

    pub(crate) fn into_buffer(self) -> BooleanBuffer {
        BooleanBuffer::new(Buffer::from(self.words), 0, self.len)
    }
}

/// The bits of `values` where `mask` is set, side by side.
pub(crate) fn compress(values: &[u64], mask: &[u64]) -> Bits {
    Level::best().with(Compress { values, mask })
}

struct Compress<'a> {
    values: &'a [u64],
    mask: &'a [u64],
}

impl pulp::NullaryFnOnce for Compress<'_> {
    type Output = Bits;

    #[inline(always)]
    fn call(self) -> Bits {
        let mut bits = Bits::with_capacity(64 * self.mask.len());
        let (values, values_rest) = self.values.as_chunks::<8>();
        let (masks, masks_rest) = self.mask.as_chunks::<8>();
        for (values, masks) in values.iter().zip(masks) {
            if masks.iter().all(|m| *m == 0) {
                continue;
            }
            let compressed = compress_words(values, masks);
            for (word, mask) in compressed.iter().zip(masks) {
                bits.push(*word, mask.count_ones() as usize);
            }
        }
        let (mut values, mut masks) = ([0; 8], [0; 8]);
        values[..values_rest.len()].copy_from_slice(values_rest);
        masks[..masks_rest.len()].copy_from_slice(masks_rest);
        for (word, mask) in compress_words(&values, &masks).iter().zip(masks) {
            bits.push(*word, mask.count_ones() as usize);
        }
        bits
    }
}

/// Moves the bits under the mask to the low end, in eight words at a time: the steps are the same for every word, so
/// that they run in vectors where there are any (Warren, Hacker's Delight, 7-4).
#[inline(always)]
fn compress_words(values: &[u64; 8], masks: &[u64; 8]) -> [u64; 8] {
    let mut mask = *masks;
    let mut left: [u64; 8] = std::array::from_fn(|i| !masks[i] << 1);
    let mut out: [u64; 8] = std::array::from_fn(|i| values[i] & masks[i]);
    for step in 0..6 {
        for i in 0..8 {
            let mut odd = left[i] ^ (left[i] << 1);
            odd ^= odd << 2;
            odd ^= odd << 4;
            odd ^= odd << 8;
            odd ^= odd << 16;
            odd ^= odd << 32;
            let moved = odd & mask[i];
            mask[i] = (mask[i] ^ moved) | (moved >> (1 << step));
            let bits = out[i] & moved;
            out[i] = (out[i] ^ bits) | (bits >> (1 << step));
            left[i] &= !odd;
        }
    }
    out
}

/// The nulls of an array, if it has any.
pub(crate) fn nulls(array: &ArrayRef) -> Option<&NullBuffer> {
    array.nulls().filter(|nulls| nulls.null_count() > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bit(words: &[u64], i: usize) -> bool {
        words[i / 64] >> (i % 64) & 1 == 1
    }

    fn dense() -> impl Strategy<Value = u64> {
        prop_oneof![any::<u64>(), Just(0), Just(u64::MAX), (0u32..64).prop_map(|s| u64::MAX << s)]
    }

    proptest! {
        #[test]
        fn compressed_bits_are_those_under_the_mask(pairs in prop::collection::vec((any::<u64>(), dense()), 0..40)) {
            let (values, mask): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            let mut want = Bits::default();
            for i in (0..64 * mask.len()).filter(|i| bit(&mask, *i)) {
                want.push(bit(&values, i).into(), 1);
            }
            let got = compress(&values, &mask);
            prop_assert_eq!(got.len, count(&mask));
            prop_assert_eq!(want.into_buffer(), got.into_buffer());
        }

        #[test]
        fn runs_are_the_set_bits(mask in prop::collection::vec(dense(), 0..20)) {
            let mut again = vec![0; mask.len()];
            let mut last = None;
            runs(&mask, |first, end| {
                assert!(first < end && last.is_none_or(|l| l < first));
                last = Some(end);
                set(&mut again, first, end);
            });
            prop_assert_eq!(again, mask);
        }

        #[test]
        fn words_start_anywhere(bools in prop::collection::vec(any::<bool>(), 0..300), start in 0usize..300, skip in 0usize..9) {
            let bits = BooleanBuffer::from(bools.clone());
            let skip = skip.min(bools.len());
            let bits = bits.slice(skip, bools.len() - skip);
            let start = start.min(bits.len());
            let rows = bits.len() - start;
            let got = words(&bits, start, rows);
            prop_assert_eq!(got.len(), rows.div_ceil(64));
            prop_assert!((0..rows).all(|i| bit(&got, i) == bools[skip + start + i]));
            prop_assert_eq!(count(&got), bools[skip + start..].iter().filter(|b| **b).count());
            prop_assert_eq!(count(&ones(rows)), rows);
        }
    }
}
