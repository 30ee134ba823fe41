"""Writes the Parquet files that the tests and the examples of the manual read. Needs pyarrow; run it in this folder."""

import datetime as dt
import os
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

EXTDATA = "../../../inst/extdata/"

edges = pa.table(
    {
        "source": ["ada", "bob", "bob", "cyd", "dan", "eve"],
        "target": ["bob", "cyd", "ada", "ada", "dan", "ada"],
        "weight": [1.0, 0.5, 2.0, 1.0, 1.0, 0.25],
    }
)
pq.write_table(edges, EXTDATA + "edges.parquet")

day = dt.date(2024, 2, 29)
noon = dt.datetime(2024, 2, 29, 12, 0, 0, 250000)
names = ["low", None, "high"]
columns = {
    "bool": pa.array([True, None, False]),
    "int8": pa.array([-128, None, 127], pa.int8()),
    "uint8": pa.array([0, None, 255], pa.uint8()),
    "int16": pa.array([-32768, None, 32767], pa.int16()),
    "uint16": pa.array([0, None, 65535], pa.uint16()),
    "int32": pa.array([-2147483647, None, 2147483647], pa.int32()),
    "uint32": pa.array([0, None, 4294967295], pa.uint32()),
    "int64": pa.array([-(2**53), None, 2**53], pa.int64()),
    "uint64": pa.array([0, None, 2**53], pa.uint64()),
    "float32": pa.array([0.5, None, float("inf")], pa.float32()),
    "float64": pa.array([0.1, None, float("nan")], pa.float64()),
    "string": pa.array(["", None, "h\u00e9 \U0001f600"]),
    "large_string": pa.array(["x", None, "y"], pa.large_string()),
    "view": pa.array(["short", None, "longer than twelve bytes"], pa.string_view()),
    "date": pa.array([day, None, dt.date(1969, 12, 31)]),
    "naive": pa.array([noon, None, noon], pa.timestamp("ns")),
    "zoned": pa.array([noon, None, noon], pa.timestamp("ms", "Europe/Paris")),
    "time": pa.array([dt.time(0, 0, 1), None, dt.time(23, 59, 59)], pa.time32("ms")),
    "decimal": pa.array([Decimal("-1.25"), None, Decimal("12345678901234567.75")], pa.decimal128(20, 2)),
    "dictionary": pa.array(names).dictionary_encode(),
    "ordered": pa.DictionaryArray.from_arrays(pa.array([0, None, 1], pa.int8()), ["low", "high"], ordered=True),
    "null": pa.nulls(3),
}
pq.write_table(pa.table(columns), "types.parquet", row_group_size=2)

# Two files whose dictionaries differ in their values and their order.
os.makedirs("dictionaries", exist_ok=True)
for name, values in {"1": ["b", "a", None, "b"], "2": ["c", "b", "a", "c"]}.items():
    pq.write_table(pa.table({"d": pa.array(values).dictionary_encode()}), f"dictionaries/{name}.parquet")

days = [dt.date(2024, 2, 29), None]
lists = {
    "numbers": pa.array([[1, None], None, [], [2**60]], pa.list_(pa.int64())),
    "texts": pa.array([["a"], [None, "b"], None, []], pa.large_list(pa.string())),
    "days": pa.array([days, None, [], days[:1]], pa.list_(pa.date32())),
    "nested": pa.array([[[1], None], [], None, [[2, 3], []]], pa.list_(pa.list_(pa.int32()))),
    "fixed": pa.array([[0.5, 1.5], None, [None, 2.5], [3.5, 4.5]], pa.list_(pa.float64(), 2)),
    "map": pa.array([[("x", 1), ("y", None)], None, [], [("z", 3)]], pa.map_(pa.string(), pa.int32())),
}
pq.write_table(pa.table(lists), "lists.parquet", row_group_size=3)
foreign = {
    "id": pa.array([1, 2], pa.int32()),
    "struct": pa.array([{"a": 1}, None]),
    "structs": pa.array([[{"a": 1}], None]),
    "coded": pa.array([["a"], ["b"]], pa.list_(pa.dictionary(pa.int32(), pa.string()))),
    "numbered": pa.array([[(1, 2)], []], pa.map_(pa.int32(), pa.int32())),
}
pq.write_table(pa.table(foreign), "foreign.parquet")
pq.write_table(pa.table({"big": [2**53 + 1, -(2**62)], "small": [1, 2]}), "big.parquet")
pq.write_table(pa.table({"x": pa.array([], pa.int32()), "s": pa.array([], pa.string())}), "empty.parquet")
pq.write_table(pa.table({"s": ["fine", "a\0b"]}), "zero-byte.parquet")
