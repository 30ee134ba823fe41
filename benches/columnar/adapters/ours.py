"""ParquetFrame on pyarrow tables."""

import parquetframe as pf
import pyarrow as pa
from parquetframe import compute

from . import shorten


class Adapter:
    version = pf.__version__

    def __init__(self, threads):
        self.limits = pf.context(threads=threads)
        self.limits.__enter__()

    def load(self, table):
        return table.combine_chunks()

    def check(self, result):
        if isinstance(result, pa.Table) and result.shape == (1, 1):
            return shorten(result[0][0].as_py())
        return len(result) if isinstance(result, (pa.Table, pa.Array)) else shorten(result)

    def filter(self, data, column, operator, value):
        operator = "=" if operator == "==" else operator
        return compute.filter(data, f"{column} {operator} {pf.lit(value)}")

    def mask(self, data, i32, f64, a):
        return compute.aggregate(data, "count(*)", where=f"{i32} < 500 AND {f64} > 0.0 AND {a} IS NOT NULL")

    def arithmetic(self, data, a, b, c, d):
        return compute.evaluate(data, f"({a} * {b} + {c}) / {d}")

    def five(self, data, column):
        return compute.aggregate(data, *(f"{name}({column})" for name in ("sum", "min", "max", "mean", "std")))

    def reduce(self, data, column, name):
        arguments = f"{column}, 0.9" if name.endswith("quantile") else column
        return compute.aggregate(data, f"{name}({arguments})")

    def correlation(self, data, a, b):
        return compute.aggregate(data, f"corr({a}, {b})")

    def cum_sum(self, data, column):
        return compute.evaluate(data, f"cum_sum({column})")

    def rolling_mean(self, data, column, window):
        return compute.evaluate(data, f"rolling_mean({column}, {window})")

    def rank(self, data, column):
        return compute.evaluate(data, f"rank({column})")

    def sort(self, data, column):
        return compute.sort(data, column)

    def argsort(self, data, column):
        return compute.argsort(data, column)

    def top(self, data, column, count):
        return compute.bottom_k(data, count, column)

    def value_counts(self, data, column):
        return compute.value_counts(data)
