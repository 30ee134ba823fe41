"""Results as pandas objects: of the dtypes that the data had, as far as these can hold them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._native.decode import decodable
from ..table import _has_str
from ._results import Result


def style_of(arrays: Any) -> str:
    """How results for these columns hold nulls: "masked" where one is of a nullable dtype, "arrow" where one
    is of an ArrowDtype, else "plain".
    """
    import pandas as pd

    styles = {style_of_dtype(pd, array.dtype) for array in arrays}
    return next((style for style in ("masked", "arrow") if style in styles), "plain")


def style_of_dtype(pd: Any, dtype: Any) -> str:
    """The same for one dtype; "other" for what only pandas itself can take rows of."""
    if isinstance(dtype, np.dtype):
        return "plain" if dtype.kind in "biufmM" and dtype.itemsize <= 8 else "other"
    if isinstance(dtype, pd.ArrowDtype):
        return "arrow"
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "plain"
    if isinstance(dtype, pd.StringDtype):
        return "string" if dtype.storage == "pyarrow" else "other"
    is_masked = hasattr(dtype, "numpy_dtype") and hasattr(dtype, "_is_numeric") and dtype.kind in "biuf"
    return "masked" if is_masked else "other"


def new_values(result: Result, index: int, style: str) -> Any:
    """A computed column as what makes a Series of the style."""
    import pandas as pd

    field = result.fields[index]
    if style == "arrow":
        return arrow_values(pd, result, index)
    if decodable(field) and field.format not in ("u", "U", "vu", "n"):
        column = result.decoded(index)
        values, valid = column.values, column.valid
        if style == "masked" and values.dtype != np.float16:
            return masked_values(pd, values, valid)
        if valid is None:
            return values
        if values.dtype.kind == "f":
            values[~valid] = np.nan
            return values
        # No dtype of NumPy holds these and nulls.
        return masked_values(pd, values, valid)
    if not field.dictionary and field.format in ("u", "U", "vu"):
        return string_values(pd, result, index, "string" if style == "masked" else None)
    if not field.dictionary and (
        field.format[:2] == "tD" or (field.format[:2] == "ts" and field.format[-1] == ":")
    ):
        return result.to_numpy(index)
    values = result.to_pyarrow(index).to_pandas()
    return values.array if hasattr(values, "array") else values


def string_values(pd: Any, result: Result, index: int, dtype: Any) -> Any:
    """Strings in a dtype; None: that of plain strings in this pandas."""
    arrow = result.to_pyarrow(index)
    if dtype is None:
        if not _has_str(pd):
            objects = np.empty(len(arrow), object)
            objects[:] = arrow.to_pylist()
            return objects
        dtype = "str"
    return pd.array(arrow, dtype=dtype)


def masked_values(pd: Any, values: np.ndarray, valid: np.ndarray | None) -> Any:
    """Numbers or booleans with a mask."""
    missing = np.zeros(len(values), bool) if valid is None else ~valid
    if values.dtype == bool:
        return pd.arrays.BooleanArray(values, missing)
    made = pd.arrays.FloatingArray if values.dtype.kind == "f" else pd.arrays.IntegerArray
    return made(values, missing)


def arrow_values(pd: Any, result: Result, index: int) -> Any:
    """A column as pandas holds Arrow data."""
    return pd.arrays.ArrowExtensionArray(result.to_pyarrow(index))


def kept_values(result: Result, index: int, dtype: Any) -> Any:
    """A column whose rows were chosen, in the dtype that it had, or the next that holds its nulls."""
    import pandas as pd

    style = style_of_dtype(pd, dtype)
    if style == "string":
        return string_values(pd, result, index, dtype)
    if style == "plain" and not isinstance(dtype, np.dtype):
        values = result.to_pyarrow(index).to_pandas()
        return values.astype(dtype).array
    if style == "plain" and dtype.kind in "mM":
        return result.to_numpy(index).astype(dtype, copy=False)
    return new_values(result, index, style)


def series_over(values: Any, index: Any, name: Any = None) -> Any:
    """A Series of an array as it is: pandas does not look for a better dtype."""
    import pandas as pd

    return pd.Series(values, index=index, name=name, dtype=values.dtype, copy=False)


def frame_of(columns: dict[Any, Any], index: Any) -> Any:
    """A DataFrame of columns, without a copy of those of NumPy."""
    import pandas as pd

    return pd.DataFrame(
        {name: series_over(values, index) for name, values in columns.items()},
        index=index,
        copy=False,
    )
