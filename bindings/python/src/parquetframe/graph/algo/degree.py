"""Degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...exceptions import InvalidArgumentError
from .. import _checks
from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result
from .._rust_graph import RustGraph

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["MODES", "checked_mode", "degree", "degree_of", "degrees"]

MODES = ("in", "out", "all")


def degree(
    graph: GraphFrame, mode: str = "all", backend: str | None = "auto", *, output: str = "pandas"
) -> Any:
    """Counts the edges of every vertex.

    Result: columns `vertex` and `degree` (int64), a row per vertex in vertex order. `mode`: "out", "in", or
    "all", their sum, in which a self loop counts twice; in an undirected graph all three are the same, and a
    loop counts twice. Parallel edges count each. `backend`: "rust" or "pandas" for this call. `output`:
    "pandas", "table" or "proxy".

    Raises InvalidArgumentError for another mode. Time O(vertices), plus O(edges) once for the incoming edges.
    Deterministic.
    """
    return run("degree", graph, backend, _rust, _pandas, output, mode=checked_mode(mode))


def degree_of(graph: PandasGraph, position: int, mode: str) -> int:
    """The degree of one vertex, by its position. Time as `degree`, but only the first time."""
    return int(degrees(graph, checked_mode(mode), slice(position, position + 1))[0])


def checked_mode(mode: Any) -> str:
    """The argument `mode`."""
    if _checks.text("mode", mode) not in MODES:
        raise InvalidArgumentError(f"mode must be 'in', 'out' or 'all', not '{mode}'")
    return str(mode)


def _rust(graph: RustGraph, *, mode: str) -> Result:
    return graph.result("pf_graph_degree", mode=mode)


def _pandas(graph: PandasGraph, *, mode: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"vertex": graph.ids, "degree": degrees(graph, mode, slice(None))})


def degrees(graph: PandasGraph, mode: str, which: slice) -> np.ndarray:
    """The degrees of the vertices `which`."""
    if not graph.directed:
        out = graph.outgoing
        loops = out.rows[out.rows == out.targets]
        return (out.degrees + np.bincount(loops, minlength=graph.num_vertices))[which]
    sides = {"out": (True,), "in": (False,), "all": (True, False)}[mode]
    parts = [(graph.outgoing if outgoing else graph.incoming).degrees[which] for outgoing in sides]
    return np.asarray(sum(parts[1:], start=parts[0]))
