"""Parquet files as a lazy source: what is read, and which rows, is said before anything is."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .._arguments import at_least_one, not_negative
from .._engines import require_rust
from .._native._ctypes_decl import ArrowSchema
from .._native.calls import CONTEXT, context, new_context, read_beside, run
from .._native.handles import CancelToken, ContextHandle, Options, c_string
from .._native.library import Library
from .._native.streams import Owned, Stream, columns_of, read_field, type_name
from .._stats import count_run
from ..exceptions import InvalidArgumentError, UnsupportedError
from ..expressions import Expression, expr
from ..table import Table, _collect
from .filters import predicate_text
from .paths import path_texts

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["ParquetScan", "scan_parquet"]


def scan_parquet(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    columns: Iterable[str] | None = None,
    *,
    filters: Any = None,
    limit: int | None = None,
    row_groups: Iterable[int] | None = None,
    batch_size: int | None = None,
    hive: str = "auto",
    partition_types: Iterable[str] | None = None,
    schema: str = "first",
    file_path: str | None = None,
    row_number: str | None = None,
    dictionaries: str = "auto",
    string_views: bool = False,
    int96: str = "ns",
    use_statistics: bool = True,
    use_dictionaries: bool = True,
    use_bloom_filters: bool = True,
    use_page_index: bool = True,
) -> ParquetScan:
    """A scan of Parquet files, of which nothing is read yet but the footers.

    `path`: a file, a folder (read recursively, in the order of the paths, without names that begin with "_"
    or "."), a glob, or a list of these. `columns`: which to read, in this order; "a.b" is field b of column
    a. `filters`: SQL text, an expression of `pf.col`, or tuples as pyarrow takes them; rows for which it is
    null are left out. Row groups and pages in which no row can match are not read, and of the other columns
    only the rows that match are decoded. `limit`: the most rows, the first in the order of the files.
    `row_groups`: which to read, of a single file. `batch_size`: the most rows of a batch (65,536).

    `hive`: "auto" makes columns of folders named key=value below the path, "on" of all in it, "off" of none;
    `partition_types`: their types, as in "year=int16" (inferred otherwise). `schema`: the columns of the
    "first" file, or the "union" of all by name; what a file lacks is null, and what is narrower is widened.
    `file_path`, `row_number`: names of further columns, for the file that a row is from and its position
    there, from 0. `dictionaries`: text as dictionaries where the file's Arrow schema says so ("auto"), always
    ("keep") or never ("values"). `string_views`: text and bytes as views. `int96`: the unit of such
    timestamps. The switches `use_…` turn off what leaves row groups and pages out; that changes the time,
    never the rows.

    Raises NotFoundError, InvalidArgumentError for unknown columns, syntax errors and files that do not fit
    together, WrongTypeError for a condition that is not boolean, CorruptDataError for files that are not
    Parquet, and UnsupportedError for encrypted ones and where the library is missing.
    """
    library = require_rust("io")
    texts = path_texts(path)
    names = None if columns is None else [columns] if isinstance(columns, str) else list(columns)
    if names is not None:
        names += [name for name in (file_path, row_number) if name is not None and name not in names]
    options = {
        "paths": texts[1:] or None,
        "columns": names,
        "filter": predicate_text(filters),
        "limit": None if limit is None else not_negative("limit", limit),
        "row_groups": None
        if row_groups is None
        else [str(not_negative("row_groups", n)) for n in row_groups],
        "batch_size": None if batch_size is None else at_least_one("batch_size", batch_size),
        "hive": hive,
        "partition_types": None if partition_types is None else list(partition_types),
        "schema": schema,
        "file_path": file_path,
        "row_number": row_number,
        "dictionaries": dictionaries,
        "string_views": string_views,
        "int96": int96,
        "use_statistics": use_statistics,
        "use_dictionaries": use_dictionaries,
        "use_bloom_filters": use_bloom_filters,
        "use_page_index": use_page_index,
    }
    for text in texts:
        if "://" in text:
            raise UnsupportedError(f"the Rust reader reads local files, not {text}")
    given = {name: value for name, value in options.items() if value is not None}
    return ParquetScan(library, texts[0], given)


class ParquetScan:
    """What to read of Parquet files, by `scan_parquet`. It is immutable, and can be read any number of times.

    Anything that reads Arrow streams reads it, batch by batch: `polars.DataFrame(scan)`,
    `pyarrow.RecordBatchReader.from_stream(scan)`.

    >>> scan = scan_parquet("events/").filter("price > 100").select(["id", "price"])  # doctest: +SKIP
    >>> print(scan.explain())  # doctest: +SKIP
    """

    def __init__(self, library: Library, path: str, options: dict[str, Any]) -> None:
        self._library, self._path, self._options = library, path, options
        # Errors show here, not at the first batch.
        schema = Owned(ArrowSchema())
        self._run("pf_parquet_schema", schema.address)
        self._fields = columns_of(read_field(schema.struct))

    # ---- what it is ----

    @property
    def schema(self) -> dict[str, str]:
        """The Arrow type of each column, in words."""
        return {field.name: type_name(field) for field in self._fields}

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [field.name for field in self._fields]

    def __repr__(self) -> str:
        columns = ", ".join(f"{name} {kind}" for name, kind in self.schema.items())
        text = f"ParquetScan({self._path!r}: {columns}"
        if "filter" in self._options:
            text += f"; WHERE {self._options['filter']}"
        if "limit" in self._options:
            text += f"; LIMIT {self._options['limit']}"
        return text + ")"

    def explain(self) -> str:
        """How it would be read: the columns, the parts of the condition, and how many files, row groups,
        pages and bytes are left out. Reads footers, statistics and bloom filters, no rows.
        """
        lines = Table._of_stream(self._library, self._call("pf_parquet_explain"))
        return "\n".join(lines["line"])

    def count(self) -> int:
        """The number of rows. Reads the columns of the condition alone, and without one only footers."""
        rows = ctypes.c_uint64()
        self._run("pf_parquet_count", ctypes.addressof(rows), label="count", shows=True)
        count_run("count", "rust")
        return rows.value

    # ---- more precise ----

    def filter(self, *conditions: str | Expression | Any) -> ParquetScan:
        """The rows for which all `conditions` hold, and those of before. After a `limit` it is refused."""
        if "limit" in self._options:
            raise InvalidArgumentError("a scan with a limit cannot be filtered: filter first")
        texts = [self._options.get("filter"), *(predicate_text(each) for each in conditions)]
        known = [expr(text) for text in texts if text is not None]
        if not known:
            return self
        all_of = known[0]
        for each in known[1:]:
            all_of = all_of & each
        return self._with(filter=str(all_of))

    def select(self, columns: Iterable[str]) -> ParquetScan:
        """Some of the columns, in the order asked for. Raises InvalidArgumentError for an unknown one."""
        return self._with(columns=[columns] if isinstance(columns, str) else list(columns))

    def limit(self, n: int) -> ParquetScan:
        """At most the first `n` rows."""
        n = not_negative("n", n)
        return self._with(limit=min(n, self._options.get("limit", n)))

    def _with(self, **options: Any) -> ParquetScan:
        return ParquetScan(self._library, self._path, {**self._options, **options})

    # ---- its rows ----

    def collect(self) -> Table:
        """All rows in memory. Shows progress and is ended by Ctrl-C as `pf.context` says."""
        rows = self._rows()
        count_run("read_parquet", "rust")
        return rows

    def _rows(self) -> Table:
        token = CancelToken()
        with context(cancel=token):
            handle = new_context(self._library)
            stream = self._call("pf_parquet_read", handle)
        native = read_beside(
            lambda: _collect(self._library, stream, handle), token, "read_parquet", shows=True
        )
        return Table._of(native=native)

    def to_arrow(self) -> pa.Table:
        """All rows as a pyarrow.Table."""
        return self.collect().to_arrow()

    def to_pandas(self) -> pd.DataFrame:
        """All rows as a pandas.DataFrame, as `Table.to_pandas` makes it."""
        return self.collect().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """All rows as a polars.DataFrame."""
        return self.collect().to_polars()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as a PyCapsule, read batch by batch; `requested_schema` is not followed."""
        return self._call("pf_parquet_read").capsule()

    def __iter__(self) -> Iterator[Any]:
        """The rows as pyarrow.RecordBatch, one at a time."""
        import pyarrow as pa

        return iter(pa.RecordBatchReader.from_stream(self))

    def _call(self, function: str, handle: ContextHandle | None = None) -> Stream:
        stream = Stream()
        self._run(function, stream.address, handle=handle)
        return stream

    def _run(self, function: str, out: int, label: str = "read_parquet", **how: Any) -> None:
        options = Options.of(self._library, **self._options)
        path = c_string(self._path, "path")
        run(self._library, function, path, options.address, CONTEXT, out, label=label, **how)
