"""Columns of values with nulls: out of pandas and Arrow data, and from one type to another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...exceptions import ArithmeticFailure, UnsupportedError, WrongTypeError
from . import types
from .types import BOOL, DATE, EXACT, FLOAT64, NULL, STRING, Type


@dataclass(frozen=True)
class Fault:
    """Rows that have no value: what is raised if one of them is needed. AND, OR, CASE and COALESCE take away
    the rows that they do not need.
    """

    rows: np.ndarray
    error: Callable[[int], Exception]
    # "row"; "literal", which fails though there be no row; or "aggregate", which is computed whoever needs
    # it.
    of: str = "row"


@dataclass(frozen=True)
class Column:
    """Values of one type; one that stands for all rows where `scalar`.

    `valid`: where it is not null, None for everywhere. `number`: that of a literal, which takes the type of
    what stands beside it. `constant`: whether it is made of literals alone.
    """

    type: Type
    values: np.ndarray
    valid: np.ndarray | None = None
    scalar: bool = False
    number: int | float | None = None
    constant: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def known(self) -> np.ndarray:
        """Where it is not null."""
        return np.ones(len(self.values), bool) if self.valid is None else self.valid

    def at(self, row: int) -> Any:
        """The value of a row for a message."""
        value = self.values[0 if len(self.values) == 1 else row]
        return value.item() if isinstance(value, np.generic) else value

    def without_faults(self) -> Column:
        """The same, once its faults are somebody else's."""
        return replace(self, faults=()) if self.faults else self


def scalar(kind: Type, value: Any, **more: Any) -> Column:
    """One value for all rows, null for None."""
    values = np.empty(1, kind.dtype)
    values[0] = ("" if kind == STRING else 0) if value is None else value
    return Column(kind, values, None if value is not None else np.zeros(1, bool), scalar=True, **more)


def result(
    kind: Type,
    values: np.ndarray,
    inputs: Sequence[Column],
    valid: np.ndarray | None = None,
    faults: Sequence[Fault] = (),
) -> Column:
    """What a function gives for its arguments: a scalar where all of them are, and with their faults."""
    return Column(
        kind,
        values,
        valid,
        scalar=all(column.scalar for column in inputs),
        constant=all(column.constant for column in inputs),
        faults=(*(fault for column in inputs for fault in column.faults), *faults),
    )


def both_known(*columns: Column) -> np.ndarray | None:
    """Where none is null; None for everywhere."""
    valid: np.ndarray | None = None
    for column in columns:
        if column.valid is not None:
            valid = column.valid if valid is None else valid & column.valid
    return valid


def settled(
    kind: Type,
    values: np.ndarray,
    inputs: Sequence[Column],
    wrong: np.ndarray,
    null: bool,
    error: Callable[[int], Exception],
) -> Column:
    """A result in which the rows `wrong` have no value: they are null, or a fault unless `null`."""
    valid = both_known(*inputs)
    if valid is not None:
        wrong = wrong & valid
    if not wrong.any():
        return result(kind, values, inputs, valid)
    valid = ~wrong if valid is None else valid & ~wrong
    of = "literal" if all(column.constant for column in inputs) else "row"
    return result(kind, values, inputs, valid, [] if null else [Fault(wrong, error, of)])


# ---- from data ----


def column_of(values: Any, name: str, nan_is_null: bool) -> Column:
    """A column of pandas or Arrow data. Raises UnsupportedError for a type that this engine does not know,
    WrongTypeError for values of several types.
    """
    from ...compute._columns import exportable

    ready = exportable(values, f"column '{name}'")
    if isinstance(ready, np.ndarray):
        kind = types.of_dtype(ready.dtype)
        if kind is None:
            raise _unknown(name, ready.dtype)
        return _with_nan(Column(kind, ready), nan_is_null)
    return _with_nan(_of_arrow(ready, name), nan_is_null)


def _with_nan(column: Column, nan_is_null: bool) -> Column:
    if not nan_is_null or column.type.kind != "float":
        return column
    missing = np.isnan(column.values)
    if not missing.any():
        return column
    return replace(column, valid=column.known & ~missing)


def _unknown(name: str, kind: Any) -> UnsupportedError:
    return UnsupportedError(
        f"column '{name}' is of type {kind}, which the pandas engine does not compute with",
        "It computes with booleans, integers, floats of 4 and 8 bytes, strings, dates and timestamps",
    )


def _of_arrow(array: Any, name: str) -> Column:
    import pyarrow as pa

    if not isinstance(array, (pa.Array, pa.ChunkedArray)):
        array = pa.chunked_array(array) if hasattr(array, "__arrow_c_stream__") else pa.array(array)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    valid = None
    if array.null_count:
        valid = array.is_valid().to_numpy(zero_copy_only=False)
    kind, storage, fill = _arrow_type(pa, array.type, name)
    if kind == NULL:
        return Column(NULL, np.zeros(len(array), bool), np.zeros(len(array), bool))
    if storage is not None:
        array = array.cast(storage)
    if array.null_count:
        array = array.fill_null(fill)
    values = array.to_numpy(zero_copy_only=False)
    return Column(kind, values if kind == STRING else values.astype(kind.dtype, copy=False), valid)


def _arrow_type(pa: Any, given: Any, name: str) -> tuple[Type, Any, Any]:
    """The type, what its values are stored as, and what stands for a null."""
    if pa.types.is_null(given):
        return NULL, None, None
    if pa.types.is_boolean(given):
        return BOOL, None, False
    if pa.types.is_string(given) or pa.types.is_large_string(given) or str(given) == "string_view":
        return STRING, pa.large_string() if str(given) == "string_view" else None, ""
    if pa.types.is_timestamp(given):
        return types.timestamp(given.unit, given.tz), pa.int64(), 0
    if pa.types.is_date32(given):
        return DATE, pa.int32(), 0
    if (pa.types.is_integer(given) or pa.types.is_floating(given)) and str(given) != "halffloat":
        kind = types.of_dtype(np.dtype(given.to_pandas_dtype()))
        if kind is not None:
            return kind, None, 0
    raise _unknown(name, given)


# ---- from one type to another ----


def converted(column: Column, to: Type, null: bool = False) -> Column:
    """The values in another type, with faults (null: nulls) where they do not fit.

    For what stands beside each other; `CAST` is `cast`. The types have something in common.
    """
    if column.type == to or to == EXACT:
        return replace(column, number=None)
    if column.type == NULL:
        fill = np.full(len(column.values), "" if to == STRING else 0, to.dtype)
        return replace(column, type=to, values=fill, number=None)
    if column.type == STRING and to.kind in ("date", "timestamp"):
        from .literals import time_of

        return scalar(to, time_of(column.at(0), to), constant=True)
    if to.kind == "timestamp":
        return _in_unit(column, to, null)
    return cast(column, to, null)


def _in_unit(column: Column, to: Type, null: bool) -> Column:
    """Dates and timestamps in a finer unit."""
    day = column.type.kind == "date"
    factor = 1000 ** (types.UNITS.index(to.unit) - (0 if day else types.UNITS.index(column.type.unit)))
    factor *= 86_400 if day else 1
    limit = (2**63 - 1) // factor
    values = column.values.astype(np.int64)
    wrong = (values > limit) | (values < -limit)

    def error(row: int) -> Exception:
        return ArithmeticFailure(f"{column.at(row)} does not fit {to.name}")

    return settled(to, values * np.int64(factor), [column], wrong, null, error)


def cast(column: Column, to: Type, null: bool = False) -> Column:
    """`CAST` between booleans, numbers, and text of integers and booleans; nulls instead of faults with
    `null`.

    Floats lose their fraction towards zero as integers. Raises WrongTypeError and UnsupportedError for other
    types.
    """
    source = column.type
    if source == to:
        return replace(column, number=None)
    if source == NULL:
        return converted(column, to)
    if to == STRING and source.kind in ("integer", "bool"):
        words = np.empty(len(column.values), object)
        words[:] = [str(value).lower() for value in column.values.tolist()]
        return result(STRING, words, [column], column.valid)
    if STRING in (source, to) or not (source.is_number or source == BOOL) or not (to.is_number or to == BOOL):
        text = f"the pandas engine does not convert {source.name} to {to.name}"
        raise UnsupportedError(text)
    values = column.values
    wrong = np.zeros(len(values), bool)
    if to.kind == "integer" and source.kind == "float":
        whole = np.trunc(values.astype(np.float64))
        low, high = int(np.iinfo(to.dtype).min), int(np.iinfo(to.dtype).max)
        # 2**63 and 2**64 are floats, the limits below them are not.
        wrong = ~((whole >= float(low)) & (whole < float(high + 1)))
        values = np.where(wrong, 0.0, whole)
    elif to.kind == "integer" and source.kind == "integer":
        low, high = int(np.iinfo(to.dtype).min), int(np.iinfo(to.dtype).max)
        own = np.iinfo(source.dtype)
        wrong = np.zeros(len(values), bool)
        if int(own.min) < low:
            wrong |= values < low
        if int(own.max) > high:
            wrong |= values > high
    with np.errstate(over="ignore"):
        made = values.astype(to.dtype)
    if to.kind == "float" and source.kind == "float":
        wrong = np.isinf(made) & ~np.isinf(values)

    def error(row: int) -> Exception:
        return ArithmeticFailure(f"{column.at(row)} does not fit {to.name}")

    return settled(to, made, [column], wrong, null, error)


def require(column: Column, kind: Type, who: str) -> Column:
    """The column, if it is of this type; NULL becomes it. Raises WrongTypeError otherwise."""
    if column.type == NULL:
        return converted(column, kind)
    if column.type != kind:
        takes = "boolean" if kind == BOOL else kind.name
        raise WrongTypeError(f"{who}: cannot take {column.type.name}; takes {takes}")
    return column


def require_number(column: Column, who: str) -> Column:
    """The column, if it holds numbers; NULL becomes int64. Raises WrongTypeError otherwise."""
    if column.type == NULL:
        return converted(column, types.INT64)
    if not column.type.is_number:
        raise WrongTypeError(f"{who}: cannot take {column.type.name}; takes number")
    return column


def to_float(column: Column) -> Column:
    """Numbers and booleans as float64."""
    return converted(column, FLOAT64)
