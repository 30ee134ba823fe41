"""Polars: the lazy API. It has no function for statistics."""

import functools
import operator

import polars as pl
from checking import digest

OPERATORS = {"<": operator.lt, ">=": operator.ge, "=": operator.eq}


def condition(where):
    return functools.reduce(operator.and_, (OPERATORS[name](pl.col(column), value) for column, name, value in where))


class Adapter:
    version = pl.__version__

    def __init__(self, threads):
        pass

    def metadata(self, paths):
        lazy = pl.scan_parquet(paths)
        columns, rows = len(lazy.collect_schema()), lazy.select(pl.len()).collect().item()
        return None, lambda: {"rows": rows, "groups": None, "columns": columns}

    def schema(self, paths):
        schema = pl.read_parquet_schema(paths[0])
        return schema, lambda: {"columns": len(schema)}

    def read(self, paths, columns, where):
        lazy = pl.scan_parquet(paths)
        lazy = lazy.filter(condition(where)) if where else lazy
        frame = (lazy.select(columns) if columns else lazy).collect()
        return frame, lambda: digest(frame.to_arrow())

    def count(self, paths, where):
        count = pl.scan_parquet(paths).filter(condition(where)).select(pl.len()).collect().item()
        return count, lambda: {"rows": count}

    def load(self, table):
        return pl.from_arrow(table)

    def write(self, data, path, codec, level):
        data.write_parquet(path, compression=codec, compression_level=level)
