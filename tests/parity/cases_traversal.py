"""Cases of bfs, dfs, topological_sort and find_cycle."""

import oracle
import oracle_paths as paths
from case import case, error, facts, source_of
from graphs import GRAPHS, INHABITED, VARIED, graph, random_edges


def bfs_cases():
    def made(name, key, sources, **options):
        g = GRAPHS[key]
        distance, predecessor = oracle.bfs(g, sources, options.get("max_depth"))
        columns = {"vertex": oracle.vertex_order(g), "distance": distance}
        if options.get("predecessors", True):
            columns["predecessor"] = predecessor
        columns["layer"] = distance
        return case(name, g, columns, sources=sources, options=options)

    for key, g in GRAPHS.items():
        order = oracle.vertex_order(g)
        if order:
            yield made(key, key, [g["source"][0] if g["source"] else order[0]])
    for depth in (0, 1, 2, 1000):
        for key, source in (("path", 0), ("tree", 0), ("random", 17), ("random_strings", "pkg-37")):
            yield made(f"{key}_depth_{depth}", key, [source], max_depth=depth)
    yield made("sources_several", "path_undirected", [0, 6])
    yield made("sources_out_of_order", "path_undirected", [7, 2, 5])
    yield made("sources_repeated", "path", [3, 1, 3, 3])
    yield made("sources_neighbours", "complete", [0, 1])
    yield made("sources_all", "triangle_with_tail", [0, 1, 2, 3])
    yield made("sources_isolated_and_not", "vertices_isolated", [9, 3])
    yield made("sources_of_strings", "strings", ["10", "pear"])
    yield made("sources_non_ascii", "strings_non_ascii", ["🚂", "Αθήνα"])
    yield made("sources_look_alike", "strings_that_look_alike", ["cafe\u0301"])
    yield made("source_the_empty_string", "strings_with_the_empty_one", [""])
    yield made("source_without_outgoing_edges", "triangle_with_tail", [3])
    yield made("sources_several_random", "random_with_isolated", [0, 50, 100, 199])
    yield made("sources_several_with_depth", "random_undirected", [3, 91], max_depth=3)
    yield made("predecessors_not_asked_for", "random", [5], predecessors=False)
    yield made("predecessors_asked_for", "diamonds", [6], predecessors=True)
    # Every source of one graph: all ties between predecessors.
    for source in range(7):
        yield made(f"diamonds_from_{source}", "diamonds", [source])

    def searched(name, key, sources, targets=None, **options):
        """What `targets` and `reached_only` leave of the answer."""
        g = GRAPHS[key]
        distance, predecessor = oracle.bfs(g, sources, options.get("max_depth"))
        order = oracle.vertex_order(g)
        found = dict(zip(order, distance, strict=True))
        if targets and all(found[t] is not None for t in targets):
            farthest = max(found[t] for t in targets)
            near = [d is not None and d <= farthest for d in distance]
            distance = [d if n else None for d, n in zip(distance, near, strict=True)]
            predecessor = [p if n else None for p, n in zip(predecessor, near, strict=True)]
        columns = {"vertex": order, "distance": distance, "predecessor": predecessor, "layer": distance}
        reached = [d is not None for d in distance]
        if options.get("reached_only"):
            columns = {c: [v for v, r in zip(values, reached, strict=True) if r] for c, values in columns.items()}
        metadata = facts(reached=sum(reached))
        return case(name, g, columns, sources=sources, targets=targets, options=options, metadata=metadata)

    yield searched("target_one", "path", [1], [4])
    yield searched("target_is_the_source", "diamonds", [3], [3])
    yield searched("targets_several", "tree", [0], [4, 1, 12])
    yield searched("targets_repeated", "tree", [2], [6, 6])
    yield searched("target_not_reached", "disconnected", [5], [9])
    yield searched("targets_reached_and_not", "disconnected", [5], [4, 9])
    yield searched("target_in_the_middle_of_a_layer", "random", [5], [40])
    yield searched("target_undirected", "random_undirected", [3], [91])
    yield searched("target_of_strings", "strings", ["10"], ["fig"])
    yield searched("targets_several_sources", "path_undirected", [0, 7], [2])
    yield searched("target_beyond_max_depth", "path", [0], [5], max_depth=3)
    yield searched("target_within_max_depth", "path", [0], [2], max_depth=3)
    for key, sources in (
        ("star_inwards", [1]),
        ("disconnected", [2, 9]),
        ("random_sparse", [5]),
        ("strings_undirected", ["z"]),
    ):
        yield searched(f"{key}_reached_only", key, sources, reached_only=True)
    yield searched("reached_only_false", "disconnected", [5], reached_only=False)
    yield searched("reached_only_with_targets", "tree", [0], [3], reached_only=True)
    yield searched("reached_only_with_depth", "random", [17], reached_only=True, max_depth=2)

    triangle, strings = GRAPHS["triangle_with_tail"], GRAPHS["strings"]
    yield error("unknown_target", triangle, "99", sources=[0], targets=[1, 99])
    yield error("unknown_target_string", strings, "plum", sources=["pear"], targets=["plum"])
    yield error("unknown_source", triangle, "99", sources=[0, 99])
    yield error("unknown_source_negative", triangle, "-7", sources=[-7])
    yield error("unknown_source_in_a_hole", GRAPHS["ids_with_holes"], "3", sources=[3])
    yield error("unknown_source_beyond_num_vertices", GRAPHS["positions"], "1234", sources=[1234])
    yield error("unknown_source_string", strings, "plum", sources=["pear", "plum"])
    yield error("unknown_source_other_case", strings, "Pear", sources=["Pear"])
    yield error("source_in_an_empty_graph", GRAPHS["empty"], "source", sources=[0])
    yield error("no_source", triangle, "source", sources=[])
    yield error("no_source_string", strings, "source", sources=[])
    yield error("negative_max_depth", triangle, "max_depth", sources=[0], options={"max_depth": -1})
    yield error("max_depth_is_text", triangle, "max_depth", code="TYPE", sources=[0], options={"max_depth": "2"})
    yield error("max_depth_is_no_integer", triangle, "max_depth", code="TYPE", sources=[0], options={"max_depth": 1.5})
    no_bool = {"predecessors": "no"}
    yield error("predecessors_is_text", triangle, "predecessors", code="TYPE", sources=[0], options=no_bool)
    yield error("unknown_option", triangle, "depth_limit", sources=[0], options={"depth_limit": 2})


def dfs_cases():
    def made(name, key, sources=None, **options):
        g = GRAPHS[key] if isinstance(key, str) else key
        arguments = {name: value for name, value in options.items() if name != "reached_only"}
        values, trees = paths.dfs(g, sources or (), **arguments)
        columns = {"vertex": oracle.vertex_order(g)}
        columns |= zip(("predecessor", "discovery_time", "finish_time", "component_id"), values, strict=True)
        if options.get("reached_only"):
            reached = [d is not None for d in columns["discovery_time"]]
            columns = {c: [v for v, r in zip(values, reached, strict=True) if r] for c, values in columns.items()}
        return case(name, g, columns, sources=sources, options=options, metadata=facts(trees=trees))

    for key in INHABITED:
        yield made(key, key, [source_of(GRAPHS[key])])
    for key in (*VARIED, "random", "skewed_undirected"):
        yield made(f"{key}_forest", key, forest=True)
    for depth in (0, 1, 2, 1000):
        for key, source in (("path", 0), ("diamonds", 0), ("random_undirected", 3)):
            yield made(f"{key}_depth_{depth}", key, [source], max_depth=depth)
    yield made("forest_with_depth", "random", forest=True, max_depth=3)
    yield made("forest_with_sources", "disconnected", [9, 2], forest=True)
    yield made("sources_several", "disconnected", [2, 5])
    yield made("sources_out_of_order", "tree", [5, 2, 1])
    yield made("sources_repeated", "tree", [5, 5, 1, 5])
    yield made("source_in_a_former_tree", "path", [2, 4])
    yield made("sources_of_strings", "strings_undirected", ["z", "a"])
    yield made("neighbours_ascend", graph([(0, 5), (0, 3), (0, 4), (3, 5), (5, 4)]), [0])
    yield made("reached_only", "disconnected", [5], reached_only=True)
    yield made("reached_only_with_depth", "tree", [1], reached_only=True, max_depth=1)
    triangle, strings = GRAPHS["triangle_with_tail"], GRAPHS["strings"]
    yield error("no_source", triangle, "source", sources=[])
    yield error("unknown_source", triangle, "99", sources=[0, 99])
    yield error("unknown_source_string", strings, "plum", sources=["plum"])
    yield error("negative_max_depth", triangle, "max_depth", sources=[0], options={"max_depth": -1})
    yield error("max_depth_is_text", triangle, "max_depth", code="TYPE", sources=[0], options={"max_depth": "2"})
    yield error("forest_is_text", triangle, "forest", code="TYPE", sources=[0], options={"forest": "all"})
    yield error("unknown_option", triangle, "depth_limit", sources=[0], options={"depth_limit": 2})


# Without a cycle: edges go down in ids, so that layers are not the order of the ids; rows repeat.
DESCENDING = graph([(9, 4), (9, 1), (4, 1), (7, 4), (1, 0), (7, 0), (9, 4), (3, 0), (8, 7)])
SEVERAL_LAYERS = graph(
    [
        ("shirt", "tie"),
        ("tie", "jacket"),
        ("trousers", "shoes"),
        ("trousers", "belt"),
        ("belt", "jacket"),
        ("socks", "shoes"),
    ]
)
RANDOM_ACYCLIC = graph([(max(e), min(e)) for e in random_edges(21, 80, 200) if e[0] != e[1]])
ACYCLIC = ("one_edge", "path", "star_outwards", "star_inwards", "bipartite", "tree", "vertices_of_strings")
WITHOUT_EDGES = (
    "vertices_without_edges",
    "strings_without_edges",
    "positions_without_edges",
    "positions_none",
    "empty",
    "empty_of_strings",
)
CYCLIC = (
    "triangle_with_tail",
    "cycle",
    "diamonds",
    "disconnected",
    "one_loop",
    "loops_and_parallels",
    "ids_with_holes",
    "ids_at_the_limits",
    "strings",
    "strings_non_ascii",
    "positions_isolated",
    "random",
)


def _acyclic_graphs():
    yield from ((key, GRAPHS[key]) for key in (*ACYCLIC, *WITHOUT_EDGES))
    yield "descending", DESCENDING
    yield "several_layers_of_strings", SEVERAL_LAYERS
    yield "random_acyclic", RANDOM_ACYCLIC
    yield "isolated_between", graph([(5, 2), (2, 8)], vertices=[0, 3, 9])
    yield "loops_dropped", graph([(1, 0), (1, 1), (2, 1)], self_loops="drop")


def topological_sort_cases():
    for name, g in _acyclic_graphs():
        vertices, layers = paths.topological_sort(g)
        yield case(name, g, {"vertex": vertices, "layer": layers}, metadata=facts(layers=len(set(layers))))
    for key in CYCLIC:
        yield error(f"{key}_is_cyclic", GRAPHS[key], "cycle")
    for key in ("path_undirected", "strings_undirected"):
        yield error(f"{key}_has_no_direction", GRAPHS[key], "undirected")
    yield error("unknown_option", DESCENDING, "by", options={"by": "name"})


def find_cycle_cases():
    def made(name, g):
        cycle = paths.find_cycle(g)
        verify = "cycle" if cycle else None
        return case(name, g, {"vertex": cycle}, verify=verify, metadata=facts(acyclic=not cycle))

    for name, g in _acyclic_graphs():
        if name != "loops_dropped":
            yield made(name, g)
    for key in CYCLIC:
        yield made(key, GRAPHS[key])
    yield made("two_edges", graph([(3, 8), (8, 3)]))
    yield made("back_to_the_middle", graph([(0, 1), (1, 2), (2, 3), (3, 1)]))
    yield made("behind_a_long_tail", graph([(i, i + 1) for i in range(30)] + [(30, 27)]))
    yield made("from_the_last_vertex", graph([(0, 9), (9, 8), (8, 9)]))
    for key in (
        "path_undirected",
        "star_undirected",
        "disconnected_undirected",
        "empty_undirected",
        "positions_isolated_undirected",
    ):
        yield made(key, GRAPHS[key])
    for key in (
        "triangle_with_tail_undirected",
        "complete_undirected",
        "one_loop_undirected",
        "strings_undirected",
        "random_undirected",
    ):
        yield made(key, GRAPHS[key])
    yield made("parallel_edges_undirected", graph([(0, 1), (1, 0), (1, 2)], directed=False))
    yield error("unknown_option", DESCENDING, "source", options={"source": 0})


KERNELS = {
    "bfs": bfs_cases,
    "dfs": dfs_cases,
    "topological_sort": topological_sort_cases,
    "find_cycle": find_cycle_cases,
}
