//! Dijkstra's search with a heap of four children per node.

use pf_base::{Context, Result};

use super::{Goal, Search};

/// Steps of the heap between two looks at the context: less than a millisecond.
const LOOK: usize = 1 << 12;

/// The distance of every vertex, infinite where not reached. What is farther than the last of the targets may be too
/// far; everything else is final.
///
/// A vertex stands in the heap once per distance that it had, and all but the least are passed over when they come
/// up: that is quicker than moving it, as most vertices are found near their final distance.
pub(super) fn search(search: &Search<'_>, mut goal: Goal<'_>, ctx: &Context) -> Result<Vec<f64>> {
    let n = search.outgoing.num_rows();
    let _state = ctx.memory().reserve(8 * n as u64, "distances")?;
    let mut distances = vec![f64::INFINITY; n];
    let mut heap = Heap::default();
    for source in search.sources {
        distances[*source as usize] = 0.0;
        heap.push(0.0, *source);
    }
    let (mut steps, mut settled) = (0usize, 0usize);
    let mut heap_bytes = 0;
    let mut _heap = None;
    while let Some((distance, vertex)) = heap.pop() {
        if steps.is_multiple_of(LOOK) {
            ctx.check()?;
            ctx.progress(settled as f64 / n as f64);
        }
        steps += 1;
        if distance > distances[vertex as usize] {
            continue;
        }
        // Not before all that is as near as the last target is settled too.
        if goal.reached(|target| distances[target as usize] < distance) {
            break;
        }
        settled += 1;
        search.lengths.for_each(search.outgoing, vertex as usize, |neighbour, length| {
            let through = distance + length;
            let known = &mut distances[neighbour as usize];
            if through < *known {
                *known = through;
                heap.push(through, neighbour);
            }
        });
        let bytes = size_of_val(heap.0.as_slice()) as u64;
        if bytes > heap_bytes {
            heap_bytes = 2 * bytes;
            _heap = None;
            _heap = Some(ctx.memory().reserve(heap_bytes, "heap")?);
        }
    }
    Ok(distances)
}

/// Vertices by distance, least first; of equal distances any.
#[derive(Default)]
struct Heap(Vec<(f64, u32)>);

impl Heap {
    const CHILDREN: usize = 4;

    fn push(&mut self, distance: f64, vertex: u32) {
        let mut at = self.0.len();
        self.0.push((distance, vertex));
        while at > 0 {
            let parent = (at - 1) / Self::CHILDREN;
            if self.0[parent].0 <= distance {
                break;
            }
            self.0[at] = self.0[parent];
            at = parent;
        }
        self.0[at] = (distance, vertex);
    }

    fn pop(&mut self) -> Option<(f64, u32)> {
        let last = self.0.pop()?;
        let Some(first) = self.0.first().copied() else { return Some(last) };
        // The hole goes down to where the last one fits.
        let (mut at, len) = (0, self.0.len());
        loop {
            let children = at * Self::CHILDREN + 1;
            let end = len.min(children + Self::CHILDREN);
            let Some(least) = (children..end).min_by(|a, b| self.0[*a].0.total_cmp(&self.0[*b].0)) else { break };
            if self.0[least].0 >= last.0 {
                break;
            }
            self.0[at] = self.0[least];
            at = least;
        }
        self.0[at] = last;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heap_gives_back_what_it_got_in_order() {
        let mut state = 7u64;
        for len in [0usize, 1, 2, 5, 6, 100, 1000] {
            let mut heap = Heap::default();
            let mut want = Vec::new();
            for vertex in 0..len as u32 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let distance = f64::from((state >> 56) as u32);
                heap.push(distance, vertex);
                want.push(distance);
            }
            want.sort_by(f64::total_cmp);
            let got: Vec<f64> = std::iter::from_fn(|| heap.pop()).map(|(distance, _)| distance).collect();
            assert_eq!(got, want);
        }
    }
}
