"""The Python package `parquetframe` on its Rust engine."""

import warnings

import numpy as np
import parquetframe as pf

# Twenty iterations of PageRank are meant to end before convergence.
warnings.filterwarnings("ignore", message=".*converge.*")


class Peer:
    """Users' calls of `parquetframe`; the pandas engine is a subclass."""

    engine = "rust"
    notes = {"bfs": "a graph that is searched several times gets its incoming edges, once"}

    def __init__(self, threads):
        self.version = pf.__version__

    def build(self, source, target, n):
        # Positions: all n vertices exist, isolated ones too, as in the other tools.
        edges = {"source": source, "target": target}
        return pf.GraphFrame.from_edges(edges, source="source", target="target", num_vertices=n, engine=self.engine)

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

    def e2e(self, path, columns):
        edges = pf.read_parquet(path, engine=self.engine)
        graph = pf.GraphFrame.from_edges(edges, source=columns[0], target=columns[1], engine=self.engine)
        result = graph.pagerank(top=10)
        return lambda: str(_column(result, "vertex").iloc[0])


def _column(result, name):
    """A column of a result, which is a Table, a DataFrameProxy or a pandas frame, as a pandas Series."""
    frame = result.to_pandas() if hasattr(result, "to_pandas") else result
    return getattr(frame, "native", frame)[name]
