"""Polars: the lazy API with its in-memory engine."""

import polars as pl

from . import shorten

OPERATORS = {"<": lambda c, x: c < x, "==": lambda c, x: c == x}


class Adapter:
    version = pl.__version__

    def __init__(self, threads):
        pass

    def load(self, table):
        return pl.from_arrow(table)

    def check(self, result):
        if isinstance(result, pl.DataFrame) and result.shape == (1, 1):
            return shorten(result.item())
        return len(result) if isinstance(result, pl.DataFrame) else shorten(result)

    def filter(self, data, column, operator, value):
        return data.lazy().filter(OPERATORS[operator](pl.col(column), value)).collect()

    def mask(self, data, i32, f64, a):
        wanted = (pl.col(i32) < 500) & (pl.col(f64) > 0.0) & pl.col(a).is_not_null()
        return data.lazy().select(wanted.sum()).collect()

    def arithmetic(self, data, a, b, c, d):
        a, b, c, d = map(pl.col, (a, b, c, d))
        return data.lazy().select((a * b + c) / d).collect()

    def five(self, data, column):
        x = pl.col(column)
        five = [x.sum().alias("a"), x.min().alias("b"), x.max().alias("c"), x.mean().alias("d"), x.std().alias("e")]
        return data.lazy().select(five).collect()

    def reduce(self, data, column, name):
        x = pl.col(column)
        names = {
            "count_distinct": lambda: x.drop_nulls().n_unique(),
            "approx_count_distinct": lambda: x.drop_nulls().approx_n_unique(),
            "quantile": lambda: x.quantile(0.9, "linear"),
            "mode": lambda: x.drop_nulls().mode().min(),
            "skew": lambda: x.skew(bias=False),
            "kurtosis": lambda: x.kurtosis(bias=False),
            "approx_quantile": lambda: NotImplemented,
        }
        made = names[name]() if name in names else getattr(x, name)()
        return made if made is NotImplemented else data.lazy().select(made).collect()

    def correlation(self, data, a, b):
        return data.lazy().select(pl.corr(a, b)).collect()

    def cum_sum(self, data, column):
        return data.lazy().select(pl.col(column).cum_sum()).collect()

    def rolling_mean(self, data, column, window):
        return data.lazy().select(pl.col(column).rolling_mean(window)).collect()

    def rank(self, data, column):
        return data.lazy().select(pl.col(column).rank()).collect()

    def sort(self, data, column):
        return data.lazy().select(pl.col(column).sort(nulls_last=True)).collect()

    def argsort(self, data, column):
        return data.lazy().select(pl.col(column).arg_sort(nulls_last=True)).collect()

    def top(self, data, column, count):
        return data.lazy().select(pl.col(column).bottom_k(count)).collect()

    def value_counts(self, data, column):
        return data.lazy().select(pl.col(column).value_counts(sort=True)).collect()
