"""Searches and shortest paths against NetworkX, on every engine."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from graphs import both, graphs, simple
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.exceptions import InvalidArgumentError, UnsupportedError, WrongTypeError
from parquetframe.graph import algo

small_weights = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.25])
signed_weights = st.sampled_from([-2.0, -1.0, 0.0, 1.0, 3.0, 4.0])


def build(source, target, engine, weight=None, **options):
    columns = (source, target) if weight is None else (source, target, weight)
    return pf.GraphFrame.from_edges(
        columns, weight=None if weight is None else "weight", engine=engine, **options
    )


def values(column):
    return [None if value is pd.NA or value is None or value != value else value for value in column]


def lengths(other, sources, weight="weight"):
    return nx.multi_source_dijkstra_path_length(other, set(sources), weight=weight)


@given(graphs(weights=small_weights), st.data())
def test_shortest_paths_are_those_of_networkx(engine, case, data):
    graph, other = both(case, engine)
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    for method in ("auto", "dijkstra", "delta_stepping", "bellman_ford"):
        found = algo.shortest_path(graph, sources, weight="weight", method=method)
        wanted = lengths(other, sources)
        assert found["vertex"].tolist() == list(range(case[0]))
        np.testing.assert_allclose(found["distance"], [wanted.get(v, math.inf) for v in range(case[0])])
        assert found.dtypes.astype(str).tolist() == ["int64", "float64", "Int64"]
        assert found.attrs["parquetframe.reached"] == str(len(wanted))
        check_predecessors(found, other, sources)
        few = algo.shortest_path(graph, sources, weight="weight", method=method, include_unreachable=False)
        assert few["vertex"].tolist() == sorted(wanted)
        assert "predecessor" not in algo.shortest_path(graph, sources, weight="weight", predecessors=False)


def check_predecessors(found, other, sources):
    """Each is the first in-neighbour on a shortest path, and leads to a source."""
    distance = dict(zip(found["vertex"], found["distance"], strict=True))
    before = dict(zip(found["vertex"], values(found["predecessor"]), strict=True))
    plain = simple(other, weight=True)
    for vertex, at in distance.items():
        if at == math.inf or vertex in sources:
            assert before[vertex] is None
            continue
        edges = plain.in_edges(vertex, "weight") if plain.is_directed() else plain.edges(vertex, "weight")
        ends = [(a if plain.is_directed() else b, w) for a, b, w in edges]
        tight = [u for u, w in ends if distance[u] + w == at and u != vertex]
        nearer = [u for u in tight if distance[u] < at]
        assert before[vertex] in tight
        if len(nearer) == len(tight):
            assert before[vertex] == min(tight)
        seen = {vertex}
        while vertex not in sources:
            vertex = before[vertex]
            assert vertex not in seen
            seen.add(vertex)


@given(graphs(weights=signed_weights, directed=True), st.data())
def test_negative_weights(engine, case, data):
    graph, other = both(case, engine)
    source = data.draw(st.integers(0, case[0] - 1))
    try:
        wanted = nx.single_source_bellman_ford_path_length(other, source)
    except nx.NetworkXUnbounded:
        with pytest.raises(InvalidArgumentError, match="negative cycle"):
            algo.bellman_ford(graph, source, "weight")
        with pytest.raises(InvalidArgumentError, match="negative cycle"):
            algo.path(graph, source, source, "weight")
        return
    found = algo.bellman_ford(graph, source, "weight")
    assert dict(zip(found["vertex"], found["distance"], strict=True)) == {
        v: wanted.get(v, math.inf) for v in range(case[0])
    }
    pd.testing.assert_frame_equal(algo.shortest_path(graph, source, weight="weight")[["vertex", "distance"]],
                                  found[["vertex", "distance"]])  # fmt: skip
    for target in range(case[0]):
        steps = algo.path(graph, source, target, "weight")
        check_path(steps, other, source, target, wanted.get(target))


def check_path(steps, other, source, target, length):
    path, distance = steps["vertex"].tolist(), steps["distance"].tolist()
    assert steps.attrs["parquetframe.found"] == str(length is not None).lower()
    if length is None:
        assert path == []
        return
    assert (path[0], path[-1], distance[0]) == (source, target, 0.0)
    assert distance[-1] == pytest.approx(length)
    assert len(set(path)) == len(path)
    plain = simple(other, weight=True)
    for a, b, begin, end in zip(path[:-1], path[1:], distance[:-1], distance[1:], strict=True):
        assert begin + plain[a][b]["weight"] == end


@given(graphs(weights=small_weights), st.data())
def test_a_path_is_a_shortest_one(engine, case, data):
    graph, other = both(case, engine)
    source, target = (data.draw(st.integers(0, case[0] - 1)) for _ in range(2))
    wanted = lengths(other, [source]).get(target)
    check_path(algo.path(graph, source, target, "weight"), other, source, target, wanted)
    hops = nx.single_source_shortest_path_length(other, source).get(target)
    steps = algo.path(graph, source, target)
    assert len(steps) == (0 if hops is None else hops + 1)
    assert steps["distance"].tolist() == [float(i) for i in range(len(steps))]


@given(graphs(), st.data())
def test_without_weights(engine, case, data):
    graph, other = both(case, engine)
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    wanted = lengths(other, sources, lambda *_: 1)
    found = algo.bfs_shortest_path(graph, sources)
    assert found["distance"].tolist() == [float(wanted.get(v, math.inf)) for v in range(case[0])]
    search = algo.bfs(graph, sources, include_unreachable=True)
    assert values(found["predecessor"]) == values(search["predecessor"])
    pd.testing.assert_frame_equal(algo.shortest_path(graph, sources), found)


@given(graphs(weights=small_weights), st.data())
def test_targets_end_the_search(engine, case, data):
    graph, other = both(case, engine)
    source = data.draw(st.integers(0, case[0] - 1))
    targets = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    for weight in (None, "weight"):
        full = algo.shortest_path(graph, source, weight=weight)
        far = full["distance"][targets].max()
        found = algo.shortest_path(graph, source, weight=weight, targets=targets)
        shown = full["distance"] <= far
        wanted = full["distance"].where(shown, math.inf)
        assert found["distance"].tolist() == wanted.tolist()
        assert values(found["predecessor"]) == values(full["predecessor"].where(shown))
        assert found.attrs["parquetframe.reached"] == str(int(np.isfinite(wanted).sum()))
    search = algo.bfs(graph, source, targets=targets)
    wanted = algo.bfs_shortest_path(graph, source, include_unreachable=False)
    depth = algo.bfs_shortest_path(graph, source)["distance"][targets].max()
    assert search["vertex"].tolist() == wanted["vertex"][wanted["distance"] <= depth].tolist()


@given(graphs(), st.data())
def test_depth_first_search(engine, case, data):
    graph, other = both(case, engine)
    root = data.draw(st.integers(0, case[0] - 1))
    found = algo.dfs(graph, root)
    assert found.dtypes.astype(str).tolist() == ["int64", "Int64", "int64", "int64", "int64"]
    plain = nx.DiGraph() if other.is_directed() else nx.Graph()
    plain.add_nodes_from(other)
    plain.add_edges_from(other.edges())
    order = list(nx.dfs_preorder_nodes(plain, root, sort_neighbors=sorted))
    assert found.sort_values("discovery_time")["vertex"].tolist() == order
    assert found.sort_values("finish_time")["vertex"].tolist() == list(
        nx.dfs_postorder_nodes(plain, root, sort_neighbors=sorted)
    )
    wanted = nx.dfs_predecessors(plain, root, sort_neighbors=sorted)
    assert values(found["predecessor"]) == [wanted.get(v) for v in found["vertex"]]
    assert sorted([*found["discovery_time"], *found["finish_time"]]) == list(range(2 * len(found)))
    forest = algo.dfs(graph, root, forest=True)
    assert forest["vertex"].tolist() == list(range(case[0]))
    roots = [v for v, p in zip(forest["vertex"], values(forest["predecessor"]), strict=True) if p is None]
    assert len(roots) == int(forest.attrs["parquetframe.trees"]) == forest["component_id"].max() + 1
    started = forest.sort_values("discovery_time")
    assert started["component_id"].is_monotonic_increasing
    assert started["vertex"].iloc[0] == root
    everything = algo.dfs(graph, root, include_unreachable=True)
    assert (everything["component_id"] >= 0).sum() == len(found)
    assert everything["discovery_time"].min() >= -1


def test_depth_of_a_depth_first_search(engine):
    graph = build([0, 1, 2, 3], [1, 2, 3, 4], engine, num_vertices=5)
    for depth in range(5):
        assert algo.dfs(graph, 0, max_depth=depth)["vertex"].tolist() == list(range(depth + 1))
    forest = algo.dfs(graph, 0, max_depth=1, forest=True)
    assert forest["component_id"].tolist() == [0, 0, 1, 1, 2]
    # What the depth cut off and then began a tree has no predecessor.
    assert values(forest["predecessor"]) == [None, 0, None, 2, None]
    two = algo.dfs(graph, [3, 0])
    assert two["component_id"].tolist() == [1, 1, 1, 0, 0]
    assert values(two["predecessor"]) == [None, 0, 1, None, 3]
    long = 30_000
    line = build(np.arange(long - 1), np.arange(1, long), engine)
    assert algo.dfs(line, 0)["finish_time"].iloc[0] == 2 * long - 1


def test_the_least_of_parallel_edges_counts(engine):
    graph = build([0, 0, 0, 1], [1, 1, 1, 2], engine, [5.0, 1.0, 3.0, 1.0], num_vertices=3)
    assert algo.dijkstra(graph, 0, "weight")["distance"].tolist() == [0.0, 1.0, 2.0]
    assert algo.dijkstra(graph, 2, "weight", directed=False)["distance"].tolist() == [2.0, 1.0, 0.0]
    none = build(np.empty(0, np.int64), np.empty(0, np.int64), engine, np.empty(0), num_vertices=3)
    assert algo.dijkstra(none, 2, "weight")["distance"].tolist() == [math.inf, math.inf, 0.0]
    lonely = build([0], [1], engine, num_vertices=4)
    assert algo.bfs(lonely, 3)["vertex"].tolist() == [3]


WRONG = [
    ({"sources": 10}, ValueError, "Source vertex 10 out of range [0, 3)"),
    ({"sources": []}, ValueError, "At least one source vertex must be specified"),
    ({}, ValueError, "At least one source vertex must be specified"),
    ({"sources": "a"}, TypeError, "sources holds strings, but the vertex ids of the graph are integers"),
    ({"sources": 0, "targets": 7}, ValueError, "Target vertex 7 out of range [0, 3)"),
    ({"sources": 0, "targets": []}, ValueError, "At least one target vertex"),
    ({"sources": 0, "source": 0}, ValueError, "sources and source are the same parameter"),
    ({"sources": 0, "weight_column": "cost"}, ValueError, "Weight column 'cost' not found in graph edges"),
    ({"sources": 0, "weight": "weight", "weight_column": "weight"}, ValueError, "the same parameter"),
    ({"sources": 0, "method": "a_star"}, ValueError, "method must be one of"),
    ({"sources": 0, "method": 1}, TypeError, "method must be a string"),
    ({"sources": 0, "weight": "weight", "delta": 0}, ValueError, "delta must be positive"),
    ({"sources": 0, "weight": "weight", "delta": "x"}, TypeError, "delta must be a number"),
    ({"sources": 0, "predecessors": 1}, TypeError, "predecessors must be True or False"),
    ({"sources": 0, "include_unreachable": 1}, TypeError, "include_unreachable must be True or False"),
    ({"sources": 0, "directed": 1}, TypeError, "directed must be True or False"),
    ({"sources": 0, "backend": "spark"}, ValueError, "backend must be"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "error", "text"), WRONG)
def test_wrong_arguments(options, error, text, engine):
    graph = build([0, 1], [1, 2], engine, [1.0, 2.0], num_vertices=3)
    with pytest.raises(error) as caught:
        algo.shortest_path(graph, **options)
    assert text in str(caught.value)


def test_wrong_weights_and_graphs(engine):
    negative = build([0, 1], [1, 2], engine, [1.0, -2.0], num_vertices=3)
    for call in (
        lambda: algo.shortest_path(negative, 0, "weight"),
        lambda: algo.dijkstra(negative, 0, "weight"),
        lambda: algo.shortest_path(negative, 0, weight="weight", method="dijkstra"),
        lambda: algo.shortest_path(negative, 0, weight="weight", method="delta_stepping"),
    ):
        with pytest.raises(ValueError, match="Dijkstra's algorithm requires non-negative edge weights"):
            call()
    found = algo.shortest_path(negative, 0, weight="weight")
    assert (found["distance"].tolist(), found.attrs["parquetframe.method"]) == ([0, 1, -1], "bellman_ford")
    infinite = build([0], [1], engine, [math.inf], num_vertices=2)
    with pytest.raises(ValueError, match="weight column 'weight' holds an infinite weight"):
        algo.shortest_path(infinite, 0, weight="weight")
    huge = build([0, 1], [1, 2], engine, [1.5e308, 1.5e308], num_vertices=3)
    with pytest.raises(ArithmeticError, match="beyond the range of float64"):
        algo.shortest_path(huge, 0, weight="weight")
    words = build(["a", "b", "c"], ["b", "c", "b"], engine, [1.0, -2.0, 1.0])
    with pytest.raises(ValueError, match="negative cycle: 'b' -> 'c' -> 'b'"):
        algo.bellman_ford(words, "a", "weight")
    with pytest.raises(WrongTypeError, match="sources holds integers"):
        algo.shortest_path(words, 0)
    with pytest.raises(ValueError, match="vertex 'z' is not in the graph"):
        algo.path(words, "a", "z")
    with pytest.raises(ValueError, match="source must be one vertex, not 2"):
        algo.path(words, ["a", "b"], "c")
    with pytest.raises(ValueError, match="a weight column is needed"):
        algo.dijkstra(words, "a")
    none = build(np.empty(0, np.int64), np.empty(0, np.int64), engine, num_vertices=0)
    with pytest.raises(ValueError, match="Cannot compute shortest paths on empty graph"):
        algo.shortest_path(none, 0)
    with pytest.raises(ValueError, match="Cannot compute shortest paths on empty graph"):
        algo.path(none, 0, 0)
    for options in ({}, {"forest": True}):
        with pytest.raises(ValueError, match="Cannot perform DFS on empty graph"):
            algo.dfs(none, **options)
    with pytest.raises(ValueError, match="max_depth must be non-negative"):
        algo.dfs(negative, 0, max_depth=-1)
    with pytest.raises(ValueError, match=r"Source vertex 5 out of range \[0, 3\)"):
        algo.dfs(negative, 5)
    with pytest.raises(ValueError, match="At least one source"):
        algo.dfs(words)
    with pytest.raises(TypeError, match="forest must be True or False"):
        algo.dfs(negative, 0, forest=1)


def test_what_dask_does_not_do(engine):
    graph = build([0, 1], [1, 2], engine, [1.0, 2.0], num_vertices=3)
    with pytest.raises(NotImplementedError, match="Dask backend for DFS not implemented"):
        algo.dfs(graph, 0, backend="dask")
    with pytest.raises(
        NotImplementedError, match="Dask backend for weighted shortest paths not yet implemented"
    ):
        algo.shortest_path(graph, 0, "weight", backend="dask")
    with pytest.raises(UnsupportedError, match="no Dask backend"):
        algo.path(graph, 0, 1, backend="dask")


@pytest.mark.rust
@given(graphs(weights=small_weights), st.data())
def test_both_engines_give_the_same(case, data):
    rust, _ = both(case, "rust")
    pandas, _ = both(case, "pandas")
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    target = data.draw(st.integers(0, case[0] - 1))
    calls = [
        lambda g: algo.bfs(g, sources, targets=target),
        lambda g: algo.bfs(g, sources, include_unreachable=True, max_depth=2),
        lambda g: algo.bfs(g, sources, predecessors=False, directed=False if case[3] else None),
        lambda g: algo.dfs(g, sources),
        lambda g: algo.dfs(g, sources, max_depth=2, forest=True),
        lambda g: algo.dfs(g, sources, include_unreachable=True),
        lambda g: algo.dfs(g, forest=True),
        lambda g: algo.shortest_path(g, sources),
        lambda g: algo.shortest_path(g, sources, weight="weight"),
        lambda g: algo.shortest_path(g, sources, weight="weight", targets=target, include_unreachable=False),
        lambda g: algo.shortest_path(g, sources, weight="weight", method="bellman_ford"),
        lambda g: algo.shortest_path(g, sources, weight="weight", method="delta_stepping", delta=0.75),
        lambda g: algo.path(g, sources[0], target, "weight"),
        lambda g: algo.path(g, sources[0], target),
    ]
    for call in calls:
        one, two = call(rust), call(pandas)
        pd.testing.assert_frame_equal(one, two)
        facts = ("parquetframe.reached", "parquetframe.trees", "parquetframe.found")
        assert {k: v for k, v in one.attrs.items() if k in facts} == {
            k: v for k, v in two.attrs.items() if k in facts
        }


@pytest.mark.rust
@given(graphs(weights=signed_weights, directed=True), st.data())
def test_both_engines_give_the_same_for_negative_weights(case, data):
    rust, _ = both(case, "rust")
    pandas, _ = both(case, "pandas")
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=2))
    try:
        one = algo.bellman_ford(rust, sources, "weight")
    except InvalidArgumentError:
        with pytest.raises(InvalidArgumentError, match="negative cycle"):
            algo.bellman_ford(pandas, sources, "weight")
        return
    pd.testing.assert_frame_equal(one, algo.bellman_ford(pandas, sources, "weight"))


def test_kinds_of_results_and_strings(engine):
    import pyarrow as pa

    frame = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [1.5, 2.0]})
    for data, kind in (
        (frame, pd.DataFrame),
        (pa.table(frame), pf.Table),
        (pf.DataFrameProxy(frame), pf.DataFrameProxy),
    ):
        graph = pf.GraphFrame.from_edges(data, weight="weight", engine=engine)
        result = graph.shortest_path("b", weight="weight")
        assert type(result) is kind
        table = pa.table(result) if kind is not pd.DataFrame else pa.Table.from_pandas(result)
        assert table.to_pydict() == {
            "vertex": ["a", "b", "c"], "distance": [math.inf, 0.0, 2.0], "predecessor": [None, None, "b"],
        }  # fmt: skip
        found = pa.table(graph.path("a", "c", "weight", output="table")).to_pydict()
        assert found == {"vertex": ["a", "b", "c"], "distance": [0.0, 1.5, 3.5]}
        assert len(graph.dfs(source="a")) == 3
    assert type(algo.dfs(graph, "a")) is pd.DataFrame
