"""Checks of the arguments of graphs and algorithms, done once for both engines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from .._arguments import at_least_one, integer, not_negative, real, text, truth
from .._native.columns import plain_column
from ..exceptions import InvalidArgumentError, WrongTypeError

__all__ = [
    "at_least_one",
    "depth",
    "in_order",
    "integer",
    "known_ids",
    "not_negative",
    "one_name",
    "real",
    "sources_of",
    "targets_of",
    "text",
    "truth",
    "vertex_ids",
    "weight_name",
]


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
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        values = [values]
    elif isinstance(values, (set, frozenset)):
        values = in_order(values)
    ids = plain_column(values, name, ids=True)
    if ids.dtype.kind not in "iuO":
        raise WrongTypeError(f"{name} must hold integers or strings as vertex ids, not {ids.dtype}")
    return ids


def in_order(values: Collection[Any]) -> list[Any]:
    """A set as a list, which is the same in every process."""
    return sorted(values, key=lambda value: (type(value).__name__, value))


def known_ids(graph: Any, ids: np.ndarray, what: str) -> np.ndarray:
    """Ids that are vertices, where that is known without asking the graph: where the ids are positions."""
    if graph.has_positions and ids.dtype != object:
        outside = ids[(ids < 0) | (ids >= graph.num_vertices)]
        if len(outside):
            raise InvalidArgumentError(f"{what} vertex {outside[0]} out of range [0, {graph.num_vertices})")
    return ids


def sources_of(graph: Any, sources: Any, source: Any, empty: str, *, default: Any = None) -> np.ndarray:
    """The ids of the argument `sources` (or `source`), at least one.

    `empty`: what is said of a graph without vertices. `default`: which it is where none is given and the ids
    are positions.
    """
    name, given = one_name("sources", sources, None, "source", source)
    if given is None and graph.has_positions:
        given = default
    ids = vertex_ids(name, [] if given is None else given)
    if not graph.num_vertices:
        raise InvalidArgumentError(empty)
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
