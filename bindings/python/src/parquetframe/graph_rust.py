"""The graph kernels as methods of one object: the names of the second version."""

from __future__ import annotations

from typing import Any

import numpy as np

from .exceptions import UnsupportedError
from .graph import rust_backend

__all__ = ["RustGraphEngine", "build_csr", "is_rust_graph_available", "pagerank"]

Compressed = tuple[np.ndarray, np.ndarray, np.ndarray | None]


def __getattr__(name: str) -> Any:
    if name == "RUST_GRAPH_AVAILABLE":
        return is_rust_graph_available()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def is_rust_graph_available() -> bool:
    """Whether graphs can run on Rust, and `RUST_GRAPH_AVAILABLE` is not set to False."""
    return globals().get("RUST_GRAPH_AVAILABLE") is not False and rust_backend.is_rust_available()


class RustGraphEngine:
    """The kernels of `parquetframe.graph.rust_backend`, where they are there: else making one is an
    `UnsupportedError`, which is a RuntimeError.
    """

    def __init__(self) -> None:
        if globals().get("RUST_GRAPH_AVAILABLE") is False:
            raise UnsupportedError("Rust backend requested but not available: RUST_GRAPH_AVAILABLE is False")
        rust_backend.require_rust()

    @staticmethod
    def is_available() -> bool:
        """Whether graphs can run on Rust."""
        return is_rust_graph_available()

    def build_csr(
        self, src: np.ndarray, dst: np.ndarray, num_vertices: int, weights: np.ndarray | None = None
    ) -> Compressed:
        """Outgoing edges as (indptr, indices, weights)."""
        return rust_backend.build_csr_rust(src, dst, num_vertices, weights)

    def build_csc(
        self, src: np.ndarray, dst: np.ndarray, num_vertices: int, weights: np.ndarray | None = None
    ) -> Compressed:
        """Incoming edges as (indptr, indices, weights)."""
        return rust_backend.build_csc_rust(src, dst, num_vertices, weights)

    def bfs(
        self,
        indptr: np.ndarray,
        indices: np.ndarray,
        num_vertices: int,
        sources: np.ndarray,
        max_depth: int | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Distances and predecessors, -1 where not reached."""
        return rust_backend.bfs_rust(indptr, indices, num_vertices, sources, max_depth)

    def dfs(
        self,
        indptr: np.ndarray,
        indices: np.ndarray,
        num_vertices: int,
        source: int,
        max_depth: int | None = None,
    ) -> np.ndarray:
        """The vertices in the order of a depth-first search."""
        return rust_backend.dfs_rust(indptr, indices, num_vertices, source, max_depth)

    def pagerank(
        self,
        indptr: np.ndarray,
        indices: np.ndarray,
        num_vertices: int,
        alpha: float = 0.85,
        tol: float = 1e-6,
        max_iter: int = 100,
        personalization: np.ndarray | None = None,
    ) -> np.ndarray:
        """The rank of every vertex."""
        return rust_backend.pagerank_rust(
            indptr, indices, num_vertices, alpha, tol, max_iter, personalization
        )

    def dijkstra(
        self,
        indptr: np.ndarray,
        indices: np.ndarray,
        weights: np.ndarray,
        num_vertices: int,
        source: int,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Distances (inf where not reached) and predecessors (-1)."""
        return rust_backend.dijkstra_rust(indptr, indices, num_vertices, np.atleast_1d(source), weights)

    def connected_components(self, src: np.ndarray, dst: np.ndarray, num_vertices: int) -> np.ndarray:
        """The weakly connected component of every vertex."""
        return rust_backend.connected_components_rust(src, dst, num_vertices)


def build_csr(
    src: np.ndarray, dst: np.ndarray, num_vertices: int, weights: np.ndarray | None = None
) -> Compressed:
    """Outgoing edges as (indptr, indices, weights)."""
    return RustGraphEngine().build_csr(src, dst, num_vertices, weights)


def pagerank(indptr: np.ndarray, indices: np.ndarray, num_vertices: int, alpha: float = 0.85) -> np.ndarray:
    """The rank of every vertex."""
    return RustGraphEngine().pagerank(indptr, indices, num_vertices, alpha)
