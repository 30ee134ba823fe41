"""Computed columns as what the caller has: pandas columns in the dtypes that `pf.compute` gives, Arrow
arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import types
from .columns import Column
from .types import BOOL, NULL, STRING


def arrow_array(column: Column, rows: int) -> Any:
    """A pyarrow.Array of `rows` values."""
    import pyarrow as pa

    kind = column.type
    if kind == NULL:
        return pa.nulls(rows)
    values = np.broadcast_to(column.values, rows)
    mask = None if column.valid is None else ~np.broadcast_to(column.valid, rows)
    if kind == STRING:
        return pa.array(values.tolist(), pa.string(), mask=mask)
    made = pa.array(np.ascontiguousarray(values), mask=mask)
    if kind.kind == "timestamp":
        return made.cast(pa.timestamp(kind.unit, kind.zone))
    return made.cast(pa.date32()) if kind == types.DATE else made


def pandas_values(column: Column, rows: int, style: str) -> Any:
    """What makes a Series. `style`: how nulls are held, as `compute._frames.style_of` says."""
    import pandas as pd

    from ...compute._frames import masked_values
    from ...table import _has_str

    kind = column.type
    if style == "arrow":
        return pd.arrays.ArrowExtensionArray(arrow_array(column, rows))
    valid = None if column.valid is None else np.broadcast_to(column.valid, rows)
    if valid is not None and valid.all():
        valid = None
    if kind.is_number or kind == BOOL:
        values = np.array(np.broadcast_to(column.values, rows))
        if style == "masked":
            return masked_values(pd, values, valid)
        if valid is None:
            return values
        if kind.kind != "float":
            return masked_values(pd, values, valid)
        values[~valid] = np.nan
        return values
    arrow = arrow_array(column, rows)
    if kind == STRING and style != "masked" and not _has_str(pd):
        objects = np.empty(rows, object)
        objects[:] = arrow.to_pylist()
        return objects
    if kind == STRING:
        return pd.array(arrow, dtype="string" if style == "masked" else "str")
    if kind.kind == "timestamp" and kind.zone is None:
        return arrow.to_numpy(zero_copy_only=False)
    made = arrow.to_pandas()
    return made.array if hasattr(made, "array") else made


def table_like(
    kind: str,
    columns: Mapping[int, Column],
    names: Sequence[str],
    rows: int,
    inputs: Sequence[Any],
    index: Any,
) -> Any:
    """Columns as a table of a kind: "pandas", "pyarrow" or "table".

    `inputs`: the pandas columns whose dtypes say how nulls are held; `index`: the labels, None for numbers.
    """
    if kind == "pandas":
        import pandas as pd

        from ...compute._frames import frame_of, style_of

        style = style_of(inputs)
        labels = index if index is not None else pd.RangeIndex(rows)
        frame = frame_of({i: pandas_values(column, rows, style) for i, column in columns.items()}, labels)
        frame.columns = list(names)
        return frame
    import pyarrow as pa

    made = pa.table([arrow_array(column, rows) for column in columns.values()], list(names))
    return made if kind == "pyarrow" else as_table(made)


def as_table(arrow: Any) -> Any:
    """A pf.Table of a pyarrow.Table."""
    from ...table import Table

    return Table(arrow)
