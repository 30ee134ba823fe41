"""Where the Rust kernels pay on pandas data: limits that benches/engines/run.py measured, with two threads.

A call of the library costs half a millisecond and more before it looks at a row, in which NumPy does some
hundred thousand. On Arrow data, where the pandas engine converts what the library reads in place, Rust always
pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .._native.inputs import is_pandas
from ..compute._sources import mentioned
from ..expressions import Expression
from .rust import is_plain

# Rows from which filters and expressions over numbers are quicker on Rust: at 10^6 NumPy takes 0.4 to 0.8 of
# its time, at 3 * 10^6 0.4 to 1.2, at 10^7 0.7 to 1.7.
PLAIN_ROWS = 3_000_000
# The same where a column is of strings, times or categories, on which NumPy calls Python for every row: at
# 10^4 0.7 to 0.9 of Rust's time, at 10^5 2.1 to 2.5, at 10^6 4 to 21 times.
OTHER_ROWS = 20_000
# The same for aggregates of numbers: at 10^4 0.1 to 0.8, at 3 * 10^5 0.3 (min) to 12 times (std).
AGGREGATE_ROWS = 200_000
# Rows from which a reduction of a frame of numbers is quicker than pandas' own method, which reads memory
# as fast: var and std 1.5 to 1.8 times, median 1.5, mean 1.8, min and max 1.1 to 1.5, count 1.6. A sum
# never is: pandas takes 0.6 of the time at 10^7.
REDUCTION_ROWS = {
    "var": 1_000_000,
    "std": 1_000_000,
    "median": 1_000_000,
    "mean": 3_000_000,
    "min": 3_000_000,
    "max": 3_000_000,
    "count": 3_000_000,
}


def filter_pays(data: Any, predicate: Any) -> bool:
    """Whether a filter is quicker on Rust."""
    if isinstance(predicate, (str, Expression)):
        return expressions_pay(data, [str(predicate)])
    return not is_pandas(data) or len(data) >= PLAIN_ROWS


def expressions_pay(data: Any, texts: Sequence[str], plain_rows: int | None = None) -> bool:
    """Whether expressions are quicker on Rust.

    `plain_rows`: the limit where all their columns are numbers, PLAIN_ROWS by default.
    """
    if not is_pandas(data):
        return True
    plain_rows = PLAIN_ROWS if plain_rows is None else plain_rows
    names = [str(label) for label in data.columns]
    needed = set(mentioned(names, texts))
    dtypes = [dtype for name, dtype in zip(names, data.dtypes, strict=True) if name in needed]
    is_plain_data = all(is_plain(dtype) or dtype == np.bool_ for dtype in dtypes)
    return len(data) >= (plain_rows if is_plain_data else OTHER_ROWS)


def aggregates_pay(data: Any, texts: Sequence[str]) -> bool:
    """Whether aggregates are quicker on Rust."""
    return expressions_pay(data, texts, AGGREGATE_ROWS)


def reduction_pays(data: Any, function: str) -> bool:
    """Whether a reduction of all columns is quicker on Rust; never where pandas has to do one of them."""
    if not is_pandas(data):
        return not is_pandas(data, "Series")
    limit = REDUCTION_ROWS.get(function)
    return limit is not None and len(data) >= limit and all(is_plain(dtype) for dtype in data.dtypes)
