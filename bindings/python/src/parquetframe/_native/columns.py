"""One column of Python data as a NumPy array: the part that both engines share, so that they refuse the
same things.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from ..exceptions import InvalidArgumentError, WrongTypeError


def try_import(name: str) -> Any:
    """A module, None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def plain_column(values: Any, name: str, ids: bool = False) -> np.ndarray:
    """The values as a contiguous array of numbers or booleans, or as an object array of `str`.

    Takes NumPy arrays, lists, pandas Series and what exports an Arrow array or stream. Raises
    InvalidArgumentError for a null (not for NaN among floating-point numbers) and WrongTypeError for values
    of several kinds or of another kind. `ids`: messages speak of vertex ids, and whole floating-point numbers
    (pandas makes such of integers that it joins) become integers, but for those of Arrow.
    """
    of_arrow = False
    if hasattr(values, "dtype") and hasattr(values, "to_numpy") and hasattr(values, "isna"):
        values = _from_series(values, name, ids)
    elif not isinstance(values, np.ndarray):
        if hasattr(values, "__arrow_c_array__") or hasattr(values, "__arrow_c_stream__"):
            values, of_arrow = _from_arrow(values, name, ids), True
        elif isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            raise WrongTypeError(f"{name} must be an array or a list, not {type(values).__name__}")
        else:
            values = _from_objects(list(values), name, ids)
    if values.ndim != 1:
        raise InvalidArgumentError(f"{name} must have one dimension, not {values.ndim}")
    if values.dtype.kind in "OU":
        values = _from_objects(values.tolist(), name, ids) if len(values) else np.empty(0, object)
    elif values.dtype.kind not in "biuf":
        raise wrong_kind(name, ids, values.dtype)
    if ids and values.dtype.kind == "f" and len(values) and not of_arrow:
        return whole_numbers(values, name, ids)
    return np.ascontiguousarray(values, values.dtype.newbyteorder("="))


def mask_column(values: Any, name: str) -> np.ndarray:
    """The values as `plain_column` gives them, with False for a null."""
    if hasattr(values, "dtype") and hasattr(values, "isna"):
        missing = np.asarray(values.isna())
        if missing.any() and values.dtype.kind in "bO":
            values = np.where(missing, False, values.to_numpy(object))
    elif isinstance(values, np.ndarray):
        if values.dtype == object and values.ndim == 1:
            values = _without_nulls(values.tolist())
    elif hasattr(values, "__arrow_c_array__") or hasattr(values, "__arrow_c_stream__"):
        column = _arrow_column(values, name, False)
        if not isinstance(column, np.ndarray):
            known = column.valid is None or column.values.dtype != bool
            return column.values if known else np.where(column.valid, column.values, False)
    elif hasattr(values, "__iter__") and not isinstance(values, (str, bytes)):
        values = _without_nulls(list(values))
    return plain_column(values, name)


def _without_nulls(values: list[Any]) -> list[Any]:
    return [False if _is_null(value, True) else value for value in values]


def whole_numbers(values: np.ndarray, name: str, ids: bool) -> np.ndarray:
    """Floating-point numbers as int64. Raises InvalidArgumentError for NaN, WrongTypeError for what is no
    whole number, or so great that it may have been another.
    """
    exact = 2 ** (np.finfo(values.dtype).nmant + 1)
    bad = ~((np.abs(values) <= exact) & (np.floor(values) == values))
    if bad.any():
        row = int(bad.argmax())
        if np.isnan(values[row]):
            raise null_value(name, row, ids)
        kind = "integers or strings as vertex ids" if ids else "integers"
        raise WrongTypeError(f"{name} must hold {kind}, not {values.dtype}: {values[row]:g} in row {row}")
    return values.astype(np.int64)


def is_text_series(series: Any) -> bool:
    """Whether a pandas Series or Index holds something that pyarrow turns into Arrow better than NumPy
    does.
    """
    return series.dtype.kind in "OU" or not isinstance(series.dtype, np.dtype)


def _from_series(series: Any, name: str, ids: bool) -> np.ndarray:
    dtype = series.dtype
    if isinstance(dtype, np.dtype):
        return series.to_numpy()
    missing = np.asarray(series.isna())
    if missing.any():
        raise null_value(name, int(missing.argmax()), ids)
    plain = getattr(dtype, "numpy_dtype", np.dtype(object))
    if plain.kind in "biuf":
        return series.to_numpy(dtype=plain)
    return np.asarray(series.to_numpy())


def _from_arrow(values: Any, name: str, ids: bool) -> np.ndarray:
    column = _arrow_column(values, name, ids)
    if isinstance(column, np.ndarray):
        return column
    if column.valid is not None:
        raise null_value(name, int((~column.valid).argmax()), ids)
    array: np.ndarray = column.values
    return array


def _arrow_column(values: Any, name: str, ids: bool) -> Any:
    """What an exporter exports, with what is null in it; an array of what a dictionary stands for."""
    from . import capsules
    from ._ctypes_decl import ArrowArray, ArrowSchema
    from .decode import Chunk, decodable, decode
    from .streams import Owned, Stream, read_field, type_name

    if hasattr(values, "__arrow_c_stream__"):
        stream = Stream.of(values)
        field, arrays = stream.schema(), list(stream.batches())
    else:
        schema, array = Owned(ArrowSchema()), Owned(ArrowArray())
        schema_capsule, array_capsule = values.__arrow_c_array__()
        capsules.move(capsules.pointer(schema_capsule, ArrowSchema), schema.struct)
        capsules.move(capsules.pointer(array_capsule, ArrowArray), array.struct)
        field, arrays = read_field(schema.struct), [array]
    if field.dictionary and hasattr(values, "to_numpy"):
        return np.asarray(values.to_numpy())
    if not decodable(field):
        raise wrong_kind(name, ids, type_name(field))
    return decode(field, [Chunk.of(array) for array in arrays])


def _from_objects(values: list[Any], name: str, ids: bool) -> np.ndarray:
    kinds = set(map(type, values))
    if not kinds:
        return np.empty(0, np.int64)
    if all(issubclass(kind, str) for kind in kinds):
        texts = np.empty(len(values), object)
        texts[:] = values
        return texts
    # Among strings NaN is how pandas writes a null; among numbers it is a number.
    texts_too = any(issubclass(kind, str) for kind in kinds)
    row = next((row for row, value in enumerate(values) if _is_null(value, texts_too)), None)
    if row is not None:
        raise null_value(name, row, ids)
    if all(issubclass(kind, (bool, np.bool_)) for kind in kinds):
        return np.array(values, bool)
    if all(issubclass(kind, (int, np.integer)) and kind is not bool for kind in kinds):
        try:
            numbers = np.array(values)
        except OverflowError:
            numbers = np.array(values, object)
        if numbers.dtype.kind in "iu":
            return numbers
        raise WrongTypeError(
            f"{name} holds integers beyond 64 bits, or negative ones beside some above 2^63 - 1"
        )
    if all(issubclass(kind, (int, float, np.integer, np.floating)) and kind is not bool for kind in kinds):
        return np.array(values, float)
    names = sorted(kind.__name__ for kind in kinds)
    if len(names) == 1:
        raise wrong_kind(name, ids, names[0])
    wanted = "integers or strings" if ids else "numbers or strings"
    raise WrongTypeError(f"{name} must hold {wanted}, and not both: it holds {', '.join(names)}")


def _is_null(value: Any, nan_too: bool) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return nan_too and isinstance(value, float) and value != value


def null_value(name: str, row: int, ids: bool) -> InvalidArgumentError:
    """The error for a null."""
    return InvalidArgumentError(f"{name} holds a null{' vertex id' if ids else ''}, in row {row}")


def wrong_kind(name: str, ids: bool, kind: Any) -> WrongTypeError:
    """The error for values of a type that no column here has."""
    wanted = "integers or strings as vertex ids" if ids else "numbers or strings"
    return WrongTypeError(f"{name} must hold {wanted}, not {kind}")
