"""What the tests of Parquet stand on: the files hold what they claim, and the predicates mean what the library says."""

from __future__ import annotations

import importlib.util
from collections import defaultdict

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parquet_files import CASES, COLUMNS, WRITERS, alike, rising, simple
from parquet_predicates import columns_of, predicates

from parquetframe import compute


@pytest.mark.parametrize("writer", WRITERS)
def test_files_hold_what_they_claim(writer, tmp_path):
    if importlib.util.find_spec(writer) is None:
        pytest.skip(f"{writer} is not installed")
    encodings, codecs, types = set(), set(), set()
    for number, case in enumerate(case for case in CASES if case.writer == writer):
        path = case.write(tmp_path / str(number))
        expected = case.read(path)
        if case.folder:
            continue
        file = pq.ParquetFile(path)
        assert alike(file.read(), expected), case
        for group in range(file.metadata.num_row_groups):
            for position in range(file.metadata.num_columns):
                chunk = file.metadata.row_group(group).column(position)
                encodings |= set(chunk.encodings)
                codecs.add(chunk.compression)
                types.add(chunk.physical_type)
    assert codecs == {"UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "LZ4", "ZSTD"}
    if writer == "pyarrow":
        deltas = {"DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"}
        assert encodings == deltas | {
            "PLAIN",
            "RLE",
            "PLAIN_DICTIONARY",
            "RLE_DICTIONARY",
            "BYTE_STREAM_SPLIT",
        }
        assert types == {
            "BOOLEAN",
            "INT32",
            "INT64",
            "INT96",
            "FLOAT",
            "DOUBLE",
            "BYTE_ARRAY",
            "FIXED_LEN_BYTE_ARRAY",
        }


def test_names_are_unique():
    names = defaultdict(list)
    for case in CASES:
        names[str(case)].append(case)
    assert [name for name, cases in names.items() if len(cases) > 1] == []


TABLES = {
    "simple": simple(),
    **{name: pa.table({"sorted": rising(), "value": make()}) for name, make in COLUMNS.items()},
}
PREPARED = {name: (table, columns_of(table)) for name, table in TABLES.items()}


@pytest.mark.rust
@given(name=st.sampled_from(sorted(TABLES)), data=st.data())
def test_predicates_mean_what_the_library_says(name, data):
    table, columns = PREPARED[name]
    predicate = data.draw(predicates(columns))
    assert compute.filter(table, predicate.text)["sorted"].to_pylist() == predicate.rows, predicate.text
