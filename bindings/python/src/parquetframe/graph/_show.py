"""Graphs for the eye: a summary for notebooks, a drawing of small ones."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from ..exceptions import InvalidArgumentError
from ._exchange import required, to_networkx

if TYPE_CHECKING:
    from .frame import GraphFrame

LAYOUTS = ("spring", "circular", "kamada_kawai", "shell", "spectral", "random")


def summary(graph: GraphFrame) -> list[tuple[str, str]]:
    """What can be told without computing anything: names and values."""
    count, edges = graph.num_vertices, graph.num_edges
    rows = [
        ("vertices", f"{count:,}"),
        ("edges", f"{edges:,}"),
        ("direction", "directed" if graph.is_directed else "undirected"),
        ("weight", graph.weight or "–"),
        ("edges per vertex", f"{edges / count:.2f}" if count else "–"),
    ]
    if graph._frames is not None:
        rows += [
            ("vertex properties", ", ".join(graph.vertex_properties) or "–"),
            ("edge properties", ", ".join(graph.edge_properties) or "–"),
            ("held by", "Dask" if graph.islazy else "pandas"),
        ]
        known = [f"{key}: {value}" for key, value in graph.metadata.items() if key != "directed"]
        rows += [("metadata", ", ".join(known))] if known else []
    return rows


def as_html(graph: GraphFrame) -> str:
    """The summary as a table."""
    if graph.closed:
        return "<p>GraphFrame(closed)</p>"
    rows = "".join(
        f"<tr><th style='text-align: left'>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
        for name, value in summary(graph)
    )
    return f"<table><caption>GraphFrame</caption>{rows}</table>"


def plot(
    graph: GraphFrame,
    ax: Any,
    layout: str,
    labels: bool,
    max_vertices: int,
    seed: int,
    options: dict[str, Any],
) -> Any:
    """See `GraphFrame.plot`."""
    networkx = required("networkx", "plot()")
    pyplot = required("matplotlib.pyplot", "plot()")
    if graph.num_vertices > max_vertices:
        raise InvalidArgumentError(
            f"plot() draws up to max_vertices = {max_vertices:,} vertices, "
            f"the graph has {graph.num_vertices:,}",
            "Draw a part of it: graph.subgraph(ids).plot()",
        )
    if layout not in LAYOUTS:
        raise InvalidArgumentError(f"layout must be one of {', '.join(LAYOUTS)}, not '{layout}'")
    drawn = to_networkx(graph, None)
    place = getattr(networkx, f"{layout}_layout")
    positions = place(drawn, seed=seed) if layout in ("spring", "random") else place(drawn)
    if ax is None:
        _, ax = pyplot.subplots()
    networkx.draw_networkx(drawn, positions, ax=ax, with_labels=labels, **options)
    ax.set_axis_off()
    return ax
