"""Tables of Arrow data: what comes back where no other kind of frame went in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ._arguments import not_negative
from ._native.columns import plain_column, try_import
from ._native.decode import Chunk, Column, decodable, decode
from ._native.errors import tagged_error
from ._native.streams import Field, Stream, columns_of, type_name
from .exceptions import DependencyError, InvalidArgumentError, UnsupportedError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from ._native.handles import ContextHandle, TableHandle


class Table:
    """Columns of Arrow data in memory, immutable.

    Made of a path to Parquet, a data frame of pandas, Polars or pyarrow, a mapping of names to arrays, or
    anything with `__arrow_c_stream__`; other libraries read it through the same protocol, without a copy and
    any number of times:

    >>> table = Table({"vertex": [1, 2], "rank": [0.25, 0.75]})
    >>> table
    Table(2 rows × 2 columns: vertex int64, rank float64)
    >>> table["rank"]
    array([0.25, 0.75])

    Threads may share a table. Pickling copies the data, by pyarrow.
    """

    def __init__(self, data: Any) -> None:
        self._native: TableHandle | None = None
        self._arrow: pa.Table | None = None
        self._schema: Field | None = None
        if isinstance(data, Table):
            self._native, self._arrow, self._schema = data._native, data._arrow, data._schema
            return
        from ._native.library import load

        try:
            library = load()
        except UnsupportedError:
            self._arrow = _pyarrow_table(data)
            return
        from ._native.inputs import stream_of

        self._native = _collect(library, stream_of(library, data))

    @classmethod
    def _of_stream(cls, library: Any, stream: Stream) -> Table:
        """The rest of a stream."""
        return cls._of(native=_collect(library, stream))

    @classmethod
    def _of(cls, *, native: TableHandle | None = None, arrow: pa.Table | None = None) -> Table:
        table = cls.__new__(cls)
        table._native, table._arrow, table._schema = native, arrow, None
        return table

    # ---- what it holds ----

    def _field(self) -> Field:
        if self._schema is None:
            self._schema = self._stream().schema()
        return self._schema

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in columns_of(self._field())]

    @property
    def schema(self) -> dict[str, str]:
        """The Arrow type of each column, in words."""
        return {column.name: type_name(column) for column in columns_of(self._field())}

    @property
    def metadata(self) -> dict[str, str]:
        """The key-value metadata of the schema: `parquetframe.*` tells about the run that made a result."""
        return dict(self._field().metadata)

    @property
    def num_rows(self) -> int:
        """The number of rows."""
        if self._native is not None:
            return int(self._native.library.pf_table_num_rows(self._native.address))
        return int(self._source().num_rows)

    @property
    def num_columns(self) -> int:
        """The number of columns."""
        return len(self.columns)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)"""
        return self.num_rows, self.num_columns

    def __len__(self) -> int:
        return self.num_rows

    def __repr__(self) -> str:
        if self.closed:
            return "Table(closed)"
        columns = ", ".join(f"{name} {kind}" for name, kind in self.schema.items())
        return f"Table({self.num_rows:,} rows × {self.num_columns} columns: {columns})"

    # ---- parts of it ----

    def head(self, n: int = 5) -> Table:
        """The first `n` rows, without a copy."""
        return self._part(limit=not_negative("n", n))

    def slice(self, offset: int = 0, limit: int | None = None) -> Table:
        """`limit` rows (None: all) from row `offset` on, without a copy; beyond the end there are none."""
        return self._part(
            offset=not_negative("offset", offset),
            limit=None if limit is None else not_negative("limit", limit),
        )

    def select(self, columns: Iterable[str]) -> Table:
        """Some columns, in the order asked for, without a copy.

        Raises InvalidArgumentError for an unknown one.
        """
        names = [columns] if isinstance(columns, str) else list(columns)
        known = self.columns
        for name in names:
            if name not in known:
                raise InvalidArgumentError(f"unknown column '{name}'; the columns are: {', '.join(known)}")
        return self._part(columns=names)

    def __getitem__(self, name: str) -> np.ndarray:
        """One column as a NumPy array; raises KeyError for an unknown one.

        Numbers without nulls in one chunk are a read-only view of the table's memory. Nulls are NaN among
        floating-point numbers and None in an object array otherwise. Types that NumPy does not know come from
        pyarrow.
        """
        if name not in self.columns:
            raise KeyError(name)
        table = self.select([name])
        field = columns_of(table._field())[0]
        if not decodable(field):
            return np.asarray(_pyarrow_table(table).column(0).to_numpy())
        column = table._decoded()[name]
        if column.valid is None:
            return column.values
        if column.values.dtype.kind == "f":
            return np.where(column.valid, column.values, np.array(np.nan, column.values.dtype))
        return column.objects()

    def _part(
        self, columns: list[str] | None = None, limit: int | None = None, offset: int | None = None
    ) -> Table:
        if self._native is not None:
            return Table._of_stream(self._native.library, self._stream(columns, limit, offset))
        arrow = self._source() if columns is None else self._source().select(columns)
        return Table._of(arrow=arrow.slice(min(offset or 0, arrow.num_rows), limit))

    # ---- other kinds of frames ----

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as a PyCapsule, without a copy.

        `requested_schema` is not followed: the types are those of the table.
        """
        return self._stream().capsule()

    def __arrow_c_schema__(self) -> object:
        """The schema as a PyCapsule."""
        from ._native import capsules
        from ._native._ctypes_decl import ArrowSchema

        owner = self._stream().schema_struct()
        struct = ArrowSchema()
        capsules.move(owner.address, struct)
        return capsules.make(struct)

    def to_arrow(self) -> pa.Table:
        """A pyarrow.Table over the same memory."""
        return _pyarrow_table(self)

    def to_polars(self) -> pl.DataFrame:
        """A polars.DataFrame; numbers and strings share the memory."""
        polars = try_import("polars")
        if polars is None:
            raise DependencyError("polars", "to_polars()")
        return polars.DataFrame(self)

    def to_pandas(self) -> pd.DataFrame:
        """A pandas.DataFrame of its own memory.

        Integers and booleans with nulls are of pandas' nullable types (Int64, boolean): no value changes.
        Types other than numbers, booleans and strings go through pyarrow. An index that pandas stored comes
        back as the index.
        """
        import pandas as pd

        fields = columns_of(self._field())
        if self._has_stored_index():
            return self.to_arrow().to_pandas()
        readable = [field.name for field in fields if decodable(field)]
        series: dict[str, Any] = {
            name: _to_series(pd, column) for name, column in self.select(readable)._decoded().items()
        }
        others = [field.name for field in fields if not decodable(field)]
        if others:
            frame = self.select(others).to_arrow().to_pandas()
            series |= {name: frame[name] for name in others}
        frame = pd.DataFrame({field.name: series[field.name] for field in fields}, index=range(self.num_rows))
        frame.attrs.update({k: v for k, v in self.metadata.items() if k.startswith("parquetframe.")})
        return frame

    def to_pydict(self) -> dict[str, list[Any]]:
        """The columns as lists of Python values, None for null."""
        fields = columns_of(self._field())
        if all(decodable(field) for field in fields):
            return {name: column.objects().tolist() for name, column in self._decoded().items()}
        return self.to_arrow().to_pydict()

    def _has_stored_index(self) -> bool:
        """Whether pandas wrote the data and kept an index in a column."""
        try:
            stored = json.loads(self._field().metadata.get("pandas", "{}")).get("index_columns", [])
        except ValueError:
            return False
        return any(isinstance(column, str) for column in stored)

    def _decoded(self) -> dict[str, Column]:
        stream = self._stream()
        fields = columns_of(stream.schema())
        batches = list(stream.batches())
        return {
            field.name: decode(field, [Chunk.of_batch(batch, index) for batch in batches])
            for index, field in enumerate(fields)
        }

    # ---- its memory ----

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._native is None and self._arrow is None

    def close(self) -> None:
        """Lets go of the data; what was exported stays valid. Closing twice does nothing."""
        self._native = self._arrow = self._schema = None

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return Table, (self.to_arrow(),)

    def _source(self) -> pa.Table:
        if self._arrow is None:
            raise InvalidArgumentError("the table is closed")
        return self._arrow

    def _stream(
        self, columns: list[str] | None = None, limit: int | None = None, offset: int | None = None
    ) -> Stream:
        native = self._native
        if native is None:
            return Stream.of(self._source())
        from ._native.errors import check
        from ._native.handles import Options

        library, stream = native.library, Stream()
        options = Options.of(library, columns=columns, limit=limit, offset=offset)
        check(library, library.pf_table_stream(native.address, options.address, stream.address))
        return stream


def _collect(library: Any, stream: Stream, context: ContextHandle | None = None) -> TableHandle:
    """The batches of a stream, kept by the library. `context`: that of the call which made the stream."""
    import ctypes

    from ._native.calls import CONTEXT, run
    from ._native.handles import TableHandle

    out = ctypes.c_void_p()
    address = ctypes.addressof(out)
    run(library, "pf_table_from_stream", stream.address, CONTEXT, address, label="read", handle=context)
    return TableHandle(library, out.value)


def _pyarrow_table(data: Any) -> pa.Table:
    """A pyarrow.Table of what `Table` takes."""
    pyarrow = try_import("pyarrow")
    if pyarrow is None:
        raise DependencyError("pyarrow", "this conversion")
    if isinstance(data, pyarrow.Table):
        return data
    if isinstance(data, Mapping):
        return pyarrow.table({name: _arrow_column(pyarrow, name, values) for name, values in data.items()})
    if hasattr(data, "__arrow_c_stream__"):
        try:
            return pyarrow.RecordBatchReader.from_stream(data).read_all()
        except pyarrow.ArrowException as error:
            raise tagged_error(str(error)) from error
    if hasattr(data, "__arrow_c_array__"):
        return pyarrow.Table.from_struct_array(pyarrow.array(data))
    from ._native.inputs import require_table
    from .core.reader import read_arrow

    require_table(data, "data")
    return read_arrow(data)


def _arrow_column(pyarrow: Any, name: str, values: Any) -> Any:
    """A column of a mapping, of the type that it has on Rust."""
    from ._native.inputs import arrow_exporter

    exporter = arrow_exporter(values)
    if exporter is not None:
        return pyarrow.array(exporter)
    plain = plain_column(values, f"column '{name}'")
    return pyarrow.array(plain, pyarrow.large_string() if plain.dtype == object else None)


def _to_series(pd: Any, column: Column) -> Any:
    """A column for a DataFrame's constructor, which copies."""
    values, valid = column.values, column.valid
    if values.dtype == object:
        return pd.Series(
            column.objects().tolist() if len(values) else [], dtype="str" if _has_str(pd) else object
        )
    if valid is None:
        return values
    if values.dtype.kind == "f":
        return np.where(valid, values, np.array(np.nan, values.dtype))
    if values.dtype == bool:
        return pd.arrays.BooleanArray(values.copy(), ~valid)
    return pd.arrays.IntegerArray(values.copy(), ~valid)


def _has_str(pd: Any) -> bool:
    """Whether this pandas infers a string type of its own."""
    return int(pd.__version__.partition(".")[0]) >= 3
