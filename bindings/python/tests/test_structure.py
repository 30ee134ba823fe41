"""Order, cycles, strong components, triangles and cores against NetworkX, on every engine."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from graphs import both, graphs, simple
from hypothesis import given

import parquetframe as pf
from parquetframe.exceptions import InvalidArgumentError
from parquetframe.graph import algo


def build(source, target, engine, **options):
    return pf.GraphFrame.from_edges((source, target), engine=engine, **options)


@given(graphs())
def test_topological_order_is_that_of_networkx(engine, case):
    graph, other = both(case, engine)
    if not other.is_directed() and len(other.edges):
        with pytest.raises(InvalidArgumentError, match="undirected"):
            algo.topological_sort(graph)
        return
    if not nx.is_directed_acyclic_graph(other.to_directed()):
        with pytest.raises(InvalidArgumentError, match="cycle"):
            algo.topological_sort(graph)
        return
    found = algo.topological_sort(graph)
    wanted = {v: i for i, part in enumerate(nx.topological_generations(other.to_directed())) for v in part}
    assert found["vertex"].tolist() == sorted(wanted, key=lambda v: (wanted[v], v))
    assert found["layer"].tolist() == sorted(wanted.values())
    assert found.dtypes.astype(str).tolist() == ["int64", "int64"]
    assert found.attrs["parquetframe.layers"] == str(max(wanted.values()) + 1)


@given(graphs())
def test_a_cycle_is_one(engine, case):
    graph, other = both(case, engine)
    found = algo.find_cycle(graph)
    cycle = found["vertex"].tolist()
    assert found.attrs["parquetframe.acyclic"] == str(not cycle).lower()
    if not cycle:
        with pytest.raises(nx.NetworkXNoCycle):
            nx.find_cycle(other)
        return
    assert len(set(cycle)) == len(cycle)
    steps = [*pairwise(cycle), (cycle[-1], cycle[0])]
    assert all(other.has_edge(a, b) for a, b in steps)
    if len(cycle) == 2 and not other.is_directed():
        assert other.number_of_edges(*cycle) >= 2


def test_the_cycle_of_a_long_ring(engine):
    n = 3000
    order = np.random.default_rng(5).permutation(n)
    for directed in (True, False):
        graph = build(order, np.roll(order, -1), engine, directed=directed)
        cycle = algo.find_cycle(graph)["vertex"].to_numpy()
        assert len(cycle) == n
        at = int(np.flatnonzero(order == cycle[0])[0])
        ring = np.roll(order, -at)
        back = np.concatenate([ring[:1], ring[:0:-1]])
        assert (cycle == ring).all() or (not directed and (cycle == back).all())
        with pytest.raises(InvalidArgumentError, match="cycle" if directed else "undirected"):
            algo.topological_sort(graph)
    assert len(algo.find_cycle(build(order[:-1], order[1:], engine, directed=False))) == 0


@given(graphs())
def test_strong_components_are_those_of_networkx(engine, case):
    graph, other = both(case, engine)
    parts = nx.strongly_connected_components(other) if other.is_directed() else nx.connected_components(other)
    wanted = {v: i for i, part in enumerate(sorted(parts, key=min)) for v in part}
    found = algo.strongly_connected_components(graph)
    assert found["component_id"].tolist() == [wanted[v] for v in found["vertex"]]
    assert found.attrs["parquetframe.components"] == str(len(set(wanted.values())))
    counts: dict[tuple[int, int], int] = {}
    for a, b in other.edges():
        if wanted[a] != wanted[b]:
            counts[wanted[a], wanted[b]] = counts.get((wanted[a], wanted[b]), 0) + 1
    edges = algo.condensation(graph)
    assert list(edges.itertuples(index=False, name=None)) == [(*key, counts[key]) for key in sorted(counts)]
    assert edges.dtypes.astype(str).tolist() == ["int64"] * 3
    assert edges.attrs["parquetframe.components"] == str(len(set(wanted.values())))


def test_strong_components_of_chains(engine):
    """Rings one behind another, in the order of their ids and against it: what is slow for colouring."""
    rings, size = 400, 3
    ids = np.arange(rings * size)
    within = np.where(ids % size == size - 1, ids - size + 1, ids + 1)
    for bridge in ((ids[:-size], ids[size:]), (ids[size:], ids[:-size])):
        source, target = np.concatenate([ids, bridge[0]]), np.concatenate([within, bridge[1]])
        found = algo.strongly_connected_components(build(source, target, engine))
        assert (found["component_id"].to_numpy() == found["vertex"].to_numpy() // size).all()
    path = build(ids[:-1], ids[1:], engine)
    assert algo.strongly_connected_components(path)["component_id"].is_unique


@given(graphs())
def test_triangles_and_clustering_are_those_of_networkx(engine, case):
    graph, other = both(case, engine)
    plain = simple(other)
    found = algo.triangles(graph)
    wanted = nx.triangles(plain)
    assert found["triangles"].tolist() == [wanted[v] for v in found["vertex"]]
    assert found["triangles"].dtype == np.int64
    assert found.attrs["parquetframe.triangles"] == str(sum(wanted.values()) // 3)
    found = algo.clustering_coefficient(graph)
    wanted = nx.clustering(plain)
    np.testing.assert_allclose(found["clustering_coefficient"], [wanted[v] for v in found["vertex"]])
    assert float(found.attrs["parquetframe.average"]) == pytest.approx(nx.average_clustering(plain))
    assert float(found.attrs["parquetframe.transitivity"]) == pytest.approx(nx.transitivity(plain))


@given(graphs())
def test_cores_are_those_of_networkx(engine, case):
    graph, other = both(case, engine)
    wanted = nx.core_number(simple(other))
    found = algo.core_number(graph)
    assert found["core_number"].tolist() == [wanted[v] for v in found["vertex"]]
    assert found["core_number"].dtype == np.int64
    assert found.attrs["parquetframe.degeneracy"] == str(max(wanted.values()))


def test_many_triangles_are_counted_in_pieces(engine, monkeypatch):
    from parquetframe.graph.algo import triangles as function

    monkeypatch.setitem(function.__globals__, "PAIRS", 1000)
    n = 60
    a, b = np.triu_indices(n, 1)
    found = algo.triangles(build(a, b, engine))
    assert set(found["triangles"]) == {(n - 1) * (n - 2) // 2}


def answer(function, graph):
    """The result, or the text of the error."""
    try:
        return function(graph)
    except InvalidArgumentError as error:
        return str(error)


@pytest.mark.rust
@given(graphs())
def test_both_engines_give_the_same(case):
    rust, _ = both(case, "rust")
    pandas, _ = both(case, "pandas")
    for name in (
        "strongly_connected_components",
        "condensation",
        "triangles",
        "clustering_coefficient",
        "core_number",
        "find_cycle",
        "topological_sort",
    ):
        wanted, found = (answer(getattr(algo, name), graph) for graph in (rust, pandas))
        if isinstance(wanted, str):
            assert found == wanted
            continue
        pd.testing.assert_frame_equal(wanted, found)
        assert wanted.attrs.keys() == found.attrs.keys()
        for key, value in wanted.attrs.items():
            assert value == found.attrs[key] or float(value) == pytest.approx(float(found.attrs[key]))


def test_strings_and_graphs_without_edges(engine):
    words = build(["b", "a", "c"], ["a", "c", "d"], engine)
    assert algo.topological_sort(words)["vertex"].tolist() == ["b", "a", "c", "d"]
    assert algo.strongly_connected_components(words)["vertex"].tolist() == ["b", "a", "c", "d"]
    ring = build(["b", "a"], ["a", "b"], engine)
    with pytest.raises(InvalidArgumentError, match="b.*a"):
        algo.topological_sort(ring)
    assert sorted(algo.find_cycle(ring)["vertex"]) == ["a", "b"]
    none = build(np.empty(0, np.int64), np.empty(0, np.int64), engine, num_vertices=0)
    for name in ("topological_sort", "find_cycle", "strongly_connected_components", "condensation",
                 "triangles", "clustering_coefficient", "core_number"):  # fmt: skip
        assert len(getattr(algo, name)(none)) == 0
    alone = build(np.empty(0, np.int64), np.empty(0, np.int64), engine, num_vertices=2)
    assert algo.core_number(alone)["core_number"].tolist() == [0, 0]
    assert algo.topological_sort(alone)["layer"].tolist() == [0, 0]


def test_methods_give_the_kind_of_the_input(engine):
    import pyarrow as pa

    edges = {"source": [0, 1, 2, 2], "target": [1, 2, 0, 3]}
    table = pf.GraphFrame.from_edges(pa.table(edges), engine=engine)
    frame = pf.GraphFrame.from_edges(pd.DataFrame(edges), engine=engine)
    for name in ("find_cycle", "strongly_connected_components", "condensation", "triangles",
                 "clustering_coefficient", "core_number"):  # fmt: skip
        assert type(getattr(table, name)()) is pf.Table
        wanted = getattr(frame, name)()
        assert type(wanted) is pd.DataFrame
        pd.testing.assert_frame_equal(getattr(algo, name)(table), wanted)
    assert frame.topological_sort is not None
    assert table.find_cycle(directed=False).num_rows == 3
