#!/usr/bin/env python3
"""A Parquet folder that does not fit the memory, filtered and counted by each tool in a process of its own.

Writes files of 1 GB of random, uncompressed values (row groups of 128 MiB: `u` uniform in [0, 1), `id`, six floats, `payload` of 64
bytes), prints seconds and the peak of resident memory of two steps, and deletes the files, also after a failure, SIGTERM or Ctrl-C:

- count: the rows with `u < 0.01`;
- rows: those with `u < 0.0001`, all columns, one after another where the tool can; counted, and the bytes of `payload` summed.

Free disk is checked first. Peaks are those of the whole process with interpreter and libraries; Polars maps files, so that
its peaks hold pages of the page cache, which the machine may take back.
"""

import argparse
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20_260_101
ROW_GROUP = 1 << 20  # rows, of 128 bytes each
GROUPS = 8  # of a file
PAYLOAD = 64
FLOATS = [f"x{n}" for n in range(6)]
SCHEMA = pa.schema([("u", pa.float64()), ("id", pa.int64()), *((name, pa.float64()) for name in FLOATS), ("payload", pa.binary())])
COUNTED, SHOWN = 0.01, 0.0001
SPARE = 2 << 30


def generate(folder, size):
    """Files of 1 GB, the last as small as need be; the number of rows."""
    rows = max(int(size / (8 * (len(SCHEMA) - 1) + PAYLOAD + 4)), 1)
    offsets = np.arange(0, (ROW_GROUP + 1) * PAYLOAD, PAYLOAD, dtype=np.int32)
    file, done = None, 0
    while done < rows:
        if done % (ROW_GROUP * GROUPS) == 0:
            if file:
                file.close()
            path = folder / f"part-{done // (ROW_GROUP * GROUPS):03}.parquet"
            file = pq.ParquetWriter(path, SCHEMA, compression="none", use_dictionary=False)
        random, count = np.random.default_rng([SEED, done]), min(ROW_GROUP, rows - done)
        floats = random.random((len(FLOATS) + 1, count))
        payload = [None, pa.py_buffer(offsets), pa.py_buffer(random.bytes(count * PAYLOAD))]
        columns = [floats[0], np.arange(done, done + count), *floats[1:], pa.Array.from_buffers(pa.binary(), count, payload)]
        file.write_batch(pa.record_batch([pa.array(column) for column in columns], schema=SCHEMA), row_group_size=ROW_GROUP)
        done += count
    file.close()
    return rows


def total(batches):
    """(rows, bytes of payload) of Arrow batches."""
    rows = size = 0
    for batch in batches:
        rows += batch.num_rows
        size += sum(map(len, batch.column("payload").to_pylist()))
    return rows, size


# A tool is a function of (folder, number of threads) that gives the two steps as functions of the bound of `u`.


def ours(folder, threads):
    import parquetframe as pf

    limits = pf.context(threads=threads)
    limits.__enter__()
    scan = lambda bound: pf.scan_parquet(folder, filters=f"u < {bound!r}")  # noqa: E731
    return lambda bound: scan(bound).count(), lambda bound: total(pa.RecordBatchReader.from_stream(scan(bound)))


def polars(folder, threads):
    import polars as pl

    scan = pl.scan_parquet(f"{folder}/*.parquet")
    streamed = {"engine": "streaming"}
    return (
        lambda bound: scan.filter(pl.col("u") < bound).select(pl.len()).collect(**streamed).item(),
        lambda bound: total(scan.filter(pl.col("u") < bound).collect(**streamed).to_arrow().to_batches()),
    )


def duckdb(folder, threads):
    import duckdb

    db = duckdb.connect(config={"threads": threads})
    where = f"FROM read_parquet('{folder}/*.parquet') WHERE u <"
    return (
        lambda bound: db.execute(f"SELECT count(*) {where} {bound:e}").fetchall()[0][0],
        lambda bound: total(db.sql(f"SELECT * {where} {bound:e}").to_arrow_reader()),
    )


def pyarrow(folder, threads):
    import pyarrow.dataset as ds

    pa.set_cpu_count(threads)
    pa.set_io_thread_count(threads)
    data = ds.dataset(folder)
    return (
        lambda bound: data.count_rows(filter=ds.field("u") < bound),
        lambda bound: total(data.to_batches(filter=ds.field("u") < bound)),
    )


def datafusion(folder, threads):
    import datafusion as df

    options = {"datafusion.execution.parquet.pushdown_filters": "true"}
    session = df.SessionContext(df.SessionConfig(options).with_target_partitions(threads))
    session.register_parquet("t", folder)
    return (
        lambda bound: session.sql(f"SELECT count(*) FROM t WHERE u < {bound:e}").collect()[0].column(0)[0].as_py(),
        lambda bound: total(b.to_pyarrow() for b in session.sql(f"SELECT * FROM t WHERE u < {bound:e}").execute_stream()),
    )


def fastparquet(folder, threads):
    """Its iteration over row groups, filtered by pandas."""
    import fastparquet as fp

    files = fp.ParquetFile(sorted(map(str, Path(folder).glob("*.parquet"))))

    def rows(bound):
        kept = [frame[frame["u"] < bound] for frame in files.iter_row_groups()]
        return sum(map(len, kept)), sum(int(frame["payload"].map(len).sum()) for frame in kept)

    return lambda bound: sum(int((frame["u"] < bound).sum()) for frame in files.iter_row_groups(columns=["u"])), rows


TOOLS = {tool.__name__: tool for tool in (ours, polars, duckdb, pyarrow, datafusion, fastparquet)}
MODULES = {"ours": "parquetframe"}


def status(key):
    """A line of /proc/self/status in MB."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


def steps(tool, folder, threads):
    """The run of a tool, in a process of its own; prints a JSON line per step."""
    count, rows = TOOLS[tool](folder, threads)
    print(json.dumps({"step": "import", "peak": status("VmHWM")}), flush=True)
    for step, call, bound in (("count", count, COUNTED), ("rows", rows, SHOWN)):
        start = time.perf_counter()
        answer = call(bound)
        print(json.dumps({"step": step, "seconds": time.perf_counter() - start, "peak": status("VmHWM"), "answer": answer}), flush=True)
    os._exit(0)


def measured(tool, arguments, folder):
    """{step: line} of a tool, with the reason under "error" where it did not come to the end."""
    cores = ",".join(map(str, sorted(os.sched_getaffinity(0))[: arguments.threads]))
    names = ("POLARS_MAX_THREADS", "PARQUETFRAME_RUST_THREADS", "OMP_NUM_THREADS", "TOKIO_WORKER_THREADS", "RAYON_NUM_THREADS")
    environment = os.environ | {name: str(arguments.threads) for name in names}
    command = ["taskset", "-c", cores, sys.executable, __file__, "--steps", tool, "--folder", folder, "--threads", str(arguments.threads)]
    try:
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=arguments.limit)
        output, error = ran.stdout, "" if ran.returncode == 0 else (ran.stderr.strip().splitlines() or [f"status {ran.returncode}"])[-1]
    except subprocess.TimeoutExpired as expired:
        output, error = (expired.stdout or b"").decode(), f"not done within {arguments.limit:.0f} s"
    lines = {line["step"]: line for line in map(json.loads, output.splitlines())}
    return lines | ({"error": error} if error else {})


def table(results):
    """Prints the lines of all tools, and whether they agree."""
    print("| tool | imports, MB | count, s | peak, MB | rows, s | peak, MB |\n|---|---|---|---|---|---|")
    for tool, lines in results.items():
        cells = [f"{lines['import']['peak']:.0f}" if "import" in lines else "-"]
        for step in ("count", "rows"):
            cells += [f"{lines[step]['seconds']:.2f}", f"{lines[step]['peak']:.0f}"] if step in lines else ["-", "-"]
        print(f"| {tool} | " + " | ".join(cells) + " |")
        if "error" in lines:
            print(f"{tool}: {lines['error']}", file=sys.stderr)
    for step in ("count", "rows"):
        answers = {tool: lines[step]["answer"] for tool, lines in results.items() if step in lines}
        one = len({str(answer) for answer in answers.values()}) < 2
        print(f"{step}: {next(iter(answers.values()), None)}" if one else f"{step} differs: {answers}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=20, help="of 10^9 bytes (default 20)")
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=float, default=600, help="seconds after which a tool is ended")
    parser.add_argument("--folder", default=os.path.expanduser("~/.cache/parquetframe"), help="the files are written to a new folder in it")
    parser.add_argument("--steps", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.steps:
        steps(arguments.steps, arguments.folder, arguments.threads)
    tools = arguments.tools.split(",")
    if unknown := set(tools) - set(TOOLS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(TOOLS)}")
    size = int(arguments.gigabytes * 1e9)
    os.makedirs(arguments.folder, exist_ok=True)
    free = shutil.disk_usage(arguments.folder).free
    if free < size + SPARE:
        sys.exit(f"{arguments.folder}: {size / 1e9:.1f} GB and {SPARE / 1e9:.1f} GB to spare are needed, {free / 1e9:.1f} GB are free")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(f"ended by {signal.Signals(number).name}"))
    folder = tempfile.mkdtemp(prefix="folder-", dir=arguments.folder)
    try:
        start = time.perf_counter()
        rows = generate(Path(folder), size)
        print(f"{rows} rows in {folder}: {time.perf_counter() - start:.1f} s", file=sys.stderr)
        results = {}
        for tool in tools:
            if importlib.util.find_spec(MODULES.get(tool, tool)) is None:
                results[tool] = {"error": f"{MODULES.get(tool, tool)} is not installed"}
            else:
                results[tool] = measured(tool, arguments, folder)
        table(results)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
