"""A graph as two frames, of vertices and of edges: what `GraphFrame(vertices, edges, metadata)` holds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from .._native.columns import plain_column, wrong_kind
from .._native.inputs import is_pandas
from ..core.formats import is_dask
from ..core.frame import DataFrameProxy
from ..core_legacy import ParquetFrame
from ..exceptions import InvalidArgumentError, WrongTypeError
from ._edges import Edges
from .data import ID_NAMES, SOURCE_NAMES, TARGET_NAMES, EdgeSet, VertexSet

__all__ = ["Frames", "as_frame"]


def as_frame(data: Any, name: str) -> ParquetFrame:
    """A frame of any kind as a ParquetFrame; a lazy one stays lazy, and is known to be."""
    if isinstance(data, (VertexSet, EdgeSet)):
        data = data.data
    if isinstance(data, ParquetFrame):
        if data._df is None:
            raise InvalidArgumentError(f"{name} is an empty ParquetFrame: no dataframe loaded")
        lazy = is_dask(data._df)
        return data if lazy == data.islazy else ParquetFrame(data._df, lazy)
    if isinstance(data, DataFrameProxy):
        data = data.pandas_df
    if is_pandas(data) or is_dask(data):
        return ParquetFrame(data, is_dask(data))
    if hasattr(data, "__arrow_c_stream__"):
        from ..table import Table

        return ParquetFrame(Table(data).to_pandas())
    raise WrongTypeError(
        f"{name} must be a ParquetFrame or a data frame, not {type(data).__name__}; "
        "a graph of edges alone is made by GraphFrame.from_edges(edges, source=..., target=...)"
    )


def _snapshot(frame: ParquetFrame) -> ParquetFrame:
    """The same rows in the same memory, which adding and replacing rows and columns does not change."""
    data = frame._df
    return ParquetFrame(data.copy(deep=False) if is_pandas(data) else data, frame.islazy)


class Frames:
    """The frames of vertices and edges, and what their columns are for; nothing is computed early."""

    def __init__(
        self,
        vertices: ParquetFrame,
        edges: ParquetFrame,
        given: tuple[ParquetFrame, ParquetFrame] | None = None,
    ) -> None:
        self.vertices = vertices
        self.edges = edges
        # What the user sees; changing it must not change half of a graph.
        self.given = given or (vertices, edges)

    @classmethod
    def of(cls, vertices: ParquetFrame, edges: ParquetFrame) -> Frames:
        """The frames of a user, who may change them later."""
        return cls(_snapshot(vertices), _snapshot(edges), (vertices, edges))

    def __getstate__(self) -> dict[str, Any]:
        # The rows once, and without what is computed on first use.
        return {"vertices": self.vertices, "edges": self.edges, "given": (self.vertices, self.edges)}

    @cached_property
    def id_column(self) -> str | None:
        """The column of ids: the first named as in `VertexSet`. None: ids are the numbers of rows."""
        return self._named(self.vertices, ID_NAMES)

    @cached_property
    def ends(self) -> tuple[str, str]:
        """The columns of sources and targets. Raises InvalidArgumentError "missing source column"."""
        found = []
        for what, names in (("source", SOURCE_NAMES), ("target", TARGET_NAMES)):
            name = self._named(self.edges, names)
            if name is None:
                raise InvalidArgumentError(f"the edges are missing {what} column: one of {', '.join(names)}")
            found.append(name)
        return found[0], found[1]

    @staticmethod
    def _named(frame: ParquetFrame, names: tuple[str, ...]) -> str | None:
        columns = [str(name) for name in frame._df.columns]
        found = next((name for name in columns if name.lower() in names), None)
        if found is not None and columns.count(found) > 1:
            raise InvalidArgumentError(f"column '{found}' appears more than once")
        return found

    @cached_property
    def num_vertices(self) -> int:
        return len(self.vertices)

    @cached_property
    def num_edges(self) -> int:
        return len(self.edges)

    @cached_property
    def ids(self) -> np.ndarray | None:
        """The ids by row; None where they are the positions 0 … n - 1, in any order of rows.

        Raises InvalidArgumentError for an id that is there twice.
        """
        if self.id_column is None or not self.num_vertices:
            return None
        column = self.vertices._df[self.id_column]
        values = column.compute() if self.vertices.islazy else column
        label = f"vertex column '{self.id_column}'"
        ids = plain_column(values, label, ids=True)
        if ids.dtype.kind not in "iuO":
            raise wrong_kind(label, True, ids.dtype)
        unique, counts = np.unique(ids, return_counts=True)
        if len(unique) < len(ids):
            twice = unique[counts > 1][0]
            raise InvalidArgumentError(
                f"vertex column '{self.id_column}' holds the id {twice!s} more than once"
            )
        if ids.dtype.kind in "iu" and unique[0] == 0 and unique[-1] == len(ids) - 1:
            return None
        return ids

    @cached_property
    def _index(self) -> Any:
        import pandas as pd

        return None if self.ids is None else pd.Index(self.ids)

    @property
    def first(self) -> Any:
        """The first vertex in vertex order."""
        if self.ids is None:
            return 0
        return self.ids[0] if self.ids.dtype == object else self.ids.min()

    def unknown(self, ids: np.ndarray) -> Any:
        """The first of some ids that is no vertex, None where all are, or are of another kind."""
        if self.ids is None or (ids.dtype == object) != (self.ids.dtype == object):
            return None
        missing = self._index.get_indexer(ids) < 0
        return ids[missing.argmax()] if missing.any() else None

    def of_their_kind(self, ids: np.ndarray) -> np.ndarray:
        """These ids. Raises WrongTypeError for integers among strings, and the other way round."""
        texts = self.ids is not None and self.ids.dtype == object
        if len(ids) and self.num_vertices and (ids.dtype == object) != texts:
            has, wants = ("integers", "strings") if texts else ("strings", "integers")
            raise WrongTypeError(f"vertices holds {has}, but the vertex ids of the graph are {wants}")
        return ids

    def edges_of(self, weight: str | None, directed: bool, *, lazily: bool) -> Edges:
        """The edges as `from_edges` takes them; `lazily`: of a lazy frame a stream of its partitions.

        Raises InvalidArgumentError for a weight column that is not there.
        """
        source, target = self.ends
        if weight is not None and weight not in map(str, self.edges._df.columns):
            raise InvalidArgumentError(f"Weight column '{weight}' not found in graph edges")
        names = list(dict.fromkeys([source, target, *([] if weight is None else [weight])]))
        ids = self.ids
        data: Any = self.edges._df[names]
        twice = [name for name in names if list(data.columns).count(name) > 1]
        if twice:
            raise InvalidArgumentError(f"column '{twice[0]}' appears more than once")
        if not self.num_edges:
            # Columns of no rows often have no type that means anything.
            none = np.empty(0, np.int64) if ids is None else ids[:0]
            data = {name: np.empty(0) if name == weight else none for name in names}
        elif self.edges.islazy:
            data = ParquetFrame(data, True) if lazily else data.compute()
        if ids is None:
            return Edges.of(data, source, target, weight, directed, None, self.num_vertices)
        self._check_known(ids)
        return Edges.of(data, source, target, weight, directed, ids, None)

    def _check_known(self, ids: np.ndarray) -> None:
        """Raises InvalidArgumentError where an end of an edge is no vertex."""
        import pandas as pd

        index = pd.Index(ids)
        for name in self.ends:
            column = self.edges._df[name]
            found = (column.compute() if self.edges.islazy else column).isin(index).to_numpy()
            if not found.all():
                row = int((~found).argmax())
                column = column.compute() if self.edges.islazy else column
                raise InvalidArgumentError(
                    f"edge column '{name}': vertex {column.iloc[row]!s} is not among the vertices, "
                    f"in row {row}"
                )

    def part(self, ids: Iterable[Any]) -> Frames:
        """The vertices with these ids and the edges between them."""
        import pandas as pd

        # An array of their type, which is looked up quicker than a list.
        wanted, (source, target) = pd.Index(list(ids)), self.ends
        vertices, edges = self.vertices._df, self.edges._df
        if self.id_column is None:
            rows = [
                row for row in wanted if isinstance(row, (int, np.integer)) and 0 <= row < self.num_vertices
            ]
            # From here on the ids have to be told.
            kept = (vertices.compute() if self.vertices.islazy else vertices).iloc[rows]
            vertices = kept.assign(vertex_id=np.asarray(rows, np.int64))
            lazy = False
        else:
            vertices, lazy = vertices[vertices[self.id_column].isin(wanted)], self.vertices.islazy
        edges = edges[edges[source].isin(wanted) & edges[target].isin(wanted)]
        if not self.edges.islazy:
            edges = edges.reset_index(drop=True)
        if not lazy:
            vertices = vertices.reset_index(drop=True)
        return Frames(ParquetFrame(vertices, lazy), ParquetFrame(edges, self.edges.islazy))

    def filtered(self, mask: np.ndarray) -> Frames:
        """The same vertices, and the rows of the edges where the mask is true."""
        if len(mask) != self.num_edges:
            raise InvalidArgumentError(
                f"keep has {len(mask)} values, but the graph was built from {self.num_edges} edges"
            )
        edges = self.edges.pandas_df[mask].reset_index(drop=True)
        return Frames(self.vertices, ParquetFrame(edges))

    def transposed(self) -> Frames:
        """The same vertices, and every edge the other way."""
        source, target = self.ends
        names = {source: target, target: source}
        return Frames(self.vertices, ParquetFrame(self.edges._df.rename(columns=names), self.edges.islazy))

    @property
    def vertex_properties(self) -> list[str]:
        """The columns of vertices but those of ids."""
        return [
            str(name)
            for name in self.vertices._df.columns
            if str(name) not in ("vertex_id", "id", self.id_column)
        ]

    @property
    def edge_properties(self) -> list[str]:
        """The columns of edges but those of ends."""
        ends = {"src", "dst", "source", "target"}
        known = [self._named(self.edges, names) for names in (SOURCE_NAMES, TARGET_NAMES)]
        return [str(name) for name in self.edges._df.columns if str(name) not in {*ends, *known}]
