"""The kernels on NumPy arrays by their names of the second version."""

from __future__ import annotations

import numpy as np
import pytest

import parquetframe as pf
from parquetframe import _rustic, graph_rust
from parquetframe.graph import rust_backend

pytestmark = pytest.mark.rust

SRC, DST = np.array([0, 0, 1, 2, 3], np.int32), np.array([2, 1, 3, 3, 4], np.int32)
# 0 -> 2, 1; 1 -> 3; 2 -> 3; 3 -> 4; 5 stands alone.
INDPTR, INDICES = np.array([0, 2, 3, 4, 5, 5, 5]), np.array([2, 1, 3, 3, 4], np.int32)


def test_building():
    indptr, indices, weights = _rustic.build_csr_rust(SRC, DST, 6, None)
    assert indptr.tolist() == INDPTR.tolist()
    assert indices.tolist() == INDICES.tolist()
    assert weights is None
    assert (indptr.dtype, indices.dtype) == (np.int64, np.int32)
    indptr, indices, weights = _rustic.build_csc_rust(SRC, DST, 6, np.arange(5.0))
    assert indptr.tolist() == [0, 0, 1, 2, 4, 5, 5]
    assert indices.tolist() == [0, 0, 1, 2, 3]
    assert weights.tolist() == [1, 0, 2, 3, 4]
    none = np.empty(0, np.int32)
    assert [a.tolist() for a in _rustic.build_csr_rust(none, none, 3, None)[:2]] == [[0, 0, 0, 0], []]
    assert _rustic.build_csr_rust(none, none, 0, None)[0].tolist() == [0]


@pytest.mark.parametrize(
    "build", [_rustic.build_csr_rust, _rustic.build_csc_rust, rust_backend.build_csr_rust]
)
def test_edges_that_are_wrong(build):
    for src, dst in (([0, 6], [1, 1]), ([0, 1], [1, 6]), ([0, -1], [1, 1])):
        with pytest.raises(ValueError, match="vertex"):
            build(np.array(src), np.array(dst), 6, None)
    with pytest.raises(ValueError, match="length"):
        build(SRC, DST[:3], 6, None)
    with pytest.raises(ValueError, match="length"):
        build(SRC, DST, 6, np.ones(3))
    with pytest.raises(ValueError, match="out of range"):
        build(np.array([2**31 + 1]), np.array([0]), 2, None)
    with pytest.raises(TypeError, match="must hold integers"):
        build(np.array([0.5]), np.array([0]), 2, None)


def test_breadth_first():
    distances, predecessors = _rustic.bfs_rust(INDPTR, INDICES, 6, np.array([0], np.int32), None)
    assert distances.tolist() == [0, 1, 1, 2, 3, -1]
    assert predecessors.tolist() == [-1, 0, 0, 1, 3, -1]
    assert distances.dtype == predecessors.dtype == np.int32
    assert _rustic.bfs_rust(INDPTR, INDICES, 6, [0], 1)[0].tolist() == [0, 1, 1, -1, -1, -1]
    assert _rustic.bfs_rust(INDPTR, INDICES, 6, [2, 5], None)[0].tolist() == [-1, -1, 0, 1, 2, 0]
    with pytest.raises(ValueError, match="vertex 6 is out of range"):
        _rustic.bfs_rust(INDPTR, INDICES, 6, [6], None)
    distances, predecessors = _rustic.bfs_rust(INDPTR, INDICES, 6, [], None)
    assert distances.tolist() == predecessors.tolist() == [-1] * 6
    distances, predecessors = _rustic.dijkstra_rust_py(INDPTR, INDICES, 6, [], np.ones(5))
    assert distances.tolist() == [np.inf] * 6
    assert predecessors.tolist() == [-1] * 6


def test_depth_first():
    # Neighbours in the order of the arrays, whether the library visits them in it or not.
    assert _rustic.dfs_rust(INDPTR, INDICES, 6, 0, None).tolist() == [0, 2, 3, 4, 1]
    ascending = np.array([1, 2, 3, 3, 4])
    assert _rustic.dfs_rust(INDPTR, ascending, 6, 0, None).tolist() == [0, 1, 3, 4, 2]
    for indices in (INDICES, ascending):
        assert sorted(_rustic.dfs_rust(INDPTR, indices, 6, 0, 2).tolist()) == [0, 1, 2, 3]
        with pytest.raises(ValueError, match="vertex 9"):
            _rustic.dfs_rust(INDPTR, indices, 6, 9, None)
        with pytest.raises(ValueError, match="max_depth"):
            _rustic.dfs_rust(INDPTR, indices, 6, 0, -1)
    assert _rustic.dfs_rust(INDPTR, INDICES, 6, 0, 0).tolist() == [0]
    assert _rustic.dfs_rust(INDPTR, INDICES, 6, 5, None).tolist() == [5]
    assert rust_backend.dfs_rust(INDPTR, INDICES, 6, 0).dtype == np.int64


def test_dijkstra():
    weights = np.array([1.0, 5.0, 1.0, 1.0, 2.5])
    distances, predecessors = _rustic.dijkstra_rust_py(INDPTR, INDICES, 6, np.array([0]), weights)
    assert distances.tolist() == [0, 5, 1, 2, 4.5, np.inf]
    assert predecessors.tolist() == [-1, 0, 0, 2, 3, -1]
    assert (distances.dtype, predecessors.dtype) == (np.float64, np.int32)
    with pytest.raises(ValueError, match="non-negative"):
        _rustic.dijkstra_rust_py(INDPTR, INDICES, 6, np.array([0]), -weights)
    with pytest.raises(ValueError, match="length"):
        _rustic.dijkstra_rust_py(INDPTR, INDICES, 6, np.array([0]), weights[:2])
    # The least of parallel edges counts, whichever comes first.
    for first in ([1.0, 9.0], [9.0, 1.0]):
        parallel = _rustic.dijkstra_rust_py(np.array([0, 2, 2]), np.array([1, 1]), 2, [0], np.array(first))
        assert parallel[0].tolist() == [0, 1]


def test_pagerank():
    networkx = pytest.importorskip("networkx")
    graph = networkx.DiGraph(list(zip(SRC.tolist(), DST.tolist(), strict=True)))
    graph.add_nodes_from(range(6))
    for jumps in (None, np.array([0.0, 0, 0, 0, 1, 3])):
        expected = networkx.pagerank(
            graph, 0.85, personalization=None if jumps is None else dict(enumerate(jumps)), tol=1e-12
        )
        ranks = _rustic.pagerank_rust_py(INDPTR, INDICES, 6, 0.85, 1e-10, 200, jumps)
        assert ranks.dtype == np.float64
        assert ranks.tolist() == pytest.approx([expected[v] for v in range(6)], abs=1e-8)
    with pytest.raises(ValueError, match="length"):
        _rustic.pagerank_rust_py(INDPTR, INDICES, 6, 0.85, 1e-6, 100, np.ones(5))
    with pytest.warns(RuntimeWarning, match="PageRank did not converge within 1 "):
        _rustic.pagerank_rust_py(INDPTR, INDICES, 6, 0.85, 1e-12, 1, None)


def test_components():
    found = _rustic.connected_components_rust_py(SRC.astype(np.int64), DST.astype(np.int64), 6, False)
    assert found.tolist() == [0, 0, 0, 0, 0, 1]
    assert found.dtype == np.int64
    assert _rustic.connected_components_rust_py(SRC, DST, 6, True).tolist() == found.tolist()
    assert _rustic.connected_components_rust_py([], [], 2, False).tolist() == [0, 1]
    assert len(_rustic.connected_components_rust_py([], [], 0, False)) == 0


@pytest.mark.parametrize(
    ("indptr", "indices", "count", "text"),
    [
        ([0, 1], [0], 2, "length"),
        ([0, 1, 3], [0], 2, "length"),
        ([0, 2, 1], [0], 2, "length"),
        ([0, 1, 1], [7], 2, "vertex"),
    ],
)
def test_rows_that_are_wrong(indptr, indices, count, text):
    for run in (
        lambda: _rustic.bfs_rust(np.array(indptr), np.array(indices), count, [0], None),
        lambda: _rustic.dfs_rust(np.array(indptr), np.array(indices), count, 0, None),
        lambda: _rustic.pagerank_rust_py(np.array(indptr), np.array(indices), count, 0.85, 1e-6, 100, None),
    ):
        with pytest.raises(ValueError, match=text):
            run()


def test_the_wrappers():
    assert rust_backend.is_rust_available()
    assert rust_backend.RUST_AVAILABLE
    assert graph_rust.RUST_GRAPH_AVAILABLE
    assert (
        rust_backend.RUST_VERSION
        == rust_backend.get_rust_version()
        == pf.rust_version()
        == _rustic.rust_version()
    )
    assert "graph" in _rustic.graph_test()
    assert _rustic.rust_available()
    assert all(a.dtype == np.int64 for a in rust_backend.build_csr_rust(SRC, DST, 6)[:2])
    assert rust_backend.bfs_rust(INDPTR, INDICES, 6, [0])[0].tolist() == [0, 1, 1, 2, 3, -1]
    assert rust_backend.connected_components_rust(SRC, DST, 6).tolist() == [0, 0, 0, 0, 0, 1]
    assert rust_backend.pagerank_rust(INDPTR, INDICES, 6).sum() == pytest.approx(1)
    engine = graph_rust.RustGraphEngine()
    assert engine.is_available()
    assert graph_rust.is_rust_graph_available()
    indptr, indices, _ = engine.build_csr(SRC, DST, 6)
    assert graph_rust.build_csr(SRC, DST, 6)[1].tolist() == indices.tolist()
    assert engine.build_csc(SRC, DST, 6)[1].tolist() == [0, 0, 1, 2, 3]
    assert engine.bfs(indptr, indices, 6, np.array([0]))[0].tolist() == [0, 1, 1, 2, 3, -1]
    assert engine.dfs(indptr, indices, 6, 0).tolist() == [0, 2, 3, 4, 1]
    assert engine.dijkstra(indptr, indices, np.ones(5), 6, 0)[0].tolist() == [0, 1, 1, 2, 3, np.inf]
    assert engine.connected_components(SRC, DST, 6).tolist() == [0, 0, 0, 0, 0, 1]
    assert graph_rust.pagerank(indptr, indices, 6).tolist() == engine.pagerank(indptr, indices, 6).tolist()
    for module in (rust_backend, graph_rust):
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = module.nothing


def check_disabled():
    assert not rust_backend.is_rust_available()
    assert rust_backend.RUST_VERSION is None
    assert not graph_rust.RustGraphEngine.is_available()
    for run in (
        graph_rust.RustGraphEngine,
        lambda: _rustic.build_csr_rust(SRC, DST, 6, None),
        lambda: rust_backend.bfs_rust(INDPTR, INDICES, 6, [0]),
        lambda: _rustic.connected_components_rust_py(SRC, DST, 6, False),
    ):
        with pytest.raises(RuntimeError, match="Rust backend requested but not available"):
            run()


@pytest.mark.parametrize("variable", ["PARQUETFRAME_DISABLE_RUST", "PARQUETFRAME_DISABLE_RUST_GRAPH"])
def test_disabled_by_a_variable(monkeypatch, variable):
    monkeypatch.setenv(variable, "1")
    check_disabled()


@pytest.mark.parametrize("setting", ["use_rust_backend", "rust_graph_enabled"])
def test_disabled_by_a_setting(setting):
    with pf.config_context(**{setting: False}):
        check_disabled()
    assert rust_backend.is_rust_available()


def test_the_graph_of_the_same_arrays_is_built_once(monkeypatch):
    from parquetframe.graph import _kernels

    built = []
    build = _kernels.graph_of_edges
    monkeypatch.setattr(_kernels, "graph_of_edges", lambda *a: built.append(1) or build(*a))
    indptr, indices = INDPTR.copy(), INDICES.copy()
    for _ in range(3):
        assert _rustic.bfs_rust(indptr, indices, 6, [0], None)[0].tolist() == [0, 1, 1, 2, 3, -1]
    assert len(built) == 1
    indices[4] = 5
    assert _rustic.bfs_rust(indptr, indices, 6, [0], None)[0].tolist() == [0, 1, 1, 2, -1, 3]
    assert len(built) == 2
    for weights in (np.ones(5), np.full(5, 2.0)):
        assert _rustic.dijkstra_rust_py(indptr, indices, 6, [0], weights)[0][5] == 3 * weights[0]
    assert len(built) == 4
    _rustic.bfs_rust(indptr, indices, 6, [0], None)
    assert _kernels._latest._built is not None
    del indices
    assert _kernels._latest._built is None


def test_flags_that_are_set(monkeypatch):
    monkeypatch.setattr(rust_backend, "RUST_AVAILABLE", False)
    assert not rust_backend.is_rust_available()
    assert rust_backend.get_rust_version() is None
    assert not graph_rust.is_rust_graph_available()
    for call in (
        lambda: rust_backend.build_csr_rust(SRC, DST, 6),
        lambda: rust_backend.build_csc_rust(SRC, DST, 6),
        lambda: rust_backend.bfs_rust(INDPTR, INDICES, 6, [0]),
        lambda: rust_backend.dfs_rust(INDPTR, INDICES, 6, 0),
        lambda: rust_backend.pagerank_rust(INDPTR, INDICES, 6),
        lambda: rust_backend.dijkstra_rust(INDPTR, INDICES, 6, [0], np.ones(5)),
        lambda: rust_backend.connected_components_rust(SRC, DST, 6),
        graph_rust.RustGraphEngine,
    ):
        with pytest.raises(RuntimeError, match="Rust backend requested but not available"):
            call()
    monkeypatch.undo()
    assert rust_backend.is_rust_available()
    assert rust_backend.bfs_rust(INDPTR, INDICES, 6, [0])[0].tolist() == [0, 1, 1, 2, 3, -1]
    monkeypatch.setattr(graph_rust, "RUST_GRAPH_AVAILABLE", False)
    assert not graph_rust.is_rust_graph_available()
    assert not graph_rust.RustGraphEngine.is_available()
    assert rust_backend.is_rust_available()
    with pytest.raises(RuntimeError, match="RUST_GRAPH_AVAILABLE is False"):
        graph_rust.build_csr(SRC, DST, 6)


def test_the_names_of_parameters_in_messages():
    for call in (_rustic.pagerank_rust_py, rust_backend.pagerank_rust):
        with pytest.raises(ValueError, match=r"alpha must be in \(0, 1\), not 2.0"):
            call(INDPTR, INDICES, 6, 2.0)
        with pytest.raises(ValueError, match="tol must not be negative, not -1.0"):
            call(INDPTR, INDICES, 6, 0.85, -1.0)


@pytest.mark.parametrize("count", [10**10, 2**62, -1])
def test_numbers_of_vertices_that_cannot_be(count):
    for call in (
        lambda: rust_backend.build_csr_rust(SRC, DST, count),
        lambda: rust_backend.bfs_rust(INDPTR, INDICES, count, [0]),
        lambda: rust_backend.dfs_rust(INDPTR, INDICES, count, 0),
        lambda: rust_backend.connected_components_rust(SRC, DST, count),
    ):
        with pytest.raises(ValueError, match="num_vertices (is out of range|must not be negative)"):
            call()
