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
    with edges. Time O(vertices · log vertices + edges). Deterministic.
    """
    return run("topological_sort", graph, backend, _sort_on_rust, _sort_on_pandas, output)


def find_cycle(
    graph: GraphFrame, directed: bool | None = None, backend: str | None = "auto", *, output: str = "pandas"
) -> Any:
    """One cycle, if there is any: the first that a depth-first search closes which begins at every vertex,
    and visits neighbours, in vertex order.

    Result: the column `vertex` with the vertices of the cycle in its order, the first not repeated; no rows
    where the graph is acyclic. A self loop is a cycle of one vertex; in an undirected graph two parallel
    edges are one of two. `attrs` of a pandas frame and `metadata` of a Table hold `parquetframe.acyclic`,
    "true" or "false". `directed=False`: edges are followed both ways. `backend`: "rust" or "pandas" for this
    call. `output`: "pandas", "table" or "proxy".

    Time O(vertices + edges), less where a cycle is found early. Deterministic.
    """
    return run("find_cycle", graph, backend, _cycle_on_rust, _cycle_on_pandas, output, directed=directed)


def _sort_on_rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_topological_sort")


def _cycle_on_rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_find_cycle")


def _sort_on_pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    if not graph.directed and graph.num_edges:
        row = int(graph.outgoing.rows[0])
        edge = list(dict.fromkeys((row, int(graph.outgoing.targets[0]))))
        raise InvalidArgumentError(
            f"topological_sort: the graph is undirected, and its edges lead both ways: {_shown(graph, edge)}"
        )
    layer = _layers(graph)
    if (layer < 0).any():
        cycle = _first_cycle(graph)
        raise InvalidArgumentError(f"topological_sort: the graph has a cycle: {_shown(graph, cycle)}")
    order = np.argsort(layer, kind="stable")
    frame = pd.DataFrame({"vertex": graph.ids[order], "layer": layer[order]})
    frame.attrs["parquetframe.layers"] = str(int(layer.max(initial=-1)) + 1)
    return frame


def _cycle_on_pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    cyclic = (_layers(graph) < 0).any() if graph.directed else _has_undirected_cycle(graph)
    cycle = np.array(_first_cycle(graph) if cyclic else [], np.int64)
    frame = pd.DataFrame({"vertex": graph.ids[cycle]})
    frame.attrs["parquetframe.acyclic"] = str(not len(cycle)).lower()
    return frame


def _shown(graph: PandasGraph, cycle: list[int]) -> str:
    """A cycle by the ids of its vertices, for messages: `1 -> 2 -> 1`."""
    ids = [repr(vertex) for vertex in graph.ids[cycle[:SHOWN]].tolist()]
    return " -> ".join([*ids, *(["…"] if len(cycle) > SHOWN else []), ids[0]])


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


def _first_cycle(graph: PandasGraph) -> list[int]:
    """The first cycle that a depth-first search closes, which begins at every vertex in vertex order and
    visits neighbours in vertex order, by positions in its order. There must be one.
    """
    offsets, targets = graph.outgoing.offsets.tolist(), graph.outgoing.targets.tolist()
    seen, where = [False] * graph.num_vertices, [-1] * graph.num_vertices
    for root in range(graph.num_vertices):
        if seen[root]:
            continue
        seen[root], where[root] = True, 0
        path, rows = [root], [iter(targets[offsets[root] : offsets[root + 1]])]
        # Whether the edge by which a vertex was entered, which is in its row too, is still to come.
        skip = [False]
        while path:
            for vertex in rows[-1]:
                if not seen[vertex]:
                    seen[vertex], where[vertex] = True, len(path)
                    path.append(vertex)
                    rows.append(iter(targets[offsets[vertex] : offsets[vertex + 1]]))
                    skip.append(not graph.directed)
                    break
                if skip[-1] and vertex == path[-2]:
                    skip[-1] = False
                elif where[vertex] >= 0:
                    return path[where[vertex] :]
            else:
                where[path.pop()] = -1
                rows.pop()
                skip.pop()
    return []


def _has_undirected_cycle(graph: PandasGraph) -> bool:
    """Whether something is left when the vertices with fewer than two ends of edges are taken away, again and
    again; a loop has two ends.
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
    return bool(left.any())
