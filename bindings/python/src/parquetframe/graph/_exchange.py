"""Graphs of other libraries, and graphs for them: NetworkX and SciPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._native.columns import try_import
from ..exceptions import DependencyError, InvalidArgumentError, WrongTypeError

if TYPE_CHECKING:
    from .frame import GraphFrame


def required(name: str, feature: str) -> Any:
    """A module. Raises DependencyError where it is not installed."""
    module = try_import(name)
    if module is None:
        raise DependencyError(name.partition(".")[0], feature)
    return module


def edges_of_networkx(graph: Any, weight: str | None) -> tuple[dict[str, Any], list[Any], Any]:
    """Columns of edges, the nodes, and a frame of their attributes (None where they have none)."""
    required("networkx", "from_networkx()")
    if not hasattr(graph, "edges") or not hasattr(graph, "is_directed"):
        raise WrongTypeError(f"graph must be a graph of NetworkX, not {type(graph).__name__}")
    nodes = list(graph.nodes)
    kinds = {
        str if isinstance(node, str) else int
        for node in nodes
        if isinstance(node, (str, int, np.integer)) and not isinstance(node, bool)
    }
    known = all(isinstance(node, (str, int, np.integer)) and not isinstance(node, bool) for node in nodes)
    if not known or len(kinds) > 1:
        raise WrongTypeError(
            "the nodes of the graph must be all integers or all strings",
            "networkx.convert_node_labels_to_integers(graph, label_attribute='label') makes them so",
        )
    names = _names(weight)
    rows = list(graph.edges(data=weight, default=1)) if weight is not None else list(graph.edges())
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    values: dict[str, Any] = {name: list(column) for name, column in zip(names, columns, strict=False)}
    if not rows and nodes:
        empty = np.array(nodes, object)[:0] if str in kinds else np.empty(0, np.int64)
        values = dict.fromkeys(names[:2], empty)
        if weight is not None:
            values[weight] = np.empty(0)
    attributes = dict(graph.nodes(data=True))
    if not any(attributes.values()):
        return values, nodes, None
    import pandas as pd

    frame = pd.DataFrame(list(attributes.values()))
    frame.insert(0, "vertex", nodes, allow_duplicates=True)
    return values, nodes, frame


def _names(weight: str | None) -> list[str]:
    ends = ["source", "target"] if weight not in ("source", "target") else ["from", "to"]
    return ends if weight is None else [*ends, weight]


def to_networkx(graph: GraphFrame, multigraph: bool | None) -> Any:
    networkx = required("networkx", "to_networkx()")
    frame, source, target = _edge_frame(graph)
    if multigraph is None:
        ends = frame[[source, target]]
        if not graph.is_directed:
            low, high = (
                (np.minimum, np.maximum)
                if ends[source].dtype != object and ends[source].dtype.kind in "iu"
                else (None, None)
            )
            if low is not None and high is not None:
                ends = ends.assign(
                    **{source: low(ends[source], ends[target]), target: high(ends[source], ends[target])}
                )
            else:
                swapped = ends[source] > ends[target]
                ends = ends.assign(
                    **{
                        source: ends[source].where(~swapped, ends[target]),
                        target: ends[target].where(~swapped, ends[source]),
                    }
                )
        multigraph = bool(ends.duplicated().any())
    kinds = {
        (True, True): networkx.MultiDiGraph,
        (True, False): networkx.DiGraph,
        (False, True): networkx.MultiGraph,
        (False, False): networkx.Graph,
    }
    made = kinds[graph.is_directed, bool(multigraph)]()
    ids = graph.vertex_ids.tolist()
    attributes = graph._vertex_attributes()
    if attributes is None or len(attributes.columns) < 2:
        made.add_nodes_from(ids)
    else:
        # First all nodes, so that they are in vertex order.
        made.add_nodes_from(ids)
        names = [str(name) for name in attributes.columns[1:]]
        for vertex, *values in attributes.itertuples(index=False, name=None):
            if vertex in made:
                made.nodes[vertex].update(zip(names, values, strict=True))
    others = [name for name in frame.columns if name not in (source, target)]
    ends = zip(frame[source].tolist(), frame[target].tolist(), strict=True)
    if not others:
        made.add_edges_from(ends)
    else:
        columns = [frame[name].tolist() for name in others]
        rows = (dict(zip(others, row, strict=True)) for row in zip(*columns, strict=True))
        made.add_edges_from((a, b, row) for (a, b), row in zip(ends, rows, strict=True))
    return made


def _edge_frame(graph: GraphFrame) -> tuple[Any, str, str]:
    """The edges as a pandas frame, and the columns of their ends."""
    if graph._frames is not None:
        source, target = graph._frames.ends
        return graph._frames.edges.pandas_df, source, target
    from ._dispatch import converted

    frame = graph.edges
    frame = frame.pandas_df if hasattr(frame, "engine_name") else converted(frame, "rust", "pandas")
    return frame, "source", "target"


def edges_of_scipy(matrix: Any, directed: bool, weight: str | None) -> tuple[dict[str, Any], int]:
    """Columns of edges and the number of vertices."""
    sparse = required("scipy.sparse", "from_scipy()")
    if not sparse.issparse(matrix):
        raise WrongTypeError(f"matrix must be a sparse matrix of SciPy, not {type(matrix).__name__}")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise InvalidArgumentError(f"matrix must be square, not of shape {matrix.shape}")
    entries = matrix.tocoo()
    source, target, data = entries.row.astype(np.int64), entries.col.astype(np.int64), entries.data
    if data.dtype == bool:
        data = data.astype(np.uint8)
    if not directed:
        if (matrix != matrix.T).nnz:
            raise InvalidArgumentError(
                "directed=False needs a symmetric matrix: it stores an edge in both directions"
            )
        once = source <= target
        source, target, data = source[once], target[once], data[once]
    names = _names(weight)
    return dict(zip(names, (source, target, data), strict=False)), int(matrix.shape[0])


def to_scipy(graph: GraphFrame, weight: str | None, copy: bool) -> Any:
    sparse = required("scipy.sparse", "to_scipy()")
    offsets, targets, weights = graph.weighted(weight).csr()
    # Neither has a value that a signed type of the same width could not hold.
    index: Any = np.int32 if len(targets) < 2**31 and graph.num_vertices < 2**31 else np.int64
    indices = targets.view(np.int32) if index is np.int32 else targets.astype(np.int64)
    data = np.ones(len(targets)) if weights is None else weights
    if copy:
        indices, data = indices.copy(), data.copy()
    shape = (graph.num_vertices, graph.num_vertices)
    return sparse.csr_array((data, indices, offsets.astype(index)), shape=shape)
