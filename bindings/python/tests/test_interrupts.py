"""Ctrl-C during long reads, counts and writes of Parquet."""

from __future__ import annotations

import os

import numpy as np
import pyarrow as pa
import pytest

import parquetframe as pf

pytestmark = pytest.mark.rust

ROWS = 2_000_000

# The time from the signal to the exception, of several tries: a busy machine makes some of them longer.
INTERRUPTED = """
import os, signal, threading, time
import parquetframe as pf

path, target = PATHS
many = [path] * 64
table = pf.read_parquet([path] * 6, engine="rust").native
calls = {
    "read_parquet": lambda: pf.read_parquet(many, engine="rust"),
    "collect": lambda: pf.scan_parquet(many, filters="sin(x) > 0.5 AND s LIKE '%7'").collect(),
    "to_pandas": lambda: pf.scan_parquet(many).to_pandas(),
    "count": lambda: pf.scan_parquet(many, filters="sin(x * x) > 0.5 AND s LIKE '%7'").count(),
    "write_parquet of a table": lambda: pf.write_parquet(table, target, compression="zstd(15)"),
    "write_parquet of a scan": lambda: pf.write_parquet(pf.scan_parquet(many), target),
    "write_parquet of a path": lambda: pf.write_parquet(os.path.dirname(path) + "/*.parquet", target, compression="zstd(15)"),
    "write_parquet to folders": lambda: pf.write_parquet(table, target, partition_by="k", compression="zstd(15)"),
}
for attempt in range(5):
    sent = []

    def interrupt():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.1 + attempt / 25, interrupt)
    timer.start()
    try:
        calls["NAME"]()
        timer.cancel()
        print("the call was over before")
    except KeyboardInterrupt:
        print(time.perf_counter() - sent[0])
print(len(pf.read_parquet(path, engine="rust", limit=3)))
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    rng = np.random.default_rng(1)
    table = pa.table(
        {
            "id": np.arange(ROWS),
            "x": rng.random(ROWS),
            "k": rng.integers(0, 20, ROWS),
            "s": pa.array(rng.integers(0, 100_000, ROWS).astype(str)),
        }
    )
    file = tmp_path_factory.mktemp("interrupts") / "rows.parquet"
    pf.write_parquet(table, file)
    return file


@pytest.mark.parametrize(
    "name",
    [
        "read_parquet",
        "collect",
        "to_pandas",
        "count",
        "write_parquet of a table",
        "write_parquet of a scan",
        "write_parquet of a path",
        "write_parquet to folders",
    ],
)
def test_ctrl_c_ends_reads_and_writes_within_100_ms(python, path, tmp_path, name):
    target = tmp_path / "written"
    code = INTERRUPTED.replace("PATHS", repr((str(path), str(target)))).replace("NAME", name)
    result = python(code, check=False, timeout=300)
    assert result.stderr == ""
    *delays, rows = result.stdout.splitlines()
    assert len(delays) == 5
    assert min(map(float, delays)) <= 0.1
    assert rows == "3"
    assert os.listdir(tmp_path) == []
