"""pandas."""

import operator as operators

import pandas as pd

from . import shorten

OPERATORS = {"<": operators.lt, "==": operators.eq}


class Adapter:
    version = pd.__version__

    def __init__(self, threads):
        pass

    def load(self, table):
        return table.to_pandas(self_destruct=True, split_blocks=True)

    def check(self, result):
        return len(result) if isinstance(result, (pd.DataFrame, pd.Series)) else shorten(result)

    def filter(self, data, column, operator, value):
        return data[OPERATORS[operator](data[column], value)]

    def mask(self, data, i32, f64, a):
        return ((data[i32] < 500) & (data[f64] > 0) & data[a].notna()).sum()

    def arithmetic(self, data, a, b, c, d):
        return (data[a] * data[b] + data[c]) / data[d]

    def five(self, data, column):
        x = data[column]
        x.sum(), x.min(), x.max(), x.mean(), x.std()
        return 1

    def reduce(self, data, column, name):
        x = data[column]
        names = {
            "product": x.prod,
            "quantile": lambda: x.quantile(0.9),
            "count_distinct": x.nunique,
            "mode": lambda: x.mode().min(),
            "kurtosis": x.kurt,
            "first": lambda: x.iloc[0],
            "last": lambda: x.iloc[-1],
        }
        if name.startswith("approx_"):
            return NotImplemented
        return names[name]() if name in names else getattr(x, name)()

    def correlation(self, data, a, b):
        return data[a].corr(data[b])

    def cum_sum(self, data, column):
        return data[column].cumsum()

    def rolling_mean(self, data, column, window):
        return data[column].rolling(window).mean()

    def rank(self, data, column):
        return data[column].rank()

    def sort(self, data, column):
        return data[column].sort_values()

    def argsort(self, data, column):
        return data[column].argsort()

    def top(self, data, column, count):
        return NotImplemented if data[column].dtype.kind not in "if" else data[column].nsmallest(count)

    def value_counts(self, data, column):
        return data[column].value_counts()
