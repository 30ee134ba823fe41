"""GraphFrame: a graph made of the rows of a frame."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from .._engines import dispatch, engine_named, require_rust
from ..exceptions import InvalidArgumentError, WrongTypeError
from . import _checks, algo
from ._edges import Edges
from ._exchange import edges_of_networkx, edges_of_scipy, to_networkx, to_scipy
from ._frames import Frames, as_frame
from ._positions import frames_of_positions
from ._show import as_html, plot
from ._structure import Structure

__all__ = ["GraphFrame"]


class GraphFrame(Structure):
    """A graph: vertices and edges, immutable, on Rust or pandas.

    Made of edges by `from_edges`, `from_parquet`, `from_networkx` or `from_scipy`: vertex ids are the
    user's own integers or strings, and vertex order, which is that of results, is by value for integers and
    by first appearance for strings.

    Or of two frames, `GraphFrame(vertices, edges, metadata)`, which stay what `vertices` and `edges` give;
    the graph is that of their rows at this moment, whatever becomes of the frames later.
    The ids of vertices are in a column named id, vertex_id or node_id (without one they are the numbers of
    rows), the ends of edges in columns named src, source, from or from_id, and dst, target, to or to_id, in
    any case. `metadata["directed"]` tells whether edges have a direction (True). Frames of Dask stay lazy,
    and the graph is built by the first call that needs it, of the columns of ends alone, for weights once
    for each column that is asked for. `adjacency_data` may hold a CSRAdjacency as "csr" and a CSCAdjacency
    as "csc". `engine` is that of `from_edges`; results are pandas frames.

    Where the ids of frames are the positions 0 … n - 1 a vertex that is not there is "out of range". An edge
    whose end is no vertex is an error of the first call that builds the graph.

    Threads may share a graph; pickling copies it.
    """

    def __init__(
        self,
        vertices: Any,
        edges: Any,
        metadata: Mapping[str, Any] | None,
        adjacency_data: Mapping[str, Any] | None = None,
        *,
        engine: str | None = None,
    ) -> None:
        frames = Frames.of(as_frame(vertices, "vertices"), as_frame(edges, "edges"))
        wanted = engine_named(engine)
        self._set(None, None, wanted, "pandas", frames=frames, metadata=dict(metadata or {}))
        self._cache |= {key: value for key, value in (adjacency_data or {}).items() if key in ("csr", "csc")}

    @classmethod
    def from_edges(
        cls,
        edges: Any = None,
        targets: Any = None,
        num_vertices: int | None = None,
        edge_weights: Any = None,
        vertex_data: Any = None,
        edge_data: Any = None,
        directed: bool = True,
        *,
        sources: Any = None,
        source: str = "source",
        target: str = "target",
        weight: str | None = None,
        vertices: Any = None,
        duplicates: str = "keep",
        self_loops: str = "keep",
        edge_ids: bool = False,
        engine: str | None = None,
    ) -> GraphFrame:
        """Builds a graph from edges, a row each: `from_edges(edges, source=…, target=…)`, or of arrays of
        positions, `from_edges(sources, targets)`, where `targets` is given.

        `edges`: a DataFrameProxy, a frame of pandas, Polars or pyarrow, anything with `__arrow_c_stream__`, a
        mapping of names to arrays, a path to Parquet, or the arrays themselves, as a tuple `(source, target)`
        (with weights `(source, target, weight)`). A list is refused: it could be one of pairs.
        `source` and `target` name the columns of the ends: both integers or both strings. `weight` names a
        numeric column to keep as weights. `directed=False`: every edge leads both ways.

        Vertices are what is in an edge or in `vertices`: further ids, an array, or a frame whose first column
        holds them and whose other columns are properties, for `join_vertices`. Ids of several integer types
        become uint64 if none is signed, else int64. `num_vertices`: the ids are the positions 0 …
        num_vertices - 1, all of which are vertices; results are pandas frames. `engine`: "rust", "pandas", or
        None for the best that there is at each call.

        `duplicates`: of parallel edges "keep" keeps all, "first" the first; "sum", "min" and "max" make one
        edge with this of their weights. In an undirected graph both directions are the same edge.
        `self_loops`: "drop" leaves out edges from a vertex to itself. `edge_ids`: the row of the input is
        kept for every edge, for `filter_edges` and as the column `edge` of `edges` and `neighbors`.

        Of arrays: `sources` and `targets` hold positions 0 … num_vertices - 1 (None: the greatest and one
        more), `edge_weights` numbers. The graph is one of frames (see the class), with the columns vertex_id,
        and src, dst, weight. `vertex_data`, a frame with a column vertex_id, and `edge_data`, one with the
        columns src and dst of the arrays, add properties. The other arguments but `directed` and `engine`
        belong to the first form alone, and these to the second.

        Raises InvalidArgumentError for an unknown column, a null id, a null or NaN as weight, an id that is
        no position, a policy that does not exist or needs weights; WrongTypeError for ids or weights of
        another type; ArithmeticFailure for a sum beyond the type of the weights; KeyError for an unknown
        engine. Time O(edges), for strings on Rust with one hash per string.

        >>> graph = GraphFrame.from_edges({"a": ["x", "y"], "b": ["y", "z"]}, source="a", target="b")
        >>> graph
        GraphFrame(3 vertices, 2 edges, directed)
        """
        wanted = engine_named(engine)
        arrays = {"edge_weights": edge_weights, "vertex_data": vertex_data, "edge_data": edge_data}
        if targets is None and sources is None:
            _refuse(arrays, "are for from_edges(sources, targets)")
            given = Edges.of(
                edges,
                source,
                target,
                weight,
                directed,
                vertices,
                num_vertices,
                duplicates=duplicates,
                self_loops=self_loops,
                edge_ids=edge_ids,
            )
            return cls._built("from_edges", given, wanted, lambda: given.to_rust(require_rust()))
        others = {
            "source": None if source == "source" else source,
            "target": None if target == "target" else target,
            "weight": weight,
            "vertices": vertices,
            "duplicates": None if duplicates == "keep" else duplicates,
            "self_loops": None if self_loops == "keep" else self_loops,
            "edge_ids": edge_ids or None,
        }
        _refuse(others, "are for from_edges(edges), not for arrays of positions")
        if targets is None or (edges is None) == (sources is None):
            raise WrongTypeError("from_edges() of positions needs sources and targets, once each")
        frames = frames_of_positions(
            sources if edges is None else edges, targets, num_vertices, edge_weights, vertex_data, edge_data
        )
        metadata = {"directed": _checks.truth("directed", directed), "created_from": "from_edges"}
        return cls._of_frames(frames, metadata, wanted)

    @classmethod
    def from_parquet(
        cls,
        path: str | os.PathLike[str],
        *,
        source: str = "source",
        target: str = "target",
        weight: str | None = None,
        directed: bool = True,
        vertices: Any = None,
        num_vertices: int | None = None,
        duplicates: str = "keep",
        self_loops: str = "keep",
        edge_ids: bool = False,
        engine: str | None = None,
    ) -> GraphFrame:
        """Builds a graph from the edges in Parquet: a file, a folder of them, or a glob.

        Rust reads the files twice and never holds the edges, so that building takes little more memory than
        the graph; `from_edges(path)` reads them once, and holds them meanwhile. Where the memory limit does
        not hold the edges of both directions, those of one are kept, and the files are read again for the
        other: they must not change. pandas reads them whole.

        The other arguments, the graph and the errors are those of `from_edges`, and NotFoundError, a
        FileNotFoundError, where there is no file; CorruptDataError for files that change between two
        readings. Results are Tables, with `num_vertices` pandas frames. Time O(edges · log degree).
        """
        wanted = engine_named(engine)
        if not isinstance(path, (str, os.PathLike)):
            raise WrongTypeError(f"path must be a string or a path, not {type(path).__name__}")
        given = Edges.of(
            path,
            source,
            target,
            weight,
            directed,
            vertices,
            num_vertices,
            duplicates=duplicates,
            self_loops=self_loops,
            edge_ids=edge_ids,
        )
        return cls._built("from_parquet", given, wanted, lambda: given.to_rust_from_parquet(require_rust()))

    @classmethod
    def _built(cls, operation: str, given: Edges, engine: str | None, rust: Any) -> GraphFrame:
        built: tuple[str, Any] = dispatch(operation, "graph", engine, rust=rust, pandas=given.to_pandas)
        used, graph = built
        made = (graph, None) if used == "rust" else (None, graph)
        return cls._of(made[0], made[1], engine, given.output, given.attributes())

    @classmethod
    def from_networkx(cls, graph: Any, weight: str | None = None, *, engine: str | None = None) -> GraphFrame:
        """Builds a graph from one of NetworkX, whose nodes are all integers or all strings.

        `weight` names the attribute of edges to keep as weights, 1 where an edge has none. Nodes without
        edges, parallel edges of multigraphs and attributes of nodes (for `join_vertices`) are kept; results
        are pandas frames. Raises WrongTypeError for nodes of another kind, DependencyError without
        NetworkX.
        """
        columns, nodes, attributes = edges_of_networkx(graph, weight)
        names = list(columns)
        given = Edges.of(columns, names[0], names[1], weight, graph.is_directed(), nodes or None, None)
        wanted = engine_named(engine)
        made = cls._built("from_networkx", given, wanted, lambda: given.to_rust(require_rust()))
        made.output, made._attributes = "pandas", attributes
        return made

    @classmethod
    def from_scipy(
        cls,
        matrix: Any,
        *,
        weight: str | None = "weight",
        directed: bool = True,
        engine: str | None = None,
    ) -> GraphFrame:
        """Builds a graph from a square sparse matrix of SciPy: entry (i, j) is an edge from i to j.

        Ids are the positions 0 … n - 1. `weight` is what the entries are called as weights, None leaves them
        out. Stored zeros are edges. `directed=False` takes each edge of a symmetric matrix once. Results are
        pandas frames. Raises InvalidArgumentError for a matrix that is not square, or not symmetric.
        """
        columns, count = edges_of_scipy(matrix, _checks.truth("directed", directed), weight)
        names = list(columns)
        given = Edges.of(columns, names[0], names[1], weight, directed, None, count)
        wanted = engine_named(engine)
        made = cls._built("from_scipy", given, wanted, lambda: given.to_rust(require_rust()))
        made.output = "pandas"
        return made

    # ---- for other libraries, and for the eye ----

    def to_networkx(self, multigraph: bool | None = None) -> Any:
        """A graph of NetworkX with the same nodes, edges, weights and properties.

        `multigraph` None: where there are parallel edges. Raises DependencyError without NetworkX.
        """
        return to_networkx(self, multigraph)

    def to_scipy(self, weight: str | None = None, *, copy: bool = True) -> Any:
        """The adjacency as a scipy.sparse.csr_array of n × n, rows and columns in vertex order.

        Entries are the weights, 1.0 in an unweighted graph; parallel edges are entries of the same place,
        which SciPy adds up. `weight` names the column of a graph made of frames. `copy=False` shares the
        memory of the graph, which nobody can write. Raises DependencyError without SciPy.
        """
        return to_scipy(self, weight, copy)

    def plot(
        self,
        ax: Any = None,
        *,
        layout: str = "spring",
        labels: bool = True,
        max_vertices: int = 500,
        seed: int = 0,
        **options: Any,
    ) -> Any:
        """Draws a small graph by NetworkX and Matplotlib, and gives the axes.

        `layout`: "spring", "circular", "kamada_kawai", "shell", "spectral" or "random". Further keywords are
        those of `networkx.draw_networkx`. Raises InvalidArgumentError above `max_vertices`, DependencyError
        where one of the libraries is missing.
        """
        return plot(self, ax, layout, labels, max_vertices, seed, options)

    def degree_distribution(self, mode: str = "all", backend: str | None = "auto") -> Any:
        """How many vertices have each degree.

        Result: a pandas frame with the columns `degree` and `vertices` (int64), a row per degree that there
        is, ascending. `mode`, `backend`, errors and time are those of `degree`.
        """
        import pandas as pd

        degrees = np.asarray(self.degree(mode=mode, backend=backend, output="pandas")["degree"])
        values, counts = np.unique(degrees, return_counts=True)
        return pd.DataFrame({"degree": values.astype(np.int64), "vertices": counts.astype(np.int64)})

    def __repr__(self) -> str:
        if self.closed:
            return "GraphFrame(closed)"
        kind = "directed" if self.is_directed else "undirected"
        return f"GraphFrame({self.num_vertices:,} vertices, {self.num_edges:,} edges, {kind})"

    def _repr_html_(self) -> str:
        """The same for notebooks, with what else can be told without computing anything."""
        return as_html(self)

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
        reached_only: bool | None = None,
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
            reached_only=reached_only,
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
        reached_only: bool | None = None,
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
            reached_only=reached_only,
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
        method: str = "auto",
        delta: float | None = None,
        predecessors: bool = True,
        reached_only: bool | None = None,
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
            reached_only=reached_only,
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
        """The degree of one vertex as an int, or of all as a frame: see `parquetframe.graph.algo.degree`.

        Of an undirected graph made of frames "in" and "out" count the rows of the edges as they stand.
        """
        if self._frames is not None and not self.is_directed and mode in ("in", "out"):
            # The rows count as they stand: nothing is mirrored.
            return self.oriented(True).degree(vertex_id, mode, backend, output=output)
        if vertex_id is None:
            return algo.degree(self, mode, backend, output=output or self.output)
        if self._frames is not None and mode in algo.MODES:
            return self._stored_degree(vertex_id, mode)
        graph = self.on_pandas()
        try:
            (position,) = graph.find(
                _checks.vertex_ids("vertex_id", [_checks.scalar(vertex_id)]), "vertex_id"
            )
        except (InvalidArgumentError, WrongTypeError) as error:
            if isinstance(vertex_id, str) and vertex_id in algo.MODES:
                error.suggestion = f"The degrees of all vertices in one direction: degree(mode='{vertex_id}')"
            raise
        return algo.degree_of(graph, int(position), mode)


def _refuse(arguments: Mapping[str, Any], why: str) -> None:
    """Raises InvalidArgumentError if one of them was given."""
    given = [name for name, value in arguments.items() if value is not None]
    if given:
        raise InvalidArgumentError(f"{' and '.join(given)} {why}")
