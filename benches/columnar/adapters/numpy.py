"""NumPy, and numexpr where it fuses: columns without nulls."""

import numexpr
import numpy as np

from . import shorten


class Adapter:
    version = f"{np.__version__} / numexpr {numexpr.__version__}"

    def __init__(self, threads):
        numexpr.set_num_threads(threads)

    def load(self, table):
        data = {}
        for name in table.column_names:
            column = table[name].combine_chunks()
            if column.null_count or column.type == "string":
                return None
            data[name] = column.to_numpy()
        return data

    def check(self, result):
        if isinstance(result, dict):
            return len(next(iter(result.values())))
        return len(result) if isinstance(result, np.ndarray) else shorten(result)

    def filter(self, data, column, operator, value):
        if data is None:
            return NotImplemented
        mask = numexpr.evaluate(f"x {operator} {value}", {"x": data[column]})
        return {name: values[mask] for name, values in data.items()}

    def arithmetic(self, data, a, b, c, d):
        if data is None:
            return NotImplemented
        return numexpr.evaluate("(a * b + c) / d", {"a": data[a], "b": data[b], "c": data[c], "d": data[d]})

    def five(self, data, column):
        if data is None:
            return NotImplemented
        x = data[column]
        x.sum(), x.min(), x.max(), x.mean(), x.std(ddof=1)
        return 1

    def reduce(self, data, column, name):
        if data is None:
            return NotImplemented
        x = data[column]
        names = {
            "sum": lambda: x.sum(),
            "product": lambda: x.prod(),
            "min": lambda: x.min(),
            "max": lambda: x.max(),
            "mean": lambda: x.mean(),
            "var": lambda: x.var(ddof=1),
            "std": lambda: x.std(ddof=1),
            "median": lambda: np.median(x),
            "quantile": lambda: np.quantile(x, 0.9),
            "count_distinct": lambda: len(np.unique(x)),
        }
        return names[name]() if name in names else NotImplemented

    def correlation(self, data, a, b):
        return np.corrcoef(data[a], data[b])[0, 1]

    def cum_sum(self, data, column):
        return NotImplemented if data is None else data[column].cumsum()

    def sort(self, data, column):
        return NotImplemented if data is None else np.sort(data[column])

    def argsort(self, data, column):
        return NotImplemented if data is None else np.argsort(data[column], kind="stable")

    def top(self, data, column, count):
        return NotImplemented if data is None else np.sort(np.partition(data[column], count)[:count])

    def value_counts(self, data, column):
        return NotImplemented if data is None else np.unique(data[column], return_counts=True)[1]
