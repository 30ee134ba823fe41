"""Files to frames."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .._arguments import at_least_one, not_negative
from .._engines import dispatch, engine_named
from ..exceptions import (
    CorruptDataError,
    InvalidArgumentError,
    NotFoundError,
    UnsupportedError,
    WrongTypeError,
)
from ..expressions import Expression
from ..io.filters import conjunctions, predicate_text
from ..io.paths import path_texts
from .frame import DataFrameProxy

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow

    from ..table import Table

__all__ = ["read_parquet"]

T = TypeVar("T")

_EXTENSIONS = (".parquet", ".pqt", ".parq")


def read_parquet(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    engine: str | None = None,
    columns: Iterable[str] | None = None,
    *,
    filters: Any = None,
    limit: int | None = None,
    row_groups: Iterable[int] | None = None,
    batch_size: int | None = None,
    hive: str | None = None,
    schema: str | None = None,
    file_path: str | None = None,
    row_number: str | None = None,
    **kwargs: Any,
) -> DataFrameProxy:
    """Reads a Parquet file, a folder of them, a glob ("data/part-?.parquet"), or a list of these.

    A folder is read recursively in the order of the paths, without names that begin with "_" or ".".
    `columns`: which to read, in this order. `filters`: the rows to read, as SQL text, an expression of
    `pf.col`, or pyarrow's tuples; on Rust what cannot hold such rows is not read. `limit`: the most rows.
    `row_groups`: which of each file to read. `hive`: "auto" makes columns of folders named key=value ("off",
    the default here, does not). `schema`, `file_path`, `row_number`: as `scan_parquet`, which also explains
    and counts. `engine`: "rust", "pandas", or None for the best that there is. `batch_size`: the most rows of
    a batch on Rust, which changes no value; pandas reads no batches. Further keywords are those of
    `pandas.read_parquet`, which Rust does not know; of those named here pandas knows `columns`, `limit`, and
    `filters` as tuples.

    Long reads show progress and are ended by Ctrl-C as `pf.context` says. Raises NotFoundError ("File not
    found: …", also a FileNotFoundError), KeyError for an unknown engine, InvalidArgumentError for an unknown
    column or a syntax error, WrongTypeError for an unknown keyword, UnsupportedError for what the engine does
    not know, CorruptDataError for a file that is not Parquet or damaged.
    """
    wanted = engine_named(engine)
    paths = [_checked_path(each) for each in path_texts(path)]
    names = None if columns is None else ([columns] if isinstance(columns, str) else list(columns))
    batch_size = None if batch_size is None else at_least_one("batch_size", batch_size)
    limit = None if limit is None else not_negative("limit", limit)
    # What is wrong with it is wrong for every engine.
    predicate_text(filters)
    if kwargs:
        _check_options(kwargs)
    scan = {
        "filters": filters,
        "limit": limit,
        "row_groups": None if row_groups is None else list(row_groups),
        "hive": hive,
        "schema": schema,
        "file_path": file_path,
        "row_number": row_number,
    }
    chosen = {name: value for name, value in scan.items() if value is not None}
    used, native = dispatch(
        "read_parquet",
        "io",
        wanted,
        rust=lambda: _rust(paths, names, batch_size, chosen, **kwargs),
        pandas=lambda: _pandas(paths, names, chosen, **kwargs),
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


def _check_options(options: Iterable[str]) -> None:
    """Raises WrongTypeError, which is a TypeError, for a keyword that no engine knows."""
    import inspect

    import pandas as pd
    import pyarrow.parquet as pq

    known = {
        name
        for function in (pd.read_parquet, pq.read_table)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }
    for name in options:
        if name not in known or name == "source":
            raise WrongTypeError(f"read_parquet() got an unexpected keyword argument '{name}'")


def _rust(
    paths: list[str], columns: list[str] | None, batch_size: int | None, chosen: dict[str, Any], **kwargs: Any
) -> Table:
    from ..io.scan import scan_parquet

    if kwargs:
        raise UnsupportedError(f"the Rust reader has no option {', '.join(sorted(kwargs))}")
    options = {"hive": "off", **chosen}
    return scan_parquet(paths, columns, batch_size=batch_size, **options)._rows()


def _pandas(
    paths: list[str], columns: list[str] | None, chosen: dict[str, Any], **kwargs: Any
) -> pd.DataFrame:
    """The same by pandas, as far as it goes."""
    import pandas as pd

    usual = {"hive": "off", "schema": "first"}
    unknown = [name for name, value in chosen.items() if name not in ("filters", "limit", *usual)]
    unknown += [name for name, value in usual.items() if chosen.get(name, value) != value]
    if unknown:
        raise UnsupportedError(f"the pandas engine has no option {', '.join(sorted(unknown))}")
    filters = chosen.get("filters")
    if isinstance(filters, (str, Expression)):
        raise UnsupportedError("the pandas engine knows filters as tuples (column, operator, value) only")
    if filters is not None and (groups := conjunctions(filters)):
        kwargs["filters"] = groups
    frames = [read_pandas(path, columns, **kwargs) for path in paths]
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return frame.head(chosen["limit"]) if "limit" in chosen else frame


def read_pandas(path: Any, columns: list[str] | None = None, **kwargs: Any) -> pd.DataFrame:
    """The same by pandas and pyarrow."""
    import pandas as pd

    text = _checked_path(path)
    if "://" in text:
        return pd.read_parquet(text, columns=columns, **kwargs)
    # One file at a time: a folder name like a=1 is no column.
    kwargs.setdefault("partitioning", None)
    frames = _each_file(text, columns, lambda file: pd.read_parquet(file, columns=columns, **kwargs))
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def read_arrow(path: Any) -> pyarrow.Table:
    """The same by pyarrow, of the types in the files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = _checked_path(path)
    if "://" in text:
        return pa.Table.from_pandas(read_pandas(text), preserve_index=False)
    return pa.concat_tables(_each_file(text, None, lambda file: pq.read_table(file, partitioning=None)))


def _each_file(path: str, columns: list[str] | None, read: Callable[[Path], T]) -> list[T]:
    """What `read` gives for the files that a path means; its errors name the file."""
    import pyarrow as pa

    results = []
    for file in _files(path):
        try:
            results.append(read(file))
        except (FileNotFoundError, PermissionError):
            raise
        except (pa.ArrowInvalid, OSError, KeyError) as error:
            raise _read_error(file, columns, error) from error
    return results


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
