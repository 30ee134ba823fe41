"""Filters and reductions of pandas frames on each engine: from which number of rows on Rust pays.

    python benches/engines/run.py                       # 10^3 to 10^7 rows: some minutes
    python benches/engines/run.py --sizes 1e5,1e6 --operations 'filter.*'

"ours" is the Rust engine. The constants of parquetframe/engines/_choice.py are read off this table. One process per engine,
operation and number of rows; the median of its runs. Lines go to the output file as they come, as JSON.
"""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from comparing import arguments_of, header, row, work  # noqa: E402
from worker import OPERATIONS  # noqa: E402


def main():
    parser = arguments_of(__doc__, ["ours", "pandas"], 0, "engines")
    parser.add_argument("--sizes", default="1e3,1e4,1e5,3e5,1e6,3e6,1e7", help="numbers of rows")
    parser.set_defaults(repeats=15, budget=3)
    arguments = parser.parse_args()
    adapters = arguments.adapters.split(",")
    print(header(adapters), flush=True)
    for operation in OPERATIONS:
        if not re.fullmatch(arguments.operations, operation):
            continue
        for size in arguments.sizes.split(","):
            arguments.rows = int(float(size))
            results = {}
            for adapter in adapters:
                results[adapter] = work(os.path.join(HERE, "worker.py"), arguments, adapter, operation)
                if "error" in results[adapter]:
                    print(f"  {adapter}: {results[adapter]['error']}", flush=True)
            print(row(f"{operation}, {size} rows", results), flush=True)


if __name__ == "__main__":
    main()
