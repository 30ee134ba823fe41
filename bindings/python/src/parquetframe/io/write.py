"""Writing Parquet files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._engines import require_rust
from .._native.calls import CONTEXT, context, new_context, read_beside, run
from .._native.handles import CancelToken, ContextHandle, Options, c_string
from .._native.inputs import require_table
from .._native.streams import Stream
from .._stats import count_run
from ..compute._sources import of_table
from ..exceptions import WrongTypeError
from ..table import Table
from .paths import path_texts
from .scan import ParquetScan, scan_parquet

__all__ = ["Written", "write_parquet"]


@dataclass(frozen=True)
class Written:
    """What a call wrote: the files, and how many rows and bytes all of them have."""

    files: tuple[str, ...]
    rows: int
    bytes: int
    row_groups: int


def write_parquet(
    data: Any,
    path: str | os.PathLike[str],
    *,
    compression: str | None = None,
    compression_level: int | None = None,
    row_group_size: int | None = None,
    partition_by: str | Iterable[str] | None = None,
    overwrite: str | None = None,
    metadata: Mapping[str, str] | None = None,
    **options: Any,
) -> Written:
    """Writes a table to a Parquet file, or to a folder of them, which is there whole or not at all.

    `data`: a data frame of pandas, Polars or pyarrow, a `Table`, a scan, a mapping of names to arrays, a path
    to Parquet, or anything with `__arrow_c_stream__`, which is read batch by batch; an index of pandas is not
    written. `compression`: "none",
    "snappy", "gzip", "brotli", "lz4" or "zstd" (the default). `row_group_size`: the most rows of a row group.
    `partition_by`: columns that become folders key=value below `path`. `overwrite`: "error" or "replace"; a
    file is replaced by default, a folder is not. `metadata`: pairs for the footer. Further options are those
    of `parquet_write` in docs/kernels.md: dictionary, statistics, page_index, bloom_filters, sorting_columns,
    data_page_size, max_rows_per_file and others.

    The file is written beside its place, flushed to the disk and renamed: after an error or Ctrl-C nothing is
    left, and what was at the path is untouched. The bytes are the same for any number of threads. Raises
    InvalidArgumentError for options and columns, WrongTypeError for a type that Parquet has not,
    NotFoundError where the folder for a file does not exist, AlreadyExistsError, an OSError for a full disk,
    UnsupportedError where the library is missing.
    """
    library = require_rust("io")
    target = path_texts(path)
    if len(target) != 1 or not isinstance(path, (str, bytes, os.PathLike)):
        raise WrongTypeError("path must be one path")
    given = {
        "compression": compression,
        "compression_level": compression_level,
        "row_group_size": row_group_size,
        "partition_by": [partition_by] if isinstance(partition_by, str) else _list(partition_by),
        "overwrite": overwrite,
        "metadata": None if metadata is None else [f"{key}={value}" for key, value in metadata.items()],
        **{name: _list(value) for name, value in options.items()},
    }
    require_table(data, "data")
    values, out = Options.of(library, **given), Stream()

    def write(stream: Stream, handle: ContextHandle | None = None) -> None:
        run(
            library,
            "pf_parquet_write",
            stream.address,
            c_string(target[0], "path"),
            values.address,
            CONTEXT,
            out.address,
            label="write_parquet",
            shows=True,
            handle=handle,
        )

    if isinstance(data, (str, os.PathLike)):
        data = scan_parquet(data)
    if isinstance(data, ParquetScan):
        # It is read where the file is written: on a thread that no signal reaches.
        token = CancelToken()
        with context(cancel=token):
            handle = new_context(library)
            stream = data._call("pf_parquet_read", handle)
        read_beside(lambda: write(stream, handle), token, "write_parquet", shows=True)
    else:
        write(of_table(library, data).as_stream(library))
    count_run("write_parquet", "rust")
    files = Table._of_stream(library, out).to_pydict()
    return Written(tuple(files["path"]), sum(files["rows"]), sum(files["bytes"]), sum(files["row_groups"]))


def _list(value: Any) -> Any:
    """Lists of any kind as lists; other values as they are."""
    is_list = isinstance(value, Iterable) and not isinstance(value, (str, bytes))
    return list(value) if is_list else value
