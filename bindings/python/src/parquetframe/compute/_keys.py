"""What rows are chosen and ordered by, as callers write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .._arguments import not_negative, truth
from ..exceptions import InvalidArgumentError, WrongTypeError
from ..expressions import Expression, SortKey, lit, quoted
from ._columns import exportable, pyarrow_module
from ._kinds import array_kind


def sort_keys(by: Any, descending: Any, nulls_first: Any, default: str | None) -> list[str]:
    """The texts of keys to sort by.

    `default`: the column where `by` is None. Raises InvalidArgumentError for no key, and for as many
    directions as there are no keys.
    """
    if by is None:
        if default is None:
            raise InvalidArgumentError("by must say what a table is sorted by")
        keys: Sequence[Any] = [Expression(quoted(default))]
    else:
        keys = list(by) if isinstance(by, (list, tuple)) else [by]
    if not keys:
        raise InvalidArgumentError("by must have at least one key")
    down, first = _each("descending", descending, len(keys)), _each("nulls_first", nulls_first, len(keys))
    return [_key(*parts) for parts in zip(keys, down, first, strict=True)]


def _each(name: str, value: Any, count: int) -> list[bool]:
    if not isinstance(value, (list, tuple)):
        return [truth(name, value)] * count
    if len(value) != count:
        raise InvalidArgumentError(f"{name} has {len(value)} values for {count} keys")
    return [truth(name, one) for one in value]


def _key(key: Any, descending: bool, nulls_first: bool) -> str:
    if isinstance(key, SortKey):
        if descending or nulls_first:
            raise InvalidArgumentError(f"the key {key} says its direction itself")
        return str(key)
    if not isinstance(key, (str, Expression)):
        raise WrongTypeError(f"a key to sort by must be an expression or its text, not {type(key).__name__}")
    # Text may hold its direction.
    text = str(key)
    if descending:
        text += f"{_newline(text)}DESC"
    if nulls_first:
        text += f"{_newline(text)}NULLS FIRST"
    return text


def _newline(text: str) -> str:
    """What parts text from a word behind it, even where it ends in a comment."""
    return "\n" if "--" in text else " "


def limit_of(name: str, value: Any) -> int | None:
    """A number of rows, None for all."""
    return None if value is None else not_negative(name, value)


def column_names(columns: Any) -> list[str] | None:
    """Names of columns as a list; None for all. Raises WrongTypeError for what is no name."""
    if columns is None:
        return None
    names = (
        [columns]
        if isinstance(columns, str)
        else list(columns)
        if isinstance(columns, Iterable)
        else [columns]
    )
    for name in names:
        if not isinstance(name, str):
            raise WrongTypeError(f"columns must be names, not {type(name).__name__}")
    return names


def is_mask(predicate: Any) -> bool:
    """Whether a predicate is an array of truth values and no expression."""
    return not isinstance(predicate, (str, Expression)) and array_kind(predicate) is not None


def mask_values(predicate: Any) -> Any:
    """A mask as `exportable` gives it. Raises WrongTypeError for an array of something else than booleans."""
    values = exportable(predicate, "predicate")
    if isinstance(values, np.ndarray):
        kind = str(values.dtype)
    else:
        kind = str(getattr(values, "type", getattr(values, "dtype", ""))).lower()
    if kind == "null":
        return pyarrow_module().nulls(len(values), pyarrow_module().bool_())
    if kind not in ("bool", "boolean"):
        raise WrongTypeError(
            f"predicate must be an array of booleans, or an expression, not an array of {kind}"
        )
    return values


def condition_text(predicate: Any) -> str:
    """The text of a condition."""
    if isinstance(predicate, str):
        return predicate
    if not isinstance(predicate, (Expression, bool, np.bool_)):
        raise WrongTypeError(
            "predicate must be an expression, its text or an array of booleans, "
            f"not {type(predicate).__name__}"
        )
    return str(lit(predicate))


def unused(name: str, names: Iterable[str]) -> str:
    """A name that no column has."""
    taken = set(names)
    while name in taken:
        name += "_"
    return name
