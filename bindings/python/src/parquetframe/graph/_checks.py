"""Checks of the arguments of graphs and algorithms, done once for both engines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from .._arguments import at_least_one, integer, not_negative, real, text, truth
from .._native.columns import plain_column
from ..exceptions import InvalidArgumentError, WrongTypeError

__all__ = [
    "at_least_one",
    "in_order",
    "integer",
    "not_negative",
    "one_name",
    "real",
    "text",
    "truth",
    "vertex_ids",
    "weight_name",
]


def one_name(old: str, value: Any, default: Any, new: str, canonical: Any) -> tuple[str, Any]:
    """The name and value that count where a parameter has two names.

    Raises InvalidArgumentError if both were given.
    """
    if canonical is None:
        return old, value
    if value is not default and value != default:
        raise InvalidArgumentError(f"{old} and {new} are the same parameter: give one of them")
    return new, canonical


def vertex_ids(name: str, values: Any) -> np.ndarray:
    """One id or several, as an array of integers or strings.

    Raises WrongTypeError for ids of another kind.
    """
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        values = [values]
    elif isinstance(values, (set, frozenset)):
        values = in_order(values)
    ids = plain_column(values, name, ids=True)
    if ids.dtype.kind not in "iuO":
        raise WrongTypeError(f"{name} must hold integers or strings as vertex ids, not {ids.dtype}")
    return ids


def in_order(values: Collection[Any]) -> list[Any]:
    """A set as a list, which is the same in every process."""
    return sorted(values, key=lambda value: (type(value).__name__, value))


def weight_name(name: str | None, graph_weight: str | None) -> str | None:
    """The weight column, if the graph has it. Raises InvalidArgumentError otherwise."""
    if name is not None and text("weight", name) != graph_weight:
        raise InvalidArgumentError(f"Weight column '{name}' not found in graph edges")
    return name
