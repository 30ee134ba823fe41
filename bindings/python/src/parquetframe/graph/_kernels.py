"""Kernels on plain NumPy arrays of positions: what `_rustic` and the wrappers of the second version call."""

from __future__ import annotations

import threading
import weakref
from typing import Any, NamedTuple

import numpy as np

from .._engines import require_rust
from .._native.inputs import array_of, stream_of
from .._warnings import warn
from ..exceptions import InvalidArgumentError, WrongTypeError
from ..table import Table
from . import _checks
from ._rust_graph import RustGraph
from .adjacency import compress
from .algo import depth_first


def library() -> Any:
    """The library. Raises UnsupportedError, which is a RuntimeError, where graphs must not use it."""
    return require_rust("graph")


def build(
    rows: Any, columns: Any, num_vertices: Any, weights: Any, names: tuple[str, str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """(indptr, indices, weights) of the edges, int64, in the order of the edges within a row.

    Raises InvalidArgumentError, a ValueError, for lengths that differ and a vertex out of range.
    """
    library()
    count = vertex_count(num_vertices)
    ends = [positions(name, values, count) for name, values in zip(names, (rows, columns), strict=True)]
    same_length({names[0]: ends[0], names[1]: ends[1]})
    if weights is not None:
        weights = numbers("weights", weights)
        same_length({names[0]: ends[0], "weights": weights})
    return compress(ends[0], ends[1], count, weights)


class _Built(NamedTuple):
    """A graph, and copies of the arrays that it was built of."""

    arrays: tuple[np.ndarray | None, ...]
    graph: RustGraph


class _Latest:
    """The graph of the arrays that were used last, while the caller keeps these.

    Callers that ask for one kernel after the other on the same arrays so build the graph once. What was
    written into the arrays meanwhile is found by comparing them with copies.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: weakref.ref[np.ndarray] | None = None
        self._built: _Built | None = None

    def get(self, key: Any, arrays: tuple[np.ndarray | None, ...], native: Any) -> RustGraph | None:
        with self._lock:
            built = self._built
            if built is None or self._key is None or self._key() is not key:
                return None
        if built.graph.handle.library is not native or not all(map(_same, built.arrays, arrays)):
            return None
        return built.graph

    def put(self, key: Any, arrays: tuple[np.ndarray | None, ...], graph: RustGraph) -> None:
        if not isinstance(key, np.ndarray):
            return
        copies = tuple(None if array is None else array.copy() for array in arrays)
        with self._lock:
            self._key, self._built = weakref.ref(key, self._forget), _Built(copies, graph)

    def _forget(self, key: Any) -> None:
        # Called by the garbage collector, which may run inside the lock: no waiting here.
        if self._key is key:
            self._built = None


def _same(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


_latest = _Latest()


def rows_of(indptr: Any, indices: Any, num_vertices: Any) -> tuple[np.ndarray, np.ndarray]:
    """Compressed rows as int64. Raises InvalidArgumentError for arrays that do not fit together."""
    count = vertex_count(num_vertices)
    bounds, targets = integers("indptr", indptr), positions("indices", indices, count)
    if len(bounds) != count + 1:
        raise InvalidArgumentError(
            f"indptr has length {len(bounds)}, but {count} vertices need length {count + 1}"
        )
    if bounds[0] != 0 or bounds[-1] != len(targets) or (np.diff(bounds) < 0).any():
        raise InvalidArgumentError(f"indptr must rise from 0 to the length of indices, {len(targets)}")
    return bounds, targets


def graph_of(indptr: Any, indices: Any, num_vertices: Any, weights: Any = None) -> RustGraph:
    """The directed graph of compressed rows; built once for arrays that are used again."""
    key, native = indices, library()
    bounds, targets = rows_of(indptr, indices, num_vertices)
    count = len(bounds) - 1
    if weights is not None:
        weights = numbers("weights", weights)
        same_length({"indices": targets, "weights": weights})
    arrays = bounds, targets, weights
    graph = _latest.get(key, arrays, native)
    if graph is None:
        rows = np.repeat(np.arange(count), np.diff(bounds))
        graph = graph_of_edges(rows, targets, count, weights)
        _latest.put(key, arrays, graph)
    return graph


def graph_of_edges(rows: np.ndarray, targets: np.ndarray, count: int, weights: Any = None) -> RustGraph:
    """The directed graph of edges between checked positions."""
    native = library()
    columns = {"source": rows, "target": targets}
    if weights is not None:
        columns["weight"] = weights
    return RustGraph.build(
        native,
        stream_of(native, columns),
        "source",
        "target",
        None,
        weight=None if weights is None else "weight",
        directed=True,
        num_vertices=count,
    )


def bfs(graph: RustGraph, sources: Any, max_depth: Any) -> tuple[np.ndarray, np.ndarray]:
    """Distances and predecessors by vertex, -1 where there is none."""
    starts = _sources(graph, sources)
    if not len(starts):
        return np.full(graph.num_vertices, -1, np.int64), np.full(graph.num_vertices, -1, np.int64)
    array, schema = array_of(graph.handle.library, starts, "sources")
    result = graph.kernel(
        "pf_graph_bfs", array.address, schema.address, None, None, max_depth=_depth(max_depth)
    )
    return _filled(result, "distance", -1), _filled(result, "predecessor", -1)


def dfs(indptr: Any, indices: Any, num_vertices: Any, source: Any, max_depth: Any) -> np.ndarray:
    """The vertices in the order in which a depth-first search of compressed rows finds them, which visits
    neighbours in the order that they have there.
    """
    bounds, targets = rows_of(indptr, indices, num_vertices)
    if not depth_first.in_vertex_order(bounds, targets):
        library()
        (start,) = positions("source", [_checks.integer("source", source)], len(bounds) - 1).tolist()
        found = depth_first.search(bounds, targets, [start], _depth(max_depth))[1]
        return np.argsort(found, kind="stable")[int((found < 0).sum()) :]
    graph = graph_of(indptr, indices, num_vertices)
    array, schema = array_of(graph.handle.library, _sources(graph, [source]), "source")
    result = graph.kernel("pf_graph_dfs", array.address, schema.address, max_depth=_depth(max_depth))
    found = _filled(result, "discovery_time", -1)
    return np.argsort(found, kind="stable")[int((found < 0).sum()) :]


def dijkstra(graph: RustGraph, sources: Any) -> tuple[np.ndarray, np.ndarray]:
    """Distances (inf where there is none) and predecessors (-1)."""
    starts = _sources(graph, sources)
    if not len(starts):
        return np.full(graph.num_vertices, np.inf), np.full(graph.num_vertices, -1, np.int64)
    array, schema = array_of(graph.handle.library, starts, "sources")
    result = graph.kernel(
        "pf_graph_shortest_path", array.address, schema.address, None, None, weight="weight", method="auto"
    )
    return _filled(result, "distance", np.inf), _filled(result, "predecessor", -1)


def pagerank(graph: RustGraph, alpha: Any, tol: Any, max_iter: Any, personalization: Any) -> np.ndarray:
    """The rank of every vertex; a RuntimeWarning where they did not converge."""
    stream = None
    alpha, tol = _checks.real("alpha", alpha), _checks.real("tol", tol)
    if not 0 < alpha < 1:
        raise InvalidArgumentError(f"alpha must be in (0, 1), not {alpha}")
    if not tol >= 0:
        raise InvalidArgumentError(f"tol must not be negative, not {tol}")
    if personalization is not None:
        weights = numbers("personalization", personalization)
        if len(weights) != graph.num_vertices:
            raise InvalidArgumentError(
                f"personalization has length {len(weights)}, not {graph.num_vertices}, a weight per vertex"
            )
        columns = {"vertex": np.arange(len(weights)), "weight": weights}
        stream = stream_of(graph.handle.library, columns)
    if not graph.num_vertices:
        return np.empty(0)
    steps = _checks.at_least_one("max_iter", max_iter)
    result = graph.kernel(
        "pf_graph_pagerank",
        None if stream is None else stream.address,
        damping=alpha,
        tolerance=tol,
        max_iterations=steps,
    )
    if result.metadata.get("parquetframe.converged") == "false":
        warn(f"PageRank did not converge within {steps} iterations")
    return np.array(result["rank"])


def connected_components(sources: Any, targets: Any, num_vertices: Any) -> np.ndarray:
    """The component of every vertex: 0, 1, … in the order of their first vertices."""
    count = vertex_count(num_vertices)
    source, target = positions("sources", sources, count), positions("targets", targets, count)
    same_length({"sources": source, "targets": target})
    if not count:
        library()
        return np.empty(0, np.int64)
    return np.array(
        graph_of_edges(source, target, count).kernel("pf_graph_connected_components")["component_id"]
    )


# ---- arrays ----


def integers(name: str, values: Any) -> np.ndarray:
    """Values as int64. Raises WrongTypeError for what are no integers."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidArgumentError(f"{name} must have one dimension, not {array.ndim}")
    if not len(array):
        return np.empty(0, np.int64)
    if array.dtype.kind not in "iu":
        raise WrongTypeError(f"{name} must hold integers, not {array.dtype}")
    if array.dtype == np.uint64 and array.max() > np.iinfo(np.int64).max:
        raise InvalidArgumentError(f"{name}: vertex {array.max()} is out of range")
    return array.astype(np.int64, copy=False)


def vertex_count(value: Any) -> int:
    """A number of vertices that a graph can have."""
    return _checks.vertex_count("num_vertices", value)


def positions(name: str, values: Any, count: int) -> np.ndarray:
    """Positions as int64. Raises InvalidArgumentError for one that is no vertex."""
    array = integers(name, values)
    outside = (array < 0) | (array >= count)
    if outside.any():
        row = int(outside.argmax())
        raise InvalidArgumentError(f"{name}: vertex {array[row]} is out of range [0, {count}), in row {row}")
    return array


def numbers(name: str, values: Any) -> np.ndarray:
    """Values as float64. Raises WrongTypeError for what are no numbers."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidArgumentError(f"{name} must have one dimension, not {array.ndim}")
    if len(array) and array.dtype.kind not in "iuf":
        raise WrongTypeError(f"{name} must hold numbers, not {array.dtype}")
    return array.astype(np.float64, copy=False)


def same_length(arrays: dict[str, np.ndarray]) -> None:
    """Raises InvalidArgumentError where lengths differ."""
    if len({len(array) for array in arrays.values()}) > 1:
        sizes = ", ".join(f"{name} has {len(array)}" for name, array in arrays.items())
        raise InvalidArgumentError(f"arrays must have the same length: {sizes}")


def _sources(graph: RustGraph, sources: Any) -> np.ndarray:
    return positions("sources", np.atleast_1d(np.asarray(sources)), graph.num_vertices)


def _depth(max_depth: Any) -> int | None:
    return None if max_depth is None else _checks.not_negative("max_depth", max_depth)


def _filled(result: Table, name: str, missing: Any) -> np.ndarray:
    """A column with a value where there is null."""
    column = result.select([name])._decoded()[name]
    if column.valid is None:
        return np.array(column.values)
    return np.where(column.valid, column.values, np.array(missing, column.values.dtype))
