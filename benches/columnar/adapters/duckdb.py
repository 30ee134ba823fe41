"""DuckDB on registered Arrow tables."""

import duckdb

from . import shorten


class Adapter:
    version = duckdb.__version__

    def __init__(self, threads):
        self.db = duckdb.connect(config={"threads": threads})

    def load(self, table):
        self.db.register("t", table)
        return table

    def query(self, text):
        return self.db.sql(text).to_arrow_table()

    def check(self, result):
        if result.shape == (1, 1):
            return shorten(result[0][0].as_py())
        return result.num_rows

    def filter(self, data, column, operator, value):
        operator = "=" if operator == "==" else operator
        value = f"{value}::DOUBLE" if isinstance(value, float) else repr(value)
        return self.query(f"SELECT * FROM t WHERE {column} {operator} {value}")

    def mask(self, data, i32, f64, a):
        return self.query(f"SELECT count(*) FROM t WHERE {i32} < 500 AND {f64} > 0 AND {a} IS NOT NULL")

    def arithmetic(self, data, a, b, c, d):
        return self.query(f"SELECT ({a} * {b} + {c}) / {d} FROM t")

    def five(self, data, column):
        x = column
        return self.query(f"SELECT sum({x}), min({x}), max({x}), avg({x}), stddev({x}) FROM t")

    def reduce(self, data, column, name):
        names = {
            "mean": "avg({})",
            "std": "stddev({})",
            "var": "var_samp({})",
            "skew": "skewness({})",
            "quantile": "quantile_cont({}, 0.9)",
            "median": "median({})",
            "approx_quantile": "approx_quantile({}, 0.9)",
            "count_distinct": "count(DISTINCT {})",
        }
        return self.query(f"SELECT {names.get(name, name + '({})').format(column)} FROM t")

    def correlation(self, data, a, b):
        return self.query(f"SELECT corr({a}, {b}) FROM t")

    def cum_sum(self, data, column):
        return self.query(f"SELECT sum({column}) OVER (ROWS UNBOUNDED PRECEDING) FROM t")

    def rolling_mean(self, data, column, window):
        return self.query(f"SELECT avg({column}) OVER (ROWS {window - 1} PRECEDING) FROM t")

    def sort(self, data, column):
        return self.query(f"SELECT {column} FROM t ORDER BY {column} NULLS LAST")

    def top(self, data, column, count):
        return self.query(f"SELECT {column} FROM t ORDER BY {column} NULLS LAST LIMIT {count}")

    def value_counts(self, data, column):
        return self.query(f"SELECT {column}, count(*) AS n FROM t GROUP BY {column} ORDER BY n DESC")
