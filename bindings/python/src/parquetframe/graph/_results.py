"""Results of the Rust library as pandas frames, in one pass and without a Table in between."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from .._native.columns import try_import
from .._native.library import Library
from .._native.streams import Stream
from ..exceptions import DependencyError
from ..table import Table

if TYPE_CHECKING:
    import pandas as pd

# Columns that are of a nullable type even if there is no null in them.
NULLABLE = ("predecessor",)


class Result:
    """What a kernel gave. It is read once: as a Table, or as a pandas frame.

    `missing` says for columns what stands in them instead of null.
    """

    def __init__(self, library: Library, stream: Stream, missing: Mapping[str, float] | None = None) -> None:
        self.library = library
        self.stream = stream
        self.missing = missing or {}

    def to_table(self) -> Table:
        """The rows as a Table: the kernel's memory, without a copy unless there are nulls to replace."""
        if self.missing:
            pyarrow = try_import("pyarrow")
            if pyarrow is None:
                raise DependencyError("pyarrow", "a Table with vertices that are not reached")
            import pyarrow.compute as pc

            arrow = self._read(pyarrow)
            for name, value in self.missing.items():
                index = arrow.column_names.index(name)
                if arrow[name].null_count:
                    arrow = arrow.set_column(index, name, pc.fill_null(arrow[name], value))
            return Table._of(arrow=arrow)
        return Table._of_stream(self.library, self.stream)

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a frame of its own memory; facts about the run are in its `attrs`."""
        pyarrow = try_import("pyarrow")
        if pyarrow is None:
            return self._by_table()
        import pandas as pd

        arrow = self._read(pyarrow)
        names = tuple(arrow.column_names)
        columns = {
            index: self._column(pd, name, values)
            for index, (name, values) in enumerate(zip(names, arrow.columns, strict=True))
        }
        # Small integers as labels, and the names afterwards: half of what the constructor takes is the names.
        frame = pd.DataFrame(columns, copy=False)
        frame.columns = _labels(names).view()
        for key, value in (arrow.schema.metadata or {}).items():
            if key.startswith(b"parquetframe."):
                frame.attrs[key.decode()] = value.decode()
        return frame

    def _read(self, pyarrow: Any) -> Any:
        return pyarrow.RecordBatchReader._import_from_c(self.stream.address).read_all()

    def _column(self, pd: Any, name: str, values: Any) -> Any:
        try:
            dtype = np.dtype(values.type.to_pandas_dtype())
        except NotImplementedError:
            dtype = np.dtype(object)
        if dtype.kind not in "iufb":
            return _texts(pd, values)
        if not values.num_chunks:
            empty = np.empty(0, dtype)
            return pd.arrays.IntegerArray(empty, empty.astype(bool)) if name in NULLABLE else empty
        chunk = values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()
        if name in NULLABLE:
            stored = np.frombuffer(chunk.buffers()[1], dtype)[chunk.offset : chunk.offset + len(chunk)]
            return pd.arrays.IntegerArray(stored.copy(), _missing(chunk))
        if chunk.null_count:
            chunk = chunk.fill_null(self.missing[name])
        return chunk.to_numpy(zero_copy_only=False).copy()

    def _by_table(self) -> pd.DataFrame:
        """The same without pyarrow."""
        frame = Table._of_stream(self.library, self.stream).to_pandas()
        for name, value in self.missing.items():
            dtype = np.dtype(type(value))
            frame[name] = frame[name].fillna(value).astype(dtype)
        return frame


def number_text(value: float) -> str:
    """A number as the library writes it in facts and messages: the fewest digits, no exponent."""
    return "NaN" if value != value else np.format_float_positional(value, trim="-")


def _missing(chunk: Any) -> np.ndarray:
    """Where an array of Arrow is null. NumPy unpacks the bits faster than pyarrow does."""
    bits = chunk.buffers()[0] if chunk.null_count else None
    if bits is None:
        return np.zeros(len(chunk), bool)
    packed = np.frombuffer(bits, np.uint8)
    there = np.unpackbits(packed, count=chunk.offset + len(chunk), bitorder="little")[chunk.offset :]
    return there == 0


@lru_cache(maxsize=64)
def _labels(names: tuple[str, ...]) -> Any:
    import pandas as pd

    return pd.Index(names)


def _texts(pd: Any, values: Any) -> Any:
    """Strings as pandas holds them: from version 3 on in Arrow's memory, before as objects."""
    if int(pd.__version__.partition(".")[0]) < 3:
        return values.to_numpy(zero_copy_only=False)
    return pd.StringDtype("pyarrow", na_value=np.nan).__from_arrow__(values)
