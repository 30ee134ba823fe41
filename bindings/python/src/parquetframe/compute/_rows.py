"""Operations that choose or order rows."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np

from .._native.handles import c_string, string_array
from .._native.inputs import is_pandas
from .._native.library import Library
from ..exceptions import InvalidArgumentError
from ..expressions import quoted
from . import _pandas_rows
from ._call import settings
from ._columns import chunk, exportable, pyarrow_module
from ._convert import array_of_kind, polars_module, table_of_kind
from ._keys import column_names, condition_text, is_mask, limit_of, mask_values, sort_keys, unused
from ._kinds import TABLE_OF, kind_of
from ._results import Result
from ._run import library, over, over_rows
from ._sources import Source, frame_columns, of_columns, of_table
from ._tables import array_name, source_of


def filter(
    data: Any,
    predicate: Any,
    columns: Any = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The rows for which a condition is true, in their order, as the kind that `data` is.

    `data`: a table or one array, as in `evaluate`. `predicate`: an expression, its text, or an array of
    booleans, one for every row. Rows for which it is null are left out. `columns`: the names of the columns
    that come back, in this order; all by default, and none but them are read from a path. `overflow`, `nan`:
    as in `evaluate`.

    pandas data keeps its dtypes and the labels of its rows. Fails as `evaluate`, and with WrongTypeError
    where the predicate is not boolean. Memory: the result and some batches; time is that of reading the
    predicate's columns and the rows that are kept.

    >>> filter([3, 1, 2], "value > 1")
    [3, 2]
    """
    kind, is_table = kind_of(data)
    names = column_names(columns)
    options = settings(overflow, nan, kind)
    native = library()
    if kind == "pandas":
        return _pandas_rows.filter(native, data, is_table, predicate, names, options)
    if not is_table:
        name = array_name(data)
        mask = unused("mask", [name])
        given = {name: data}
        if is_mask(predicate):
            given[mask], text = mask_values(predicate), quoted(mask)
        else:
            text = condition_text(predicate)
        source = of_columns(native, given, {name: "data", mask: "predicate"})
        result = over(native, "filter", source, text, options | {"columns": [name]})
        return array_of_kind(result, 0, kind, data, [])
    source, text, names = _filtered_table(native, data, predicate, names)
    return table_of_kind(over(native, "filter", source, text, options | {"columns": names}), kind)


def _filtered_table(
    native: Library, data: Any, predicate: Any, names: list[str] | None
) -> tuple[Source, str, list[str] | None]:
    """The input of a filter, its condition, and the columns that are wanted."""
    if not is_mask(predicate):
        text = condition_text(predicate)
        needed = None if names is None else [text, *names]
        return of_table(native, data, needed), text, names
    mask = mask_values(predicate)
    if isinstance(data, Mapping):
        columns = frame_columns(data)
        name = unused("mask", columns)
        labels = {name: "predicate"}
        return of_columns(native, {**columns, name: mask}, labels), quoted(name), names or list(columns)
    table = _arrow_table(data)
    name = unused("mask", table.column_names)
    if len(mask) != table.num_rows:
        raise InvalidArgumentError(f"predicate has {len(mask)} values for {table.num_rows} rows")
    pyarrow = pyarrow_module()
    made = pyarrow.array(mask) if isinstance(mask, np.ndarray) else mask
    if not isinstance(made, (pyarrow.Array, pyarrow.ChunkedArray)):
        made = pyarrow.chunked_array(made)
    wanted = names if names is not None else list(table.column_names)
    return of_table(native, table.append_column(name, made)), quoted(name), wanted


def _arrow_table(data: Any) -> Any:
    from ..table import Table

    pyarrow = pyarrow_module()
    if isinstance(data, pyarrow.Table):
        return data
    if type(data).__name__ == "LazyFrame":
        data = data.collect()
    return (data if isinstance(data, Table) else Table(data)).to_arrow()


def sort(
    data: Any,
    by: Any = None,
    *,
    descending: Any = False,
    nulls_first: Any = False,
    limit: int | None = None,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The rows in order, as the kind that `data` is; rows that are equal in all keys keep their order.

    `by`: a key or a list of keys, the first of which counts most: an expression, its text ("price",
    "lower(name) DESC"), or `pf.col("price").desc()`. One array is sorted by its values by default.
    `descending`, `nulls_first`: for all keys, or a list with one for each. `limit`: only so many rows, the
    first, which takes one pass. `overflow`, `nan`: as in `evaluate`.

    Nulls are last whatever the direction, unless `nulls_first` says otherwise. NaN is greater than all
    numbers (and missing, as a null, in pandas data); -0.0 equals 0.0; strings are compared by their bytes.
    The result does not depend on the number of threads.

    Raises InvalidArgumentError for no key, a bad key and a negative limit, WrongTypeError for a key without
    an order. Time n log n, less for small integers and for a limit; memory: the data and the result.

    >>> sort([3, None, 1])
    [1, 3, None]
    """
    kind, is_table = kind_of(data)
    keys = sort_keys(by, descending, nulls_first, None if is_table else array_name(data))
    options = settings(overflow, nan, kind) | {"limit": limit_of("limit", limit)}
    native = library()
    if kind == "pandas":
        positions = _positions(native, data, is_table, keys, options)
        return _pandas_rows.take(native, data, is_table, positions)
    result = _sorted(native, source_of(native, data, is_table, None), keys, options)
    return _same_kind(result, kind, is_table, data)


def argsort(
    data: Any,
    by: Any = None,
    *,
    descending: Any = False,
    nulls_first: Any = False,
    limit: int | None = None,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The positions of the rows, from 0, in the order that `sort` gives them.

    Parameters, order and errors are those of `sort`. Gives an array of NumPy (int64) for NumPy, pandas, a
    pf.Table, mappings and paths, else one of the kind of `data`.

    >>> argsort([3, None, 1])
    [2, 0, 1]
    """
    kind, is_table = kind_of(data)
    keys = sort_keys(by, descending, nulls_first, None if is_table else array_name(data))
    options = settings(overflow, nan, kind) | {"limit": limit_of("limit", limit)}
    native = library()
    if kind in ("numpy", "pandas", "table"):
        return _positions(native, data, is_table, keys, options)
    result = _sorted(native, source_of(native, data, is_table, keys), keys, options | {"result": "index"})
    if kind == "polars":
        return polars_module().from_arrow(result.to_pyarrow(0)).alias("index")
    return array_of_kind(result, 0, kind, None, [])


def _positions(
    native: Library, data: Any, is_table: bool, keys: list[str], options: dict[str, Any]
) -> np.ndarray:
    from ._tables import is_repeatable

    options = options | {"result": "index"}
    try:
        result = _sorted(native, source_of(native, data, is_table, keys), keys, options)
    except InvalidArgumentError:
        if not is_table or not is_repeatable(data):
            raise
        result = _sorted(native, source_of(native, data, is_table, None), keys, options)
    return result.decoded(0).values.view(np.int64)


def _sorted(native: Library, source: Source, keys: list[str], options: dict[str, Any]) -> Result:
    texts = string_array([c_string(key, "by") for key in keys])
    return over_rows(native, "sort", source, (ctypes.addressof(texts), len(texts)), options)


def _same_kind(result: Result, kind: str, is_table: bool, data: Any) -> Any:
    return table_of_kind(result, kind) if is_table else array_of_kind(result, 0, kind, data, [data])


def top_k(data: Any, k: int, by: Any = None, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The `k` rows with the greatest keys, the greatest first: `sort` with `descending` and a limit.

    Nulls are last, so that they only appear where there are no more rows; NaN comes first, unless it is
    missing. Of rows that are equal the first ones are taken.

    >>> top_k([3, None, 1, 2], 2)
    [3, 2]
    """
    return sort(data, by, descending=True, limit=_k(k), overflow=overflow, nan=nan)


def bottom_k(data: Any, k: int, by: Any = None, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The `k` rows with the least keys, the least first: `sort` with a limit.

    >>> bottom_k([3, None, 1, 2], 2)
    [1, 2]
    """
    return sort(data, by, limit=_k(k), overflow=overflow, nan=nan)


def _k(value: Any) -> int | None:
    from .._arguments import not_negative

    return not_negative("k", value)


def take(data: Any, indices: Any) -> Any:
    """The rows at positions, in the order of these, as the kind that `data` is.

    `data`: a table or one array, as in `evaluate`. `indices`: an array of integers from 0; a null gives a row
    of nulls.

    pandas data keeps the labels of its rows, and its dtypes where these can hold the nulls. Raises
    InvalidArgumentError for a position that is negative or beyond the rows, WrongTypeError for indices of
    another type. Time and memory are those of the result, for paths and readers those of the input too.

    >>> take(["a", "b", "c"], [2, 0, None])
    ['c', 'a', None]
    """
    kind, is_table = kind_of(data)
    native = library()
    if kind == "pandas":
        return _pandas_rows.take(native, data, is_table, indices)
    result = taken(native, source_of(native, data, is_table, None), indices)
    return _same_kind(result, kind, is_table, data)


def taken(native: Library, source: Source, indices: Any) -> Result:
    """Rows of a source."""
    if isinstance(indices, (list, tuple)) and not indices:
        indices = np.empty(0, np.int64)
    ready = exportable(indices, "indices")
    one = chunk(native, ready, "indices")
    if one is None:
        pyarrow = pyarrow_module()
        joined = pyarrow.chunked_array(ready).combine_chunks()
        one = chunk(
            native,
            joined if isinstance(joined, pyarrow.Array) else pyarrow.nulls(0, pyarrow.int64()),
            "indices",
        )
    assert one is not None
    return over_rows(native, "take", source, (one[0].address, one[1].address), {})


def unique(data: Any, columns: Any = None) -> Any:
    """The rows that differ, each once, in the order in which they first appear, as the kind that `data` is.

    `columns`: the names of those that count and come back, in this order; all by default.

    All NaN are one value, -0.0 and 0.0 are one (what comes first is kept), and nulls are one. Raises
    InvalidArgumentError for an unknown column, WrongTypeError for a type without equality. Time in proportion
    to the rows; memory: the data and the distinct rows. The result does not depend on the number of threads.

    >>> unique([2, 1, 2, None, None])
    [2, 1, None]
    """
    return _distinct("unique", data, columns, {})


def value_counts(data: Any, columns: Any = None, *, sort: bool = True, limit: int | None = None) -> Any:
    """The rows that differ, and in a last column "count" (int64) how often each appears: a table of the kind
    of `data`, a pf.Table for NumPy and lists.

    `columns`: as in `unique`, as is what counts as equal. `sort`: the most frequent first, ties in the order
    in which they first appear; False: all in that order. `limit`: only so many rows, the first. Errors and
    cost are those of `unique`.

    >>> value_counts(["a", "b", "a"]).to_pydict()
    {'value': ['a', 'b'], 'count': [2, 1]}
    """
    from .._arguments import truth

    options = {"sort": truth("sort", sort), "limit": limit_of("limit", limit)}
    return _distinct("value_counts", data, columns, options)


def _distinct(operation: str, data: Any, columns: Any, options: dict[str, Any]) -> Any:
    kind, is_table = kind_of(data)
    names = column_names(columns)
    native = library()
    source = _chosen(native, data, is_table, names)
    if kind == "pandas" and operation == "unique":
        result = over_rows(native, operation, source, (), {"columns": names, "result": "index"})
        positions = result.decoded(0).values.view(np.int64)
        return _pandas_rows.take(native, _pandas_rows.chosen(data, names), is_table, positions)
    result = over_rows(native, operation, source, (), options | {"columns": names})
    if kind == "pandas":
        return _pandas_rows.counted(result, data, is_table)
    if operation == "unique":
        return _same_kind(result, kind, is_table, data)
    return table_of_kind(result, kind if is_table else TABLE_OF[kind])


def _chosen(native: Library, data: Any, is_table: bool, names: list[str] | None) -> Source:
    if is_table and names is not None and (is_pandas(data) or isinstance(data, Mapping)):
        known = frame_columns(data)
        if all(name in known for name in names):
            return of_columns(native, {name: known[name] for name in names})
    return source_of(native, data, is_table, None)
