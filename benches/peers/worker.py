"""One peer on one graph with one number of threads, in a process of its own. Started by run.py.

Takes a JSON object as its argument and writes JSON lines: {"start": kernel} before a kernel, then its measurement. A
kernel that takes longer than `limit` seconds ends the process by SIGALRM, also inside native code.
"""

import importlib
import json
import os
import signal
import sys
import time

JOB = json.loads(sys.argv[1])
# Before any import of a peer, so that libraries which ignore the environment's number of threads see so many CPUs.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: JOB["threads"]])

from graphs import Graph  # noqa: E402
from kernels import KERNELS  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measuring import measure  # noqa: E402


def say(**line):
    print(json.dumps(line), flush=True)


def run(kernel, calls):
    """Measures `calls` until they end or the budget is used up."""
    signal.setitimer(signal.ITIMER_REAL, JOB["limit"])
    runs, check, began = [], None, time.perf_counter()
    for call in calls:
        *one, result = measure(call)
        runs.append(one)
        if check is None and callable(result):  # of a search: that of the first source
            check = result()
        result = None  # a graph goes before the next is built
        if time.perf_counter() - began > JOB["budget"]:
            break
    signal.setitimer(signal.ITIMER_REAL, 0)
    seconds, megabytes, others = zip(*runs, strict=True)
    say(kernel=kernel, seconds=seconds, mb=max(megabytes), others=sum(others), check=check)


def calls(peer, graph, kernel, made):
    """What is measured of a kernel. `made` keeps the graph of the former kernel, which often is of the same kind."""
    kind, per_source = KERNELS[kernel]
    method, times = getattr(peer, kernel), JOB["repeats"]
    if kernel == "e2e":
        made.clear()
        return [lambda: method(graph.path, graph.columns)] * times
    if kernel == "build":
        arrays = graph.arrays(kind)
        return [lambda: method(*arrays, graph.n)] * times
    if kind not in made:
        made.clear()
        made[kind] = peer.make(kind, *graph.arrays(kind), n=graph.n)
    if per_source:
        return [lambda s=s: method(made[kind], s) for s in graph.sources]
    if kernel == "bc4":
        return [lambda: method(made[kind], graph.sources[:4])] * times
    return [lambda: method(made[kind])] * times


def main():
    graph = Graph(JOB["graph"], JOB["folder"])
    peer = importlib.import_module(f"adapters.{JOB['peer']}").Peer(JOB["threads"])
    say(version=peer.version, notes=peer.notes)
    made = {}
    for kernel in (k for k in JOB["kernels"] if hasattr(peer, k)):
        say(start=kernel)
        if hasattr(peer, "outside"):  # a program of its own, which measures itself
            say(kernel=kernel, others=0.0, **peer.outside(kernel, graph, JOB["repeats"], JOB["limit"]))
        else:
            run(kernel, calls(peer, graph, kernel, made))


if __name__ == "__main__":
    main()
