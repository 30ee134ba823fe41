"""The pandas engine against the Rust engine: the same expression on the same data gives the same rows, or fails
alike. What the pandas engine does not know it says.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_parity_compute import cases, compare, holds_nan, run, table_of

import parquetframe as pf
from parquetframe.engines import pandas as on_pandas
from parquetframe.engines import rust as on_rust
from parquetframe.exceptions import ParquetFrameError, UnsupportedError

MANY = settings(max_examples=400, suppress_health_check=list(HealthCheck))

INT64 = st.one_of(st.integers(-5, 5), st.sampled_from([-(2**63), 2**63 - 1, 2**53 + 1, 2**31]))
FLOATS = st.one_of(
    st.sampled_from([0.0, -0.0, 0.5, -2.5, 1e308, -1e308, 5e-324, math.inf, -math.inf, 2.0**53]),
    st.floats(allow_nan=False),
    st.integers(-5, 5).map(float),
)
WORDS = st.sampled_from(["", "a", "b", "B", "ab", "é", "straße", "a%b", "a_b", "k\n", "K", "x'y", "1"])
TIMES = st.sampled_from(["2024-01-01", "2024-01-01 10:20:30", "1969-12-31 23:59:59.999999", "2200-01-01"])


def nullable(values):
    return st.one_of(st.none(), values)


@st.composite
def tables(draw):
    """A pyarrow.Table with a column of each type that the pandas engine knows."""
    rows = draw(st.integers(0, 6))

    def column(values, kind):
        drawn = draw(st.lists(values, min_size=rows, max_size=rows))
        return pa.array(drawn, kind)

    return pa.table(
        {
            "i": column(nullable(INT64), pa.int64()),
            "j": column(nullable(st.integers(-128, 127)), pa.int8()),
            "u": column(nullable(st.sampled_from([0, 1, 3, 2**63, 2**64 - 1])), pa.uint64()),
            "w": column(nullable(st.integers(0, 255)), pa.uint8()),
            "x": column(nullable(st.one_of(FLOATS, st.just(math.nan))), pa.float64()),
            "f": column(nullable(st.floats(width=32)), pa.float32()),
            "b": column(nullable(st.booleans()), pa.bool_()),
            "s": column(nullable(WORDS), pa.string()),
            "t": column(nullable(TIMES.map(datetime.datetime.fromisoformat)), pa.timestamp("us")),
            "z": column(
                nullable(TIMES.map(datetime.datetime.fromisoformat)), pa.timestamp("ns", "Europe/Berlin")
            ),
        }
    )


def binary(parts, operators):
    return st.tuples(parts, st.sampled_from(operators), parts).map(lambda p: f"({p[0]} {p[1]} {p[2]})")


def call(names, *parts):
    return st.tuples(st.sampled_from(names), *parts).map(lambda p: f"{p[0]}({', '.join(p[1:])})")


def case(conditions, values):
    return st.tuples(conditions, values, conditions, values, values).map(
        lambda p: f"CASE WHEN {p[0]} THEN {p[1]} WHEN {p[2]} THEN {p[3]} ELSE {p[4]} END"
    )


NUMBER_LEAVES = st.one_of(
    st.sampled_from(
        ["i", "j", "u", "w", "x", "f", "NULL", "0", "1", "-1", "2.5", "300", "9223372036854775807"]
    ),
    st.sampled_from(["18446744073709551615", "-9223372036854775808", "1e300", "0.1", "100"]),
)
TEXT_LEAVES = st.sampled_from(["s", "'a'", "''", "'B'", "NULL", "'a%'", "'é'"])
CONDITION_LEAVES = st.sampled_from(
    [
        *(
            "b",
            "TRUE",
            "FALSE",
            "NULL",
            "(t > TIMESTAMP '2024-01-01 00:00:00')",
            "(t = '2024-01-01 10:20:30')",
        ),
        *("(z < TIMESTAMP '2024-01-01 00:00:00+01:00')", "(t >= DATE '2024-01-01')", "(z IS NULL)"),
        "(t BETWEEN '1960-01-01' AND '2024-01-01')",
    ]
)


def deeper(parts):
    """Numbers, texts and conditions one level deeper."""
    number, text, condition = parts
    return (
        st.one_of(
            number,
            binary(number, ["+", "-", "*", "/", "//", "%"]),
            call(["floor_mod", "nullif", "coalesce"], number, number),
            call(["abs", "floor", "ceil", "round", "-"], number),
            call(["length"], text),
            case(condition, number),
            st.tuples(number, st.sampled_from(["int8", "int64", "float64", "uint8", "bool"])).map(
                lambda p: f"CAST({p[0]} AS {p[1]})"
            ),
        ),
        st.one_of(
            text,
            call(["lower", "upper"], text),
            call(["coalesce", "nullif"], text, text),
            binary(text, ["||"]),
            case(condition, text),
        ),
        st.one_of(
            condition,
            binary(number, ["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]),
            binary(text, ["=", "<", ">=", "LIKE", "NOT LIKE", "IS DISTINCT FROM"]),
            binary(condition, ["AND", "OR", "=", "IS NOT DISTINCT FROM"]),
            st.tuples(st.sampled_from(["NOT "]), condition).map(lambda p: f"({p[0]}{p[1]})"),
            st.tuples(condition, st.sampled_from(["NULL", "TRUE", "NOT FALSE", "NOT NULL"])).map(
                lambda p: f"({p[0]} IS {p[1]})"
            ),
            st.tuples(number, number, number).map(lambda p: f"({p[0]} BETWEEN {p[1]} AND {p[2]})"),
            st.tuples(number, number, number).map(lambda p: f"({p[0]} IN ({p[1]}, {p[2]}))"),
            st.tuples(text, text, text).map(lambda p: f"({p[0]} NOT IN ({p[1]}, {p[2]}))"),
            call(["starts_with", "ends_with", "contains"], text, text),
            call(["coalesce"], condition),
        ),
    )


LEAVES = (NUMBER_LEAVES, TEXT_LEAVES, CONDITION_LEAVES)
# What may stand inside an aggregate, which holds no other. Nothing in it fails for every row: which of several errors
# comes first, and whether an aggregate is computed that literals make superfluous, the engines need not agree on.
INNER = deeper((st.sampled_from(["i", "j", "u", "w", "x", "f", "NULL", "0", "1", "-1", "2.5"]), *LEAVES[1:]))
AGGREGATES = (
    st.one_of(
        call(["sum", "mean", "min", "max", "count", "var", "std", "median", "first", "last"], INNER[0]),
        INNER[0].map(lambda text: f"count(DISTINCT {text})"),
        st.tuples(INNER[0], INNER[2]).map(lambda p: f"sum({p[0]}) FILTER (WHERE {p[1]})"),
    ),
    call(["min", "max", "first", "last"], INNER[1]),
    call(["any", "all"], INNER[2]),
)
LEVELS = [tuple(map(st.one_of, LEAVES, AGGREGATES))]
for _ in range(3):
    LEVELS.append(deeper(LEVELS[-1]))
NUMBERS, TEXTS, CONDITIONS = (st.one_of(*(level[i] for level in LEVELS[1:])) for i in range(3))
OPTIONS = st.fixed_dictionaries(
    {"overflow": st.sampled_from(["error", "null", "wrap"]), "nan": st.sampled_from([None, "keep", "null"])}
)


def outcome(function, *arguments, **options):
    """The result as comparable values, or the class of the error."""
    try:
        result = function(*arguments, **options)
    except ParquetFrameError as error:
        return type(error)
    if isinstance(result, pd.DataFrame):
        return result
    return [(str(field.type), field.name) for field in result.schema], result.to_pydict()


def assert_same(function, data, *arguments, **options):
    """Both engines give the same, or the pandas engine says that it does not know."""
    got = outcome(getattr(on_pandas, function), data, *arguments, **options)
    assume(got is not UnsupportedError)
    wanted = outcome(getattr(on_rust, function), data, *arguments, **options)
    if isinstance(wanted, pd.DataFrame):
        assert isinstance(got, pd.DataFrame), got
        pd.testing.assert_frame_equal(got, wanted, check_exact=True)
    else:
        # repr tells NaN from null and -0.0 from 0.0.
        assert repr(got) == repr(wanted)


@pytest.mark.rust
@MANY
@given(tables(), CONDITIONS, OPTIONS)
def test_filters_keep_the_same_rows(table, condition, options):
    assert_same("filter", table, condition, **options)


@pytest.mark.rust
@MANY
@given(tables(), st.one_of(NUMBERS, TEXTS, CONDITIONS), OPTIONS)
def test_values_are_the_same_to_the_bit(table, expression, options):
    assert_same("evaluate", table, expression, **options)


@pytest.mark.rust
@MANY
@given(tables(), st.one_of(*AGGREGATES), nullable(INNER[2]), OPTIONS)
def test_aggregates_are_the_same_to_the_bit(table, expression, where, options):
    assert_same("aggregate", table, expression, where=where, **options)


STYLES = {
    "numpy": lambda table: table.to_pandas(),
    "arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "nullable": lambda table: table.to_pandas().convert_dtypes(),
    "objects": lambda table: table.to_pandas().astype({"s": object, "i": object, "b": object}),
}


@pytest.mark.rust
@pytest.mark.parametrize("style", STYLES)
@given(tables(), LEVELS[2][0], LEVELS[2][2], *INNER[::2])
@settings(max_examples=100)
def test_frames_of_pandas_keep_the_same_rows_labels_and_dtypes(
    style, table, number, condition, inner, inner_condition
):
    frame = STYLES[style](table)
    frame.index = pd.Index([f"row {i // 2}" for i in range(len(frame))], name="label")
    assert_same("filter", frame, condition)
    assert_same("evaluate", frame, number, yes=condition)
    assert_same("aggregate", frame, f"min({inner})", n=f"count({inner_condition})")


# ---- the parity cases of the language, an expression at a time ----


def single_expressions(case):
    """The case, once for every expression."""
    if "expressions" not in case or "expect_error" in case:
        return [case]
    columns = case["expect"]["columns"]
    return [
        {**case, "expressions": [text], "expect": {"columns": [column]}}
        for text, column in zip(case["expressions"], columns, strict=True)
    ]


class Engine:
    """The functions of the pandas engine in the place of `pf.compute`."""

    def __init__(self, seen):
        self.seen = seen

    def __getattr__(self, name):
        function = getattr(on_pandas, name)

        def call(*arguments, **options):
            try:
                return function(*arguments, **options)
            except UnsupportedError:
                self.seen.append(UnsupportedError)
                raise

        return call


# So many expressions of each family the pandas engine computes at least; the rest it says that it does not know.
COMPUTED = {
    "arithmetic": 240,
    "comparison": 220,
    "logic": 85,
    "conditional": 75,
    "numeric": 30,
    "string": 150,
    "temporal": 1,
    "conversion": 25,
    "aggregate": 400,
}


@pytest.mark.parametrize("family", COMPUTED)
@pytest.mark.parametrize("kind", ["arrow", "pandas"])
def test_parity_cases_of_the_language(family, kind, monkeypatch):
    counted = Counter()
    for parameter in cases([family]):
        case = parameter.values[0]
        if case["call"] not in ("evaluate", "aggregate", "filter") or case.get("unknown_option"):
            continue
        if kind == "pandas" and holds_nan(case):
            continue
        for one in single_expressions(case):
            seen = []
            with monkeypatch.context() as patch:
                patch.setattr(pf, "compute", Engine(seen))
                data = table_of(one)
                if kind == "pandas":
                    data = data.to_pandas(types_mapper=pd.ArrowDtype)
                    one = {**one, "options": {"nan": "keep", **one["options"]}}
                try:
                    if "expect_error" in one:
                        with pytest.raises(pf.exceptions._BY_CODE[one["expect_error"]["code"]]):
                            run(one, data)
                    else:
                        result = run(one, data)
                        if kind == "pandas":
                            result = pa.Table.from_pandas(result, preserve_index=False)
                        compare(one, result)
                except UnsupportedError:
                    pass
                except BaseException:
                    if not seen:
                        raise
            counted["unsupported" if seen else "computed"] += 1
    assert counted["computed"] >= COMPUTED[family], counted
