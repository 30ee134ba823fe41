"""Expected values of the cases about components, neighbourhoods and centrality, from NetworkX alone; see oracle.py."""

from random import Random

import networkx as nx
from oracle import to_networkx, vertex_order


def simple_view(graph):
    """NetworkX's graph without directions, loops and parallel edges."""
    g = nx.Graph(to_networkx(graph).to_undirected())
    g.remove_edges_from(list(nx.selfloop_edges(g)))
    return g


def lightest_edges(graph):
    """NetworkX's graph in which the lightest of parallel edges stands for all of them."""
    g = nx.DiGraph() if graph["directed"] else nx.Graph()
    g.add_nodes_from(vertex_order(graph))
    for u, v, w in to_networkx(graph).edges(data="weight"):
        g.add_edge(u, v, weight=min(w, g[u][v]["weight"]) if g.has_edge(u, v) else w)
    return g


def in_order(graph, values):
    return [values[v] for v in vertex_order(graph)]


def strongly_connected_components(graph):
    """Component of every vertex, numbered 0, 1, … in the order of each component's first vertex."""
    g, order = to_networkx(graph), vertex_order(graph)
    members = nx.strongly_connected_components(g) if graph["directed"] else nx.connected_components(g)
    position = {v: i for i, v in enumerate(order)}
    ordered = sorted(members, key=lambda component: min(position[v] for v in component))
    component_of = {v: i for i, component in enumerate(ordered) for v in component}
    return [component_of[v] for v in order]


def condensation(graph):
    """[(source component, target component, number of edges)], sorted; NetworkX's condensation must have the same edges."""
    component_of = dict(zip(vertex_order(graph), strongly_connected_components(graph), strict=True))
    counts = {}
    for source, target in zip(graph["source"], graph["target"], strict=True):
        ends = component_of[source], component_of[target]
        if ends[0] != ends[1]:
            counts[ends] = counts.get(ends, 0) + 1
    if graph["directed"]:
        whole = nx.condensation(nx.DiGraph(to_networkx(graph)))
        number = {c: component_of[next(iter(members))] for c, members in whole.nodes(data="members")}
        assert {(number[u], number[v]) for u, v in whole.edges} == set(counts)
    return [(*ends, count) for ends, count in sorted(counts.items())]


def triangles(graph):
    return in_order(graph, nx.triangles(simple_view(graph)))


def clustering_coefficient(graph):
    """(of every vertex, their average, transitivity)."""
    g = simple_view(graph)
    return in_order(graph, nx.clustering(g)), nx.average_clustering(g) if len(g) else 0.0, float(nx.transitivity(g))


def core_number(graph):
    return in_order(graph, nx.core_number(simple_view(graph)))


def betweenness(graph, sources=None, weight=None, normalized=True, samples=None, seed=0):
    assert not weight or min(graph["weight"]) > 0, "NetworkX counts paths over edges of weight zero wrongly"
    g, given = lightest_edges(graph), {"weight": weight, "normalized": normalized}
    if sources is not None:
        return in_order(graph, nx.betweenness_centrality_subset(g, set(sources), set(g), **given))
    if samples is not None and samples < len(g):
        return in_order(graph, nx.betweenness_centrality(g, k=samples, seed=_Sampler(seed), **given))
    return in_order(graph, nx.betweenness_centrality(g, **given))


class _Sampler(Random):
    """Draws as the kernel says: a Fisher-Yates shuffle in which position i changes places with i + floor(r (n - i) / 2^64),
    where r is the next number of SplitMix64."""

    def sample(self, population, k):
        drawn, state, mask = list(population), self.seed_given, 2**64 - 1
        for i in range(k):
            state = (state + 0x9E3779B97F4A7C15) & mask
            r = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
            r = ((r ^ (r >> 27)) * 0x94D049BB133111EB) & mask
            r ^= r >> 31
            j = i + (r * (len(drawn) - i) >> 64)
            drawn[i], drawn[j] = drawn[j], drawn[i]
        return drawn[:k]

    def seed(self, given=0, *_):
        self.seed_given = given & (2**64 - 1)


def closeness(graph, weight=None, mode="in", wf_improved=True):
    """NetworkX's closeness, which follows edges towards a vertex; for "out" on the graph with all edges turned round."""
    g = lightest_edges(graph)
    g = g.reverse() if mode == "out" and graph["directed"] else g
    return in_order(graph, nx.closeness_centrality(g, distance=weight, wf_improved=wf_improved))


def degree_centrality(graph, mode="all"):
    directed = {"in": nx.in_degree_centrality, "out": nx.out_degree_centrality, "all": nx.degree_centrality}
    return in_order(graph, (directed[mode] if graph["directed"] else nx.degree_centrality)(to_networkx(graph)))


def kept_rows(graph):
    """The edges that the options of the build leave: [(source, target, weight or None, input row)], in input order. A weight
    that is made of several stands where the first of them stood."""
    kept = {}
    policy = graph.get("duplicates", "keep")
    combine = {"first": lambda a, _: a, "sum": lambda a, b: a + b, "min": min, "max": max}.get(policy)
    for row, (source, target) in enumerate(zip(graph["source"], graph["target"], strict=True)):
        if source == target and graph.get("self_loops") == "drop":
            continue
        weight = graph["weight"][row] if "weight" in graph else None
        ends = (source, target) if graph["directed"] else tuple(sorted((source, target)))
        key = row if policy == "keep" else ends
        if key in kept:
            first = kept[key]
            kept[key] = (*first[:2], first[2] if weight is None else combine(first[2], weight), first[3])
        else:
            kept[key] = (source, target, weight, row)
    return list(kept.values())


def edges(graph):
    """The columns of all edges, sorted by source and target in vertex order, then by input row. An undirected edge has its
    first end as the source."""
    position = {v: i for i, v in enumerate(vertex_order(graph))}
    rows = []
    for source, target, weight, row in kept_rows(graph):
        if not graph["directed"] and position[source] > position[target]:
            source, target = target, source
        rows.append((source, target, weight, row))
    rows.sort(key=lambda r: (position[r[0]], position[r[1]], r[3]))
    return _columns(graph, ("source", "target"), rows)


def neighbors(graph, vertices, mode="out"):
    """The columns of the neighbours of each of `vertices` in turn: ascending, parallel edges by input row. "all" gives the
    outgoing edges, then the incoming ones; in an undirected graph every mode gives the edges at the vertex, a loop once."""
    position = {v: i for i, v in enumerate(vertex_order(graph))}
    rows = []
    for v in vertices:
        out = [(v, t, w, row) for s, t, w, row in kept_rows(graph) if s == v]
        incoming = [(v, s, w, row) for s, t, w, row in kept_rows(graph) if t == v]
        if not graph["directed"]:
            parts = [out + [edge for edge in incoming if edge[1] != v]]
        else:
            parts = {"out": [out], "in": [incoming], "all": [out, incoming]}[mode]
        for part in parts:
            rows += sorted(part, key=lambda r: (position[r[1]], r[3]))
    g = to_networkx(graph)
    if "duplicates" not in graph and "self_loops" not in graph and graph["directed"]:
        near = {"out": [g.successors], "in": [g.predecessors], "all": [g.successors, g.predecessors]}[mode]
        assert {(v, u) for v in vertices for of in near for u in of(v)} == {r[:2] for r in rows}
    return _columns(graph, ("vertex", "neighbor"), rows)


def _columns(graph, ends, rows):
    columns = {ends[0]: [r[0] for r in rows], ends[1]: [r[1] for r in rows]}
    if "weight" in graph:
        columns["weight"] = [r[2] for r in rows]
    if graph.get("edge_ids"):
        columns["edge"] = [r[3] for r in rows]
    return columns


def has_edge(graph, sources, targets):
    g = to_networkx(graph)
    return [g.has_edge(u, v) for u, v in zip(sources, targets, strict=True)]
