"""One engine on one operation over a pandas frame, in a process of its own. Started by run.py with a JSON object."""

import json
import os
import signal
import sys
import time

# What is measured: name -> (function of an engine, its arguments, columns of the frame).
OPERATIONS = {
    "filter_half": ("filter", ("x > 0",), "ixy"),
    "filter_1%": ("filter", ("x > 2.33",), "ixy"),
    "filter_and": ("filter", ("x > 0 AND i < 500",), "ixy"),
    "filter_products": ("filter", ("x * y > 0.5 AND i BETWEEN 10 AND 500",), "ixy"),
    "filter_mask": ("filter", (None,), "ixy"),
    "filter_objects": ("filter", ("o = 'key0042'",), "ox"),
    "filter_objects_beside": ("filter", ("x > 2.33",), "ox"),
    "filter_str": ("filter", ("s = 'key0042'",), "sx"),
    "filter_category": ("filter", ("c = 'key0042'",), "cx"),
    "evaluate": ("evaluate", ("x * y + i",), "ixy"),
    "aggregate_sum": ("aggregate", ("sum(x)",), "ixy"),
    "aggregate_min": ("aggregate", ("min(x)", "max(i)"), "ixy"),
    "aggregate_std": ("aggregate", ("std(x)",), "ixy"),
    "aggregate_str": ("aggregate", ("max(s)",), "sx"),
    **{
        f"reduce_{name}": ("reduce", (name,), "ixy")
        for name in ("sum", "mean", "min", "max", "count", "median", "var", "std")
    },
}


def frame(columns, rows):
    """The columns of these letters, always the same."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(7)
    words = np.array([f"key{i:04}" for i in range(1000)], object)[random.integers(0, 1000, rows)]
    made = {
        "i": lambda: random.integers(0, 1000, rows),
        "x": lambda: random.standard_normal(rows),
        "y": lambda: random.random(rows),
        "o": lambda: pd.Series(words, dtype=object),
        "s": lambda: pd.Series(words, dtype="str"),
        "c": lambda: pd.Series(words).astype("category"),
    }
    return pd.DataFrame({name: made[name]() for name in columns})


def main():
    job = json.loads(sys.argv[1])
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: job["threads"]])
    os.environ["PARQUETFRAME_RUST_THREADS"] = str(job["threads"])
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    from measuring import measure
    from parquetframe.engines import pandas, rust

    name, arguments, columns = OPERATIONS[job["operation"]]
    data = frame(columns, job["rows"])
    if arguments == (None,):
        arguments = ((data["x"] > 0).to_numpy(),)
    function = getattr(rust if job["adapter"] == "ours" else pandas, name)
    function(data.iloc[:10], *(a[:10] if name == "filter" and not isinstance(a, str) else a for a in arguments))
    runs = []
    signal.setitimer(signal.ITIMER_REAL, job["limit"])
    began = time.perf_counter()
    while len(runs) < job["repeats"] and (len(runs) < 3 or time.perf_counter() - began < job["budget"]):
        runs.append(measure(lambda: function(data, *arguments))[:3])
    seconds, megabytes, others = zip(*runs, strict=True)
    print(json.dumps({"seconds": seconds, "mb": max(megabytes), "others": sum(others)}), flush=True)


if __name__ == "__main__":
    main()
