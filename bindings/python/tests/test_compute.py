"""Columns in, columns out: every kind of data, nulls and NaN, errors, interruption, threads, memory."""

from __future__ import annotations

import datetime
import decimal
import os
import signal
import threading
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe import compute
from parquetframe.exceptions import (
    ArithmeticFailure,
    CancelledError,
    InvalidArgumentError,
    NotFoundError,
    OutOfMemoryError,
    UnsupportedError,
    WrongTypeError,
)

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")

pytestmark = pytest.mark.rust

COLUMNS = {
    "i": [3, 1, None, 2],
    "f": [0.5, None, 2.5, -1.5],
    "s": ["b", None, "é", "a"],
    "b": [True, False, None, True],
    "t": [
        datetime.datetime(2020, 1, 2),
        None,
        datetime.datetime(2021, 5, 6, 7),
        datetime.datetime(1969, 1, 1),
    ],
}
ARROW = pa.table(COLUMNS)
CHUNKED = pa.concat_tables([ARROW.slice(0, 1), ARROW.slice(1, 0), ARROW.slice(1)])
SLICED = pa.concat_tables([ARROW, ARROW]).combine_chunks().slice(2, 4).take([2, 3, 0, 1]).slice(0)


def plain_pandas():
    return ARROW.to_pandas().set_index(pd.Index(list("wxyz"), name="k"))


TABLES = {
    "mapping": lambda: COLUMNS,
    "pf": lambda: pf.Table(ARROW),
    "pyarrow": lambda: ARROW,
    "pyarrow chunked": lambda: CHUNKED,
    "pyarrow batch": lambda: ARROW.to_batches()[0],
    "pyarrow sliced": lambda: pa.concat_tables([ARROW, ARROW, ARROW]).combine_chunks().slice(4, 4),
    "pyarrow reader": lambda: ARROW.to_reader(1),
    "polars": lambda: pl.DataFrame(ARROW),
    "polars chunked": lambda: pl.concat([pl.DataFrame(ARROW)[:1], pl.DataFrame(ARROW)[1:]], rechunk=False),
    "polars lazy": lambda: pl.DataFrame(ARROW).lazy(),
    "pandas": plain_pandas,
    "pandas nullable": lambda: plain_pandas().convert_dtypes(),
    "pandas arrow": lambda: ARROW.to_pandas(types_mapper=pd.ArrowDtype).set_index(pd.Index(list("wxyz"))),
}


def kind_of(frame):
    return type(frame).__module__.partition(".")[0], type(frame).__name__


def rows(frame):
    """A table as Python values, whatever it is."""
    if isinstance(frame, pd.DataFrame):
        frame = pa.Table.from_pandas(frame, preserve_index=False)
    elif isinstance(frame, pl.DataFrame):
        frame = frame.to_arrow()
    return frame.to_pydict()


@pytest.fixture(params=TABLES)
def table(request):
    return TABLES[request.param]()


@pytest.fixture
def result_kind(table):
    module, name = kind_of(table)
    return {
        "pandas": ("pandas", "DataFrame"),
        "polars": ("polars", "DataFrame"),
        "pyarrow": ("pyarrow", "Table"),
    }.get(module, ("parquetframe", "Table"))


def test_evaluate(table, result_kind):
    found = compute.evaluate(table, "i + 1 AS j", pf.col("s"), g="f * 2", n=pf.col("b") & True, c=7)
    assert kind_of(found) == result_kind
    assert rows(found) == {
        "j": [4, 2, None, 3],
        "s": ["b", None, "é", "a"],
        "g": [1.0, None, 5.0, -3.0],
        "n": [True, False, None, True],
        "c": [7, 7, 7, 7],
    }
    if isinstance(found, pd.DataFrame):
        assert list(found.index) == list("wxyz")


def test_evaluate_of_other_rows(table):
    found = rows(
        compute.evaluate(table, "i - mean(i) AS a", "cum_sum(i) AS b", "rank(f) AS c", "max(s) AS d")
    )
    assert found == {"a": [1, -1, None, 0], "b": [3, 4, None, 6], "c": [2, None, 3, 1], "d": ["é"] * 4}


@pytest.mark.parametrize(
    "predicate", ["i >= 2", pf.col("i") >= 2, "mask", "series", [True, False, None, True]], ids=str
)
def test_filter(table, result_kind, predicate):
    if isinstance(predicate, str):
        predicate = {
            "mask": np.array([True, False, False, True]),
            "series": pd.Series([True, False, False, True]),
        }.get(predicate, predicate)
    found = compute.filter(table, predicate)
    assert kind_of(found) == result_kind
    assert rows(found) == {name: [values[0], values[3]] for name, values in COLUMNS.items()}
    if isinstance(found, pd.DataFrame):
        assert list(found.index) == ["w", "z"]


def test_filter_gives_the_columns_that_are_asked_for(table):
    assert rows(compute.filter(table, "b", columns=["s", "i"])) == {"s": ["b", "a"], "i": [3, 2]}


def test_filter_of_a_mask_gives_the_columns_that_are_asked_for(table):
    found = compute.filter(table, np.array([True, False, False, True]), columns="s")
    assert rows(found) == {"s": ["b", "a"]}


def test_aggregate(table, result_kind):
    found = compute.aggregate(
        table, "sum(i)", n=compute.count(), m=pf.col("s").max(), where="i > 1 OR i IS NULL"
    )
    assert kind_of(found) == result_kind
    assert rows(found) == {"sum(i)": [5], "n": [3], "m": ["é"]}


def test_sort(table, result_kind):
    found = compute.sort(table, ["b DESC", pf.col("i")])
    assert kind_of(found) == result_kind
    assert rows(found) == {name: [values[k] for k in (3, 0, 1, 2)] for name, values in COLUMNS.items()}
    if isinstance(found, pd.DataFrame):
        assert list(found.index) == list("zwxy")


def test_argsort_and_take(table, result_kind):
    if kind_of(table)[1] == "RecordBatchReader":
        pytest.skip("a reader can be read once")
    positions = compute.argsort(table, "f", descending=True, nulls_first=True)
    assert list(positions) == [1, 2, 0, 3] or positions.to_pylist() == [1, 2, 0, 3]
    found = compute.take(table, positions)
    assert kind_of(found) == result_kind
    assert rows(found) == rows(compute.sort(table, "f", descending=True, nulls_first=True))


def test_take_of_null_gives_nulls(table):
    found = rows(compute.take(table, [3, None, 0]))
    assert found == {name: [values[3], None, values[0]] for name, values in COLUMNS.items()}


def test_top_k(table):
    assert rows(compute.top_k(table, 2, "i"))["i"] == [3, 2]


def test_bottom_k(table):
    assert rows(compute.bottom_k(table, 2, "i"))["i"] == [1, 2]


def test_unique_and_value_counts(table, result_kind):
    if kind_of(table)[1] == "RecordBatchReader":
        pytest.skip("a reader can be read once")
    found = compute.unique(table, ["b"])
    assert kind_of(found) == result_kind
    assert rows(found) == {"b": [True, False, None]}
    assert rows(compute.value_counts(table, "b")) == {"b": [True, False, None], "count": [2, 1, 1]}
    assert rows(compute.value_counts(table, "b", limit=1)) == {"b": [True], "count": [2]}
    assert len(rows(compute.unique(table))["i"]) == 4


def test_schema(table):
    types = compute.schema(table, "i / 2 AS a", s="lower(s)", t=pf.col("t"))
    assert types["a"] == "float64"
    assert "string" in types["s"]
    assert types["t"].startswith("timestamp[")


def test_no_rows(table):
    if kind_of(table)[1] == "RecordBatchReader":
        pytest.skip("a reader can be read once")
    empty = compute.filter(table, "i > 100")
    assert rows(empty) == {name: [] for name in COLUMNS}
    assert rows(compute.evaluate(empty, "i + 1 AS x", "rank(f) AS r")) == {"x": [], "r": []}
    assert rows(compute.filter(empty, "i > 0"))["i"] == []
    assert rows(compute.sort(empty, "f"))["s"] == []
    assert rows(compute.unique(empty))["s"] == []
    assert rows(compute.take(empty, []))["i"] == []
    assert rows(compute.aggregate(empty, "sum(i) AS s", "count(*) AS n")) == {"s": [None], "n": [0]}


# ---- arrays ----

ARRAYS = {
    "list": lambda: [3, 1, 2],
    "tuple": lambda: (3, 1, 2),
    "numpy": lambda: np.array([3, 1, 2]),
    "numpy strided": lambda: np.array([3, 0, 1, 0, 2, 0])[::2],
    "numpy backwards": lambda: np.array([2, 1, 3])[::-1],
    "numpy of the other byte order": lambda: np.array([3, 1, 2], ">i8" if np.little_endian else "<i8"),
    "numpy objects": lambda: np.array([3, 1, 2], object),
    "pandas": lambda: pd.Series([3, 1, 2], index=[7, 8, 9], name="v"),
    "pandas nullable": lambda: pd.Series([3, 1, 2], index=[7, 8, 9], name="v", dtype="Int64"),
    "pandas arrow": lambda: pd.Series([3, 1, 2], index=[7, 8, 9], name="v", dtype="int64[pyarrow]"),
    "pandas index": lambda: pd.Index([3, 1, 2]),
    "polars": lambda: pl.Series("v", [3, 1, 2]),
    "polars chunked": lambda: pl.Series("v", [3]).append(pl.Series("v", [1, 2])),
    "pyarrow": lambda: pa.array([3, 1, 2]),
    "pyarrow chunked": lambda: pa.chunked_array([[3], [], [1, 2]]),
    "pyarrow sliced": lambda: pa.array([0, 3, 1, 2, 9])[1:4],
}


@pytest.fixture(params=ARRAYS)
def array(request):
    return ARRAYS[request.param]()


def values(array):
    return array.to_pylist() if hasattr(array, "to_pylist") else list(array)


def name_of(array):
    return getattr(array, "name", None) or "value"


def test_arrays(array):
    kind = pd.Series if isinstance(array, pd.Index) else type(array)
    for found, expected in [
        (compute.add(array, 1), [4, 2, 3]),
        (compute.add(1, array), [4, 2, 3]),
        (compute.evaluate(array, f"{name_of(array)} * 2"), [6, 2, 4]),
        (compute.filter(array, pf.col(name_of(array)) > 1), [3, 2]),
        (compute.filter(array, [True, False, True]), [3, 2]),
        (compute.sort(array), [1, 2, 3]),
        (compute.sort(array, descending=True, limit=2), [3, 2]),
        (compute.top_k(array, 1), [3]),
        (compute.take(array, [2, 2]), [2, 2]),
        (compute.unique(array), [3, 1, 2]),
        (compute.cum_sum(array), [3, 4, 6]),
        (compute.coalesce(array, 0), [3, 1, 2]),
    ]:
        assert isinstance(found, kind)
        assert values(found) == expected
    assert values(compute.argsort(array)) == [1, 2, 0]
    assert compute.sum(array) == 6
    assert isinstance(compute.sum(array), int)
    counts = rows(compute.value_counts(compute.take(array, [0, 1, 0])))
    assert counts == {name_of(compute.take(array, [0])): [3, 1], "count": [2, 1]}


def test_series_keep_index_and_name():
    series = ARRAYS["pandas"]()
    assert compute.add(series, 1).equals(pd.Series([4, 2, 3], index=[7, 8, 9], name="v"))
    assert compute.sort(series).equals(pd.Series([1, 2, 3], index=[8, 9, 7], name="v"))
    assert compute.filter(series, series > 1).equals(pd.Series([3, 2], index=[7, 9], name="v"))
    assert compute.add(pl.Series("v", [1]), 1).name == "v"


def test_kinds_of_several_arrays():
    series = ARRAYS["pandas"]()
    assert isinstance(compute.add([1, 2, 3], series), pd.Series)
    assert list(compute.add([1, 2, 3], series).index) == [7, 8, 9]
    assert isinstance(compute.add([1, 2], np.array([1, 2])), np.ndarray)
    assert isinstance(compute.add(np.array([1, 2]), pl.Series([1, 2])), pl.Series)
    assert compute.add(pa.chunked_array([[1], [2]]), [1, 2]).to_pylist() == [2, 4]
    assert compute.add(1, 2) == 3
    assert compute.upper("é") == "É"
    assert compute.cast([1.5, None], "int8") == [1, None]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_integers_keep_their_type(dtype):
    array = np.array([1, 2], dtype)
    assert compute.add(array, 1).dtype == dtype
    assert compute.filter(array, "value > 1").dtype == dtype
    assert compute.add(pd.Series(array), 1).dtype == dtype
    assert compute.add(pl.Series(array), 1).dtype == pl.Series(array).dtype
    assert str(compute.add(pd.Series(array).convert_dtypes(), 1).dtype) == dtype.replace("i", "I").replace(
        "u", "U"
    )


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_keep_their_type(dtype):
    assert compute.neg(np.array([1, 2], dtype)).dtype == dtype
    assert compute.sort(np.array([2, 1], dtype)).tolist() == [1, 2]


@pytest.mark.parametrize(
    "values",
    [
        ["a", None, "é"],
        [b"a", None, b""],
        [True, None, False],
        [decimal.Decimal("1.50"), None, decimal.Decimal("-2.25")],
        [datetime.date(2020, 1, 1), None, datetime.date(1, 1, 1)],
        [datetime.time(1, 2, 3), None, datetime.time(0)],
        [datetime.datetime(2020, 1, 1), None, datetime.datetime(1900, 1, 1)],
        [
            datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
            None,
            datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC),
        ],
        [datetime.timedelta(1), None, datetime.timedelta(0)],
        [[1], None, [2, 3]],
        [{"x": 1}, None, {"x": 2}],
        [None, None, None],
        [2**64 - 1, None, 0],
    ],
    ids=str,
)
def test_types_come_back_from_lists(values):
    assert compute.filter(values, [True, True, True]) == values
    assert compute.take(values, [2, 1, 0]) == values[::-1]
    assert compute.evaluate(values, "value") == values
    assert compute.count(values) == len([value for value in values if value is not None])


def test_nulls_in_numpy():
    assert compute.shift(np.array([1, 2])).tolist() == pytest.approx([float("nan"), 1.0], nan_ok=True)
    assert compute.shift(np.array([1.0, 2], np.float32)).dtype == np.float32
    assert compute.shift(np.array(["a", "b"])).tolist() == [None, "a"]
    assert compute.shift(np.array([True, False])).tolist() == [None, True]
    times = compute.shift(np.array(["2020-01-01", "2021-01-01"], "M8[D]"))
    assert times.dtype == "M8[D]"
    assert np.isnat(times[0])
    assert compute.diff(np.array([0, 1500], "M8[ms]"))[1] == np.timedelta64(1500, "ms")
    assert compute.upper(np.array(["a", None, float("nan")], object)).tolist() == ["A", None, None]


def test_nulls_in_pandas():
    assert str(compute.shift(pd.Series([1, 2])).dtype) == "Int64"  # no value changes
    assert compute.shift(pd.Series([1.0, 2])).dtype == np.float64
    assert str(compute.gt(pd.Series([1.0, None]), 0).dtype) == "boolean"
    assert str(compute.gt(pd.Series([1.0, 2]), 0).dtype) == "bool"
    assert str(compute.shift(pd.Series([1, 2], dtype="Int32")).dtype) == "Int32"
    assert str(compute.gt(pd.Series([1, 2], dtype="Int32"), 0).dtype) == "boolean"
    assert str(compute.shift(pd.Series([1, 2], dtype="int32[pyarrow]")).dtype) == "int32[pyarrow]"
    zoned = pd.Series(pd.date_range("2020", periods=2, tz="Europe/Berlin"))
    assert compute.shift(zoned).dtype == zoned.dtype
    assert compute.upper(pd.Series(["a", None])).isna().tolist() == [False, True]


def test_nan_is_missing_in_pandas_and_a_number_elsewhere():
    floats = np.array([1.0, np.nan, 3.0])
    assert compute.sum(pd.Series(floats)) == 4.0
    assert np.isnan(compute.sum(floats))
    assert compute.sum(floats, nan="null") == 4.0
    assert np.isnan(compute.sum(pd.Series(floats), nan="keep"))
    assert compute.count(pd.Series(floats)) == 2
    assert compute.count(floats) == 3
    assert compute.sort(floats).tolist()[:2] == [1.0, 3.0]
    assert compute.evaluate(pd.DataFrame({"x": floats}), "x IS NULL AS n")["n"].tolist() == [
        False,
        True,
        False,
    ]
    assert compute.aggregate(pd.DataFrame({"x": floats}), "mean(x)", nan="keep").isna().iloc[0, 0]
    assert compute.filter(pd.Series(floats), "value IS NULL").isna().tolist() == [True]


def test_dtypes_of_pandas_survive_the_choice_of_rows():
    frame = pd.DataFrame(
        {
            "i": [1, 2, 3],
            "u": np.array([1, 2, 3], np.uint8),
            "f": np.array([1, np.nan, 3], np.float32),
            "b": [True, False, True],
            "c": pd.Categorical(["x", "y", "x"], categories=["y", "x", "z"], ordered=True),
            "o": [1, "a", None],
            "p": pd.period_range("2020", periods=3),
            "t": pd.date_range("2020", periods=3),
            "z": pd.date_range("2020", periods=3, tz="Europe/Berlin"),
            "d": pd.to_timedelta([1, 2, None], "s"),
            "I": pd.array([1, None, 3], "Int16"),
            "B": pd.array([True, None, False], "boolean"),
            "s": ["a", None, "c"],
            "S": pd.array(["a", None, "c"], "string"),
            "a": pd.array([1, None, 3], "int32[pyarrow]"),
            5: [1, 2, 3],
        },
        index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)]),
    )
    for found, positions in [
        (compute.filter(frame, "i <> 2"), [0, 2]),
        (compute.filter(frame, "c = 'x'"), [0, 2]),
        (compute.filter(frame, frame["i"] != 2), [0, 2]),
        (compute.sort(frame, "i DESC"), [2, 1, 0]),
        (compute.take(frame, [1, 1]), [1, 1]),
        (compute.take(frame, []), []),
    ]:
        pd.testing.assert_frame_equal(found, frame.take(positions))


def test_unique_rows_of_pandas_keep_their_labels():
    frame = plain_pandas()
    frame["o"] = ["x", 1, "x", None]
    found = compute.unique(frame, ["b"])
    pd.testing.assert_frame_equal(found, frame[["b"]].take([0, 1, 2]))
    series = pd.Series([2, 1, 2], index=list("abc"), name="v")
    assert compute.unique(series).equals(series.take([0, 1]))


def test_counted_rows_of_pandas_keep_their_dtypes():
    frame = pd.DataFrame({"c": pd.Categorical(["x", "y", "x"]), "i": pd.array([1, None, 1], "Int8")})
    found = compute.value_counts(frame)
    assert list(map(str, found.dtypes)) == ["category", "Int8", "int64"]
    assert found["count"].tolist() == [2, 1]


def test_frames_of_pandas_only_types():
    frame = pd.DataFrame({"p": pd.period_range("2020", periods=3)})
    pd.testing.assert_frame_equal(compute.take(frame, [2, 0]), frame.take([2, 0]))
    pd.testing.assert_frame_equal(compute.filter(frame, [True, False, True]), frame.take([0, 2]))
    with pytest.raises(WrongTypeError, match="column 'p' holds"):
        compute.evaluate(frame, "p")


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(-3, 3)), st.one_of(st.none(), st.sampled_from("abé")))
    ),
    st.integers(1, 4),
)
def test_the_cut_into_batches_makes_no_difference(pairs, size):
    schema = pa.schema({"i": pa.int64(), "s": pa.string()})
    whole = pa.Table.from_pylist([dict(zip("is", pair, strict=True)) for pair in pairs], schema)
    cut = pa.Table.from_batches(whole.to_batches(max_chunksize=size), schema)
    for call in (
        lambda data: compute.evaluate(data, "i + 1", "upper(s)", "cum_sum(i)", "rank(s)"),
        lambda data: compute.filter(data, "i > 0 OR s = 'a'"),
        lambda data: compute.aggregate(
            data, "sum(i)", "mean(i)", "max(s)", "count_distinct(s)", "first(i)", "median(i)"
        ),
        lambda data: compute.sort(data, ["s", "i DESC"]),
        lambda data: compute.unique(data),
        lambda data: compute.value_counts(data),
    ):
        assert call(whole).to_pydict() == call(cut).to_pydict()


# ---- memory ----


def test_results_can_be_written_to_and_share_nothing():
    array = np.arange(10.0)
    for found in (
        compute.evaluate(array, "value"),
        compute.coalesce(array, 0.0),
        compute.filter(array, np.ones(10, bool)),
        compute.take(array, np.arange(10)),
    ):
        found[0] = -1
        assert array[0] == 0.0
    series = pd.Series(np.arange(10))
    frame = pd.DataFrame({"a": series, "t": pd.date_range("2020", periods=10)})
    for found in (
        compute.evaluate(frame, "a", "a AS b", "t"),
        compute.filter(frame, "a >= 0"),
        compute.sort(frame, "a"),
    ):
        found.iloc[0, 0] = -1
        found.loc[0, "t"] = pd.Timestamp("1999-01-01")
        assert frame["a"].iloc[0] == 0
        assert frame["t"].iloc[0] == pd.Timestamp("2020-01-01")
        if "b" in found:
            assert found["b"].iloc[0] == 0


def test_results_outlive_their_input():
    array = np.arange(1000.0)
    found = compute.add(array, 1.0)
    part = found[10:20]
    del array, found
    assert part.tolist() == [float(i) for i in range(11, 21)]


def test_large_results_are_not_copied(python):
    code = """
import numpy as np, resource
from parquetframe import compute
array = np.ones(20_000_000)
compute.add(array[:10], 1.0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = compute.add(array, 1.0)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 / 160)
assert found[-1] == 2.0
"""
    # The result is 160 MB. pyarrow, which lends the input, takes some itself.
    assert float(python(code)) < 1.6


def test_the_memory_limit_holds():
    array = np.arange(10_000_000.0)
    with pf.context(memory_limit="8 MB"), pytest.raises(OutOfMemoryError):
        compute.sort(array)


# ---- errors ----


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: compute.evaluate(5, "x"), WrongTypeError, "data must be a data frame"),
        (lambda: compute.evaluate("no/such.parquet", "x"), NotFoundError, "no/such.parquet"),
        (lambda: compute.evaluate(COLUMNS), InvalidArgumentError, "at least one expression"),
        (lambda: compute.evaluate(COLUMNS, "i +"), InvalidArgumentError, "syntax error at line 1, column 4"),
        (lambda: compute.evaluate(COLUMNS, "ii + 1"), InvalidArgumentError, "unknown column 'ii' at line 1, column 1"),
        (lambda: compute.evaluate(plain_pandas(), "jj"), InvalidArgumentError, "columns: i, f, s, b, t$"),
        (lambda: compute.filter(plain_pandas(), "jj > 1"), InvalidArgumentError, "columns: i, f, s, b, t$"),
        (lambda: compute.sort(plain_pandas(), "jj"), InvalidArgumentError, "columns: i, f, s, b, t$"),
        (lambda: compute.evaluate(COLUMNS, "lowr(s)"), InvalidArgumentError, "nearest: lower"),
        (lambda: compute.evaluate(COLUMNS, "i + s"), WrongTypeError, "add at line 1"),
        (lambda: compute.evaluate(COLUMNS, "SELECT 1"), UnsupportedError, "not supported at line 1"),
        (lambda: compute.evaluate(COLUMNS, "i // 0"), ArithmeticFailure, "3 // 0"),
        (lambda: compute.evaluate(COLUMNS, pf.col("i").desc()), WrongTypeError, "is not an expression"),
        (lambda: compute.evaluate(COLUMNS, x=pf.col("i").alias("y")), InvalidArgumentError, "x has a name already"),
        (lambda: compute.evaluate(COLUMNS, "i", overflow="never"), InvalidArgumentError, "overflow must be"),
        (lambda: compute.evaluate(COLUMNS, "i", overflow=1), WrongTypeError, "overflow must be a string"),
        (lambda: compute.evaluate(COLUMNS, "i", nan="drop"), InvalidArgumentError, "nan must be"),
        (lambda: compute.aggregate(COLUMNS, "i"), InvalidArgumentError, "must stand inside an aggregate"),
        (lambda: compute.filter(COLUMNS, "i"), WrongTypeError, "a condition is boolean, not int64"),
        (lambda: compute.filter(COLUMNS, [1, 2, 3, 4]), WrongTypeError, "predicate must be an array of booleans"),
        (lambda: compute.filter(COLUMNS, [True]), InvalidArgumentError, "predicate has 1"),
        (lambda: compute.filter(ARROW, [True]), InvalidArgumentError, "predicate has 1 values for 4 rows"),
        (lambda: compute.filter(plain_pandas(), [True]), InvalidArgumentError, "predicate has 1"),
        (lambda: compute.filter(ARROW, 5), WrongTypeError, "predicate must be an expression"),
        (lambda: compute.filter(ARROW, "b", columns=["x"]), InvalidArgumentError, "unknown column 'x'"),
        (lambda: compute.filter(plain_pandas(), "b", columns=["x"]), InvalidArgumentError, "unknown column 'x'"),
        (lambda: compute.filter(ARROW, "b", columns=[1]), WrongTypeError, "columns must be names"),
        (lambda: compute.sort(COLUMNS), InvalidArgumentError, "by must say"),
        (lambda: compute.sort(COLUMNS, []), InvalidArgumentError, "at least one key"),
        (lambda: compute.sort(COLUMNS, 5), WrongTypeError, "a key to sort by"),
        (lambda: compute.sort(COLUMNS, "i", limit=-1), InvalidArgumentError, "limit must not be negative"),
        (lambda: compute.sort(COLUMNS, "i", descending=[True, False]), InvalidArgumentError, "2 values for 1 keys"),
        (lambda: compute.sort(COLUMNS, "i", descending=1), WrongTypeError, "descending must be True or False"),
        (lambda: compute.sort(COLUMNS, pf.col("i").asc(), descending=True), InvalidArgumentError, "direction itself"),
        (lambda: compute.top_k([1], -1), InvalidArgumentError, "k must not be negative"),
        (lambda: compute.take([1], [1]), InvalidArgumentError, "out of range"),
        (lambda: compute.take([1], [-1]), InvalidArgumentError, "out of range"),
        (lambda: compute.take(plain_pandas(), [4]), InvalidArgumentError, "out of range"),
        (lambda: compute.take([1], [0.5]), WrongTypeError, "indices must be integers"),
        (lambda: compute.unique(COLUMNS, "x"), InvalidArgumentError, "unknown column 'x'"),
        (lambda: compute.unique(COLUMNS, []), InvalidArgumentError, "at least one column"),
        (lambda: compute.value_counts(COLUMNS, sort=1), WrongTypeError, "sort must be True or False"),
        (lambda: compute.add([1], [1, 2]), InvalidArgumentError, "argument a has 1 values and argument b has 2"),
        (lambda: compute.add(np.ones((2, 2)), 1), InvalidArgumentError, "argument a must have one dimension"),
        (lambda: compute.add([1, "a"], 1), WrongTypeError, "argument a holds values"),
        (lambda: compute.add([10**30], 1), WrongTypeError, "argument a holds values"),
        (lambda: compute.add(np.array([1j]), 1), WrongTypeError, "argument a holds complex128"),
        (lambda: compute.add([2**63 - 1], 1), ArithmeticFailure, "9223372036854775807 \\+ 1 overflows int64"),
        (lambda: compute.add(pf.col("a"), [1]), WrongTypeError, "arrays or expressions, and not both"),
        (lambda: compute.add(ARROW, 1), WrongTypeError, "argument a must be an array"),
        (lambda: compute.coalesce(), InvalidArgumentError, "coalesce takes at least one argument"),
        (lambda: compute.quantile([1], 2), InvalidArgumentError, "q"),
        (lambda: compute.evaluate(pd.DataFrame([[1, 2]], columns=["a", "a"]), "a"), InvalidArgumentError, "more than once"),
        (lambda: compute.evaluate(pa.array([1]).__arrow_c_array__(), "a"), WrongTypeError, "."),
    ],
)  # fmt: skip
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_overflow():
    assert compute.add([2**63 - 1], 1, overflow="null") == [None]
    assert compute.add([2**63 - 1], 1, overflow="wrap") == [-(2**63)]
    assert compute.floor_div([1], 0, overflow="wrap") == [None]


def test_an_error_in_the_middle_of_a_stream():
    cut = pa.chunked_array([[1], [2**63 - 1], [3]])
    with pytest.raises(ArithmeticFailure, match="overflows int64"):
        compute.add(cut, 1)


def test_an_error_of_the_producer_of_a_stream():
    def batches():
        yield ARROW.to_batches()[0]
        raise ValueError("the disk is on fire")

    reader = pa.RecordBatchReader.from_batches(ARROW.schema, batches())
    with pytest.raises(OSError, match="the disk is on fire"):
        compute.evaluate(reader, "i")


def test_without_the_library(python):
    code = """
import parquetframe as pf
print(pf.col("a") + 1)
try:
    pf.compute.evaluate([1], "value")
except pf.exceptions.UnsupportedError as error:
    print(error.message)
"""
    lines = python(code, PARQUETFRAME_DISABLE_RUST="1").splitlines()
    assert lines[0] == '"a" + 1'
    assert "PARQUETFRAME_DISABLE_RUST is set" in lines[1]


# ---- files ----


@pytest.fixture
def path(tmp_path):
    import pyarrow.parquet as pq

    pq.write_table(
        pa.table({"i": range(1000), "s": ["x", "y"] * 500, "other": [[1]] * 1000}), tmp_path / "data.parquet"
    )
    return tmp_path / "data.parquet"


def test_paths(path):
    assert compute.aggregate(path, "sum(i)", "count(*)").to_pydict() == {
        "sum(i)": [499500],
        "count(*)": [1000],
    }
    assert compute.aggregate(str(path), "count(*) AS n").to_pydict() == {"n": [1000]}
    assert compute.filter(path, "i < 3 AND s = 'x'", columns=["s"]).to_pydict() == {"s": ["x", "x"]}
    assert compute.evaluate(path, "i * 2 AS j").num_rows == 1000
    assert compute.argsort(path, "i DESC").tolist()[:2] == [999, 998]
    with pytest.raises(InvalidArgumentError, match="columns: i, s, other"):
        compute.evaluate(path, "zzz")


# ---- calls ----


def test_runs_are_counted():
    compute.evaluate([1], "value")
    compute.sum([1])
    compute.sort([1])
    compute.filter(pa.chunked_array([[1], [2]]), "value > 1")
    operations = pf.stats().operations
    assert operations == {name: {"rust": 1} for name in ("evaluate", "aggregate", "sort", "filter")}


HEAVY = " + ".join(f"sin(x * {k})" for k in range(1, 25))
INTERRUPTED = """
import os, signal, sys, threading, time
import numpy as np, pyarrow as pa
from parquetframe import compute

x = np.random.default_rng(1).standard_normal(8_000_000)
table = pa.table({"x": x})
cut = pa.table({"x": pa.chunked_array([x[:4_000_000], x[4_000_000:]])})
heavy = "HEAVY"
sent = []

def interrupt():
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)

call = {
    "evaluate": lambda: compute.evaluate(table, heavy),
    "evaluate of batches": lambda: compute.evaluate(cut, heavy),
    "filter of batches": lambda: compute.filter(cut, heavy + " > 0"),
    "aggregate": lambda: compute.aggregate(table, f"sum({heavy})"),
    "aggregate of batches": lambda: compute.aggregate(cut, f"sum({heavy})"),
    "sort": lambda: compute.sort(table, heavy),
    "rolling": lambda: compute.evaluate(cut, "rolling_median(x, 1001)"),
    "unique": lambda: [compute.unique(table) for _ in range(9)],
}[sys.argv[1] if len(sys.argv) > 1 else "NAME"]
threading.Timer(0.3, interrupt).start()
try:
    call()
except KeyboardInterrupt:
    print(time.perf_counter() - sent[0])
print(compute.sum(x[:2] * 0))
"""


@pytest.mark.parametrize(
    "name",
    [
        "evaluate",
        "evaluate of batches",
        "filter of batches",
        "aggregate",
        "aggregate of batches",
        "sort",
        "rolling",
        "unique",
    ],
)
def test_ctrl_c_ends_a_call(python, name):
    result = python(INTERRUPTED.replace("HEAVY", HEAVY).replace("NAME", name), check=False)
    assert result.stderr == ""
    delay, rest = result.stdout.split()
    assert float(delay) < 0.4  # 0.1 on an idle machine
    assert rest == "0.0"


@pytest.mark.parametrize("cut", [1, 2])
def test_progress_and_cancellation(cut):
    x = np.random.default_rng(1).standard_normal(4_000_000)
    table = pa.table({"x": pa.chunked_array(np.array_split(x, cut))})
    seen = []
    with (
        pf.context(progress=lambda fraction: seen.append(fraction) or len(seen) < 2),
        pytest.raises(CancelledError),
    ):
        compute.evaluate(table, HEAVY)
    assert len(seen) == 2
    token = pf.CancelToken()
    threading.Timer(0.1, token.cancel).start()
    with pf.context(cancel=token), pytest.raises(CancelledError):
        compute.evaluate(table, HEAVY)
    errors = []

    def call():
        with pf.context(cancel=token):
            try:
                compute.evaluate(table, HEAVY)
            except CancelledError as error:
                errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert len(errors) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal")
def test_handlers_of_signals_run_during_a_call():
    seen = []
    former = signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.perf_counter()))
    x = np.random.default_rng(1).standard_normal(2_000_000)
    try:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        found = compute.evaluate(pa.chunked_array([x, x]), HEAVY.replace("x", "value"))
    finally:
        signal.signal(signal.SIGUSR1, former)
    assert len(found) == 2 * len(x)
    assert len(seen) == 1


def test_threads_make_no_difference():
    rng = np.random.default_rng(3)
    data = pa.table(
        {
            "x": rng.standard_normal(300_000),
            "i": rng.integers(0, 1000, 300_000),
            "s": pa.array(rng.integers(0, 100, 300_000)).cast(pa.string()),
        }
    )
    found = []
    for threads in (1, 2, 7):
        with pf.context(threads=threads):
            found.append(
                [
                    compute.evaluate(data, "x * 2 + i", "cum_sum(x)", "rank(x)", "rolling_mean(x, 9)", "upper(s)"),
                    compute.filter(data, "x > 0 AND s <> '7'"),
                    compute.aggregate(data, "sum(x)", "var(x)", "skew(x)", "corr(x, i)", "median(x)", "mode(s)",
                                      "approx_quantile(x, 0.9)", "approx_count_distinct(i)", "count_distinct(s)"),
                    compute.sort(data, ["s", "x DESC"]),
                    compute.unique(data, ["i", "s"]),
                    compute.value_counts(data, "s"),
                ]
            )  # fmt: skip
    for others in found[1:]:
        assert all(one.equals(other) for one, other in zip(found[0], others, strict=True))


def test_threads_may_call_side_by_side():
    from concurrent.futures import ThreadPoolExecutor

    data = pa.table({"x": np.arange(10_000)})
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda k: compute.aggregate(data, f"sum(x * {k})")[0][0].as_py(), range(40)))
    assert found == [49_995_000 * k for k in range(40)]


def test_functions_lists_the_language():
    table = compute.functions().to_pydict()
    assert set(table) == {"family", "function", "item", "name", "type", "default", "doc"}
    assert {"add", "sum", "rank", "cast"} <= set(table["function"])


def test_schema_of_a_schema():
    assert compute.schema(ARROW.schema, "i / 2", d="CAST(i AS decimal(10, 2))", t="CAST(t AS time(us))") == {
        "i / 2": "float64",
        "d": "decimal128(10, 2)",
        "t": "time64[us]",
    }


def test_frames_without_columns_have_rows():
    frame = pd.DataFrame(index=[7, 8, 9])
    assert compute.evaluate(frame, "1 AS one").equals(pd.DataFrame({"one": [1, 1, 1]}, index=[7, 8, 9]))
    assert compute.filter(frame, [True, False, True]).index.tolist() == [7, 9]
    assert compute.take(frame, range(1, 3)).index.tolist() == [8, 9]


def test_names_of_results():
    twice = compute.evaluate(pd.DataFrame({"a": [1]}), "a", "a")
    assert twice.columns.tolist() == ["a", "a"]
    assert list(
        rows(compute.evaluate(COLUMNS, "i", pf.col("i").alias("q"), "i+1", r="i -- one\n+ 1 -- two"))
    ) == [
        "i",
        "q",
        "i + 1",
        "r",
    ]
    assert rows(compute.evaluate({"a b": [1], 'q"': [2]}, '"a b" + "q"""', x=pf.col('q"')))["x"] == [2]
