"""DataFusion with filters pushed into the scan (off by default there). Its package has no function for statistics."""

import datafusion as df
import pyarrow as pa
from checking import digest

from . import sql


class Adapter:
    version = df.__version__

    def __init__(self, threads):
        options = {f"datafusion.execution.parquet.{name}": "true" for name in ("pushdown_filters", "reorder_filters")}
        self.session = df.SessionContext(df.SessionConfig(options).with_target_partitions(threads))

    def frame(self, paths, text):
        if self.session.table_exist("t"):
            self.session.deregister_table("t")
        # Many files are one table only as a folder.
        self.session.register_parquet("t", paths[0] if len(paths) == 1 else paths[0].rsplit("/", 1)[0])
        return self.session.sql(text)

    def one(self, paths, text):
        return self.frame(paths, text).collect()[0].column(0)[0].as_py()

    def metadata(self, paths):
        count = self.one(paths, "SELECT count(*) FROM t")
        return count, lambda: {"rows": count, "groups": None, "columns": None}

    def schema(self, paths):
        schema = self.session.read_parquet(paths[0]).schema()
        return schema, lambda: {"columns": len(schema)}

    def read(self, paths, columns, where):
        names = ", ".join(f'"{name}"' for name in columns) if columns else "*"
        frame = self.frame(paths, f"SELECT {names} FROM t" + (f" WHERE {sql(where)}" if where else ""))
        table = pa.Table.from_batches(frame.collect(), schema=frame.schema())
        return table, lambda: digest(table)

    def count(self, paths, where):
        count = self.one(paths, f"SELECT count(*) FROM t WHERE {sql(where)}")
        return count, lambda: {"rows": count}

    def load(self, table):
        return self.session.from_arrow(table)

    def write(self, data, path, codec, level):
        data.write_parquet(path, compression=codec, compression_level=level)
