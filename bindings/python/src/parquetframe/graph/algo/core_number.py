"""Core numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result
from .._rust_graph import RustGraph
from .._simple import simple_rows

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["core_number"]


def core_number(graph: GraphFrame, backend: str | None = "auto", *, output: str = "pandas") -> Any:
    """The greatest k for which a vertex is in a subgraph whose vertices all have at least k neighbours in it.
    Direction, self loops and parallel edges do not count.

    Result: columns `vertex` and `core_number` (int64, 0 without neighbours), a row per vertex in vertex
    order. `attrs` of a pandas frame and `metadata` of a Table hold `parquetframe.degeneracy`, the greatest.
    `backend`: "rust" or "pandas" for this call. `output`: "pandas", "table" or "proxy".

    Time O(vertices + edges), and for every level a look at the vertices that are left. Deterministic.
    """
    return run("core_number", graph, backend, _rust, _pandas, output)


def _rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_core_number")


def _pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    rows = simple_rows(graph)
    degrees = rows.degrees
    core = np.full(graph.num_vertices, -1, np.int64)
    left, k = np.arange(graph.num_vertices), 0
    while len(left):
        k = max(k, int(degrees[left].min()))
        frontier = left[degrees[left] <= k]
        while len(frontier):
            core[frontier] = k
            entries, _ = rows.entries(frontier)
            reached, counts = np.unique(rows.targets[entries], return_counts=True)
            degrees[reached] -= counts
            frontier = reached[(core[reached] < 0) & (degrees[reached] <= k)]
        left = left[core[left] < 0]
    frame = pd.DataFrame({"vertex": graph.ids, "core_number": core})
    frame.attrs["parquetframe.degeneracy"] = str(int(core.max(initial=0)))
    return frame
