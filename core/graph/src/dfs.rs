//! Depth-first search.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow_buffer::NullBuffer;
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Error, Options, Reservation, Result, TrackedVec};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::result::{batch_with_nulls, ids_of};
use crate::stack::Stack;
use crate::vertex_set::VertexSet;
use crate::vertices::NONE;

/// The registry row.
pub static DFS: Kernel = Kernel {
    family: "graph",
    name: "dfs",
    function: "pf_graph_dfs",
    summary: "The order in which a depth-first search enters and leaves every vertex.",
    citation: "",
    params: &[
        Param {
            name: "max_depth",
            kind: Kind::I64,
            default: None,
            doc: "The search does not go deeper below its root; at least 0.",
        },
        Param {
            name: "forest",
            kind: Kind::Bool,
            default: Some(Literal::Bool(false)),
            doc: "True goes on from every vertex that was not reached, in vertex order; sources may be left out then.",
        },
        Param {
            name: "reached_only",
            kind: Kind::Bool,
            default: Some(Literal::Bool(false)),
            doc: "True leaves out the rows of vertices that were not reached.",
        },
    ],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column {
            name: "predecessor",
            kind: "id",
            doc: "The vertex it was reached from; null for the roots of trees and where not reached.",
        },
        Column {
            name: "discovery_time",
            kind: "int64",
            doc: "When it was entered, by a clock that counts all entering and leaving from 0 on; null where not reached.",
        },
        Column {
            name: "finish_time",
            kind: "int64",
            doc: "When it was left, by the same clock; null where not reached.",
        },
        Column {
            name: "component_id",
            kind: "int64",
            doc: "Its tree: 0, 1, … in the order of the roots; null where not reached.",
        },
    ],
};

/// Steps between two looks at the context, well below 10 ms.
const STEPS: usize = 1 << 18;

/// Enters every vertex that can be reached from the sources, children before siblings: columns `vertex`, `predecessor`,
/// `discovery_time`, `finish_time`, `component_id`, a row per vertex; metadata `parquetframe.trees`.
///
/// Sources are the roots of trees, in the order given; one that an earlier tree has reached is no root. Neighbours are
/// visited in vertex order. A vertex at `max_depth` is entered, its neighbours are not, at least not from there: they may be
/// reached on another way, or become roots in a forest. Time O(vertices + edges), on one thread: which vertex a
/// depth-first search in a given order enters next depends on all that it entered before. Without recursion: a path
/// may be as long as the graph. Deterministic.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no source outside a forest, an unknown or null source,
/// a negative depth; [`Code::Type`](pf_base::Code::Type) for sources of another type;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn dfs(graph: &Graph, sources: Option<&ArrayRef>, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let options = options.bind(&DFS)?;
    let max_depth = match options.opt_i64("max_depth") {
        None => usize::MAX,
        Some(depth) => usize::try_from(depth)
            .map_err(|_| Error::invalid_argument(format!("max_depth must be non-negative, not {depth}")))?,
    };
    let (forest, reached_only) = (options.bool("forest")?, options.bool("reached_only")?);
    let sources = sources.map(|sources| graph.find_vertices(sources, "sources")).transpose()?.unwrap_or_default();
    if sources.is_empty() && !forest {
        return Err(Error::invalid_argument("sources: at least one source vertex must be specified"));
    }

    ctx.check()?;
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let n = outgoing.num_rows();
    let mut search = Search::new(&outgoing, max_depth, ctx)?;
    for root in sources {
        search.visit(root)?;
    }
    for root in 0..if forest { n as u32 } else { 0 } {
        search.visit(root)?;
    }

    let ids = graph.vertex_ids(ctx)?;
    let trees = search.trees;
    let bits = search.seen.into_bits(n);
    let nulls = Some(NullBuffer::new(bits.clone())).filter(|nulls| nulls.null_count() > 0);
    let integers =
        |values: TrackedVec<i64>| -> ArrayRef { Arc::new(Int64Array::new(values.into_vec().into(), nulls.clone())) };
    let columns = vec![
        ("vertex", ids.clone()),
        ("predecessor", ids_of(&ids, &search.predecessors)?),
        ("discovery_time", integers(search.discovered)),
        ("finish_time", integers(search.finished)),
        ("component_id", integers(search.tree)),
    ];
    let nullable = ["predecessor", "discovery_time", "finish_time", "component_id"];
    let all = batch_with_nulls(columns, &nullable, &[("trees", trees.to_string())])?;
    if reached_only && nulls.is_some() {
        return Ok(arrow_select::filter::filter_record_batch(&all, &BooleanArray::new(bits, None))?);
    }
    Ok(all)
}

/// A search, and what it has found.
struct Search<'a> {
    rows: &'a Adjacency,
    max_depth: usize,
    seen: VertexSet,
    predecessors: Vec<u32>,
    _predecessors: Reservation,
    discovered: TrackedVec<i64>,
    finished: TrackedVec<i64>,
    tree: TrackedVec<i64>,
    trees: i64,
    clock: i64,
    /// The vertices above the one that is visited, and how far their rows were looked at.
    path: Stack<(u32, u64)>,
    steps: usize,
    ctx: &'a Context,
}

impl<'a> Search<'a> {
    fn new(rows: &'a Adjacency, max_depth: usize, ctx: &'a Context) -> Result<Self> {
        let n = rows.num_rows();
        let reservation = ctx.memory().reserve(4 * n as u64, "predecessors")?;
        Ok(Self {
            rows,
            max_depth,
            seen: VertexSet::new(n, ctx)?,
            predecessors: vec![NONE; n],
            _predecessors: reservation,
            discovered: ctx.zeroed(n, "discovery times")?,
            finished: ctx.zeroed(n, "finish times")?,
            tree: ctx.zeroed(n, "trees")?,
            trees: 0,
            clock: 0,
            path: Stack::new("search path", ctx),
            steps: 0,
            ctx,
        })
    }

    /// Visits the tree below a root, unless that was reached before.
    fn visit(&mut self, root: u32) -> Result<()> {
        if !self.seen.insert_alone(root) {
            return Ok(());
        }
        let targets = self.rows.targets();
        let mut vertex = root;
        let mut range = self.enter(root);
        loop {
            let before = range.start;
            let mut found = None;
            while range.start < range.end {
                let target = targets[range.start];
                range.start += 1;
                if self.seen.insert_alone(target) {
                    found = Some(target);
                    break;
                }
            }
            self.steps += range.start - before + 1;
            if self.steps >= STEPS {
                self.steps = 0;
                self.ctx.check()?;
                self.ctx.progress(self.clock as f64 / (2 * self.rows.num_rows()) as f64);
            }
            if let Some(target) = found {
                self.path.push((vertex, range.start as u64))?;
                self.predecessors[target as usize] = vertex;
                vertex = target;
                range = self.enter(target);
                continue;
            }
            self.finished[vertex as usize] = self.clock;
            self.clock += 1;
            let Some((above, next)) = self.path.pop() else { break };
            vertex = above;
            range = next as usize..self.rows.range(above as usize).end;
        }
        self.trees += 1;
        Ok(())
    }

    /// Enters a vertex; returns which of its edges are to be followed.
    fn enter(&mut self, vertex: u32) -> std::ops::Range<usize> {
        self.discovered[vertex as usize] = self.clock;
        self.tree[vertex as usize] = self.trees;
        self.clock += 1;
        if self.path.len() >= self.max_depth { 0..0 } else { self.rows.range(vertex as usize) }
    }
}
