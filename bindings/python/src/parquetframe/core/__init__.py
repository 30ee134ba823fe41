"""Data frames over engines: those of today, and the class of the first version over pandas and Dask."""

from __future__ import annotations

from .frame import DataFrameProxy
from .reader import read_parquet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core_legacy import ParquetFrame
    from .formats import (
        FORMAT_HANDLERS,
        CSVHandler,
        CsvHandler,
        FileFormat,
        FormatHandler,
        IOHandler,
        JSONHandler,
        JsonHandler,
        ORCHandler,
        OrcHandler,
        ParquetHandler,
        detect_format,
    )

__all__ = [
    "FORMAT_HANDLERS",
    "CSVHandler",
    "CsvHandler",
    "DataFrameProxy",
    "FileFormat",
    "FormatHandler",
    "IOHandler",
    "JSONHandler",
    "JsonHandler",
    "ORCHandler",
    "OrcHandler",
    "ParquetFrame",
    "ParquetHandler",
    "detect_format",
    "read_parquet",
]


def __getattr__(name: str) -> Any:
    import importlib

    if name == "ParquetFrame":
        value = importlib.import_module("parquetframe.core_legacy").ParquetFrame
    elif name in __all__:
        value = getattr(importlib.import_module(".formats", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value
