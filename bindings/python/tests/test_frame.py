"""Reading Parquet, the proxy, settings and counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import DEBIAN, NO_RUST

import parquetframe as pf
from parquetframe.exceptions import (
    CorruptDataError,
    InvalidArgumentError,
    NotFoundError,
    UnsupportedError,
    WrongTypeError,
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "numbers.parquet"
    frame = pd.DataFrame(
        {"n": range(10), "x": np.linspace(0, 1, 10), "t": list("abcdefghij"), "b": [True, False] * 5}
    )
    frame.to_parquet(path)
    return path


def test_reads_what_pandas_reads(file, engine):
    proxy = pf.read_parquet(file, engine=engine)
    assert proxy.engine_name == engine
    assert repr(proxy).splitlines()[0] == f"DataFrameProxy(engine={engine}, 10 rows × 4 columns)"
    assert (proxy.shape, len(proxy), proxy.columns) == ((10, 4), 10, ["n", "x", "t", "b"])
    pd.testing.assert_frame_equal(proxy.to_pandas().native, pd.read_parquet(file))
    assert proxy.head(3).shape == (3, 4)
    pd.testing.assert_frame_equal(pa.table(proxy).to_pandas(), pd.read_parquet(file))


def test_the_real_file(engine):
    proxy = pf.read_parquet(DEBIAN, engine=engine)
    assert proxy.shape == (342_155, 3)
    assert proxy.columns == ["package", "depends_on", "relation"]


def test_columns_come_in_the_order_asked_for(file, engine):
    assert pf.read_parquet(str(file), engine=engine, columns=["t", "n"]).columns == ["t", "n"]
    assert pf.read_parquet(file, engine=engine, columns="x").columns == ["x"]
    with pytest.raises(InvalidArgumentError, match="unknown column 'zz'; the columns are: n, x, t, b"):
        pf.read_parquet(file, engine=engine, columns=["n", "zz"])


def test_options_are_checked_alike(file, engine):
    assert len(pf.read_parquet(file, engine=engine, batch_size=3)) == 10
    for options, error, text in (
        ({"batch_size": 0}, InvalidArgumentError, "batch_size must be at least 1, not 0"),
        ({"batch_size": -1}, InvalidArgumentError, "batch_size must be at least 1, not -1"),
        ({"batch_size": "a"}, WrongTypeError, "batch_size must be an integer, not str"),
        ({"nonsense": 1}, WrongTypeError, r"read_parquet\(\) got an unexpected keyword argument 'nonsense'"),
    ):
        with pytest.raises(error, match=text):
            pf.read_parquet(file, engine=engine, **options)


def test_heads_are_checked_alike(file, engine):
    proxy = pf.read_parquet(file, engine=engine)
    for frame in (proxy, pf.Table(proxy), pf.DataFrameProxy()):
        for n, error, text in (
            (-1, InvalidArgumentError, "n must not be negative, not -1"),
            (2.5, WrongTypeError, "n must be an integer, not float"),
            ("a", WrongTypeError, "n must be an integer, not str"),
        ):
            with pytest.raises(error, match=text):
                frame.head(n)
    assert (len(proxy.head(0)), len(proxy.head(np.int64(2))), len(proxy.head(99))) == (0, 2, 10)


def test_a_proxy_shows_its_first_rows(tmp_path, engine, monkeypatch):
    graph = pf.GraphFrame.from_edges(
        pf.DataFrameProxy(pd.DataFrame({"source": ["a", "b"], "target": ["hub", "hub"]})), engine=engine
    )
    lines = repr(graph.pagerank(top=2)).splitlines()
    assert lines[0] == f"DataFrameProxy(engine={engine}, 2 rows × 2 columns)"
    assert lines[1].split() == ["vertex", "rank"]
    assert [line.split()[1] for line in lines[2:]] == ["hub", "a"]
    pd.DataFrame({"n": range(10_000)}).to_parquet(tmp_path / "long.parquet")
    long = pf.read_parquet(tmp_path / "long.parquet", engine=engine)
    converted = []
    monkeypatch.setattr(
        pf.Table,
        "to_pandas",
        lambda table, whole=pf.Table.to_pandas: converted.append(len(table)) or whole(table),
    )
    lines = repr(long).splitlines()
    assert (len(lines), lines[-2].split(), lines[-1]) == (13, ["9", "9"], "…")
    html = long._repr_html_()
    assert html.startswith(f"<p>DataFrameProxy(engine={engine}, 10000 rows × 1 columns)</p>")
    assert html.count("<td>") == 10
    assert converted == ([10, 10] if engine == "rust" else [])
    assert repr(long.head(0)) == f"DataFrameProxy(engine={engine}, 0 rows × 1 columns)"
    assert pf.DataFrameProxy()._repr_html_() == "<p>DataFrameProxy(engine=pandas, empty=True)</p>"
    with pd.option_context("display.notebook_repr_html", False):
        assert long._repr_html_() is None


def test_folders_and_globs(tmp_path, engine):
    (tmp_path / "b" / "_skip").mkdir(parents=True)
    for name, value in (
        ("2.parquet", 2),
        ("1.parquet", 1),
        ("b/3.PARQUET", 3),
        ("b/_skip/9.parquet", 9),
        (".h.parquet", 8),
    ):
        pd.DataFrame({"v": [value]}).to_parquet(tmp_path / name)
    (tmp_path / "note.txt").write_text("no data")
    read = lambda path: pf.read_parquet(path, engine=engine).to_pandas().native["v"].tolist()
    assert read(tmp_path) == [1, 2, 3]
    assert read(str(tmp_path / "[12].parquet")) == [1, 2]
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError, match="no Parquet file in folder"):
        read(tmp_path / "empty")


def test_missing_files(tmp_path, engine):
    for path in (tmp_path / "no.parquet", str(tmp_path / "*.none")):
        with pytest.raises(FileNotFoundError, match=r"File not found: .*(no\.parquet|none)"):
            pf.read_parquet(path, engine=engine)
    with pytest.raises(TypeError, match="path must be a string or a path, not int"):
        pf.read_parquet(3, engine=engine)
    with pytest.raises(InvalidArgumentError, match="path is empty"):
        pf.read_parquet("", engine=engine)


def test_malformed_files(file, tmp_path, engine):
    good = file.read_bytes()
    damaged = tmp_path / "damaged.parquet"
    for content in (
        b"",
        b"PAR1",
        b"no parquet at all, but long enough",
        good[: len(good) // 2],
        good[:4] + good[-60:],
    ):
        damaged.write_bytes(content)
        with pytest.raises(CorruptDataError, match=r"damaged\.parquet"):
            pf.read_parquet(damaged, engine=engine)
    body = bytearray(good)
    body[8:200] = b"\xff" * 192
    damaged.write_bytes(bytes(body))
    with pytest.raises(pf.exceptions.ParquetFrameError):
        pf.read_parquet(damaged, engine=engine)


@pytest.mark.parametrize("name", ["unknown", "polars", ""])
def test_unknown_engines(file, name):
    with pytest.raises(KeyError, match="Engine .* not found"):
        pf.read_parquet(file, engine=name)
    with pytest.raises(KeyError, match="Engine .* not found"):
        pf.read_parquet(file, engine="pandas").to_engine(name or "nothing")


@pytest.mark.rust
def test_options_of_pandas_fall_back_to_pandas(file):
    proxy = pf.read_parquet(file, dtype_backend="pyarrow")
    assert proxy.engine_name == "pandas"
    assert "dtype_backend" in pf.stats().fallbacks[0].reason
    with pytest.raises(UnsupportedError, match="dtype_backend"):
        pf.read_parquet(file, engine="rust", dtype_backend="pyarrow")


def test_rows_are_chosen_while_they_are_read(file, engine):
    proxy = pf.read_parquet(file, engine=engine, filters=[("n", "<", 3)])
    assert (proxy.engine_name, len(proxy)) == (engine, 3)
    assert len(pf.read_parquet(file, engine=engine, filters=[("n", "<", 3)], limit=2)) == 2
    assert len(pf.read_parquet([file, file], engine=engine, filters=[])) == 2 * len(pf.read_parquet(file))
    for filters, error in (("", ValueError), ([("n", "~", 3)], ValueError), (5, TypeError)):
        with pytest.raises(error, match="filters"):
            pf.read_parquet(file, engine=engine, filters=filters)


@pytest.mark.rust
def test_conditions_in_words_are_for_rust(file):
    for filters in ("n < 3", pf.col("n") < 3):
        proxy = pf.read_parquet(file, filters=filters)
        assert (proxy.engine_name, len(proxy)) == ("rust", 3)
        with pytest.raises(UnsupportedError, match="filters as tuples"):
            pf.read_parquet(file, engine="pandas", filters=filters)
    with pytest.raises(UnsupportedError, match="row_groups"):
        pf.read_parquet(file, engine="pandas", row_groups=[0])
    assert len(pf.read_parquet(file, row_groups=[0], row_number="row").to_pandas().native["row"]) > 0


@pytest.mark.rust
def test_values_survive_that_pandas_would_change(tmp_path):
    big = 2**53 + 1
    table = pa.table({"i": pa.array([big, None]), "b": pa.array([True, None]), "s": pa.array(["x", None])})
    pq.write_table(table, tmp_path / "nulls.parquet")
    frame = pf.read_parquet(tmp_path / "nulls.parquet", engine="rust").to_pandas().native
    assert frame["i"].tolist() == [big, pd.NA]
    assert frame["b"].dtype == "boolean"
    assert frame["s"].isna().tolist() == [False, True]


@pytest.mark.rust
def test_types_beyond_numbers_and_strings_go_through_pyarrow(tmp_path):
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2024-01-01", "2024-06-30"]),
            "kind": pd.Categorical(["a", "b"]),
            "list": [[1], [2, 3]],
            "n": [1, 2],
        }
    )
    frame.to_parquet(tmp_path / "types.parquet")
    read = pf.read_parquet(tmp_path / "types.parquet", engine="rust").to_pandas().native
    assert list(read.columns) == ["when", "kind", "list", "n"]
    assert read["when"].tolist() == frame["when"].tolist()
    assert [list(value) for value in read["list"]] == [[1], [2, 3]]


@pytest.mark.rust
def test_an_index_that_pandas_stored_comes_back(tmp_path):
    frame = pd.DataFrame({"v": [1, 2]}, index=pd.Index(["x", "y"], name="key"))
    frame.to_parquet(tmp_path / "index.parquet")
    pd.testing.assert_frame_equal(pf.read_parquet(tmp_path / "index.parquet", engine="rust").pandas_df, frame)


def test_proxy_of_nothing():
    proxy = pf.DataFrameProxy()
    assert repr(proxy) == "DataFrameProxy(engine=pandas, empty=True)"
    assert (proxy.shape, len(proxy), proxy.columns, proxy.native, proxy.pandas_df) == (
        (0, 0),
        0,
        [],
        None,
        None,
    )
    assert proxy.head() is proxy
    with pytest.raises(InvalidArgumentError, match="empty DataFrameProxy"):
        proxy.__arrow_c_stream__()


@pytest.mark.rust
def test_proxies_change_engines():
    frame = pd.DataFrame({"a": [1, 2], "t": ["x", "y"]})
    proxy = pf.DataFrameProxy(frame)
    assert proxy.engine_name == "pandas"
    rust = proxy.to_engine("rust")
    assert (rust.engine_name, type(rust.native)) == ("rust", pf.Table)
    pd.testing.assert_frame_equal(rust.to_pandas().native, frame)
    assert rust.to_engine("rust") is rust
    assert pf.DataFrameProxy(rust).engine_name == "rust"


def test_precedence_of_the_engine(file, monkeypatch):
    best = "pandas" if NO_RUST else "rust"
    assert pf.read_parquet(file).engine_name == best
    pf.set_config(default_engine="pandas")
    assert pf.read_parquet(file).engine_name == "pandas"
    assert pf.stats().fallbacks == [] or NO_RUST
    monkeypatch.setenv("PARQUETFRAME_ENGINE", best)
    assert pf.read_parquet(file).engine_name == best
    assert pf.read_parquet(file, engine="pandas").engine_name == "pandas"
    for name in ("auto", "polars"):  # no engine here
        monkeypatch.setenv("PARQUETFRAME_ENGINE", name)
        assert pf.read_parquet(file).engine_name == (best if name == "polars" else "pandas")
    monkeypatch.setenv("PARQUETFRAME_ENGINE", "nonsense")
    with pytest.raises(
        InvalidArgumentError, match="PARQUETFRAME_ENGINE must be rust or pandas, not 'nonsense'"
    ):
        pf.read_parquet(file)


@pytest.mark.rust
@pytest.mark.parametrize("how", ["environment", "setting"])
def test_one_family_can_be_switched_off(file, monkeypatch, how):
    if how == "environment":
        monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST_IO", "1")
    else:
        pf.set_config(rust_io_enabled=False)
    assert pf.read_parquet(file).engine_name == "pandas"
    assert pf.stats().fallbacks[0].operation == "read_parquet"
    pf.GraphFrame.from_edges(([0], [1])).degree()
    assert pf.stats().operations["degree"] == {"rust": 1}
    with pytest.raises(
        RuntimeError, match="Rust backend requested but not available: .*(IO is set|io_enabled)"
    ):
        pf.read_parquet(file, engine="rust")
    with pf.config_context(use_rust_backend=False):
        assert not pf.rust_available()
    assert pf.rust_available()


def test_fallbacks_are_counted_reported_and_forbidden(monkeypatch):
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    graph = pf.GraphFrame.from_edges(([0, 1], [1, 0]))
    for _ in range(3):
        graph.degree()
    graph.degree(backend="pandas")
    counted = pf.stats()
    assert counted.operations == {"from_edges": {"pandas": 1}, "degree": {"pandas": 4}}
    assert [(f.operation, f.count) for f in counted.fallbacks] == [("from_edges", 1), ("degree", 3)]
    assert counted.fallbacks[0].reason.endswith("PARQUETFRAME_DISABLE_RUST is set")
    assert "fallback: degree × 3" in str(counted)
    assert counted.share("pandas") == 1.0
    monkeypatch.setenv("PARQUETFRAME_FALLBACK", "warn")
    with pytest.warns(RuntimeWarning, match="degree runs on pandas instead of Rust: .*DISABLE_RUST"):
        graph.degree()
    monkeypatch.setenv("PARQUETFRAME_FALLBACK", "error")
    with pytest.raises(UnsupportedError, match="degree runs on pandas"):
        graph.degree()
    assert pf.stats().fallbacks[1].count == 4  # what was forbidden did not happen
    graph.degree(backend="pandas")  # asked for: no fallback
    monkeypatch.setenv("PARQUETFRAME_FALLBACK", "maybe")
    for backend in (None, "pandas"):
        with pytest.raises(InvalidArgumentError, match="must be allow, warn or error, not 'maybe'"):
            graph.degree(backend=backend)
    pf.reset_stats()
    assert pf.stats().operations == {}


def test_config(monkeypatch):
    config = pf.get_config()
    with pytest.raises(ValueError, match="Unknown configuration key: nonsense"):
        pf.set_config(verbose=True, nonsense=1)
    assert config.verbose is False
    with pf.config_context(chunk_size=5) as inside:
        assert inside.chunk_size == 5
    assert pf.get_config().chunk_size == 10000
    with pytest.raises(AttributeError), pf.config_context(nonsense=1):
        pass
    monkeypatch.setenv("PARQUETFRAME_VERBOSE", "Yes")
    monkeypatch.setenv("PARQUETFRAME_PANDAS_THRESHOLD_MB", "no number")
    assert config.verbose is True
    assert config.pandas_threshold_mb == 100.0
    assert (
        pf.Config.from_dict({"chunk_size": 7, "other": 1, "default_entity_base_path": "/x"}).to_dict()[
            "chunk_size"
        ]
        == 7
    )
    config.set(max_workers=3)
    config.reset()
    assert config.max_workers is None
