"""File formats of the legacy frame: finding a file, reading and writing it by pandas or Dask."""

from __future__ import annotations

import importlib
import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from ..exceptions import DependencyError, InvalidArgumentError, NotFoundError

__all__ = [
    "FORMAT_HANDLERS",
    "CSVHandler",
    "CsvHandler",
    "FileFormat",
    "FormatHandler",
    "IOHandler",
    "JSONHandler",
    "JsonHandler",
    "ORCHandler",
    "OrcHandler",
    "ParquetHandler",
    "dask_dataframe",
    "detect_format",
    "is_dask",
]


class FileFormat(Enum):
    """The formats that are read and written."""

    PARQUET = "parquet"
    CSV = "csv"
    JSON = "json"
    ORC = "orc"


def detect_format(file_path: str | os.PathLike[str], explicit_format: str | None = None) -> FileFormat:
    """The format of a file: the explicit one, else that of its suffix in any case, else Parquet.

    Raises InvalidArgumentError "Unsupported format: …" for an unknown explicit one.
    """
    if explicit_format is not None:
        try:
            return FileFormat(str(getattr(explicit_format, "value", explicit_format)).lower())
        except ValueError:
            raise InvalidArgumentError(f"Unsupported format: {explicit_format}") from None
    suffix = Path(file_path).suffix.lower()
    found = [form for form, handler in FORMAT_HANDLERS.items() if suffix in handler.extensions]
    return found[0] if found else FileFormat.PARQUET


def is_dask(frame: Any) -> bool:
    """Whether `frame` is a Dask DataFrame; Dask is not imported to find out."""
    return any(
        cls.__name__ == "DataFrame" and cls.__module__.split(".")[0].startswith("dask")
        for cls in type(frame).__mro__
    )


def dask_dataframe(feature: str) -> Any:
    """The module dask.dataframe. Raises DependencyError where it is not installed."""
    try:
        return importlib.import_module("dask.dataframe")
    except ImportError:
        raise DependencyError("dask", feature, "pip install 'dask[dataframe]'", "islazy=False") from None


class IOHandler(ABC):
    """Finds, reads and writes the files of one format."""

    label: ClassVar[str]
    extensions: Sequence[str]

    def __init__(self, extensions: Sequence[str] | None = None) -> None:
        if extensions is not None:
            self.extensions = tuple(extensions)

    @abstractmethod
    def read(self, file_path: str | os.PathLike[str], use_dask: bool = False, **kwargs: Any) -> Any:
        """A DataFrame of pandas, or of Dask; keywords are those of their readers."""

    @abstractmethod
    def write(self, df: Any, file_path: str | os.PathLike[str], **kwargs: Any) -> None:
        """Writes a DataFrame of pandas or Dask; keywords are those of their writers."""

    def resolve_file_path(self, file: str | os.PathLike[str]) -> Path:
        """The file that is meant: `file` itself, or with one of the suffixes of the format.

        Raises NotFoundError, which is a FileNotFoundError.
        """
        path = Path(file)
        if self._is_there(path):
            return path
        if path.suffix.lower() in self.extensions:
            raise NotFoundError(f"File not found: {path}")
        for suffix in self.extensions:
            for candidate in (path.with_name(path.name + suffix), path.with_suffix(suffix)):
                if self._is_there(candidate):
                    return candidate
        tried = ", ".join(self.extensions)
        raise NotFoundError(f"No {self.label} file found for '{file}' (tried {tried})")

    def _is_there(self, path: Path) -> bool:
        return path.is_file()


class ParquetHandler(IOHandler):
    """Parquet: a file, or a folder of files."""

    label = "parquet"
    extensions = (".parquet", ".pqt")

    def _is_there(self, path: Path) -> bool:
        if path.is_dir():
            metadata = (path / "_metadata", path / "_common_metadata")
            return any(path.glob("*.parquet")) or any(file.exists() for file in metadata)
        return path.is_file()

    def read(self, file_path: str | os.PathLike[str], use_dask: bool = False, **kwargs: Any) -> Any:
        import pandas as pd

        if use_dask:
            return dask_dataframe("lazy reading").read_parquet(file_path, **kwargs)
        return pd.read_parquet(file_path, **kwargs)

    def write(self, df: Any, file_path: str | os.PathLike[str], **kwargs: Any) -> None:
        df.to_parquet(file_path, **kwargs)


class CsvHandler(IOHandler):
    """Text with commas, or with tabs in files *.tsv."""

    label = "CSV"
    extensions = (".csv", ".tsv")

    def read(self, file_path: str | os.PathLike[str], use_dask: bool = False, **kwargs: Any) -> Any:
        import pandas as pd

        self._set_separator(file_path, kwargs)
        if use_dask:
            return dask_dataframe("lazy reading").read_csv(str(file_path), **kwargs)
        return pd.read_csv(file_path, **kwargs)

    def write(self, df: Any, file_path: str | os.PathLike[str], **kwargs: Any) -> None:
        self._set_separator(file_path, kwargs)
        kwargs.setdefault("index", False)
        if is_dask(df):
            kwargs.setdefault("single_file", True)
        df.to_csv(str(file_path), **kwargs)

    def _set_separator(self, file_path: str | os.PathLike[str], kwargs: dict[str, Any]) -> None:
        if Path(file_path).suffix.lower() == ".tsv" and not {"sep", "delimiter"} & set(kwargs):
            kwargs["sep"] = "\t"


class JsonHandler(IOHandler):
    """JSON: one document, or an object a line in files *.jsonl and *.ndjson."""

    label = "JSON"
    extensions = (".json", ".jsonl", ".ndjson")

    def read(self, file_path: str | os.PathLike[str], use_dask: bool = False, **kwargs: Any) -> Any:
        import pandas as pd

        kwargs.setdefault("lines", self._has_lines(file_path))
        if not use_dask:
            return pd.read_json(file_path, **kwargs)
        dask = dask_dataframe("lazy reading")
        if kwargs["lines"]:
            return dask.read_json(str(file_path), **{"orient": "records", **kwargs})
        # A document cannot be cut into parts.
        return dask.from_pandas(pd.read_json(file_path, **kwargs), npartitions=1)

    def write(self, df: Any, file_path: str | os.PathLike[str], **kwargs: Any) -> None:
        kwargs.setdefault("orient", "records")
        if self._has_lines(file_path):
            kwargs.setdefault("lines", True)
        (df.compute() if is_dask(df) else df).to_json(str(file_path), **kwargs)

    def _has_lines(self, file_path: str | os.PathLike[str]) -> bool:
        return Path(file_path).suffix.lower() in (".jsonl", ".ndjson")


class OrcHandler(IOHandler):
    """ORC, by pyarrow."""

    label = "ORC"
    extensions = (".orc",)

    def read(self, file_path: str | os.PathLike[str], use_dask: bool = False, **kwargs: Any) -> Any:
        frame = self._orc().read_table(str(file_path), **kwargs).to_pandas()
        return dask_dataframe("lazy reading").from_pandas(frame, npartitions=1) if use_dask else frame

    def write(self, df: Any, file_path: str | os.PathLike[str], **kwargs: Any) -> None:
        orc = self._orc()
        import pyarrow

        frame = df.compute() if is_dask(df) else df
        orc.write_table(pyarrow.Table.from_pandas(frame, preserve_index=False), str(file_path), **kwargs)

    def _orc(self) -> Any:
        try:
            import pyarrow.orc
        except ImportError:
            raise ImportError(
                "ORC support requires pyarrow with ORC: install it with pip install pyarrow"
            ) from None
        return pyarrow.orc


# The names of the second version.
FormatHandler = IOHandler
CSVHandler = CsvHandler
JSONHandler = JsonHandler
ORCHandler = OrcHandler

FORMAT_HANDLERS: dict[FileFormat, IOHandler] = {
    FileFormat.PARQUET: ParquetHandler(),
    FileFormat.CSV: CsvHandler(),
    FileFormat.JSON: JsonHandler(),
    FileFormat.ORC: OrcHandler(),
}
