"""Checks of the arguments of graphs and algorithms, done once for both engines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from .._arguments import at_least_one, integer, not_negative, real, text, truth
from .._native.columns import plain_column
from ..exceptions import InvalidArgumentError, WrongTypeError
from ._pandas_graph import MAX_VERTICES

__all__ = [
    "all_vertices",
    "at_least_one",
    "depth",
    "in_order",
    "integer",
    "is_one",
    "known_ids",
    "not_negative",
    "one_name",
    "real",
    "scalar",
    "sources_of",
    "targets_of",
    "text",
    "truth",
    "vertex_count",
    "vertex_ids",
    "weight_name",
]


def vertex_count(name: str, value: Any) -> int:
    """A number of vertices that a graph can have."""
    count = not_negative(name, value)
    if count > MAX_VERTICES:
        raise InvalidArgumentError(f"{name} is out of range: {count} is more than {MAX_VERTICES}")
    return count


def one_name(old: str, value: Any, default: Any, new: str, canonical: Any) -> tuple[str, Any]:
    """The name and value that count where a parameter has two names.

    Raises InvalidArgumentError if both were given.
    """
    if canonical is None:
        return old, value
    if value is not default and value != default:
        raise InvalidArgumentError(f"{old} and {new} are the same parameter: give one of them")
    return new, canonical


def vertex_ids(name: str, values: Any) -> np.ndarray:
    """One id or several, as an array of integers or strings.

    Raises WrongTypeError for ids of another kind.
    """
    if is_one(values):
        values = [scalar(values)]
    elif isinstance(values, (set, frozenset)):
        values = in_order(values)
    ids = plain_column(values, name, ids=True)
    if ids.dtype.kind not in "iuO":
        raise WrongTypeError(f"{name} must hold integers or strings as vertex ids, not {ids.dtype}")
    return ids


def is_one(value: Any) -> bool:
    """Whether a value is one id, not several; so is an array without dimensions."""
    return isinstance(value, str) or not hasattr(value, "__iter__") or getattr(value, "ndim", 1) == 0


def scalar(value: Any) -> Any:
    """What an array without dimensions holds; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def in_order(values: Collection[Any]) -> list[Any]:
    """A set as a list, which is the same in every process."""
    return sorted(values, key=lambda value: (type(value).__name__, value))


def known_ids(graph: Any, ids: np.ndarray, what: str) -> np.ndarray:
    """Ids that are vertices, where that is known without asking the graph: where the ids are positions, or
    the graph was made of frames.
    """
    frames = getattr(graph, "_frames", None)
    named = f"{what} vertex" if what else "Vertex"
    if frames is not None and frames.ids is not None:
        unknown = frames.unknown(ids)
        if unknown is not None:
            raise InvalidArgumentError(f"{named} {unknown} out of range: it is not in the graph")
    elif graph.has_positions and ids.dtype != object:
        outside = ids[(ids < 0) | (ids >= graph.num_vertices)]
        if len(outside):
            raise InvalidArgumentError(f"{named} {outside[0]} out of range [0, {graph.num_vertices})")
    return ids


def sources_of(graph: Any, sources: Any, source: Any, empty: str, *, default: Any = None) -> np.ndarray:
    """The ids of the argument `sources` (or `source`), at least one.

    `empty`: what is said of a graph without vertices. `default`: which it is where none is given and the ids
    are positions; of a graph made of frames it is then the first vertex.
    """
    name, given = one_name("sources", sources, None, "source", source)
    if not graph.num_vertices:
        raise InvalidArgumentError(empty)
    if given is None and default is not None:
        frames = getattr(graph, "_frames", None)
        if frames is not None:
            given = frames.first
        elif graph.has_positions:
            given = default
    ids = vertex_ids(name, [] if given is None else given)
    if not len(ids):
        raise InvalidArgumentError("At least one source vertex must be specified")
    return known_ids(graph, ids, "Source")


def targets_of(graph: Any, targets: Any) -> np.ndarray | None:
    """The ids of the argument `targets`, at least one, or None."""
    if targets is None:
        return None
    ids = vertex_ids("targets", targets)
    if not len(ids):
        raise InvalidArgumentError("At least one target vertex must be specified")
    return known_ids(graph, ids, "Target")


def all_vertices(include_unreachable: Any, reached_only: Any) -> bool:
    """Whether vertices that are not reached have a row: `include_unreachable`, unless `reached_only` is
    given.
    """
    if reached_only is not None:
        return not truth("reached_only", reached_only)
    return truth("include_unreachable", include_unreachable)


def depth(max_depth: Any) -> int | None:
    """The argument `max_depth`."""
    if max_depth is None:
        return None
    number = integer("max_depth", max_depth)
    if number < 0:
        raise InvalidArgumentError(f"max_depth must be non-negative, not {number}")
    return number


def weight_name(name: str | None, graph_weight: str | None) -> str | None:
    """The weight column, if the graph has it. Raises InvalidArgumentError otherwise."""
    if name is not None and text("weight", name) != graph_weight:
        raise InvalidArgumentError(f"Weight column '{name}' not found in graph edges")
    return name
