"""Columnar operations side by side with other libraries: a table of seconds, MB and ratios.

    python benches/columnar/run.py                       # everything, 10^8 rows: about 12 GB of disk, an hour
    python benches/columnar/run.py --rows 1e6 --adapters ours,polars --operations 'filter.*'

One process per adapter and operation; the median of its runs. Lines go to the output file as they come, as JSON.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys

from data import column
from operations import OPERATIONS

HERE = os.path.dirname(os.path.abspath(__file__))
# What libraries answer differently, and may: estimates, the mode among ties, whether nulls can be last.
UNCHECKED = "approx_|mode_f64|last_"
ADAPTERS = ["ours", "polars", "duckdb", "pyarrow", "numpy", "pandas"]


def one(arguments, adapter, operation):
    """The line of a worker; {"error": …} where it gave none."""
    job = {
        "adapter": adapter,
        "operation": operation,
        "rows": arguments.rows,
        "folder": arguments.folder,
        "threads": arguments.threads,
        "repeats": arguments.repeats,
        "budget": arguments.budget,
        "limit": arguments.limit,
    }
    command = [sys.executable, os.path.join(HERE, "worker.py"), json.dumps(job)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    if lines:
        return json.loads(lines[-1])
    return {"error": (ran.stderr.strip().splitlines() or [f"ended with {ran.returncode}"])[-1][:200]}


def row(operation, results):
    """A line of the table: ours, then every rival with its time over ours."""
    ours = results.get("ours")
    mine = statistics.median(ours["seconds"]) if ours and "seconds" in ours else None
    cells = [f"{mine * 1e3:.1f} ms, {ours['mb']:.0f} MB" if mine else "-"]
    for adapter, result in results.items():
        if adapter == "ours":
            continue
        if "seconds" not in result:
            cells.append("-" if result.get("unsupported") else "failed")
            continue
        median = statistics.median(result["seconds"])
        ratio = f"{median / mine:.2f}x" if mine else f"{median * 1e3:.1f} ms"
        cells.append(f"{ratio}, {result['mb']:.0f} MB")
    return f"| {operation} | " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=100_000_000)
    parser.add_argument("--adapters", default=",".join(ADAPTERS))
    parser.add_argument("--operations", default=".*", help="a regular expression")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--budget", type=float, default=8, help="seconds after which a worker repeats no more")
    parser.add_argument("--limit", type=float, default=60, help="seconds after which a worker is ended")
    parser.add_argument("--folder", default=os.path.expanduser("~/.cache/parquetframe/columnar"))
    parser.add_argument("--output", default="columnar.jsonl")
    arguments = parser.parse_args()
    adapters = arguments.adapters.split(",")
    chosen = [name for name in OPERATIONS if re.fullmatch(arguments.operations, name)]
    for name in sorted({name for operation in chosen for name in OPERATIONS[operation][1]}):
        column(name, arguments.rows, arguments.folder)
    print("| operation | " + " | ".join(adapters) + " |\n|" + "---|" * (len(adapters) + 1), flush=True)
    for operation in chosen:
        results = {}
        for adapter in adapters:
            results[adapter] = one(arguments, adapter, operation)
            with open(arguments.output, "a") as output:
                record = {"operation": operation, "adapter": adapter, "rows": arguments.rows, **results[adapter]}
                output.write(json.dumps(record) + "\n")
        print(row(operation, results), flush=True)
        checks = {str(result["check"]) for result in results.values() if result.get("check") is not None}
        if len(checks) > 1 and not re.match(UNCHECKED, operation):
            print(f"  checks differ: { {name: result.get('check') for name, result in results.items()} }", flush=True)
        for adapter, result in results.items():
            if "error" in result:
                print(f"  {adapter}: {result['error']}", flush=True)


if __name__ == "__main__":
    main()
