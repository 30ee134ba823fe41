"""rustworkx: petgraph with Python objects as vertices and edges, one thread for most of these kernels."""

import contextlib

import rustworkx as rx
from graphs import encode


class Peer:
    version = rx.__version__
    notes = {
        "bfs_tree": "bfs_successors: the children of each vertex, with the edges that do not belong to the tree",
        "pagerank20": "raises as it has not converged, so nothing to check",
    }

    def __init__(self, threads):
        pass

    def build(self, source, target, n):
        graph = rx.PyDiGraph(multigraph=True)
        graph.add_nodes_from(range(n))
        graph.extend_from_edge_list(list(zip(source.tolist(), target.tolist(), strict=True)))
        return graph

    def bfs_tree(self, graph, source):
        successors = rx.bfs_successors(graph, source)
        return lambda: len({source}.union(*(children for _, children in successors)))

    def pagerank20(self, graph):
        with contextlib.suppress(rx.FailedToConverge):
            rx.pagerank(graph, alpha=0.85, max_iter=20, tol=0.0)
        return lambda: None

    def wcc(self, graph):
        components = rx.weakly_connected_components(graph)
        return lambda: max(map(len, components))

    def e2e(self, path, columns):
        source, target, names = encode(path, columns)
        graph = self.build(source, target, int(max(source.max(), target.max())) + 1)
        ranks = rx.pagerank(graph, alpha=0.85, tol=1e-6, max_iter=1000)
        top = sorted(ranks.keys(), key=ranks.__getitem__, reverse=True)[:10]
        return lambda: str(names[top[0]] if names is not None else top[0])
