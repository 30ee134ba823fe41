//! Building from a source that is read once, where an edge fits 32 bits.
//!
//! Every group of batches is dealt out to partitions of neighbouring rows as soon as it comes, each edge as its row
//! inside its partition and its target: 4 bytes, which is what it takes in the graph. When all are there every
//! partition is gathered and sorted in the cache, and what was dealt is given back on the way.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};

use arrow_array::ArrayRef;
use pf_base::{Context, LargeVec, Reservation, Result};

use crate::adjacency::{Orientation, Rows};
use crate::columns::Ends;
use crate::ids::{Integers, KeySpace};
use crate::packed::{Present, sort_partition};
use crate::sort::{WriteCombining, stretches_of};

/// Bits of a target: keys are less than 2^this, counted from the least of their space that is not negative.
const TARGET_BITS: u32 = 22;

/// Bits of a row inside its partition.
pub(crate) const ROW_BITS: u32 = 32 - TARGET_BITS;

/// Keys that fit.
pub(crate) const KEYS: usize = 1 << TARGET_BITS;

/// The most partitions: more would cost more in write-combining buffers than they save.
const MAX_PARTITIONS: usize = 4096;

/// Partitions whose edges are given back together.
const BAND: usize = 128;

/// Tasks that deal out a group.
const TASKS: usize = 8;

/// Keys that are looked at together: two columns of them stay in the first-level cache.
const BLOCK: usize = 1024;

/// Items in a cache line.
const LINE: usize = 16;

/// How edges are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) space: KeySpace,
    pub(crate) rows: Orientation,
    pub(crate) directed: bool,
    /// Whether the keys that come are to be noted.
    pub(crate) marks: bool,
}

/// The edges of a group by partition.
#[derive(Debug)]
struct Run {
    /// Of [`BAND`] partitions each.
    bands: Vec<LargeVec<u32>>,
    /// Where every partition begins in its band, and where it ends.
    ranges: Vec<(u32, u32)>,
}

/// Edges that were dealt out.
#[derive(Debug)]
pub(crate) struct Dealt {
    reading: Reading,
    origin: i64,
    /// Partitions have 2^this keys.
    shift: u32,
    runs: Vec<Run>,
    bits: Vec<AtomicU64>,
    edges: u64,
    reserved: Vec<Reservation>,
}

/// Rows of a chunk.
#[derive(Clone, Copy, Debug)]
struct Piece {
    chunk: usize,
    start: usize,
    len: usize,
}

impl Dealt {
    /// Nothing yet; nothing at all where the space has no key of 0.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(crate) fn new(reading: Reading, shift: u32, ctx: &Context) -> Result<Option<Self>> {
        let Some(origin) = reading.space.key(0) else { return Ok(None) };
        let words = if reading.marks { KEYS / 64 } else { 0 };
        let (bits, reserved) = ctx.zeroed::<AtomicU64>(words, "bitmap of vertex ids")?.into_parts();
        Ok(Some(Self { reading, origin, shift, runs: Vec::new(), bits, edges: 0, reserved: vec![reserved] }))
    }

    /// The shift for about a thousand partitions of these edges, as far as rows may have so many bits.
    pub(crate) fn shift_for(space: KeySpace, chunks: &[(Ends, Option<ArrayRef>)]) -> u32 {
        let top = |ids: &Integers| ids.range().and_then(|(_, max)| space.key(max));
        let tops = chunks.iter().filter_map(|(ends, _)| match ends {
            Ends::Integers(sources, targets) => top(sources).max(top(targets)),
            Ends::Texts(..) => None,
        });
        let origin = space.key(0).unwrap_or_default();
        let most = tops.max().map_or(0, |key| key.wrapping_sub(origin) as u64);
        (u64::BITS - most.leading_zeros()).saturating_sub(10).min(ROW_BITS)
    }

    /// Edges, an undirected one twice.
    pub(crate) fn edges(&self) -> u64 {
        self.edges
    }

    /// Takes in some edges; false if one of their ids does not fit.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub(crate) fn add(&mut self, chunks: &[(Ends, Option<ArrayRef>)], ctx: &Context) -> Result<bool> {
        let Self { reading, origin, shift, bits, .. } = self;
        let (reading, origin, shift, bits) = (*reading, *origin, *shift, &bits[..]);
        let pieces = pieces(chunks);
        let tasks: Vec<&[Piece]> = pieces.chunks(pieces.len().div_ceil(TASKS).max(1)).collect();
        let outside = AtomicBool::new(false);
        let width = (MAX_PARTITIONS << shift).min(KEYS) as u64;
        let mark = |key: u32| {
            let (word, mask) = (&bits[key as usize / 64], 1 << (key % 64));
            // Most ids come more than once: reading first keeps the cache line shared.
            if word.load(Relaxed) & mask == 0 {
                word.fetch_or(mask, Relaxed);
            }
        };
        let mut counts = ctx.map(tasks.len(), |t| {
            let mut counts = vec![0usize; width as usize >> shift];
            for piece in tasks[t] {
                let known = for_blocks(chunks, piece, reading, origin, width, |rows, targets| {
                    rows.iter().for_each(|row| counts[(*row >> shift) as usize] += 1);
                    if !reading.directed {
                        let ends = rows.iter().zip(targets).filter(|(r, t)| r != t);
                        ends.for_each(|(_, target)| counts[(*target >> shift) as usize] += 1);
                    }
                    if reading.marks {
                        rows.iter().chain(targets).for_each(|key| mark(*key));
                    }
                });
                if !known {
                    outside.store(true, Relaxed);
                    break;
                }
            }
            Ok(counts)
        })?;
        if outside.into_inner() {
            return Ok(false);
        }
        let used = counts.iter().filter_map(|c| c.iter().rposition(|n| *n > 0)).max().map_or(0, |last| last + 1);
        counts.iter_mut().for_each(|counts| counts.truncate(used));

        self.reserved.push(ctx.memory().reserve(8 * used as u64, "edges by partition")?);
        let (mut bands, mut ranges) = (Vec::new(), Vec::with_capacity(used));
        for first in (0..used).step_by(BAND) {
            let mut end = 0;
            for p in first..used.min(first + BAND) {
                let start = end;
                end += counts.iter().map(|counts| counts[p]).sum::<usize>();
                ranges.push((start as u32, end as u32));
            }
            let (band, reserved) = ctx.memory().passing::<u32>(end, "edges by partition")?;
            bands.push(band);
            self.reserved.push(reserved);
            self.edges += end as u64;
        }
        let mut stretches: Vec<Vec<&mut [u32]>> = tasks.iter().map(|_| Vec::with_capacity(used)).collect();
        for (b, band) in bands.iter_mut().enumerate() {
            let range = b * BAND..used.min((b + 1) * BAND);
            let counts: Vec<Vec<usize>> = counts.iter().map(|counts| counts[range.clone()].to_vec()).collect();
            let (parts, _) = stretches_of(band, &counts, range.len());
            stretches.iter_mut().zip(parts).for_each(|(all, part)| all.extend(part));
        }
        ctx.for_each(stretches, |t, mut stretches| {
            let mut out = WriteCombining::<u32, LINE>::new(&mut stretches);
            let mask = (1u32 << shift) - 1;
            let mut push =
                |row: u32, target: u32| out.push((row >> shift) as usize, (row & mask) << TARGET_BITS | target);
            for piece in tasks[t] {
                for_blocks(chunks, piece, reading, origin, width, |rows, targets| {
                    for (row, target) in rows.iter().zip(targets) {
                        push(*row, *target);
                        if !reading.directed && row != target {
                            push(*target, *row);
                        }
                    }
                });
            }
            out.flush();
            Ok(())
        })?;
        self.runs.push(Run { bands, ranges });
        Ok(true)
    }

    /// The keys that came, as bits from the key that is returned on.
    pub(crate) fn take_marks(&mut self) -> (i64, Vec<u64>) {
        (self.origin, std::mem::take(&mut self.bits).into_iter().map(AtomicU64::into_inner).collect())
    }

    /// Where the keys begin.
    pub(crate) fn origin(&self) -> i64 {
        self.origin
    }

    /// Whether every key that came is one of `present`.
    pub(crate) fn all_present(&self, present: &Present) -> bool {
        self.bits.iter().enumerate().all(|(i, word)| {
            let mut rest = word.load(Relaxed);
            while rest != 0 {
                if !present.has(64 * i + rest.trailing_zeros() as usize) {
                    return false;
                }
                rest &= rest - 1;
            }
            true
        })
    }

    /// The rows of the keys of `present`, `rows` in number.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub(crate) fn into_rows(self, present: Present, rows: usize, ctx: &Context) -> Result<Rows> {
        let Self { shift, mut runs, edges, reserved, .. } = self;
        let total = edges as usize;
        let partitions = runs.iter().map(|run| run.ranges.len()).max().unwrap_or(0);
        let mut lengths = vec![0; partitions];
        for run in &runs {
            run.ranges.iter().zip(&mut lengths).for_each(|((start, end), length)| *length += (end - start) as usize);
        }
        let most = lengths.chunks(BAND).map(|band| band.iter().sum::<usize>()).max().unwrap_or(0);
        // A page of the targets is there from when it is written: until then what was dealt has its bytes, all but
        // those of a band.
        drop(reserved);
        let _band = ctx.memory().reserve(4 * most as u64, "edges by partition")?;
        let (mut targets, _targets) = ctx.memory().large::<u32>(total, "targets")?;
        let (mut offsets, _offsets) = ctx.zeroed::<u64>(rows + 1, "row offsets")?.into_parts();
        let (mut items, mut ends) = (&mut targets[..], offsets.get_mut(1..).unwrap_or_default());
        let mut sum = 0;
        for (band, lengths) in lengths.chunks(BAND).enumerate() {
            let mut parts = Vec::with_capacity(lengths.len());
            for (p, length) in (band * BAND..).zip(lengths) {
                let (part, rest) = items.split_at_mut(*length);
                let len = present.rank((p + 1) << shift) - present.rank(p << shift);
                let (part_ends, more) = ends.split_at_mut(len);
                (items, ends) = (rest, more);
                parts.push((p, sum, part, part_ends));
                sum += *length as u64;
            }
            ctx.for_each(parts, |_, (p, start, part, ends)| {
                let mut at = 0;
                for run in &runs {
                    if let Some((from, to)) = run.ranges.get(p) {
                        let items = &run.bands[band][*from as usize..*to as usize];
                        part[at..at + items.len()].copy_from_slice(items);
                        at += items.len();
                    }
                }
                let counts = sort_partition(part, TARGET_BITS, shift, false, ctx)?;
                present.number(part);
                let (mut sum, mut ends) = (start, ends.iter_mut());
                for (key, count) in (p << shift..).zip(counts) {
                    if present.has(key) {
                        sum += u64::from(count);
                        if let Some(end) = ends.next() {
                            *end = sum;
                        }
                    }
                }
                Ok(())
            })?;
            for run in &mut runs {
                if let Some(done) = run.bands.get_mut(band) {
                    *done = LargeVec::default();
                }
            }
        }
        // Rows after the last that has an edge.
        ends.fill(sum);
        Ok(Rows { offsets, targets, ..Rows::default() })
    }
}

fn pieces(chunks: &[(Ends, Option<ArrayRef>)]) -> Vec<Piece> {
    const PIECE: usize = 1 << 14;
    let cut = |(chunk, (ends, _)): (usize, &(Ends, _))| {
        let len = match ends {
            Ends::Integers(sources, _) => sources.len(),
            Ends::Texts(..) => 0,
        };
        (0..len).step_by(PIECE).map(move |start| Piece { chunk, start, len: PIECE.min(len - start) })
    };
    chunks.iter().enumerate().flat_map(cut).collect()
}

/// Calls `f` with the rows and targets of a piece, as distances of their keys from `origin`; false, and no more calls,
/// if one is not less than `width`.
fn for_blocks(
    chunks: &[(Ends, Option<ArrayRef>)],
    piece: &Piece,
    reading: Reading,
    origin: i64,
    width: u64,
    mut f: impl FnMut(&[u32], &[u32]),
) -> bool {
    let Ends::Integers(sources, targets) = &chunks[piece.chunk].0 else { return false };
    let (rows, targets) = match reading.rows {
        Orientation::Out => (sources, targets),
        Orientation::In => (targets, sources),
    };
    let mut keys = [0; BLOCK];
    let (mut row_keys, mut target_keys) = ([0u32; BLOCK], [0u32; BLOCK]);
    for start in (piece.start..piece.start + piece.len).step_by(BLOCK) {
        let len = BLOCK.min(piece.start + piece.len - start);
        for (ids, out) in [(rows, &mut row_keys), (targets, &mut target_keys)] {
            let keys = &mut keys[..len];
            ids.keys(start, reading.space, keys);
            // The width is a power of two, so a key beyond it has a bit beyond its bits.
            let mut all = 0;
            for (slot, key) in out.iter_mut().zip(keys) {
                let distance = key.wrapping_sub(origin) as u64;
                all |= distance;
                *slot = distance as u32;
            }
            if all >= width {
                return false;
            }
        }
        f(&row_keys[..len], &target_keys[..len]);
    }
    true
}
