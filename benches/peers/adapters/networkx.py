"""NetworkX: dictionaries of Python objects, one thread."""

import contextlib

import networkx as nx
import pandas as pd


class Peer:
    version = nx.__version__
    notes = {
        "build": "DiGraph: parallel edges become one",
        "bfs_tree": "predecessors only",
        "pagerank20": "makes a SciPy matrix in each call; raises as it has not converged, so nothing to check",
    }

    def __init__(self, threads):
        pass

    def build(self, source, target, n):
        graph = nx.DiGraph()
        graph.add_nodes_from(range(n))
        graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
        return graph

    def make(self, kind, source, target, weight=None, *, n):
        if kind == "dir":
            return self.build(source, target, n)
        graph = nx.Graph()
        graph.add_nodes_from(range(n))
        ends = source.tolist(), target.tolist()
        if weight is None:
            graph.add_edges_from(zip(*ends, strict=True))
        else:
            graph.add_weighted_edges_from(zip(*ends, weight.tolist(), strict=True))
        return graph

    def bfs(self, graph, source):
        distance = nx.single_source_shortest_path_length(graph, source)
        return lambda: len(distance)

    def bfs_tree(self, graph, source):
        predecessor = dict(nx.bfs_predecessors(graph, source))
        return lambda: len(predecessor) + 1

    def pagerank20(self, graph):
        with contextlib.suppress(nx.PowerIterationFailedConvergence):
            nx.pagerank(graph, alpha=0.85, max_iter=20, tol=0)
        return lambda: None

    def wcc(self, graph):
        components = list(nx.connected_components(graph))
        return lambda: max(map(len, components))

    def scc(self, graph):
        components = list(nx.strongly_connected_components(graph))
        return lambda: max(map(len, components))

    def sssp(self, graph, source):
        distances = nx.single_source_dijkstra_path_length(graph, source)
        return lambda: float(max(distances.values()))

    def triangles(self, graph):
        counts = nx.triangles(graph)
        return lambda: sum(counts.values()) // 3

    def kcore(self, graph):
        cores = nx.core_number(graph)
        return lambda: max(cores.values())

    def bc4(self, graph, sources):
        values = nx.betweenness_centrality_subset(graph, sources, list(graph))
        return lambda: max(values, key=values.get)

    def pagerank_tol(self, graph):
        ranks = nx.pagerank(graph, alpha=0.85, max_iter=1000, tol=1e-6 / len(graph))
        return lambda: max(ranks, key=ranks.get)

    def e2e(self, path, columns):
        graph = nx.from_pandas_edgelist(pd.read_parquet(path, columns=columns), *columns, create_using=nx.DiGraph)
        ranks = nx.pagerank(graph, tol=1e-6 / len(graph))  # NetworkX multiplies by the number of vertices
        top = sorted(ranks, key=ranks.get, reverse=True)[:10]
        return lambda: str(top[0])
