"""Neighbours, edges and parts of graphs, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._native.inputs import array_of
from ..exceptions import InvalidArgumentError
from ..table import Table
from ._pandas_graph import Adjacency, PandasGraph
from ._rust_graph import RustGraph

if TYPE_CHECKING:
    import pandas as pd

# ---- on Rust ----


def rust_edges(graph: RustGraph) -> Table:
    return graph.kernel("pf_graph_edges")


def rust_neighbors(graph: RustGraph, *, vertices: np.ndarray, mode: str) -> Table:
    array, schema = array_of(graph.handle.library, vertices, "vertices")
    return graph.kernel("pf_graph_neighbors", array.address, schema.address, mode=mode)


def rust_has_edge(graph: RustGraph, *, sources: np.ndarray, targets: np.ndarray) -> Table:
    library = graph.handle.library
    source, target = array_of(library, sources, "sources"), array_of(library, targets, "targets")
    addresses = [part.address for pair in (source, target) for part in pair]
    return graph.kernel("pf_graph_has_edge", *addresses)


# ---- on pandas ----


def pandas_edges(graph: PandasGraph) -> pd.DataFrame:
    import pandas as pd

    source, target, weights = graph.edges()
    columns = {"source": graph.ids[source], "target": graph.ids[target]}
    if weights is not None:
        columns[str(graph.weight)] = weights
    rows = graph.edge_rows()
    return pd.DataFrame(columns if rows is None else {**columns, "edge": rows})


def pandas_neighbors(graph: PandasGraph, *, vertices: np.ndarray, mode: str) -> pd.DataFrame:
    import pandas as pd

    rows = graph.find(vertices, "vertices").astype(np.int64)
    sides = [graph.outgoing] if mode == "out" or not graph.directed else [graph.incoming]
    if mode == "all" and graph.directed:
        sides = [graph.outgoing, graph.incoming]
    parts = [_entries(side, rows) for side in sides]
    # Of every vertex first the entries of the one side, then those of the other.
    order = np.argsort(np.concatenate([at for at, _ in parts]), kind="stable")
    at = np.concatenate([at for at, _ in parts])[order]
    targets = np.concatenate([side.targets[entries] for side, (_, entries) in zip(sides, parts, strict=True)])
    columns = {"vertex": graph.ids[rows[at]], "neighbor": graph.ids[targets[order].astype(np.int64)]}
    if graph.weight is not None:
        weights = [
            side.weights[entries]
            for side, (_, entries) in zip(sides, parts, strict=True)
            if side.weights is not None
        ]
        columns["weight"] = np.concatenate(weights)[order]
    if graph.edge_ids is not None:
        rows_of = {id(graph.outgoing): graph.edge_ids}
        if graph.directed and mode != "out":
            out = graph.outgoing
            rows_of[id(graph.incoming)] = graph.edge_ids[np.lexsort((out.rows, out.targets))]
        edges = [rows_of[id(side)][entries] for side, (_, entries) in zip(sides, parts, strict=True)]
        columns["edge"] = np.concatenate(edges)[order]
    return pd.DataFrame(columns)


def _entries(side: Adjacency, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The entries of some rows, one row after the other, and for each which of `rows` it is of."""
    offsets = side.offsets.astype(np.int64)
    begin, lengths = offsets[rows], offsets[rows + 1] - offsets[rows]
    starts = np.cumsum(lengths) - lengths
    entries = np.repeat(begin - starts, lengths) + np.arange(lengths.sum())
    return np.repeat(np.arange(len(rows)), lengths), entries


def pandas_has_edge(graph: PandasGraph, *, sources: np.ndarray, targets: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    rows, wanted = graph.find(sources, "sources").astype(np.int64), graph.find(targets, "targets")
    at, entries = _entries(graph.outgoing, rows)
    hits = at[graph.outgoing.targets[entries] == wanted[at]]
    found = np.zeros(len(rows), bool)
    found[hits] = True
    return pd.DataFrame({"source": graph.ids[rows], "target": graph.ids[wanted], "has_edge": found})


def pandas_subgraph(graph: PandasGraph, ids: np.ndarray) -> PandasGraph:
    wanted = np.unique(graph.find(ids, "vertices"))
    number = np.full(graph.num_vertices, -1, np.int64)
    number[wanted] = np.arange(len(wanted))
    source, target, weights = graph.edges()
    kept, edge_rows = (number[source] >= 0) & (number[target] >= 0), graph.edge_rows()
    return PandasGraph.build(
        graph.ids[wanted],
        number[source[kept]],
        number[target[kept]],
        None if weights is None else weights[kept],
        graph.directed,
        graph.weight,
        positions=False,
        edge_ids=None if edge_rows is None else edge_rows[kept],
        input_rows=graph.input_rows,
    )


def pandas_filter(graph: PandasGraph, mask: np.ndarray) -> PandasGraph:
    rows = graph.edge_rows()
    if rows is None:
        raise InvalidArgumentError("the graph has no edge ids: build it with the option 'edge_ids'")
    count = graph.input_rows
    if len(mask) != count if count is not None else bool((rows >= len(mask)).any()):
        built = "more" if count is None else count
        raise InvalidArgumentError(f"keep has {len(mask)} values, but the graph was built from {built} edges")
    source, target, weights = graph.edges()
    kept = mask[rows]
    return PandasGraph.build(
        graph.ids,
        source[kept],
        target[kept],
        None if weights is None else weights[kept],
        graph.directed,
        graph.weight,
        positions=graph.positions,
        edge_ids=rows[kept],
        input_rows=count,
    )
