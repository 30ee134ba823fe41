"""The parity cases of tests/parity, which all languages run, on both engines."""

from __future__ import annotations

import json
import math
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import ROOT

import parquetframe as pf
from parquetframe.exceptions import InvalidArgumentError

KERNELS = (
    "degree",
    "degree_centrality",
    "edges",
    "neighbors",
    "has_edge",
    "bfs",
    "dfs",
    "topological_sort",
    "find_cycle",
    "shortest_path",
    "path",
    "connected_components",
    "strongly_connected_components",
    "condensation",
    "triangles",
    "clustering_coefficient",
    "core_number",
    "pagerank",
    "betweenness",
    "closeness",
)
# Where the Python API keeps refusing an empty graph, as it always did; the kernels give no rows.
REFUSE_EMPTY = ("bfs", "dfs", "shortest_path", "connected_components", "pagerank")
# These leave unreached vertices out unless asked, and show -1 or infinity where the kernels show null.
SEARCHES = ("bfs", "dfs", "shortest_path")
MINUS_ONE = ("distance", "layer", "discovery_time", "finish_time", "component_id")
INPUTS = ("sources", "targets", "vertices", "source", "target")
FOLDER = ROOT / "tests" / "parity"


def cases():
    for kernel in KERNELS:
        for case in json.loads((FOLDER / f"{kernel}.json").read_text(encoding="utf-8"))["cases"]:
            yield pytest.param(kernel, case, id=f"{kernel}-{case['name']}")


def column(values, id_type):
    return pa.array(values, pa.int64() if id_type == "int64" else pa.string())


def build(given, engine):
    kind = given["id_type"]
    columns = {name: column(given[name], kind) for name in ("source", "target")}
    build_options = ("directed", "num_vertices", "duplicates", "self_loops", "edge_ids")
    options = {name: given[name] for name in build_options if name in given}
    if "weight" in given:
        columns["weight"] = pa.array(given["weight"], pa.float64())
        options["weight"] = "weight"
    if "vertices" in given:
        options["vertices"] = column(given["vertices"], kind)
    return pf.GraphFrame.from_edges(pa.table(columns), engine=engine, **options)


def call(graph, kernel, case):
    options = dict(case["options"])
    options["output"] = "pandas"
    if kernel in SEARCHES:
        reached_only = options.pop("reached_only", False)
        options["include_unreachable"] = not reached_only if isinstance(reached_only, bool) else reached_only
    for name in INPUTS:
        if name in case:
            value = case[name]
            options[name] = column(value, case["graph"]["id_type"]) if isinstance(value, list) else value
    if "personalization" in case:
        given = case["personalization"]
        table = {
            "vertex": column(given["vertex"], case["graph"]["id_type"]),
            "weight": pa.array(given["weight"], pa.float64()),
        }
        options["personalization"] = pa.table(table)
    return getattr(pf.graph.algo, kernel)(graph, **options)


@pytest.mark.parametrize(("kernel", "case"), list(cases()))
@pytest.mark.filterwarnings("ignore:PageRank did not converge:RuntimeWarning")
def test_parity(kernel, case, engine):
    if "expect_error" in case:
        refused(kernel, case, engine)
        return
    graph = build(case["graph"], engine)
    expected = case["expect"]["columns"]
    if not graph.num_vertices and kernel in REFUSE_EMPTY:
        with pytest.raises(ValueError, match="empty graph"):
            call(graph, kernel, case)
        return
    result = call(graph, kernel, case)
    assert list(result.columns) == list(expected)
    for key, value in case["expect"].get("metadata", {}).items():
        if isinstance(value, float):
            assert float(result.attrs[key]) == pytest.approx(value, rel=0, abs=case["tolerance"])
        else:
            assert result.attrs[key] == value
    if case["expect"].get("verify") == "cycle":
        is_cycle(result["vertex"].tolist(), case["graph"])
        return
    for name, values in expected.items():
        compare(kernel, name, result[name], values, case["tolerance"])


def refused(kernel, case, engine):
    expected = case["expect_error"]
    error = TypeError if case.get("unknown_option") else pf.exceptions._BY_CODE[expected["code"]]
    with pytest.raises(error) as caught:
        call(build(case["graph"], engine), kernel, case)
    assert expected["message_contains"].lower() in str(caught.value).lower()


def compare(kernel, name, found, values, tolerance):
    if kernel == "shortest_path" and name == "distance":
        values = [float("inf") if value is None else value for value in values]
    elif kernel in SEARCHES and name in MINUS_ONE:
        values = [-1 if value is None else value for value in values]
    if tolerance and name != "vertex":
        np.testing.assert_allclose(found, values, rtol=0, atol=tolerance)
        return
    assert [None if value is pd.NA or value is None or value != value else value for value in found] == values


def is_cycle(cycle, graph):
    """Every step uses an edge of its own, and no vertex comes twice."""
    left = list(zip(graph["source"], graph["target"], strict=True))
    assert cycle
    assert len(set(cycle)) == len(cycle)
    for step in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
        edge = step if step in left or graph["directed"] else step[::-1]
        left.remove(edge)


def test_every_case_file_is_run():
    # Those of expressions are run by test_parity_compute.py.
    files = {path.stem for path in FOLDER.glob("*.json") if not path.stem.startswith("compute_")}
    assert files == set(KERNELS)


def test_a_case_that_is_wrong_fails(engine):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        case = {
            "graph": {"id_type": "int64", "source": [0], "target": [1], "directed": True},
            "options": {},
            "expect": {"columns": {"vertex": [0, 1], "degree": [1, 2]}},
            "tolerance": 0.0,
        }
        with pytest.raises(AssertionError):
            test_parity("degree", case, engine)


WEIGHTS = [[1.0, -2.5, math.inf], [math.inf, -2.5, 1.0], [1.0, -math.inf, -1e-7], [-1e-7, math.inf, 0.5]]


@pytest.mark.rust
@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("directed", [True, False])
def test_weights_that_are_no_lengths(weights, directed):
    graph = pf.GraphFrame.from_edges(([0, 1, 2], [1, 2, 0], weights), weight="w", directed=directed)
    for call in (
        lambda backend: graph.betweenness(weight="w", backend=backend),
        lambda backend: graph.closeness(weight="w", backend=backend),
        lambda backend: graph.closeness(weight="w", mode="out", backend=backend),
        lambda backend: pf.graph.algo.dijkstra(graph, 0, "w", backend=backend),
        lambda backend: pf.graph.algo.shortest_path(graph, 0, "w", backend=backend),
        lambda backend: graph.pagerank(weight="w", backend=backend),
    ):
        said = []
        for backend in ("rust", "pandas"):
            with pytest.raises(InvalidArgumentError) as caught:
                call(backend)
            said.append(caught.value.message)
        assert said[0] == said[1]


@pytest.mark.rust
def test_facts_have_the_same_text():
    for edges in (([0, 1, 2], [1, 2, 0]), ([0], [1]), ([0, 1, 2, 2], [1, 2, 0, 3])):
        graph = pf.GraphFrame.from_edges(edges)
        facts = []
        for backend in ("rust", "pandas"):
            coefficients = graph.clustering_coefficient(backend=backend, output="pandas").attrs
            ranks = graph.pagerank(backend=backend, output="pandas").attrs
            residual = ranks.pop("parquetframe.residual")
            assert "e" not in residual
            facts.append({**coefficients, **ranks, "zero": residual == "0"})
        assert facts[0] == facts[1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (0.25, "0.25"),
        (1e-7, "0.0000001"),
        (1e21, "1" + 21 * "0"),
        (-2.5, "-2.5"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "NaN"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_numbers_in_texts(value, text):
    from parquetframe.graph._results import number_text

    assert number_text(value) == text
