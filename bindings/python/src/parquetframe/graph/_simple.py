"""The simple view of a graph: direction ignored, loops and parallel edges dropped."""

from __future__ import annotations

import numpy as np

from ._pandas_graph import PandasGraph, distinct
from ._search import Rows


def simple_rows(graph: PandasGraph) -> Rows:
    """The neighbours of each vertex, ascending, each once."""
    n, out = graph.num_vertices, graph.outgoing
    rows, targets = out.rows, out.targets.astype(np.int64)
    other = rows != targets
    rows, targets = rows[other], targets[other]
    keys = rows * n + targets
    if graph.directed:
        keys = np.concatenate([keys, targets * n + rows])
    rows, targets = np.divmod(distinct(keys), max(n, 1))
    return Rows.sorted(n, rows, targets)
