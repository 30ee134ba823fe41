//! Shortest paths from one or more sources.

mod bellman_ford;
mod buckets;
mod delta_stepping;
mod dijkstra;
mod keys;
mod predecessors;

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, UInt32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Code, Context, Error, INLINE_WORK, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::ids;
use crate::lengths::Lengths;
use crate::result::{batch, ids_of};
use crate::vertices::NONE;
use crate::weights::Extremes;

/// The option that names the weights.
pub(crate) const WEIGHT: Param = Param {
    name: "weight",
    kind: Kind::Str,
    default: None,
    doc: "The weight column, as the length of the edges; without it every edge is 1 long.",
};

/// The option that names the method.
pub(crate) const METHOD: Param = Param {
    name: "method",
    kind: Kind::Str,
    default: Some(Literal::Str("auto")),
    doc: "\"auto\", \"dijkstra\", \"delta_stepping\" or \"bellman_ford\"; the result is the same.",
};

/// The registry row.
pub static SHORTEST_PATH: Kernel = Kernel {
    family: "graph",
    name: "shortest_path",
    function: "pf_graph_shortest_path",
    summary: "The length of a shortest path from any source to every vertex.",
    citation: "Delta-stepping: U. Meyer, P. Sanders, Δ-stepping: a parallelizable shortest path algorithm, J. Algorithms \
               49(1), 2003, doi:10.1016/S0196-6774(03)00076-2, with the bucket fusion of Y. Zhang et al., Optimizing \
               ordered graph algorithms with GraphIt, CGO'20, doi:10.1145/3368826.3377909.",
    params: &[
        WEIGHT,
        METHOD,
        Param {
            name: "delta",
            kind: Kind::F64,
            default: None,
            doc: "The width of the buckets of delta-stepping, above 0; chosen from the weights if absent.",
        },
        Param {
            name: "predecessors",
            kind: Kind::Bool,
            default: Some(Literal::Bool(true)),
            doc: "False leaves out the column and the pass that makes it.",
        },
        Param {
            name: "reached_only",
            kind: Kind::Bool,
            default: Some(Literal::Bool(false)),
            doc: "True leaves out the rows of vertices that are not reached.",
        },
    ],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, in vertex order." },
        Column { name: "distance", kind: "float64", doc: "The length of a shortest path; null where not reached." },
        Column {
            name: "predecessor",
            kind: "id",
            doc: "The first in vertex order of the vertices before it on a shortest path; null for sources and where \
                  not reached.",
        },
    ],
};

/// Distances from the nearest of `sources`: columns `vertex`, `distance`, `predecessor`, a row per vertex; metadata
/// `parquetframe.method`, `.reached`.
///
/// A distance is the sum of the lengths along the path, added up from the source, the least over all paths. With
/// `targets` the search may end once all of them are reached: then the rows no farther than the farthest of them are
/// filled in, all others null.
///
/// The predecessor is the least in-neighbour that is strictly nearer and from which the edge makes up the difference;
/// between vertices of the same distance, which edges of length zero join, nearer is what has fewer of these edges
/// behind it. Where some length is negative, nearer is what has fewer edges on a shortest path from a source.
/// Predecessors never form a cycle.
///
/// The method "auto" is that of [`bfs`](crate::bfs()) where all edges are equally long (the metadata say "bfs"),
/// Bellman and Ford's where some length is negative, which no other takes, Dijkstra's on small graphs, else
/// delta-stepping, which alone uses several threads.
///
/// Time O(edges log edges) with Dijkstra's method, O(vertices edges) with Bellman and Ford's; delta-stepping takes
/// O(edges) where lengths are not too far apart. Memory about 20 bytes per vertex and 16 per edge that waits to be
/// followed; weights are read in their own type. The same bits for any method and number of threads: rounded addition
/// keeps the order of its operands, so the least distances are unique whatever the order in which they are found.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no source, an unknown or null vertex, an option out
/// of range, a weight column that the graph has not, an infinite weight, a negative weight with another method than
/// Bellman and Ford's, a negative cycle that a source reaches (the message shows it);
/// [`Code::Type`](pf_base::Code::Type) for vertices of another type;
/// [`Code::Arithmetic`](pf_base::Code::Arithmetic) for a distance beyond the range of float64;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn shortest_path(
    graph: &Graph,
    sources: &ArrayRef,
    targets: Option<&ArrayRef>,
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    let options = options.bind(&SHORTEST_PATH)?;
    let (want_predecessors, reached_only) = (options.bool("predecessors")?, options.bool("reached_only")?);
    let request = Request {
        weight: options.opt_str("weight"),
        method: Method::parse(options.str("method")?)?,
        delta: options.opt_f64("delta"),
        sources: graph.find_vertices(sources, "sources")?,
        targets: targets.map(|targets| graph.find_vertices(targets, "targets")).transpose()?,
    };
    let mut found = search(graph, &request, want_predecessors, ctx)?;
    found.cut();

    let reached = BooleanBuffer::collect_bool(found.distances.len(), |v| found.distances[v].is_finite());
    let reached = NullBuffer::new(reached);
    let count = reached.len() - reached.null_count();
    let rows: Option<UInt32Array> =
        (reached_only && count < reached.len()).then(|| reached.valid_indices().map(|v| v as u32).collect());
    let ids = graph.vertex_ids(ctx)?;
    let nulls = Some(reached).filter(|nulls| nulls.null_count() > 0);
    let mut columns: Vec<(&str, ArrayRef)> =
        vec![("vertex", ids.clone()), ("distance", Arc::new(Float64Array::new(found.distances.into(), nulls)))];
    if let Some(predecessors) = found.predecessors {
        columns.push(("predecessor", ids_of(&ids, &predecessors)?));
    }
    if let Some(rows) = rows {
        for (_, column) in &mut columns {
            *column = arrow_select::take::take(column, &rows, None).map_err(|e| Error::internal(e.to_string()))?;
        }
    }
    batch(columns, &[("method", found.method.to_owned()), ("reached", count.to_string())])
}

/// What is asked for, checked as far as no weight is needed.
pub(crate) struct Request<'a> {
    pub(crate) weight: Option<&'a str>,
    pub(crate) method: Method,
    pub(crate) delta: Option<f64>,
    pub(crate) sources: Vec<u32>,
    pub(crate) targets: Option<Vec<u32>>,
}

/// The method asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Auto,
    Dijkstra,
    DeltaStepping,
    BellmanFord,
}

impl Method {
    pub(crate) fn parse(name: &str) -> Result<Self> {
        match name {
            "auto" => Ok(Self::Auto),
            "dijkstra" => Ok(Self::Dijkstra),
            "delta_stepping" => Ok(Self::DeltaStepping),
            "bellman_ford" => Ok(Self::BellmanFord),
            other => Err(Error::invalid_argument(format!(
                "method must be 'auto', 'dijkstra', 'delta_stepping' or 'bellman_ford', not '{other}'"
            ))),
        }
    }
}

/// Shortest paths by vertex number.
pub(crate) struct Found {
    /// Infinite where not reached.
    pub(crate) distances: Vec<f64>,
    /// [`NONE`] for sources and where not reached.
    pub(crate) predecessors: Option<Vec<u32>>,
    /// The method that ran.
    pub(crate) method: &'static str,
    /// Where weights may be negative: the distance of the farthest target. What is farther away is still there, for a
    /// path may lead through it.
    beyond: Option<f64>,
}

impl Found {
    /// Leaves out what is farther away than the farthest target.
    fn cut(&mut self) {
        let Some(bound) = self.beyond else { return };
        for (v, distance) in self.distances.iter_mut().enumerate().filter(|(_, d)| **d > bound) {
            *distance = f64::INFINITY;
            self.predecessors.iter_mut().for_each(|all| all[v] = NONE);
        }
    }
}

/// A search from vertices along the edges.
struct Search<'a> {
    outgoing: &'a Adjacency,
    lengths: Lengths<'a>,
    sources: &'a [u32],
}

/// The targets that are not yet seen to be settled.
struct Goal<'a>(Option<&'a [u32]>);

impl Goal<'_> {
    /// Whether every target is `settled`.
    fn reached(&mut self, settled: impl Fn(u32) -> bool) -> bool {
        let Some(open) = &mut self.0 else { return false };
        while let [rest @ .., last] = *open
            && settled(*last)
        {
            *open = rest;
        }
        open.is_empty()
    }
}

/// Finds distances, and predecessors if they are wanted.
pub(crate) fn search(graph: &Graph, request: &Request<'_>, want_predecessors: bool, ctx: &Context) -> Result<Found> {
    let sources = &request.sources;
    if sources.is_empty() {
        return Err(Error::invalid_argument("sources: at least one source vertex must be specified"));
    }
    if request.targets.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::invalid_argument("targets: at least one target vertex must be specified"));
    }
    if let Some(delta) = request.delta
        && !(delta > 0.0 && delta.is_finite())
    {
        return Err(Error::invalid_argument(format!("delta must be positive and finite, not {delta}")));
    }
    if let Some(name) = request.weight
        && graph.weight() != Some(name)
    {
        return Err(Error::invalid_argument(format!("weight column '{name}' not found in graph edges")));
    }
    let weighted = request.weight.is_some();
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let extremes = match request.weight {
        Some(name) if !outgoing.targets().is_empty() => {
            let extremes = graph.weight_extremes(ctx)?;
            if extremes.least.is_infinite() || extremes.greatest.is_infinite() {
                return Err(Error::invalid_argument(format!("weight column '{name}' holds an infinite weight")));
            }
            extremes
        }
        _ => Extremes { least: 1.0, greatest: 1.0, whole: true },
    };
    let Extremes { least, greatest, .. } = extremes;
    let negative = least < 0.0;
    if let (true, Some(name), Method::Dijkstra | Method::DeltaStepping) = (negative, request.weight, request.method) {
        return Err(Error::invalid_argument(format!(
            "shortest_path: Dijkstra's algorithm requires non-negative edge weights; weight column '{name}' holds {least}"
        )));
    }

    let work = outgoing.targets().len() as u64 + graph.num_vertices() as u64;
    let method = match request.method {
        Method::Auto if negative => Method::BellmanFord,
        Method::Auto if least < greatest && work < INLINE_WORK => Method::Dijkstra,
        Method::Auto if least < greatest => Method::DeltaStepping,
        method => method,
    };
    let problem = Search { outgoing: &outgoing, lengths: Lengths::of(&outgoing, weighted)?, sources };
    let targets = request.targets.as_deref();
    let (mut distances, method) = match method {
        Method::Auto => (by_steps(graph, sources, targets.unwrap_or_default(), least, ctx)?, "bfs"),
        Method::Dijkstra => (dijkstra::search(&problem, Goal(targets), ctx)?, "dijkstra"),
        Method::DeltaStepping => {
            (delta_stepping::search(&problem, targets, &extremes, request.delta, ctx)?, "delta_stepping")
        }
        Method::BellmanFord => match bellman_ford::search(&problem, ctx)? {
            Ok(distances) => (distances, "bellman_ford"),
            Err(cycle) => return Err(negative_cycle(graph, &cycle, ctx)?),
        },
    };
    let bound = request.targets.iter().flatten().map(|t| distances[*t as usize]).fold(f64::NEG_INFINITY, f64::max);
    let cut = request.targets.is_some() && bound.is_finite();
    if cut && !negative {
        distances.iter_mut().filter(|d| **d > bound).for_each(|d| *d = f64::INFINITY);
    }
    // A path that is too long to be summed looks as if it were not there.
    if !(greatest * distances.len() as f64).is_finite() {
        check_range(&problem, &distances)?;
    }
    let predecessors = match want_predecessors {
        true => Some(predecessors::predecessors(graph, weighted, negative, &distances, sources, ctx)?),
        false => None,
    };
    let beyond = (cut && negative).then_some(bound);
    Ok(Found { distances, predecessors, method, beyond })
}

/// Distances where every edge is `step` long.
fn by_steps(graph: &Graph, sources: &[u32], targets: &[u32], step: f64, ctx: &Context) -> Result<Vec<f64>> {
    // Where steps have no length, vertices behind the targets are as near.
    let targets = if step > 0.0 { targets } else { &[] };
    let (steps, _) = crate::bfs::search(graph, sources, targets, crate::bfs::MAX_DEPTH, ctx)?;
    let _state = ctx.memory().reserve(8 * steps.len() as u64, "distances")?;
    // Added up step by step, as along any path: the product may differ in its last bits.
    let farthest = steps.iter().filter(|s| **s != NONE).max().copied().unwrap_or(0);
    let sums = std::iter::successors(Some(0.0), |sum| Some(sum + step));
    let sums: Vec<f64> = sums.take(farthest as usize + 1).collect();
    Ok(steps.into_iter().map(|s| sums.get(s as usize).copied().unwrap_or(f64::INFINITY)).collect())
}

/// Refuses an edge that leads from a finite distance to one beyond float64.
fn check_range(search: &Search<'_>, distances: &[f64]) -> Result<()> {
    let mut beyond = false;
    for (vertex, distance) in distances.iter().enumerate().filter(|(_, d)| d.is_finite()) {
        search.lengths.for_each(search.outgoing, vertex, |_, length| beyond |= (distance + length).is_infinite());
    }
    if beyond {
        return Err(Error::new(Code::Arithmetic, "shortest_path: a distance is beyond the range of float64"));
    }
    Ok(())
}

/// The error that shows a cycle by its ids.
fn negative_cycle(graph: &Graph, cycle: &[u32], ctx: &Context) -> Result<Error> {
    /// More than this many are cut short.
    const SHOWN: usize = 20;
    let all = graph.vertex_ids(ctx)?;
    let shown: UInt32Array = cycle.iter().chain(cycle.first()).take(SHOWN + 1).map(|v| Some(*v)).collect();
    let shown = arrow_select::take::take(&all, &shown, None).map_err(|e| Error::internal(e.to_string()))?;
    let mut text = ids::shown(&shown)?.join(" -> ");
    if cycle.len() > SHOWN {
        text = format!("{text} -> … ({} vertices)", cycle.len());
    }
    Ok(Error::invalid_argument(format!("shortest_path: the sources reach a negative cycle: {text}")))
}
