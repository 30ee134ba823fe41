"""The input of a call: one Arrow array where all rows are in memory in one piece, a stream otherwise."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._native import capsules
from .._native._ctypes_decl import ArrowArray, ArrowSchema
from .._native.inputs import _stream_of_structs, is_pandas, read_parquet
from .._native.library import Library
from .._native.streams import Owned, Stream, columns_of, read_field
from ..exceptions import InvalidArgumentError
from ._columns import chunk, exportable, only_batch, pyarrow_module


@dataclass(frozen=True)
class Source:
    """A table that is about to be consumed: a struct array with its schema, or a stream."""

    stream: Stream | None = None
    array: Owned | None = None
    schema: Owned | None = None
    # Where memory is that the caller may write to: a result that shares it is copied.
    borrowed: tuple[tuple[int, int], ...] = ()

    def as_stream(self, library: Library) -> Stream:
        """The table as a stream."""
        if self.stream is not None:
            return self.stream
        assert self.array is not None
        assert self.schema is not None
        return Stream.of(_Batch(self.array, self.schema, library))


class _Batch:
    """A struct array that wants to be a stream."""

    def __init__(self, array: Owned, schema: Owned, library: Library) -> None:
        self.array, self.schema, self.library = array, schema, library

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        field = read_field(self.schema.struct)
        count = len(field.children)
        arrays, schemas = (ArrowArray * count)(), (ArrowSchema * count)()
        split(self.array, self.schema, arrays, schemas)
        names = [column.name for column in field.children]
        return _stream_of_structs(self.library, names, arrays, schemas).capsule()


def split(array: Owned, schema: Owned, arrays: Any, schemas: Any) -> None:
    """Moves the columns out of a struct array."""
    from .._native.streams import children

    offset, length = array.struct.offset, array.struct.length
    pairs = zip(children(array.struct), children(schema.struct), strict=True)
    for index, (child, child_schema) in enumerate(pairs):
        capsules.move(ctypes.addressof(child), arrays[index])
        capsules.move(ctypes.addressof(child_schema), schemas[index])
        arrays[index].offset += offset
        arrays[index].length = length


def of_columns(
    library: Library, columns: Mapping[str, Any], labels: Mapping[str, str] | None = None
) -> Source:
    """A table of arrays of any kind. Raises InvalidArgumentError for arrays that differ in length."""
    labels = labels or {}
    ready = {
        name: exportable(values, labels.get(name, f"column '{name}'")) for name, values in columns.items()
    }
    borrowed = tuple(memory for values in columns.values() if (memory := _memory_of(values)) is not None)
    count = len(ready)
    arrays, schemas = (ArrowArray * count)(), (ArrowSchema * count)()
    try:
        for index, (name, values) in enumerate(ready.items()):
            one = chunk(library, values, labels.get(name, f"column '{name}'"))
            if one is None:
                return Source(stream=_of_chunks(ready))
            capsules.move(one[0].address, arrays[index])
            capsules.move(one[1].address, schemas[index])
        _require_equal({name: arrays[index].length for index, name in enumerate(ready)}, labels)
        stream = _stream_of_structs(library, list(ready), arrays, schemas)
    finally:
        # What the library consumed has no release any more.
        for struct in (*arrays, *schemas):
            capsules.release(struct)
    schema = stream.schema_struct()
    batch = only_batch(stream)
    if batch is None:  # no rows
        return Source(stream=_of_chunks(ready))
    return Source(array=batch, schema=schema, borrowed=borrowed)


def _of_chunks(columns: Mapping[str, Any]) -> Stream:
    pyarrow = pyarrow_module()
    made = {}
    for name, values in columns.items():
        is_array = isinstance(values, (np.ndarray, pyarrow.Array, pyarrow.ChunkedArray))
        if not is_array and not hasattr(values, "__arrow_c_stream__"):
            values = pyarrow.array(values)
        made[name] = pyarrow.array(values) if isinstance(values, np.ndarray) else values
        if not is_array and hasattr(values, "__arrow_c_stream__"):
            made[name] = pyarrow.chunked_array(values)
    _require_equal({name: len(values) for name, values in made.items()}, {})
    return Stream.of(pyarrow.table(made))


def _require_equal(lengths: Mapping[str, int], labels: Mapping[str, str]) -> None:
    names = list(lengths)
    for name in names[1:]:
        if lengths[name] != lengths[names[0]]:
            told = [labels.get(n, f"column '{n}'") for n in (names[0], name)]
            raise InvalidArgumentError(
                f"{told[0]} has {lengths[names[0]]} values and {told[1]} has {lengths[name]}: "
                "arrays must be of equal length"
            )


def _memory_of(values: Any) -> tuple[int, int] | None:
    """Where values lie in memory that may be written to; None for those of other kinds, which never are."""
    if not isinstance(values, np.ndarray):
        array = getattr(values, "array", values)
        inside = (getattr(array, name, None) for name in ("_ndarray", "_data"))
        values = next((one for one in inside if isinstance(one, np.ndarray)), None)
    # What does not lie in one piece is copied anyway.
    if values is None or not values.flags.c_contiguous:
        return None
    return values.ctypes.data, values.ctypes.data + values.nbytes


def mentioned(names: Sequence[str], texts: Iterable[str]) -> list[str]:
    """The columns that expressions can name: those whose name stands anywhere in them.

    A name is compared without case, and one with a quote in it is always among them.
    """
    text = "\n".join(texts)
    small = text.lower()
    return [name for name in names if '"' in name or "`" in name or name in text or name.lower() in small]


def frame_columns(data: Any) -> dict[str, Any]:
    """The columns of a DataFrame or a mapping. Raises InvalidArgumentError for two of one name."""
    columns: dict[str, Any] = {}
    for label in data:
        name = str(label)
        if name in columns or (is_pandas(data) and list(data.columns).count(label) > 1):
            raise InvalidArgumentError(f"column '{name}' appears more than once")
        columns[name] = data[label]
    return columns


def _narrow(columns: Mapping[str, Any], texts: Iterable[str] | None) -> dict[str, Any]:
    """The columns that texts may name; one at least, so that there are rows."""
    if texts is None:
        return dict(columns)
    chosen = mentioned(list(columns), texts)
    if not chosen:
        plain = (
            n
            for n, values in columns.items()
            if getattr(getattr(values, "dtype", None), "kind", "O") in "iufb"
        )
        chosen = [name for name in (next(plain, next(iter(columns), None)),) if name is not None]
    return {name: columns[name] for name in chosen}


def of_table(library: Library, data: Any, texts: Iterable[str] | None = None) -> Source:
    """A table of any kind. `texts`: only columns that these expressions may name are needed."""
    if is_pandas(data) and not len(data.columns) and len(data):
        # There are rows though nothing is in them.
        return of_columns(library, {"": np.zeros(len(data), np.int8)})
    if is_pandas(data) or isinstance(data, Mapping):
        return of_columns(library, _narrow(frame_columns(data), texts))
    if isinstance(data, (str, os.PathLike)):
        stream = read_parquet(library, data)
        if texts is None:
            return Source(stream=stream)
        names = [column.name for column in columns_of(stream.schema())]
        chosen = mentioned(names, texts) or names[:1]
        return Source(stream=stream if len(chosen) == len(names) else read_parquet(library, data, chosen))
    if type(data).__name__ == "LazyFrame":
        data = data.collect()
    if not hasattr(data, "__arrow_c_stream__"):
        schema, array = Owned(ArrowSchema()), Owned(ArrowArray())
        schema_capsule, array_capsule = data.__arrow_c_array__()
        capsules.move(capsules.pointer(schema_capsule, ArrowSchema), schema.struct)
        capsules.move(capsules.pointer(array_capsule, ArrowArray), array.struct)
        columns_of(read_field(schema.struct))
        return Source(array=array, schema=schema)
    stream = Stream.of(data)
    columns_of(stream.schema())
    if not _is_in_memory(data):
        return Source(stream=stream)
    schema_struct = stream.schema_struct()
    batch = only_batch(stream)
    if batch is None:
        return Source(stream=Stream.of(data))
    return Source(array=batch, schema=schema_struct)


def _is_in_memory(data: Any) -> bool:
    """Whether a table can be exported twice."""
    from ..table import Table

    module = type(data).__module__.partition(".")[0]
    return isinstance(data, Table) or (
        module in ("pyarrow", "polars") and type(data).__name__ in ("Table", "RecordBatch", "DataFrame")
    )
