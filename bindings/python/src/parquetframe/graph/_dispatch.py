"""Runs an algorithm of a graph on an engine and gives its result as the kind of frame that is wanted.

The choice itself, counting and reporting are those of `parquetframe._engines`, which readers use too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._engines import dispatch
from .._native.columns import try_import
from .._native.inputs import is_pandas
from .._stats import count_run
from ..core.frame import DataFrameProxy
from ..exceptions import DependencyError, InvalidArgumentError, UnsupportedError
from ..table import Table
from ._dask_graph import DaskGraph, has_lazy_edges
from ._results import Result

if TYPE_CHECKING:
    from .frame import GraphFrame

OUTPUTS = ("pandas", "table", "proxy")


def run(
    operation: str,
    graph: GraphFrame,
    backend: str | None,
    rust: Callable[..., Any],
    pandas: Callable[..., Any],
    output: str,
    *,
    directed: bool | None = None,
    dask: Callable[..., Any] | None = None,
    split: dict[str, Any] | None = None,
    **parameters: Any,
) -> Any:
    """The result of `rust(RustGraph, **parameters)`, `pandas(PandasGraph, **parameters)` or
    `dask(DaskGraph, **parameters)` as `output`.

    `directed`: of the graph, or of the same edges without direction. Dask is for graphs of lazy edges where
    Rust is not there, and for `backend="dask"`. `split`: how the edges of other graphs are split for it.
    """
    one_way = graph.follows_direction(directed)
    graph = graph.weighted(parameters.get("weight"))
    if output not in OUTPUTS:
        raise InvalidArgumentError(f"output must be one of {', '.join(OUTPUTS)}, not {output!r}")
    wanted = engine_for(backend, operation, dask is not None)

    def on_dask() -> Any:
        assert dask is not None
        return dask(DaskGraph.of(graph, one_way, **(split or {})), **parameters)

    if wanted == "dask":
        engine, frame = "dask", on_dask()
        count_run(operation, engine)
    else:
        lazy = dask is not None and has_lazy_edges(graph)
        engine, frame = dispatch(
            operation,
            "graph",
            wanted or graph.engine,
            rust=lambda: rust(graph.oriented(directed).on_rust(), **parameters),
            pandas=lambda: pandas(graph.oriented(directed).on_pandas(), **parameters),
            dask=on_dask if lazy else None,
        )
    return converted(frame, engine, output)


def engine_for(backend: str | None, operation: str, has_dask: bool = False) -> str | None:
    """The engine that `backend=` means; None for the graph's own."""
    if backend in (None, "auto"):
        return None
    if backend == "dask" and not has_dask:
        raise UnsupportedError(f"{operation} has no Dask backend in this version; use 'rust' or 'pandas'")
    if backend not in ("rust", "pandas", "dask"):
        wanted = "'auto', 'rust', 'pandas' or 'dask'" if has_dask else "'auto', 'rust' or 'pandas'"
        raise InvalidArgumentError(f"backend must be {wanted}, not {backend!r}")
    return backend


def converted(frame: Any, engine: str, output: str) -> Any:
    """A Result, a Table or a DataFrame as the kind that is wanted."""
    if output == "proxy":
        return (
            DataFrameProxy._of(as_table(frame), "rust")
            if engine == "rust"
            else DataFrameProxy._of(frame, "pandas")
        )
    if output == "table":
        return as_table(frame)
    return frame.to_pandas() if isinstance(frame, (Result, Table)) else frame


def as_table(frame: Any) -> Table:
    """A frame as a Table; the facts about the run (`attrs`) become its metadata."""
    if isinstance(frame, Result):
        return frame.to_table()
    if not is_pandas(frame):
        return Table(frame)
    pyarrow = try_import("pyarrow")
    if pyarrow is None:
        raise DependencyError("pyarrow", "a Table of results from pandas")
    arrow = pyarrow.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(
        frame.attrs or None
    )
    return Table._of(arrow=arrow)
