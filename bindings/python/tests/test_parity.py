"""The parity cases of tests/parity, which all languages run, on both engines."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import ROOT

import parquetframe as pf

KERNELS = ("degree", "bfs", "pagerank", "connected_components")
FOLDER = ROOT / "tests" / "parity"


def cases():
    for kernel in KERNELS:
        for case in json.loads((FOLDER / f"{kernel}.json").read_text(encoding="utf-8"))["cases"]:
            yield pytest.param(kernel, case, id=f"{kernel}-{case['name']}")


def column(values, id_type):
    return pa.array(values, pa.int64() if id_type == "int64" else pa.string())


def build(given, engine, options=None):
    kind = given["id_type"]
    columns = {name: column(given[name], kind) for name in ("source", "target")}
    options = {name: given[name] for name in ("directed", "num_vertices") if name in given}
    if "weight" in given:
        columns["weight"] = pa.array(given["weight"], pa.float64())
        options["weight"] = "weight"
    if "vertices" in given:
        options["vertices"] = column(given["vertices"], kind)
    return pf.GraphFrame.from_edges(pa.table(columns), engine=engine, **options)


def call(graph, kernel, case):
    options = dict(case["options"])
    options["output"] = "pandas"
    if kernel == "bfs":
        options |= {"sources": column(case["sources"], case["graph"]["id_type"]), "include_unreachable": True}
    if "personalization" in case:
        given = case["personalization"]
        table = {
            "vertex": column(given["vertex"], case["graph"]["id_type"]),
            "weight": pa.array(given["weight"], pa.float64()),
        }
        options["personalization"] = pa.table(table)
    return getattr(graph, kernel)(**options)


@pytest.mark.parametrize(("kernel", "case"), list(cases()))
@pytest.mark.filterwarnings("ignore:PageRank did not converge:RuntimeWarning")
def test_parity(kernel, case, engine):
    if "expect_error" in case:
        refused(kernel, case, engine)
        return
    graph = build(case["graph"], engine)
    expected = case["expect"]["columns"]
    if not expected["vertex"] and kernel != "degree":
        # The Python API keeps refusing what it always refused; the kernels give no rows.
        with pytest.raises(ValueError, match="empty graph"):
            call(graph, kernel, case)
        return
    result = call(graph, kernel, case)
    assert list(result.columns) == list(expected)
    for name, values in expected.items():
        compare(kernel, name, result[name], values, case["tolerance"])
    for key, value in case["expect"].get("metadata", {}).items():
        assert result.attrs[key] == value


def refused(kernel, case, engine):
    expected = case["expect_error"]
    error = TypeError if case.get("unknown_option") else pf.exceptions._BY_CODE[expected["code"]]
    with pytest.raises(error) as caught:
        call(build(case["graph"], engine), kernel, case)
    assert expected["message_contains"].lower() in str(caught.value).lower()


def compare(kernel, name, found, values, tolerance):
    if name == "rank":
        np.testing.assert_allclose(found, values, rtol=0, atol=tolerance)
        return
    if name in ("distance", "layer"):
        values = [-1 if value is None else value for value in values]
    assert [None if value is pd.NA or value is None or value != value else value for value in found] == values


def test_every_case_file_is_run():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(KERNELS)


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
