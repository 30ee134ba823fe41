"""Neighbours, and edges: what can be looked up in a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _checks

if TYPE_CHECKING:
    from ..frame import GraphFrame

__all__ = ["edges", "has_edge", "neighbors"]


def neighbors(
    graph: GraphFrame,
    vertices: Any,
    mode: str = "out",
    backend: str | None = "auto",
    *,
    output: str = "pandas",
) -> Any:
    """The neighbours of some vertices, a row per edge.

    Result: columns `vertex`, `neighbor`, of a weighted graph `weight`, and with `edge_ids=True` the row of
    the input as `edge`; the vertices in the order asked for, repeated ones again, each with its neighbours in
    vertex order, parallel edges one by one; a vertex without any has no row. `mode`: "out" follows the edges,
    "in" goes against them, "all" gives the outgoing ones first. `backend`: "rust" or "pandas" for this call.
    `output`: "pandas", "table" or "proxy". For one vertex the method `GraphFrame.neighbors` gives a list.

    Raises InvalidArgumentError for an unknown vertex or mode; WrongTypeError for ids of another kind. Time
    O(rows of the result), and once O(edges) for the incoming ones. Deterministic.
    """
    ids = _checks.vertex_ids("vertices", vertices)
    return graph.neighbors(ids, mode, backend, output=output)


def has_edge(
    graph: GraphFrame, sources: Any, targets: Any, backend: str | None = "auto", *, output: str = "pandas"
) -> Any:
    """Tells for pairs of vertices whether an edge leads from the one to the other.

    Result: columns `source`, `target` and `has_edge` (bool), a row per pair in the order given. In an
    undirected graph direction does not count. `backend`: "rust" or "pandas" for this call. `output`:
    "pandas", "table" or "proxy". For one pair the method `GraphFrame.has_edge` gives a bool.

    Raises InvalidArgumentError for an unknown vertex and for lengths that differ; WrongTypeError for ids of
    another kind. Time O(log degree) per pair. Deterministic.
    """
    ends = _checks.vertex_ids("sources", sources), _checks.vertex_ids("targets", targets)
    return graph.has_edge(*ends, backend, output=output)


def edges(graph: GraphFrame, backend: str | None = "auto", *, output: str = "pandas") -> Any:
    """Gives the edges back, as the graph holds them.

    Result: columns `source` and `target`, the weights under the name of their column and with
    `edge_ids=True` the row of the input as `edge`; a row per edge, by source and target in vertex order. An
    undirected edge is there once, source before target. `backend`: "rust" or "pandas" for this call.
    `output`: "pandas", "table" or "proxy".

    Time O(vertices + edges). Deterministic.
    """
    return graph._edge_rows(backend, output)
