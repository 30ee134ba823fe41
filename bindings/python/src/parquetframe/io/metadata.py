"""What Parquet files say of themselves, without reading their data."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from .._engines import require_rust
from .._native.calls import CONTEXT, run
from .._native.handles import Options, c_string
from .._native.streams import Stream
from .._stats import count_run
from ..table import Table
from .paths import path_texts
from .scan import scan_parquet

__all__ = ["parquet_metadata", "parquet_row_count", "parquet_schema"]

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def parquet_metadata(
    path: Paths, kind: str = "files", columns: Iterable[str] | None = None, *, aggregate: bool = False
) -> Table:
    """A table of what the footers of Parquet files say.

    `path`: a file, a folder, a glob, or a list of these. `kind` says what a row is: "files" (with rows, row
    groups, columns, sizes, version, writer and key-value metadata), "counts" (the same with fewer columns,
    for next to nothing), "schema" (a leaf column, with its types), "row_groups", "columns" (a column chunk,
    with codec, encodings, sizes, offsets and statistics as text), "statistics" (a row group, with minimum and
    maximum in the type of each column), "pages" (of the page index), "key_value". `columns`: these alone,
    which costs as much as they are. `aggregate`: statistics with a row per column over all row groups.

    Footers are kept until their file changes, 64 MiB of them at most. What a file does not say, or says in a
    way that cannot be believed, is null. Raises NotFoundError, InvalidArgumentError for an unknown kind or
    column, CorruptDataError for what is no Parquet, UnsupportedError for encrypted files and where the
    library is missing.
    """
    library = require_rust("io")
    texts = path_texts(path)
    names = None if columns is None else [columns] if isinstance(columns, str) else list(columns)
    options = Options.of(
        library, paths=texts[1:] or None, kind=kind, columns=names, aggregate=aggregate or None
    )
    stream = Stream()
    run(
        library,
        "pf_parquet_metadata",
        c_string(texts[0], "path"),
        options.address,
        CONTEXT,
        stream.address,
        label="parquet_metadata",
    )
    count_run("parquet_metadata", "rust")
    return Table._of_stream(library, stream)


def parquet_schema(path: Paths, **options: Any) -> dict[str, str]:
    """The columns of Parquet files and their Arrow types in words; options as `scan_parquet`."""
    return scan_parquet(path, **options).schema


def parquet_row_count(path: Paths, filters: Any = None, **options: Any) -> int:
    """The number of rows, of those for which `filters` hold; options as `scan_parquet`.

    Without a condition only footers are read.
    """
    return scan_parquet(path, filters=filters, **options).count()
