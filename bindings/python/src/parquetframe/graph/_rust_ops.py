"""Graphs of the Rust library that are made of files or of other graphs."""

from __future__ import annotations

import ctypes
import os
from typing import Any

from .._native.calls import CONTEXT, run
from .._native.handles import GraphHandle, Options, c_string
from .._native.library import Library
from .._native.streams import Stream
from ._rust_graph import RustGraph

__all__ = ["derived", "from_parquet"]


def derived(graph: RustGraph, function: str, *inputs: Any, positions: bool | None = None) -> RustGraph:
    """What a function makes of a graph. `inputs` are its addresses between graph and context."""
    out = ctypes.c_void_p()
    library = graph.handle.library
    run(library, function, graph.handle.address, *inputs, CONTEXT, ctypes.addressof(out))
    made = RustGraph(GraphHandle(library, out.value), graph.positions if positions is None else positions)
    made.has_edge_ids = graph.has_edge_ids
    return made


def from_parquet(
    library: Library,
    path: str | os.PathLike[str],
    source: str,
    target: str,
    vertices: Stream | None,
    **options: Any,
) -> RustGraph:
    """A graph of the edges in Parquet files, which are read batch by batch and never held."""
    values = Options.of(library, **options)
    out = ctypes.c_void_p()
    run(
        library,
        "pf_graph_from_parquet",
        c_string(os.fspath(path), "path"),
        c_string(source, "source"),
        c_string(target, "target"),
        vertices.address if vertices is not None else None,
        values.address,
        CONTEXT,
        ctypes.addressof(out),
        label="from_parquet",
    )
    graph = RustGraph(GraphHandle(library, out.value), options.get("num_vertices") is not None)
    graph.has_edge_ids = bool(options.get("edge_ids", False))
    return graph
