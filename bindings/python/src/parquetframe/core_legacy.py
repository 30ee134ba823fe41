"""The frame of the first version: one class over pandas and Dask, which changes in place between the two."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar

from ._native.inputs import is_pandas
from .core.formats import (
    FORMAT_HANDLERS,
    CsvHandler,
    FileFormat,
    IOHandler,
    JsonHandler,
    OrcHandler,
    ParquetHandler,
    dask_dataframe,
    detect_format,
    is_dask,
)
from .exceptions import InvalidArgumentError, WrongTypeError

__all__ = [
    "FORMAT_HANDLERS",
    "CsvHandler",
    "FileFormat",
    "IOHandler",
    "JsonHandler",
    "OrcHandler",
    "ParquetFrame",
    "ParquetHandler",
    "detect_format",
]

_MIB = 1024**2
# What this class promises to do itself one day: until then not what pandas calls by the same name.
_LATER = frozenset(
    (
        *("sql", "sql_with_params", "sql_hint", "select", "where", "group_by", "order_by"),
        *("join", "left_join", "right_join", "inner_join", "outer_join"),
        *("bio", "ts", "stats"),
    )
)
_URLS = ("http://", "https://", "s3://", "gs://")


class ParquetFrame:
    """A DataFrame of pandas, or a lazy one of Dask (`islazy`); what it does not know itself, that frame does.

    >>> import pandas as pd
    >>> frame = ParquetFrame(pd.DataFrame({"age": [20, 30]}))
    >>> frame.islazy, len(frame.query("age > 25"))
    (False, 1)

    Methods that give a DataFrame give a ParquetFrame here. `track_history` keeps the calls as lines of
    Python, for `get_history()` and for `save(..., save_script=...)`.
    """

    DEFAULT_THRESHOLD_MB: ClassVar[float] = 10

    def __init__(self, df: Any = None, islazy: bool = False, track_history: bool = False) -> None:
        self._df = df
        self._islazy = bool(islazy)
        self._track_history = track_history
        self._history: list[str] | None = [] if track_history else None

    # ---- which engine ----

    @property
    def islazy(self) -> bool:
        """Whether the data is a Dask DataFrame. Setting it converts the data in place."""
        return self._islazy

    @islazy.setter
    def islazy(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise WrongTypeError("islazy must be a boolean")
        if value == self._islazy:
            return
        if value:
            self.to_dask()
        else:
            self.to_pandas()

    @property
    def pandas_df(self) -> Any:
        """The data as a pandas DataFrame; a lazy one is computed.

        Raises InvalidArgumentError, a ValueError, where there is none.
        """
        if self._df is None:
            raise InvalidArgumentError("No dataframe loaded")
        return _objects_of_texts(self._df.compute()) if self._islazy else self._df

    def to_pandas(self) -> ParquetFrame:
        """Computes a lazy frame, in place; gives itself."""
        if self._islazy and self._df is not None:
            print("Converting to pandas DataFrame...")
            self._df = _objects_of_texts(self._df.compute())
        else:
            print("Already a pandas DataFrame.")
        self._islazy = False
        return self

    def to_dask(self, npartitions: int | None = None) -> ParquetFrame:
        """Makes the frame lazy, in place; gives itself.

        `npartitions` None: as many as the machine has CPUs. Raises InvalidArgumentError, a ValueError, for
        fewer than one.
        """
        if npartitions is not None and npartitions <= 0:
            raise InvalidArgumentError("npartitions must be a positive integer")
        if self._islazy or self._df is None:
            print("Already a Dask DataFrame.")
        else:
            print("Converting to Dask DataFrame...")
            count = npartitions or os.cpu_count() or 1
            self._df = dask_dataframe("to_dask()").from_pandas(self._df, npartitions=count)
        self._islazy = True
        return self

    # ---- reading ----

    @classmethod
    def read(
        cls,
        file: str | os.PathLike[str],
        threshold_mb: float | None = None,
        islazy: bool | None = None,
        format: str | None = None,
        **kwargs: Any,
    ) -> ParquetFrame:
        """Reads a file of any of the formats of `FileFormat`, and prints a line about it.

        `format` None: by the suffix, else Parquet. The suffix may be left out. `islazy` None: Dask from
        `threshold_mb` (10) on; for Parquet also near it, where the data would take more than half of the free
        memory or the file has more than ten row groups (which Rust reads from the footer where it can, and
        pyarrow otherwise). Further keywords are those of pandas or Dask.

        Raises NotFoundError, a FileNotFoundError; InvalidArgumentError, a ValueError, for an unknown format;
        WrongTypeError, a TypeError, for an `islazy` that is no truth value.
        """
        return cls._read(file, threshold_mb, islazy, format, True, **kwargs)

    @classmethod
    def _read(
        cls,
        file: str | os.PathLike[str],
        threshold_mb: float | None,
        islazy: bool | None,
        format: str | None,
        tells: bool,
        **kwargs: Any,
    ) -> ParquetFrame:
        if islazy is not None and not isinstance(islazy, bool):
            raise WrongTypeError("islazy must be a boolean or None")
        threshold = cls.DEFAULT_THRESHOLD_MB if threshold_mb is None else threshold_mb
        form = detect_format(file, format)
        handler = FORMAT_HANDLERS[form]
        path: Any
        if str(file).startswith(_URLS):
            path, size = str(file), 0.0
            use_dask = bool(islazy)
        else:
            path = (
                cls._resolve_file_path(file)
                if form is FileFormat.PARQUET
                else handler.resolve_file_path(file)
            )
            size = _size_mb(path)
            if form is FileFormat.PARQUET:
                use_dask = cls._should_use_dask(path, threshold, islazy)
            else:
                use_dask = size >= threshold if islazy is None else islazy
        if tells:
            engine = "Dask" if use_dask else "pandas"
            print(f"Reading '{path}' as {engine} DataFrame (format: {form.value}, size: {size:.2f} MB)")
        return cls(handler.read(path, use_dask=use_dask, **kwargs), use_dask)

    @classmethod
    def _should_use_dask(cls, file_path: Any, threshold_mb: float, islazy: bool | None = None) -> bool:
        """Whether a Parquet file is better read lazily; of a folder the largest file decides."""
        if islazy is not None:
            return islazy
        file_path = _largest_file(file_path)
        size = _file_mb(file_path)
        if size >= threshold_mb:
            return True
        if size < 0.7 * threshold_mb:
            return False
        if cls._estimate_memory_usage(file_path) > 0.5 * cls._get_system_memory():
            return True
        groups = _row_groups(file_path)
        return groups is not None and groups > 10

    @classmethod
    def _estimate_memory_usage(cls, file_path: Any) -> float:
        """The MB of memory that a Parquet file will take."""
        size = _file_mb(file_path)
        return size * 5 if _row_groups(file_path) is None else size * 4 * 1.5

    @classmethod
    def _get_system_memory(cls) -> float:
        """The free memory in MB; 2048 where it cannot be known."""
        try:
            import psutil

            return float(psutil.virtual_memory().available / _MIB)
        except Exception:
            return 2048.0

    @staticmethod
    def _resolve_file_path(file: str | os.PathLike[str]) -> Path:
        return FORMAT_HANDLERS[FileFormat.PARQUET].resolve_file_path(file)

    # ---- writing ----

    def save(
        self, file: str | os.PathLike[str], save_script: str | os.PathLike[str] | None = None, **kwargs: Any
    ) -> ParquetFrame:
        """Writes Parquet, to `file` with the suffix .parquet; folders are made. Gives itself.

        `save_script`: also writes the tracked calls as a Python script. Further keywords are those of
        `to_parquet`. Raises WrongTypeError, a TypeError, where there is no data.
        """
        if self._df is None:
            raise WrongTypeError("No dataframe loaded to save.")
        path = self._ensure_parquet_extension(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = "Dask" if self._islazy else "pandas"
        print(f"Saving {engine} DataFrame to '{path}'")
        FORMAT_HANDLERS[FileFormat.PARQUET].write(self._df, path, **kwargs)
        if save_script is not None:
            self._save_script(Path(save_script))
        return self

    @staticmethod
    def _ensure_parquet_extension(file: str | os.PathLike[str]) -> Path:
        path = Path(file)
        extensions = FORMAT_HANDLERS[FileFormat.PARQUET].extensions
        return path if path.suffix.lower() in extensions else path.with_suffix(".parquet")

    def _save_script(self, path: Path) -> None:
        lines = [
            '"""The operations of a ParquetFrame session."""',
            "",
            "from parquetframe import ParquetFrame",
            "",
            *(self._history or []),
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"Saved script to '{path}'")

    # ---- history ----

    def get_history(self) -> list[str] | None:
        """The tracked calls, a line of Python each; None where they are not tracked."""
        return None if self._history is None else list(self._history)

    def clear_history(self) -> None:
        """Forgets the tracked calls."""
        if self._history is not None:
            self._history.clear()

    def _wrapped(self, result: Any, step: str) -> Any:
        """A result that is a DataFrame as a ParquetFrame, which goes on with the history."""
        lazy = is_dask(result)
        if not (lazy or is_pandas(result)):
            return result
        frame = ParquetFrame(result, lazy, self._track_history)
        if self._history is not None:
            frame._history = [*self._history, f"pf = pf{step}"]
        return frame

    # ---- as the frame inside ----

    def __getitem__(self, key: Any) -> Any:
        if self._df is None:
            raise InvalidArgumentError("No dataframe loaded")
        if isinstance(key, ParquetFrame):
            key = key._df
        return self._wrapped(self._df[key], f"[{_shown(key)}]")

    def __getattr__(self, name: str) -> Any:
        if name in _LATER:
            raise AttributeError(
                f"'{type(self).__name__}' object has no attribute '{name}' in this version; "
                f"that of the frame inside, which may mean something else, is pandas_df.{name}"
            )
        if not name.startswith("_") and self._df is not None:
            try:
                value = getattr(self._df, name)
            except AttributeError:
                pass
            else:
                # Indexers and accessors can be called too, but are no methods.
                return (
                    self._method(name, value)
                    if inspect.isroutine(value)
                    else self._wrapped(value, f".{name}")
                )
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def _method(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            result = method(
                *(_inner(value) for value in args), **{key: _inner(value) for key, value in kwargs.items()}
            )
            shown = [*map(_shown, args), *(f"{key}={_shown(value)}" for key, value in kwargs.items())]
            return self._wrapped(result, f".{name}({', '.join(shown)})")

        return call

    def __len__(self) -> int:
        return 0 if self._df is None else len(self._df)

    def __repr__(self) -> str:
        return f"ParquetFrame(type={'Dask' if self._islazy else 'pandas'}, df={self._df!r})"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as a PyCapsule with an Arrow stream; of a lazy frame one partition at a time."""
        if self._df is None:
            raise InvalidArgumentError("No dataframe loaded")
        if not self._islazy:
            capsule: object = self._df.__arrow_c_stream__(requested_schema)
            return capsule
        return stream_partitions(self._df).__arrow_c_stream__(requested_schema)


def stream_partitions(frame: Any) -> Any:
    """A pyarrow.RecordBatchReader over a Dask DataFrame that computes one partition at a time."""
    import pyarrow as pa

    waiting, computed = list(frame.to_delayed()), []
    schema = pa.Schema.from_pandas(frame._meta, preserve_index=False)
    # Columns of Python objects have no type before some are there.
    while waiting and any(pa.types.is_null(field.type) for field in schema):
        computed.append(waiting.pop(0).compute())
        found = pa.Schema.from_pandas(computed[-1], preserve_index=False)
        schema = pa.schema(
            [new if pa.types.is_null(old.type) else old for old, new in zip(schema, found, strict=True)]
        )

    def batches() -> Any:
        while computed or waiting:
            partition = computed.pop(0) if computed else waiting.pop(0).compute()
            yield from pa.Table.from_pandas(partition, schema=schema, preserve_index=False).to_batches()

    return pa.RecordBatchReader.from_batches(schema, batches())


def _inner(value: Any) -> Any:
    return value._df if isinstance(value, ParquetFrame) else value


def _shown(value: Any) -> str:
    """An argument in a line of the history."""
    if isinstance(value, ParquetFrame) or is_pandas(value) or is_dask(value) or is_pandas(value, "Series"):
        return "..."
    return repr(value)


def _objects_of_texts(frame: Any) -> Any:
    """The strings that Dask made of Arrow's as the objects that they were."""
    texts = [name for name, dtype in frame.dtypes.items() if str(dtype).startswith("string")]
    return frame.astype(dict.fromkeys(texts, object)) if texts else frame


def _size_mb(path: Path) -> float:
    """The size of a file, or of all files of a folder; 0 where it cannot be known."""
    try:
        if path.is_dir():
            return sum(_file_mb(file) for file in path.rglob("*") if file.is_file())
        return _file_mb(path)
    except (OSError, TypeError):
        return 0.0


def _file_mb(path: Any) -> float:
    """The size of a file, which may be anything with `stat`."""
    return float((path if hasattr(path, "stat") else Path(path)).stat().st_size / _MIB)


def _largest_file(path: Any) -> Any:
    """What decides about a folder."""
    if not isinstance(path, (str, Path)) or not Path(path).is_dir():
        return path
    files = [file for file in Path(path).rglob("*.parquet") if file.is_file()]
    return max(files, key=_file_mb, default=path)


def _row_groups(path: Any) -> int | None:
    """The number of row groups; None where the footer cannot be read.

    By Rust where that is there, which tells the same in a part of the time; by `pyarrow.parquet.ParquetFile`
    otherwise, and where somebody has put something else in its place.
    """
    if isinstance(path, (str, Path)) and not _is_replaced("pyarrow.parquet", "ParquetFile"):
        from .exceptions import ParquetFrameError
        from .io.metadata import parquet_metadata

        try:
            return int(parquet_metadata(path, "counts")["num_row_groups"][0])
        except ParquetFrameError:
            pass  # pyarrow may know better
    import pyarrow.parquet as pq

    try:
        return int(pq.ParquetFile(path).metadata.num_row_groups)
    except Exception:
        return None


def _is_replaced(module: str, name: str) -> bool:
    """Whether a class of a module is no longer that which the module defines."""
    found = getattr(sys.modules.get(module), name, None)
    return found is not None and not str(getattr(found, "__module__", "")).startswith(module)
