//! One look at all edges before they are sorted: which ids there are, and how many edges begin where.
//!
//! Most graphs have ids from 0 on without wide gaps. That is tried first, so that their edges are read once for it;
//! ids that are found to be others cost what was read until then.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};

use pf_base::{Context, Result};

use crate::ids::{Integers, KeySpace};
use crate::sort::{BlockRows, task_blocks};

/// What was seen of ids from `origin` on.
#[derive(Debug)]
pub(crate) struct Survey {
    /// The key that counts and bits begin with.
    pub(crate) origin: i64,
    /// A one for every id.
    pub(crate) bits: Vec<u64>,
    pub(crate) sources: Sources,
}

/// Where the sources of the edges are.
#[derive(Debug)]
pub(crate) struct Sources {
    /// Edges by task and source, 2^grain keys together; what a task lacks at its end is 0.
    pub(crate) counts: Vec<Vec<u32>>,
    pub(crate) grain: u32,
    /// Whether they ascend over the whole input.
    pub(crate) ascending: bool,
}

/// Counters that a task has at most.
const COUNTERS: u32 = 14;

/// The fewest keys that are counted together.
const GRAIN: u32 = 6;

/// Keys that are looked at together: two columns of them stay in the first-level cache.
const KEYS: usize = 1024;

/// Looks at all ids; nothing where some are not near the beginning of their space, or are none of the positions, which
/// are all there.
pub(crate) fn survey(
    edges: &[(Integers, Integers)],
    vertices: &[Integers],
    blocks: &[BlockRows],
    space: KeySpace,
    positions: Option<u32>,
    ctx: &Context,
) -> Result<Option<Survey>> {
    let total: usize =
        edges.iter().map(|(s, _)| s.len()).sum::<usize>() + vertices.iter().map(Integers::len).sum::<usize>();
    // More keys than edges would make the counters sparse.
    let width = positions.map_or(total.next_power_of_two().max(1 << 10), |n| n as usize);
    let (Some(origin), Ok(_), Ok(_)) = (space.key(0), u32::try_from(width), u32::try_from(total)) else {
        return Ok(None);
    };
    let grain = (width.max(1).ilog2().saturating_sub(COUNTERS)).max(GRAIN);
    let marked = positions.is_none();
    let bits = ctx.zeroed::<AtomicU64>(if marked { width / 64 } else { 0 }, "bitmap of vertex ids")?;
    let outside = AtomicBool::new(false);
    let inside =
        |keys: &[i64]| keys.iter().fold(0, |most, key| (key.wrapping_sub(origin) as u64).max(most)) < width as u64;
    let mark = |key: i64| {
        let place = key.wrapping_sub(origin) as usize;
        let (word, mask) = (&bits[place / 64], 1 << (place % 64));
        // Most ids come more than once: reading first keeps the cache line shared.
        if word.load(Relaxed) & mask == 0 {
            word.fetch_or(mask, Relaxed);
        }
    };
    let tasks = task_blocks(blocks.len());
    let seen = ctx.map(tasks.len(), |t| {
        let mut counts: Vec<u32> = vec![0; width.div_ceil(1 << grain)];
        let (mut sources, mut targets) = ([0; KEYS], [0; KEYS]);
        let (mut ascending, mut first, mut last) = (true, None, i64::MIN);
        for rows in &blocks[tasks[t].clone()] {
            ctx.check()?;
            if outside.load(Relaxed) {
                return Ok(None);
            }
            let (a, b) = &edges[rows.chunk];
            for start in (rows.start..rows.start + rows.len).step_by(KEYS) {
                let len = KEYS.min(rows.start + rows.len - start);
                let (sources, targets) = (&mut sources[..len], &mut targets[..len]);
                a.keys(start, space, sources);
                b.keys(start, space, targets);
                if !inside(sources) || !inside(targets) {
                    outside.store(true, Relaxed);
                    return Ok(None);
                }
                ascending = ascending && last <= sources[0] && sources.is_sorted();
                first = first.or(Some(sources[0]));
                last = sources[len - 1];
                sources.iter().for_each(|source| counts[source.wrapping_sub(origin) as usize >> grain] += 1);
                if marked {
                    let mut before = None;
                    for (source, target) in sources.iter().zip(targets) {
                        // Sorted edges repeat their source.
                        if before != Some(*source) {
                            mark(*source);
                            before = Some(*source);
                        }
                        mark(*target);
                    }
                }
            }
        }
        Ok(Some((counts, ascending, first, last)))
    })?;
    for ids in vertices {
        let mut keys = [0; KEYS];
        for start in (0..ids.len()).step_by(KEYS) {
            ctx.check()?;
            let keys = &mut keys[..KEYS.min(ids.len() - start)];
            ids.keys(start, space, keys);
            if !inside(keys) {
                return Ok(None);
            }
            keys.iter().for_each(|key| mark(*key));
        }
    }
    let (mut counts, mut ascending, mut before) = (Vec::with_capacity(seen.len()), true, i64::MIN);
    for task in seen {
        let Some((count, sorted, first, last)) = task else { return Ok(None) };
        counts.push(count);
        if let Some(first) = first {
            ascending &= sorted && before <= first;
            before = last;
        }
    }
    let bits = bits.into_vec().into_iter().map(AtomicU64::into_inner).collect();
    Ok(Some(Survey { origin, bits, sources: Sources { counts, grain, ascending } }))
}
