"""The graph kernels on NumPy arrays of positions, int64 out; the names of the second version.

Errors are those of `parquetframe._rustic`. `RUST_AVAILABLE` and `RUST_VERSION` are looked up when they are
asked for, so that settings and environment count.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _rustic
from .._engines import why_not_rust
from ..backends import rust_backend as _backend
from ..exceptions import BackendError, UnsupportedError
from . import _kernels

__all__ = [
    "bfs_rust",
    "build_csc_rust",
    "build_csr_rust",
    "connected_components_rust",
    "dfs_rust",
    "dijkstra_rust",
    "get_rust_version",
    "is_rust_available",
    "pagerank_rust",
]


def __getattr__(name: str) -> Any:
    if name == "RUST_AVAILABLE":
        return is_rust_available()
    if name == "RUST_VERSION":
        return get_rust_version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def is_rust_available() -> bool:
    """Whether graphs can run on Rust: the library fits, and neither it nor its graphs are disabled, nor is
    `RUST_AVAILABLE` set to False.
    """
    if globals().get("RUST_AVAILABLE") is False:
        return False
    try:
        return why_not_rust("graph") is None
    except BackendError:
        return _backend.is_rust_available()  # which warns


def require_rust() -> None:
    """Raises UnsupportedError, which is a RuntimeError, where graphs cannot run on Rust."""
    if globals().get("RUST_AVAILABLE") is False:
        raise UnsupportedError("Rust backend requested but not available: RUST_AVAILABLE is False")
    _kernels.library()


def get_rust_version() -> str | None:
    """The version of the library, None where graphs cannot run on it."""
    return _backend.get_rust_version() if is_rust_available() else None


def build_csr_rust(
    sources: np.ndarray, targets: np.ndarray, num_vertices: int, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Outgoing edges as (indptr, indices, weights), in their order within a row."""
    require_rust()
    return _kernels.build(sources, targets, num_vertices, weights, ("sources", "targets"))


def build_csc_rust(
    sources: np.ndarray, targets: np.ndarray, num_vertices: int, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Incoming edges, as `build_csr_rust`."""
    require_rust()
    return _kernels.build(targets, sources, num_vertices, weights, ("targets", "sources"))


def bfs_rust(
    indptr: np.ndarray,
    indices: np.ndarray,
    num_vertices: int,
    sources: list[int] | np.ndarray,
    max_depth: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Distances and predecessors from the nearest source, -1 where not reached."""
    require_rust()
    return _kernels.bfs(_kernels.graph_of(indptr, indices, num_vertices), sources, max_depth)


def dfs_rust(
    indptr: np.ndarray, indices: np.ndarray, num_vertices: int, source: int, max_depth: int | None = None
) -> np.ndarray:
    """The vertices in the order of a depth-first search, which visits neighbours in their order in
    `indices`; those below `max_depth` stay out.
    """
    require_rust()
    return _kernels.dfs(indptr, indices, num_vertices, source, max_depth)


def pagerank_rust(
    indptr: np.ndarray,
    indices: np.ndarray,
    num_vertices: int,
    alpha: float = 0.85,
    tol: float = 1e-6,
    max_iter: int = 100,
    personalization: np.ndarray | None = None,
) -> np.ndarray:
    """The rank of every vertex, float64; `personalization` is a weight per vertex. A RuntimeWarning tells
    when `max_iter` iterations did not suffice.
    """
    require_rust()
    return _rustic.pagerank_rust_py(indptr, indices, num_vertices, alpha, tol, max_iter, personalization)


def dijkstra_rust(
    indptr: np.ndarray, indices: np.ndarray, num_vertices: int, sources: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Distances (inf where not reached) and predecessors (-1) from the nearest source. A negative weight is
    an InvalidArgumentError, which is a ValueError.
    """
    require_rust()
    distances, predecessors = _rustic.dijkstra_rust_py(indptr, indices, num_vertices, sources, weights)
    return distances, predecessors.astype(np.int64)


def connected_components_rust(
    sources: np.ndarray, targets: np.ndarray, num_vertices: int, directed: bool = False
) -> np.ndarray:
    """The weakly connected component of every vertex: 0, 1, … by first vertex. `directed` changes nothing."""
    require_rust()
    return _kernels.connected_components(sources, targets, num_vertices)
