"""The Dask engine: the same answers as the others, from any number of partitions."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from graphs import both, graphs
from hypothesis import given, settings
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.core import ParquetFrame
from parquetframe.graph import _dask_graph, algo

dd = pytest.importorskip("dask.dataframe")


@pytest.fixture(autouse=True)
def one_thread():
    import dask

    with dask.config.set(scheduler="synchronous"):
        yield


def in_parts(patch, size):
    patch.setattr(_dask_graph, "EDGES_PER_PARTITION", size)


@given(graphs(), st.data())
@settings(max_examples=15)
def test_bfs(case, data):
    graph, _ = both(case, "pandas")
    sources = data.draw(st.lists(st.integers(0, case[0] - 1), min_size=1, max_size=3))
    for options in (
        {},
        {"include_unreachable": True},
        {"max_depth": 1},
        {"targets": data.draw(st.integers(0, case[0] - 1))},
        {"predecessors": False},
        {"directed": False},
    ):
        wanted = algo.bfs(graph, sources, **options)
        for split in ({}, {"npartitions": 3}, {"partition_size": 2}):
            found = algo.bfs(graph, sources, backend="dask", **options, **split)
            pd.testing.assert_frame_equal(found, wanted)
            assert found.attrs == wanted.attrs
    assert str(algo.bfs(graph, sources, backend="dask")["predecessor"].dtype) == "Int64"
    hops = algo.shortest_path(graph, sources, backend="dask")
    pd.testing.assert_frame_equal(hops, algo.shortest_path(graph, sources, backend="pandas"))
    few = algo.shortest_path(graph, sources, backend="dask", include_unreachable=False)
    assert np.isfinite(few["distance"]).all()


@given(graphs())
@settings(max_examples=15)
def test_components(case):
    graph, _ = both(case, "pandas")
    wanted = algo.connected_components(graph)
    with pytest.MonkeyPatch.context() as patch:
        for size in (1_000_000, 5, 1):
            in_parts(patch, size)
            pd.testing.assert_frame_equal(algo.connected_components(graph, backend="dask"), wanted)
            labels = algo.label_propagation_components(graph)
            first = wanted.groupby("component_id")["vertex"].transform("min")
            assert labels["component_id"].tolist() == first.tolist()


@given(graphs(), st.booleans())
@settings(max_examples=10)
def test_pagerank(case, weighted):
    graph, _ = both(case, "pandas")
    jumps = {0: 1.0, case[0] - 1: 2.0}
    with pytest.MonkeyPatch.context() as patch:
        for size in (1_000_000, 20):
            in_parts(patch, size)
            for options in ({}, {"personalized": jumps}, {"directed": False}):
                options = {**options, "weight": "weight" if weighted else None, "tolerance": 1e-4}
                found, wanted = (algo.pagerank(graph, backend=b, **options) for b in ("dask", "pandas"))
                pd.testing.assert_frame_equal(found, wanted, check_exact=False, rtol=0, atol=1e-12)
                assert found.attrs["parquetframe.iterations"] == wanted.attrs["parquetframe.iterations"]


def test_long_paths_and_dangling_vertices():
    n = 200
    order = np.random.default_rng(3).permutation(n)
    path = pf.GraphFrame.from_edges((order[:-1], order[1:]), num_vertices=n)
    assert set(algo.connected_components(path, backend="dask")["component_id"]) == {0}
    assert algo.bfs(path, int(order[0]), backend="dask")["distance"].max() == n - 1
    star = pf.GraphFrame.from_edges(([0, 0, 0], [1, 2, 3]), num_vertices=4)
    assert algo.pagerank(star, backend="dask")["rank"].sum() == pytest.approx(1)
    tree = pf.GraphFrame.from_edges(([0, 1, 2, 3], [2, 2, 4, 4]), num_vertices=5)
    assert algo.pagerank(tree, backend="dask", top=2)["vertex"].tolist() == [4, 2]
    apart = pf.GraphFrame.from_edges(([1, 3], [0, 2]), num_vertices=5, directed=False)
    assert algo.connected_components(apart, backend="dask")["component_id"].tolist() == [0, 0, 1, 1, 2]


def test_lazy_results():
    graph = pf.GraphFrame.from_edges(([0, 1], [1, 2]), num_vertices=4)
    for frame in (
        algo.bfs(graph, 0, backend="dask", compute=False, npartitions=2),
        algo.label_propagation_components(graph, compute=False),
        algo.pagerank_dask(graph, 0.85, 1e-6, 100, compute=False),
    ):
        assert isinstance(frame, dd.DataFrame)
    assert algo.bfs(graph, 0, backend="dask", compute=False).compute()["distance"].tolist() == [0, 1, 2]
    found = algo.pagerank_dask(graph, 0.85, 1e-6, 100, personalized={1: 1.0}, directed=False)
    wanted = algo.pagerank_pandas(graph, 0.85, 1e-6, 100, personalized={1: 1.0}, directed=False)
    pd.testing.assert_frame_equal(found, wanted, check_exact=False, rtol=0, atol=1e-12)


def test_no_convergence_is_a_warning():
    graph = pf.GraphFrame.from_edges(([0, 1, 2], [1, 2, 2]), num_vertices=3)
    with pytest.warns(RuntimeWarning, match="PageRank did not converge within"):
        algo.pagerank_dask(graph, 0.85, 1e-12, 2)


def lazy_graph(ends=((0, 1), (1, 2), (2, 0), (3, 9)), count=10, directed=True):
    frame = pd.DataFrame(ends, columns=["src", "dst"]).assign(weight=np.arange(1.0, len(ends) + 1))
    edges = ParquetFrame(dd.from_pandas(frame, npartitions=3), True)
    vertices = ParquetFrame(pd.DataFrame({"vertex_id": np.arange(count)}))
    return pf.GraphFrame(vertices, edges, {"directed": directed})


def test_lazy_edges_go_to_dask_where_rust_is_not_there(monkeypatch):
    graph = lazy_graph()
    wanted = {
        "bfs": lambda g, b: algo.bfs(g, 3, backend=b),
        "back": lambda g, b: algo.bfs(g, 9, directed=False, backend=b),
        "components": lambda g, b: algo.connected_components(g, backend=b),
        "ranks": lambda g, b: algo.pagerank(g, weight="weight", backend=b),
    }
    answers = {name: call(lazy_graph(), "pandas") for name, call in wanted.items()}
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    pf.reset_stats()
    for name, call in wanted.items():
        pd.testing.assert_frame_equal(call(graph, "auto"), answers[name])
    ran = pf.stats().operations
    assert ran == {"bfs": {"dask": 2}, "connected_components": {"dask": 1}, "pagerank": {"dask": 1}}
    assert {item.operation for item in pf.stats().fallbacks} == set(ran)
    assert isinstance(algo.bfs(graph, 3, compute=False), dd.DataFrame)
    monkeypatch.setattr(sys.modules["parquetframe.graph.algo.traversal"], "DASK_AVAILABLE", False)
    pf.reset_stats()
    assert algo.bfs(graph, 3)["vertex"].tolist() == [3, 9]
    assert pf.stats().operations["bfs"] == {"pandas": 1}


def test_direction_of_lazy_edges():
    graph = lazy_graph(directed=False)
    assert algo.bfs(graph, 9, backend="dask")["vertex"].tolist() == [3, 9]
    assert algo.bfs(graph, 9, directed=True, backend="dask")["vertex"].tolist() == [9]
    assert algo.bfs(graph, 3, directed=True, backend="dask")["vertex"].tolist() == [3, 9]
    frames = pf.GraphFrame(
        pd.DataFrame({"vertex_id": range(3)}), pd.DataFrame({"src": [2], "dst": [0]}), {"directed": False}
    )
    assert algo.bfs(frames, 2, directed=True, backend="dask")["vertex"].tolist() == [0, 2]
    assert algo.bfs(frames, 0, directed=True, backend="dask")["vertex"].tolist() == [0]


def test_lazy_edges_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"dst: vertex 9 is out of range \[0, 4\)"):
        algo.bfs(lazy_graph(count=4), 0, backend="dask")


@pytest.mark.parametrize(
    ("module", "call", "text"),
    [
        ("traversal", lambda g: algo.bfs(g, 0, backend="dask"), "BFS"),
        ("components", lambda g: algo.connected_components(g, backend="dask"), "connected components"),
        ("components", lambda g: algo.label_propagation_components(g), "connected components"),
        ("pagerank", lambda g: algo.pagerank(g, backend="dask"), "PageRank"),
        ("pagerank", lambda g: algo.pagerank_dask(g, 0.85, 1e-6, 100), "PageRank"),
    ],
)
def test_without_dask(module, call, text, monkeypatch):
    graph = pf.GraphFrame.from_edges(([0], [1]), num_vertices=2)
    monkeypatch.setattr(sys.modules[f"parquetframe.graph.algo.{module}"], "DASK_AVAILABLE", False)
    with pytest.raises(ImportError, match=f"Dask is required for distributed {text}"):
        call(graph)


def test_the_flag_on_the_function_counts_too(monkeypatch):
    import parquetframe.graph.algo.pagerank as found_as

    graph = pf.GraphFrame.from_edges(([0], [1]), num_vertices=2)
    assert found_as.DASK_AVAILABLE
    monkeypatch.setattr(found_as, "DASK_AVAILABLE", False)
    with pytest.raises(ImportError, match="Dask is required for distributed PageRank"):
        algo.pagerank(graph, backend="dask")


def test_wrong_arguments():
    graph = pf.GraphFrame.from_edges(([0], [1]), num_vertices=2)
    for options in ({"npartitions": 0}, {"partition_size": 0}):
        with pytest.raises(ValueError, match="must be at least 1"):
            algo.bfs(graph, 0, backend="dask", **options)
    with pytest.raises(ValueError, match=r"out of range \[0, 2\)"):
        algo.bfs(graph, 5, backend="dask")
    with pytest.raises(ValueError, match="max_iter must be positive"):
        algo.label_propagation_components(graph, max_iter=0)
