//! String ids, ordered by first appearance.
//!
//! Strings are replaced by numbers batch by batch as they arrive, so that a build holds every distinct string once,
//! and four bytes for each end of an edge. Within a batch the work is split by hash: every part of the hash space has
//! a table of its own, and sees its strings in the order of the input.

use std::sync::Arc;

use arrow_array::{ArrayRef, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use pf_base::{Context, Error, Result, TrackedVec};
use std::hash::BuildHasher;

use super::check_count;
use crate::ids::Texts;

/// Parts of the hash space. A constant, so that nothing depends on threads.
const PARTS: usize = 32;

/// Strings that one task hashes; a task takes about 100 µs.
const TASK: usize = 8192;

fn hash(bytes: &[u8]) -> u64 {
    // A fixed seed: runs can be compared. Tables of user-chosen strings may be attacked, but only by their own user.
    FixedState::with_seed(0x5046).hash_one(bytes)
}

fn part(hash: u64) -> usize {
    // Not the bits that the tables use: hashbrown takes the lowest and the highest seven.
    (hash >> 32) as usize % PARTS
}

/// Distinct strings with their hashes, in one buffer.
#[derive(Debug, Default)]
struct Strings {
    bytes: Vec<u8>,
    ends: Vec<u64>,
    hashes: Vec<u64>,
}

impl Strings {
    fn get(&self, i: usize) -> &[u8] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.bytes[start as usize..self.ends[i] as usize]
    }

    fn push(&mut self, text: &[u8], hash: u64) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u64);
        self.hashes.push(hash);
    }
}

/// The strings of one part of the hash space.
#[derive(Debug, Default)]
struct Part {
    strings: Strings,
    /// Local number by hash.
    table: HashTable<u32>,
    /// Vertex number by local number.
    numbers: Vec<u32>,
}

/// Gives strings their vertex numbers, batch by batch.
#[derive(Debug)]
pub(crate) struct TextEncoder {
    parts: Vec<Part>,
    len: u64,
}

impl TextEncoder {
    pub(crate) fn new() -> Self {
        Self { parts: (0..PARTS).map(|_| Part::default()).collect(), len: 0 }
    }

    /// The number of distinct strings so far.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The numbers of the strings of columns of equal length, read row by row: `numbers[row * columns + column]`.
    ///
    /// # Errors
    /// [`Code::Unsupported`](pf_base::Code::Unsupported) for too many vertices,
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for text that is not UTF-8,
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(crate) fn encode(&mut self, columns: &[&Texts], ctx: &Context) -> Result<TrackedVec<u32>> {
        let width = columns.len();
        let total = columns.first().map_or(0, |c| c.len()) * width;
        let text = |position: usize| columns[position % width].value(position / width);
        let ctx = &ctx.for_work(total as u64);
        let mut numbers = ctx.zeroed::<u32>(total, "vertex numbers of strings")?;
        // Hash and position of every string, its number, and where the new ones stand.
        let _lookup = ctx.memory().reserve(24 * total as u64, "looking strings up")?;

        // 1. Every task sorts its positions by part, with the hashes.
        let tasks: Vec<Sorted> =
            ctx.map(total.div_ceil(TASK), |t| Ok(Sorted::new(t * TASK..total.min((t + 1) * TASK), |p| hash(text(p)))))?;

        // 2. Every part looks its strings up, in the order of the input, and takes in the new ones.
        let looked_up = ctx.map_mut(&mut self.parts, |p, part| {
            let mut local = Vec::new();
            let mut new = Vec::new();
            for (hash, position) in tasks.iter().flat_map(|t| t.part(p)) {
                let bytes = text(*position);
                let Part { strings, table, .. } = part;
                let entry = table.entry(*hash, |i| strings.get(*i as usize) == bytes, |i| strings.hashes[*i as usize]);
                local.push(match entry {
                    hashbrown::hash_table::Entry::Occupied(found) => *found.get(),
                    hashbrown::hash_table::Entry::Vacant(free) => {
                        if std::str::from_utf8(bytes).is_err() {
                            let shown = String::from_utf8_lossy(bytes);
                            return Err(Error::invalid_argument(format!("the vertex id '{shown}' is not UTF-8")));
                        }
                        let number = check_count(strings.hashes.len() as u64)?;
                        new.push(*position);
                        free.insert(number);
                        strings.push(bytes, *hash);
                        number
                    }
                });
            }
            Ok((local, new))
        })?;

        // 3. New strings are numbered by the position of their first appearance.
        let mut new: Vec<(usize, usize)> =
            looked_up.iter().enumerate().flat_map(|(p, (_, new))| new.iter().map(move |at| (*at, p))).collect();
        ctx.sort(&mut new)?;
        check_count(self.len + new.len() as u64)?;
        for (_, p) in new {
            // In each part the new strings stand in this order too.
            self.parts[p].numbers.push(self.len as u32);
            self.len += 1;
        }

        // 4. Every task writes the numbers of its positions.
        let starts = part_starts(&tasks);
        ctx.for_each(numbers.chunks_mut(TASK).collect(), |t, slots| {
            for p in 0..PARTS {
                let local = &looked_up[p].0[starts[t][p]..];
                for ((_, position), local) in tasks[t].part(p).iter().zip(local) {
                    slots[position - t * TASK] = self.parts[p].numbers[*local as usize];
                }
            }
            Ok(())
        })?;
        Ok(numbers)
    }

    /// The finished map.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(crate) fn finish(self, ctx: &Context) -> Result<TextMap> {
        let len = check_count(self.len)?;
        let bytes: usize = self.parts.iter().map(|p| p.strings.bytes.len()).sum();
        let mut home = ctx.zeroed::<(u32, u32)>(len as usize, "vertex ids")?;
        for (p, part) in self.parts.iter().enumerate() {
            for (local, number) in part.numbers.iter().enumerate() {
                home[*number as usize] = (p as u32, local as u32);
            }
        }
        let _reserved = ctx.memory().reserve(bytes as u64 + 8 * u64::from(len), "vertex ids")?;
        let mut ordered = Vec::new();
        let mut offsets: Vec<i64> = Vec::new();
        let out_of_memory = |_| Error::out_of_memory(format!("{bytes} bytes for the vertex ids"));
        ordered.try_reserve_exact(bytes).map_err(out_of_memory)?;
        offsets.try_reserve_exact(len as usize + 1).map_err(out_of_memory)?;
        offsets.push(0);
        for (i, (p, local)) in home.iter().enumerate() {
            if i % TASK == 0 {
                ctx.check()?;
            }
            ordered.extend_from_slice(self.parts[*p as usize].strings.get(*local as usize));
            offsets.push(ordered.len() as i64);
        }
        let tables = self
            .parts
            .into_iter()
            .map(|part| {
                let Part { strings, mut table, numbers } = part;
                table.iter_mut().for_each(|i| *i = numbers[*i as usize]);
                drop(strings);
                table
            })
            .collect();
        Ok(TextMap { offsets: offsets.into(), bytes: ordered.into(), tables })
    }
}

/// Positions with their hashes, sorted by part; stable.
struct Sorted {
    entries: Vec<(u64, usize)>,
    ends: [usize; PARTS],
}

impl Sorted {
    fn new(positions: std::ops::Range<usize>, hash: impl Fn(usize) -> u64) -> Self {
        let hashed: Vec<(u64, usize)> = positions.map(|p| (hash(p), p)).collect();
        let mut next = [0; PARTS];
        hashed.iter().for_each(|(hash, _)| next[part(*hash)] += 1);
        let mut sum = 0;
        for slot in &mut next {
            sum += std::mem::replace(slot, sum);
        }
        let mut entries = vec![(0, 0); hashed.len()];
        for entry in hashed {
            let slot = &mut next[part(entry.0)];
            entries[*slot] = entry;
            *slot += 1;
        }
        // Every part's next free place is now its end.
        Self { entries, ends: next }
    }

    fn part(&self, p: usize) -> &[(u64, usize)] {
        let start = if p == 0 { 0 } else { self.ends[p - 1] };
        &self.entries[start..self.ends[p]]
    }
}

/// Where the entries of a task begin in the results of a part: `[task][part]`.
fn part_starts(tasks: &[Sorted]) -> Vec<[usize; PARTS]> {
    let mut next = [0; PARTS];
    let mut starts = Vec::with_capacity(tasks.len());
    for task in tasks {
        starts.push(next);
        (0..PARTS).for_each(|p| next[p] += task.part(p).len());
    }
    starts
}

/// The strings of a graph in vertex order, and where to find them.
#[derive(Debug)]
pub(crate) struct TextMap {
    offsets: ScalarBuffer<i64>,
    bytes: Buffer,
    tables: Vec<HashTable<u32>>,
}

impl TextMap {
    pub(crate) fn len(&self) -> u32 {
        (self.offsets.len() - 1) as u32
    }

    fn value(&self, number: u32) -> &[u8] {
        let i = number as usize;
        &self.bytes[self.offsets[i] as usize..self.offsets[i + 1] as usize]
    }

    /// The number of a string.
    pub(crate) fn get(&self, text: &[u8]) -> Option<u32> {
        let hash = hash(text);
        self.tables[part(hash)].find(hash, |number| self.value(*number) == text).copied()
    }

    /// The ids in vertex order; strings of more than 2 GiB together are large strings, whatever was asked for.
    pub(crate) fn ids(&self, data_type: &DataType) -> Result<ArrayRef> {
        let strings = |e| Error::internal(format!("vertex ids that are no strings: {e}"));
        let large = || {
            let offsets = OffsetBuffer::new(self.offsets.clone());
            LargeStringArray::try_new(offsets, self.bytes.clone(), None).map_err(strings)
        };
        Ok(match data_type {
            DataType::Utf8 if i32::try_from(self.bytes.len()).is_ok() => {
                let offsets: ScalarBuffer<i32> = self.offsets.iter().map(|o| *o as i32).collect();
                Arc::new(StringArray::try_new(OffsetBuffer::new(offsets), self.bytes.clone(), None).map_err(strings)?)
            }
            DataType::Utf8View => Arc::new(StringViewArray::from_iter_values(
                large()?.iter().map(Option::unwrap_or_default).collect::<Vec<_>>(),
            )),
            _ => Arc::new(large()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Array, BinaryArray};
    use proptest::prelude::*;

    fn check(rows: &[(String, String)]) {
        let mut want: Vec<&str> = Vec::new();
        let numbers: Vec<u32> = rows
            .iter()
            .flat_map(|(a, b)| [a.as_str(), b.as_str()])
            .map(|s| {
                let at = want.iter().position(|w| *w == s).unwrap_or_else(|| {
                    want.push(s);
                    want.len() - 1
                });
                at as u32
            })
            .collect();
        for threads in [1, 3] {
            let ctx = Context::default().with_threads(threads);
            let mut encoder = TextEncoder::new();
            let mut got = Vec::new();
            for batch in rows.chunks(5) {
                let column = |f: fn(&(String, String)) -> &String| {
                    Texts::new(&(Arc::new(StringArray::from_iter_values(batch.iter().map(f))) as ArrayRef), "x")
                        .unwrap()
                };
                let (a, b) = (column(|r| &r.0), column(|r| &r.1));
                got.extend_from_slice(&encoder.encode(&[&a, &b], &ctx).unwrap());
            }
            assert_eq!(got, numbers);
            let map = encoder.finish(&ctx).unwrap();
            for data_type in [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View] {
                let ids = map.ids(&data_type).unwrap();
                assert_eq!(ids.data_type(), &data_type);
                let texts = Texts::new(&ids, "ids").unwrap();
                assert!((0..ids.len()).map(|i| texts.value(i)).eq(want.iter().map(|w| w.as_bytes())));
            }
            assert!(want.iter().enumerate().all(|(i, w)| map.get(w.as_bytes()) == Some(i as u32)));
            assert_eq!(map.get("not there at all".as_bytes()), None);
            assert_eq!(map.len() as usize, want.len());
        }
    }

    #[test]
    fn many_strings_keep_the_order_of_their_appearance() {
        let row = |i: u64| (format!("v{}", i * i % 7919), format!("w{}", i % 5000));
        check(&(0..3000).map(row).collect::<Vec<_>>());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let bad = Texts::Small(BinaryArray::from_vec(vec![b"ok", b"\xff"]));
        let e = TextEncoder::new().encode(&[&bad], &Context::default()).unwrap_err();
        assert!(e.message().contains("not UTF-8"), "{e}");
    }

    proptest! {
        #[test]
        fn any_strings(rows in prop::collection::vec(("[a-cäß]{0,3}", "[a-c]{0,2}"), 0..40)) {
            check(&rows);
        }
    }
}
