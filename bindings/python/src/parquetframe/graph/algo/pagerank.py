"""PageRank."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._native.columns import plain_column
from ..._native.inputs import is_pandas, require_table, stream_of
from ..._warnings import warn
from ...exceptions import InvalidArgumentError
from .. import _checks
from .._dask_graph import DaskGraph, Part, as_dask
from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result, number_text
from .._rust_graph import RustGraph
from ._callable import make_callable
from .utils import dask_installed, require_dask, require_rust_here, without_rust

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["pagerank", "pagerank_dask", "pagerank_pandas", "pagerank_rust_wrapper"]

NAME = "personalization"
DASK_AVAILABLE = dask_installed()
RUST_AVAILABLE = True
"""False keeps this module from Rust, as where the library is missing."""


def pagerank(
    graph: GraphFrame,
    alpha: float = 0.85,
    tol: float = 1e-6,
    max_iter: int = 100,
    weight_column: str | None = None,
    personalized: Mapping[Any, float] | Any = None,
    directed: bool | None = None,
    backend: str | None = "auto",
    *,
    damping: float | None = None,
    tolerance: float | None = None,
    max_iterations: int | None = None,
    weight: str | None = None,
    personalization: Mapping[Any, float] | Any = None,
    top: int | None = None,
    output: str = "pandas",
) -> Any:
    """The stationary distribution of a random walk that follows an edge with probability `damping` and
    otherwise jumps.

    Result: columns `vertex` and `rank` (float64, sum 1), a row per vertex in vertex order; with `top` only
    the rows of the highest rank, highest first, ties in vertex order. `attrs` of a pandas frame and
    `metadata` of a Table hold `parquetframe.iterations`, `.converged` and `.residual`.

    `damping` (also `alpha`): in the open interval (0, 1). `tolerance` (`tol`): iteration stops when the sum
    of absolute changes is below it; `tolerance=0` means `max_iterations` iterations, while `tol` must be
    positive. `max_iterations` (`max_iter`): a RuntimeWarning tells when they did not suffice. `weight`
    (`weight_column`): the graph's weight column, to follow edges in proportion to it; without it all edges
    are alike and parallel edges count each. `personalization` (`personalized`): a mapping of ids to weights
    (or a Series of them), or a frame with the columns vertex and weight; jumps, also those from where a walk
    ends, go to these vertices in proportion. `directed=False`: edges are followed both ways, a loop once, as
    in an undirected graph of NetworkX. `backend`: "rust", "pandas" or "dask" for this call. `output`:
    "pandas", "table" or "proxy".

    Raises InvalidArgumentError for a parameter out of range, an unknown vertex or column, a negative or
    infinite weight, an empty graph; WrongTypeError for a value of another type. Time O(edges) per iteration.
    Both engines take the same number of iterations; on Rust the result is the same to the last bit for any
    number of threads.
    """
    names = dict(
        [
            _checks.one_name("alpha", alpha, 0.85, "damping", damping),
            _checks.one_name("tol", tol, 1e-6, "tolerance", tolerance),
            _checks.one_name("max_iter", max_iter, 100, "max_iterations", max_iterations),
        ]
    )
    (damping_name, damping), (tolerance_name, tolerance), (limit_name, limit) = names.items()
    _, weight = _checks.one_name("weight_column", weight_column, None, "weight", weight)
    jumps_name, jumps = _checks.one_name("personalized", personalized, None, NAME, personalization)
    if not graph.num_vertices:
        raise InvalidArgumentError("Cannot compute PageRank on empty graph")
    damping = _checks.real(damping_name, damping)
    if not 0 < damping < 1:
        raise InvalidArgumentError(f"{damping_name} must be in (0, 1), not {damping}")
    tolerance = _checks.real(tolerance_name, tolerance)
    if tolerance_name == "tol" and not tolerance > 0:
        raise InvalidArgumentError(f"tol must be positive, not {tolerance}")
    if not tolerance >= 0:
        raise InvalidArgumentError(f"tolerance must not be negative, not {tolerance}")
    limit = _checks.at_least_one(limit_name, limit)
    if is_pandas(jumps, "Series"):
        jumps = jumps.to_dict()
    if isinstance(jumps, Mapping) and not is_pandas(jumps):
        jumps = _checked_mapping(jumps, jumps_name, graph.num_vertices if graph.has_positions else None)
        unknown = None if graph._frames is None else graph._frames.unknown(jumps["vertex"])
        if unknown is not None:
            raise InvalidArgumentError(
                f"{jumps_name} contains invalid vertex IDs: vertex {unknown} is not in the graph"
            )
    if jumps is not None:
        require_table(jumps, jumps_name)
    if backend == "dask":
        require_dask(DASK_AVAILABLE, "PageRank")
    if backend == "rust":
        require_rust_here(RUST_AVAILABLE)
    elif not RUST_AVAILABLE and backend in (None, "auto") and graph.engine is None:
        backend = without_rust(graph, DASK_AVAILABLE)
    frame = run(
        "pagerank",
        graph,
        backend,
        _rust,
        _pandas,
        output,
        directed=directed,
        dask=_dask if DASK_AVAILABLE else None,
        damping=damping,
        tolerance=tolerance,
        max_iterations=limit,
        weight=graph.weight_named(weight),
        personalization=jumps,
        top=None if top is None else _checks.at_least_one("top", top),
    )
    facts = _facts(frame)
    change = float(facts.get("parquetframe.residual", 0))
    if facts.get("parquetframe.converged") == "false" and change:
        warn(
            f"PageRank did not converge within {limit} iterations (the last change was {change:.3g}, "
            f"the tolerance is {tolerance:.3g})"
        )
    return frame


def pagerank_pandas(
    graph: GraphFrame,
    alpha: float,
    tol: float,
    max_iter: int,
    weight_column: str | None = None,
    personalized: Mapping[Any, float] | Any = None,
    directed: bool = True,
) -> pd.DataFrame:
    """`pagerank` on pandas."""
    one_way = _one_way(graph, directed)
    frame: pd.DataFrame = pagerank(
        graph, alpha, tol, max_iter, weight_column, personalized, one_way, "pandas"
    )
    return frame


def pagerank_dask(
    graph: GraphFrame,
    alpha: float,
    tol: float,
    max_iter: int,
    weight_column: str | None = None,
    personalized: Mapping[Any, float] | Any = None,
    directed: bool = True,
    compute: bool = True,
) -> Any:
    """`pagerank` on Dask; `compute=False` gives a Dask frame."""
    one_way = _one_way(graph, directed)
    frame = pagerank(graph, alpha, tol, max_iter, weight_column, personalized, one_way, "dask")
    return as_dask(frame, compute)


def pagerank_rust_wrapper(
    graph: GraphFrame,
    alpha: float,
    tol: float,
    max_iter: int,
    weight_column: str | None = None,
    personalized: Mapping[Any, float] | Any = None,
    directed: bool = True,
) -> pd.DataFrame:
    """`pagerank` on Rust."""
    one_way = _one_way(graph, directed)
    frame: pd.DataFrame = pagerank(graph, alpha, tol, max_iter, weight_column, personalized, one_way, "rust")
    return frame


def _one_way(graph: GraphFrame, directed: bool) -> bool | None:
    """What `directed` means where True is the default: as the edges stand, or lead both ways."""
    return None if directed is True and graph._frames is None else directed


def _validate_pagerank_params(
    alpha: float,
    tol: float,
    max_iter: int,
    personalized: Mapping[Any, float] | None = None,
    num_vertices: int | None = None,
) -> None:
    """The checks of the parameters by their older names."""
    if not 0 < _checks.real("alpha", alpha) < 1:
        raise InvalidArgumentError(f"alpha must be in (0, 1), not {alpha}")
    if not _checks.real("tol", tol) > 0:
        raise InvalidArgumentError(f"tol must be positive, not {tol}")
    _checks.at_least_one("max_iter", max_iter)
    if personalized is not None:
        _checked_mapping(personalized, "personalized", num_vertices)


def _checked_mapping(
    jumps: Mapping[Any, float], name: str, num_vertices: int | None
) -> dict[str, np.ndarray]:
    """A mapping of ids to weights as the columns vertex and weight."""
    if not jumps:
        raise InvalidArgumentError(f"{name} cannot be empty dict")
    vertices = _checks.vertex_ids(name, list(jumps))
    weights = np.array([_checks.real(f"{name} weights", weight) for weight in jumps.values()])
    if num_vertices is not None and vertices.dtype != object:
        outside = vertices[(vertices < 0) | (vertices >= num_vertices)]
        if len(outside):
            raise InvalidArgumentError(
                f"{name} contains invalid vertex IDs: vertex {outside[0]} is out of range [0, {num_vertices})"
            )
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise InvalidArgumentError(f"{name} weights must be non-negative and finite")
    if not 0 < weights.sum() < math.inf:
        raise InvalidArgumentError(f"{name} weights must sum to positive value")
    return {"vertex": vertices, "weight": weights}


def _rust(graph: RustGraph, *, personalization: Any, **options: Any) -> Result:
    library = graph.handle.library
    stream = None if personalization is None else stream_of(library, personalization, name=NAME)
    return graph.result("pf_graph_pagerank", stream.address if stream is not None else None, **options)


def _pandas(graph: PandasGraph, *, weight: str | None, personalization: Any, **options: Any) -> pd.DataFrame:
    n, out = graph.num_vertices, graph.outgoing
    rows, targets = out.rows, out.targets.astype(np.int64)
    weights = _checked_weights(out.weights) if weight is not None else np.ones(len(targets))
    strength = np.bincount(rows, weights=weights, minlength=n)
    share = np.divide(weights, strength[rows], out=np.zeros(len(rows)), where=strength[rows] > 0)

    def follow(ranks: np.ndarray) -> np.ndarray:
        return np.bincount(targets, weights=ranks[rows] * share, minlength=n)

    return _iterated(graph, follow, strength <= 0, personalization, **options)


def _dask(graph: DaskGraph, *, weight: str | None, personalization: Any, **options: Any) -> pd.DataFrame:
    n, weighted = graph.num_vertices, weight is not None
    strength = graph.fold(_strength_of_part, sum, n, weighted)
    ends = strength <= 0
    scale = np.divide(1.0, strength, out=np.zeros(n), where=~ends)

    def follow(ranks: np.ndarray) -> np.ndarray:
        return np.asarray(graph.fold(_step_of_part, sum, ranks * scale, weighted))

    return _iterated(graph.lookup, follow, ends, personalization, **options)


def _strength_of_part(part: Part, num_vertices: int, weighted: bool) -> np.ndarray:
    weights = _checked_weights(part.weights) if weighted else None
    return np.bincount(part.sources, weights=weights, minlength=num_vertices).astype(float)


def _step_of_part(part: Part, scaled: np.ndarray, weighted: bool) -> np.ndarray:
    given = scaled[part.sources]
    if weighted and part.weights is not None:
        given *= part.weights
    return np.bincount(part.targets, weights=given, minlength=len(scaled))


def _iterated(
    graph: PandasGraph,
    follow: Callable[[np.ndarray], np.ndarray],
    ends: np.ndarray,
    personalization: Any,
    *,
    damping: float,
    tolerance: float,
    max_iterations: int,
    top: int | None,
) -> pd.DataFrame:
    """The ranks by power iteration. `follow`: what vertices get from others along edges; `ends`: where no
    edge leads on.
    """
    import pandas as pd

    n = graph.num_vertices
    jump = np.full(n, 1 / n) if personalization is None else _jumps(graph, personalization)
    ranks = np.full(n, 1 / n)
    iterations, residual = 0, math.inf
    while iterations < max_iterations and not residual < tolerance:
        iterations += 1
        new = damping * (follow(ranks) + ranks[ends].sum() * jump) + (1 - damping) * jump
        residual = float(np.abs(new - ranks).sum())
        ranks = new
    order = slice(None) if top is None else np.argsort(-ranks, kind="stable")[:top]
    frame = pd.DataFrame({"vertex": graph.ids[order], "rank": ranks[order]})
    frame.attrs |= {
        "parquetframe.iterations": str(iterations),
        "parquetframe.converged": str(residual < tolerance).lower(),
        "parquetframe.residual": number_text(residual),
    }
    return frame


def _checked_weights(weights: np.ndarray | None) -> np.ndarray:
    values = np.asarray(weights, float)
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        raise InvalidArgumentError(
            f"PageRank requires finite, non-negative edge weights, not {number_text(values[bad.argmax()])}"
        )
    return values


def _jumps(graph: PandasGraph, personalization: Any) -> np.ndarray:
    """The probability of a jump to each vertex."""
    columns = personalization
    if not isinstance(columns, Mapping) and not is_pandas(columns):
        from .._edges import arrow_columns

        columns = arrow_columns(columns, NAME)
    if "vertex" not in columns or "weight" not in columns:
        raise InvalidArgumentError(f"{NAME} needs the columns 'vertex' and 'weight'")
    vertices = _checks.vertex_ids(NAME, columns["vertex"])
    weights = plain_column(columns["weight"], f"{NAME}.weight").astype(float)
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        raise InvalidArgumentError(
            f"{NAME} weights must be finite and non-negative, not {number_text(weights[bad.argmax()])}"
        )
    jump = np.bincount(graph.find(vertices, NAME), weights=weights, minlength=graph.num_vertices)
    total = jump.sum()
    if not 0 < total < math.inf:
        raise InvalidArgumentError(f"{NAME} weights must have a positive, finite sum, not {total:g}")
    return jump / total


def _facts(frame: Any) -> dict[str, str]:
    """What a result says about the run that made it."""
    native = getattr(frame, "native", frame)
    facts: dict[str, str] = native.attrs if hasattr(native, "attrs") else native.metadata
    return facts


make_callable(__name__, pagerank)
