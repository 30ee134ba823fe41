"""Shortest paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...exceptions import InvalidArgumentError, UnsupportedError
from .. import _checks
from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result
from .._rust_graph import RustGraph
from .._search import (
    Rows,
    check_range,
    checked_weights,
    distances,
    distances_with_negatives,
    layers,
    no_negative_weight,
    nullable,
)
from .._search import predecessors as _predecessors
from ._callable import make_callable
from .utils import require_rust_here, without_rust

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = [
    "bellman_ford",
    "bfs_shortest_path",
    "dijkstra",
    "dijkstra_pandas",
    "dijkstra_rust_wrapper",
    "path",
    "shortest_path",
]

METHODS = ("auto", "dijkstra", "delta_stepping", "bellman_ford")
SHOWN = 20
EMPTY = "Cannot compute shortest paths on empty graph"
RUST_AVAILABLE = True
"""False keeps this module from Rust, as where the library is missing."""


def shortest_path(
    graph: GraphFrame,
    sources: Any = None,
    weight_column: str | None = None,
    directed: bool | None = None,
    backend: str | None = "auto",
    include_unreachable: bool = True,
    *,
    source: Any = None,
    targets: Any = None,
    weight: str | None = None,
    method: str = "auto",
    delta: float | None = None,
    predecessors: bool = True,
    reached_only: bool | None = None,
    output: str = "pandas",
) -> Any:
    """The least sum of weights from any source to every vertex.

    Result: columns `vertex`, `distance` (float64, infinite where not reached) and `predecessor` (of the ids'
    type, nullable: the first in vertex order of the in-neighbours on a shortest path; none for sources), a
    row per vertex in vertex order. `include_unreachable=False` (or `reached_only=True`) leaves out what is
    not reached. `attrs` of a pandas frame and `metadata` of a Table hold `parquetframe.method` and
    `parquetframe.reached`.

    `sources` (or `source`): an id or several. `targets`: the search may end when all of them are reached, and
    what is farther away than the farthest of them stays unreached. `weight` (or `weight_column`): the graph's
    weight column; without it every edge counts 1. Of parallel edges the least weight counts.

    `method`: "dijkstra", "delta_stepping" (parallel), "bellman_ford" (negative weights), or "auto": what
    suits the graph, all with the same distances. But `weight_column`, which never took negative weights,
    refuses them. `delta`: the width of the buckets of delta-stepping, chosen from the weights if None.
    `predecessors=False` leaves that column out, which is faster. `directed=False`: edges are followed both
    ways. `backend`: "rust" or "pandas" for this call, or "dask" without weights. `output`: "pandas", "table"
    or "proxy".

    Raises InvalidArgumentError for an unknown source or target, no source, another method or weight column,
    an infinite weight, a negative one where the method allows none, a negative cycle (which the message
    shows), an empty graph; WrongTypeError for ids of another kind; UnsupportedError, a NotImplementedError,
    for Dask with weights; ArithmeticFailure for a distance beyond float64. Time O(vertices + edges) without
    weights, O(edges · log vertices) with them, O(vertices · edges) at worst with negative ones. The same
    distances, bit for bit, for each method that takes the weights and for any number of threads.
    """
    refuses_negative = weight_column is not None and method == "auto"
    _, weight = _checks.one_name("weight_column", weight_column, None, "weight", weight)
    ids = _checks.sources_of(graph, sources, source, EMPTY)
    if backend == "rust":
        require_rust_here(RUST_AVAILABLE)
    elif not RUST_AVAILABLE and backend in (None, "auto") and graph.engine is None:
        backend = without_rust(graph, weight is None)
    if backend == "dask":
        if weight is not None:
            raise UnsupportedError("Dask backend for weighted shortest paths not yet implemented")
        every = _checks.all_vertices(include_unreachable, reached_only)
        return _by_layers(graph, ids, targets, directed, every, predecessors, output)
    return run(
        "shortest_path",
        graph,
        backend,
        _rust,
        _pandas,
        output,
        directed=directed,
        sources=ids,
        targets=_checks.targets_of(graph, targets),
        weight=graph.weight_named(weight),
        method=_checked_method(method),
        refuses_negative=refuses_negative,
        delta=None if delta is None else _checked_delta(delta),
        predecessors=_checks.truth("predecessors", predecessors),
        include_unreachable=_checks.all_vertices(include_unreachable, reached_only),
    )


def bfs_shortest_path(
    graph: GraphFrame,
    sources: Any = None,
    directed: bool | None = None,
    include_unreachable: bool = True,
    *,
    source: Any = None,
    backend: str | None = "auto",
    output: str = "pandas",
) -> Any:
    """`shortest_path` without weights: every edge counts 1."""
    return shortest_path(
        graph,
        sources,
        directed=directed,
        backend=backend,
        include_unreachable=include_unreachable,
        source=source,
        output=output,
    )


def dijkstra(
    graph: GraphFrame,
    sources: Any = None,
    weight_column: str | None = None,
    directed: bool | None = None,
    include_unreachable: bool = True,
    backend: str | None = "auto",
    *,
    source: Any = None,
    targets: Any = None,
    weight: str | None = None,
    output: str = "pandas",
) -> Any:
    """`shortest_path` with weights by Dijkstra's algorithm; a negative one raises InvalidArgumentError."""
    return shortest_path(
        graph,
        sources,
        _required_weight(weight_column, weight),
        directed,
        backend,
        include_unreachable,
        source=source,
        targets=targets,
        method="dijkstra",
        output=output,
    )


def dijkstra_pandas(
    graph: GraphFrame,
    sources: Any,
    weight_column: str,
    directed: bool | None = None,
    include_unreachable: bool = True,
) -> pd.DataFrame:
    """`dijkstra` on pandas."""
    frame: pd.DataFrame = dijkstra(graph, sources, weight_column, directed, include_unreachable, "pandas")
    return frame


def dijkstra_rust_wrapper(
    graph: GraphFrame,
    sources: Any,
    weight_column: str,
    directed: bool | None = None,
    include_unreachable: bool = True,
) -> pd.DataFrame:
    """`dijkstra` on Rust."""
    frame: pd.DataFrame = dijkstra(graph, sources, weight_column, directed, include_unreachable, "rust")
    return frame


def bellman_ford(
    graph: GraphFrame,
    sources: Any = None,
    weight: str | None = None,
    directed: bool | None = None,
    include_unreachable: bool = True,
    backend: str | None = "auto",
    *,
    source: Any = None,
    targets: Any = None,
    output: str = "pandas",
) -> Any:
    """`shortest_path` with weights of any sign; raises InvalidArgumentError for a negative cycle that is
    reached.
    """
    return shortest_path(
        graph,
        sources,
        None,
        directed,
        backend,
        include_unreachable,
        source=source,
        targets=targets,
        weight=_required_weight(None, weight),
        method="bellman_ford",
        output=output,
    )


def path(
    graph: GraphFrame,
    source: Any,
    target: Any,
    weight: str | None = None,
    directed: bool | None = None,
    backend: str | None = "auto",
    *,
    method: str = "auto",
    output: str = "pandas",
) -> Any:
    """One shortest path from `source` to `target`.

    Result: columns `vertex` and `distance` (float64, from the source), a row per vertex of the path in its
    order; no rows where there is no path. Of several shortest paths it is the one that follows the
    predecessors of `shortest_path`; from a vertex to itself it is that vertex. `attrs` of a pandas frame and
    `metadata` of a Table hold `parquetframe.found`, "true" or "false".

    `source` and `target`: an id each. The other parameters, time and errors are those of `shortest_path`.
    Deterministic.
    """
    if not graph.num_vertices:
        raise InvalidArgumentError(EMPTY)
    return run(
        "path",
        graph,
        backend,
        _path_on_rust,
        _path_on_pandas,
        output,
        directed=directed,
        source=_one_vertex(graph, "source", source),
        target=_one_vertex(graph, "target", target),
        weight=graph.weight_named(weight),
        method=_checked_method(method),
    )


def _one_vertex(graph: GraphFrame, name: str, value: Any) -> np.ndarray:
    ids = _checks.vertex_ids(name, value)
    if len(ids) != 1:
        raise InvalidArgumentError(f"{name} must be one vertex, not {len(ids)}")
    return _checks.known_ids(graph, ids, name.capitalize())


def _checked_method(method: Any) -> str:
    if _checks.text("method", method) not in METHODS:
        raise InvalidArgumentError(f"method must be one of {', '.join(METHODS)}, not '{method}'")
    return str(method)


def _checked_delta(delta: Any) -> float:
    width = _checks.real("delta", delta)
    if not 0 < width < np.inf:
        raise InvalidArgumentError(f"delta must be positive and finite, not {width:g}")
    return width


def _required_weight(old: str | None, new: str | None) -> str:
    _, name = _checks.one_name("weight_column", old, None, "weight", new)
    if name is None:
        raise InvalidArgumentError("a weight column is needed: give its name")
    return _checks.text("weight", name)


def _by_layers(
    graph: GraphFrame,
    sources: np.ndarray,
    targets: Any,
    directed: bool | None,
    include_unreachable: bool,
    predecessors: bool,
    output: str,
) -> Any:
    """Paths without weights by the breadth-first search of Dask."""
    from .._dispatch import converted
    from . import traversal

    frame = traversal.bfs(
        graph,
        sources,
        None,
        directed,
        "dask",
        include_unreachable,
        targets=targets,
        predecessors=predecessors,
    )
    distance = frame["distance"].to_numpy(float)
    frame = frame.drop(columns=["layer"]).assign(distance=np.where(distance < 0, np.inf, distance))
    frame.attrs["parquetframe.method"] = "bfs"
    return converted(frame, "pandas", output)


def _rust(
    graph: RustGraph,
    *,
    sources: np.ndarray,
    targets: np.ndarray | None,
    include_unreachable: bool,
    refuses_negative: bool,
    **options: Any,
) -> Result:
    if refuses_negative:
        no_negative_weight(graph)
    roots = graph.id_array(sources, "sources")
    ends = graph.id_array(targets, "targets")
    return graph.result(
        "pf_graph_shortest_path",
        *roots.addresses,
        *ends.addresses,
        reached_only=not include_unreachable,
        missing={"distance": np.inf} if include_unreachable else None,
        **options,
    )


def _path_on_rust(graph: RustGraph, *, source: np.ndarray, target: np.ndarray, **options: Any) -> Result:
    start = graph.id_array(source, "source")
    end = graph.id_array(target, "target")
    return graph.result("pf_graph_path", *start.addresses, *end.addresses, **options)


def _pandas(
    graph: PandasGraph,
    *,
    sources: np.ndarray,
    targets: np.ndarray | None,
    weight: str | None,
    method: str,
    refuses_negative: bool,
    delta: float | None,
    predecessors: bool,
    include_unreachable: bool,
) -> pd.DataFrame:
    import pandas as pd

    if refuses_negative:
        no_negative_weight(graph)
    starts = np.unique(graph.find(sources, "sources"))
    ends = None if targets is None else graph.find(targets, "targets")
    distance, before, used = _search(graph, starts, ends, weight, method, predecessors, delta)
    if ends is not None:
        beyond = distance > distance[ends].max()
        distance[beyond] = np.inf
        if before is not None:
            before[beyond] = -1
    reached = np.flatnonzero(np.isfinite(distance))
    shown = np.arange(graph.num_vertices) if include_unreachable else reached
    columns: dict[str, Any] = {"vertex": graph.ids[shown], "distance": distance[shown]}
    if before is not None:
        columns["predecessor"] = nullable(graph.ids, before[shown])
    frame = pd.DataFrame(columns)
    frame.attrs |= {"parquetframe.method": used, "parquetframe.reached": str(len(reached))}
    return frame


def _path_on_pandas(
    graph: PandasGraph, *, source: np.ndarray, target: np.ndarray, weight: str | None, method: str
) -> pd.DataFrame:
    import pandas as pd

    start, end = graph.find(source, "source"), graph.find(target, "target")
    distance, before, _ = _search(graph, start, end, weight, method, True)
    assert before is not None
    steps = [int(end[0])] if np.isfinite(distance[end[0]]) else []
    while steps and steps[-1] != start[0]:
        steps.append(int(before[steps[-1]]))
    order = np.array(steps[::-1], np.int64)
    frame = pd.DataFrame({"vertex": graph.ids[order], "distance": distance[order]})
    frame.attrs["parquetframe.found"] = str(bool(steps)).lower()
    return frame


def _search(
    graph: PandasGraph,
    sources: np.ndarray,
    targets: np.ndarray | None,
    weight: str | None,
    method: str,
    with_predecessors: bool,
    delta: float | None = None,
) -> tuple[np.ndarray, np.ndarray | None, str]:
    """Distances and predecessors by position, and the method that found them."""
    if weight is None:
        steps, before = layers(Rows.of(graph.outgoing), sources, None, targets)
        distance = np.where(steps < 0, np.inf, steps)
        return distance, before if with_predecessors else None, "bfs"
    weights = checked_weights(graph)
    if method not in ("auto", "bellman_ford"):
        no_negative_weight(graph)
    out = Rows.of(graph.outgoing, weights)
    if method == "bellman_ford" or (weights < 0).any():
        method = "bellman_ford"
        distance, cycle = distances_with_negatives(out, sources)
        if cycle is not None:
            raise InvalidArgumentError(
                f"shortest_path: the sources reach a negative cycle: {_shown(graph, cycle)}"
            )
    else:
        method = "dijkstra" if method == "auto" else method
        distance = distances(out, sources, targets, delta)
    check_range(out, graph.outgoing.rows, distance)
    if not with_predecessors:
        return distance, None, method
    return distance, _predecessors(out, graph.outgoing.rows, distance, sources), method


def _shown(graph: PandasGraph, cycle: np.ndarray) -> str:
    """A cycle by the ids of its vertices, for messages: `1 -> 2 -> 1`."""
    ids = [repr(vertex) for vertex in graph.ids[[*cycle, cycle[0]]][: SHOWN + 1].tolist()]
    more = f" -> … ({len(cycle)} vertices)" if len(cycle) > SHOWN else ""
    return " -> ".join(ids) + more


make_callable(__name__, shortest_path)
