//! Betweenness centrality.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Code, Context, Error, Options, Result, TrackedVec};

use crate::adjacency::Orientation;
use crate::brandes::{Brandes, Dependencies};
use crate::graph::Graph;
use crate::result::batch;
use crate::weighted_search::{Lengths, WeightedBrandes, check_weight, lengths};

/// The registry row.
pub static BETWEENNESS: Kernel = Kernel {
    family: "graph",
    name: "betweenness",
    function: "pf_graph_betweenness",
    summary: "How many shortest paths between others go through every vertex.",
    citation: "U. Brandes, A faster algorithm for betweenness centrality, Journal of Mathematical Sociology 25(2), 2001, \
               doi:10.1080/0022250X.2001.9990249; samples: U. Brandes, C. Pich, Centrality estimation in large networks, \
               International Journal of Bifurcation and Chaos 17(7), 2007, doi:10.1142/S0218127407018403.",
    params: &[
        Param {
            name: "weight",
            kind: Kind::Str,
            default: None,
            doc: "The graph's weight column, as the length of edges; by default every edge has length 1.",
        },
        Param {
            name: "samples",
            kind: Kind::I64,
            default: None,
            doc: "Estimate from the paths that begin at so many vertices, at least 1; by default all, which is exact.",
        },
        Param {
            name: "seed",
            kind: Kind::I64,
            default: Some(Literal::I64(0)),
            doc: "Which samples: the same seed picks the same vertices everywhere.",
        },
        Param {
            name: "normalized",
            kind: Kind::Bool,
            default: Some(Literal::Bool(true)),
            doc: "Divide by the number of pairs of other vertices.",
        },
    ],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column {
            name: "betweenness",
            kind: "float64",
            doc: "Over all pairs of others, the sum of the fraction of their shortest paths through it.",
        },
    ],
};

/// Whose paths count.
enum Sources {
    All,
    /// Some, of which the sums are all that was asked for.
    Given(Vec<u32>),
    /// Some, to estimate from.
    Sampled(Vec<u32>),
}

/// Betweenness centrality of every vertex: columns `vertex`, `betweenness`; metadata `parquetframe.sources`, how many
/// searches it took.
///
/// Paths are counted as sequences of vertices: of parallel edges the shortest counts, once; loops never do. An
/// undirected pair counts once. With `normalized` the sum is divided by the number of pairs of other vertices, as in
/// NetworkX. With `sources` only paths that begin there are summed, and nothing else changes (NetworkX's
/// `betweenness_centrality_subset` with all targets). With `samples` the sum is an estimate of that over all, scaled as
/// in NetworkX: a vertex that is itself among k samples is the end of paths from k-1 of them only, so that with one
/// sample its own value is NaN. As many samples as vertices, or more, means all.
///
/// The samples are the first k of a Fisher–Yates shuffle of the vertices 0, 1, …, n-1 in which position i changes places
/// with i + ⌊r(n-i)/2^64⌋, r being the next number of SplitMix64 seeded with `seed`.
///
/// Lengths of paths are equal when their sums in `f64`, added from the source on, are. Among the paths of equal length
/// that differ in edges that add nothing to it (of length zero) only those with the fewest of these before every vertex
/// count. Path counts have exponents of their own where `f64` has not enough.
///
/// Time O(vertices × edges), with `weight` times the logarithm of the vertices, or in proportion for fewer sources;
/// memory 37 bytes per vertex (60 with `weight`) for every source that is worked on at the same time, of which there are
/// as many as threads unless memory is short. The same bits for any number of threads.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a weight column that the graph has not, a negative or
/// infinite weight, fewer than one sample, samples together with sources, an empty list of sources, an unknown or null
/// source; [`Code::Type`](pf_base::Code::Type); [`Code::OutOfMemory`](pf_base::Code::OutOfMemory),
/// [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn betweenness(graph: &Graph, sources: Option<&ArrayRef>, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let options = options.bind(&BETWEENNESS)?;
    let (weight, normalized) = (options.opt_str("weight"), options.bool("normalized")?);
    if let Some(name) = weight {
        check_weight(graph, name)?;
    }
    let sources = choose(graph, sources, options.opt_i64("samples"), options.i64("seed")?, ctx)?;
    let n = graph.num_vertices();
    let all: Vec<u32>;
    let list = match &sources {
        Sources::All => {
            all = (0..n as u32).collect();
            &all
        }
        Sources::Given(list) | Sources::Sampled(list) => list,
    };
    let _state = ctx.memory().reserve(12 * n as u64, "betweenness")?;
    let totals: Vec<AtomicU64> = (0..n).map(|_| AtomicU64::new(0)).collect();
    if n > 0 {
        let (outgoing, incoming) = (graph.adjacency(Orientation::Out, ctx)?, graph.adjacency(Orientation::In, ctx)?);
        let size = (BATCH / (n + outgoing.targets().len())).max(1);
        if let Some(name) = weight {
            let out_lengths = lengths(outgoing.weights(), "betweenness", name, ctx)?;
            let in_lengths = lengths(incoming.weights(), "betweenness", name, ctx)?;
            let edges = Lengths { rows: &outgoing, lengths: &out_lengths };
            let back = Lengths { rows: &incoming, lengths: &in_lengths };
            let new = || WeightedBrandes::new(n, ctx);
            let run = |state: &mut WeightedBrandes, source: u32, ctx: &Context| state.run(source, edges, back, ctx);
            Batches { size, run_is_parallel: false }.add_all(list, new, run, &totals, ctx)?;
        } else {
            let new = || Brandes::new(n, ctx);
            let run = |state: &mut Brandes, source: u32, ctx: &Context| state.run(source, &outgoing, &incoming, ctx);
            Batches { size, run_is_parallel: true }.add_all(list, new, run, &totals, ctx)?;
        }
    }
    let mut values = ctx.zeroed::<f64>(n, "betweenness")?;
    values.iter_mut().zip(&totals).for_each(|(value, total)| *value = f64::from_bits(total.load(Relaxed)));
    rescale(&mut values, &sources, normalized, graph.is_directed());
    batch(
        vec![("vertex", graph.vertex_ids(ctx)?), ("betweenness", Arc::new(Float64Array::from(values.into_vec())))],
        &[("sources", list.len().to_string())],
    )
}

/// Vertices and edges that the searches of a batch go through, about 1 ms: so that threads do not wait for each other
/// after every source of a small graph.
const BATCH: usize = 1 << 18;

/// How the sources of a graph are put together: in batches of `size` sources, which the graph alone decides. Each adds up
/// what its sources find, in their order; the sums of the batches are added in the order of the batches.
struct Batches {
    size: usize,
    /// Whether the search from one source can use several threads.
    run_is_parallel: bool,
}

impl Batches {
    /// As many batches at a time as there are threads; few that are left over have all threads for themselves.
    fn add_all<S: Dependencies>(
        &self,
        sources: &[u32],
        new: impl Fn() -> Result<S>,
        run: impl Fn(&mut S, u32, &Context) -> Result<()> + Sync,
        totals: &[AtomicU64],
        ctx: &Context,
    ) -> Result<()> {
        let batches: Vec<&[u32]> = sources.chunks(self.size).collect();
        let mut workers = vec![self.worker(&new, totals.len(), ctx)?];
        while workers.len() < ctx.threads().min(batches.len()) {
            match self.worker(&new, totals.len(), ctx) {
                Ok(worker) => workers.push(worker),
                Err(e) if e.code() == Code::OutOfMemory => break,
                Err(e) => return Err(e),
            }
        }
        let alone = ctx.clone().with_threads(1);
        let mut done = 0;
        while done < batches.len() {
            let round = &batches[done..batches.len().min(done + workers.len())];
            if 2 * round.len() <= ctx.threads() && self.run_is_parallel {
                for batch in round {
                    workers[0].run(batch, &run, ctx)?;
                    workers[0].add_to(totals, ctx)?;
                }
            } else {
                ctx.map_mut(&mut workers[..round.len()], |i, worker| worker.run(round[i], &run, &alone))?;
                workers[..round.len()].iter_mut().try_for_each(|worker| worker.add_to(totals, ctx))?;
            }
            done += round.len();
            ctx.progress(done as f64 / batches.len() as f64);
        }
        Ok(())
    }

    fn worker<S>(&self, new: impl Fn() -> Result<S>, rows: usize, ctx: &Context) -> Result<Worker<S>> {
        let sums = if self.size > 1 { Some(ctx.zeroed(rows, "betweenness")?) } else { None };
        Ok(Worker { state: new()?, sums })
    }
}

/// Works on a batch at a time.
struct Worker<S> {
    state: S,
    /// By vertex, what the batch found; without them a batch is a source.
    sums: Option<TrackedVec<f64>>,
}

impl<S: Dependencies> Worker<S> {
    fn run(&mut self, batch: &[u32], run: impl Fn(&mut S, u32, &Context) -> Result<()>, ctx: &Context) -> Result<()> {
        for source in batch {
            run(&mut self.state, *source, ctx)?;
            if let Some(sums) = &mut self.sums {
                let (vertices, dependencies) = self.state.found();
                vertices.iter().zip(dependencies).for_each(|(v, d)| sums[*v as usize] += d);
            }
        }
        Ok(())
    }

    /// Adds what the batch found, and forgets it.
    fn add_to(&mut self, totals: &[AtomicU64], ctx: &Context) -> Result<()> {
        const PART: usize = 1 << 15;
        // Every vertex stands once in what is added, so that nothing else changes it meanwhile.
        let add = |total: &AtomicU64, more: f64| {
            total.store((f64::from_bits(total.load(Relaxed)) + more).to_bits(), Relaxed);
        };
        if let Some(sums) = &mut self.sums {
            totals.iter().zip(sums.iter_mut()).for_each(|(total, sum)| add(total, std::mem::take(sum)));
            return Ok(());
        }
        let (vertices, dependencies) = self.state.found();
        let parts: Vec<_> = vertices.chunks(PART).zip(dependencies.chunks(PART)).collect();
        ctx.map(parts.len(), |p| {
            parts[p].0.iter().zip(parts[p].1).for_each(|(v, d)| add(&totals[*v as usize], *d));
            Ok(())
        })?;
        Ok(())
    }
}

fn choose(
    graph: &Graph,
    sources: Option<&ArrayRef>,
    samples: Option<i64>,
    seed: i64,
    ctx: &Context,
) -> Result<Sources> {
    match (sources, samples) {
        (None, None) => Ok(Sources::All),
        (Some(_), Some(_)) => Err(Error::invalid_argument("samples and sources exclude each other")),
        (Some(ids), None) => {
            let mut list = graph.find_vertices(ids, "sources")?;
            if list.is_empty() {
                return Err(Error::invalid_argument("sources: at least one source vertex must be specified"));
            }
            list.sort_unstable();
            list.dedup();
            Ok(Sources::Given(list))
        }
        (None, Some(samples)) => {
            let n = graph.num_vertices();
            let samples = usize::try_from(samples)
                .ok()
                .filter(|k| *k > 0)
                .ok_or_else(|| Error::invalid_argument(format!("samples must be at least 1, not {samples}")))?;
            if samples >= n {
                return Ok(Sources::All);
            }
            let _state = ctx.memory().reserve(4 * n as u64, "samples")?;
            Ok(Sources::Sampled(sample(n as u32, samples, seed as u64)))
        }
    }
}

/// `count` of the numbers below `n`, in ascending order: a shuffle with SplitMix64 (G. L. Steele, D. Lea, C. H. Flood,
/// Fast splittable pseudorandom number generators, OOPSLA 2014, doi:10.1145/2660193.2660195) that ends when it has them.
fn sample(n: u32, count: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let mut vertices: Vec<u32> = (0..n).collect();
    for i in 0..count {
        let left = u128::from(n) - i as u128;
        vertices.swap(i, i + ((u128::from(next()) * left) >> 64) as usize);
    }
    vertices.truncate(count);
    vertices.sort_unstable();
    vertices
}

/// Sums over ordered pairs to what was asked for.
fn rescale(values: &mut [f64], sources: &Sources, normalized: bool, directed: bool) {
    let n = values.len();
    // Nobody lies between the two vertices of a pair.
    if n < 3 {
        return;
    }
    let others = (n - 1) as f64;
    let whole = match (normalized, directed) {
        (true, _) => 1.0 / (others * (others - 1.0)),
        (false, true) => 1.0,
        (false, false) => 0.5,
    };
    match sources {
        Sources::Sampled(list) => {
            let k = list.len() as f64;
            let (of_sample, of_other) = (whole * (others / (k - 1.0)), whole * (others / k));
            let list: HashSet<u32> = list.iter().copied().collect();
            for (vertex, value) in values.iter_mut().enumerate() {
                *value *= if list.contains(&(vertex as u32)) { of_sample } else { of_other };
            }
        }
        Sources::All | Sources::Given(_) => values.iter_mut().for_each(|value| *value *= whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_distinct_and_in_order() {
        for (n, count) in [(1, 1), (10, 3), (1000, 999), (u32::from(u16::MAX), 1)] {
            let picked = sample(n, count, 7);
            assert_eq!(picked.len(), count);
            assert!(picked.windows(2).all(|w| w[0] < w[1]) && picked.iter().all(|v| *v < n));
        }
        // The generator's first three numbers from this seed are 6457827717110365317, 3203168211198807973 and
        // 9817491932198370423, as its authors publish them.
        assert_eq!(sample(1000, 3, 1_234_567), [174, 350, 533]);
    }

    /// The numbers are those of NetworkX 3.6.1 for the edges 0-1-2-3-4-0, 1-3, 4-5, from the samples 1 and 4.
    #[test]
    fn scales_are_those_of_networkx() {
        let undirected = [1.5, 0.0, 0.0, 2.5, 1.0, 0.0];
        let directed = [3.0, 2.0, 0.0, 3.0, 2.0, 0.0];
        let some = || vec![1, 4];
        let cases = [
            (undirected, false, Sources::Sampled(some()), true, [0.1875, 0.0, 0.0, 0.3125, 0.25, 0.0]),
            (undirected, false, Sources::Sampled(some()), false, [1.875, 0.0, 0.0, 3.125, 2.5, 0.0]),
            (directed, true, Sources::Sampled(some()), true, [0.375, 0.5, 0.0, 0.375, 0.5, 0.0]),
            (directed, true, Sources::Sampled(some()), false, [7.5, 10.0, 0.0, 7.5, 10.0, 0.0]),
            (undirected, false, Sources::Given(some()), true, [0.075, 0.0, 0.0, 0.125, 0.05, 0.0]),
            (undirected, false, Sources::Given(some()), false, [0.75, 0.0, 0.0, 1.25, 0.5, 0.0]),
            (directed, true, Sources::Given(some()), false, directed),
        ];
        for (sums, is_directed, sources, normalized, want) in cases {
            let mut values = sums;
            rescale(&mut values, &sources, normalized, is_directed);
            assert!(
                values.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-15),
                "{values:?} is not {want:?}"
            );
        }
    }
}
