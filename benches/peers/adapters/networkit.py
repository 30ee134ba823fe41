"""NetworKit: adjacency vectors in C++, OpenMP."""

import networkit as nk
import numpy as np
from graphs import encode


class Peer:
    version = nk.__version__
    notes = {
        "build": "both directions",
        "triangles": "TriangleEdgeScore; indexing the edges beforehand is not measured",
        "bc4": "EstimateBetweenness, which draws its four sources: nothing to check",
    }

    def __init__(self, threads):
        nk.setNumberOfThreads(threads)

    def build(self, source, target, n):
        return nk.GraphFromCoo((source, target), n=n, weighted=False, directed=True)

    def make(self, kind, source, target, weight=None, *, n):
        edges = (source, target) if weight is None else (weight.astype(float), (source, target))
        graph = nk.GraphFromCoo(edges, n=n, weighted=weight is not None, directed=kind == "dir")
        if kind == "sym":
            graph.indexEdges()
        return graph

    def bfs(self, graph, source):
        return self._bfs(graph, source, paths=False)

    def bfs_tree(self, graph, source):
        return self._bfs(graph, source, paths=True)

    def pagerank20(self, graph):
        search = self._pagerank(graph, tolerance=1e-300)
        search.maxIterations = 20
        search.run()
        assert search.numberOfIterations() == 20
        return lambda: int(np.argmax(search.scores()))

    def wcc(self, graph):
        search = nk.components.ParallelConnectedComponents(graph, False)
        search.run()
        return lambda: int(np.bincount(search.getPartition().getVector()).max())

    def scc(self, graph):
        search = nk.components.StronglyConnectedComponents(graph)
        search.run()
        return lambda: max(search.getComponentSizes().values())

    def sssp(self, graph, source):
        search = nk.distance.Dijkstra(graph, source, storePaths=False)
        search.run()

        def greatest():
            distances = np.asarray(search.getDistances())
            return float(distances[distances < 1e300].max())

        return greatest

    def triangles(self, graph):
        search = nk.sparsification.TriangleEdgeScore(graph)
        search.run()
        return lambda: int(np.sum(search.scores())) // 3

    def kcore(self, graph):
        search = nk.centrality.CoreDecomposition(graph, storeNodeOrder=False)
        search.run()
        return lambda: search.maxCoreNumber()

    def bc4(self, graph, sources):
        nk.centrality.EstimateBetweenness(graph, len(sources), normalized=True, parallel=True).run()
        return lambda: None

    def pagerank_tol(self, graph):
        search = self._pagerank(graph, tolerance=1e-6)
        search.run()
        return lambda: int(np.argmax(search.scores()))

    def e2e(self, path, columns):
        source, target, names = encode(path, columns)
        graph = self.build(source, target, int(max(source.max(), target.max())) + 1)
        search = self._pagerank(graph, tolerance=1e-6)
        search.run()
        top = [vertex for vertex, _ in search.ranking()[:10]]
        return lambda: str(names[top[0]] if names is not None else top[0])

    @staticmethod
    def _bfs(graph, source, paths):
        search = nk.distance.BFS(graph, source, storePaths=paths)
        search.run()
        return lambda: int((np.asarray(search.getDistances()) < graph.upperNodeIdBound()).sum())

    @staticmethod
    def _pagerank(graph, tolerance):
        spread = nk.centrality.SinkHandling.DistributeSinks
        search = nk.centrality.PageRank(graph, 0.85, tolerance, distributeSinks=spread)
        search.norm = nk.centrality.Norm.L1_NORM
        return search
