"""Breadth-first search; and depth-first search, which has a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _checks
from .._dask_graph import DaskGraph, Part, as_dask, has_lazy_edges
from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result
from .._rust_graph import RustGraph
from .._search import Rows, layers, nullable
from .depth_first import dfs
from .utils import dask_installed, require_dask

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["bfs", "dfs"]

DASK_AVAILABLE = dask_installed()


def bfs(
    graph: GraphFrame,
    sources: Any = None,
    max_depth: int | None = None,
    directed: bool | None = None,
    backend: str | None = "auto",
    include_unreachable: bool = False,
    partition_size: int | None = None,
    npartitions: int | None = None,
    compute: bool = True,
    *,
    source: Any = None,
    targets: Any = None,
    predecessors: bool = True,
    reached_only: bool | None = None,
    output: str = "pandas",
) -> Any:
    """The least number of edges from any source to every vertex.

    Result: columns `vertex`, `distance` (int64), `predecessor` (of the ids' type, nullable: the first in
    vertex order of the in-neighbours one step nearer; none for sources) and `layer` (the same as distance), a
    row per vertex that is reached, in vertex order. `include_unreachable` (or `reached_only=False`): all
    vertices; distance and layer are -1 where not reached. `attrs` of a pandas frame and `metadata` of a Table
    hold `parquetframe.reached`, the number of vertices reached.

    `sources` (or `source`): an id or several; None means vertex 0 where the ids are positions, and the first
    vertex of a graph made of frames. `targets`: the
    search ends with the layer in which the last of them is reached, and vertices beyond it are not reached.
    `max_depth`: vertices farther away stay unreached. `predecessors=False` leaves that column out, which is
    faster. `directed=False`: edges are followed both ways. `backend`: "rust", "pandas" or "dask" for this
    call. `output`: "pandas", "table" or "proxy".

    For Dask: `npartitions` or `partition_size` say in how many parts, or parts of how many edges, a graph in
    memory is split; `compute=False` gives a Dask frame of lazy edges, and with `backend="dask"` (the
    search has run by then: a layer needs the one before).

    Raises InvalidArgumentError for an unknown source or target, no source, an empty list of targets, a
    negative depth, an empty graph; WrongTypeError for ids of another kind. Time O(vertices + edges), on Dask
    O(edges) per layer. Deterministic.
    """
    ids = _checks.sources_of(
        graph, sources, source, "Cannot perform BFS on empty graph: no source can be in it", default=0
    )
    if backend == "dask":
        require_dask(DASK_AVAILABLE, "BFS")
    result = run(
        "bfs",
        graph,
        backend,
        _rust,
        _pandas,
        output,
        directed=directed,
        dask=_dask if DASK_AVAILABLE else None,
        split={
            "npartitions": None if npartitions is None else _checks.at_least_one("npartitions", npartitions),
            "partition_size": None
            if partition_size is None
            else _checks.at_least_one("partition_size", partition_size),
        },
        sources=ids,
        targets=_checks.targets_of(graph, targets),
        max_depth=_checks.depth(max_depth),
        predecessors=_checks.truth("predecessors", predecessors),
        include_unreachable=_checks.all_vertices(include_unreachable, reached_only),
    )
    # Of edges in memory the result is there, and stays as it is.
    return as_dask(result, compute or not (backend == "dask" or has_lazy_edges(graph)), npartitions)


def _rust(
    graph: RustGraph,
    *,
    sources: np.ndarray,
    targets: np.ndarray | None,
    max_depth: int | None,
    predecessors: bool,
    include_unreachable: bool,
) -> Result:
    roots = graph.id_array(sources, "sources")
    ends = graph.id_array(targets, "targets")
    return graph.result(
        "pf_graph_bfs",
        *roots.addresses,
        *ends.addresses,
        max_depth=max_depth,
        predecessors=predecessors,
        reached_only=not include_unreachable,
        missing={"distance": -1, "layer": -1} if include_unreachable else None,
    )


def _pandas(
    graph: PandasGraph,
    *,
    sources: np.ndarray,
    targets: np.ndarray | None,
    max_depth: int | None,
    predecessors: bool,
    include_unreachable: bool,
) -> pd.DataFrame:
    roots = np.unique(graph.find(sources, "sources"))
    ends = None if targets is None else graph.find(targets, "targets")
    distance, predecessor = layers(Rows.of(graph.outgoing), roots, max_depth, ends)
    return _frame(graph.ids, distance, predecessor if predecessors else None, include_unreachable)


def _frame(
    ids: np.ndarray, distance: np.ndarray, predecessor: np.ndarray | None, include_unreachable: bool
) -> pd.DataFrame:
    import pandas as pd

    reached = np.flatnonzero(distance >= 0)
    shown = np.arange(len(ids)) if include_unreachable else reached
    columns: dict[str, Any] = {"vertex": ids[shown], "distance": distance[shown]}
    if predecessor is not None:
        columns["predecessor"] = nullable(ids, predecessor[shown])
    frame = pd.DataFrame({**columns, "layer": distance[shown]})
    frame.attrs["parquetframe.reached"] = str(len(reached))
    return frame


def _dask(
    graph: DaskGraph,
    *,
    sources: np.ndarray,
    targets: np.ndarray | None,
    max_depth: int | None,
    predecessors: bool,
    include_unreachable: bool,
) -> pd.DataFrame:
    frontier = np.unique(graph.lookup.find(sources, "sources"))
    ends = None if targets is None else graph.lookup.find(targets, "targets")
    distance = np.full(graph.num_vertices, -1, np.int64)
    predecessor = distance.copy()
    distance[frontier] = depth = 0
    while len(frontier) and (max_depth is None or depth < max_depth):
        if ends is not None and (distance[ends] >= 0).all():
            break
        frontier, parents = graph.fold(_layer_of_part, _nearest, distance, depth)
        depth += 1
        distance[frontier], predecessor[frontier] = depth, parents
    return _frame(graph.ids, distance, predecessor if predecessors else None, include_unreachable)


def _layer_of_part(part: Part, distance: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
    """The vertices that edges of a partition reach from the layer at `depth`, and where from."""
    fresh = (distance[part.sources] == depth) & (distance[part.targets] < 0)
    return _nearest([(part.targets[fresh], part.sources[fresh])])


def _nearest(found: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Each vertex that was found once, with the first in vertex order of where it was found from."""
    reached, parents = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((parents, reached))
    vertices, first = np.unique(reached[order], return_index=True)
    return vertices, parents[order][first]
