"""Cases of connected_components, strongly_connected_components and condensation."""

import oracle
import oracle_structure as structure
from case import case, error, facts
from graphs import GRAPHS, VARIED, graph


def connected_components_cases():
    for key, g in GRAPHS.items():
        ids = oracle.connected_components(g)
        columns = {"vertex": oracle.vertex_order(g), "component_id": ids}
        yield case(key, g, columns, metadata={"parquetframe.components": str(len(set(ids)))})
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "strength", options={"strength": "weak"})


def strongly_connected_components_cases():
    for key in (*VARIED, "complete", "random", "random_spread_ids", "skewed"):
        g = GRAPHS[key]
        ids = structure.strongly_connected_components(g)
        columns = {"vertex": oracle.vertex_order(g), "component_id": ids}
        yield case(key, g, columns, metadata=facts(components=len(set(ids))))
    # Each cycle is entered from the next one, so that components end in the opposite order of their first vertices.
    chained = graph(
        [(c * 3 + i, c * 3 + (i + 1) % 3) for c in range(5) for i in range(3)]
        + [(3 * c, 3 * c - 1) for c in range(1, 5)]
    )
    ids = structure.strongly_connected_components(chained)
    yield case(
        "chained_cycles",
        chained,
        {"vertex": oracle.vertex_order(chained), "component_id": ids},
        metadata=facts(components=5),
    )
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "strength", options={"strength": "weak"})


def condensation_cases():
    def made(name, g):
        rows = structure.condensation(g)
        columns = {name: [row[i] for row in rows] for i, name in enumerate(("source", "target", "edges"))}
        return case(name, g, columns, metadata=facts(components=len(set(structure.strongly_connected_components(g)))))

    for key in (*VARIED, "tree", "bipartite", "random", "skewed"):
        yield made(key, GRAPHS[key])
    cycles = [(0, 1), (1, 0), (2, 3), (3, 2)]
    yield made("edges_counted", graph([*cycles, (0, 2), (1, 3), (1, 3), (5, 0), (5, 0), (2, 4), (4, 4)]))
    yield error("unknown_option", GRAPHS["triangle_with_tail"], "members", options={"members": True})


KERNELS = {
    "connected_components": connected_components_cases,
    "strongly_connected_components": strongly_connected_components_cases,
    "condensation": condensation_cases,
}
