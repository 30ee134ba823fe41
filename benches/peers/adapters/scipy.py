"""SciPy: sparse matrices, csgraph, and PageRank as the power iteration that one writes by hand. One thread."""

import numpy as np
import scipy
from graphs import encode
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra


class Peer:
    version = scipy.__version__
    notes = {
        "build": "csr, int8 data; parallel edges summed",
        "sssp": "dijkstra; one thread",
        "bfs_tree": "predecessors only",
        "pagerank20": "by hand",
        "e2e": "by hand",
    }

    def __init__(self, threads):
        pass

    def build(self, source, target, n):
        ones = np.ones(len(source), np.int8)
        return coo_array((ones, (source, target)), shape=(n, n)).tocsr()

    def make(self, kind, source, target, weight=None, *, n):
        """(csr of the edges, csr of their transpose, out-degrees)."""
        if kind != "dir":
            source, target = np.concatenate([source, target]), np.concatenate([target, source])
        weights = np.ones(len(source)) if weight is None else np.concatenate([weight, weight]).astype(float)
        edges = coo_array((weights, (source, target)), shape=(n, n)).tocsr()
        return edges, edges.T.tocsr(), np.bincount(source, minlength=n)

    def bfs_tree(self, graph, source):
        visited, _predecessor = breadth_first_order(graph[0], source)
        return lambda: len(visited)

    def pagerank20(self, graph):
        rank = self._pagerank(*graph[1:], tolerance=0.0, max_iterations=20)
        return lambda: int(np.argmax(rank))

    def wcc(self, graph):
        _, component = connected_components(graph[0], directed=False)
        return lambda: int(np.bincount(component).max())

    def scc(self, graph):
        _, component = connected_components(graph[0], directed=True, connection="strong")
        return lambda: int(np.bincount(component).max())

    def sssp(self, graph, source):
        distances = dijkstra(graph[0], indices=source)
        return lambda: float(distances[np.isfinite(distances)].max())

    def pagerank_tol(self, graph):
        rank = self._pagerank(*graph[1:], tolerance=1e-6, max_iterations=1000)
        return lambda: int(np.argmax(rank))

    def e2e(self, path, columns):
        source, target, names = encode(path, columns)
        n = int(max(source.max(), target.max())) + 1
        incoming = coo_array((np.ones(len(source)), (target, source)), shape=(n, n)).tocsr()
        rank = self._pagerank(incoming, np.bincount(source, minlength=n), tolerance=1e-6, max_iterations=100)
        top = np.argsort(-rank)[:10]
        return lambda: str(names[top[0]] if names is not None else top[0])

    @staticmethod
    def _pagerank(incoming, degree, tolerance, max_iterations):
        n, dangling = len(degree), degree == 0
        share = np.where(dangling, 0.0, 1.0 / np.maximum(degree, 1))
        rank = np.full(n, 1.0 / n)
        for _ in range(max_iterations):
            former = rank
            rank = 0.85 * (incoming @ (former * share) + former[dangling].sum() / n) + 0.15 / n
            if np.abs(rank - former).sum() < tolerance:
                break
        return rank
