"""A graph whose edges Dask holds in partitions: what the Dask engine computes on.

The vectors of the vertices are in memory, the edges are not: each step of an algorithm goes through the
partitions, in parallel, and combines what it finds in each in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .._native.columns import plain_column
from .._native.inputs import is_pandas
from ..exceptions import InvalidArgumentError
from . import _checks
from ._pandas_graph import PandasGraph

if TYPE_CHECKING:
    from .frame import GraphFrame

# How many results of partitions are combined in one task.
FAN_IN = 8
EDGES_PER_PARTITION = 1_000_000


class Part(NamedTuple):
    """The edges of a partition: the positions of their ends, and their weights or None."""

    sources: np.ndarray
    targets: np.ndarray
    weights: np.ndarray | None

    def rows(self, which: slice) -> Part:
        """Some of the edges."""
        weights = None if self.weights is None else self.weights[which]
        return Part(self.sources[which], self.targets[which], weights)


class DaskGraph:
    """Partitions of edges, and the ids of the vertices."""

    def __init__(self, lookup: PandasGraph, parts: list[Any], directed: bool, weight: str | None) -> None:
        self.lookup = lookup
        self.parts = parts
        self.directed = directed
        self.weight = weight

    @classmethod
    def of(
        cls,
        graph: GraphFrame,
        directed: bool,
        npartitions: int | None = None,
        partition_size: int | None = None,
    ) -> DaskGraph:
        """The graph's own lazy edges, or its edges in `npartitions` parts (or of `partition_size` edges
        each).

        `directed` False: without their direction.

        Raises ImportError where Dask is not installed.
        """
        import dask

        lazy = lazy_edges(graph)
        if lazy is not None:
            frame, source, target = lazy
            weight = graph.weight
            if npartitions is not None:
                frame = frame.repartition(npartitions=npartitions)
            names = [source, target] if weight is None else [source, target, weight]
            count = graph.num_vertices
            parts = [
                dask.delayed(_read_part)(part, source, target, weight, count)
                for part in frame[list(dict.fromkeys(names))].to_delayed()
            ]
            lookup = _without_edges(np.arange(count, dtype=np.int64), True)
        else:
            # An undirected graph may have the direction of its edges still, in the frame that it was made of.
            whole = (graph.oriented(True) if directed else graph).on_pandas()
            weight = whole.weight
            edges = Part(*whole.edges())
            size = partition_size or EDGES_PER_PARTITION
            count = npartitions or max(1, -(-len(edges.sources) // size))
            bounds = np.linspace(0, len(edges.sources), count + 1).astype(np.int64)
            parts = [
                dask.delayed(edges.rows(slice(begin, end)), traverse=False)
                for begin, end in pairwise(bounds.tolist())
            ]
            lookup = _without_edges(whole.ids, whole.positions)
        return cls(lookup, parts, directed, weight)

    @property
    def num_vertices(self) -> int:
        """The number of vertices."""
        return self.lookup.num_vertices

    @property
    def ids(self) -> np.ndarray:
        """The vertex ids in vertex order."""
        return self.lookup.ids

    def fold(self, step: Callable[..., Any], combine: Callable[[list[Any]], Any], *state: Any) -> Any:
        """`combine` of what `step(part, *state)` gives for every partition, in their order.

        `combine` must be associative. An undirected edge comes in both directions, a loop once.
        """
        import dask

        shared = [dask.delayed(value, traverse=False) for value in state]
        level = [dask.delayed(_run_step)(step, part, self.directed, *shared) for part in self.parts]
        while len(level) > 1:
            level = [
                dask.delayed(_run_combine)(combine, level[at : at + FAN_IN])
                for at in range(0, len(level), FAN_IN)
            ]
        return dask.compute(level[0])[0]


def lazy_edges(graph: GraphFrame) -> tuple[Any, str, str] | None:
    """The graph's edges as a Dask frame with the names of their ends, None where they are in memory."""
    if graph._frames is None or not has_lazy_edges(graph) or not graph.has_positions:
        return None
    frame = graph._frames.edges._df
    names = {str(name).lower(): str(name) for name in reversed(list(frame.columns))}
    source = next((names[name] for name in ("src", "source", "from", "from_id") if name in names), None)
    target = next((names[name] for name in ("dst", "target", "to", "to_id") if name in names), None)
    return None if source is None or target is None else (frame, source, target)


def has_lazy_edges(graph: GraphFrame) -> bool:
    """Whether Dask holds the edges of the graph."""
    return bool(getattr(graph, "islazy", False))


def as_dask(frame: Any, compute: bool, npartitions: int | None = None) -> Any:
    """A result, or with `compute=False` a Dask frame of it, where it is a frame of pandas."""
    if compute or not is_pandas(frame):
        return frame
    import dask.dataframe as dd

    return dd.from_pandas(frame, npartitions=npartitions or 1, sort=False)


def _without_edges(ids: np.ndarray, positions: bool) -> PandasGraph:
    none = np.empty(0, np.int64)
    return PandasGraph.build(ids, none, none, None, True, None, positions=positions)


def _read_part(frame: Any, source: str, target: str, weight: str | None, num_vertices: int) -> Part:
    ends = []
    for name in (source, target):
        ids = _checks.vertex_ids(name, frame[name])
        outside = (ids < 0) | (ids >= num_vertices)
        if outside.any():
            raise InvalidArgumentError(
                f"{name}: vertex {ids[outside.argmax()]} is out of range [0, {num_vertices})"
            )
        ends.append(ids.astype(np.int64))
    return Part(ends[0], ends[1], None if weight is None else plain_column(frame[weight], weight))


def _run_step(step: Callable[..., Any], part: Part, directed: bool, *state: Any) -> Any:
    if not directed:
        back = np.flatnonzero(part.sources != part.targets)
        part = Part(
            np.concatenate([part.sources, part.targets[back]]),
            np.concatenate([part.targets, part.sources[back]]),
            None if part.weights is None else np.concatenate([part.weights, part.weights[back]]),
        )
    return step(part, *state)


def _run_combine(combine: Callable[[list[Any]], Any], results: list[Any]) -> Any:
    return results[0] if len(results) == 1 else combine(results)
