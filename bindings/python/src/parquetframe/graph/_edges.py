"""The edges that a graph is made of, as users give them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._native.columns import plain_column, wrong_kind
from .._native.inputs import is_pandas, require_table, stream_of
from .._native.streams import Stream
from ..core.frame import DataFrameProxy
from ..core_legacy import ParquetFrame
from ..exceptions import InvalidArgumentError, UnsupportedError, WrongTypeError
from ..table import Table
from . import _checks
from ._pandas_graph import MAX_VERTICES, PandasGraph, number_ids
from ._rules import Rules
from ._rust_graph import RustGraph
from ._rust_ops import from_parquet


@dataclass(frozen=True)
class Edges:
    """What `GraphFrame.from_edges` was given, and the kind of frame that results should be."""

    data: Any
    source: str
    target: str
    weight: str | None
    directed: bool
    vertices: Any
    num_vertices: int | None
    output: str
    rules: Rules

    @classmethod
    def of(
        cls,
        data: Any,
        source: Any,
        target: Any,
        weight: Any,
        directed: Any,
        vertices: Any,
        num_vertices: Any,
        *,
        duplicates: Any = "keep",
        self_loops: Any = "keep",
        edge_ids: Any = False,
    ) -> Edges:
        """Checks the arguments that can be checked without looking at the data."""
        output = "table"
        if isinstance(data, DataFrameProxy):
            data, output = data.native, "proxy"
            if data is None:
                raise InvalidArgumentError("edges is an empty DataFrameProxy")
        elif isinstance(data, ParquetFrame):
            # A lazy one is read as a stream of its partitions.
            data, output = data if data.islazy else data._df, "pandas"
            if data is None:
                raise InvalidArgumentError("edges is an empty ParquetFrame: no dataframe loaded")
        elif is_pandas(data):
            output = "pandas"
        source, target = _column_name("source", source), _column_name("target", target)
        names = [source, target] if weight is None else [source, target, _column_name("weight", weight)]
        if isinstance(data, ParquetFrame) and _must_be_computed(data._df, (source, target), names):
            data = data._df[list(dict.fromkeys(names))].compute()
        if isinstance(data, (tuple, list)):
            data = dict(zip(names, _checked_arrays(data, names), strict=True))
        require_table(data, "edges")
        vertices = _checked_vertices(vertices)
        if num_vertices is not None:
            num_vertices = _checks.vertex_count("num_vertices", num_vertices)
            output = "pandas" if output == "table" else output
            if vertices is not None:
                raise InvalidArgumentError("num_vertices and vertices exclude each other")
        edges = cls(
            data,
            source,
            target,
            weight,
            _checks.truth("directed", directed),
            vertices,
            num_vertices,
            output,
            Rules.of(duplicates, self_loops, edge_ids, weight),
        )
        edges._check_columns()
        return edges

    def _roles(self) -> dict[str, str]:
        """What the columns are for, as messages call them."""
        roles = {"source": self.source, "target": self.target, "weight": self.weight}
        return {role: name for role, name in roles.items() if name is not None}

    def _check_columns(self) -> None:
        """Looks for the columns where the data is in Python's hands; elsewhere the reader does."""
        if not _in_python(self.data):
            return
        self._check_known([str(name) for name in self.data])
        if not is_pandas(self.data):
            lengths, columns = {}, self._columns()
            for role, name in self._roles().items():
                values = columns[name]
                if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
                    raise WrongTypeError(
                        f"{role} column '{name}' must be an array or a list, not {type(values).__name__}"
                    )
                lengths[name] = len(values)
            if len(set(lengths.values())) > 1:
                sizes = ", ".join(f"'{name}' has {length}" for name, length in lengths.items())
                raise InvalidArgumentError(f"the columns of edges must have the same length: {sizes}")

    def _columns(self) -> dict[str, Any]:
        """The columns by name, where the data is in Python's hands: there labels may be integers."""
        return {str(label): self.data[label] for label in self.data}

    def _check_known(self, known: list[str]) -> None:
        for role, name in self._roles().items():
            if name not in known:
                raise InvalidArgumentError(
                    f"{role} column '{name}' not found in graph edges; "
                    f"the columns are: {', '.join(known[:20])}"
                )
            if known.count(name) > 1:
                raise InvalidArgumentError(f"{role} column '{name}' appears more than once")

    # ---- on Rust ----

    def to_rust(self, library: Any) -> RustGraph:
        """The graph on Rust."""
        vertices = None if self._has_no_vertices() else self._vertex_stream(library)
        edges = stream_of(library, self._typed(), list(dict.fromkeys(self._roles().values())), self._labels())
        return RustGraph.build(
            library,
            edges,
            self.source,
            self.target,
            vertices,
            weight=self.weight,
            directed=self.directed,
            num_vertices=self.num_vertices,
            **self.rules.options(),
        )

    def to_rust_from_parquet(self, library: Any) -> RustGraph:
        """The graph on Rust of a path to Parquet, whose edges are never held."""
        path = str(os.fspath(self.data))
        if "://" in path:
            raise UnsupportedError(f"the Rust reader reads local files, not {path}")
        return from_parquet(
            library,
            path,
            self.source,
            self.target,
            None if self._has_no_vertices() else self._vertex_stream(library),
            weight=self.weight,
            directed=self.directed,
            num_vertices=self.num_vertices,
            **self.rules.options(),
        )

    def attributes(self) -> Any:
        """`vertices` where it can hold properties, and can be read again."""
        vertices = self.vertices
        if vertices is None or hasattr(vertices, "read_next_batch") or _is_column(vertices):
            return None
        return vertices if not hasattr(vertices, "__arrow_c_array__") or hasattr(vertices, "schema") else None

    def _labels(self) -> dict[str, tuple[str, bool]]:
        """What messages call the columns, and whether they hold ids; the first is checked first."""
        labels: dict[str, tuple[str, bool]] = {}
        for role, name in self._roles().items():
            labels.setdefault(name, (f"{role} column '{name}'", role != "weight"))
        return labels

    def _typed(self) -> Any:
        """The data; of no edges at all, in Python objects, the type of the ids is that of the vertices."""
        if self._has_no_vertices() or not _in_python(self.data):
            return self.data
        if not (_is_column(self.vertices) or hasattr(self.vertices, "__len__")):
            return self.data  # what can be read only once
        columns = self._columns()
        if len(columns[self.source]):
            return self.data
        ids = self._numpy_vertices()[:0]
        return {
            **{name: columns[name] for name in self._roles().values()},
            self.source: ids,
            self.target: ids,
        }

    def _has_no_vertices(self) -> bool:
        """Whether `vertices` adds nothing: an empty list has no type that could be wrong."""
        return self.vertices is None or (hasattr(self.vertices, "__len__") and len(self.vertices) == 0)

    def _vertex_stream(self, library: Any) -> Stream:
        if _is_column(self.vertices):
            return stream_of(library, {"vertex": self.vertices}, labels={"vertex": ("vertices", True)})
        labels = None
        if _in_python(self.vertices):
            first = next((str(name) for name in self.vertices), "")
            labels = {first: (f"vertices column '{first}'", True)}
        return stream_of(library, self.vertices, labels=labels, name="vertices")

    # ---- on pandas ----

    def to_pandas(self) -> PandasGraph:
        """The graph on pandas."""
        columns, labels = self._numpy_columns(), self._labels()
        source, target = columns[self.source], columns[self.target]
        vertices = None if self._has_no_vertices() else self._numpy_vertices()
        if self.num_vertices is not None:
            ids = np.arange(self.num_vertices, dtype=np.int64)
            ends = (
                self._positions(source, labels[self.source][0]),
                self._positions(target, labels[self.target][0]),
            )
        else:
            ids, ends = number_ids(source, target, vertices, labels[self.source][0], labels[self.target][0])
        if len(ids) > MAX_VERTICES:
            raise UnsupportedError(
                f"a graph of {len(ids)} vertices: this build numbers vertices with 32 bits, "
                f"up to {MAX_VERTICES}"
            )
        weights = None if self.weight is None else self._checked_weights(columns[self.weight])
        kept = self.rules.apply(ends[0], ends[1], weights, self.directed)
        return PandasGraph.build(
            ids,
            *kept[:3],
            self.directed,
            self.weight,
            positions=self.num_vertices is not None,
            edge_ids=kept.rows if self.rules.edge_ids else None,
            input_rows=len(ends[0]),
        )

    def _numpy_columns(self) -> dict[str, np.ndarray]:
        labels, data = self._labels(), self._typed()
        if isinstance(data, (str, os.PathLike)):
            from ..core.reader import read_pandas

            data = read_pandas(data, list(labels))
            for name, (label, ids) in labels.items():
                if ids:
                    _no_floats(data[name], label)
        elif not _in_python(data):
            data = arrow_columns(data, "edges")
            self._check_known(list(data))
        else:
            data = {str(label): data[label] for label in data}
        return {name: plain_column(data[name], *label) for name, label in labels.items()}

    def _numpy_vertices(self) -> np.ndarray:
        if _is_column(self.vertices):
            return _checks.vertex_ids("vertices", self.vertices)
        if isinstance(self.vertices, (str, os.PathLike)):
            from ..core.reader import read_pandas

            columns: Any = read_pandas(self.vertices)
        else:
            columns = self.vertices if _in_python(self.vertices) else arrow_columns(self.vertices, "vertices")
        names = list(columns)
        if not names:
            raise InvalidArgumentError("vertices has no column")
        if isinstance(self.vertices, (str, os.PathLike)):
            _no_floats(columns[names[0]], f"vertices column '{names[0]}'")
        return _checks.vertex_ids(f"vertices column '{names[0]}'", columns[names[0]])

    def _positions(self, values: np.ndarray, name: str) -> np.ndarray:
        """Ids that are positions already."""
        count = self.num_vertices or 0
        if values.dtype.kind not in "iu":
            if not len(values):
                return np.empty(0, np.int64)
            kind = "strings" if values.dtype == object else str(values.dtype)
            raise WrongTypeError(
                f"{name} holds {kind}, but num_vertices asks for positions, which are integers"
            )
        outside = (values < 0) | (values >= count)
        if outside.any():
            row = int(outside.argmax())
            raise InvalidArgumentError(
                f"{name}: vertex {values[row]} is out of range [0, {count}), in row {row}"
            )
        return values.astype(np.int64)

    def _checked_weights(self, weights: np.ndarray) -> np.ndarray:
        if weights.dtype.kind not in "iuf":
            raise WrongTypeError(f"weight column '{self.weight}' must hold numbers, not {_kind(weights)}")
        if weights.dtype.kind == "f" and np.isnan(weights).any():
            row = int(np.isnan(weights).argmax())
            raise InvalidArgumentError(f"weight column '{self.weight}' holds NaN, in row {row}")
        return weights


def _must_be_computed(lazy: Any, ends: tuple[str, str], names: list[str]) -> bool:
    """Whether a lazy frame has columns that are to be converted, which its partitions as a stream are not:
    numbers in categories, and floating-point numbers as ids.
    """
    types = {name: dtype for name, dtype in lazy.dtypes.items() if name in names}
    return all(name in types for name in names) and any(
        getattr(dtype, "categories", None) is not None or (name in ends and dtype.kind == "f")
        for name, dtype in types.items()
    )


def _no_floats(column: Any, label: str) -> None:
    """Raises WrongTypeError for floating-point numbers in a file, which the library takes for no ids."""
    if column.dtype.kind == "f":
        raise wrong_kind(label, True, column.dtype)


def _kind(values: np.ndarray) -> str:
    return "strings" if values.dtype == object else str(values.dtype)


def _in_python(data: Any) -> bool:
    return is_pandas(data) or isinstance(data, Mapping)


def _is_column(data: Any) -> bool:
    """Whether `data` is one column, not a table."""
    if isinstance(data, (str, os.PathLike)) or _in_python(data) or hasattr(data, "schema"):
        return False
    # What can be read only once has a schema, as readers do; here are arrays, series and unknown exporters.
    return not hasattr(data, "__arrow_c_stream__") or Stream.of(data).schema().format != "+s"


def _column_name(role: str, name: Any) -> str:
    """The name of a column, if it is a string."""
    if isinstance(name, int) and not isinstance(name, bool):
        raise WrongTypeError(
            f"{role} must be a string, not int: a column with the label {name} is '{name}' here"
        )
    return _checks.text(role, name)


def _checked_arrays(arrays: Any, names: list[str]) -> tuple[Any, ...]:
    """A tuple of arrays, one for each name; and not pairs of ids, which look like it."""
    if isinstance(arrays, list) or any(isinstance(values, tuple) for values in arrays):
        given = "a list" if isinstance(arrays, list) else "a tuple of tuples"
        raise WrongTypeError(
            f"edges must be a frame, a mapping of names to arrays, a path or a tuple ({', '.join(names)}) of "
            f"arrays, not {given}",
            "A list of pairs becomes such a tuple by tuple(map(list, zip(*pairs)))",
        )
    if len(arrays) != len(names):
        raise InvalidArgumentError(
            f"edges must be {len(names)} arrays ({', '.join(names)}) "
            f"where no frame is given, not {len(arrays)}"
        )
    return tuple(arrays)


def _checked_vertices(vertices: Any) -> Any:
    """What `vertices=` is: a column or a table."""
    if isinstance(vertices, DataFrameProxy):
        return vertices.native
    if isinstance(vertices, (set, frozenset)):
        return _checks.in_order(vertices)
    readable = ("__iter__", "__fspath__", "__arrow_c_array__", "__arrow_c_stream__")
    if vertices is None or any(hasattr(vertices, name) for name in readable):
        return vertices
    raise WrongTypeError(
        f"vertices must be an array, a list, a frame or a path, not {type(vertices).__name__}"
    )


def arrow_columns(data: Any, name: str) -> dict[str, Any]:
    """The columns of anything that exports a table."""
    require_table(data, name)
    table = Table(data).to_arrow()
    return {name: table.column(name) for name in table.column_names}
