"""Expected values of the parity cases, from NetworkX and NumPy alone.

Nothing here is taken from the kernels under test. A graph is the JSON object of a case (see README.md); results are
lists in vertex order, None where a row has no value.
"""

import networkx as nx
import numpy as np


def vertex_order(graph):
    """The ids of all vertices in the order of result rows.

    Positions are 0 … n-1; integers ascend by value; strings come by first appearance, `vertices` first, then the
    edges row by row, source before target.
    """
    if "num_vertices" in graph:
        return list(range(graph["num_vertices"]))
    seen = dict.fromkeys(graph.get("vertices", []))
    for source, target in zip(graph["source"], graph["target"], strict=True):
        seen[source] = seen[target] = None
    return sorted(seen) if graph["id_type"] == "int64" else list(seen)


def to_networkx(graph):
    """The graph as a NetworkX multigraph: every row is an edge, parallel ones included; loops unless the build drops them."""
    g = nx.MultiDiGraph() if graph["directed"] else nx.MultiGraph()
    g.add_nodes_from(vertex_order(graph))
    weights = graph.get("weight", [1.0] * len(graph["source"]))
    for source, target, weight in zip(graph["source"], graph["target"], weights, strict=True):
        if source != target or graph.get("self_loops") != "drop":
            g.add_edge(source, target, weight=weight)
    return g


def degree(graph, mode="all"):
    """Edges at every vertex; a loop is one edge out and one edge in, and in an undirected graph has two ends."""
    g = to_networkx(graph)
    counts = {"out": "out_degree", "in": "in_degree", "all": "degree"}[mode] if graph["directed"] else "degree"
    view = getattr(g, counts)
    return [view[v] for v in vertex_order(graph)]


def bfs(graph, sources, max_depth=None):
    """(distance, predecessor) lists.

    Distances are the least of NetworkX's single-source distances. The predecessor is then found by its definition: the
    first vertex, in vertex order, that has an edge to this one and is one step nearer.
    """
    g, order = to_networkx(graph), vertex_order(graph)
    nearest = {}
    for source in sources:
        for v, d in nx.single_source_shortest_path_length(g, source, cutoff=max_depth).items():
            nearest[v] = min(d, nearest.get(v, d))
    predecessor = []
    for v in order:
        nearer = [u for u in order if v in nearest and nearest.get(u) == nearest[v] - 1 and g.has_edge(u, v)]
        predecessor.append(nearer[0] if nearer else None)
    return [nearest.get(v) for v in order], predecessor


def connected_components(graph):
    """Component of every vertex, numbered 0, 1, … in the order of each component's first vertex."""
    g, order = to_networkx(graph), vertex_order(graph)
    members = nx.weakly_connected_components(g) if graph["directed"] else nx.connected_components(g)
    position = {v: i for i, v in enumerate(order)}
    ordered = sorted(members, key=lambda component: min(position[v] for v in component))
    component_of = {v: i for i, component in enumerate(ordered) for v in component}
    return [component_of[v] for v in order]


def pagerank(graph, damping=0.85, personalization=None, weight=None):
    """The converged ranks: NetworkX iterated to an L1 change of 1e-14, checked against a direct solution."""
    g, order = to_networkx(graph), vertex_order(graph)
    if not order:
        return []
    jumps = personalization and dict(zip(personalization["vertex"], personalization["weight"], strict=True))
    # NetworkX stops at an L1 change below (number of vertices) * tol.
    ranks = nx.pagerank(g, alpha=damping, personalization=jumps, weight=weight, max_iter=20_000, tol=1e-14 / len(order))
    result = np.array([ranks[v] for v in order])
    walk, jump, dangling = _transition(graph, personalization, weight)
    system = np.eye(len(order)) - damping * (walk + np.outer(jump, dangling))
    direct = np.linalg.solve(system, (1 - damping) * jump)
    assert np.abs(result - direct).max() < 1e-11, "NetworkX and the direct solution disagree"
    return result.tolist()


def power_iteration(graph, damping=0.85, tolerance=1e-6, max_iterations=100, personalization=None, weight=None):
    """(ranks, iterations, converged) of the plain power iteration from the uniform distribution, which NetworkX does
    too, stopped when the L1 change is below `tolerance`. For the cases about stopping, which NetworkX cannot answer: it
    scales its tolerance and raises when the iterations run out."""
    walk, jump, dangling = _transition(graph, personalization, weight)
    rank = np.full(len(jump), 1 / len(jump))
    for iteration in range(1, max_iterations + 1):
        former = rank
        rank = damping * (walk @ former + jump * (dangling @ former)) + (1 - damping) * jump
        change = np.abs(rank - former).sum()
        # A change this near to the tolerance would let rounding decide how many iterations there are.
        assert tolerance == 0 or abs(change / tolerance - 1) > 1e-3, "choose another tolerance"
        if change < tolerance:
            return rank.tolist(), iteration, True
    return rank.tolist(), max_iterations, False


def _transition(graph, personalization, weight):
    """Dense (walk, jump, dangling): walk[v, u] is the probability of the step from u to v, jump[v] that of a jump to v,
    and dangling[u] is 1 where no step leads on."""
    order = vertex_order(graph)
    position, n = {v: i for i, v in enumerate(order)}, len(order)
    walk, jump = np.zeros((n, n)), np.zeros(n)
    weights = graph["weight"] if weight else [1.0] * len(graph["source"])
    for source, target, w in zip(graph["source"], graph["target"], weights, strict=True):
        u, v = position[source], position[target]
        walk[v, u] += w
        if not graph["directed"] and u != v:
            walk[u, v] += w
    out = walk.sum(axis=0)
    walk[:, out > 0] /= out[out > 0]
    if personalization is None:
        jump[:] = 1.0
    else:
        for vertex, w in zip(personalization["vertex"], personalization["weight"], strict=True):
            jump[position[vertex]] = w
    return walk, jump / jump.sum(), (out == 0).astype(float)
