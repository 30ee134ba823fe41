"""Files to frames."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._engines import dispatch, engine_named, require_rust
from ..exceptions import (
    CorruptDataError,
    InvalidArgumentError,
    NotFoundError,
    UnsupportedError,
    WrongTypeError,
)
from .frame import DataFrameProxy

if TYPE_CHECKING:
    import pandas as pd

    from ..table import Table

__all__ = ["read_parquet"]

_EXTENSIONS = (".parquet", ".pqt", ".parq")


def read_parquet(
    path: str | os.PathLike[str],
    engine: str | None = None,
    columns: Iterable[str] | None = None,
    **kwargs: Any,
) -> DataFrameProxy:
    """Reads a Parquet file, a folder of them, or a glob ("data/part-?.parquet").

    A folder is read recursively in the order of the paths, without names that begin with "_" or ".".
    `columns`: which to read, in this order. `engine`: "rust", "pandas", or None for the best that there is.
    Further keywords: `batch_size` for Rust, those of `pandas.read_parquet` for pandas.

    Raises NotFoundError ("File not found: …", also a FileNotFoundError), KeyError for an unknown engine,
    InvalidArgumentError for an unknown column, CorruptDataError for a file that is not Parquet or damaged.
    """
    wanted = engine_named(engine)
    text = _checked_path(path)
    names = None if columns is None else ([columns] if isinstance(columns, str) else list(columns))
    used, native = dispatch(
        "read_parquet",
        "io",
        wanted,
        rust=lambda: _rust(text, names, **kwargs),
        pandas=lambda: read_pandas(text, names, **kwargs),
    )
    return DataFrameProxy._of(native, used)


def _checked_path(path: Any) -> str:
    try:
        text = os.fspath(path)
    except TypeError:
        raise WrongTypeError(f"path must be a string or a path, not {type(path).__name__}") from None
    if not isinstance(text, str):
        text = os.fsdecode(text)
    if not text:
        raise InvalidArgumentError("path is empty")
    is_local = "://" not in text
    if (
        is_local
        and not os.path.exists(text)
        and not (glob.has_magic(text) and glob.glob(text, recursive=True))
    ):
        raise NotFoundError(f"File not found: {text}")
    return text


def _rust(path: str, columns: list[str] | None, batch_size: int | None = None, **kwargs: Any) -> Table:
    from .._native.inputs import read_parquet as read
    from ..table import Table

    if kwargs:
        raise UnsupportedError(f"the Rust reader has no option {', '.join(sorted(kwargs))}")
    if "://" in path:
        raise UnsupportedError(f"the Rust reader reads local files, not {path}")
    library = require_rust()
    return Table._of_stream(library, read(library, path, columns, batch_size))


def read_pandas(
    path: Any, columns: list[str] | None = None, batch_size: int | None = None, **kwargs: Any
) -> pd.DataFrame:
    """The same by pandas and pyarrow, which read no batches of a chosen size: `batch_size` changes
    nothing.
    """
    import pandas as pd
    import pyarrow as pa

    text = _checked_path(path)
    if "://" in text:
        return pd.read_parquet(text, columns=columns, **kwargs)
    # One file at a time: a folder name like a=1 is no column.
    kwargs.setdefault("partitioning", None)
    frames = []
    for file in _files(text):
        try:
            frame = pd.read_parquet(file, columns=columns, **kwargs)
        except (pa.ArrowInvalid, OSError) as error:
            if isinstance(error, FileNotFoundError | PermissionError):
                raise
            raise _read_error(file, columns, error) from error
        except KeyError as error:
            raise _read_error(file, columns, error) from error
        frames.append(frame)
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _read_error(file: Path, columns: list[str] | None, error: Exception) -> Exception:
    import pyarrow.parquet as pq

    try:
        known = pq.read_schema(file).names
    except Exception:
        return CorruptDataError(f"{file}: {error}")
    missing = [name for name in columns or [] if name not in known]
    if missing:
        return InvalidArgumentError(
            f"{file}: unknown column '{missing[0]}'; the columns are: {', '.join(known)}"
        )
    return CorruptDataError(f"{file}: {error}")


def _files(path: str) -> list[Path]:
    """The files that a path means, as the Rust reader finds them."""
    is_glob = glob.has_magic(path) and not os.path.exists(path)
    found: list[Path] = []
    for name in glob.glob(path, recursive=True) if is_glob else [path]:
        found += _expand(Path(name))
    if not found:
        raise NotFoundError(f"no Parquet file in folder: {path}")
    return sorted(set(found))


def _expand(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files: list[Path] = []
    for entry in path.iterdir():
        if entry.name.startswith(("_", ".")):
            continue
        if entry.is_dir():
            files += [] if entry.is_symlink() else _expand(entry)
        elif entry.suffix.lower() in _EXTENSIONS:
            files.append(entry)
    return files
