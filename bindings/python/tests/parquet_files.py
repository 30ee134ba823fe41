"""Small Parquet files of every kind, written by pyarrow, Polars, DuckDB and fastparquet.

`CASES` lists them: `case.write(folder)` writes one into a folder and gives its path, `case.read(path)` what is in it as a
table of pyarrow, read by pyarrow or told by who wrote it. Nothing is written on import. Cases of a writer that is not
installed stay in the list: `case.missing` is the reason, with which a test is skipped.
"""

from __future__ import annotations

import datetime
import decimal
import importlib.util
import json
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 60
GROUP = 16  # rows of a row group
D = decimal.Decimal


@dataclass(frozen=True)
class Case:
    """A file or folder; `folder` says that `write_to` gets a folder to fill, `union` that the columns of its files differ."""

    name: str
    writer: str
    write_to: Callable[[Path], object]
    expected: Callable[[Path], pa.Table] = lambda path: pq.ParquetFile(path).read()
    folder: bool = False
    union: bool = False

    def __repr__(self):
        return f"{self.writer}: {self.name}"

    @property
    def missing(self) -> str | None:
        return None if importlib.util.find_spec(self.writer) else f"{self.writer} is not installed"

    def write(self, folder: Path) -> Path:
        path = folder / ("data" if self.folder else "data.parquet")
        folder.mkdir(parents=True, exist_ok=True)
        if self.folder:
            path.mkdir()
        self.write_to(path)
        return path

    def read(self, path: Path) -> pa.Table:
        return self.expected(path)


CASES: list[Case] = []
WRITERS = ["pyarrow", "polars", "duckdb", "fastparquet"]


def case(name, writer="pyarrow", **options):
    """Adds a case whose writer is the function that follows."""

    def add(function):
        CASES.append(Case(name, writer, function, **options))
        return function

    return add


# --- values ------------------------------------------------------------------------------------------------------------


def holes(values, every=7):
    """The values with None in some rows."""
    return [None if n % every == 3 else value for n, value in enumerate(values)]


def cycle(values, rows=ROWS):
    return [values[n % len(values)] for n in range(rows)]


SPECIAL = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1.5, -2.25, 1e-3, 3.0]
TEXTS = ["", "a", "ab", "abc", "é", "日本", "🎉", "it's", "\0", "%", "z" * 40, "\U0010ffff"]
EPOCH = datetime.datetime(1970, 1, 1)
MOMENTS = [n * 97_001_003 - 2_000_000_000 for n in range(ROWS)]  # seconds, from before 1970 to after 2100


def integers(kind):
    """Values of an integer type with both ends."""
    low, high = (
        (0, 2**kind.bit_width - 1)
        if pa.types.is_unsigned_integer(kind)
        else (-(2 ** (kind.bit_width - 1)), 2 ** (kind.bit_width - 1) - 1)
    )
    return pa.array(holes(cycle([low, low + 1, 0, 1, 2, 3, 100, high - 1, high])), kind)


def stamps(unit, zone=None):
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    return pa.array(
        holes([moment * per_second + n for n, moment in enumerate(MOMENTS)]), pa.timestamp(unit, zone)
    )


def decimals(kind):
    """Small ones, and both ends of the precision."""
    end = 10**kind.precision - 1
    with decimal.localcontext() as context:
        context.prec = 80
        numbers = [n * n * (-1) ** n if n * n < end else 0 for n in range(ROWS - 2)]
        return pa.array(holes([D(n).scaleb(-kind.scale) for n in [*numbers, end, -end]]), kind)


def rising(rows=ROWS):
    return pa.array(range(rows), pa.int64())


def simple(rows=ROWS):
    """Columns that every writer knows, one of them sorted."""
    random = np.random.default_rng(7)
    return pa.table(
        {
            "sorted": rising(rows),
            "int": pa.array(holes(random.integers(-50, 50, rows).tolist()), pa.int64()),
            "small": pa.array(random.integers(0, 5, rows), pa.int32()),
            "float": pa.array(holes(cycle(SPECIAL, rows), 5), pa.float64()),
            "text": pa.array(holes(cycle(TEXTS, rows), 4), pa.string()),
            "word": pa.array(cycle(["low", "middle", "high"], rows), pa.string()),
            "flag": pa.array(holes(cycle([True, False, False], rows)), pa.bool_()),
            "when": pa.array([EPOCH + datetime.timedelta(hours=n) for n in range(rows)], pa.timestamp("us")),
        }
    )


SIGNED, UNSIGNED = (
    [pa.int8(), pa.int16(), pa.int32(), pa.int64()],
    [pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()],
)
FLOATS = [pa.float16(), pa.float32(), pa.float64()]
DECIMALS = [pa.decimal128(p, s) for p, s in ((1, 0), (9, 2), (10, 2), (18, 9), (19, 0), (38, 10))]
DECIMALS += [pa.decimal256(39, 2), pa.decimal256(76, 30)]

COLUMNS: dict[str, Callable[[], pa.Array]] = {
    **{str(kind): (lambda kind=kind: integers(kind)) for kind in SIGNED + UNSIGNED},
    **{str(kind): (lambda kind=kind: pa.array(holes(cycle(SPECIAL), 5), kind)) for kind in FLOATS},
    **{str(kind): (lambda kind=kind: decimals(kind)) for kind in DECIMALS},
    **{
        f"timestamp {unit} {zone}": (lambda unit=unit, zone=zone: stamps(unit, zone))
        for unit in ("s", "ms", "us", "ns")
        for zone in (None, "UTC", "Europe/Berlin")
    },
    "bool": lambda: pa.array(holes(cycle([True, False, False]))),
    "string": lambda: pa.array(holes(cycle(TEXTS))),
    "large string": lambda: pa.array(holes(cycle(TEXTS)), pa.large_string()),
    "string view": lambda: pa.array(holes(cycle(TEXTS)), pa.string_view()),
    "long string": lambda: pa.array(holes(cycle([f"{n:03}" * 1500 for n in range(3)]))),
    "binary": lambda: pa.array(holes(cycle([b"", b"\0", b"\xff", b"\xff" * 70, b"abc"]))),
    "fixed binary": lambda: pa.array(holes([n.to_bytes(3, "big") for n in range(ROWS)]), pa.binary(3)),
    "date32": lambda: pa.array(holes([n * 500 - 9000 for n in range(ROWS)]), pa.date32()),
    "date64": lambda: pa.array(holes([(n * 500 - 9000) * 86_400_000 for n in range(ROWS)]), pa.date64()),
    "time32 ms": lambda: pa.array(holes([n * 1_400_001 for n in range(ROWS)]), pa.time32("ms")),
    "time64 us": lambda: pa.array(holes([n * 1_400_000_001 for n in range(ROWS)]), pa.time64("us")),
    "time64 ns": lambda: pa.array(holes([n * 1_400_000_000_001 for n in range(ROWS)]), pa.time64("ns")),
    "duration": lambda: pa.array(holes([n * 10**9 - 5 for n in range(ROWS)]), pa.duration("us")),
    "dictionary": lambda: pa.array(holes(cycle(["low", "middle", "high"]))).dictionary_encode(),
    "null": lambda: pa.nulls(ROWS),
    "uuid": lambda: pa.array(holes([uuid.UUID(int=n << 100 | n).bytes for n in range(ROWS)]), pa.uuid()),
    "json": lambda: pa.array(holes([json.dumps({"n": n}) for n in range(ROWS)]), pa.json_()),
    "all null": lambda: pa.nulls(ROWS, pa.int64()),
    "all NaN": lambda: pa.array([float("nan")] * ROWS),
    "constant": lambda: pa.array([5] * ROWS),
}

PAIR = pa.struct([("x", pa.int32()), ("y z", pa.string())])
NESTED = {
    "list": (pa.list_(pa.int32()), [[1, 2], [], None, [None], [3, None, 4]]),
    "large list": (pa.large_list(pa.string()), [["a"], [], None, [None, "b"]]),
    "fixed list": (pa.list_(pa.float32(), 2), [[1.5, 2.5], None, [None, 0.0]]),
    "struct": (PAIR, [{"x": 1, "y z": "a"}, None, {"x": None, "y z": "b"}, {"x": 2, "y z": None}]),
    "map": (pa.map_(pa.string(), pa.int64()), [[("a", 1), ("b", None)], [], None]),
    "list of struct": (pa.list_(PAIR), [[{"x": 1, "y z": "a"}, None], [], None, [{"x": None, "y z": None}]]),
    "struct of list": (
        pa.struct([("l", pa.list_(pa.int64())), ("s", PAIR)]),
        [{"l": [1], "s": None}, None, {"l": None, "s": {"x": 3}}],
    ),
    "list of list": (pa.list_(pa.list_(pa.int8())), [[[1], []], [], None, [None, [2, None]]]),
    "map of list": (
        pa.map_(pa.int32(), pa.list_(pa.string())),
        [[(1, ["a", None]), (2, None)], None, [(3, [])]],
    ),
}
COLUMNS |= {
    name: (lambda kind=kind, values=values: pa.array(cycle(values), kind))
    for name, (kind, values) in NESTED.items()
}


def typed(name):
    """A column of COLUMNS beside a sorted one."""
    return pa.table({"sorted": rising(), "value": COLUMNS[name]()})


# --- pyarrow -----------------------------------------------------------------------------------------------------------


def arrow_case(name, table, **options):
    """A case of pq.write_table; `table` is called when it is written. What was written is what is expected."""
    options = {"row_group_size": GROUP} | options
    CASES.append(
        Case(name, "pyarrow", lambda path: pq.write_table(table(), path, **options), lambda path: table())
    )


for _name in COLUMNS:
    for _version in ("1.0", "2.0"):
        if "ns" not in _name or _version == "2.0":
            arrow_case(f"{_name}, pages {_version}", lambda n=_name: typed(n), data_page_version=_version)
for _codec in ("none", "snappy", "gzip", "brotli", "lz4", "zstd"):
    for _version in ("1.0", "2.0"):
        arrow_case(f"{_codec}, pages {_version}", simple, compression=_codec, data_page_version=_version)

_NUMBERS, _BYTES = (
    ["int32", "int64", "uint32", "uint64", "timestamp us None", "date32"],
    ["string", "binary", "long string"],
)
_FIXED = ["fixed binary", "halffloat", "decimal128(38, 10)"]
for _encoding, _names in {
    "PLAIN": [*_NUMBERS, *_BYTES, *_FIXED, "float", "double", "bool", "list", "struct"],
    "DELTA_BINARY_PACKED": _NUMBERS,
    "DELTA_LENGTH_BYTE_ARRAY": _BYTES,
    "DELTA_BYTE_ARRAY": [*_BYTES, "fixed binary"],
    "BYTE_STREAM_SPLIT": [*_NUMBERS, *_FIXED, "float", "double"],
}.items():
    for _name in _names:
        for _version in ("1.0", "2.0"):
            _leaf = {"list": "value.list.element", "struct": "value.x"}.get(_name, "value")
            arrow_case(
                f"{_name}, {_encoding}, pages {_version}",
                lambda n=_name: typed(n),
                use_dictionary=False,
                column_encoding={_leaf: _encoding},
                data_page_version=_version,
            )

arrow_case("PLAIN_DICTIONARY, format 1.0", lambda: simple().drop_columns(["when"]), version="1.0")
arrow_case(
    "dictionary with fallback", simple, dictionary_pagesize_limit=40, write_batch_size=4, data_page_size=32
)
arrow_case("no dictionary", simple, use_dictionary=False)
arrow_case("no statistics", simple, write_statistics=False)
arrow_case("no Arrow schema", simple, store_schema=False)
arrow_case("page checksums", simple, write_page_checksum=True)
arrow_case("INT96", lambda: typed("timestamp ns None"), use_deprecated_int96_timestamps=True)
arrow_case(
    "page index", simple, write_page_index=True, row_group_size=ROWS, data_page_size=32, write_batch_size=4
)
arrow_case(
    "page index, pages 2.0",
    simple,
    write_page_index=True,
    data_page_size=32,
    write_batch_size=4,
    data_page_version="2.0",
)
arrow_case(
    "page index of nested columns",
    lambda: typed("list of struct"),
    write_page_index=True,
    data_page_size=32,
    write_batch_size=4,
)
arrow_case("one row in one row group", lambda: simple(1))
arrow_case("a row group for every row", lambda: simple(9), row_group_size=1)
arrow_case("zero rows", lambda: simple(0))
arrow_case("zero columns", lambda: pa.table({}))
arrow_case("sorting columns", simple, sorting_columns=[pq.SortingColumn(0)])
arrow_case("content-defined chunks", simple, use_content_defined_chunking=True)
for _name in ("decimal128(9, 2)", "decimal128(10, 2)", "decimal128(18, 9)"):
    arrow_case(f"{_name} as integer", lambda n=_name: typed(n), store_decimal_as_integer=True)

BLOOM = ["int", "small", "text", "word", "when", "float"]
for _indexed in (False, True):
    arrow_case(
        f"bloom filters{' and page index' * _indexed}",
        simple,
        bloom_filter_options={name: {"ndv": GROUP, "fpp": 0.05} for name in BLOOM},
        write_page_index=_indexed,
    )


@case("zero row groups")
def _(path):
    pq.ParquetWriter(path, simple(0).schema).close()


@case("an empty row group between others")
def _(path):
    with pq.ParquetWriter(path, simple().schema) as file:
        for part in (simple(5), simple(0), simple(7)):
            file.write_table(part)


@case("required columns")
def _(path):
    table = simple().select(["sorted", "small", "word"])
    schema = pa.schema([field.with_nullable(False) for field in table.schema])
    pq.write_table(table.cast(schema), path, row_group_size=GROUP)


ODD_NAMES = [
    *(
        "a.b",
        "a",
        "b.c.d",
        'double "quoted"',
        "it's",
        "back`tick",
        "naïve 日本 🎉",
        " ",
        "select",
        "NULL",
        "1",
        "a\nb",
        "value",
    ),
    *("Value", "VALUE", "%", "$x", "x;--"),
]


@case("odd column names")
def _(path):
    pq.write_table(pa.table({name: rising() for name in ODD_NAMES}), path, row_group_size=GROUP)


@case("an empty column name")
def _(path):
    pq.write_table(pa.table({"": rising(), "other": rising()}), path, row_group_size=GROUP)


@case("dots in the names of fields")
def _(path):
    inner = pa.array([{"b.c": n, "b": {"c": -n}} for n in range(ROWS)])
    pq.write_table(pa.table({"a": inner, "a.b": rising()}), path, row_group_size=GROUP)


# --- folders -----------------------------------------------------------------------------------------------------------


def hive(keys, names):
    """The files of a folder of Hive partitions, and the table that they mean: in the order of their paths, the keys after the
    other columns."""

    def parts():
        for position, (folder, values) in enumerate(sorted(keys.items())):
            yield folder, simple().slice(position * 10, 10), values

    def write(path):
        for folder, table, _ in parts():
            (path / folder).mkdir(parents=True)
            pq.write_table(table, path / folder / "part.parquet", row_group_size=4)

    def read(_path):
        tables = []
        for _, table, values in parts():
            for name, kind, value in zip(names, names.values(), values, strict=True):
                table = table.append_column(name, pa.array([value] * len(table), kind))
            tables.append(table)
        return pa.concat_tables(tables)

    return write, read


def hive_case(name, keys, names):
    write, read = hive(keys, names)
    CASES.append(Case(name, "pyarrow", write, read, folder=True))


hive_case(
    "Hive folders",
    {f"year={year}/kind={kind}": (year, kind) for year in (2023, 2024) for kind in ("a", "b")},
    {"year": pa.int64(), "kind": pa.string()},
)
hive_case(
    "Hive folders with null and escapes",
    {
        "key=a%2Fb%20c": ("a/b c",),
        "key=__HIVE_DEFAULT_PARTITION__": (None,),
        "key=%C3%A9": ("é",),
        "key=x=y": ("x=y",),
    },
    {"key": pa.string()},
)
hive_case(
    "Hive folders of dates",
    {f"day=2024-01-0{n}": (datetime.date(2024, 1, n),) for n in (1, 2, 3)},
    {"day": pa.date32()},
)


def folder_case(name, *tables):
    """Files whose columns differ; what is expected is their union by name, missing values null, types widened."""

    def write(path):
        for number, table in enumerate(tables):
            pq.write_table(table(), path / f"part-{number}.parquet", row_group_size=GROUP)

    def read(_path):
        return pa.concat_tables([table() for table in tables], promote_options="permissive")

    CASES.append(Case(name, "pyarrow", write, read, folder=True, union=True))


folder_case("many files", *(lambda n=n: simple().slice(n * 7, 7) for n in range(8)))
folder_case("files with an empty one", lambda: simple(5), lambda: simple(0), lambda: simple(3))
folder_case(
    "files with other columns",
    lambda: simple().drop_columns(["int"]),
    lambda: simple().drop_columns(["float", "text"]),
    simple,
)
folder_case(
    "files with other orders of columns", simple, lambda: simple().select(simple().column_names[::-1])
)
folder_case(
    "files with wider integers",
    lambda: simple().select(["small"]),
    lambda: pa.table({"small": [2**40, None, 1]}),
)
folder_case(
    "files with wider floats",
    lambda: pa.table({"x": pa.array([0.5, None], pa.float32())}),
    lambda: pa.table({"x": [0.1, 1e300]}),
)


# --- Polars ------------------------------------------------------------------------------------------------------------


def polars_frame(names=None):
    import polars as pl

    names = names or [
        *(
            "int8",
            "int64",
            "uint8",
            "uint64",
            "float",
            "double",
            "bool",
            "string",
            "binary",
            "date32",
            "time64 ns",
            "duration",
        ),
        *(
            "timestamp ms None",
            "timestamp us UTC",
            "timestamp ns None",
            "dictionary",
            "list",
            "struct",
            "list of struct",
        ),
        *("decimal128(18, 9)", "decimal128(38, 10)", "all null"),
    ]
    return pl.from_arrow(pa.table({"sorted": rising(), **{name: COLUMNS[name]() for name in names}}))


def polars_case(name, names=None, rows=None, **options):
    def write(path):
        polars_frame(names).head(ROWS if rows is None else rows).write_parquet(
            path, **({"row_group_size": GROUP} | options)
        )

    CASES.append(Case(name, "polars", write))


for _codec in ("uncompressed", "snappy", "gzip", "brotli", "lz4", "zstd"):
    polars_case(_codec, compression=_codec)
polars_case("full statistics", statistics="full")
polars_case("no statistics", statistics=False)
polars_case("small pages", data_page_size=64)
polars_case("zero rows", rows=0)


@case("streamed", "polars")
def _(path):
    polars_frame().lazy().sink_parquet(path, row_group_size=GROUP)


@case("an enum and a nested list", "polars")
def _(path):
    import polars as pl

    kind = pl.Enum(["low", "middle", "high"])
    frame = pl.DataFrame(
        {
            "enum": pl.Series(holes(cycle(["low", "middle", "high"])), dtype=kind),
            "list": cycle([[[1], []], None, [None]]),
        }
    )
    frame.write_parquet(path, row_group_size=GROUP)


# --- DuckDB ------------------------------------------------------------------------------------------------------------

DUCKDB_ROWS = 5000  # it cuts row groups at multiples of 2048
DUCKDB_COLUMNS = """
    i AS sorted, i % 100 AS small, nullif(i % 13, 5)::TINYINT AS tiny, (i * 7919 % 5000)::USMALLINT AS mixed, (i::HUGEINT * i)::UBIGINT AS big,
    nullif(i % 7, 3) / 4.0::DOUBLE AS number, (CASE WHEN i % 50 = 0 THEN 'NaN' ELSE i::VARCHAR END)::FLOAT AS "float",
    'text ' || (i * 31 % 977) AS text, nullif('word ' || i % 3, 'word 1') AS word, i % 3 = 0 AS flag,
    DATE '2000-01-01' + (i % 1000)::INT AS day, TIME '00:00:00' + to_seconds(i) AS clock, TIMESTAMP '2020-01-01' + to_minutes(i) AS "when",
    (TIMESTAMP '2020-01-01' + to_minutes(i))::TIMESTAMP_NS AS ns, (TIMESTAMP '2020-01-01' + to_minutes(i))::TIMESTAMP_MS AS ms,
    (i / 100.0)::DECIMAL(4, 1) AS d4, (i / 100.0)::DECIMAL(9, 2) AS d9, (i / 100.0)::DECIMAL(18, 4) AS d18, (i / 100.0)::DECIMAL(38, 6) AS d38,
    md5(i::VARCHAR)::UUID AS uuid, encode('b' || i % 9) AS bytes, [i, NULL, i + 1][1:i % 4] AS list,
    {'x': i, 'y': 't' || i % 5} AS pair, MAP {'k': i % 11} AS map
"""


def duckdb_case(name, columns=DUCKDB_COLUMNS, rows=DUCKDB_ROWS, **options):
    options = {"FORMAT": "parquet", "ROW_GROUP_SIZE": 2048} | options

    def write(path):
        import duckdb

        with duckdb.connect(config={"threads": 1}) as db:
            text = ", ".join(f"{key} {value}" for key, value in options.items())
            db.execute(f"COPY (SELECT {columns} FROM range({rows}) t(i)) TO '{path}' ({text})")

    CASES.append(Case(name, "duckdb", write))


for _codec in ("uncompressed", "snappy", "gzip", "brotli", "lz4_raw", "zstd"):
    duckdb_case(_codec, "i AS sorted, i % 7 AS small, 'text ' || i % 100 AS text", COMPRESSION=_codec)
for _version in ("V1", "V2"):
    duckdb_case(f"many types, {_version}", PARQUET_VERSION=_version)
    duckdb_case(
        f"no dictionary, {_version}",
        PARQUET_VERSION=_version,
        STRING_DICTIONARY_PAGE_SIZE_LIMIT=1,
        DICTIONARY_SIZE_LIMIT=1,
    )
duckdb_case(
    "bloom filters",
    "i AS sorted, i * 7919 % 600 AS mixed, 'w' || i % 300 AS word",
    BLOOM_FILTER_FALSE_POSITIVE_RATIO=0.001,
)
duckdb_case("zero rows", rows=0)


# --- fastparquet -------------------------------------------------------------------------------------------------------


def pandas_frame():
    import pandas as pd

    table = simple()
    frame = table.drop_columns(["flag", "text", "word", "int"]).to_pandas()
    frame["int"] = table["int"].to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    frame["text"] = table["text"].to_pandas().astype(object)
    frame["word"] = table["word"].to_pandas().astype("category")
    frame["flag"] = frame["sorted"] % 3 == 0
    return frame


def fastparquet_case(name, version=1, change=lambda frame: frame, **options):
    """`version` of the data pages."""

    def write(path):
        import fastparquet
        from fastparquet import writer

        before, writer.DATAPAGE_VERSION = writer.DATAPAGE_VERSION, version
        try:
            options.setdefault("row_group_offsets", GROUP)
            fastparquet.write(str(path), change(pandas_frame()), write_index=False, **options)
        finally:
            writer.DATAPAGE_VERSION = before

    CASES.append(Case(name, "fastparquet", write))


for _version in (1, 2):
    for _codec in (None, "SNAPPY", "GZIP", "BROTLI", "LZ4_RAW", "ZSTD"):
        fastparquet_case(f"{_codec}, pages {_version}", _version, compression=_codec)
    fastparquet_case(f"INT96, pages {_version}", _version, times="int96")
    fastparquet_case(
        f"required columns, pages {_version}",
        _version,
        lambda frame: frame[["sorted", "small", "flag"]],
        has_nulls=False,
    )
fastparquet_case(
    "fixed text",
    1,
    lambda frame: frame.assign(fixed=[f"{n:04}".encode() for n in range(ROWS)]),
    fixed_text={"fixed": 4},
)
fastparquet_case(
    "JSON",
    1,
    lambda frame: frame.assign(json=[{"n": n} for n in range(ROWS)]),
    object_encoding={"text": "utf8", "json": "json"},
)
fastparquet_case("no statistics", 1, stats=False)
fastparquet_case("one row group", 1, row_group_offsets=[0])


@case(
    "decimals as byte arrays",
    "fastparquet",
    expected=lambda path: byte_decimals().cast(pa.schema([("d", pa.decimal128(12, 2))])),
)
def _(path):
    """Nothing that is around writes them: bytes are written, and the footer then says that they are decimals."""
    from fastparquet import parquet_thrift
    from fastparquet.cencoding import from_buffer

    values = [None if value is None else int(value.scaleb(2)) for value in byte_decimals()["d"].to_pylist()]
    least = [
        None if value is None else value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
        for value in values
    ]
    pq.write_table(
        pa.table({"d": pa.array(least)}),
        path,
        store_schema=False,
        write_statistics=False,
        row_group_size=GROUP,
    )
    data = path.read_bytes()
    (length,) = struct.unpack("<i", data[-8:-4])
    footer = from_buffer(data[-8 - length : -8], "FileMetaData")
    column = footer.schema[1]
    column.converted_type, column.precision, column.scale = parquet_thrift.ConvertedType.DECIMAL, 12, 2
    changed = footer.to_bytes()
    path.write_bytes(data[: -8 - length] + changed + struct.pack("<i", len(changed)) + b"PAR1")


def byte_decimals():
    cents = [0, 1, -1, 127, 128, -128, -129, 10**9, -(10**11), None]
    return pa.table(
        {"d": pa.array([None if n is None else D(n).scaleb(-2) for n in cycle(cents)], pa.decimal128(12, 2))}
    )


def alike(got: pa.Table, expected: pa.Table) -> bool:
    """Whether the values are the same: those of `got` in the types of `expected`. NaN is NaN, -0.0 is not 0.0."""
    if got.column_names != expected.column_names or got.num_rows != expected.num_rows:
        return False
    return all(_alike(*pair) for pair in zip(got.columns, expected.columns, strict=True))


def _alike(got, expected):
    if isinstance(expected.type, pa.BaseExtensionType):
        expected = expected.cast(expected.type.storage_type)
    if isinstance(got.type, pa.BaseExtensionType):
        got = got.cast(got.type.storage_type)
    got = got.cast(expected.type)
    same = got.equals(expected) and not _has_floats(expected.type)
    # Two NaN are not equal, and two zeros are: their text tells.
    return same or repr(got.to_pylist()) == repr(expected.to_pylist())


def _has_floats(kind):
    return pa.types.is_floating(kind) or any(_has_floats(kind.field(n).type) for n in range(kind.num_fields))
