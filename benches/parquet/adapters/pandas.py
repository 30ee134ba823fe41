"""pandas with its engine pyarrow."""

import pandas as pd
import pyarrow as pa
from checking import digest

OPERATORS = {"=": "=="}


class Adapter:
    version = pd.__version__

    def __init__(self, threads):
        pa.set_cpu_count(threads)
        pa.set_io_thread_count(threads)

    def frame(self, paths, columns, where):
        # pandas.read_parquet takes one path or a folder, and a list of paths by way of pyarrow.
        filters = [(column, OPERATORS.get(operator, operator), value) for column, operator, value in where]
        return pd.read_parquet(paths if len(paths) > 1 else paths[0], columns=columns, filters=filters or None)

    def read(self, paths, columns, where):
        frame = self.frame(paths, columns, where)
        return frame, lambda: digest(pa.Table.from_pandas(frame, preserve_index=False))

    def count(self, paths, where):
        count = len(self.frame(paths, [where[0][0]], where))
        return count, lambda: {"rows": count}

    def load(self, table):
        return table.to_pandas(split_blocks=True, self_destruct=True)

    def write(self, data, path, codec, level):
        data.to_parquet(path, engine="pyarrow", compression=codec, compression_level=level, index=False)
