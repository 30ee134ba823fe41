"""The parity cases of expressions and operations on rows, which all languages run, over tables of several
kinds.
"""

from __future__ import annotations

import json
import math

import pyarrow as pa
import pytest
from conftest import ROOT

import parquetframe as pf

pytestmark = pytest.mark.rust

FOLDER = ROOT / "tests" / "parity"
FAMILIES = (
    "arithmetic",
    "comparison",
    "logic",
    "conditional",
    "numeric",
    "string",
    "temporal",
    "conversion",
    "aggregate",
    "window",
    "rows",
)
# One family of each sort is run over the other kinds of tables too.
ON_ALL_KINDS = ("arithmetic", "conditional", "aggregate", "rows")
TYPES = {
    "int64": pa.int64(),
    "uint64": pa.uint64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
}
SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0.0": -0.0}


def cases(families=FAMILIES):
    for family in families:
        file = json.loads((FOLDER / f"compute_{family}.json").read_text(encoding="utf-8"))
        assert file["family"] == family
        for case in file["cases"]:
            yield pytest.param(case, id=f"{family}-{case['name']}")


def values_of(column):
    """The values, with numbers for the texts of those that JSON has not."""
    if column["type"] != "float64":
        return column["values"]
    return [SPECIAL[v] if isinstance(v, str) else v for v in column["values"]]


def table_of(case):
    columns = case["table"]["columns"]
    arrays = [pa.array(values_of(c), TYPES[c["type"]]) for c in columns]
    return pa.table(arrays, [c["name"] for c in columns])


def chunked(table):
    parts = [table.slice(start, 3) for start in range(0, table.num_rows, 3)]
    return pa.concat_tables([table.slice(0, 0), *parts])


def polars_of(table):
    return pytest.importorskip("polars").from_arrow(table)


def pandas_of(table):
    pandas = pytest.importorskip("pandas")
    return table.to_pandas(types_mapper=pandas.ArrowDtype)


KINDS = {"chunks": chunked, "table": pf.Table, "polars": polars_of, "pandas": pandas_of}


def run(case, data):
    options, call = dict(case["options"]), case["call"]
    compute = pf.compute
    if call == "evaluate":
        return compute.evaluate(data, *case["expressions"], **options)
    if call == "aggregate":
        return compute.aggregate(data, *case["expressions"], **options)
    if call == "filter":
        return compute.filter(data, case["predicate"], **options)
    if call == "take":
        return compute.take(data, pa.array(case["indices"], pa.int64()))
    if call == "sort":
        if options.get("result") == "index":
            del options["result"]
            return pa.table({"index": pa.array(compute.argsort(data, case["keys"], **options), pa.uint64())})
        return compute.sort(data, case["keys"], **options)
    if call == "unique" and options.get("result") == "index":
        pytest.skip("positions of distinct rows have no function here")
    return getattr(compute, call)(data, **options)


def is_same(got, wanted, tolerance):
    """All NaN are equal; without a tolerance the sign of zero counts too."""
    if got is None or wanted is None or not isinstance(wanted, float):
        return type(got) is type(wanted) and got == wanted
    if math.isnan(wanted) or math.isnan(got):
        return math.isnan(wanted) and math.isnan(got)
    if not tolerance or math.isinf(wanted) or math.isinf(got):
        return got == wanted and math.copysign(1, got) == math.copysign(1, wanted)
    return abs(got - wanted) <= tolerance * max(1.0, abs(wanted))


def compare(case, result):
    expected = case["expect"]["columns"]
    assert result.column_names == [c["name"] for c in expected]
    for i, column in enumerate(expected):
        got, wanted = result.column(i), values_of(column)
        text = case["expressions"][i] if "expressions" in case else column["name"]
        kind = got.type
        if column["type"] == "string":
            assert pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view(), (
                text
            )
        else:
            assert kind == TYPES[column["type"]], text
        if column["type"] == "float64":
            wanted = [None if v is None else float(v) for v in wanted]
        got = got.to_pylist()
        assert len(got) == len(wanted), text
        wrong = [
            i for i, pair in enumerate(zip(got, wanted, strict=True)) if not is_same(*pair, case["tolerance"])
        ]
        assert not wrong, f"{text}: row {wrong[0]} is {got[wrong[0]]!r}, wanted {wanted[wrong[0]]!r}"


def refused(case, data):
    expected = case["expect_error"]
    error = TypeError if case.get("unknown_option") else pf.exceptions._BY_CODE[expected["code"]]
    with pytest.raises(error) as caught:
        run(case, data)
    assert expected["message_contains"] in str(caught.value)


@pytest.mark.parametrize("case", list(cases()))
def test_parity(case):
    if "expect_error" in case:
        refused(case, table_of(case))
    else:
        compare(case, run(case, table_of(case)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", list(cases(ON_ALL_KINDS)))
def test_parity_of_kinds(case, kind):
    table = table_of(case)
    if kind == "pandas":
        if case["call"] == "take" and None in case["indices"]:
            pytest.skip("rows that are missing have no labels")
        # NaN is missing in pandas.
        case = {**case, "options": {"nan": "keep", **case["options"]}} if has_nan_option(case) else case
        if holds_nan(case):
            pytest.skip("NaN is missing in pandas")
    data = KINDS[kind](table)
    if "expect_error" in case:
        refused(case, data)
        return
    result = run(case, data)
    if kind == "table":
        result = result.to_arrow() if isinstance(result, pf.Table) else result
    elif kind == "polars":
        result = result if isinstance(result, pa.Table) else result.to_arrow()
    elif kind == "pandas" and not isinstance(result, pa.Table):
        result = pa.Table.from_pandas(result, preserve_index=False)
    compare(case, result)


def has_nan_option(case):
    return case["call"] not in ("take", "unique", "value_counts")


def holds_nan(case):
    tables = (case["table"], case.get("expect", {"columns": []}))
    return any("NaN" in c["values"] for t in tables for c in t["columns"])


def test_every_function_has_a_case():
    """Functions that are written with their names; the runner of Rust looks at all, in the tree of the
    expression.
    """
    texts = " ".join(
        text.lower()
        for family in FAMILIES
        for case in json.loads((FOLDER / f"compute_{family}.json").read_text(encoding="utf-8"))["cases"]
        if "expect" in case
        for text in case.get("expressions", [])
    )
    catalogue = pf.compute.functions().to_arrow().to_pylist()
    written = {row["function"]: row["type"] for row in catalogue if row["item"] == "function"}
    missing = [name for name, syntax in written.items() if f"{name}(" not in texts and not syntax]
    assert not missing
