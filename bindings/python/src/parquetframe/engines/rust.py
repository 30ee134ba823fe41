"""The Rust engine: the kernels of `pf.compute`, in the library."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import compute
from .._native.inputs import is_pandas
from ..exceptions import UnsupportedError
from ._reductions import expressions, kernel_options, of_arrow

__all__ = ["aggregate", "evaluate", "filter", "reduce"]

evaluate = compute.evaluate
filter = compute.filter
aggregate = compute.aggregate


def reduce(data: Any, function: str, *arguments: Any, **options: Any) -> Any:
    """The reduction of every column.

    `data`: a pandas.DataFrame gives a Series with the labels and the dtype that pandas' own method gives; a
    pf.Table or a table of pyarrow gives one row. `function`: "sum", "mean", "median", "min", "max", "count",
    "var" or "std". `options`: `numeric_only`, and `ddof` of "var" and "std".

    NaN is missing in pandas and a number in Arrow data; nulls are skipped. Sums and means of floats are
    exact and rounded once, where pandas rounds at each step; sums of integers wrap in pandas data, as
    pandas' do, and fail in Arrow data. Sums of no values are 0 in pandas data and null in Arrow data.

    Raises UnsupportedError for other functions and options, and for columns of pandas that are not integers
    or floats of NumPy; WrongTypeError for columns of Arrow data that a function does not take. One pass;
    the bits do not depend on the number of threads.
    """
    chosen = kernel_options(function, arguments, options)
    if not is_pandas(data):
        return aggregate(data, *of_arrow(data, function, chosen))
    return _of_pandas(data, function, chosen)


def is_plain(dtype: Any) -> bool:
    """Whether a column of pandas is of integers or floats that the kernels read where they are."""
    return isinstance(dtype, np.dtype) and (dtype.kind in "iu" or (dtype.kind == "f" and dtype.itemsize >= 4))


def _of_pandas(data: Any, function: str, options: dict[str, Any]) -> Any:
    import pandas as pd

    if options.get("numeric_only"):
        data = data.select_dtypes(include=["number", "bool"])
    # The labels and the dtype of the result are those of the first rows, whatever pandas makes of them.
    with np.errstate(all="ignore"):
        like = getattr(data.iloc[:2], function)(**options)
    if not len(data) or not len(data.columns):
        return like
    for label, dtype in zip(data.columns, data.dtypes, strict=True):
        if not is_plain(dtype):
            raise UnsupportedError(f"column '{label}' is of type {dtype}: {function} of it is for pandas")
    names = [f"c{i}" for i in range(len(data.columns))]
    columns = {name: data.iloc[:, i].to_numpy() for i, name in enumerate(names)}
    wanted = expressions(names, function, options)
    made = aggregate(columns, *wanted, overflow="wrap", nan="null").to_pydict()
    missing = 0 if function == "sum" else np.nan
    values = [missing if made[name][0] is None else made[name][0] for name in names]
    if function == "median":
        # Of infinities and near the ends of the range pandas has another middle.
        values = [v if np.isfinite(v) else data.iloc[:, i].median() for i, v in enumerate(values)]
    return pd.Series(np.array(values).astype(like.dtype), index=like.index)
