//! Numbers of components, from the least vertex of each.

use arrow_array::Int64Array;
use pf_base::{Context, Result};

/// Words of 64 vertices of one task.
const WORDS: usize = 1024;

/// Numbers components 0, 1, … in the order of their least vertices and gives every vertex the number of its own.
/// `least` tells the least vertex of a vertex's component, and `is_least` whether a vertex is that. Also returns how many
/// components there are.
pub(crate) fn component_ids(
    n: usize,
    is_least: impl Fn(u32) -> bool + Sync,
    least: impl Fn(u32) -> u32 + Sync,
    ctx: &Context,
) -> Result<(Int64Array, u64)> {
    // A component's number is how many least vertices stand before its own: a bit each, and sums by word and by task.
    let words = n.div_ceil(64);
    let mut firsts = ctx.zeroed::<u64>(words, "first vertices")?;
    let mut before = ctx.zeroed::<u32>(words, "first vertices")?;
    let mut parts: Vec<_> = firsts.chunks_mut(WORDS).zip(before.chunks_mut(WORDS)).collect();
    let counts = ctx.map_mut(&mut parts, |part, (firsts, before)| {
        let mut count = 0;
        for (i, (word, before)) in firsts.iter_mut().zip(before.iter_mut()).enumerate() {
            let start = (part * WORDS + i) * 64;
            let end = n.min(start + 64);
            *word = (start..end).rev().fold(0, |bits, v| bits << 1 | u64::from(is_least(v as u32)));
            *before = count;
            count += word.count_ones();
        }
        Ok(count)
    })?;
    let mut total = 0u64;
    let bases: Vec<u64> = counts
        .iter()
        .map(|count| {
            total += u64::from(*count);
            total - u64::from(*count)
        })
        .collect();
    let number = |first: u32| {
        let word = first as usize / 64;
        let below = firsts[word] & ((1 << (first % 64)) - 1);
        (bases[word / WORDS] + u64::from(before[word]) + u64::from(below.count_ones())) as i64
    };
    let mut ids = ctx.zeroed::<i64>(n, "component ids")?;
    ctx.for_each(ids.chunks_mut(WORDS * 64).collect(), |part, ids| {
        // Neighbouring vertices are often in the same component.
        let mut last = (u32::MAX, 0);
        for (v, id) in (part * WORDS * 64..).zip(ids) {
            let first = least(v as u32);
            if first != last.0 {
                last = (first, number(first));
            }
            *id = last.1;
        }
        Ok(())
    })?;
    Ok((Int64Array::from(ids.into_vec()), total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_first_vertices() {
        for n in [0, 1, 63, 64, 65, 200_000] {
            for groups in [1, 7, 1000, u32::MAX] {
                let ctx = Context::default().with_threads(2);
                let (ids, total) = component_ids(n, |v| v < groups, |v| v % groups, &ctx).unwrap();
                assert_eq!(total, (n as u64).min(groups.into()));
                assert!((0..).zip(ids.values()).all(|(v, id)| *id == i64::from(v % groups)));
            }
        }
        // Components that begin late, in another task than their other vertices.
        let least = |v| if v < 70_000 { 0 } else { v / 1000 * 1000 };
        let (ids, total) = component_ids(150_000, |v| least(v) == v, least, &Context::default()).unwrap();
        assert_eq!((total, ids.value(69_999), ids.value(70_000), ids.value(149_999)), (81, 0, 1, 80));
    }
}
