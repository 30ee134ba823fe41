"""The first version's names, deprecated: `parquetframe.core` has them too."""

from __future__ import annotations

import warnings
from typing import Any

from . import core_legacy
from .core_legacy import ParquetFrame

__all__ = ["ParquetFrame"]

warnings.warn(
    "parquetframe.legacy is deprecated: import ParquetFrame from parquetframe.core, "
    "or use parquetframe.DataFrameProxy",
    DeprecationWarning,
    stacklevel=2,
)


def __getattr__(name: str) -> Any:
    try:
        return getattr(core_legacy, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
