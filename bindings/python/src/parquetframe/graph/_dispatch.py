"""Runs an algorithm of a graph on an engine and gives its result as the kind of frame that is wanted.

The choice itself, counting and reporting are those of `parquetframe._engines`, which readers use too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._engines import dispatch
from .._native.columns import try_import
from .._native.inputs import is_pandas
from ..core.frame import DataFrameProxy
from ..exceptions import DependencyError, InvalidArgumentError, UnsupportedError
from ..table import Table

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
    **parameters: Any,
) -> Any:
    """The result of `rust(RustGraph, **parameters)` or `pandas(PandasGraph, **parameters)` as `output`."""
    if output not in OUTPUTS:
        raise InvalidArgumentError(f"output must be one of {', '.join(OUTPUTS)}, not {output!r}")
    engine, frame = dispatch(
        operation,
        "graph",
        engine_for(backend, operation) or graph.engine,
        rust=lambda: rust(graph.on_rust(), **parameters),
        pandas=lambda: pandas(graph.on_pandas(), **parameters),
    )
    return converted(frame, engine, output)


def engine_for(backend: str | None, operation: str) -> str | None:
    """The engine that `backend=` means; None for the graph's own."""
    if backend in (None, "auto"):
        return None
    if backend == "dask":
        raise UnsupportedError(f"{operation} has no Dask backend in this version; use 'rust' or 'pandas'")
    if backend not in ("rust", "pandas"):
        raise InvalidArgumentError(f"backend must be 'auto', 'rust' or 'pandas', not {backend!r}")
    return backend


def converted(frame: Any, engine: str, output: str) -> Any:
    """A Table or a DataFrame as the kind that is wanted."""
    if output == "proxy":
        native = as_table(frame) if engine == "rust" else frame
        return DataFrameProxy._of(native, engine)
    if output == "table":
        return as_table(frame)
    return frame.to_pandas() if isinstance(frame, Table) else frame


def as_table(frame: Any) -> Table:
    """A frame as a Table; the facts about the run (`attrs`) become its metadata."""
    if not is_pandas(frame):
        return Table(frame)
    pyarrow = try_import("pyarrow")
    if pyarrow is None:
        raise DependencyError("pyarrow", "a Table of results from pandas")
    arrow = pyarrow.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(
        frame.attrs or None
    )
    return Table._of(arrow=arrow)
