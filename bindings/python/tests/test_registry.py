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


@pytest.fixture(scope="module")
def table():
    return kernels()


# What a kernel that makes no algorithm is in Python. Every graph kernel with columns is a function of
# parquetframe.graph.algo and a method of GraphFrame, by its own name.
MADE_OF = {
    "graph_from_edges": [pf.GraphFrame.from_edges],
    "parquet_metadata": [pf.parquet_metadata],
    "parquet_read": [pf.scan_parquet],
    "parquet_write": [pf.write_parquet],
    "table_stream": [pf.Table.select, pf.Table.slice],
}
MADE_OF |= {
    name: [getattr(pf.compute, name)]
    for name in ("evaluate", "filter", "aggregate", "sort", "take", "unique", "value_counts")
}
# Kernels that look into a graph: as methods they take and give single vertices too, or are a property.
LOOKS = {"neighbors", "has_edge", "edges"}
# What a method needs besides the graph.
NEEDED = {
    "shortest_path": {"sources": 0},
    "path": {"source": 0, "target": 2},
    "neighbors": {"vertices": 0},
    "has_edge": {"sources": 0, "targets": 1},
}
# Parameters that had another name before the kernels came; the canonical one is a keyword with the default None.
OLDER_NAMES = {"damping": "alpha", "tolerance": "tol", "max_iterations": "max_iter"}
# As these, but the older name says the opposite, and what it is by default is its own.
OPPOSITES = {"reached_only": "include_unreachable"}
# None leaves the choice to the library.
CHOSEN_BY_THE_LIBRARY = {("parquet_read", "batch_size")}
CHOSEN_BY_THE_LIBRARY |= {("parquet_write", name) for name in ("compression", "row_group_size")}
CHOSEN_BY_THE_LIBRARY |= {(kernel, "nan") for kernel in ("evaluate", "filter", "aggregate", "sort")}
# Positions instead of rows: `argsort` is a function of its own.
NOT_IN_PYTHON = {("sort", "result"), ("unique", "result")}
# A list of paths is the path itself, and conditions have pandas' and pyarrow's name.
NOT_IN_PYTHON |= {("parquet_read", "paths"), ("parquet_metadata", "paths"), ("parquet_read", "filter")}
# These pass on every option that they do not name.
PASS_ON = {"parquet_write"}


def rows_of(table, kernel, item):
    return table[(table["kernel"] == kernel) & (table["item"] == item)]


def algorithms(table):
    """The kernels of graphs that give columns."""
    graph = table[table["family"] == "graph"]
    return sorted(set(graph[graph["item"] == "column"]["kernel"]))


def functions_of(table, kernel):
    if kernel in LOOKS:
        return [getattr(pf.graph.algo, kernel)]
    if kernel in algorithms(table):
        return [getattr(pf.graph.algo, kernel), getattr(pf.GraphFrame, kernel)]
    return MADE_OF[kernel]


def typed(text, kind):
    if text is None or text != text:
        return None
    return {"float64": float, "int64": int, "bool": lambda t: t == "true"}.get(kind, str)(text)


def test_every_kernel_is_in_python(table):
    names = table[table["item"] == "kernel"]["name"]
    assert len(names) == len(set(names))
    assert set(MADE_OF) == set(names) - set(algorithms(table))
    assert len(algorithms(table)) >= 1
    for kernel in algorithms(table):
        assert kernel in pf.graph.algo.__all__
        assert all(callable(function) for function in functions_of(table, kernel))


def test_every_option_is_a_keyword_of_the_same_default(table):
    checked = 0
    for kernel in table[table["item"] == "kernel"]["name"]:
        options = rows_of(table, kernel, "option")
        functions = functions_of(table, kernel)
        takers = {name: [] for name in options["name"]}
        for function in functions:
            parameters = inspect.signature(function).parameters
            for name in set(parameters) & set(takers):
                takers[name].append(parameters)
        for name, kind, default in zip(options["name"], options["type"], options["default"], strict=True):
            if (kernel, name) in NOT_IN_PYTHON or (kernel in PASS_ON and not takers[name]):
                continue
            # Both the function and the method of an algorithm take every option.
            assert len(takers[name]) == (len(functions) if kernel in algorithms(table) else 1), (kernel, name)
            for parameters in takers[name]:
                expected = None if (kernel, name) in CHOSEN_BY_THE_LIBRARY else typed(default, kind)
                if name in OPPOSITES:
                    assert parameters[name].default is None
                    assert isinstance(parameters[OPPOSITES[name]].default, bool)
                elif name in OLDER_NAMES:
                    assert parameters[name].default is None
                    assert parameters[OLDER_NAMES[name]].default == expected, (kernel, name)
                elif parameters[name].default is not inspect.Parameter.empty:
                    assert parameters[name].default == expected, (kernel, name)
                else:
                    assert (kernel, name) == ("table_stream", "columns")  # all of them is the table itself
                checked += 1
    passed_on = table[(table["item"] == "option") & table["kernel"].isin(PASS_ON)]
    assert checked >= len(table[table["item"] == "option"]) - len(passed_on)


def test_every_column_comes_back(table):
    graph = pf.GraphFrame.from_edges(([0, 1], [1, 2]), num_vertices=3, engine="rust")
    for kernel in algorithms(table):
        wanted = rows_of(table, kernel, "column")["name"].tolist()
        needed = NEEDED.get(kernel, {})
        for function in functions_of(table, kernel):
            columns = function(graph, output="table", **needed).columns
            # A graph without weights and rows of edges has no column of them.
            assert columns == [
                name for name in wanted if kernel not in LOOKS or name not in ("weight", "edge")
            ]


def test_there_are_parity_cases_for_every_algorithm(table):
    for kernel in algorithms(table):
        assert (ROOT / "tests" / "parity" / f"{kernel}.json").is_file()
