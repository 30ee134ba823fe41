"""Graphs that Hypothesis draws, and the same in NetworkX."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import strategies as st

import parquetframe as pf


@st.composite
def graphs(draw, max_vertices=25, directed=None, weights=None):
    """The number of vertices, edges between positions, a weight each, and whether edges have a direction."""
    n = draw(st.integers(1, max_vertices))
    ends = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(ends, ends), max_size=3 * n))
    kind = st.floats(0, 10, allow_subnormal=False) if weights is None else weights
    values = draw(st.lists(kind, min_size=len(edges), max_size=len(edges)))
    return n, edges, values, draw(st.booleans()) if directed is None else directed


def both(case, engine):
    """The graph, and the same in NetworkX."""
    n, edges, weights, directed = case
    columns = np.array(edges, np.int64).reshape(-1, 2)
    graph = pf.GraphFrame.from_edges(
        (columns[:, 0], columns[:, 1], np.array(weights, float)),
        weight="weight",
        num_vertices=n,
        directed=directed,
        engine=engine,
    )
    other = nx.MultiDiGraph() if directed else nx.MultiGraph()
    other.add_nodes_from(range(n))
    other.add_weighted_edges_from((a, b, w) for (a, b), w in zip(edges, weights, strict=True))
    return graph, other


def simple(other, weight=False):
    """Without direction, loops and parallel edges; with `weight` only without the last, the least one stays."""
    if not weight:
        plain = nx.Graph(other.to_undirected() if other.is_directed() else other)
        plain.remove_edges_from(list(nx.selfloop_edges(plain)))
        return plain
    plain = nx.DiGraph() if other.is_directed() else nx.Graph()
    plain.add_nodes_from(other)
    for a, b, w in other.edges(data="weight"):
        if not plain.has_edge(a, b) or w < plain[a][b]["weight"]:
            plain.add_edge(a, b, weight=w)
    return plain
