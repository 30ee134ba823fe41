"""rustworkx: petgraph with Python objects as vertices and edges, one thread for most of these kernels."""

import contextlib

import rustworkx as rx
from graphs import encode


class Peer:
    version = rx.__version__
    notes = {
        "bfs_tree": "bfs_search with a visitor that looks at nothing, so nothing to check",
        "triangles": "transitivity, which counts them; nothing to check",
        "pagerank20": "raises as it has not converged, so nothing to check",
    }

    def __init__(self, threads):
        pass

    def build(self, source, target, n):
        graph = rx.PyDiGraph(multigraph=True)
        graph.add_nodes_from(range(n))
        graph.extend_from_edge_list(list(zip(source.tolist(), target.tolist(), strict=True)))
        return graph

    def make(self, kind, source, target, weight=None, *, n):
        if kind == "dir":
            return self.build(source, target, n)
        graph = rx.PyGraph(multigraph=True)
        graph.add_nodes_from(range(n))
        ends = source.tolist(), target.tolist()
        if weight is None:
            graph.extend_from_edge_list(list(zip(*ends, strict=True)))
        else:
            graph.extend_from_weighted_edge_list(list(zip(*ends, weight.astype(float).tolist(), strict=True)))
        return graph

    def bfs_tree(self, graph, source):
        rx.bfs_search(graph, [source], rx.visit.BFSVisitor())
        return lambda: None

    def pagerank20(self, graph):
        with contextlib.suppress(rx.FailedToConverge):
            rx.pagerank(graph, alpha=0.85, max_iter=20, tol=0.0)
        return lambda: None

    def wcc(self, graph):
        components = rx.connected_components(graph)
        return lambda: max(map(len, components))

    def scc(self, graph):
        components = rx.strongly_connected_components(graph)
        return lambda: max(map(len, components))

    def sssp(self, graph, source):
        distances = rx.dijkstra_shortest_path_lengths(graph, source, float)
        return lambda: max(distances.values())

    def triangles(self, graph):
        rx.transitivity(graph)
        return lambda: None

    def kcore(self, graph):
        cores = rx.core_number(graph)
        return lambda: max(cores.values())

    def pagerank_tol(self, graph):
        ranks = rx.pagerank(graph, alpha=0.85, tol=1e-6, max_iter=1000)
        return lambda: max(ranks.keys(), key=ranks.__getitem__)

    def e2e(self, path, columns):
        source, target, names = encode(path, columns)
        graph = self.build(source, target, int(max(source.max(), target.max())) + 1)
        ranks = rx.pagerank(graph, alpha=0.85, tol=1e-6, max_iter=1000)
        top = sorted(ranks.keys(), key=ranks.__getitem__, reverse=True)[:10]
        return lambda: str(names[top[0]] if names is not None else top[0])
