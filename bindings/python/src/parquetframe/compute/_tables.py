"""Expressions over tables and arrays: evaluate, filter, aggregate."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .._native.errors import check
from .._native.handles import Options, c_string, string_array
from .._native.inputs import is_pandas
from .._native.library import Library
from .._native.streams import Owned, Stream, columns_of, read_field, type_name
from ..exceptions import InvalidArgumentError, WrongTypeError
from ..expressions import Expression, Named, SortKey, When, lit, quoted
from ..table import Table
from ._call import settings
from ._convert import array_of_kind, table_of_kind
from ._kinds import TABLE_OF, kind_of
from ._results import Result
from ._run import library, over
from ._sources import Source, frame_columns, of_columns, of_table


def text_of(value: Any, what: str = "an expression") -> str:
    """The text of an expression; a string is text already."""
    if isinstance(value, (Expression, Named)):
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, (SortKey, When)):
        raise WrongTypeError(f"{value!r} is not {what}")
    return str(lit(value))


def texts_of(expressions: Sequence[Any], named: Mapping[str, Any]) -> list[str]:
    """The texts of expressions, and of those with a name. Raises InvalidArgumentError for none at all."""
    texts: list[str] = []
    for expression in expressions:
        if isinstance(expression, (list, tuple)):
            texts += [text_of(one) for one in expression]
        else:
            texts.append(text_of(expression))
    for name, value in named.items():
        if isinstance(value, Named):
            raise InvalidArgumentError(f"{name} has a name already: {value}")
        text = text_of(value)
        # A comment at the end would hide the name.
        texts.append(f"{text}{chr(10) if '--' in text else ' '}AS {quoted(name)}")
    if not texts:
        raise InvalidArgumentError("there must be at least one expression")
    return texts


def array_name(data: Any) -> str:
    """What the column of an array is called: the name of a Series, else "value"."""
    name = getattr(data, "name", None)
    return name if isinstance(name, str) and name else "value"


def source_of(native: Library, data: Any, is_table: bool, texts: Iterable[str] | None) -> Source:
    """The input of a call. `texts`: the expressions that say which columns are needed; None: all are."""
    if not is_table:
        return of_columns(native, {array_name(data): data}, {array_name(data): "data"})
    return of_table(native, data, texts)


def run_on(
    operation: str,
    data: Any,
    is_table: bool,
    texts: list[str],
    options: dict[str, Any],
    others: Sequence[str] = (),
) -> Result:
    """`evaluate` or `aggregate` of the columns that are needed."""
    native = library()
    try:
        return over(native, operation, source_of(native, data, is_table, [*texts, *others]), texts, options)
    except InvalidArgumentError:
        # The message names the columns that there are: all of them, and not only those that were given.
        if not is_table or not is_repeatable(data):
            raise
        return over(native, operation, source_of(native, data, is_table, None), texts, options)


def is_repeatable(data: Any) -> bool:
    """Whether columns were left out, and can be given again."""
    return is_pandas(data) or isinstance(data, (Mapping, str)) or hasattr(data, "__fspath__")


def evaluate(
    data: Any, /, *expressions: Any, overflow: str = "error", nan: str | None = None, **named: Any
) -> Any:
    """The columns that expressions give, a row for every row of `data`.

    `data`: a table (a DataFrame of pandas or Polars, a pyarrow.Table or RecordBatch, a pf.Table, a mapping of
    names to arrays, a path to Parquet, anything with `__arrow_c_stream__`), or one array, which is a column
    of the name that a Series has, else "value". `expressions`: an `Expression` or text each, with a name
    (`alias`, `AS name`) or not; a column without one bears that of the column it is, else the text. `named`:
    names and expressions. `overflow`: integer overflow and division by zero are an error ("error"), null
    ("null"), or wrapped in two's complement ("wrap"). `nan`: NaN in columns is a number ("keep") or missing
    ("null"); None is "null" for pandas, whose missing numbers are NaN, else "keep".

    Gives a table of the kind of `data` (a pf.Table for paths, mappings and readers; the index of a DataFrame
    is kept); of one array and one expression without a keyword an array of its kind. Null in, null out,
    unless a function says otherwise; nulls are NaN in floats of NumPy and pandas. Aggregates and functions of
    other rows may be anywhere in an expression: `x - mean(x)`.

    Raises InvalidArgumentError for a syntax error, an unknown column or function (with line and column),
    WrongTypeError for types that a function does not take, UnsupportedError for SQL that the language has
    not, ArithmeticFailure for overflow and division by zero, OutOfMemoryError. Costs one pass over the rows
    for all expressions together; readers and paths are streamed, unless a function looks at other rows. The
    bits of the result do not depend on the number of threads.

    >>> evaluate([1, 2, 3], "value * 10")
    [10, 20, 30]
    """
    kind, is_table = kind_of(data)
    texts = texts_of(expressions, named)
    result = run_on("evaluate", data, is_table, texts, settings(overflow, nan, kind))
    if not is_table and len(texts) == 1 and not named:
        return array_of_kind(result, 0, kind, data, [data])
    inputs, index = _of_pandas(data, is_table, texts)
    return table_of_kind(result, kind if is_table else TABLE_OF[kind], inputs, index)


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

    `expressions`, `named`, `overflow`, `nan`: as in `evaluate`; every column stands inside an aggregate, such
    as "sum(price * qty)" or `pf.col("price").mean()`. `where`: a condition; only rows for which it is true
    count.

    Nulls are skipped; of no rows counts are 0 and the rest is null. Errors and data are those of `evaluate`;
    a sum of integers that does not fit is an ArithmeticFailure. One pass over the rows for all aggregates;
    the bits of the result depend neither on the number of threads nor on how the rows are cut into batches.

    >>> aggregate({"x": [1, 2, 3]}, "sum(x)", most=pf.col("x").max()).to_pydict()
    {'sum(x)': [6], 'most': [3]}
    """
    kind, is_table = kind_of(data)
    texts = texts_of(expressions, named)
    condition = None if where is None else text_of(where)
    options = settings(overflow, nan, kind) | {"where": condition}
    result = run_on("aggregate", data, is_table, texts, options, [condition] if condition else [])
    inputs, _ = _of_pandas(data, is_table, [*texts, condition or ""])
    return table_of_kind(result, kind if is_table else TABLE_OF[kind], inputs)


def _of_pandas(data: Any, is_table: bool, texts: Sequence[str]) -> tuple[list[Any], Any]:
    """The columns of pandas data that texts may name, and the index."""
    if is_pandas(data):
        from ._sources import mentioned

        columns = frame_columns(data)
        return [columns[name] for name in mentioned(list(columns), texts)], data.index
    if not is_table and is_pandas(data, "Series"):
        return [data], data.index
    return (
        ([data], None)
        if hasattr(data, "dtype") and not is_table and not isinstance(data, np.ndarray)
        else ([], None)
    )


def schema(
    data: Any, /, *expressions: Any, overflow: str = "error", nan: str | None = None, **named: Any
) -> dict[str, str]:
    """The names and types of the columns that `evaluate` would give, without looking at a row.

    `data`: as in `evaluate`, or a schema of pyarrow (anything with `__arrow_c_schema__`). Types are written
    as Arrow calls them. Fails as `evaluate`, but for what only rows show.

    >>> schema({"x": [1, 2]}, "x / 2", y="x > 1")
    {'x / 2': 'float64', 'y': 'bool'}
    """
    from .._native import capsules
    from .._native._ctypes_decl import ArrowSchema

    texts = texts_of(expressions, named)
    native = library()
    given = Owned(ArrowSchema())
    kind = "table"
    if hasattr(data, "__arrow_c_schema__") and not hasattr(data, "__arrow_c_array__"):
        capsule = data.__arrow_c_schema__()
        capsules.move(capsules.pointer(capsule, ArrowSchema), given.struct)
    else:
        kind, is_table = kind_of(data)
        given = source_of(native, data, is_table, None).as_stream(native).schema_struct()
    columns_of(read_field(given.struct))
    options = Options.of(native, **settings(overflow, nan, kind))
    strings = string_array([c_string(text, "expression") for text in texts])
    out = Owned(ArrowSchema())
    status = native.pf_compute_schema(
        given.address, ctypes.addressof(strings), len(texts), options.address, out.address
    )
    check(native, status)
    return {field.name: type_name(field) for field in columns_of(read_field(out.struct))}


def functions() -> Table:
    """The functions and operators of the language as a table.

    Columns, all strings: "family", "function", "item" ("function", "parameter", "alias" or "example"), "name"
    (of a parameter or alias; the text of an example), "type" (what a parameter takes; how an operator is
    written), "default" (null where there is none; the result of an example) and "doc". docs/expressions.md is
    made of it.
    """
    native, stream = library(), Stream()
    check(native, native.pf_compute_functions(stream.address))
    return Table._of_stream(native, stream)
