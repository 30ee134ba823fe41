"""A graph of the Rust library."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from .._native._ctypes_decl import ArrowArray, ArrowSchema
from .._native.calls import CONTEXT, run
from .._native.decode import Chunk, decode
from .._native.handles import GraphHandle, Options, c_string
from .._native.inputs import array_of, stream_of
from .._native.library import Library
from .._native.streams import Owned, Stream, read_field
from ..table import Table
from ._pandas_graph import Adjacency, PandasGraph, least_of
from ._results import Result


class RustGraph:
    """A `pf_graph`: immutable, and shared by any number of threads."""

    def __init__(self, handle: GraphHandle, positions: bool) -> None:
        self.handle = handle
        self.positions = positions
        library, address = handle.library, handle.address
        self.num_vertices = int(library.pf_graph_num_vertices(address))
        self.num_edges = int(library.pf_graph_num_edges(address))
        self.directed = bool(library.pf_graph_is_directed(address))
        weight = library.pf_graph_weight(address)
        self.weight = None if weight is None else weight.decode()
        self.has_edge_ids = False

    @classmethod
    def build(
        cls,
        library: Library,
        edges: Stream,
        source: str,
        target: str,
        vertices: Stream | None,
        *,
        weight: str | None,
        directed: bool,
        num_vertices: int | None,
        **rules: Any,
    ) -> RustGraph:
        """A graph of a stream of edges, which is read to its end. `rules`: see `Rules.options`."""
        options = Options.of(library, weight=weight, directed=directed, num_vertices=num_vertices, **rules)
        out = ctypes.c_void_p()
        run(
            library,
            "pf_graph_from_edges",
            edges.address,
            c_string(source, "source"),
            c_string(target, "target"),
            vertices.address if vertices is not None else None,
            options.address,
            CONTEXT,
            ctypes.addressof(out),
        )
        graph = cls(GraphHandle(library, out.value), num_vertices is not None)
        graph.has_edge_ids = bool(rules.get("edge_ids", False))
        return graph

    @classmethod
    def of_pandas(cls, library: Library, graph: PandasGraph) -> RustGraph:
        """The same graph on Rust: ids, their order and the order of parallel edges are kept."""
        source, target, weights = graph.edges()
        weight = graph.weight
        ends = ("source", "target") if weight not in ("source", "target") else ("from", "to")
        columns = {ends[0]: graph.ids[source], ends[1]: graph.ids[target]}
        if weight is not None:
            columns[weight] = weights
        vertices = None if graph.positions else stream_of(library, {"vertex": graph.ids})
        return cls.build(
            library,
            stream_of(library, columns),
            *ends,
            vertices,
            weight=weight,
            directed=graph.directed,
            num_vertices=graph.num_vertices if graph.positions else None,
        )

    def to_pandas(self) -> PandasGraph:
        """The same graph on pandas, over the same adjacency."""
        return PandasGraph(
            self.ids,
            self.adjacency("csr"),
            self.num_edges,
            self.directed,
            self.weight,
            self.positions,
            self.edge_ids,
        )

    @property
    def edge_ids(self) -> np.ndarray | None:
        """The row of the input for every entry of the outgoing adjacency; None where they were not kept."""
        return self._buffer("csr.edges") if self.has_edge_ids else None

    @cached_property
    def least_weight(self) -> float:
        """The least weight; 0 where there is none. Time O(edges), once."""
        return least_of(self.adjacency("csr").weights)

    @cached_property
    def ids(self) -> np.ndarray:
        """The vertex ids in vertex order, read-only: a view for integers, an object array for strings."""
        ids = self._array("pf_graph_vertices")
        ids.setflags(write=False)
        return ids

    def adjacency(self, side: str) -> Adjacency:
        """The buffers of "csr" or "csc", read-only, without a copy; they outlive the graph."""
        offsets, targets = self._buffer(f"{side}.offsets"), self._buffer(f"{side}.targets")
        weights = None if self.weight is None else self._buffer(f"{side}.weights")
        return Adjacency(offsets, targets, weights).frozen()

    def _buffer(self, name: str) -> np.ndarray:
        return self._array("pf_graph_buffer", name.encode())

    def _array(self, function: str, *arguments: Any) -> np.ndarray:
        array, schema = Owned(ArrowArray()), Owned(ArrowSchema())
        run(
            self.handle.library,
            function,
            self.handle.address,
            *arguments,
            CONTEXT,
            array.address,
            schema.address,
        )
        return decode(read_field(schema.struct), [Chunk.of(array)]).values

    def kernel(self, function: str, *inputs: Any, **options: Any) -> Table:
        """The result of an algorithm. `inputs` are its addresses between graph and options."""
        return self.result(function, *inputs, **options).to_table()

    def result(
        self, function: str, *inputs: Any, missing: Mapping[str, float] | None = None, **options: Any
    ) -> Result:
        """As `kernel`, still to be read; `missing` says what stands in columns instead of null."""
        library = self.handle.library
        values = Options.of(library, **options)
        stream = Stream()
        run(library, function, self.handle.address, *inputs, values.address, CONTEXT, stream.address)
        return Result(library, stream, missing)

    def id_array(self, ids: np.ndarray | None, name: str) -> IdArray:
        """Ids as an array of the library; NULL for None."""
        return IdArray(() if ids is None else array_of(self.handle.library, ids, name))


class IdArray:
    """An ArrowArray and its ArrowSchema, as long as this lives; or none."""

    def __init__(self, owners: tuple[Owned, ...]) -> None:
        self.owners = owners

    @property
    def addresses(self) -> tuple[int | None, ...]:
        """The two addresses that the library takes."""
        return tuple(owner.address for owner in self.owners) or (None, None)
