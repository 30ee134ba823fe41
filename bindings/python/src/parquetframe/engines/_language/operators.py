"""Operators: logic, comparison and arithmetic, a function each of columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ...exceptions import ArithmeticFailure, WrongTypeError
from . import types
from .columns import Column, Fault, both_known, converted, require, require_number, result, settled
from .types import BOOL, FLOAT64, INT64, NULL, STRING

_COMPARE = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}
_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "floor_div": "//", "mod": "%"}
COMPARED = "numbers, strings, booleans, or dates and times, compared with their like"


def refused(who: str, arguments: Sequence[Column], takes: str) -> WrongTypeError:
    """The error of types that a function does not take."""
    names = [argument.type.name for argument in arguments]
    said = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return WrongTypeError(f"{who}: cannot take {said}; takes {takes}")


def brought(
    who: str, arguments: Sequence[Column], null: bool, comparison: bool = False, takes: str = ""
) -> list[Column]:
    """The arguments in the type that they have in common."""
    to = types.common(arguments, comparison)
    if to is None:
        raise refused(who, arguments, takes or "values of one type, or of types that convert to one")
    return [converted(argument, to, null and not argument.constant) for argument in arguments]


# ---- logic ----


def connective(arguments: Sequence[Column], deciding: bool, who: str) -> Column:
    """AND (`deciding` False) and OR (True) by Kleene's logic: an argument counts only where it is needed."""
    so_far, *others = (require(argument, BOOL, who) for argument in arguments)
    for right in others:
        open_rows = ~(so_far.known & (so_far.values == deciding))
        right = only_where(right, open_rows)
        decided = (so_far.known & (so_far.values == deciding)) | (right.known & (right.values == deciding))
        known = decided | (so_far.known & right.known)
        values = decided if deciding else ~decided
        so_far = result(BOOL, values, [so_far, right], None if known.all() else known)
    return so_far


def only_where(column: Column, rows: np.ndarray, dead: bool = False) -> Column:
    """The column without the faults of rows that do not need it; `dead`: literals say that none does."""
    if not column.faults or dead:
        return column.without_faults()
    left = []
    for fault in column.faults:
        if fault.of == "aggregate":
            left.append(fault)
        elif (mask := fault.rows & rows).any():
            left.append(Fault(mask, fault.error))
    return replace(column, faults=tuple(left))


def negation(argument: Column, who: str) -> Column:
    """NOT."""
    column = require(argument, BOOL, who)
    return result(BOOL, ~column.values, [column], column.valid)


def is_what(name: str, argument: Column, who: str) -> Column:
    """IS [NOT] NULL, TRUE, FALSE: never null."""
    what, negated = name.removeprefix("is_").removeprefix("not_"), "not_" in name
    if what == "null":
        found = ~argument.known
    else:
        column = require(argument, BOOL, who)
        found = column.known & (column.values == (what == "true"))
    return result(BOOL, ~found if negated else found, [argument])


# ---- comparison ----


def compared(name: str, left: Column, right: Column, who: str, null: bool) -> Column:
    """`=`, `<>`, `<`, `<=`, `>`, `>=`: null where either is null."""
    pair = brought(who, [left, right], null, True, COMPARED)
    return result(BOOL, _compare(name, *pair), pair, both_known(*pair))


def _compare(name: str, left: Column, right: Column) -> np.ndarray:
    return np.asarray(_COMPARE[name](left.values, right.values), bool)


def distinct(left: Column, right: Column, who: str, null: bool, negated: bool) -> Column:
    """IS [NOT] DISTINCT FROM: null and NaN are values like others."""
    pair = brought(who, [left, right], null, True, COMPARED)
    a, b = pair
    same = _compare("eq", a, b)
    if a.type.kind == "float":
        same |= np.isnan(a.values) & np.isnan(b.values)
    same = (same & a.known & b.known) | (~a.known & ~b.known)
    return result(BOOL, same if negated else ~same, pair)


def between(arguments: Sequence[Column], who: str, null: bool) -> Column:
    """`x >= low AND x <= high`, all three in one type."""
    x, low, high = brought(who, arguments, null, True, COMPARED)
    sides = (
        result(BOOL, _compare("ge", x, low), [x, low], both_known(x, low)),
        result(BOOL, _compare("le", x, high), [x.without_faults(), high], both_known(x, high)),
    )
    # Both sides are computed on all rows: what fails, fails.
    faults = (*sides[0].faults, *sides[1].faults)
    made = connective([side.without_faults() for side in sides], False, who)
    return replace(made, faults=faults)


def member(arguments: Sequence[Column], who: str, null: bool) -> Column:
    """IN: null where nothing is equal and something is null."""
    x, *items = brought(who, arguments, null, True, COMPARED)
    found = np.zeros(1, bool)
    unknown = ~x.known
    for item in items:
        equal = _compare("eq", x, item)
        found = found | (equal & item.known)
        unknown = unknown | ~item.known
    found = found & x.known
    known = ~unknown | found
    return result(BOOL, found, [x, *items], None if known.all() else known)


# ---- arithmetic ----


def arithmetic(name: str, left: Column, right: Column, who: str, overflow: str) -> Column:
    """`+ - * / // %` and floor_mod: integers exactly, floats by IEEE 754."""
    null = overflow != "error"
    pair = [left, right]
    to = None
    if all(column.type.is_number or column.type == NULL for column in pair):
        to = types.common(pair)
    if to is None:
        raise refused(who, pair, "number")
    to = INT64 if to == NULL else to
    a, b = (converted(column, to, null and not column.constant) for column in pair)
    if to.kind == "float":
        return result(to, _float_values(name, a.values, b.values), [a, b], both_known(a, b))
    if name == "div":
        with np.errstate(divide="ignore", invalid="ignore"):
            values = a.values.astype(np.float64) / b.values.astype(np.float64)
        return settled(FLOAT64, values, [a, b], _broadcast(b.values == 0, a), null, _zero("/", a, b))
    return _integers(name, a, b, overflow)


def _float_values(name: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        if name == "add":
            return a + b
        if name == "sub":
            return a - b
        if name == "mul":
            return a * b
        if name == "div":
            return a / b
        if name == "floor_div":
            return np.floor(a / b)
        remainder = np.fmod(a, b)
        if name == "mod":
            return remainder
        other_side = (remainder != 0) & ((remainder < 0) != (b < 0))
        zero = np.where(np.signbit(b), np.array(-0.0, b.dtype), np.array(0.0, b.dtype))
        return np.where(other_side, remainder + b, np.where(remainder == 0, zero, remainder))


def _broadcast(mask: np.ndarray, *columns: Column) -> np.ndarray:
    for column in columns:
        mask = mask | np.zeros(len(column.values), bool)
    return mask


def _zero(symbol: str, a: Column, b: Column) -> Callable[[int], Exception]:
    return lambda row: ArithmeticFailure(f"{a.at(row)} {symbol} {b.at(row)} divides by zero")


def _integers(name: str, a: Column, b: Column, overflow: str) -> Column:
    kind = a.type
    null = overflow != "error"
    if name in ("floor_div", "mod", "floor_mod"):
        zero = _broadcast(b.values == 0, a)
        divisor = np.where(b.values == 0, np.array(1, kind.dtype), b.values)
        with np.errstate(over="ignore"):
            if name == "floor_div":
                values = np.floor_divide(a.values, divisor)
            else:
                values = np.fmod(a.values, divisor) if name == "mod" else np.mod(a.values, divisor)
        made = settled(kind, values, [a, b], zero, null, _zero(_SYMBOLS.get(name, "floor_mod"), a, b))
        wrong = np.zeros(1, bool)
        if name == "floor_div" and kind.is_signed:
            wrong = (a.values == np.iinfo(kind.dtype).min) & (divisor == -1)
        return _overflowing(name, a, b, made, wrong, overflow)
    if kind.width < 8:
        wide = _wrapped(name, a.values.astype(np.int64), b.values.astype(np.int64))
        limits = np.iinfo(kind.dtype)
        wrong = (wide < limits.min) | (wide > limits.max)
        values = wide.astype(kind.dtype)
    else:
        values = _wrapped(name, a.values, b.values)
        wrong = _overflows(name, a.values, b.values, values)
    return _overflowing(name, a, b, result(kind, values, [a, b], both_known(a, b)), wrong, overflow)


def _overflowing(name: str, a: Column, b: Column, made: Column, wrong: np.ndarray, overflow: str) -> Column:
    if overflow == "wrap" or not wrong.any():
        return made
    symbol, kind = _SYMBOLS.get(name, name), made.type.name

    def error(row: int) -> Exception:
        return ArithmeticFailure(f"{a.at(row)} {symbol} {b.at(row)} overflows {kind}")

    return settled(made.type, made.values, [made], wrong, overflow == "null", error)


def _wrapped(name: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return a + b if name == "add" else a - b if name == "sub" else a * b


def _overflows(name: str, a: np.ndarray, b: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Where the 64 bits of a sum, difference or product are not its value."""
    if name == "mul":
        with np.errstate(over="ignore", divide="ignore"):
            lost = (a != 0) & (np.floor_divide(r, np.where(a == 0, np.array(1, a.dtype), a)) != b)
            if a.dtype.kind == "i":
                # The least integer divided by -1 is itself again.
                lost |= (a == -1) & (b == np.iinfo(np.int64).min)
        return np.asarray(lost)
    if a.dtype.kind == "u":
        return np.asarray(r < a if name == "add" else a < b)
    if name == "add":
        return np.asarray(((a ^ r) & (b ^ r)) < 0)
    return np.asarray(((a ^ b) & (a ^ r)) < 0)


def negative(argument: Column, who: str, overflow: str) -> Column:
    """The sign: of an unsigned integer the next wider signed one."""
    column = require_number(argument, who)
    if column.type.kind == "float":
        return result(column.type, -column.values, [column], column.valid)
    kind, values = column.type, column.values
    if kind.is_signed:
        wrong = values == np.iinfo(kind.dtype).min
    else:
        # Of uint64 the wrapped bits are the negative, down to the least of int64.
        wrong = values > np.uint64(2**63)
        kind = types.NAMES[f"int{min(16 * kind.width, 64)}"]
        values = values.astype(kind.dtype)
    with np.errstate(over="ignore"):
        made = result(kind, -values, [column], column.valid)
    if overflow == "wrap":
        return made

    def error(row: int) -> Exception:
        return ArithmeticFailure(f"-({column.at(row)}) overflows {kind.name}")

    return settled(kind, made.values, [made], wrong, overflow == "null", error)


def concatenated(arguments: Sequence[Column], who: str) -> Column:
    """`||`: the texts one after the other."""
    columns = [require(argument, STRING, who) for argument in arguments]
    values = columns[0].values
    for column in columns[1:]:
        values = values + column.values
    return result(STRING, np.asarray(values, object), columns, both_known(*columns))
