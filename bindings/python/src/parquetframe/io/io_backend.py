"""What Parquet files say of themselves, by the names of the second version.

The functions `*_fast` run on Rust and raise where it is missing, switched off, or fails; `try_*_fast` give
None then.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from .._engines import why_not_rust
from .._rustic import (
    get_parquet_column_names_rust,
    get_parquet_column_stats_rust,
    get_parquet_row_count_rust,
    read_parquet_metadata_rust,
)
from ..backends.rust_backend import is_rust_available
from ..config import get_config
from ..exceptions import ParquetFrameError

__all__ = [
    "get_backend_info",
    "get_parquet_column_names_fast",
    "get_parquet_column_stats_fast",
    "get_parquet_info_fast",
    "get_parquet_row_count_fast",
    "is_rust_io_available",
    "read_parquet_metadata_fast",
    "try_get_column_names_fast",
    "try_get_column_stats_fast",
    "try_get_row_count_fast",
    "try_read_metadata_fast",
]

Path = str | os.PathLike[str]
T = TypeVar("T")


def __getattr__(name: str) -> Any:
    if name == "RUST_IO_AVAILABLE":
        return is_rust_available()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def is_rust_io_available() -> bool:
    """Whether files can be read on Rust: the library is there, and the setting `rust_io_enabled` is on."""
    return why_not_rust("io") is None


def get_backend_info() -> dict[str, Any]:
    """Whether the library is there (`rust_compiled`), whether it may read files (`rust_io_enabled`), and both
    (`rust_io_available`).
    """
    return {
        "rust_compiled": is_rust_available(),
        "rust_io_enabled": bool(get_config().rust_io_enabled),
        "rust_io_available": is_rust_io_available(),
    }


def read_parquet_metadata_fast(path: Path) -> dict[str, Any]:
    """Rows, row groups, columns with their physical types, size and version of a Parquet file."""
    return read_parquet_metadata_rust(path)


def get_parquet_row_count_fast(path: Path) -> int:
    """The number of rows of a Parquet file."""
    return get_parquet_row_count_rust(path)


def get_parquet_column_names_fast(path: Path) -> list[str]:
    """The names of the leaf columns of a Parquet file."""
    return get_parquet_column_names_rust(path)


def get_parquet_column_stats_fast(path: Path) -> list[dict[str, Any]]:
    """Nulls, distinct values, minimum and maximum of each column of a Parquet file, as its statistics say."""
    return get_parquet_column_stats_rust(path)


def get_parquet_info_fast(path: Path) -> dict[str, Any] | None:
    """`read_parquet_metadata_fast` with `backend_used`: "rust", or "pyarrow" where Rust cannot; None where
    neither can.
    """
    found = try_read_metadata_fast(path)
    if found is not None:
        return {**found, "backend_used": "rust"}
    try:
        return {**_by_pyarrow(path), "backend_used": "pyarrow"}
    except Exception:
        return None


def try_read_metadata_fast(path: Path) -> dict[str, Any] | None:
    """`read_parquet_metadata_fast`, or None."""
    return _tried(read_parquet_metadata_fast, path)


def try_get_row_count_fast(path: Path) -> int | None:
    """`get_parquet_row_count_fast`, or None."""
    return _tried(get_parquet_row_count_fast, path)


def try_get_column_names_fast(path: Path) -> list[str] | None:
    """`get_parquet_column_names_fast`, or None."""
    return _tried(get_parquet_column_names_fast, path)


def try_get_column_stats_fast(path: Path) -> list[dict[str, Any]] | None:
    """`get_parquet_column_stats_fast`, or None."""
    return _tried(get_parquet_column_stats_fast, path)


def _tried(function: Callable[[Path], T], path: Path) -> T | None:
    try:
        return function(path)
    except ParquetFrameError:
        return None


def _by_pyarrow(path: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(path).metadata
    columns = [metadata.schema.column(i) for i in range(metadata.num_columns)]
    return {
        "num_rows": metadata.num_rows,
        "num_row_groups": metadata.num_row_groups,
        "num_columns": metadata.num_columns,
        "file_size_bytes": os.path.getsize(path),
        "version": 1 if metadata.format_version == "1.0" else 2,
        "column_names": [column.path for column in columns],
        "column_types": [column.physical_type for column in columns],
    }
