"""Graphs made of frames and of positions, looking inside any graph, and other libraries' graphs."""

from __future__ import annotations

import pickle
import sys
import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.core import ParquetFrame
from parquetframe.exceptions import DependencyError, InvalidArgumentError, WrongTypeError
from parquetframe.graph import CSRAdjacency, EdgeSet, GraphFrame, VertexSet, algo

networkx = pytest.importorskip("networkx")

VERTICES = pd.DataFrame({"vertex_id": [0, 1, 2, 3, 4], "name": list("abcde"), "age": [1, 2, 3, 4, 5]})
EDGES = pd.DataFrame(
    {
        "src": [0, 0, 1, 2, 3, 3],
        "dst": [2, 1, 2, 3, 3, 0],
        "weight": [1.0, 4, 1, 2, 3, 9],
        "kind": list("xyxyxy"),
    }
)


def graph_of(vertices=VERTICES, edges=EDGES, directed=True, lazy=False, **metadata):
    edges = ParquetFrame(edges)
    if lazy:
        pytest.importorskip("dask.dataframe")
        edges.to_dask(2)
    return GraphFrame(ParquetFrame(vertices), edges, {"directed": directed, **metadata})


@pytest.fixture(params=[False, True], ids=["pandas", "dask"])
def graph(request):
    return graph_of(lazy=request.param)


# ---- graphs of frames ----


def test_what_a_graph_of_frames_holds(graph):
    assert repr(graph) == "GraphFrame(5 vertices, 6 edges, directed)"
    assert isinstance(graph.vertices, ParquetFrame)
    assert isinstance(graph.edges, ParquetFrame)
    assert graph.islazy == graph.edges.islazy
    assert graph.vertex_properties == ["name", "age"]
    assert graph.edge_properties == ["weight", "kind"]
    assert graph.has_positions
    assert graph.is_directed
    assert graph.weight is None
    assert graph.vertex_ids.tolist() == [0, 1, 2, 3, 4]


def test_nothing_is_built_before_it_is_needed(graph, monkeypatch):
    def fail(*_, **__):
        raise AssertionError("built")

    monkeypatch.setattr("parquetframe.graph._frames.Frames.edges_of", fail)
    assert graph.num_vertices == 5
    assert graph.num_edges == 6
    assert "5 vertices" in repr(graph)
    assert "<td>5</td>" in graph._repr_html_()
    assert graph.neighbors(0) == [2, 1]
    assert graph.degree(3) == 4
    assert graph.has_edge(3, 3)
    with pytest.raises(AssertionError, match="built"):
        graph.bfs(0, backend="pandas")


def test_the_graph_is_built_once(graph, engine):
    with pf.config_context(default_engine=engine):
        graph.bfs(0)
        built = graph._rust if engine == "rust" else graph._pandas
        graph.pagerank()
        graph.connected_components()
        assert built is not None
        assert built is (graph._rust if engine == "rust" else graph._pandas)


@pytest.mark.parametrize(
    "kind", [ParquetFrame, lambda f: f, pf.DataFrameProxy, pf.Table, lambda f: pa.table(dict(f))]
)
def test_frames_of_any_kind(kind):
    graph = GraphFrame(kind(VERTICES), kind(EDGES), {"directed": True, "name": "n"})
    assert repr(graph) == "GraphFrame(5 vertices, 6 edges, directed)"
    assert graph.metadata["name"] == "n"
    assert graph.bfs(0)["distance"].tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("lazy", [False, True])
def test_edges_in_a_frame_of_the_first_version(lazy, engine):
    edges = ParquetFrame(EDGES)
    if lazy:
        pytest.importorskip("dask.dataframe")
        edges.to_dask(3)
    graph = GraphFrame.from_edges(edges, source="src", target="dst", weight="weight", engine=engine)
    assert repr(graph) == "GraphFrame(4 vertices, 6 edges, directed)"
    assert isinstance(graph.pagerank(weight="weight"), pd.DataFrame)
    with pytest.raises(ValueError, match="empty ParquetFrame"):
        GraphFrame.from_edges(ParquetFrame(), engine=engine)


def test_the_engine_of_frames(engine):
    graph = GraphFrame(VERTICES, EDGES, {}, engine=engine)
    graph.bfs(0)
    assert (graph._rust is None) == (engine == "pandas")
    with pytest.raises(KeyError, match="Engine 'spark' not found"):
        GraphFrame(VERTICES, EDGES, {}, engine="spark")


def test_sets_and_names_of_columns():
    vertices = VertexSet(ParquetFrame(VERTICES.rename(columns={"vertex_id": "ID"})), "person", {})
    edges = EdgeSet(ParquetFrame(EDGES.rename(columns={"src": "From", "dst": "to"})), "knows", {})
    graph = GraphFrame(vertices, edges, {})
    assert graph.is_directed
    assert graph.vertex_properties == ["name", "age"]
    assert graph.edge_properties == ["weight", "kind"]
    assert graph.bfs(0)["vertex"].tolist() == [0, 1, 2, 3]


def test_rows_are_numbered_where_there_are_no_ids():
    graph = graph_of(VERTICES[["name", "age"]])
    assert graph.has_positions
    assert graph.vertex_properties == ["name", "age"]
    assert graph.bfs(0)["vertex"].tolist() == [0, 1, 2, 3]
    assert graph.join_vertices(graph.bfs(0))["name"].tolist() == ["a", "b", "c", "d"]
    part = graph.subgraph([1, 2])
    assert part.vertex_ids.tolist() == [1, 2]
    assert part.num_edges == 1


def test_rows_in_another_order(engine):
    order = [4, 2, 0, 3, 1]
    graph = graph_of(VERTICES.iloc[order])
    assert graph.has_positions
    result = graph.bfs(0, backend=engine)
    assert result["vertex"].tolist() == [0, 1, 2, 3]
    assert graph.join_vertices(result)["name"].tolist() == ["a", "b", "c", "d"]


@pytest.mark.parametrize("texts", [False, True])
def test_ids_that_are_no_positions(texts, engine):
    name = (lambda v: f"n{v}") if texts else (lambda v: 10 * v + 7)
    vertices = VERTICES.assign(vertex_id=[name(v) for v in VERTICES["vertex_id"]])
    edges = EDGES.assign(src=[name(v) for v in EDGES["src"]], dst=[name(v) for v in EDGES["dst"]])
    graph = graph_of(vertices, edges)
    assert not graph.has_positions
    assert graph.vertex_ids.tolist() == [name(v) for v in range(5)]
    assert graph.bfs(name(0), backend=engine)["vertex"].tolist() == [name(v) for v in (0, 1, 2, 3)]
    assert graph.neighbors(name(0)) == [name(2), name(1)]
    assert graph.neighbors(name(2), "all") == [name(v) for v in (0, 1, 3)]
    assert graph.has_edge(name(0), name(1))
    assert not graph.has_edge(name(0), name(4))
    assert not graph.has_edge(name(0), name(99))
    assert graph.degree(name(3)) == 4
    with pytest.raises(ValueError, match="not in the graph"):
        graph.bfs(name(99), backend=engine)


def test_edges_to_no_vertex(engine):
    for vertices, text in (
        (VERTICES.iloc[:3], r"vertex 3 is out of range \[0, 3\)"),
        (VERTICES.iloc[[1, 2, 3, 4]], "vertex 0 is not among the vertices"),
    ):
        graph = graph_of(vertices)
        with pytest.raises(ValueError, match=text):
            graph.pagerank(backend=engine)
    with pytest.raises(ValueError, match=r"vertex 3 is out of range \[0, 3\)"):
        _ = graph_of(VERTICES.iloc[:3]).csr_adjacency


def test_ids_that_are_there_twice(engine):
    graph = graph_of(VERTICES.assign(vertex_id=[0, 1, 2, 2, 4]))
    with pytest.raises(ValueError, match="holds the id 2 more than once"):
        graph.connected_components(backend=engine)


def test_vertices_without_edges_at_the_end(graph, engine):
    assert graph.bfs(4, backend=engine)["vertex"].tolist() == [4]
    assert graph.degree(4) == 0
    assert graph.neighbors(4) == []
    assert graph.neighbors(4, "all") == []
    assert graph.connected_components(backend=engine)["component_id"].tolist() == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("vertex", [-1, 5, 10])
def test_vertices_out_of_range(graph, vertex, engine):
    for ask in (graph.degree, graph.neighbors):
        with pytest.raises(ValueError, match=rf"Vertex {vertex} out of range \[0, 5\)"):
            ask(vertex)
    with pytest.raises(ValueError, match=rf"Source vertex {vertex} out of range \[0, 5\)"):
        graph.bfs(vertex, backend=engine)
    assert not graph.has_edge(vertex, 0)
    assert not graph.has_edge(0, vertex)


def test_weights_of_any_column(graph, engine):
    edges = EDGES.assign(other=[1.0, 1, 1, 1, 1, 1])
    graph = graph_of(edges=edges, lazy=graph.islazy)
    other = networkx.from_pandas_edgelist(EDGES, "src", "dst", "weight", networkx.DiGraph)
    other.add_node(4)
    for weight, options in (("weight", {"weight_column": "weight"}), (None, {"weight": "other"}), (None, {})):
        expected = networkx.pagerank(other, weight=weight, tol=1e-12)
        ranks = graph.pagerank(tol=1e-10, backend=engine, **options)["rank"]
        assert ranks.tolist() == pytest.approx([expected[v] for v in range(5)], abs=1e-8)
    assert graph.weighted("weight") is graph.weighted("weight")
    assert graph.weighted(None) is graph
    for name in ("nothing", "src"):
        with pytest.raises(ValueError, match=f"Weight column '{name}' not found in graph edges"):
            graph.pagerank(weight_column=name, backend=engine)
    with pytest.raises(TypeError, match="weight column 'kind' must hold numbers"):
        graph.pagerank(weight_column="kind", backend=engine)


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("directed", [False, True])
def test_dask_gives_the_same(lazy, directed):
    pytest.importorskip("dask.dataframe")
    graph = graph_of(lazy=lazy, directed=directed)
    plain = graph_of(directed=directed)
    for run in (
        lambda g, backend: g.bfs(1, backend=backend),
        lambda g, backend: g.connected_components(backend=backend),
        lambda g, backend: g.pagerank(weight="weight", tol=1e-12, backend=backend),
    ):
        expected, found = run(plain, "pandas"), run(graph, "dask")
        assert isinstance(found, pd.DataFrame)
        assert list(found.columns) == list(expected.columns)
        for name in expected.columns:
            assert found[name].fillna(-1).tolist() == pytest.approx(expected[name].fillna(-1).tolist())


@pytest.mark.rust
def test_lazy_edges_on_rust():
    graph, plain = graph_of(lazy=True), graph_of()
    for run in (
        lambda g: g.bfs(0),
        lambda g: g.pagerank(weight="weight"),
        lambda g: g.shortest_path(0, "weight"),
    ):
        pd.testing.assert_frame_equal(run(graph), run(plain))
    assert pf.stats().operations["pagerank"] == {"rust": 2}


def test_undirected_frames(engine):
    graph = graph_of(directed=False)
    assert repr(graph) == "GraphFrame(5 vertices, 6 edges, undirected)"
    assert graph.bfs(3, backend=engine)["distance"].tolist() == [1, 2, 1, 0]
    assert graph.bfs(3, backend=engine, directed=True)["distance"].tolist() == [1, 2, 2, 0]
    # The rows count as they stand.
    assert graph.neighbors(3) == [3, 0]
    assert graph.neighbors(3, "in") == [2, 3]
    assert graph.neighbors(2, "all") == [0, 1, 3]
    assert (graph.degree(3, "out"), graph.degree(3, "in"), graph.degree(3)) == (2, 2, 4)
    assert graph.degree(mode="out")["degree"].tolist() == [2, 1, 1, 2, 0]
    assert graph.degree()["degree"].tolist() == [graph.degree(v) for v in range(5)]
    assert graph.neighbors([3, 0], output="table").to_pydict() == {
        "vertex": [3, 3, 0, 0],
        "neighbor": [0, 3, 1, 2],
    }
    assert graph.has_edge([3, 0], [0, 3])["has_edge"].tolist() == [True, False]
    assert graph.has_edge(3, 0)
    assert not graph.has_edge(0, 3)
    assert graph_of().undirected().bfs(3, backend=engine)["distance"].tolist() == [1, 2, 1, 0]


def test_adjacency_of_frames(graph):
    csr, csc = graph.csr_adjacency, graph.csc_adjacency
    assert csr is graph.csr_adjacency
    assert csc is graph.csc_adjacency
    assert csr.indptr.tolist() == [0, 2, 3, 4, 6, 6]
    assert csr.indices.tolist() == [2, 1, 2, 3, 3, 0]
    assert csc.indptr.tolist() == [0, 1, 2, 4, 6, 6]
    assert csc.indices.tolist() == [3, 0, 0, 1, 2, 3]
    given_one = CSRAdjacency([], [0])
    assert GraphFrame(VERTICES, EDGES, {}, {"csr": given_one}).csr_adjacency is given_one


def test_subgraphs_of_frames(graph, engine):
    part = graph.subgraph([3, 0, 2, 99])
    assert part.metadata == {"directed": True, "subgraph": True}
    assert part.islazy == graph.islazy
    assert (part.num_vertices, part.num_edges) == (3, 4)
    assert sorted(part.vertices.pandas_df["name"]) == ["a", "c", "d"]
    assert part.bfs(0, backend=engine)["vertex"].tolist() == [0, 2, 3]
    assert part.neighbors(3) == [3, 0]
    first = graph.subgraph(np.array([0, 1, 2]))
    assert first.has_positions
    assert first.csr_adjacency.num_vertices == 3
    assert graph.subgraph([]).num_vertices == 0
    with pytest.raises(TypeError, match="vertex_ids must be a list"):
        graph.subgraph(3)


def test_transposed_frames(graph, engine):
    back = graph.transpose()
    assert back.edge_properties == ["weight", "kind"]
    assert back.islazy == graph.islazy
    assert back.neighbors(2) == graph.neighbors(2, "in") == [0, 1]
    assert back.bfs(2, backend=engine)["vertex"].tolist() == [0, 1, 2, 3]
    assert graph_of(directed=False).transpose().is_directed is False


def test_no_frames():
    with pytest.raises(TypeError, match="vertices must be a ParquetFrame or a data frame, not int"):
        GraphFrame(1, EDGES, {})
    with pytest.raises(TypeError, match="edges must be a ParquetFrame or a data frame, not NoneType"):
        GraphFrame(VERTICES, None, {})
    with pytest.raises(ValueError, match="no dataframe loaded"):
        GraphFrame(ParquetFrame(), EDGES, {})
    graph = GraphFrame(VERTICES, pd.DataFrame({"a": [1], "dst": [0]}), {})
    with pytest.raises(ValueError, match="missing source column"):
        graph.bfs(0)


@pytest.mark.parametrize("dtype", [object, float, np.int64])
def test_frames_without_edges(dtype, engine):
    edges = pd.DataFrame({"src": np.empty(0, dtype), "dst": np.empty(0, dtype), "weight": np.empty(0)})
    graph = graph_of(edges=edges)
    assert graph.bfs(1, backend=engine)["vertex"].tolist() == [1]
    assert graph.pagerank(weight="weight", backend=engine)["rank"].tolist() == pytest.approx([0.2] * 5)
    assert graph.csr_adjacency.indptr.tolist() == [0] * 6
    empty = graph_of(VERTICES.iloc[:0], edges)
    assert repr(empty) == "GraphFrame(0 vertices, 0 edges, directed)"
    with pytest.raises(ValueError, match="Cannot compute PageRank on empty graph"):
        empty.pagerank(backend=engine)


def test_frames_pickle_and_close(graph):
    again = pickle.loads(pickle.dumps(graph))
    assert again.islazy == graph.islazy
    assert again.bfs(0)["vertex"].tolist() == [0, 1, 2, 3]
    with graph:
        pass
    assert graph.closed
    assert repr(graph) == "GraphFrame(closed)"
    assert graph._repr_html_() == "<p>GraphFrame(closed)</p>"
    with pytest.raises(ValueError, match="the graph is closed"):
        _ = graph.num_vertices


def test_threads_build_one_graph(graph):
    found = []
    threads = [threading.Thread(target=lambda: found.append(graph.on_pandas())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({id(one) for one in found}) == 1


# ---- from_edges of positions ----


def test_positions(engine):
    graph = GraphFrame.from_edges([0, 1, 2], np.array([1, 2, 0]), edge_weights=[1.0, 2.0, 3.0], engine=engine)
    assert repr(graph) == "GraphFrame(3 vertices, 3 edges, directed)"
    assert graph.metadata == {"directed": True, "created_from": "from_edges"}
    assert graph.edges._df.to_dict("list") == {"src": [0, 1, 2], "dst": [1, 2, 0], "weight": [1, 2, 3]}
    assert graph.vertices._df.to_dict("list") == {"vertex_id": [0, 1, 2]}
    result = graph.pagerank(weight_column="weight")
    assert isinstance(result, pd.DataFrame)
    assert result["rank"].tolist() == pytest.approx([1 / 3] * 3)
    assert graph.has_positions
    assert graph.bfs()["distance"].tolist() == [0, 1, 2]


def test_forms_of_positions():
    for sources, targets in (([0, 1], [1, 2]), (pd.Series([0, 1]), pa.array([1, 2])), (range(2), (1, 2))):
        assert GraphFrame.from_edges(sources=sources, targets=targets).num_vertices == 3
        graph = GraphFrame.from_edges(sources, targets, 5, directed=False)
        assert repr(graph) == "GraphFrame(5 vertices, 2 edges, undirected)"
    assert GraphFrame.from_edges([], []).num_vertices == 0
    assert "weight" not in GraphFrame.from_edges([0], [1]).edges.columns


def test_data_of_positions(engine):
    vertex_data = pd.DataFrame({"vertex_id": [2, 0], "name": ["c", "a"]})
    edge_data = pd.DataFrame({"src": [0, 1], "dst": [1, 2], "cost": [5, 7]})
    graph = GraphFrame.from_edges([0, 1], [1, 2], vertex_data=vertex_data, edge_data=edge_data, engine=engine)
    assert graph.vertex_properties == ["name"]
    assert graph.edge_properties == ["cost"]
    joined = graph.join_vertices(graph.bfs(0))
    assert joined["name"].isna().tolist() == [False, True, False]
    assert joined["name"][2] == "c"
    assert graph.pagerank(weight="cost")["rank"].sum() == pytest.approx(1)
    assert GraphFrame.from_edges([0], [1], vertex_data={"vertex_id": range(4)}).num_vertices == 4
    both = GraphFrame.from_edges([0, 1], [1, 2], edge_weights=[1.5, 2.5], edge_data=edge_data)
    assert both.edge_properties == ["cost", "weight"]


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"sources": [0], "targets": [1, 2]}, ValueError, "same length"),
        ({"sources": [0], "targets": [1], "edge_weights": [1.0, 2.0]}, ValueError, "same length"),
        (
            {"sources": [0], "targets": [5], "num_vertices": 3},
            ValueError,
            r"vertex 5 is out of range \[0, 3\)",
        ),
        ({"sources": [-1], "targets": [0]}, ValueError, "vertex -1 is out of range"),
        (
            {"sources": [0.5], "targets": [0]},
            TypeError,
            "sources must hold integers or strings as vertex ids, not float64: 0.5 in row 0",
        ),
        ({"sources": ["a"], "targets": [0]}, TypeError, "sources must hold positions"),
        (
            {"sources": [0], "targets": [0], "num_vertices": -1},
            ValueError,
            "num_vertices must not be negative",
        ),
        ({"sources": [0], "targets": [0], "edge_data": {"src": [0]}}, ValueError, "'src' and 'dst'"),
        (
            {"sources": [0], "targets": [0], "edge_data": {"src": [0, 1], "dst": [0, 1]}},
            ValueError,
            "same length",
        ),
        (
            {"sources": [0], "targets": [0], "edge_data": {"src": [1], "dst": [0]}},
            ValueError,
            "holds other vertices",
        ),
        ({"sources": [0], "targets": [0], "vertex_data": {"id": [0]}}, ValueError, "vertex_id"),
        (
            {"sources": [0], "targets": [0], "vertex_data": {"vertex_id": [0, 0]}},
            ValueError,
            "more than once",
        ),
        (
            {"sources": [0], "targets": [0], "num_vertices": 1, "vertex_data": {"vertex_id": [3]}},
            ValueError,
            "vertex 3 is out of range",
        ),
        ({"sources": [0], "targets": [0], "source": "a"}, ValueError, "source are for from_edges"),
        (
            {"sources": [0], "targets": [0], "weight": "w", "vertices": [1]},
            ValueError,
            "weight and vertices are for",
        ),
        ({"sources": [0]}, TypeError, "needs sources and targets"),
        ({"edges": [0], "sources": [0], "targets": [0]}, TypeError, "needs sources and targets"),
        (
            {"edges": EDGES, "source": "src", "target": "dst", "edge_weights": [1]},
            ValueError,
            "edge_weights are for",
        ),
    ],
)
def test_positions_that_are_wrong(options, error, text):
    with pytest.raises(error, match=text):
        GraphFrame.from_edges(**options)


# ---- looking inside any graph ----

PAIRS = st.integers(1, 7).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20),
        st.booleans(),
        st.booleans(),
    )
)


def multigraph(pairs, directed, nodes):
    made = networkx.MultiDiGraph() if directed else networkx.MultiGraph()
    made.add_nodes_from(nodes)
    made.add_edges_from(pairs)
    return made


@pytest.mark.parametrize("where", ["pandas", pytest.param("rust", marks=pytest.mark.rust)])
@given(case=PAIRS)
def test_structure_against_networkx(where, case):
    count, numbers, directed, texts = case
    name = (lambda v: f"v{v}") if texts else (lambda v: 3 * v - 4)
    pairs = [(name(a), name(b)) for a, b in numbers]
    nodes = [name(v) for v in range(count)]
    columns = {
        "a": [a for a, _ in pairs] or nodes[:0],
        "b": [b for _, b in pairs],
        "w": list(range(len(pairs))),
    }
    if not pairs:
        columns = {"a": np.array(nodes)[:0], "b": np.array(nodes)[:0], "w": np.empty(0, int)}
    graph = GraphFrame.from_edges(
        columns, source="a", target="b", weight="w", directed=directed, vertices=nodes, engine=where
    )
    other = multigraph(pairs, directed, nodes)
    key = nodes.index
    for vertex in nodes:
        out = [b for _, b in other.out_edges(vertex)] if directed else [b for a, b in other.edges(vertex)]
        into = [a for a, _ in other.in_edges(vertex)] if directed else out
        # An undirected loop is there once.
        assert graph.neighbors(vertex) == sorted(out, key=key)
        assert graph.neighbors(vertex, "in") == sorted(into, key=key)
        assert set(graph.neighbors(vertex, "all")) == {*out, *into}
        assert len(graph.neighbors(vertex, "all")) == len({*out, *into})
    every = graph.neighbors(nodes[::-1], output="pandas")
    expected = [(v, b) for v in nodes[::-1] for b in graph.neighbors(v)]
    assert list(zip(every["vertex"], every["neighbor"], strict=True)) == expected
    both = graph.neighbors(nodes, "all", output="pandas")
    if directed:
        expected = [(v, b) for v in nodes for mode in ("out", "in") for b in graph.neighbors(v, mode)]
    else:
        expected = [(v, b) for v in nodes for b in graph.neighbors(v)]
    assert list(zip(both["vertex"], both["neighbor"], strict=True)) == expected
    grid = [(a, b) for a in nodes for b in nodes]
    found = graph.has_edge([a for a, _ in grid], [b for _, b in grid], output="pandas")
    assert found["has_edge"].tolist() == [other.has_edge(a, b) for a, b in grid]
    assert graph.has_edge(*grid[0]) == other.has_edge(*grid[0])
    edges = graph.edges.to_arrow().to_pandas()
    assert list(edges.columns) == ["source", "target", "w"]
    ends = list(zip(edges["source"], edges["target"], strict=True))
    assert ends == sorted(ends, key=lambda e: (key(e[0]), key(e[1])))
    flat = (lambda e: e) if directed else (lambda e: tuple(sorted(e, key=key)))
    assert sorted((*flat((a, b)), w) for (a, b), w in zip(ends, edges["w"], strict=True)) == sorted(
        (*flat(e), w) for w, e in enumerate(pairs)
    )
    part = nodes[::2]
    assert sub_edges(graph.subgraph(part), flat) == sorted(
        flat(e) for e in pairs if e[0] in part and e[1] in part
    )
    assert graph.subgraph(part).vertex_ids.tolist() == part
    assert sub_edges(graph.transpose(), flat) == sorted(flat((b, a)) for a, b in pairs)
    undirected = graph.undirected()
    assert not undirected.is_directed
    assert undirected.num_edges == len(pairs)
    sorting = lambda e: tuple(sorted(e, key=key))
    assert sub_edges(undirected, sorting) == sorted(map(sorting, pairs))


def sub_edges(graph, flat):
    edges = graph.edges.to_arrow().to_pandas()
    return sorted(flat(e) for e in zip(edges["source"], edges["target"], strict=True))


def test_kinds_of_frames(engine):
    frame = EDGES.rename(columns={"src": "source", "dst": "target"})
    pandas = GraphFrame.from_edges(frame, engine=engine)
    assert isinstance(pandas.edges, pd.DataFrame)
    assert isinstance(pandas.neighbors([0, 1]), pd.DataFrame)
    table = GraphFrame.from_edges(dict(frame), engine=engine)
    assert isinstance(table.edges, pf.Table)
    assert isinstance(table.has_edge([0], [1]), pf.Table)
    proxy = GraphFrame.from_edges(pf.DataFrameProxy(frame), engine=engine)
    assert isinstance(proxy.edges, pf.DataFrameProxy)
    for graph in (pandas, table, proxy):
        assert graph.edge_properties == []
        assert graph.vertex_properties == []
        assert graph.vertices.tolist() == [0, 1, 2, 3]
        assert graph.metadata == {"directed": True}
        assert isinstance(graph.neighbors(0), list)
        assert graph.neighbors(0) == [1, 2]
        assert graph.csr_adjacency.neighbors(0).tolist() == [1, 2]
        assert isinstance(graph.has_edge(0, 1), bool)
        assert not graph.islazy


def test_questions_that_are_wrong(engine):
    graph = GraphFrame.from_edges(([5, 6], [6, 7]), engine=engine)
    for ask in (
        lambda: graph.neighbors(9),
        lambda: graph.neighbors([5, 9]),
        lambda: graph.has_edge([9], [5]),
        lambda: graph.subgraph([9]),
    ):
        with pytest.raises(ValueError, match="vertex 9 is not in the graph"):
            ask()
    assert not graph.has_edge(9, 5)
    assert not graph.has_edge(5, 9)
    with pytest.raises(InvalidArgumentError, match="mode must be 'in', 'out' or 'all', not 'both'"):
        graph.neighbors(5, "both")
    with pytest.raises(ValueError, match="same length"):
        graph.has_edge([5, 6], [6])
    with pytest.raises(WrongTypeError):
        graph.neighbors("5")
    with pytest.raises(WrongTypeError):
        graph.has_edge(5, "6")


# ---- properties of vertices ----


def test_joining_properties(engine):
    edges = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    people = pd.DataFrame({"key": list("abcd"), "distance": [7, 8, 9, 10]})
    graph = GraphFrame.from_edges(edges, vertices=people, engine=engine)
    assert graph.vertex_properties == ["distance"]
    joined = graph.join_vertices(graph.bfs("a", include_unreachable=True))
    assert joined["vertex"].tolist() == list("abcd")
    assert joined["distance_vertex"].tolist() == [7, 8, 9, 10]
    top = graph.pagerank(top=2)
    joined = graph.join_vertices(top)
    assert joined["vertex"].tolist() == top["vertex"].tolist()
    assert joined.attrs == top.attrs
    table = graph.join_vertices(graph.degree(output="table"))
    assert isinstance(table, pf.Table)
    assert table["distance"].tolist() == [7, 8, 9, 10]
    assert isinstance(graph.join_vertices(graph.degree(output="proxy")), pf.DataFrameProxy)
    other = graph.join_vertices(graph.degree(), {"vertex": ["c", "a"], "note": ["x", "y"]})
    assert other["note"].isna().tolist() == [False, True, False, True]
    assert len(other) == 4
    with pytest.raises(ValueError, match="result has no column 'id'"):
        graph.join_vertices(graph.degree(), on="id")
    with pytest.raises(ValueError, match="holds the id a more than once"):
        graph.join_vertices(graph.degree(), {"vertex": ["a", "a"], "note": [1, 2]})
    with pytest.raises(TypeError, match="result must be a frame"):
        graph.join_vertices(3)
    with pytest.raises(ValueError, match="without properties"):
        GraphFrame.from_edges(edges, engine=engine).join_vertices(graph.degree())


def test_properties_from_a_file(tmp_path, engine):
    pd.DataFrame({"id": [1, 2, 3], "name": ["x", "y", "z"]}).to_parquet(tmp_path / "v.parquet")
    graph = GraphFrame.from_edges(([1], [2]), vertices=tmp_path / "v.parquet", engine=engine)
    assert graph.join_vertices(graph.degree(output="pandas"))["name"].tolist() == ["x", "y", "z"]
    assert pickle.loads(pickle.dumps(graph)).vertex_properties == ["name"]


# ---- files ----


def test_graphs_from_files(tmp_path, engine):
    frame = EDGES.rename(columns={"src": "source", "dst": "target"})
    frame.iloc[:3].to_parquet(tmp_path / "part-0.parquet")
    frame.iloc[3:].to_parquet(tmp_path / "part-1.parquet")
    expected = GraphFrame.from_edges(frame, weight="weight", vertices=[9], engine=engine)
    for path in (tmp_path, str(tmp_path), f"{tmp_path}/part-*.parquet"):
        graph = GraphFrame.from_parquet(path, weight="weight", vertices=[9], engine=engine)
        assert repr(graph) == repr(expected) == "GraphFrame(5 vertices, 6 edges, directed)"
        for mine, theirs in zip(
            (*graph.csr(), *graph.csc()), (*expected.csr(), *expected.csc()), strict=True
        ):
            assert mine.tolist() == theirs.tolist()
            assert mine.dtype == theirs.dtype
        assert isinstance(graph.pagerank(), pf.Table)
    graph = GraphFrame.from_parquet(tmp_path, num_vertices=6, directed=False, engine=engine)
    assert graph.has_positions
    assert graph.num_vertices == 6
    assert not graph.is_directed
    with pytest.raises(FileNotFoundError):
        GraphFrame.from_parquet(tmp_path / "absent.parquet", engine=engine)
    with pytest.raises(ValueError, match="unknown column 'nothing'|'nothing' not found"):
        GraphFrame.from_parquet(tmp_path, source="nothing", engine=engine)
    with pytest.raises(TypeError, match="path must be a string or a path"):
        GraphFrame.from_parquet(frame, engine=engine)
    with pytest.raises(KeyError, match="Engine 'spark' not found"):
        GraphFrame.from_parquet(tmp_path, engine="spark")


# ---- other libraries ----


def same_edges(a, b, weight):
    def listed(graph):
        flat = (lambda u, v: (u, v)) if graph.is_directed() else (lambda u, v: tuple(sorted((u, v))))
        return sorted((*flat(u, v), w) for u, v, w in graph.edges(data=weight))

    return listed(a) == listed(b)


@pytest.mark.parametrize(
    "cls", [networkx.Graph, networkx.DiGraph, networkx.MultiGraph, networkx.MultiDiGraph]
)
@pytest.mark.parametrize("texts", [False, True])
def test_networkx_and_back(cls, texts, engine):
    name = str if texts else int
    made = cls()
    made.add_nodes_from([name(v) for v in (3, 1, 2, 7)])
    made.add_edge(name(3), name(1), cost=2.0)
    made.add_edge(name(1), name(3), cost=4.0)
    made.add_edge(name(2), name(2))
    if made.is_multigraph():
        made.add_edge(name(3), name(1), cost=8.0)
    graph = GraphFrame.from_networkx(made, "cost", engine=engine)
    assert (graph.num_vertices, graph.num_edges) == (4, made.number_of_edges())
    assert graph.is_directed == made.is_directed()
    assert graph.weight == "cost"
    back = graph.to_networkx(multigraph=made.is_multigraph())
    assert type(back) is cls
    assert set(back) == set(made)
    for _a, _b, data in made.edges(data=True):
        data.setdefault("cost", 1)
    assert same_edges(back, made, "cost")
    assert list(back) == graph.vertex_ids.tolist()
    assert type(graph.to_networkx()) is (
        cls
        if made.is_multigraph()
        else made.to_directed().__class__
        if made.is_directed()
        else networkx.Graph
    )


def test_attributes_of_networkx(engine):
    made = networkx.karate_club_graph()
    graph = GraphFrame.from_networkx(made, "weight", engine=engine)
    assert graph.vertex_properties == ["club"]
    assert isinstance(graph.degree(), pd.DataFrame)
    joined = graph.join_vertices(graph.pagerank(weight="weight"))
    assert joined["club"].tolist() == [made.nodes[v]["club"] for v in joined["vertex"]]
    expected = networkx.pagerank(made, tol=1e-10)
    assert joined["rank"].tolist() == pytest.approx([expected[v] for v in joined["vertex"]], abs=1e-6)
    back = graph.to_networkx()
    assert same_edges(back, made, "weight")
    assert back.nodes(data="club")[0] == made.nodes(data="club")[0]


def test_frames_become_networkx(graph):
    made = graph.to_networkx()
    assert type(made) is networkx.DiGraph
    assert made.nodes[2] == {"name": "c", "age": 3}
    assert made.edges[0, 1] == {"weight": 4.0, "kind": "y"}
    assert set(made) == {0, 1, 2, 3, 4}


def test_graphs_that_are_none(engine):
    for nodes in ([1, "a"], [(1, 2)], [1.5], [True, 2]):
        made = networkx.Graph()
        made.add_nodes_from(nodes)
        with pytest.raises(TypeError, match="all integers or all strings"):
            GraphFrame.from_networkx(made, engine=engine)
    with pytest.raises(TypeError, match="must be a graph of NetworkX, not list"):
        GraphFrame.from_networkx([1], engine=engine)
    assert GraphFrame.from_networkx(networkx.DiGraph(), engine=engine).num_vertices == 0
    lonely = networkx.Graph()
    lonely.add_nodes_from(["a", "b"])
    assert GraphFrame.from_networkx(lonely, engine=engine).vertex_ids.tolist() == ["a", "b"]


@pytest.mark.parametrize("directed", [True, False])
def test_scipy_and_back(directed, engine):
    sparse = pytest.importorskip("scipy.sparse")
    dense = np.array([[0, 2.5, 0, 0], [2.5, 1, 0, 4], [0, 0, 0, 0], [0, 4, 0, 0]])
    if directed:
        dense[0, 3] = 7
    for matrix in (sparse.csr_array(dense), sparse.coo_matrix(dense), sparse.csc_array(dense)):
        graph = GraphFrame.from_scipy(matrix, directed=directed, engine=engine)
        assert (graph.num_vertices, graph.num_edges) == (4, 6 if directed else 3)
        assert graph.has_positions
        assert graph.weight == "weight"
        assert graph.to_scipy().toarray().tolist() == dense.tolist()
    plain = GraphFrame.from_scipy(matrix, directed=directed, weight=None, engine=engine)
    assert plain.weight is None
    assert plain.to_scipy().toarray().tolist() == (dense != 0).astype(float).tolist()
    shared = graph.to_scipy(copy=False)
    assert np.shares_memory(shared.indices, graph.csr().targets)
    assert np.shares_memory(shared.data, graph.csr().weights)
    own = graph.to_scipy()
    own.data[:] = 0
    assert graph.to_scipy().sum() == dense.sum()
    truths = GraphFrame.from_scipy(sparse.csr_array(dense != 0), directed=directed, engine=engine)
    assert truths.to_scipy().toarray().tolist() == (dense != 0).tolist()
    with pytest.raises(ValueError, match="must be square"):
        GraphFrame.from_scipy(sparse.csr_array(np.ones((2, 3))))
    with pytest.raises(ValueError, match="symmetric"):
        GraphFrame.from_scipy(sparse.csr_array(np.array([[0, 1], [0, 0]])), directed=False)
    with pytest.raises(TypeError, match="sparse matrix of SciPy, not ndarray"):
        GraphFrame.from_scipy(dense)


def test_scipy_adds_up_parallel_edges(graph, engine):
    pytest.importorskip("scipy")
    parallel = GraphFrame.from_edges({"source": [0, 0], "target": [1, 1]}, engine=engine)
    assert parallel.to_scipy().toarray().tolist() == [[0, 2], [0, 0]]
    assert graph.to_scipy("weight").toarray()[0].tolist() == [0, 4, 1, 0, 0]
    assert graph.to_scipy().nnz == 6


# ---- for the eye ----


def test_plots(graph):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    axes = graph.plot(labels=False, node_size=10)
    assert len(axes.collections) >= 1
    own = plt.figure().add_subplot()
    assert graph.plot(own, layout="circular") is own
    plt.close("all")
    with pytest.raises(ValueError, match="draws up to max_vertices = 3 vertices, the graph has 5"):
        graph.plot(max_vertices=3)
    with pytest.raises(ValueError, match="layout must be one of spring"):
        graph.plot(layout="round")


@pytest.mark.parametrize("missing", ["networkx", "matplotlib.pyplot"])
def test_plots_need_libraries(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(DependencyError, match=f"Missing dependency '{missing.split('.')[0]}' for plot"):
        graph_of().plot()


def test_other_libraries_that_are_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    for call in (graph_of().to_networkx, lambda: GraphFrame.from_networkx(3)):
        with pytest.raises(DependencyError, match="Missing dependency 'networkx'"):
            call()
    for call in (graph_of().to_scipy, lambda: GraphFrame.from_scipy(3)):
        with pytest.raises(DependencyError, match="Missing dependency 'scipy'"):
            call()


def test_distribution_of_degrees(graph, engine):
    found = graph.degree_distribution(backend=engine)
    assert found.to_dict("list") == {"degree": [0, 2, 3, 4], "vertices": [1, 1, 2, 1]}
    assert graph.degree_distribution("out")["vertices"].tolist() == [1, 2, 2]
    assert algo.degree(graph)["degree"].tolist() == [3, 2, 3, 4, 0]


def test_html(graph):
    html = graph._repr_html_()
    for text in ("<td>5</td>", "directed", "name, age", "weight, kind", "Dask" if graph.islazy else "pandas"):
        assert text in html
    named = graph_of(title="<script>")
    assert "<script>" not in named._repr_html_()
    assert "&lt;script&gt;" in named._repr_html_()
    assert "<caption>GraphFrame</caption>" in GraphFrame.from_edges(([0], [1]))._repr_html_()


# ---- memory ----


@pytest.mark.rust
def test_buffers_of_a_graph_of_frames_are_not_copied():
    graph = graph_of()
    graph.on_rust()
    for side in (graph.csr, graph.csc):
        first, second = side(), side()
        for one, two in zip(first[:2], second[:2], strict=True):
            assert one.ctypes.data == two.ctypes.data
            assert not one.flags.writeable
            view = memoryview(one)
            assert view.readonly
            assert np.frombuffer(view, one.dtype).ctypes.data == one.ctypes.data
            arrow = pa.array(one)
            assert arrow.buffers()[1].address == one.ctypes.data


# ---- parallel edges, self loops, rows of the input ----


def reference(pairs, weights, directed, duplicates, self_loops):
    """(source, target, weight, row) of every edge that stays."""
    groups = {}
    for row, ((a, b), w) in enumerate(zip(pairs, weights, strict=True)):
        if a == b and self_loops == "drop":
            continue
        key = row if duplicates == "keep" else (a, b) if directed else tuple(sorted((a, b)))
        groups.setdefault(key, []).append((a, b, w, row))
    combine = {"keep": max, "first": lambda ws: ws[0], "sum": sum, "min": min, "max": max}[duplicates]
    return [(g[0][0], g[0][1], combine([w for _, _, w, _ in g]), g[0][3]) for g in groups.values()]


RULES = st.tuples(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(-9, 9)), max_size=25
        )
    ),
    st.booleans(),
    st.sampled_from(["keep", "first", "sum", "min", "max"]),
    st.sampled_from(["keep", "drop"]),
    st.sampled_from([np.int8, np.uint64, np.float32, np.float64]),
)


def canonical(edges, directed):
    flat = (lambda a, b: (a, b)) if directed else (lambda a, b: tuple(sorted((a, b))))
    return sorted((*flat(a, b), w, row) for a, b, w, row in edges)


def rows_of(graph):
    frame = graph.edges.to_arrow().to_pandas()
    return list(frame[["source", "target", "w", "edge"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("where", ["pandas", pytest.param("rust", marks=pytest.mark.rust)])
@given(case=RULES, data=st.data())
def test_rules_of_building(where, case, data):
    rows, directed, duplicates, self_loops, dtype = case
    pairs = [(a, b) for a, b, _ in rows]
    weights = np.array([w if dtype is not np.uint64 else abs(w) for *_, w in rows], dtype)
    ends = {
        "a": np.array([a for a, _ in pairs], np.int64),
        "b": np.array([b for _, b in pairs], np.int64),
        "w": weights,
    }
    graph = GraphFrame.from_edges(
        ends,
        source="a",
        target="b",
        weight="w",
        directed=directed,
        vertices=[0, 1],
        engine=where,
        duplicates=duplicates,
        self_loops=self_loops,
        edge_ids=True,
    )
    expected = reference(pairs, weights.tolist(), directed, duplicates, self_loops)
    assert graph.num_edges == len(expected)
    assert canonical(rows_of(graph), directed) == canonical(expected, directed)
    assert graph.csr().weights.dtype == dtype
    assert graph.edge_ids.dtype == np.int64
    assert not graph.edge_ids.flags.writeable
    # Every entry of the adjacency is of its row.
    for entry, (row, v) in enumerate(
        zip(
            graph.edge_ids, np.repeat(graph.vertex_ids, np.diff(graph.csr().offsets.astype(int))), strict=True
        )
    ):
        other = graph.vertex_ids[graph.csr().targets[entry]]
        assert {v, other} == set(pairs[row])
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs))), bool)
    part = graph.filter_edges(mask)
    assert canonical(rows_of(part), directed) == canonical([e for e in expected if mask[e[3]]], directed)
    assert part.num_vertices == graph.num_vertices
    back = graph.transpose()
    assert canonical(rows_of(back), directed) == canonical(
        [(b, a, w, r) if directed else (a, b, w, r) for a, b, w, r in expected], directed
    )
    assert canonical(rows_of(graph.undirected()), False) == canonical(expected, False)
    some = graph.subgraph([0, 1])
    assert canonical(rows_of(some), directed) == canonical(
        [e for e in expected if {e[0], e[1]} <= {0, 1}], directed
    )
    found = graph.neighbors(graph.vertex_ids, "in", output="pandas")
    assert list(found.columns) == ["vertex", "neighbor", "weight", "edge"]
    assert all(
        {v, u} == set(pairs[row])
        for v, u, row in zip(found["vertex"], found["neighbor"], found["edge"], strict=True)
    )


def test_rules_that_are_wrong(engine):
    build = lambda **options: GraphFrame.from_edges(([0], [1]), engine=engine, **options)
    with pytest.raises(
        ValueError, match="duplicates must be 'keep', 'first', 'sum', 'min' or 'max', not 'last'"
    ):
        build(duplicates="last")
    with pytest.raises(ValueError, match="duplicates='sum' needs the option 'weight'"):
        build(duplicates="sum")
    with pytest.raises(ValueError, match="self_loops must be 'keep' or 'drop', not 'no'"):
        build(self_loops="no")
    with pytest.raises(TypeError, match="edge_ids must be True or False"):
        build(edge_ids=1)
    graph = build()
    assert graph.edge_ids is None
    with pytest.raises(ValueError, match="the graph has no edge ids"):
        graph.filter_edges([True])
    graph = build(edge_ids=True)
    with pytest.raises(ValueError, match="keep has 2 values, but the graph was built from 1 edges"):
        graph.filter_edges([True, False])
    with pytest.raises(TypeError, match="keep must hold booleans, not int64"):
        graph.filter_edges([1])
    for dtype, value in ((np.int8, 127), (np.uint64, 2**64 - 1), (np.int64, 2**62)):
        edges = {"source": [0, 0], "target": [1, 1], "w": np.array([value, value], dtype)}
        with pytest.raises(ArithmeticError, match="the sum of the weights of parallel edges is beyond"):
            GraphFrame.from_edges(edges, weight="w", duplicates="sum", engine=engine)
    with pytest.raises(ValueError, match="duplicates and self_loops are for"):
        GraphFrame.from_edges([0], [1], duplicates="first", self_loops="drop")


def test_edges_of_frames_are_filtered(graph, engine):
    part = graph.filter_edges(EDGES["weight"] < 4)
    assert part.num_edges == 4
    assert part.num_vertices == 5
    assert part.bfs(0, backend=engine)["vertex"].tolist() == [0, 2, 3]
    assert part.edges.pandas_df["weight"].tolist() == [1, 1, 2, 3]
    with pytest.raises(ValueError, match="keep has 1 values, but the graph was built from 6 edges"):
        graph.filter_edges([True])


def test_rules_pickle(engine):
    graph = GraphFrame.from_edges({"source": [2, 1], "target": [1, 2]}, edge_ids=True, engine=engine)
    again = pickle.loads(pickle.dumps(graph))
    assert again.edge_ids.tolist() == graph.edge_ids.tolist() == [1, 0]


# ---- frames that change, and columns of other types ----


def test_what_a_graph_of_frames_needs():
    for arguments in ((), (VERTICES,), (VERTICES, EDGES)):
        with pytest.raises(TypeError, match="missing"):
            GraphFrame(*arguments)
    assert GraphFrame(VERTICES, EDGES, None).is_directed


def test_frames_that_are_changed_later(engine):
    vertices, edges = ParquetFrame(VERTICES.copy()), ParquetFrame(EDGES.copy())
    graph = GraphFrame(vertices, edges, {})
    assert graph.vertices is vertices
    assert graph.edges is edges
    edges._df.loc[len(edges._df)] = [4, 4, 1.0, "z"]
    edges._df["weight"] = -1.0
    vertices._df = VERTICES[:1]
    assert (graph.num_vertices, graph.num_edges) == (5, 6)
    assert graph.degree(4) == 0
    assert graph.csr_adjacency == graph_of().csr_adjacency
    for call in (
        lambda g: g.shortest_path(0, weight="weight", backend=engine),
        lambda g: g.filter_edges([True] * 6).pagerank(backend=engine),
        lambda g: g.subgraph([0, 2, 3]).bfs(0, backend=engine),
        lambda g: g.transpose().bfs(3, backend=engine),
        lambda g: pickle.loads(pickle.dumps(g)).bfs(0, backend=engine),
    ):
        pd.testing.assert_frame_equal(call(graph), call(graph_of()))


def test_frames_that_become_lazy_later():
    pytest.importorskip("dask.dataframe")
    vertices, edges = ParquetFrame(VERTICES), ParquetFrame(EDGES)
    graph = GraphFrame(vertices, edges, {})
    edges.to_dask(2)
    assert not graph.islazy
    assert graph.bfs(0)["vertex"].tolist() == [0, 1, 2, 3]


def test_metadata_that_is_changed():
    given = {"directed": True}
    graph = GraphFrame(VERTICES, EDGES, given)
    graph.metadata["note"] = "mine"
    assert graph.metadata == {"directed": True, "note": "mine"}
    assert given == {"directed": True}
    assert graph.subgraph([0, 1]).metadata == {"directed": True, "note": "mine", "subgraph": True}
    graph.transpose().metadata["note"] = "another"
    assert graph.metadata["note"] == "mine"
    graph.metadata["directed"] = False
    assert graph.is_directed
    built = GraphFrame.from_edges(([0], [1]))
    built.metadata["note"] = 1
    assert built.metadata == {"directed": True, "note": 1}


def test_dask_frames_that_are_not_said_to_be_lazy():
    dd = pytest.importorskip("dask.dataframe")
    edges = ParquetFrame(dd.from_pandas(EDGES, npartitions=2))
    assert not edges.islazy
    graph = GraphFrame(ParquetFrame(VERTICES, True), edges, {})
    assert graph.islazy
    assert graph.edges.islazy
    pd.testing.assert_frame_equal(graph.bfs(0), graph_of().bfs(0))
    assert graph.neighbors(0) == [2, 1]


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32", "Float64", "category", "object"])
def test_ids_of_other_types(dtype, lazy, engine):
    plain = VERTICES.assign(vertex_id=[10, 20, 30, 40, 50]).rename(columns={"vertex_id": "id"})
    ends = EDGES.assign(src=(EDGES.src + 1) * 10, dst=(EDGES.dst + 1) * 10)
    for vertices, edges, source in ((VERTICES, EDGES, 0), (plain, ends, 10)):
        wanted = graph_of(vertices, edges)
        typed = edges.astype({"src": dtype, "dst": dtype})
        if lazy and dtype == "object":
            continue
        graph = graph_of(vertices.astype({vertices.columns[0]: dtype}), typed, lazy=lazy)
        assert graph.vertex_ids.tolist() == wanted.vertex_ids.tolist()
        for call in (
            lambda g, source=source: g.bfs(source, backend=engine),
            lambda g, source=source: g.dfs(source, backend=engine),
            lambda g: g.pagerank(weight="weight", backend=engine),
            lambda g: g.connected_components(backend=engine),
        ):
            pd.testing.assert_frame_equal(call(graph), call(wanted))
        assert graph.neighbors(source) == wanted.neighbors(source)
    data = {"src": EDGES.src.astype(dtype), "dst": EDGES.dst.astype(dtype)}
    for edges in (data, pd.DataFrame(data)):
        built = GraphFrame.from_edges(edges, source="src", target="dst", engine=engine)
        assert built.vertex_ids.tolist() == [0, 1, 2, 3]
        assert built.vertex_ids.dtype == np.int64


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "not float64: 0.5 in row 1"),
        (np.inf, "not float64: inf in row 1"),
        (2.0**60, r"not float64: 1.15\d+e\+18 in row 1"),
        (np.nan, "holds a null vertex id, in row 1"),
    ],
)
def test_ids_that_are_no_whole_numbers(value, text, engine):
    data = pd.DataFrame({"src": [0.0, value], "dst": [1, 1]})
    with pytest.raises((TypeError, ValueError), match=f"source column 'src' .*{text}"):
        GraphFrame.from_edges(data, source="src", target="dst", engine=engine)
    with pytest.raises((TypeError, ValueError), match=f"source column 'src' .*{text}"):
        GraphFrame(pd.DataFrame({"id": [0, 1]}), data, {}).bfs(0, backend=engine)
    with pytest.raises((TypeError, ValueError), match="vertices column 'v' "):
        GraphFrame.from_edges(([0], [1]), vertices=pd.DataFrame({"v": [0.0, value]}), engine=engine)


def test_weights_in_categories(engine):
    edges = EDGES.astype({"weight": "category"})
    pd.testing.assert_frame_equal(
        graph_of(edges=edges).shortest_path(0, weight="weight", backend=engine),
        graph_of().shortest_path(0, weight="weight", backend=engine),
    )


def test_files_of_floats_as_ids(tmp_path, engine):
    pd.DataFrame({"source": [0.0], "target": [1.0]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(WrongTypeError):
        GraphFrame.from_edges(tmp_path / "a.parquet", engine=engine)


@pytest.mark.parametrize("vertex", [10**10, 2**62])
def test_positions_beyond_all_graphs(vertex, engine):
    with pytest.raises(ValueError, match=f"targets: vertex {vertex} is out of range"):
        GraphFrame.from_edges([0], [vertex])
    with pytest.raises(ValueError, match="num_vertices is out of range"):
        GraphFrame.from_edges([0], [1], vertex)
    with pytest.raises(ValueError, match="num_vertices is out of range"):
        GraphFrame.from_edges(([0], [1]), num_vertices=vertex, engine=engine)
    with pytest.raises(ValueError, match="num_vertices must not be negative"):
        GraphFrame.from_edges([0], [1], -1)


def test_positions_by_name():
    graph = GraphFrame.from_edges(sources=[0, 1], targets=[1, 2], num_vertices=4)
    assert (graph.num_vertices, graph.num_edges) == (4, 2)


def test_columns_that_are_there_twice():
    twice = pd.DataFrame([[0, 1, 2]], columns=["src", "dst", "src"])
    with pytest.raises(ValueError, match="column 'src' appears more than once"):
        GraphFrame(VERTICES, twice, {}).bfs(0)


@pytest.mark.parametrize("ids", [[[0, 1]], np.array([[0, 1]]), ["a"], [0.5], [None], "a", 0, np.array(0)])
def test_parts_that_are_no_lists_of_ids(ids, engine):
    built = GraphFrame.from_edges(([0, 1], [1, 2]), engine=engine)
    for graph in (graph_of(), built):
        with pytest.raises((WrongTypeError, InvalidArgumentError)):
            graph.subgraph(ids)
    with pytest.raises(
        WrongTypeError, match="vertices holds integers, but the vertex ids of the graph are strings"
    ):
        GraphFrame(pd.DataFrame({"id": ["a"]}), pd.DataFrame({"src": ["a"], "dst": ["a"]}), {}).subgraph([1])
    for several in ({0, 1}, (0, 1), range(2), pd.Series([1, 0]), iter([0, 1]), np.array([0.0, 1.0])):
        assert graph_of().subgraph(several).num_vertices == 2


def masks():
    import pyarrow as pa

    plain = [True, None, False, True, None, True]
    return [
        plain,
        tuple(plain),
        np.array(plain, object),
        pd.Series(plain),
        pd.Series(plain, dtype="boolean"),
        pd.array(plain, "boolean"),
        pa.array(plain),
        pa.chunked_array([plain[:2], plain[2:]]),
    ]


@pytest.mark.parametrize("mask", masks(), ids=lambda mask: type(mask).__name__)
def test_a_null_keeps_no_edge(mask, engine):
    wanted = [True, False, False, True, False, True]
    assert (
        graph_of().filter_edges(mask).edges.pandas_df.equals(graph_of().filter_edges(wanted).edges.pandas_df)
    )
    columns = (EDGES.src.to_numpy(), EDGES.dst.to_numpy())
    built = GraphFrame.from_edges(columns, edge_ids=True, engine=engine)
    left = built.filter_edges(mask)
    assert sorted(left.edge_ids.tolist()) == [0, 3, 5]


def test_masks_that_are_wrong(engine):
    built = GraphFrame.from_edges(([0], [1]), edge_ids=True, engine=engine)
    for graph in (built, graph_of(edges=EDGES[:1])):
        for mask in ([1], [0.5], ["x"], pd.Series([np.nan]), [[True]], 1):
            with pytest.raises((WrongTypeError, InvalidArgumentError)):
                graph.filter_edges(mask)


def test_lazy_edges_that_cannot_be_streamed(engine):
    pytest.importorskip("dask.dataframe")
    for types in (
        {"src": "category", "dst": "category", "weight": "category"},
        {"src": float, "dst": "Float64"},
    ):
        lazy = ParquetFrame(EDGES.astype(types)).to_dask(2)
        built = GraphFrame.from_edges(lazy, source="src", target="dst", weight="weight", engine=engine)
        plain = GraphFrame.from_edges(EDGES, source="src", target="dst", weight="weight", engine=engine)
        pd.testing.assert_frame_equal(
            built.shortest_path(0, weight="weight"), plain.shortest_path(0, weight="weight")
        )


def test_lazy_weights_are_streamed(monkeypatch):
    dd = pytest.importorskip("dask.dataframe")
    monkeypatch.setattr(dd.DataFrame, "compute", None)
    given = graph_of(lazy=True)._frames.edges_of("weight", True, lazily=True)
    assert isinstance(given.data, ParquetFrame)


def test_numbers_in_dictionaries_of_arrow(engine):
    import pyarrow as pa

    ends = {"a": pa.array([0, 1, 1]).dictionary_encode(), "b": pa.array([1, 2, 0]).dictionary_encode()}
    weights = {"w": pa.array([0.5, 0.5, 2.0]).dictionary_encode()}
    for edges in (pa.table(ends | weights), ends | weights):
        graph = GraphFrame.from_edges(edges, source="a", target="b", weight="w", engine=engine)
        assert graph.shortest_path(0, weight="w", output="pandas")["distance"].tolist() == [0, 0.5, 1]


def test_columns_of_edges_that_are_there_twice():
    twice = pd.DataFrame([[0, 1, 2.0, 3.0]], columns=["src", "dst", "w", "w"])
    with pytest.raises(InvalidArgumentError, match="column 'w' appears more than once"):
        graph_of(edges=twice).shortest_path(0, weight="w")


def test_booleans_are_no_ids():
    graph = GraphFrame(pd.DataFrame({"id": [True, False]}), pd.DataFrame({"src": [0], "dst": [1]}), {})
    with pytest.raises(WrongTypeError, match="vertex column 'id' must hold integers or strings"):
        graph.bfs(0)
