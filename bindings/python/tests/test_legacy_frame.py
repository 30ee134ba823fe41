"""The frame of the first version: formats, choice of the engine, conversion in place, history."""

from __future__ import annotations

import importlib
import sys
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import parquetframe as pf
from parquetframe import core
from parquetframe.core import FORMAT_HANDLERS, FileFormat, ParquetFrame, detect_format

# What writing by Dask warns of with pandas 3.1.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")

FRAME = pd.DataFrame({"id": [1, 2, 3], "name": ["a", "b", "c"], "age": [20.5, 30.0, 41.0]})


@pytest.fixture
def dask():
    return pytest.importorskip("dask.dataframe")


def test_the_union_of_names():
    from parquetframe import core_legacy, core_v2
    from parquetframe.core.formats import FormatHandler

    assert core.DataFrameProxy is pf.DataFrameProxy is pf.ParquetFrame is core_v2.DataFrameProxy
    assert core.ParquetFrame is core_legacy.ParquetFrame is not pf.ParquetFrame
    assert core.FORMAT_HANDLERS is core_legacy.FORMAT_HANDLERS
    assert core.CSVHandler is core.CsvHandler
    assert issubclass(core.OrcHandler, FormatHandler)
    assert core_v2.read_parquet is pf.read_parquet
    assert pf.core_v2 is core_v2
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = core.nothing


def test_the_deprecated_module():
    sys.modules.pop("parquetframe.legacy", None)
    with pytest.warns(DeprecationWarning, match="parquetframe.legacy is deprecated"):
        legacy = importlib.import_module("parquetframe.legacy")
    assert pf.legacy is legacy
    assert legacy.ParquetFrame is ParquetFrame
    assert legacy.detect_format is detect_format
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = legacy.nothing


@pytest.mark.parametrize(
    ("path", "explicit", "found"),
    [
        ("a.parquet", None, "parquet"),
        ("a.PQT", None, "parquet"),
        ("a.csv", None, "csv"),
        ("a.TSV", None, "csv"),
        ("a.json", None, "json"),
        ("a.jsonl", None, "json"),
        ("a.ndjson", None, "json"),
        ("a.orc", None, "orc"),
        ("a", None, "parquet"),
        ("a.xyz", None, "parquet"),
        ("a.csv", "json", "json"),
        ("a.csv", "ORC", "orc"),
    ],
)
def test_formats_are_detected(path, explicit, found):
    assert detect_format(path, explicit) is FileFormat(found)


def test_unknown_formats():
    with pytest.raises(ValueError, match="Unsupported format: xlsx"):
        detect_format("a.csv", "xlsx")
    with pytest.raises(ValueError, match="Unsupported format: xlsx"):
        ParquetFrame.read("a.csv", format="xlsx")


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(
    "name", ["a.parquet", "a.pqt", "a.csv", "a.tsv", "a.json", "a.jsonl", "a.ndjson", "a.orc"]
)
def test_every_format_comes_back(tmp_path, name, lazy):
    if lazy:
        pytest.importorskip("dask.dataframe")
    path = tmp_path / name
    handler = FORMAT_HANDLERS[detect_format(path)]
    handler.write(FRAME, path)
    frame = ParquetFrame.read(path, islazy=lazy)
    assert frame.islazy is lazy
    back = frame.pandas_df
    assert list(back.columns) == list(FRAME.columns)
    assert back.astype(object).values.tolist() == FRAME.astype(object).values.tolist()
    if lazy:
        handler.write(frame._df, tmp_path / f"again{path.suffix}")
        again = handler.read(tmp_path / f"again{path.suffix}")
        assert again.astype(object).values.tolist() == FRAME.astype(object).values.tolist()


def test_text_is_written_as_its_suffix_says(tmp_path):
    FORMAT_HANDLERS[FileFormat.CSV].write(FRAME, tmp_path / "a.tsv")
    assert (tmp_path / "a.tsv").read_text().splitlines()[0] == "id\tname\tage"
    FORMAT_HANDLERS[FileFormat.JSON].write(FRAME, tmp_path / "a.jsonl")
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 3
    FORMAT_HANDLERS[FileFormat.JSON].write(FRAME, tmp_path / "a.json")
    assert (tmp_path / "a.json").read_text().startswith('[{"id":1,')


def test_orc_needs_its_reader(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.orc", None)
    with pytest.raises(ImportError, match="ORC support requires pyarrow"):
        FORMAT_HANDLERS[FileFormat.ORC].read(tmp_path / "a.orc")
    with pytest.raises(ImportError, match="ORC support requires pyarrow"):
        FORMAT_HANDLERS[FileFormat.ORC].write(FRAME, tmp_path / "a.orc")


def test_files_are_found_without_their_suffix(tmp_path):
    FRAME.to_parquet(tmp_path / "one.parquet")
    FRAME.to_parquet(tmp_path / "two.pqt")
    FRAME.to_csv(tmp_path / "three.part.csv", index=False)
    assert len(ParquetFrame.read(tmp_path / "one")) == 3
    assert ParquetFrame._resolve_file_path(tmp_path / "two") == tmp_path / "two.pqt"
    assert FORMAT_HANDLERS[FileFormat.CSV].resolve_file_path(tmp_path / "three.part").name == "three.part.csv"
    with pytest.raises(FileNotFoundError, match="File not found: .*absent.parquet"):
        ParquetFrame.read(tmp_path / "absent.parquet")
    with pytest.raises(
        FileNotFoundError, match=r"No parquet file found for '.*absent' \(tried .parquet, .pqt\)"
    ):
        ParquetFrame.read(tmp_path / "absent")
    with pytest.raises(FileNotFoundError, match=r"No CSV file found for '.*absent' \(tried .csv, .tsv\)"):
        ParquetFrame.read(tmp_path / "absent", format="csv")
    with pytest.raises(FileNotFoundError, match=r"No parquet file found"):
        ParquetFrame.read(tmp_path / "folder")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(FileNotFoundError, match=r"No parquet file found"):
        ParquetFrame.read(folder)
    FRAME.to_parquet(folder / "part-0.parquet")
    FRAME.to_parquet(folder / "part-1.parquet")
    assert len(ParquetFrame.read(folder)) == 6


def test_reading_prints_a_line(tmp_path, capsys):
    FRAME.to_csv(tmp_path / "a.csv", index=False)
    ParquetFrame.read(tmp_path / "a.csv")
    assert (
        capsys.readouterr().out
        == f"Reading '{tmp_path}/a.csv' as pandas DataFrame (format: csv, size: 0.00 MB)\n"
    )


def test_dask_where_the_file_is_large(tmp_path, dask, capsys):
    FRAME.to_parquet(tmp_path / "a.parquet")
    FRAME.to_csv(tmp_path / "a.csv", index=False)
    for name in ("a.parquet", "a.csv"):
        assert ParquetFrame.read(tmp_path / name, threshold_mb=0).islazy
        assert not ParquetFrame.read(tmp_path / name, threshold_mb=1).islazy
        assert not ParquetFrame.read(tmp_path / name, threshold_mb=0, islazy=False).islazy
    assert "as Dask DataFrame (format: parquet" in capsys.readouterr().out
    for wrong in (1, "yes", 0.0):
        with pytest.raises(TypeError, match="islazy must be a boolean"):
            ParquetFrame.read(tmp_path / "a.csv", islazy=wrong)


def test_dask_near_the_threshold(tmp_path, monkeypatch):
    few, many = tmp_path / "few.parquet", tmp_path / "many.parquet"
    table = pa.table({"x": np.random.default_rng(0).random(3000)})
    pq.write_table(table, few)
    pq.write_table(table, many, row_group_size=200)
    size = few.stat().st_size / 1024**2
    choose = ParquetFrame._should_use_dask
    assert choose(few, size)
    assert not choose(few, size * 1.3)
    assert choose(many, many.stat().st_size / 1024**2 * 1.3)  # fifteen row groups
    assert not choose(many, many.stat().st_size / 1024**2 * 2)
    monkeypatch.setattr(ParquetFrame, "_get_system_memory", classmethod(lambda cls: 0.001))
    assert choose(few, size * 1.3)
    assert not choose(few, size * 2)
    assert not choose(few, 0, False)
    assert choose(few, 1000, True)


@pytest.mark.rust
def test_both_readers_of_footers_decide_alike(tmp_path, monkeypatch):
    rng, files = np.random.default_rng(0), []
    for rows, group in ((3000, 3000), (3000, 300), (3000, 250), (3000, 200), (0, 100)):
        files.append(tmp_path / f"{rows}-{group}.parquet")
        pq.write_table(pa.table({"x": rng.random(rows)}), files[-1], row_group_size=group)
    for name, content in (
        ("cut", files[0].read_bytes()[:-50]),
        ("text", b"no Parquet" * 9000),
        ("none", b""),
    ):
        files.append(tmp_path / f"{name}.parquet")
        files[-1].write_bytes(content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.parquet").write_bytes(files[3].read_bytes())
    files.append(tmp_path / "folder")

    def decisions():
        found = []
        for file in files:
            one = file / "a.parquet" if file.is_dir() else file
            size = one.stat().st_size / 1024**2
            thresholds = [size * factor for factor in (0.5, 1, 1.2, 1.4, 2)]
            found.append([ParquetFrame._should_use_dask(file, threshold) for threshold in thresholds])
            found.append(ParquetFrame._estimate_memory_usage(one))
        return found

    asked = []
    real = pq.ParquetFile

    class Spy(real):
        def __init__(self, *arguments, **options):
            asked.append(arguments)
            super().__init__(*arguments, **options)

    by_rust = decisions()
    # What stands in the place of pyarrow's class is asked, whatever Rust knows.
    monkeypatch.setattr(pq, "ParquetFile", Spy)
    assert decisions() == by_rust
    assert len(asked) > len(files)
    monkeypatch.setattr(pq, "ParquetFile", real)
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    assert decisions() == by_rust
    assert {each for each in map(str, by_rust) if "True" in each and "False" in each}


@pytest.mark.rust
def test_a_good_footer_is_not_read_by_pyarrow(tmp_path, python):
    pq.write_table(pa.table({"x": range(1000)}), tmp_path / "a.parquet", row_group_size=50)
    code = (
        "import sys\n"
        "from parquetframe.core_legacy import ParquetFrame\n"
        f"path = {str(tmp_path / 'a.parquet')!r}\n"
        "print(ParquetFrame._should_use_dask(path, __import__('os').path.getsize(path) / 1024**2 * 1.2))\n"
        "print('pyarrow.parquet' in sys.modules)"
    )
    assert python(code).split() == ["True", "False"]


def test_what_decides_can_be_replaced(tmp_path, monkeypatch):
    FRAME.to_parquet(tmp_path / "a.parquet")
    calls = []

    def choose(path, threshold_mb, islazy=None):
        calls.append((path, threshold_mb, islazy))
        return False

    monkeypatch.setattr(ParquetFrame, "_should_use_dask", choose)
    ParquetFrame.read(tmp_path / "a.parquet")
    ParquetFrame.read(tmp_path / "a.parquet", threshold_mb=3)
    assert calls == [(tmp_path / "a.parquet", 10, None), (tmp_path / "a.parquet", 3, None)]


def test_where_the_file_is_can_be_replaced(monkeypatch, capsys):
    from pathlib import Path

    monkeypatch.setattr(ParquetFrame, "_resolve_file_path", lambda file: Path("nowhere.parquet"))
    monkeypatch.setattr(ParquetFrame, "_should_use_dask", lambda *_: False)
    monkeypatch.setattr("pandas.read_parquet", lambda path, **_: FRAME)
    assert len(ParquetFrame.read("anything")) == 3
    assert (
        "Reading 'nowhere.parquet' as pandas DataFrame (format: parquet, size: 0.00 MB)"
        in capsys.readouterr().out
    )


def test_estimates(tmp_path, monkeypatch):
    class Stat:
        st_size = 5 * 1024**2
        st_mode = 0o100644

    path = tmp_path / "a.parquet"
    FRAME.to_parquet(path)
    monkeypatch.setattr(type(path), "stat", lambda self, **_: Stat())
    assert ParquetFrame._estimate_memory_usage(path) == 30.0

    def fail(*_):
        raise OSError("no footer")

    monkeypatch.setattr("pyarrow.parquet.ParquetFile", fail)
    assert ParquetFrame._estimate_memory_usage(path) == 25.0

    class Path:
        def stat(self):
            return Stat()

    assert ParquetFrame._estimate_memory_usage(Path()) == 25.0
    assert ParquetFrame._should_use_dask(Path(), 5)
    assert not ParquetFrame._should_use_dask(Path(), 8)


def test_the_largest_file_of_a_folder_decides(tmp_path):
    for name, rows in (("a", 10), ("b", 5000)):
        pq.write_table(pa.table({"x": np.random.default_rng(0).random(rows)}), tmp_path / f"{name}.parquet")
    size = (tmp_path / "b.parquet").stat().st_size / 1024**2
    assert ParquetFrame._should_use_dask(tmp_path, size)
    assert not ParquetFrame._should_use_dask(str(tmp_path), size * 1.4)


def test_memory(monkeypatch):
    psutil = pytest.importorskip("psutil")
    assert ParquetFrame._get_system_memory() > 1

    def fail():
        raise RuntimeError("no /proc")

    monkeypatch.setattr(psutil, "virtual_memory", fail)
    assert ParquetFrame._get_system_memory() == 2048


def test_failures_of_the_readers_come_through(tmp_path, monkeypatch):
    FRAME.to_parquet(tmp_path / "a.parquet")

    def fail(*_, **__):
        raise RuntimeError("the reader failed")

    monkeypatch.setattr("pandas.read_parquet", fail)
    with pytest.raises(RuntimeError, match="the reader failed"):
        ParquetFrame.read(tmp_path / "a.parquet", islazy=False)
    pytest.importorskip("dask.dataframe")
    monkeypatch.setattr("dask.dataframe.read_parquet", fail)
    with pytest.raises(RuntimeError, match="the reader failed"):
        ParquetFrame.read(tmp_path / "a.parquet", islazy=True)
    monkeypatch.setattr("dask.dataframe.from_pandas", fail)
    with pytest.raises(RuntimeError, match="the reader failed"):
        ParquetFrame(FRAME).to_dask()


def test_urls_are_not_looked_up(monkeypatch, capsys):
    seen = []
    monkeypatch.setattr("pandas.read_csv", lambda path, **_: seen.append(path) or FRAME)
    assert not ParquetFrame.read("https://example.org/a.csv").islazy
    assert seen == ["https://example.org/a.csv"]
    assert "size: 0.00 MB" in capsys.readouterr().out


def test_a_frame_changes_in_place(dask):
    frame = ParquetFrame(FRAME)
    assert frame.to_dask(2) is frame
    assert frame.islazy
    assert frame._df.npartitions == 2
    assert len(frame) == 3
    assert frame.pandas_df["name"].tolist() == ["a", "b", "c"]
    assert frame.islazy
    assert frame.to_pandas() is frame
    assert not frame.islazy
    assert frame._df["name"].dtype == object
    frame.islazy = True
    assert frame.islazy
    frame.islazy = False
    assert isinstance(frame._df, pd.DataFrame)
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="npartitions must be a positive integer"):
            frame.to_dask(wrong)
    with pytest.raises(TypeError, match="islazy must be a boolean"):
        frame.islazy = "yes"


def test_setting_what_is_set_does_nothing(monkeypatch):
    def fail(*_):
        raise AssertionError("converted")

    monkeypatch.setattr(ParquetFrame, "to_dask", fail)
    monkeypatch.setattr(ParquetFrame, "to_pandas", fail)
    frame = ParquetFrame(FRAME)
    frame.islazy = False
    with pytest.raises(AssertionError, match="converted"):
        frame.islazy = True


def test_saving(tmp_path):
    frame = ParquetFrame(FRAME)
    assert frame.save(tmp_path / "new" / "folder" / "a.csv", compression="gzip") is frame
    path = tmp_path / "new" / "folder" / "a.parquet"
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "GZIP"
    assert ParquetFrame.read(path)._df.equals(pd.read_parquet(path))
    assert ParquetFrame._ensure_parquet_extension("a.pqt").name == "a.pqt"
    with pytest.raises(TypeError, match=r"No dataframe loaded to save\."):
        ParquetFrame().save(tmp_path / "b")


def test_saving_what_is_lazy(tmp_path, dask):
    ParquetFrame(FRAME).to_dask(2).save(tmp_path / "a")
    assert len(ParquetFrame.read(tmp_path / "a.parquet", islazy=True)) == 3
    assert len(ParquetFrame.read(tmp_path / "a", islazy=False)) == 3


def test_history(tmp_path):
    frame = ParquetFrame(FRAME, track_history=True)
    found = frame.query("age > 25")[["id", "age"]].head(n=1)
    assert found.get_history() == ["pf = pf.query('age > 25')", "pf = pf[['id', 'age']]", "pf = pf.head(n=1)"]
    assert frame.get_history() == []
    assert ParquetFrame(FRAME).get_history() is None
    found.save(tmp_path / "a", save_script=tmp_path / "script.py")
    text = (tmp_path / "script.py").read_text()
    assert "from parquetframe import ParquetFrame" in text
    assert "query('age > 25')" in text
    compile(text, "script.py", "exec")
    found.clear_history()
    assert found.get_history() == []


def test_what_the_frame_inside_does():
    frame = ParquetFrame(FRAME)
    assert isinstance(frame.query("id > 1"), ParquetFrame)
    assert isinstance(frame[["id"]], ParquetFrame)
    assert isinstance(frame["id"], pd.Series)
    assert isinstance(frame[frame["id"] > 1], ParquetFrame)
    assert isinstance(frame.T, ParquetFrame)
    assert list(frame.columns) == ["id", "name", "age"]
    assert frame.shape == (3, 3)
    assert frame.loc[0, "id"] == 1
    assert frame.iloc[-1]["name"] == "c"
    assert isinstance(frame.groupby("name")["age"].sum(), pd.Series)
    assert len(frame.merge(ParquetFrame(FRAME), on="id")) == 3
    assert frame.describe().shape == (8, 2)
    with pytest.raises(AttributeError, match="'ParquetFrame' object has no attribute 'nothing'"):
        _ = frame.nothing
    with pytest.raises(KeyError):
        frame["nothing"]
    assert repr(frame).startswith("ParquetFrame(type=pandas, df=")


def test_an_empty_frame():
    frame = ParquetFrame()
    assert len(frame) == 0
    assert not frame.islazy
    assert repr(frame) == "ParquetFrame(type=pandas, df=None)"
    with pytest.raises(ValueError, match="No dataframe loaded"):
        frame["id"]
    with pytest.raises(ValueError, match="No dataframe loaded"):
        _ = frame.pandas_df
    with pytest.raises(AttributeError, match="'ParquetFrame' object has no attribute 'query'"):
        frame.query("id > 1")


def test_lazy_results_stay_lazy(dask):
    frame = ParquetFrame(FRAME).to_dask(2)
    part = frame.query("id > 1")
    assert isinstance(part, ParquetFrame)
    assert part.islazy
    assert len(part) == 2
    assert repr(part).startswith("ParquetFrame(type=Dask, df=")
    done = part.compute()
    assert isinstance(done, ParquetFrame)
    assert not done.islazy


@pytest.mark.parametrize("lazy", [False, True])
def test_arrow_reads_a_frame(lazy):
    frame = ParquetFrame(FRAME)
    if lazy:
        pytest.importorskip("dask.dataframe")
        frame.to_dask(2)
    table = pa.table(frame)
    assert table.to_pydict() == FRAME.to_dict("list")
    assert pf.Table(frame).shape == (3, 3)


def test_objects_in_partitions(dask):
    import dask as settings

    frame = pd.DataFrame({"x": [None, None, "a", "b"], "y": [1, 2, 3, 4]}, dtype=object)
    with settings.config.set({"dataframe.convert-string": False}):
        lazy = ParquetFrame(frame).to_dask(4)
        assert pa.table(lazy).to_pydict() == {"x": [None, None, "a", "b"], "y": [1, 2, 3, 4]}


def test_frames_pickle():
    import pickle

    frame = pickle.loads(pickle.dumps(ParquetFrame(FRAME, track_history=True)))
    assert frame._df.equals(FRAME)
    assert frame.get_history() == []


def test_without_dask(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "dask.dataframe", None)
    FRAME.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(pf.exceptions.DependencyError, match=r"Missing dependency 'dask'"):
        ParquetFrame(FRAME).to_dask()
    with pytest.raises(pf.exceptions.DependencyError, match=r"Missing dependency 'dask'"):
        ParquetFrame.read(tmp_path / "a.parquet", islazy=True)


def test_importing_warns_of_nothing(python):
    assert (
        python(
            "import parquetframe, parquetframe.core as c, sys; c.ParquetFrame; print('dask' in sys.modules)"
        )
        == "False"
    )


def test_no_warning_where_nothing_is_wrong(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FRAME.to_parquet(tmp_path / "a.parquet")
        ParquetFrame.read(tmp_path / "a.parquet").query("id > 1").save(tmp_path / "b")


@pytest.mark.parametrize(
    "name", ["join", "where", "select", "group_by", "order_by", "left_join", "sql", "stats"]
)
def test_names_that_pandas_has_with_another_meaning(name):
    frame = ParquetFrame(pd.DataFrame({"a": [1], "stats": [2]}))
    assert not hasattr(frame, name)
    with pytest.raises(AttributeError, match=f"no attribute '{name}' in this version; .* pandas_df.{name}"):
        getattr(frame, name)
    assert frame["stats"].tolist() == [2]
    assert frame.pandas_df.where(frame.pandas_df > 1)["stats"].tolist() == [2]
