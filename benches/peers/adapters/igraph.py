"""igraph: indexed edge list in C, one thread."""

import igraph as ig
import numpy as np
from graphs import encode


class Peer:
    version = ig.__version__
    notes = {
        "bfs_tree": "Graph.bfs: order of visits, layers, predecessors",
        "pagerank_tol": "PRPACK (Gauss-Seidel, its own tolerance of 1e-10); there is no power iteration",
        "e2e": "PRPACK",
        "triangles": "transitivity_undirected, which counts them; nothing to check",
    }

    def __init__(self, threads):
        pass

    def build(self, source, target, n):
        return ig.Graph(n=n, edges=np.column_stack([source, target]), directed=True)

    def make(self, kind, source, target, weight=None, *, n):
        graph = ig.Graph(n=n, edges=np.column_stack([source, target]), directed=kind == "dir")
        if weight is not None:
            graph.es["weight"] = weight.astype(float)
        return graph

    def bfs(self, graph, source):
        distance = graph.distances(source, mode="out")[0]
        return lambda: int(np.isfinite(distance).sum())

    def bfs_tree(self, graph, source):
        visited, _layers, _predecessor = graph.bfs(source, mode="out")
        return lambda: len(visited)

    def wcc(self, graph):
        components = graph.connected_components(mode="weak")
        return lambda: max(components.sizes())

    def scc(self, graph):
        components = graph.connected_components(mode="strong")
        return lambda: max(components.sizes())

    def sssp(self, graph, source):
        distances = graph.distances(source, weights="weight")[0]
        return lambda: max(d for d in distances if d < float("inf"))

    def triangles(self, graph):
        graph.transitivity_undirected()
        return lambda: None

    def kcore(self, graph):
        cores = graph.coreness()
        return lambda: max(cores)

    def bc4(self, graph, sources):
        values = graph.betweenness(sources=sources)
        return lambda: int(np.argmax(values))

    def pagerank_tol(self, graph):
        ranks = graph.pagerank(damping=0.85)
        return lambda: int(np.argmax(ranks))

    def e2e(self, path, columns):
        source, target, names = encode(path, columns)
        graph = self.build(source, target, int(max(source.max(), target.max())) + 1)
        top = np.argsort(-np.array(graph.pagerank()))[:10]
        return lambda: str(names[top[0]] if names is not None else top[0])
