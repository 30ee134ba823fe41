"""Checks of single values, done once for all engines: a value of another type is a WrongTypeError, one out of
range an InvalidArgumentError, and both name the argument.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from .exceptions import InvalidArgumentError, WrongTypeError


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


def not_negative(name: str, value: Any) -> int:
    """An integer from 0 on."""
    number = integer(name, value)
    if number < 0:
        raise InvalidArgumentError(f"{name} must not be negative, not {number}")
    return number
