"""The engines behind frames, a file each: `rust` and `pandas` have the same functions.

`filter`, `evaluate`, `aggregate` and `reduce` here run on one of them: the one that `engine` names, else the
best there is. On Arrow data that is Rust wherever the library is; on pandas data it is Rust from a measured
number of rows on, and pandas below. Both give the same answer in the kind of the data, so that only time
differs; `pf.stats()` says what ran where, and why pandas ran where Rust was missing.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from .._engines import dispatch, engine_named

__all__ = ["aggregate", "evaluate", "filter", "reduce"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import pandas as pandas
    from . import rust as rust


def __getattr__(name: str) -> Any:
    import importlib

    if name in ("pandas", "rust"):
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def filter(
    data: Any,
    predicate: Any,
    columns: Any = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
    engine: str | None = None,
) -> Any:
    """The rows for which a condition is true, in their order, as the kind that `data` is.

    `data`: a pandas.DataFrame, a pyarrow.Table or a pf.Table, on Rust whatever `pf.compute.filter` takes.
    The other parameters, errors and cost are those of `pf.compute.filter`. `engine`: "rust", "pandas", or
    None for the best; KeyError for another. UnsupportedError for what the engine does not know, and for Rust
    where it is missing.

    >>> import pandas as pd
    >>> filter(pd.DataFrame({"x": [3, 1, 2]}), "x > 1")
       x
    0  3
    2  2
    """
    from ._choice import filter_pays

    arguments = (data, predicate, columns)
    options = {"overflow": overflow, "nan": nan}
    return _run("filter", "filter", engine, filter_pays(data, predicate), arguments, options)


def evaluate(
    data: Any,
    /,
    *expressions: Any,
    overflow: str = "error",
    nan: str | None = None,
    engine: str | None = None,
    **named: Any,
) -> Any:
    """The columns that expressions give, a row for every row of `data`, as the kind that `data` is.

    `data`, `engine`: as in `filter`. All else is as in `pf.compute.evaluate`.
    """
    from ._choice import expressions_pay

    options = {"overflow": overflow, "nan": nan, **named}
    pays = expressions_pay(data, [str(one) for one in (*expressions, *named.values())])
    return _run("evaluate", "evaluate", engine, pays, (data, *expressions), options)


def aggregate(
    data: Any,
    /,
    *expressions: Any,
    where: Any = None,
    overflow: str = "error",
    nan: str | None = None,
    engine: str | None = None,
    **named: Any,
) -> Any:
    """Aggregates of all rows: a table of one row, of the kind of `data`.

    `data`, `engine`: as in `filter`. All else is as in `pf.compute.aggregate`.

    >>> import pandas as pd
    >>> aggregate(pd.DataFrame({"x": [3, 1, 2]}), "sum(x)", n="count(*)")
       sum(x)  n
    0       6  3
    """
    from ._choice import aggregates_pay

    options = {"where": where, "overflow": overflow, "nan": nan, **named}
    pays = aggregates_pay(data, [str(one) for one in (*expressions, *named.values(), where)])
    return _run("aggregate", "aggregate", engine, pays, (data, *expressions), options)


def reduce(data: Any, function: str, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
    """A reduction of every column: of a DataFrame what pandas' method `function` gives, of Arrow data one
    row.

    `function`: "sum", "mean", "median", "min", "max", "count", "var" or "std"; of pandas data any method,
    with its own `arguments` and `options`. Arrow data takes `numeric_only` and `ddof`. Of floats the
    engines may differ by rounding: Rust rounds once. Counted as "aggregate" in `pf.stats()`. See
    `rust.reduce` and `pandas.reduce`.

    >>> import pandas as pd
    >>> reduce(pd.DataFrame({"x": [3, 1, 2]}), "sum")
    x    6
    dtype: int64
    """
    from ._choice import reduction_pays

    pays = reduction_pays(data, function)
    return _run("aggregate", "reduce", engine, pays, (data, function, *arguments), options)


def _run(
    operation: str,
    function: str,
    engine: str | None,
    pays: bool,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> Any:
    def on(name: str) -> Any:
        return getattr(_module(name), function)(*arguments, **options)

    _, result = dispatch(
        operation,
        None,
        engine_named(engine),
        lambda: on("rust"),
        lambda: on("pandas"),
        pays=pays,
        # An expression that Rust does not know is none of the pandas engine's either.
        replaceable=function == "reduce",
        counts_itself=True,
    )
    return result


def _module(name: str) -> ModuleType:
    import importlib

    return importlib.import_module(f".{name}", __name__)
