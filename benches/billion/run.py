#!/usr/bin/env python3
"""Build a graph of a billion random edges from Parquet files, search it, and rank it, within a memory limit.

Writes 2^edges uniformly random int64 edges over 2^vertices vertices as Parquet files (17 GB for 2^30), runs the steps in
one process, prints seconds and the peak of resident memory after each, and deletes the files. Free disk is checked
first.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FILES = 16
ROW_GROUP = 1 << 20
SEED = 20_260_101


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--vertices", type=int, default=26, help="binary logarithm of their number (default 26)")
    add("--edges", type=int, default=30, help="binary logarithm of their number (default 30)")
    add("--memory", default="7GiB", help="PARQUETFRAME_MEMORY_LIMIT of the run (default 7GiB)")
    add("--threads", type=int, default=2, help="(default 2)")
    add("--folder", type=Path, default=None, help="where the files are written (default: a new temporary folder)")
    add("--keep", action="store_true", help="leave the files; files that are there are used again")
    add("--steps", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def generate(folder, vertices, edges):
    """Writes the files that are not there yet."""
    rows = (1 << edges) // FILES
    for number in range(FILES):
        path = folder / f"edges-{number:02}.parquet"
        if path.exists():
            continue
        random = np.random.default_rng([SEED, number])
        schema = pa.schema({"source": pa.int64(), "target": pa.int64()})
        # Random numbers do not compress; a dictionary would only cost time.
        with pq.ParquetWriter(path.with_suffix(".part"), schema, compression="none", use_dictionary=False) as file:
            for start in range(0, rows, ROW_GROUP):
                ends = random.integers(0, 1 << vertices, (2, min(ROW_GROUP, rows - start)))
                file.write_batch(pa.record_batch([pa.array(ends[0]), pa.array(ends[1])], schema=schema))
        path.with_suffix(".part").rename(path)


def peak():
    """The peak of resident memory of this process in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def steps(folder, vertices):
    """The run itself, in a process of its own; prints a JSON line per step."""
    import parquetframe as pf

    # Ten iterations are meant to end before convergence.
    warnings.filterwarnings("ignore", message=".*converge.*")

    def step(name, call, **facts):
        start = time.perf_counter()
        result = call()
        seconds = time.perf_counter() - start
        print(json.dumps({"step": name, "seconds": seconds, "peak": peak()} | {k: f(result) for k, f in facts.items()}), flush=True)
        return result

    step("import", lambda: None)
    graph = step(
        "build",
        lambda: pf.GraphFrame.from_parquet(str(folder), source="source", target="target", num_vertices=1 << vertices, engine="rust"),
        edges=lambda g: g.num_edges,
    )
    fact = lambda name: lambda table: table.metadata[f"parquetframe.{name}"]  # noqa: E731
    step("bfs", lambda: graph.bfs(source=0, predecessors=False, output="table"), reached=fact("reached"))
    step("components", lambda: graph.connected_components(output="table"), components=fact("components"))
    ranks = lambda: graph.pagerank(tolerance=0.0, max_iterations=10, top=10, output="table")  # noqa: E731
    step("pagerank", ranks, iterations=fact("iterations"))


def main():
    arguments = parse_arguments()
    if arguments.steps:
        steps(arguments.folder, arguments.vertices)
        return
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="parquetframe-billion-"))
    folder.mkdir(parents=True, exist_ok=True)
    there = sum(path.stat().st_size for path in folder.glob("edges-*.parquet"))
    needed = int((16 << arguments.edges) * 1.05) - there
    free = shutil.disk_usage(folder).free
    if free < needed + (2 << 30):
        sys.exit(f"{folder}: {needed / 1e9:.1f} GB and 2 GB to spare are needed, {free / 1e9:.1f} GB are free")
    try:
        start = time.perf_counter()
        generate(folder, arguments.vertices, arguments.edges)
        print(f"generate: {time.perf_counter() - start:.1f} s, {folder}", file=sys.stderr)
        environment = os.environ | {
            "PARQUETFRAME_MEMORY_LIMIT": arguments.memory,
            "PARQUETFRAME_RUST_THREADS": str(arguments.threads),
        }
        command = [sys.executable, __file__, "--steps", "--folder", str(folder), "--vertices", str(arguments.vertices)]
        run = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        print("| step | seconds | peak, MB | |\n|---|---|---|---|")
        for line in map(json.loads, run.stdout):
            name, seconds, megabytes = (line.pop(key) for key in ("step", "seconds", "peak"))
            facts = ", ".join(f"{key} {value}" for key, value in line.items())
            print(f"| {name} | {seconds:.1f} | {megabytes:.0f} | {facts} |", flush=True)
        if run.wait():
            sys.exit(f"the run ended with status {run.returncode}")
    finally:
        if not arguments.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
