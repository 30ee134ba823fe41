"""Warnings that point to the user's line."""

from __future__ import annotations

import sys
import warnings


def warn(text: str, category: type[Warning] = RuntimeWarning) -> None:
    """A warning at the first caller outside this package."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] == "parquetframe":
        level, frame = level + 1, frame.f_back
    warnings.warn(text, category, stacklevel=level)
