//! The first rows of a sort, without sorting the others.

use std::cmp::Ordering;

use pf_base::{Context, Result};

use super::keys::{Plan, Step};
use super::radix::BLOCK;

/// A row and its first key.
type Candidate = (u64, u64);

/// The first `limit` rows in order.
///
/// Every piece of the rows keeps candidates and drops all but `limit` of them when there are more than twice as many;
/// from then on most rows are refused by their first key alone.
pub(crate) fn top(plan: &Plan, limit: usize, ctx: &Context) -> Result<Vec<u64>> {
    let piece = (limit.saturating_mul(4)).clamp(1 << 17, plan.rows.max(1 << 17));
    let room = limit.saturating_mul(2).max(1024);
    let pieces = plan.rows.div_ceil(piece);
    let held = (room.min(piece) + BLOCK).saturating_mul(pieces.min(4 * ctx.threads()));
    let kept = limit.min(piece).saturating_mul(pieces);
    let _reserved =
        ctx.memory().reserve(((held + kept) * size_of::<Candidate>()) as u64, "candidates for the first rows")?;
    let candidates = ctx.map(pieces, |p| {
        let rows = p * piece..plan.rows.min((p + 1) * piece);
        let mut kept: Vec<Candidate> = Vec::with_capacity(room.min(rows.len()) + BLOCK);
        let mut bound = u64::MAX;
        let mut keys = [0; BLOCK];
        for start in rows.clone().step_by(BLOCK) {
            let keys = &mut keys[..BLOCK.min(rows.end - start)];
            plan.fill(start, keys);
            let first = start as u64;
            kept.extend((first..).zip(keys).filter(|(_, key)| **key <= bound).map(|(row, key)| (*key, row)));
            if kept.len() >= room {
                ctx.check()?;
                bound = select(plan, &mut kept, limit).unwrap_or(bound);
            }
        }
        select(plan, &mut kept, limit);
        kept.shrink_to_fit();
        Ok(kept)
    })?;
    let mut candidates = candidates.concat();
    select(plan, &mut candidates, limit);
    candidates.sort_unstable_by(|a, b| compare(plan, a, b));
    Ok(candidates.into_iter().map(|(_, row)| row).collect())
}

/// Drops all but the first `limit`; gives the first key of the last of them.
fn select(plan: &Plan, candidates: &mut Vec<Candidate>, limit: usize) -> Option<u64> {
    if candidates.len() <= limit {
        return None;
    }
    let (_, last, _) = candidates.select_nth_unstable_by(limit - 1, |a, b| compare(plan, a, b));
    let bound = last.0;
    candidates.truncate(limit);
    Some(bound)
}

fn compare(plan: &Plan, a: &Candidate, b: &Candidate) -> Ordering {
    a.0.cmp(&b.0)
        .then_with(|| {
            if plan.single() {
                Ordering::Equal
            } else {
                plan.compare_after(Step::default(), a.0, a.1 as usize, b.1 as usize)
            }
        })
        .then(a.1.cmp(&b.1))
}
