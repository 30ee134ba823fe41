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
        components = list(nx.weakly_connected_components(graph))
        return lambda: max(map(len, components))

    def e2e(self, path, columns):
        graph = nx.from_pandas_edgelist(pd.read_parquet(path, columns=columns), *columns, create_using=nx.DiGraph)
        ranks = nx.pagerank(graph, tol=1e-6 / len(graph))  # NetworkX multiplies by the number of vertices
        top = sorted(ranks, key=ranks.get, reverse=True)[:10]
        return lambda: str(top[0])
