"""Files of every kind give what another library reads in them, and any predicate the rows that Python says, with every stage of
pruning on and off.
"""

from __future__ import annotations

import itertools

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parquet_files import CASES, alike
from parquet_predicates import columns_of, predicates

import parquetframe as pf
from parquetframe.exceptions import CorruptDataError

pytestmark = pytest.mark.rust

STAGES = ["use_statistics", "use_dictionaries", "use_bloom_filters", "use_page_index"]
# fastparquet ends pages of fixed-length values with eight bytes that belong to none.
DAMAGED = [case for case in CASES if case.writer == "fastparquet" and case.name == "fixed text"]
AVAILABLE = [case for case in CASES if not case.missing and case not in DAMAGED]
FILES = [case for case in AVAILABLE if not case.folder]


def scan(case, path, stages=STAGES, **options):
    """A scan of a case with the stages of pruning given. This alone knows how the options are spelled."""
    switches = {stage: stage in stages for stage in STAGES}
    union = {"schema": "union"} if case.union else {}
    return pf.scan_parquet(str(path), **switches, **union, **options)


def read(case, path, stages=STAGES, **options):
    return pa.table(scan(case, path, stages, **options))


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """(path, table, columns for predicates) of a case, which is written when it is first asked for."""
    made = {}

    def get(case):
        if case not in made:
            path = case.write(tmp_path_factory.mktemp("case"))
            table = case.read(path)
            made[case] = path, table, columns_of(table)
        return made[case]

    return get


def taken(table, rows):
    """Rows of a table; views are taken as what they view, because pyarrow cannot take them."""
    plain = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    fields = [field.with_type(plain.get(field.type, field.type)) for field in table.schema]
    return table.cast(pa.schema(fields)).take(pa.array(rows, pa.int64())).cast(table.schema)


def parameters(cases):
    """The cases; those whose writer is not installed as skips that say so."""
    skip = pytest.mark.skip
    return [
        pytest.param(case, id=str(case), marks=[skip(reason=case.missing)] if case.missing else [])
        for case in cases
    ]


@pytest.mark.parametrize("case", parameters(case for case in CASES if case not in DAMAGED))
def test_whole_files(case, stored):
    path, expected, _ = stored(case)
    assert alike(read(case, path), expected)


@pytest.mark.parametrize("case", parameters(case for case in CASES if not case.folder))
def test_row_counts(case, stored):
    path, expected, _ = stored(case)
    files = pa.table(pf.parquet_metadata(str(path), kind="files"))
    assert files["num_rows"].to_pylist() == [expected.num_rows]


@given(data=st.data())
@settings(max_examples=200)
def test_any_predicate_on_any_file(stored, data):
    case = data.draw(st.sampled_from(AVAILABLE))
    path, table, columns = stored(case)
    if not columns:
        return
    predicate = data.draw(predicates(columns))
    names = data.draw(st.none() | st.lists(st.sampled_from(table.column_names), unique=True, min_size=1))
    stages = data.draw(st.lists(st.sampled_from(STAGES), unique=True))
    expected = taken(table, predicate.rows)
    expected = expected if names is None else expected.select(names)
    for chosen in (STAGES, [], stages):
        assert scan(case, path, chosen, filters=predicate.text).count() == len(predicate.rows), (
            case,
            predicate,
            chosen,
        )
        assert alike(read(case, path, chosen, filters=predicate.text, columns=names), expected), (
            case,
            predicate,
            names,
            chosen,
        )


@given(data=st.data())
@settings(max_examples=50)
def test_read_parquet_takes_the_same_filters(stored, data):
    case = data.draw(st.sampled_from(FILES))
    path, table, columns = stored(case)
    if not columns:
        return
    predicate = data.draw(predicates(columns))
    got = pf.read_parquet(str(path), engine="rust", filters=predicate.text)
    assert alike(pa.table(got), taken(table, predicate.rows)), (case, predicate)


@given(data=st.data())
@settings(max_examples=50)
def test_limits_and_row_groups(stored, data):
    case = data.draw(st.sampled_from(FILES))
    path, table, columns = stored(case)
    groups = pa.table(pf.parquet_metadata(str(path), kind="row_groups"))["num_rows"].to_pylist()
    if not columns or not groups:
        return
    predicate = data.draw(predicates(columns))
    limit = data.draw(st.integers(0, table.num_rows + 1))
    chosen = sorted(data.draw(st.sets(st.integers(0, len(groups) - 1))))
    ends = list(itertools.accumulate(groups, initial=0))
    among = {row for group in chosen for row in range(ends[group], ends[group + 1])}
    rows = [row for row in predicate.rows if row in among][:limit]
    got = read(case, path, filters=predicate.text, row_groups=chosen, limit=limit)
    assert alike(got, taken(table, rows)), (case, predicate, chosen, limit)


@given(data=st.data())
@settings(max_examples=50)
def test_results_are_the_same_for_any_number_of_threads(stored, data):
    case = data.draw(st.sampled_from(AVAILABLE))
    path, _, columns = stored(case)
    if not columns:
        return
    predicate = data.draw(predicates(columns))
    with pf.context(threads=1):
        one = read(case, path, filters=predicate.text)
    with pf.context(threads=4):
        assert alike(read(case, path, filters=predicate.text), one), (case, predicate)


@pytest.mark.parametrize("case", DAMAGED, ids=str)
def test_bytes_that_belong_to_nothing_are_an_error(case, tmp_path):
    if case.missing:
        pytest.skip(f"{case.writer} is not installed")
    path = case.write(tmp_path)
    with pytest.raises(CorruptDataError, match=r"row group 0, .*'fixed'.* trailing value bytes"):
        scan(case, path).collect()
