"""Triangles, and the clustering that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._dispatch import run
from .._pandas_graph import PandasGraph
from .._results import Result, number_text
from .._rust_graph import RustGraph
from .._search import Rows
from .._simple import simple_rows

if TYPE_CHECKING:
    import pandas as pd

    from ..frame import GraphFrame

__all__ = ["clustering_coefficient", "triangles"]

# How many pairs of neighbours are looked up at a time.
PAIRS = 1 << 22


def triangles(graph: GraphFrame, backend: str | None = "auto", *, output: str = "pandas") -> Any:
    """Counts the triangles that every vertex is in. Direction, self loops and parallel edges do not count.

    Result: columns `vertex` and `triangles` (int64), a row per vertex in vertex order. `attrs` of a pandas
    frame and `metadata` of a Table hold `parquetframe.triangles`, those of the graph, each once. `backend`:
    "rust" or "pandas" for this call. `output`: "pandas", "table" or "proxy".

    Time O(edges^1.5) at worst. Deterministic.
    """
    return run("triangles", graph, backend, _rust, _pandas, output)


def clustering_coefficient(graph: GraphFrame, backend: str | None = "auto", *, output: str = "pandas") -> Any:
    """The share of the pairs of a vertex's neighbours that are neighbours themselves. Direction, self loops
    and parallel edges do not count.

    Result: columns `vertex` and `clustering_coefficient` (float64, 0 to 1; 0 for fewer than two neighbours),
    a row per vertex in vertex order. `attrs` of a pandas frame and `metadata` of a Table hold
    `parquetframe.average` (over all vertices) and `parquetframe.transitivity` (three times the triangles over
    the paths of two edges; 0 where there is none). `backend`: "rust" or "pandas" for this call. `output`:
    "pandas", "table" or "proxy".

    Time O(edges^1.5) at worst. Deterministic.
    """
    return run("clustering_coefficient", graph, backend, _clustering_on_rust, _clustering_on_pandas, output)


def _rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_triangles")


def _clustering_on_rust(graph: RustGraph) -> Result:
    return graph.result("pf_graph_clustering_coefficient")


def _pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    counts = _counted(simple_rows(graph))
    frame = pd.DataFrame({"vertex": graph.ids, "triangles": counts})
    frame.attrs["parquetframe.triangles"] = str(int(counts.sum()) // 3)
    return frame


def _clustering_on_pandas(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    rows = simple_rows(graph)
    counts, degrees = _counted(rows), rows.degrees
    pairs = degrees * (degrees - 1) // 2
    coefficient = np.divide(counts, pairs, out=np.zeros(len(pairs)), where=pairs > 0)
    frame = pd.DataFrame({"vertex": graph.ids, "clustering_coefficient": coefficient})
    average = float(coefficient.mean()) if len(coefficient) else 0.0
    transitivity = int(counts.sum()) / int(pairs.sum()) if pairs.any() else 0.0
    frame.attrs |= {
        "parquetframe.average": number_text(average),
        "parquetframe.transitivity": number_text(transitivity),
    }
    return frame


def _counted(rows: Rows) -> np.ndarray:
    """The triangles of each vertex: neighbours of lower degree point to those of higher, and of what a vertex
    points to, each pair that an edge joins is a triangle.
    """
    n, degrees = rows.num_vertices, rows.degrees
    rank = np.empty(n, np.int64)
    rank[np.argsort(degrees, kind="stable")] = np.arange(n)
    ends = np.repeat(np.arange(n), degrees)
    upward = rank[ends] < rank[rows.targets]
    low, high = rank[ends[upward]], rank[rows.targets[upward]]
    keys = np.sort(low * n + high)
    low, high = np.divmod(keys, max(n, 1))
    out = Rows.sorted(n, low, high)
    counts = np.zeros(n, np.int64)
    # With each entry of a row go all entries behind it.
    behind = np.repeat(out.offsets[1:], out.degrees) - np.arange(len(keys)) - 1
    ends_of = np.concatenate([[0], np.cumsum(behind)])
    begin = 0
    while begin < len(keys):
        end = max(begin + 1, int(np.searchsorted(ends_of, ends_of[begin] + PAIRS, "right")) - 1)
        lengths = behind[begin:end]
        first = np.repeat(np.arange(begin, end), lengths)
        within = np.arange(len(first)) - np.repeat(ends_of[begin:end] - ends_of[begin], lengths)
        second = first + 1 + within
        wanted = high[first] * n + high[second]
        at = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
        found = keys[at] == wanted
        for corner in (low[first[found]], high[first[found]], high[second[found]]):
            counts += np.bincount(corner, minlength=n)
        begin = end
    return counts[rank]
