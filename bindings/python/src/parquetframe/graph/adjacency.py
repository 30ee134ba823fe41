"""Compressed adjacency over positions 0 … n - 1, in NumPy: rows of neighbours in the order of the edges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np

from .._arguments import integer, not_negative
from .._native.columns import whole_numbers
from .._warnings import warn
from ..exceptions import InvalidArgumentError, WrongTypeError
from ._checks import vertex_count
from ._pandas_graph import MAX_VERTICES
from .data import EdgeSet, frame_columns

__all__ = ["CSCAdjacency", "CSRAdjacency", "compress"]

_DENSE_LIMIT = 10_000


def __getattr__(name: str) -> Any:
    if name == "RUST_AVAILABLE":
        from .rust_backend import is_rust_available

        return is_rust_available()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def compress(
    rows: np.ndarray, columns: np.ndarray, num_vertices: int, data: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """(indptr, indices, data) of the entries (row, column): sorted by row, and within one in the given order.

    `rows` are of [0, num_vertices). Time O(n + m log m).
    """
    indptr = np.zeros(num_vertices + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=num_vertices), out=indptr[1:])
    order = _stable_order(rows, num_vertices)
    return indptr, columns[order], None if data is None else data[order]


def _stable_order(rows: np.ndarray, num_vertices: int) -> np.ndarray:
    count = len(rows)
    bits = max(count - 1, 0).bit_length()
    if bits + max(num_vertices - 1, 0).bit_length() > 63:
        return np.argsort(rows, kind="stable")
    # Sorting keys that hold the row of the edge too is stable, and many times quicker than any argsort,
    # because NumPy sorts plain integers with vector instructions.
    keys = (rows.astype(np.int64) << bits) | np.arange(count)
    keys.sort()
    keys &= (1 << bits) - 1
    return keys


class _Compressed:
    """What both orientations share."""

    def __init__(self, indices: Any, indptr: Any, data: Any = None, num_vertices: int | None = None) -> None:
        self.indices = _integers("indices", indices)
        self.indptr = _integers("indptr", indptr)
        self.data = None if data is None else np.asarray(data)
        if self.data is not None and self.data.ndim != 1:
            raise InvalidArgumentError(f"data must have one dimension, not {self.data.ndim}")
        if not len(self.indptr):
            raise InvalidArgumentError("indptr cannot be empty")
        if self.indptr[0] != 0:
            raise InvalidArgumentError(f"indptr[0] must be 0, not {self.indptr[0]}")
        if self.indptr[-1] != len(self.indices):
            raise InvalidArgumentError(
                f"indptr[-1] ({self.indptr[-1]}) must equal the length of indices ({len(self.indices)})"
            )
        self._num_vertices = (
            len(self.indptr) - 1 if num_vertices is None else not_negative("num_vertices", num_vertices)
        )
        if len(self.indptr) != self._num_vertices + 1:
            raise InvalidArgumentError(
                f"indptr length ({len(self.indptr)}) must be num_vertices + 1 ({self._num_vertices + 1})"
            )
        if (np.diff(self.indptr) < 0).any():
            raise InvalidArgumentError("indptr must not decrease")
        if self.data is not None and len(self.data) != len(self.indices):
            raise InvalidArgumentError(
                f"data length ({len(self.data)}) must match indices length ({len(self.indices)})"
            )
        if len(self.indices):
            least, greatest = int(self.indices.min()), int(self.indices.max())
            if least < 0 or greatest >= self._num_vertices:
                vertex = least if least < 0 else greatest
                raise InvalidArgumentError(f"indices: vertex {vertex} out of range [0, {self._num_vertices})")

    @classmethod
    def _of(cls, rows: np.ndarray, columns: np.ndarray, num_vertices: int, data: np.ndarray | None) -> Self:
        indptr, indices, data = compress(rows, columns.astype(np.int64, copy=False), num_vertices, data)
        return cls(indices, indptr, data, num_vertices)

    @property
    def num_vertices(self) -> int:
        """The number of rows."""
        return self._num_vertices

    @property
    def num_edges(self) -> int:
        """The number of entries."""
        return len(self.indices)

    @property
    def has_weights(self) -> bool:
        """Whether entries have weights."""
        return self.data is not None

    def degree(self, vertex: int) -> int:
        """The length of a row. Raises InvalidArgumentError "Vertex … out of range"."""
        row = self._row(vertex)
        return row.stop - row.start

    def edge_weights(self, vertex: int) -> np.ndarray | None:
        """The weights of a row, a copy; None where there are none. Raises as `degree`."""
        row = self._row(vertex)
        return None if self.data is None else self.data[row].copy()

    def _row(self, vertex: Any) -> slice:
        vertex = integer("vertex", vertex)
        if not 0 <= vertex < self._num_vertices:
            raise InvalidArgumentError(f"Vertex {vertex} out of range [0, {self._num_vertices})")
        return slice(int(self.indptr[vertex]), int(self.indptr[vertex + 1]))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or not isinstance(other, _Compressed):
            return NotImplemented
        mine, theirs = (self.indptr, self.indices), (other.indptr, other.indices)
        weights = (self.data is None) == (other.data is None) and (
            self.data is None or other.data is None or np.array_equal(self.data, other.data)
        )
        return weights and all(map(np.array_equal, mine, theirs))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        weighted = ", weighted" if self.has_weights else ""
        return f"{type(self).__name__}({self.num_vertices:,} vertices, {self.num_edges:,} edges{weighted})"


class CSRAdjacency(_Compressed):
    """Outgoing edges: the neighbours of vertex v are `indices[indptr[v]:indptr[v + 1]]`.

    `indices` and `indptr` are int64 arrays, `data` holds weights or is None. Raises InvalidArgumentError, a
    ValueError, for arrays that do not fit together.
    """

    @classmethod
    def from_edge_set(
        cls,
        edge_set: EdgeSet,
        include_weights: bool = False,
        weight_column: str | None = None,
        num_vertices: int | None = None,
    ) -> CSRAdjacency:
        """The outgoing edges of an EdgeSet, whose ids are positions. Parallel edges and self loops are kept,
        in the order of the rows.

        `num_vertices` None: the greatest id and one more. `include_weights` without `weight_column` takes
        the first numeric column that is no end, with a UserWarning; without it `weight_column` changes
        nothing. Raises InvalidArgumentError, a
        ValueError, for an unknown weight column and an id out of range.
        """
        source, target, data, count = _ends(edge_set, include_weights, weight_column, num_vertices)
        return cls._of(source, target, count, data)

    def neighbors(self, vertex: int) -> np.ndarray:
        """The targets of a vertex, a copy. Raises InvalidArgumentError "Vertex … out of range"."""
        return self.indices[self._row(vertex)].copy()

    def has_edge(self, source: int, target: int) -> bool:
        """Whether there is such an edge; False for vertices that are not there. Time O(degree)."""
        if not 0 <= integer("source", source) < self._num_vertices:
            return False
        return bool((self.indices[self._row(source)] == integer("target", target)).any())

    def subgraph(self, vertices: Iterable[int] | np.ndarray) -> CSRAdjacency:
        """The edges between some vertices, which get the numbers 0, 1, … in the order of their ids.

        Repeated vertices count once. Raises InvalidArgumentError "Vertex … out of range". Time O(vertices +
        edges).
        """
        if isinstance(vertices, str) or not hasattr(vertices, "__iter__"):
            raise WrongTypeError(f"vertices must be a list of vertices, not {type(vertices).__name__}")
        wanted = np.unique(
            _integers("vertices", vertices if isinstance(vertices, np.ndarray) else list(vertices))
        )
        if len(wanted) and (wanted[0] < 0 or wanted[-1] >= self._num_vertices):
            vertex = wanted[0] if wanted[0] < 0 else wanted[-1]
            raise InvalidArgumentError(f"Vertex {vertex} out of range [0, {self._num_vertices})")
        number = np.full(self._num_vertices, -1, np.int64)
        number[wanted] = np.arange(len(wanted))
        rows = number[np.repeat(np.arange(self._num_vertices), np.diff(self.indptr))]
        columns = number[self.indices]
        kept = (rows >= 0) & (columns >= 0)
        indptr = np.zeros(len(wanted) + 1, np.int64)
        np.cumsum(np.bincount(rows[kept], minlength=len(wanted)), out=indptr[1:])
        data = None if self.data is None else self.data[kept]
        return CSRAdjacency(columns[kept], indptr, data, len(wanted))

    def to_dense(self) -> np.ndarray:
        """A matrix of booleans, true where there is an edge; a UserWarning above 10,000 vertices."""
        if self._num_vertices > _DENSE_LIMIT:
            warn(
                f"to_dense() of {self._num_vertices:,} vertices takes "
                f"{self._num_vertices**2 / 2**20:,.0f} MiB",
                UserWarning,
            )
        dense = np.zeros((self._num_vertices, self._num_vertices), bool)
        dense[np.repeat(np.arange(self._num_vertices), np.diff(self.indptr)), self.indices] = True
        return dense


class CSCAdjacency(_Compressed):
    """Incoming edges: the predecessors of vertex v are `indices[indptr[v]:indptr[v + 1]]`.

    Arrays and errors are those of `CSRAdjacency`.
    """

    @classmethod
    def from_edge_set(
        cls,
        edge_set: EdgeSet,
        include_weights: bool = False,
        weight_column: str | None = None,
        num_vertices: int | None = None,
    ) -> CSCAdjacency:
        """The incoming edges of an EdgeSet: see `CSRAdjacency.from_edge_set`."""
        source, target, data, count = _ends(edge_set, include_weights, weight_column, num_vertices)
        return cls._of(target, source, count, data)

    def predecessors(self, vertex: int) -> np.ndarray:
        """The sources of edges to a vertex, a copy. Raises InvalidArgumentError "Vertex … out of range"."""
        return self.indices[self._row(vertex)].copy()


def _integers(name: str, values: Any) -> np.ndarray:
    """Values as int64; nothing is cut off silently. Floating-point numbers may be whole ones."""
    array = np.asarray(values)
    if not array.size:
        return np.empty(0, np.int64)
    if array.dtype.kind not in "iuf":
        raise WrongTypeError(f"{name} must hold integers, not {array.dtype}")
    if array.dtype.kind == "f" and array.ndim == 1:
        return whole_numbers(array, name, False)
    if array.dtype == np.uint64 and array.max() > np.iinfo(np.int64).max:
        raise InvalidArgumentError(f"{name} holds {array.max()}, which int64 cannot")
    if array.ndim != 1:
        raise InvalidArgumentError(f"{name} must have one dimension, not {array.ndim}")
    return array.astype(np.int64, copy=False)


def _ends(
    edge_set: EdgeSet, include_weights: bool, weight_column: str | None, num_vertices: int | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, int]:
    """Sources, targets, weights and the number of vertices."""
    names = [edge_set.src_column, edge_set.dst_column]
    weight = _weight_column(edge_set, weight_column) if include_weights else None
    columns = frame_columns(edge_set.data, names, "edge", weight)
    if weight is not None and columns[weight].dtype.kind not in "iuf":
        raise WrongTypeError(f"weight column '{weight}' must hold numbers, not {columns[weight].dtype}")
    source, target = (_integers(f"edge column '{name}'", columns[name]) for name in names)
    greatest = max((int(ends.max()) for ends in (source, target) if len(ends)), default=-1)
    count = (
        min(greatest + 1, MAX_VERTICES)
        if num_vertices is None
        else vertex_count("num_vertices", num_vertices)
    )
    for name, ends in zip(names, (source, target), strict=True):
        if len(ends) and (ends.min() < 0 or ends.max() >= count):
            vertex = ends.min() if ends.min() < 0 else ends.max()
            raise InvalidArgumentError(f"edge column '{name}': vertex {vertex} out of range [0, {count})")
    return source, target, None if weight is None else columns[weight], count


def _weight_column(edge_set: EdgeSet, name: str | None) -> str | None:
    if name is not None:
        if name not in edge_set.columns:
            raise InvalidArgumentError(f"Weight column '{name}' not found in edge data")
        return name
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    types = edge_set.data._df.dtypes
    for column in edge_set.property_columns:
        if is_numeric_dtype(types[column]) and not is_bool_dtype(types[column]):
            warn(f"Auto-selected weight column '{column}'", UserWarning)
            return column
    return None
