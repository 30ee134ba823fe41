"""pyarrow: compute functions; filters by Acero where it is faster."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from . import shorten


class Adapter:
    version = pa.__version__

    def __init__(self, threads):
        pa.set_cpu_count(threads)

    def load(self, table):
        return table

    def check(self, result):
        if isinstance(result, pa.Scalar):
            return shorten(result.as_py())
        return len(result) if isinstance(result, (pa.Table, pa.Array, pa.ChunkedArray)) else shorten(result)

    def filter(self, data, column, operator, value):
        field = ds.field(column)
        return ds.dataset(data).to_table(filter=field < value if operator == "<" else field == value)

    def mask(self, data, i32, f64, a):
        wanted = (ds.field(i32) < 500) & (ds.field(f64) > 0.0) & ds.field(a).is_valid()
        return ds.dataset(data).count_rows(filter=wanted)

    def arithmetic(self, data, a, b, c, d):
        a, b, c, d = map(ds.field, (a, b, c, d))
        return ds.dataset(data).to_table(columns={"x": (a * b + c) / d})

    def five(self, data, column):
        x = data[column]
        pc.sum(x), pc.min_max(x), pc.mean(x), pc.stddev(x, ddof=1)
        return 1

    def reduce(self, data, column, name):
        x = data[column]
        names = {
            "var": lambda: pc.variance(x, ddof=1),
            "std": lambda: pc.stddev(x, ddof=1),
            "skew": lambda: pc.skew(x, biased=False),
            "kurtosis": lambda: pc.kurtosis(x, biased=False),
            "quantile": lambda: pc.quantile(x, 0.9)[0],
            "median": lambda: pc.quantile(x, 0.5)[0],
            "approx_quantile": lambda: pc.tdigest(x, 0.9)[0],
            "mode": lambda: pc.mode(x)[0]["mode"] if not pa.types.is_string(x.type) else NotImplemented,
            "approx_count_distinct": lambda: NotImplemented,
        }
        return names[name]() if name in names else getattr(pc, name)(x)

    def cum_sum(self, data, column):
        return pc.cumulative_sum(data[column], skip_nulls=True)

    def rank(self, data, column):
        return pc.rank(data[column], tiebreaker="min")

    def sort(self, data, column):
        return data[column].take(pc.array_sort_indices(data[column].combine_chunks()))

    def argsort(self, data, column):
        return pc.array_sort_indices(data[column].combine_chunks())

    def top(self, data, column, count):
        return data[column].take(pc.select_k_unstable(data, count, [(column, "ascending")]))

    def value_counts(self, data, column):
        return pc.value_counts(data[column])
