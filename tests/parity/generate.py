#!/usr/bin/env python3
"""Write the parity cases, <kernel>.json beside this file; --check compares the committed files instead.

Needs NetworkX, SciPy (which NetworkX's PageRank uses) and NumPy. README.md has the format. Everything is seeded.
--check allows a difference of 1e-12 in floating-point numbers, which other versions of them may sum otherwise.
"""

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path

import oracle
from graphs import GRAPHS, TRIANGLE, graph

FOLDER = Path(__file__).resolve().parent
# What floating-point columns may differ by, absolute. Ranks are compared after convergence to 1e-12.
RANK_TOLERANCE = 1e-9
DIGITS = 13
CONVERGED = {"tolerance": 1e-12, "max_iterations": 10_000}


def case(name, graph, columns, *, options=None, tolerance=0.0, metadata=None, **inputs):
    """A case with a result. `inputs` are the call's other inputs: `sources`, `personalization`."""
    expect = {"columns": columns} | ({"metadata": metadata} if metadata else {})
    return _call(name, graph, options, inputs) | {"expect": expect, "tolerance": tolerance}


def error(name, graph, message_contains, *, code="INVALID_ARGUMENT", options=None, **inputs):
    """A case that the build of the graph or the kernel refuses."""
    expect = {"code": code, "message_contains": message_contains}
    made = _call(name, graph, options, inputs) | {"expect_error": expect}
    return made | ({"unknown_option": True} if name.startswith("unknown_option") else {})


def _call(name, graph, options, inputs):
    ids = graph["source"] + graph["target"] + graph.get("vertices", [])
    wide = any(isinstance(v, int) and abs(v) > 2**53 for v in ids)
    flags = {"wide_ids": True} if wide else {}
    return {"name": name} | flags | {"graph": graph} | inputs | {"options": options or {}}


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


def graph_errors():
    """Graphs that cannot be built: refused before a kernel is asked. They stand among the cases of degree."""
    yield error("id_beyond_num_vertices", graph([(0, 1), (1, 51)], num_vertices=4), "51")
    yield error("source_beyond_num_vertices", graph([(0, 1), (77, 1)], num_vertices=77), "77")
    yield error("negative_id_with_num_vertices", graph([(0, 1), (-3, 1)], num_vertices=5), "-3")
    yield error("id_with_no_vertices", graph([(0, 0)], num_vertices=0), "0")
    yield error("negative_num_vertices", graph([], num_vertices=-1), "num_vertices")
    yield error("num_vertices_beside_vertices", graph([(0, 1)], vertices=[2], num_vertices=3), "num_vertices")


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

    triangle, strings = GRAPHS["triangle_with_tail"], GRAPHS["strings"]
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


def connected_components_cases():
    for key, g in GRAPHS.items():
        ids = oracle.connected_components(g)
        columns = {"vertex": oracle.vertex_order(g), "component_id": ids}
        yield case(key, g, columns, metadata={"parquetframe.components": str(len(set(ids)))})
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "strength", options={"strength": "weak"})


def pagerank_cases():
    def ranked(name, g, ranks, top, inputs, options, metadata):
        rows = list(zip(oracle.vertex_order(g), ranks, strict=True))
        if top:
            rows.sort(key=lambda row: -round(row[1], 12))
            # Neighbours in the ranking are equal by construction or far apart: rounding must not decide the order.
            gaps = [upper[1] - lower[1] for upper, lower in pairwise(rows[: top + 1])]
            assert all(abs(gap) < 1e-13 or gap > 1e-6 for gap in gaps), f"{name}: ranks too near to each other"
        rows = rows[:top]
        columns = {"vertex": [v for v, _ in rows], "rank": [round(rank, DIGITS) for _, rank in rows]}
        return case(name, g, columns, tolerance=RANK_TOLERANCE, metadata=metadata, options=options, **inputs)

    def made(name, key, *, top=None, **arguments):
        """Converged ranks."""
        g, inputs, options = _split(GRAPHS[key], arguments)
        ranks = oracle.pagerank(g, **arguments)
        options |= CONVERGED | ({"top": top} if top else {})
        return ranked(name, g, ranks, top, inputs, options, {"parquetframe.converged": "true"} if ranks else None)

    def stopped(name, key, **arguments):
        """Ranks of a run of known length, by the plain power iteration of the oracle."""
        g, inputs, options = _split(GRAPHS[key], arguments)
        ranks, iterations, converged = oracle.power_iteration(g, **arguments)
        metadata = {"parquetframe.iterations": str(iterations), "parquetframe.converged": str(converged).lower()}
        return ranked(name, g, ranks, None, inputs, options, metadata)

    for key, g in GRAPHS.items():
        yield made(key, key)
        if "weight" in g:
            yield made(f"{key}_followed", key, weight="weight")
    for damping in (0.01, 0.5, 0.99):
        for key in ("triangle_with_tail", "loops_and_parallels_undirected", "positions_isolated", "random_sparse"):
            yield made(f"{key}_damping_{damping}", key, damping=damping)

    def jumps(**weights):
        return {"vertex": [int(v[1:]) for v in weights], "weight": list(weights.values())}

    words = {"vertex": ["Αθήνα", "東京"], "weight": [0.25, 0.5]}
    yield made("personalization_single", "triangle_with_tail", personalization=jumps(v2=1.0))
    yield made("personalization_several", "random", personalization=jumps(v17=2.0, v3=0.5, v98=5.5))
    yield made("personalization_with_a_zero", "disconnected", personalization=jumps(v5=3.0, v9=0.0, v0=1.0))
    yield made("personalization_of_all", "diamonds", personalization=jumps(**{f"v{i}": float(i) for i in range(7)}))
    yield made("personalization_isolated", "vertices_isolated", personalization=jumps(v5=1.0))
    yield made("personalization_isolated_and_not", "vertices_isolated", personalization=jumps(v9=1.0, v1=2.0))
    yield made("personalization_of_positions", "positions_isolated", personalization=jumps(v7=1.0, v3=1.0))
    yield made("personalization_without_edges", "vertices_without_edges", personalization=jumps(v3=1.0, v8=3.0))
    yield made("personalization_of_strings", "strings_non_ascii", personalization=words)
    yield made("personalization_undirected", "random_undirected", personalization=jumps(v7=1.0), damping=0.5)
    yield made("personalization_and_weight", "random_weighted", personalization=jumps(v0=1.0, v99=3.0), weight="weight")

    yield made("top_ten", "random", top=10)
    yield made("top_one", "triangle_with_tail", top=1)
    yield made("top_of_strings", "random_strings", top=5)
    yield made("top_all", "triangle_with_tail", top=4)
    yield made("top_more_than_there_are", "triangle_with_tail", top=100)
    yield made("top_ties", "star_outwards", top=4)
    yield made("top_ties_behind_the_centre", "star_inwards", top=5)
    yield made("top_ties_only", "cycle", top=3)
    yield made("top_ties_of_strings", "strings_without_edges", top=2)
    yield made("top_personalized", "skewed", top=3, personalization=jumps(v0=1.0))

    for key in ("triangle_with_tail", "random", "random_undirected", "skewed"):
        yield stopped(f"defaults_{key}", key)
    yield stopped("one_iteration", "triangle_with_tail", max_iterations=1)
    yield stopped("one_iteration_random", "random", max_iterations=1)
    yield stopped("one_iteration_personalized", "triangle_with_tail", max_iterations=1, personalization=jumps(v3=1.0))
    yield stopped("five_iterations", "skewed", max_iterations=5)
    yield stopped("twenty_iterations_weighted", "random_weighted", max_iterations=20, tolerance=1e-14, weight="weight")
    yield stopped("tolerance_coarse", "random", tolerance=1e-2)
    yield stopped("tolerance_above_every_change", "random", tolerance=10.0)
    yield stopped("tolerance_zero_never_converges", "path", tolerance=0, max_iterations=7)
    yield stopped("tolerance_zero_at_the_fixed_point", "cycle", tolerance=0, max_iterations=5)
    yield stopped("converged_at_once", "cycle", max_iterations=1)

    triangle, weighted = GRAPHS["triangle_with_tail"], GRAPHS["weighted"]
    for name, damping in (("zero", 0.0), ("one", 1.0), ("integer_one", 1), ("above_one", 1.5), ("negative", -0.1)):
        yield error(f"damping_{name}", triangle, "damping", options={"damping": damping})
    yield error("damping_is_text", triangle, "damping", code="TYPE", options={"damping": "high"})
    yield error("damping_is_a_truth_value", triangle, "damping", code="TYPE", options={"damping": True})
    yield error("tolerance_negative", triangle, "tolerance", options={"tolerance": -1e-6})
    for value in (0, -5):
        yield error(f"max_iterations_{value}", triangle, "max_iterations", options={"max_iterations": value})
        yield error(f"top_{value}", triangle, "top", options={"top": value})
    fraction = {"max_iterations": 2.5}
    yield error("max_iterations_is_no_integer", triangle, "max_iterations", code="TYPE", options=fraction)
    yield error("top_is_text", triangle, "top", code="TYPE", options={"top": "all"})
    yield error("weight_of_an_unweighted_graph", triangle, "weight", options={"weight": "weight"})
    yield error("weight_of_another_name", weighted, "cost", options={"weight": "cost"})
    yield error("unknown_option", triangle, "dampening", options={"dampening": 0.85})
    negative = graph(TRIANGLE, weight=[1.0, -0.5, 1.0, 1.0])
    yield error("weight_negative", negative, "weight", options={"weight": "weight"})
    ranks = [round(rank, DIGITS) for rank in oracle.pagerank(triangle)]
    columns = {"vertex": [0, 1, 2, 3], "rank": ranks}
    yield case("weight_negative_not_followed", negative, columns, options=CONVERGED, tolerance=RANK_TOLERANCE)
    yield error("personalization_unknown_vertex", triangle, "99", personalization=jumps(v0=1.0, v99=1.0))
    unknown = {"vertex": ["pear", "plum"], "weight": [1.0, 1.0]}
    yield error("personalization_unknown_string", GRAPHS["strings"], "plum", personalization=unknown)
    yield error("personalization_negative", triangle, "personaliz", personalization=jumps(v0=1.0, v1=-0.5))
    yield error("personalization_all_zero", triangle, "personaliz", personalization=jumps(v0=0.0, v1=0.0))
    yield error("personalization_empty", triangle, "personaliz", personalization={"vertex": [], "weight": []})


def _split(g, arguments):
    """(graph, inputs, options) of the oracle's keyword arguments: personalization is an input, the rest are options."""
    options = dict(arguments)
    jumps = options.pop("personalization", None)
    return g, {} if jumps is None else {"personalization": jumps}, options


KERNELS = {
    "degree": degree_cases,
    "bfs": bfs_cases,
    "pagerank": pagerank_cases,
    "connected_components": connected_components_cases,
}


def text_of(kernel, cases):
    """The file: one line for each key of a case, so that a change is a readable diff. Strings as UTF-8."""

    def compact(value):
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))

    bodies = [",\n   ".join(f"{compact(key)}: {compact(value)}" for key, value in c.items()) for c in cases]
    return f'{{"kernel": {compact(kernel)}, "cases": [\n' + ",\n".join(f"  {{{body}}}" for body in bodies) + "\n]}\n"


def same(committed, made):
    """Equal in type and value; floating-point numbers to 1e-12."""
    if type(committed) is not type(made):
        return False
    if isinstance(made, dict):
        return list(committed) == list(made) and all(same(committed[key], made[key]) for key in made)
    if isinstance(made, list):
        return len(committed) == len(made) and all(map(same, committed, made))
    return abs(committed - made) <= 1e-12 if isinstance(made, float) else committed == made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the committed files; write nothing")
    check, stale = parser.parse_args().check, []
    for kernel, cases in KERNELS.items():
        made, path = list(cases()), FOLDER / f"{kernel}.json"
        names = [c["name"] for c in made]
        assert len(set(names)) == len(names), f"{kernel}: a name twice"
        if not check:
            path.write_text(text_of(kernel, made), encoding="utf-8")
        elif not path.exists() or not same(json.loads(path.read_text("utf-8")), {"kernel": kernel, "cases": made}):
            stale.append(path.name)
        print(f"{path.name}: {len(made)} cases")
    if stale:
        sys.exit(f"not what generate.py makes: {', '.join(stale)}; run it without --check")


if __name__ == "__main__":
    main()
