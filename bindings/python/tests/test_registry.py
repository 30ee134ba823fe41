"""The library's own table of kernels: every option and column is in the Python API."""

from __future__ import annotations

import inspect

import pytest
from conftest import ROOT

import parquetframe as pf

pytestmark = pytest.mark.rust


def kernels():
    from parquetframe._native.errors import check
    from parquetframe._native.library import load
    from parquetframe._native.streams import Stream

    library, stream = load(), Stream()
    check(library, library.pf_kernels(stream.address))
    return pf.Table._of_stream(library, stream).to_pandas()


def test_every_option_is_a_keyword_and_every_column_comes_back():
    table = kernels()
    graph = pf.GraphFrame.from_edges(([0, 1], [1, 2]), engine="rust")
    found = table[table["family"] == "graph"]
    names = set(found[found["item"] == "kernel"]["name"]) - {"graph_from_edges"}
    assert names == {"bfs", "connected_components", "degree", "pagerank"}
    for name in names:
        rows = found[found["kernel"] == name]
        method = getattr(pf.GraphFrame, name)
        options = rows[rows["item"] == "option"]["name"]
        assert set(options) <= set(inspect.signature(method).parameters), name
        result = method(graph, **({"source": 0} if name == "bfs" else {}))
        assert result.columns == rows[rows["item"] == "column"]["name"].tolist()
    options = found[(found["kernel"] == "graph_from_edges") & (found["item"] == "option")]["name"]
    assert set(options) <= set(inspect.signature(pf.GraphFrame.from_edges).parameters)


def test_defaults_are_those_of_the_library():
    table = kernels()
    defaults = table[(table["kernel"] == "pagerank") & (table["item"] == "option")].set_index("name")[
        "default"
    ]
    parameters = inspect.signature(pf.graph.algo.pagerank).parameters
    for option, older in (("damping", "alpha"), ("tolerance", "tol"), ("max_iterations", "max_iter")):
        assert float(defaults[option]) == parameters[older].default


def test_there_are_parity_cases_for_every_kernel():
    table = kernels()
    graph = table[(table["family"] == "graph") & (table["item"] == "kernel")]
    for name in set(graph["name"]) - {"graph_from_edges"}:
        assert (ROOT / "tests" / "parity" / f"{name}.json").is_file()
