"""Scans, metadata and writing of Parquet files, and the older names for them."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import parquetframe as pf
from parquetframe import _rustic, io_rust
from parquetframe.exceptions import (
    CancelledError,
    CorruptDataError,
    InvalidArgumentError,
    UnsupportedError,
    WrongTypeError,
)
from parquetframe.io import io_backend
from parquetframe.io.filters import predicate_text

ROWS = 10_000


@pytest.fixture(scope="module")
def table():
    numbers = np.arange(ROWS)
    return pa.table({"id": numbers, "x": numbers / 8, "s": [f"s{i % 7}" for i in range(ROWS)]})


@pytest.fixture(scope="module")
def path(table, tmp_path_factory):
    file = tmp_path_factory.mktemp("io") / "rows.parquet"
    pq.write_table(table, file, row_group_size=1000, write_page_index=True)
    return file


def rows(scan):
    return pa.table(scan)


# ---- filters ----


def test_filters_become_text():
    assert predicate_text(None) is None
    assert predicate_text([]) is None
    assert predicate_text("a > 1") == "a > 1"
    assert predicate_text(pf.col("a") > 1) == '"a" > 1'
    assert predicate_text([("a", "=", 1), ("b", "in", ["x", "y"])]) == "\"a\" = 1 AND \"b\" IN ('x', 'y')"
    assert predicate_text([[("a", "<", 1)], [("b", "not in", [1, 2])]]) == '"a" < 1 OR NOT "b" IN (1, 2)'


@pytest.mark.parametrize(
    ("filters", "error", "message"),
    [
        ("", InvalidArgumentError, "empty"),
        (5, WrongTypeError, "not int"),
        ([("a", 1)], WrongTypeError, "a tuple"),
        ([("a", "~", 1)], InvalidArgumentError, "operator '~'"),
        ([("a", "in", "xy")], WrongTypeError, "list of values"),
        ([[]], WrongTypeError, "among them"),
    ],
)
def test_filters_that_are_none(filters, error, message):
    with pytest.raises(error, match=message):
        predicate_text(filters)


# ---- scans ----


@pytest.mark.rust
def test_a_scan_is_lazy_and_read_again(table, path):
    scan = pf.scan_parquet(path)
    assert scan.columns == ["id", "x", "s"]
    assert scan.schema["x"] == "float64"
    assert rows(scan).equals(table)
    assert rows(scan).equals(table)
    assert scan.count() == ROWS == pf.parquet_row_count(path)
    assert pf.parquet_schema(path) == scan.schema
    assert sum(batch.num_rows for batch in scan) == ROWS
    assert isinstance(scan.collect(), pf.Table)
    pd.testing.assert_frame_equal(scan.to_pandas(), table.to_pandas(), check_dtype=False)
    assert scan.to_polars().shape == (ROWS, 3)


@pytest.mark.rust
def test_conditions_columns_and_limits(table, path):
    scan = pf.scan_parquet(path, filters=[("id", ">=", 2500), ("id", "<", 4000)])
    assert scan.count() == 1500
    chosen = scan.filter(pf.col("s") == "s3").select(["x"]).limit(7).limit(100)
    frame = table.to_pandas()
    want = frame[(frame.id >= 2500) & (frame.id < 4000) & (frame.s == "s3")].x.head(7).tolist()
    assert rows(chosen)["x"].to_pylist() == want
    assert "LIMIT 7" in repr(chosen)
    with pytest.raises(InvalidArgumentError, match="limit"):
        chosen.filter("x > 1")
    two = pa.concat_tables([table.slice(1000, 1000), table.slice(3000, 1000)])
    assert rows(pf.scan_parquet(path, row_groups=[3, 1])).equals(two)
    numbered = rows(pf.scan_parquet(path, "id", filters="id % 1000 = 5", row_number="row", file_path="file"))
    assert numbered["row"].to_pylist() == numbered["id"].to_pylist()
    assert set(numbered["file"].to_pylist()) == {str(path)}


@pytest.mark.rust
def test_plans_tell_what_is_left_out(path):
    text = pf.scan_parquet(path, filters="id = 4321").explain()
    assert "1 of 10 left" in text
    assert "9 by statistics" in text
    every = pf.scan_parquet(path, filters="id = 4321", use_statistics=False, use_page_index=False)
    assert "0 by statistics" in every.explain()
    assert rows(every)["id"].to_pylist() == [4321]


@pytest.mark.rust
def test_partitions_and_files_that_differ(table, tmp_path):
    pf.write_parquet(table, tmp_path / "data", partition_by="s")
    scan = pf.scan_parquet(tmp_path / "data", filters="s = 's2'")
    assert "6 left out by partitions" in scan.explain()
    assert scan.count() == len([i for i in range(ROWS) if i % 7 == 2])
    pq.write_table(pa.table({"a": pa.array([1], pa.int32())}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"a": pa.array([2], pa.int64()), "b": ["x"]}), tmp_path / "2.parquet")
    both = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    assert rows(pf.scan_parquet(both, schema="union")).to_pydict() == {"a": [1, 2], "b": [None, "x"]}
    with pytest.raises((WrongTypeError, ValueError), match="2.parquet"):
        pf.scan_parquet(both).collect()


@pytest.mark.rust
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"columns": ["nope"]}, InvalidArgumentError, "nope"),
        ({"filters": "nope > 1"}, InvalidArgumentError, "unknown column 'nope'"),
        ({"filters": "id +"}, InvalidArgumentError, "syntax error"),
        ({"filters": "id"}, WrongTypeError, "boolean"),
        ({"limit": -1}, InvalidArgumentError, "limit"),
        ({"batch_size": 0}, InvalidArgumentError, "batch_size"),
        ({"schema": "both"}, InvalidArgumentError, "schema"),
        ({"hive": "yes"}, InvalidArgumentError, "hive"),
        ({"row_groups": [99]}, InvalidArgumentError, "99"),
    ],
)
def test_what_does_not_fit_is_said(path, options, error, message):
    with pytest.raises(error, match=message):
        pf.scan_parquet(path, **options).collect()


@pytest.mark.rust
def test_files_that_are_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="File not found"):
        pf.scan_parquet(tmp_path / "no.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing of the kind PAR1")
    for read in (pf.scan_parquet, pf.parquet_metadata, pf.parquet_row_count):
        with pytest.raises(CorruptDataError, match=r"bad\.parquet"):
            read(tmp_path / "bad.parquet")
    with pytest.raises(UnsupportedError, match="local files"):
        pf.scan_parquet("s3://bucket/key.parquet")
    for nothing in ([], "", 5):
        with pytest.raises((ValueError, TypeError), match="path"):
            pf.scan_parquet(nothing)


# ---- metadata ----


@pytest.mark.rust
def test_metadata_says_what_pyarrow_says(path):
    known = pq.ParquetFile(path).metadata
    files = pf.parquet_metadata(path).to_pydict()
    assert (files["num_rows"], files["num_row_groups"], files["num_columns"]) == ([ROWS], [10], [3])
    assert files["file_size"] == [path.stat().st_size]
    assert files["created_by"] == [known.created_by]
    chunks = pf.parquet_metadata(path, "columns", columns=["id"]).to_pydict()
    first = known.row_group(0).column(0)
    assert chunks["compressed_size"][0] == first.total_compressed_size
    assert chunks["min"][0] == str(first.statistics.min)
    typed = pf.parquet_metadata(path, "statistics", columns=["x", "s"]).to_arrow()
    assert typed["x.max"].to_pylist() == [known.row_group(g).column(1).statistics.max for g in range(10)]
    assert typed["s.min"].to_pylist() == ["s0"] * 10
    assert len(pf.parquet_metadata(path, "statistics", aggregate=True)) == 3
    assert len(pf.parquet_metadata([path, path], "row_groups")) == 20
    for kind in ("counts", "schema", "pages", "key_value"):
        assert pf.parquet_metadata(path, kind).num_columns > 2
    with pytest.raises(InvalidArgumentError, match="kind 'nope'"):
        pf.parquet_metadata(path, "nope")
    with pytest.raises(InvalidArgumentError, match="nope"):
        pf.parquet_metadata(path, "columns", columns=["nope"])


# ---- writing ----


@pytest.mark.rust
def test_what_is_written_is_read(table, tmp_path):
    target = tmp_path / "out.parquet"
    written = pf.write_parquet(
        table, target, row_group_size=4000, compression="snappy", metadata={"made by": "a test"}
    )
    assert (written.rows, written.row_groups, written.files) == (ROWS, 3, (str(target),))
    assert written.bytes == target.stat().st_size
    assert pq.read_table(target).equals(table)
    assert pq.ParquetFile(target).metadata.metadata[b"made by"] == b"a test"
    pf.write_parquet(pf.scan_parquet(target, filters="id < 10"), tmp_path / "part.parquet")
    assert pq.read_table(tmp_path / "part.parquet")["id"].to_pylist() == list(range(10))
    pf.write_parquet({"a": [1, 2], "b": ["x", None]}, target)
    assert pq.read_table(target).to_pydict() == {"a": [1, 2], "b": ["x", None]}
    frame = pd.DataFrame(
        {"t": pd.to_datetime(["2024-01-01", None]), "n": [1.5, None], "c": pd.Categorical(["u", "v"])}
    )
    pf.write_parquet(frame, target)
    assert pq.read_table(target).to_pandas()["t"].isna().tolist() == [False, True]
    assert pq.read_table(target)["c"].to_pylist() == ["u", "v"]
    with pytest.raises(WrongTypeError, match="data must be"):
        pf.write_parquet(5, target)
    assert sorted(os.listdir(tmp_path)) == ["out.parquet", "part.parquet"]


@pytest.mark.rust
def test_a_failed_write_leaves_nothing(table, tmp_path):
    target = tmp_path / "kept.parquet"
    pf.write_parquet(table, target)
    before = target.read_bytes()

    def broken():
        yield from table.to_batches(max_chunksize=1000)
        raise RuntimeError("the source is broken")

    source = pa.RecordBatchReader.from_batches(table.schema, broken())
    with pytest.raises(Exception, match="the source is broken"):
        pf.write_parquet(source, target)
    for options in ({"compression": "zip"}, {"nope": 1}, {"row_group_size": 0}, {"partition_by": ["nope"]}):
        with pytest.raises((InvalidArgumentError, WrongTypeError)):
            pf.write_parquet(table, target, **options)
    assert target.read_bytes() == before
    assert os.listdir(tmp_path) == ["kept.parquet"]
    with pytest.raises(FileNotFoundError, match="folder"):
        pf.write_parquet(table, tmp_path / "no" / "x.parquet")
    with pytest.raises(FileExistsError):
        pf.write_parquet(table, target, overwrite="error")
    with pytest.raises(WrongTypeError, match="one path"):
        pf.write_parquet(table, [target, target])


@pytest.mark.rust
def test_a_read_and_a_write_can_be_cancelled(tmp_path):
    many = pa.table({"x": np.random.default_rng(1).random(3_000_000)})
    target = tmp_path / "many.parquet"
    token = pf.CancelToken()
    token.cancel()
    with pf.context(cancel=token), pytest.raises(CancelledError):
        pf.write_parquet(many, target)
    assert os.listdir(tmp_path) == []
    pf.write_parquet(many, target)
    token = pf.CancelToken()
    threading.Timer(0.01, token.cancel).start()

    def read_for_ever():
        while time.monotonic():
            pf.read_parquet(target, engine="rust")

    with pf.context(cancel=token), pytest.raises(CancelledError):
        read_for_ever()


# ---- the older names ----


@pytest.mark.rust
def test_names_of_the_second_version(path, tmp_path):
    info = io_backend.read_parquet_metadata_fast(path)
    assert info["num_rows"] == ROWS == io_backend.get_parquet_row_count_fast(path)
    assert info["column_types"] == ["INT64", "DOUBLE", "BYTE_ARRAY"]
    assert io_backend.get_parquet_column_names_fast(path) == ["id", "x", "s"]
    numbers, _, texts = io_backend.get_parquet_column_stats_fast(path)
    assert (numbers["min_value"], numbers["max_value"], numbers["null_count"]) == (0, ROWS - 1, 0)
    assert (texts["min_value"], texts["max_value"]) == ("s0", "s6")
    assert io_backend.get_parquet_info_fast(path)["backend_used"] == "rust"
    assert set(io_backend.get_backend_info().values()) == {True}
    engine = io_rust.RustIOEngine()
    assert engine.read_parquet(path, ["s"], [1]).shape == (1000, 1)
    assert pa.ipc.open_stream(_rustic.read_parquet_fast(path, ["id"])).read_all().num_rows == ROWS
    with pytest.raises(ValueError, match="File not found"):
        _rustic.get_parquet_row_count_rust(tmp_path / "no.parquet")
    assert io_backend.try_get_row_count_fast(tmp_path / "no.parquet") is None
    assert io_backend.get_parquet_info_fast(tmp_path / "no.parquet") is None


def test_without_rust(path):
    with pf.config_context(rust_io_enabled=False):
        assert not io_backend.is_rust_io_available()
        assert not io_backend.get_backend_info()["rust_io_available"]
        assert io_backend.try_read_metadata_fast(path) is None
        assert io_backend.get_parquet_info_fast(path)["backend_used"] == "pyarrow"
        for call in (io_rust.RustIOEngine, lambda: pf.scan_parquet(path), lambda: pf.parquet_metadata(path)):
            with pytest.raises(UnsupportedError):
                call()
        frame = pf.read_parquet(path, filters=[("id", "<", 3)], limit=2)
        assert (frame.engine_name, len(frame)) == ("pandas", 2)
