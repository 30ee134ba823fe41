"""fastparquet: one thread, frames of pandas. Statistics as it keeps them: by column, over row groups.

Its own `row_filter` is not used: it returned wrong rows of these files without an error (2026.9). Row groups are filtered by it, rows
by pandas. Dates and decimals, which it does not write, are written as timestamps and floats.
"""

import functools
import operator

import fastparquet as fp
import pyarrow as pa
from checking import digest

OPERATORS = {"<": operator.lt, ">=": operator.ge, "=": operator.eq}


class Adapter:
    version = fp.__version__

    def __init__(self, threads):
        pass

    def metadata(self, paths):
        files = [fp.ParquetFile(path) for path in paths]
        return files, lambda: {
            "rows": sum(file.count() for file in files),
            "groups": sum(len(file.row_groups) for file in files),
            "columns": len(files[0].columns),
        }

    def schema(self, paths):
        schema = fp.ParquetFile(paths[0]).dtypes
        return schema, lambda: {"columns": len(schema)}

    def statistics(self, paths):
        files = [fp.ParquetFile(path).statistics for path in paths]
        nulls = [values for file in files for values in file["null_count"].values()]
        return files, lambda: {
            "chunks": sum(len(values) for values in nulls),
            "nulls": sum(value or 0 for values in nulls for value in values),
        }

    def frame(self, paths, columns, where):
        filters = [(column, "==" if name == "=" else name, value) for column, name, value in where]
        frame = fp.ParquetFile(paths if len(paths) > 1 else paths[0]).to_pandas(columns=columns, filters=filters)
        if not where or not len(frame):
            return frame
        return frame[functools.reduce(operator.and_, (OPERATORS[name](frame[column], value) for column, name, value in where))]

    def read(self, paths, columns, where):
        frame = self.frame(paths, columns, where)
        return frame, lambda: digest(pa.Table.from_pandas(frame, preserve_index=False))

    def count(self, paths, where):
        count = len(self.frame(paths, [column for column, _, _ in where], where))
        return count, lambda: {"rows": count}

    def load(self, table):
        price = table.schema.get_field_index("price")
        table = table.set_column(price, "price", table["price"].cast(pa.float64()))
        return table.to_pandas(date_as_object=False)

    def write(self, data, path, codec, level):
        codec = {"_default": {"type": codec.upper(), "args": {"level": level}}} if level else codec.upper()
        fp.write(path, data, compression=codec, write_index=False)
