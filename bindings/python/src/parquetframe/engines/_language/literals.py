"""Literals as columns of one value."""

from __future__ import annotations

import datetime
import re

from ...exceptions import UnsupportedError
from .columns import Column, scalar
from .tokens import syntax, unsupported
from .tree import Literal
from .types import BOOL, DATE, FLOAT64, INT64, NULL, STRING, UINT64, UNITS, Type, timestamp

_TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def literal(node: Literal, negative: bool = False) -> Column:
    """A literal in the type that it has when nothing stands beside it."""
    if node.kind == "null":
        return scalar(NULL, None, constant=True)
    if node.kind == "boolean":
        return scalar(BOOL, node.text == "TRUE", constant=True)
    if node.kind == "string":
        return scalar(STRING, node.text, constant=True)
    if node.kind == "number":
        return _number(node, negative)
    return _time(node)


def _number(node: Literal, negative: bool) -> Column:
    text = f"-{node.text}" if negative else node.text
    if node.text.isdigit():
        value = int(text)
        for kind in (INT64, UINT64):
            if -(2**63) * (kind == INT64) <= value < 2 ** (63 if kind == INT64 else 64):
                return scalar(kind, value, number=value, constant=True)
        raise unsupported(node.at, "integers beyond 64 bits")
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise syntax(node.at, f"'{text}' is not a number of float64")
    return scalar(FLOAT64, number, number=number, constant=True)


def _time(node: Literal) -> Column:
    if node.kind == "date":
        days = _days(node.text)
        if days is None:
            raise syntax(node.at, f"'{node.text}' is no date; dates are YYYY-MM-DD")
        return scalar(DATE, days, constant=True)
    parts = _parts(node.text)
    if parts is None:
        raise unsupported(node.at, f"the timestamp '{node.text}'; write YYYY-MM-DD hh:mm:ss.ffffff")
    seconds, nanoseconds, digits, has_zone = parts
    unit = "ns" if digits > 6 else "us"
    value = seconds * 1000 ** UNITS.index(unit) + nanoseconds // (1 if unit == "ns" else 1000)
    if not -(2**63) <= value < 2**63:
        raise syntax(node.at, f"'{node.text}' is beyond what timestamps of nanoseconds hold")
    return scalar(timestamp(unit, "UTC" if has_zone else None), value, constant=True)


def time_of(text: str, to: Type) -> int:
    """A string beside dates or timestamps as one of them. Raises UnsupportedError for forms that are not
    known here, among them times without an offset beside timestamps with a zone.
    """
    days = _days(text)
    if days is not None and to == DATE:
        return days
    parts = _parts(text) if days is None else (days * 86_400, 0, 0, False)
    if to.kind == "timestamp" and parts is not None and parts[3] == (to.zone is not None):
        seconds, nanoseconds, _, _ = parts
        finest = 1000 ** (3 - UNITS.index(to.unit))
        value = seconds * 1000 ** UNITS.index(to.unit) + nanoseconds // finest
        if nanoseconds % finest == 0 and -(2**63) <= value < 2**63:
            return value
    raise UnsupportedError(f"the pandas engine does not read '{text}' as {to.name}")


def _days(text: str) -> int | None:
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return datetime.date.fromisoformat(text).toordinal() - 719_163
    except ValueError:
        return None


def _parts(text: str) -> tuple[int, int, int, bool] | None:
    """Seconds since 1970, nanoseconds, digits of the fraction, and whether an offset is there."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    days = _days(found[1])
    hour, minute, second = int(found[2]), int(found[3]), int(found[4])
    if days is None or hour > 23 or minute > 59 or second > 59:
        return None
    fraction, zone = found[5] or "", found[6]
    offset = 0
    if zone not in (None, "Z"):
        offset = (int(zone[1:3]) * 60 + int(zone[4:6])) * (-60 if zone[0] == "-" else 60)
        if int(zone[1:3]) > 14 or int(zone[4:6]) > 59:
            return None
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    return seconds, int(fraction.ljust(9, "0")), len(fraction), zone is not None
