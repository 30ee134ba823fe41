"""Looking inside a graph: its frames, neighbours, edges between vertices, parts of it, adjacency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .._engines import dispatch
from .._native.columns import mask_column
from .._native.inputs import array_of, is_pandas
from ..core_legacy import ParquetFrame
from ..exceptions import InvalidArgumentError, WrongTypeError
from ..table import Table
from . import _checks
from ._dispatch import converted, engine_for
from ._frames import Frames, as_frame
from ._lookup import (
    pandas_edges,
    pandas_filter,
    pandas_has_edge,
    pandas_neighbors,
    pandas_subgraph,
    rust_edges,
    rust_has_edge,
    rust_neighbors,
)
from ._rust_graph import RustGraph
from ._rust_ops import derived
from ._state import GraphState
from .adjacency import CSCAdjacency, CSRAdjacency
from .data import frame_columns

if TYPE_CHECKING:
    import pandas as pd

    from .frame import GraphFrame

MODES = ("in", "out", "all")


class Structure(GraphState):
    """The part of `GraphFrame` that looks inside."""

    # ---- frames ----

    @property
    def vertices(self) -> Any:
        """The ParquetFrame of vertices of a graph that was made of frames; else the ids, as `vertex_ids`."""
        return self.vertex_ids if self._frames is None else self._frames.given[0]

    @property
    def edges(self) -> Any:
        """The edges: the ParquetFrame that the graph was made of, else a frame of the kind that results are.

        The latter has the columns `source`, `target` and the weight column, if there is one, and is ordered
        by source and target in vertex order; it is made at each use. With `edge_ids=True` it also has `edge`,
        the row of the input. An undirected edge is there once.
        """
        if self._frames is not None:
            return self._frames.given[1]
        return self._edge_rows(None, self.output)

    def _edge_rows(self, backend: str | None, output: str) -> Any:
        """The edges as the graph holds them."""
        return self._run("edges", backend, rust_edges, pandas_edges, output)

    @property
    def vertex_properties(self) -> list[str]:
        """The columns of the frame of vertices but those of ids."""
        if self._frames is not None:
            return self._frames.vertex_properties
        attributes = self._vertex_attributes()
        return [] if attributes is None else [str(name) for name in attributes.columns[1:]]

    @property
    def edge_properties(self) -> list[str]:
        """The columns of the frame of edges but those of ends; else the weight column, if there is one."""
        if self._frames is not None:
            return self._frames.edge_properties
        return [] if self.weight is None else [self.weight]

    def join_vertices(self, result: Any, attributes: Any = None, *, on: str = "vertex") -> Any:
        """A result with the properties of its vertices as further columns, in the order of the result.

        `attributes`: a frame of any kind whose column of ids is the first named as in `VertexSet`, else its
        first; None: the frame that the graph was made with (`vertices`). `on`: the column of `result` that
        holds vertex ids. A vertex that has no row gets nulls; a name that is in both gets the suffix
        "_vertex". The result is of the kind of `result` for pandas frames and Tables.

        Raises InvalidArgumentError where there are no properties, for a column that is not there, and for an
        id that has two rows.
        """
        frame, kind = (result.native, "proxy") if hasattr(result, "engine_name") else (result, None)
        frame, kind = (frame.to_pandas(), kind or "table") if isinstance(frame, Table) else (frame, kind)
        if not is_pandas(frame):
            raise WrongTypeError(f"result must be a frame of an algorithm, not {type(result).__name__}")
        if on not in frame.columns:
            raise InvalidArgumentError(
                f"result has no column '{on}'; it has: {', '.join(map(str, frame.columns))}"
            )
        known = self._vertex_attributes() if attributes is None else _attributes(attributes)
        if known is None:
            raise InvalidArgumentError("the graph was made without properties of vertices: give attributes=")
        ids = known.columns[0]
        if known[ids].duplicated().any():
            twice = known[ids][known[ids].duplicated()].iloc[0]
            raise InvalidArgumentError(f"attributes column '{ids}' holds the id {twice!s} more than once")
        known = known.rename(columns={ids: on}).rename(
            columns={name: f"{name}_vertex" for name in known.columns[1:] if name in frame.columns}
        )
        joined = frame.merge(known, on=on, how="left")
        joined.attrs.update(frame.attrs)
        return converted(joined, "pandas", kind) if kind else joined

    def _vertex_attributes(self) -> pd.DataFrame | None:
        """The frame of vertices with the ids first; None where there is none."""
        if self._frames is None:
            data = self._attributes
            return None if data is None else self._kept("attributes", lambda: _attributes(data))
        frames = self._frames
        frame = frames.vertices.pandas_df
        name = frames.id_column
        if name is None:
            return frame.assign(vertex_id=np.arange(len(frame)))[["vertex_id", *frame.columns]]
        return frame[[name, *(column for column in frame.columns if column != name)]]

    # ---- adjacency ----

    @property
    def csr_adjacency(self) -> CSRAdjacency:
        """The outgoing edges as they are stored, by position (see `vertex_ids`); made once.

        Of a graph made of frames the rows of the edges count, in their order and as they stand: for an
        undirected one nothing is mirrored. `csr()` gives the native memory instead.
        """
        return cast(CSRAdjacency, self._kept("csr", lambda: self._compressed(CSRAdjacency, "csr")))

    @property
    def csc_adjacency(self) -> CSCAdjacency:
        """The incoming edges, as `csr_adjacency`."""
        return cast(CSCAdjacency, self._kept("csc", lambda: self._compressed(CSCAdjacency, "csc")))

    def _compressed(self, cls: Any, side: str) -> Any:
        if self._frames is None:
            offsets, targets, weights = self.csr() if side == "csr" else self.csc()
            return cls(targets.astype(np.int64), offsets.astype(np.int64), weights)
        source, target = self._row_positions(self._frames)
        ends = (source, target) if side == "csr" else (target, source)
        return cls._of(*ends, self.num_vertices, None)

    def _row_positions(self, frames: Frames) -> tuple[np.ndarray, np.ndarray]:
        """The positions of the ends of every row of the edges."""
        names = list(frames.ends)
        if not frames.num_edges:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        columns = frame_columns(frames.edges, list(dict.fromkeys(names)), "edge")
        if frames.ids is not None:
            graph = self.on_pandas()
            source, target = (graph.find(columns[name], f"edge column '{name}'") for name in names)
            return source.astype(np.int64), target.astype(np.int64)
        for name in names:
            values = columns[name]
            if values.dtype.kind not in "iu":
                raise WrongTypeError(f"edge column '{name}' must hold integers, not {values.dtype}")
            outside = (values < 0) | (values >= frames.num_vertices)
            if outside.any():
                row = int(outside.argmax())
                raise InvalidArgumentError(
                    f"edge column '{name}': vertex {values[row]} is out of range [0, {frames.num_vertices}), "
                    f"in row {row}"
                )
        return columns[names[0]].astype(np.int64), columns[names[1]].astype(np.int64)

    def _position(self, vertex: Any, name: str) -> int:
        """The position of an id in a graph made of frames."""
        if self.has_positions:
            number = _checks.integer(name, _checks.scalar(vertex))
            if not 0 <= number < self.num_vertices:
                raise InvalidArgumentError(f"Vertex {number} out of range [0, {self.num_vertices})")
            return number
        ids = _checks.known_ids(self, _checks.vertex_ids(name, [_checks.scalar(vertex)]), "")
        (position,) = self.on_pandas().find(ids, name)
        return int(position)

    def _stored_degree(self, vertex: Any, mode: str) -> int:
        """The degree of a vertex in the rows of the edges."""
        position = self._position(vertex, "vertex_id")
        out = self.csr_adjacency.degree(position) if mode in ("out", "all") else 0
        return out + (self.csc_adjacency.degree(position) if mode in ("in", "all") else 0)

    # ---- neighbours and edges ----

    def neighbors(
        self, vertex_id: Any, mode: str = "out", backend: str | None = "auto", *, output: str | None = None
    ) -> Any:
        """The neighbours of a vertex as a list of ids; of several vertices as a frame.

        `mode`: "out" follows the edges, "in" goes against them, "all" both. The list has parallel edges one
        by one; for "all" it is the set of all neighbours, integers ascending. Of a graph made of frames the
        rows count as they stand, in their order; of another one it is vertex order, and in an undirected
        graph all modes are the same. The frame has the columns `vertex` and `neighbor`, of a weighted
        graph `weight`, and `edge` where the graph keeps edge ids, a row per edge, of the vertices in the
        order asked for; "all" gives the outgoing ones first.

        Raises InvalidArgumentError for an unknown vertex or mode; WrongTypeError for ids of another kind.
        Time O(rows of the result), and once O(edges) for the incoming ones.
        """
        mode = _mode(mode)
        one = _checks.is_one(vertex_id)
        if not one and self._frames is not None and not self.is_directed:
            return self.oriented(True).neighbors(vertex_id, mode, backend, output=output)
        if not one:
            ids = _checks.vertex_ids("vertices", vertex_id)
            return self._run(
                "neighbors",
                backend,
                rust_neighbors,
                pandas_neighbors,
                output or self.output,
                vertices=ids,
                mode=mode,
            )
        if self._frames is not None:
            return self._stored_neighbors(vertex_id, mode)
        ids = _checks.vertex_ids("vertex_id", vertex_id)
        frame = self._run(
            "neighbors",
            backend,
            rust_neighbors,
            pandas_neighbors,
            "table" if self._rust else "pandas",
            vertices=ids,
            mode=mode,
        )
        found = np.asarray(frame["neighbor"])
        return _listed(found) if mode != "all" else _listed(_in_vertex_order(found))

    def _stored_neighbors(self, vertex: Any, mode: str) -> list[Any]:
        position = self._position(vertex, "vertex_id")
        sides = []
        if mode in ("out", "all"):
            sides.append(self.csr_adjacency.neighbors(position))
        if mode in ("in", "all"):
            sides.append(self.csc_adjacency.predecessors(position))
        found = sides[0] if mode != "all" else np.unique(np.concatenate(sides))
        return _listed(found if self.has_positions else self.vertex_ids[found])

    def has_edge(
        self, source: Any, target: Any, backend: str | None = "auto", *, output: str | None = None
    ) -> Any:
        """Whether an edge leads from one vertex to another; for arrays of as many of each a frame.

        Vertices that are not in the graph have no edges; in arrays they are an InvalidArgumentError. Of a
        graph made of frames the rows count as they stand; in another undirected graph direction does not
        count. The frame has the columns `source`, `target` and `has_edge`. Time O(log degree) for each
        pair, O(degree) for frames.
        """
        one = _checks.is_one(source)
        if one and self._frames is not None:
            try:
                ends = self._position(source, "source"), self._position(target, "target")
            except InvalidArgumentError:
                return False
            return self.csr_adjacency.has_edge(*ends)
        if self._frames is not None and not self.is_directed:
            return self.oriented(True).has_edge(source, target, backend, output=output)
        sources = _checks.vertex_ids("sources", [_checks.scalar(source)] if one else source)
        targets = _checks.vertex_ids("targets", [_checks.scalar(target)] if one else target)
        if len(sources) != len(targets):
            raise InvalidArgumentError(
                f"sources and targets must have the same length, not {len(sources)} and {len(targets)}"
            )
        kind = ("table" if self._rust else "pandas") if one else output or self.output
        try:
            frame = self._run(
                "has_edge", backend, rust_has_edge, pandas_has_edge, kind, sources=sources, targets=targets
            )
        except WrongTypeError:
            raise
        except InvalidArgumentError:
            if one:
                return False
            raise
        return bool(np.asarray(frame["has_edge"])[0]) if one else frame

    # ---- parts ----

    def subgraph(self, vertex_ids: Iterable[Any]) -> GraphFrame:
        """The graph of some vertices and all edges between them; vertices keep their ids.

        Of a graph made of frames it is one of frames, with `subgraph` True in its metadata; ids that are not
        there are passed over. Of another graph they are an InvalidArgumentError. Time O(vertices + edges).
        """
        if self._frames is not None:
            metadata = {**self.metadata, "subgraph": True}
            part = self._frames.part(dict.fromkeys(self._frames.of_their_kind(_several(vertex_ids)).tolist()))
            return cast("GraphFrame", self._of_frames(part, metadata, self.engine, self._weight))
        ids = _several(vertex_ids)

        def rust(graph: RustGraph) -> RustGraph:
            array, schema = array_of(graph.handle.library, ids, "vertices")
            return derived(graph, "pf_graph_subgraph", array.address, schema.address, positions=False)

        return self._remade("subgraph", rust, lambda graph: pandas_subgraph(graph, ids))

    def filter_edges(self, keep: Any) -> GraphFrame:
        """The graph of all vertices and those edges that a mask keeps: a truth value for every row of the
        edges that the graph was built from.

        A null keeps nothing. Of merged parallel edges the first decides. Raises WrongTypeError for a mask
        that is not of booleans, InvalidArgumentError for one of another length, and for a graph that was
        neither made of frames nor built with `edge_ids=True`. Time O(vertices + edges).
        """
        mask = mask_column(keep, "keep")
        if mask.dtype != bool:
            raise WrongTypeError(f"keep must hold booleans, not {mask.dtype}")
        if self._frames is not None:
            frames = self._frames.filtered(mask)
            return cast("GraphFrame", self._of_frames(frames, self.metadata, self.engine, self._weight))

        def rust(graph: RustGraph) -> RustGraph:
            array, schema = array_of(graph.handle.library, mask, "keep")
            return derived(graph, "pf_graph_filter_edges", array.address, schema.address)

        return self._remade("filter_edges", rust, lambda graph: pandas_filter(graph, mask))

    def _run(
        self, operation: str, backend: str | None, rust: Any, pandas: Any, output: str, **parameters: Any
    ) -> Any:
        engine = engine_for(backend, operation) or self.engine
        if engine is None and self._rust is None and self._pandas is not None:
            # It is there, and only there are the rows of the edges known.
            engine = "pandas"
        used, frame = dispatch(
            operation,
            "graph",
            engine,
            rust=lambda: rust(self.on_rust(), **parameters),
            pandas=lambda: pandas(self.on_pandas(), **parameters),
        )
        return converted(frame, used, output)


# ---- small things ----


def _mode(mode: Any) -> str:
    if _checks.text("mode", mode) not in MODES:
        raise InvalidArgumentError(f"mode must be 'in', 'out' or 'all', not '{mode}'")
    return str(mode)


def _listed(ids: np.ndarray) -> list[Any]:
    found: list[Any] = ids.tolist()
    return found


def _in_vertex_order(found: np.ndarray) -> np.ndarray:
    """Each once: integers by value, strings as they come."""
    if found.dtype == object:
        return np.array([*dict.fromkeys(found.tolist()), None], object)[:-1]
    return np.unique(found)


def _several(ids: Any) -> np.ndarray:
    if _checks.is_one(ids):
        raise WrongTypeError(f"vertex_ids must be a list of ids, not {type(ids).__name__}")
    return _checks.vertex_ids("vertices", ids)


def _attributes(data: Any) -> pd.DataFrame:
    """A frame of vertices as pandas, with the ids first."""
    import os

    from .data import ID_NAMES

    if isinstance(data, (str, os.PathLike)):
        from ..core.reader import read_parquet

        frame = read_parquet(data).pandas_df
    elif isinstance(data, ParquetFrame):
        frame = data.pandas_df
    elif isinstance(data, dict):
        import pandas as pd

        frame = pd.DataFrame(data)
    else:
        frame = as_frame(data, "attributes").pandas_df
    if frame is None or not len(frame.columns):
        raise InvalidArgumentError("attributes has no column")
    names = list(frame.columns)
    first = next((name for name in names if str(name).lower() in (*ID_NAMES, "vertex")), names[0])
    return frame[[first, *(name for name in names if name != first)]]
