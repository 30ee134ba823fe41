"""Sums of floats without rounding: as integers, in units of the finest bit that is there."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

# A float is an integer of 53 bits times a power of two; halves of so many bits add up in int64.
_BITS = 53
_HALF = 27


def exact_sum(values: np.ndarray) -> Fraction:
    """The sum of finite float64. Time in proportion to the values; the order makes no difference."""
    mantissas, exponents = _parts(values)
    return _added([(mantissas, exponents)])


def exact_squares(values: np.ndarray) -> Fraction:
    """The sum of the squares of finite float64."""
    mantissas, exponents = _parts(values)
    high, low = mantissas >> _HALF, mantissas & ((1 << _HALF) - 1)
    exponents = 2 * exponents
    # Each product is below 2**54.
    return _added(
        [
            (high * high, exponents + 2 * _HALF),
            (high * low, exponents + _HALF + 1),
            (low * low, exponents),
        ]
    )


def nearest(value: Fraction) -> float:
    """The float that is nearest, an infinity beyond the greatest."""
    try:
        return value.numerator / value.denominator
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _parts(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    fractions, exponents = np.frexp(values)
    return np.ldexp(fractions, _BITS).astype(np.int64), exponents.astype(np.int64) - _BITS


def _added(parts: list[tuple[np.ndarray, np.ndarray]]) -> Fraction:
    total = Fraction(0)
    for integers, exponents in parts:
        if not len(integers):
            continue
        least = int(exponents.min())
        places = exponents - least
        # Of both halves, so that no sum leaves int64.
        sums = np.zeros((2, int(places.max()) + 1), np.int64)
        np.add.at(sums[0], places, integers >> _HALF)
        np.add.at(sums[1], places, integers & ((1 << _HALF) - 1))
        high, low = sums.tolist()
        whole = sum(
            ((h << _HALF) + part) << place for place, (h, part) in enumerate(zip(high, low, strict=True))
        )
        total += whole * Fraction(2) ** least
    return total
