"""ParquetFrame: Arrow in, Arrow out."""

import parquetframe as pf
import pyarrow as pa
from checking import digest

from . import UnsupportedError, sql


def function(name):
    made = getattr(pf, name, None)
    if made is None:
        raise UnsupportedError(f"parquetframe {pf.__version__} has no {name}")
    return made


def one(paths):
    return paths if len(paths) > 1 else paths[0]


class Adapter:
    version = pf.__version__

    def __init__(self, threads):
        self.limits = pf.context(threads=threads)
        self.limits.__enter__()

    def metadata(self, paths):
        files = function("parquet_metadata")(one(paths), kind="files")
        return files, lambda: {
            "rows": sum(pa.table(files)["num_rows"].to_pylist()),
            "groups": sum(pa.table(files)["num_row_groups"].to_pylist()),
            "columns": None,
        }

    def schema(self, paths):
        schema = function("parquet_schema")(paths[0])
        return schema, lambda: {"columns": len(schema)}

    def statistics(self, paths):
        chunks = function("parquet_metadata")(one(paths), kind="columns")
        return chunks, lambda: {
            "chunks": len(pa.table(chunks)),
            "nulls": sum(filter(None, pa.table(chunks)["null_count"].to_pylist())),
        }

    def scan(self, paths, columns, where):
        return function("scan_parquet")(one(paths), columns=columns, filters=sql(where) or None)

    def read(self, paths, columns, where):
        rows = self.scan(paths, columns, where).to_arrow()
        return rows, lambda: digest(rows)

    def count(self, paths, where):
        count = self.scan(paths, None, where).count()
        return count, lambda: {"rows": count}

    def load(self, table):
        function("write_parquet")
        return table

    def write(self, data, path, codec, level):
        pf.write_parquet(data, path, compression=codec, compression_level=level)
