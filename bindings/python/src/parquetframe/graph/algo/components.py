"""Connected components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...exceptions import InvalidArgumentError
from .. import _checks
from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._rust_graph import RustGraph

if TYPE_CHECKING:
    import pandas as pd

    from ...table import Table
    from ..frame import GraphFrame

__all__ = ["connected_components"]


def connected_components(
    graph: GraphFrame,
    method: str = "weak",
    directed: bool | None = None,
    backend: str | None = "auto",
    max_iter: int = 50,
    *,
    output: str = "pandas",
) -> Any:
    """Weakly connected components: vertices that a path joins, whatever the direction of its edges.

    Result: columns `vertex` and `component_id` (int64: 0, 1, … in the order of each component's first
    vertex), a row per vertex in vertex order. `attrs` of a pandas frame and `metadata` of a Table hold
    `parquetframe.components`, their number.

    `directed` and `max_iter` change nothing: both engines ignore direction and run to the end.
    `backend`: "rust" or "pandas" for this call. `output`: "pandas", "table" or "proxy".

    Raises InvalidArgumentError for another method and an empty graph. Time O(vertices + edges) on Rust, times
    their logarithm on pandas.
    """
    if method == "strong":
        raise InvalidArgumentError("Strongly connected components not implemented")
    if method != "weak":
        raise InvalidArgumentError(f"method must be 'weak', not {method!r}")
    if _checks.integer("max_iter", max_iter) < 1:
        raise InvalidArgumentError(f"max_iter must be positive, not {max_iter}")
    if directed is not None:
        _checks.truth("directed", directed)
    if not graph.num_vertices:
        raise InvalidArgumentError("Cannot find connected components on empty graph")
    return run("connected_components", graph, backend, _rust, _pandas, output)


def _rust(graph: RustGraph) -> Table:
    return graph.kernel("pf_graph_connected_components")


def _pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    rows, targets = graph.outgoing.rows, graph.outgoing.targets.astype(np.int64)
    # Every vertex points to one of its component that is not greater; a root points to itself.
    parent = np.arange(graph.num_vertices)
    while len(rows):
        low, high = np.minimum(parent[rows], parent[targets]), np.maximum(parent[rows], parent[targets])
        np.minimum.at(parent, high, low)
        while (shorter := parent[parent]).tobytes() != parent.tobytes():
            parent = shorter
        apart = parent[rows] != parent[targets]
        rows, targets = rows[apart], targets[apart]
    roots, components = np.unique(parent, return_inverse=True)
    frame = pd.DataFrame({"vertex": graph.ids, "component_id": components.astype(np.int64)})
    frame.attrs["parquetframe.components"] = str(len(roots))
    return frame
