"""One contract for all engines: filters, expressions, aggregates and reductions of frames, and who runs them."""

from __future__ import annotations

import datetime
import doctest
import inspect
import operator

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import ROOT

import parquetframe as pf
from parquetframe import col, engines
from parquetframe.engines import _choice
from parquetframe.exceptions import (
    ArithmeticFailure,
    InvalidArgumentError,
    UnsupportedError,
    WrongTypeError,
)

SALES = {
    "price": [9.5, 120.0, np.nan, 40.0],
    "qty": [3, 1, 2, 5],
    "region": ["EU", "US", None, "EU"],
}


@pytest.fixture
def sales():
    return pd.DataFrame(SALES, index=["a", "b", "b", "c"])


def columns_of(table):
    return (table if isinstance(table, pa.Table) else table.to_arrow()).to_pydict()


# ---- filter ----


@pytest.mark.parametrize(
    ("predicate", "rows"),
    [
        ("price > 10", [1, 3]),
        ("price > 10 AND region = 'EU'", [3]),
        ("NOT (price > 10)", [0]),
        ("price IS NULL OR qty = 3", [0, 2]),
        ("region IN ('EU', 'US') AND qty BETWEEN 1 AND 3", [0, 1]),
        ("region LIKE 'E%' OR region ILIKE 'us'", [0, 1, 3]),
        ("qty > mean(qty)", [0, 3]),
        ("CASE WHEN region IS NULL THEN TRUE ELSE qty % 2 = 1 END", [0, 1, 2, 3]),
        ("coalesce(region, 'none') = 'none'", [2]),
        ('"qty" * 2 >= 6 -- a comment', [0, 3]),
        ("`qty` /* and */ // 2 = 1", [0, 2]),
        ("TRUE", [0, 1, 2, 3]),
        ("NULL", []),
        (col("price") * col("qty") > 100, [1, 3]),
        (col("region").is_in(["EU"]) & ~(col("qty") == 3), [3]),
        ((col("qty") // 2 == 1) | (col("qty") % 5 == 0), [0, 2, 3]),
        (True, [0, 1, 2, 3]),
        ([True, False, True, False], [0, 2]),
        (np.array([False, True, False, False]), [1]),
        (pd.Series([True, None, False, True], dtype="boolean"), [0, 3]),
        (pa.array([None, True, None, True]), [1, 3]),
    ],
)
def test_filter_keeps_the_rows_that_are_true(sales, engine, predicate, rows):
    expected = sales.iloc[rows]
    got = engines.filter(sales, predicate, engine=engine)
    pd.testing.assert_frame_equal(got, expected)
    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in SALES.items()})
    assert (
        engines.filter(table, predicate, engine=engine).to_pydict()
        == table.take(pa.array(rows, pa.int64())).to_pydict()
    )
    proxy = pf.DataFrameProxy(sales).filter(predicate, engine=engine)
    assert proxy.engine_name == "pandas"
    pd.testing.assert_frame_equal(proxy.native, expected)


def test_columns_are_chosen_in_the_order_asked_for(sales, engine):
    got = engines.filter(sales, "qty > 1", ["region", "qty"], engine=engine)
    assert list(got.columns) == ["region", "qty"]
    assert got.index.tolist() == ["a", "b", "c"]
    with pytest.raises(InvalidArgumentError, match="unknown column 'zz'; columns: price, qty, region"):
        engines.filter(sales, "qty > 1", ["zz"], engine=engine)
    with pytest.raises(WrongTypeError, match="columns must be names, not int"):
        engines.filter(sales, "qty > 1", [1], engine=engine)


ZONED = pd.to_datetime(["2024-03-31 00:30", None, "2024-10-27 00:30"]).tz_localize("UTC")


@pytest.mark.parametrize(
    ("values", "predicate", "rows"),
    [
        (pd.array([1, None, 3], "Int64"), "v >= 1", [0, 2]),
        (pd.array([1.5, None, np.inf], "Float64"), "v > 1", [0, 2]),
        (pd.array([True, None, False], "boolean"), "v", [0]),
        (pd.array([True, None, False], "boolean"), "v IS NOT TRUE", [1, 2]),
        (pd.array(["a", None, "b"], "string"), "v < 'b'", [0]),
        (pd.Series(["a", None, "b"], dtype=object), "v <> 'a'", [2]),
        (pd.Series(["a", np.nan, "b"], dtype=object), "v IS NULL", [1]),
        (pd.Series(["a", pd.NA, "b"], dtype=object), "v IS DISTINCT FROM 'a'", [1, 2]),
        (pd.Series([1, None, 2**60 + 1], dtype=object), "v = 1152921504606846977", [2]),
        (pd.Series([True, None, False], dtype=object), "NOT v", [2]),
        (pd.Series([None, None, None], dtype=object), "v = 'a' OR v IS NULL", [0, 1, 2]),
        (
            pd.Series([datetime.date(2024, 1, 1), None, datetime.date(1969, 1, 1)]),
            "v < DATE '2000-01-01'",
            [2],
        ),
        (pd.Categorical(["x", None, "y"]), "v = 'y'", [2]),
        (pd.Categorical([1, 2, 1]), "v + 1 = 2", [0, 2]),
        (pd.array([1, None, 3], pd.ArrowDtype(pa.int8())), "v + 1 > 1", [0, 2]),
        (pd.array(["a", None, "b"], pd.ArrowDtype(pa.string())), "length(v) = 1", [0, 2]),
        (pd.array(["a", None, "b"], pd.ArrowDtype(pa.dictionary(pa.int8(), pa.string()))), "v > 'a'", [2]),
        (pd.to_datetime(["2024-01-31", None, "1969-12-31"]), "v < '2000-01-01'", [2]),
        (pd.to_datetime(["2024-01-31", None, "2024-01-01"]), "v >= TIMESTAMP '2024-01-31 00:00:00'", [0]),
        (ZONED, "v > TIMESTAMP '2024-03-31 02:30:00+02:00'", [2]),
        (ZONED.tz_convert("Europe/Berlin"), "v = TIMESTAMP '2024-10-27 02:30:00+02:00'", [2]),
        (np.array([1, 2, 3], np.uint64), "v - 1 >= 1", [1, 2]),
        (np.array([1, -2, 3], np.int16), "abs(v) > 1", [1, 2]),
        (np.array([0.5, np.nan, -1], np.float32), "round(v) = 1", [0]),
    ],
)
def test_dtypes_survive_a_filter(engine, values, predicate, rows):
    index = pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)], names=["letter", "digit"])
    frame = pd.DataFrame({"v": values, "other": [{1}, {2}, {3}]})
    frame.index = index
    got = engines.filter(frame, predicate, engine=engine)
    pd.testing.assert_frame_equal(got, frame.iloc[rows])


def test_nan_is_missing_in_pandas_and_a_number_elsewhere(engine):
    values = [1.0, np.nan, -1.0]
    frame, table = pd.DataFrame({"x": values}), pa.table({"x": values})
    assert len(engines.filter(frame, "x IS NULL", engine=engine)) == 1
    assert len(engines.filter(frame, "x <> 1", engine=engine)) == 1
    assert len(engines.filter(frame, "x <> 1", nan="keep", engine=engine)) == 2
    assert len(engines.filter(table, "x IS NULL", engine=engine)) == 0
    assert len(engines.filter(table, "x <> 1", engine=engine)) == 2
    assert len(engines.filter(table, "x <> 1", nan="null", engine=engine)) == 1
    assert len(engines.filter(frame, "x / 0 = x", nan="keep", engine=engine)) == 0


def test_empty_frames(engine):
    frame = pd.DataFrame({"i": np.array([], np.int32), "s": pd.Series([], dtype=object)})
    got = engines.filter(frame, "i > 1 AND s = 'a'", engine=engine)
    pd.testing.assert_frame_equal(got, frame)
    one = engines.aggregate(frame, "count(*)", "sum(i)", "max(s)", engine=engine)
    assert one["count(*)"].tolist() == [0]
    assert one.isna().to_numpy().tolist() == [[False, True, True]]
    assert len(engines.filter(pd.DataFrame(index=[1, 2]), "1 = 1", engine=engine)) == 2
    assert engines.filter(pa.table({"i": pa.array([], pa.int8())}), "i = 1", engine=engine).num_rows == 0


def test_names_that_are_no_words(engine):
    frame = pd.DataFrame({"unit price": [1, 2], 'a"b': [3, 4], "select": [5, 6], 7: [8, 9], ("x", 1): [1, 2]})
    rows = lambda text: len(engines.filter(frame, text, engine=engine))
    assert rows('"unit price" = 1 AND `unit price` < 2') == 1
    assert rows('"a""b" = 3 AND "select" = 5 AND "7" = 8') == 1
    assert rows("\"('x', 1)\" = 2") == 1
    assert rows(col("unit price") == 2) == 1
    got = engines.filter(frame, '"7" = 9', engine=engine)
    assert list(got.columns) == list(frame.columns)


# ---- what is refused ----


@pytest.mark.parametrize(
    ("predicate", "error", "message"),
    [
        ("prce > 1", InvalidArgumentError, "unknown column 'prce' at line 1, column 1; nearest: price"),
        (
            "qty > 1 AND\n  zz > 1",
            InvalidArgumentError,
            "unknown column 'zz' at line 2, column 3; columns: price, ",
        ),
        (
            "qty >",
            InvalidArgumentError,
            "syntax error at line 1, column 6: expected an expression, found end of",
        ),
        (
            "qty = = 2",
            InvalidArgumentError,
            "syntax error at line 1, column 7: expected an expression, found '='",
        ),
        ("1 < qty < 3", InvalidArgumentError, "line 1, column 9: comparisons do not chain"),
        (
            "(qty > 1",
            InvalidArgumentError,
            r"line 1, column 9: expected an operator or '\)', found end of text",
        ),
        ("qty > 'a", InvalidArgumentError, "line 1, column 7: the string that begins here does not end"),
        ('"qty > 1', InvalidArgumentError, "line 1, column 1: the quoted name that begins here does not end"),
        ("qty > 1 /* x", InvalidArgumentError, "the comment does not end"),
        (
            "qty > 1 qty",
            InvalidArgumentError,
            "column 9: expected an operator.* the end of the text, found 'qty'",
        ),
        ("qty > 12abc", InvalidArgumentError, "'12' is followed by what belongs to no number"),
        ("", InvalidArgumentError, "syntax error at line 1, column 1"),
        ("qty IS 3", InvalidArgumentError, "column 8: expected NOT, NULL, TRUE, FALSE"),
        ("qty > 1 AS x", InvalidArgumentError, "found 'AS'"),
        ("round(qty, digits => 1, digits => 2) > 1", InvalidArgumentError, "is there twice"),
        ("round() > 1", InvalidArgumentError, "takes 1 to 2 arguments"),
        ("sum(sum(qty)) > 1", InvalidArgumentError, "an aggregate cannot stand inside another"),
        ("abs(qty) FILTER (WHERE TRUE) > 1", InvalidArgumentError, "FILTER is for aggregates only"),
        ("region LIKE 'a\\'", InvalidArgumentError, "ends in its escape character"),
        ("qty", WrongTypeError, "a condition is boolean, not int64: qty"),
        ("region > 1", WrongTypeError, "at line 1, column 8: cannot take (large_)?string and int64"),
        ("qty AND TRUE", WrongTypeError, "at line 1, column 5: cannot take int64"),
        ("length(qty) = 1", WrongTypeError, "cannot take int64; takes string"),
        ("coalesce(qty, region) = 1", WrongTypeError, "values of one type"),
        ("qty / (qty - 1) > 0", ArithmeticFailure, r"1 / 0 divides by zero"),
        ("qty * 9223372036854775807 > 0", ArithmeticFailure, r"3 \* 9223372036854775807 overflows int64"),
        ("CAST(qty * 100 AS int8) > 0", ArithmeticFailure, "300 does not fit int8"),
        ("qty IN (SELECT 1)", UnsupportedError, "(subqueries|SELECT)"),
        ("qty[1] = 2", UnsupportedError, "arrays and subscripts"),
        ("qty = ?", UnsupportedError, "parameters"),
        ([True], InvalidArgumentError, "(4 values|has 1 values|4 rows)"),
        ([1, 0, 1, 0], WrongTypeError, "array of booleans"),
        (3, WrongTypeError, "predicate must be an expression, its text or an array of booleans, not int"),
        (None, WrongTypeError, "predicate must be an expression"),
    ],
)
def test_bad_predicates(sales, engine, predicate, error, message):
    with pytest.raises(error, match=message):
        engines.filter(sales, predicate, engine=engine)


def test_what_a_row_does_not_need_fails_for_no_row(sales, engine):
    for text in (
        "qty <> 1 AND 6 // (qty - 1) > 2",
        "qty = 1 OR 6 // (qty - 1) > 2",
        "CASE WHEN qty = 1 THEN FALSE ELSE 6 // (qty - 1) > 2 END",
        "coalesce(nullif(qty, 1) > 2, 6 // (qty - 2) > 2)",
    ):
        assert len(engines.filter(sales, text, engine=engine)) > 0
    for options, rows in (({"overflow": "null"}, 1), ({"overflow": "wrap"}, 1)):
        assert len(engines.filter(sales, "6 // (qty - 1) > 2", engine=engine, **options)) == rows + 1
    with pytest.raises(InvalidArgumentError, match="overflow must be"):
        engines.filter(sales, "qty > 1", overflow="maybe", engine=engine)
    with pytest.raises(WrongTypeError, match="nan must be a string, not int"):
        engines.filter(sales, "qty > 1", nan=1, engine=engine)


def test_two_columns_of_one_name(engine):
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(InvalidArgumentError, match="column 'a' appears more than once"):
        engines.filter(frame, "a > 1", engine=engine)
    with pytest.raises(InvalidArgumentError, match="column '1' appears more than once"):
        engines.filter(pd.DataFrame({1: [1], "1": [2]}), '"1" > 1', engine=engine)
    table = pa.table([[1], [2]], names=["a", "a"])
    with pytest.raises(InvalidArgumentError, match="'a'"):
        engines.filter(table, "a > 1", engine=engine)


def test_data_of_other_kinds():
    for data in (3, None, {"x": [1]}, np.array([1])):
        with pytest.raises(WrongTypeError, match="data must be"):
            engines.filter(data, "x > 0", engine="pandas")
    with pytest.raises(UnsupportedError, match="column 'd' is of type decimal128"):
        engines.filter(pa.table({"d": pa.array([1], pa.decimal128(5, 2))}), "d > 0", engine="pandas")
    with pytest.raises(UnsupportedError, match="column 't' is of type duration"):
        engines.filter(pd.DataFrame({"t": pd.to_timedelta(["1s"])}), "t IS NULL", engine="pandas")
    with pytest.raises(WrongTypeError, match="column 'o' holds values that are of no one type"):
        engines.filter(pd.DataFrame({"o": [1, "a"]}), "o = 1", engine="pandas")
    with pytest.raises(KeyError, match="Engine 'dask' not found"):
        engines.filter(pd.DataFrame(), "TRUE", engine="dask")


@pytest.mark.parametrize(
    "text",
    [
        "x ~ 'a'",
        "sqrt(x) > 1",
        "x IN (18446744073709551616)",
        "t > TIMESTAMP '2024'",
        "CAST(x AS string) = '1'",
        "CAST(x AS decimal(5, 2)) = 1",
        "x = X'00'",
        "extract(year FROM t) = 2024",
        "trim(BOTH 'a' FROM s) = 's'",
        "INTERVAL '1 day' IS NULL",
        "t AT TIME ZONE 'UTC' IS NULL",
        "s ILIKE 'É'",
        f"{'(' * 200}x{')' * 200} > 1",
        f"x{' + 1' * 200} > 1",
    ],
)
def test_the_pandas_engine_says_what_it_does_not_know(text):
    frame = pd.DataFrame({"x": [1.0], "t": pd.to_datetime(["2024-01-01"]), "s": ["é"]})
    with pytest.raises(UnsupportedError, match="pandas engine"):
        engines.filter(frame, text, engine="pandas")


def test_long_chains_are_one_level(engine):
    frame = pd.DataFrame({"x": range(10)})
    text = " OR ".join(f"x = {i}" for i in range(0, 5000, 2))
    assert engines.filter(frame, text, engine=engine)["x"].tolist() == [0, 2, 4, 6, 8]


# ---- evaluate and aggregate ----


def test_evaluate_names_and_types(sales, engine):
    got = engines.evaluate(sales, "price*qty", "lower(region)", "qty AS n", big=col("qty") > 2, engine=engine)
    assert list(got.columns) == ["price * qty", "lower(region)", "n", "big"]
    assert got.index.tolist() == sales.index.tolist()
    np.testing.assert_array_equal(got["price * qty"], [28.5, 120, np.nan, 200])
    assert got["n"].dtype == "int64"
    assert got["big"].tolist() == [True, False, False, True]
    nullable = engines.evaluate(sales.convert_dtypes(), "qty + 1", engine=engine)
    assert str(nullable.dtypes.iloc[0]) == "Int64"
    with pytest.raises(InvalidArgumentError, match="at least one expression"):
        engines.evaluate(sales, engine=engine)


def test_aggregates_of_a_frame(sales, engine):
    proxy = pf.DataFrameProxy(sales)
    one = proxy.aggregate(
        "sum(price * qty)",
        "count(DISTINCT region)",
        col("price").mean(),
        n="count(*)",
        first=col("region").first(),
        high=col("price").max().where(col("region") == "EU"),
        where="qty < 5",
        engine=engine,
    )
    assert one.engine_name == "pandas"
    row = one.native.iloc[0].tolist()
    assert row == [148.5, 2, 64.75, 3, "EU", 9.5]
    assert list(one.native.columns) == [
        "sum(price * qty)",
        "count(DISTINCT region)",
        "mean(price)",
        "n",
        "first",
        "high",
    ]
    for text, error, message in (
        ("qty", InvalidArgumentError, "column 'qty' at line 1, column 1 must stand inside an aggregate"),
        ("sum(qty) + qty", InvalidArgumentError, "must stand inside an aggregate"),
        ("sum(region)", WrongTypeError, "cannot take (large_)?string"),
        ("var(qty, ddof => -1)", InvalidArgumentError, "ddof must be an integer that is not negative"),
        ("sum(qty * 4611686018427387904)", ArithmeticFailure, "overflows int64"),
    ):
        with pytest.raises(error, match=message):
            proxy.aggregate(text, engine=engine)


def test_sums_are_exact(engine):
    frame = pd.DataFrame({"x": [1e308, 1e308, 1.0, -1e308, -1e308], "y": [0.1] * 5, "z": [5e-324] * 5})
    one = engines.aggregate(frame, "sum(x)", "sum(y)", "mean(x)", "sum(z)", "std(y)", engine=engine)
    assert one.iloc[0].tolist() == [1.0, 0.5, 0.2, 2.5e-323, 0.0]
    big = pd.DataFrame({"i": [2**63 - 1, 2**63 - 1, -(2**63)]})
    one = engines.aggregate(big, "mean(i)", "sum(i)", engine=engine)
    assert one["mean(i)"].tolist() == [(2**63 - 2) / 3]
    assert one["sum(i)"].tolist() == [2**63 - 2]


def test_order_of_rows_makes_no_difference(engine):
    values = np.random.default_rng(3).standard_normal(10_001) * 10.0 ** np.arange(-5000, 5001).clip(-300, 300)
    texts = ("sum(x)", "mean(x)", "var(x)", "min(x)", "median(x)")
    first = engines.aggregate(pd.DataFrame({"x": values[:2000]}), *texts, engine=engine)
    second = engines.aggregate(pd.DataFrame({"x": values[:2000][::-1]}), *texts, engine=engine)
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_arrow_data_comes_back_as_it_came(engine):
    table = pa.table({"x": [1, 2, None], "s": ["a", "b", "c"]})
    assert isinstance(engines.filter(table, "x > 1", engine=engine), pa.Table)
    assert engines.aggregate(table, "sum(x)", engine=engine).to_pydict() == {"sum(x)": [3]}
    assert engines.evaluate(table, "x + 1", "s", engine=engine).column_names == ["x + 1", "s"]
    own = pf.Table(table)
    assert columns_of(engines.filter(own, "x > 1", engine=engine)) == {"x": [2], "s": ["b"]}
    assert columns_of(engines.reduce(table, "max", engine=engine)) == {"x": [2], "s": ["c"]}
    assert columns_of(engines.reduce(own, "mean", numeric_only=True, engine=engine)) == {"x": [1.5]}
    assert columns_of(engines.reduce(table.select(["x"]), "std", ddof=0, engine=engine)) == {"x": [0.5]}
    batch = table.to_batches()[0]
    assert len(engines.filter(batch, "x > 1", engine=engine)) == 1
    with pytest.raises(WrongTypeError, match="cannot take (large_)?string"):
        engines.reduce(table, "mean", engine=engine)
    with pytest.raises(UnsupportedError, match="not the option min_count"):
        engines.reduce(table, "sum", min_count=2, engine=engine)
    with pytest.raises(UnsupportedError, match="mode is no reduction but of pandas data"):
        engines.reduce(table, "mode", engine=engine)
    with pytest.raises(InvalidArgumentError, match="no column to reduce"):
        engines.reduce(table.select(["s"]), "max", numeric_only=True, engine=engine)


# ---- reductions ----

# pandas computes float32 in float32.
RTOL = 1e-6
NAMES = ("sum", "mean", "median", "min", "max", "count", "var", "std")
FRAMES = {
    "mixed numbers": pd.DataFrame(
        {"i": [3, 1, 2], "f": np.array([0.5, np.nan, 2], np.float32), "x": [1.0, np.nan, 9], 7: [1, 2, 4]}
    ),
    "infinities": pd.DataFrame({"x": [1.0, np.inf], "y": [-np.inf, -np.inf], "z": [np.inf, -np.inf]}),
    "small integers": pd.DataFrame({"a": np.array([100, 100], np.int8), "b": np.array([1, 2], np.uint16)}),
    "overflow": pd.DataFrame({"a": [2**63 - 1, 2**63 - 1, 5]}),
    "missing": pd.DataFrame({"x": [np.nan, np.nan], "y": [1.0, np.nan]}),
    "one row": pd.DataFrame({"x": [1.5], "i": [2]}),
    "no row": pd.DataFrame({"x": np.array([], float), "i": np.array([], int)}),
    "two of one name": pd.DataFrame([[1, 2.5], [3, 4.5]], columns=["a", "a"]),
    "levels": pd.DataFrame([[1, 2.5]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])),
}


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # which pandas gives for infinities
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("frame", FRAMES)
def test_reductions_have_the_shape_and_dtype_of_pandas(frame, name, engine):
    frame = FRAMES[frame]
    expected = getattr(frame, name)()
    got = getattr(pf.DataFrameProxy(frame), name)(engine=engine)
    assert got.engine_name == "pandas"
    pd.testing.assert_series_equal(got.native, expected, rtol=RTOL)
    options = {"ddof": 0} if name in ("var", "std") else {"numeric_only": True}
    got = engines.reduce(frame, name, engine=engine, **options)
    pd.testing.assert_series_equal(got, getattr(frame, name)(**options), rtol=RTOL)


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_the_middle_of_great_numbers_is_that_of_pandas(engine):
    frame = pd.DataFrame({"x": [-1.7e308, 1.7e308], "y": [1.0, np.inf], "i": [2**62, 2**62 - 2]})
    for name in ("median", "min", "max"):
        pd.testing.assert_series_equal(engines.reduce(frame, name, engine=engine), getattr(frame, name)())


def test_what_only_pandas_reduces_runs_on_pandas():
    frame = pd.DataFrame({"s": ["a", "b"], "t": pd.to_datetime(["2024-01-01", "2024-01-02"]), "i": [1, 2]})
    proxy = pf.DataFrameProxy(frame)
    pd.testing.assert_series_equal(proxy.max().native, frame.max())
    pd.testing.assert_series_equal(proxy.count().native, frame.count())
    pd.testing.assert_series_equal(
        proxy.sum(axis=1, numeric_only=True).native, frame.sum(axis=1, numeric_only=True)
    )
    pd.testing.assert_series_equal(
        proxy.sum(min_count=5, numeric_only=True).native, frame.sum(min_count=5, numeric_only=True)
    )
    with pytest.raises(TypeError):
        proxy.mean()
    numbers = frame[["i"]]
    assert pf.DataFrameProxy(numbers).sum(axis=None) == 3  # a scalar comes as it is
    assert pf.stats().operations["aggregate"] == {"pandas": 5}
    assert pf.stats().fallbacks == []


@pytest.mark.rust
def test_what_only_pandas_reduces_is_refused_on_rust():
    frame = pd.DataFrame({"s": ["a"], "i": [1], "b": [True]})
    with pytest.raises(UnsupportedError, match="column 's' is of type"):
        engines.reduce(frame, "max", engine="rust")
    with pytest.raises(UnsupportedError, match="column 'b' is of type bool"):
        engines.reduce(frame, "sum", numeric_only=True, engine="rust")
    for arguments, options, message in (
        ((1,), {}, "arguments without a name"),
        ((), {"skipna": False}, "not the option skipna"),
        ((), {"ddof": 0}, "not the option ddof"),
    ):
        with pytest.raises(UnsupportedError, match=message):
            engines.reduce(frame[["i"]], "sum", *arguments, engine="rust", **options)
    with pytest.raises(WrongTypeError, match="function must be a string, not int"):
        engines.reduce(frame, 3, engine="rust")
    with pytest.raises(WrongTypeError, match="data must be a pandas.DataFrame"):
        engines.reduce([1], "sum", engine="rust")


@pytest.mark.rust
def test_reductions_of_rust_data_are_a_row():
    proxy = pf.DataFrameProxy(pd.DataFrame({"x": [1.0, 4.0], "s": ["a", "b"]}), engine="rust")
    top = proxy.max()
    assert (top.engine_name, type(top.native)) == ("rust", pf.Table)
    assert top.native.to_pydict() == {"x": [4.0], "s": ["b"]}
    assert proxy.filter("x > 1").native.to_pydict() == {"x": [4.0], "s": ["b"]}
    assert proxy.filter("x > 1", engine="pandas").engine_name == "rust"
    assert proxy.aggregate("sum(x)").native.to_pydict() == {"sum(x)": [5.0]}
    assert proxy.var(numeric_only=True, ddof=0).native.to_pydict() == {"x": [2.25]}


def test_a_series_in_a_proxy_shows_itself():
    total = pf.DataFrameProxy(pd.DataFrame({"x": [1, 2], "y": [3, 4]})).sum()
    assert (total.shape, len(total), total.columns) == ((2,), 2, [])
    assert repr(total).splitlines()[0] == "DataFrameProxy(engine=pandas, 2 values)"
    assert "<pre>" in total._repr_html_()
    assert total.max() == 7
    assert total.head(1).shape == (1,)


def test_an_empty_proxy_has_nothing_to_reduce():
    proxy = pf.DataFrameProxy()
    for call in (
        operator.methodcaller("filter", "x > 1"),
        operator.methodcaller("aggregate", "count(*)"),
        operator.methodcaller("sum"),
    ):
        with pytest.raises(InvalidArgumentError, match="empty DataFrameProxy"):
            call(proxy)


# ---- the choice ----


@pytest.fixture
def few(monkeypatch):
    """Limits of a few rows."""
    for name in ("PLAIN_ROWS", "OTHER_ROWS", "AGGREGATE_ROWS"):
        monkeypatch.setattr(_choice, name, 10)
    monkeypatch.setattr(_choice, "REDUCTION_ROWS", {"var": 10})


def ran(operation, call):
    pf.reset_stats()
    call()
    return pf.stats().operations[operation]


@pytest.mark.rust
def test_rust_runs_where_it_pays(few):
    def check(rows, expected):
        frame = pd.DataFrame({"x": np.arange(rows), "s": ["a"] * rows})
        proxy, numbers = pf.DataFrameProxy(frame), pf.DataFrameProxy(frame[["x"]])
        assert ran("filter", lambda: proxy.filter("x > 1")) == expected
        assert ran("filter", lambda: proxy.filter("s = 'a'")) == expected
        assert ran("filter", lambda: proxy.filter(frame["x"] > 1)) == expected
        assert ran("aggregate", lambda: proxy.aggregate("sum(x)")) == expected
        assert ran("evaluate", lambda: engines.evaluate(frame, "x + 1")) == expected
        assert ran("aggregate", numbers.var) == expected
        assert ran("aggregate", lambda: proxy.var(numeric_only=True)) == {"pandas": 1}
        assert ran("aggregate", numbers.sum) == {"pandas": 1}
        assert pf.stats().fallbacks == []

    check(9, {"pandas": 1})
    check(10, {"rust": 1})
    table = pa.table({"x": [1]})
    assert ran("filter", lambda: engines.filter(table, "x > 1")) == {"rust": 1}
    assert ran("aggregate", lambda: engines.reduce(pf.Table(table), "sum")) == {"rust": 1}


@pytest.mark.rust
def test_rust_does_what_pandas_does_not_know():
    frame = pd.DataFrame({"x": [1.0, 16.0]})
    assert ran("filter", lambda: engines.filter(frame, "sqrt(x) > 2")) == {"rust": 1}
    assert pf.stats().fallbacks == []
    with pytest.raises(InvalidArgumentError, match="unknown function 'nonsense'"):
        engines.filter(frame, "nonsense(x) > 2")
    assert pf.stats().operations == {"filter": {"rust": 1}}  # what failed is not counted


@pytest.mark.rust
def test_settings_choose_the_engine(few, monkeypatch):
    small, large = (pd.DataFrame({"x": np.arange(n)}) for n in (9, 10))
    run = lambda frame: ran("filter", lambda: engines.filter(frame, "x > 1"))
    monkeypatch.setenv("PARQUETFRAME_ENGINE", "rust")
    assert run(small) == {"rust": 1}
    monkeypatch.setenv("PARQUETFRAME_ENGINE", "pandas")
    assert run(large) == {"pandas": 1}
    monkeypatch.delenv("PARQUETFRAME_ENGINE")
    pf.set_config(default_engine="pandas")
    assert run(large) == {"pandas": 1}
    assert ran("filter", lambda: engines.filter(large, "x > 1", engine="rust")) == {"rust": 1}


def test_where_rust_is_missing_pandas_does_it_and_says_so(few, monkeypatch):
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    small, large = (pd.DataFrame({"x": np.arange(n)}) for n in (9, 10))
    assert len(engines.filter(small, "x > 1")) == 7
    assert pf.stats().fallbacks == []  # pandas was the better of the two
    assert len(engines.filter(large, "x > 1")) == 8
    assert engines.aggregate(pa.table({"x": [1, 2]}), "sum(x)").to_pydict() == {"sum(x)": [3]}
    assert pf.stats().operations == {"filter": {"pandas": 2}, "aggregate": {"pandas": 1}}
    assert [(one.operation, one.count) for one in pf.stats().fallbacks] == [("filter", 1), ("aggregate", 1)]
    with pytest.raises(UnsupportedError, match="Rust backend requested but not available"):
        engines.filter(small, "x > 1", engine="rust")
    with pytest.raises(UnsupportedError, match="the function 'sqrt'"):
        engines.filter(small, "sqrt(x) > 1")
    monkeypatch.setenv("PARQUETFRAME_FALLBACK", "error")
    assert len(engines.filter(small, "x > 1")) == 7
    with pytest.raises(UnsupportedError, match="filter runs on pandas instead of Rust"):
        engines.filter(large, "x > 1")


def test_engines_have_the_same_functions():
    from parquetframe.engines import pandas, rust

    assert pandas.__all__ == rust.__all__
    for name in ("filter", "evaluate", "aggregate", "reduce"):
        assert inspect.signature(getattr(pandas, name)) == inspect.signature(getattr(rust, name))
        chosen = inspect.signature(getattr(engines, name)).parameters
        assert set(chosen) == {*inspect.signature(getattr(rust, name)).parameters, "engine"}
    with pytest.raises(AttributeError, match="no attribute 'polars'"):
        _ = engines.polars
    assert pf.engines is engines


def test_the_guide_says_what_happens():
    text = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, "engines.md", None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(examples) == (0, len(examples.examples))


def test_the_examples_of_the_functions_give_what_they_say():
    for module in (engines, pf.core.frame):
        assert doctest.testmod(module).failed == 0
