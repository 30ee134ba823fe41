"""One face for the frames of all engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._arguments import not_negative
from .._engines import engine_named, require_rust, why_not_rust
from ..exceptions import InvalidArgumentError

if TYPE_CHECKING:
    import pandas as pd

    from ..table import Table

__all__ = ["DataFrameProxy"]

SHOWN_ROWS = 10


class DataFrameProxy:
    """A frame of some engine: `native` is that of "pandas" (a DataFrame) or of "rust" (a
    `parquetframe.Table`).

    `engine` None: that of the data, or pandas where Rust is missing. Data of another engine is converted.
    Arrow consumers read a proxy directly, by `__arrow_c_stream__`.
    """

    def __init__(self, data: Any = None, engine: str | None = None, **metadata: Any) -> None:
        from .._native.inputs import is_pandas
        from ..table import Table

        if isinstance(data, DataFrameProxy):
            data = data.native
        name = engine_named(engine)
        if data is None:
            self._native, self._engine = None, name or "pandas"
        elif name == "pandas" or (name is None and (is_pandas(data) or why_not_rust("io") is not None)):
            self._native, self._engine = _as_pandas(data), "pandas"
        else:
            require_rust()
            self._native, self._engine = Table(data), "rust"
        self.metadata = metadata

    @classmethod
    def _of(cls, native: pd.DataFrame | Table, engine: str) -> DataFrameProxy:
        """A proxy around a result of an engine, whatever is available now."""
        proxy = cls.__new__(cls)
        proxy._native, proxy._engine, proxy.metadata = native, engine, {}
        return proxy

    @property
    def native(self) -> Any:
        """The frame of the engine; None for an empty proxy."""
        return self._native

    @property
    def engine_name(self) -> str:
        """The engine that holds the data."""
        return self._engine

    @property
    def is_lazy(self) -> bool:
        """Whether the data is still to be computed. No engine of today is lazy."""
        return False

    @property
    def pandas_df(self) -> pd.DataFrame | None:
        """The data as a pandas DataFrame; None for an empty proxy."""
        return None if self._native is None else _as_pandas(self._native)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [] if self._native is None else list(self._native.columns)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)"""
        return (0, 0) if self._native is None else self._native.shape

    def __len__(self) -> int:
        return 0 if self._native is None else len(self._native)

    def head(self, n: int = 5) -> DataFrameProxy:
        """The first `n` rows."""
        n = not_negative("n", n)
        return self if self._native is None else self._of(self._native.head(n), self._engine)

    def to_engine(self, engine_name: str) -> DataFrameProxy:
        """The same data on another engine; raises KeyError for one that is not there."""
        name = engine_named(engine_name) or self._engine
        return self if name == self._engine else DataFrameProxy(self._native, engine=name)

    def to_pandas(self) -> DataFrameProxy:
        """The same data on pandas."""
        return self.to_engine("pandas")

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as a PyCapsule with an Arrow stream."""
        if self._native is None:
            raise InvalidArgumentError("an empty DataFrameProxy has no data")
        capsule: object = self._native.__arrow_c_stream__(requested_schema)
        return capsule

    def __repr__(self) -> str:
        """A line about the frame, and its first rows as pandas shows them."""
        rows = self._first_rows()
        if rows is None:
            return self._title()
        return "\n".join([self._title(), repr(rows), *(["…"] if len(self) > len(rows) else [])])

    def _repr_html_(self) -> str | None:
        """The same for notebooks, where pandas is set to show HTML."""
        rows = self._first_rows()
        if rows is None:
            return f"<p>{self._title()}</p>"
        html: str | None = rows._repr_html_()  # type: ignore[operator]
        return None if html is None else f"<p>{self._title()}</p>{html}"

    def _first_rows(self) -> pd.DataFrame | None:
        """What is shown; only these rows are converted."""
        return self.head(SHOWN_ROWS).pandas_df if len(self) else None

    def _title(self) -> str:
        if self._native is None:
            return f"DataFrameProxy(engine={self._engine}, empty=True)"
        rows, columns = self.shape
        return f"DataFrameProxy(engine={self._engine}, {rows} rows × {columns} columns)"


def _as_pandas(data: Any) -> pd.DataFrame:
    from .._native.inputs import is_pandas
    from ..table import Table

    if is_pandas(data):
        frame: pd.DataFrame = data
        return frame
    return (data if isinstance(data, Table) else Table(data)).to_pandas()
