"""Typed sets of vertices and edges, and compressed adjacency."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parquetframe.core import ParquetFrame
from parquetframe.graph import CSCAdjacency, CSRAdjacency, EdgeSet, VertexSet
from parquetframe.graph.adjacency import compress


def edge_set(src, dst, **columns):
    data = {"src": np.array(src, np.int64), "dst": np.array(dst, np.int64), **columns}
    return EdgeSet(ParquetFrame(pd.DataFrame(data)), "knows", {})


@pytest.fixture(params=[False, True], ids=["pandas", "dask"])
def loaded(request):
    """Frames held by either."""
    if request.param:
        pytest.importorskip("dask.dataframe")

    def load(columns):
        frame = ParquetFrame(pd.DataFrame(columns))
        return frame.to_dask(2) if request.param else frame

    return load


# ---- sets ----


@pytest.mark.parametrize("name", ["id", "ID", "vertex_id", "node_id", "Node_Id"])
def test_the_column_of_ids(loaded, name):
    vertices = VertexSet(loaded({"x": [1, 2, 3], name: [7, 8, 9]}), "person", {"source": "test"})
    assert vertices.id_column == name
    assert vertices.property_columns == ["x"]
    assert vertices.num_vertices == len(vertices) == 3
    found = vertices.get_vertices_by_ids([9, 7, 100])
    assert isinstance(found, ParquetFrame)
    assert sorted(found.pandas_df["x"]) == [1, 3]
    assert found.islazy == vertices.islazy
    assert vertices.vertex_type == "person"
    assert vertices.properties == {"source": "test"}
    assert repr(vertices) == "VertexSet(type='person', vertices=3)"


def test_sets_of_plain_frames():
    vertices = VertexSet(pd.DataFrame({"id": [1]}), "a", {})
    assert isinstance(vertices.data, ParquetFrame)
    assert len(vertices) == 1
    assert not vertices.islazy


def test_no_column_of_ids_and_several():
    with pytest.warns(UserWarning, match="no ID column"):
        vertices = VertexSet(ParquetFrame(pd.DataFrame({"x": [1]})), "a", {})
    assert vertices.id_column is None
    assert vertices.property_columns == ["x"]
    with pytest.raises(ValueError, match="no ID column"):
        vertices.get_vertices_by_ids([1])
    with pytest.warns(UserWarning, match="multiple ID columns"):
        vertices = VertexSet(ParquetFrame(pd.DataFrame({"node_id": [1], "id": [2]})), "a", {})
    assert vertices.id_column == "node_id"


@pytest.mark.parametrize(
    ("source", "target"), [("src", "dst"), ("source", "target"), ("From", "TO"), ("from_id", "to_id")]
)
def test_the_columns_of_ends(loaded, source, target):
    edges = EdgeSet(loaded({"w": [0.5, 1.5, 2.5], source: [0, 0, 1], target: [1, 2, 2]}), "knows", {})
    assert (edges.src_column, edges.dst_column, edges.property_columns) == (source, target, ["w"])
    assert edges.num_edges == len(edges) == 3
    assert edges.get_edges_from_vertex(0).pandas_df["w"].tolist() == [0.5, 1.5]
    assert edges.get_edges_to_vertex(2).pandas_df["w"].tolist() == [1.5, 2.5]
    assert edges.get_edges_between_vertices([0, 1], [2]).pandas_df["w"].tolist() == [1.5, 2.5]
    assert repr(edges) == "EdgeSet(type='knows', edges=3)"


def test_ends_that_are_missing_or_many():
    with pytest.raises(ValueError, match="missing source column"):
        EdgeSet(ParquetFrame(pd.DataFrame({"a": [1], "dst": [1]})), "e", {})
    with pytest.raises(ValueError, match="missing target column"):
        EdgeSet(ParquetFrame(pd.DataFrame({"src": [1], "b": [1]})), "e", {})
    with pytest.warns(UserWarning, match="multiple source columns"):
        edges = EdgeSet(ParquetFrame(pd.DataFrame({"from": [1], "src": [1], "dst": [1]})), "e", {})
    assert edges.src_column == "from"


@pytest.mark.parametrize(
    ("stated", "values", "fits"),
    [
        ("string", ["a"], True),
        ("integer", [1], True),
        ("float", [0.5], True),
        ("boolean", [True], True),
        ("timestamp", pd.to_datetime(["2026-01-01"]), True),
        ("int64", [1], True),
        ("float64", [0.5], True),
        ("double", [0.5], True),
        ("uuid", ["a"], True),
        ("string", [1], False),
        ("integer", ["a"], False),
        ("integer", [0.5], False),
        ("float", [1], False),
        ("boolean", [1], False),
        ("timestamp", ["2026-01-01"], False),
        ("int64", ["a"], False),
    ],
)
def test_schemas(stated, values, fits):
    frame = ParquetFrame(pd.DataFrame({"id": [1], "x": values}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        VertexSet(frame, "person", {}, {"properties": {"id": {"type": "integer"}, "x": {"type": stated}}})
    assert [str(w.message).split(" in ")[0] for w in caught] == ([] if fits else ["Type mismatch"])
    assert all(w.filename == __file__ and w.category is UserWarning for w in caught)


def test_a_schema_with_more_columns():
    with pytest.warns(UserWarning, match="has no column 'y'"):
        VertexSet(ParquetFrame(pd.DataFrame({"id": [1]})), "a", {}, {"properties": {"y": {"type": "string"}}})


def test_sets_from_files(tmp_path):
    folder = tmp_path / "vertices" / "person"
    folder.mkdir(parents=True)
    pd.DataFrame({"id": [0, 1]}).to_parquet(folder / "a.parquet")
    pd.DataFrame({"id": [2]}).to_parquet(folder / "b.parquet")
    assert repr(VertexSet.from_parquet(folder)) == "VertexSet(type='person', vertices=3)"
    assert repr(VertexSet.from_parquet(folder / "a.parquet")) == "VertexSet(type='person', vertices=2)"
    assert VertexSet.from_parquet(folder, "human", properties={"a": 1}).properties == {"a": 1}
    pd.DataFrame({"src": [0], "dst": [1]}).to_parquet(tmp_path / "e.parquet")
    assert EdgeSet.from_parquet(tmp_path / "e.parquet").edge_type == tmp_path.name
    with pytest.raises(FileNotFoundError):
        EdgeSet.from_parquet(tmp_path / "absent.parquet")


# ---- adjacency ----


def test_rows_keep_the_order_of_edges(loaded):
    edges = EdgeSet(loaded({"src": [2, 0, 0, 2, 0], "dst": [1, 2, 1, 1, 2], "w": [1.0, 2, 3, 4, 5]}), "e", {})
    csr = CSRAdjacency.from_edge_set(edges, include_weights=True, weight_column="w")
    assert csr.indptr.tolist() == [0, 3, 3, 5]
    assert csr.indices.tolist() == [2, 1, 2, 1, 1]
    assert csr.indptr.dtype == csr.indices.dtype == np.int64
    assert csr.data.tolist() == [2, 3, 5, 1, 4]
    assert csr.neighbors(0).tolist() == [2, 1, 2]
    assert csr.degree(2) == 2
    assert csr.edge_weights(0).tolist() == [2, 3, 5]
    assert csr.has_edge(0, 1)
    assert not csr.has_edge(1, 0)
    assert not csr.has_edge(0, 99)
    assert not csr.has_edge(99, 0)
    assert not csr.has_edge(-1, 0)
    csc = CSCAdjacency.from_edge_set(edges, include_weights=True, weight_column="w")
    assert csc.predecessors(1).tolist() == [2, 0, 2]
    assert csc.edge_weights(1).tolist() == [1, 3, 4]
    assert repr(csr) == "CSRAdjacency(3 vertices, 5 edges, weighted)"
    assert repr(CSCAdjacency.from_edge_set(edges)) == "CSCAdjacency(3 vertices, 5 edges)"


@given(
    st.integers(1, 9).flatmap(
        lambda n: st.tuples(
            st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60)
        )
    )
)
def test_compressing_is_a_stable_sort(case):
    count, pairs = case
    rows, columns = (np.array([p[i] for p in pairs], np.int64) for i in (0, 1))
    indptr, indices, data = compress(rows, columns, count, np.arange(len(pairs)))
    order = sorted(range(len(pairs)), key=lambda i: pairs[i][0])
    assert data.tolist() == order
    assert indices.tolist() == [pairs[i][1] for i in order]
    assert indptr.tolist() == [sum(r < v for r in rows) for v in range(count + 1)]


def test_many_vertices_need_another_sort():
    # The numbers of vertex and of edge do not fit into one integer.
    rows = np.array([2**62, 5, 2**62, 5])
    from parquetframe.graph.adjacency import _stable_order

    assert _stable_order(rows, 2**62 + 1).tolist() == [1, 3, 0, 2]


def test_views_cannot_be_changed_from_outside():
    csr = CSRAdjacency.from_edge_set(edge_set([0, 0], [1, 2], w=[1.0, 2.0]), True, "w")
    csr.neighbors(0)[:] = 9
    csr.edge_weights(0)[:] = 9
    assert csr.neighbors(0).tolist() == [1, 2]
    assert csr.edge_weights(0).tolist() == [1, 2]


def test_the_number_of_vertices():
    edges = edge_set([0], [2])
    assert CSRAdjacency.from_edge_set(edges).num_vertices == 3
    assert CSRAdjacency.from_edge_set(edges, num_vertices=5).degree(4) == 0
    with pytest.raises(ValueError, match=r"vertex 2 out of range \[0, 2\)"):
        CSRAdjacency.from_edge_set(edges, num_vertices=2)
    with pytest.raises(ValueError, match=r"vertex -1 out of range"):
        CSCAdjacency.from_edge_set(edge_set([0], [-1]))
    empty = CSRAdjacency.from_edge_set(edge_set([], []))
    assert empty.num_vertices == empty.num_edges == 0
    assert empty.indptr.tolist() == [0]
    assert empty.to_dense().shape == (0, 0)


def test_weights():
    edges = edge_set([0], [1], label=["x"], ok=[True], a=[3], b=[0.5])
    with pytest.warns(UserWarning, match="Auto-selected weight column 'a'"):
        csr = CSRAdjacency.from_edge_set(edges, include_weights=True)
    assert csr.has_weights
    assert csr.data.tolist() == [3]
    with pytest.raises(ValueError, match="Weight column 'c' not found"):
        CSCAdjacency.from_edge_set(edges, include_weights=True, weight_column="c")
    with pytest.raises(TypeError, match="weight column 'label' must hold numbers"):
        CSRAdjacency.from_edge_set(edges, True, "label")
    missing = edge_set([0], [1], w=pd.array([None], "Int64"))
    with pytest.raises(ValueError, match="edge column 'w' holds a null, in row 0"):
        CSRAdjacency.from_edge_set(missing, True, "w")
    plain = CSRAdjacency.from_edge_set(edges)
    assert not plain.has_weights
    assert plain.edge_weights(0) is None
    assert not CSRAdjacency.from_edge_set(edge_set([0], [1]), include_weights=True).has_weights


@pytest.mark.parametrize("cls", [CSRAdjacency, CSCAdjacency])
@pytest.mark.parametrize(
    ("indices", "indptr", "data", "count", "text"),
    [
        ([], [], None, None, "indptr cannot be empty"),
        ([1], [1, 1], None, None, r"indptr\[0\] must be 0"),
        ([0, 0], [0, 1], None, None, r"indptr\[-1\] \(1\) must equal the length of indices \(2\)"),
        ([0], [0, 1], None, 2, r"indptr length \(2\) must be num_vertices \+ 1 \(3\)"),
        ([0], [0, 1], [1.0, 2.0], None, r"data length \(2\) must match indices length \(1\)"),
        ([5], [0, 1], None, None, r"vertex 5 out of range \[0, 1\)"),
        ([0], [0, 2, 1], None, None, "indptr must not decrease"),
    ],
)
def test_arrays_that_do_not_fit(cls, indices, indptr, data, count, text):
    with pytest.raises(ValueError, match=text):
        cls(np.array(indices, np.int64), np.array(indptr, np.int64), data, count)


def test_arrays_of_other_types():
    csr = CSRAdjacency(np.array([1, 0], np.int32), np.array([0, 1, 2], np.uint32))
    assert csr.indices.dtype == np.int64
    assert csr == CSRAdjacency([1, 0], [0, 1, 2])
    assert csr != CSRAdjacency([0, 0], [0, 1, 2])
    assert csr != CSCAdjacency([1, 0], [0, 1, 2])
    with pytest.raises(TypeError, match="indices must hold integers, not float64"):
        CSRAdjacency([0.5], [0, 1])


@pytest.mark.parametrize("vertex", [-1, 3, 100])
def test_vertices_out_of_range(vertex):
    csr = CSRAdjacency.from_edge_set(edge_set([0], [2]))
    csc = CSCAdjacency.from_edge_set(edge_set([0], [2]))
    for ask in (csr.neighbors, csr.degree, csr.edge_weights, csc.predecessors, csc.degree):
        with pytest.raises(ValueError, match=rf"Vertex {vertex} out of range \[0, 3\)"):
            ask(vertex)
    with pytest.raises(ValueError, match=rf"Vertex {vertex} out of range"):
        csr.subgraph([0, vertex])


def test_subgraphs():
    csr = CSRAdjacency.from_edge_set(edge_set([0, 1, 2, 3, 3], [3, 2, 0, 1, 3], w=[1, 2, 3, 4, 5]), True, "w")
    for vertices in ([3, 1, 0], {0, 1, 3}, np.array([0, 1, 3, 3])):
        part = csr.subgraph(vertices)
        assert part.num_vertices == 3
        assert [part.neighbors(v).tolist() for v in range(3)] == [[2], [], [1, 2]]
        assert part.data.tolist() == [1, 4, 5]
    assert csr.subgraph([]).num_vertices == 0


def test_dense_matrices():
    dense = CSRAdjacency.from_edge_set(edge_set([0, 0, 1], [1, 1, 0])).to_dense()
    assert dense.dtype == bool
    assert dense.tolist() == [[False, True], [True, False]]
    large = CSRAdjacency(np.empty(0, np.int64), np.zeros(10_002, np.int64))
    with pytest.warns(UserWarning, match="10,001 vertices"):
        large.to_dense()


def test_weights_that_are_not_asked_for():
    for cls in (CSRAdjacency, CSCAdjacency):
        adjacency = cls.from_edge_set(edge_set([0], [1], w=[2.5]), weight_column="w")
        assert not adjacency.has_weights


def test_arrays_of_whole_numbers():
    csr = CSRAdjacency(np.array([1.0, 0.0]), np.array([0.0, 1.0, 2.0]))
    assert csr == CSRAdjacency([1, 0], [0, 1, 2])
    assert csr.indices.dtype == csr.indptr.dtype == np.int64
    with pytest.raises(ValueError, match="indices holds a null, in row 1"):
        CSRAdjacency([0.0, np.nan], [0, 2])
    with pytest.raises(ValueError, match="vertex 7 out of range"):
        CSRAdjacency([7.0], [0, 1])
    with pytest.raises(ValueError, match="data must have one dimension, not 0"):
        CSRAdjacency([0], [0, 1], data=3.0)


def test_forms_of_subgraphs():
    csr = CSRAdjacency([1, 0], [0, 1, 2])
    for none in ([], np.array([]), np.array([], bool), set()):
        assert csr.subgraph(none).num_vertices == 0
    for whole in (np.array([0.0, 1.0]), [0.0, 1.0], {1, 0}, range(2), iter([1, 0])):
        assert csr.subgraph(whole) == csr
    with pytest.raises(TypeError, match="vertices must hold integers, not float64: 1.7 in row 1"):
        csr.subgraph([0, 1.7])
    for one in (None, 3, "a"):
        with pytest.raises(TypeError, match="vertices must be a list of vertices, not"):
            csr.subgraph(one)
    with pytest.raises(TypeError, match="vertices must hold integers, not bool"):
        csr.subgraph(np.array([True, False]))
    with pytest.raises(ValueError, match="vertices must have one dimension, not 2"):
        csr.subgraph(np.array([[0, 1]]))


@pytest.mark.parametrize("vertex", [10**10, 2**62])
def test_ids_beyond_all_graphs(vertex):
    for cls in (CSRAdjacency, CSCAdjacency):
        with pytest.raises(ValueError, match=f"vertex {vertex} out of range"):
            cls.from_edge_set(edge_set([0], [vertex]))
        with pytest.raises(ValueError, match="num_vertices is out of range"):
            cls.from_edge_set(edge_set([0], [1]), num_vertices=vertex)
        with pytest.raises(ValueError, match="num_vertices must not be negative"):
            cls.from_edge_set(edge_set([0], [1]), num_vertices=-1)
        with pytest.raises(ValueError, match="num_vertices must not be negative"):
            cls([], [0], None, -1)


def test_names_that_are_no_strings():
    data = pd.DataFrame({"src": [0], "dst": [1], 5: [2.5]})
    edges = EdgeSet(ParquetFrame(data), "e", {})
    assert edges.columns == ["src", "dst", 5]
    assert edges.property_columns == [5]
    with pytest.warns(UserWarning, match="Auto-selected weight column '5'"):
        assert CSRAdjacency.from_edge_set(edges, include_weights=True).data.tolist() == [2.5]
    assert CSRAdjacency.from_edge_set(edges, True, 5).data.tolist() == [2.5]


def test_names_that_are_there_twice():
    for names in (["src", "dst", "src"], ["src", "dst", "dst"]):
        with pytest.raises(ValueError, match="column '(src|dst)' appears more than once"):
            EdgeSet(ParquetFrame(pd.DataFrame([[0, 1, 2]], columns=names)), "e", {})
    with pytest.raises(ValueError, match="column 'id' appears more than once"):
        VertexSet(ParquetFrame(pd.DataFrame([[0, 1]], columns=["id", "id"])), "v", {})
    twice = EdgeSet(ParquetFrame(pd.DataFrame([[0, 1, 2, 3]], columns=["src", "dst", "w", "w"])), "e", {})
    with pytest.raises(ValueError, match="edge column 'w' appears more than once"):
        CSRAdjacency.from_edge_set(twice, True, "w")


def test_what_sets_need():
    for cls in (VertexSet, EdgeSet):
        with pytest.raises(TypeError, match="properties"):
            cls(ParquetFrame(pd.DataFrame({"id": [0], "src": [0], "dst": [0]})), "a")
    for schema in ({"properties": ["id"]}, ["id"]):
        with pytest.raises(TypeError, match="must be a mapping whose properties map names"):
            VertexSet(ParquetFrame(pd.DataFrame({"id": [0]})), "v", {}, schema)
