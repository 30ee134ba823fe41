"""Centralities against NetworkX, on every engine."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from graphs import both, graphs, simple
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.exceptions import InvalidArgumentError, WrongTypeError
from parquetframe.graph import algo

# Lengths that add up without rounding, so that equal paths are equal; none is zero, where NetworkX miscounts.
lengths = st.sampled_from([0.5, 1.0, 1.5, 2.0, 4.0])


def in_order(wanted, found):
    return [wanted[vertex] for vertex in found["vertex"]]


@given(graphs(max_vertices=14, weights=lengths))
def test_betweenness_is_that_of_networkx(engine, case):
    graph, other = both(case, engine)
    plain = simple(other, weight=True)
    for weight in (None, "weight"):
        for normalized in (True, False):
            found = algo.betweenness(graph, weight=weight, normalized=normalized)
            wanted = nx.betweenness_centrality(plain, weight=weight, normalized=normalized)
            np.testing.assert_allclose(found["betweenness"], in_order(wanted, found), atol=1e-12)
            assert found.attrs["parquetframe.sources"] == str(case[0])


@given(graphs(max_vertices=14, weights=lengths), st.data())
def test_betweenness_from_some_sources(engine, case, data):
    graph, other = both(case, engine)
    plain = simple(other, weight=True)
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    found = algo.betweenness(graph, sources, normalized=False)
    wanted = nx.betweenness_centrality_subset(plain, set(sources), list(range(case[0])), normalized=False)
    np.testing.assert_allclose(found["betweenness"], in_order(wanted, found), atol=1e-12)
    assert found.attrs["parquetframe.sources"] == str(len(set(sources)))


@given(graphs(max_vertices=14, weights=lengths), st.integers(1, 5), st.integers(-3, 2**40))
def test_samples(engine, case, samples, seed):
    graph, other = both(case, engine)
    n = case[0]
    found = algo.betweenness(graph, samples=samples, seed=seed)
    assert found.attrs["parquetframe.sources"] == str(min(samples, n))
    pd.testing.assert_frame_equal(found, algo.betweenness(graph, samples=samples, seed=seed))
    everything = algo.betweenness(graph)
    pd.testing.assert_frame_equal(algo.betweenness(graph, samples=n), everything)
    # A sample of all but one, scaled up, is what each of them says on average.
    if n > 3:
        sums = algo.betweenness(graph, list(range(1, n)), normalized=False)["betweenness"]
        assert (sums <= algo.betweenness(graph, normalized=False)["betweenness"] + 1e-12).all()


@given(graphs(max_vertices=14, weights=lengths), st.data())
def test_closeness_is_that_of_networkx(engine, case, data):
    graph, other = both(case, engine)
    plain = simple(other, weight=True)
    for weight in (None, "weight"):
        for improved in (True, False):
            found = algo.closeness(graph, weight=weight, wf_improved=improved)
            wanted = nx.closeness_centrality(plain, distance=weight, wf_improved=improved)
            np.testing.assert_allclose(found["closeness"], in_order(wanted, found), atol=1e-12)
        found = algo.closeness(graph, weight=weight, mode="out")
        back = plain.reverse() if plain.is_directed() else plain
        wanted = nx.closeness_centrality(back, distance=weight)
        np.testing.assert_allclose(found["closeness"], in_order(wanted, found), atol=1e-12)
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=4))
    some = algo.closeness(graph, sources)
    assert some["vertex"].tolist() == sorted(set(sources))
    everything = algo.closeness(graph)["closeness"]
    np.testing.assert_allclose(some["closeness"], everything[some["vertex"]])


@given(graphs())
def test_degree_centrality_is_that_of_networkx(engine, case):
    graph, other = both(case, engine)
    modes = {"all": nx.degree_centrality(other)}
    if other.is_directed():
        modes |= {"in": nx.in_degree_centrality(other), "out": nx.out_degree_centrality(other)}
    for mode, wanted in modes.items():
        found = algo.degree_centrality(graph, mode)
        np.testing.assert_allclose(found["degree_centrality"], in_order(wanted, found))
        assert found["degree_centrality"].dtype == np.float64


def test_direction_can_be_ignored(engine):
    graph = pf.GraphFrame.from_edges(([0, 1, 1], [1, 2, 3]), engine=engine)
    other = pf.GraphFrame.from_edges(([0, 1, 1], [1, 2, 3]), engine=engine, directed=False)
    for name in ("betweenness", "closeness"):
        function = getattr(algo, name)
        pd.testing.assert_frame_equal(function(graph, directed=False), function(other))
        pd.testing.assert_frame_equal(getattr(graph, name)(directed=False, output="pandas"), function(other))


def test_wrong_arguments(engine):
    graph = pf.GraphFrame.from_edges(
        ([0, 1], [1, 2], [1.0, -2.0]), weight="weight", num_vertices=3, engine=engine
    )
    for call, error, text in (
        (lambda: algo.betweenness(graph, 7), ValueError, r"Source vertex 7 out of range \[0, 3\)"),
        (lambda: algo.betweenness(graph, []), ValueError, "At least one source vertex"),
        (lambda: algo.betweenness(graph, 0, samples=1), ValueError, "exclude each other"),
        (lambda: algo.betweenness(graph, samples=0), ValueError, "samples must be at least 1"),
        (lambda: algo.betweenness(graph, seed="x"), TypeError, "seed must be an integer"),
        (lambda: algo.betweenness(graph, weight="cost"), ValueError, "Weight column 'cost' not found"),
        (lambda: algo.betweenness(graph, weight="weight"), ValueError, "non-negative edge weights"),
        (lambda: algo.betweenness(graph, normalized=1), TypeError, "normalized must be True or False"),
        (lambda: algo.closeness(graph, weight="weight"), ValueError, "non-negative edge weights"),
        (lambda: algo.closeness(graph, mode="all"), ValueError, "mode must be 'in' or 'out', not 'all'"),
        (lambda: algo.closeness(graph, mode=1), WrongTypeError, "mode must be a string"),
        (lambda: algo.closeness(graph, "a"), WrongTypeError, "holds strings"),
        (lambda: algo.degree_centrality(graph, "both"), InvalidArgumentError, "mode must be 'in', 'out' or"),
    ):
        with pytest.raises(error, match=text):
            call()


def test_graphs_of_few_vertices(engine):
    none = np.empty(0, np.int64)
    for n in (0, 1, 2):
        graph = pf.GraphFrame.from_edges((none, none), num_vertices=n, engine=engine)
        assert algo.betweenness(graph)["betweenness"].tolist() == [0.0] * n
        assert algo.closeness(graph)["closeness"].tolist() == [0.0] * n
        assert algo.degree_centrality(graph)["degree_centrality"].tolist() == [1.0 if n == 1 else 0.0] * n
    loop = pf.GraphFrame.from_edges((["a"], ["a"]), engine=engine)
    assert algo.degree_centrality(loop)["degree_centrality"].tolist() == [1.0]
    assert algo.betweenness(loop)["vertex"].tolist() == ["a"]


@pytest.mark.rust
@given(graphs(max_vertices=14, weights=st.sampled_from([0.0, 0.5, 1.0, 2.0])), st.data())
def test_both_engines_give_the_same(case, data):
    rust, _ = both(case, "rust")
    pandas, _ = both(case, "pandas")
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    samples, seed = data.draw(st.integers(1, 5)), data.draw(st.integers(-(2**63), 2**63 - 1))
    for call in (
        lambda g: algo.betweenness(g),
        lambda g: algo.betweenness(g, weight="weight", normalized=False),
        lambda g: algo.betweenness(g, sources),
        lambda g: algo.betweenness(g, samples=samples, seed=seed),
        lambda g: algo.closeness(g),
        lambda g: algo.closeness(g, sources, weight="weight", mode="out"),
        lambda g: algo.degree_centrality(g, "in"),
    ):
        one, two = call(rust), call(pandas)
        pd.testing.assert_frame_equal(one, two, check_exact=False, rtol=1e-12, atol=1e-12)
        assert one.attrs == two.attrs
