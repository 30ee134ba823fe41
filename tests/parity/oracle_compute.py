"""What numbers give: plain Python integers, IEEE floats by NumPy, decimals by `decimal`, exact values by `fractions`."""

import math
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

DECIMALS = Context(prec=100)


def truncated_quotient(a, b):
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def remainder(a, b):
    """The remainder of the quotient rounded toward zero."""
    return a - b * truncated_quotient(a, b)


INTEGERS = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a // b": lambda a, b: a // b,
    "a % b": remainder,
    "floor_mod(a, b)": lambda a, b: a % b,
}


def within(function, mode, bits=64, signed=True):
    """The function of integers with the rule of an overflow mode: None for null."""
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)

    def apply(*values):
        try:
            result = function(*values)
        except ZeroDivisionError:
            assert mode != "error"
            return None
        if low <= result <= high:
            return result
        assert mode != "error", f"{values} overflow"
        return None if mode == "null" else (result - low) % 2**bits + low

    return apply


def ieee(function, kind=np.float64):
    """A function of floats by NumPy's arithmetic, which raises nothing."""

    def apply(*values):
        with np.errstate(all="ignore"):
            return float(function(*(kind(v) for v in values)))

    return apply


FLOATS = {
    "x + y": np.add,
    "x - y": np.subtract,
    "x * y": np.multiply,
    "x / y": np.divide,
    "x // y": lambda x, y: np.floor(np.divide(x, y)),
    "x % y": np.fmod,
    "floor_mod(x, y)": np.mod,
}


def quotient(a, b):
    """`/` of integers: both as float64."""
    return float(a) / float(b)


def decimal_text(value, scale):
    """A decimal with so many digits after its point."""
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-scale), context=DECIMALS):f}"


def decimals(operation, scale, rounding=ROUND_HALF_UP):
    """An operation on the texts of decimals, as the text of a decimal of a scale."""

    def apply(*values):
        exact = operation(*(Fraction(v) for v in values))
        return decimal_text(round_fraction(exact, scale, rounding), scale)

    return apply


def round_fraction(value, digits, rounding=ROUND_HALF_UP):
    """An exact number rounded to digits after the point (before it where negative), as a Decimal."""
    scaled = Fraction(value) * Fraction(10) ** digits
    if rounding == ROUND_FLOOR:
        whole = math.floor(scaled)
    elif rounding == ROUND_DOWN:
        whole = math.trunc(scaled)
    else:
        whole = math.floor(abs(scaled) + Fraction(1, 2)) * (1 if scaled >= 0 else -1)
    return Decimal(whole).scaleb(-digits, context=DECIMALS)


def round_float(value, digits=0):
    """What the binary value of a float rounds to, half away from zero."""
    if not math.isfinite(value):
        return value
    return math.copysign(float(round_fraction(value, digits)), value)


def round_integer(value, digits):
    return int(round_fraction(value, digits))


def sign(value):
    return value if value == 0 or value != value else math.copysign(1, value)


def guarded(function, *, invalid=math.nan):
    """A function of `math` that gives NaN where that raises."""

    def apply(*values):
        try:
            return function(*values)
        except ValueError:
            return invalid

    return apply


def cube_root(x):
    return math.cbrt(x)


def logarithm(function):
    def apply(x):
        if x == 0:
            return -math.inf
        return math.nan if x < 0 else function(x)

    return apply


def exponential(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def power(x, y):
    """C's pow, which Python's is but for what that raises."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
    except ValueError:
        if x != 0:
            return math.nan
        return math.copysign(math.inf, x) if y % 2 == 1 else math.inf


FUNCTIONS = {
    "sqrt": guarded(math.sqrt),
    "cbrt": cube_root,
    "exp": exponential,
    "ln": logarithm(math.log),
    "log10": logarithm(math.log10),
    "log2": logarithm(math.log2),
    "sin": guarded(math.sin),
    "cos": guarded(math.cos),
    "tan": guarded(math.tan),
    "asin": guarded(math.asin),
    "acos": guarded(math.acos),
    "atan": math.atan,
    "radians": math.radians,
    "degrees": math.degrees,
}


def whole(function):
    """floor, ceil or trunc of a float, which keeps the sign of zero."""

    def apply(x):
        return math.copysign(float(function(x)), x) if math.isfinite(x) else x

    return apply


def width_bucket(x, low, high, count):
    if math.isnan(x):
        return None
    if low > high:
        x, low, high = -x, -low, -high
    if x < low:
        return 0
    if x >= high:
        return count + 1
    return math.floor((Fraction(x) - Fraction(low)) / (Fraction(high) - Fraction(low)) * count) + 1


def cut(x, *edges):
    inside = [i for i, (low, high) in enumerate(pairwise(edges)) if low < x <= high]
    return inside[0] if inside else None


def _mix(x):
    x &= 2**64 - 1
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) % 2**64
    return x ^ (x >> 31)


GOLDEN = 0x9E3779B97F4A7C15
NULL, BOOLEAN, INTEGER, FLOATING, BYTES = 1, 2, 3, 5, 11


def _seed(kind):
    return _mix(kind * GOLDEN)


def _xxh64(data, seed):
    """XXH64 as its specification has it."""
    p1, p2, p3, p4, p5 = (
        0x9E3779B185EBCA87,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0x85EBCA77C2B2AE63,
        0x27D4EB2F165667C5,
    )
    mask = 2**64 - 1
    rotate = lambda x, n: ((x << n) | (x >> (64 - n))) & mask
    word = lambda i, n: int.from_bytes(data[i : i + n], "little")
    turn = lambda lane, value: (rotate((lane + value * p2) & mask, 31) * p1) & mask
    at = 0
    if len(data) >= 32:
        lanes = [(seed + p1 + p2) & mask, (seed + p2) & mask, seed, (seed - p1) & mask]
        while at + 32 <= len(data):
            lanes = [turn(lane, word(at + 8 * i, 8)) for i, lane in enumerate(lanes)]
            at += 32
        h = sum(rotate(lane, n) for lane, n in zip(lanes, (1, 7, 12, 18), strict=True)) & mask
        for lane in lanes:
            h = ((h ^ turn(0, lane)) * p1 + p4) & mask
    else:
        h = (seed + p5) & mask
    h = (h + len(data)) & mask
    while at + 8 <= len(data):
        h = (rotate(h ^ turn(0, word(at, 8)), 27) * p1 + p4) & mask
        at += 8
    if at + 4 <= len(data):
        h = (rotate(h ^ (word(at, 4) * p1 & mask), 23) * p2 + p3) & mask
        at += 4
    for byte in data[at:]:
        h = (rotate(h ^ (byte * p5 & mask), 11) * p1) & mask
    h = ((h ^ (h >> 33)) * p2) & mask
    h = ((h ^ (h >> 29)) * p3) & mask
    return h ^ (h >> 32)


def hash_value(value):
    """The documented hash of one value."""
    if value is None:
        return _mix(_seed(NULL))
    if isinstance(value, bool):
        return _mix(_seed(BOOLEAN) + value)
    if isinstance(value, int):
        return _mix(_seed(INTEGER) + value % 2**64)
    if isinstance(value, float):
        bits = 0x7FF8000000000000 if math.isnan(value) else int(np.float64(value + 0.0).view(np.uint64))
        return _mix(_seed(FLOATING) + bits)
    return _xxh64(value.encode(), _seed(BYTES))


def hash_row(*values):
    first, *others = (hash_value(v) for v in values)
    for other in others:
        first = _mix(first * GOLDEN + other)
    return first
