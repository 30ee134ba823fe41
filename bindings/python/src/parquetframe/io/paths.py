"""The paths that readers and writers of files take."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from ..exceptions import InvalidArgumentError, WrongTypeError

__all__ = ["path_texts"]


def path_texts(path: Any) -> list[str]:
    """One path or several as text. Raises WrongTypeError for what is no path, InvalidArgumentError for
    none.
    """
    if isinstance(path, (str, bytes, os.PathLike)):
        return [_text(path)]
    if not isinstance(path, Iterable):
        raise WrongTypeError(f"path must be a string or a path, not {type(path).__name__}")
    texts = [_text(each) for each in path]
    if not texts:
        raise InvalidArgumentError("path is an empty list")
    return texts


def _text(path: Any) -> str:
    try:
        text = os.fsdecode(path)
    except TypeError:
        raise WrongTypeError(f"path must be a string or a path, not {type(path).__name__}") from None
    if not text:
        raise InvalidArgumentError("path is empty")
    return text
