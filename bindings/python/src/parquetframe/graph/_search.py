"""Searches over adjacency in NumPy: a step of Python per layer or bucket, never per edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import ArithmeticFailure, InvalidArgumentError
from ._pandas_graph import Adjacency, PandasGraph, distinct
from ._results import number_text

if TYPE_CHECKING:
    from ._rust_graph import RustGraph

NONE = np.int64(-1)


class Rows:
    """An adjacency with offsets and targets as int64, which NumPy indexes with."""

    def __init__(self, offsets: np.ndarray, targets: np.ndarray, weights: np.ndarray | None = None) -> None:
        self.offsets = offsets
        self.targets = targets
        self.weights = weights

    @classmethod
    def of(cls, adjacency: Adjacency, weights: np.ndarray | None = None) -> Rows:
        """The rows of an adjacency, with these weights."""
        return cls(adjacency.offsets.astype(np.int64), adjacency.targets.astype(np.int64), weights)

    @classmethod
    def sorted(cls, num_vertices: int, rows: np.ndarray, targets: np.ndarray) -> Rows:
        """The rows of edges that are ordered by row."""
        offsets = np.zeros(num_vertices + 1, np.int64)
        np.cumsum(np.bincount(rows, minlength=num_vertices), out=offsets[1:])
        return cls(offsets, targets)

    @property
    def num_vertices(self) -> int:
        """The number of rows."""
        return len(self.offsets) - 1

    @property
    def degrees(self) -> np.ndarray:
        """The length of each row."""
        return np.diff(self.offsets)

    def entries(self, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The entries of all rows of `vertices`, one row after the other, and the vertex of each."""
        begin = self.offsets[vertices]
        lengths = self.offsets[vertices + 1] - begin
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        return np.repeat(begin - (ends - lengths), lengths) + np.arange(total), np.repeat(vertices, lengths)


def layers(
    out: Rows, sources: np.ndarray, max_depth: int | None = None, targets: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Breadth-first distances and predecessors by position, -1 where there is none. `sources` is ascending.

    Ends with the layer in which the last of `targets` is reached.
    """
    distance = np.full(out.num_vertices, NONE)
    predecessor = distance.copy()
    frontier, depth = sources, 0
    distance[frontier] = 0
    while len(frontier) and (max_depth is None or depth < max_depth):
        if targets is not None and (distance[targets] >= 0).all():
            break
        depth += 1
        entries, parents = out.entries(frontier)
        reached = out.targets[entries]
        fresh = distance[reached] < 0
        # The frontier is ascending, so what reaches a vertex first is its first predecessor in vertex order.
        frontier, first = np.unique(reached[fresh], return_index=True)
        distance[frontier], predecessor[frontier] = depth, parents[fresh][first]
    return distance, predecessor


def checked_weights(graph: PandasGraph) -> np.ndarray:
    """The weights as float64. Raises InvalidArgumentError for what cannot be a length."""
    values = np.asarray(graph.outgoing.weights, float)
    if not np.isfinite(values).all():
        raise InvalidArgumentError(f"weight column '{graph.weight}' holds an infinite weight")
    return values


def no_negative_weight(graph: PandasGraph | RustGraph, operation: str = "shortest_path") -> None:
    """Raises InvalidArgumentError if a weight is negative. Time O(edges) once for a graph."""
    if graph.least_weight < 0:
        raise InvalidArgumentError(
            f"{operation}: Dijkstra's algorithm requires non-negative edge weights; "
            f"weight column '{graph.weight}' holds {number_text(graph.least_weight)}"
        )


def check_range(out: Rows, rows: np.ndarray, distance: np.ndarray) -> None:
    """Raises ArithmeticFailure where a path is too long to be summed, which looks as if it were not there."""
    assert out.weights is not None
    before = distance[rows]
    with np.errstate(over="ignore"):
        beyond = np.isinf(before + out.weights) & np.isfinite(before)
    if beyond.any() or np.isneginf(distance).any():
        raise ArithmeticFailure("shortest_path: a distance is beyond the range of float64")


def distances(
    out: Rows, sources: np.ndarray, targets: np.ndarray | None = None, delta: float | None = None
) -> np.ndarray:
    """The least sums of weights, none of them negative; infinite where there is no path.

    Buckets `delta` wide, or as the mean weight, each settled before the next (Δ-stepping). With `targets`
    what is farther away than the farthest of them is infinite.
    """
    weights = out.weights
    assert weights is not None
    width = delta or float((weights / max(len(weights), 1)).sum())
    distance = np.full(out.num_vertices, np.inf)
    distance[sources] = 0.0
    active, bound = sources, np.inf
    while len(active):
        tentative = distance[active]
        nearest = tentative.min()
        if targets is not None and nearest > (bound := distance[targets].max()):
            break
        near = tentative <= min(float(nearest) + width, np.finfo(float).max)
        entries, origins = out.entries(active[near])
        reached, sums = out.targets[entries], _sums(distance[origins], weights[entries])
        better = sums < distance[reached]
        np.minimum.at(distance, reached[better], sums[better])
        active = distinct(np.concatenate([active[~near], reached[better]]))
    if targets is not None:
        distance[distance > bound] = np.inf
    return distance


def _sums(before: np.ndarray, weights: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.asarray(before + weights)


def distances_with_negatives(out: Rows, sources: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The least sums of weights of any sign, and the positions of a negative cycle that is reached, None if
    there is none (Bellman–Ford).
    """
    weights = out.weights
    assert weights is not None
    distance = np.full(out.num_vertices, np.inf)
    distance[sources] = 0.0
    parent = np.full(out.num_vertices, NONE)
    active = sources
    for _ in range(out.num_vertices):
        entries, origins = out.entries(active)
        reached, sums = out.targets[entries], _sums(distance[origins], weights[entries])
        better = sums < distance[reached]
        reached, sums, origins = reached[better], sums[better], origins[better]
        np.minimum.at(distance, reached, sums)
        least = sums == distance[reached]
        active, first = np.unique(reached[least], return_index=True)
        parent[active] = origins[least][first]
        if not len(active):
            return distance, None
    # What is improved in as many rounds as there are vertices lies behind a cycle.
    at = int(active[0])
    for _ in range(out.num_vertices):
        at = int(parent[at])
    cycle = [at]
    while (before := int(parent[cycle[-1]])) != at:
        cycle.append(before)
    cycle.reverse()
    first_at = cycle.index(min(cycle))
    return distance, np.array(cycle[first_at:] + cycle[:first_at])


def tight_entries(out: Rows, rows: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the entries that are the last step of a shortest path, in the order of the rows."""
    weights = 1.0 if out.weights is None else out.weights
    before = distance[rows]
    with np.errstate(over="ignore"):
        tight = np.isfinite(before) & (before + weights == distance[out.targets])
    return rows[tight], out.targets[tight]


def last_steps(
    out: Rows, rows: np.ndarray, distance: np.ndarray, sources: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the edges that are the last step of a shortest path, in the order of the rows, without
    those that lead in a circle.

    Steps of no length could: of these a vertex follows the ones from where fewer such steps lie behind; with
    negative weights, those from where fewer steps lie behind.
    """
    n = out.num_vertices
    origins, ends = tight_entries(out, rows, distance)
    nearer = distance[origins] < distance[ends]
    if out.weights is not None and (out.weights < 0).any():
        hops, _ = layers(Rows.sorted(n, origins, ends), sources)
        forward = hops[origins] < hops[ends]
    elif nearer.all():
        return origins, ends
    else:
        settled = np.zeros(n, bool)
        settled[sources] = settled[ends[nearer]] = True
        level = ~nearer
        hops, _ = layers(Rows.sorted(n, origins[level], ends[level]), np.flatnonzero(settled))
        forward = nearer | (hops[origins] < hops[ends])
    return origins[forward], ends[forward]


def predecessors(out: Rows, rows: np.ndarray, distance: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """For every vertex the first in vertex order of the in-neighbours on a shortest path to it, as
    `last_steps` gives them; -1 for sources and what is not reached.
    """
    # A negative path from one source to another makes the latter a vertex as others are.
    roots = sources[distance[sources] == 0]
    origins, ends = last_steps(out, rows, distance, roots)
    first = np.full(out.num_vertices, out.num_vertices)
    np.minimum.at(first, ends, origins)
    first[first == out.num_vertices] = NONE
    first[roots] = NONE
    return first


def nullable(ids: np.ndarray, positions: np.ndarray) -> Any:
    """The ids at positions as a column of pandas, null at -1."""
    import pandas as pd

    missing = positions < 0
    values = ids[np.where(missing, 0, positions)]
    if ids.dtype == object:
        values[missing] = None
        return pd.Series(values.tolist(), dtype=pd.Series(ids[:1].tolist()).dtype)
    return pd.arrays.IntegerArray(values, missing)
