"""Expressions: the text of every operator and literal, and that the library reads it as it was meant."""

from __future__ import annotations

import datetime
import decimal
import itertools
import math
import operator
import pickle
import zoneinfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.exceptions import InvalidArgumentError, WrongTypeError
from parquetframe.expressions import Expression, SortKey

a, b = pf.col("a"), pf.col("b")


def value_of(expression):
    return pf.compute.evaluate({"row": [0]}, x=expression).to_pydict()["x"][0]


TEXTS = [
    (a + 1, '"a" + 1'),
    (1 + a, '1 + "a"'),
    (a - b, '"a" - "b"'),
    (1 - a, '1 - "a"'),
    (a * 2.5, '"a" * 2.5'),
    (2.5 * a, '2.5 * "a"'),
    (a / b, '"a" / "b"'),
    (1 / a, '1 / "a"'),
    (a // 2, 'floor_div("a", 2)'),
    (2 // a, 'floor_div(2, "a")'),
    (a % 2, 'floor_mod("a", 2)'),
    (2 % a, 'floor_mod(2, "a")'),
    (a**2, 'power("a", 2)'),
    (2**a, 'power(2, "a")'),
    (-a, '-"a"'),
    (a.__neg__().__neg__(), '-(-"a")'),
    (-(a + b), '-("a" + "b")'),
    (+a, '"a"'),
    (abs(a), 'abs("a")'),
    (round(a), 'round("a")'),
    (round(a, 2), 'round("a", digits => 2)'),
    (math.floor(a), 'floor("a")'),
    (math.ceil(a), 'ceil("a")'),
    (math.trunc(a), 'trunc("a")'),
    (a == 1, '"a" = 1'),
    (a != "x", "\"a\" <> 'x'"),
    (a < b, '"a" < "b"'),
    (a <= b, '"a" <= "b"'),
    (a > b, '"a" > "b"'),
    (a >= b, '"a" >= "b"'),
    (np.int64(3) < a, '"a" > 3'),
    (np.float64(2) * a, '2.0 * "a"'),
    (~a, 'NOT "a"'),
    (~(a & b), 'NOT ("a" AND "b")'),
    (a & b & a, '"a" AND "b" AND "a"'),
    (a & (b & a), '"a" AND "b" AND "a"'),
    ((a | b) & a, '("a" OR "b") AND "a"'),
    (a | b & a, '"a" OR "b" AND "a"'),
    (True & a, 'TRUE AND "a"'),
    (False | a, 'FALSE OR "a"'),
    ((a > 1) & (b < 2), '"a" > 1 AND "b" < 2'),
    ((a == b) == (b == a), '("a" = "b") = ("b" = "a")'),
    (a - (b - 1), '"a" - ("b" - 1)'),
    (a - b - 1, '"a" - "b" - 1'),
    (a * (b + 1), '"a" * ("b" + 1)'),
    (a / (b / 2), '"a" / ("b" / 2)'),
    (a + b * 2, '"a" + "b" * 2'),
    (a - -1, '"a" - -1'),
    (a.is_null(), '"a" IS NULL'),
    ((a == 1).is_not_null(), '("a" = 1) IS NOT NULL'),
    ((a + 1).is_null(), '"a" + 1 IS NULL'),
    (a.between(1, b + 1), '"a" BETWEEN 1 AND "b" + 1'),
    (a.between(b == 1, True), '"a" BETWEEN ("b" = 1) AND TRUE'),
    (a.is_in([1, None, b]), '"a" IN (1, NULL, "b")'),
    (a.is_in([]), "FALSE"),
    (~a.is_in([1]), 'NOT "a" IN (1)'),
    (a.like("x%"), "\"a\" LIKE 'x%'"),
    (a.ilike("x!%", "!"), "\"a\" ILIKE 'x!%' ESCAPE '!'"),
    (a.cast("int8") + 1, 'CAST("a" AS int8) + 1'),
    (a.try_cast("decimal(10, 2)"), 'TRY_CAST("a" AS decimal(10, 2))'),
    (a.field("b c"), '"a"."b c"'),
    (a.sum().where(b > 1), 'sum("a") FILTER (WHERE "b" > 1)'),
    (a.fill_null(0), 'coalesce("a", 0)'),
    (a.coalesce(b, 0), 'coalesce("a", "b", 0)'),
    (a.round(2), 'round("a", digits => 2)'),
    (a.round(), 'round("a")'),
    (a.quantile(0.5, "lower"), "quantile(\"a\", 0.5, interpolation => 'lower')"),
    (a.extract("year"), "extract('year', \"a\")"),
    (a.rank("min", descending=True), "rank(\"a\", method => 'min', descending => TRUE)"),
    (a.shift(2, fill=0), 'shift("a", n => 2, fill => 0)'),
    (a.rolling_mean(3, by=b), 'rolling_mean("a", 3, by => "b")'),
    (pf.expr("x or y") & a, '(x or y) AND "a"'),
    (pf.expr(a), '"a"'),
    (pf.col('q"'), '"q"""'),
    (pf.when(a > 1).then(1).otherwise("z"), "CASE WHEN \"a\" > 1 THEN 1 ELSE 'z' END"),
    (pf.when(a > 1).then(1).when(a > 0).then(b), 'CASE WHEN "a" > 1 THEN 1 WHEN "a" > 0 THEN "b" END'),
    (pf.when(a).then(1).otherwise(2) + 1, 'CASE WHEN "a" THEN 1 ELSE 2 END + 1'),
    (pf.compute.row_number(), "row_number()"),
    (pf.compute.count(), "count()"),
    (pf.compute.sum(a), 'sum("a")'),
    (pf.compute.and_(a, b), '"and"("a", "b")'),
    (a.alias("t o"), '"a" AS "t o"'),
    (a.asc(), '"a" ASC NULLS LAST'),
    (a.desc(nulls_first=True), '"a" DESC NULLS FIRST'),
]


@pytest.mark.parametrize(("expression", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_text(expression, text):
    assert str(expression) == text
    assert repr(text) in repr(expression)


def test_expression_has_no_truth_value():
    with pytest.raises(WrongTypeError, match="use & | ~ instead"):
        bool(a > 1)
    with pytest.raises(WrongTypeError, match="between"):
        1 < a < 2  # noqa: B015


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: pf.col(1), "name must be a string, not int"),
        (lambda: pf.col(""), "name must not be empty"),
        (lambda: pf.expr(1), "text must be a string, not int"),
        (lambda: a.alias(1), "name must be a string, not int"),
        (lambda: a.is_in("abc"), "values must be a list of values, not str"),
        (lambda: a.is_in(3), "values must be a list of values, not int"),
        (lambda: a + object(), "a value of type object is no literal"),
        (lambda: a * [1], "a value of type list is no literal"),
        (lambda: a + np.array([1, 2]), "a value of type ndarray is no literal"),
        (lambda: a + 1j, "complex is no literal"),
        (lambda: a + a.alias("x"), "cannot stand inside an expression"),
        (lambda: a + a.desc(), "cannot stand inside an expression"),
        (lambda: a + pf.when(b), "cannot stand inside an expression"),
        (lambda: a.cast(int), "a type is named by a string"),
        (lambda: pf.lit(decimal.Decimal("NaN")), "NaN is no decimal literal"),
        (lambda: pf.lit(10**80), "at most 76 digits, not 81"),
        (lambda: pf.lit(datetime.time(1, tzinfo=datetime.UTC)), "with a time zone"),
        (lambda: (a + 1).field("x"), "only columns have fields"),
    ],
)
def test_misuse(make, message):
    with pytest.raises((WrongTypeError, InvalidArgumentError), match=message):
        make()


def test_expressions_can_be_pickled_and_hashed():
    for one in (a + 1, a.alias("x"), a.desc(), pf.when(a).then(1)):
        assert str(pickle.loads(pickle.dumps(one))) == str(one)
    assert {a: 1}[a] == 1


def test_methods_are_documented():
    for name in dir(Expression):
        if not name.startswith("_"):
            assert getattr(Expression, name).__doc__, name
    assert SortKey.__doc__


@pytest.mark.rust
def test_precedence_is_that_of_the_library():
    """Python's tree and what the library makes of the text give the same numbers."""
    x, y, z = 7, 3, 2
    columns = {"x": [x], "y": [y], "z": [z]}
    p, q, r = (pf.col(name) for name in columns)
    binary = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod]
    for one, two in itertools.product(binary, binary):
        for make in (_left, _right):
            try:
                expected = make(one, two, x, y, -z)
            except ZeroDivisionError:
                continue
            expression = make(one, two, p, q, -r)
            found = pf.compute.evaluate(columns, v=expression).to_pydict()["v"][0]
            assert found == pytest.approx(expected), str(expression)


def _left(one, two, x, y, z):
    return two(one(x, y), z)


def _right(one, two, x, y, z):
    return one(x, two(y, z))


@pytest.mark.rust
@given(
    st.recursive(
        st.sampled_from([("p",), ("q",), ("r",), (True,), (False,)]),
        lambda inner: st.one_of(
            st.tuples(st.just("and"), inner, inner),
            st.tuples(st.just("or"), inner, inner),
            st.tuples(st.just("not"), inner),
            st.tuples(st.just("eq"), inner, inner),
            st.tuples(st.just("is_in"), inner, inner),
        ),
        max_leaves=12,
    )
)
def test_logic_is_what_python_says(tree):
    columns = {
        "p": [True, True, False, False],
        "q": [True, False, True, False],
        "r": [False, True, True, False],
    }

    def expression(node):
        match node:
            case ("and", x, y):
                return expression(x) & expression(y)
            case ("or", x, y):
                return expression(x) | expression(y)
            case ("not", x):
                return ~expression(x)
            case ("eq", x, y):
                return expression(x) == expression(y)
            case ("is_in", x, y):
                return expression(x).is_in([expression(y)])
            case (str() as name,):
                return pf.col(name)
            case (value,):
                return pf.lit(value)

    def oracle(node, row):
        match node:
            case ("and", x, y):
                return oracle(x, row) and oracle(y, row)
            case ("or", x, y):
                return oracle(x, row) or oracle(y, row)
            case ("not", x):
                return not oracle(x, row)
            case ("eq" | "is_in", x, y):
                return oracle(x, row) == oracle(y, row)
            case (str() as name,):
                return columns[name][row]
            case (value,):
                return value

    found = pf.compute.evaluate(columns, v=expression(tree)).to_pydict()["v"]
    assert found == [oracle(tree, row) for row in range(4)]


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
LITERALS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False),
    TEXT,
    st.binary(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(datetime.timedelta(-(10**5)), datetime.timedelta(10**5)),
)


@pytest.mark.rust
@given(LITERALS)
def test_literals_come_back(value):
    found = value_of(pf.lit(value))
    assert found == value
    assert type(found) is type(value)
    if isinstance(value, float):
        assert math.copysign(1, found) == math.copysign(1, value)


@pytest.mark.rust
@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**30), max_value=10**30))
def test_decimals_come_back(value):
    found = value_of(pf.lit(value))
    assert found == value
    assert found.as_tuple().exponent == value.as_tuple().exponent


@pytest.mark.rust
@given(st.integers(-(10**76) + 1, 10**76 - 1))
def test_integers_come_back_whatever_their_size(value):
    assert value_of(pf.lit(value)) == value


@pytest.mark.rust
@given(
    st.datetimes(datetime.datetime(1, 1, 3), datetime.datetime(9999, 12, 29)),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Africa/Monrovia"]),
)
def test_timestamps_with_zones_come_back_in_utc(value, zone):
    aware = value.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    assert value_of(pf.lit(aware)).timestamp() == pytest.approx(aware.timestamp(), abs=1e-5)


@pytest.mark.rust
@given(TEXT.filter(bool))
def test_any_name_is_a_column(name):
    table = pf.compute.evaluate({name: [7]}, pf.col(name), pf.lit(1).alias(name + "'"))
    assert table.to_pydict() == {name: [7], name + "'": [1]}


@pytest.mark.rust
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("inf"), float("inf")),
        (-float("inf"), -float("inf")),
        (np.int8(-5), -5),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.float32(0.1), 0.1),
        (np.longdouble(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (np.datetime64("2020-01-31"), datetime.date(2020, 1, 31)),
        (np.datetime64("2020-01-31T01:02:03"), datetime.datetime(2020, 1, 31, 1, 2, 3)),
        (np.datetime64("2020-01-31T01:02:03.000000009"), pd.Timestamp("2020-01-31T01:02:03.000000009")),
        (np.timedelta64(90, "m"), datetime.timedelta(hours=1.5)),
        (np.datetime64("NaT"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.Timestamp("2020-01-31 01:02:03.000000009"), pd.Timestamp("2020-01-31T01:02:03.000000009")),
        (pd.Timedelta(7, "ns"), pd.Timedelta(7, "ns")),
        (bytearray(b"x"), b"x"),
    ],
    ids=repr,
)
def test_scalars_of_numpy_and_pandas_are_literals(value, expected):
    assert value_of(pf.lit(value)) == expected


@pytest.mark.rust
def test_nan_is_a_literal():
    assert math.isnan(value_of(pf.lit(float("nan"))))


@pytest.mark.rust
def test_durations_compare_with_durations():
    found = pf.compute.filter(
        [datetime.timedelta(1), None, datetime.timedelta(3)], pf.col("value") > datetime.timedelta(2)
    )
    assert found == [datetime.timedelta(3)]


@pytest.mark.rust
@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_the_library_cannot_take_is_an_error(text):
    with pytest.raises(InvalidArgumentError):
        value_of(pf.lit(text))
