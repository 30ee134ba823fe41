"""Arrow data in and out by capsules, and tables."""

from __future__ import annotations

import ctypes
import gc
import pickle
import weakref

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe._native import capsules
from parquetframe._native.decode import Chunk, decode
from parquetframe._native.streams import Stream
from parquetframe.exceptions import InvalidArgumentError, IOFailure, WrongTypeError

TYPES = [
    pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64(),
    pa.float32(), pa.float64(), pa.bool_(), pa.string(), pa.large_string(), pa.string_view(),
]  # fmt: skip


def values_of(arrow_type):
    if pa.types.is_boolean(arrow_type):
        return st.booleans()
    if pa.types.is_floating(arrow_type):
        return st.floats(width=arrow_type.bit_width, allow_nan=False)
    if pa.types.is_integer(arrow_type):
        info = np.iinfo(arrow_type.to_pandas_dtype())
        return st.integers(int(info.min), int(info.max))
    return st.text(max_size=20)


@st.composite
def chunked_columns(draw):
    arrow_type = draw(st.sampled_from(TYPES))
    chunks = draw(st.lists(st.lists(st.none() | values_of(arrow_type), max_size=12), max_size=4))
    skipped = draw(st.integers(0, 3))
    arrays = [pa.array(chunk, arrow_type)[skipped:] for chunk in chunks]
    return pa.chunked_array(arrays, arrow_type)


@given(chunked_columns())
def test_columns_decode_as_pyarrow_reads_them(column):
    stream = Stream.of(pa.table({"x": column}))
    field = stream.schema().children[0]
    decoded = decode(field, [Chunk.of_batch(batch, 0) for batch in stream.batches()])
    assert decoded.objects().tolist() == column.to_pylist()


@given(chunked_columns())
def test_tables_keep_what_went_in(column):
    table = pf.Table(pa.table({"x": column, "row": range(len(column))}))
    assert table.to_pydict()["x"] == column.to_pylist()
    assert pa.table(table).column("x").to_pylist() == column.to_pylist()
    assert table.schema["x"] == str(column.type).replace("double", "float64").replace(
        "float", "float32"
    ).replace("float3264", "float64")
    assert len(table.head(3)) == min(3, len(column))
    found = table.to_pandas()["x"]
    assert [None if v is pd.NA or v is None or v != v else v for v in found] == column.to_pylist()


def test_a_table_of_each_kind_of_data(tmp_path):
    frame = pd.DataFrame({"a": [1, 2], "t": ["x", "y"]})
    frame.to_parquet(tmp_path / "f.parquet")
    sources = [
        frame,
        frame.to_dict("list"),
        pa.table(frame),
        pa.record_batch(frame),
        pl.DataFrame(frame),
        tmp_path / "f.parquet",
    ]
    for data in sources:
        table = pf.Table(data)
        assert (table.shape, table.columns) == ((2, 2), ["a", "t"])
        pd.testing.assert_frame_equal(table.to_pandas(), frame)
    assert repr(pf.Table(pa.table(frame[["a"]]))) == "Table(2 rows × 1 columns: a int64)"
    with pytest.raises(WrongTypeError, match="data must be a path, a data frame, .*, not int"):
        pf.Table(3)


def test_types_of_a_table_do_not_depend_on_the_engine(tmp_path, python):
    columns = {"s": ["x"], "l": pa.array(["x"], pa.large_string()), "n": pa.array([1], pa.int32())}
    pq.write_table(pa.table(columns), tmp_path / "1.parquet")
    code = (
        "import parquetframe as pf\n"
        f"print(*[list(pf.Table(data).schema.values()) for data in ({str(tmp_path)!r}, {{'s': ['x'], 'n': [1]}})])"
    )
    said = "['string', 'large_string', 'int32'] ['large_string', 'int64']"
    assert python(code, PARQUETFRAME_DISABLE_RUST="1") == said
    assert python(code) == said


def test_other_libraries_read_tables():
    table = pf.Table({"a": np.arange(3), "b": [True, False, True]})
    assert pl.DataFrame(table)["a"].to_list() == [0, 1, 2]
    assert table.to_polars().shape == (3, 2)
    assert table.to_arrow().column_names == ["a", "b"]
    assert pa.schema(table).names == ["a", "b"]
    for _ in range(3):
        assert pa.table(table).num_rows == 3


def test_parts_of_a_table():
    table = pf.Table({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5], "c": ["x", "y", "z"]})
    assert table.select(["c", "a"]).to_pydict() == {"c": ["x", "y", "z"], "a": [1, 2, 3]}
    assert table.head(0).shape == (0, 3)
    assert table.head(99).shape == (3, 3)
    assert table["b"].tolist() == [0.5, 1.5, 2.5]
    for offset, limit, found in (
        (0, None, [1, 2, 3]),
        (1, None, [2, 3]),
        (1, 1, [2]),
        (2, 9, [3]),
        (7, 1, []),
    ):
        assert table.slice(offset, limit).to_pydict()["a"] == found
    for options, text in (
        ({"offset": -1}, "offset must not be negative"),
        ({"limit": 0.5}, "limit must be an int"),
    ):
        with pytest.raises((InvalidArgumentError, WrongTypeError), match=text):
            table.slice(**options)
    with pytest.raises(KeyError):
        table["d"]
    with pytest.raises(InvalidArgumentError, match="unknown column 'd'; the columns are: a, b, c"):
        table.select(["a", "d"])
    with pytest.raises(InvalidArgumentError, match="n must not be negative"):
        table.head(-1)


def test_nulls_in_a_column():
    table = pf.Table(pa.table({"f": [1.5, None], "i": [1, None], "t": ["x", None], "n": pa.nulls(2)}))
    assert np.isnan(table["f"][1])
    assert table["i"].tolist() == [1, None]
    assert table["t"].tolist() == ["x", None]
    assert table["n"].tolist() == [None, None]


@pytest.mark.rust
def test_numbers_are_views_that_outlive_the_table():
    table = pf.Table({"a": np.arange(1000, dtype=np.int64)})
    one, two = table["a"], table["a"]
    assert one.__array_interface__["data"][0] == two.__array_interface__["data"][0]
    assert not one.flags.writeable
    table.close()
    del table, two
    gc.collect()
    assert one.sum() == 499_500
    batch = one.base.owner
    alive = weakref.ref(batch)
    del batch, one
    gc.collect()
    assert alive() is None


@pytest.mark.rust
def test_arrow_data_crosses_without_a_copy():
    arrow = pa.table({"a": pa.array(range(100), pa.int64()), "t": pa.array(["x"] * 100, pa.large_string())})
    table = pf.Table(arrow)
    for name in arrow.column_names:
        for ours, theirs in zip(
            pa.table(table).column(name).chunk(0).buffers(),
            arrow.column(name).chunk(0).buffers(),
            strict=True,
        ):
            assert (ours and ours.address) == (theirs and theirs.address)


def test_closing_twice_and_using_after_it():
    with pf.Table({"a": [1]}) as table:
        kept = pa.table(table)
    table.close()
    assert table.closed
    assert repr(table) == "Table(closed)"
    assert kept.num_rows == 1
    for use in (len, pf.Table.to_pandas, pa.table):
        with pytest.raises(InvalidArgumentError, match="the table is closed"):
            use(table)


def test_tables_pickle():
    table = pf.Table(pa.table({"a": [1, None], "t": ["x", "y"], "d": pa.array([1, 2], pa.date32())}))
    again = pickle.loads(pickle.dumps(table))
    assert pa.table(again).equals(pa.table(table))


@pytest.mark.rust
def test_handles_do_not_pickle():
    table = pf.Table({"a": [1]})
    with pytest.raises(TypeError, match="TableHandle belongs to this process"):
        pickle.dumps(table._native)
    with pytest.raises(TypeError, match="CancelToken belongs to this process"):
        pickle.dumps(pf.CancelToken())


def test_capsules_release_what_nobody_consumed():
    def left():
        gc.collect()
        return capsules.sweep()

    before = left()
    owned = pa.array(range(1000))
    address = owned.buffers()[1].address
    capsule = Stream.of(pa.table({"x": owned})).capsule()
    assert left() == before + 1
    pointer = capsules.pointer(capsule, capsules.ArrowArrayStream)
    assert pointer
    del capsule
    assert left() == before
    assert owned.buffers()[1].address == address


def test_a_consumed_capsule_is_empty():
    capsule = pf.Table({"a": [1, 2]}).__arrow_c_stream__()

    class Once:
        def __arrow_c_stream__(self, requested_schema=None):
            return capsule

    assert pa.table(Once()).num_rows == 2
    struct = capsules.ArrowArrayStream.from_address(capsules.pointer(capsule, capsules.ArrowArrayStream))
    assert not struct.release


def test_a_capsule_that_dies_while_an_exception_is_raised():
    table = pf.Table({"a": [1]})
    for _ in range(10):
        with pytest.raises(ZeroDivisionError):
            (table.__arrow_c_stream__(), 1 / 0)


def test_capsules_of_another_name_are_refused():
    class Wrong:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.array([1]).__arrow_c_array__()[0]

    with pytest.raises(ValueError, match="PyCapsule_GetPointer"):
        Stream.of(Wrong())


def test_record_batches_and_sliced_structs():
    batch = pa.record_batch({"a": [1, 2, 3, 4], "t": ["w", "x", "y", "z"]})

    class OnlyArray:
        def __init__(self, array):
            self.array = array

        def __arrow_c_array__(self, requested_schema=None):
            return self.array.__arrow_c_array__()

    assert pf.Table(OnlyArray(batch[1:3])).to_pydict() == {"a": [2, 3], "t": ["x", "y"]}
    struct = batch.to_struct_array()[1:4]
    assert pf.Table(OnlyArray(struct)).to_pydict() == {"a": [2, 3, 4], "t": ["x", "y", "z"]}


def test_producers_that_fail_in_mid_stream():
    def batches():
        yield pa.record_batch({"source": [1], "target": [2]})
        raise RuntimeError("the producer broke")

    schema = pa.schema([("source", pa.int64()), ("target", pa.int64())])
    for use in (pf.Table, pf.GraphFrame.from_edges):
        with pytest.raises((IOFailure, RuntimeError), match="the producer broke"):
            use(pa.RecordBatchReader.from_batches(schema, batches()))


def test_columns_that_do_not_fit():
    with pytest.raises((InvalidArgumentError, ValueError), match="length"):
        pf.Table({"a": [1, 2], "b": [1]})
    with pytest.raises((WrongTypeError, pa.ArrowException, TypeError)):
        pf.Table({"a": [1, "x"]})


def test_metadata_of_the_schema():
    schema = pa.schema([("a", pa.int64())], metadata={"key": "value", "ключ": "значение"})
    table = pf.Table(pa.table({"a": [1]}, schema=schema))
    assert table.metadata == {"key": "value", "ключ": "значение"}


def test_structs_have_the_layout_of_the_c_data_interface():
    assert ctypes.sizeof(capsules.ArrowSchema) == 72
    assert ctypes.sizeof(capsules.ArrowArray) == 80
    assert ctypes.sizeof(capsules.ArrowArrayStream) == 40


@pytest.mark.rust
def test_without_pyarrow(python):
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "import numpy as np, parquetframe as pf\n"
        "g = pf.GraphFrame.from_edges({'a': ['x', 'ÿ', 'x'], 'b': ['ÿ', 'z', 'z'], 'w': np.array([1., 2., 3.])}, source='a', target='b', weight='w')\n"
        "t = g.pagerank(weight_column='w'); print(t.to_pydict()['vertex'], round(sum(t['rank']), 9))\n"
        "print(g.connected_components().to_pydict()['component_id'], g.degree()['degree'].tolist())\n"
        "f = g.bfs(source='x', output='pandas'); print(f['distance'].tolist(), f['predecessor'].isna().tolist())\n"
        "f = g.shortest_path('ÿ', weight='w', output='pandas'); print(f['distance'].tolist(), f['predecessor'].tolist()[2])\n"
        "print(g.bfs('ÿ', include_unreachable=True, output='pandas')['layer'].tolist(), g.bfs('ÿ')['vertex'].tolist())\n"
        "try: g.shortest_path('ÿ')\nexcept pf.exceptions.DependencyError as error: print(error.missing_package)\n"
        "print(pf.Table({'n': [1, 2], 's': ['p', 'q']}).to_pandas().to_dict('list'))"
    )
    assert python(code).splitlines() == [
        "['x', 'ÿ', 'z'] 1.0",
        "[0, 0, 0] [2, 2, 2]",
        "[0, 1, 1] [True, False, False]",
        "[inf, 0.0, 2.0] ÿ",
        "[-1, 0, 1] ['ÿ', 'z']",
        "pyarrow",
        "{'n': [1, 2], 's': ['p', 'q']}",
    ]
