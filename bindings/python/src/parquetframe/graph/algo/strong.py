"""Strongly connected components, and the graph that they form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._dispatch import run
from .._pandas_graph import PandasGraph, distinct
from .._results import Result
from .._rust_graph import RustGraph
from .._search import Rows, layers

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["condensation", "strongly_connected_components"]


def strongly_connected_components(
    graph: GraphFrame, backend: str | None = "auto", *, output: str = "pandas"
) -> Any:
    """Strongly connected components: vertices that can reach each other along the direction of the edges.

    Result: columns `vertex` and `component_id` (int64: 0, 1, … in the order of each component's first
    vertex), a row per vertex in vertex order. `attrs` of a pandas frame and `metadata` of a Table hold
    `parquetframe.components`, their number. In an undirected graph these are the connected components.
    `backend`: "rust" or "pandas" for this call. `output`: "pandas", "table" or "proxy".

    Time O(vertices + edges) on Rust; on pandas times the logarithm of the vertices, in expectation over the
    order, drawn with a fixed seed, in which components are looked for. Deterministic.
    """
    return run("strongly_connected_components", graph, backend, _rust, _pandas, output)


def condensation(graph: GraphFrame, backend: str | None = "auto", *, output: str = "pandas") -> Any:
    """The graph of the strongly connected components: an edge between two of them for all edges that lead
    from the one to the other.

    Result, by source and target: columns `source` and `target` (int64, ids of components as
    `strongly_connected_components` gives them) and `edges` (int64: how many edges of the graph it stands
    for). Edges inside a component are left out, so what is left is acyclic. `attrs` of a pandas frame and
    `metadata` of a Table hold `parquetframe.components`. `backend`: "rust" or "pandas" for this call.
    `output`: "pandas", "table" or "proxy".

    Time that of `strongly_connected_components`; on pandas also that of a sort of the edges between
    components. Deterministic.
    """
    return run("condensation", graph, backend, _condensed_on_rust, _condensed_on_pandas, output)


def _rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_strongly_connected_components")


def _condensed_on_rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_condensation")


def _pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    component, count = _components(graph)
    frame = pd.DataFrame({"vertex": graph.ids, "component_id": component})
    frame.attrs["parquetframe.components"] = str(count)
    return frame


def _condensed_on_pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    component, count = _components(graph)
    out = graph.outgoing
    sources, targets = component[out.rows], component[out.targets]
    between = sources != targets
    keys, edges = np.unique(sources[between] * count + targets[between], return_counts=True)
    source, target = np.divmod(keys, max(count, 1))
    frame = pd.DataFrame({"source": source, "target": target, "edges": edges.astype(np.int64)})
    frame.attrs["parquetframe.components"] = str(count)
    return frame


def _components(graph: PandasGraph) -> tuple[np.ndarray, int]:
    """The component of each vertex by position, and their number."""
    _, first, component = np.unique(_roots(graph), return_index=True, return_inverse=True)
    # In the order of each component's first vertex.
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[component], len(first)


def _roots(graph: PandasGraph) -> np.ndarray:
    """A vertex of each vertex's component, the same for all of one.

    Colours spread forward, the least wins; what reaches the vertex whose own colour it has, within that
    colour, is its component (S. Orzan, 2004). In a random order of colours few rounds remain to do.
    """
    n = graph.num_vertices
    root = np.full(n, -1, np.int64)
    colours = np.random.default_rng(0).permutation(n)
    owner = np.argsort(colours)
    rows, targets = graph.outgoing.rows, graph.outgoing.targets.astype(np.int64)
    while True:
        apart = _not_on_cycles(n, rows, targets, root)
        root[apart] = apart
        rows, targets = _inside(rows, targets, root < 0)
        if not len(rows):
            # What has no edge left that could be on a cycle is alone.
            alone = np.flatnonzero(root < 0)
            root[alone] = alone
            return root
        colour = _spread(Rows.sorted(n, rows, targets), colours.copy(), distinct(rows))
        same = colour[rows] == colour[targets]
        rows, targets = rows[same], targets[same]
        order = np.argsort(targets, kind="stable")
        backward = Rows.sorted(n, targets[order], rows[order])
        starts = np.flatnonzero((colour == colours) & (root < 0))
        distance, _ = layers(backward, starts)
        found = (distance >= 0) & (root < 0)
        root[found] = owner[colour[found]]
        rows, targets = _inside(rows, targets, root < 0)


def _inside(rows: np.ndarray, targets: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The edges between vertices that are left, without loops."""
    both = left[rows] & left[targets] & (rows != targets)
    return rows[both], targets[both]


def _spread(out: Rows, colour: np.ndarray, active: np.ndarray) -> np.ndarray:
    """The least colour of all vertices from which there is a way to each."""
    while len(active):
        entries, origins = out.entries(active)
        reached, given = out.targets[entries], colour[origins]
        less = given < colour[reached]
        np.minimum.at(colour, reached[less], given[less])
        active = distinct(reached[less])
    return colour


def _not_on_cycles(n: int, rows: np.ndarray, targets: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Vertices that no way leads to, or none leads from, once such are taken away again and again."""
    gone = root >= 0
    order = np.argsort(targets, kind="stable")
    for out, waits_for in (
        (Rows.sorted(n, rows, targets), targets),
        (Rows.sorted(n, targets[order], rows[order]), rows),
    ):
        # The edges of what the first pass took away no longer count in the second.
        other = rows if waits_for is targets else targets
        waiting = np.bincount(waits_for[~gone[other]], minlength=n)
        frontier = np.flatnonzero((waiting == 0) & ~gone)
        while len(frontier):
            gone[frontier] = True
            entries, _ = out.entries(frontier)
            reached, counts = np.unique(out.targets[entries], return_counts=True)
            waiting[reached] -= counts
            frontier = reached[(waiting[reached] == 0) & ~gone[reached]]
    return np.flatnonzero(gone & (root < 0))
