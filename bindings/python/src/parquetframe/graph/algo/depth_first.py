"""Depth-first search."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._engines import require_rust
from ...exceptions import UnsupportedError
from .. import _checks
from .._dispatch import engine_for, run
from .._pandas_graph import PandasGraph
from .._results import Result
from .._rust_graph import RustGraph
from .._search import nullable

if TYPE_CHECKING:
    import pandas as pd

    from ..adjacency import CSRAdjacency
    from ..frame import GraphFrame

__all__ = ["dfs"]

EMPTY = "Cannot perform DFS on empty graph: no source can be in it"


def dfs(
    graph: GraphFrame,
    sources: Any = None,
    max_depth: int | None = None,
    directed: bool | None = None,
    backend: str | None = "auto",
    forest: bool = False,
    *,
    source: Any = None,
    include_unreachable: bool = False,
    reached_only: bool | None = None,
    output: str = "pandas",
) -> Any:
    """Depth-first search: from each vertex on to its first neighbour that was not visited, and back when
    there is none.

    Result: columns `vertex`, `predecessor` (of the ids' type, nullable; none for roots), `discovery_time` and
    `finish_time` (int64, one clock for both, from 0) and `component_id` (int64: the tree, 0, 1, … in the
    order of roots), a row per vertex that is visited, in vertex order. `include_unreachable` (or
    `reached_only=False`): all vertices, with -1 in the columns of numbers where not visited. `attrs` of a
    pandas frame and `metadata` of a Table hold `parquetframe.trees`, the number of roots.

    `sources` (or `source`): an id or several, the roots in this order; one that was visited before is passed
    over. None means vertex 0 where the ids are positions, and the first vertex of a graph made of frames.
    `forest=True`: then on from every vertex that was not visited, in vertex order. Neighbours are visited in
    vertex order; in a graph made of frames whose direction is followed, in the order of the rows, and where
    that is another order the search runs on pandas, whatever `backend` says. `max_depth`: a vertex at this
    depth below its root is visited, its neighbours are not, at least not from there. `directed=False`: edges
    are followed both ways. `backend`: "rust" or "pandas" for this call. `output`: "pandas", "table" or
    "proxy".

    Raises InvalidArgumentError for an unknown source, no source without `forest`, a negative depth, an empty
    graph; WrongTypeError for ids of another kind; UnsupportedError, a NotImplementedError, for
    `backend="dask"`. Time O(vertices + edges) on one thread, as each step needs the one before; on pandas in
    a Python loop. Deterministic.
    """
    if backend == "dask":
        raise UnsupportedError("Dask backend for DFS not implemented")
    forest = _checks.truth("forest", forest)
    ids = None
    if not (forest and sources is None and source is None and graph.num_vertices):
        ids = _checks.sources_of(graph, sources, source, EMPTY, default=0)
    rows = _stored_rows(graph, directed)
    if rows is not None:
        if engine_for(backend, "dfs") == "rust":
            require_rust("graph")
        backend = "pandas"
    return run(
        "dfs",
        graph,
        backend,
        _rust,
        partial(_pandas, rows=rows),
        output,
        directed=directed,
        sources=ids,
        max_depth=_checks.depth(max_depth),
        forest=forest,
        include_unreachable=_checks.all_vertices(include_unreachable, reached_only),
    )


def _rust(
    graph: RustGraph,
    *,
    sources: np.ndarray | None,
    max_depth: int | None,
    forest: bool,
    include_unreachable: bool,
) -> Result:
    roots = graph.id_array(sources, "sources")
    missing = {"discovery_time": -1, "finish_time": -1, "component_id": -1}
    return graph.result(
        "pf_graph_dfs",
        *roots.addresses,
        max_depth=max_depth,
        forest=forest,
        reached_only=not include_unreachable,
        missing=missing if include_unreachable else None,
    )


def _pandas(
    graph: PandasGraph,
    *,
    sources: np.ndarray | None,
    max_depth: int | None,
    forest: bool,
    include_unreachable: bool,
    rows: CSRAdjacency | None,
) -> pd.DataFrame:
    import pandas as pd

    offsets, targets = graph.outgoing[:2] if rows is None else (rows.indptr, rows.indices)
    roots = [] if sources is None else graph.find(sources, "sources").tolist()
    order: Iterable[int] = [*roots, *range(graph.num_vertices)] if forest else roots
    predecessor, discovery, finish, component, trees = search(offsets, targets, order, max_depth)
    shown = np.arange(graph.num_vertices) if include_unreachable else np.flatnonzero(discovery >= 0)
    frame = pd.DataFrame(
        {
            "vertex": graph.ids[shown],
            "predecessor": nullable(graph.ids, predecessor[shown]),
            "discovery_time": discovery[shown],
            "finish_time": finish[shown],
            "component_id": component[shown],
        }
    )
    frame.attrs["parquetframe.trees"] = str(trees)
    return frame


def _stored_rows(graph: GraphFrame, directed: bool | None) -> CSRAdjacency | None:
    """The edges as the frame has them, where they are followed in that order and it is not vertex order."""
    if graph._frames is None or not graph.follows_direction(directed):
        return None
    stored = graph.csr_adjacency
    return None if in_vertex_order(stored.indptr, stored.indices) else stored


def in_vertex_order(offsets: np.ndarray, targets: np.ndarray) -> bool:
    """Whether the targets of each row are ascending."""
    falls = targets[1:] < targets[:-1]
    # Where a new row begins they may fall.
    begins = offsets[1:-1]
    falls[begins[(begins > 0) & (begins < len(targets))] - 1] = False
    return not falls.any()


def search(
    offsets: np.ndarray, targets: np.ndarray, roots: Iterable[int], max_depth: int | None
) -> tuple[Any, ...]:
    """Predecessors, times of discovery and finish, and trees by position, -1 where there is none; and the
    number of trees.
    """
    begins, ends = offsets.tolist(), targets.tolist()
    columns = [[-1] * (len(begins) - 1) for _ in range(4)]
    predecessor, discovery, finish, component = columns
    clock = trees = 0
    for root in roots:
        if discovery[root] >= 0:
            continue
        path = [root]
        discovery[root], component[root] = clock, trees
        clock += 1
        neighbours = [_row(begins, ends, root, max_depth != 0)]
        while path:
            at = path[-1]
            for vertex in neighbours[-1]:
                if discovery[vertex] < 0:
                    predecessor[vertex], discovery[vertex], component[vertex] = at, clock, trees
                    clock += 1
                    path.append(vertex)
                    goes_on = max_depth is None or len(path) <= max_depth
                    neighbours.append(_row(begins, ends, vertex, goes_on))
                    break
            else:
                finish[at] = clock
                clock += 1
                path.pop()
                neighbours.pop()
        trees += 1
    return *(np.array(column, np.int64) for column in columns), trees


def _row(offsets: list[int], targets: list[int], vertex: int, goes_on: bool) -> Any:
    """The neighbours of a vertex, none where the search must not go on."""
    return iter(targets[offsets[vertex] : offsets[vertex + 1]] if goes_on else ())
