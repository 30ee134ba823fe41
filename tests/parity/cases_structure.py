"""Cases of triangles, clustering_coefficient and core_number, which see the graph without directions, loops and parallel
edges."""

import oracle
import oracle_structure as structure
from case import TOLERANCE, case, error, facts, rounded
from graphs import GRAPHS, VARIED, graph

KEYS = (*VARIED, "complete", "bipartite", "random", "skewed")
# Two triangles with a common edge, its rows in both directions and repeated; a vertex with a loop hangs on them.
SHARED_EDGE = graph([(0, 1), (1, 0), (0, 1), (1, 2), (2, 0), (3, 0), (1, 3), (3, 4), (4, 4)])
# A clique of 5 whose ids go down, a ring around it, and a tail.
CLIQUE_AND_RING = graph(
    [(i, j) for i in range(9, 4, -1) for j in range(5, i)]
    + [(i, (i + 1) % 5) for i in range(5)]
    + [(0, 5), (2, 7), (4, 11)]
)


def _graphs():
    yield from ((key, GRAPHS[key]) for key in KEYS)
    yield "shared_edge", SHARED_EDGE
    yield "clique_and_ring", CLIQUE_AND_RING
    yield "duplicates_first", graph([(0, 1), (1, 2), (2, 0), (0, 1), (1, 0)], duplicates="first", self_loops="drop")


def triangles_cases():
    for name, g in _graphs():
        counts = structure.triangles(g)
        yield case(
            name, g, {"vertex": oracle.vertex_order(g), "triangles": counts}, metadata=facts(triangles=sum(counts) // 3)
        )
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "mode", options={"mode": "out"})


def clustering_coefficient_cases():
    for name, g in _graphs():
        values, average, transitivity = structure.clustering_coefficient(g)
        columns = {"vertex": oracle.vertex_order(g), "clustering_coefficient": rounded(values)}
        metadata = facts(average=float(average), transitivity=transitivity) if values else None
        yield case(name, g, columns, tolerance=TOLERANCE, metadata=metadata)
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "weight", options={"weight": "weight"})


def core_number_cases():
    for name, g in _graphs():
        numbers = structure.core_number(g)
        columns = {"vertex": oracle.vertex_order(g), "core_number": numbers}
        yield case(name, g, columns, metadata=facts(degeneracy=max(numbers, default=0)))
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "mode", options={"mode": "out"})


KERNELS = {
    "triangles": triangles_cases,
    "clustering_coefficient": clustering_coefficient_cases,
    "core_number": core_number_cases,
}
