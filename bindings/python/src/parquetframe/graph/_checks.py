"""Checks of arguments, done once for both engines."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from .._native.columns import plain_column
from ..exceptions import InvalidArgumentError, WrongTypeError


def one_name(old: str, value: Any, default: Any, new: str, canonical: Any) -> tuple[str, Any]:
    """The name and value that count where a parameter has two names.

    Raises InvalidArgumentError if both were given.
    """
    if canonical is None:
        return old, value
    if value is not default and value != default:
        raise InvalidArgumentError(f"{old} and {new} are the same parameter: give one of them")
    return new, canonical


def integer(name: str, value: Any) -> int:
    """The value as int.

    Raises WrongTypeError for what is no integer, InvalidArgumentError for more than 64 bits.
    """
    if isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_)):
        number = int(value)
        if not -(2**63) <= number < 2**63:
            raise InvalidArgumentError(f"{name} must fit into 64 bits, not {number}")
        return number
    raise WrongTypeError(f"{name} must be an integer, not {type(value).__name__}")


def real(name: str, value: Any) -> float:
    """The value as float. Raises WrongTypeError for what is no number."""
    if isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_)):
        return float(value)
    raise WrongTypeError(f"{name} must be a number, not {type(value).__name__}")


def text(name: str, value: Any) -> str:
    """The value, if it is a string. Raises WrongTypeError otherwise."""
    if isinstance(value, str):
        return value
    raise WrongTypeError(f"{name} must be a string, not {type(value).__name__}")


def truth(name: str, value: Any) -> bool:
    """The value, if it is a truth value. Raises WrongTypeError otherwise."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise WrongTypeError(f"{name} must be True or False, not {type(value).__name__}")


def at_least_one(name: str, value: Any) -> int:
    """An integer from 1 on."""
    number = integer(name, value)
    if number < 1:
        raise InvalidArgumentError(f"{name} must be at least 1, not {number}")
    return number


def vertex_ids(name: str, values: Any) -> np.ndarray:
    """One id or several, as an array of integers or strings.

    Raises WrongTypeError for ids of another kind.
    """
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        values = [values]
    elif isinstance(values, (set, frozenset)):
        values = sorted(values)
    ids = plain_column(values, name, null="null vertex id")
    if ids.dtype.kind not in "iuO":
        raise WrongTypeError(f"{name} must hold integers or strings as vertex ids, not {ids.dtype}")
    return ids


def weight_name(name: str | None, graph_weight: str | None) -> str | None:
    """The weight column, if the graph has it. Raises InvalidArgumentError otherwise."""
    if name is not None and text("weight", name) != graph_weight:
        raise InvalidArgumentError(f"Weight column '{name}' not found in graph edges")
    return name
