"""The algorithms as earlier versions offered them: signatures, texts of errors, types of columns, faults mended."""

from __future__ import annotations

import copy
import importlib
import inspect
import itertools
import math
import pickle
import sys
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.graph import algo
from parquetframe.graph.algo import utils

SIGNATURES = {
    "traversal.bfs": "graph, sources=None, max_depth=None, directed=None, backend='auto', include_unreachable=False, partition_size=None, npartitions=None, compute=True",
    "traversal.dfs": "graph, sources=None, max_depth=None, directed=None, backend='auto', forest=False",
    "shortest_path.shortest_path": "graph, sources, weight_column=None, directed=None, backend='auto', include_unreachable=True",
    "shortest_path.dijkstra": "graph, sources, weight_column, directed=None, include_unreachable=True, backend='auto'",
    "shortest_path.bfs_shortest_path": "graph, sources, directed=None, include_unreachable=True",
    "shortest_path.dijkstra_pandas": "graph, sources, weight_column, directed=None, include_unreachable=True",
    "shortest_path.dijkstra_rust_wrapper": "graph, sources, weight_column, directed=None, include_unreachable=True",
    "components.connected_components": "graph, method='weak', directed=None, backend='auto', max_iter=50",
    "components.label_propagation_components": "graph, directed=None, max_iter=50, compute=True",
    "components.union_find_components": "graph, directed=None",
    "components.connected_components_rust_wrapper": "graph, directed=None",
    "pagerank.pagerank": "graph, alpha=0.85, tol=1e-06, max_iter=100, weight_column=None, personalized=None, directed=None, backend='auto'",
    "pagerank.pagerank_pandas": "graph, alpha, tol, max_iter, weight_column=None, personalized=None, directed",
    "pagerank.pagerank_dask": "graph, alpha, tol, max_iter, weight_column=None, personalized=None, directed, compute=True",
    "pagerank.pagerank_rust_wrapper": "graph, alpha, tol, max_iter, weight_column=None, personalized=None, directed",
    "pagerank._validate_pagerank_params": "alpha, tol, max_iter, personalized=None, num_vertices=None",
    "utils.check_convergence": "old_values, new_values, tol, metric='l1'",
    "utils.create_result_dataframe": "data, columns, dtypes=None",
    "utils.select_backend": "graph, backend='auto', algorithm='unknown'",
    "utils.symmetrize_edges": "graph, directed=None",
    "utils.validate_sources": "graph, sources",
}


@pytest.mark.parametrize("path", SIGNATURES)
def test_signatures(path):
    module, _, name = path.partition(".")
    function = getattr(importlib.import_module(f"parquetframe.graph.algo.{module}"), name)
    parameters = list(inspect.signature(function).parameters.values())
    wanted = [text.partition("=") for text in SIGNATURES[path].split(", ")]
    for parameter, (name, equals, default) in zip(parameters, wanted, strict=False):
        assert parameter.name == name
        assert parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        if equals:
            assert repr(parameter.default) == default
    assert len(parameters) >= len(wanted)
    # What came later can only be given by name.
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters[len(wanted) :])


def frames(ends, count=4, directed=True, **columns):
    vertices = pd.DataFrame({"vertex_id": np.arange(count)})
    edges = pd.DataFrame(ends, columns=["src", "dst"], dtype=np.int64).assign(**columns)
    return pf.GraphFrame(vertices, edges, {"directed": directed})


@pytest.fixture(params=["auto", "pandas", "dask"])
def backend(request):
    if request.param == "dask":
        pytest.importorskip("dask.dataframe")
    return request.param


def test_types_of_columns(backend):
    graph = frames([(0, 1), (1, 2)], weight=[1.0, 2.5])
    wanted = {
        "bfs": ("vertex int64, distance int64, predecessor Int64, layer int64", {"sources": 0}),
        "connected_components": ("vertex int64, component_id int64", {}),
        "pagerank": ("vertex int64, rank float64", {}),
        "shortest_path": ("vertex int64, distance float64, predecessor Int64", {"sources": 0}),
    }
    for name, (types, options) in wanted.items():
        found = getattr(algo, name)(graph, backend=backend, **options)
        assert type(found) is pd.DataFrame
        assert ", ".join(f"{column} {kind}" for column, kind in found.dtypes.items()) == types
        assert found["vertex"].is_monotonic_increasing
    unreached = algo.bfs(graph, 2, backend=backend, include_unreachable=True)
    assert unreached["distance"].tolist() == unreached["layer"].tolist() == [-1, -1, 0, -1]
    assert unreached["predecessor"].isna().all()
    assert algo.shortest_path(graph, 2, backend=backend)["distance"].tolist() == [
        math.inf,
        math.inf,
        0,
        math.inf,
    ]
    types = ["int64", "Int64", "int64", "int64", "int64"]
    assert algo.dfs(graph, 0).dtypes.astype(str).tolist() == types


EMPTY = {
    "bfs": "Cannot perform BFS on empty graph",
    "dfs": "Cannot perform DFS on empty graph",
    "shortest_path": "Cannot compute shortest paths on empty graph",
    "connected_components": "Cannot find connected components on empty graph",
    "pagerank": "Cannot compute PageRank on empty graph",
}


@pytest.mark.parametrize("name", EMPTY)
def test_empty_graphs(name):
    for options in ({}, {"sources": 0}) if name in ("bfs", "dfs", "shortest_path") else ({},):
        with pytest.raises(ValueError, match=EMPTY[name]):
            getattr(algo, name)(frames([], 0), **options)


def test_texts_of_errors():
    graph = frames([(0, 1), (1, 2)], weight=[1.0, -2.5])
    for call, text in (
        (lambda: algo.bfs(graph, 10), r"Source vertex 10 out of range \[0, 4\)"),
        (lambda: algo.bfs(graph, [0, -1]), r"Source vertex -1 out of range \[0, 4\)"),
        (lambda: algo.shortest_path(graph, 10), r"Source vertex 10 out of range \[0, 4\)"),
        (lambda: algo.dfs(graph, [10]), r"Source vertex 10 out of range \[0, 4\)"),
        (lambda: algo.bfs(graph, []), "At least one source vertex must be specified"),
        (lambda: algo.shortest_path(graph, []), "At least one source vertex must be specified"),
        (lambda: algo.bfs(graph, 0, max_depth=-1), "max_depth must be non-negative"),
        (lambda: algo.dfs(graph, 0, max_depth=-1), "max_depth must be non-negative"),
        (lambda: algo.connected_components(graph, max_iter=0), "max_iter must be positive"),
        (
            lambda: algo.connected_components(graph, method="strong"),
            "Strongly connected components not implemented",
        ),
        (lambda: algo.pagerank(graph, alpha=1.0), r"alpha must be in \(0, 1\)"),
        (lambda: algo.pagerank(graph, tol=0), "tol must be positive"),
        (lambda: algo.pagerank(graph, max_iter=0), "max_iter must be at least 1"),
        (lambda: algo.pagerank(graph, personalized={}), "personalized cannot be empty dict"),
        (lambda: algo.pagerank(graph, personalized={9: 1.0}), "personalized contains invalid vertex IDs"),
        (lambda: algo.pagerank(graph, personalized={0: -1.0}), "personalized weights must be non-negative"),
        (
            lambda: algo.pagerank(graph, personalized={0: 0.0}),
            "personalized weights must sum to positive value",
        ),
        (lambda: algo.pagerank(graph, weight_column="cost"), "Weight column 'cost' not found in graph edges"),
        (
            lambda: algo.shortest_path(graph, 0, weight_column="cost"),
            "Weight column 'cost' not found in graph edges",
        ),
        (
            lambda: algo.shortest_path(graph, 0, weight_column="weight"),
            "Dijkstra's algorithm requires non-negative edge weights",
        ),
        (
            lambda: algo.dijkstra(graph, 0, "weight"),
            "Dijkstra's algorithm requires non-negative edge weights",
        ),
    ):
        with pytest.raises(ValueError, match=text):
            call()
    with pytest.warns(RuntimeWarning, match="PageRank did not converge within"):
        algo.pagerank(frames([(0, 1), (1, 2), (2, 3)]), max_iter=1)


def test_faults_of_earlier_versions(backend):
    """The cases of the wrong results that earlier versions gave."""
    ring = frames([(0, 1), (1, 2), (2, 0)], directed=False)
    ranks = algo.pagerank(ring, backend=backend)["rank"].tolist()
    assert ranks == pytest.approx([0.3175, 0.3175, 0.3175, 0.0476], abs=1e-4)
    parallel = frames([(0, 1), (0, 1), (0, 1), (1, 2), (2, 0), (0, 2)], 3)
    other = frames([(0, 1), (1, 2), (2, 0), (0, 2)], 3, weight=[3.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(
        algo.pagerank(parallel, backend=backend)["rank"],
        algo.pagerank(other, weight_column="weight", backend=backend)["rank"],
        atol=1e-6,
    )
    star = frames([(0, 1), (0, 2), (0, 3)])
    assert algo.pagerank(star, backend=backend)["rank"].sum() == pytest.approx(1)
    path = frames([(i, i + 1) for i in range(29)], 30)
    assert set(algo.connected_components(path, backend=backend)["component_id"]) == {0}
    apart = frames([(1, 0), (3, 2)], 5, directed=False)
    assert algo.connected_components(apart, backend=backend)["component_id"].tolist() == [0, 0, 1, 1, 2]
    weighted = frames([(0, 1), (2, 3)], weight=[0.5, 1.5])
    assert algo.connected_components(weighted, backend=backend)["component_id"].tolist() == [0, 0, 1, 1]
    lonely = frames([(0, 1)])
    assert algo.bfs(lonely, 3, backend=backend)["vertex"].tolist() == [3]
    assert algo.bfs(lonely, np.int64(0), backend=backend)["vertex"].tolist() == [0, 1]
    assert algo.bfs(lonely, [0, 3], backend=backend)["distance"].tolist() == [0, 1, 0]


@pytest.mark.parametrize("backend", ["auto", "pandas"])
def test_faults_of_paths(backend):
    triangle = frames([(0, 1), (1, 2), (2, 0)], 3, directed=False, weight=[2.0, 5.0, 1.0])
    assert algo.dijkstra(triangle, 1, "weight", backend=backend)["distance"].tolist() == [2.0, 0.0, 3.0]
    parallel = frames([(0, 1), (0, 1), (0, 1)], 2, weight=[5.0, 1.0, 3.0])
    assert algo.dijkstra(parallel, 0, "weight", backend=backend)["distance"].tolist() == [0.0, 1.0]
    none = frames([], 2, weight=np.empty(0))
    assert algo.dijkstra(none, 0, "weight", backend=backend)["distance"].tolist() == [0.0, math.inf]


def test_the_same_by_other_names():
    graph = frames([(0, 1), (1, 2), (0, 2)], weight=[1.0, 1.0, 3.0])
    dijkstra = algo.shortest_path(graph, 0, "weight")
    for found in (
        algo.dijkstra(graph, 0, "weight"),
        algo.dijkstra_pandas(graph, 0, "weight"),
        algo.shortest_path(graph, source=0, weight="weight"),
        algo.bellman_ford(graph, 0, "weight"),
    ):
        pd.testing.assert_frame_equal(found, dijkstra)
    pd.testing.assert_frame_equal(algo.union_find_components(graph), algo.connected_components(graph))
    pd.testing.assert_frame_equal(
        algo.pagerank_pandas(graph, 0.85, 1e-6, 100), algo.pagerank(graph, backend="pandas")
    )


@pytest.mark.rust
def test_the_wrappers_of_rust():
    graph = frames([(0, 1), (1, 2), (0, 2)], weight=[1.0, 1.0, 3.0])
    pf.reset_stats()
    algo.dijkstra_rust_wrapper(graph, 0, "weight")
    algo.connected_components_rust_wrapper(graph)
    algo.pagerank_rust_wrapper(graph, 0.85, 1e-6, 100, weight_column="weight")
    ran = pf.stats().operations
    assert all(ran[name] == {"rust": 1} for name in ("shortest_path", "connected_components", "pagerank"))


CALLS = {
    "components": lambda g, b: algo.connected_components(g, backend=b),
    "pagerank": lambda g, b: algo.pagerank(g, backend=b),
    "shortest_path": lambda g, b: algo.shortest_path(g, 0, backend=b),
}


@pytest.mark.parametrize("module", CALLS)
def test_a_module_without_rust(module, monkeypatch):
    graph = frames([(0, 1)])
    monkeypatch.setattr(sys.modules[f"parquetframe.graph.algo.{module}"], "RUST_AVAILABLE", False)
    with pytest.raises(RuntimeError, match="Rust backend requested but not available"):
        CALLS[module](graph, "rust")
    pf.reset_stats()
    CALLS[module](graph, "auto")
    assert "rust" not in {engine for runs in pf.stats().operations.values() for engine in runs}


def test_rust_that_is_not_there(monkeypatch):
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    for name, options in (("bfs", {"sources": 0}), ("triangles", {}), ("betweenness", {})):
        with pytest.raises(RuntimeError, match="Rust backend requested but not available"):
            getattr(algo, name)(frames([(0, 1)]), backend="rust", **options)


# ---- utils ----


def test_select_backend(monkeypatch):
    graph = frames([(0, 1)])
    assert utils.select_backend(graph, "pandas") == "pandas"
    with pytest.raises(ValueError, match="backend must be"):
        utils.select_backend(graph, "spark")
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    assert utils.select_backend(graph) == utils.select_backend(graph, None) == "pandas"
    dd = pytest.importorskip("dask.dataframe")
    assert utils.select_backend(graph, "dask", "bfs") == "dask"
    from parquetframe.core import ParquetFrame

    edges = ParquetFrame(dd.from_pandas(pd.DataFrame({"src": [0], "dst": [1]}), npartitions=1), True)
    lazy = pf.GraphFrame(ParquetFrame(pd.DataFrame({"vertex_id": [0, 1]})), edges, {})
    assert utils.select_backend(lazy) == "dask"


@pytest.mark.rust
def test_select_backend_prefers_rust():
    assert utils.select_backend(frames([(0, 1)])) == "rust"


def test_validate_sources():
    graph = frames([(0, 1)])
    assert utils.validate_sources(graph, None) == [0]
    assert utils.validate_sources(graph, np.int64(3)) == [3]
    assert utils.validate_sources(graph, [1, 2]) == [1, 2]
    for wrong in (4, [0, -1]):
        with pytest.raises(ValueError, match="Invalid source vertex IDs"):
            utils.validate_sources(graph, wrong)
    with pytest.raises(ValueError, match="At least one source vertex"):
        utils.validate_sources(graph, [])


def test_create_result_dataframe():
    data = {"vertex": [0, 1], "distance": [0, 2], "extra": [1, 1]}
    found = utils.create_result_dataframe(data, ["distance", "vertex"], {"distance": "float64"})
    assert list(found.columns) == ["distance", "vertex"]
    assert found["distance"].dtype == np.float64
    with pytest.raises(ValueError, match="rank"):
        utils.create_result_dataframe(data, ["rank"])
    with pytest.raises(ValueError, match="same length"):
        utils.create_result_dataframe({"a": [1], "b": [1, 2]}, ["a", "b"])


def test_symmetrize_edges():
    graph = frames([(0, 1), (2, 2)], weight=[1.5, 2.0])
    one_way = utils.symmetrize_edges(graph)
    assert list(zip(one_way["src"], one_way["dst"], strict=True)) == [(0, 1), (2, 2)]
    both_ways = utils.symmetrize_edges(graph, directed=False)
    assert sorted(zip(both_ways["src"], both_ways["dst"], strict=True)) == [(0, 1), (1, 0), (2, 2)]
    built = pf.GraphFrame.from_edges((["a"], ["b"], [3]), weight="cost", directed=False)
    assert utils.symmetrize_edges(built).to_dict("list") == {
        "src": ["a", "b"], "dst": ["b", "a"], "cost": [3, 3],
    }  # fmt: skip


def test_check_convergence():
    old, new = pd.Series([0.0, 0.0]), pd.Series([0.3, 0.4])
    for metric, change in (("l1", 0.7), ("l2", 0.5), ("max", 0.4)):
        assert utils.check_convergence(old, new, change + 0.01, metric)
        assert not utils.check_convergence(old, new, change - 0.01, metric)
    assert utils.check_convergence([], [], 1e-9)
    with pytest.raises(ValueError, match="Unknown metric"):
        utils.check_convergence(old, new, 1.0, "l3")
    with pytest.raises(ValueError, match="as many"):
        utils.check_convergence(old, [1.0], 1.0)
    with pytest.raises(TypeError, match="numbers"):
        utils.check_convergence(["a"], ["b"], 1.0)


# ---- modules of the name of their function ----


@pytest.mark.parametrize("name", ["pagerank", "shortest_path"])
def test_a_module_that_is_called(name):
    module = importlib.import_module(f"parquetframe.graph.algo.{name}")
    assert getattr(algo, name) is module
    function = getattr(module, name)
    assert inspect.signature(module) == inspect.signature(function)
    assert module.__doc__ == function.__doc__
    assert pickle.loads(pickle.dumps(module)) is module
    assert copy.deepcopy(module) is module


def test_the_module_by_import(monkeypatch):
    import parquetframe.graph.algo.pagerank as ranks
    import parquetframe.graph.algo.shortest_path as paths

    graph = frames([(0, 1)], weight=[1.0])
    assert ranks.pagerank(graph)["rank"].sum() == pytest.approx(ranks(graph)["rank"].sum())
    assert paths.dijkstra(graph, 0, "weight").equals(paths(graph, 0, "weight"))
    monkeypatch.setattr("parquetframe.graph.algo.pagerank.DASK_AVAILABLE", False)
    with pytest.raises(ImportError, match="Dask is required for distributed PageRank"):
        algo.pagerank(graph, backend="dask")
    monkeypatch.setattr("parquetframe.graph.algo.pagerank.pagerank", lambda graph: "another")
    assert algo.pagerank(graph) == "another"


def test_the_direction_that_wrappers_follow():
    ring = frames([(0, 1), (1, 2), (2, 0), (0, 3)], directed=False)
    one_way = algo.pagerank(ring, directed=True, backend="pandas")
    pd.testing.assert_frame_equal(algo.pagerank_pandas(ring, 0.85, 1e-6, 100), one_way)
    assert not np.allclose(one_way["rank"], algo.pagerank(ring)["rank"])
    built = pf.GraphFrame.from_edges(([0, 1], [1, 2]), num_vertices=3, directed=False)
    pd.testing.assert_frame_equal(
        algo.pagerank_pandas(built, 0.85, 1e-6, 100), algo.pagerank(built, backend="pandas")
    )
    for wrapper in (algo.pagerank_pandas, algo.pagerank_dask, algo.pagerank_rust_wrapper):
        parameters = inspect.signature(wrapper).parameters
        assert parameters["directed"].default is True
        assert all(
            parameters[name].default is inspect.Parameter.empty for name in ("alpha", "tol", "max_iter")
        )


def lazily(ends, **columns):
    dd = pytest.importorskip("dask.dataframe")
    whole = frames(ends, **columns)
    edges = dd.from_pandas(whole.edges.pandas_df, npartitions=2)
    return pf.GraphFrame(whole.vertices, edges, {})


@pytest.mark.parametrize("module", CALLS)
def test_lazy_edges_of_a_module_without_rust(module, monkeypatch):
    graph = lazily([(0, 1), (1, 2), (2, 3)], weight=[1.0, 1.0, 1.0])
    monkeypatch.setattr(sys.modules[f"parquetframe.graph.algo.{module}"], "RUST_AVAILABLE", False)
    pf.reset_stats()
    CALLS[module](graph, "auto")
    assert {engine for runs in pf.stats().operations.values() for engine in runs} == {"dask"}


def test_lazy_weights_of_a_module_without_rust(monkeypatch):
    graph = lazily([(0, 1), (1, 2)], weight=[1.0, 2.5])
    monkeypatch.setattr("parquetframe.graph.algo.shortest_path.RUST_AVAILABLE", False)
    pf.reset_stats()
    assert algo.shortest_path(graph, 0, "weight")["distance"].tolist() == [0, 1, 3.5, math.inf]
    assert pf.stats().operations["shortest_path"] == {"pandas": 1}


@pytest.mark.rust
@pytest.mark.parametrize("how", ["environment", "setting"])
def test_rust_that_graphs_must_not_use(monkeypatch, how):
    graph = frames([(0, 1)])
    if how == "environment":
        monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST_GRAPH", "1")
    else:
        pf.set_config(rust_graph_enabled=False)
    for call in (algo.bfs, algo.dfs, algo.shortest_path):
        with pytest.raises(
            RuntimeError, match="Rust backend requested but not available: .*(GRAPH is set|is off)"
        ):
            call(graph, 0, backend="rust")
        call(graph, 0)
    with pytest.raises(RuntimeError, match="Rust backend requested but not available"):
        pf.GraphFrame.from_edges(([0], [1]), engine="rust")
    assert {engine for runs in pf.stats().operations.values() for engine in runs} == {"pandas"}


# ---- the order of the rows, and ids that are no positions ----


@pytest.mark.parametrize("backend", ["auto", "pandas", pytest.param("rust", marks=pytest.mark.rust)])
def test_dfs_follows_the_rows(backend):
    graph = frames([(0, 2), (0, 1), (1, 3), (2, 3)])
    assert graph.neighbors(0) == [2, 1]
    found = algo.dfs(graph, 0, backend=backend).set_index("vertex")
    assert found["discovery_time"].tolist() == [0, 5, 1, 2]
    assert found["finish_time"].tolist() == [7, 6, 4, 3]
    assert found["predecessor"].fillna(-1).tolist() == [-1, 0, 0, 2]
    # Followed both ways, neighbours are those of a set: in vertex order.
    both_ways = algo.dfs(graph, 0, directed=False, backend=backend).set_index("vertex")
    assert both_ways["discovery_time"].tolist() == [0, 1, 3, 2]
    # So they are where rows are in that order, and where a graph was built from edges.
    for other in (frames([(0, 1), (0, 2), (1, 3), (2, 3)]), pf.GraphFrame.from_edges(([0, 0], [2, 1]))):
        assert algo.dfs(other, 0, backend=backend)["discovery_time"].tolist()[1] == 1


@pytest.mark.rust
def test_where_dfs_ran():
    algo.dfs(frames([(0, 1), (0, 2), (1, 0), (3, 1)]), 0)
    assert pf.stats().operations["dfs"] == {"rust": 1}
    algo.dfs(frames([(0, 2), (0, 1)]), 0, backend="rust")
    assert pf.stats().operations["dfs"] == {"rust": 1, "pandas": 1}


@pytest.mark.parametrize("ids", [[30, 10, 20], ["z", "x", "y"]], ids=["integers", "strings"])
@pytest.mark.parametrize("lazy", [False, True])
def test_ids_that_are_no_positions(ids, lazy):
    a, b, c = ids
    edges = pd.DataFrame({"source": [a, b], "target": [b, c]})
    if lazy:
        edges = pytest.importorskip("dask.dataframe").from_pandas(edges, npartitions=2)
    graph = pf.GraphFrame(pd.DataFrame({"id": ids}), edges, {})
    first = graph.vertex_ids[0]
    for call in (algo.bfs, algo.dfs):
        pd.testing.assert_frame_equal(call(graph), call(graph, first))
    other = 9 if first == 10 else "q"
    for call in (
        lambda: algo.bfs(graph, other),
        lambda: algo.dfs(graph, [first, other]),
        lambda: algo.shortest_path(graph, other),
        lambda: algo.bfs(graph, first, targets=other),
        lambda: graph.degree(other),
        lambda: graph.neighbors(other),
    ):
        with pytest.raises(ValueError, match=f"[vV]ertex {other} out of range: it is not in the graph"):
            call()
    assert not graph.has_edge(other, first)
    for jumps in ({other: 1.0}, pd.Series({other: 1.0, first: 1.0})):
        with pytest.raises(ValueError, match="personalized contains invalid vertex IDs: "):
            algo.pagerank(graph, personalized=jumps)
    with pytest.raises(TypeError):
        algo.bfs(graph, "q" if first == 10 else 9)


def test_weights_of_jumps_in_a_series():
    graph = frames([(0, 1), (1, 2)])
    pd.testing.assert_frame_equal(
        algo.pagerank(graph, personalized=pd.Series([1.0, 3.0], index=[2, 0])),
        algo.pagerank(graph, personalized={2: 1.0, 0: 3.0}),
    )
    with pytest.raises(ValueError, match="personalized cannot be empty"):
        algo.pagerank(graph, personalized=pd.Series([], dtype=float))


@pytest.mark.parametrize("rust", [True, False])
def test_select_backend_of_what_is_no_graph(rust, monkeypatch):
    graph = Mock()
    for lazy in (True, False):
        graph.edges.islazy = lazy
        if not rust:
            monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
            assert utils.select_backend(graph) == ("dask" if lazy and utils.dask_installed() else "pandas")
        elif pf.rust_available():
            assert utils.select_backend(graph) == "rust"
        assert utils.select_backend(graph, "pandas") == "pandas"


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25), st.integers(0, 6))
def test_dfs_of_any_rows(ends, root):
    found = algo.dfs(frames(ends, count=7), root, forest=True)
    rows = {vertex: [b for a, b in ends if a == vertex] for vertex in range(7)}
    discovered, finished, before, tree, clock = {}, {}, {}, {}, itertools.count()

    def visit(vertex, number):
        discovered[vertex], tree[vertex] = next(clock), number
        for neighbor in rows[vertex]:
            if neighbor not in discovered:
                before[neighbor] = vertex
                visit(neighbor, number)
        finished[vertex] = next(clock)

    for vertex in (root, *range(7)):
        if vertex not in discovered:
            visit(vertex, len(set(tree.values())))
    assert found["vertex"].tolist() == list(range(7))
    assert found["discovery_time"].tolist() == [discovered[vertex] for vertex in range(7)]
    assert found["finish_time"].tolist() == [finished[vertex] for vertex in range(7)]
    assert found["predecessor"].fillna(-1).tolist() == [before.get(vertex, -1) for vertex in range(7)]
    assert found["component_id"].tolist() == [tree[vertex] for vertex in range(7)]
