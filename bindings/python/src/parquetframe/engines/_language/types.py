"""The types of the language that this engine knows, and what they have in common.

The rules are those of the library (docs/expressions.md, "Types of results"): numbers widen, a literal number
takes the type of what stands beside it where it is one of its values, null goes with everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .columns import Column

UNITS = ("s", "ms", "us", "ns")


@dataclass(frozen=True)
class Type:
    """`kind`: "null", "bool", "integer", "float", "string", "date" or "timestamp". `name`: what it is
    called in the language. `dtype`: what NumPy holds its values in; dates are int32 days and timestamps
    int64 units since 1970, strings are Python objects.
    """

    kind: str
    name: str
    dtype: np.dtype
    unit: str = ""
    zone: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is an integer or a float."""
        return self.kind in ("integer", "float")

    @property
    def is_signed(self) -> bool:
        """Whether it is a signed integer."""
        return self.dtype.kind == "i"

    @property
    def width(self) -> int:
        """Bytes of a value."""
        return self.dtype.itemsize


def _simple(kind: str, name: str, dtype: str) -> Type:
    return Type(kind, name, np.dtype(dtype))


NULL = _simple("null", "null", "bool")
BOOL = _simple("bool", "bool", "bool")
STRING = _simple("string", "string", "O")
DATE = _simple("date", "date32", "int32")
_NUMBERS = {
    name: _simple("float" if name.startswith("f") else "integer", name, name)
    for name in (
        *("int8", "int16", "int32", "int64"),
        *("uint8", "uint16", "uint32", "uint64", "float32", "float64"),
    )
}
INT64, UINT64, FLOAT32, FLOAT64 = (_NUMBERS[name] for name in ("int64", "uint64", "float32", "float64"))
# In a comparison NumPy holds a signed integer against uint64 exactly, each in its own type.
EXACT = _simple("integer", "decimal128(20, 0)", "O")
# The names that CAST takes here; the library takes more.
NAMES = {
    **_NUMBERS,
    "bool": BOOL,
    "boolean": BOOL,
    "tinyint": _NUMBERS["int8"],
    "smallint": _NUMBERS["int16"],
    "int": _NUMBERS["int32"],
    "integer": _NUMBERS["int32"],
    "bigint": INT64,
    "utinyint": _NUMBERS["uint8"],
    "usmallint": _NUMBERS["uint16"],
    "uinteger": _NUMBERS["uint32"],
    "ubigint": UINT64,
    "float": FLOAT32,
    "real": FLOAT32,
    "double": FLOAT64,
    "utf8": STRING,
    "string": STRING,
    "text": STRING,
    "varchar": STRING,
}


def of_dtype(dtype: np.dtype) -> Type | None:
    """The type of numbers and booleans of NumPy; None for another dtype."""
    return BOOL if dtype == np.bool_ else _NUMBERS.get(dtype.name)


def timestamp(unit: str, zone: str | None) -> Type:
    """A point in time in units since 1970; without a zone as the clock on the wall shows it."""
    name = f"timestamp({unit})" if zone is None else f"timestamp({unit}, {zone})"
    return Type("timestamp", name, np.dtype("int64"), unit, zone)


def _common_number(left: Type, right: Type, comparison: bool) -> Type:
    if left.kind == right.kind == "float" or (left.kind == right.kind and left.is_signed == right.is_signed):
        return left if left.width >= right.width else right
    if left.kind == right.kind:
        signed, unsigned = (left, right) if left.is_signed else (right, left)
        width = max(signed.width, 2 * unsigned.width)
        return _NUMBERS[f"int{8 * width}"] if width <= 8 else EXACT if comparison else INT64

    def narrow(t: Type) -> bool:
        return t.width <= (4 if t.kind == "float" else 2)

    return FLOAT32 if narrow(left) and narrow(right) else FLOAT64


def common_pair(left: Type, right: Type, comparison: bool = False) -> Type | None:
    """The type that values of both can be brought to; None where there is none."""
    if left == right or right == NULL:
        return left
    if left == NULL:
        return right
    if EXACT in (left, right):
        other = right if left == EXACT else left
        return EXACT if other.kind == "integer" else FLOAT64 if other.kind == "float" else None
    if left.is_number and right.is_number:
        return _common_number(left, right, comparison)
    if {left.kind, right.kind} == {"date", "timestamp"}:
        time = left if left.kind == "timestamp" else right
        return time if time.zone is None else None
    if left.kind == right.kind == "timestamp" and (left.zone is None) == (right.zone is None):
        return timestamp(max(left.unit, right.unit, key=UNITS.index), left.zone)
    return None


def fits(value: int | float, to: Type) -> bool:
    """Whether a literal number is a value of an integer or float type, exactly."""
    if isinstance(value, float):
        if to.kind == "float":
            with np.errstate(over="ignore"):
                return float(to.dtype.type(value)) == value
        return value.is_integer() and abs(value) < 1e18 and fits(int(value), to)
    if to.kind == "float":
        digits = 53 if to.width == 8 else 24
        magnitude = abs(value)
        return magnitude == 0 or magnitude.bit_length() - (magnitude & -magnitude).bit_length() < digits
    limits = np.iinfo(to.dtype)
    return int(limits.min) <= value <= int(limits.max)


def _adapted(literal: Column, other: Type, comparison: bool) -> Type:
    """The type of a literal number beside values of type `other`."""
    assert literal.number is not None
    if other.kind == "integer" and literal.type.kind == "float" and not comparison:
        return literal.type
    if other.is_number and other != EXACT and fits(literal.number, other):
        return other
    return literal.type


def adapted(arguments: Sequence[Column], comparison: bool = False) -> list[Type] | None:
    """The arguments' types once literals took those that stand beside them; None where nothing is common."""

    def is_loose(argument: Column) -> bool:
        return argument.number is not None or (argument.constant and argument.type == STRING)

    base: Type | None = NULL
    for argument in arguments:
        if not is_loose(argument):
            assert base is not None
            base = common_pair(base, argument.type, comparison)
            if base is None:
                return None
    assert base is not None
    types = []
    for argument in arguments:
        if argument.number is not None:
            types.append(_adapted(argument, base, comparison))
        elif is_loose(argument) and base.kind in ("date", "timestamp"):
            types.append(base)
        else:
            types.append(argument.type)
    return types


def common(arguments: Sequence[Column], comparison: bool = False) -> Type | None:
    """The type that all arguments can be brought to; None where there is none."""
    types = adapted(arguments, comparison)
    if types is None:
        return None
    result: Type | None = NULL
    for one in types:
        assert result is not None
        result = common_pair(result, one, comparison)
        if result is None:
            return None
    return result
