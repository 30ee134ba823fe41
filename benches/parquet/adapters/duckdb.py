"""DuckDB on files, results as Arrow tables."""

import duckdb
from checking import digest

from . import sql


def source(paths, function="read_parquet"):
    return f"{function}([{', '.join(repr(path) for path in paths)}])"


class Adapter:
    version = duckdb.__version__

    def __init__(self, threads):
        self.db = duckdb.connect(config={"threads": threads})

    def table(self, text):
        return self.db.sql(text).to_arrow_table()

    def metadata(self, paths):
        facts = "sum(num_rows)::BIGINT, sum(num_row_groups)::BIGINT"
        rows, groups = self.db.execute(f"SELECT {facts} FROM {source(paths, 'parquet_file_metadata')}").fetchall()[0]
        return None, lambda: {"rows": rows, "groups": groups, "columns": None}

    def schema(self, paths):
        table = self.table(f"SELECT * FROM {source(paths, 'parquet_schema')}")
        return table, lambda: {"columns": table.num_rows - 1}

    def statistics(self, paths):
        facts = "file_name, path_in_schema, row_group_id, stats_min_value, stats_max_value, stats_null_count"
        table = self.table(f"SELECT {facts} FROM {source(paths, 'parquet_metadata')}")
        nulls = table["stats_null_count"]
        return table, lambda: {"chunks": table.num_rows, "nulls": sum(filter(None, nulls.to_pylist()))}

    def read(self, paths, columns, where):
        names = ", ".join(f'"{name}"' for name in columns) if columns else "*"
        table = self.table(f"SELECT {names} FROM {source(paths)}" + (f" WHERE {sql(where)}" if where else ""))
        return table, lambda: digest(table)

    def count(self, paths, where):
        count = self.db.execute(f"SELECT count(*) FROM {source(paths)} WHERE {sql(where)}").fetchall()[0][0]
        return count, lambda: {"rows": count}

    def load(self, table):
        self.db.register("t", table)

    def write(self, data, path, codec, level):
        level = f", COMPRESSION_LEVEL {level}" if level else ""
        self.db.execute(f"COPY t TO '{path}' (FORMAT parquet, COMPRESSION {codec}{level})")
