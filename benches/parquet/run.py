"""Parquet files side by side with other libraries: a table of seconds, MB and ratios.

    python benches/parquet/run.py                       # everything, 2·10^7 rows: 2.5 GB of disk, half an hour
    python benches/parquet/run.py --rows 1e6 --adapters ours,polars --operations 'u_.*'

One process per adapter and operation; the median of its runs, files in the page cache. MB is by how much the peak of
resident memory grew. `-`: the tool has no such function; the reason is printed to stderr. Results are compared with each
other. Lines go to the output file as they come, as JSON.
"""

import os
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from checking import same  # noqa: E402
from comparing import arguments_of, header, row, work  # noqa: E402
from data import make  # noqa: E402
from operations import OPERATIONS  # noqa: E402

ADAPTERS = ["ours", "polars", "duckdb", "pyarrow", "pandas", "fastparquet", "datafusion"]
BYTES_PER_ROW = 130  # of all files together
BYTES_ANYWAY = 400 << 20  # of those whose size does not depend on the rows
SPARE = 2 << 30


def make_all(operations, rows, folder):
    """Writes what is missing, if it fits the disk."""
    os.makedirs(folder, exist_ok=True)
    needed, free = rows * BYTES_PER_ROW + BYTES_ANYWAY + SPARE, shutil.disk_usage(folder).free
    names = dict.fromkeys(OPERATIONS[name][1] for name in operations)
    if free < needed and not all((Path(folder) / str(rows) / name).exists() for name in names):
        sys.exit(f"{folder}: {needed / 1e9:.1f} GB may be needed, {free / 1e9:.1f} GB are free; fewer --rows need less")
    for name in names:
        make(name, rows, folder)


def remarks(results):
    """What the table does not say: who disagrees with the first that has an answer, who failed and why."""
    checked = {adapter: result["check"] for adapter, result in results.items() if "check" in result}
    first = next(iter(checked), None)
    for adapter, check in checked.items():
        if not same(checked[first], check):
            keys = [key for key in checked[first].keys() | check.keys() if checked[first].get(key) != check.get(key)]
            of = lambda values: {key: values.get(key) for key in sorted(keys)[:3]}  # noqa: B023, E731
            yield f"  checks differ: {first} {of(checked[first])}, {adapter} {of(check)}"
    for adapter, result in results.items():
        if "error" in result:
            yield f"  {adapter} failed: {result['error']}"


def main():
    arguments = arguments_of(__doc__, ADAPTERS, 20_000_000, "parquet").parse_args()
    adapters = arguments.adapters.split(",")
    chosen = [name for name in OPERATIONS if re.fullmatch(arguments.operations, name)]
    make_all(chosen, arguments.rows, arguments.folder)
    print(header(adapters), flush=True)
    for operation in chosen:
        results = {}
        for adapter in adapters:
            result = results[adapter] = work(str(HERE / "worker.py"), arguments, adapter, operation)
            if "unsupported" in result:
                print(f"{operation}: {adapter}: {result['unsupported']}", file=sys.stderr, flush=True)
            for left in Path(arguments.folder).glob("written-*"):  # of a worker that was ended
                left.unlink()
        print(row(operation, results), flush=True)
        for remark in remarks(results):
            print(remark, flush=True)


if __name__ == "__main__":
    main()
