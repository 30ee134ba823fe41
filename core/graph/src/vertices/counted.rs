//! Integer ids that pass by once: which there are, and how many edges begin at each.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use foldhash::fast::FixedState;
use pf_base::{Context, Error, Reservation, Result, TrackedVec};

use super::check_count;
use super::integer::{IntegerMap, Layout, PARTS, part};
use crate::ids::{Integers, KeySpace};

/// Slots of eight bytes that may be spent on every id seen, counted with repetitions, for an array over the range of
/// the ids; else they go to hash tables.
const SLOTS_PER_ID: u128 = 4;

/// Slots that may be spent in any case.
const SLOTS: u128 = 1 << 24;

/// Ids that one task looks at.
const BLOCK: usize = 4096;

/// Rows that one task looks at.
const TASK: usize = 1 << 16;

/// Some edges: sources and targets, of equal length.
pub(crate) type Pair = (Integers, Integers);

/// Counts ids.
#[derive(Debug)]
pub(crate) struct Counter {
    space: KeySpace,
    directed: bool,
    seen: u128,
    range: Option<(i64, i64)>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Slot `i` is of the key `first + i`: twice the edges that begin there, plus one if an edge ends there.
    Dense {
        first: i64,
        slots: TrackedVec<AtomicU64>,
    },
    Hashed {
        parts: Vec<Part>,
        _reserved: Option<Reservation>,
    },
}

/// The ids of one part of the hash space: their places in `counts`.
#[derive(Debug, Default)]
struct Part {
    places: HashMap<i64, u32, FixedState>,
    counts: Vec<u64>,
}

impl Part {
    fn add(&mut self, key: i64, count: u64) {
        let Self { places, counts } = self;
        let next = counts.len() as u32;
        let place = *places.entry(key).or_insert(next);
        match counts.get_mut(place as usize) {
            Some(slot) => *slot += count,
            None => counts.push(count),
        }
    }
}

impl Counter {
    /// A counter of ids that have keys in `space`; of undirected edges both ends count.
    pub(crate) fn new(space: KeySpace, directed: bool) -> Self {
        let parts = (0..PARTS).map(|_| Part::default()).collect();
        Self { space, directed, seen: 0, range: None, state: State::Hashed { parts, _reserved: None } }
    }

    /// Takes in edges, and ids of vertices that need not have any.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub(crate) fn add(&mut self, edges: &[Pair], vertices: &[Integers], ctx: &Context) -> Result<()> {
        let all: Vec<&Integers> = edges.iter().flat_map(|(s, t)| [s, t]).chain(vertices).collect();
        let ranges = ctx.map(all.len(), |i| Ok(all[i].range()))?;
        for (min, max) in ranges.into_iter().flatten() {
            let (Some(min), Some(max)) = (self.space.key(min), self.space.key(max)) else {
                return Err(Error::internal("an id without a key"));
            };
            self.range = Some(self.range.map_or((min, max), |(a, b)| (a.min(min), b.max(max))));
        }
        self.seen += all.iter().map(|ids| ids.len() as u128).sum::<u128>();
        let Some((min, max)) = self.range else { return Ok(()) };
        let width = (i128::from(max) - i128::from(min)) as u128 + 1;
        if width <= SLOTS.max(SLOTS_PER_ID * self.seen) {
            self.make_dense(min, max, ctx)?;
        } else {
            self.make_hashed(ctx)?;
        }
        let tasks: Vec<Task> = tasks(edges.iter().map(|(s, _)| s.len()));
        let loners: Vec<Task> = tasks_of(vertices);
        match &mut self.state {
            State::Dense { first, slots } => {
                let (first, slots) = (*first, &**slots);
                let slot = |key: i64| &slots[key.wrapping_sub(first) as u64 as usize];
                let mark = |key: i64| {
                    // Most ids come more than once: reading first keeps the cache line shared.
                    if slot(key).load(Relaxed) & 1 == 0 {
                        slot(key).fetch_or(1, Relaxed);
                    }
                };
                let (space, directed) = (self.space, self.directed);
                ctx.map(tasks.len(), |t| {
                    for_edges(&edges[tasks[t].chunk], &tasks[t], space, |source, target| {
                        slot(source).fetch_add(2, Relaxed);
                        if !directed && source != target {
                            slot(target).fetch_add(2, Relaxed);
                        } else {
                            mark(target);
                        }
                    });
                    Ok(())
                })?;
                ctx.map(loners.len(), |t| {
                    for_ids(&vertices[loners[t].chunk], &loners[t], space, mark);
                    Ok(())
                })?;
            }
            State::Hashed { parts, _reserved } => {
                // Every task sorts its keys into parts; every part then takes its keys in the order of the tasks.
                let ends = 2 * tasks.iter().map(|t| t.len as u64).sum::<u64>();
                let _sorted = ctx.memory().reserve(16 * ends, "vertex ids by hash")?;
                let (space, directed) = (self.space, self.directed);
                let sorted = ctx.map(tasks.len(), |t| {
                    let mut sorted = vec![Vec::new(); PARTS];
                    for_edges(&edges[tasks[t].chunk], &tasks[t], space, |source, target| {
                        sorted[part(source)].push((source, 1));
                        sorted[part(target)].push((target, u64::from(!directed && source != target)));
                    });
                    Ok(sorted)
                })?;
                let more = ctx.map(loners.len(), |t| {
                    let mut sorted = vec![Vec::new(); PARTS];
                    for_ids(&vertices[loners[t].chunk], &loners[t], space, |key| sorted[part(key)].push((key, 0)));
                    Ok(sorted)
                })?;
                ctx.map_mut(parts, |p, part| {
                    for (key, count) in sorted.iter().chain(&more).flat_map(|sorted| &sorted[p]) {
                        part.add(*key, *count);
                    }
                    Ok(())
                })?;
                let bytes = parts.iter().map(|p| 17 * p.places.capacity() + 8 * p.counts.capacity()).sum::<usize>();
                *_reserved = None;
                *_reserved = Some(ctx.memory().reserve(bytes as u64, "vertex ids by hash")?);
            }
        }
        Ok(())
    }

    /// Makes room for the keys from `min` to `max` in the array.
    fn make_dense(&mut self, min: i64, max: i64, ctx: &Context) -> Result<()> {
        let (mut first, mut last) = (min, max);
        if let State::Dense { first: old, slots } = &self.state {
            let end = i128::from(*old) + slots.len() as i128 - 1;
            if *old <= min && i128::from(max) <= end {
                return Ok(());
            }
            // Half as much again where it grew, so that growing takes linear time.
            let slack = (slots.len() / 2) as i64;
            first = if min < *old { min.saturating_sub(slack) } else { *old };
            last = if i128::from(max) > end { max.saturating_add(slack) } else { end as i64 };
        }
        let width = (i128::from(last) - i128::from(first)) as u128 + 1;
        let width = usize::try_from(width).map_err(|_| Error::out_of_memory("counts of vertex ids"))?;
        let slots = ctx.zeroed::<AtomicU64>(width, "counts of vertex ids")?;
        let slot = |key: i64| &slots[key.wrapping_sub(first) as u64 as usize];
        match &self.state {
            State::Dense { first: old, slots: counts } => {
                let start = old.wrapping_sub(first) as u64 as usize;
                // What was slack stays zero, so that its pages are never touched.
                for (slot, count) in slots.get(start..).unwrap_or_default().iter().zip(counts.iter()) {
                    let count = count.load(Relaxed);
                    if count != 0 {
                        slot.store(count, Relaxed);
                    }
                }
            }
            State::Hashed { parts, .. } => {
                for part in parts {
                    ctx.check()?;
                    for (key, place) in &part.places {
                        slot(*key).store(2 * part.counts[*place as usize] + 1, Relaxed);
                    }
                }
            }
        }
        self.state = State::Dense { first, slots };
        Ok(())
    }

    fn make_hashed(&mut self, ctx: &Context) -> Result<()> {
        let State::Dense { first, slots } = &self.state else { return Ok(()) };
        let present = slots.iter().filter(|slot| slot.load(Relaxed) != 0).count() as u64;
        let reserved = ctx.memory().reserve(32 * present, "vertex ids by hash")?;
        let mut parts: Vec<Part> = (0..PARTS).map(|_| Part::default()).collect();
        for (i, slot) in slots.iter().enumerate() {
            if i % BLOCK == 0 {
                ctx.check()?;
            }
            let count = slot.load(Relaxed);
            if count != 0 {
                let key = first.wrapping_add(i as i64);
                parts[part(key)].add(key, count / 2);
            }
        }
        self.state = State::Hashed { parts, _reserved: Some(reserved) };
        Ok(())
    }

    /// The map of the ids, and in slot `v + 1` of vertices + 1 slots how many edges begin at vertex `v`.
    ///
    /// # Errors
    /// [`Code::Unsupported`](pf_base::Code::Unsupported) for too many vertices,
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(crate) fn finish(self, ctx: &Context) -> Result<(IntegerMap, Vec<u64>)> {
        let Self { space, range, state, .. } = self;
        match (state, range) {
            (_, None) => Ok((IntegerMap::new(space, 0, Layout::Range { first: 0 }), vec![0])),
            (State::Dense { first: start, slots }, Some((min, max))) => {
                let skipped = min.wrapping_sub(start) as u64 as usize;
                let width = max.wrapping_sub(min) as u64 as usize + 1;
                let slots = slots.get(skipped..skipped + width).unwrap_or_default();
                let words = width.div_ceil(64);
                let mut bits = ctx.zeroed::<u64>(words, "bitmap of vertex ids")?.into_vec();
                let mut before = ctx.zeroed::<u32>(words, "bitmap of vertex ids")?.into_vec();
                let mut present = 0u64;
                for ((word, sum), slots) in bits.iter_mut().zip(&mut before).zip(slots.chunks(64)) {
                    *sum = present as u32;
                    for (bit, slot) in slots.iter().enumerate() {
                        *word |= u64::from(slot.load(Relaxed) != 0) << bit;
                    }
                    present += u64::from(word.count_ones());
                }
                let len = check_count(present)?;
                let mut counts = ctx.zeroed::<u64>(len as usize + 1, "row offsets")?.into_vec();
                let found = slots.iter().map(|slot| slot.load(Relaxed)).filter(|count| *count != 0);
                counts.iter_mut().skip(1).zip(found).for_each(|(count, found)| *count = found / 2);
                let layout = match len as usize == width {
                    true => Layout::Range { first: min },
                    false => Layout::Bitmap { first: min, bits, before },
                };
                Ok((IntegerMap::new(space, len, layout), counts))
            }
            (State::Hashed { mut parts, .. }, Some(_)) => {
                let len = check_count(parts.iter().map(|p| p.counts.len() as u64).sum())?;
                let mut keys = ctx.zeroed::<i64>(len as usize, "vertex ids")?.into_vec();
                keys.iter_mut().zip(parts.iter().flat_map(|p| p.places.keys())).for_each(|(slot, key)| *slot = *key);
                ctx.sort(&mut keys)?;
                let mut counts = ctx.zeroed::<u64>(len as usize + 1, "row offsets")?.into_vec();
                let numbered = ctx.map_mut(&mut parts, |_, part| {
                    let mut numbered = Vec::with_capacity(part.counts.len());
                    for (key, place) in &mut part.places {
                        let found = keys.binary_search(key).map_err(|_| Error::internal("a key got lost"))?;
                        numbered.push((found, part.counts[*place as usize]));
                        *place = found as u32;
                    }
                    Ok(numbered)
                })?;
                numbered.into_iter().flatten().for_each(|(number, count)| counts[number + 1] = count);
                let tables = parts.into_iter().map(|part| part.places).collect();
                Ok((IntegerMap::new(space, len, Layout::Hashed { tables, keys }), counts))
            }
        }
    }
}

/// Rows of one chunk.
#[derive(Clone, Copy, Debug)]
struct Task {
    chunk: usize,
    start: usize,
    len: usize,
}

fn tasks(lengths: impl Iterator<Item = usize>) -> Vec<Task> {
    let cut = |(chunk, len): (usize, usize)| {
        (0..len).step_by(TASK).map(move |start| Task { chunk, start, len: TASK.min(len - start) })
    };
    lengths.enumerate().flat_map(cut).collect()
}

fn tasks_of(chunks: &[Integers]) -> Vec<Task> {
    tasks(chunks.iter().map(Integers::len))
}

fn for_edges(pair: &Pair, task: &Task, space: KeySpace, mut f: impl FnMut(i64, i64)) {
    let (mut sources, mut targets) = ([0; BLOCK], [0; BLOCK]);
    for start in (task.start..task.start + task.len).step_by(BLOCK) {
        let len = BLOCK.min(task.start + task.len - start);
        pair.0.keys(start, space, &mut sources[..len]);
        pair.1.keys(start, space, &mut targets[..len]);
        sources[..len].iter().zip(&targets[..len]).for_each(|(s, t)| f(*s, *t));
    }
}

fn for_ids(ids: &Integers, task: &Task, space: KeySpace, mut f: impl FnMut(i64)) {
    let mut keys = [0; BLOCK];
    for start in (task.start..task.start + task.len).step_by(BLOCK) {
        let len = BLOCK.min(task.start + task.len - start);
        ids.keys(start, space, &mut keys[..len]);
        keys[..len].iter().for_each(|key| f(*key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn check(batches: &[Vec<(i64, i64)>], directed: bool) {
        let mut want = BTreeMap::<i64, u64>::new();
        for (s, t) in batches.iter().flatten() {
            *want.entry(*s).or_default() += 1;
            *want.entry(*t).or_default() += u64::from(!directed && s != t);
        }
        for threads in [1, 3] {
            let ctx = Context::default().with_threads(threads);
            let mut counter = Counter::new(KeySpace::Signed, directed);
            for batch in batches {
                let (s, t): (Vec<i64>, Vec<i64>) = batch.iter().copied().unzip();
                counter.add(&[(Integers::I64(s.into()), Integers::I64(t.into()))], &[], &ctx).unwrap();
            }
            let (map, counts) = counter.finish(&ctx).unwrap();
            assert_eq!(counts[1..], want.values().copied().collect::<Vec<_>>());
            assert!((0..).zip(want.keys()).all(|(number, key)| map.get(*key) == Some(number)));
            assert_eq!(ctx.memory().used(), 0);
        }
    }

    #[test]
    fn ids_that_spread_and_gather_again() {
        let near: Vec<_> = (0..3000).map(|i| (i % 70, i * i % 90)).collect();
        let far = vec![(i64::MAX, -5), (3, i64::MIN)];
        check(&[near.clone(), far.clone(), near.clone()], true);
        check(&[far, near.clone()], false);
        check(&[vec![(5, 6)], vec![(-100, 1000)], vec![(-200, 900), (2000, 2000)], near], false);
        check(&[], true);
    }

    proptest! {
        #[test]
        fn any_ids(batches in prop::collection::vec(
            prop::collection::vec((prop_oneof![any::<i64>(), -50..50i64], -60..60i64), 0..20), 0..6), directed: bool) {
            check(&batches, directed);
        }
    }
}
