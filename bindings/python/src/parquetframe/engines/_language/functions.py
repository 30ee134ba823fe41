"""Functions of rows: conditions, numbers and strings."""

from __future__ import annotations

import decimal
import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...exceptions import ArithmeticFailure, InvalidArgumentError, UnsupportedError
from . import types
from .columns import Column, both_known, converted, require, require_number, result, settled
from .operators import brought, only_where, refused
from .types import BOOL, INT64, NULL, STRING

# Where Python's folding of case is not the simple folding of Unicode.
_DOTTED = "\u0130\u0131"
_ROUNDING = decimal.Context(prec=1200, rounding=decimal.ROUND_HALF_UP, Emax=2000, Emin=-2000)
_MOST_DIGITS = 400


# ---- conditions ----


def case(arguments: Sequence[Column], who: str, null: bool) -> Column:
    """The value after the first condition that is true, else the last; conditions and values by turns."""
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        raise refused(who, arguments, "condition and value by turns, and a last value")
    conditions = []
    for column in arguments[:-1:2]:
        if column.type not in (BOOL, NULL):
            raise refused(who, [column], "a boolean as condition")
        conditions.append(converted(column, BOOL))
    values = brought(who, [*arguments[1::2], arguments[-1]], null)
    needed = np.ones(1, bool)
    chosen = []
    parts: list[Column] = []
    dead = False
    for condition, value in zip(conditions, values, strict=False):
        # The first condition is needed by all rows, though there be none.
        condition = only_where(condition, needed, dead) if parts else condition
        hits = needed & condition.known & condition.values
        never = condition.constant and not _is_true(condition)
        parts += [condition, only_where(value, hits, dead or never)]
        dead = dead or (condition.constant and not never)
        chosen.append(hits)
        needed = needed & ~hits
    parts.append(only_where(values[-1], needed, dead))
    return _selected(parts, chosen, values)


def _is_true(condition: Column) -> bool:
    """Whether a condition of literals is true."""
    return bool(condition.known[0] and condition.values[0])


def _selected(parts: Sequence[Column], chosen: Sequence[np.ndarray], values: Sequence[Column]) -> Column:
    """The value of each row by the masks, which exclude each other; the last value where there is none."""
    made, valid = values[-1].values, values[-1].known
    for hits, value in zip(chosen, values, strict=False):
        made = np.where(hits, value.values, made)
        valid = np.where(hits, value.known, valid)
    rows = max((len(part.values) for part in parts if not part.scalar), default=1)
    if not all(part.scalar for part in parts):
        made, valid = (np.broadcast_to(one, rows) for one in (made, valid))
    return result(values[0].type, made, parts, None if valid.all() else valid)


def coalesce(arguments: Sequence[Column], who: str, null: bool) -> Column:
    """The first argument that is not null; what a row does not need raises nothing."""
    values = brought(who, arguments, null)
    needed = np.ones(1, bool)
    parts: list[Column] = []
    chosen: list[np.ndarray] = []
    dead = False
    for value in values:
        part = only_where(value, needed, dead) if parts else value
        dead = dead or (value.constant and bool(value.known[0]))
        parts.append(part)
        chosen.append(needed & part.known)
        needed = needed & ~part.known
    return _selected(parts, chosen, [*values[:-1], values[-1]])


def nullif(arguments: Sequence[Column], who: str, null: bool) -> Column:
    """Null where both are equal, else the first."""
    a, b = brought(who, arguments, null)
    if a.type == NULL:
        return result(NULL, a.values, [a, b], a.valid)
    equal = np.asarray(np.equal(a.values, b.values), bool) & a.known & b.known
    known = a.known & ~equal
    values = a.values if len(a.values) == len(known) else np.broadcast_to(a.values, len(known))
    return result(a.type, values, [a, b], None if known.all() else known)


# ---- numbers ----


def absolute(argument: Column, who: str, overflow: str) -> Column:
    """The magnitude; the least integer overflows."""
    column = require_number(argument, who)
    with np.errstate(over="ignore"):
        values = np.abs(column.values)
    if column.type.kind == "float" or not column.type.is_signed or overflow == "wrap":
        return result(column.type, values, [column], column.valid)

    def error(row: int) -> Exception:
        return ArithmeticFailure(f"abs({column.at(row)}) overflows {column.type.name}")

    least = column.values == np.iinfo(column.type.dtype).min
    return settled(column.type, values, [column], least, overflow == "null", error)


def whole(name: str, argument: Column, who: str) -> Column:
    """floor and ceil."""
    column = require_number(argument, who)
    if column.type.kind == "integer":
        return result(column.type, column.values, [column], column.valid)
    values = np.floor(column.values) if name == "floor" else np.ceil(column.values)
    return result(column.type, values, [column], column.valid)


def rounded(arguments: Sequence[Column], who: str) -> Column:
    """The nearest number with so many digits, half away from zero, of the binary value."""
    column = require_number(arguments[0], who)
    digits = _literal_integer(arguments[1], who, "digits") if len(arguments) > 1 else 0
    if digits is None:
        return result(column.type, column.values, [column], np.zeros(len(column.values), bool))
    if column.type.kind == "integer" and digits >= 0:
        return result(column.type, column.values, [column], column.valid)
    if column.type.kind == "integer" or abs(digits) > _MOST_DIGITS or (column.type.width < 8 and digits):
        text = f"{who}: the pandas engine does not round {column.type.name} to {digits} digits"
        raise UnsupportedError(text)
    values = column.values
    if digits == 0:
        cut = np.trunc(values)
        with np.errstate(invalid="ignore"):
            away = np.abs(values - cut) >= 0.5
        made = np.where(away, cut + np.copysign(np.array(1, values.dtype), values), cut)
    else:
        quantum = decimal.Decimal(1).scaleb(-digits)
        made = np.fromiter((_round(value, quantum) for value in values.tolist()), np.float64, len(values))
    return result(column.type, made, [column], column.valid)


def _round(value: float, quantum: decimal.Decimal) -> float:
    exact = decimal.Decimal(value)
    return float(exact.quantize(quantum, context=_ROUNDING)) if exact.is_finite() else value


def _literal_integer(column: Column, who: str, name: str) -> int | None:
    """A parameter that must be a literal integer; None for NULL."""
    if not column.constant:
        raise InvalidArgumentError(f"{who}: '{name}' must be a literal")
    if column.type == NULL:
        return None
    if column.type.kind != "integer":
        raise refused(who, [column], "integer")
    return int(column.values[0])


# ---- strings ----


def _each(function: Callable[..., Any], columns: Sequence[Column], kind: types.Type) -> Column:
    """A function of the strings of each row."""
    valid = both_known(*columns)
    if all(column.scalar for column in columns):
        values = np.empty(1, kind.dtype)
        values[0] = function(*(column.values[0] for column in columns))
        return result(kind, values, columns, valid)
    rows = max(len(column.values) for column in columns if not column.scalar)
    lists = [[column.values[0]] * rows if column.scalar else column.values.tolist() for column in columns]
    values = np.empty(rows, kind.dtype)
    values[:] = [function(*row) for row in zip(*lists, strict=True)]
    return result(kind, values, columns, valid)


def string_function(name: str, arguments: Sequence[Column], who: str) -> Column:
    """lower, upper, length (of characters), starts_with, ends_with, contains."""
    functions: dict[str, tuple[Callable[..., Any], types.Type]] = {
        "lower": (str.lower, STRING),
        "upper": (str.upper, STRING),
        "length": (len, INT64),
        "starts_with": (str.startswith, BOOL),
        "ends_with": (str.endswith, BOOL),
        "contains": (str.__contains__, BOOL),
    }
    if any(argument.type not in (STRING, NULL) for argument in arguments):
        raise refused(who, arguments, "string")
    function, kind = functions[name]
    return _each(function, [require(argument, STRING, who) for argument in arguments], kind)


def like(arguments: Sequence[Column], who: str, ignore_case: bool) -> Column:
    """LIKE and ILIKE: `%` is any text, `_` one character, the character after the escape itself."""
    if any(argument.type not in (STRING, NULL) for argument in arguments):
        raise refused(who, arguments, "string")
    text, pattern = (require(argument, STRING, who) for argument in arguments[:2])
    escape = "\\"
    if len(arguments) > 2:
        if not arguments[2].constant:
            raise InvalidArgumentError(f"{who}: 'escape' must be a literal")
        if arguments[2].type == NULL:
            raise UnsupportedError(f"{who}: the pandas engine takes no null as the escape")
        escape = str(arguments[2].values[0])
        if len(escape) > 1:
            message = f"{who}: the escape must be one character or none, not '{escape}'"
            raise InvalidArgumentError(message)

    @functools.lru_cache(maxsize=1024)
    def matcher(wanted: str) -> Callable[[str], Any]:
        flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
        return re.compile(_regular(wanted, escape, who), flags).fullmatch

    if ignore_case:
        _require_simple_case(text, pattern, who)
    return _each(lambda value, wanted: matcher(wanted)(value) is not None, [text, pattern], BOOL)


def _regular(pattern: str, escape: str, who: str) -> str:
    parts, characters = [], iter(pattern)
    for character in characters:
        if character == escape:
            try:
                parts.append(re.escape(next(characters)))
            except StopIteration:
                text = f"{who}: the pattern '{pattern}' ends in its escape character '{escape}'"
                raise InvalidArgumentError(text) from None
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return "".join(parts)


def _require_simple_case(text: Column, pattern: Column, who: str) -> None:
    if not all(value.isascii() for value in pattern.values.tolist()) or any(
        not value.isascii() and any(one in value for one in _DOTTED) for value in text.values.tolist()
    ):
        raise UnsupportedError(f"{who}: the pandas engine does not fold the case of these letters")
