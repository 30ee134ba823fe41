"""The tools that are compared: a module each with a class `Adapter`.

An adapter has `version`, `__init__(threads)` and some of the methods

- `metadata(paths)`, `schema(paths)`, `statistics(paths)`: of one file or many;
- `read(paths, columns, where)` and `count(paths, where)`: `columns` may be None for all, `where` is a list of (column,
  operator, value), see operations.py;
- `load(table)`, outside the clock, and `write(data, path, codec, level)`.

All but `load` and `write` give (result, function that gives the check); the function runs after the clock has stopped.
UnsupportedError with a reason says that a tool cannot do something.
"""

import datetime


class UnsupportedError(Exception):
    """A tool has no function for an operation."""


def sql(where):
    """A condition as SQL that DuckDB, DataFusion and ours read alike."""
    return " AND ".join(f"{column} {operator} {literal(value)}" for column, operator, value in where)


def literal(value):
    if isinstance(value, datetime.datetime):
        return f"TIMESTAMP '{value}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"{value:e}" if isinstance(value, float) else str(value)
