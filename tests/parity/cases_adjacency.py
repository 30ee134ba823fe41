"""Cases of what a graph holds: degrees, neighbours, edges, and what the options of the build do to them."""

import oracle
import oracle_structure as structure
from case import TOLERANCE, case, error, rounded
from graphs import GRAPHS, INHABITED, REPEATED, REPEATED_WEIGHTS, VARIED, graph


def degree_cases():
    def made(name, key, **options):
        g = GRAPHS[key]
        columns = {"vertex": oracle.vertex_order(g), "degree": oracle.degree(g, **options)}
        return case(name, g, columns, options=options)

    for key in GRAPHS:
        yield made(key, key)
    for key in ("triangle_with_tail", "loops_and_parallels", "loops_and_parallels_undirected", "strings", "random"):
        for mode in ("out", "in", "all"):
            yield made(f"{key}_{mode}", key, mode=mode)

    triangle = GRAPHS["triangle_with_tail"]
    yield error("unknown_mode", triangle, "mode", options={"mode": "both"})
    yield error("mode_is_no_text", triangle, "mode", code="TYPE", options={"mode": 1})
    yield error("unknown_option", triangle, "direction", options={"direction": "out"})
    yield from graph_errors()
    yield from build_errors()


def graph_errors():
    """Graphs that cannot be built: refused before a kernel is asked. They stand among the cases of degree."""
    yield error("id_beyond_num_vertices", graph([(0, 1), (1, 51)], num_vertices=4), "51")
    yield error("source_beyond_num_vertices", graph([(0, 1), (77, 1)], num_vertices=77), "77")
    yield error("negative_id_with_num_vertices", graph([(0, 1), (-3, 1)], num_vertices=5), "-3")
    yield error("id_with_no_vertices", graph([(0, 0)], num_vertices=0), "0")
    yield error("negative_num_vertices", graph([], num_vertices=-1), "num_vertices")
    yield error("num_vertices_beside_vertices", graph([(0, 1)], vertices=[2], num_vertices=3), "num_vertices")


BUILDS = {
    "kept": {},
    "duplicates_keep": {"duplicates": "keep", "self_loops": "keep"},
    "duplicates_first": {"duplicates": "first"},
    "duplicates_sum": {"duplicates": "sum"},
    "duplicates_min": {"duplicates": "min"},
    "duplicates_max": {"duplicates": "max"},
    "self_loops_drop": {"self_loops": "drop"},
    "duplicates_min_self_loops_drop": {"duplicates": "min", "self_loops": "drop"},
}


def build_errors():
    """Options of the build that are refused; they stand among the cases of degree."""
    repeated, weights = REPEATED, REPEATED_WEIGHTS
    yield error("duplicates_unknown", graph(repeated, weight=weights, duplicates="mean"), "duplicates")
    yield error("duplicates_no_text", graph(repeated, duplicates=True), "duplicates", code="TYPE")
    for policy in ("sum", "min", "max"):
        yield error(f"duplicates_{policy}_without_weight", graph(repeated, duplicates=policy), "weight")
    yield error("self_loops_unknown", graph(repeated, self_loops="first"), "self_loops")
    yield error("edge_ids_no_truth_value", graph(repeated, edge_ids="yes"), "edge_ids", code="TYPE")


def built(directed, weighted=True, **options):
    weight = REPEATED_WEIGHTS if weighted else None
    return graph(REPEATED, weight=weight, directed=directed, **options)


def degree_centrality_cases():
    def made(name, key, **options):
        g = GRAPHS[key]
        values = rounded(structure.degree_centrality(g, **options))
        columns = {"vertex": oracle.vertex_order(g), "degree_centrality": values}
        return case(name, g, columns, options=options, tolerance=TOLERANCE)

    for key in VARIED:
        yield made(key, key)
    for key in ("triangle_with_tail", "loops_and_parallels", "loops_and_parallels_undirected", "strings", "one_loop"):
        for mode in ("out", "in", "all"):
            yield made(f"{key}_{mode}", key, mode=mode)
    triangle = GRAPHS["triangle_with_tail"]
    yield error("unknown_mode", triangle, "mode", options={"mode": "both"})
    yield error("mode_is_no_text", triangle, "mode", code="TYPE", options={"mode": 1})
    yield error("unknown_option", triangle, "normalised", options={"normalised": True})


def edges_cases():
    def made(name, g):
        return case(name, g, structure.edges(g))

    for key in (*VARIED, "weighted", "weighted_loops_and_parallels", "weighted_loops_and_parallels_undirected"):
        yield made(key, GRAPHS[key])
    for name, options in BUILDS.items():
        for directed in (True, False):
            suffix = "" if directed else "_undirected"
            yield made(f"{name}{suffix}", built(directed, **options))
            if options.get("duplicates", "keep") in ("keep", "first"):
                yield made(f"{name}_edge_ids{suffix}", built(directed, weighted=False, edge_ids=True, **options))
    yield made("weight_and_edge_ids", built(True, edge_ids=True))
    yield made("edge_ids_false", built(True, edge_ids=False))
    strings = [("b", "a"), ("a", "b"), ("b", "b"), ("b", "a"), ("c", "a")]
    yield made("duplicates_first_strings", graph(strings, duplicates="first", edge_ids=True))
    yield made("duplicates_first_strings_undirected", graph(strings, duplicates="first", edge_ids=True, directed=False))
    yield made("duplicates_first_empty", graph([], duplicates="first", edge_ids=True))
    yield made("only_loops_dropped", graph([(3, 3), (1, 1)], self_loops="drop", edge_ids=True))
    positions = graph([(4, 1), (4, 1), (1, 1)], num_vertices=6, duplicates="first", self_loops="drop")
    yield made("positions_duplicates_first_self_loops_drop", positions)
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "mode", options={"mode": "out"})


def neighbors_cases():
    def made(name, g, vertices, **options):
        return case(name, g, structure.neighbors(g, vertices, **options), vertices=vertices, options=options)

    for key in INHABITED:
        g = GRAPHS[key]
        yield made(key, g, oracle.vertex_order(g)[:12])
    for key in ("diamonds", "loops_and_parallels", "loops_and_parallels_undirected", "strings", "weighted"):
        g = GRAPHS[key]
        for mode in ("out", "in", "all"):
            yield made(f"{key}_{mode}", g, oracle.vertex_order(g)[1:3], mode=mode)
    yield made("order_and_repetition", GRAPHS["diamonds"], [6, 0, 3, 0])
    yield made("no_vertex", GRAPHS["diamonds"], [])
    yield made("no_vertex_of_strings", GRAPHS["strings"], [])
    yield made("no_vertex_in_an_empty_graph", GRAPHS["empty"], [])
    yield made("no_neighbor", GRAPHS["triangle_with_tail"], [3])
    for directed in (True, False):
        suffix = "" if directed else "_undirected"
        for mode in ("in", "all"):
            yield made(f"edge_ids_{mode}{suffix}", built(directed, edge_ids=True), [2, 0], mode=mode)
        yield made(f"duplicates_max{suffix}", built(directed, duplicates="max", self_loops="drop"), [0, 1, 2])
    triangle = GRAPHS["triangle_with_tail"]
    yield error("unknown_vertex", triangle, "99", vertices=[0, 99])
    yield error("unknown_vertex_string", GRAPHS["strings"], "plum", vertices=["plum"])
    yield error("unknown_mode", triangle, "mode", vertices=[0], options={"mode": "both"})
    yield error("unknown_option", triangle, "depth", vertices=[0], options={"depth": 2})


def has_edge_cases():
    def made(name, g, pairs):
        sources, targets = [s for s, _ in pairs], [t for _, t in pairs]
        columns = {"source": sources, "target": targets, "has_edge": structure.has_edge(g, sources, targets)}
        return case(name, g, columns, sources=sources, targets=targets)

    for key in INHABITED:
        g = GRAPHS[key]
        order = oracle.vertex_order(g)
        rows = list(zip(g["source"], g["target"], strict=True))[:6]
        pairs = [*rows, *((t, s) for s, t in rows), (order[0], order[-1]), (order[-1], order[0]), (order[0], order[0])]
        yield made(key, g, pairs)
    yield made("all_pairs", GRAPHS["loops_and_parallels"], [(i, j) for i in range(4) for j in range(4)])
    yield made(
        "all_pairs_undirected", GRAPHS["loops_and_parallels_undirected"], [(i, j) for i in range(4) for j in range(4)]
    )
    yield made("loops_dropped", built(True, self_loops="drop"), [(0, 1)])
    yield made("no_pair", GRAPHS["strings"], [])
    yield made("no_pair_in_an_empty_graph", GRAPHS["empty"], [])
    triangle = GRAPHS["triangle_with_tail"]
    yield error("unknown_source", triangle, "99", sources=[0, 99], targets=[1, 1])
    yield error("unknown_target", triangle, "77", sources=[0, 1], targets=[1, 77])
    yield error("unknown_string", GRAPHS["strings"], "plum", sources=["pear"], targets=["plum"])
    yield error("lengths_differ", triangle, "targets", sources=[0, 1], targets=[1])
    yield error("unknown_option", triangle, "mode", sources=[0], targets=[1], options={"mode": "out"})


KERNELS = {
    "degree": degree_cases,
    "degree_centrality": degree_centrality_cases,
    "edges": edges_cases,
    "neighbors": neighbors_cases,
    "has_edge": has_edge_cases,
}
