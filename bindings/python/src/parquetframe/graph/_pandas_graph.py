"""A graph in NumPy arrays: what the pandas engine computes on. No Python loop runs over edges or vertices."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..exceptions import InvalidArgumentError, WrongTypeError

MAX_VERTICES = 2**32 - 2


class Adjacency(NamedTuple):
    """Rows of neighbours: those of vertex v are `targets[offsets[v]:offsets[v + 1]]`, ascending.

    `offsets` is uint64 of n + 1 elements, `targets` uint32, `weights` of the type of the weight column, or
    None. All are read-only.
    """

    offsets: np.ndarray
    targets: np.ndarray
    weights: np.ndarray | None

    @property
    def degrees(self) -> np.ndarray:
        """The length of each row, int64."""
        return np.diff(self.offsets.astype(np.int64))

    @property
    def rows(self) -> np.ndarray:
        """The row of each entry, int64."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.degrees)

    def frozen(self) -> Adjacency:
        """The same arrays, which nobody can write any more."""
        for array in self:
            if array is not None:
                array.setflags(write=False)
        return self


class PandasGraph:
    """Vertex ids and outgoing adjacency."""

    def __init__(
        self,
        ids: np.ndarray,
        outgoing: Adjacency,
        num_edges: int,
        directed: bool,
        weight: str | None,
        positions: bool,
        edge_ids: np.ndarray | None = None,
        input_rows: int | None = None,
    ) -> None:
        ids.setflags(write=False)
        self.ids = ids
        # The row of the input for every entry of the outgoing adjacency, if kept, and how many there were.
        self.edge_ids, self.input_rows = edge_ids, input_rows
        self.outgoing = outgoing.frozen()
        self.num_edges = num_edges
        self.directed = directed
        self.weight = weight
        self.positions = positions

    @classmethod
    def build(
        cls,
        ids: np.ndarray,
        source: np.ndarray,
        target: np.ndarray,
        weights: np.ndarray | None,
        directed: bool,
        weight: str | None,
        *,
        positions: bool,
        edge_ids: np.ndarray | None = None,
        input_rows: int | None = None,
    ) -> PandasGraph:
        """A graph of edges between positions in `ids`; `edge_ids` are their rows of the input, if kept."""
        num_edges = len(source)
        if not directed:
            back = np.flatnonzero(source != target)
            order = np.argsort(np.concatenate([np.arange(num_edges), back]), kind="stable")
            source, target = (
                np.concatenate([source, target[back]])[order],
                np.concatenate([target, source[back]])[order],
            )
            weights = None if weights is None else np.concatenate([weights, weights[back]])[order]
            edge_ids = None if edge_ids is None else np.concatenate([edge_ids, edge_ids[back]])[order]
        outgoing = _adjacency(len(ids), source, target, weights)
        if edge_ids is not None:
            edge_ids = edge_ids[np.lexsort((target, source))]
        return cls(ids, outgoing, num_edges, directed, weight, positions, edge_ids, input_rows)

    def __getstate__(self) -> dict[str, Any]:
        # What is computed on first use is computed again after unpickling.
        computed = ("incoming", "_index", "least_weight")
        return {key: value for key, value in vars(self).items() if key not in computed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    @property
    def num_vertices(self) -> int:
        """The number of vertices."""
        return len(self.ids)

    @cached_property
    def incoming(self) -> Adjacency:
        """Rows of in-neighbours; those of the outgoing adjacency where the graph is undirected."""
        out = self.outgoing
        if not self.directed:
            return out
        return _adjacency(self.num_vertices, out.targets, out.rows, out.weights).frozen()

    @cached_property
    def least_weight(self) -> float:
        """The least weight; 0 where there is none. Time O(edges), once."""
        return least_of(self.outgoing.weights)

    def edges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Source and target positions and weights of the edges, each once."""
        out = self.outgoing
        rows, targets, weights = out.rows, out.targets.astype(np.int64), out.weights
        if self.directed:
            return rows, targets, weights
        once = rows <= targets
        return rows[once], targets[once], None if weights is None else weights[once]

    def edge_rows(self) -> np.ndarray | None:
        """The row of the input for every edge of `edges()`, None where they were not kept."""
        if self.edge_ids is None or self.directed:
            return self.edge_ids
        return self.edge_ids[self.outgoing.rows <= self.outgoing.targets]

    @cached_property
    def _index(self) -> Any:
        import pandas as pd

        return pd.Index(self.ids)

    def find(self, ids: np.ndarray, name: str) -> np.ndarray:
        """The positions of ids.

        Raises WrongTypeError for ids of another kind, InvalidArgumentError for unknown ones.
        """
        if not len(ids):
            return np.empty(0, np.int64)
        texts = self.ids.dtype == object
        if (ids.dtype == object) != texts:
            has, wants = ("integers", "strings") if texts else ("strings", "integers")
            raise WrongTypeError(f"{name} holds {has}, but the vertex ids of the graph are {wants}")
        if texts:
            found = self._index.get_indexer(ids)
        elif not self.num_vertices:
            found = np.full(len(ids), -1)
        else:
            # An id that the type cannot hold wraps around; comparing Python's integers finds it out.
            cast = ids.astype(self.ids.dtype)
            found = np.searchsorted(self.ids, cast).clip(max=self.num_vertices - 1)
            found = np.where(self.ids[found].astype(object) == ids.astype(object), found, -1)
        unknown = np.flatnonzero(found < 0)
        if len(unknown):
            vertex = ids[unknown[0]]
            if self.positions:
                raise InvalidArgumentError(
                    f"{name}: vertex {vertex} is out of range [0, {self.num_vertices})"
                )
            shown = f"'{vertex}'" if texts else vertex
            raise InvalidArgumentError(f"{name}: vertex {shown} is not in the graph")
        return np.asarray(found)


def least_of(weights: np.ndarray | None) -> float:
    """The least weight; 0 where there is none."""
    return float(weights.min()) if weights is not None and len(weights) else 0.0


def distinct(values: np.ndarray) -> np.ndarray:
    """The values, ascending, each once. By sorting: `np.unique` hashes, and integers in a grid collide."""
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def number_ids(
    source: np.ndarray, target: np.ndarray, vertices: np.ndarray | None, source_name: str, target_name: str
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """The vertex ids in vertex order, and the positions of sources and targets in them.

    Integers are ordered by value; strings by first appearance: `vertices` first, then row by row, source
    before target.
    """
    for values, name in ((source, source_name), (target, target_name)):
        if values.dtype.kind not in "iuO":
            raise WrongTypeError(f"{name} must hold integers or strings as vertex ids, not {values.dtype}")
    kinds = [_kind(source), _kind(target)]
    if kinds[0] != kinds[1]:
        raise WrongTypeError(
            f"{source_name} holds {kinds[0]}, {target_name} {kinds[1]}: both must be integers or both strings"
        )
    if vertices is not None and _kind(vertices) != kinds[0] and len(vertices):
        raise WrongTypeError(
            f"vertices holds {_kind(vertices)}, but {source_name} {kinds[0]}: "
            "both must be integers or both strings"
        )
    if kinds[0] == "strings":
        return _number_texts(source, target, vertices)
    columns = [(source_name, source), (target_name, target)]
    if vertices is not None:
        columns.append(("vertices", vertices))
    dtype = _id_type([values.dtype for _, values in columns])
    parts = [_typed(values, dtype, name) for name, values in columns]
    ids = distinct(np.concatenate(parts))
    return ids, (np.searchsorted(ids, parts[0]), np.searchsorted(ids, parts[1]))


def _id_type(dtypes: list[np.dtype]) -> np.dtype:
    """The type of the ids of columns of integers: theirs, or where they differ uint64 if none is signed and
    else int64.
    """
    if len(set(dtypes)) == 1:
        return dtypes[0]
    return np.dtype(np.uint64 if all(dtype.kind == "u" for dtype in dtypes) else np.int64)


def _number_texts(
    source: np.ndarray, target: np.ndarray, vertices: np.ndarray | None
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    import pandas as pd

    first = 0 if vertices is None else len(vertices)
    texts = np.empty(first + 2 * len(source), object)
    if vertices is not None:
        texts[:first] = vertices
    texts[first::2], texts[first + 1 :: 2] = source, target
    numbers, ids = pd.factorize(texts)
    return np.asarray(ids, object), (numbers[first::2], numbers[first + 1 :: 2])


def _kind(values: np.ndarray) -> str:
    return "strings" if values.dtype == object else "integers"


def _typed(values: np.ndarray, dtype: np.dtype, name: str) -> np.ndarray:
    """Integers as the type of the ids. Raises InvalidArgumentError for one that does not fit."""
    if dtype == np.int64 and values.dtype == np.uint64:
        beyond = values > np.iinfo(np.int64).max
        if beyond.any():
            row = int(beyond.argmax())
            raise InvalidArgumentError(
                f"{name}: the id {values[row]} in row {row} is beyond int64, "
                "but ids of another column are signed"
            )
    return values.astype(dtype)


def _adjacency(
    num_vertices: int, source: np.ndarray, target: np.ndarray, weights: np.ndarray | None
) -> Adjacency:
    # Stable: parallel edges stay in the order of the input.
    order = np.lexsort((target, source))
    offsets = np.zeros(num_vertices + 1, np.uint64)
    offsets[1:] = np.cumsum(np.bincount(source.astype(np.int64), minlength=num_vertices))
    return Adjacency(offsets, target[order].astype(np.uint32), None if weights is None else weights[order])
