//! Bellman and Ford's search with a queue, for lengths that may be negative.

use pf_base::{Code, Context, Error, Result};

use super::Search;
use crate::vertices::NONE;

/// Vertices taken from the queue between two looks at the context.
const LOOK: usize = 1 << 12;

/// The distance of every vertex, infinite where not reached; or a cycle of negative length that the sources reach, in
/// the direction of its edges, from its least vertex on.
///
/// A vertex is queued when its distance falls. Every `vertices` falls the tree of the last ones is searched for a
/// cycle, which takes as long and finds every negative cycle soon after it closes.
pub(super) fn search(search: &Search<'_>, ctx: &Context) -> Result<std::result::Result<Vec<f64>, Vec<u32>>> {
    let n = search.outgoing.num_rows();
    let _state = ctx.memory().reserve(25 * n as u64, "distances, parents and queue")?;
    let mut distances = vec![f64::INFINITY; n];
    let mut parents = vec![NONE; n];
    let mut queued = vec![false; n];
    let (mut round, mut next) = (search.sources.to_vec(), Vec::new());
    for source in search.sources {
        distances[*source as usize] = 0.0;
        queued[*source as usize] = true;
    }
    let (mut steps, mut falls) = (0usize, 0usize);
    while !round.is_empty() {
        for vertex in round.drain(..) {
            if steps.is_multiple_of(LOOK) {
                ctx.check()?;
            }
            steps += 1;
            queued[vertex as usize] = false;
            let distance = distances[vertex as usize];
            search.lengths.for_each(search.outgoing, vertex as usize, |neighbour, length| {
                let (through, to) = (distance + length, neighbour as usize);
                if through < distances[to] {
                    distances[to] = through;
                    parents[to] = vertex;
                    falls += 1;
                    if !queued[to] {
                        queued[to] = true;
                        next.push(neighbour);
                    }
                }
            });
            if falls >= n {
                falls = 0;
                if let Some(cycle) = cycle(&parents) {
                    return Ok(Err(cycle));
                }
            }
        }
        std::mem::swap(&mut round, &mut next);
    }
    if distances.contains(&f64::NEG_INFINITY) {
        return Err(Error::new(Code::Arithmetic, "shortest_path: a distance is beyond the range of float64"));
    }
    Ok(Ok(distances))
}

/// A cycle among the parents, from its least vertex on.
fn cycle(parents: &[u32]) -> Option<Vec<u32>> {
    /// Not yet seen; numbers from 1 on tell from which start a vertex was seen.
    const UNSEEN: u32 = 0;
    let mut seen = vec![UNSEEN; parents.len()];
    for start in 0..parents.len() as u32 {
        let mut at = start;
        while at != NONE && seen[at as usize] == UNSEEN {
            seen[at as usize] = start + 1;
            at = parents[at as usize];
        }
        if at != NONE && seen[at as usize] == start + 1 {
            // Parents lead backwards.
            let mut cycle = vec![at];
            cycle.extend(
                std::iter::successors(Some(parents[at as usize]), |v| Some(parents[*v as usize]))
                    .take_while(|v| *v != at),
            );
            cycle.reverse();
            let least = cycle.iter().enumerate().min_by_key(|(_, v)| **v).map_or(0, |(i, _)| i);
            cycle.rotate_left(least);
            return Some(cycle);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_given_from_its_least_vertex_in_the_direction_of_its_edges() {
        // 4 -> 2 -> 3 -> 4, and 0 -> 1 -> 2.
        assert_eq!(cycle(&[NONE, 0, 4, 2, 3]), Some(vec![2, 3, 4]));
        assert_eq!(cycle(&[0]), Some(vec![0]));
        assert_eq!(cycle(&[NONE, 0, 1]), None);
        assert_eq!(cycle(&[]), None);
    }
}
