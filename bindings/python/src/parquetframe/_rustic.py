"""The graph kernels of the second version's extension module, on NumPy arrays of positions.

Arrays that do not fit together are a ValueError that says "length", a position that is no vertex one that
says "vertex". Without the library, and where it is disabled, all are an `UnsupportedError`, which is a
RuntimeError.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .backends.rust_backend import get_rust_version as rust_version
from .backends.rust_backend import is_rust_available as rust_available
from .exceptions import InternalError, InvalidArgumentError
from .graph import _kernels

__all__ = [
    "bfs_rust",
    "build_csc_rust",
    "build_csr_rust",
    "connected_components_rust_py",
    "dfs_rust",
    "dijkstra_rust_py",
    "graph_test",
    "pagerank_rust_py",
    "rust_available",
    "rust_version",
]


def graph_test() -> str:
    """Searches a graph of three vertices, and says that the graph kernels work."""
    distances, _ = bfs_rust(np.array([0, 1, 2, 2]), np.array([1, 2]), 3, np.array([0]), None)
    if distances.tolist() != [0, 1, 2]:
        raise InternalError(f"a search of a path of three vertices gave the distances {distances.tolist()}")
    return f"graph kernels of libparquetframe {rust_version()} work"


def build_csr_rust(
    src: Any, dst: Any, num_vertices: int, weights: Any = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Outgoing edges as (indptr int64, indices int32, weights float64 or None), as ordered within a row."""
    return _narrow(_kernels.build(src, dst, num_vertices, weights, ("src", "dst")))


def build_csc_rust(
    src: Any, dst: Any, num_vertices: int, weights: Any = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Incoming edges, as `build_csr_rust`."""
    return _narrow(_kernels.build(dst, src, num_vertices, weights, ("dst", "src")))


def bfs_rust(
    indptr: Any, indices: Any, num_vertices: int, sources: Any, max_depth: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Distances and predecessors from the nearest source, int32, -1 where not reached: everywhere without
    sources.
    """
    distances, predecessors = _kernels.bfs(
        _kernels.graph_of(indptr, indices, num_vertices), sources, max_depth
    )
    return _int32(distances), _int32(predecessors)


def dfs_rust(
    indptr: Any, indices: Any, num_vertices: int, source: int, max_depth: int | None = None
) -> np.ndarray:
    """The vertices in the order of a depth-first search, which visits neighbours in their order in
    `indices`, int32; those farther than `max_depth` stay out.
    """
    return _int32(_kernels.dfs(indptr, indices, num_vertices, source, max_depth))


def pagerank_rust_py(
    indptr: Any,
    indices: Any,
    num_vertices: int,
    alpha: float = 0.85,
    tol: float = 1e-6,
    max_iter: int = 100,
    personalization: Any = None,
) -> np.ndarray:
    """The rank of every vertex, float64; `personalization` is a weight per vertex."""
    graph = _kernels.graph_of(indptr, indices, num_vertices)
    return _kernels.pagerank(graph, alpha, tol, max_iter, personalization)


def dijkstra_rust_py(
    indptr: Any, indices: Any, num_vertices: int, sources: Any, weights: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Distances (float64, inf where not reached) and predecessors (int32, -1) from the nearest source.

    Of parallel edges the least weight counts. Negative weights are a ValueError.
    """
    values = _kernels.numbers("weights", weights)
    if (values < 0).any():
        raise InvalidArgumentError("Dijkstra's algorithm requires non-negative edge weights")
    graph = _kernels.graph_of(indptr, indices, num_vertices, values)
    distances, predecessors = _kernels.dijkstra(graph, sources)
    return distances, _int32(predecessors)


def connected_components_rust_py(
    sources: Any, targets: Any, num_vertices: int, directed: bool = False
) -> np.ndarray:
    """The weakly connected component of every vertex, int64: 0, 1, … by first vertex.

    `directed` changes nothing.
    """
    return _kernels.connected_components(sources, targets, num_vertices)


def _narrow(
    built: tuple[np.ndarray, np.ndarray, np.ndarray | None],
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    indptr, indices, weights = built
    return indptr, _int32(indices), weights


def _int32(values: np.ndarray) -> np.ndarray:
    if len(values) and values.max() > np.iinfo(np.int32).max:
        raise InvalidArgumentError(f"vertex {values.max()} does not fit into 32 bits")
    return values.astype(np.int32)
