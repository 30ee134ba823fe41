"""Whether the Rust library is there, and which. Nothing is cached: the environment is read at each call."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from .._engines import require_rust
from .._warnings import warn
from ..exceptions import BackendError, UnsupportedError

if TYPE_CHECKING:
    from .._native.library import Library

__all__ = ["get_rust_backend", "get_rust_version", "is_rust_available"]


def is_rust_available() -> bool:
    """Whether operations can run on Rust: the library is found, fits, and is not disabled.

    A library that is found but does not fit (another version, a path that leads nowhere) is a RuntimeWarning
    and False.
    """
    return _library() is not None


def get_rust_backend() -> ModuleType | None:
    """The kernels, `parquetframe._rustic`; None where `is_rust_available()` is False."""
    if _library() is None:
        return None
    # It imports this module.
    from .. import _rustic

    return _rustic


def _library() -> Library | None:
    try:
        return require_rust()
    except UnsupportedError:
        return None
    except BackendError as error:
        warn(error.message)
        return None


def get_rust_version() -> str | None:
    """The version of the library as in "1.1.0.dev0", None without it."""
    from .._native.library import pep440

    library = _library()
    return pep440(library.version) if library is not None else None
