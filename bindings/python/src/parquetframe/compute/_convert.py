"""Results as arrays and tables of the kind that the caller has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .._native.columns import try_import
from .._native.inputs import is_pandas
from ..exceptions import DependencyError
from ._columns import pyarrow_module
from ._results import Result


def polars_module() -> Any:
    """Polars. Raises DependencyError where it is missing."""
    polars = try_import("polars")
    if polars is None:
        raise DependencyError("polars", "this result")
    return polars


def array_of_kind(result: Result, index: int, kind: str, like: Any, inputs: Sequence[Any]) -> Any:
    """A column as an array of a kind.

    `like`: what a Series of pandas or Polars takes its name from, and its index where the lengths are equal.
    `inputs`: whose dtypes say how a Series holds nulls.
    """
    if kind == "numpy":
        return result.to_numpy(index)
    if kind == "list":
        return result.to_list(index)
    if kind == "tuple":
        return tuple(result.to_list(index))
    if kind == "polars":
        series = polars_module().from_arrow(result.to_pyarrow(index))
        return series.alias(like.name) if like is not None else series
    if kind == "pyarrow":
        return _like_arrow(result.to_pyarrow(index), like)
    return series_of(result, index, like, inputs)


def _like_arrow(values: Any, like: Any) -> Any:
    """Chunked where `like` is."""
    is_chunked = hasattr(like, "chunks")
    if hasattr(values, "chunks") == is_chunked:
        return values
    if is_chunked:
        return pyarrow_module().chunked_array([values])
    return values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)


def series_of(result: Result, index: int, like: Any, inputs: Sequence[Any]) -> Any:
    """A computed column as a pandas.Series."""

    from ._frames import new_values, series_over, style_of

    pandas_inputs = [
        values for values in inputs if hasattr(values, "dtype") and not isinstance(values, np.ndarray)
    ]
    values = new_values(result, index, style_of(pandas_inputs))
    labels = name = None
    if is_pandas(like, "Series"):
        labels, name = like.index, like.name
    elif is_pandas(like, "Index"):
        name = like.name
    if labels is not None and len(labels) != result.rows:
        labels = None
    return series_over(values, labels, name)


def table_of_kind(result: Result, kind: str, inputs: Sequence[Any] = (), index: Any = None) -> Any:
    """All columns as a table of a kind. `inputs`, `index`: of the columns of a DataFrame, and its index."""
    if kind == "table":
        return result.to_table()
    if kind == "pyarrow":
        return result.to_arrow()
    if kind == "polars":
        return polars_module().DataFrame(polars_module().from_arrow(result.to_arrow()))
    import pandas as pd

    from ._frames import frame_of, new_values, style_of

    style = style_of(inputs)
    labels = index if index is not None and len(index) == result.rows else pd.RangeIndex(result.rows)
    frame = frame_of({i: new_values(result, i, style) for i in range(len(result.fields))}, labels)
    frame.columns = [field.name for field in result.fields]
    return frame
