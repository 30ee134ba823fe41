"""Python data on its way into the library, as Arrow streams and arrays."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..exceptions import InvalidArgumentError, WrongTypeError
from . import capsules
from ._ctypes_decl import ArrowArray, ArrowSchema
from .calls import CONTEXT, run
from .columns import is_text_series, plain_column, try_import
from .decode import FORMATS
from .errors import check
from .handles import Options, c_string, string_array
from .library import Library
from .streams import Owned, Stream, children, columns_of, read_field


def is_pandas(data: Any, kind: str = "DataFrame") -> bool:
    """Whether `data` is a pandas object of that class; pandas is not imported to find out."""
    return any(
        cls.__name__ == kind and cls.__module__.split(".")[0] == "pandas" for cls in type(data).__mro__
    )


def stream_of(
    library: Library,
    data: Any,
    columns: Sequence[str] | None = None,
    labels: Mapping[str, tuple[str, bool]] | None = None,
    name: str = "data",
) -> Stream:
    """A stream of `columns` of `data` (None: all).

    Exporters of Arrow data may give more columns than asked for.

    `labels`: what messages call the columns, and whether they hold vertex ids. `name`: what messages call
    `data`.

    `data` is a path to Parquet, a pandas DataFrame, a mapping of names to arrays, or anything with
    `__arrow_c_stream__` or `__arrow_c_array__`. Raises WrongTypeError for something else,
    InvalidArgumentError for a column that is not there.
    """
    require_table(data, name)
    if isinstance(data, (str, os.PathLike)):
        return read_parquet(library, data, columns)
    if is_pandas(data) or isinstance(data, Mapping):
        return _stream_of_arrays(library, _pick(data, columns), labels or {})
    if hasattr(data, "__arrow_c_stream__"):
        return Stream.of(_without_number_categories(data))
    return _stream_of_batch(library, data)


def require_table(data: Any, name: str) -> None:
    """Raises WrongTypeError, which names the argument, unless a table can be read from `data`."""
    if not (
        isinstance(data, (str, os.PathLike, Mapping))
        or is_pandas(data)
        or hasattr(data, "__arrow_c_stream__")
        or hasattr(data, "__arrow_c_array__")
    ):
        raise WrongTypeError(
            f"{name} must be a path, a data frame, a mapping of names to arrays, "
            f"or an object with __arrow_c_stream__, not {type(data).__name__}"
        )


def read_parquet(
    library: Library,
    path: str | os.PathLike[str],
    columns: Iterable[str] | None = None,
    batch_size: int | None = None,
) -> Stream:
    """A Parquet file, folder or glob as a stream."""
    names = None if columns is None else list(columns)
    options = Options.of(library, columns=names, batch_size=batch_size)
    stream = Stream()
    run(
        library,
        "pf_parquet_read",
        c_string(os.fspath(path), "path"),
        options.address,
        CONTEXT,
        stream.address,
        label="read_parquet",
    )
    return stream


def array_of(library: Library, values: Any, name: str) -> tuple[Owned, Owned]:
    """A column of vertex ids as an ArrowArray and its ArrowSchema. Raises as `columns.plain_column`."""
    array, schema = Owned(ArrowArray()), Owned(ArrowSchema())
    _fill(library, values, (name, True), array.struct, schema.struct)
    return array, schema


def _pick(data: Any, columns: Sequence[str] | None) -> dict[str, Any]:
    known = [str(column) for column in data]
    for column in known if columns is None else columns:
        if known.count(column) > 1:
            raise InvalidArgumentError(f"column '{column}' appears more than once")
        if column not in known:
            raise InvalidArgumentError(f"unknown column '{column}'; the columns are: {', '.join(known)}")
    by_name = dict(zip(known, data, strict=True))
    return {name: data[by_name[name]] for name in (known if columns is None else columns)}


def _stream_of_arrays(
    library: Library, columns: Mapping[str, Any], labels: Mapping[str, tuple[str, bool]]
) -> Stream:
    count = len(columns)
    arrays, schemas = (ArrowArray * count)(), (ArrowSchema * count)()
    try:
        for index, (name, values) in enumerate(columns.items()):
            label = labels.get(name, (f"column '{name}'", False))
            _fill(library, values, label, arrays[index], schemas[index], borrow=name in labels)
        return _stream_of_structs(library, list(columns), arrays, schemas)
    finally:
        # What the library consumed has no release any more.
        for struct in (*arrays, *schemas):
            capsules.release(struct)


def _stream_of_structs(library: Library, names: list[str], arrays: Any, schemas: Any) -> Stream:
    texts = string_array([c_string(name, "column name") for name in names])
    stream = Stream()
    status = library.pf_stream_from_arrays(
        len(names),
        ctypes.addressof(texts),
        ctypes.addressof(arrays),
        ctypes.addressof(schemas),
        stream.address,
    )
    check(library, status)
    return stream


# From this many bytes on numbers are borrowed where pyarrow can lend them; importing it takes as long as
# copying 64 MiB.
_LENT, _LENT_BY_IMPORT = 1 << 20, 1 << 26


def _lender(plain: np.ndarray) -> Any:
    """An Arrow array over the memory of a NumPy one; None where it has to be copied."""
    if plain.dtype == bool or plain.nbytes < _LENT or not plain.flags.c_contiguous:
        return None
    pyarrow = sys.modules.get("pyarrow") or (
        try_import("pyarrow") if plain.nbytes >= _LENT_BY_IMPORT else None
    )
    return None if pyarrow is None else pyarrow.array(plain)


def _fill(
    library: Library,
    values: Any,
    label: tuple[str, bool],
    array: ArrowArray,
    schema: ArrowSchema,
    borrow: bool = False,
) -> None:
    """Makes an Arrow array of any column-like thing.

    `borrow`: it lives no longer than the call that it is for, so that numbers need not be copied.
    """
    exporter = None if _needs_numpy(values, label[1]) else arrow_exporter(values)
    if exporter is not None:
        schema_capsule, array_capsule = exporter.__arrow_c_array__()
        capsules.move(capsules.pointer(schema_capsule, ArrowSchema), schema)
        capsules.move(capsules.pointer(array_capsule, ArrowArray), array)
        return
    plain, name = plain_column(values, *label), label[0]
    if plain.dtype == object:
        _fill_texts(library, plain, name, array, schema)
        return
    format = "b" if plain.dtype == bool else FORMATS.get(plain.dtype)
    if format is None:
        raise WrongTypeError(f"{name} holds {plain.dtype}, which is no type of a column here")
    lender = _lender(plain) if borrow else None
    if lender is not None:
        _fill(library, lender, label, array, schema)
        return
    outputs = ctypes.addressof(array), ctypes.addressof(schema)
    check(library, library.pf_array_from_buffer(format.encode(), plain.ctypes.data, len(plain), *outputs))


def _fill_texts(
    library: Library, texts: np.ndarray, name: str, array: ArrowArray, schema: ArrowSchema
) -> None:
    pyarrow = try_import("pyarrow")
    if pyarrow is not None:
        _fill(library, pyarrow.array(texts, pyarrow.large_string()), (name, False), array, schema)
        return
    strings = string_array([c_string(text, name) for text in texts])
    outputs = ctypes.addressof(array), ctypes.addressof(schema)
    check(library, library.pf_array_from_strings(ctypes.addressof(strings), len(texts), *outputs))


def _has_number_categories(type: Any) -> bool:
    """Whether a type of pyarrow is a dictionary of something else than strings."""
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is None or not isinstance(type, pyarrow.DictionaryType):
        return False
    return bool(pyarrow.types.is_integer(type.value_type) or pyarrow.types.is_floating(type.value_type))


def _without_number_categories(data: Any) -> Any:
    """A table of pyarrow whose dictionaries of numbers are the numbers; anything else as it is."""
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is None or not isinstance(data, pyarrow.Table):
        return data
    for index, field in enumerate(data.schema):
        if _has_number_categories(field.type):
            data = data.set_column(index, field.name, data.column(index).cast(field.type.value_type))
    return data


def _needs_numpy(values: Any, ids: bool) -> bool:
    """Whether Arrow would make something of a column that the library does not take: of categories that are
    numbers, and of floating-point numbers as ids, where a Series holds them.
    """
    if not (is_pandas(values, "Series") or is_pandas(values, "Index")):
        return _has_number_categories(getattr(values, "type", None))
    categories = getattr(values.dtype, "categories", None)
    if categories is not None:
        return getattr(categories.dtype, "kind", "O") in "iufb"
    return ids and values.dtype.kind == "f"


def arrow_exporter(values: Any) -> Any:
    """What exports `values` as one Arrow array, None where it has to go through NumPy."""
    if is_pandas(values, "Series") or is_pandas(values, "Index"):
        pyarrow = try_import("pyarrow") if is_text_series(values) else None
        if pyarrow is None:
            return None
        try:
            values = pyarrow.array(values, from_pandas=True)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
            return None  # values of several types: NumPy's way says so with the name of the column
    if hasattr(values, "combine_chunks"):
        values = values.combine_chunks()
    if getattr(values, "num_chunks", None) is not None and hasattr(values, "chunks"):
        # An empty chunked array of older pyarrow combines to a chunked array.
        values = values.chunks[0] if values.num_chunks == 1 else None
    return values if hasattr(values, "__arrow_c_array__") else None


def _stream_of_batch(library: Library, data: Any) -> Stream:
    """A stream of one batch from `__arrow_c_array__`: of a struct its fields, of another array a column."""
    schema_capsule, array_capsule = data.__arrow_c_array__()
    schema, array = Owned(ArrowSchema()), Owned(ArrowArray())
    capsules.move(capsules.pointer(schema_capsule, ArrowSchema), schema.struct)
    capsules.move(capsules.pointer(array_capsule, ArrowArray), array.struct)
    field = read_field(schema.struct)
    if field.format != "+s":
        arrays, schemas = (ArrowArray * 1)(), (ArrowSchema * 1)()
        capsules.move(array.address, arrays[0])
        capsules.move(schema.address, schemas[0])
        return _stream_of_structs(library, [field.name or "vertex"], arrays, schemas)
    if array.struct.null_count:
        raise InvalidArgumentError("a struct array with null rows is no table")
    count, offset, length = len(columns_of(field)), array.struct.offset, array.struct.length
    arrays, schemas = (ArrowArray * count)(), (ArrowSchema * count)()
    for index, (child, child_schema) in enumerate(
        zip(children(array.struct), children(schema.struct), strict=True)
    ):
        capsules.move(ctypes.addressof(child), arrays[index])
        capsules.move(ctypes.addressof(child_schema), schemas[index])
        arrays[index].offset += offset
        arrays[index].length = length
    return _stream_of_structs(library, [column.name for column in field.children], arrays, schemas)
