"""Breadth-first search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..._native.columns import try_import
from ..._native.inputs import array_of
from ...exceptions import InvalidArgumentError, UnsupportedError
from ...table import Table
from .. import _checks
from .._dispatch import run
from .._pandas_graph import Adjacency, PandasGraph
from .._rust_graph import RustGraph

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["bfs"]


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
    predecessors: bool = True,
    output: str = "pandas",
) -> Any:
    """The least number of edges from any source to every vertex.

    Result: columns `vertex`, `distance` (int64), `predecessor` (of the ids' type, nullable: the first in
    vertex order of the in-neighbours one step nearer; none for sources) and `layer` (the same as distance), a
    row per vertex that is reached, in vertex order. `include_unreachable`: all vertices; distance and layer
    are -1 where not reached.

    `sources` (or `source`): an id or several; None means vertex 0 where the ids are positions. `max_depth`:
    vertices farther away stay unreached. `predecessors=False` leaves that column out, which is faster.
    `directed=False`: edges are followed both ways. `backend`: "rust" or "pandas" for this call. `output`:
    "pandas", "table" or "proxy". `partition_size`, `npartitions` and `compute` are for Dask, which this
    version does not have.

    Raises InvalidArgumentError for an unknown source, no source, a negative depth, an empty graph;
    WrongTypeError for ids of another kind. Time O(vertices + edges).
    """
    if not compute:
        raise UnsupportedError("compute=False needs the Dask backend, which this version does not have")
    name, sources = _checks.one_name("sources", sources, None, "source", source)
    if sources is None and graph.has_positions:
        sources = 0
    ids = _checks.vertex_ids(name, [] if sources is None else sources)
    if not graph.num_vertices:
        raise InvalidArgumentError("Cannot perform BFS on empty graph: no source can be in it")
    if not len(ids):
        raise InvalidArgumentError("At least one source vertex must be specified")
    if max_depth is not None and (max_depth := _checks.integer("max_depth", max_depth)) < 0:
        raise InvalidArgumentError(f"max_depth must be non-negative, not {max_depth}")
    if graph.has_positions and ids.dtype != object:
        outside = ids[(ids < 0) | (ids >= graph.num_vertices)]
        if len(outside):
            raise InvalidArgumentError(f"Source vertex {outside[0]} out of range [0, {graph.num_vertices})")
    return run(
        "bfs",
        graph.oriented(directed),
        backend,
        _rust,
        _pandas,
        output,
        sources=ids,
        max_depth=max_depth,
        predecessors=_checks.truth("predecessors", predecessors),
        include_unreachable=_checks.truth("include_unreachable", include_unreachable),
        wants_table=output != "pandas",
    )


def _rust(
    graph: RustGraph,
    *,
    sources: np.ndarray,
    max_depth: int | None,
    predecessors: bool,
    include_unreachable: bool,
    wants_table: bool,
) -> Table | pd.DataFrame:
    array, schema = array_of(graph.handle.library, sources, "sources")
    result = graph.kernel(
        "pf_graph_bfs", array.address, schema.address, max_depth=max_depth, predecessors=predecessors
    )
    pyarrow = try_import("pyarrow") if wants_table else None
    if pyarrow is not None:
        return _finished_table(pyarrow, result.to_arrow(), include_unreachable)
    frame = result.to_pandas()
    if not include_unreachable:
        frame = frame[frame["distance"].notna()].reset_index(drop=True)
    for column in ("distance", "layer"):
        frame[column] = frame[column].fillna(-1).astype(np.int64)
    return frame


def _finished_table(pyarrow: Any, arrow: Any, include_unreachable: bool) -> Table:
    import pyarrow.compute as pc

    if not include_unreachable:
        return Table(arrow.filter(pc.is_valid(arrow["distance"])))
    for name in ("distance", "layer"):
        index = arrow.column_names.index(name)
        arrow = arrow.set_column(index, name, pc.fill_null(arrow[name], -1))
    return Table(arrow)


def _pandas(
    graph: PandasGraph,
    *,
    sources: np.ndarray,
    max_depth: int | None,
    predecessors: bool,
    include_unreachable: bool,
    wants_table: bool,
) -> pd.DataFrame:
    import pandas as pd

    distance, predecessor = _search(graph.outgoing, np.unique(graph.find(sources, "sources")), max_depth)
    shown = np.arange(graph.num_vertices) if include_unreachable else np.flatnonzero(distance >= 0)
    columns: dict[str, Any] = {"vertex": graph.ids[shown], "distance": distance[shown]}
    if predecessors:
        columns["predecessor"] = _nullable(pd, graph.ids, predecessor[shown])
    return pd.DataFrame({**columns, "layer": distance[shown]})


def _search(out: Adjacency, frontier: np.ndarray, max_depth: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Distances and predecessors by position, -1 where there is none. `frontier` is ascending."""
    offsets, targets = out.offsets.astype(np.int64), out.targets
    distance = np.full(len(offsets) - 1, -1, np.int64)
    predecessor = distance.copy()
    distance[frontier] = depth = 0
    while len(frontier) and (max_depth is None or depth < max_depth):
        depth += 1
        begin, lengths = offsets[frontier], offsets[frontier + 1] - offsets[frontier]
        # The entries of all rows of the frontier, one row after the other.
        entries = np.repeat(begin - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) + np.arange(
            lengths.sum()
        )
        reached, parents = targets[entries], np.repeat(frontier, lengths)
        fresh = distance[reached] < 0
        # The frontier is ascending, so what reaches a vertex first is its first predecessor in vertex order.
        reached, first = np.unique(reached[fresh], return_index=True)
        frontier = reached.astype(np.int64)
        distance[frontier], predecessor[frontier] = depth, parents[fresh][first]
    return distance, predecessor


def _nullable(pd: Any, ids: np.ndarray, positions: np.ndarray) -> Any:
    """The ids at positions, null at -1."""
    missing = positions < 0
    values = ids[np.where(missing, 0, positions)]
    if ids.dtype == object:
        values[missing] = None
        return pd.Series(values.tolist(), dtype=pd.Series(ids[:1].tolist()).dtype)
    return pd.arrays.IntegerArray(values, missing)
