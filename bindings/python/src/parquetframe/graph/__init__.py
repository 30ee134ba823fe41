"""Graphs: built from edges or frames, asked by algorithms, on Rust or pandas."""

from __future__ import annotations

import os

from . import algo
from .adjacency import CSCAdjacency, CSRAdjacency
from .data import EdgeSet, VertexSet
from .frame import GraphFrame

__all__ = ["CSCAdjacency", "CSRAdjacency", "EdgeSet", "GraphFrame", "VertexSet", "algo", "read_graph"]


def read_graph(
    path: str | os.PathLike[str],
    *,
    threshold_mb: float | None = None,
    islazy: bool | None = None,
    validate_schema: bool = True,
    load_adjacency: bool = False,
) -> GraphFrame:
    """Reads a graph from a folder with the files `_metadata.yaml` (name, version, directed),
    `_schema.yaml`, and Parquet files in `vertices/` and `edges/`, or in a folder in them for each type.

    Several types become one frame, in which the column `vertex_type` or `edge_type` names them. Where the ids
    of several types of vertices overlap only the first type of vertices and the first of edges are read, with
    a UserWarning. Without `vertices/` or `edges/` that frame is empty. `threshold_mb` and `islazy` are those
    of `ParquetFrame.read`. `validate_schema`: the schema must be there, and columns that do not fit it are a
    UserWarning. `load_adjacency`: the adjacency is made at once.

    Raises NotFoundError "GraphAr directory not found", which is a FileNotFoundError, GraphArError for
    metadata that are missing or wrong and for files that cannot be read, GraphArValidationError for such a
    schema.
    """
    from .io.graphar import GraphArReader

    return GraphArReader().read(
        path,
        threshold_mb=threshold_mb,
        islazy=islazy,
        validate_schema=validate_schema,
        load_adjacency=load_adjacency,
    )
