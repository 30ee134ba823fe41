"""Connected components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...exceptions import InvalidArgumentError
from .. import _checks
from .._dask_graph import DaskGraph, Part, as_dask
from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result
from .._rust_graph import RustGraph
from .utils import dask_installed, require_dask, require_rust_here, without_rust

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = [
    "connected_components",
    "connected_components_rust_wrapper",
    "label_propagation_components",
    "union_find_components",
]

DASK_AVAILABLE = dask_installed()
RUST_AVAILABLE = True
"""False keeps this module from Rust, as where the library is missing."""


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

    `directed` and `max_iter` change nothing: all engines ignore direction and run to the end. `method` must
    be "weak"; strong ones are those of `strongly_connected_components`. `backend`: "rust", "pandas" or "dask"
    for this call. `output`: "pandas", "table" or "proxy".

    Raises InvalidArgumentError for another method, for `max_iter` below 1 and for an empty graph. Time
    O(vertices + edges) on Rust, times their logarithm on pandas and on Dask, which goes through the
    partitions once. Deterministic.
    """
    if method == "strong":
        raise InvalidArgumentError(
            "Strongly connected components not implemented by this method",
            "Call strongly_connected_components(graph)",
        )
    if method != "weak":
        raise InvalidArgumentError(f"method must be 'weak', not {method!r}")
    _check(graph, directed, max_iter)
    if backend == "dask":
        require_dask(DASK_AVAILABLE, "connected components")
    if backend == "rust":
        require_rust_here(RUST_AVAILABLE)
    elif not RUST_AVAILABLE and backend in (None, "auto") and graph.engine is None:
        backend = without_rust(graph, DASK_AVAILABLE)
    dask = _dask if DASK_AVAILABLE else None
    return run("connected_components", graph, backend, _rust, _pandas, output, dask=dask)


def union_find_components(graph: GraphFrame, directed: bool | None = None) -> pd.DataFrame:
    """`connected_components` on pandas."""
    _check(graph, directed)
    frame: pd.DataFrame = run("connected_components", graph, "pandas", _rust, _pandas, "pandas")
    return frame


def connected_components_rust_wrapper(graph: GraphFrame, directed: bool | None = None) -> pd.DataFrame:
    """`connected_components` on Rust."""
    frame: pd.DataFrame = connected_components(graph, directed=directed, backend="rust")
    return frame


def label_propagation_components(
    graph: GraphFrame, directed: bool | None = None, max_iter: int = 50, compute: bool = True
) -> Any:
    """`connected_components` on Dask, with the position of a component's first vertex as its `component_id`.

    `compute=False` gives a Dask frame. `directed` and `max_iter` change nothing: the components are those of
    the whole graph, whatever it takes.
    """
    require_dask(DASK_AVAILABLE, "connected components")
    _check(graph, directed, max_iter)
    frame = run("connected_components", graph, "dask", _rust, _pandas, "pandas", dask=_labels)
    return as_dask(frame, compute)


def _check(graph: GraphFrame, directed: bool | None, max_iter: int = 1) -> None:
    if _checks.integer("max_iter", max_iter) < 1:
        raise InvalidArgumentError(f"max_iter must be positive, not {max_iter}")
    if directed is not None:
        _checks.truth("directed", directed)
    if not graph.num_vertices:
        raise InvalidArgumentError("Cannot find connected components on empty graph")


def _rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_connected_components")


def _pandas(graph: PandasGraph) -> pd.DataFrame:
    rows, targets = graph.outgoing.rows, graph.outgoing.targets.astype(np.int64)
    return _frame(graph.ids, _joined(np.arange(graph.num_vertices), rows, targets))


def _dask(graph: DaskGraph) -> pd.DataFrame:
    return _frame(graph.ids, graph.fold(_forest_of_part, _merged, graph.num_vertices))


def _labels(graph: DaskGraph) -> pd.DataFrame:
    import pandas as pd

    labels = graph.fold(_forest_of_part, _merged, graph.num_vertices)
    frame = pd.DataFrame({"vertex": graph.ids, "component_id": labels})
    frame.attrs["parquetframe.components"] = str(len(np.unique(labels)))
    return frame


def _frame(ids: np.ndarray, parent: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    roots, components = np.unique(parent, return_inverse=True)
    frame = pd.DataFrame({"vertex": ids, "component_id": components.astype(np.int64)})
    frame.attrs["parquetframe.components"] = str(len(roots))
    return frame


def _forest_of_part(part: Part, num_vertices: int) -> np.ndarray:
    return _joined(np.arange(num_vertices), part.sources, part.targets)


def _merged(forests: list[np.ndarray]) -> np.ndarray:
    """The components of several sets of edges together, from those of each."""
    parent = forests[0].copy()
    vertices = np.arange(len(parent))
    for forest in forests[1:]:
        joined = np.flatnonzero(forest != vertices)
        parent = _joined(parent, joined, forest[joined])
    return parent


def _joined(parent: np.ndarray, rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The first vertex of the component of each, once edges join what `parent` says is joined."""
    # Every vertex points to one of its component that is not greater; a root points to itself.
    while len(rows):
        low, high = np.minimum(parent[rows], parent[targets]), np.maximum(parent[rows], parent[targets])
        np.minimum.at(parent, high, low)
        while (shorter := parent[parent]).tobytes() != parent.tobytes():
            parent = shorter
        apart = parent[rows] != parent[targets]
        rows, targets = rows[apart], targets[apart]
    return parent
