//! Which rows are decoded for the sake of those that are wanted.

use std::ops::Range;

use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};

/// Unwanted rows between wanted ones that are decoded and thrown away: stepping over fewer costs more than decoding
/// them.
const GAP: usize = 64;

/// Where one row in so many is wanted, or more, all rows between the first and the last are decoded.
const DENSE: usize = 12;

/// Rows of a row group that are decoded, and which of them are wanted.
#[derive(Debug)]
pub(crate) struct Decoding {
    /// What the reader of the row group is told; nothing where it decodes all rows.
    pub(crate) selection: Option<RowSelection>,
    /// How many rows are decoded.
    pub(crate) rows: usize,
    /// A bit for each of them; nothing where all are wanted.
    pub(crate) wanted: Option<BooleanBuffer>,
    /// Whether most of the range is stepped over.
    pub(crate) sparse: bool,
}

impl Decoding {
    /// How the rows `range` of a row group of `total` rows are decoded, of which those in `keep` are wanted (a bit for
    /// each of the range; all without it).
    pub(crate) fn new(total: usize, range: Range<usize>, keep: Option<&BooleanBuffer>) -> Self {
        let Some(keep) = keep else {
            return Self { selection: part(total, range.clone()), rows: range.len(), wanted: None, sparse: false };
        };
        let wanted = keep.count_set_bits();
        if wanted == keep.len() {
            return Self::new(total, range, None);
        }
        if wanted * DENSE >= keep.len() {
            let Some(all) = extent(keep) else {
                return Self { selection: part(total, 0..0), rows: 0, wanted: None, sparse: true };
            };
            let (start, end) = (range.start + all.start, range.start + all.end);
            let sparse = all.len() * 4 < range.len();
            let bits = keep.slice(all.start, all.len());
            let bits = Some(bits).filter(|_| wanted < all.len());
            return Self { selection: part(total, start..end), rows: all.len(), wanted: bits, sparse };
        }
        Self::of_runs(range, keep, wanted)
    }

    /// Runs of rows with less than [`GAP`] unwanted ones between them.
    fn of_runs(range: Range<usize>, keep: &BooleanBuffer, count: usize) -> Self {
        let mut selectors = Vec::new();
        let mut bits = BooleanBufferBuilder::new(count);
        // Up to where rows are skipped or selected: of the row group, and of the range.
        let (mut done, mut rows) = (0, 0);
        let mut run = |run: Range<usize>| {
            selectors.push(RowSelector::skip(range.start + run.start - done));
            selectors.push(RowSelector::select(run.len()));
            bits.append_buffer(&keep.slice(run.start, run.len()));
            done = range.start + run.end;
            rows += run.len();
        };
        let mut open: Option<Range<usize>> = None;
        for (start, end) in keep.set_slices() {
            open = Some(match open {
                Some(before) if start - before.end < GAP => before.start..end,
                Some(before) => {
                    run(before);
                    start..end
                }
                None => start..end,
            });
        }
        open.into_iter().for_each(&mut run);
        let wanted = Some(bits.finish()).filter(|_| count < rows);
        Self { selection: Some(RowSelection::from(selectors)), rows, wanted, sparse: rows * 4 < range.len() }
    }
}

/// The rows `range` of `total`; nothing where that is all of them.
fn part(total: usize, range: Range<usize>) -> Option<RowSelection> {
    let selectors = || vec![RowSelector::skip(range.start), RowSelector::select(range.len())];
    (range.len() < total).then(|| RowSelection::from(selectors()))
}

/// What a selection of a row group of `total` rows (all without it) selects behind the first `done` rows of those.
pub(super) fn behind(selection: Option<&RowSelection>, total: usize, done: usize) -> RowSelection {
    let all = RowSelection::from(vec![RowSelector::select(total)]);
    let mut left = done;
    let selectors = selection.unwrap_or(&all).iter().flat_map(|selector| {
        let cut = if selector.skip { 0 } else { selector.row_count.min(left) };
        left -= cut;
        let rest = RowSelector { row_count: selector.row_count - cut, ..*selector };
        [RowSelector::skip(cut), rest]
    });
    selectors.collect::<Vec<_>>().into()
}

/// From the first bit that is set to the last.
fn extent(bits: &BooleanBuffer) -> Option<Range<usize>> {
    let first = bits.set_indices().next()?;
    let chunks = bits.bit_chunks();
    let whole = bits.len() / 64;
    let rest = chunks.remainder_bits();
    if rest != 0 {
        return Some(first..64 * whole + 64 - rest.leading_zeros() as usize);
    }
    // From the end: words are few against what is decoded of them.
    let last = chunks.iter().enumerate().filter(|(_, word)| *word != 0).last()?;
    Some(first..64 * last.0 + 64 - last.1.leading_zeros() as usize)
}

/// The bits of `sub` on the rows that are set in `of`, in order; the others are not set.
pub(crate) fn nested(of: &BooleanBuffer, sub: &BooleanBuffer) -> BooleanBuffer {
    let mut words = Vec::with_capacity(of.len() / 64 + 1);
    let mut next = 0;
    let chunks = of.bit_chunks();
    for word in chunks.iter().chain([chunks.remainder_bits()]) {
        let mut rest = word;
        let mut out = 0;
        while rest != 0 {
            let lowest = rest & rest.wrapping_neg();
            if sub.value(next) {
                out |= lowest;
            }
            next += 1;
            rest ^= lowest;
        }
        words.push(out);
    }
    BooleanBuffer::new(words.into(), 0, of.len())
}

/// The rows that a selection of a row group selects, of those in `range`.
pub(crate) fn bits_of(selection: &RowSelection, range: Range<usize>) -> BooleanBuffer {
    let mut bits = BooleanBufferBuilder::new(range.len());
    let mut start = 0;
    for selector in selection.iter() {
        let end = start + selector.row_count;
        let inside = start.max(range.start)..end.min(range.end);
        bits.append_n(inside.len(), !selector.skip);
        if end >= range.end {
            break;
        }
        start = end;
    }
    // What is not spoken of at the end is skipped.
    bits.append_n(range.len() - bits.len(), false);
    bits.finish()
}

/// The first `count` bits that are set, and the length up to the last of them.
pub(crate) fn first(bits: &BooleanBuffer, count: usize) -> BooleanBuffer {
    match bits.set_indices().nth(count) {
        None => bits.clone(),
        Some(end) => {
            let mut out = BooleanBufferBuilder::new(bits.len());
            out.append_buffer(&bits.slice(0, end));
            out.append_n(bits.len() - end, false);
            out.finish()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rows of a row group that a decoding gives after all.
    fn rows(total: usize, decoding: &Decoding) -> Vec<usize> {
        let all = RowSelection::from(vec![RowSelector::select(total)]);
        let selection = decoding.selection.as_ref().unwrap_or(&all);
        let decoded = bits_of(selection, 0..total);
        assert_eq!(decoded.count_set_bits(), decoding.rows);
        let wanted = match &decoding.wanted {
            Some(wanted) => nested(&decoded, wanted),
            None => decoded,
        };
        wanted.set_indices().collect()
    }

    proptest! {
        #[test]
        fn exactly_the_wanted_rows_come_out(
            len in 0..700usize, before in 0..200usize, after in 0..200usize,
            density in prop::sample::select(vec![0.0, 0.005, 0.05, 0.3, 0.95, 1.0]), seed in any::<u64>(),
            sliced in 0..70usize,
        ) {
            let mut state = seed | 1;
            let mut random = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as f64 / (1u64 << 31) as f64
            };
            let bits: Vec<bool> = (0..len + sliced).map(|_| random() < density).collect();
            let keep = BooleanBuffer::from(bits).slice(sliced, len);
            let total = before + len + after;
            let expected: Vec<usize> = keep.set_indices().map(|i| before + i).collect();
            let decoding = Decoding::new(total, before..before + len, Some(&keep));
            prop_assert_eq!(rows(total, &decoding), expected.clone());
            let all = Decoding::new(total, before..before + len, None);
            prop_assert_eq!(rows(total, &all), (before..before + len).collect::<Vec<_>>());
            let half = expected.len() / 2;
            let cut: Vec<usize> = first(&keep, half).set_indices().map(|i| before + i).collect();
            prop_assert_eq!(cut, expected[..half].to_vec());
            for decoding in [decoding, all] {
                let done = decoding.rows / 3;
                let rest = behind(decoding.selection.as_ref(), total, done);
                let decoded = |selection: &RowSelection| bits_of(selection, 0..total).set_indices().collect::<Vec<_>>();
                let whole = behind(decoding.selection.as_ref(), total, 0);
                prop_assert_eq!(decoded(&rest), decoded(&whole)[done..].to_vec());
            }
        }
    }

    #[test]
    fn close_rows_are_decoded_together_and_far_ones_are_not() {
        let keep = BooleanBuffer::collect_bool(100_000, |i| [10, 20, 21, 50_000].contains(&i));
        let decoding = Decoding::new(100_000, 0..100_000, Some(&keep));
        assert_eq!((decoding.rows, decoding.sparse), (13, true));
        assert_eq!(decoding.wanted.unwrap().count_set_bits(), 4);
        let run = BooleanBuffer::collect_bool(100_000, |i| (500..600).contains(&i));
        let decoding = Decoding::new(100_000, 0..100_000, Some(&run));
        assert!(decoding.rows == 100 && decoding.wanted.is_none());
    }
}
