"""Results of kernels as pandas frames, from any kind of Arrow column."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from parquetframe.graph._results import Result

INTEGERS = pa.array([1, None, 3, None, 5, 6, 7, 8, 9, None])


class Stored(Result):
    """A result of columns that are there already."""

    def __init__(self, columns, missing=None):
        super().__init__(None, None, missing)
        self.columns = columns

    def _read(self, pyarrow):
        return pa.table(self.columns).replace_schema_metadata({"parquetframe.reached": "2", "other": "x"})


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (INTEGERS, [1, -1, 3, -1, 5, 6, 7, 8, 9, -1]),
        (INTEGERS.slice(3, 7), [-1, 5, 6, 7, 8, 9, -1]),
        (pa.chunked_array([INTEGERS.slice(0, 2), INTEGERS.slice(9)]), [1, -1, -1]),
        (pa.chunked_array([[1, 2], [3]]), [1, 2, 3]),
        (pa.array([], pa.int64()), []),
        (pa.chunked_array([], pa.int64()), []),
    ],
)
def test_nulls(column, values):
    frame = Stored({"distance": column, "predecessor": column}, {"distance": -1}).to_pandas()
    assert frame.dtypes.astype(str).tolist() == ["int64", "Int64"]
    assert frame["distance"].tolist() == values
    assert frame["predecessor"].tolist() == [pd.NA if value == -1 else value for value in values]
    # The memory is the frame's own.
    frame["distance"] *= 2
    frame.loc[frame.index[:1], "predecessor"] = 7
    assert column.null_count == sum(value == -1 for value in values)


def test_types_and_facts():
    columns = {
        "vertex": pa.array(["a", "é"], pa.large_string()),
        "predecessor": pa.array([None, "a"], pa.large_string()),
        "rank": pa.array([0.25, 0.75]),
        "has_edge": pa.array([True, False]),
        "small": pa.array([1, 2], pa.uint8()),
    }
    frame = Stored(columns).to_pandas()
    assert frame.to_dict("list") == {
        "vertex": ["a", "é"],
        "predecessor": [frame["predecessor"].iloc[0], "a"],
        "rank": [0.25, 0.75],
        "has_edge": [True, False],
        "small": [1, 2],
    }
    assert frame["predecessor"].isna().tolist() == [True, False]
    assert frame.dtypes.astype(str).tolist()[2:] == ["float64", "bool", "uint8"]
    assert frame["vertex"].dtype == pd.Series(["a"]).dtype
    assert frame.attrs == {"parquetframe.reached": "2"}
    # Names that results share are not one object that a change would reach everywhere.
    frame.columns.name = "mine"
    assert Stored(columns).to_pandas().columns.name is None
