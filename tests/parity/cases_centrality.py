"""Cases of pagerank, betweenness and closeness."""

from itertools import pairwise

import oracle
import oracle_structure as structure
from case import DIGITS, TOLERANCE, case, error, facts, rounded
from graphs import GRAPHS, TRIANGLE, VARIED, graph

# Ranks are compared after convergence to this.
CONVERGED = {"tolerance": 1e-12, "max_iterations": 10_000}


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
        return case(name, g, columns, tolerance=TOLERANCE, metadata=metadata, options=options, **inputs)

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
    yield case("weight_negative_not_followed", negative, columns, options=CONVERGED, tolerance=TOLERANCE)
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


def _positive(g):
    return g | {"weight": [w + 0.25 for w in g["weight"]]}


def betweenness_cases():
    def made(name, g, sources=None, **options):
        values = rounded(structure.betweenness(g, sources, **options))
        columns = {"vertex": oracle.vertex_order(g), "betweenness": values}
        count = min(len(values), options.get("samples", len(values))) if sources is None else len(set(sources))
        metadata = facts(sources=count)
        return case(name, g, columns, options=options, tolerance=TOLERANCE, metadata=metadata, sources=sources)

    for key in (*VARIED, "random", "skewed"):
        yield made(key, GRAPHS[key])
    for key in (
        "triangle_with_tail",
        "star_undirected",
        "diamonds",
        "loops_and_parallels_undirected",
        "random_undirected",
    ):
        yield made(f"{key}_not_normalized", GRAPHS[key], normalized=False)
    for key in ("weighted", "weighted_undirected", "random_weighted", "random_weighted_undirected"):
        yield made(f"{key}_followed", _positive(GRAPHS[key]), weight="weight")
    for key in ("weighted_loops_and_parallels", "weighted_loops_and_parallels_undirected"):
        yield made(f"{key}_followed", _positive(GRAPHS[key]), weight="weight", normalized=False)
    yield made("weight_not_followed", GRAPHS["weighted"])
    yield made("sources_some", GRAPHS["diamonds"], [5, 0])
    yield made("sources_repeated", GRAPHS["diamonds"], [0, 0, 5])
    yield made("sources_not_normalized", GRAPHS["path_undirected"], [3, 1], normalized=False)
    yield made("sources_undirected", GRAPHS["random_undirected"], [3, 17, 91])
    yield made("sources_followed", _positive(GRAPHS["weighted"]), [0, 3], weight="weight", normalized=False)
    yield made("sources_of_strings", GRAPHS["strings"], ["fig", "10"])
    yield made("samples_of_all", GRAPHS["diamonds"], samples=7)
    yield made("samples_of_more", GRAPHS["diamonds"], samples=100)
    for seed in (0, 1, -5):
        yield made(f"samples_seed_{seed}", GRAPHS["random"], samples=10, seed=seed)
    yield made("samples_not_normalized", GRAPHS["random_undirected"], samples=20, normalized=False)
    yield made("samples_followed", _positive(GRAPHS["random_weighted"]), samples=30, seed=9, weight="weight")
    triangle, weighted = GRAPHS["triangle_with_tail"], GRAPHS["weighted"]
    for value in (0, -3):
        yield error(f"samples_{value}", triangle, "samples", options={"samples": value})
    yield error("samples_is_text", triangle, "samples", code="TYPE", options={"samples": "all"})
    yield error("normalized_is_text", triangle, "normalized", code="TYPE", options={"normalized": "yes"})
    yield error("unknown_source", triangle, "99", sources=[99])
    yield error("no_source", triangle, "source", sources=[])
    yield error("samples_beside_sources", triangle, "samples", sources=[0], options={"samples": 2})
    yield error("weight_of_another_name", weighted, "cost", options={"weight": "cost"})
    negative = graph(TRIANGLE, weight=[1.0, -0.5, 1.0, 1.0])
    yield error("weight_negative", negative, "weight", options={"weight": "weight"})
    yield error("unknown_option", triangle, "endpoints", options={"endpoints": True})


def closeness_cases():
    def made(name, g, sources=None, **options):
        values = rounded(structure.closeness(g, **options))
        rows = [(v, c) for v, c in zip(oracle.vertex_order(g), values, strict=True) if sources is None or v in sources]
        columns = {"vertex": [v for v, _ in rows], "closeness": [c for _, c in rows]}
        return case(name, g, columns, options=options, tolerance=TOLERANCE, sources=sources)

    for key in (*VARIED, "random"):
        yield made(key, GRAPHS[key])
    for key in (
        "triangle_with_tail",
        "disconnected",
        "loops_and_parallels",
        "strings",
        "star_inwards",
        "random_sparse",
    ):
        yield made(f"{key}_out", GRAPHS[key], mode="out")
        yield made(f"{key}_not_improved", GRAPHS[key], wf_improved=False)
    for key in (
        "weighted",
        "weighted_undirected",
        "weighted_with_zeros",
        "weighted_loops_and_parallels",
        "random_weighted",
    ):
        yield made(f"{key}_followed", GRAPHS[key], weight="weight")
    yield made("random_weighted_followed_out", GRAPHS["random_weighted"], weight="weight", mode="out")
    yield made("sources_out_of_order", GRAPHS["diamonds"], sources=[5, 0, 3])
    yield made("sources_repeated", GRAPHS["diamonds"], sources=[5, 5, 1])
    yield made("sources_of_strings", GRAPHS["strings"], sources=["9", "pear"], mode="out")
    yield made("sources_none", GRAPHS["diamonds"], sources=[])
    triangle, weighted = GRAPHS["triangle_with_tail"], GRAPHS["weighted"]
    yield error("unknown_source", triangle, "99", sources=[0, 99])
    yield error("unknown_mode", triangle, "mode", options={"mode": "both"})
    yield error("wf_improved_is_text", triangle, "wf_improved", code="TYPE", options={"wf_improved": "no"})
    yield error("weight_of_another_name", weighted, "cost", options={"weight": "cost"})
    negative = graph(TRIANGLE, weight=[1.0, -0.5, 1.0, 1.0])
    yield error("weight_negative", negative, "weight", options={"weight": "weight"})
    yield error("unknown_option", triangle, "distance", options={"distance": "weight"})


KERNELS = {"pagerank": pagerank_cases, "betweenness": betweenness_cases, "closeness": closeness_cases}
