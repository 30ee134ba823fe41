"""`core.rust_io`: Parquet on Rust as frames of pandas and Polars."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import NO_RUST

import parquetframe as pf
from parquetframe.core.rust_io import RustIO, read_with_backend
from parquetframe.exceptions import InvalidArgumentError, UnsupportedError, WrongTypeError

FRAME = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})


@pytest.fixture
def path(tmp_path):
    pq.write_table(pa.Table.from_pandas(FRAME, preserve_index=False), tmp_path / "a.parquet")
    return tmp_path / "a.parquet"


@pytest.mark.rust
def test_frames_of_both_kinds(path):
    polars = pytest.importorskip("polars")
    assert RustIO.is_available()
    pd.testing.assert_frame_equal(RustIO.read_parquet(path), FRAME, check_dtype=False)
    lazy = RustIO.read_parquet(str(path), "polars", columns=["b"], filters="a > 1")
    assert isinstance(lazy, polars.LazyFrame)
    assert lazy.collect().to_dict(as_series=False) == {"b": ["y", "z"]}
    with pytest.raises(InvalidArgumentError, match="backend must be pandas or polars, not 'dask'"):
        RustIO.read_parquet(path, "dask")
    with pytest.raises(FileNotFoundError):
        RustIO.read_parquet(path.with_name("no.parquet"))


@pytest.mark.rust
def test_writing(tmp_path):
    target = tmp_path / "a.parquet"
    written = RustIO.write_parquet(FRAME, target, compression="snappy")
    assert (written.rows, written.files) == (3, (str(target),))
    assert pq.ParquetFile(target).metadata.row_group(0).column(0).compression == "SNAPPY"
    with pytest.raises(WrongTypeError, match="data must be"):
        RustIO.write_parquet(5, target)


@pytest.mark.parametrize("use_rust", [True, False])
def test_every_backend(path, use_rust):
    pd.testing.assert_frame_equal(read_with_backend(path, "pandas", use_rust), FRAME, check_dtype=False)
    polars = pytest.importorskip("polars")
    lazy = read_with_backend(path, "polars", use_rust)
    assert isinstance(lazy, polars.LazyFrame)
    assert lazy.collect()["b"].to_list() == ["x", "y", "z"]
    with pytest.raises(InvalidArgumentError, match="pandas or polars or dask, not 'spark'"):
        read_with_backend(path, "spark", use_rust)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # of Dask's
def test_dask_reads_by_itself(path):
    pytest.importorskip("dask.dataframe")
    frame = read_with_backend(path, "dask")
    assert frame.compute()["a"].tolist() == [1, 2, 3]


def test_keywords_that_only_the_library_has(path):
    frame = read_with_backend(path, "pandas", dtype_backend="pyarrow")
    assert str(frame["a"].dtype) == "int64[pyarrow]"
    (fallback,) = pf.stats().fallbacks
    assert fallback.operation == "read_with_backend"
    assert NO_RUST is not None or "no option dtype_backend" in fallback.reason


def test_without_rust(path, monkeypatch):
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST_IO", "1")
    assert not RustIO.is_available()
    with pytest.raises(UnsupportedError):
        RustIO.read_parquet(path)
    with pytest.raises(UnsupportedError):
        RustIO.write_parquet(FRAME, path)
    assert read_with_backend(path, "pandas")["a"].tolist() == [1, 2, 3]
    assert pf.stats().fallbacks
