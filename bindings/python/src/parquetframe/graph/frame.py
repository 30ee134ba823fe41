"""GraphFrame: a graph made of the rows of a frame."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

from .._engines import dispatch, engine_named, require_rust
from ..exceptions import InvalidArgumentError, WrongTypeError
from . import _checks, algo
from ._edges import Edges
from ._pandas_graph import Adjacency, PandasGraph
from ._rust_graph import RustGraph

__all__ = ["GraphFrame"]


class GraphFrame:
    """Vertices and edges, immutable; made by `from_edges`.

    Vertex ids are the user's own integers or strings. Vertex order, which is that of results, is by value for
    integers and by first appearance for strings. Threads may share a graph; pickling copies it.
    """

    def __init__(self, *_: Any, **__: Any) -> None:
        raise TypeError("a GraphFrame is made by GraphFrame.from_edges(edges, source=..., target=...)")

    @classmethod
    def _of(
        cls, rust: RustGraph | None, pandas: PandasGraph | None, engine: str | None, output: str
    ) -> GraphFrame:
        graph = cls.__new__(cls)
        graph._set(rust, pandas, engine, output)
        return graph

    def _set(
        self, rust: RustGraph | None, pandas: PandasGraph | None, engine: str | None, output: str
    ) -> None:
        self._rust, self._pandas = rust, pandas
        self._undirected: GraphFrame | None = None
        self._lock = threading.RLock()
        self.engine = engine
        self.output = output

    @classmethod
    def from_edges(
        cls,
        edges: Any,
        *,
        source: str = "source",
        target: str = "target",
        weight: str | None = None,
        directed: bool = True,
        vertices: Any = None,
        num_vertices: int | None = None,
        engine: str | None = None,
    ) -> GraphFrame:
        """Builds a graph from edges, a row each.

        `edges`: a DataFrameProxy, a frame of pandas, Polars or pyarrow, anything with `__arrow_c_stream__`, a
        mapping of names to arrays, a path to Parquet, or the arrays themselves, as a tuple `(source, target)`
        (with weights `(source, target, weight)`). A list is refused: it could be one of pairs.
        `source` and `target` name the columns of the ends: both integers or both strings. `weight` names a
        numeric column to keep as weights. Self loops and parallel edges are kept. `directed=False` stores
        every edge in both directions.

        `vertices`: further ids, for vertices without edges: an array, or a frame whose first column holds
        them. Integers of several types become uint64 if none is signed, else int64. `num_vertices`: the ids
        are the positions 0 … num_vertices - 1, all of which are vertices; results are pandas frames.
        `engine`: "rust", "pandas", or None for the best that there is at each call.

        Raises InvalidArgumentError for an unknown column, a null id, a null or NaN as weight; WrongTypeError
        for ids or weights of another type; KeyError for an unknown engine. Time O(edges), for strings on Rust
        with one hash per string.

        >>> graph = GraphFrame.from_edges({"a": ["x", "y"], "b": ["y", "z"]}, source="a", target="b")
        >>> graph
        GraphFrame(3 vertices, 2 edges, directed)
        """
        wanted = engine_named(engine)
        given = Edges.of(edges, source, target, weight, directed, vertices, num_vertices)
        built: tuple[str, Any] = dispatch(
            "from_edges",
            "graph",
            wanted,
            rust=lambda: given.to_rust(require_rust()),
            pandas=given.to_pandas,
        )
        used, graph = built
        rust, pandas = (graph, None) if used == "rust" else (None, graph)
        return cls._of(rust, pandas, wanted, given.output)

    # ---- the graph on an engine ----

    def on_rust(self) -> RustGraph:
        """The graph on Rust; built from the arrays of the other engine where it was made there."""
        with self._lock:
            if self._rust is None:
                self._rust = RustGraph.of_pandas(require_rust(), self.on_pandas())
            return self._rust

    def on_pandas(self) -> PandasGraph:
        """The graph on pandas; over the memory of the other engine where it was made there."""
        with self._lock:
            if self._pandas is None:
                if self._rust is None:
                    raise InvalidArgumentError("the graph is closed")
                self._pandas = self._rust.to_pandas()
            return self._pandas

    def _any(self) -> RustGraph | PandasGraph:
        return self._rust or self.on_pandas()

    def follows_direction(self, directed: bool | None) -> bool:
        """Whether an algorithm with the argument `directed` follows edges one way only.

        Raises InvalidArgumentError for `directed=True` where edges have no direction.
        """
        if directed is None:
            return self.is_directed
        if _checks.truth("directed", directed) and not self.is_directed:
            raise InvalidArgumentError(
                "directed=True: the graph is undirected, its edges have no direction any more"
            )
        return bool(directed)

    def oriented(self, directed: bool | None) -> GraphFrame:
        """This graph, or for `directed=False` the same edges without direction (built once, then kept)."""
        if self.follows_direction(directed) == self.is_directed:
            return self
        with self._lock:
            if self._undirected is None:
                rust, pandas = None, None
                if self._rust is not None:
                    rust = self._rust.undirected()
                else:
                    graph = self.on_pandas()
                    pandas = PandasGraph.build(
                        graph.ids, *graph.edges(), False, graph.weight, positions=graph.positions
                    )
                self._undirected = GraphFrame._of(rust, pandas, self.engine, self.output)
            return self._undirected

    # ---- what it holds ----

    @property
    def num_vertices(self) -> int:
        """The number of vertices."""
        return self._any().num_vertices

    @property
    def num_edges(self) -> int:
        """The number of edges that went in; an undirected edge counts once."""
        return self._any().num_edges

    @property
    def is_directed(self) -> bool:
        """Whether edges have a direction."""
        return self._any().directed

    @property
    def weight(self) -> str | None:
        """The name of the weight column; None for an unweighted graph."""
        return self._any().weight

    @property
    def has_positions(self) -> bool:
        """Whether the ids are the positions 0 … num_vertices - 1 (`num_vertices=` was given)."""
        return self._any().positions

    @property
    def vertices(self) -> np.ndarray:
        """The vertex ids in vertex order, read-only: integers of the type of the source column, or strings
        as objects.
        """
        return self._any().ids

    def csr(self) -> Adjacency:
        """Outgoing edges as (offsets uint64, targets uint32, weights or None), read-only.

        On Rust these are views of the graph's own memory, and outlive it. Vertices are numbered as in
        `vertices`.
        """
        rust = self._rust
        return rust.adjacency("csr") if rust is not None else self.on_pandas().outgoing

    def csc(self) -> Adjacency:
        """Incoming edges, as `csr`; built by the first call that needs them.

        Those of `csr` where the graph is undirected.
        """
        rust = self._rust
        return rust.adjacency("csc") if rust is not None else self.on_pandas().incoming

    def __repr__(self) -> str:
        if self.closed:
            return "GraphFrame(closed)"
        kind = "directed" if self.is_directed else "undirected"
        return f"GraphFrame({self.num_vertices:,} vertices, {self.num_edges:,} edges, {kind})"

    # ---- algorithms: results are of the kind of the edges ----

    def pagerank(
        self,
        alpha: float = 0.85,
        tol: float = 1e-6,
        max_iter: int = 100,
        weight_column: str | None = None,
        personalized: Mapping[Any, float] | Any = None,
        backend: str | None = "auto",
        *,
        directed: bool | None = None,
        damping: float | None = None,
        tolerance: float | None = None,
        max_iterations: int | None = None,
        weight: str | None = None,
        personalization: Mapping[Any, float] | Any = None,
        top: int | None = None,
        output: str | None = None,
    ) -> Any:
        """PageRank of every vertex, or of the `top` ones: see `parquetframe.graph.algo.pagerank`."""
        return algo.pagerank(
            self,
            alpha,
            tol,
            max_iter,
            weight_column,
            personalized,
            directed,
            backend,
            damping=damping,
            tolerance=tolerance,
            max_iterations=max_iterations,
            weight=weight,
            personalization=personalization,
            top=top,
            output=output or self.output,
        )

    def connected_components(
        self,
        method: str = "weak",
        backend: str | None = "auto",
        max_iter: int = 50,
        *,
        directed: bool | None = None,
        output: str | None = None,
    ) -> Any:
        """Weakly connected components: see `parquetframe.graph.algo.connected_components`."""
        return algo.connected_components(
            self, method, directed, backend, max_iter, output=output or self.output
        )

    def strongly_connected_components(
        self, backend: str | None = "auto", *, output: str | None = None
    ) -> Any:
        """Strongly connected components: see `parquetframe.graph.algo.strongly_connected_components`."""
        return algo.strongly_connected_components(self, backend, output=output or self.output)

    def condensation(self, backend: str | None = "auto", *, output: str | None = None) -> Any:
        """The edges between strongly connected components: see `parquetframe.graph.algo.condensation`."""
        return algo.condensation(self, backend, output=output or self.output)

    def bfs(
        self,
        sources: Any = None,
        max_depth: int | None = None,
        backend: str | None = "auto",
        *,
        directed: bool | None = None,
        include_unreachable: bool = False,
        source: Any = None,
        targets: Any = None,
        predecessors: bool = True,
        output: str | None = None,
    ) -> Any:
        """Breadth-first search from `sources` (or `source=`): see `parquetframe.graph.algo.bfs`."""
        return algo.bfs(
            self,
            sources,
            max_depth,
            directed,
            backend,
            include_unreachable,
            source=source,
            targets=targets,
            predecessors=predecessors,
            output=output or self.output,
        )

    def dfs(
        self,
        sources: Any = None,
        max_depth: int | None = None,
        backend: str | None = "auto",
        *,
        directed: bool | None = None,
        forest: bool = False,
        include_unreachable: bool = False,
        source: Any = None,
        output: str | None = None,
    ) -> Any:
        """Depth-first search from `sources` (or `source=`): see `parquetframe.graph.algo.dfs`."""
        return algo.dfs(
            self,
            sources,
            max_depth,
            directed,
            backend,
            forest,
            include_unreachable=include_unreachable,
            source=source,
            output=output or self.output,
        )

    def topological_sort(self, backend: str | None = "auto", *, output: str | None = None) -> Any:
        """The vertices so that every edge goes forward: see `parquetframe.graph.algo.topological_sort`."""
        return algo.topological_sort(self, backend, output=output or self.output)

    def find_cycle(
        self, directed: bool | None = None, backend: str | None = "auto", *, output: str | None = None
    ) -> Any:
        """One cycle, if there is any: see `parquetframe.graph.algo.find_cycle`."""
        return algo.find_cycle(self, directed, backend, output=output or self.output)

    def shortest_path(
        self,
        sources: Any = None,
        weight_column: str | None = None,
        backend: str | None = "auto",
        include_unreachable: bool = True,
        *,
        directed: bool | None = None,
        source: Any = None,
        targets: Any = None,
        weight: str | None = None,
        method: str | None = None,
        delta: float | None = None,
        predecessors: bool = True,
        output: str | None = None,
    ) -> Any:
        """The least sums of weights from `sources` (or `source=`): see
        `parquetframe.graph.algo.shortest_path`.
        """
        return algo.shortest_path(
            self,
            sources,
            weight_column,
            directed,
            backend,
            include_unreachable,
            source=source,
            targets=targets,
            weight=weight,
            method=method,
            delta=delta,
            predecessors=predecessors,
            output=output or self.output,
        )

    def path(
        self,
        source: Any,
        target: Any,
        weight: str | None = None,
        directed: bool | None = None,
        backend: str | None = "auto",
        *,
        method: str = "auto",
        output: str | None = None,
    ) -> Any:
        """One shortest path from `source` to `target`: see `parquetframe.graph.algo.path`."""
        return algo.path(
            self, source, target, weight, directed, backend, method=method, output=output or self.output
        )

    def triangles(self, backend: str | None = "auto", *, output: str | None = None) -> Any:
        """The triangles that every vertex is in: see `parquetframe.graph.algo.triangles`."""
        return algo.triangles(self, backend, output=output or self.output)

    def clustering_coefficient(self, backend: str | None = "auto", *, output: str | None = None) -> Any:
        """How many pairs of neighbours are neighbours: see
        `parquetframe.graph.algo.clustering_coefficient`.
        """
        return algo.clustering_coefficient(self, backend, output=output or self.output)

    def core_number(self, backend: str | None = "auto", *, output: str | None = None) -> Any:
        """The core number of every vertex: see `parquetframe.graph.algo.core_number`."""
        return algo.core_number(self, backend, output=output or self.output)

    def betweenness(
        self,
        sources: Any = None,
        weight: str | None = None,
        samples: int | None = None,
        seed: int = 0,
        normalized: bool = True,
        directed: bool | None = None,
        backend: str | None = "auto",
        *,
        output: str | None = None,
    ) -> Any:
        """The share of shortest paths through every vertex: see `parquetframe.graph.algo.betweenness`."""
        return algo.betweenness(
            self,
            sources,
            weight,
            samples,
            seed,
            normalized,
            directed,
            backend,
            output=output or self.output,
        )

    def closeness(
        self,
        sources: Any = None,
        weight: str | None = None,
        mode: str = "in",
        wf_improved: bool = True,
        directed: bool | None = None,
        backend: str | None = "auto",
        *,
        output: str | None = None,
    ) -> Any:
        """How near every vertex is to those that reach it: see `parquetframe.graph.algo.closeness`."""
        return algo.closeness(
            self, sources, weight, mode, wf_improved, directed, backend, output=output or self.output
        )

    def degree_centrality(
        self, mode: str = "all", backend: str | None = "auto", *, output: str | None = None
    ) -> Any:
        """Degrees over the most that they could be: see `parquetframe.graph.algo.degree_centrality`."""
        return algo.degree_centrality(self, mode, backend, output=output or self.output)

    def degree(
        self,
        vertex_id: Any = None,
        mode: str = "all",
        backend: str | None = "auto",
        *,
        output: str | None = None,
    ) -> Any:
        """The degree of one vertex as an int, or of all as a frame: see `parquetframe.graph.algo.degree`."""
        if vertex_id is None:
            return algo.degree(self, mode, backend, output=output or self.output)
        graph = self.on_pandas()
        try:
            (position,) = graph.find(_checks.vertex_ids("vertex_id", [vertex_id]), "vertex_id")
        except (InvalidArgumentError, WrongTypeError) as error:
            if isinstance(vertex_id, str) and vertex_id in algo.MODES:
                error.suggestion = f"The degrees of all vertices in one direction: degree(mode='{vertex_id}')"
            raise
        return algo.degree_of(graph, int(position), mode)

    # ---- its memory ----

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._rust is None and self._pandas is None

    def close(self) -> None:
        """Lets go of the graph; results and buffers stay valid. Closing twice does nothing."""
        with self._lock:
            self._rust = self._pandas = self._undirected = None

    def __enter__(self) -> GraphFrame:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"graph": self.on_pandas(), "engine": self.engine, "output": self.output}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._set(None, state["graph"], state["engine"], state["output"])
