"""The command `pframe`: what it shows, its JSON, its errors and exit codes."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import DEBIAN, NO_RUST, ROOT

import parquetframe as pf

pytest.importorskip("rich")
testing = pytest.importorskip("click.testing")

from parquetframe import cli  # noqa: E402  (needs both)
from parquetframe.cli import show  # noqa: E402
from parquetframe.exceptions import DependencyError  # noqa: E402

ROWS = 1000
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def table():
    numbers = list(range(ROWS))
    return pa.table(
        {
            "id": pa.array(numbers, pa.int32()),
            "x": [None if n % 10 == 0 else n / 8 for n in numbers],
            "ok": [n % 2 == 0 for n in numbers],
            "name": [f"name {n % 7}" for n in numbers],
            "at": pa.array([START + dt.timedelta(seconds=n) for n in numbers], pa.timestamp("us", "UTC")),
            "place": [{"town": "Graz", "codes": [n]} for n in numbers],
        }
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("cli") / "rows.parquet"
    pq.write_table(table(), file, row_group_size=400, write_page_index=True, compression="snappy")
    return file


def invoke(*arguments):
    return testing.CliRunner().invoke(cli.main, [str(each) for each in arguments])


def shown(*arguments):
    result = invoke("info", *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def document(*arguments):
    return json.loads(shown("--json", *arguments))


def columns_of(found):
    return {column["name"]: column for column in found["columns"]}


# ---- for people ----


@pytest.mark.rust
def test_a_tree_for_people(path):
    text = shown(path)
    for heading in ("File Information", "File Details", "Data Schema", "Key-Value Metadata", "Sample Data"):
        assert heading in text
    for line in (
        "Detected Format: PARQUET",
        "Recommended Backend: pandas",
        "Rows: 1,000",
        "Row Groups: 3 of 200 to 400 rows",
        "Columns: 7 leaves of 6",
        "Codecs: SNAPPY",
        "Page Index: all columns",
        "Bloom Filters: none",
        "id: Int32 (Parquet: INT32)",
        "0 nulls, 0 to 999",
        "100 nulls, 0.125 to 124.875",
        "place: struct",
        "place.town: Utf8 (Parquet: BYTE_ARRAY STRING)",
        "0 nulls, 2024-01-01T00:00:00Z to 2024-01-01T00:16:39Z",
    ):
        assert line in text
    assert f"File Size: {show.bytes_text(path.stat().st_size)}" in text
    assert "name 4" in text  # of the first five rows
    assert "name 5" not in text
    assert "Sample Data" not in shown(path, "--sample", "0")


@pytest.mark.rust
def test_only_some_columns(path):
    text = shown(path, "--columns", "name, place")
    assert "name: Utf8" in text
    assert "place.codes.list.element: Int64" in text
    assert "id: Int32" not in text
    assert "more" not in text
    assert list(columns_of(document(path, "-c", "x,id"))) == ["id", "x"]


@pytest.mark.rust
def test_row_groups_and_pages(path):
    text = shown(path, "--row-groups", "--columns", "id")
    assert "0: 400 rows" in text
    assert "2: 200 rows" in text
    assert "id, SNAPPY" in text
    assert "400 to 799" in text
    assert "id, row group 2, page 0: 200 rows from 0" in shown(path, "--pages", "-c", "id")


@pytest.mark.rust
def test_wide_files_are_cut(tmp_path):
    wide = pa.table({f"c{n:04d}": [n] for n in range(5000)})
    pq.write_table(wide, tmp_path / "wide.parquet")
    text = shown(tmp_path / "wide.parquet")
    assert "c0029" in text
    assert "c0030" not in text
    assert "… and 4,970 more, --columns/--all shows them" in text
    assert "(of the columns shown)" in text
    assert "c4999: Int64" in shown(tmp_path / "wide.parquet", "--all", "--sample", "0")
    assert len(document(tmp_path / "wide.parquet")["columns"]) == 5000


@pytest.mark.rust
def test_what_is_in_files_does_not_reach_the_terminal(tmp_path):
    evil = "\x1b[31mred\n[bold]x"
    written = pa.table({evil: [evil]}).replace_schema_metadata({evil: evil})
    pq.write_table(written, tmp_path / "evil.parquet")
    text = shown(tmp_path / "evil.parquet")
    assert "\x1b" not in text
    assert r"\x1b[31mred\n[bold]x" in text


@pytest.mark.rust
def test_folders_globs_and_lists(path, tmp_path):
    for name in "ab":
        shutil.copy(path, tmp_path / f"{name}.parquet")
    for arguments in ([tmp_path], [tmp_path / "*.parquet"], [tmp_path / "a.parquet", tmp_path / "b.parquet"]):
        text = shown(*arguments)
        assert "Files: 2" in text
        assert "Rows: 2,000" in text
        assert f"{tmp_path / 'b.parquet'}: 1,000 rows, 3 row groups" in text
        assert document(*arguments)["num_rows"] == 2000


@pytest.mark.rust
def test_folders_of_partitions(tmp_path):
    pf.write_parquet({"day": [1, 1, 2], "x": [1, 2, 3]}, tmp_path / "parts", partition_by="day")
    text = shown(tmp_path / "parts")
    assert "of the folders" in text
    assert "Files: 2" in text


@pytest.mark.rust
def test_files_that_differ(tmp_path):
    pq.write_table(pa.table({"a": [1], "b": ["x"]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"a": [1.5], "c": [True]}), tmp_path / "2.parquet")
    text = shown(tmp_path)
    assert "of other types in other files" in text
    columns = columns_of(document(tmp_path))
    assert list(columns) == ["a", "b", "c"]
    assert (columns["a"]["same_types"], columns["a"]["min"]) == (False, None)
    assert (columns["b"]["min"], columns["c"]["max"]) == ("x", True)


@pytest.mark.rust
def test_files_without_rows_or_columns(tmp_path):
    pq.write_table(table().slice(0, 0), tmp_path / "rows.parquet")
    pq.write_table(pa.table({}), tmp_path / "columns.parquet")
    assert "Rows: 0" in shown(tmp_path / "rows.parquet")
    found = columns_of(document(tmp_path / "rows.parquet"))
    assert [found["id"][key] for key in ("num_values", "min", "max")] == [0, None, None]
    assert document(tmp_path / "columns.parquet")["columns"] == []
    assert "Columns: 0" in shown(tmp_path / "columns.parquet")


@pytest.mark.rust
def test_data_that_cannot_be_read_is_said_where_it_stands(path, tmp_path):
    broken = bytearray(path.read_bytes())
    broken[4:400] = bytes(396)
    (tmp_path / "broken.parquet").write_bytes(broken)
    text = shown(tmp_path / "broken.parquet")
    assert "Rows: 1,000" in text
    assert "cannot be read" in text


# ---- JSON ----


@pytest.mark.rust
def test_the_document_is_what_pyarrow_says(path):
    known, found = pq.ParquetFile(path).metadata, document(path)
    assert (found["num_files"], found["num_rows"], found["num_row_groups"]) == (1, ROWS, 3)
    assert (found["num_columns"], found["file_size"]) == (known.num_columns, path.stat().st_size)
    assert found["created_by"] == [known.created_by]
    assert found["codecs"] == ["SNAPPY"]
    groups = [known.row_group(g) for g in range(3)]
    assert found["uncompressed_size"] == sum(group.total_byte_size for group in groups)
    columns = columns_of(found)
    for index in range(known.num_columns):
        column = columns[known.schema.column(index).path]
        chunks = [group.column(index) for group in groups]
        assert column["physical_type"] == chunks[0].physical_type
        assert column["compressed_size"] == sum(chunk.total_compressed_size for chunk in chunks)
        assert column["null_count"] == sum(chunk.statistics.null_count for chunk in chunks)
        assert set(column["encodings"]) == {each for chunk in chunks for each in chunk.encodings}
        assert column["num_chunks"] == 3 == column["chunks_with_offset_index"]
    assert (columns["id"]["min"], columns["id"]["max"], columns["id"]["min_exact"]) == (0, 999, True)
    assert (columns["x"]["min"], columns["x"]["max"]) == (0.125, 124.875)
    assert (columns["ok"]["min"], columns["ok"]["max"]) == (False, True)
    assert columns["name"]["max"] == "name 6"
    assert columns["at"]["max"] == "2024-01-01T00:16:39Z"
    assert [field["name"] for field in found["arrow_schema"]] == table().column_names
    assert {entry["key"] for entry in found["key_value"]} == {"ARROW:schema"}
    assert "row_groups" not in found


@pytest.mark.rust
def test_the_document_in_detail(path):
    found = document(path, "--row-groups", "--pages", "--columns", "id")
    assert [group["num_rows"] for group in found["row_groups"]] == [400, 400, 200]
    assert [group["columns"][0]["min"] for group in found["row_groups"]] == [0, 400, 800]
    assert [page["row_group"] for page in found["pages"]] == [0, 1, 2]


@pytest.mark.rust
def test_the_keys_of_the_document_are_in_the_guide(path):
    guide = ROOT / "docs" / "cli.md"
    if not guide.is_file():
        pytest.skip("not in the source tree")
    text, found = guide.read_text(encoding="utf-8"), document(path, "--row-groups", "--pages")
    keys = {*found, *found["files"][0], *found["columns"][0], *found["row_groups"][0], *found["pages"][0]}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


@pytest.mark.rust
def test_bloom_filters_and_values_that_json_has_not(tmp_path):
    data = {"id": [1, 2], "x": [float("-inf"), float("inf")], "n": [float("nan"), 1.0]}
    pf.write_parquet(data, tmp_path / "a.parquet", bloom_filters=["id"])
    columns = columns_of(document(tmp_path / "a.parquet"))
    assert columns["id"]["chunks_with_bloom_filter"] == 1
    assert columns["x"]["chunks_with_bloom_filter"] == 0
    assert isinstance(columns["x"]["min"], str)
    assert "Bloom Filters: id" in shown(tmp_path / "a.parquet")


# ---- what is wrong ----


@pytest.mark.rust
def test_files_that_cannot_be_read(tmp_path, path):
    (tmp_path / "empty.parquet").write_bytes(b"")
    (tmp_path / "text.parquet").write_text("this is no Parquet file at all")
    (tmp_path / "cut.parquet").write_bytes(path.read_bytes()[:-100])
    (tmp_path / "folder").mkdir()
    for name, message in (
        ("missing.parquet", "File not found"),
        ("empty.parquet", "not a Parquet file"),
        ("text.parquet", "not a Parquet file"),
        ("cut.parquet", "not a Parquet file"),
        ("folder", "no Parquet file in folder"),
        ("*.pqt", "no file matches"),
    ):
        for more in ([], ["--json"]):
            result = invoke("info", tmp_path / name, *more)
            assert result.exit_code == 1
            assert result.stdout == ""
            assert result.stderr.startswith("Error: ")
            assert message in result.stderr
            assert str(tmp_path) in result.stderr
            assert result.stderr.count("\n") == 1


@pytest.mark.rust
def test_wrong_uses(path):
    for arguments, message in (
        (["info"], "FILEPATH"),
        (["info", path, "--nope"], "--nope"),
        (["info", path, "--columns", "naem"], "no column 'naem'; perhaps name"),
        (["info", path, "--columns", ","], "names no column"),
        (["info", path, "--sample", "-1"], "-1"),
        (["info", path, "--format", "xml"], "xml"),
        (["info", "a.csv", "--json"], "--json is for Parquet files"),
        (["info", "a.csv", "b.csv"], "one file of csv at a time"),
        (["nope"], "nope"),
    ):
        result = invoke(*arguments)
        assert result.exit_code == 2, arguments
        assert message in result.stderr


def test_without_the_library(path, monkeypatch):
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    result = invoke("info", path)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: pframe info reads Parquet with the Rust library")
    assert result.stderr.count("\n") == 1


# ---- other formats ----


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.json", "a.jsonl"])
def test_other_formats(tmp_path, name):
    frame = table().select(["id", "name"]).slice(0, 8).to_pandas()
    handler = importlib.import_module("parquetframe.core").FORMAT_HANDLERS[
        importlib.import_module("parquetframe.core").detect_format(name)
    ]
    handler.write(frame, tmp_path / name)
    text = shown(tmp_path / name)
    kind = "CSV" if name[2:] in ("csv", "tsv") else "JSON"
    for part in ("File Information", "File Details", "File Size", "Recommended Backend", "Data Schema"):
        assert part in text
    assert f"Detected Format: {kind}" in text
    assert "Rows: 8" in text
    assert "id: int64" in text
    assert "name 4" in text
    assert "name 5" not in text
    assert "Sample Data" not in shown(tmp_path / name, "--sample", "0")


def test_the_format_can_be_given(tmp_path):
    (tmp_path / "data.txt").write_text("a,b\n1,\n")
    text = shown(tmp_path / "data.txt", "--format", "csv")
    assert "Detected Format: CSV" in text
    assert "null" in text
    result = invoke("info", tmp_path / "missing.csv")
    assert (result.exit_code, result.stderr) == (1, f"Error: File not found: {tmp_path}/missing.csv\n")
    (tmp_path / "empty.csv").write_text("")
    result = invoke("info", tmp_path / "empty.csv")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1


# ---- as a program ----


def program(*arguments, **environment):
    command = shutil.which("pframe", path=str(Path(sys.executable).parent))
    start = [command] if command else [sys.executable, "-m", "parquetframe.cli"]
    return subprocess.run(
        [*start, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def test_the_program():
    helped = program("--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "ParquetFrame CLI" in helped.stdout
    assert program("--version").stdout.split()[-1] == pf.__version__
    missing = program("info", "missing.parquet")
    assert missing.returncode == 1
    assert "Traceback" not in missing.stderr
    if NO_RUST:
        return
    run = program("info", DEBIAN)
    assert (run.returncode, run.stderr) == (0, "")
    assert "Rows: 342,155" in run.stdout
    assert "\x1b" not in run.stdout
    assert json.loads(program("info", DEBIAN, "--json").stdout)["num_rows"] == 342_155


def test_the_entry_point_is_there():
    project = ROOT / "bindings" / "python" / "pyproject.toml"
    if not project.is_file():
        pytest.skip("not in the source tree")
    described = tomllib.loads(project.read_text())["project"]
    module, _, name = described["scripts"]["pframe"].partition(":")
    assert callable(getattr(importlib.import_module(module), name))
    extra = {text.partition(">")[0] for text in described["optional-dependencies"]["cli"]}
    assert extra == {"click", "rich"}


@pytest.mark.parametrize("package", ["click", "rich"])
def test_without_the_extra(monkeypatch, capsys, package):
    monkeypatch.setitem(sys.modules, package, None)
    assert cli.run() == 1
    told = capsys.readouterr().err
    install = "pip install 'parquetframe[cli]'"
    assert told == f"pframe needs the package {package}, of the extra 'cli': {install}\n"
    monkeypatch.delattr(cli, "main", raising=False)
    with pytest.raises(DependencyError, match=package):
        _ = cli.main
    with pytest.raises(AttributeError, match="nonsense"):
        _ = cli.nonsense


def test_importing_it_is_light(python):
    code = "import sys, parquetframe.cli; print([m for m in ('click', 'rich', 'pandas', 'pyarrow') if m in sys.modules])"
    assert python(code) == "[]"


def test_short_texts():
    assert show.plain("a" * 100) == f"{'a' * 59}…"
    assert show.plain("a\tb") == r"a\tb"
    assert [show.bytes_text(n) for n in (0, 1, 1024, 5 << 20, 1 << 50)] == [
        "0 bytes",
        "1 byte",
        "1.0 KiB",
        "5.0 MiB",
        "1,024.0 TiB",
    ]
