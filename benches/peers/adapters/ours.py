"""The Python package `parquetframe` on its Rust engine."""

import warnings

import numpy as np
import parquetframe as pf

# Twenty iterations of PageRank are meant to end before convergence.
warnings.filterwarnings("ignore", message=".*converge.*")


class Peer:
    """Users' calls of `parquetframe`; the pandas engine is a subclass."""

    engine = "rust"
    notes = {"build": "outgoing edges", "triangles": "with the number of every vertex", "sssp": "no predecessors"}

    def __init__(self, threads):
        self.version = pf.__version__

    def build(self, source, target, n):
        # Positions: all n vertices exist, isolated ones too, as in the other tools.
        edges = {"source": source, "target": target}
        return pf.GraphFrame.from_edges(edges, source="source", target="target", num_vertices=n, engine=self.engine)

    def make(self, kind, source, target, weight=None, *, n):
        edges = {"source": source, "target": target} | ({} if weight is None else {"weight": weight})
        graph = pf.GraphFrame.from_edges(
            edges,
            weight=None if weight is None else "weight",
            directed=kind == "dir",
            num_vertices=n,
            engine=self.engine,
        )
        graph.csc()
        return graph

    def bfs(self, graph, source):
        result = graph.bfs(source=source, predecessors=False)
        return lambda: int(_column(result, "distance").count())

    def bfs_tree(self, graph, source):
        result = graph.bfs(source=source)
        return lambda: int(_column(result, "distance").count())

    def pagerank20(self, graph):
        result = graph.pagerank(damping=0.85, tolerance=0.0, max_iterations=20)
        return lambda: int(np.argmax(_column(result, "rank").to_numpy()))

    def wcc(self, graph):
        result = graph.connected_components()
        return lambda: int(np.bincount(_column(result, "component_id").to_numpy()).max())

    def pagerank_tol(self, graph):
        result = graph.pagerank(damping=0.85, tolerance=1e-6, max_iterations=1000)
        return lambda: int(np.argmax(_column(result, "rank").to_numpy()))

    def scc(self, graph):
        result = graph.strongly_connected_components()
        return lambda: int(np.bincount(_column(result, "component_id").to_numpy()).max())

    def sssp(self, graph, source):
        result = graph.shortest_path(source=source, weight="weight", predecessors=False)
        return lambda: float(_column(result, "distance").replace(np.inf, np.nan).max())

    def triangles(self, graph):
        result = graph.triangles()
        return lambda: int(_column(result, "triangles").sum()) // 3

    def kcore(self, graph):
        result = graph.core_number()
        return lambda: int(_column(result, "core_number").max())

    def bc4(self, graph, sources):
        result = graph.betweenness(sources=sources)
        return lambda: int(np.argmax(_column(result, "betweenness").to_numpy()))

    def e2e(self, path, columns):
        graph = pf.GraphFrame.from_parquet(path, source=columns[0], target=columns[1], engine=self.engine)
        result = graph.pagerank(top=10)
        return lambda: str(_column(result, "vertex").iloc[0])


def _column(result, name):
    """A column of a result, which is a Table, a DataFrameProxy or a pandas frame, as a pandas Series."""
    frame = result.to_pandas() if hasattr(result, "to_pandas") else result
    return getattr(frame, "native", frame)[name]
