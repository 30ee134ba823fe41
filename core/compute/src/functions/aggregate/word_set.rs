//! A set of words, filled in parallel: a bitmap where all lie close together, else hash tables, of which each takes
//! the words of one range of hashes.
//!
//! A round of rows is first cut by hash, unit by unit; then each table takes its part of all units. A table is small
//! enough for a near cache and has one writer. Words that came just before are left out of a round already, so
//! that a few frequent ones do not all go to one thread.

use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{Array, ArrayRef};
use pf_base::{Context, Memory, Reservation, Result};

use super::count_distinct::UNIT;
use super::quantile::visit;
use super::words::mix;

/// Tables, as a power of two.
const TABLES: u32 = 8;

/// Units of a round: their words take 32 MB.
const ROUND: usize = 64;

/// The widest range of a bitmap, in bits: 16 MiB.
const WIDEST: u64 = 1 << 27;

/// Words that are remembered to leave out repeats.
const RECENT: usize = 1024;

/// A set of words, with how often each came where that is wanted.
pub(super) struct WordSet {
    tables: Vec<Table>,
    bitmap: Option<Bitmap>,
    /// Whether a bitmap may do.
    close: bool,
    counting: bool,
}

impl WordSet {
    /// An empty set. `close`: words of integers, which may lie close together.
    pub(super) fn new(counting: bool, close: bool) -> Self {
        let tables = (0..1 << TABLES).map(|_| Table::default()).collect();
        Self { tables, bitmap: None, close: close && !counting, counting }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        let tables: usize = self.tables.iter().map(|table| table.len + usize::from(table.zeros > 0)).sum();
        tables as u64 + self.bitmap.as_ref().map_or(0, Bitmap::count)
    }

    /// The word that came most often, the least of several.
    pub(super) fn most_frequent(&self) -> Option<u64> {
        let mut best: Option<(u64, u64)> = None;
        for table in &self.tables {
            let all = table.slots.iter().copied().zip(table.counts.iter().copied()).chain([(0, table.zeros)]);
            for (word, count) in all.filter(|(_, count)| *count > 0) {
                if best.is_none_or(|(most, least)| count > most || (count == most && word < least)) {
                    best = Some((count, word));
                }
            }
        }
        best.map(|(_, word)| word)
    }

    /// Adds the values that are not null, of units of at most [`UNIT`] rows.
    pub(super) fn add(&mut self, units: &[ArrayRef], ctx: &Context) -> Result<()> {
        if self.close {
            if self.widen(units, ctx)? {
                return Ok(());
            }
            self.close = false;
            if let Some(bitmap) = self.bitmap.take() {
                for word in bitmap.words() {
                    self.tables[table_of(mix(word))].add(word, false, ctx.memory())?;
                }
            }
        }
        let units = grouped(units);
        for round in units.chunks(ROUND) {
            let room = 18 * UNIT * ctx.threads() + 8 * UNIT * round.len();
            let _room = ctx.memory().reserve(room as u64, "a round of words")?;
            let cut = ctx.map(round.len(), |i| cut(round[i], self.counting))?;
            let counting = self.counting;
            ctx.map_mut(&mut self.tables, |i, table| {
                for unit in &cut {
                    for word in &unit.words[unit.starts[i] as usize..unit.starts[i + 1] as usize] {
                        table.add(*word, counting, ctx.memory())?;
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Adds to the bitmap, made or widened where need be; false where the range would be too wide.
    fn widen(&mut self, units: &[ArrayRef], ctx: &Context) -> Result<bool> {
        let ranges = ctx.map(units.len(), |i| {
            let (mut least, mut greatest) = (u64::MAX, 0);
            visit(&units[i], |words| {
                for word in words {
                    least = least.min(*word);
                    greatest = greatest.max(*word);
                }
            })?;
            Ok((least, greatest))
        })?;
        let old = self.bitmap.as_ref().map(Bitmap::range);
        let (least, greatest) = ranges.into_iter().chain(old).fold((u64::MAX, 0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        if least > greatest {
            return Ok(true);
        }
        if greatest - least >= WIDEST {
            return Ok(false);
        }
        let bitmap = match self.bitmap.take() {
            Some(bitmap) if bitmap.range() == (least & !63, greatest | 63) => bitmap,
            old => {
                let bitmap = Bitmap::new(least, greatest, ctx.memory())?;
                if let Some(old) = old {
                    old.words().for_each(|word| bitmap.set(word));
                }
                bitmap
            }
        };
        let bitmap = self.bitmap.insert(bitmap);
        ctx.map(units.len(), |i| visit(&units[i], |words| words.iter().for_each(|word| bitmap.set(*word))))?;
        Ok(true)
    }
}

/// A bit per word of a range.
struct Bitmap {
    start: u64,
    bits: Vec<AtomicU64>,
    _reservation: Reservation,
}

impl Bitmap {
    fn new(least: u64, greatest: u64, memory: &Memory) -> Result<Self> {
        let start = least & !63;
        let bits = memory.zeroed::<AtomicU64>(((greatest - start) / 64 + 1) as usize, "a bitmap of values")?;
        let (bits, reservation) = bits.into_parts();
        Ok(Self { start, bits, _reservation: reservation })
    }

    fn range(&self) -> (u64, u64) {
        (self.start, self.start + (64 * self.bits.len() as u64 - 1))
    }

    #[inline(always)]
    fn set(&self, word: u64) {
        let place = word - self.start;
        let bits = &self.bits[(place / 64) as usize];
        let bit = 1 << (place % 64);
        // Most are set already, and reading is cheaper than a write that locks.
        if bits.load(Ordering::Relaxed) & bit == 0 {
            bits.fetch_or(bit, Ordering::Relaxed);
        }
    }

    fn count(&self) -> u64 {
        self.bits.iter().map(|bits| u64::from(bits.load(Ordering::Relaxed).count_ones())).sum()
    }

    fn words(&self) -> impl Iterator<Item = u64> + '_ {
        let start = self.start;
        self.bits.iter().enumerate().flat_map(move |(i, bits)| {
            let bits = bits.load(Ordering::Relaxed);
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| start + 64 * i as u64 + bit)
        })
    }
}

#[inline(always)]
fn table_of(hash: u64) -> usize {
    (hash >> (64 - TABLES)) as usize
}

/// Arrays side by side that have at most [`UNIT`] rows together: rows may come in short blocks.
fn grouped(arrays: &[ArrayRef]) -> Vec<&[ArrayRef]> {
    let (mut groups, mut start, mut rows) = (Vec::new(), 0, 0);
    for (i, array) in arrays.iter().enumerate() {
        if rows + array.len() > UNIT && i > start {
            groups.push(&arrays[start..i]);
            (start, rows) = (i, 0);
        }
        rows += array.len();
    }
    if start < arrays.len() {
        groups.push(&arrays[start..]);
    }
    groups
}

/// The words of a unit, ordered by table.
struct Cut {
    words: Vec<u64>,
    starts: Vec<u32>,
}

fn cut(unit: &[ArrayRef], all: bool) -> Result<Cut> {
    let rows = unit.iter().map(|array| array.len()).sum();
    let mut words: Vec<u64> = Vec::with_capacity(rows);
    let mut tables: Vec<u8> = Vec::with_capacity(rows);
    let mut counts = [0u32; 1 << TABLES];
    // A place is empty while it holds a word that does not belong there: 0 does everywhere but at its own place, and
    // there 1 does, whose place is another.
    let mut recent = [0u64; RECENT];
    recent[(mix(0) % RECENT as u64) as usize] = 1;
    let (mut seen, mut repeats, mut remember) = (0, 0, !all);
    let mut take = |chunk: &[u64]| {
        seen += chunk.len();
        if remember {
            for word in chunk {
                let last = &mut recent[(mix(*word) % RECENT as u64) as usize];
                if *last == *word {
                    repeats += 1;
                } else {
                    *last = *word;
                    words.push(*word);
                }
            }
            // Where few repeat soon, looking costs more than it saves.
            remember = repeats * 4 >= seen;
        } else {
            words.extend_from_slice(chunk);
        }
        let new = &words[tables.len()..];
        tables.extend(new.iter().map(|word| table_of(mix(*word)) as u8));
    };
    for array in unit {
        visit(array, &mut take)?;
    }
    tables.iter().for_each(|table| counts[usize::from(*table)] += 1);
    let mut starts = vec![0u32; (1 << TABLES) + 1];
    for (i, count) in counts.iter().enumerate() {
        starts[i + 1] = starts[i] + count;
    }
    let mut next = [0u32; 1 << TABLES];
    next.copy_from_slice(&starts[..1 << TABLES]);
    let mut ordered = vec![0u64; words.len()];
    for (word, table) in words.iter().zip(&tables) {
        let place = &mut next[usize::from(*table)];
        ordered[*place as usize] = *word;
        *place += 1;
    }
    Ok(Cut { words: ordered, starts })
}

/// Words at the place that their hash says, or the next free one; 0 is a free place.
#[derive(Default)]
struct Table {
    slots: Vec<u64>,
    /// How often each came; empty where that is not wanted.
    counts: Vec<u64>,
    len: usize,
    /// How often 0 came.
    zeros: u64,
    reservation: Option<Reservation>,
}

impl Table {
    #[inline]
    fn add(&mut self, word: u64, counting: bool, memory: &Memory) -> Result<()> {
        if word == 0 {
            self.zeros += 1;
            return Ok(());
        }
        if 4 * (self.len + 1) > 3 * self.slots.len() {
            self.grow(counting, memory)?;
        }
        let place = self.place(word);
        if self.slots[place] == 0 {
            self.slots[place] = word;
            self.len += 1;
        }
        if counting {
            self.counts[place] += 1;
        }
        Ok(())
    }

    /// Where the word is, or would be.
    #[inline(always)]
    fn place(&self, word: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = mix(word) as usize & mask;
        while self.slots[place] != word && self.slots[place] != 0 {
            place = (place + 1) & mask;
        }
        place
    }

    #[cold]
    fn grow(&mut self, counting: bool, memory: &Memory) -> Result<()> {
        let size = (2 * self.slots.len()).max(64);
        let bytes = if counting { 16 } else { 8 };
        let reservation = memory.reserve((size * bytes) as u64, "a table of different values")?;
        let mut larger = Self { slots: vec![0; size], ..Self::default() };
        larger.counts = vec![0; if counting { size } else { 0 }];
        for (i, word) in self.slots.iter().enumerate().filter(|(_, word)| **word != 0) {
            let place = larger.place(*word);
            larger.slots[place] = *word;
            if counting {
                larger.counts[place] = self.counts[i];
            }
        }
        self.slots = larger.slots;
        self.counts = larger.counts;
        self.reservation = Some(reservation);
        Ok(())
    }
}
