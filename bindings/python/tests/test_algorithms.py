"""Algorithms against NetworkX, engines against each other, arguments."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from graphs import both, graphs
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.exceptions import InvalidArgumentError, WrongTypeError
from parquetframe.graph.algo.pagerank import _validate_pagerank_params


@given(graphs())
def test_pagerank_is_that_of_networkx(engine, case):
    graph, other = both(case, engine)
    for weight in (None, "weight"):
        if weight and not any(case[2]):
            continue
        found = graph.pagerank(weight=weight, tolerance=1e-12, max_iterations=5000)
        assert found["rank"].sum() == pytest.approx(1, abs=1e-9)
        # Zero weights leave a vertex without a way on, which scipy's row sums agree with.
        wanted = nx.pagerank(other, weight=weight, tol=1e-15, max_iter=5000) if len(other) else {}
        np.testing.assert_allclose(found["rank"], [wanted[v] for v in found["vertex"]], atol=1e-9)


@given(graphs(), st.data())
def test_personalized_pagerank_is_that_of_networkx(engine, case, data):
    graph, other = both(case, engine)
    chosen = data.draw(
        st.dictionaries(st.integers(0, case[0] - 1), st.floats(0.1, 5), min_size=1, max_size=4)
    )
    found = graph.pagerank(personalization=chosen, tolerance=1e-12, max_iterations=5000)
    wanted = nx.pagerank(other, personalization=chosen, weight=None, tol=1e-15, max_iter=5000)
    np.testing.assert_allclose(found["rank"], [wanted[v] for v in found["vertex"]], atol=1e-9)
    table = pa.table({"vertex": list(chosen), "weight": list(chosen.values())})
    pd.testing.assert_frame_equal(
        graph.pagerank(personalization=table, tolerance=1e-12, max_iterations=5000), found
    )


@given(graphs(), st.data())
def test_bfs_is_that_of_networkx(engine, case, data):
    graph, other = both(case, engine)
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    depth = data.draw(st.none() | st.integers(0, 4))
    found = graph.bfs(sources=sources, max_depth=depth)
    wanted = nx.multi_source_dijkstra_path_length(other, set(sources), cutoff=depth, weight=lambda *_: 1)
    assert dict(zip(found["vertex"], found["distance"], strict=True)) == wanted
    assert found["vertex"].is_monotonic_increasing
    assert found["layer"].tolist() == found["distance"].tolist()
    assert found.dtypes.astype(str).tolist() == ["int64", "int64", "Int64", "int64"]
    for vertex, distance, predecessor in zip(
        found["vertex"], found["distance"], found["predecessor"], strict=True
    ):
        before = other.predecessors(vertex) if other.is_directed() else other.neighbors(vertex)
        nearer = [u for u in before if wanted.get(u) == distance - 1]
        assert predecessor is pd.NA if distance == 0 else predecessor == min(nearer)
    full = graph.bfs(sources=sources, max_depth=depth, include_unreachable=True, predecessors=False)
    assert list(full.columns) == ["vertex", "distance", "layer"]
    assert full["distance"].tolist() == [wanted.get(v, -1) for v in range(case[0])]


@given(graphs())
def test_components_are_those_of_networkx(engine, case):
    graph, other = both(case, engine)
    found = graph.connected_components()
    parts = nx.weakly_connected_components(other) if other.is_directed() else nx.connected_components(other)
    wanted = {v: i for i, part in enumerate(sorted(parts, key=min)) for v in part}
    assert found["component_id"].tolist() == [wanted[v] for v in found["vertex"]]
    assert found.attrs["parquetframe.components"] == str(len(set(wanted.values())))


@given(graphs())
def test_degrees_are_those_of_networkx(engine, case):
    graph, other = both(case, engine)
    modes = {"all": other.degree()} | (
        {"in": other.in_degree(), "out": other.out_degree()} if other.is_directed() else {}
    )
    for mode, wanted in modes.items():
        found = graph.degree(mode=mode)
        assert found["degree"].tolist() == [wanted[v] for v in found["vertex"]]
        assert [graph.degree(v, mode=mode) for v in range(case[0])] == found["degree"].tolist()


@pytest.mark.rust
@given(graphs())
def test_both_engines_give_the_same(case):
    rust, _ = both(case, "rust")
    pandas, _ = both(case, "pandas")
    one, two = rust.pagerank(), pandas.pagerank()
    assert one.attrs["parquetframe.iterations"] == two.attrs["parquetframe.iterations"]
    pd.testing.assert_frame_equal(one, two, check_exact=False, rtol=0, atol=1e-12)
    pd.testing.assert_frame_equal(rust.connected_components(), pandas.connected_components())
    for options in (
        {},
        {"include_unreachable": True},
        {"max_depth": 1},
        {"directed": False} if case[3] else {},
    ):
        pd.testing.assert_frame_equal(rust.bfs(0, **options), pandas.bfs(0, **options))
    pd.testing.assert_frame_equal(rust.degree(mode="in"), pandas.degree(mode="in"))


@given(graphs())
def test_direction_can_be_ignored(engine, case):
    graph, other = both((*case[:3], True), engine)
    undirected, _ = both((*case[:3], False), engine)
    pd.testing.assert_frame_equal(graph.bfs(0, directed=False), undirected.bfs(0))
    pd.testing.assert_frame_equal(graph.pagerank(directed=False), undirected.pagerank())
    assert graph.is_directed
    with pytest.raises(InvalidArgumentError, match="the graph is undirected"):
        undirected.bfs(0, directed=True)


def test_strings_and_kinds_of_results(engine):
    frame = pd.DataFrame({"source": ["a", "b", "x"], "target": ["b", "c", "y"]})
    graph = pf.GraphFrame.from_edges(frame, engine=engine)
    found = graph.bfs(source="a")
    assert found["predecessor"].isna().tolist() == [True, False, False]
    assert found["predecessor"].tolist()[1:] == ["a", "b"]
    for data, kind in ((pf.DataFrameProxy(frame), pf.DataFrameProxy), (pa.table(frame), pf.Table)):
        graph = pf.GraphFrame.from_edges(data, engine=engine)
        result = graph.bfs(source="a")
        assert type(result) is kind
        table = pa.table(result)
        assert table.to_pydict() == {
            "vertex": ["a", "b", "c"], "distance": [0, 1, 2], "predecessor": [None, "a", "b"], "layer": [0, 1, 2],
        }  # fmt: skip
        assert table["distance"].type == pa.int64()
        full = pa.table(graph.bfs(source="a", include_unreachable=True)).to_pydict()
        assert (full["distance"], full["layer"]) == ([0, 1, 2, -1, -1], [0, 1, 2, -1, -1])
        assert type(pf.graph.algo.bfs(graph, "a")) is pd.DataFrame
    if engine == "rust":
        assert (
            pf.GraphFrame.from_edges(pf.DataFrameProxy(frame), engine=engine).degree().engine_name == "rust"
        )


def test_top(engine):
    graph = pf.GraphFrame.from_edges(([1, 2, 3, 4], [0, 0, 1, 1]), engine=engine)
    everything = (
        graph.pagerank(output="pandas")
        .sort_values("rank", ascending=False, kind="stable")
        .reset_index(drop=True)
    )
    for top in (1, 3, 5, 99):
        pd.testing.assert_frame_equal(graph.pagerank(top=top, output="pandas"), everything.head(top))


def test_facts_about_a_run_travel_with_the_result(engine):
    graph = pf.GraphFrame.from_edges(pa.table({"source": [0, 1], "target": [1, 2]}), engine=engine)
    table = graph.pagerank()
    assert table.metadata["parquetframe.converged"] == "true"
    assert table.to_pandas().attrs["parquetframe.iterations"] == table.metadata["parquetframe.iterations"]
    assert graph.connected_components().metadata["parquetframe.components"] == "1"


def test_no_convergence_is_a_warning(engine):
    graph = pf.GraphFrame.from_edges(([0, 1, 2], [1, 2, 2]), engine=engine)
    with pytest.warns(RuntimeWarning, match="PageRank did not converge within 2 iterations") as seen:
        found = graph.pagerank(max_iter=2, tol=1e-12, output="pandas")
    assert seen[0].filename.endswith(("test_algorithms.py", "frame.py"))
    assert found.attrs["parquetframe.converged"] == "false"


def test_zero_tolerance_means_all_iterations(engine):
    options = {"tolerance": 0, "max_iterations": 7, "output": "table"}
    even = pf.GraphFrame.from_edges(([0, 1], [1, 0]), engine=engine)
    facts = even.pagerank(**options).metadata  # no warning: warnings are errors here
    assert (facts["parquetframe.iterations"], float(facts["parquetframe.residual"])) == ("7", 0.0)
    uneven = pf.GraphFrame.from_edges(([0, 0, 1, 2, 3], [1, 2, 2, 0, 1]), engine=engine)
    with pytest.warns(RuntimeWarning, match="did not converge within 7 iterations"):
        assert uneven.pagerank(**options).metadata["parquetframe.iterations"] == "7"


WRONG = [
    ({"alpha": 0.0}, ValueError, "alpha must be in (0, 1)"),
    ({"alpha": 1}, ValueError, "alpha must be in (0, 1)"),
    ({"damping": 1.5}, ValueError, "damping must be in (0, 1), not 1.5"),
    ({"damping": float("nan")}, ValueError, "damping must be in (0, 1)"),
    ({"alpha": "x"}, TypeError, "alpha must be a number, not str"),
    ({"damping": True}, TypeError, "damping must be a number, not bool"),
    ({"tol": 0}, ValueError, "tol must be positive"),
    ({"tol": -1.0}, ValueError, "tol must be positive"),
    ({"tolerance": -1.0}, ValueError, "tolerance must not be negative"),
    ({"tolerance": float("nan")}, ValueError, "tolerance must not be negative"),
    ({"max_iter": 0}, ValueError, "max_iter must be at least 1"),
    ({"max_iterations": 2.5}, TypeError, "max_iterations must be an integer, not float"),
    ({"max_iter": 2**70}, ValueError, "max_iter"),
    ({"top": 0}, ValueError, "top must be at least 1"),
    ({"top": "all"}, TypeError, "top must be an integer, not str"),
    ({"personalized": {}}, ValueError, "personalized cannot be empty dict"),
    ({"personalized": {99: 1.0}}, ValueError, "personalized contains invalid vertex IDs"),
    ({"personalized": {0: -1.0}}, ValueError, "personalized weights must be non-negative"),
    ({"personalized": {0: 0.0}}, ValueError, "personalized weights must sum to positive value"),
    ({"personalized": {0: "x"}}, TypeError, "personalized weights must be a number"),
    ({"personalization": {"a": 1.0}}, TypeError, "holds strings, but the vertex ids of the graph are integers"),
    ({"personalization": {None: 1.0}}, ValueError, "null"),
    ({"personalization": 5}, TypeError, "personalization must be a path, a data frame, a mapping"),
    ({"personalized": [0]}, TypeError, "personalized must be a path, a data frame, a mapping"),
    ({"directed": "x"}, TypeError, "directed must be True or False, not str"),
    ({"directed": 1}, TypeError, "directed must be True or False, not int"),
    ({"weight_column": "cost"}, ValueError, "Weight column 'cost' not found in graph edges"),
    ({"alpha": 0.5, "damping": 0.5}, ValueError, "alpha and damping are the same parameter"),
    ({"max_iter": 5, "max_iterations": 5}, ValueError, "max_iter and max_iterations are the same parameter"),
    ({"weight": "weight", "weight_column": "weight"}, ValueError, "weight_column and weight are the same"),
    ({"dampening": 0.5}, TypeError, "dampening"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "error", "text"), WRONG)
def test_wrong_arguments_of_pagerank(options, error, text, engine):
    graph = pf.GraphFrame.from_edges(
        ([0, 1], [1, 2], [1.0, 2.0]), weight="weight", num_vertices=3, engine=engine
    )
    with pytest.raises(error) as caught:
        graph.pagerank(**options)
    assert text in str(caught.value)


def test_validation_by_the_older_names():
    _validate_pagerank_params(0.85, 1e-6, 100, {0: 1.0}, 3)
    for arguments, text in (
        ((1.0, 1e-6, 100), "alpha must be in"),
        ((0.5, 0, 100), "tol must be positive"),
        ((0.5, 1e-6, 0), "max_iter must be at least 1"),
        ((0.5, 1e-6, 1, {5: 1.0}, 5), "personalized contains invalid vertex IDs"),
    ):
        with pytest.raises(ValueError, match=text):
            _validate_pagerank_params(*arguments)


@pytest.mark.parametrize("weight", [-1.0, float("inf")])
def test_weights_that_cannot_be_followed(weight, engine):
    graph = pf.GraphFrame.from_edges(([0], [1], [weight]), weight="weight", engine=engine)
    assert len(graph.pagerank()) == 2
    with pytest.raises(InvalidArgumentError, match="PageRank requires finite, non-negative edge weights"):
        graph.pagerank(weight="weight")


def test_wrong_arguments_of_bfs(engine):
    positions = pf.GraphFrame.from_edges(([0], [1]), num_vertices=3, engine=engine)
    words = pf.GraphFrame.from_edges((["a"], ["b"]), engine=engine)
    for graph, options, error, text in (
        (positions, {"sources": 10}, ValueError, r"Source vertex 10 out of range \[0, 3\)"),
        (positions, {"sources": [-1]}, ValueError, r"Source vertex -1 out of range \[0, 3\)"),
        (positions, {"sources": []}, ValueError, "At least one source vertex must be specified"),
        (words, {}, ValueError, "At least one source vertex must be specified"),
        (positions, {"sources": 0, "max_depth": -1}, ValueError, "max_depth must be non-negative"),
        (positions, {"sources": 0, "max_depth": 1.5}, TypeError, "max_depth must be an integer"),
        (positions, {"sources": 0, "source": 0}, ValueError, "sources and source are the same parameter"),
        (
            positions,
            {"sources": "a"},
            TypeError,
            "sources holds strings, but the vertex ids of the graph are integers",
        ),
        (
            words,
            {"sources": 0},
            TypeError,
            "sources holds integers, but the vertex ids of the graph are strings",
        ),
        (words, {"sources": "c"}, ValueError, "sources: vertex 'c' is not in the graph"),
        (words, {"sources": ["a", None]}, ValueError, "sources holds a null vertex id, in row 1"),
        (words, {"sources": 0.5}, TypeError, "integers or strings as vertex ids"),
        (words, {"sources": "a", "predecessors": "no"}, TypeError, "predecessors must be True or False"),
        (words, {"sources": "a", "directed": "x"}, TypeError, "directed must be True or False, not str"),
    ):
        with pytest.raises(error, match=text):
            graph.bfs(**options)


def test_edges_in_memory_have_nothing_to_compute_later(engine):
    graph = pf.GraphFrame.from_edges(([0], [1]), engine=engine)
    found = pf.graph.algo.bfs(graph, 0, compute=False)
    pd.testing.assert_frame_equal(found, pf.graph.algo.bfs(graph, 0))
    assert pf.graph.algo.bfs(graph, 0, compute=False, output="table").num_rows == 2


@pytest.mark.parametrize("vertex", [np.array(1), np.int64(1)])
def test_an_array_without_dimensions_is_one_vertex(vertex, engine):
    built = pf.GraphFrame.from_edges(([0, 1], [1, 2]), engine=engine)
    framed = pf.GraphFrame(
        pd.DataFrame({"id": [0, 1, 2]}), pd.DataFrame({"src": [0, 1], "dst": [1, 2]}), {}, engine=engine
    )
    for graph in (built, framed):
        assert pf.graph.algo.bfs(graph, vertex)["vertex"].tolist() == [1, 2]
        assert graph.neighbors(vertex) == [2]
        assert graph.has_edge(vertex, np.array(2)) is True
        assert graph.has_edge(0, vertex) is True
        assert graph.degree(vertex) == 2


@pytest.mark.parametrize(
    "sources",
    [0, np.int64(0), [0], (0,), {0}, np.array([0], np.uint8), pd.Series([0]), pa.array([0]), range(1)],
)
def test_forms_of_sources(sources, engine):
    graph = pf.GraphFrame.from_edges(([0, 1], [1, 2]), engine=engine)
    assert graph.bfs(sources, output="pandas")["distance"].tolist() == [0, 1, 2]


def test_wrong_arguments_of_components_and_degree(engine):
    graph = pf.GraphFrame.from_edges(([0], [1]), engine=engine)
    with pytest.raises(ValueError, match="Strongly connected components not implemented"):
        graph.connected_components(method="strong")
    with pytest.raises(ValueError, match="method must be 'weak'"):
        graph.connected_components(method="other")
    with pytest.raises(ValueError, match="max_iter must be positive"):
        graph.connected_components(max_iter=0)
    with pytest.raises(ValueError, match="mode must be 'in', 'out' or 'all', not 'both'"):
        graph.degree(mode="both")
    with pytest.raises(WrongTypeError, match="mode must be a string"):
        graph.degree(mode=1)
    with pytest.raises(InvalidArgumentError, match="vertex 7 is not in the graph"):
        graph.degree(7)
    with pytest.raises(WrongTypeError, match=r"vertex_id holds strings(.|\n)*degree\(mode='out'\)"):
        graph.degree("out")
    words = pf.GraphFrame.from_edges((["a"], ["in"]), engine=engine)
    assert words.degree("in") == 1
    with pytest.raises(InvalidArgumentError, match=r"'all' is not in the graph\n.*degree\(mode='all'\)"):
        words.degree("all")
    with pytest.raises(WrongTypeError, match="directed must be True or False, not str"):
        graph.connected_components(directed="x")


def test_long_paths_and_stars(engine):
    n = 20_000
    order = np.random.default_rng(3).permutation(n)
    path = pf.GraphFrame.from_edges((order[:-1], order[1:]), num_vertices=n, engine=engine)
    assert set(path.connected_components()["component_id"]) == {0}
    assert path.bfs(int(order[0]), max_depth=50)["distance"].max() == 50
    star = pf.GraphFrame.from_edges((np.zeros(n, np.int64), np.arange(n)), engine=engine)
    assert star.degree(0) == n + 1
