"""pyarrow: ParquetFile for one whole file and for metadata, datasets for the rest."""

import functools
import operator

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from checking import digest

OPERATORS = {"<": operator.lt, ">=": operator.ge, "=": operator.eq}


def condition(where):
    return functools.reduce(operator.and_, (OPERATORS[name](ds.field(column), value) for column, name, value in where))


def chunks(paths):
    """(file, row group, column, min, max, nulls) of every column chunk."""
    for number, path in enumerate(paths):
        metadata = pq.read_metadata(path)
        for group in range(metadata.num_row_groups):
            row_group = metadata.row_group(group)
            for position in range(metadata.num_columns):
                statistics = row_group.column(position).statistics
                if statistics is None:
                    yield number, group, position, None, None, None
                else:
                    bounds = (statistics.min, statistics.max) if statistics.has_min_max else (None, None)
                    yield number, group, position, *bounds, statistics.null_count


class Adapter:
    version = pa.__version__

    def __init__(self, threads):
        pa.set_cpu_count(threads)
        pa.set_io_thread_count(threads)

    def metadata(self, paths):
        files = [pq.read_metadata(path) for path in paths]
        return files, lambda: {
            "rows": sum(file.num_rows for file in files),
            "groups": sum(file.num_row_groups for file in files),
            "columns": files[0].num_columns,
        }

    def schema(self, paths):
        schema = pq.read_schema(paths[0])
        return schema, lambda: {"columns": len(schema)}

    def statistics(self, paths):
        table = list(chunks(paths))
        return table, lambda: {"chunks": len(table), "nulls": sum(line[5] or 0 for line in table)}

    def read(self, paths, columns, where):
        if len(paths) == 1 and not where:
            table = pq.ParquetFile(paths[0]).read(columns=columns)
        else:
            table = ds.dataset(paths).to_table(columns=columns, filter=condition(where) if where else None)
        return table, lambda: digest(table)

    def count(self, paths, where):
        count = ds.dataset(paths).count_rows(filter=condition(where))
        return count, lambda: {"rows": count}

    def load(self, table):
        return table

    def write(self, data, path, codec, level):
        pq.write_table(data, path, compression=codec, compression_level=level)
