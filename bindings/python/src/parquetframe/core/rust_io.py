"""Parquet on Rust as frames of pandas and Polars: the names of the second version."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .._engines import why_not_rust
from .._stats import count_fallback
from ..exceptions import InvalidArgumentError, UnsupportedError
from ..io.io_backend import is_rust_io_available

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from ..io.write import Written

__all__ = ["RustIO", "read_with_backend"]

Path = str | os.PathLike[str]

_FRAMES = ("pandas", "polars")


class RustIO:
    """Reading and writing Parquet on Rust."""

    @staticmethod
    def is_available() -> bool:
        """Whether files can be read and written on Rust. Nothing is cached."""
        return is_rust_io_available()

    @staticmethod
    def read_parquet(path: Path, backend: str = "pandas", **kwargs: Any) -> pd.DataFrame | pl.LazyFrame:
        """The rows of a file, folder or glob, read on Rust: all of them, when this is called.

        `backend`: "pandas" gives a pandas.DataFrame, "polars" a polars.LazyFrame over rows in memory.
        `kwargs` are those of `scan_parquet` (`columns`, `filters`, `limit`, …). Rows are in the order of the
        files; nulls are as `Table.to_pandas` and `to_polars` have them. Raises InvalidArgumentError for
        another backend, else as `scan_parquet`; UnsupportedError where Rust is missing or may not read files.
        """
        from ..io.scan import scan_parquet

        _check(backend, _FRAMES)
        scan = scan_parquet(path, **kwargs)
        return scan.to_pandas() if backend == "pandas" else scan.to_polars().lazy()

    @staticmethod
    def write_parquet(df: Any, path: Path, **kwargs: Any) -> Written:
        """Writes a frame of pandas or Polars to a Parquet file, which is there whole or not at all.

        `kwargs`, the result and the errors are those of `parquetframe.write_parquet`.
        """
        from ..io.write import write_parquet

        return write_parquet(df, path, **kwargs)


def read_with_backend(path: Path, backend: str, use_rust: bool = True, **kwargs: Any) -> Any:
    """The rows of a Parquet file as a frame of `backend`: "pandas", "polars" (lazy) or "dask" (lazy).

    `use_rust`: pandas and Polars get their rows from Rust where that is there and knows the keywords;
    otherwise the library's own reader reads, which `pf.stats()` counts as a fallback. Dask always reads by
    itself. Raises InvalidArgumentError for another backend, DependencyError where it is not installed, and
    what the readers raise.
    """
    _check(backend, (*_FRAMES, "dask"))
    if use_rust and backend in _FRAMES:
        reason = why_not_rust("io") or _unknown_to_rust(kwargs)
        if reason is None:
            try:
                return RustIO.read_parquet(path, backend, **kwargs)
            except UnsupportedError as error:
                reason = error.message
        count_fallback("read_with_backend", reason)
    if backend == "dask":
        from .formats import dask_dataframe

        return dask_dataframe("backend='dask'").read_parquet(path, **kwargs)
    if backend == "polars":
        from .._native.columns import try_import
        from ..exceptions import DependencyError

        polars = try_import("polars")
        if polars is None:
            raise DependencyError("polars", "backend='polars'")
        return polars.scan_parquet(path, **kwargs)
    import pandas as pd

    return pd.read_parquet(path, **kwargs)


def _check(backend: str, known: tuple[str, ...]) -> None:
    if backend not in known:
        raise InvalidArgumentError(f"backend must be {' or '.join(known)}, not {backend!r}")


def _unknown_to_rust(kwargs: dict[str, Any]) -> str | None:
    """Which keywords `scan_parquet` has not; None where it has all."""
    import inspect

    from ..io.scan import scan_parquet

    unknown = kwargs.keys() - inspect.signature(scan_parquet).parameters.keys()
    return f"the Rust reader has no option {', '.join(sorted(unknown))}" if unknown else None
