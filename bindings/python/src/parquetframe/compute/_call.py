"""One function of the language over arrays and scalars: what the generated functions call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._native.library import Library
from ..exceptions import InvalidArgumentError, WrongTypeError
from ..expressions import Expression, _same, col, lit
from ..expressions import call as call_of
from ._convert import array_of_kind
from ._kinds import array_kind, table_kind
from ._run import library, over
from ._sources import Source, of_columns

# Kinds whose results keep more than those of lists and NumPy.
_RANK = {"pandas": 0, "polars": 1, "pyarrow": 2, "numpy": 3, "list": 4, "tuple": 5}


def call(
    name: str,
    names: Sequence[str],
    arguments: Sequence[Any],
    options: Mapping[str, tuple[Any, Any]],
    overflow: str,
    nan: str | None,
) -> Any:
    """A value for every row; a Python value where no argument is an array, an expression where one is an
    expression or there is none.

    `names`: of the parameters, the last of which may repeat. `options`: values and defaults.
    """
    expression, columns = _parts(name, names, arguments, options)
    if columns is None:
        return expression
    if not columns:
        return _one(library(), expression, overflow, nan)
    kind, like = _kind(columns)
    native = library()
    source = of_columns(native, columns, {n: f"argument {n}" for n in columns})
    result = over(native, "evaluate", source, [str(expression)], settings(overflow, nan, kind))
    return array_of_kind(result, 0, kind, like, list(columns.values()))


def reduce(
    name: str,
    names: Sequence[str],
    arguments: Sequence[Any],
    options: Mapping[str, tuple[Any, Any]],
    overflow: str,
    nan: str | None,
) -> Any:
    """The Python value of an aggregate over arrays, None for null; an expression as by `call`."""
    expression, columns = _parts(name, names, arguments, options)
    if columns is None:
        return expression
    if not columns:
        return _one(library(), expression, overflow, nan)
    kind, _ = _kind(columns)
    native = library()
    source = of_columns(native, columns, {n: f"argument {n}" for n in columns})
    result = over(native, "aggregate", source, [str(expression)], settings(overflow, nan, kind))
    return result.to_list(0)[0]


def fill_null(x: Any, value: Any, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The values, and where they are null the other one: `coalesce` of both.

    `value`: a single value, or an array of the same length.
    """
    return call("coalesce", ("x", "value"), (x, value), {}, overflow, nan)


def settings(overflow: str, nan: str | None, kind: str) -> dict[str, Any]:
    """The options of a call: NaN is missing in pandas, and a number elsewhere."""
    for name, value in (("overflow", overflow), ("nan", nan)):
        if not isinstance(value, str) and not (name == "nan" and value is None):
            raise WrongTypeError(f"{name} must be a string, not {type(value).__name__}")
    return {
        "overflow": None if overflow == "error" else overflow,
        "nan": nan or ("null" if kind == "pandas" else None),
    }


def _parts(
    name: str, names: Sequence[str], arguments: Sequence[Any], options: Mapping[str, tuple[Any, Any]]
) -> tuple[Expression, dict[str, Any] | None]:
    """The call as an expression, and the arrays that its columns are; None for these where the caller's own
    expressions are in it, or nothing is.
    """
    if name == "in" and len(arguments) == 2 and isinstance(arguments[1], (list, tuple, set, frozenset)):
        arguments = [arguments[0], *arguments[1]]
    if name in ("cast", "try_cast"):
        return _conversion(name, *arguments)
    labels = _labels(names, len(arguments))
    columns: dict[str, Any] = {}
    inner = [_operand(label, value, columns) for label, value in zip(labels, arguments, strict=True)]
    given = {n: value for n, (value, default) in options.items() if not _same(value, default)}
    named = {n: _operand(n, value, columns) for n, value in given.items() if value is not None}
    expression = call_of(name, *inner, **named)
    if names and not arguments:
        raise InvalidArgumentError(f"{name} takes at least one argument")
    is_symbolic = any(isinstance(value, Expression) for value in (*arguments, *given.values()))
    return _checked(name, expression, columns, is_symbolic or not (names or given))


def _labels(names: Sequence[str], count: int) -> list[str]:
    """What the arguments are called: by their parameters, with numbers where the last one repeats.

    >>> _labels(["x", "edges"], 3)
    ['x', 'edges1', 'edges2']
    """
    single = len(names) - 1
    if count <= len(names):
        return list(names[:count])
    return [*names[:single], *(f"{names[-1]}{i + 1}" for i in range(count - single))]


def _checked(
    name: str, expression: Expression, columns: dict[str, Any], is_symbolic: bool
) -> tuple[Expression, dict[str, Any] | None]:
    if is_symbolic and columns:
        raise WrongTypeError(f"{name} takes arrays or expressions, and not both")
    return expression, None if is_symbolic else columns


def _conversion(name: str, value: Any, to: Any) -> tuple[Expression, dict[str, Any] | None]:
    columns: dict[str, Any] = {}
    inner = _operand("x", value, columns)
    expression = inner.cast(to) if name == "cast" else inner.try_cast(to)
    return _checked(name, expression, columns, isinstance(value, Expression))


def _operand(label: str, value: Any, columns: dict[str, Any]) -> Expression:
    if isinstance(value, Expression):
        return value
    if array_kind(value) is None:
        if table_kind(value) is not None and not isinstance(value, str):
            raise WrongTypeError(
                f"argument {label} must be an array or a single value, not {type(value).__name__}"
            )
        return lit(value)
    columns[label] = value
    return col(label)


def _kind(columns: Mapping[str, Any]) -> tuple[str, Any]:
    """The kind of the result, and the first argument of that kind."""
    kinds = [
        (_RANK[kind], kind, value) for value in columns.values() if (kind := array_kind(value)) is not None
    ]
    _, kind, like = min(kinds, key=lambda item: item[0])
    return kind, like


def _one(native: Library, expression: Expression, overflow: str, nan: str | None) -> Any:
    """The value of an expression without columns."""
    import numpy as np

    source: Source = of_columns(native, {"row": np.zeros(1, np.int8)})
    result = over(native, "evaluate", source, [str(expression)], settings(overflow, nan, "list"))
    return result.to_list(0)[0]
