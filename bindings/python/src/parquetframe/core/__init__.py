"""Data frames over engines."""

from .frame import DataFrameProxy
from .reader import read_parquet

__all__ = ["DataFrameProxy", "read_parquet"]
