//! A set of byte strings, filled in parallel as a [`WordSet`](super::word_set::WordSet) is.

use arrow_array::{Array, ArrayRef};
use hashbrown::HashTable;
use pf_base::{Context, Memory, Reservation, Result};

use super::words::{Slices, hash_bytes};

/// Tables, as a power of two.
const TABLES: u32 = 6;

/// Units of a round.
const ROUND: usize = 64;

/// Rows that are remembered to leave out repeats: 256 KiB, which the second cache holds. With 1,024 the distinct ones of
/// 1,000 strings in 10^8 rows took 2.7 s, because many of them shared a place; with this, and a hash that reads the rest
/// of a string at once, 0.7 s (`benches/columnar/run.py --operations count_distinct_s`).
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
            let _room = ctx.memory().reserve(32 * rows as u64, "a round of strings")?;
            let cut = ctx.map(round.len(), |i| Cut::new(&round[i], self.counting))?;
            let counting = self.counting;
            ctx.map_mut(&mut self.tables, |i, table| {
                for unit in &cut {
                    for (hash, row) in &unit.rows[unit.starts[i] as usize..unit.starts[i + 1] as usize] {
                        table.add(*hash, unit.slices.get(*row as usize), counting);
                    }
                }
                table.reserve(ctx.memory())
            })?;
        }
        Ok(())
    }
}

/// The rows of a unit with their hashes, ordered by table.
struct Cut {
    slices: Slices,
    rows: Vec<(u64, u32)>,
    starts: Vec<u32>,
}

impl Cut {
    fn new(unit: &ArrayRef, all: bool) -> Result<Self> {
        let slices = Slices::new(unit)?;
        let nulls = unit.logical_nulls();
        let mut hashes: Vec<(u64, u32)> = Vec::with_capacity(unit.len());
        let mut starts = vec![0u32; (1 << TABLES) + 1];
        let mut recent = vec![(0u64, u32::MAX); RECENT];
        for row in 0..unit.len() {
            if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                continue;
            }
            let bytes = slices.get(row);
            let hash = hash_bytes(bytes);
            let last = &mut recent[(hash % RECENT as u64) as usize];
            if !all && last.0 == hash && last.1 != u32::MAX && slices.get(last.1 as usize) == bytes {
                continue;
            }
            *last = (hash, row as u32);
            hashes.push((hash, row as u32));
            starts[table_of(hash) + 1] += 1;
        }
        for i in 0..1 << TABLES {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut rows = vec![(0, 0); hashes.len()];
        for (hash, row) in hashes {
            let place = &mut next[table_of(hash)];
            rows[*place as usize] = (hash, row);
            *place += 1;
        }
        Ok(Self { slices, rows, starts })
    }
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

    fn add(&mut self, hash: u64, bytes: &[u8], counting: bool) {
        let known = self.places.find(hash, |i| {
            let i = *i as usize;
            self.hashes[i] == hash && self.get(i) == bytes
        });
        if let Some(i) = known {
            if counting {
                self.counts[*i as usize] += 1;
            }
            return;
        }
        let i = self.hashes.len() as u32;
        self.hashes.push(hash);
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
        if counting {
            self.counts.push(1);
        }
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
