"""Cases of shortest_path and path."""

import oracle
import oracle_paths as paths
from case import case, error, facts, source_of
from graphs import GRAPHS, INHABITED, graph, random_edges, random_weights

METHODS = ("dijkstra", "delta_stepping", "bellman_ford")

WEIGHTED = {
    # The path with more edges is the shorter one.
    "detour": graph([(0, 3), (0, 1), (1, 2), (2, 3), (3, 4)], weight=[5.0, 1.0, 1.0, 1.0, 1.0]),
    # Several last edges are on shortest paths: to 6 from 5, 2 and 4, to 4 from 1 and 3.
    "ties": graph(
        [(0, 5), (0, 2), (5, 6), (2, 6), (0, 3), (3, 4), (0, 1), (1, 4), (4, 6)],
        weight=[2.0, 1.0, 1.0, 2.0, 0.5, 0.5, 0.25, 0.75, 2.0],
    ),
    # A cycle of weight 0, whose vertices must not precede each other in a circle, entered at its greatest id.
    "zero_cycle": graph(
        [(0, 4), (4, 2), (2, 3), (3, 4), (2, 4), (3, 2), (3, 5)], weight=[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    ),
    "zero_everywhere": graph([(3, 1), (1, 2), (2, 0), (0, 3), (3, 0)], weight=[0.0] * 5),
    "zero_undirected": graph(
        [(5, 1), (1, 0), (0, 3), (3, 5), (3, 4)], weight=[0.0, 0.0, 0.0, 2.0, 1.0], directed=False
    ),
    "parallel": graph([(0, 1), (0, 1), (0, 1), (1, 2), (1, 2)], weight=[3.0, 0.5, 2.0, 1.0, 4.0]),
    "parallel_undirected": graph(
        [(0, 1), (1, 0), (0, 1), (2, 1), (2, 2)], weight=[3.0, 0.5, 2.0, 1.0, 0.25], directed=False
    ),
    "loops": graph([(0, 0), (0, 1), (1, 1), (1, 2)], weight=[0.0, 1.0, 2.0, 1.0]),
    "strings": graph(
        [("oslo", "bergen"), ("bergen", "voss"), ("oslo", "voss"), ("voss", "ål")], weight=[4.0, 1.0, 6.0, 0.5]
    ),
    "positions": graph([(1, 4), (4, 2), (1, 2), (6, 1)], weight=[0.5, 0.5, 2.0, 1.0], num_vertices=8),
    "isolated": graph([(3, 1), (1, 8)], weight=[1.5, 2.5], vertices=[5, 0]),
    "huge_and_tiny": graph([(0, 1), (1, 2), (0, 2), (2, 3)], weight=[2.0**60, 2.0**-20, 2.0**61, 2.0**-20]),
    "heavy_first": graph(
        [(0, i) for i in range(1, 7)] + [(i + 1, i) for i in range(1, 6)],
        weight=[64.0, 32.0, 16.0, 8.0, 4.0, 1.0] + [1.0] * 5,
    ),
    "random": graph(random_edges(31, 60, 240), weight=[w + 0.25 for w in random_weights(32, 240)]),
    "random_undirected": graph(
        random_edges(33, 60, 110), weight=[w + 0.25 for w in random_weights(34, 110)], directed=False
    ),
}
SOURCE = {"zero_everywhere": 3, "zero_undirected": 5, "strings": "oslo", "positions": 1, "isolated": 3}
NEGATIVE = {
    "negative": graph([(0, 1), (0, 2), (1, 2), (2, 3)], weight=[4.0, 2.0, -3.0, 1.0]),
    "negative_in_a_cycle": graph([(0, 1), (1, 2), (2, 0), (2, 3)], weight=[-1.0, 2.0, 0.5, -2.5]),
    "negative_of_strings": graph([("c", "b"), ("b", "a"), ("c", "a")], weight=[1.0, -2.0, 0.0]),
    "negative_cycle_not_reached": graph([(0, 1), (2, 3), (3, 2), (2, 0)], weight=[1.5, -1.0, 0.5, 1.0]),
}


def shortest_path_cases():
    def made(name, g, sources, targets=None, ran=None, **options):
        distance, predecessor = paths.shortest_path(g, sources, targets, options.get("weight"))
        columns = {"vertex": oracle.vertex_order(g), "distance": distance}
        if options.get("predecessors", True):
            columns["predecessor"] = predecessor
        reached = [d is not None for d in distance]
        if options.get("reached_only"):
            columns = {c: [v for v, r in zip(values, reached, strict=True) if r] for c, values in columns.items()}
        metadata = facts(reached=sum(reached)) | (facts(method=ran) if ran else {})
        return case(name, g, columns, sources=sources, targets=targets, options=options, metadata=metadata)

    for key in INHABITED:
        yield made(key, GRAPHS[key], [source_of(GRAPHS[key])])
    for key, g in WEIGHTED.items():
        source = SOURCE.get(key, 0)
        yield made(f"weight_{key}", g, [source], weight="weight")
        for method in METHODS:
            yield made(f"weight_{key}_{method}", g, [source], weight="weight", method=method, ran=method)
    for key, g in NEGATIVE.items():
        source = source_of(g)
        yield made(f"{key}_auto", g, [source], weight="weight", method="auto", ran="bellman_ford")
        yield made(f"{key}_bellman_ford", g, [source], weight="weight", method="bellman_ford", ran="bellman_ford")
        yield made(f"{key}_not_followed", g, [source])
    for delta in (0.25, 1.0, 1000.0):
        yield made(f"delta_{delta}", WEIGHTED["random"], [5], weight="weight", method="delta_stepping", delta=delta)
    yield made("weight_not_followed", WEIGHTED["detour"], [0])
    ties, positions, heavy, words = (WEIGHTED[key] for key in ("ties", "positions", "heavy_first", "strings"))
    yield made("sources_several", ties, [5, 3, 1], weight="weight")
    yield made("sources_repeated", ties, [3, 3], weight="weight")
    yield made("sources_of_strings", words, ["voss", "oslo"], weight="weight")
    yield made("sources_joined_by_zero", WEIGHTED["zero_cycle"], [2, 4], weight="weight")
    for method in METHODS:
        yield made(f"target_{method}", heavy, [0], [4], weight="weight", method=method)
        yield made(f"targets_{method}", ties, [0], [1, 2], weight="weight", method=method)
    yield made("target_is_the_source", ties, [0], [0], weight="weight")
    yield made("target_behind_a_zero", WEIGHTED["zero_cycle"], [0], [4], weight="weight")
    yield made("target_not_reached", positions, [1], [6], weight="weight")
    yield made("targets_reached_and_not", positions, [1], [4, 6], weight="weight")
    yield made("target_without_weight", GRAPHS["tree"], [0], [4])
    yield made("target_of_strings", words, ["oslo"], ["bergen"], weight="weight")
    yield made("reached_only", positions, [1], weight="weight", reached_only=True)
    yield made("reached_only_with_targets", heavy, [0], [5], weight="weight", reached_only=True)
    yield made("reached_only_without_weight", GRAPHS["disconnected"], [5], reached_only=True)
    yield made("predecessors_not_asked_for", ties, [0], weight="weight", predecessors=False)
    yield from _shortest_path_errors()


def _shortest_path_errors():
    ties, negative = WEIGHTED["ties"], NEGATIVE["negative"]
    weight = {"weight": "weight"}
    yield error("no_source", ties, "source", sources=[])
    yield error("unknown_source", ties, "99", sources=[0, 99])
    yield error("unknown_source_string", WEIGHTED["strings"], "rome", sources=["rome"])
    yield error("unknown_target", ties, "99", sources=[0], targets=[99])
    yield error("source_in_an_empty_graph", GRAPHS["empty"], "graph", sources=[0])
    yield error("weight_of_another_name", ties, "cost", sources=[0], options={"weight": "cost"})
    yield error("weight_of_an_unweighted_graph", GRAPHS["path"], "weight", sources=[0], options=weight)
    for method in ("dijkstra", "delta_stepping"):
        yield error(
            f"negative_weight_{method}", negative, "non-negative", sources=[0], options=weight | {"method": method}
        )
    cycle = graph([(20, 31), (31, 52), (52, 43), (43, 31)], weight=[1.0, 1.0, -3.0, 1.0])
    loop = graph([(0, 1), (1, 71), (71, 71)], weight=[1.0, 1.0, -0.5])
    words = graph([("a", "bergen"), ("bergen", "voss"), ("voss", "bergen")], weight=[1.0, 1.0, -2.0])
    for method in ("auto", "bellman_ford"):
        yield error(f"negative_cycle_{method}", cycle, "52", sources=[20], options=weight | {"method": method})
    yield error("negative_loop", loop, "71", sources=[0], options=weight)
    yield error("negative_cycle_of_strings", words, "voss", sources=["a"], options=weight)
    undirected = graph([(0, 1), (1, 62)], weight=[1.0, -0.5], directed=False)
    yield error("negative_edge_undirected", undirected, "62", sources=[0], options=weight)
    yield error("unknown_method", ties, "method", sources=[0], options=weight | {"method": "astar"})
    yield error("method_is_no_text", ties, "method", code="TYPE", sources=[0], options={"method": 1})
    for delta in (0.0, -1.0):
        yield error(
            f"delta_{delta}", ties, "delta", sources=[0], options=weight | {"method": "delta_stepping", "delta": delta}
        )
    yield error("delta_is_text", ties, "delta", code="TYPE", sources=[0], options=weight | {"delta": "wide"})
    yield error("unknown_option", ties, "max_depth", sources=[0], options={"max_depth": 2})


def path_cases():
    def made(name, g, source, target, **options):
        vertices, distance = paths.path(g, source, target, options.get("weight"))
        columns = {"vertex": vertices, "distance": distance}
        return case(
            name, g, columns, source=source, target=target, options=options, metadata=facts(found=bool(vertices))
        )

    for key in INHABITED:
        order = oracle.vertex_order(GRAPHS[key])
        yield made(key, GRAPHS[key], source_of(GRAPHS[key]), order[-1])
    for key, g in WEIGHTED.items():
        yield made(f"weight_{key}", g, SOURCE.get(key, 0), oracle.vertex_order(g)[-1], weight="weight")
    for method in METHODS:
        yield made(f"weight_random_{method}", WEIGHTED["random"], 5, 40, weight="weight", method=method)
        yield made(f"weight_zero_cycle_{method}", WEIGHTED["zero_cycle"], 0, 5, weight="weight", method=method)
    for key, g in NEGATIVE.items():
        yield made(key, g, source_of(g), oracle.vertex_order(g)[-1], weight="weight")
    yield made("weight_not_followed", WEIGHTED["detour"], 0, 4)
    yield made("to_itself", GRAPHS["diamonds"], 3, 3)
    yield made("to_itself_by_weight", WEIGHTED["loops"], 0, 0, weight="weight")
    yield made("against_the_edges", GRAPHS["path"], 5, 2)
    yield made("ties", GRAPHS["diamonds"], 1, 0)
    yield made("of_strings", GRAPHS["strings"], "10", "apple")
    triangle, negative = GRAPHS["triangle_with_tail"], NEGATIVE["negative"]
    yield error("unknown_source", triangle, "99", source=99, target=0)
    yield error("unknown_target", triangle, "77", source=0, target=77)
    yield error("unknown_string", GRAPHS["strings"], "plum", source="pear", target="plum")
    yield error("weight_of_another_name", negative, "cost", source=0, target=1, options={"weight": "cost"})
    dijkstra = {"weight": "weight", "method": "dijkstra"}
    yield error("negative_weight_dijkstra", negative, "non-negative", source=0, target=3, options=dijkstra)
    cycle = graph([(0, 31), (31, 52), (52, 31)], weight=[1.0, 1.0, -3.0])
    yield error("negative_cycle", cycle, "52", source=0, target=31, options={"weight": "weight"})
    yield error("unknown_method", negative, "method", source=0, target=1, options={"method": "astar"})
    yield error("unknown_option", triangle, "delta_", source=0, target=1, options={"delta_": 1.0})


KERNELS = {"shortest_path": shortest_path_cases, "path": path_cases}
