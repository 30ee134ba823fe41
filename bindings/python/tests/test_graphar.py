"""Graphs in folders: metadata, schema, types, and what is wrong with them."""

from __future__ import annotations

import sys
import warnings

import pandas as pd
import pytest

import parquetframe as pf
from parquetframe.graph import GraphFrame, read_graph
from parquetframe.graph.io import GraphArReader
from parquetframe.graph.io.graphar import GraphArError, GraphArValidationError

yaml = pytest.importorskip("yaml")

METADATA = {"name": "people", "version": 1.0, "directed": True, "description": "a test"}
SCHEMA = {
    "version": "1.0",
    "vertices": {
        "person": {"properties": {"id": {"type": "int64", "primary": True}, "name": {"type": "string"}}}
    },
    "edges": {
        "knows": {
            "properties": {
                "src": {"type": "int64", "source": True},
                "dst": {"type": "int64", "target": True},
                "since": {"type": "integer"},
            }
        }
    },
}
PEOPLE = pd.DataFrame({"id": [0, 1, 2], "name": ["a", "b", "c"]})
KNOWS = pd.DataFrame({"src": [0, 1], "dst": [1, 2], "since": [2000, 2010]})


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "vertices/person/part0.parquet", PEOPLE)
    write(tmp_path, "edges/knows/part0.parquet", KNOWS)
    (tmp_path / "_metadata.yaml").write_text(yaml.safe_dump(METADATA))
    (tmp_path / "_schema.yaml").write_text(yaml.safe_dump(SCHEMA))
    return tmp_path


def write(folder, name, frame):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / name)


def move(folder, old, new):
    (folder / new).parent.mkdir(parents=True, exist_ok=True)
    (folder / old).rename(folder / new)
    (folder / old).parent.rmdir()


@pytest.mark.parametrize("lazy", [None, False, True])
def test_reading(folder, lazy):
    if lazy:
        pytest.importorskip("dask.dataframe")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graph = read_graph(folder, islazy=lazy)
    assert isinstance(graph, GraphFrame)
    assert repr(graph) == "GraphFrame(3 vertices, 2 edges, directed)"
    assert graph.metadata == METADATA
    assert graph.islazy is bool(lazy)
    assert graph.vertices.islazy is bool(lazy)
    assert graph.vertex_properties == ["name"]
    assert graph.edge_properties == ["since"]
    assert graph.bfs(0)["distance"].tolist() == [0, 1, 2]
    assert graph.pagerank()["rank"].sum() == pytest.approx(1)


def test_thresholds_go_to_the_reader(folder):
    pytest.importorskip("dask.dataframe")
    assert read_graph(folder, threshold_mb=0).islazy
    assert not read_graph(str(folder), threshold_mb=10).islazy


def test_adjacency_at_once(folder):
    graph = read_graph(folder, load_adjacency=True)
    assert set(graph._cache) == {"csr", "csc"}
    assert graph.csr_adjacency.neighbors(0).tolist() == [1]


def test_the_layout_without_types(folder):
    move(folder, "vertices/person/part0.parquet", "vertices/a.parquet")
    move(folder, "edges/knows/part0.parquet", "edges/a.parquet")
    write(folder, "edges/b.parquet", pd.DataFrame({"src": [2], "dst": [0], "since": [2020]}))
    graph = read_graph(folder)
    assert (graph.num_vertices, graph.num_edges) == (3, 3)
    assert GraphArReader().list_vertex_types(folder) == GraphArReader().list_edge_types(folder) == []


def test_folders_that_are_not_there(folder):
    move(folder, "edges/knows/part0.parquet", "elsewhere/part0.parquet")
    graph = read_graph(folder)
    assert (graph.num_vertices, graph.num_edges) == (3, 0)
    assert list(graph.edges.columns) == ["src", "dst"]
    assert (graph.edges._df.dtypes == "int64").all()
    assert graph.connected_components()["component_id"].tolist() == [0, 1, 2]
    assert graph.degree(2) == 0
    assert graph.neighbors(0) == []
    move(folder, "vertices/person/part0.parquet", "elsewhere/part1.parquet")
    graph = read_graph(folder)
    assert (graph.num_vertices, graph.num_edges) == (0, 0)
    assert list(graph.vertices.columns) == ["vertex_id"]
    assert repr(graph.csr_adjacency) == "CSRAdjacency(0 vertices, 0 edges)"
    with pytest.raises(ValueError, match="Cannot perform BFS on empty graph"):
        graph.bfs(0)


def test_several_types(folder):
    write(folder, "vertices/city/a.parquet", pd.DataFrame({"node_id": [3, 4], "size": [10, 20]}))
    write(folder, "edges/lives_in/a.parquet", pd.DataFrame({"source": [0, 2], "target": [3, 4]}))
    reader = GraphArReader()
    assert reader.list_vertex_types(folder) == ["city", "person"]
    assert reader.list_edge_types(folder) == ["knows", "lives_in"]
    graph = read_graph(folder)
    assert (graph.num_vertices, graph.num_edges) == (5, 4)
    assert graph.vertices["vertex_type"].tolist() == ["city", "city", "person", "person", "person"]
    assert graph.edges["edge_type"].tolist() == ["knows", "knows", "lives_in", "lives_in"]
    assert graph.bfs(0)["vertex"].tolist() == [0, 1, 2, 3, 4]
    joined = graph.join_vertices(graph.degree())
    assert joined["vertex_type"].tolist() == ["person"] * 3 + ["city"] * 2


def test_several_lazy_types(folder):
    pytest.importorskip("dask.dataframe")
    write(folder, "vertices/city/a.parquet", pd.DataFrame({"id": [3, 4]}))
    write(folder, "edges/lives_in/a.parquet", pd.DataFrame({"src": [0, 2], "dst": [3, 4]}))
    graph = read_graph(folder, islazy=True)
    assert graph.islazy
    assert (graph.num_vertices, graph.num_edges) == (5, 4)
    assert graph.bfs(0)["vertex"].tolist() == [0, 1, 2, 3, 4]


def test_types_whose_ids_overlap(folder):
    write(folder, "vertices/robot/a.parquet", pd.DataFrame({"id": [2, 3]}))
    write(folder, "edges/likes/a.parquet", pd.DataFrame({"src": [2], "dst": [3]}))
    with pytest.warns(UserWarning, match="only 'person' is read, without robot, likes"):
        graph = read_graph(folder)
    assert (graph.num_vertices, graph.num_edges) == (3, 2)


def test_names_that_are_no_types(folder):
    (folder / "vertices" / "_SUCCESS").mkdir()
    (folder / "vertices" / "empty").mkdir()
    assert GraphArReader().list_vertex_types(folder) == ["person"]
    assert read_graph(folder).num_vertices == 3


# ---- what is wrong ----


def test_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="GraphAr directory not found"):
        read_graph(tmp_path / "absent")
    (tmp_path / "file").write_text("")
    with pytest.raises(GraphArError, match="Path is not a directory"):
        read_graph(tmp_path / "file")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "Required metadata file not found"),
        ("name: [", "Invalid YAML in metadata file"),
        ("- a\n- b", "Metadata file must contain a YAML dictionary"),
        ("", "Metadata file must contain a YAML dictionary"),
        ("name: a\ndirected: true", "Missing required metadata fields: version"),
        ("x: 1", "Missing required metadata fields: name, version, directed"),
        ("name: 1\nversion: 1\ndirected: true", "Metadata field 'name' must be a string"),
        ("name: a\nversion: [1]\ndirected: true", "Metadata field 'version' must be a string or number"),
        ("name: a\nversion: true\ndirected: true", "Metadata field 'version' must be a string or number"),
        ("name: a\nversion: 1\ndirected: 'yes'", "Metadata field 'directed' must be a boolean"),
        ("name: a\nversion: 1\ndirected: 1", "Metadata field 'directed' must be a boolean"),
    ],
)
def test_metadata_that_is_wrong(folder, text, message):
    (folder / "_metadata.yaml").unlink()
    if text is not None:
        (folder / "_metadata.yaml").write_text(text)
    for validate in (True, False):
        with pytest.raises(GraphArError, match=message):
            read_graph(folder, validate_schema=validate)
    assert not GraphArReader().validate_directory(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "schema file not found"),
        ("a: [", "Invalid YAML in schema file"),
        ("- a", "Schema file must contain a YAML dictionary"),
        ("vertices: {}", "Missing required schema section: 'edges'"),
        ("edges: {}", "Missing required schema section: 'vertices'"),
        ("vertices: [a]\nedges: {}", "Schema section 'vertices' must be a dictionary"),
    ],
)
def test_schemas_that_are_wrong(folder, text, message):
    (folder / "_schema.yaml").unlink()
    if text is not None:
        (folder / "_schema.yaml").write_text(text)
    with pytest.raises(GraphArValidationError, match=message) as caught:
        read_graph(folder)
    assert isinstance(caught.value, GraphArError)
    assert isinstance(caught.value, pf.exceptions.ParquetFrameError)
    assert read_graph(folder, validate_schema=False).num_edges == 2
    assert not GraphArReader().validate_directory(folder)


def test_versions_that_differ(folder):
    (folder / "_schema.yaml").write_text(yaml.safe_dump({**SCHEMA, "version": "2"}))
    with pytest.warns(UserWarning, match="Version mismatch"):
        read_graph(folder)


def test_columns_of_another_type(folder):
    write(folder, "vertices/person/part0.parquet", PEOPLE.assign(name=[1, 2, 3]))
    with pytest.warns(UserWarning, match="Type mismatch in VertexSet 'person': column 'name'"):
        read_graph(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_graph(folder, validate_schema=False)


def test_files_that_cannot_be_read(folder):
    (folder / "edges/knows/part0.parquet").write_bytes(b"no parquet")
    with pytest.raises(GraphArError, match="Failed to load edges of type 'knows'"):
        read_graph(folder)
    write(folder, "edges/knows/part0.parquet", pd.DataFrame({"a": [1]}))
    with pytest.raises(GraphArError, match="missing source column"):
        read_graph(folder, validate_schema=False)


def test_a_good_folder_is_good(folder):
    assert GraphArReader().validate_directory(folder)
    assert GraphArReader().read(folder).num_vertices == 3
    assert not GraphArReader().validate_directory(folder / "absent")


def test_without_yaml(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(pf.exceptions.DependencyError, match="Missing dependency 'PyYAML'"):
        read_graph(folder)


def test_ids_of_several_kinds(folder):
    write(folder, "vertices/place/part0.parquet", pd.DataFrame({"id": ["x", "y"]}))
    with pytest.warns(UserWarning, match="are integers and strings: only 'person' is read, without place"):
        graph = read_graph(folder, validate_schema=False)
    assert graph.num_vertices == 3


def test_reading_is_quiet(folder, capsys):
    read_graph(folder)
    assert capsys.readouterr().out == ""
    with pf.config_context(verbose=True):
        read_graph(folder)
    assert capsys.readouterr().out.count("Reading '") == 2
