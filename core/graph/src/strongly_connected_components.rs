//! Strongly connected components.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::component_ids::component_ids;
use crate::connected_components;
use crate::graph::Graph;
use crate::result::batch;
use crate::strong_search::{Side, StrongSearch};
use crate::vertex_set::VertexSet;

/// The registry row.
pub static STRONGLY_CONNECTED_COMPONENTS: Kernel = Kernel {
    family: "graph",
    name: "strongly_connected_components",
    function: "pf_graph_strongly_connected_components",
    summary: "The strongly connected component of every vertex.",
    citation: "D. J. Pearce, A space-efficient algorithm for finding strongly connected components, Inf. Process. Lett. \
               116 (2016), doi:10.1016/j.ipl.2015.08.010; the largest component first, in parallel: L. K. Fleischer, B. \
               Hendrickson, A. Pınar, On identifying strongly connected components in parallel, IPDPS'00, \
               doi:10.1007/3-540-45591-4_68.",
    params: &[],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column {
            name: "component_id",
            kind: "int64",
            doc: "Its component: 0, 1, … in the order of each component's first vertex.",
        },
    ],
};

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// Edges plus vertices below which the sequential search alone is quicker.
const SMALL: usize = 1 << 19;

/// Edges that are looked at to find the vertex to begin with.
const SAMPLES: usize = 1024;

/// Vertices this far apart are near: what the search knows of them fits a first-level cache.
const NEAR: usize = 1 << 13;

/// The most sweeps that follow edges: with more, the graph has a diameter for which a depth-first search is quicker.
const REACH_SWEEPS: usize = 32;

/// The most sweeps for members; what they leave over is searched.
const SWEEPS: usize = 8;

/// The strongly connected component of every vertex, two vertices being in the same one if each can be reached from
/// the other: columns `vertex`, `component_id`, a row per vertex; metadata `parquetframe.components`.
///
/// In an undirected graph these are the connected components. The outgoing edges are enough: incoming edges are neither
/// used nor built. Time O(vertices + edges). Deterministic: which vertices are in one component does not depend on the
/// order in which they are found, and components are numbered by their first vertices.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn strongly_connected_components(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&STRONGLY_CONNECTED_COMPONENTS)?;
    let (ids, count) = component_column(graph, ctx)?;
    batch(
        vec![("vertex", graph.vertex_ids(ctx)?), ("component_id", Arc::new(ids))],
        &[("components", count.to_string())],
    )
}

/// The component of every vertex, and how many there are.
pub(crate) fn component_column(graph: &Graph, ctx: &Context) -> Result<(Int64Array, u64)> {
    if !graph.is_directed() {
        return connected_components::component_column(graph, ctx);
    }
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    if graph.num_vertices() + outgoing.targets().len() < SMALL {
        return search_all(&outgoing, ctx);
    }
    match Giant::find(&outgoing, ctx)? {
        Some(giant) => search_rest(&outgoing, &giant, ctx),
        None => search_all(&outgoing, ctx),
    }
}

/// The components by the sequential search alone.
fn search_all(outgoing: &Adjacency, ctx: &Context) -> Result<(Int64Array, u64)> {
    let n = outgoing.num_rows();
    let mut search = StrongSearch::new(outgoing, ctx)?;
    for vertex in 0..n as u32 {
        if !search.seen(vertex) {
            search.visit(vertex, |_| Side::Inside)?;
        }
        if (vertex as usize).is_multiple_of(TASK) {
            ctx.progress(0.9 * f64::from(vertex) / n as f64);
        }
    }
    component_ids(n, |v| search.least(v) == v, |v| search.least(v), ctx)
}

/// The components, once most of the largest is known.
fn search_rest(outgoing: &Adjacency, giant: &Giant, ctx: &Context) -> Result<(Int64Array, u64)> {
    let n = outgoing.num_rows();
    let mut search = StrongSearch::new(outgoing, ctx)?;
    let Giant { reached, members, trimmed } = giant;
    ctx.progress(0.6);
    // What is left of the vertices that can be reached from the giant: one that reaches back belongs to it.
    let side = |target| match () {
        () if members.contains(target) => Side::Root,
        () if trimmed.contains(target) => Side::Done,
        () => Side::Inside,
    };
    for vertex in rest(n, |i| reached.word(i) & !members.word(i) & !trimmed.word(i)) {
        if !search.seen(vertex) {
            search.visit(vertex, side)?;
        }
    }
    search.take_open(|vertex| {
        members.insert(vertex);
    });
    ctx.progress(0.7);
    // And of the others: an edge to what can be reached from the giant is never on a cycle.
    let side = |target| if reached.contains(target) || trimmed.contains(target) { Side::Done } else { Side::Inside };
    for vertex in rest(n, |i| !reached.word(i) & !trimmed.word(i)) {
        if !search.seen(vertex) {
            search.visit(vertex, side)?;
        }
    }
    ctx.progress(0.9);
    let first = members.first().unwrap_or_default();
    let least = |v| if members.contains(v) { first } else { search.least(v) };
    component_ids(n, |v| least(v) == v, least, ctx)
}

/// The vertices below `n` whose bits are set in the words.
fn rest(n: usize, word: impl Fn(usize) -> u64) -> impl Iterator<Item = u32> {
    let bits = (0..n.div_ceil(64)).flat_map(move |i| {
        let mut left = word(i);
        std::iter::from_fn(move || {
            let bit = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (bit < 64).then_some(i as u32 * 64 + bit)
        })
    });
    bits.take_while(move |v| (*v as usize) < n)
}

/// The component of a vertex that most likely is in the largest.
struct Giant {
    /// All that can be reached from it.
    reached: VertexSet,
    /// Vertices that can be reached and reach back; perhaps not all of them.
    members: VertexSet,
    /// Vertices that were found to be components of their own.
    trimmed: VertexSet,
}

impl Giant {
    /// Looks for the component in parallel, within bounds: the result need not be complete, and is nothing for a graph
    /// of high diameter. What is left out depends on the order of the threads; the components do not.
    fn find(outgoing: &Adjacency, ctx: &Context) -> Result<Option<Self>> {
        let Some(pivot) = pivot(outgoing) else { return Ok(None) };
        let tasks = word_stretches(outgoing);
        let Some(giant) = Self::begin(outgoing, pivot, &tasks, ctx)? else { return Ok(None) };
        ctx.progress(0.3);
        let mut before = 1;
        for sweep in 0..SWEEPS {
            let (found, left) = giant.sweep(outgoing, &tasks, sweep % 2 == 1, ctx)?;
            // Members are few at first and then come in numbers that grow by a factor.
            if left == 0 || (found < left / 8 && found < 2 * before) {
                break;
            }
            before = found;
        }
        Ok(Some(giant))
    }

    /// All that can be reached from a vertex, itself the only member yet; nothing if the search takes too many steps.
    fn begin(outgoing: &Adjacency, pivot: u32, tasks: &[Range<usize>], ctx: &Context) -> Result<Option<Self>> {
        let n = outgoing.num_rows();
        let Some(reached) = reach(outgoing, pivot, tasks, ctx)? else { return Ok(None) };
        let giant = Self { reached, members: VertexSet::new(n, ctx)?, trimmed: VertexSet::new(n, ctx)? };
        giant.members.insert(pivot);
        Ok(Some(giant))
    }

    /// Looks once at every vertex that is neither member nor trimmed. Members spread against the direction of the
    /// edges, so a vertex looks at its outgoing edges for one; incoming edges are not needed. Returns how many vertices
    /// found their component, and how many did not. A sweep that goes backwards finds in one go what one that goes
    /// forwards would find a vertex at a time.
    fn sweep(
        &self,
        outgoing: &Adjacency,
        tasks: &[Range<usize>],
        backwards: bool,
        ctx: &Context,
    ) -> Result<(usize, usize)> {
        let n = outgoing.num_rows();
        let counts = ctx.map(tasks.len(), |t| {
            let (mut found, mut left) = (0, 0);
            for i in words(tasks, t, backwards) {
                let mut open = !self.members.word(i) & !self.trimmed.word(i);
                if n - i * 64 < 64 {
                    open &= (1 << (n - i * 64)) - 1;
                }
                while open != 0 {
                    let bit = if backwards { 63 - open.leading_zeros() } else { open.trailing_zeros() };
                    open &= !(1 << bit);
                    match self.settle(i as u32 * 64 + bit, outgoing) {
                        true => found += 1,
                        false => left += 1,
                    }
                }
            }
            Ok((found, left))
        })?;
        Ok(counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1)))
    }

    /// Whether the neighbours of a vertex tell its component; if so, it is made a member or trimmed.
    fn settle(&self, vertex: u32, outgoing: &Adjacency) -> bool {
        let row = outgoing.row(vertex as usize);
        let alone = |w: &u32| *w == vertex || self.trimmed.contains(*w);
        if !self.reached.contains(vertex) {
            // From what is reached no edge leads back.
            return row.iter().all(|w| self.reached.contains(*w) || alone(w)) && self.trimmed.insert(vertex);
        }
        if row.iter().any(|w| self.members.contains(*w)) {
            return self.members.insert(vertex);
        }
        row.iter().all(alone) && self.trimmed.insert(vertex)
    }
}

/// A vertex with many outgoing and incoming edges: the latter are counted in an even sample of the edges. Nothing if most
/// edges lead to near vertices, as in lattices and crawls: there the sequential search stays in the cache, and what can be
/// reached takes many sweeps.
fn pivot(outgoing: &Adjacency) -> Option<u32> {
    let (targets, offsets) = (outgoing.targets(), outgoing.offsets());
    let mut sample = Vec::with_capacity(SAMPLES);
    let (mut near, distance) = (0, NEAR.min(outgoing.num_rows() / 64));
    for edge in (0..targets.len()).step_by(targets.len().div_ceil(SAMPLES).max(1)) {
        let source = offsets.partition_point(|offset| *offset <= edge as u64) - 1;
        near += usize::from(source.abs_diff(targets[edge] as usize) < distance);
        sample.push(targets[edge]);
    }
    if near * 2 > sample.len() {
        return None;
    }
    sample.sort_unstable();
    let score = |run: &&[u32]| run.len() as u128 * outgoing.range(run[0] as usize).len() as u128;
    // Of equal ones the least: `max_by_key` takes the last.
    sample.chunk_by(|a, b| a == b).rev().max_by_key(score).and_then(|run| run.first().copied())
}

/// What can be reached from a vertex; nothing if that takes too many sweeps.
///
/// Every vertex that was reached follows its edges once, in the order of the rows: that streams through memory, where
/// the frontier of a breadth-first search jumps.
fn reach(outgoing: &Adjacency, start: u32, tasks: &[Range<usize>], ctx: &Context) -> Result<Option<VertexSet>> {
    let n = outgoing.num_rows();
    let (reached, followed) = (VertexSet::new(n, ctx)?, VertexSet::new(n, ctx)?);
    reached.insert(start);
    for sweep in 0..REACH_SWEEPS {
        let found = ctx.map(tasks.len(), |t| {
            let mut found = false;
            for i in words(tasks, t, sweep % 2 == 1) {
                let mut done = followed.word(i);
                loop {
                    let next = reached.word(i) & !done;
                    if next == 0 {
                        break;
                    }
                    let vertex = i * 64 + next.trailing_zeros() as usize;
                    outgoing.row(vertex).iter().for_each(|w| found |= reached.insert(*w));
                    done |= next & next.wrapping_neg();
                }
                followed.set_word(i, done);
            }
            Ok(found)
        })?;
        if !found.contains(&true) {
            return Ok(Some(reached));
        }
    }
    Ok(None)
}

/// Stretches of about equal work in words of 64 vertices, so that no two tasks share a word.
fn word_stretches(outgoing: &Adjacency) -> Vec<Range<usize>> {
    let tasks = outgoing.stretches(TASK);
    let words = tasks.iter().map(|task| task.start.div_ceil(64)..task.end.div_ceil(64));
    words.filter(|words| !words.is_empty()).collect()
}

/// The words of the `t`-th task from the start, or from the end.
fn words(tasks: &[Range<usize>], t: usize, backwards: bool) -> impl Iterator<Item = usize> {
    let task = if backwards { &tasks[tasks.len() - 1 - t] } else { &tasks[t] };
    let (first, last) = (task.start, task.end - 1);
    (0..task.len()).map(move |i| if backwards { last - i } else { first + i })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, RecordBatchIterator};
    use pf_base::{StreamSource, Value};
    use proptest::prelude::*;

    use crate::edges::EdgeInput;

    fn rows(edges: &[(i64, i64)], n: i64, ctx: &Context) -> Adjacency {
        let column = |ids: Vec<i64>| Arc::new(Int64Array::from(ids)) as ArrayRef;
        let (source, target) = edges.iter().copied().unzip();
        let edges = RecordBatch::try_from_iter([("source", column(source)), ("target", column(target))]).unwrap();
        let schema = edges.schema();
        let mut edges = StreamSource::new(RecordBatchIterator::new([Ok(edges)], schema));
        let options = Options::default().with("num_vertices", Value::I64(n));
        let input = EdgeInput::collect(&mut edges, "source", "target", None, &options, ctx).unwrap();
        Graph::build(input, ctx).unwrap().adjacency(Orientation::Out, ctx).unwrap()
    }

    proptest! {
        /// Whatever the parallel part leaves over, be it nothing or nearly everything.
        #[test]
        fn both_ways_find_the_same((n, edges) in (1..150i64).prop_flat_map(|n| {
            (Just(n), prop::collection::vec((0..n, 0..n), 0..300))
        }), pivot in 0..150u32, sweeps in 0..4usize) {
            for threads in [1, 2, 7] {
                let ctx = Context::default().with_threads(threads);
                let rows = rows(&edges, n, &ctx);
                let want = search_all(&rows, &ctx).unwrap();
                if let Some(giant) = Giant::find(&rows, &ctx).unwrap() {
                    prop_assert_eq!(&search_rest(&rows, &giant, &ctx).unwrap(), &want);
                }
                let tasks: Vec<_> = (0..rows.num_rows().div_ceil(64)).map(|i| i..i + 1).collect();
                let giant = Giant::begin(&rows, pivot % n as u32, &tasks, &ctx).unwrap().unwrap();
                for sweep in 0..sweeps {
                    giant.sweep(&rows, &tasks, sweep % 2 == 1, &ctx).unwrap();
                }
                prop_assert_eq!(&search_rest(&rows, &giant, &ctx).unwrap(), &want);
            }
        }
    }

    #[test]
    fn some_graphs_are_left_to_the_search() {
        let ctx = Context::default();
        let none = |edges: &[(i64, i64)]| Giant::find(&rows(edges, 4000, &ctx), &ctx).unwrap().is_none();
        // Without edges; of high diameter, with edges to near vertices and to far ones.
        assert!(none(&[]));
        assert!(none(&(0..4000).map(|v| (v, (v + 1) % 4000)).collect::<Vec<_>>()));
        assert!(none(&(0..4000).map(|v| (v, (v + 1663) % 4000)).collect::<Vec<_>>()));
    }

    #[test]
    fn the_search_begins_where_most_paths_meet() {
        let ctx = Context::default();
        let star: Vec<(i64, i64)> = (0..20).flat_map(|v| [(v, 20), (20, v), (v, 21)]).collect();
        assert_eq!(pivot(&rows(&star, 22, &ctx)), Some(20));
    }
}
