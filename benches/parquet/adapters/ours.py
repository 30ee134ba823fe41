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


def table(result):
    """Whatever holds Arrow data as a table of pyarrow."""
    return pa.table(result)


class Adapter:
    version = pf.__version__

    def __init__(self, threads):
        self.limits = pf.context(threads=threads)
        self.limits.__enter__()

    def facts(self, paths, kind):
        return table(function("parquet_metadata")(paths if len(paths) > 1 else paths[0], kind=kind))

    def metadata(self, paths):
        files = self.facts(paths, "files")
        return files, lambda: {
            "rows": sum(files["num_rows"].to_pylist()),
            "groups": sum(files["num_row_groups"].to_pylist()),
            "columns": files["num_columns"][0].as_py(),
        }

    def schema(self, paths):
        schema = self.facts(paths, "schema")
        return schema, lambda: {"columns": schema.num_rows}

    def statistics(self, paths):
        chunks = self.facts(paths, "statistics")
        nulls = chunks["null_count"]
        return chunks, lambda: {"chunks": chunks.num_rows, "nulls": sum(filter(None, nulls.to_pylist()))}

    def read(self, paths, columns, where):
        read = function("scan_parquet")(paths if len(paths) > 1 else paths[0], columns=columns, filters=sql(where) or None)
        rows = table(read)
        return rows, lambda: digest(rows)

    def count(self, paths, where):
        scan = function("scan_parquet")(paths, columns=[], filters=sql(where))
        count = sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(scan))
        return count, lambda: {"rows": count}

    def load(self, table):
        return table

    def write(self, data, path, codec, level):
        options = {"compression_level": level} if level else {}
        function("write_parquet")(data, path, compression=codec, **options)
