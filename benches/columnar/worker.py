"""One adapter on some operations, in a process of its own per operation. Started by run.py with a JSON object."""

import importlib
import json
import os
import signal
import sys
import time

JOB = json.loads(sys.argv[1])
# Before any import of a library that counts CPUs.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: JOB["threads"]])
for _name in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "PARQUETFRAME_RUST_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[_name] = str(JOB["threads"])

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from data import load  # noqa: E402
from measuring import measure  # noqa: E402
from operations import OPERATIONS  # noqa: E402


def main():
    method, columns, arguments = OPERATIONS[JOB["operation"]]
    adapter = importlib.import_module(f"adapters.{JOB['adapter']}").Adapter(JOB["threads"])
    if not hasattr(adapter, method):
        print(json.dumps({"unsupported": True, "version": adapter.version}))
        return
    data = adapter.load(load(columns, JOB["rows"], JOB["folder"]))
    runs, check = [], None
    signal.setitimer(signal.ITIMER_REAL, JOB["limit"])
    began = time.perf_counter()
    while len(runs) < JOB["repeats"] and (not runs or time.perf_counter() - began < JOB["budget"]):
        *one, result = measure(lambda: getattr(adapter, method)(data, *arguments))
        if result is NotImplemented:
            print(json.dumps({"unsupported": True, "version": adapter.version}))
            return
        runs.append(one)
        check = adapter.check(result) if check is None else check
        del result
    seconds, megabytes, others = zip(*runs, strict=True)
    line = {"version": adapter.version, "seconds": seconds, "mb": max(megabytes), "others": sum(others), "check": check}
    print(json.dumps(line, default=str), flush=True)
    os._exit(0)  # without the seconds that freeing everything takes


if __name__ == "__main__":
    main()
