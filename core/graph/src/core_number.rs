//! Core numbers.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, INLINE_WORK, Options, Result};

use crate::adjacency::{Adjacency, split_mut};
use crate::graph::Graph;
use crate::result::batch;
use crate::simple::Simple;

/// The registry row.
pub static CORE_NUMBER: Kernel = Kernel {
    family: "graph",
    name: "core_number",
    function: "pf_graph_core_number",
    summary: "The greatest k for which a vertex is in the k-core, the largest part in which all have k neighbours.",
    citation: "S. B. Seidman, Network structure and minimum degree, Social Networks 5 (1983), \
               doi:10.1016/0378-8733(83)90028-X; peeled by level as in N. S. Dasari, R. Desh, M. Zubair, ParK: an efficient \
               algorithm for k-core decomposition on multicore processors, IEEE Big Data 2014, \
               doi:10.1109/BigData.2014.7004366.",
    params: &[],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column { name: "core_number", kind: "int64", doc: "Its core number; 0 without neighbours." },
    ],
};

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 15;

/// The core number of every vertex: columns `vertex`, `core_number`; metadata `parquetframe.degeneracy`, the greatest of
/// them. Direction is ignored; loops and parallel edges are dropped. Time O(vertices + edges): a level looks at all vertices
/// that are left, which have at least that many neighbours each. Memory 16 bytes per vertex. Deterministic.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn core_number(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&CORE_NUMBER)?;
    let simple = Simple::of(graph, ctx)?;
    let n = simple.num_rows();
    let tasks: Vec<Range<usize>> = (0..n.div_ceil(TASK)).map(|t| t * TASK..n.min((t + 1) * TASK)).collect();

    let degrees = ctx.zeroed::<AtomicU32>(n, "degrees")?;
    ctx.map(tasks.len(), |t| {
        tasks[t].clone().for_each(|v| degrees[v].store(simple.range(v).len() as u32, Relaxed));
        Ok(())
    })?;
    let degeneracy = Peeling { graph: &simple, degrees: &degrees }.run(ctx)?;

    let mut cores = ctx.zeroed::<i64>(n, "core numbers")?;
    ctx.for_each(split_mut(&mut cores, tasks.iter().map(Range::len)), |t, cores| {
        cores.iter_mut().zip(&degrees[tasks[t].clone()]).for_each(|(core, d)| *core = i64::from(d.load(Relaxed)));
        Ok(())
    })?;
    let cores = Int64Array::from(cores.into_vec());
    batch(
        vec![("vertex", graph.vertex_ids(ctx)?), ("core_number", Arc::new(cores))],
        &[("degeneracy", degeneracy.to_string())],
    )
}

/// Vertices are taken away level by level: at level k those of degree k, and those whose degree falls to k thereby. A
/// degree never falls below the level at hand, so that what is left in `degrees` is the core number.
struct Peeling<'a> {
    graph: &'a Adjacency,
    degrees: &'a [AtomicU32],
}

impl Peeling<'_> {
    /// Returns the last level.
    fn run(&self, ctx: &Context) -> Result<u32> {
        let n = self.degrees.len();
        // A list, its parts and what becomes of them.
        let _lists = ctx.memory().reserve(12 * n as u64, "vertices of a level")?;
        let mut left: Vec<u32> = (0..n as u32).collect();
        let mut last = 0;
        let mut peeled = 0;
        while !left.is_empty() {
            let level = self.least(&left, ctx)?;
            let mut frontier;
            (frontier, left) = self.split(&left, level, ctx)?;
            while !frontier.is_empty() {
                peeled += frontier.len();
                frontier = self.peel(frontier, level, ctx)?;
            }
            last = level;
            ctx.progress(peeled as f64 / n as f64);
            // Those that fell to the level while it was peeled.
            left = self.split(&left, level, ctx)?.1;
        }
        Ok(last)
    }

    /// The least degree.
    fn least(&self, vertices: &[u32], ctx: &Context) -> Result<u32> {
        let least = |part: &[u32]| part.iter().map(|v| self.degrees[*v as usize].load(Relaxed)).min().unwrap_or(0);
        let parts: Vec<&[u32]> = vertices.chunks(TASK).collect();
        Ok(ctx.map(parts.len(), |p| Ok(least(parts[p])))?.into_iter().min().unwrap_or(0))
    }

    /// The vertices of a degree of at most `level`, and the others.
    fn split(&self, vertices: &[u32], level: u32, ctx: &Context) -> Result<(Vec<u32>, Vec<u32>)> {
        let parts: Vec<&[u32]> = vertices.chunks(TASK).collect();
        let parts = ctx.map(parts.len(), |p| {
            let low = |v: &u32| self.degrees[*v as usize].load(Relaxed) <= level;
            Ok(parts[p].iter().partition::<Vec<u32>, _>(|v| low(v)))
        })?;
        let (low, high): (Vec<Vec<u32>>, Vec<Vec<u32>>) = parts.into_iter().unzip();
        Ok((low.concat(), high.concat()))
    }

    /// Takes vertices of a level away. Returns those that fall to it thereby.
    fn peel(&self, mut frontier: Vec<u32>, level: u32, ctx: &Context) -> Result<Vec<u32>> {
        let edges = |v: u32| self.graph.range(v as usize).len() + 1;
        let work: usize = frontier.iter().map(|v| edges(*v)).sum();
        if ctx.threads() == 1 || (work as u64) < INLINE_WORK {
            ctx.check()?;
            // Alone, no neighbour can be missed between a look and a store.
            let mut next = Vec::new();
            for vertex in frontier.drain(..) {
                for neighbour in self.graph.row(vertex as usize) {
                    let degree = &self.degrees[*neighbour as usize];
                    let before = degree.load(Relaxed);
                    if before > level {
                        degree.store(before - 1, Relaxed);
                        if before == level + 1 {
                            next.push(*neighbour);
                        }
                    }
                }
            }
            return Ok(next);
        }
        let (mut parts, mut start, mut sum) = (Vec::new(), 0, 0);
        for (i, vertex) in frontier.iter().enumerate() {
            sum += edges(*vertex);
            if sum >= TASK || i + 1 == frontier.len() {
                parts.push(&frontier[start..=i]);
                (start, sum) = (i + 1, 0);
            }
        }
        let found = ctx.map(parts.len(), |p| {
            let mut next = Vec::new();
            for neighbour in parts[p].iter().flat_map(|v| self.graph.row(*v as usize)) {
                let degree = &self.degrees[*neighbour as usize];
                let lower = |d: u32| (d > level).then(|| d - 1);
                if degree.fetch_update(Relaxed, Relaxed, lower) == Ok(level + 1) {
                    next.push(*neighbour);
                }
            }
            Ok(next)
        })?;
        Ok(found.concat())
    }
}
