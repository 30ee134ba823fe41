"""Predicates over the columns of a table, as SQL text and as what is true of every row, by Python alone.

`predicates(table)` is a strategy of `Predicate`. Python's comparisons are the oracle: None makes None, NaN compares as IEEE
says, times are whole numbers, texts are compared by code points.
"""

from __future__ import annotations

import datetime
import decimal
import math
import operator
from collections.abc import Callable

import pyarrow as pa
from hypothesis import strategies as st

OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SWAPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
UNITS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
DAY = 86_400 * 10**9


class Predicate:
    """SQL text, and of every row True, False or None."""

    def __init__(self, text: str, truth: tuple):
        self.text, self.truth = text, truth

    def __repr__(self):
        return self.text

    @property
    def rows(self) -> list[int]:
        """The positions of the rows that a filter keeps."""
        return [row for row, truth in enumerate(self.truth) if truth is True]


class Column:
    """The text that names it, its Arrow type, and its values as those of Python: None where null."""

    def __init__(self, text: str, kind: pa.DataType, values: list):
        self.text, self.type, self.values = text, kind, tuple(values)

    def __repr__(self):  # Hypothesis prints the arguments of strategies
        return f"{self.text}: {self.type}"

    @property
    def compares(self) -> bool:
        return kind_of(self.type) is not None


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def kind_of(kind: pa.DataType) -> str | None:
    """The family of literals that a type is compared with, None for types that are not compared."""
    tests = {
        "bool": (pa.types.is_boolean,),
        "int": (pa.types.is_integer,),
        "float": (pa.types.is_floating,),
        "decimal": (pa.types.is_decimal,),
        "text": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
        "bytes": (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_fixed_size_binary,
            pa.types.is_binary_view,
        ),
        "time": (pa.types.is_temporal,),
    }
    return next((name for name, checks in tests.items() if any(check(kind) for check in checks)), None)


def unit_of(kind: pa.DataType) -> int:
    """Nanoseconds of the smallest step of a type of times."""
    return DAY if pa.types.is_date(kind) else UNITS[kind.unit]


def columns_of(table: pa.Table) -> list[Column]:
    """The columns of a table and the fields of its structs. Types that are not compared are in it, for IS NULL."""
    found = []
    for name, values in zip(table.column_names, table.columns, strict=True):
        _add(found, quoted(name), values.combine_chunks() if values.num_chunks != 1 else values.chunk(0))
    return found


def _add(found, text, array):
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_struct(array.type):
        for inner, values in zip(array.type, array.flatten(), strict=True):
            _add(found, f"{text}.{quoted(inner.name)}", values)
    kind = array.type
    if kind_of(kind) == "time":
        whole = array.cast(pa.int32()) if kind.bit_width == 32 else array
        factor = 10**6 if pa.types.is_date64(kind) else unit_of(kind)
        values = [None if value is None else value * factor for value in whole.cast(pa.int64()).to_pylist()]
    elif kind_of(kind):
        values = array.to_pylist()
    else:
        values = [None if null else 0 for null in array.is_null().to_pylist()]
    found.append(Column(text, kind, values))


# --- literals ----------------------------------------------------------------------------------------------------------


def literal(value, kind: pa.DataType) -> str:
    """The text of a value beside a column of the type."""
    if value is None:
        return "NULL"
    match kind_of(kind):
        case "bool":
            return str(value).upper()
        case "int":
            return str(value)
        case "float":
            return (
                f"CAST('{value}' AS {named(kind)})"
                if math.isinf(value) or math.isnan(value)
                else repr(float(value))
            )
        case "decimal":
            return f"CAST('{value:f}' AS {named(kind)})"
        case "text":
            return "'" + value.replace("'", "''") + "'"
        case "bytes":
            return f"X'{value.hex()}'"
    return time_literal(value, kind)


def named(kind: pa.DataType) -> str:
    return {"halffloat": "float16", "float": "float32", "double": "float64"}.get(
        str(kind), str(kind).replace("decimal128", "decimal")
    )


def time_literal(value: int, kind: pa.DataType) -> str:
    if pa.types.is_duration(kind):
        return f"CAST({value // unit_of(kind)} AS duration({kind.unit}))"
    seconds, nanos = divmod(value, 10**9)
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    if pa.types.is_date(kind):
        return f"DATE '{moment:%Y-%m-%d}'"
    if pa.types.is_time(kind):
        return f"TIME '{moment:%H:%M:%S}.{nanos:09}'"
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}.{nanos:09}{'+00:00' if kind.tz else ''}'"


def near(column: Column):
    """A strategy of values of the column, their neighbours and others of its type."""
    there = sorted({value for value in column.values if value is not None and value == value}, key=repr) or [
        None
    ]
    kind = column.type
    match kind_of(kind):
        case "bool":
            return st.booleans()
        case "int":
            return st.sampled_from(there).flatmap(
                lambda value: st.integers((value or 0) - 1, (value or 0) + 1)
            ) | st.integers(-5, 300)
        case "float":
            return st.sampled_from([v or 0.0 for v in there]) | st.integers(-8, 8).map(lambda n: n / 4)
        case "decimal":
            step = decimal.Decimal(1).scaleb(-kind.scale)
            return st.sampled_from([v or step for v in there]) | st.integers(-9, 9).map(lambda n: n * step)
        case "text":
            # The text of an expression holds no NUL.
            return st.sampled_from([(v or "").replace("\0", "") for v in there]) | st.text(
                "ab zé", max_size=3
            )
        case "bytes":
            return st.sampled_from([v or b"" for v in there]) | st.binary(max_size=3)
    low, high = (0, DAY - 1) if pa.types.is_time(kind) else (-(2**62), 2**62)
    steps = st.sampled_from([-1, 0, 0, 1]).map(lambda n: n * unit_of(kind))
    return st.tuples(st.sampled_from([v or 0 for v in there]), steps).map(
        lambda pair: min(max(sum(pair), low), high)
    )


# --- predicates --------------------------------------------------------------------------------------------------------


def each(function: Callable, *columns) -> tuple:
    """The function of every row, None where a value is."""
    return tuple(
        None if any(v is None for v in row) else function(*row) for row in zip(*columns, strict=True)
    )


def negated(truth: tuple) -> tuple:
    return each(operator.not_, truth)


def joined(word: str, one: tuple, other: tuple) -> tuple:
    """AND and OR of three values: what decides wins over None."""
    deciding = word == "OR"
    result = []
    for pair in zip(one, other, strict=True):
        result.append(deciding if deciding in pair else None if None in pair else not deciding)
    return tuple(result)


@st.composite
def comparisons(draw, columns: list[Column]):
    column = draw(st.sampled_from([column for column in columns if column.compares]))
    name, values, value = column.text, column.values, near(column)
    forms = ["compare"] * 4 + [
        "swapped",
        "in",
        "not in",
        "between",
        "not between",
        "distinct",
        "not distinct",
    ]
    kind = kind_of(column.type)
    forms += {"text": ["like", "not like"], "bool": ["itself"]}.get(kind, [])
    peers = [other for other in columns if other.type == column.type and other.text != name]
    forms += ["columns"] if peers else []
    form = draw(st.sampled_from(forms))
    write = lambda value: literal(value, column.type)
    if form in ("compare", "swapped", "columns"):
        sign = draw(st.sampled_from(sorted(OPERATORS)))
        if form == "columns":
            other = draw(st.sampled_from(peers))
            return Predicate(f"{name} {sign} {other.text}", each(OPERATORS[sign], values, other.values))
        right = draw(value)
        text = (
            f"{name} {sign} {write(right)}" if form == "compare" else f"{write(right)} {SWAPPED[sign]} {name}"
        )
        return Predicate(text, each(lambda left: OPERATORS[sign](left, right), values))
    if form in ("in", "not in"):
        choices = draw(st.lists(value, min_size=1, max_size=4))
        null = draw(st.integers(0, 4)) == 0
        truth = each(
            lambda left: True if any(left == choice for choice in choices) else None if null else False,
            values,
        )
        text = ", ".join([*map(write, choices), *(["NULL"] if null else [])])
        return Predicate(f"{name} {form.upper()} ({text})", negated(truth) if form == "not in" else truth)
    if form in ("between", "not between"):
        low, high = draw(value), draw(value)
        truth = each(lambda left: low <= left <= high, values)
        text = f"{name} {form.upper()} {write(low)} AND {write(high)}"
        return Predicate(text, negated(truth) if form == "not between" else truth)
    if form in ("distinct", "not distinct"):
        right = draw(value)
        truth = tuple(left is None or left != right for left in values)
        text = f"{name} IS {'NOT ' * (form == 'not distinct')}DISTINCT FROM {write(right)}"
        return Predicate(text, negated(truth) if form == "not distinct" else truth)
    if form in ("like", "not like"):
        start = draw(value).translate({ord(sign): None for sign in "%_\\"})
        truth = each(lambda left: left.startswith(start), values)
        text = f"{name} {form.upper()} {write(start + '%')}"
        return Predicate(text, negated(truth) if form == "not like" else truth)
    return Predicate(name, values)


@st.composite
def null_tests(draw, columns: list[Column]):
    column = draw(st.sampled_from(columns))
    truth = tuple(value is None for value in column.values)
    if draw(st.booleans()):
        return Predicate(f"{column.text} IS NULL", truth)
    return Predicate(f"{column.text} IS NOT NULL", negated(truth))


@st.composite
def combinations(draw, inner):
    form = draw(st.sampled_from(["AND", "AND", "OR", "NOT", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NULL"]))
    one = draw(inner)
    if form in ("AND", "OR"):
        other = draw(inner)
        return Predicate(f"({one.text}) {form} ({other.text})", joined(form, one.truth, other.truth))
    if form == "NOT":
        return Predicate(f"NOT ({one.text})", negated(one.truth))
    wanted = {"IS TRUE": True, "IS NOT TRUE": True, "IS FALSE": False, "IS NULL": None}[form]
    truth = tuple((value is wanted) != (form == "IS NOT TRUE") for value in one.truth)
    return Predicate(f"({one.text}) {form}", truth)


def predicates(columns: list[Column]) -> st.SearchStrategy[Predicate]:
    """Over `columns`, which columns_of gives; there must be one at least."""
    leaves = null_tests(columns)
    if any(column.compares for column in columns):
        leaves = st.one_of(comparisons(columns), comparisons(columns), comparisons(columns), leaves)
    return st.recursive(leaves, combinations, max_leaves=5)
