"""What a reader may be given as `filters`, as text of the expression language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from ..exceptions import InvalidArgumentError, WrongTypeError
from ..expressions import Expression, col

__all__ = ["conjunctions", "predicate_text"]

_COMPARISONS = {"=": "__eq__", "==": "__eq__", "!=": "__ne__", "<>": "__ne__"} | {
    "<": "__lt__",
    "<=": "__le__",
    ">": "__gt__",
    ">=": "__ge__",
}
_OPERATORS = (*_COMPARISONS, "in", "not in")
_EXPECTED = (
    "filters must be SQL text, an expression of pf.col, a list of tuples (column, operator, value), "
    "or a list of such lists"
)


def predicate_text(filters: Any) -> str | None:
    """The text of `filters`; None for None and for an empty list, which keep all rows.

    SQL text and expressions are taken as they are. Tuples `(column, operator, value)` are those of pyarrow: a
    list of them holds where all do, a list of such lists where all of one list do. The operators are =, ==,
    !=, <, <=, >, >=, in and not in.

    >>> predicate_text([("price", ">", 100), ("region", "in", ["EU", "US"])])
    '"price" > 100 AND "region" IN (\\'EU\\', \\'US\\')'

    Raises WrongTypeError for something else, InvalidArgumentError for an unknown operator and empty text.
    """
    if filters is None:
        return None
    if isinstance(filters, str):
        if not filters.strip():
            raise InvalidArgumentError("filters is empty text")
        return filters
    if isinstance(filters, Expression):
        return str(filters)
    groups = conjunctions(filters)
    if not groups:
        return None
    ands = [reduce(Expression.__and__, [_comparison(*each) for each in group]) for group in groups]
    return str(reduce(Expression.__or__, ands))


def conjunctions(filters: Any) -> list[list[tuple[str, str, Any]]]:
    """Tuples as a list of lists: rows are kept where all tuples of one of the lists hold."""
    if isinstance(filters, (bytes, bytearray)) or not isinstance(filters, Sequence):
        raise WrongTypeError(f"{_EXPECTED}, not {type(filters).__name__}")
    if not filters:
        return []
    groups = (
        [filters] if all(isinstance(each, tuple) and not _is_group(each) for each in filters) else filters
    )
    found = []
    for group in groups:
        if not isinstance(group, Sequence) or isinstance(group, str) or not group:
            raise WrongTypeError(f"{_EXPECTED}; got {group!r} among them")
        found.append([_checked(each) for each in group])
    return found


def _is_group(value: tuple[Any, ...]) -> bool:
    return bool(value) and all(isinstance(each, tuple) for each in value)


def _checked(value: Any) -> tuple[str, str, Any]:
    if not (isinstance(value, (tuple, list)) and len(value) == 3 and isinstance(value[0], str)):
        raise WrongTypeError(f"a filter must be a tuple (column, operator, value), not {value!r}")
    column, operator, constant = value
    if operator not in _OPERATORS:
        raise InvalidArgumentError(
            f"unknown operator {operator!r} in filters; the operators are: {', '.join(_OPERATORS)}"
        )
    if operator in ("in", "not in") and (
        isinstance(constant, (str, bytes)) or not isinstance(constant, Iterable)
    ):
        raise WrongTypeError(
            f"the filter on '{column}' needs a list of values after '{operator}', not {constant!r}"
        )
    return column, operator, constant


def _comparison(column: str, operator: str, value: Any) -> Expression:
    if operator in _COMPARISONS:
        found: Expression = getattr(col(column), _COMPARISONS[operator])(value)
        return found
    inside = col(column).is_in(list(value))
    return inside if operator == "in" else ~inside
