"""What is measured: name -> (method of an adapter, file of data.py, arguments as a function of the number of rows).

A condition is a list of (column, operator, value) that hold together; values are numbers, strings and, for `ts`, datetimes.
"""

import datetime

from data import START, STEP, identifier, wide_name

OPERATIONS = {}


def operation(name, method, file, arguments=lambda rows: {}):
    OPERATIONS[name] = (method, file, arguments)


def moment(row):
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=START + row * STEP)


def reading(name, file, columns=None, where=None):
    """`where` makes a condition of the number of rows."""
    operation(name, "read", file, lambda rows: {"columns": columns, "where": where(rows) if where else []})


def uniform(share):
    return lambda rows: [("u", "<", share)]


def rising(share):
    """A range of `ts` that begins at a third of the rows."""
    return lambda rows: [("ts", ">=", moment(rows // 3)), ("ts", "<", moment(rows // 3 + int(rows * share)))]


for _name in ("metadata", "schema", "statistics"):
    operation(f"{_name}_wide", _name, "wide.parquet")
reading("read3_wide", "wide.parquet", [wide_name(n) for n in (5, 2506, 4996)])
operation("metadata_1000_files", "metadata", "many")
operation("statistics_1000_files", "statistics", "many")
operation("statistics_2000_groups", "statistics", "groups.parquet")
reading("scan", "scan.parquet")
reading("scan_1000_files", "many")
reading("scan_typed", "typed.parquet")
reading("read3", "events.parquet", ["id", "kind", "amount"])
for _percent in (0.01, 1, 10, 50):
    reading(f"u_{_percent}%", "events.parquet", where=uniform(_percent / 100))
for _percent in (0.01, 10):
    reading(f"ts_{_percent}%", "events.parquet", where=rising(_percent / 100))
reading("id_hit", "events.parquet", where=lambda rows: [("id", "=", identifier(rows * 2 // 3))])
reading("id_miss", "events.parquet", where=lambda rows: [("id", "=", identifier(rows + 12_345))])
reading("id_hit_2000_groups", "groups.parquet", where=lambda rows: [("id", "=", identifier(rows * 8 // 20 * 2 // 3))])
reading("user_equal", "events.parquet", where=lambda rows: [("user", "=", "user-01234")])
operation("count", "count", "events.parquet", lambda rows: {"where": [("kind", "=", "order"), ("u", "<", 0.1)]})
for _codec, _level in (("snappy", None), ("zstd", 3)):
    operation(f"write_{_codec}", "write", "write.arrow", lambda rows, c=_codec, n=_level: {"codec": c, "level": n})
