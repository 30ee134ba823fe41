"""Parquet on Rust as pyarrow tables: the names of the second version."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ._engines import require_rust
from ._rustic import (
    get_parquet_column_names_rust,
    get_parquet_column_stats_rust,
    get_parquet_row_count_rust,
    read_parquet_metadata_rust,
)
from .io.io_backend import is_rust_io_available
from .io.scan import scan_parquet

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["RustIOEngine", "is_rust_io_available", "read_parquet_fast"]

Path = str | os.PathLike[str]


def __getattr__(name: str) -> Any:
    if name == "RUST_IO_AVAILABLE":
        return is_rust_io_available()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def read_parquet_fast(
    path: Path, columns: Iterable[str] | None = None, row_groups: Iterable[int] | None = None
) -> pa.Table:
    """Some columns and row groups of a Parquet file (None: all) as a pyarrow.Table."""
    return scan_parquet(path, columns, row_groups=row_groups, hive="off").to_arrow()


class RustIOEngine:
    """Reading Parquet on Rust. Making one is an UnsupportedError, which is a RuntimeError, where Rust is
    missing or may not read files.
    """

    def __init__(self) -> None:
        require_rust("io")

    @staticmethod
    def is_available() -> bool:
        """Whether files can be read on Rust."""
        return is_rust_io_available()

    def read_parquet(
        self, path: Path, columns: Iterable[str] | None = None, row_groups: Iterable[int] | None = None
    ) -> pa.Table:
        """As `read_parquet_fast`."""
        return read_parquet_fast(path, columns, row_groups)

    def get_parquet_metadata(self, path: Path) -> dict[str, Any]:
        """Rows, row groups, columns with their physical types, size and version of a Parquet file."""
        return read_parquet_metadata_rust(path)

    def get_parquet_row_count(self, path: Path) -> int:
        """The number of rows of a Parquet file."""
        return get_parquet_row_count_rust(path)

    def get_parquet_column_names(self, path: Path) -> list[str]:
        """The names of the leaf columns of a Parquet file."""
        return get_parquet_column_names_rust(path)

    def get_parquet_column_stats(self, path: Path) -> list[dict[str, Any]]:
        """Nulls, distinct values, minimum and maximum of each column, as the statistics say."""
        return get_parquet_column_stats_rust(path)
