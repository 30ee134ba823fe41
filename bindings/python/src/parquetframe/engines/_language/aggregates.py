"""Aggregates: a column to a scalar. Nulls are skipped; of no rows counts are 0 and the rest is null."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from ...exceptions import ArithmeticFailure, InvalidArgumentError, UnsupportedError
from . import exact
from .columns import Column, Fault, require, scalar, to_float
from .operators import refused
from .types import BOOL, FLOAT64, INT64, NULL, STRING, UINT64


def aggregated(
    name: str,
    column: Column,
    rows: np.ndarray,
    filtered: bool,
    ddof: Column | None,
    who: str,
    overflow: str,
) -> Column:
    """The value of an aggregate over the rows where `rows`. Faults of these rows stay faults.

    `filtered`: there is a FILTER, so that what fails for all rows may be needed by none.
    """
    faults = certain(column.faults, rows, filtered)
    if column.scalar:
        known = None if column.valid is None else np.broadcast_to(column.valid, len(rows))
        column = replace(column, values=np.broadcast_to(column.values, len(rows)), valid=known)
    made = _reduced(name, column, rows, ddof, who, overflow)
    return replace(made, faults=(*faults, *made.faults), scalar=True)


def certain(faults: tuple[Fault, ...], rows: np.ndarray, filtered: bool) -> list[Fault]:
    """The faults of an argument that an aggregate of these rows has, whoever needs it."""
    left = []
    for fault in faults:
        if (fault.rows & rows).any():
            left.append(Fault(np.ones(1, bool), _first_of(fault, rows), "aggregate"))
        elif fault.of == "literal" and not filtered:
            left.append(fault)
    return left


def _first_of(fault: Fault, rows: np.ndarray) -> Any:
    row = int(np.argmax(fault.rows & rows))
    return lambda _: fault.error(row)


def _reduced(
    name: str, column: Column, rows: np.ndarray, ddof: Column | None, who: str, overflow: str
) -> Column:
    if name in ("first", "last"):
        return _end(column, rows, name == "first")
    known = rows if column.valid is None else rows & column.valid
    if name == "count":
        return scalar(INT64, int(known.sum()))
    values = column.values if known.all() else column.values[known]
    if name == "count_distinct":
        return scalar(INT64, _distinct(column, values))
    if name in ("min", "max"):
        return _extreme(column, values, name == "min")
    if name in ("any", "all"):
        truths = require(column, BOOL, who)
        values = truths.values[known] if column.type == NULL else values
        found = None if not len(values) else bool(values.any() if name == "any" else values.all())
        return scalar(BOOL, found)
    if column.type == NULL:
        return scalar(INT64 if name == "sum" else FLOAT64, None)
    takes_bool = name != "median"
    if not (column.type.is_number or (takes_bool and column.type == BOOL)):
        if column.type.kind in ("date", "timestamp") and name in ("mean", "median"):
            raise UnsupportedError(f"{who}: the pandas engine does not take {column.type.name}")
        raise refused(who, [column], "number")
    if name == "sum":
        return _sum(column, values, overflow)
    if name in ("var", "std"):
        return _variance(to_float(_of(column, values)).values, _ddof(ddof, who), name == "std")
    if name == "mean":
        return _mean(column, values)
    return _median(values)


def _of(column: Column, values: np.ndarray) -> Column:
    return Column(column.type, values)


def _end(column: Column, rows: np.ndarray, first: bool) -> Column:
    places = np.flatnonzero(rows)
    if not len(places):
        return scalar(column.type, None)
    place = places[0 if first else -1]
    value = column.values[place] if column.known[place] else None
    return scalar(column.type, value)


def _distinct(column: Column, values: np.ndarray) -> int:
    if column.type == STRING:
        return len(set(values.tolist()))
    return len(np.unique(values))


def _extreme(column: Column, values: np.ndarray, least: bool) -> Column:
    if not len(values):
        return scalar(column.type, None)
    if column.type == STRING:
        return scalar(STRING, (min if least else max)(values.tolist()))
    if column.type.kind != "float":
        return scalar(column.type, values.min() if least else values.max())
    numbers = values[~np.isnan(values)]
    if not len(numbers):
        return scalar(column.type, values[0])
    value = numbers.min() if least else numbers.max()
    if value == 0:
        # -0.0 is less than 0.0.
        signs = np.signbit(numbers[numbers == 0])
        value = np.copysign(value, -1.0 if (signs.any() if least else signs.all()) else 1.0)
    return scalar(column.type, value)


def _integer_sum(values: np.ndarray) -> int:
    if values.dtype == bool:
        return int(values.sum())
    low = values & np.array(0xFFFF_FFFF, values.dtype) if values.dtype.itemsize == 8 else values
    high = int((values >> np.array(32, values.dtype)).sum()) if values.dtype.itemsize == 8 else 0
    return (high << 32) + int(low.sum(dtype=np.int64))


def _sum(column: Column, values: np.ndarray, overflow: str) -> Column:
    if column.type.kind == "float":
        return scalar(FLOAT64, _float_sum(values.astype(np.float64), 1) if len(values) else None)
    kind = UINT64 if column.type.dtype.kind == "u" else INT64
    if not len(values):
        return scalar(kind, None)
    total = _integer_sum(values)
    low = 0 if kind == UINT64 else -(2**63)
    if low <= total < low + 2**64:
        return scalar(kind, total)
    if overflow == "error":
        error = ArithmeticFailure(f"the sum {total} overflows {kind.name}")
        return replace(scalar(kind, None), faults=(Fault(np.ones(1, bool), lambda _: error, "aggregate"),))
    return scalar(kind, (total - low) % 2**64 + low if overflow == "wrap" else None)


def _float_sum(values: np.ndarray, count: int) -> float:
    """The sum divided by `count`, rounded once; NaN and infinities as in any addition."""
    if not np.isfinite(values).all():
        with np.errstate(invalid="ignore"):
            return float(values[~np.isfinite(values)].sum())
    return exact.nearest(exact.exact_sum(values) / count)


def _mean(column: Column, values: np.ndarray) -> Column:
    if not len(values):
        return scalar(FLOAT64, None)
    if column.type.kind == "float":
        return scalar(FLOAT64, _float_sum(values.astype(np.float64), len(values)))
    return scalar(FLOAT64, _integer_sum(values) / len(values))


def _ddof(ddof: Column | None, who: str) -> int:
    if ddof is None:
        return 1
    if not ddof.constant:
        raise InvalidArgumentError(f"{who}: 'ddof' must be a literal")
    if ddof.type.kind not in ("integer", "null"):
        raise refused(who, [ddof], "integer")
    if ddof.type == NULL or int(ddof.values[0]) < 0:
        raise InvalidArgumentError(f"{who}: ddof must be an integer that is not negative")
    return int(ddof.values[0])


def _variance(values: np.ndarray, ddof: int, root: bool) -> Column:
    count = len(values)
    if count <= ddof:
        return scalar(FLOAT64, None)
    if not np.isfinite(values).all():
        return scalar(FLOAT64, float("nan"))
    total = exact.exact_sum(values)
    cross = count * exact.exact_squares(values) - total * total
    variance = exact.nearest(cross / (count * (count - ddof)))
    return scalar(FLOAT64, math.sqrt(variance) if root else variance)


def _median(values: np.ndarray) -> Column:
    if not len(values):
        return scalar(FLOAT64, None)
    if values.dtype.kind == "f" and np.isnan(values).any():
        return scalar(FLOAT64, float("nan"))
    middle = len(values) // 2
    if len(values) % 2:
        return scalar(FLOAT64, float(np.partition(values, middle)[middle]))
    low, high = (float(one) for one in np.partition(values, [middle - 1, middle])[middle - 1 : middle + 1])
    if low == high:
        return scalar(FLOAT64, low)
    # From the upper end, as the library does it; each by its weight where the ends are no double apart.
    apart = high - low
    return scalar(FLOAT64, high - apart * 0.5 if math.isfinite(apart) else low * 0.5 + high * 0.5)
