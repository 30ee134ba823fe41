"""What ran where: counts of operations and of fallbacks in this process."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

_lock = threading.Lock()
_runs: Counter[tuple[str, str]] = Counter()
_fallbacks: Counter[tuple[str, str]] = Counter()


@dataclass(frozen=True)
class Fallback:
    """An operation that ran on pandas although Rust would have been first choice."""

    operation: str
    reason: str
    count: int


@dataclass(frozen=True)
class Stats:
    """Counts since the process began or `reset_stats` was called.

    `operations`: for each operation how often each engine ran it. `fallbacks`: why pandas ran instead of
    Rust, without anybody having asked for pandas.
    """

    operations: dict[str, dict[str, int]] = field(default_factory=dict)
    fallbacks: list[Fallback] = field(default_factory=list)

    def share(self, engine: str = "rust") -> float:
        """The part of all runs that `engine` did, 0 to 1; NaN where nothing ran."""
        total = sum(sum(engines.values()) for engines in self.operations.values())
        return (
            sum(engines.get(engine, 0) for engines in self.operations.values()) / total
            if total
            else float("nan")
        )

    def __str__(self) -> str:
        width = max([len("operation"), *map(len, self.operations)])
        lines = [f"{'operation':<{width}}  {'rust':>6}  {'pandas':>6}"]
        lines += [
            f"{name:<{width}}  {engines.get('rust', 0):>6}  {engines.get('pandas', 0):>6}"
            for name, engines in self.operations.items()
        ]
        lines += [f"fallback: {item.operation} × {item.count}: {item.reason}" for item in self.fallbacks]
        return "\n".join(lines)


def stats() -> Stats:
    """How often each operation ran on each engine, and every fallback with its reason.

    >>> print(stats())  # doctest: +SKIP
    operation             rust  pandas
    read_parquet             1       0
    pagerank                 2       1
    fallback: pagerank × 1: libparquetframe was not found
    """
    with _lock:
        operations: dict[str, dict[str, int]] = {}
        for (operation, engine), count in _runs.items():
            operations.setdefault(operation, {})[engine] = count
        fallbacks = [Fallback(operation, reason, count) for (operation, reason), count in _fallbacks.items()]
    return Stats(operations, fallbacks)


def reset_stats() -> None:
    """Counts from zero again."""
    with _lock:
        _runs.clear()
        _fallbacks.clear()


def count_run(operation: str, engine: str) -> None:
    """Counts one run that succeeded."""
    with _lock:
        _runs[operation, engine] += 1


def count_fallback(operation: str, reason: str) -> None:
    """Counts one fallback."""
    with _lock:
        _fallbacks[operation, reason] += 1
