"""What aggregates, windows and operations on rows give: exact sums by `fractions`, quantiles by NumPy, skewness and
kurtosis by pandas, and plain Python for the rest. Lists of values, None for null."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd


def known(values):
    return [v for v in values if v is not None]


def special(values):
    """Whether there is NaN or an infinity."""
    return any(isinstance(v, float) and not math.isfinite(v) for v in values)


def total(values):
    """The sum, of floats rounded once."""
    values = known(values)
    if not values:
        return None
    if not isinstance(values[0], float):
        return sum(values)
    if special(values):
        return sum(values)
    return float(sum(map(Fraction, values))) if any(values) else float(sum(values))


def mean(values):
    values = known(values)
    if not values:
        return None
    if special(values):
        return sum(values) / len(values)
    return float(sum(map(Fraction, values)) / len(values))


def product(values):
    values = known(values)
    return math.prod(values) if values else None


def order(value):
    """A key: NaN after all numbers, zeros of both signs equal, text by its bytes."""
    if isinstance(value, str):
        return (0, value.encode())
    return (1, 0) if value != value else (0, value)


def least(values):
    values = known(values)
    numbers = [v for v in values if v == v]
    signed = lambda v: (v, math.copysign(1, v)) if isinstance(v, float) else order(v)
    return min(numbers, key=signed) if numbers else values[0] if values else None


def greatest(values):
    values = known(values)
    numbers = [v for v in values if v == v]
    signed = lambda v: (v, math.copysign(1, v)) if isinstance(v, float) else order(v)
    return max(numbers, key=signed) if numbers else values[0] if values else None


def variance(values, ddof=1):
    values = known(values)
    if len(values) <= ddof:
        return None
    if special(values):
        return math.nan
    exact = [Fraction(v) for v in values]
    middle = sum(exact) / len(exact)
    return float(sum((v - middle) ** 2 for v in exact) / (len(exact) - ddof))


def deviation(values, ddof=1):
    result = variance(values, ddof)
    return None if result is None else math.sqrt(result)


def skew(values):
    values = known(values)
    if len(values) < 3:
        return None
    if special(values) or len(set(values)) == 1:
        # 0/0: pandas 3 gives NaN where all are equal, earlier versions 0.
        return math.nan
    return float(pd.Series(values, dtype="float64").skew())


def kurtosis(values):
    values = known(values)
    if len(values) < 4:
        return None
    if special(values) or len(set(values)) == 1:
        return math.nan
    return float(pd.Series(values, dtype="float64").kurt())


def covariance(x, y, ddof=1):
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    if len(pairs) <= ddof:
        return None
    if special([v for pair in pairs for v in pair]):
        return math.nan
    a, b = ([Fraction(v) for v in side] for side in zip(*pairs, strict=True))
    ma, mb = sum(a) / len(a), sum(b) / len(b)
    return float(sum((p - ma) * (q - mb) for p, q in zip(a, b, strict=True)) / (len(a) - ddof))


def correlation(x, y):
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    if len(pairs) < 2:
        return None
    a, b = (list(side) for side in zip(*pairs, strict=True))
    if special(a + b) or len(set(a)) == 1 or len(set(b)) == 1:
        return math.nan
    return float(np.corrcoef(np.array(a, dtype="float64"), np.array(b, dtype="float64"))[0, 1])


def quantile(values, q, interpolation="linear"):
    values = known(values)
    if not values:
        return None
    if any(v != v for v in values):
        return math.nan
    if special(values):
        at = (len(values) - 1) * q
        low, high = sorted(values)[math.floor(at)], sorted(values)[math.ceil(at)]
        return low if low == high else low + (high - low) * (at - math.floor(at))
    return float(np.quantile(np.array(values, dtype="float64"), q, method=interpolation))


def one_value(value):
    """What counts as one value: all NaN, and zeros of both signs."""
    if isinstance(value, float):
        return "NaN" if value != value else value + 0.0
    return value


def count_distinct(values):
    return len({one_value(v) for v in known(values)})


def mode(values):
    groups = {}
    for v in known(values):
        groups.setdefault(one_value(v), []).append(v)
    most = max(map(len, groups.values()), default=0)
    # Of equal values what is shown is the value, without the sign of a zero.
    candidates = [group[0] for group in groups.values() if len(group) == most]
    best = min(candidates, key=order, default=None)
    return best + 0.0 if isinstance(best, float) else best


def running(values, start, fold):
    """A value per row from those up to it; nulls are passed over."""
    state, out = start, []
    for v in values:
        if v is None:
            out.append(None)
            continue
        state = v if state is None else fold(state, v)
        out.append(state)
    return out


def shift(values, n=1, fill=None):
    at = lambda i: values[i - n] if 0 <= i - n < len(values) else fill
    return [at(i) for i in range(len(values))]


def paired(function, values, n):
    """A function of a row's value and that of the row n before."""
    before = shift(values, n)
    return [None if a is None or b is None else function(a, b) for a, b in zip(values, before, strict=True)]


def rank(values, method="average", descending=False):
    places = {}
    rows = [i for i, v in enumerate(values) if v is not None]
    key = lambda i: order(one(values[i]))
    one = lambda v: v + 0.0 if isinstance(v, float) else v
    # Python's sort is stable, also in reverse.
    for place, i in enumerate(sorted(rows, key=key, reverse=descending), 1):
        places.setdefault(key(i), []).append((place, i))
    out = [None] * len(values)
    for dense, group in enumerate(places.values(), 1):
        first, last = group[0][0], group[-1][0]
        for place, i in group:
            out[i] = {"average": (first + last) / 2, "min": first, "max": last, "dense": dense, "ordinal": place}[method]
    return out


def windows(values, size, center=False):
    """The rows of the window of each row; of two rows in the middle it is the later."""
    after = (size - 1) // 2 if center else 0
    return [values[max(i + after - size + 1, 0) : i + after + 1] for i in range(len(values))]


def time_windows(values, by, length):
    """The rows up to a row that are less than a length before it."""
    return [
        [v for v, at in zip(values[: i + 1], by[: i + 1], strict=True) if at is not None and at > by[i] - length]
        for i in range(len(values))
    ]


ROLLING = {
    "rolling_sum": total,
    "rolling_mean": mean,
    "rolling_min": least,
    "rolling_max": greatest,
    "rolling_var": variance,
    "rolling_std": deviation,
    "rolling_median": lambda values: quantile(values, 0.5),
}


def rolling(function, all_windows, least_rows):
    return [function(w) if len(known(w)) >= least_rows else None for w in all_windows]


def forward_fill(values, limit=None):
    out = []
    for i in range(len(values)):
        back = next((k for k in range(i + 1) if values[i - k] is not None), None)
        out.append(None if back is None or (limit is not None and back > limit) else values[i - back])
    return out


def backward_fill(values, limit=None):
    return forward_fill(values[::-1], limit)[::-1]


def qcut(values, count):
    """pandas' bins of as many rows each as can be."""
    bins = pd.qcut(pd.Series([math.nan if v is None else v for v in values], dtype="float64"), count, labels=False, duplicates="drop")
    return [None if b != b else int(b) for b in bins]


def sort(table, *keys):
    """The positions of the rows in order. A key: values, descending, nulls first."""
    rows = list(range(table.rows))
    for values, descending, nulls_first in reversed(keys):
        present = sorted((i for i in rows if values[i] is not None), key=lambda i, v=values: order(v[i]), reverse=descending)
        # A stable sort in reverse keeps the order of equal rows in Python.
        nulls = [i for i in rows if values[i] is None]
        rows = nulls + present if nulls_first else present + nulls
    return rows


def distinct(table):
    """Position of the first row of each kind, and how many there are."""
    found = {}
    for i, row in enumerate(zip(*(values for _, values in table.columns.values()), strict=True)):
        found.setdefault(tuple((type(v).__name__, one_value(v)) for v in row), []).append(i)
    return [rows[0] for rows in found.values()], [len(rows) for rows in found.values()]
