"""Results of the library, as the kind of data that a call was given."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._native import capsules
from .._native._ctypes_decl import ArrowArray, ArrowSchema
from .._native.decode import Chunk, Column, decodable, decode
from .._native.library import Library
from .._native.streams import Field, Owned, children, columns_of, read_field
from ..table import Table
from ._columns import pyarrow_module

_UNITS = {"s": "s", "m": "ms", "u": "us", "n": "ns"}


class Result:
    """The columns that a call gave."""

    def __init__(
        self,
        library: Library,
        fields: Sequence[Field],
        batches: Sequence[Owned],
        schema: Owned,
        borrowed: Sequence[tuple[int, int]] = (),
        table: Table | None = None,
    ) -> None:
        self.library, self.fields, self.batches = library, list(fields), list(batches)
        self.schema, self.borrowed, self.table = schema, list(borrowed), table

    @classmethod
    def of_array(
        cls, library: Library, array: Owned, schema: Owned, borrowed: Sequence[tuple[int, int]] = ()
    ) -> Result:
        """A struct array."""
        return cls(library, columns_of(read_field(schema.struct)), [array], schema, borrowed)

    @classmethod
    def of_table(cls, table: Table, borrowed: Sequence[tuple[int, int]] = ()) -> Result:
        """A table of the library."""
        stream = table._stream()
        schema = stream.schema_struct()
        fields = columns_of(read_field(schema.struct))
        assert table._native is not None
        return cls(table._native.library, fields, list(stream.batches()), schema, borrowed, table)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(batch.struct.length for batch in self.batches)

    # ---- one column ----

    def decoded(self, index: int, format: str | None = None) -> Column:
        """A column as NumPy has it, which may be written to."""
        field = self.fields[index]
        chunks = [Chunk.of_batch(batch, index) for batch in self.batches]
        column = decode(field if format is None else Field(field.name, format), chunks)
        return Column(self._writable(column.values), column.valid)

    def _writable(self, values: np.ndarray) -> np.ndarray:
        """The values, copied where they are of memory that somebody else may see."""
        if values.flags.writeable or not values.nbytes:
            return values
        begin = values.ctypes.data
        end = begin + values.nbytes
        if self.table is None and not any(begin < last and first < end for first, last in self.borrowed):
            self.borrowed.append((begin, end))
            return _as_writable(values)
        return values.copy()

    def to_numpy(self, index: int) -> np.ndarray:
        """A column of NumPy.

        Nulls are NaN among numbers (integers with nulls become float64), NaT among times, else None among
        objects.
        """
        field = self.fields[index]
        if decodable(field):
            column = self.decoded(index)
            values, valid = column.values, column.valid
            if valid is None:
                return values
            if values.dtype.kind in "iu":
                values = values.astype(np.float64)
            if values.dtype.kind == "f":
                values[~valid] = np.nan
                return values
            return column.objects()
        times = self._times(index)
        if times is not None:
            return times
        return np.asarray(self.to_pyarrow(index).to_numpy())

    def _times(self, index: int) -> np.ndarray | None:
        """A column of dates, timestamps (with a zone: in UTC) or durations; None for other types."""
        field = self.fields[index]
        format = field.format
        if field.dictionary:
            return None
        if format in ("tdD", "tdm"):
            dtype, words = ("datetime64[D]", "i") if format == "tdD" else ("datetime64[ms]", "l")
        elif format[:2] == "ts":
            dtype, words = f"datetime64[{_UNITS[format[2]]}]", "l"
        elif format[:2] == "tD":
            dtype, words = f"timedelta64[{_UNITS[format[2]]}]", "l"
        else:
            return None
        column = self.decoded(index, words)
        values = column.values.astype(np.int64, copy=False).view(dtype)
        if column.valid is not None:
            values[~column.valid] = "NaT"
        return values

    def to_pyarrow(self, index: int) -> Any:
        """A column as a pyarrow.Array, a ChunkedArray where it is in several pieces. May be called once."""
        pyarrow = pyarrow_module()
        if self.table is not None:
            return pyarrow.table(self.table.select([self.fields[index].name])).column(0)
        array, schema = ArrowArray(), ArrowSchema()
        batch = self.batches[0]
        child, child_schema = children(batch.struct)[index], children(self.schema.struct)[index]
        capsules.move(ctypes.addressof(child), array)
        capsules.move(ctypes.addressof(child_schema), schema)
        array.offset += batch.struct.offset
        array.length = batch.struct.length
        return pyarrow.array(Export(array, schema))

    def to_list(self, index: int) -> list[Any]:
        """A column as Python values, None for null."""
        if decodable(self.fields[index]):
            column = self.decoded(index)
            return column.objects().tolist() if column.valid is not None else column.values.tolist()
        return list(self.to_pyarrow(index).to_pylist())

    # ---- all columns ----

    def to_table(self) -> Table:
        """A pf.Table. Takes the columns away."""
        if self.table is not None:
            return self.table
        from ._sources import Source

        source = Source(array=self.batches[0], schema=self.schema)
        return Table._of_stream(self.library, source.as_stream(self.library))

    def to_arrow(self) -> Any:
        """A pyarrow.Table. Takes the columns away."""
        pyarrow = pyarrow_module()
        if self.table is not None:
            return self.table.to_arrow()
        array, schema = ArrowArray(), ArrowSchema()
        capsules.move(self.batches[0].address, array)
        capsules.move(self.schema.address, schema)
        return pyarrow.Table.from_batches([pyarrow.record_batch(Export(array, schema))])


class Export:
    """An array that pyarrow takes over."""

    def __init__(self, array: ArrowArray, schema: ArrowSchema) -> None:
        self.array, self.schema = array, schema

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        return capsules.make(self.schema), capsules.make(self.array)


class _Writable:
    """Memory of a result, which only the array over it refers to."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values
        interface = values.__array_interface__
        self.__array_interface__ = {**interface, "data": (interface["data"][0], False)}


def _as_writable(values: np.ndarray) -> np.ndarray:
    return np.asarray(_Writable(values))
