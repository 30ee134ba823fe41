//! Frontiers of searches.

use crate::adjacency::Adjacency;

/// Edges plus vertices of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// The edges that leave the vertices of a frontier, plus one for each vertex.
pub(crate) fn work(frontier: &[u32], rows: &Adjacency) -> usize {
    frontier.iter().map(|v| rows.range(*v as usize).len() + 1).sum()
}

/// Cuts a frontier into pieces of about equal work, not of equally many vertices: one hub may have more edges than all
/// the others.
pub(crate) fn pieces<'a>(frontier: &'a [u32], rows: &Adjacency) -> Vec<&'a [u32]> {
    let (mut pieces, mut start, mut work) = (Vec::new(), 0, 0);
    for (i, vertex) in frontier.iter().enumerate() {
        work += rows.range(*vertex as usize).len() + 1;
        if work >= TASK || i + 1 == frontier.len() {
            pieces.push(&frontier[start..=i]);
            (start, work) = (i + 1, 0);
        }
    }
    pieces
}
