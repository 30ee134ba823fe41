"""The pandas engine: works wherever pandas does, without the library.

It computes the part of the language that `_language` holds, with the answers of the library: nulls by
Kleene's logic, integers that are exact or fail, sums that do not depend on the order of rows. What it does
not know is an UnsupportedError.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .._arguments import text
from .._native.inputs import is_pandas
from ..exceptions import InvalidArgumentError, WrongTypeError
from ._reductions import kernel_options, of_arrow

__all__ = ["aggregate", "evaluate", "filter", "reduce"]


def filter(
    data: Any, predicate: Any, columns: Any = None, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The rows for which a condition is true, in their order, as the kind that `data` is.

    `data`: a pandas.DataFrame, a pyarrow.Table or RecordBatch (which come back as a Table), or a pf.Table.
    The other parameters are those of `pf.compute.filter`; an array of booleans goes by position, not by
    label. Rows for which the condition is null are left out. A DataFrame keeps its dtypes and the labels of
    its rows.

    Raises what `pf.compute.filter` raises, and UnsupportedError for what this engine does not know. Time in
    proportion to the rows for every operator; strings cost a Python call per row. Deterministic.
    """
    from ..compute._keys import column_names, condition_text, is_mask, mask_values
    from ._language.grammar import parse

    kind, given = _columns(data)
    names = column_names(columns)
    for name in names or []:
        if name not in given:
            raise InvalidArgumentError(f"unknown column '{name}'; columns: {', '.join(given)}")
    evaluator = _evaluator(data, kind, given, overflow, nan)
    if is_mask(predicate):
        truths = _mask(mask_values(predicate), len(data))
    else:
        condition = condition_text(predicate)
        truths = evaluator.truths(parse(condition), condition)
    if kind == "pandas":
        order = list(given)
        rows = np.flatnonzero(truths)
        return data.iloc[rows] if names is None else data.iloc[rows, [order.index(name) for name in names]]
    import pyarrow as pa

    arrow = _arrow(data)
    arrow = arrow if names is None else arrow.select(names)
    return _given_back(arrow.filter(pa.array(truths)), kind)


def evaluate(
    data: Any, /, *expressions: Any, overflow: str = "error", nan: str | None = None, **named: Any
) -> Any:
    """The columns that expressions give, a row for every row of `data`, as the kind that `data` is.

    `data`: as in `filter`. The other parameters, names and dtypes of the result are those of
    `pf.compute.evaluate`; the index of a DataFrame is kept. Errors and cost as in `filter`.
    """
    from ..compute._tables import texts_of
    from ._language.grammar import parse_named

    kind, given = _columns(data)
    evaluator = _evaluator(data, kind, given, overflow, nan)
    texts = texts_of(expressions, named)
    nodes = [parse_named(text) for text in texts]
    columns = dict(enumerate(evaluator.columns([node for node, _ in nodes], len(data))))
    return _result(data, kind, given, texts, nodes, columns, len(data), keep_index=True)


def aggregate(
    data: Any,
    /,
    *expressions: Any,
    where: Any = None,
    overflow: str = "error",
    nan: str | None = None,
    **named: Any,
) -> Any:
    """Aggregates of all rows: a table of one row, of the kind of `data`.

    `data`: as in `filter`. The other parameters, names and dtypes of the result are those of
    `pf.compute.aggregate`: nulls are skipped; of no rows counts are 0 and the rest is null. Sums, means and
    variances of floats are exact and rounded once, so that the order of rows makes no difference. Errors and
    cost as in `filter`.
    """
    from ..compute._tables import text_of, texts_of
    from ._language.evaluate import check_grouping
    from ._language.grammar import parse, parse_named

    kind, given = _columns(data)
    evaluator = _evaluator(data, kind, given, overflow, nan)
    texts = texts_of(expressions, named)
    nodes = [parse_named(text) for text in texts]
    for node, _ in nodes:
        check_grouping(node)
    condition = None if where is None else text_of(where)
    if condition is not None:
        evaluator.where = evaluator.truths(parse(condition), condition)
    columns = dict(enumerate(evaluator.columns([node for node, _ in nodes], 1)))
    return _result(data, kind, given, [*texts, condition or ""], nodes, columns, 1)


def reduce(data: Any, function: str, *arguments: Any, **options: Any) -> Any:
    """The reduction of every column.

    `data`: a pandas.DataFrame or Series gives what its method `function` gives for `arguments` and `options`,
    whichever it is; NaN is missing, unless `skipna` is False. A pf.Table or a table of pyarrow gives one row;
    functions, options and nulls are those of `rust.reduce`, and so are errors, but that columns may be
    unsupported. Raises what pandas raises.
    """
    if is_pandas(data) or is_pandas(data, "Series"):
        return getattr(data, text("function", function))(*arguments, **options)
    return aggregate(data, *of_arrow(data, function, kernel_options(function, arguments, options)))


def _columns(data: Any) -> tuple[str, dict[str, Any]]:
    """The kind of a table, and its columns by name. Raises InvalidArgumentError for two of one name."""
    from ..compute._sources import frame_columns
    from ..table import Table

    if is_pandas(data):
        return "pandas", frame_columns(data)
    is_arrow = type(data).__module__.startswith("pyarrow") and type(data).__name__ in ("Table", "RecordBatch")
    if not is_arrow and not isinstance(data, Table):
        raise WrongTypeError(
            "data must be a pandas.DataFrame, a pyarrow.Table or a pf.Table for the pandas engine, "
            f"not {type(data).__name__}"
        )
    arrow = _arrow(data)
    names = arrow.column_names
    for name in names:
        if names.count(name) > 1:
            raise InvalidArgumentError(f"column '{name}' appears more than once")
    return "pyarrow" if is_arrow else "table", {name: arrow.column(name) for name in names}


def _arrow(data: Any) -> Any:
    """Arrow data as a pyarrow.Table."""
    import pyarrow as pa

    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    return data if isinstance(data, pa.Table) else data.to_arrow()


def _given_back(arrow: Any, kind: str) -> Any:
    from ._language.results import as_table

    return arrow if kind == "pyarrow" else as_table(arrow)


def _evaluator(data: Any, kind: str, columns: Mapping[str, Any], overflow: str, nan: str | None) -> Any:
    from ..compute._call import settings
    from ._language.evaluate import Evaluator

    options = settings(overflow, nan, kind)
    policies = {"overflow": ("error", "null", "wrap"), "nan": ("keep", "null")}
    for name, allowed in policies.items():
        if options[name] not in (None, *allowed):
            raise InvalidArgumentError(f"{name} must be {', '.join(allowed)}, not '{options[name]}'")
    return Evaluator(columns, len(data), options["nan"] == "null", options["overflow"] or "error")


def _mask(values: Any, rows: int) -> np.ndarray:
    """A mask as booleans of NumPy, where null is false."""
    if len(values) != rows:
        raise InvalidArgumentError(f"predicate has {len(values)} values for {rows} rows")
    if isinstance(values, np.ndarray):
        return values
    import pyarrow as pa

    array = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.chunked_array(values)
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), bool)


def _result(
    data: Any,
    kind: str,
    given: Mapping[str, Any],
    texts: list[str],
    nodes: list[Any],
    columns: Mapping[int, Any],
    rows: int,
    keep_index: bool = False,
) -> Any:
    from ..compute._sources import mentioned
    from ._language.printing import text_of
    from ._language.results import table_like
    from ._language.tree import Name

    names = [
        name if name is not None else node.path[-1] if isinstance(node, Name) else text_of(node)
        for node, name in nodes
    ]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidArgumentError(f"two columns of the result are called '{twice}'")
    inputs = [given[name] for name in mentioned(list(given), texts)] if kind == "pandas" else []
    return table_like(
        kind, columns, names, rows, inputs, data.index if keep_index and kind == "pandas" else None
    )
