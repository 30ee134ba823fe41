"""Graphs of arrays of positions: `GraphFrame.from_edges(sources, targets, …)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .._native.columns import plain_column
from ..core_legacy import ParquetFrame
from ..exceptions import InvalidArgumentError, WrongTypeError
from . import _checks
from ._frames import Frames, as_frame
from ._pandas_graph import MAX_VERTICES

if TYPE_CHECKING:
    import pandas as pd


def frames_of_positions(
    sources: Any, targets: Any, num_vertices: Any, weights: Any, vertex_data: Any, edge_data: Any
) -> Frames:
    """The frames of a graph whose edges lead from `sources[i]` to `targets[i]`."""
    import pandas as pd

    source, target = _positions("sources", sources), _positions("targets", targets)
    if len(source) != len(target):
        raise InvalidArgumentError(
            f"sources and targets must have the same length, not {len(source)} and {len(target)}"
        )
    columns: dict[str, np.ndarray] = {"src": source, "dst": target}
    if weights is not None:
        columns["weight"] = plain_column(weights, "edge_weights")
        if len(columns["weight"]) != len(source):
            raise InvalidArgumentError(
                f"edge_weights and sources must have the same length, not {len(columns['weight'])} "
                f"and {len(source)}"
            )
    edges = pd.DataFrame(columns) if edge_data is None else _edge_frame(edge_data, columns)
    vertices = None if vertex_data is None else _pandas(vertex_data, "vertex_data")
    if vertices is not None and "vertex_id" not in vertices.columns:
        raise InvalidArgumentError("vertex_data must have a column 'vertex_id'")
    ids = (
        np.empty(0, np.int64)
        if vertices is None
        else _positions("vertex_data column 'vertex_id'", vertices["vertex_id"])
    )
    count = _count(
        num_vertices, {"sources": source, "targets": target, "vertex_data column 'vertex_id'": ids}
    )
    every = pd.DataFrame({"vertex_id": np.arange(count, dtype=np.int64)})
    if vertices is None:
        vertices = every
    elif len(np.unique(ids)) < len(ids):
        raise InvalidArgumentError("vertex_data column 'vertex_id' holds an id more than once")
    elif len(ids) < count:
        vertices = every.merge(vertices, on="vertex_id", how="left")
    return Frames(ParquetFrame(vertices), ParquetFrame(edges))


def _positions(name: str, values: Any) -> np.ndarray:
    array = plain_column(values, name, ids=True)
    if array.dtype.kind not in "iu":
        if not len(array):
            return np.empty(0, np.int64)
        kind = "strings" if array.dtype == object else str(array.dtype)
        raise WrongTypeError(f"{name} must hold positions, which are integers, not {kind}")
    if array.dtype == np.uint64 and len(array) and array.max() > np.iinfo(np.int64).max:
        raise InvalidArgumentError(f"{name}: vertex {array.max()} is out of range")
    return array.astype(np.int64, copy=False)


def _count(given: Any, columns: Mapping[str, np.ndarray]) -> int:
    """The number of vertices. Raises InvalidArgumentError for a position that is out of range."""
    count = None if given is None else _checks.vertex_count("num_vertices", given)
    if count is None:
        count = max((int(values.max()) + 1 for values in columns.values() if len(values)), default=0)
        count = min(count, MAX_VERTICES)
    for name, values in columns.items():
        outside = (values < 0) | (values >= count)
        if outside.any():
            row = int(outside.argmax())
            raise InvalidArgumentError(
                f"{name}: vertex {values[row]} is out of range [0, {count}), in row {row}"
            )
    return count


def _edge_frame(data: Any, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """`edge_data`, whose ends must be those of the arrays."""
    frame = _pandas(data, "edge_data")
    missing = [name for name in ("src", "dst") if name not in frame.columns]
    if missing:
        raise InvalidArgumentError(
            f"edge_data must have the columns 'src' and 'dst'; there is no '{missing[0]}'"
        )
    if len(frame) != len(columns["src"]):
        raise InvalidArgumentError(
            f"edge_data and sources must have the same length, not {len(frame)} and {len(columns['src'])}"
        )
    for end in ("src", "dst"):
        if not np.array_equal(_positions(f"edge_data column '{end}'", frame[end]), columns[end]):
            raise InvalidArgumentError(
                f"edge_data column '{end}' holds other vertices than the arrays of ends"
            )
    return frame.assign(**{name: columns[name] for name in columns if name == "weight"})


def _pandas(data: Any, name: str) -> pd.DataFrame:
    if isinstance(data, Mapping):
        import pandas as pd

        return pd.DataFrame(dict(data))
    frame: pd.DataFrame = as_frame(data, name).pandas_df
    return frame
