"""One peer on one graph with one number of threads, in a process of its own. Started by run.py.

Takes a JSON object as its argument and writes JSON lines: {"start": kernel} before a kernel, then its measurement. A
kernel that takes longer than `limit` seconds ends the process by SIGALRM, also inside native code.
"""

import gc
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

FIRST_KERNEL, LAST_KERNEL = "build", "e2e"


def say(**line):
    print(json.dumps(line), flush=True)


def memory(key):
    """VmRSS (now) or VmHWM (peak) of this process in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(key))


def others_cpu():
    """Seconds of CPU that other processes of the machine have used so far."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _iowait, *rest = map(int, stat.readline().split()[1:8])
    own = os.times()
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK") - own.user - own.system


def measure(call):
    """(seconds, MB, seconds of CPU used by others, result) of one call. MB is the growth of the peak of resident memory
    over what was resident before: writing 5 to clear_refs starts the peak anew."""
    gc.collect()
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")
    resident, others, start = memory("VmRSS"), others_cpu(), time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start
    return seconds, memory("VmHWM") - resident, others_cpu() - others, result


def run(kernel, calls):
    """Measures `calls` until they end or the budget is used up; returns the last result."""
    say(start=kernel)
    signal.setitimer(signal.ITIMER_REAL, JOB["limit"])
    runs, check, began, result = [], None, time.perf_counter(), None
    for call in calls:
        result = None  # the former graph goes before the next is built
        *run, result = measure(call)
        runs.append(run)
        if check is None and kernel != FIRST_KERNEL:  # of a search: that of the first source
            check = result()
        if time.perf_counter() - began > JOB["budget"]:
            break
    signal.setitimer(signal.ITIMER_REAL, 0)
    seconds, megabytes, others = zip(*runs, strict=True)
    say(kernel=kernel, seconds=seconds, mb=max(megabytes), others=sum(others), check=check)
    return result


def main():
    graph = Graph(JOB["graph"], JOB["folder"])
    peer = importlib.import_module(f"adapters.{JOB['peer']}").Peer(JOB["threads"])
    say(version=peer.version, notes=peer.notes)
    kernels = [k for k in JOB["kernels"] if hasattr(peer, k)]
    if kernels != [LAST_KERNEL]:
        graph.load()
        times = JOB["repeats"] if FIRST_KERNEL in kernels else 1
        built = run(FIRST_KERNEL, [lambda: peer.build(graph.source, graph.target, graph.n)] * times)
        for kernel in (k for k in kernels if k not in (FIRST_KERNEL, LAST_KERNEL)):
            method = getattr(peer, kernel)
            if kernel.startswith("bfs"):
                run(kernel, [lambda s=s, method=method: method(built, s) for s in graph.sources])
            else:
                run(kernel, [lambda method=method: method(built)] * JOB["repeats"])
        built = graph.source = graph.target = None
    if LAST_KERNEL in kernels:
        run(LAST_KERNEL, [lambda: peer.e2e(graph.path, graph.columns)] * JOB["repeats"])


if __name__ == "__main__":
    main()
