"""Columns of random values, an Arrow file each, made once per number of rows."""

import os

import numpy as np
import pyarrow as pa

WORDS = np.char.mod("key%04d", np.arange(1000)).astype("S7")
# Columns whose names end in n have nulls in 5 % of the rows.
COLUMNS = [
    "i64",
    "i64n",
    "i32",
    "f64",
    "f64n",
    "s",
    "sn",
    "a",
    "b",
    "c",
    "d",
    "an",
    "bn",
    "cn",
    "dn",
    "sort_i64",
    "sort_f64",
    "sort_f64n",
    "sort_s",
]
SORTED_SHARE = 10  # columns to sort have so many times fewer rows


def make(name, rows):
    """The column, always the same."""
    random = np.random.default_rng(sum(name.encode()) * 7919)
    mask = random.random(rows, dtype=np.float32) < 0.05 if name.endswith("n") else None
    kind = name.removesuffix("n")
    if kind == "i64":
        return pa.array(random.integers(0, 1_000_000, rows), mask=mask)
    if kind == "i32":
        return pa.array(random.integers(0, 1000, rows, dtype=np.int32), mask=mask)
    if kind == "sort_i64":
        return pa.array(random.integers(-(2**62), 2**62, rows), mask=mask)
    if kind in ("f64", "sort_f64"):
        return pa.array(random.standard_normal(rows), mask=mask)
    if kind in ("s", "sort_s"):
        values = WORDS[random.integers(0, len(WORDS), rows, dtype=np.int16)]
        offsets = np.arange(0, 7 * rows + 7, 7, dtype=np.int32 if 7 * rows < 2**31 else np.int64)
        valid = None if mask is None else pa.py_buffer(np.packbits(~mask, bitorder="little"))
        kind = pa.StringArray if offsets.dtype == np.int32 else pa.LargeStringArray
        return kind.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(values), valid)
    return pa.array(random.random(rows) + (1 if kind == "d" else 0), mask=mask)


def column(name, rows, folder):
    """The column out of the folder, in memory; made where it is missing."""
    if name.startswith("sort_"):
        rows //= SORTED_SHARE
    path = os.path.join(folder, f"{name}-{rows}.arrow")
    if not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        table = pa.table({name: make(name, rows)})
        with pa.OSFile(path + ".part", "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        os.rename(path + ".part", path)
    with pa.OSFile(path) as file:
        return pa.ipc.open_file(file).read_all().column(0)


def load(names, rows, folder):
    """A table of columns."""
    return pa.table({name: column(name, rows, folder) for name in names})
