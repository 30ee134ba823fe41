//! Counts of the bits in columns of many words, by adders that work on all columns of a word at once: sixteen words
//! become one carry (S. Harley's adder tree as in W. Muła, N. Kurz, D. Lemire, Faster population counts using AVX2
//! instructions, The Computer Journal 61 (2018), doi:10.1093/comjnl/bxx046).

use pf_base::{Context, Result, TrackedVec};

/// Words of a row: the columns are 32 times as many. The planes of all columns fit the first-level cache.
pub(super) const WORDS: usize = 256;

/// Rows that are added up at a time.
const ROWS: usize = 16;

/// Bits of a column's sum.
const PLANES: usize = 16;

/// Groups of rows that the planes can hold.
const MOST_GROUPS: usize = (1 << (PLANES - 4)) - 1;

/// Words that are worked on together.
const LANES: usize = 8;

/// The lengths of rows, rounded up: `LANES << class` words.
const CLASSES: usize = 6;

/// Sums by column of rows of at most [`WORDS`] words.
pub(super) struct Columns {
    /// Bit p of every column's sum.
    planes: TrackedVec<[u32; WORDS]>,
    groups: usize,
    /// Rows that wait until they are [`ROWS`], by length.
    waiting: TrackedVec<u32>,
    filled: [usize; CLASSES],
}

impl Columns {
    pub(super) fn new(ctx: &Context) -> Result<Self> {
        const WHAT: &str = "sums by column";
        Ok(Self {
            planes: ctx.zeroed(PLANES, WHAT)?,
            groups: 0,
            waiting: ctx.zeroed(ROWS * start(CLASSES), WHAT)?,
            filled: [0; CLASSES],
        })
    }

    /// Adds the bits that a row has in common with `mask`, and returns how many they are. What the planes cannot hold
    /// any more goes to `sums`.
    pub(super) fn add(&mut self, row: &[u32], mask: &[u32], sums: &mut [u64]) -> u64 {
        let class = row.len().div_ceil(LANES).next_power_of_two().trailing_zeros() as usize;
        let length = LANES << class;
        let at = ROWS * start(class) + self.filled[class] * length;
        let (common, rest) = self.waiting[at..at + length].split_at_mut(row.len());
        let mut count = 0;
        for ((common, word), mask) in common.iter_mut().zip(row).zip(mask) {
            *common = word & mask;
            count += common.count_ones();
        }
        rest.fill(0);
        self.filled[class] += 1;
        if self.filled[class] == ROWS {
            self.carry(class, sums);
        }
        u64::from(count)
    }

    /// Adds the rows of a length to the planes.
    fn carry(&mut self, class: usize, sums: &mut [u64]) {
        let length = LANES << class;
        let rows = &self.waiting[ROWS * start(class)..ROWS * start(class + 1)];
        for word in (0..length).step_by(LANES) {
            let row = |r: usize| load(&rows[r * length + word..]);
            let mut planes: [Lanes; 4] = std::array::from_fn(|p| load(&self.planes[p][word..]));
            let mut eights = [[0; LANES]; 2];
            for (half, eight) in eights.iter_mut().enumerate() {
                let mut fours = [[0; LANES]; 2];
                for (quarter, four) in fours.iter_mut().enumerate() {
                    let first = 8 * half + 4 * quarter;
                    let (ones, a) = add(planes[0], row(first), row(first + 1));
                    let (ones, b) = add(ones, row(first + 2), row(first + 3));
                    planes[0] = ones;
                    (planes[1], *four) = add(planes[1], a, b);
                }
                (planes[2], *eight) = add(planes[2], fours[0], fours[1]);
            }
            let mut carry;
            (planes[3], carry) = add(planes[3], eights[0], eights[1]);
            for (plane, lanes) in self.planes.iter_mut().zip(&planes) {
                plane[word..word + LANES].copy_from_slice(lanes);
            }
            for plane in &mut self.planes[4..] {
                for (plane, carry) in plane[word..word + LANES].iter_mut().zip(&mut carry) {
                    (*plane, *carry) = (*plane ^ *carry, *plane & *carry);
                }
            }
        }
        self.filled[class] = 0;
        self.groups += 1;
        if self.groups == MOST_GROUPS {
            self.empty(sums);
        }
    }

    /// Moves the planes to `sums`.
    fn empty(&mut self, sums: &mut [u64]) {
        for (p, plane) in self.planes.iter_mut().enumerate() {
            for (word, sums) in plane.iter_mut().zip(sums.chunks_mut(32)) {
                let bits = std::mem::take(word);
                sums.iter_mut().enumerate().for_each(|(bit, sum)| *sum += u64::from(bits >> bit & 1) << p);
            }
        }
        self.groups = 0;
    }

    /// Moves everything to `sums`.
    pub(super) fn flush(&mut self, sums: &mut [u64]) {
        for class in 0..CLASSES {
            let length = LANES << class;
            let filled = std::mem::take(&mut self.filled[class]);
            let rows = &mut self.waiting[ROWS * start(class)..ROWS * start(class + 1)];
            if filled > 0 {
                rows[filled * length..].fill(0);
                self.carry(class, sums);
            }
        }
        self.empty(sums);
    }
}

/// Where the rows of a class begin, in words for each row of a group.
const fn start(class: usize) -> usize {
    (LANES << class) - LANES
}

type Lanes = [u32; LANES];

fn load(words: &[u32]) -> Lanes {
    let mut lanes = [0; LANES];
    lanes.copy_from_slice(&words[..LANES]);
    lanes
}

/// The sum of three bits for every column, and the carry.
#[inline(always)]
fn add(a: Lanes, b: Lanes, c: Lanes) -> (Lanes, Lanes) {
    let (mut sum, mut carry) = ([0; LANES], [0; LANES]);
    for i in 0..LANES {
        let half = a[i] ^ b[i];
        sum[i] = half ^ c[i];
        carry[i] = a[i] & b[i] | half & c[i];
    }
    (sum, carry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_summed() {
        let ctx = Context::default();
        let mut columns = Columns::new(&ctx).unwrap();
        let (mut sums, mut want) = (vec![0; 32 * WORDS], vec![0; 32 * WORDS]);
        let mut state = 1u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 32) as u32
        };
        for round in 0..3000 {
            let row: Vec<u32> = (0..1 + random() as usize % WORDS).map(|_| random()).collect();
            let mask: Vec<u32> = (0..WORDS).map(|_| random() | random()).collect();
            let mut bits = 0;
            for (word, (row, mask)) in row.iter().zip(&mask).enumerate() {
                let common = row & mask;
                bits += u64::from(common.count_ones());
                (0..32).for_each(|bit| want[32 * word + bit] += u64::from(common >> bit & 1));
            }
            assert_eq!(columns.add(&row, &mask, &mut sums), bits);
            if round % 1000 == 0 {
                columns.flush(&mut sums);
                assert_eq!(sums, want);
            }
        }
        columns.flush(&mut sums);
        assert_eq!(sums, want);
    }

    #[test]
    fn planes_that_are_full_are_emptied() {
        let ctx = Context::default();
        let mut columns = Columns::new(&ctx).unwrap();
        // A vector of sums may be shorter than a row: the columns behind it have no bits.
        let mut sums = vec![0; 32];
        let rows = ROWS as u64 * (MOST_GROUPS as u64 + 2) + 3;
        for _ in 0..rows {
            assert_eq!(columns.add(&[u32::MAX], &[u32::MAX], &mut sums), 32);
        }
        assert!(sums[0] > 0);
        columns.flush(&mut sums);
        assert_eq!(sums, vec![rows; 32]);
    }
}
