"""`parquetframe.core.frame` by its name of the first version."""

from ..core.frame import DataFrameProxy

__all__ = ["DataFrameProxy"]
