"""Rows of pandas objects: with their labels, and in the dtypes that they had.

Numbers, times and strings of Arrow are moved by the library; what only pandas knows (objects, categories,
periods) is moved by pandas, at the same positions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._native.library import Library
from ..exceptions import InvalidArgumentError
from ..expressions import quoted
from ._frames import frame_of, kept_values, new_values, series_over, style_of_dtype
from ._keys import condition_text, is_mask, mask_values, unused
from ._results import Result
from ._run import over
from ._sources import frame_columns, mentioned, of_columns


def _as_columns(data: Any, is_table: bool) -> dict[str, Any]:
    from ._tables import array_name

    if is_table:
        return frame_columns(data)
    import pandas as pd

    return {array_name(data): data if isinstance(data, pd.Series) else pd.Series(data)}


def _index(data: Any, count: int) -> Any:
    import pandas as pd

    return (
        data.index
        if hasattr(data, "index") and isinstance(data, (pd.DataFrame, pd.Series))
        else pd.RangeIndex(count)
    )


def _native_names(columns: dict[str, Any]) -> list[str]:
    import pandas as pd

    return [name for name, values in columns.items() if style_of_dtype(pd, values.dtype) != "other"]


def filter(
    native: Library,
    data: Any,
    is_table: bool,
    predicate: Any,
    names: list[str] | None,
    options: dict[str, Any],
) -> Any:
    """See `compute.filter`."""
    columns = _as_columns(data, is_table)
    wanted = list(columns) if names is None else names
    for name in wanted:
        if name not in columns:
            raise InvalidArgumentError(f"unknown column '{name}'; columns: {', '.join(columns)}")
    moved = [name for name in _native_names(columns) if name in wanted]
    place = unused("row", columns)
    sent = {name: columns[name] for name in columns if name in moved}
    sent[place] = np.arange(len(data))
    labels: dict[str, str] = {}
    if is_mask(predicate):
        mask = unused("mask", [*columns, place])
        sent[mask], text = mask_values(predicate), quoted(mask)
        labels[mask], labels[place] = "predicate", "data"
        ordered = {place: sent.pop(place)} | sent
        result = over(
            native,
            "filter",
            of_columns(native, ordered, labels),
            text,
            options | {"columns": [*moved, place]},
        )
    else:
        text = condition_text(predicate)
        more = {name: columns[name] for name in mentioned(list(columns), [text])}
        options = options | {"columns": [*moved, place]}
        try:
            result = over(native, "filter", of_columns(native, sent | more), text, options)
        except InvalidArgumentError:
            # The message names the columns that there are: all of them, and none but them.
            over(native, "evaluate", of_columns(native, columns), [text], {})
            raise
    positions = result.decoded(len(moved)).values
    return _assembled(data, is_table, columns, wanted, moved, result, positions, None)


def take(native: Library, data: Any, is_table: bool, indices: Any) -> Any:
    """See `compute.take`."""
    from ._rows import taken

    columns = _as_columns(data, is_table)
    moved = _native_names(columns)
    place = unused("row", columns)
    if not isinstance(indices, np.ndarray) or indices.dtype != np.int64 or len(moved) != len(columns):
        # Where nulls are, and that all are integers within the rows, the library says.
        rows = taken(native, of_columns(native, {place: np.arange(len(data))}), indices)
        column = rows.decoded(0)
        positions, valid = column.values, column.valid
    else:
        positions, valid = indices, None
    if not moved:
        return _assembled(data, is_table, columns, list(columns), [], None, positions, valid)
    result = taken(native, of_columns(native, {name: columns[name] for name in moved}), indices)
    return _assembled(data, is_table, columns, list(columns), moved, result, positions, valid)


def _assembled(
    data: Any,
    is_table: bool,
    columns: dict[str, Any],
    wanted: list[str],
    moved: list[str],
    result: Result | None,
    positions: np.ndarray,
    valid: np.ndarray | None,
) -> Any:
    """The rows at positions; `result` holds those of the columns that the library moved."""

    index = _taken(_index(data, len(data)), positions, valid)
    if valid is not None:
        positions = np.where(valid, positions, -1)
    made: dict[str, Any] = {}
    for name in wanted:
        values = columns[name]
        if name in moved:
            assert result is not None
            made[name] = kept_values(result, moved.index(name), values.dtype)
        else:
            made[name] = values.array.take(positions, allow_fill=valid is not None)
    if is_table:
        frame = frame_of(made, index)
        order = list(columns)
        frame.columns = data.columns.take([order.index(name) for name in wanted])
        return frame
    return series_over(made[wanted[0]], index, getattr(data, "name", None))


def _taken(index: Any, positions: np.ndarray, valid: np.ndarray | None) -> Any:
    """The labels of rows; missing where there is no row."""
    if valid is None:
        return index.take(positions)
    labels = index.take(np.where(valid, positions, 0)).to_series().to_numpy(object, copy=True)
    labels[~valid] = None
    import pandas as pd

    return pd.Index(labels).infer_objects() if len(labels) else index.take(positions)


def chosen(data: Any, names: list[str] | None) -> Any:
    """The columns of a DataFrame that have these names."""
    if names is None:
        return data
    known = [str(label) for label in data.columns]
    return data.iloc[:, [known.index(name) for name in names]]


def counted(result: Result, data: Any, is_table: bool) -> Any:
    """The rows of `value_counts`, whose labels are numbers from 0."""
    import pandas as pd

    columns = _as_columns(data, is_table)
    made: dict[str, Any] = {}
    for i, field in enumerate(result.fields[:-1]):
        dtype = columns[field.name].dtype
        if style_of_dtype(pd, dtype) != "other":
            made[field.name] = kept_values(result, i, dtype)
        else:
            made[field.name] = pd.Series(new_values(result, i, "plain")).astype(dtype).array
    last = len(result.fields) - 1
    made[result.fields[last].name] = new_values(result, last, "plain")
    return frame_of(made, pd.RangeIndex(result.rows))
