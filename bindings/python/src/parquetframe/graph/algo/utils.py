"""What algorithms share, and the helpers of that name that earlier versions promised."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._engines import ENGINES, why_not_rust
from ...exceptions import InvalidArgumentError, UnsupportedError, WrongTypeError
from .. import _checks
from .._dask_graph import has_lazy_edges
from .._dispatch import engine_for

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = [
    "check_convergence",
    "create_result_dataframe",
    "select_backend",
    "symmetrize_edges",
    "validate_sources",
]


def dask_installed() -> bool:
    """Whether Dask's data frames are there; they are not imported."""
    return importlib.util.find_spec("dask") is not None


def require_dask(available: bool, operation: str) -> None:
    """Raises ImportError where Dask is not there."""
    if not (available and dask_installed()):
        raise ImportError(
            f"Dask is required for distributed {operation}. Install it: pip install 'dask[dataframe]'"
        )


def require_rust_here(available: bool) -> None:
    """Raises UnsupportedError, a RuntimeError, where a module was told that Rust is not there."""
    if not available:
        raise UnsupportedError("Rust backend requested but not available: RUST_AVAILABLE is False")


def without_rust(graph: GraphFrame, on_dask: bool) -> str:
    """The engine of a call without a choice where a module was told that Rust is not there. `on_dask`:
    whether Dask can do it.
    """
    return "dask" if on_dask and has_lazy_edges(graph) and dask_installed() else "pandas"


def select_backend(graph: GraphFrame, backend: str | None = "auto", algorithm: str = "unknown") -> str:
    """The engine that an algorithm runs on: "rust", "pandas" or "dask".

    "auto" and None mean Rust where it is there, else Dask for lazy edges, else pandas. Raises
    InvalidArgumentError for another name, ImportError for Dask where it is not installed.
    """
    wanted = engine_for(backend, algorithm, True)
    if wanted == "dask":
        require_dask(True, algorithm)
    if wanted is not None:
        return wanted
    if (own := getattr(graph, "engine", None)) in ENGINES:
        return str(own)
    if why_not_rust("graph") is None:
        return "rust"
    lazy = graph.islazy
    if not isinstance(lazy, bool):
        # What is no graph of ours may say it of its edges only.
        lazy = graph.edges.islazy is True
    return "dask" if lazy and dask_installed() else "pandas"


def validate_sources(graph: GraphFrame, sources: Any) -> list[Any]:
    """The ids of sources as a list; None means vertex 0 where the ids are positions.

    Raises InvalidArgumentError "Invalid source vertex IDs" for unknown ones, and for none.
    """
    if sources is None and graph.has_positions:
        sources = 0
    ids = _checks.vertex_ids("sources", [] if sources is None else sources)
    if not len(ids):
        raise InvalidArgumentError("At least one source vertex must be specified")
    try:
        graph.on_pandas().find(ids, "sources")
    except InvalidArgumentError as error:
        raise InvalidArgumentError(f"Invalid source vertex IDs: {error.message}") from error
    found: list[Any] = ids.tolist()
    return found


def create_result_dataframe(
    data: dict[str, Any], columns: list[str], dtypes: dict[str, str] | None = None
) -> pd.DataFrame:
    """A frame of some columns of `data`, in this order and of these types.

    Raises InvalidArgumentError for a column that is not there, or columns of different lengths.
    """
    import pandas as pd

    missing = [name for name in columns if name not in data]
    if missing:
        raise InvalidArgumentError(f"Missing columns in result data: {', '.join(map(str, missing))}")
    lengths = {name: len(data[name]) for name in columns}
    if len(set(lengths.values())) > 1:
        raise InvalidArgumentError(f"the columns of a result must have the same length: {lengths}")
    frame = pd.DataFrame({name: data[name] for name in columns}, columns=columns)
    return frame.astype({name: kind for name, kind in (dtypes or {}).items() if name in columns})


def symmetrize_edges(graph: GraphFrame, directed: bool | None = None) -> pd.DataFrame:
    """The edges of a graph as a frame with the columns src, dst and the weights under their name.

    Without direction (`directed=False`, or None for an undirected graph) every edge is there in both
    directions, a loop once; duplicates stay.
    """
    import pandas as pd

    one_way = graph.follows_direction(directed)
    whole = graph.on_pandas()
    sources, targets, weights = whole.edges()
    if not one_way:
        back = np.flatnonzero(sources != targets)
        sources, targets = (
            np.concatenate([sources, targets[back]]),
            np.concatenate([targets, sources[back]]),
        )
        weights = None if weights is None else np.concatenate([weights, weights[back]])
    columns = {"src": whole.ids[sources], "dst": whole.ids[targets]}
    if weights is not None and whole.weight is not None:
        columns[whole.weight] = weights
    return pd.DataFrame(columns)


def check_convergence(old_values: Any, new_values: Any, tol: float, metric: str = "l1") -> bool:
    """Whether the change from the old to the new values is below `tol`.

    `metric`: "l1", the sum of absolute changes; "l2", the root of the sum of squares; or "max", the greatest.
    Raises InvalidArgumentError "Unknown metric" for another, and for values of different lengths.
    """
    norms = {"l1": 1, "l2": 2, "max": np.inf}
    if metric not in norms:
        raise InvalidArgumentError(f"Unknown metric: {metric!r}; the metrics are l1, l2 and max")
    try:
        old, new = (np.asarray(values, float).ravel() for values in (old_values, new_values))
    except (TypeError, ValueError) as error:
        raise WrongTypeError(f"values must be numbers: {error}") from error
    if len(old) != len(new):
        raise InvalidArgumentError(f"values must be as many as before: {len(new)} after {len(old)}")
    change = np.linalg.norm(new - old, norms[metric]) if len(old) else 0.0
    return bool(change < _checks.real("tol", tol))
