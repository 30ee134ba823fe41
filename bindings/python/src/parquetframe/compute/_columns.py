"""Arrays of all kinds on their way into the library: as Arrow arrays, numbers without a copy."""

from __future__ import annotations

import decimal
from typing import Any

import numpy as np

from .._native import capsules
from .._native._ctypes_decl import ArrowArray, ArrowSchema
from .._native.columns import try_import
from .._native.decode import FORMATS
from .._native.inputs import _fill, is_pandas
from .._native.library import Library
from .._native.streams import Owned, Stream
from ..exceptions import DependencyError, InvalidArgumentError, WrongTypeError


def pyarrow_module() -> Any:
    """pyarrow, for the types that NumPy has not. Raises DependencyError where it is missing."""
    pyarrow = try_import("pyarrow")
    if pyarrow is None:
        raise DependencyError("pyarrow", "columns other than numbers")
    return pyarrow


def is_plain(values: Any) -> bool:
    """Whether values are numbers or booleans that NumPy holds as Arrow does."""
    return isinstance(values, np.ndarray) and (
        values.dtype == bool or values.dtype.newbyteorder("=") in FORMATS
    )


def exportable(values: Any, label: str) -> Any:
    """Values as a NumPy array of plain numbers, or as something that exports Arrow data.

    Raises WrongTypeError for values that no column can hold, and for those of several types;
    InvalidArgumentError for an array that has not one dimension.
    """
    if is_pandas(values, "Series") or is_pandas(values, "Index"):
        if isinstance(values.dtype, np.dtype) and values.dtype.kind in "biuf":
            values = values.to_numpy()
        else:
            return _by_pyarrow(values, label, from_pandas=True)
    if isinstance(values, range):
        return np.arange(values.start, values.stop, values.step)
    if isinstance(values, np.ndarray):
        return _of_numpy(values, label)
    if isinstance(values, (list, tuple)):
        return _by_pyarrow(list(values), label)
    if hasattr(values, "__arrow_c_array__") or hasattr(values, "__arrow_c_stream__"):
        return values
    if is_pandas(values, "ExtensionArray"):
        return _by_pyarrow(values, label, from_pandas=True)
    raise WrongTypeError(f"{label} must be an array or a list, not {type(values).__name__}")


def _of_numpy(values: np.ndarray, label: str) -> Any:
    if values.ndim != 1:
        raise InvalidArgumentError(f"{label} must have one dimension, not {values.ndim}")
    dtype = values.dtype
    if dtype.kind in "biuf" and not dtype.isnative:
        values = values.astype(dtype.newbyteorder("="))
    if is_plain(values):
        return values
    if dtype.kind in "mM":
        unit = np.datetime_data(dtype)[0]
        if dtype.kind == "M" and unit in ("Y", "M", "W"):
            values = values.astype("datetime64[D]")
        elif dtype.kind == "m" and unit in ("W", "D", "h", "m"):
            values = values.astype("timedelta64[s]")
        return _by_pyarrow(values, label)
    if dtype.kind == "f" and dtype.itemsize == 2:
        return _by_pyarrow(values, label)
    if dtype.kind in "OUS":
        return _by_pyarrow(values.tolist() if dtype.kind == "O" else values, label, may_mix=True)
    raise WrongTypeError(f"{label} holds {dtype}, which is no type of a column")


def _by_pyarrow(values: Any, label: str, from_pandas: bool = False, may_mix: bool = False) -> Any:
    pyarrow = pyarrow_module()
    try:
        try:
            made = pyarrow.array(values, from_pandas=from_pandas)
        except OverflowError:
            made = pyarrow.array(values, pyarrow.uint64(), from_pandas=from_pandas)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
            if not may_mix:
                raise
            # NaN among objects is how pandas writes a null.
            made = pyarrow.array(values, from_pandas=True)
    except (pyarrow.ArrowException, OverflowError, decimal.DecimalException) as error:
        raise WrongTypeError(f"{label} holds values that are of no one type of a column: {error}") from None
    if getattr(made.type, "extension_name", None):
        raise WrongTypeError(f"{label} holds {made.type}, which is no type of a column")
    return made


def chunk(library: Library, values: Any, label: str) -> tuple[Owned, Owned] | None:
    """What `exportable` gave as one Arrow array and its schema; None where it has several chunks, or none."""
    array, schema = Owned(ArrowArray()), Owned(ArrowSchema())
    if isinstance(values, np.ndarray):
        _fill(library, values, (label, False), array.struct, schema.struct, borrow=True)
        return array, schema
    if hasattr(values, "__arrow_c_array__"):
        schema_capsule, array_capsule = values.__arrow_c_array__()
        capsules.move(capsules.pointer(schema_capsule, ArrowSchema), schema.struct)
        capsules.move(capsules.pointer(array_capsule, ArrowArray), array.struct)
        return array, schema
    stream = Stream.of(values)
    schema = stream.schema_struct()
    first = only_batch(stream)
    return None if first is None else (first, schema)


def only_batch(stream: Stream) -> Owned | None:
    """The batch of a stream; None where it has several, or none."""
    batches = stream.batches()
    first = next(batches, None)
    return None if first is None or next(batches, None) is not None else first
