"""The files that are read: seeded, made once, kept in a folder. `FILES` names them all; about 2.5 GB by default.

- `events.parquet`: `--rows` rows, row groups of 1,048,576 rows, zstd, page index, bloom filter of `id`;
- `groups.parquet`: the first 8/20 of them in about 2,000 row groups;
- `scan.parquet`: the first 6/20 of them, snappy;
- `typed.parquet`: a tenth of the rows: decimals, times, a list, a struct, a dictionary, nulls;
- `wide.parquet`: 5,000 columns, 50 row groups of 20 rows;
- `many/`: 1,000 files of 1,000 rows;
- `write.arrow`: the first 10/20 of the rows of events, an Arrow file, which is loaded to be written.

Columns of events: `ts` rises, `u` is uniform in [0, 1), `id` differs in every row and has no order, `kind` is one of 6
words, `user` one of 50,000, `note` hardly ever twice the same, `amount` has nulls in 5 % of the rows, `price` is a
decimal, `qty` a small integer, `day` a date.
"""

import os
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SEED = 20_260_101
START = 1_700_000_000_000_000  # of ts, in microseconds
STEP = 1_000  # microseconds from a row to the next
BLOCK = 1 << 20  # rows drawn at a time, of a generator of their own
KINDS = ["view", "click", "cart", "order", "return", "error"]
USERS = 50_000
WIDE_COLUMNS, WIDE_GROUPS = 5_000, 50
MANY = 1_000
GROUPS = 2_000


def identifier(row):
    """`id` of a row: a bijection of [0, 2^63), so that ids of rows that a file has not are in no row of it."""
    return (row * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % (1 << 63)


def words(prefix, numbers, digits):
    """Strings of a prefix and a number of so many digits."""
    text = pa.array(numbers).cast(pa.string())
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(text, digits, "0"), "")


def decimals(cents, precision):
    """int64 as decimal(precision, 2) of a hundredth, without a detour through text."""
    halves = np.empty((len(cents), 2), np.int64)
    halves[:, 0], halves[:, 1] = cents, cents >> 63
    return pa.Array.from_buffers(pa.decimal128(precision, 2), len(cents), [None, pa.py_buffer(halves)])


def block(start, rows):
    """Rows of events from `start`, a multiple of BLOCK, on."""
    random = np.random.default_rng([SEED, start])
    row = np.arange(start, start + rows, dtype=np.uint64)
    numbers = row * np.uint64(6_364_136_223_846_793_005) + np.uint64(1_442_695_040_888_963_407)
    kind = np.minimum(random.geometric(0.5, rows) - 1, len(KINDS) - 1)
    ts = START + row.astype(np.int64) * STEP + random.integers(0, STEP, rows)
    amount = np.round(random.exponential(50, rows), 2)
    return pa.table(
        {
            "ts": pa.array(ts, pa.timestamp("us")),
            "id": pa.array((numbers & np.uint64((1 << 63) - 1)).astype(np.int64)),
            "u": pa.array(random.random(rows)),
            "kind": pa.array(KINDS).take(pa.array(kind)),
            "user": words("user-", np.arange(USERS), 5).take(pa.array(random.integers(0, USERS, rows))),
            "note": words("note ", random.integers(0, 10**9, rows), 9),
            "amount": pa.array(amount, mask=random.random(rows) < 0.05),
            "price": decimals(random.integers(0, 10**6, rows), 12),
            "qty": pa.array(random.integers(0, 1000, rows, dtype=np.int32)),
            "day": pa.array(((ts // 86_400_000_000).astype(np.int32)), pa.date32()),
        }
    )


def write_events(path, rows, group, **options):
    """Blocks are drawn one after another; row groups of `group` rows."""
    options = {"compression": "zstd", "write_page_index": True, "data_page_size": 128 << 10, "write_batch_size": 1024} | options
    bloom = {"id": {"ndv": min(group, rows), "fpp": 0.01}}
    schema = block(0, 1).schema
    options |= {"use_dictionary": ["kind", "user"], "sorting_columns": [pq.SortingColumn(0)]}
    with pq.ParquetWriter(path, schema, bloom_filter_options=bloom, **options) as file:
        for start in range(0, rows, BLOCK):
            file.write_table(block(start, min(BLOCK, rows - start)), row_group_size=group)


def write_typed(path, rows):
    random = np.random.default_rng([SEED, 1])
    rows //= 10
    missing = random.random(rows) < 0.1
    cents = random.integers(-(10**8), 10**8, rows)
    offsets = np.concatenate([[0], np.cumsum(random.integers(0, 6, rows))]).astype(np.int32)
    elements = pa.array(random.integers(0, 10**6, offsets[-1]))
    points = [pa.array(random.random(rows)), pa.array(random.random(rows), mask=missing)]
    codes = pa.array(random.integers(0, 1000, rows, dtype=np.int32))
    table = pa.table(
        {
            "decimal9": decimals(cents // 100, 9),
            "decimal18": decimals(cents, 18),
            "decimal38": decimals(cents, 38),
            "ns": pa.array(random.integers(15 * 10**17, 17 * 10**17, rows), pa.timestamp("ns")),
            "utc": pa.array(random.integers(15 * 10**14, 17 * 10**14, rows), pa.timestamp("us", "UTC"), mask=missing),
            "day": pa.array(random.integers(10_000, 20_000, rows, dtype=np.int32), pa.date32()),
            "category": pa.DictionaryArray.from_arrays(codes, words("category ", np.arange(1000), 4)),
            "list": pa.ListArray.from_arrays(pa.array(offsets), elements),
            "point": pa.StructArray.from_arrays(points, ["x", "y"]),
            "flag": pa.array(random.random(rows) < 0.5, mask=missing),
            "int8": pa.array(random.integers(-100, 100, rows, dtype=np.int8)),
            "uint16": pa.array(random.integers(0, 60_000, rows, dtype=np.uint16)),
            "float32": pa.array(random.random(rows, dtype=np.float32)),
            "text": pc.if_else(pa.array(missing), None, words("value ", random.integers(0, 10**7, rows), 7)),
        }
    )
    pq.write_table(table, path, compression="zstd", row_group_size=max(rows // 10, 1), write_page_index=True)


def wide_name(number):
    return f"group_{number // 100:02}_column_{number:04}"


def write_wide(path, _rows):
    random = np.random.default_rng([SEED, 2])
    rows = 20
    kinds = [
        lambda: pa.array(random.random(rows)),
        lambda: pa.array(random.integers(0, 10**6, rows)),
        lambda: words("w", random.integers(0, 100, rows), 3),
        lambda: pa.array(START + random.integers(0, 10**12, rows), pa.timestamp("us")),
        lambda: pa.array(random.random(rows), mask=random.random(rows) < 0.2),
    ]
    writer = None
    for _ in range(WIDE_GROUPS):
        table = pa.table({wide_name(n): kinds[n % len(kinds)]() for n in range(WIDE_COLUMNS)})
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", use_dictionary=False)
        writer.write_table(table)
    writer.close()


def write_many(path, _rows):
    os.makedirs(path)
    for number in range(MANY):
        random = np.random.default_rng([SEED, 3, number])
        rows = 1000
        columns = {f"x{n}": pa.array(random.random(rows)) for n in range(5)}
        columns |= {
            "id": pa.array(np.arange(number * rows, (number + 1) * rows)),
            "file": pa.array(np.full(rows, number, np.int32)),
            "word": words("word ", random.integers(0, 100, rows), 3),
            "n": pa.array(random.random(rows), mask=random.random(rows) < 0.1),
        }
        pq.write_table(pa.table(columns), os.path.join(path, f"part-{number:04}.parquet"), write_page_index=True)


def write_arrow(path, rows):
    with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, block(0, 1).schema) as writer:
        for start in range(0, rows // 2, BLOCK):
            writer.write_table(block(start, min(BLOCK, rows // 2 - start)))


FILES = {
    "events.parquet": lambda path, rows: write_events(path, rows, BLOCK),
    "groups.parquet": lambda path, rows: write_events(path, rows * 8 // 20, max(rows * 8 // 20 // GROUPS, 1)),
    "scan.parquet": lambda path, rows: write_events(path, rows * 6 // 20, BLOCK, compression="snappy"),
    "typed.parquet": write_typed,
    "wide.parquet": write_wide,
    "many": write_many,
    "write.arrow": write_arrow,
}


def make(name, rows, folder):
    """The path of a file (or folder) of FILES; it is written where it is missing."""
    path = os.path.join(folder, str(rows), name)
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        part = path + ".part"
        shutil.rmtree(part, ignore_errors=True)
        FILES[name](part, rows)
        os.rename(part, path)
    return path


def paths(path):
    """The files of a path: itself, or what is in the folder."""
    return [os.path.join(path, name) for name in sorted(os.listdir(path))] if os.path.isdir(path) else [path]
