//! Cycles.

use arrow_array::{ArrayRef, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::ids::{self, Integers, Kind, Texts};
use crate::result::{batch, ids_of};
use crate::stack::Stack;
use crate::vertex_set::VertexSet;

/// The registry row.
pub static FIND_CYCLE: Kernel = Kernel {
    family: "graph",
    name: "find_cycle",
    function: "pf_graph_find_cycle",
    summary: "A cycle, if there is one.",
    citation: "",
    params: &[],
    columns: &[Column {
        name: "vertex",
        kind: "id",
        doc: "The vertices of one cycle in its order, the first not repeated at the end; none if there is no cycle.",
    }],
};

/// Steps between two looks at the context, well below 10 ms.
const STEPS: usize = 1 << 18;

/// Finds a cycle: column `vertex`, a row per vertex of the cycle in its order, the first not repeated at the end; no row
/// if there is none; metadata `parquetframe.acyclic` ("true" or "false").
///
/// It is the first cycle that a depth-first search closes, which begins at every vertex in vertex order and visits
/// neighbours in vertex order: the path of the search from the vertex that the closing edge leads to. In a directed
/// graph a cycle follows the direction of the edges. In an undirected graph no edge is used twice. A self loop is a cycle of
/// one vertex; two parallel edges of an undirected graph are a cycle of two, as are two opposite edges of a directed
/// graph. Time O(vertices + edges), less if a cycle is found early; on one thread. Deterministic.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn find_cycle(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&FIND_CYCLE)?;
    ctx.check()?;
    let cycle = first_cycle(graph, ctx)?;
    let vertices = ids_of(&graph.vertex_ids(ctx)?, &cycle)?;
    batch(vec![("vertex", vertices)], &[("acyclic", cycle.is_empty().to_string())])
}

/// The cycle of [`find_cycle`]; empty if there is none.
pub(crate) fn first_cycle(graph: &Graph, ctx: &Context) -> Result<Vec<u32>> {
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let n = outgoing.num_rows();
    let mut search = Search {
        rows: &outgoing,
        directed: graph.is_directed(),
        seen: VertexSet::new(n, ctx)?,
        on_path: VertexSet::new(n, ctx)?,
        path: Stack::new("search path", ctx),
        steps: 0,
        ctx,
    };
    for root in 0..n as u32 {
        if let Some(first) = search.visit(root)? {
            // Only the path knows how long the cycle is, and it has as much memory as the copy at least.
            let start = search.path.iter().rposition(|step| step.vertex == first).unwrap_or(0);
            return Ok(search.path[start..].iter().map(|step| step.vertex).collect());
        }
    }
    Ok(Vec::new())
}

/// A depth-first search for an edge that leads back to its path.
struct Search<'a> {
    rows: &'a Adjacency,
    directed: bool,
    seen: VertexSet,
    on_path: VertexSet,
    /// The path, with the vertex that is visited on top.
    path: Stack<Step>,
    steps: usize,
    ctx: &'a Context,
}

/// A vertex on the path.
struct Step {
    vertex: u32,
    /// Whether the edge to the vertex before it, which stands in its row too, is still to come.
    skip: bool,
    /// How far its row was looked at.
    next: u64,
}

impl Search<'_> {
    /// Visits what can be reached from a root. At the first edge that closes a cycle it returns where the edge leads to
    /// and leaves the path as it is.
    fn visit(&mut self, root: u32) -> Result<Option<u32>> {
        if !self.seen.insert_alone(root) {
            return Ok(None);
        }
        self.enter(root)?;
        let targets = self.rows.targets();
        while let Some(depth) = self.path.len().checked_sub(1) {
            let above = depth.checked_sub(1).map(|d| self.path[d].vertex);
            let step = &mut self.path[depth];
            let end = self.rows.range(step.vertex as usize).end;
            let start = step.next as usize;
            let mut at = start;
            let mut found = None;
            while at < end {
                let target = targets[at];
                at += 1;
                if self.seen.insert_alone(target) {
                    found = Some(target);
                    break;
                }
                if self.directed {
                    if self.on_path.contains(target) {
                        return Ok(Some(target));
                    }
                } else if step.skip && Some(target) == above {
                    step.skip = false;
                } else {
                    // Whatever was visited and left before is not connected by an edge: that would have been followed.
                    return Ok(Some(target));
                }
            }
            step.next = at as u64;
            self.steps += at - start + 1;
            if self.steps >= STEPS {
                self.steps = 0;
                self.ctx.check()?;
            }
            match found {
                Some(target) => self.enter(target)?,
                None => {
                    if let Some(step) = self.path.pop() {
                        self.on_path.remove_alone(step.vertex);
                    }
                }
            }
        }
        Ok(None)
    }

    fn enter(&mut self, vertex: u32) -> Result<()> {
        self.on_path.insert_alone(vertex);
        let next = self.rows.range(vertex as usize).start as u64;
        self.path.push(Step { vertex, skip: !self.directed, next })
    }
}

/// Vertices of a cycle that a message shows.
const SHOWN: usize = 10;

/// A cycle by the ids of its vertices, for messages: `1 -> 2 -> 1`.
pub(crate) fn show_cycle(graph: &Graph, cycle: &[u32], ctx: &Context) -> Result<String> {
    let shown = ids_of(&graph.vertex_ids(ctx)?, &cycle[..cycle.len().min(SHOWN)])?;
    let mut ids = show_ids(&shown)?;
    let more = if cycle.len() > SHOWN { Some("…".to_owned()) } else { None };
    let first = ids.first().cloned();
    ids.extend(more);
    ids.extend(first);
    Ok(ids.join(" -> "))
}

/// Ids as messages show them: text in quotes.
fn show_ids(ids: &ArrayRef) -> Result<Vec<String>> {
    match ids::kind_of(ids.data_type(), "vertex")? {
        Kind::Integer => {
            let values = Integers::new(ids, "vertex")?;
            Ok((0..values.len()).map(|i| values.value(i).to_string()).collect())
        }
        Kind::Text => {
            let values = Texts::new(ids, "vertex")?;
            Ok((0..values.len()).map(|i| format!("'{}'", String::from_utf8_lossy(values.value(i)))).collect())
        }
    }
}
