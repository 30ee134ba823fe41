//! Integer ids, ordered by value.
//!
//! Ids that fill most of their range are found through a bitmap of the ids present, by counting the bits before
//! theirs; ids that are scattered, through hash tables. Nothing at all is kept for ids without gaps.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, PrimitiveArray};
use arrow_schema::DataType;
use foldhash::fast::FixedState;
use pf_base::{Context, Error, Result};

use super::check_count;
use crate::ids::{Integers, KeySpace};
use crate::packed::Present;

/// A bitmap may take this many bits per id of the input: as much as the ids themselves.
const BITS_PER_ID: u128 = 64;

/// Hash tables are filled side by side, each with the keys of one part. A constant, so that nothing depends on threads.
pub(super) const PARTS: usize = 64;

/// Keys that one task looks at; a task takes about a millisecond.
const TASK: usize = 1 << 17;

/// The ids of a graph, as keys of one [`KeySpace`].
#[derive(Debug)]
pub(crate) struct IntegerMap {
    space: KeySpace,
    len: u32,
    kind: Layout,
}

#[derive(Debug)]
pub(super) enum Layout {
    /// The keys are `first`, `first + 1`, …
    Range { first: i64 },
    /// `bits` has a one for every key that is present, `before[i]` counts the ones before word `i`.
    Bitmap { first: i64, bits: Vec<u64>, before: Vec<u32> },
    /// `tables[part(key)]` gives the number of a key, `keys` the key of a number.
    Hashed { tables: Vec<HashMap<i64, u32, FixedState>>, keys: Vec<i64> },
}

impl IntegerMap {
    pub(super) fn new(space: KeySpace, len: u32, kind: Layout) -> Self {
        Self { space, len, kind }
    }

    /// The map of all ids in `chunks`, which all have keys in `space`.
    ///
    /// # Errors
    /// [`Code::Unsupported`](pf_base::Code::Unsupported) for too many,
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(crate) fn build(chunks: &[&Integers], space: KeySpace, ctx: &Context) -> Result<Self> {
        let count: usize = chunks.iter().map(|c| c.len()).sum();
        let ranges = ctx.map(chunks.len(), |i| Ok(chunks[i].range()))?;
        let bounds = ranges.into_iter().flatten().reduce(|(a, b), (c, d)| (a.min(c), b.max(d)));
        let Some((min, max)) = bounds else {
            return Ok(Self { space, len: 0, kind: Layout::Range { first: 0 } });
        };
        let (first, last) = match (space.key(min), space.key(max)) {
            (Some(first), Some(last)) => (first, last),
            _ => return Err(Error::internal("an id without a key")),
        };
        let width = (i128::from(last) - i128::from(first)) as u128 + 1;
        let tasks = tasks(chunks);
        if width <= BITS_PER_ID * count as u128 {
            // At most 64 bits per id that is in memory already: a usize holds it.
            Self::bitmap(chunks, &tasks, space, first, width as usize, ctx)
        } else {
            Self::hashed(chunks, &tasks, space, ctx)
        }
    }

    fn bitmap(
        chunks: &[&Integers],
        tasks: &[Task],
        space: KeySpace,
        first: i64,
        width: usize,
        ctx: &Context,
    ) -> Result<Self> {
        use std::sync::atomic::{AtomicU64, Ordering};
        let words = width.div_ceil(64);
        let zeros = ctx.zeroed::<u64>(words, "bitmap of vertex ids")?.into_vec();
        let shared: Vec<AtomicU64> = zeros.into_iter().map(AtomicU64::new).collect();
        ctx.map(tasks.len(), |t| {
            for_keys(chunks, &tasks[t], space, |keys| {
                for key in keys {
                    let bit = key.wrapping_sub(first) as u64 as usize;
                    let (word, mask) = (&shared[bit / 64], 1 << (bit % 64));
                    // Most ids come more than once: reading first keeps the cache line shared.
                    if word.load(Ordering::Relaxed) & mask == 0 {
                        word.fetch_or(mask, Ordering::Relaxed);
                    }
                }
                Ok(())
            })
        })?;
        let bits: Vec<u64> = shared.into_iter().map(AtomicU64::into_inner).collect();
        let len = check_count(bits.iter().map(|w| u64::from(w.count_ones())).sum())?;
        if len as usize == width {
            return Ok(Self { space, len, kind: Layout::Range { first } });
        }
        let mut before = ctx.zeroed::<u32>(words, "bitmap of vertex ids")?.into_vec();
        let mut sum = 0;
        for (b, word) in before.iter_mut().zip(&bits) {
            *b = sum;
            sum += word.count_ones();
        }
        Ok(Self { space, len, kind: Layout::Bitmap { first, bits, before } })
    }

    fn hashed(chunks: &[&Integers], tasks: &[Task], space: KeySpace, ctx: &Context) -> Result<Self> {
        let count: usize = chunks.iter().map(|c| c.len()).sum();
        let _keys = ctx.memory().reserve(8 * count as u64, "vertex ids by hash")?;
        // Every task sorts its keys into parts; every part then takes its keys in the order of the tasks.
        let sorted = ctx.map(tasks.len(), |t| {
            let mut parts = vec![Vec::new(); PARTS];
            for_keys(chunks, &tasks[t], space, |keys| {
                keys.iter().for_each(|key| parts[part(*key)].push(*key));
                Ok(())
            })?;
            Ok(parts)
        })?;
        let most = sorted.iter().flatten().map(Vec::len).sum::<usize>() as u64;
        let _tables = ctx.memory().reserve(16 * most, "vertex ids by hash")?;
        let mut tables = ctx.map(PARTS, |p| {
            let mut table = HashMap::<i64, u32, FixedState>::default();
            sorted.iter().flat_map(|parts| &parts[p]).for_each(|key| {
                table.insert(*key, 0);
            });
            Ok(table)
        })?;
        drop(sorted);
        let len = check_count(tables.iter().map(|t| t.len() as u64).sum())?;
        let mut keys = ctx.zeroed::<i64>(len as usize, "vertex ids")?.into_vec();
        keys.iter_mut().zip(tables.iter().flat_map(HashMap::keys)).for_each(|(slot, key)| *slot = *key);
        ctx.sort(&mut keys)?;
        ctx.for_each(tables.iter_mut().collect(), |_, table| {
            for (key, number) in table.iter_mut() {
                let found = keys.binary_search(key).map_err(|_| Error::internal("a key got lost"))?;
                *number = found as u32;
            }
            Ok(())
        })?;
        Ok(Self { space, len, kind: Layout::Hashed { tables, keys } })
    }

    /// The map of ids that were marked in `bits`, the first of the key `origin`.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub(crate) fn from_bits(space: KeySpace, origin: i64, mut bits: Vec<u64>, ctx: &Context) -> Result<Self> {
        let used = bits.iter().rposition(|word| *word != 0).map_or(0, |last| last + 1);
        bits.truncate(used);
        let unused = bits.iter().position(|word| *word != 0).unwrap_or(0);
        let low = 64 * unused + bits.get(unused).map_or(0, |word| word.trailing_zeros() as usize);
        let high = 64 * used - bits.last().map_or(0, |word| word.leading_zeros() as usize);
        let len = check_count(bits.iter().map(|w| u64::from(w.count_ones())).sum())?;
        if high - low == len as usize {
            return Ok(Self::new(space, len, Layout::Range { first: origin.wrapping_add(low as i64) }));
        }
        let mut before = ctx.zeroed::<u32>(used, "bitmap of vertex ids")?.into_vec();
        let mut sum = 0;
        for (b, word) in before.iter_mut().zip(&bits) {
            *b = sum;
            sum += word.count_ones();
        }
        bits.shrink_to_fit();
        Ok(Self::new(space, len, Layout::Bitmap { first: origin, bits, before }))
    }

    /// Which keys from `origin` on there are, unless they are in hash tables or before it.
    pub(crate) fn present(&self, origin: i64) -> Option<Present<'_>> {
        let place = |first: i64| usize::try_from(i128::from(first) - i128::from(origin)).ok();
        match &self.kind {
            Layout::Range { first } => Some(Present::Range { first: place(*first)?, len: self.len as usize }),
            Layout::Bitmap { first, bits, before } => Some(Present::Bits { first: place(*first)?, bits, before }),
            Layout::Hashed { .. } => None,
        }
    }

    /// Whether numbers are distances from the first key.
    pub(crate) fn is_range(&self) -> bool {
        matches!(self.kind, Layout::Range { .. })
    }

    /// Whether finding a number takes a look into a hash table.
    pub(crate) fn is_hashed(&self) -> bool {
        matches!(self.kind, Layout::Hashed { .. })
    }

    pub(crate) fn space(&self) -> KeySpace {
        self.space
    }

    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// The number of a key.
    pub(crate) fn get(&self, key: i64) -> Option<u32> {
        match &self.kind {
            Layout::Range { first } => {
                u32::try_from(i128::from(key) - i128::from(*first)).ok().filter(|v| *v < self.len)
            }
            Layout::Bitmap { first, bits, before } => {
                let bit = usize::try_from(i128::from(key) - i128::from(*first)).ok()?;
                let word = *bits.get(bit / 64)?;
                let mask = 1u64 << (bit % 64);
                (word & mask != 0).then(|| before[bit / 64] + (word & (mask - 1)).count_ones())
            }
            Layout::Hashed { tables, .. } => tables[part(key)].get(&key).copied(),
        }
    }

    /// The numbers of keys that are all in the map.
    pub(crate) fn number(&self, keys: &[i64], numbers: &mut [u32]) {
        match &self.kind {
            Layout::Range { first } => {
                numbers.iter_mut().zip(keys).for_each(|(number, key)| *number = key.wrapping_sub(*first) as u32);
            }
            Layout::Bitmap { first, bits, before } => {
                for (number, key) in numbers.iter_mut().zip(keys) {
                    let bit = key.wrapping_sub(*first) as u64 as usize;
                    let word = bits[bit / 64] & ((1 << (bit % 64)) - 1);
                    *number = before[bit / 64] + word.count_ones();
                }
            }
            Layout::Hashed { tables, .. } => {
                for (number, key) in numbers.iter_mut().zip(keys) {
                    *number = tables[part(*key)].get(key).copied().unwrap_or_default();
                }
            }
        }
    }

    /// The numbers of keys that may not be in the map; false if one is not.
    pub(crate) fn try_number(&self, keys: &[i64], numbers: &mut [u32]) -> bool {
        match &self.kind {
            Layout::Range { first } => {
                let mut known = true;
                for (number, key) in numbers.iter_mut().zip(keys) {
                    let distance = key.wrapping_sub(*first) as u64;
                    known &= *key >= *first && distance < u64::from(self.len);
                    *number = distance as u32;
                }
                known
            }
            _ => numbers.iter_mut().zip(keys).all(|(number, key)| self.get(*key).map(|n| *number = n).is_some()),
        }
    }

    /// The ids in vertex order.
    pub(crate) fn ids(&self, data_type: &DataType, ctx: &Context) -> Result<ArrayRef> {
        Ok(match data_type {
            DataType::Int8 => self.typed_ids::<Int8Type>(ctx)?,
            DataType::Int16 => self.typed_ids::<Int16Type>(ctx)?,
            DataType::Int32 => self.typed_ids::<Int32Type>(ctx)?,
            DataType::UInt8 => self.typed_ids::<UInt8Type>(ctx)?,
            DataType::UInt16 => self.typed_ids::<UInt16Type>(ctx)?,
            DataType::UInt32 => self.typed_ids::<UInt32Type>(ctx)?,
            DataType::UInt64 => self.typed_ids::<UInt64Type>(ctx)?,
            _ => self.typed_ids::<Int64Type>(ctx)?,
        })
    }

    fn typed_ids<T: ArrowPrimitiveType>(&self, ctx: &Context) -> Result<ArrayRef>
    where
        T::Native: TryFrom<i128> + Default,
    {
        let bytes = u64::from(self.len) * size_of::<T::Native>() as u64;
        let _reserved = ctx.memory().reserve(bytes, "vertex ids")?;
        let mut values = Vec::new();
        values
            .try_reserve_exact(self.len as usize)
            .map_err(|_| Error::out_of_memory(format!("{bytes} bytes for the vertex ids")))?;
        let mut foreign = false;
        let mut push = |key| {
            let value = T::Native::try_from(self.space.value(key));
            foreign |= value.is_err();
            values.push(value.unwrap_or_default());
        };
        match &self.kind {
            Layout::Range { first } => (0..i64::from(self.len)).for_each(|i| push(first.wrapping_add(i))),
            Layout::Hashed { keys, .. } => keys.iter().for_each(|key| push(*key)),
            Layout::Bitmap { first, bits, .. } => {
                for (i, word) in bits.iter().enumerate() {
                    let mut rest = *word;
                    while rest != 0 {
                        push(first.wrapping_add((i * 64) as i64 + i64::from(rest.trailing_zeros())));
                        rest &= rest - 1;
                    }
                }
            }
        }
        if foreign {
            return Err(Error::internal("a vertex id does not fit the type of the ids"));
        }
        Ok(Arc::new(PrimitiveArray::<T>::new(values.into(), None)))
    }
}

/// A stretch of rows of one chunk.
struct Task {
    chunk: usize,
    start: usize,
    len: usize,
}

fn tasks(chunks: &[&Integers]) -> Vec<Task> {
    let stretch = |(chunk, c): (usize, &&Integers)| {
        let len = c.len();
        (0..len).step_by(TASK).map(move |start| Task { chunk, start, len: TASK.min(len - start) }).collect::<Vec<_>>()
    };
    chunks.iter().enumerate().flat_map(stretch).collect()
}

/// Calls `f` with the keys of a task, in order, a cache-sized block at a time.
fn for_keys(chunks: &[&Integers], task: &Task, space: KeySpace, mut f: impl FnMut(&[i64]) -> Result<()>) -> Result<()> {
    let mut block = [0; 1024];
    for start in (task.start..task.start + task.len).step_by(block.len()) {
        let len = block.len().min(task.start + task.len - start);
        chunks[task.chunk].keys(start, space, &mut block[..len]);
        f(&block[..len])?;
    }
    Ok(())
}

/// The part of a key: the high bits of a multiplicative hash (Knuth, TAOCP 3, 6.4), independent of the table's own
/// hash.
pub(super) fn part(key: i64) -> usize {
    ((key as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;
    use proptest::prelude::*;

    fn check(values: &[i64]) {
        let mut want = values.to_vec();
        want.sort_unstable();
        want.dedup();
        let chunks: Vec<Integers> = values.chunks(7).map(|c| Integers::I64(c.to_vec().into())).collect();
        let refs: Vec<&Integers> = chunks.iter().collect();
        for threads in [1, 3] {
            let ctx = Context::default().with_threads(threads);
            let map = IntegerMap::build(&refs, KeySpace::Signed, &ctx).unwrap();
            let ids = map.ids(&DataType::Int64, &ctx).unwrap();
            assert_eq!(ids.as_primitive::<Int64Type>().values(), &want[..]);
            for (i, id) in want.iter().enumerate() {
                assert_eq!(map.get(*id), Some(i as u32));
                let absent = id.wrapping_add(1);
                assert_eq!(map.get(absent).is_some(), want.binary_search(&absent).is_ok());
            }
            let mut numbers = vec![0; values.len()];
            map.number(values, &mut numbers);
            assert!(numbers.iter().zip(values).all(|(n, v)| want[*n as usize] == *v));
        }
    }

    #[test]
    fn every_layout_finds_every_id() {
        check(&[]);
        check(&[5]);
        check(&[7, 5, 6]); // a range
        check(&[100, -100, 3, 3]); // a bitmap
        check(&[i64::MIN, i64::MAX, 0, -1]); // hashed
        check(&(0..5000).map(|i| i * 0x0123_4567_89AB).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn any_ids(values in prop::collection::vec(prop_oneof![any::<i64>(), -50..50i64], 0..60)) {
            check(&values);
        }
    }
}
