"""What becomes of parallel edges and self loops when a graph is built, and whether the rows of edges are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..exceptions import ArithmeticFailure, InvalidArgumentError
from . import _checks

DUPLICATES = ("keep", "first", "sum", "min", "max")
SELF_LOOPS = ("keep", "drop")


class Kept(NamedTuple):
    """Edges between positions, their weights and the rows of the input that they came from."""

    source: np.ndarray
    target: np.ndarray
    weights: np.ndarray | None
    rows: np.ndarray


@dataclass(frozen=True)
class Rules:
    """The options of a build."""

    duplicates: str = "keep"
    self_loops: str = "keep"
    edge_ids: bool = False

    @classmethod
    def of(cls, duplicates: Any, self_loops: Any, edge_ids: Any, weight: str | None) -> Rules:
        """Checks the options."""
        if _checks.text("duplicates", duplicates) not in DUPLICATES:
            raise InvalidArgumentError(
                f"duplicates must be 'keep', 'first', 'sum', 'min' or 'max', not '{duplicates}'"
            )
        if duplicates in ("sum", "min", "max") and weight is None:
            raise InvalidArgumentError(f"duplicates='{duplicates}' needs the option 'weight'")
        if _checks.text("self_loops", self_loops) not in SELF_LOOPS:
            raise InvalidArgumentError(f"self_loops must be 'keep' or 'drop', not '{self_loops}'")
        return cls(duplicates, self_loops, _checks.truth("edge_ids", edge_ids))

    def options(self) -> dict[str, Any]:
        """Those that are not the defaults of the library."""
        return {name: value for name, value in vars(self).items() if value != getattr(Rules, name)}

    def apply(
        self, source: np.ndarray, target: np.ndarray, weights: np.ndarray | None, directed: bool
    ) -> Kept:
        """The edges that stay, in the order of the input; of merged ones the first."""
        kept = Kept(source, target, weights, np.arange(len(source)))
        if self.self_loops == "drop":
            kept = _chosen(kept, np.flatnonzero(source != target))
        if self.duplicates == "keep" or not len(kept.rows):
            return kept
        first, second = kept.source, kept.target
        if not directed:
            first, second = np.minimum(first, second), np.maximum(first, second)
        order = np.lexsort((second, first))
        begins = np.ones(len(order), bool)
        begins[1:] = (np.diff(first[order]) != 0) | (np.diff(second[order]) != 0)
        # The first of each group, because the sort is stable; and the group of each edge.
        heads = order[begins]
        groups = np.empty(len(order), np.int64)
        groups[order] = np.cumsum(begins) - 1
        if kept.weights is not None and self.duplicates != "first":
            kept = kept._replace(weights=_merged(kept.weights, groups, heads, self.duplicates))
        return _chosen(kept, np.sort(heads))


def _chosen(kept: Kept, at: np.ndarray) -> Kept:
    return Kept(*(None if column is None else column[at] for column in kept))  # type: ignore[arg-type]


def _merged(weights: np.ndarray, groups: np.ndarray, heads: np.ndarray, how: str) -> np.ndarray:
    """The weights, in which that of each head is what its group makes together."""
    merged = weights.copy()
    if how != "sum":
        best = weights[heads]
        (np.minimum if how == "min" else np.maximum).at(best, groups, weights)
        merged[heads] = best
        return merged
    # One after the other, in the order of the input; as integers without end where a sum could overflow.
    wide: Any = np.float64 if weights.dtype.kind == "f" else np.int64
    if wide is np.int64 and max(abs(int(weights.min())), abs(int(weights.max()))) * len(weights) >= 2**63:
        wide = object
    sums = np.zeros(len(heads), wide)
    np.add.at(sums, groups, weights.astype(wide))
    if wide is not np.float64:
        limits = np.iinfo(weights.dtype)
        beyond = bool(sums.min() < limits.min or sums.max() > limits.max)
    else:
        with np.errstate(over="ignore"):
            beyond = bool(np.isnan(sums.astype(weights.dtype)).any())
    if beyond:
        raise ArithmeticFailure(f"the sum of the weights of parallel edges is beyond {weights.dtype}")
    with np.errstate(over="ignore"):
        merged[heads] = sums.astype(weights.dtype)
    return merged
