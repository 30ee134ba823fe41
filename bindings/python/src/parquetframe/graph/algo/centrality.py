"""Centralities: how much a vertex matters to the others."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ...exceptions import InvalidArgumentError
from .. import _checks
from .._dispatch import run
from .._pandas_graph import Adjacency, PandasGraph
from .._results import Result, number_text
from .._rust_graph import RustGraph
from .._search import Rows, distances, last_steps, layers
from .degree import checked_mode, degrees

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["betweenness", "closeness", "degree_centrality"]


def betweenness(
    graph: GraphFrame,
    sources: Any = None,
    weight: str | None = None,
    samples: int | None = None,
    seed: int = 0,
    normalized: bool = True,
    directed: bool | None = None,
    backend: str | None = "auto",
    *,
    output: str = "pandas",
) -> Any:
    """Betweenness: for every vertex, the shares of shortest paths between two others that go through it,
    added up.

    Result: columns `vertex` and `betweenness` (float64), a row per vertex in vertex order. `attrs` of a
    pandas frame and `metadata` of a Table hold `parquetframe.sources`, the number of vertices that paths
    start from.

    `sources`: only paths from these vertices count. `samples`: so many sources, drawn without repetition by
    `seed`, stand for all, and sums are scaled as NetworkX does it (with a single one its own betweenness is
    NaN: nothing is known of it); it and `sources` exclude each other. `weight`: the graph's weight column;
    without it every edge counts 1. `normalized`: divided by (n - 1)(n - 2), as NetworkX does; otherwise an
    undirected graph counts every path in one direction. Paths that differ only in which of several parallel
    edges they use count once. `directed=False`: edges are followed both ways. `backend`: "rust" or "pandas"
    for this call. `output`: "pandas", "table" or "proxy".

    Raises InvalidArgumentError for an unknown source, an empty list of sources, an option out of range, an
    unknown weight column, a negative or infinite weight; WrongTypeError for ids of another kind. Time
    O(edges) per source, with weights O(edges · log vertices). Deterministic: samples depend on `seed` alone.
    """
    ids = _given_sources(graph, sources)
    if ids is not None and not len(ids):
        raise InvalidArgumentError("At least one source vertex must be specified")
    if samples is not None:
        samples = _checks.at_least_one("samples", samples)
        if ids is not None:
            raise InvalidArgumentError("sources and samples exclude each other: give one of them")
    return run(
        "betweenness",
        graph,
        backend,
        _betweenness_on_rust,
        _betweenness_on_pandas,
        output,
        directed=directed,
        sources=ids,
        weight=graph.weight_named(weight),
        samples=samples,
        seed=_checks.integer("seed", seed),
        normalized=_checks.truth("normalized", normalized),
    )


def closeness(
    graph: GraphFrame,
    sources: Any = None,
    weight: str | None = None,
    mode: str = "in",
    wf_improved: bool = True,
    directed: bool | None = None,
    backend: str | None = "auto",
    *,
    output: str = "pandas",
) -> Any:
    """Closeness: the reciprocal of the mean distance between a vertex and those that reach it (with
    `mode="out"`: those that it reaches).

    Result: columns `vertex` and `closeness` (float64; 0 where no other vertex is reached), a row per vertex
    in vertex order; with `sources` only their rows, once each, which takes as much less time.

    `weight`: the graph's weight column; without it every edge counts 1. `mode`: "in" for the distances to the
    vertex, as in NetworkX, "out" for those from it. `wf_improved`: scaled by the share of vertices that reach
    it (S. Wasserman, K. Faust, 1994). `directed=False`: edges are followed both ways. `backend`: "rust" or
    "pandas" for this call. `output`: "pandas", "table" or "proxy".

    Raises InvalidArgumentError for an unknown source, another mode, an unknown weight column, a negative or
    infinite weight; WrongTypeError for ids of another kind. Time O(edges) per row, with weights O(edges · log
    vertices). Deterministic.
    """
    if _checks.text("mode", mode) not in ("in", "out"):
        raise InvalidArgumentError(f"mode must be 'in' or 'out', not '{mode}'")
    return run(
        "closeness",
        graph,
        backend,
        _closeness_on_rust,
        _closeness_on_pandas,
        output,
        directed=directed,
        sources=_given_sources(graph, sources),
        weight=graph.weight_named(weight),
        mode=mode,
        wf_improved=_checks.truth("wf_improved", wf_improved),
    )


def degree_centrality(
    graph: GraphFrame, mode: str = "all", backend: str | None = "auto", *, output: str = "pandas"
) -> Any:
    """Degree centrality: the degree of every vertex over the most neighbours that it could have.

    Result: columns `vertex` and `degree_centrality` (float64: the degree over vertices - 1, above 1 where
    loops or parallel edges are; 1 for a single vertex), a row per vertex in vertex order. `mode`: "out", "in"
    or "all", as of `degree`. `backend`: "rust" or "pandas" for this call. `output`: "pandas", "table" or
    "proxy".

    Raises InvalidArgumentError for another mode. Time that of `degree`. Deterministic.
    """
    return run(
        "degree_centrality",
        graph,
        backend,
        _degrees_on_rust,
        _degrees_on_pandas,
        output,
        mode=checked_mode(mode),
    )


def _given_sources(graph: GraphFrame, sources: Any) -> np.ndarray | None:
    if sources is None:
        return None
    ids = _checks.vertex_ids("sources", sources)
    return _checks.known_ids(graph, ids, "Source")


def _betweenness_on_rust(graph: RustGraph, *, sources: np.ndarray | None, **options: Any) -> Result:
    ids = graph.id_array(sources, "sources")
    return graph.result("pf_graph_betweenness", *ids.addresses, **options)


def _closeness_on_rust(graph: RustGraph, *, sources: np.ndarray | None, **options: Any) -> Result:
    ids = graph.id_array(sources, "sources")
    return graph.result("pf_graph_closeness", *ids.addresses, **options)


def _degrees_on_rust(graph: RustGraph, *, mode: str) -> Result:
    return graph.result("pf_graph_degree_centrality", mode=mode)


def _betweenness_on_pandas(
    graph: PandasGraph,
    *,
    sources: np.ndarray | None,
    weight: str | None,
    samples: int | None,
    seed: int,
    normalized: bool,
) -> pd.DataFrame:
    import pandas as pd

    n, sampled = graph.num_vertices, None
    if sources is not None:
        starts = np.unique(graph.find(sources, "sources"))
    elif samples is not None and samples < n:
        starts = sampled = _sample(n, samples, seed)
    else:
        starts = np.arange(n)
    out, rows = _without_parallel_edges(graph, "betweenness", weight)
    sums = np.zeros(n)
    for start in starts.tolist():
        sums += _dependencies(out, rows, start)
    sums *= _scale(n, sampled, normalized, graph.directed)
    frame = pd.DataFrame({"vertex": graph.ids, "betweenness": sums})
    frame.attrs["parquetframe.sources"] = str(len(starts))
    return frame


def _sample(n: int, count: int, seed: int) -> np.ndarray:
    """`count` of the numbers below `n`, ascending: a shuffle that ends when it has them.

    By SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014, doi:10.1145/2660193.2660195), as on Rust.
    """
    mask = 2**64 - 1
    state = seed & mask
    vertices = np.arange(n)
    for at in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        bits = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & mask
        bits ^= bits >> 31
        other = at + ((bits * (n - at)) >> 64)
        vertices[[at, other]] = vertices[[other, at]]
    return np.sort(vertices[:count])


def _scale(n: int, sampled: np.ndarray | None, normalized: bool, directed: bool) -> np.ndarray | float:
    """What makes betweenness, as was asked for, of sums over ordered pairs; as NetworkX does it."""
    # Nobody lies between the two vertices of a pair.
    if n < 3:
        return 1.0
    whole = 1 / ((n - 1) * (n - 2)) if normalized else 1.0 if directed else 0.5
    if sampled is None:
        return whole
    # Of a vertex of the sample one source fewer is known: itself it cannot lie between.
    scale = np.full(n, whole * ((n - 1) / len(sampled)))
    scale[sampled] = whole * ((n - 1) / (len(sampled) - 1)) if len(sampled) > 1 else np.nan
    return scale


def _without_parallel_edges(
    graph: PandasGraph, operation: str, weight: str | None
) -> tuple[Rows, np.ndarray]:
    """The outgoing edges, of parallel ones that of the least weight, and the row of each."""
    out = graph.outgoing
    rows, targets = out.rows, out.targets.astype(np.int64)
    weights = None if weight is None else _lengths(graph, out, operation)
    keys = rows * graph.num_vertices + targets
    if weights is None:
        first = np.unique(keys, return_index=True)[1]
    else:
        order = np.lexsort((weights, keys))
        first = order[np.unique(keys[order], return_index=True)[1]]
        weights = weights[first]
    kept = Rows.sorted(graph.num_vertices, rows[first], targets[first])
    kept.weights = weights
    return kept, rows[first]


def _lengths(graph: PandasGraph, side: Adjacency, operation: str) -> np.ndarray:
    """The weights as float64. Raises InvalidArgumentError for the first that cannot be a length."""
    values = np.asarray(side.weights, float)
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        first = values[bad.argmax()]
        wanted = (
            "Dijkstra's algorithm requires non-negative edge weights"
            if np.isfinite(first)
            else "shortest paths require finite edge weights"
        )
        raise InvalidArgumentError(
            f"{operation}: {wanted}, but weight column '{graph.weight}' holds {number_text(first)}"
        )
    return values


def _dependencies(out: Rows, rows: np.ndarray, start: int) -> np.ndarray:
    """How much of the shortest paths from `start` goes through each vertex (U. Brandes, 2001)."""
    n = out.num_vertices
    source = np.array([start])
    if out.weights is None:
        depth, _ = layers(out, source)
        step = (depth[rows] >= 0) & (depth[out.targets] == depth[rows] + 1)
        origins, ends = rows[step], out.targets[step]
    else:
        distance = distances(out, source)
        origins, ends = last_steps(out, rows, distance, source)
        back = ends != start
        origins, ends = origins[back], ends[back]
        depth = _depths(Rows.sorted(n, origins, ends), source)
    order = np.argsort(depth[origins], kind="stable")
    origins, ends = origins[order], ends[order]
    bounds = np.searchsorted(depth[origins], np.arange(int(depth.max()) + 2))
    slices = [slice(begin, end) for begin, end in pairwise(bounds.tolist()) if end > begin]
    paths, share = np.zeros(n), np.zeros(n)
    paths[start] = 1.0
    for edges in slices:
        np.add.at(paths, ends[edges], paths[origins[edges]])
    for edges in reversed(slices):
        before, behind = origins[edges], ends[edges]
        np.add.at(share, before, paths[before] / paths[behind] * (1 + share[behind]))
    share[start] = 0.0
    return share


def _depths(out: Rows, source: np.ndarray) -> np.ndarray:
    """The most steps from the source to each vertex in an acyclic graph, -1 where there is no way."""
    waiting = np.bincount(out.targets, minlength=out.num_vertices)
    depth = np.full(out.num_vertices, -1, np.int64)
    frontier, at = source, 0
    while len(frontier):
        depth[frontier] = at
        at += 1
        entries, _ = out.entries(frontier)
        reached, counts = np.unique(out.targets[entries], return_counts=True)
        waiting[reached] -= counts
        frontier = reached[waiting[reached] == 0]
    return depth


def _closeness_on_pandas(
    graph: PandasGraph, *, sources: np.ndarray | None, weight: str | None, mode: str, wf_improved: bool
) -> pd.DataFrame:
    import pandas as pd

    n = graph.num_vertices
    side = graph.outgoing if mode == "out" else graph.incoming
    rows = Rows.of(side, None if weight is None else _lengths(graph, side, "closeness"))
    asked = np.arange(n) if sources is None else np.unique(graph.find(sources, "sources"))
    values = np.zeros(len(asked))
    for index, vertex in enumerate(asked.tolist()):
        start = np.array([vertex])
        if weight is None:
            steps, _ = layers(rows, start)
            reached = steps[steps >= 0]
        else:
            lengths = distances(rows, start)
            reached = lengths[np.isfinite(lengths)]
        total = float(reached.sum())
        if total > 0 and n > 1:
            others = len(reached) - 1
            values[index] = others / total * (others / (n - 1) if wf_improved else 1.0)
    return pd.DataFrame({"vertex": graph.ids[asked], "closeness": values})


def _degrees_on_pandas(graph: PandasGraph, *, mode: str) -> pd.DataFrame:
    import pandas as pd

    n = graph.num_vertices
    counts = degrees(graph, mode, slice(None))
    values = counts / (n - 1) if n > 1 else np.ones(n)
    return pd.DataFrame({"vertex": graph.ids, "degree_centrality": values})
