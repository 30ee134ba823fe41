"""ParquetFrame: data frames and graphs on Rust kernels, with pandas wherever those are missing.

>>> import parquetframe as pf
>>> edges = pf.read_parquet("edges.parquet")  # doctest: +SKIP
>>> graph = pf.GraphFrame.from_edges(edges, source="from", target="to")  # doctest: +SKIP
>>> graph.pagerank(top=10)  # doctest: +SKIP

Importing this package imports next to nothing: what a name needs is imported when the name is first used.
"""

from __future__ import annotations

from ._version import __version__

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, which type checkers know, without importing typing
if TYPE_CHECKING:
    from typing import Any

    from . import backends, compute, config, core, engines, exceptions, graph, io, table
    from ._native.calls import context
    from ._native.handles import CancelToken
    from ._stats import Fallback, Stats, reset_stats, stats
    from .backends.rust_backend import get_rust_version as rust_version
    from .backends.rust_backend import is_rust_available as rust_available
    from .config import Config, config_context, get_config, reset_config, set_config
    from .core.frame import DataFrameProxy
    from .core.frame import DataFrameProxy as ParquetFrame
    from .core.reader import read_parquet
    from .expressions import Expression, col, expr, lit, when
    from .graph.frame import GraphFrame
    from .io import (
        ParquetScan,
        parquet_metadata,
        parquet_row_count,
        parquet_schema,
        scan_parquet,
        write_parquet,
    )
    from .table import Table

__all__ = [
    "CancelToken",
    "Config",
    "DataFrameProxy",
    "Expression",
    "Fallback",
    "GraphFrame",
    "ParquetFrame",
    "ParquetScan",
    "Stats",
    "Table",
    "__version__",
    "backends",
    "col",
    "compute",
    "config",
    "config_context",
    "context",
    "core",
    "engines",
    "exceptions",
    "expr",
    "get_config",
    "graph",
    "io",
    "lit",
    "parquet_metadata",
    "parquet_row_count",
    "parquet_schema",
    "read_parquet",
    "reset_config",
    "reset_stats",
    "rust_available",
    "rust_version",
    "scan_parquet",
    "set_config",
    "stats",
    "table",
    "when",
    "write_parquet",
]

# Where the names are, and what they are called there.
_LAZY = {
    "CancelToken": ("_native.handles", "CancelToken"),
    "Config": ("config", "Config"),
    "DataFrameProxy": ("core.frame", "DataFrameProxy"),
    "Expression": ("expressions", "Expression"),
    "Fallback": ("_stats", "Fallback"),
    "GraphFrame": ("graph.frame", "GraphFrame"),
    "ParquetFrame": ("core.frame", "DataFrameProxy"),
    "ParquetScan": ("io", "ParquetScan"),
    "Stats": ("_stats", "Stats"),
    "Table": ("table", "Table"),
    "col": ("expressions", "col"),
    "config_context": ("config", "config_context"),
    "context": ("_native.calls", "context"),
    "expr": ("expressions", "expr"),
    "get_config": ("config", "get_config"),
    "lit": ("expressions", "lit"),
    "parquet_metadata": ("io", "parquet_metadata"),
    "parquet_row_count": ("io", "parquet_row_count"),
    "parquet_schema": ("io", "parquet_schema"),
    "read_parquet": ("core.reader", "read_parquet"),
    "reset_config": ("config", "reset_config"),
    "reset_stats": ("_stats", "reset_stats"),
    "rust_available": ("backends.rust_backend", "is_rust_available"),
    "rust_version": ("backends.rust_backend", "get_rust_version"),
    "scan_parquet": ("io", "scan_parquet"),
    "set_config": ("config", "set_config"),
    "stats": ("_stats", "stats"),
    "when": ("expressions", "when"),
    "write_parquet": ("io", "write_parquet"),
}
_SUBMODULES = (
    "backends",
    "compute",
    "config",
    "core",
    "core_v2",
    "engines",
    "exceptions",
    "expressions",
    "graph",
    "io",
    "legacy",
    "table",
)


def __getattr__(name: str) -> Any:
    import importlib

    if name in _LAZY:
        module, attribute = _LAZY[name]
        value = getattr(importlib.import_module(f".{module}", __name__), attribute)
    elif name in _SUBMODULES:
        value = importlib.import_module(f".{name}", __name__)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
