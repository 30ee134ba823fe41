"""`parquetframe.core.reader` by its name of the first version."""

from ..core.reader import read_parquet

__all__ = ["read_parquet"]
