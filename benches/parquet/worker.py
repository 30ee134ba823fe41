"""One adapter on one operation, in a process of its own. Started by run.py with a JSON object.

Prints {"version", "seconds", "mb", "others", "check"}, or {"unsupported": reason} where the tool cannot do it.
"check" holds what the tools must agree on (see checking.py), "bytes" the size of the file that was written.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
import time

JOB = json.loads(sys.argv[1])
# Before any import of a library that counts CPUs.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: JOB["threads"]])
for _name in ("POLARS_MAX_THREADS", "PARQUETFRAME_RUST_THREADS", "OMP_NUM_THREADS", "TOKIO_WORKER_THREADS", "RAYON_NUM_THREADS"):
    os.environ[_name] = str(JOB["threads"])

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from adapters import UnsupportedError  # noqa: E402
from data import make, paths  # noqa: E402
from measuring import measure  # noqa: E402
from operations import OPERATIONS  # noqa: E402


def warm(files):
    """Reads the files once, so that all tools find them in the page cache."""
    for path in files:
        with open(path, "rb", buffering=0) as file:
            while file.read(8 << 20):
                pass


def writing(adapter, path, arguments):
    """The call that writes the rows of an Arrow file, and where to."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pa.OSFile(path) as file:
        data = adapter.load(pa.ipc.open_file(file).read_all())
    # What loading has left unused would otherwise hide what writing needs.
    pa.default_memory_pool().release_unused()
    ctypes.CDLL(None).malloc_trim(0)
    target = os.path.join(JOB["folder"], f"written-{JOB['adapter']}.parquet")

    def write():
        adapter.write(data, target, **arguments)
        return None, lambda: {"rows": pq.read_metadata(target).num_rows}

    return write, target


def run():
    method, file, arguments = OPERATIONS[JOB["operation"]]
    arguments = arguments(JOB["rows"])
    adapter = importlib.import_module(f"adapters.{JOB['adapter']}").Adapter(JOB["threads"])
    if not hasattr(adapter, method):
        raise UnsupportedError(f"{JOB['adapter']} has no function for {method}")
    path, target = make(file, JOB["rows"], JOB["folder"]), None
    if method == "write":
        call, target = writing(adapter, path, arguments)
    else:
        files = paths(path)
        warm(files)
        call = lambda: getattr(adapter, method)(files, **arguments)  # noqa: E731
    runs, line = [], {"version": adapter.version}
    signal.setitimer(signal.ITIMER_REAL, JOB["limit"])
    began = time.perf_counter()
    while len(runs) < JOB["repeats"] and (not runs or time.perf_counter() - began < JOB["budget"]):
        *one, (result, check) = measure(call)
        runs.append(one)
        if "check" not in line:
            signal.setitimer(signal.ITIMER_REAL, 0)
            line["check"] = check()
            signal.setitimer(signal.ITIMER_REAL, JOB["limit"])
        del result, check
        if target:
            line["bytes"] = os.path.getsize(target)
            os.remove(target)
    seconds, megabytes, others = zip(*runs, strict=True)
    return line | {"seconds": seconds, "mb": max(megabytes), "others": sum(others)}


def main():
    try:
        line = run()
    except (UnsupportedError, ImportError) as error:
        line = {"unsupported": str(error)}
    print(json.dumps(line, default=str), flush=True)
    os._exit(0)  # without the seconds that freeing everything takes


if __name__ == "__main__":
    main()
