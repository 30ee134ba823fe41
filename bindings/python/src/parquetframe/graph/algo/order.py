"""Topological order, and cycles, which stand in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...exceptions import InvalidArgumentError
from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result
from .._rust_graph import RustGraph
from .._search import Rows

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["find_cycle", "topological_sort"]

SHOWN = 10


def topological_sort(graph: GraphFrame, backend: str | None = "auto", *, output: str = "pandas") -> Any:
    """Orders the vertices of an acyclic directed graph so that every edge goes forward.

    Result: columns `vertex` and `layer` (int64: the most edges of a path that ends in it), a row per vertex,
    by layer and then in vertex order. `attrs` of a pandas frame and `metadata` of a Table hold
    `parquetframe.layers`, their number. `backend`: "rust" or "pandas" for this call. `output`: "pandas",
    "table" or "proxy".

    Raises InvalidArgumentError for a graph with a cycle, which the message shows, and for an undirected graph
    with edges. Time O(vertices + edges).
    """
    return run("topological_sort", graph, backend, _sort_on_rust, _sort_on_pandas, output)


def find_cycle(
    graph: GraphFrame, directed: bool | None = None, backend: str | None = "auto", *, output: str = "pandas"
) -> Any:
    """One cycle, if there is any.

    Result: the column `vertex` with the vertices of the cycle in its order, the first not repeated; no rows
    where the graph is acyclic. A self loop is a cycle of one vertex; in an undirected graph two parallel edges
    are one of two. `attrs` of a pandas frame and `metadata` of a Table hold `parquetframe.acyclic`, "true" or
    "false". `directed=False`: edges are followed both ways. `backend`: "rust" or "pandas" for this call.
    `output`: "pandas", "table" or "proxy".

    Time O(vertices + edges).
    """
    return run("find_cycle", graph, backend, _cycle_on_rust, _cycle_on_pandas, output, directed=directed)


def _sort_on_rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_topological_sort")


def _cycle_on_rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_find_cycle")


def _sort_on_pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    if not graph.directed and graph.num_edges:
        raise InvalidArgumentError(
            "topological_sort: the graph is undirected, its edges have no direction to sort by"
        )
    layer = _layers(graph)
    if (layer < 0).any():
        cycle = graph.ids[_cycle(graph)].tolist()
        shown = " → ".join(map(str, cycle[:SHOWN])) + (" → …" if len(cycle) > SHOWN else f" → {cycle[0]}")
        raise InvalidArgumentError(f"topological_sort: the graph has a cycle: {shown}")
    order = np.argsort(layer, kind="stable")
    frame = pd.DataFrame({"vertex": graph.ids[order], "layer": layer[order]})
    frame.attrs["parquetframe.layers"] = str(int(layer.max(initial=-1)) + 1)
    return frame


def _cycle_on_pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    cycle = _cycle(graph)
    frame = pd.DataFrame({"vertex": graph.ids[cycle]})
    frame.attrs["parquetframe.acyclic"] = str(not len(cycle)).lower()
    return frame


def _layers(graph: PandasGraph) -> np.ndarray:
    """The most edges of a path that ends in each vertex; -1 on cycles and behind them."""
    out = Rows.of(graph.outgoing)
    waiting = np.bincount(out.targets, minlength=graph.num_vertices)
    layer = np.full(graph.num_vertices, -1, np.int64)
    frontier, depth = np.flatnonzero(waiting == 0), 0
    while len(frontier):
        layer[frontier] = depth
        depth += 1
        entries, _ = out.entries(frontier)
        reached, counts = np.unique(out.targets[entries], return_counts=True)
        waiting[reached] -= counts
        frontier = reached[waiting[reached] == 0]
    return layer


def _cycle(graph: PandasGraph) -> np.ndarray:
    """The positions of the vertices of a cycle in its order, none where there is none."""
    if graph.directed:
        left = _layers(graph) < 0
        rows = Rows.of(graph.incoming)
    else:
        left, rows = _core_with_loops(graph)
    if not left.any():
        return np.empty(0, np.int64)
    path = _walk(rows, left, graph.directed)
    if graph.directed:
        path.reverse()
    first = path.index(min(path))
    return np.array(path[first:] + path[:first])


def _walk(rows: Rows, left: np.ndarray, directed: bool) -> list[int]:
    """A cycle among the vertices `left`, of which each has a neighbour there by another edge than that it was
    entered by: always on to the first such neighbour, until a vertex comes again.
    """
    at = int(left.argmax())
    path, where, before = [], {}, -1
    while at not in where:
        where[at] = len(path)
        path.append(at)
        row = rows.targets[rows.offsets[at] : rows.offsets[at + 1]]
        row = row[left[row]]
        if not directed and before >= 0:
            # The edge that led here does not lead back; one beside it does.
            back = np.searchsorted(row, before)
            row = np.delete(row, back)
        before, at = at, int(row[0])
    return path[where[at] :]


def _core_with_loops(graph: PandasGraph) -> tuple[np.ndarray, Rows]:
    """The vertices that are left when those with fewer than two ends of edges are taken away, again and again;
    a loop has two ends.
    """
    rows = Rows.of(graph.outgoing)
    origins = graph.outgoing.rows
    loops = np.bincount(origins[origins == rows.targets], minlength=graph.num_vertices)
    ends = rows.degrees + loops
    left = np.ones(graph.num_vertices, bool)
    frontier = np.flatnonzero(ends < 2)
    while len(frontier):
        left[frontier] = False
        entries, _ = rows.entries(frontier)
        reached, counts = np.unique(rows.targets[entries], return_counts=True)
        ends[reached] -= counts
        frontier = reached[left[reached] & (ends[reached] < 2)]
    return left, rows
