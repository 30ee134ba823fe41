"""The engine layer by its name of the first version: `parquetframe.core`."""

from ..core.frame import DataFrameProxy
from ..core.reader import read_parquet

__all__ = ["DataFrameProxy", "read_parquet"]
