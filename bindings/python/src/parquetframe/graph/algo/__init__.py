"""The algorithms, a file each: a public function, and what runs it on Rust, on pandas and, where the edges
may be lazy, on Dask.
"""

from .centrality import betweenness, closeness, degree_centrality
from .components import (
    connected_components,
    connected_components_rust_wrapper,
    label_propagation_components,
    union_find_components,
)
from .core_number import core_number
from .degree import MODES, degree, degree_of
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
    "find_cycle",
    "label_propagation_components",
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
