"""What kind of data a call was given, which is the kind that it gives back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from .._native.inputs import is_pandas
from ..exceptions import WrongTypeError


def _module(data: Any) -> str:
    return type(data).__module__.partition(".")[0]


def array_kind(data: Any) -> str | None:
    """The kind of an array: "numpy", "list", "tuple", "pandas", "polars" or "pyarrow"; None for what is none.

    Other things that export an Arrow array which is no table come back as those of pyarrow.
    """
    if isinstance(data, np.ndarray):
        return "numpy" if data.ndim else None
    if isinstance(data, list):
        return "list"
    if isinstance(data, tuple):
        return "tuple"
    if any(is_pandas(data, name) for name in ("Series", "Index", "ExtensionArray")):
        return "pandas"
    module, name = _module(data), type(data).__name__
    if module == "polars":
        return "polars" if name == "Series" else None
    if module == "pyarrow":
        is_array = hasattr(data, "type") and hasattr(data, "null_count") and not hasattr(data, "schema")
        return "pyarrow" if is_array else None
    return None


def table_kind(data: Any) -> str | None:
    """The kind of a table that comes back: "pandas", "polars", "pyarrow" or "table"; None for what is no
    table.
    """
    if is_pandas(data):
        return "pandas"
    module, name = _module(data), type(data).__name__
    if module == "polars":
        return "polars" if name in ("DataFrame", "LazyFrame") else None
    if array_kind(data) is not None:
        return None
    is_stream = hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")
    if module == "pyarrow" and is_stream:
        return "pyarrow"
    return "table" if is_stream or isinstance(data, (str, os.PathLike, Mapping)) else None


def kind_of(data: Any) -> tuple[str, bool]:
    """The kind, and whether it is a table. Raises WrongTypeError for what is neither a table nor an array."""
    kind = array_kind(data)
    if kind is not None:
        return kind, False
    kind = table_kind(data)
    if kind is None:
        raise WrongTypeError(
            "data must be a data frame, a pf.Table, a mapping of names to arrays, a path to Parquet, "
            f"or an array (of NumPy, pandas, Polars, pyarrow, or a list), not {type(data).__name__}"
        )
    return kind, True


# What an array's rows come back as where they are several columns.
TABLE_OF = {
    "numpy": "table",
    "list": "table",
    "tuple": "table",
    "pandas": "pandas",
    "polars": "polars",
    "pyarrow": "pyarrow",
}
