"""The state of a GraphFrame: the graph on an engine, or the frames that it is built of when it is used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np

from .._engines import dispatch, require_rust
from ..exceptions import InvalidArgumentError
from . import _checks
from ._frames import Frames
from ._pandas_graph import Adjacency, PandasGraph
from ._rust_graph import RustGraph
from ._rust_ops import derived

if TYPE_CHECKING:
    from .frame import GraphFrame


class GraphState:
    """The state of a `GraphFrame`, and what can be read off it."""

    _rust: RustGraph | None
    _pandas: PandasGraph | None
    _frames: Frames | None
    _cache: dict[Any, Any]
    engine: str | None
    output: str

    @classmethod
    def _of(
        cls,
        rust: RustGraph | None,
        pandas: PandasGraph | None,
        engine: str | None,
        output: str,
        attributes: Any = None,
    ) -> Self:
        graph = cls.__new__(cls)
        graph._set(rust, pandas, engine, output, attributes=attributes)
        return graph

    @classmethod
    def _of_frames(
        cls, frames: Frames, metadata: dict[str, Any], engine: str | None = None, weight: str | None = None
    ) -> Self:
        graph = cls.__new__(cls)
        graph._set(None, None, engine, "pandas", frames=frames, metadata=metadata, weight=weight)
        return graph

    def _set(
        self,
        rust: RustGraph | None,
        pandas: PandasGraph | None,
        engine: str | None,
        output: str,
        *,
        frames: Frames | None = None,
        metadata: dict[str, Any] | None = None,
        weight: str | None = None,
        attributes: Any = None,
    ) -> None:
        self._rust, self._pandas, self._frames = rust, pandas, frames
        self._metadata, self._weight = None if metadata is None else dict(metadata), weight
        # Fixed here, because the graph is built on first use and the metadata can be changed before.
        self._directed = None if metadata is None else bool(metadata.get("directed", True))
        self._attributes = attributes
        # What is made of the graph on first use: other graphs, adjacency.
        self._cache = {}
        self._lock = threading.RLock()
        self.engine = engine
        self.output = output

    # ---- the graph on an engine ----

    def on_rust(self) -> RustGraph:
        """The graph on Rust; built from the arrays of the other engine where it was made there."""
        with self._lock:
            if self._rust is None:
                if self._pandas is None and self._frames is not None:
                    self._rust = self._edges_of_frames(lazily=True).to_rust(require_rust())
                else:
                    self._rust = RustGraph.of_pandas(require_rust(), self.on_pandas())
            return self._rust

    def on_pandas(self) -> PandasGraph:
        """The graph on pandas; over the memory of the other engine where it was made there."""
        with self._lock:
            if self._pandas is None:
                if self._rust is not None:
                    self._pandas = self._rust.to_pandas()
                elif self._frames is not None:
                    self._pandas = self._edges_of_frames(lazily=False).to_pandas()
                else:
                    raise InvalidArgumentError("the graph is closed")
            return self._pandas

    def _any(self) -> RustGraph | PandasGraph:
        """The graph on the engine where it is; one of frames is built where `from_edges` would build it."""
        if self._rust is None and self._pandas is None and self._frames is not None:
            built: tuple[str, Any] = dispatch(
                "from_edges", "graph", self.engine, rust=self.on_rust, pandas=self.on_pandas
            )
            graph: RustGraph | PandasGraph = built[1]
            return graph
        return self._rust or self.on_pandas()

    def _edges_of_frames(self, *, lazily: bool) -> Any:
        frames = self._frames
        if frames is None:
            raise InvalidArgumentError("the graph is closed")
        return frames.edges_of(self._weight, self.is_directed, lazily=lazily)

    def _kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once."""
        with self._lock:
            if key not in self._cache:
                self._cache[key] = make()
            return self._cache[key]

    def _remade(
        self,
        operation: str,
        rust: Callable[[RustGraph], RustGraph],
        pandas: Callable[[PandasGraph], PandasGraph],
    ) -> GraphFrame:
        """Another graph made of this one, on the engine that is asked for or where it is."""
        engine = self.engine
        if engine is None and self._rust is None and self._pandas is not None:
            engine = "pandas"
        self._any()
        used, graph = dispatch(
            operation,
            "graph",
            engine,
            rust=lambda: cast(Any, rust(self.on_rust())),
            pandas=lambda: pandas(self.on_pandas()),
        )
        made = (graph, None) if used == "rust" else (None, graph)
        return cast("GraphFrame", self._of(made[0], made[1], self.engine, self.output, self._attributes))

    # ---- other graphs of the same edges ----

    def undirected(self) -> GraphFrame:
        """The same edges without direction: each can be followed both ways.

        Parallel edges, and a to b and b to a, stay apart; an undirected graph gives itself. Built once, then
        kept. Time O(edges).
        """
        if not self.is_directed:
            return cast("GraphFrame", self)
        return cast("GraphFrame", self._kept("undirected", self._make_undirected))

    def _make_undirected(self) -> GraphFrame:
        if self._frames is not None:
            metadata = {**self.metadata, "directed": False}
            return cast("GraphFrame", self._of_frames(self._frames, metadata, self.engine, self._weight))
        return self._remade(
            "undirected",
            lambda graph: derived(graph, "pf_graph_undirected"),
            lambda graph: PandasGraph.build(
                graph.ids,
                *graph.edges(),
                False,
                graph.weight,
                positions=graph.positions,
                edge_ids=graph.edge_rows(),
                input_rows=graph.input_rows,
            ),
        )

    def transpose(self) -> GraphFrame:
        """The same vertices, and every edge the other way; an undirected graph gives itself.

        Time O(edges), for the incoming edges; Rust shares their memory.
        """
        if not self.is_directed:
            return cast("GraphFrame", self)
        if self._frames is not None:
            frames = self._frames.transposed()
            return cast("GraphFrame", self._of_frames(frames, self.metadata, self.engine, self._weight))
        return self._remade(
            "transpose",
            lambda graph: derived(graph, "pf_graph_transpose"),
            _transposed,
        )

    def follows_direction(self, directed: bool | None) -> bool:
        """Whether an algorithm with the argument `directed` follows edges one way only.

        Raises InvalidArgumentError for `directed=True` where edges have no direction any more: only frames
        keep it.
        """
        if directed is None:
            return self.is_directed
        if _checks.truth("directed", directed) and not self.is_directed and self._frames is None:
            raise InvalidArgumentError(
                "directed=True: the graph is undirected, its edges have no direction any more"
            )
        return bool(directed)

    def oriented(self, directed: bool | None) -> GraphFrame:
        """This graph, or the same edges with or without direction (built once, then kept)."""
        wanted = self.follows_direction(directed)
        if wanted == self.is_directed:
            return cast("GraphFrame", self)
        return self._kept("directed", self._make_directed) if wanted else self.undirected()

    def _make_directed(self) -> Any:
        assert self._frames is not None
        metadata = {**self.metadata, "directed": True}
        return self._of_frames(self._frames, metadata, self.engine, self._weight)

    def weighted(self, column: str | None) -> GraphFrame:
        """This graph with the weights of a column of its edges; built once for each column, then kept.

        None gives the graph as it is. A graph that was not made of frames has the one weight column that it
        was built with. Raises InvalidArgumentError "Weight column '…' not found in graph edges".
        """
        frames = self._frames
        if self.weight_named(column) in (None, self.weight) or frames is None:
            return cast("GraphFrame", self)
        return cast(
            "GraphFrame",
            self._kept(
                ("weight", column), lambda: self._of_frames(frames, self.metadata, self.engine, column)
            ),
        )

    def weight_named(self, column: str | None) -> str | None:
        """The weight column that is asked for. Raises InvalidArgumentError where the edges do not have it."""
        if column is None or self._frames is None:
            return _checks.weight_name(column, self.weight)
        if _checks.text("weight", column) not in self._frames.edge_properties:
            raise InvalidArgumentError(f"Weight column '{column}' not found in graph edges")
        return column

    # ---- what it holds ----

    @property
    def num_vertices(self) -> int:
        """The number of vertices."""
        return self._any().num_vertices if self._frames is None else self._frames.num_vertices

    @property
    def num_edges(self) -> int:
        """The number of edges that went in; an undirected edge counts once."""
        return self._any().num_edges if self._frames is None else self._frames.num_edges

    @property
    def is_directed(self) -> bool:
        """Whether edges have a direction."""
        return self._any().directed if self._directed is None else self._directed

    @property
    def metadata(self) -> dict[str, Any]:
        """What is known of the graph besides, as a dictionary that the user may add to; of a graph that was
        not made of frames at least `directed`. Changing `directed` in it does not change the graph.
        """
        if self._metadata is not None:
            return self._metadata
        made: dict[str, Any] = self._kept("metadata", lambda: {"directed": self.is_directed})
        return made

    @property
    def weight(self) -> str | None:
        """The name of the weight column; None for an unweighted graph."""
        return self._any().weight if self._frames is None else self._weight

    @property
    def has_positions(self) -> bool:
        """Whether the ids are the positions 0 … num_vertices - 1."""
        return self._any().positions if self._frames is None else self._frames.ids is None

    @property
    def islazy(self) -> bool:
        """Whether the graph was made of edges that Dask holds."""
        return self._frames is not None and self._frames.edges.islazy

    @property
    def vertex_ids(self) -> np.ndarray:
        """The vertex ids in vertex order, read-only: integers of the type of the source column, or strings
        as objects.
        """
        return self._any().ids

    @property
    def edge_ids(self) -> np.ndarray | None:
        """The row of the input, from 0, for every entry of `csr()`, int64, read-only; None unless the graph
        was built with `edge_ids=True`. Of merged parallel edges it is the first.
        """
        ids = self._any().edge_ids
        if ids is not None:
            ids.setflags(write=False)
        return ids

    def csr(self) -> Adjacency:
        """Outgoing edges as (offsets uint64, targets uint32, weights or None), read-only.

        On Rust these are views of the graph's own memory, and outlive it. Vertices are numbered as in
        `vertex_ids`.
        """
        graph = self._any()
        return graph.adjacency("csr") if isinstance(graph, RustGraph) else graph.outgoing

    def csc(self) -> Adjacency:
        """Incoming edges, as `csr`; built by the first call that needs them.

        Those of `csr` where the graph is undirected.
        """
        graph = self._any()
        return graph.adjacency("csc") if isinstance(graph, RustGraph) else graph.incoming

    # ---- its memory ----

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._rust is None and self._pandas is None and self._frames is None

    def close(self) -> None:
        """Lets go of the graph; results and buffers stay valid. Closing twice does nothing."""
        with self._lock:
            self._rust = self._pandas = self._frames = self._attributes = None
            self._metadata = self._directed = None
            self._cache = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        kept = {
            "engine": self.engine,
            "output": self.output,
            "metadata": self._metadata,
            "attributes": self._attributes,
        }
        if self._frames is not None:
            return {**kept, "frames": self._frames, "weight": self._weight}
        return {**kept, "graph": self.on_pandas()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        self._set(None, state.pop("graph", None), state.pop("engine"), state.pop("output"), **state)


def _transposed(graph: PandasGraph) -> PandasGraph:
    out, edge_ids = graph.outgoing, graph.edge_ids
    if edge_ids is not None:
        edge_ids = edge_ids[np.lexsort((out.rows, out.targets))]
    return PandasGraph(
        graph.ids,
        graph.incoming,
        graph.num_edges,
        True,
        graph.weight,
        graph.positions,
        edge_ids,
        graph.input_rows,
    )
