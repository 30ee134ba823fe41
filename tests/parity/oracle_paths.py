"""Expected values of the cases about paths and orders, from NetworkX alone; see oracle.py.

NetworkX gives distances, generations and traversals; predecessors are found by their definition.
"""

from math import inf

import networkx as nx
from oracle import to_networkx, vertex_order


def lightest(graph, weight):
    """The least weight of each ordered pair of neighbours, 1 where edges have no weight: {(u, v): weight}."""
    g, least = to_networkx(graph), {}
    for u, v, w in g.edges(data="weight"):
        for pair in {(u, v)} | (set() if graph["directed"] else {(v, u)}):
            least[pair] = min(least.get(pair, inf), w if weight else 1.0)
    return least


def distances(graph, sources, weight=None):
    """{vertex: least distance from any source}, by NetworkX's Dijkstra and by its Bellman-Ford, which must agree; with
    negative weights by the latter."""
    g = nx.DiGraph()
    g.add_nodes_from(vertex_order(graph))
    edges = lightest(graph, weight)
    g.add_weighted_edges_from((u, v, w) for (u, v), w in edges.items())
    nearest = {}
    for source in sources:
        for v, d in nx.single_source_bellman_ford_path_length(g, source).items():
            nearest[v] = min(d, nearest.get(v, inf))
    if all(w >= 0 for w in edges.values()):
        assert nearest == nx.multi_source_dijkstra_path_length(g, set(sources)), "Dijkstra and Bellman-Ford disagree"
    return nearest


def shortest_path(graph, sources, targets=None, weight=None):
    """(distance, predecessor) lists; None for vertices farther away than the farthest target.

    The predecessor is the first vertex in vertex order whose edge is the last one of a shortest path and which is strictly
    nearer: by distance, then by the number of edges of weight zero since the distance was reached.
    """
    order, edges, nearest = vertex_order(graph), lightest(graph, weight), distances(graph, sources, weight)
    tight = {
        v: [u for u in order if u in nearest and nearest[u] + edges.get((u, v), inf) == nearest[v]] for v in nearest
    }
    negative = any(w < 0 for w in edges.values())
    hops = _hops(nearest, tight, sources)
    predecessor = {}
    for v in nearest:
        candidates = [
            u for u in tight[v] if nearest[u] < nearest[v] or (nearest[u] == nearest[v] and hops[u] < hops[v])
        ]
        if negative:
            # Neither distance nor zero weights order the vertices then: such cases have one shortest path to each.
            candidates = tight[v]
            assert v in sources or len(candidates) == 1, "choose weights with one shortest path to every vertex"
        predecessor[v] = None if v in sources else candidates[0]
    farthest = inf
    if targets is not None and all(t in nearest for t in targets):
        farthest = max(nearest[t] for t in targets)
    shown = [v in nearest and nearest[v] <= farthest for v in order]
    return (
        [nearest[v] if s else None for v, s in zip(order, shown, strict=True)],
        [predecessor[v] if s else None for v, s in zip(order, shown, strict=True)],
    )


def _hops(nearest, tight, sources):
    """The least number of edges of weight zero from where a vertex's distance is first reached: a source, or a vertex
    with a shortest path whose last edge has a weight."""
    hops = {v: 0 for v in nearest if v in sources or any(nearest[u] < nearest[v] for u in tight[v])}
    while len(hops) < len(nearest):
        deeper = {
            v: 1 + min(hops[u] for u in tight[v] if u in hops)
            for v in nearest
            if v not in hops and set(tight[v]) & set(hops)
        }
        if not deeper:  # only with negative weights, where they are not asked for
            return dict.fromkeys(nearest, 0)
        hops |= deeper
    return hops


def path(graph, source, target, weight=None):
    """(vertices, distances) of the path from source to target along the predecessors; empty where there is none."""
    order = vertex_order(graph)
    distance, predecessor = (dict(zip(order, v, strict=True)) for v in shortest_path(graph, [source], None, weight))
    if distance[target] is None:
        return [], []
    vertices = [target]
    while vertices[-1] != source:
        vertices.append(predecessor[vertices[-1]])
    vertices.reverse()
    return vertices, [distance[v] for v in vertices]


def dfs(graph, sources=(), forest=False, max_depth=None):
    """(predecessor, discovery_time, finish_time, component_id) lists and the number of trees.

    NetworkX's traversal with neighbours in vertex order, from one root after the other, each in what the former ones
    left; one clock counts the beginnings and the ends of all vertices.
    """
    order = vertex_order(graph)
    position = {v: i for i, v in enumerate(order)}
    left = to_networkx(graph)
    if max_depth == 0:  # NetworkX takes a depth of 0 for one of 1.
        left.remove_edges_from(list(left.edges))
    predecessor, discovery, finish, component = {}, {}, {}, {}
    clock = trees = 0
    for root in [*sources, *(order if forest else [])]:
        if root in component:
            continue
        labelled = nx.dfs_labeled_edges(left, root, max_depth, sort_neighbors=lambda row: sorted(row, key=position.get))
        for u, v, label in labelled:
            if label == "forward":
                predecessor[v], discovery[v], component[v] = (None if u == v else u), clock, trees
            elif label.startswith("reverse"):
                finish[v] = clock
            else:
                continue
            clock += 1
        left.remove_nodes_from([v for v, tree in component.items() if tree == trees])
        trees += 1
    return tuple([values.get(v) for v in order] for values in (predecessor, discovery, finish, component)), trees


def topological_sort(graph):
    """(vertices, layers): NetworkX's generations, in each the vertices in vertex order."""
    position = {v: i for i, v in enumerate(vertex_order(graph))}
    generations = [sorted(layer, key=position.get) for layer in nx.topological_generations(to_networkx(graph))]
    return [v for layer in generations for v in layer], [i for i, layer in enumerate(generations) for _ in layer]


def find_cycle(graph):
    """One cycle as a list of vertices, empty where there is none."""
    try:
        return [edge[0] for edge in nx.find_cycle(to_networkx(graph))]
    except nx.NetworkXNoCycle:
        return []
