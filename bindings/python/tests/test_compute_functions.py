"""Every function of the language against what Python, NumPy, pandas or pyarrow say."""

from __future__ import annotations

import datetime
import itertools
import math
import re
import statistics
import zoneinfo
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe import compute
from parquetframe.compute import _functions

pytestmark = pytest.mark.rust

INT = st.integers(-1000, 1000)
WIDE = st.integers(-(2**62), 2**62 - 1)
FLOAT = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: x + 0.0)
UNIT = st.floats(-1, 1, allow_nan=False)
POSITIVE = st.floats(1e-6, 1e6)
BOOL = st.booleans()
TEXT = st.text(st.sampled_from("abcABC éßΣ😀%_-,"), max_size=8)
ASCII = st.text("abAB ,", max_size=8)
SMALL = st.integers(-6, 6)
DATE = st.dates(datetime.date(1600, 1, 1), datetime.date(2400, 1, 1))
TIMESTAMP = st.datetimes(datetime.datetime(1600, 1, 1), datetime.datetime(2400, 1, 1))


def columns(*values, min_size=1, nulls=True):
    """Lists of one length, one of each of the strategies, with None among them."""
    each = [st.one_of(st.none(), value) if nulls else value for value in values]
    rows = st.lists(st.tuples(*each), min_size=min_size, max_size=12)
    return rows.map(lambda rows: [list(column) for column in zip(*rows, strict=True)] or [[] for _ in values])


def same(found: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, (list, tuple)):
        return len(found) == len(expected) and all(
            same(f, e, tolerance) for f, e in zip(found, expected, strict=True)
        )
    if found is None or expected is None:
        return found is expected
    if isinstance(expected, float):
        if math.isnan(expected) or math.isnan(found):
            return math.isnan(expected) and math.isnan(found)
        return math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance)
    return bool(found == expected)


@dataclass
class Case:
    """A function, the types of its columns, and what gives the expected value: of a row, or of all."""

    name: str
    types: tuple[Any, ...]
    oracle: Any
    constants: tuple[Any, ...] = ()
    options: dict[str, Any] | None = None
    whole: bool = False
    strict: bool = True  # null in, null out
    typed: bool = False  # not for columns of type null
    first: bool = False  # constants stand before the columns
    tolerance: float = 1e-12

    def __str__(self):
        return f"{self.name}{self.constants or ''}{self.options or ''}"

    def check(self, data):
        if self.typed and any(column == [None] * len(column) for column in data):
            return
        options = self.options or {}
        given = [*self.constants, *data] if self.first else [*data, *self.constants]
        found = getattr(compute, self.name)(*given, **options)
        if self.whole:
            expected = self.oracle(*data, *self.constants, **options)
        else:
            rows = zip(*data, strict=True)
            expected = [
                None if self.strict and None in row else self.oracle(*row, *self.constants, **options)
                for row in rows
            ]
        assert same(found, expected, self.tolerance), (found, expected)


def numbers(name, oracle, *types, **more):
    return Case(name, types or (FLOAT,), oracle, **more)


def guarded(function):
    """NaN where Python raises."""

    def call(*arguments):
        try:
            return float(function(*arguments))
        except (ValueError, ZeroDivisionError):
            return math.nan
        except OverflowError:
            return math.inf

    return call


def rounded(x, digits=0):
    scaled = abs(x) * 10.0**digits
    whole = math.floor(scaled)
    return math.copysign((whole + (scaled - whole >= 0.5)) / 10.0**digits, x)


def truncated_mod(a, b):
    return int(math.fmod(a, b))


ARITHMETIC = [
    Case("add", (INT, INT), lambda a, b: a + b),
    Case("add", (WIDE, WIDE), lambda a, b: a + b),
    Case("add", (FLOAT, FLOAT), lambda a, b: a + b, tolerance=0),
    Case("add", (FLOAT, INT), lambda a, b: a + float(b), tolerance=0),
    Case(
        "add", (TIMESTAMP, st.timedeltas(datetime.timedelta(-9), datetime.timedelta(9))), lambda a, b: a + b
    ),
    Case("sub", (INT, INT), lambda a, b: a - b),
    Case("sub", (TIMESTAMP, TIMESTAMP), lambda a, b: a - b),
    Case("mul", (INT, INT), lambda a, b: a * b),
    Case("mul", (FLOAT, FLOAT), lambda a, b: a * b, tolerance=0),
    Case("div", (INT, INT.filter(bool)), lambda a, b: a / b, tolerance=0),
    Case("div", (FLOAT, POSITIVE), lambda a, b: a / b, tolerance=0),
    Case("floor_div", (INT, INT.filter(bool)), lambda a, b: a // b),
    Case("floor_div", (FLOAT, POSITIVE), lambda a, b: math.floor(a / b)),
    Case("mod", (INT, INT.filter(bool)), truncated_mod),
    Case("mod", (FLOAT, POSITIVE), math.fmod, tolerance=0),
    Case("floor_mod", (INT, INT.filter(bool)), lambda a, b: a % b),
    Case("floor_mod", (FLOAT, POSITIVE), lambda a, b: float(np.mod(a, b)), tolerance=1e-6),
    Case("neg", (INT,), lambda a: -a),
    Case("neg", (FLOAT,), lambda a: -a, tolerance=0),
]

COMPARED = [INT, FLOAT, TEXT, BOOL, DATE, TIMESTAMP]
COMPARISON = [
    Case(name, (kind, kind), oracle)
    for kind in COMPARED
    for name, oracle in {
        "eq": lambda a, b: a == b,
        "ne": lambda a, b: a != b,
        "lt": lambda a, b: a < b,
        "le": lambda a, b: a <= b,
        "gt": lambda a, b: a > b,
        "ge": lambda a, b: a >= b,
    }.items()
] + [
    Case("distinct_from", (SMALL, SMALL), lambda a, b: a != b, strict=False),
    Case("not_distinct_from", (SMALL, SMALL), lambda a, b: a == b, strict=False),
    Case("between", (SMALL,), lambda x, a, b: a <= x <= b, (-2, 3)),
    Case(
        "between",
        (SMALL, SMALL, SMALL),
        lambda x, a, b: and_(None if None in (x, a) else a <= x, None if None in (x, b) else x <= b),
        strict=False,
    ),
    Case("in_", (SMALL,), lambda x, *items: x in items, (1, 2, 3)),
    Case("in_", (TEXT,), lambda x, *items: x in items, ("", "a", "b", "é")),
    Case("in_", (SMALL,), lambda x, *items: True if x == 1 else None, (1, None)),
]


def and_(*values):
    return False if False in values else None if None in values else True


def or_(*values):
    return True if True in values else None if None in values else False


LOGIC = [
    Case("and_", (BOOL, BOOL, BOOL), and_, strict=False),
    Case("or_", (BOOL, BOOL, BOOL), or_, strict=False),
    Case("not_", (BOOL,), lambda x: not x),
    Case("is_null", (INT,), lambda x: x is None, strict=False),
    Case("is_not_null", (TEXT,), lambda x: x is not None, strict=False),
    Case("is_true", (BOOL,), lambda x: x is True, strict=False),
    Case("is_not_true", (BOOL,), lambda x: x is not True, strict=False),
    Case("is_false", (BOOL,), lambda x: x is False, strict=False),
    Case("is_not_false", (BOOL,), lambda x: x is not False, strict=False),
]


def first_there(*values):
    return next((value for value in values if value is not None), None)


CONDITIONS = [
    Case("if_", (BOOL, INT, INT), lambda c, a, b: a if c else b, strict=False),
    Case("case", (BOOL, INT, BOOL, INT, INT), lambda c, a, d, b, e: a if c else b if d else e, strict=False),
    Case("coalesce", (INT, INT, INT), first_there, strict=False),
    Case("coalesce", (TEXT, TEXT), first_there, strict=False),
    Case("fill_null", (INT,), first_there, (0,), strict=False),
    Case("nullif", (SMALL, SMALL), lambda a, b: None if a == b else a, strict=False),
    Case("greatest", (INT, INT), lambda *v: max((x for x in v if x is not None), default=None), strict=False),
    Case("least", (TEXT, TEXT), lambda *v: min((x for x in v if x is not None), default=None), strict=False),
]


def bucket(x, low, high, count):
    return 0 if x < low else count + 1 if x >= high else int((x - low) / (high - low) * count) + 1


def place(x, *edges):
    return next((i for i, (a, b) in enumerate(itertools.pairwise(edges)) if a < x <= b), None)


NUMBERS = [
    numbers("abs", abs, INT),
    numbers("abs", abs, tolerance=0),
    numbers("round", rounded),
    numbers("round", rounded, constants=(2,), tolerance=1e-9),
    numbers("round", lambda x, d: int(rounded(x / 100) * 100), INT, constants=(-2,)),
    numbers("floor", lambda x: float(math.floor(x)), tolerance=0),
    numbers("ceil", lambda x: float(math.ceil(x)), tolerance=0),
    numbers("trunc", lambda x: float(math.trunc(x)), tolerance=0),
    numbers("sqrt", guarded(math.sqrt), tolerance=0),
    numbers("cbrt", lambda x: float(np.cbrt(x))),
    numbers("exp", guarded(math.exp), UNIT),
    numbers("ln", math.log, POSITIVE),
    numbers("log10", math.log10, POSITIVE),
    numbers("log2", math.log2, POSITIVE),
    numbers("power", guarded(math.pow), POSITIVE, UNIT),
    numbers("sign", lambda x: (x > 0) - (x < 0), INT),
    numbers("sign", lambda x: float(np.sign(x))),
    numbers("is_nan", math.isnan, st.floats()),
    numbers("is_finite", math.isfinite, st.floats()),
    numbers("is_infinite", math.isinf, st.floats()),
    numbers("sin", math.sin),
    numbers("cos", math.cos),
    numbers("tan", math.tan, UNIT),
    numbers("asin", math.asin, UNIT),
    numbers("acos", math.acos, UNIT),
    numbers("atan", math.atan),
    numbers("atan2", math.atan2, FLOAT, FLOAT),
    numbers("radians", math.radians),
    numbers("degrees", math.degrees),
    numbers("width_bucket", bucket, constants=(-1000.0, 1000.0, 7)),
    numbers("cut", place, constants=(-1000.0, 0.0, 10.0, 1000.0)),
]


def split_part(text, delimiter, n):
    parts = text.split(delimiter)
    index = n - 1 if n > 0 else n
    return parts[index] if -len(parts) <= index < len(parts) else ""


def substr(text, start, length=None):
    begin = start - 1
    end = len(text) if length is None else begin + length
    return text[max(begin, 0) : max(end, 0)]


def pad(left):
    def padded(text, n, fill=" "):
        if n <= len(text):
            return text[: max(n, 0)]
        filling = (fill * n)[: n - len(text)] if fill else ""
        return filling + text if left else text + filling

    return padded


def like(flags=0):
    def matches(text, pattern, escape="\\"):
        made, it = "", iter(pattern)
        for c in it:
            if c == escape:
                made += re.escape(next(it))
            else:
                made += ".*" if c == "%" else "." if c == "_" else re.escape(c)
        return re.fullmatch(made, text, re.DOTALL | flags) is not None

    return matches


STRINGS = [
    Case("lower", (TEXT,), lambda x: x.lower()),
    Case("upper", (TEXT,), lambda x: x.upper()),
    Case("length", (TEXT,), len),
    Case("octet_length", (TEXT,), lambda x: len(x.encode())),
    Case("left", (TEXT,), lambda x, n: x[:n], (3,)),
    Case("left", (TEXT,), lambda x, n: x[:n], (-2,)),
    Case("right", (TEXT,), lambda x, n: x[-n:], (3,)),
    Case("right", (TEXT,), lambda x, n: x[-n:], (-2,)),
    Case("substr", (TEXT,), substr, (2,)),
    Case("substr", (TEXT,), substr, (2, 3)),
    Case("substr", (TEXT, st.integers(1, 9), st.integers(0, 5)), substr, typed=True),
    Case("trim", (TEXT,), lambda x: x.strip(" ")),
    Case("trim", (TEXT,), lambda x, c: x.strip(c), ("ab",)),
    Case("ltrim", (TEXT,), lambda x: x.lstrip(" ")),
    Case("rtrim", (TEXT,), lambda x, c: x.rstrip(c), ("é😀",)),
    Case("replace", (TEXT,), lambda x, a, b: x.replace(a, b), ("a", "é")),
    Case("starts_with", (TEXT,), str.startswith, ("a",)),
    Case("ends_with", (TEXT, TEXT), str.endswith),
    Case("contains", (TEXT, st.sampled_from(["a", "", "é", "ab"])), lambda x, y: y in x),
    Case("strpos", (TEXT, st.sampled_from(["a", "", "é", "ab"])), lambda x, y: x.find(y) + 1),
    Case("split_part", (TEXT,), split_part, (",", 2)),
    Case("split_part", (TEXT,), split_part, (",", -1)),
    Case("concat", (TEXT, TEXT), lambda x, y: x + y),
    Case("like", (TEXT,), like(), ("%a_%",)),
    Case("like", (TEXT,), like(), ("%\\%%",)),
    Case("like", (TEXT,), like(), ("a!_%", "!")),
    Case("ilike", (ASCII,), like(re.IGNORECASE), ("%A_",)),
    Case("regexp_like", (ASCII,), lambda x, p: re.search(p, x) is not None, ("[ab]+,",)),
    Case("regexp_replace", (ASCII,), lambda x, p, r: re.sub(p, r, x), ("[ab]+", "<>")),
    Case("regexp_extract", (ASCII,), lambda x, p: m[0] if (m := re.search(p, x)) else None, ("[ab]+",)),
    Case("reverse", (TEXT,), lambda x: x[::-1]),
    Case("repeat", (TEXT,), lambda x, n: x * n, (3,)),
    Case("lpad", (TEXT,), pad(True), (6, "xy")),
    Case("rpad", (TEXT,), pad(False), (4,)),
]


def month_start(x):
    return x.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


TIMES = [
    *(
        Case("extract", (TIMESTAMP,), oracle, (part,), first=True)
        for part, oracle in {
            "year": lambda x, _: x.year,
            "quarter": lambda x, _: (x.month + 2) // 3,
            "month": lambda x, _: x.month,
            "week": lambda x, _: x.isocalendar()[1],
            "day": lambda x, _: x.day,
            "hour": lambda x, _: x.hour,
            "minute": lambda x, _: x.minute,
            "doy": lambda x, _: x.timetuple().tm_yday,
            "isodow": lambda x, _: x.isoweekday(),
        }.items()
    ),
    *(
        Case("date_trunc", (TIMESTAMP,), oracle, (part,), first=True)
        for part, oracle in {
            "year": lambda x, _: month_start(x).replace(month=1),
            "quarter": lambda x, _: month_start(x).replace(month=(x.month - 1) // 3 * 3 + 1),
            "month": lambda x, _: month_start(x),
            "week": lambda x, _: datetime.datetime.combine(
                x.date() - datetime.timedelta(x.weekday()), datetime.time()
            ),
            "day": lambda x, _: datetime.datetime.combine(x.date(), datetime.time()),
            "hour": lambda x, _: x.replace(minute=0, second=0, microsecond=0),
            "second": lambda x, _: x.replace(microsecond=0),
        }.items()
    ),
    Case("strftime", (TIMESTAMP,), lambda x, f: x.strftime(f), ("%Y-%m-%d %H:%M:%S %j %a %B %%",)),
    Case("to_timestamp", (TIMESTAMP.map(str),), datetime.datetime.fromisoformat),
    Case(
        "to_timestamp",
        (TIMESTAMP.map(lambda x: x.strftime("%d/%m/%Y %H:%M")),),
        lambda x, f: datetime.datetime.strptime(x, f),
        ("%d/%m/%Y %H:%M",),
    ),
    Case("to_date", (DATE.map(str),), datetime.date.fromisoformat),
    Case("to_date", (TIMESTAMP,), lambda x: x.date()),
    Case("make_date", (st.integers(1, 9999), st.integers(1, 12), st.integers(1, 28)), datetime.date),
    Case(
        "at_time_zone",
        (
            st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2037, 1, 1)).map(
                lambda x: x.replace(hour=12)
            ),
        ),
        lambda x, zone: x.replace(tzinfo=zoneinfo.ZoneInfo(zone)),
        ("America/New_York",),
    ),
]

CONVERSION = [
    Case("cast", (FLOAT,), lambda x, _: int(x), ("int64",)),
    Case("cast", (INT,), lambda x, _: str(x), ("string",)),
    Case("cast", (DATE.map(str),), lambda x, _: datetime.date.fromisoformat(x), ("date32",)),
    Case("cast", (INT,), lambda x, _: bool(x), ("bool",)),
    Case(
        "try_cast",
        (st.sampled_from(["1", " 2 ", "x", "", "300", "-4"]),),
        lambda x, _: int(x) if x.strip().lstrip("-").isdigit() and -128 <= int(x) < 128 else None,
        ("int8",),
    ),
]


def there(values):
    return [value for value in values if value is not None]


def aggregate(oracle, least=1):
    """An oracle on the values that are not null; None of fewer than `least`."""

    def call(values, *constants, **options):
        found = there(values)
        return oracle(found, *constants, **options) if len(found) >= least else None

    return call


def paired(oracle):
    def call(x, y, **options):
        pairs = [pair for pair in zip(x, y, strict=True) if None not in pair]
        return oracle(*map(list, zip(*pairs, strict=True)), **options) if pairs else oracle([], [], **options)

    return call


def covariance(x, y, ddof=1):
    if len(x) <= ddof:
        return None
    mx, my = statistics.fmean(x), statistics.fmean(y)
    return math.fsum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / (len(x) - ddof)


def correlation(x, y):
    if len(x) < 2:
        return None
    vx, vy = covariance(x, x), covariance(y, y)
    return covariance(x, y) / math.sqrt(vx * vy) if vx and vy else math.nan


def of_pandas(name, least=1):
    # Before version 3 pandas gave 0 where all are equal: 0/0.
    def moment(values):
        return math.nan if len(set(values)) == 1 else float(getattr(pd.Series(values, dtype=float), name)())

    return aggregate(moment, least)


def one_mode(values):
    return min(set(values), key=lambda v: (-values.count(v), v))


def agg(name, oracle, *types, **more):
    return Case(name, types or (FLOAT,), oracle, whole=True, **more)


TENTHS = st.integers(-100, 100).map(lambda i: i / 8)
AGGREGATES = [
    agg("sum", aggregate(sum), INT),
    agg("sum", aggregate(math.fsum), tolerance=0),
    agg("product", aggregate(math.prod), SMALL),
    agg("product", aggregate(math.prod), UNIT),
    agg("mean", aggregate(statistics.fmean)),
    agg("mean", aggregate(statistics.fmean), INT),
    agg("min", aggregate(min)),
    agg("max", aggregate(max), TEXT),
    agg("max", aggregate(max), DATE),
    agg("min", aggregate(min), BOOL),
    agg("var", aggregate(lambda v: covariance(v, v)), TENTHS, tolerance=1e-9),
    agg("var", aggregate(lambda v, ddof: covariance(v, v, ddof)), TENTHS, constants=(0,), tolerance=1e-9),
    agg("var_pop", aggregate(lambda v: covariance(v, v, 0)), TENTHS, tolerance=1e-9),
    agg("std", aggregate(statistics.stdev, 2), TENTHS, tolerance=1e-9),
    agg("std_pop", aggregate(statistics.pstdev), TENTHS, tolerance=1e-9),
    agg("skew", of_pandas("skew", 3), st.integers(-9, 9).map(float), tolerance=1e-6),
    agg("kurtosis", of_pandas("kurt", 4), st.integers(-9, 9).map(float), tolerance=1e-6),
    agg("count", lambda v: len(there(v))),
    agg("count", lambda v: len(there(v)), TEXT),
    agg("count_null", lambda v: v.count(None), INT),
    agg("count_distinct", lambda v: len(set(there(v))), SMALL),
    agg("count_distinct", lambda v: len(set(there(v))), TEXT),
    agg("count_distinct", lambda v: len(set(there(v)))),
    agg("approx_count_distinct", lambda v: len(set(there(v))), SMALL),
    agg("first", lambda v: v[0], INT),
    agg("last", lambda v: v[-1], TEXT),
    agg("any", aggregate(any), BOOL),
    agg("all", aggregate(all), BOOL),
    agg("mode", aggregate(one_mode), SMALL),
    agg("mode", aggregate(one_mode), TEXT),
    agg("median", aggregate(lambda v: float(statistics.median(v))), tolerance=1e-9),
    *(
        agg(
            "quantile",
            aggregate(lambda v, q, interpolation: float(pd.Series(v).quantile(q, interpolation))),
            TENTHS,
            constants=(q,),
            options={"interpolation": how},
            tolerance=1e-9,
        )
        for q in (0.0, 0.3, 0.5, 1.0)
        for how in ("linear", "lower", "higher", "nearest", "midpoint")
    ),
    agg("covar", paired(covariance), TENTHS, TENTHS, tolerance=1e-9),
    agg("covar_pop", paired(lambda x, y: covariance(x, y, 0)), TENTHS, TENTHS, tolerance=1e-9),
    agg("corr", paired(correlation), TENTHS, TENTHS, tolerance=1e-6),
]


def running(oracle):
    """Over the values so far; null stays null."""

    def call(values):
        return [None if v is None else oracle(there(values[: i + 1])) for i, v in enumerate(values)]

    return call


def shifted(values, n=1, fill=None):
    return [values[i - n] if 0 <= i - n < len(values) else fill for i in range(len(values))]


def against_shifted(oracle):
    def call(values, n=1):
        pairs = zip(values, shifted(values, n), strict=True)
        return [None if None in pair else oracle(*pair) for pair in pairs]

    return call


def moving(oracle, least=1):
    def call(values, window, min_periods=None, center=False):
        found = []
        for i in range(len(values)):
            end = i + 1 + (window - 1) // 2 if center else i + 1
            part = there(values[max(end - window, 0) : end])
            enough = len(part) >= (window if min_periods is None else min_periods)
            found.append(oracle(part) if enough and len(part) >= least else None)
        return found

    return call


def filled(values, limit=None):
    found, run, last = [], 0, None
    for value in values:
        run = 0 if value is not None else run + 1
        last = value if value is not None else last
        found.append(last if limit is None or run <= limit else None)
    return found


def ranked(values, method="average", descending=False):
    series = pd.Series(
        values, dtype="float64" if there(values) and not isinstance(there(values)[0], str) else None
    )
    found = series.rank(method={"ordinal": "first"}.get(method, method), ascending=not descending)
    return [None if x != x else (x if method == "average" else int(x)) for x in found]


def quantile_bins(values, count):
    found = there(values)
    if len(set(found)) < 2:
        return [None if v is None else 0 for v in values]
    codes = pd.qcut(pd.Series(values, dtype=float), count, labels=False, duplicates="drop")
    return [None if code != code else int(code) for code in codes]


def window(name, oracle, *types, **more):
    return Case(name, types or (INT,), oracle, whole=True, **more)


SIZES = [
    {"constants": (3,)},
    {"constants": (2,), "options": {"min_periods": 1}},
    {"constants": (3,), "options": {"min_periods": 2, "center": True}},
]
WINDOWS = [
    window("cum_sum", running(sum)),
    window("cum_sum", running(math.fsum), TENTHS, tolerance=0),
    window("cum_product", running(math.prod), st.integers(-3, 3)),
    window("cum_min", running(min)),
    window("cum_max", running(max)),
    window("cum_max", running(max), DATE),
    window("cum_count", lambda v: [len(there(v[: i + 1])) for i in range(len(v))], TEXT),
    window("shift", shifted),
    window("shift", shifted, TEXT, constants=(-2,)),
    window("shift", shifted, constants=(2,), options={"fill": 7}, typed=True),
    window("diff", against_shifted(lambda a, b: a - b)),
    window("diff", against_shifted(lambda a, b: a - b), TIMESTAMP, constants=(-1,)),
    window("pct_change", against_shifted(lambda a, b: a / b - 1), POSITIVE, tolerance=1e-9),
    *(
        window("rank", ranked, kind, options={"method": method, "descending": descending})
        for kind in (SMALL, TENTHS, ASCII)
        for method in ("average", "min", "max", "dense", "ordinal")
        for descending in (False, True)
    ),
    *(
        window(f"rolling_{name}", moving(oracle), TENTHS, tolerance=1e-9, **size)
        for name, oracle in {
            "sum": math.fsum,
            "mean": statistics.fmean,
            "min": min,
            "max": max,
            "median": lambda v: float(statistics.median(v)),
        }.items()
        for size in SIZES
    ),
    *(
        window(f"rolling_{name}", moving(oracle, 2), TENTHS, tolerance=1e-6, **size)
        for name, oracle in {"var": statistics.variance, "std": statistics.stdev}.items()
        for size in SIZES
    ),
    window("forward_fill", filled),
    window("forward_fill", filled, TEXT, constants=(1,)),
    window("backward_fill", lambda v: filled(v[::-1])[::-1]),
    window("backward_fill", lambda v, n: filled(v[::-1], n)[::-1], constants=(2,)),
    window("qcut", quantile_bins, TENTHS, constants=(4,)),
]

CASES = [
    *ARITHMETIC,
    *COMPARISON,
    *LOGIC,
    *CONDITIONS,
    *NUMBERS,
    *STRINGS,
    *TIMES,
    *CONVERSION,
    *AGGREGATES,
    *WINDOWS,
]
# Tested below.
OTHERS = {"approx_median", "approx_quantile", "hash", "row_number", "rolling_count"}


def test_every_function_is_tested():
    assert {case.name for case in CASES} | OTHERS >= set(_functions.__all__)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_function(case):
    @settings(max_examples=25)
    @given(columns(*case.types))
    def check(data):
        case.check(data)

    check()


@pytest.mark.parametrize(
    "name", sorted({case.name for case in CASES if not case.constants and len(case.types) == 1})
)
def test_no_rows(name):
    case = next(case for case in CASES if case.name == name and len(case.types) == 1)
    value = {INT: np.int64, SMALL: np.int64, BOOL: bool}.get(case.types[0])
    array = np.empty(0, value) if value else (np.empty(0) if name not in TEXT_ONLY else np.empty(0, str))
    if name in TIME_ONLY:
        array = np.empty(0, "M8[us]")
    found = getattr(compute, name)(array, *case.constants, **(case.options or {}))
    if case in AGGREGATES:
        assert found == (0 if "count" in name else None)
    else:
        assert len(found) == 0


TEXT_ONLY = {case.name for case in STRINGS} | {"to_timestamp"}
TIME_ONLY = {"to_date", "at_time_zone", "strftime"}


@given(columns(FLOAT, nulls=False), UNIT.map(abs))
def test_approximate_quantiles_of_few_rows_are_rows(data, q):
    (values,) = data
    ordered, last = sorted(values), len(values) - 1
    assert compute.approx_median(values) in (ordered[last // 2], ordered[(last + 1) // 2])
    around = ordered[max(math.floor(q * last) - 1, 0) : math.ceil(q * last) + 2]
    assert compute.approx_quantile(values, q) in around
    assert compute.approx_quantile([None], q) is None


def test_hash():
    """Equal values of any width and encoding hash alike, for ever."""
    assert compute.hash([1, None]) == [7968799535414935390, compute.hash([None])[0]]
    for dtype in ("int8", "uint16", "int32", "uint64"):
        assert compute.hash(np.array([1], dtype)).tolist() == [7968799535414935390]
    assert compute.hash([0.0]) == compute.hash([-0.0])
    assert compute.hash(["é"]) == compute.hash(pd.Series(["é"], dtype="category")).tolist()
    assert compute.hash([1], [2]) != compute.hash([2], [1])


def test_row_number_is_an_expression():
    assert compute.evaluate(["x", None], compute.row_number()) == [1, 2]


@given(columns(TENTHS))
def test_rolling_count(data):
    (values,) = data
    expected = [len(there(values[max(i - 2, 0) : i + 1])) for i in range(len(values))]
    assert compute.rolling_count(values, 3, min_periods=0) == expected


@settings(max_examples=60)
@given(columns(TENTHS, st.integers(0, 30), nulls=False), st.integers(1, 7))
def test_windows_of_time(data, days):
    values, steps = data
    start, times = datetime.datetime(2020, 1, 1), []
    for step in steps:
        start += datetime.timedelta(step / 8)
        times.append(start)
    expected = pd.Series(values, index=times).rolling(f"{days}D").sum().tolist()
    found = compute.rolling_sum(values, datetime.timedelta(days), by=times)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("name", sorted(_functions.__all__))
def test_examples_of_the_documentation(name):
    """What docs/expressions.md says a function gives is what it gives."""
    table = compute.functions().to_pydict()
    rows = zip(table["function"], table["item"], table["name"], table["default"], strict=True)
    examples = [
        (text, gives)
        for function, item, text, gives in rows
        if item == "example" and function == name.removesuffix("_")
    ]
    assert examples
    for text, gives in examples:
        found, wanted = compute.evaluate({"row": [0]}, found=text, wanted=gives).to_pydict().values()
        assert found == wanted or found[0] != found[0], text


def test_functions_are_documented():
    for name in compute.__all__:
        assert getattr(compute, name).__doc__, name
    assert pf.compute is compute
