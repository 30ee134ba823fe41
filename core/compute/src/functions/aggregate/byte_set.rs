//! A set of byte strings, filled in parallel as a [`WordSet`](super::word_set::WordSet) is.

use arrow_array::{Array, ArrayRef};
use arrow_buffer::NullBuffer;
use hashbrown::HashTable;
use pf_base::{Context, Memory, Reservation, Result};

use super::words::{Slices, hash_bytes, mix};

/// Tables, as a power of two.
const TABLES: u32 = 6;

/// Units of a round.
const ROUND: usize = 64;

/// Rows that are remembered to count repeats at once: 512 KiB, which the second cache holds. With 1,024 the distinct ones
/// of 1,000 strings in 10^8 rows took four times as long, because many of them shared a place
/// (`benches/columnar/run.py --operations count_distinct_s`).
const RECENT: usize = 1 << 14;

/// A set of byte strings, with how often each came.
pub(super) struct ByteSet {
    tables: Vec<Table>,
    counting: bool,
}

impl ByteSet {
    /// An empty set.
    pub(super) fn new(counting: bool) -> Self {
        Self { tables: (0..1 << TABLES).map(|_| Table::default()).collect(), counting }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.tables.iter().map(|table| table.hashes.len() as u64).sum()
    }

    /// The string that came most often, the least of several.
    pub(super) fn most_frequent(&self) -> Option<&[u8]> {
        let mut best: Option<(u64, &[u8])> = None;
        for table in &self.tables {
            for (i, count) in table.counts.iter().enumerate() {
                let bytes = table.get(i);
                if best.is_none_or(|(most, least)| *count > most || (*count == most && bytes < least)) {
                    best = Some((*count, bytes));
                }
            }
        }
        best.map(|(_, bytes)| bytes)
    }

    /// Adds the values that are not null, of units of rows.
    pub(super) fn add(&mut self, units: &[ArrayRef], ctx: &Context) -> Result<()> {
        for round in units.chunks(ROUND) {
            let rows: usize = round.iter().map(|unit| unit.len()).sum();
            let _room = ctx.memory().reserve(48 * rows as u64, "a round of strings")?;
            let cut = ctx.map(round.len(), |i| Cut::new(&round[i]))?;
            let counting = self.counting;
            ctx.map_mut(&mut self.tables, |i, table| {
                for unit in &cut {
                    for run in &unit.runs[unit.starts[i] as usize..unit.starts[i + 1] as usize] {
                        table.add(run.hash, unit.slices.get(run.row as usize), counting.then_some(run.count));
                    }
                }
                table.reserve(ctx.memory())
            })?;
        }
        Ok(())
    }
}

/// A string that came so often in a unit while its place among the recent ones was its own.
#[derive(Clone, Copy, Default)]
struct Run {
    hash: u64,
    row: u32,
    count: u32,
}

/// The strings of a unit, ordered by table.
struct Cut {
    slices: Slices,
    runs: Vec<Run>,
    starts: Vec<u32>,
}

impl Cut {
    fn new(unit: &ArrayRef) -> Result<Self> {
        let slices = Slices::new(unit)?;
        let nulls = unit.logical_nulls();
        let mut runs = Vec::with_capacity(unit.len().min(2 * RECENT));
        slices.visit(unit.len(), nulls.as_ref(), &mut runs);
        let mut starts = vec![0u32; (1 << TABLES) + 1];
        runs.iter().for_each(|run| starts[table_of(run.hash) + 1] += 1);
        for i in 0..1 << TABLES {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut ordered = vec![Run::default(); runs.len()];
        for run in runs {
            let place = &mut next[table_of(run.hash)];
            ordered[*place as usize] = run;
            *place += 1;
        }
        Ok(Self { slices, runs: ordered, starts })
    }
}

impl Slices {
    /// Adds the strings of a unit to `runs`.
    fn visit(&self, rows: usize, nulls: Option<&NullBuffer>, runs: &mut Vec<Run>) {
        match self {
            Self::Utf8(array) => collect(rows, nulls, |row| array.value(row).as_bytes(), runs),
            Self::LargeUtf8(array) => collect(rows, nulls, |row| array.value(row).as_bytes(), runs),
            Self::Utf8View(array) => collect(rows, nulls, |row| array.value(row).as_bytes(), runs),
            other => collect(rows, nulls, |row| other.get(row), runs),
        }
    }
}

/// Up to 15 bytes and their number as words.
#[inline(always)]
fn short(bytes: &[u8]) -> Option<[u64; 2]> {
    let eight = |at: &[u8]| at.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let four = |at: &[u8]| at.first_chunk().map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    let n = bytes.len();
    let len = (n as u64) << 56;
    // Reads that overlap give the same bytes in the same place.
    match n {
        9..=15 => Some([eight(bytes), eight(&bytes[n - 8..]) >> (8 * (16 - n)) | len]),
        8 => Some([eight(bytes), len]),
        4..=7 => Some([four(bytes) | four(&bytes[n - 4..]) << (8 * (n - 4)), len]),
        1..=3 => {
            let at = |i: usize| u64::from(bytes[i]) << (8 * i);
            Some([at(0) | at(n / 2) | at(n - 1), len])
        }
        0 => Some([0, len]),
        _ => None,
    }
}

/// Gathers the strings of rows that are not null, those that came recently with one run.
#[inline(always)]
fn collect<'a>(rows: usize, nulls: Option<&NullBuffer>, get: impl Fn(usize) -> &'a [u8], runs: &mut Vec<Run>) {
    // A place is free while its count is 0.
    let mut recent = vec![(Run::default(), [0u64; 2]); RECENT];
    for row in 0..rows {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            continue;
        }
        let bytes = get(row);
        let words = short(bytes);
        let hash = words.map_or_else(|| hash_bytes(bytes), hash_short);
        let (last, known) = &mut recent[(hash % RECENT as u64) as usize];
        let same = last.count > 0
            && last.hash == hash
            && words.map_or_else(|| get(last.row as usize) == bytes, |words| *known == words);
        if same {
            last.count += 1;
            continue;
        }
        if last.count > 0 {
            runs.push(*last);
        }
        *last = Run { hash, row: row as u32, count: 1 };
        *known = words.unwrap_or_default();
    }
    runs.extend(recent.iter().map(|(run, _)| *run).filter(|run| run.count > 0));
}

/// A hash of a short string.
#[inline(always)]
fn hash_short([a, b]: [u64; 2]) -> u64 {
    let product = u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xbf58_476d_1ce4_e5b9);
    mix(product as u64 ^ (product >> 64) as u64)
}

#[inline(always)]
fn table_of(hash: u64) -> usize {
    (hash >> (64 - TABLES)) as usize
}

/// Strings one after the other, found by their hashes.
#[derive(Default)]
struct Table {
    places: HashTable<u32>,
    hashes: Vec<u64>,
    /// Where each string ends.
    ends: Vec<usize>,
    bytes: Vec<u8>,
    counts: Vec<u64>,
    reservation: Option<Reservation>,
    reserved: usize,
}

impl Table {
    fn get(&self, i: usize) -> &[u8] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.bytes[start..self.ends[i]]
    }

    fn add(&mut self, hash: u64, bytes: &[u8], count: Option<u32>) {
        let known = self.places.find(hash, |i| {
            let i = *i as usize;
            self.hashes[i] == hash && self.get(i) == bytes
        });
        if let Some(i) = known {
            if let Some(count) = count {
                self.counts[*i as usize] += u64::from(count);
            }
            return;
        }
        let i = self.hashes.len() as u32;
        self.hashes.push(hash);
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
        self.counts.extend(count.map(u64::from));
        let hashes = &self.hashes;
        self.places.insert_unique(hash, i, |i| hashes[*i as usize]);
    }

    /// Reserves what the table has grown to.
    fn reserve(&mut self, memory: &Memory) -> Result<()> {
        let words = self.hashes.capacity() + self.ends.capacity() + self.counts.capacity();
        let bytes = 8 * words + self.bytes.capacity() + 5 * self.places.capacity();
        if bytes != self.reserved {
            self.reservation = None;
            self.reservation = Some(memory.reserve(bytes as u64, "a table of different strings")?);
            self.reserved = bytes;
        }
        Ok(())
    }
}
