"""The graphs that the parity cases share: name -> the "graph" object of a case (see README.md)."""

from random import Random

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


def graph(edges, *, vertices=None, num_vertices=None, weight=None, directed=True, id_type=None, **build):
    """The "graph" object of (source, target) pairs. The id type is that of the first id, int64 where there is none.
    `build` are further options of the build: `duplicates`, `self_loops`, `edge_ids`."""
    ids = [v for edge in edges for v in edge] + list(vertices or [])
    made = {
        "id_type": id_type or ("string" if ids and isinstance(ids[0], str) else "int64"),
        "source": [source for source, _ in edges],
        "target": [target for _, target in edges],
        "directed": directed,
    }
    optional = {"weight": weight, "vertices": vertices, "num_vertices": num_vertices} | build
    return made | {key: value for key, value in optional.items() if value is not None}


def random_edges(seed, num_vertices, num_edges):
    """Pairs of uniform vertices; loops and parallel edges happen. `Random.random` is the same in every Python."""
    rng = Random(seed)
    return [tuple(int(rng.random() * num_vertices) for _ in range(2)) for _ in range(num_edges)]


def skewed_edges(seed, scale, num_edges):
    """Pairs with a heavy-tailed degree: each bit of an id is 1 with probability 0.3 (source) and 0.25 (target)."""
    rng = Random(seed)
    return [
        tuple(sum((rng.random() < p) << bit for bit in range(scale)) for p in (0.3, 0.25)) for _ in range(num_edges)
    ]


def random_weights(seed, length):
    """Quarters from 0 to 2, so that sums are exact; every tenth or so is 0."""
    rng = Random(seed)
    return [int(rng.random() * 9) / 4 for _ in range(length)]


def renamed(edges, name):
    """The edges with `name(id)` in the place of each id."""
    return [(name(source), name(target)) for source, target in edges]


TRIANGLE = [(0, 1), (1, 2), (2, 0), (2, 3)]
LOOPS_AND_PARALLELS = [(0, 0), (0, 1), (0, 1), (1, 0), (1, 2), (2, 2), (2, 2), (2, 3), (3, 1), (3, 1), (3, 1)]
NON_ASCII = [
    ("Zürich", "東京"),
    ("東京", "naïve"),
    ("naïve", "🚂"),
    ("🚂", "Zürich"),
    ("東京", "Αθήνα"),
    ("Αθήνα", "🚂"),
]
# The second name is "e" with a combining accent: another id than the first, though it looks the same.
LOOK_ALIKE = [("caf\u00e9", "cafe\u0301"), ("cafe\u0301", "cafe"), ("cafe", "caf\u00e9"), ("caf\u00e9", "Café ")]

GRAPHS = {
    # Shapes.
    "triangle_with_tail": graph(TRIANGLE),
    "triangle_with_tail_undirected": graph(TRIANGLE, directed=False),
    "one_edge": graph([(0, 1)]),
    "path": graph([(i, i + 1) for i in range(7)]),
    "path_undirected": graph([(i, i + 1) for i in range(7)], directed=False),
    "cycle": graph([(i, (i + 1) % 6) for i in range(6)]),
    "star_outwards": graph([(0, i) for i in range(1, 9)]),
    "star_inwards": graph([(i, 0) for i in range(1, 9)]),
    "star_undirected": graph([(4, i) for i in range(9) if i != 4], directed=False),
    "complete": graph([(i, j) for i in range(6) for j in range(6) if i != j]),
    "complete_undirected": graph([(i, j) for i in range(6) for j in range(i)], directed=False),
    "bipartite": graph([(i, j) for i in range(3) for j in range(3, 7)]),
    "tree": graph([((i - 1) // 2, i) for i in range(1, 15)]),
    "diamonds": graph([(0, 2), (0, 1), (2, 3), (1, 3), (3, 5), (3, 4), (5, 6), (4, 6), (6, 0)]),
    "disconnected": graph([(5, 4), (4, 5), (1, 0), (2, 3), (3, 2), (9, 8)]),
    "disconnected_undirected": graph([(5, 4), (1, 0), (2, 3), (9, 8), (8, 7)], directed=False),
    # Loops and parallel edges.
    "one_loop": graph([(7, 7)]),
    "one_loop_undirected": graph([(7, 7)], directed=False),
    "loops_and_parallels": graph(LOOPS_AND_PARALLELS),
    "loops_and_parallels_undirected": graph(LOOPS_AND_PARALLELS, directed=False),
    # Integer ids.
    "ids_with_holes": graph([(0, 2), (2, 5), (5, 9), (9, 0), (7, 2)]),
    "ids_sparse": graph([(1_000_000_007, 42), (42, 123_456_789_012), (123_456_789_012, 1_000_000_007), (42, 3)]),
    "ids_negative": graph([(-1, -5), (-5, 3), (3, -1), (0, -5), (-5, -1_000_000)]),
    "ids_at_the_limits": graph(
        [(INT64_MAX, INT64_MIN), (INT64_MIN, 0), (0, INT64_MAX), (INT64_MAX - 1, INT64_MAX), (2**53 + 1, 2**53)]
    ),
    # String ids: by first appearance, never by value.
    "strings": graph([("pear", "apple"), ("apple", "fig"), ("10", "9"), ("9", "fig"), ("fig", "pear")]),
    "strings_undirected": graph([("b", "a"), ("c", "b"), ("c", "c"), ("z", "y")], directed=False),
    "strings_non_ascii": graph(NON_ASCII),
    "strings_that_look_alike": graph(LOOK_ALIKE),
    "strings_with_the_empty_one": graph([("a", ""), ("", "b"), ("b", "a"), (" ", "")]),
    "strings_short_and_long": graph([("x" * 12, "x" * 13), ("x" * 13, "x" * 300), ("x" * 300, "x"), ("x", "x" * 12)]),
    # Vertices that no edge has.
    "vertices_isolated": graph([(3, 1), (1, 8)], vertices=[8, 0, 5, 3, 9]),
    "vertices_repeated": graph([(2, 1), (1, 2)], vertices=[4, 4, 2, 4]),
    "vertices_without_edges": graph([], vertices=[3, -2, 8]),
    "vertices_of_strings": graph([("c", "a"), ("d", "c")], vertices=["e", "a", "b", "a"]),
    "vertices_of_strings_undirected": graph([("c", "a"), ("d", "c")], vertices=["e", "a"], directed=False),
    "strings_without_edges": graph([], vertices=["b", "a", ""]),
    "positions": graph([(0, 1), (1, 2), (2, 0)], num_vertices=3),
    "positions_isolated": graph([(1, 3), (3, 4), (4, 1)], num_vertices=8),
    "positions_isolated_undirected": graph([(1, 3), (3, 4)], num_vertices=6, directed=False),
    "positions_without_edges": graph([], num_vertices=4),
    "positions_none": graph([], num_vertices=0),
    "empty": graph([]),
    "empty_undirected": graph([], directed=False),
    "empty_of_strings": graph([], id_type="string"),
    # Weights, which only the algorithms that ask for them use.
    "weighted": graph([*TRIANGLE, (3, 0)], weight=[1.0, 0.5, 3.0, 1.0, 0.25]),
    "weighted_undirected": graph(TRIANGLE, weight=[1.0, 0.5, 3.0, 1.0], directed=False),
    "weighted_with_zeros": graph([*TRIANGLE, (3, 0), (3, 1)], weight=[0.0, 2.0, 1.0, 0.0, 0.0, 0.0]),
    "weighted_loops_and_parallels": graph(
        LOOPS_AND_PARALLELS, weight=[2.0, 0.5, 1.5, 1.0, 0.0, 4.0, 1.0, 0.25, 3.0, 0.0, 1.0]
    ),
    "weighted_loops_and_parallels_undirected": graph(
        LOOPS_AND_PARALLELS, weight=[2.0, 0.5, 1.5, 1.0, 0.0, 4.0, 1.0, 0.25, 3.0, 0.0, 1.0], directed=False
    ),
    # Larger ones.
    "random_sparse": graph(random_edges(1, 60, 55)),
    "random": graph(random_edges(2, 100, 300)),
    "random_dense": graph(random_edges(3, 50, 900)),
    "random_undirected": graph(random_edges(4, 120, 160), directed=False),
    "random_with_isolated": graph(random_edges(5, 150, 150), num_vertices=200),
    "random_spread_ids": graph(renamed(random_edges(6, 80, 160), lambda i: (i * 7_919 - 300_000) * 1_003)),
    "random_strings": graph(renamed(random_edges(7, 90, 200), lambda i: f"pkg-{i * 37 % 90}")),
    "random_weighted": graph(random_edges(8, 100, 350), weight=random_weights(9, 350)),
    "random_weighted_undirected": graph(random_edges(10, 70, 140), weight=random_weights(11, 140), directed=False),
    "skewed": graph(skewed_edges(12, 7, 700)),
    "skewed_undirected": graph(skewed_edges(13, 7, 400), directed=False),
}

# A graph of every kind, for kernels that need no more.
VARIED = (
    "triangle_with_tail",
    "triangle_with_tail_undirected",
    "one_edge",
    "path",
    "path_undirected",
    "cycle",
    "star_inwards",
    "star_undirected",
    "complete_undirected",
    "diamonds",
    "disconnected",
    "disconnected_undirected",
    "one_loop",
    "one_loop_undirected",
    "loops_and_parallels",
    "loops_and_parallels_undirected",
    "ids_at_the_limits",
    "ids_negative",
    "strings",
    "strings_undirected",
    "strings_non_ascii",
    "vertices_isolated",
    "vertices_without_edges",
    "vertices_of_strings",
    "positions_isolated",
    "positions_isolated_undirected",
    "positions_none",
    "empty",
    "empty_undirected",
    "empty_of_strings",
    "random_sparse",
    "random_strings",
    "random_undirected",
)
# Those that have a vertex, which a source must be.
INHABITED = tuple(key for key in VARIED if key != "positions_none" and not key.startswith("empty"))

# One row after another of the same two vertices, in both directions, and loops: what the options of the build are about.
REPEATED = [(1, 0), (0, 1), (1, 0), (2, 2), (0, 1), (2, 0), (2, 2), (0, 1)]
REPEATED_WEIGHTS = [2.0, 1.5, 0.25, 1.0, 0.5, 4.0, 3.0, 1.0]
