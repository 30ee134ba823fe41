"""Columnar operations side by side with other libraries: a table of seconds, MB and ratios.

    python benches/columnar/run.py                       # everything, 10^8 rows: about 12 GB of disk, an hour
    python benches/columnar/run.py --rows 1e6 --adapters ours,polars --operations 'filter.*'

One process per adapter and operation; the median of its runs. Lines go to the output file as they come, as JSON.
"""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from comparing import arguments_of, header, row, work  # noqa: E402
from data import column  # noqa: E402
from operations import OPERATIONS  # noqa: E402

# What libraries answer differently, and may: estimates, the mode among ties, whether nulls can be last.
UNCHECKED = "approx_|mode_f64|last_"
ADAPTERS = ["ours", "polars", "duckdb", "pyarrow", "numpy", "pandas"]


def main():
    arguments = arguments_of(__doc__, ADAPTERS, 100_000_000, "columnar").parse_args()
    adapters = arguments.adapters.split(",")
    chosen = [name for name in OPERATIONS if re.fullmatch(arguments.operations, name)]
    for name in sorted({name for operation in chosen for name in OPERATIONS[operation][1]}):
        column(name, arguments.rows, arguments.folder)
    print(header(adapters), flush=True)
    for operation in chosen:
        results = {}
        for adapter in adapters:
            results[adapter] = work(os.path.join(HERE, "worker.py"), arguments, adapter, operation)
        print(row(operation, results), flush=True)
        checks = {str(result["check"]) for result in results.values() if result.get("check") is not None}
        if len(checks) > 1 and not re.match(UNCHECKED, operation):
            print(f"  checks differ: { {name: result.get('check') for name, result in results.items()} }", flush=True)
        for adapter, result in results.items():
            if "error" in result:
                print(f"  {adapter}: {result['error']}", flush=True)


if __name__ == "__main__":
    main()
