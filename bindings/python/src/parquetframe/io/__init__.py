"""Files: lazy scans of Parquet, what Parquet files say of themselves, and writing them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .metadata import parquet_metadata, parquet_row_count, parquet_schema
    from .scan import ParquetScan, scan_parquet
    from .write import Written, write_parquet

__all__ = [
    "ParquetScan",
    "Written",
    "parquet_metadata",
    "parquet_row_count",
    "parquet_schema",
    "scan_parquet",
    "write_parquet",
]

_MODULES = {
    "ParquetScan": "scan",
    "Written": "write",
    "parquet_metadata": "metadata",
    "parquet_row_count": "metadata",
    "parquet_schema": "metadata",
    "scan_parquet": "scan",
    "write_parquet": "write",
}


def __getattr__(name: str) -> Any:
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value
