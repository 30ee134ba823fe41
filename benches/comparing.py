"""What the side-by-side benchmarks columnar/ and parquet/ share: their options, workers in processes of their own, the table."""

import argparse
import json
import os
import statistics
import subprocess
import sys


def arguments_of(description, adapters, rows, name):
    """A parser with the options that the benchmarks share; `name` is that of the folder of the data and of the output."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=rows)
    parser.add_argument("--adapters", default=",".join(adapters))
    parser.add_argument("--operations", default=".*", help="a regular expression")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--budget", type=float, default=8, help="seconds after which a worker repeats no more")
    parser.add_argument("--limit", type=float, default=60, help="seconds after which a worker is ended")
    parser.add_argument("--folder", default=os.path.expanduser(f"~/.cache/parquetframe/{name}"))
    parser.add_argument("--output", default=f"{name}.jsonl")
    return parser


def work(worker, arguments, adapter, operation):
    """The line that a worker printed, {"error": …} where it printed none; the line is added to the output file."""
    shared = ("rows", "folder", "threads", "repeats", "budget", "limit")
    job = {"adapter": adapter, "operation": operation} | {name: getattr(arguments, name) for name in shared}
    command = [sys.executable, worker, json.dumps(job)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=os.path.dirname(worker))
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    said = ran.stderr.strip().splitlines() or [f"ended with {ran.returncode}"]
    line = json.loads(lines[-1]) if lines else {"error": said[-1][:200]}
    with open(arguments.output, "a") as output:
        output.write(json.dumps({"operation": operation, "adapter": adapter, "rows": arguments.rows, **line}) + "\n")
    return line


def header(adapters):
    return "| operation | " + " | ".join(adapters) + " |\n|" + "---|" * (len(adapters) + 1)


def row(operation, results):
    """A line of the table: ours, then every rival with its time over ours."""
    ours = results.get("ours", {})
    mine = statistics.median(ours["seconds"]) if "seconds" in ours else None
    cells = []
    for adapter, result in results.items():
        if "seconds" not in result:
            cells.append("-" if result.get("unsupported") else "failed")
            continue
        median = statistics.median(result["seconds"])
        time = f"{median / mine:.2f}x" if mine and adapter != "ours" else f"{median * 1e3:.1f} ms"
        cells.append(f"{time}, {result['mb']:.0f} MB")
    return f"| {operation} | " + " | ".join(cells) + " |"
