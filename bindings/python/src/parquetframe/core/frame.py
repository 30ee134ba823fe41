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
    """A frame of some engine: `native` is that of "pandas" (a DataFrame, or the Series that a reduction
    gives) or of "rust" (a `parquetframe.Table`).

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
        """The names of the columns; none for a Series."""
        return list(getattr(self._native, "columns", []))

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns); (values,) for a Series."""
        return (0, 0) if self._native is None else self._native.shape

    def __len__(self) -> int:
        return 0 if self._native is None else len(self._native)

    def head(self, n: int = 5) -> DataFrameProxy:
        """The first `n` rows."""
        n = not_negative("n", n)
        return self if self._native is None else self._of(self._native.head(n), self._engine)

    def filter(
        self,
        predicate: Any,
        columns: Any = None,
        *,
        overflow: str = "error",
        nan: str | None = None,
        engine: str | None = None,
    ) -> DataFrameProxy:
        """The rows for which a condition is true, in their order, on the engine that holds the data.

        `predicate`: SQL text ("price > 100 AND region IN ('EU', 'US')"), an expression (`pf.col("price") >
        100`), or an array of booleans, one for every row by position. Rows for which it is null are left
        out; NaN in pandas data is null. `columns`: the names of those that come back, all by default.
        `overflow`, `nan`: as in `pf.compute.evaluate`. `engine`: which one computes, "rust" or "pandas";
        None is the best for the data.

        pandas data keeps its dtypes and the labels of its rows. Raises InvalidArgumentError for a syntax
        error and an unknown column (with line and column), WrongTypeError for types that do not go
        together, ArithmeticFailure for overflow and division by zero, UnsupportedError for what the engine
        does not know or Rust where it is missing, KeyError for an unknown engine. One pass; deterministic.

        >>> import pandas as pd
        >>> DataFrameProxy(pd.DataFrame({"x": [3, 1, 2]})).filter("x > 1").shape
        (2, 1)
        """
        from .. import engines

        native = engines.filter(self._filled(), predicate, columns, overflow=overflow, nan=nan, engine=engine)
        return self._of(native, self._engine)

    def aggregate(
        self,
        *expressions: Any,
        where: Any = None,
        overflow: str = "error",
        nan: str | None = None,
        engine: str | None = None,
        **named: Any,
    ) -> DataFrameProxy:
        """Aggregates of all rows: one row, on the engine that holds the data.

        `expressions`, `named`: such as "sum(price * qty)", `pf.col("price").mean()`, `n="count(*)"`.
        `where`: a condition; only rows for which it is true count. The other parameters and errors are
        those of `filter`.

        Nulls are skipped, and NaN in pandas data; of no rows counts are 0 and the rest is null. A sum of
        integers that does not fit is an ArithmeticFailure. Sums of floats are exact and rounded once, on
        each engine.

        >>> import pandas as pd
        >>> DataFrameProxy(pd.DataFrame({"x": [3, 1, 2]})).aggregate("sum(x)", n="count(*)").native
           sum(x)  n
        0       6  3
        """
        from .. import engines

        native = engines.aggregate(
            self._filled(), *expressions, where=where, overflow=overflow, nan=nan, engine=engine, **named
        )
        return self._of(native, self._engine)

    def sum(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """The sums of the columns.

        On pandas what `DataFrame.sum` gives for the same arguments, in a proxy (a scalar comes as it is):
        NaN is skipped unless `skipna=False`, sums of integers wrap, of no values they are 0. On Rust data
        one row with the sum of every column, null for no values; it takes `numeric_only`, and `ddof` where
        pandas does. What holds here holds for the other reductions. `engine`: which one computes; None is
        the best for the data. Sums, means and variances of floats may differ between engines by rounding
        (Rust rounds once).

        Raises what pandas raises; on Rust data WrongTypeError for a column that has no sum and
        UnsupportedError for other options. One pass; deterministic.
        """
        return self._reduced("sum", engine, arguments, options)

    def mean(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """The arithmetic means of the columns; NaN (on Rust data null) of no values. See `sum`."""
        return self._reduced("mean", engine, arguments, options)

    def median(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """The medians of the columns; NaN (on Rust data null) of no values. See `sum`."""
        return self._reduced("median", engine, arguments, options)

    def min(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """The least values of the columns, in their types. See `sum`."""
        return self._reduced("min", engine, arguments, options)

    def max(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """The greatest values of the columns, in their types. See `sum`."""
        return self._reduced("max", engine, arguments, options)

    def var(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """The variances of the columns, with `ddof` 1 unless it is given; NaN (on Rust data null) where
        there are no more values than that. See `sum`.
        """
        return self._reduced("var", engine, arguments, options)

    def std(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """The standard deviations of the columns: the square roots of `var`. See `sum`."""
        return self._reduced("std", engine, arguments, options)

    def count(self, *arguments: Any, engine: str | None = None, **options: Any) -> Any:
        """How many values of each column are not null. See `sum`."""
        return self._reduced("count", engine, arguments, options)

    def _reduced(
        self, function: str, engine: str | None, arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        from .. import engines

        made = engines.reduce(self._filled(), function, *arguments, engine=engine, **options)
        return self._of(made, self._engine) if hasattr(made, "shape") and made.shape else made

    def _filled(self) -> Any:
        """The data. Raises InvalidArgumentError where there is none."""
        if self._native is None:
            raise InvalidArgumentError("an empty DataFrameProxy has no data")
        return self._native

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
        html: str | None = rows._repr_html_() if hasattr(rows, "_repr_html_") else f"<pre>{rows!r}</pre>"
        return None if html is None else f"<p>{self._title()}</p>{html}"

    def _first_rows(self) -> pd.DataFrame | None:
        """What is shown; only these rows are converted."""
        return self.head(SHOWN_ROWS).pandas_df if len(self) else None

    def _title(self) -> str:
        if self._native is None:
            return f"DataFrameProxy(engine={self._engine}, empty=True)"
        rows, *columns = self.shape
        size = f"{rows} rows × {columns[0]} columns" if columns else f"{rows} values"
        return f"DataFrameProxy(engine={self._engine}, {size})"


def _as_pandas(data: Any) -> pd.DataFrame:
    from .._native.inputs import is_pandas
    from ..table import Table

    if is_pandas(data) or is_pandas(data, "Series"):
        frame: pd.DataFrame = data
        return frame
    return (data if isinstance(data, Table) else Table(data)).to_pandas()
