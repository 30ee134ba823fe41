"""The algorithms, a file each: a public function, and what runs it on Rust, on pandas and, where the edges
may be lazy, on Dask.

What holds for all of them:

Arguments. `backend`: "rust" or "pandas" (for some also "dask") for this call; "auto" and None mean the
graph's engine, without one Rust where it is there. `directed`: None for the direction that the graph has,
False to follow edges both ways, True for the edges of an undirected graph of frames as their rows stand.
`output`: "pandas" for a pandas frame, "table" for a Table, "proxy" for a DataFrameProxy.

Results. The column `vertex` holds ids of the graph. Ties go to the first in vertex order. The same bits for
any number of threads and at each call; sums of floats may differ between engines in their last bits.

Errors. InvalidArgumentError, a ValueError, for a value that an argument cannot have; WrongTypeError, a
TypeError, for one of another type; UnsupportedError where an engine that was asked for is not there or does
not have the algorithm, ImportError for "dask" where that is not installed; OutOfMemoryError above the memory
limit, and CancelledError (see `parquetframe.context`).
"""

import sys
from typing import TYPE_CHECKING

from .centrality import betweenness, closeness, degree_centrality
from .components import (
    connected_components,
    connected_components_rust_wrapper,
    label_propagation_components,
    union_find_components,
)
from .core_number import core_number
from .degree import MODES, degree, degree_of
from .lookup import edges, has_edge, neighbors
from .order import find_cycle, topological_sort
from .pagerank import pagerank, pagerank_dask, pagerank_pandas, pagerank_rust_wrapper
from .shortest_path import (
    bellman_ford,
    bfs_shortest_path,
    dijkstra,
    dijkstra_pandas,
    dijkstra_rust_wrapper,
    path,
    shortest_path,
)
from .strong import condensation, strongly_connected_components
from .traversal import bfs, dfs
from .triangles import clustering_coefficient, triangles

if not TYPE_CHECKING:
    # Of the same name as their function, which they are called as: see `_callable`.
    pagerank = sys.modules[f"{__name__}.pagerank"]
    shortest_path = sys.modules[f"{__name__}.shortest_path"]

__all__ = [
    "MODES",
    "bellman_ford",
    "betweenness",
    "bfs",
    "bfs_shortest_path",
    "closeness",
    "clustering_coefficient",
    "condensation",
    "connected_components",
    "connected_components_rust_wrapper",
    "core_number",
    "degree",
    "degree_centrality",
    "degree_of",
    "dfs",
    "dijkstra",
    "dijkstra_pandas",
    "dijkstra_rust_wrapper",
    "edges",
    "find_cycle",
    "has_edge",
    "label_propagation_components",
    "neighbors",
    "pagerank",
    "pagerank_dask",
    "pagerank_pandas",
    "pagerank_rust_wrapper",
    "path",
    "shortest_path",
    "strongly_connected_components",
    "topological_sort",
    "triangles",
    "union_find_components",
]
