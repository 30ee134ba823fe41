"""Building graphs: what goes in, vertex order, buffers, errors."""

from __future__ import annotations

import pickle
from datetime import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import DEBIAN, ROOT
from hypothesis import given
from hypothesis import strategies as st

import parquetframe as pf
from parquetframe.exceptions import InvalidArgumentError, UnsupportedError, WrongTypeError

SOURCE, TARGET, WEIGHT = [3, 1, 3, 7], [1, 7, 7, 7], [0.5, 1.5, 2.5, 3.5]
FRAME = pd.DataFrame({"a": SOURCE, "b": TARGET, "w": WEIGHT})
NAMES = {"source": "a", "target": "b", "weight": "w"}


def inputs(tmp_path):
    FRAME.to_parquet(tmp_path / "edges.parquet")
    table = pa.table(FRAME)
    yield "pandas", FRAME
    yield "proxy", pf.DataFrameProxy(FRAME)
    yield "table", table
    yield "table", table.to_reader(max_chunksize=2)
    yield "table", pl.DataFrame(FRAME)
    yield "table", FRAME.to_dict("list")
    yield "table", {"a": pa.array(SOURCE), "b": pl.Series(TARGET), "w": pd.Series(WEIGHT)}
    yield (
        "table",
        {"a": pa.chunked_array([SOURCE[:1], SOURCE[1:]]), "b": np.array(TARGET, np.int32), "w": WEIGHT},
    )
    yield "table", (np.array(SOURCE), TARGET, WEIGHT)
    yield "table", tmp_path / "edges.parquet"
    yield "table", str(tmp_path / "edges.parquet")


def test_everything_that_edges_may_be(tmp_path, engine):
    kinds = {"pandas": pd.DataFrame, "proxy": pf.DataFrameProxy, "table": pf.Table}
    for kind, data in inputs(tmp_path):
        graph = pf.GraphFrame.from_edges(data, **NAMES, engine=engine)
        assert repr(graph) == "GraphFrame(3 vertices, 4 edges, directed)"
        assert graph.vertices.tolist() == [1, 3, 7]
        offsets, targets, weights = graph.csr()
        assert (offsets.tolist(), targets.tolist()) == ([0, 1, 3, 4], [2, 0, 2, 2])
        assert weights.tolist() == [1.5, 0.5, 2.5, 3.5]
        offsets, targets, weights = graph.csc()
        assert (offsets.tolist(), targets.tolist()) == ([0, 1, 1, 4], [1, 0, 1, 2])
        assert weights.tolist() == [0.5, 1.5, 2.5, 3.5]
        assert (graph.csr().offsets.dtype, graph.csr().targets.dtype) == (np.uint64, np.uint32)
        result = graph.degree()
        assert type(result) is kinds[kind]
        assert pf.DataFrameProxy(result).pandas_df["degree"].tolist() == [2, 2, 4]


@st.composite
def edge_lists(draw):
    ids = draw(
        st.sampled_from(
            [
                st.integers(0, 12),
                st.integers(-(2**63), 2**63 - 1),
                st.integers(2**40, 2**40 + 5),
                st.text(max_size=3),
                st.sampled_from(["", "a", "Ä", "ä", "🦀", "a" * 40]),
            ]
        )
    )
    pool = draw(st.lists(ids, min_size=1, max_size=10))
    edges = draw(st.lists(st.tuples(st.sampled_from(pool), st.sampled_from(pool)), max_size=30))
    return edges, draw(st.none() | st.lists(st.sampled_from(pool), max_size=5)), draw(st.booleans())


def expected_order(edges, vertices):
    seen = list(dict.fromkeys([*(vertices or []), *[end for edge in edges for end in edge]]))
    return sorted(seen) if seen and isinstance(seen[0], int) else seen


@given(edge_lists())
def test_every_edge_in_is_an_edge_out(engine, case):
    edges, vertices, directed = case
    columns = [edge[0] for edge in edges], [edge[1] for edge in edges]
    weights = np.arange(len(edges), dtype=np.float32)
    graph = pf.GraphFrame.from_edges(
        (*columns, weights), weight="weight", vertices=vertices, directed=directed, engine=engine
    )
    ids = graph.vertices.tolist()
    assert ids == expected_order(edges, vertices)
    assert (graph.num_vertices, graph.num_edges, graph.is_directed) == (len(ids), len(edges), directed)
    wanted = [(a, b, float(i)) for i, (a, b) in enumerate(edges)]
    if not directed:
        wanted += [(b, a, float(i)) for i, (a, b) in enumerate(edges) if a != b]
    position = {vertex: i for i, vertex in enumerate(ids)}
    for adjacency, flip in ((graph.csr(), False), (graph.csc(), directed)):
        found = []
        for row in range(len(ids)):
            part = slice(int(adjacency.offsets[row]), int(adjacency.offsets[row + 1]))
            neighbours = adjacency.targets[part].tolist()
            assert neighbours == sorted(neighbours)
            found += [(row, n, w) for n, w in zip(neighbours, adjacency.weights[part].tolist(), strict=True)]
        turned = [(b, a, w) if flip else (a, b, w) for a, b, w in wanted]
        # Ascending by row, by neighbour, and parallel edges in the order of the input.
        assert found == sorted((position[a], position[b], w) for a, b, w in turned)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("ids", [[1, 2], ["a", "b"]])
def test_nobody_can_write_into_a_graph(ids, directed, engine):
    graph = pf.GraphFrame.from_edges(
        (ids, ids[::-1], [1.0, 2.0]), weight="weight", directed=directed, engine=engine
    )
    for copy in (graph, pickle.loads(pickle.dumps(graph))):
        for array in (copy.vertices, *copy.csr(), *copy.csc(), *copy.on_pandas().outgoing):
            assert not array.flags.writeable
            with pytest.raises(ValueError, match="read-only"):
                array[0] = array[1]
        result = copy.degree(output="pandas")
        result.loc[:, "vertex"] = ids[0]  # results are the caller's own
        assert copy.vertices.tolist() == ids


@pytest.mark.rust
def test_buffers_are_not_copied():
    graph = pf.GraphFrame.from_edges(FRAME, **NAMES, engine="rust")
    for first, second in zip(graph.csr(), graph.csr(), strict=True):
        assert first.__array_interface__["data"][0] == second.__array_interface__["data"][0]
        assert not first.flags.writeable
        assert memoryview(first).nbytes == first.nbytes
        assert pa.array(first).buffers()[1].address == first.__array_interface__["data"][0]
    targets = graph.csr().targets
    graph.close()
    assert targets.tolist() == [2, 0, 2, 2]


def test_buffers_of_an_undirected_graph_are_the_same(engine):
    graph = pf.GraphFrame.from_edges(FRAME, **NAMES, directed=False, engine=engine)
    for out, into in zip(graph.csr(), graph.csc(), strict=True):
        np.testing.assert_array_equal(out, into)
    assert graph.num_edges == 4


@pytest.mark.parametrize(
    "dtype",
    [
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "Int64",
        "string",
        "str",
        "category",
        "object",
    ],
)
def test_types_of_ids(dtype, engine):
    values = ["x", "y", "z"] if dtype in ("string", "str", "category", "object") else [5, 0, 9]
    frame = pd.DataFrame(
        {"source": pd.Series(values, dtype=dtype), "target": pd.Series(values[::-1], dtype=dtype)}
    )
    graph = pf.GraphFrame.from_edges(frame, engine=engine)
    assert graph.vertices.tolist() == (["x", "z", "y"] if values[0] == "x" else [0, 5, 9])
    ranks = graph.pagerank()
    assert ranks["vertex"].tolist() == graph.vertices.tolist()
    if values[0] == 5:
        assert ranks["vertex"].dtype == dtype.lower()


@pytest.mark.parametrize(
    ("source", "target", "vertices", "found"),
    [
        ("int32", "int32", "int32", "int32"),
        ("int32", "int32", "int64", "int64"),
        ("int64", "int64", "int8", "int64"),
        ("int8", "int32", None, "int64"),
        ("uint8", "uint8", "uint8", "uint8"),
        ("uint32", "uint64", None, "uint64"),
        ("uint64", "uint64", "uint32", "uint64"),
        ("uint32", "uint32", "uint64", "uint64"),
        ("uint32", "int32", None, "int64"),
        ("uint32", "uint32", "int64", "int64"),
        ("uint64", "uint64", "int8", "int64"),
        ("int64", "int64", "uint64", "int64"),
    ],
)
def test_types_of_ids_that_differ(source, target, vertices, found, engine):
    further = None if vertices is None else np.array([3, 3], vertices)
    forms = (
        [further] if further is None else [further, pa.table({"id": further}), pd.DataFrame({"id": further})]
    )
    for form in forms:
        graph = pf.GraphFrame.from_edges(
            (np.array([5], source), np.array([9], target)), vertices=form, engine=engine
        )
        assert graph.vertices.dtype == found
        assert graph.vertices.tolist() == [5, 9] if vertices is None else [3, 5, 9]
        assert pf.DataFrameProxy(graph.degree()).pandas_df["vertex"].dtype == found


def test_labels_that_are_integers(engine):
    for edges in (pd.DataFrame({0: [1], 1: [2]}), {0: [1], 1: [2]}):
        graph = pf.GraphFrame.from_edges(edges, source="0", target="1", vertices=[3], engine=engine)
        assert graph.vertices.tolist() == [1, 2, 3]


def test_one_column_for_both_ends(engine):
    graph = pf.GraphFrame.from_edges({"a": [7, 5]}, source="a", target="a", vertices=[6], engine=engine)
    assert graph.vertices.tolist() == [5, 6, 7]
    assert graph.degree(output="pandas")["degree"].tolist() == [2, 0, 2]


@pytest.mark.parametrize(
    "kind", [list, pd.Series, lambda ids: pd.DataFrame({"id": ids}), lambda ids: pa.table({"id": ids})]
)
@pytest.mark.parametrize("ids", [["b", "a"], [1, 2]])
def test_vertices_without_any_edge(kind, ids, engine):
    graph = pf.GraphFrame.from_edges(([], []), vertices=kind(ids), engine=engine)
    assert (graph.vertices.tolist(), graph.num_edges) == (ids, 0)
    narrow = pa.array([], pa.int32())
    graph = pf.GraphFrame.from_edges(
        pa.table({"source": narrow, "target": narrow}), vertices=[1], engine=engine
    )
    assert graph.vertices.dtype == np.int64


def test_sets_of_vertices_have_an_order(engine):
    graph = pf.GraphFrame.from_edges((["x"], ["y"]), vertices=set("badce"), engine=engine)
    assert graph.vertices.tolist() == list("abcdexy")


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int64", "uint64", "float32", "float64"])
def test_types_of_weights_are_kept(dtype, engine):
    graph = pf.GraphFrame.from_edges(
        (SOURCE, TARGET, np.array([1, 2, 3, 4], dtype)), weight="weight", engine=engine
    )
    assert graph.csr().weights.dtype == dtype
    assert graph.weight == "weight"


def test_huge_ids(engine):
    low, high = -(2**63), 2**63 - 1
    graph = pf.GraphFrame.from_edges(([high, 0], [low, high]), engine=engine)
    assert graph.vertices.tolist() == [low, 0, high]
    assert graph.bfs(source=high, output="pandas")["vertex"].tolist() == [low, high]
    wide = np.array([2**64 - 1, 5], np.uint64)
    graph = pf.GraphFrame.from_edges((wide, wide[::-1]), engine=engine)
    assert graph.vertices.tolist() == [5, 2**64 - 1]
    assert graph.degree(2**64 - 1) == 2
    with pytest.raises(InvalidArgumentError, match="vertex -1 is not in the graph"):
        graph.degree(-1)
    with pytest.raises(InvalidArgumentError, match="is beyond int64, but ids of another column are signed"):
        pf.GraphFrame.from_edges((wide, np.array([1, 2])), engine=engine)


DAYS = pd.to_datetime(["2024-01-01"])

ERRORS = [
    (([1, None], [1, 2]), {}, InvalidArgumentError, r"source column 'source' holds a null vertex id, in row 1"),
    ((["a", "b"], ["a", None]), {}, InvalidArgumentError, r"target column 'target' holds a null vertex id, in row 1"),
    (pd.DataFrame({"source": ["a", None], "target": ["b", "c"]}), {}, InvalidArgumentError, "null vertex id, in row 1"),
    (pd.DataFrame({"source": pd.array([1, None], "Int64"), "target": [1, 2]}), {}, InvalidArgumentError, "null vertex id, in row 1"),
    (pa.table({"source": [1, None], "target": [1, 2]}), {}, InvalidArgumentError, "null vertex id, in row 1"),
    (([1, "a"], [1, 2]), {}, WrongTypeError, "source column 'source' must hold integers or strings, and not both"),
    (([1, 2], ["a", "b"]), {}, WrongTypeError, "both must be integers or both strings"),
    (([1.5, 2.0], [1, 2]), {}, WrongTypeError, "source column 'source' must hold integers or strings as vertex ids"),
    (([True, False], [True, True]), {}, WrongTypeError, "integers or strings as vertex ids"),
    (([2**70], [1]), {}, WrongTypeError, "integers beyond 64 bits"),
    ({"a": [1]}, {}, InvalidArgumentError, r"source column 'source' not found in graph edges; the columns are: a"),
    (pa.table({"source": [1]}), {}, InvalidArgumentError, r"target column 'target' not found in graph edges; the columns are: source"),
    (([1], [2], [np.nan]), {"weight": "weight"}, InvalidArgumentError, "weight column 'weight' holds NaN, in row 0"),
    (([1], [2], ["x"]), {"weight": "weight"}, WrongTypeError, "weight column 'weight' must hold numbers"),
    (([1], [2], pa.array([None], pa.float64())), {"weight": "weight"}, InvalidArgumentError, "holds a null, in row 0"),
    (([1], [2]), {"weight": "weight"}, InvalidArgumentError, r"edges must be 3 arrays \(source, target, weight\)"),
    (([1, 2], [2]), {}, InvalidArgumentError, "must have the same length: 'source' has 2, 'target' has 1"),
    (([0], [5]), {"num_vertices": 5}, InvalidArgumentError, r"vertex 5 is out of range \[0, 5\), in row 0"),
    (([0], [-1]), {"num_vertices": 5}, InvalidArgumentError, r"vertex -1 is out of range \[0, 5\)"),
    ((["0"], ["1"]), {"num_vertices": 5}, WrongTypeError, "num_vertices asks for positions, which are integers"),
    (([0], [1]), {"num_vertices": -1}, InvalidArgumentError, "num_vertices must not be negative"),
    (([0], [1]), {"num_vertices": 1.5}, WrongTypeError, "num_vertices must be an integer, not float"),
    (([0], [1]), {"num_vertices": 2, "vertices": [1]}, InvalidArgumentError, "exclude each other"),
    (([0], [1]), {"directed": "no"}, WrongTypeError, "directed must be True or False, not str"),
    (([0], [1]), {"source": 3}, WrongTypeError, "source must be a string, not int"),
    (([0], [1]), {"vertices": ["a"]}, WrongTypeError, "but source column 'source' .*: both must be integers or both strings"),
    (([0], [1]), {"vertices": [1, None]}, InvalidArgumentError, "null vertex id, in row 1"),
    (3, {}, WrongTypeError, "edges must be a path, a data frame, .*, not int"),
    (None, {}, WrongTypeError, "edges must be a path, a data frame, .*, not NoneType"),
    ([("a", "b"), ("c", "d")], {}, WrongTypeError, r"a tuple \(source, target\) of arrays, not a list\n.*zip\(\*pairs\)"),
    ([["a", "b"], ["c", "d"]], {}, WrongTypeError, "not a list"),
    ((("a", "b"), ("c", "d")), {}, WrongTypeError, r"a tuple \(source, target\) of arrays, not a tuple of tuples\n.*zip"),
    (([0], [1], [2]), {}, InvalidArgumentError, r"edges must be 2 arrays \(source, target\) where no frame is given, not 3"),
    (("a", "b"), {}, WrongTypeError, "source column 'source' must be an array or a list, not str"),
    ({"source": [1], "target": 5}, {}, WrongTypeError, "target column 'target' must be an array or a list, not int"),
    (([datetime(2024, 1, 1)], [datetime(2024, 1, 1)]), {}, WrongTypeError, "source column 'source' must hold integers or strings as vertex ids, not datetime"),
    (pd.DataFrame({"source": DAYS, "target": DAYS}), {}, WrongTypeError, "source column 'source' must hold integers or strings as vertex ids, not datetime64"),
    (pa.table({"source": DAYS, "target": DAYS}), {}, WrongTypeError, "source column 'source' must hold integers or strings as vertex ids, not (?i:timestamp)"),
    (pd.DataFrame({0: [1], 1: [2]}), {"source": 0, "target": 1}, WrongTypeError, "source must be a string, not int: a column with the label 0 is '0' here"),
    (([0], [1]), {"vertices": 9}, WrongTypeError, "vertices must be an array, a list, a frame or a path, not int"),
    (([0], [1]), {"vertices": {1, "a"}}, WrongTypeError, "vertices must hold integers or strings, and not both"),
    (([0], [1]), {"vertices": DAYS}, WrongTypeError, "vertices must hold integers or strings as vertex ids, not datetime64"),
    (pf.DataFrameProxy(), {}, InvalidArgumentError, "empty DataFrameProxy"),
]  # fmt: skip


@pytest.mark.parametrize(("edges", "options", "error", "text"), ERRORS)
def test_bad_edges_are_refused_alike(edges, options, error, text, engine):
    with pytest.raises(error, match=text):
        pf.GraphFrame.from_edges(edges, **options, engine=engine)


def test_unknown_names_of_engines():
    with pytest.raises(KeyError, match="Engine 'spark' not found"):
        pf.GraphFrame.from_edges(([0], [1]), engine="spark")
    graph = pf.GraphFrame.from_edges(([0], [1]))
    with pytest.raises(InvalidArgumentError, match="backend must be 'auto', 'rust' or 'pandas', not 'spark'"):
        graph.degree(backend="spark")
    with pytest.raises(UnsupportedError, match="no Dask backend"):
        graph.degree(backend="dask")
    with pytest.raises(InvalidArgumentError, match="output must be one of"):
        graph.degree(output="csv")
    with pytest.raises(TypeError, match="made by GraphFrame.from_edges"):
        pf.GraphFrame(1, 2, {})


def test_vertices_without_edges(engine):
    forms = [
        [9, 1, 9],
        np.array([1, 9]),
        pa.array([9, 1]),
        pd.Series([1, 9]),
        pd.DataFrame({"id": [9, 1]}),
        pa.table({"id": [1, 9]}),
        {"id": [1, 9]},
    ]
    for vertices in forms:
        graph = pf.GraphFrame.from_edges(([5], [3]), vertices=vertices, engine=engine)
        assert graph.vertices.tolist() == [1, 3, 5, 9]
    graph = pf.GraphFrame.from_edges((["b"], ["a"]), vertices=["z", "a"], engine=engine)
    assert graph.vertices.tolist() == ["z", "a", "b"]
    for edges in (([], []), pd.DataFrame({"source": [], "target": []})):
        for vertices, expected in (([2, 1], [1, 2]), (["b", "a"], ["b", "a"])):
            graph = pf.GraphFrame.from_edges(edges, vertices=vertices, engine=engine)
            assert (graph.vertices.tolist(), graph.num_edges) == (expected, 0)
            assert graph.degree(output="pandas")["degree"].tolist() == [0, 0]


def test_empty_graphs(engine):
    graph = pf.GraphFrame.from_edges(([], []), engine=engine)
    assert repr(graph) == "GraphFrame(0 vertices, 0 edges, directed)"
    assert graph.csr().offsets.tolist() == [0]
    assert len(graph.degree()) == 0
    for call, text in (
        (lambda: graph.pagerank(), "Cannot compute PageRank on empty graph"),
        (lambda: graph.connected_components(), "Cannot find connected components on empty graph"),
        (lambda: graph.bfs(source=0), "Cannot perform BFS on empty graph"),
    ):
        with pytest.raises(ValueError, match=text):
            call()


def test_positions(engine):
    graph = pf.GraphFrame.from_edges(
        (np.array([0, 1], np.int32), np.array([1, 4], np.int32)), num_vertices=6, engine=engine
    )
    assert graph.vertices.tolist() == [0, 1, 2, 3, 4, 5]
    assert type(graph.degree()) is pd.DataFrame
    assert graph.bfs()["vertex"].tolist() == [0, 1, 4]
    assert graph.degree()["vertex"].dtype == np.int64


@pytest.mark.rust
@pytest.mark.parametrize("positions", [False, True])
@pytest.mark.parametrize("directed", [False, True])
def test_a_graph_moves_between_engines(directed, positions):
    edges = ([0, 0, 0, 2, 2], [2, 2, 1, 0, 2], [1.0, 2.0, 3.0, 4.0, 5.0])
    options = {
        "directed": directed,
        "weight": "weight",
        **({"num_vertices": 5} if positions else {"vertices": [4, 3]}),
    }
    graphs = [pf.GraphFrame.from_edges(edges, engine=name, **options) for name in ("rust", "pandas")]
    rust = graphs[1].on_rust()
    assert (rust.num_edges, rust.directed, rust.weight) == (5, directed, "weight")
    for side in ("csr", "csc"):
        for moved, built in zip(rust.adjacency(side), graphs[0].on_rust().adjacency(side), strict=True):
            np.testing.assert_array_equal(moved, built)
    for graph in graphs:
        for other in ("rust", "pandas"):
            pd.testing.assert_frame_equal(
                graph.pagerank(backend=other, weight="weight", output="pandas", tolerance=1e-10),
                graphs[0].pagerank(weight="weight", output="pandas", tolerance=1e-10),
                check_exact=False,
                rtol=1e-9,
            )


def test_graphs_pickle(engine):
    for edges in (
        FRAME.rename(columns={"a": "source", "b": "target"}),
        {"source": ["x", "ÿ"], "target": ["ÿ", "z"], "w": [1, 2]},
    ):
        graph = pf.GraphFrame.from_edges(edges, weight="w", directed=False, engine=engine)
        again = pickle.loads(pickle.dumps(graph))
        assert repr(again) == repr(graph)
        assert (again.engine, again.output) == (engine, graph.output)
        for one, two in zip(again.csr(), graph.csr(), strict=True):
            np.testing.assert_array_equal(one, two)
        pd.testing.assert_frame_equal(again.pagerank(output="pandas"), graph.pagerank(output="pandas"))


def test_closing(engine):
    with pf.GraphFrame.from_edges(([0], [1]), engine=engine) as graph:
        table = graph.degree()
    graph.close()
    assert graph.closed
    assert repr(graph) == "GraphFrame(closed)"
    assert len(table) == 2
    for use in (lambda: graph.num_edges, graph.degree, graph.csr, lambda: pickle.dumps(graph)):
        with pytest.raises(InvalidArgumentError, match="the graph is closed"):
            use()


def test_the_real_graph(engine):
    graph = pf.GraphFrame.from_edges(DEBIAN, source="package", target="depends_on", engine=engine)
    assert repr(graph) == "GraphFrame(70,067 vertices, 342,155 edges, directed)"
    assert graph.degree()["degree"].sum() == 2 * 342_155
    assert graph.pagerank(top=1).to_pydict()["vertex"] == ["libc6"]


def test_the_example_prints_the_same_on_both_engines(python):
    example = ROOT / "examples" / "python" / "pagerank.py"
    out = python(
        f"import runpy, sys; sys.argv = ['x']; runpy.run_path({str(example)!r}, run_name='main')['main']()"
    )
    assert out.count(" 1  libc6                0.1081740207\n 2  libgcc-s1            0.0189720905\n") == 2
    assert (
        out.count(
            "164 components, the largest five: 69,560, 18, 17, 9, 9\nbash reaches 7,776 other packages\n"
        )
        == 2
    )
