#!/usr/bin/env python3
"""Measure graph kernels of this library and of other tools side by side, and print seconds, memory and ratios.

Nothing is asserted: figures depend on the machine and on what else runs there.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import table
from graphs import Graph
from kernels import KERNELS

HERE = Path(__file__).resolve().parent
PEERS = ["ours", "pandas", "networkit", "igraph", "rustworkx", "scipy", "networkx"]
# Asked for by name: the first needs no package, the others the program of rust/.
FURTHER = ["ours_c", "neo4j_graph", "petgraph"]
THREAD_VARIABLES = ["PARQUETFRAME_RUST_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]


def parse_arguments():
    def names(text):
        return text.split(",")

    parser = argparse.ArgumentParser(
        description=__doc__, epilog="peers: " + ", ".join([*PEERS, *FURTHER]) + "; kernels: " + ", ".join(KERNELS)
    )
    add = parser.add_argument
    add("--graphs", type=names, default=["kron16", "deb"], help="kron<S>, urand<S>, grid<N>, deb, a Parquet file (default kron16,deb)")
    add("--peers", type=names, default=PEERS, help="ratios are to the first one (default: all in Python)")
    add("--kernels", type=names, default=list(KERNELS), help="(default: all)")
    cpus = len(os.sched_getaffinity(0))
    add("--threads", type=lambda text: [int(t) for t in names(text)], default=[min(cpus, 2)], help="(default 2)")
    add("--rounds", type=int, default=2, help="processes per peer, peers interleaved (default 2)")
    add("--repeats", type=int, default=3, help="runs of a kernel in a process (default 3; searches: one per source)")
    add("--limit", type=float, default=60, help="seconds after which a kernel is given up (default 60)")
    add("--budget", type=float, default=10, help="no further repeat after so many seconds (default 10)")
    add("--folder", type=Path, default=HERE.parents[1] / "target" / "peers", help="where graphs and peers.tsv are kept")
    arguments = parser.parse_args()
    for what, known in (("peers", [*PEERS, *FURTHER]), ("kernels", KERNELS)):
        if unknown := set(getattr(arguments, what)) - set(known):
            parser.error(f"unknown {what}: {', '.join(sorted(unknown))}")
    arguments.kernels = [k for k in KERNELS if k in arguments.kernels]  # the order in which the worker runs them
    if min(arguments.threads) < 1 or max(arguments.threads) > cpus:
        parser.error(f"--threads: this process may use 1 to {cpus}")
    return arguments


class Comparison:
    """The measurements of one call of this program."""

    def __init__(self, arguments):
        self.arguments, self.measurements, self.versions, self.notes = arguments, {}, {}, {}

    def run(self):
        """All peers on all graphs; in every round in the other order, so that a slow phase of the machine hits all."""
        a = self.arguments
        for graph in a.graphs:
            print(f"{graph}: making or loading", file=sys.stderr)
            Graph(graph, a.folder)
            for threads in a.threads:
                for kernel in a.kernels:  # the order of the table
                    for peer in a.peers:
                        self.measurements[graph, kernel, threads, peer] = table.Measurement()
                for number in range(a.rounds):
                    for peer in a.peers[:: -1 if number % 2 else 1]:
                        print(f"{graph}: {peer}, {threads} threads, round {number + 1}", file=sys.stderr)
                        self._run_peer(graph, threads, peer)
        return list(table.rows(self.measurements, self.versions, self.notes, a.peers[0]))

    def _run_peer(self, graph, threads, peer):
        """Measures one peer. When a kernel takes the process with it, those behind it get a new one."""
        todo = [k for k in self.arguments.kernels if not self.measurements[graph, k, threads, peer].failure]
        while todo:
            ended_in, reason = self._run_worker(graph, threads, peer, todo)
            if reason is None:
                return
            if ended_in is None:  # it did not get to a kernel: the peer cannot be imported, say
                lost, reasons = todo, [reason] * len(todo)
            else:
                lost, reasons = [ended_in], [reason]
            for kernel, why in zip(lost, reasons, strict=True):
                self._failed(graph, threads, peer, kernel, why)
            behind = todo.index(ended_in) + 1 if ended_in in todo else 0
            todo = [k for k in todo[behind:] if k not in lost]

    def _failed(self, graph, threads, peer, kernel, reason):
        if (graph, kernel, threads, peer) in self.measurements:
            self.measurements[graph, kernel, threads, peer].failure = reason
        print(f"  {kernel}: {reason}", file=sys.stderr)

    def _run_worker(self, graph, threads, peer, kernels):
        """(kernel, reason) of what ended the worker; the reason is None when all went well."""
        a, started = self.arguments, None
        job = {"peer": peer, "graph": graph, "threads": threads, "kernels": kernels, "folder": str(a.folder)}
        job |= {"repeats": a.repeats, "limit": a.limit, "budget": a.budget}
        environment = os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads))
        command = [sys.executable, str(HERE / "worker.py"), json.dumps(job)]
        worker = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        for line in map(json.loads, worker.stdout.splitlines()):
            if "version" in line:
                self.versions[peer], self.notes[peer] = line["version"], line["notes"]
            elif "start" in line:
                started = line["start"]
            else:
                key = graph, line["kernel"], threads, peer
                if key in self.measurements:
                    self.measurements[key].add(**line)
        if worker.returncode == 0:
            return None, None
        if worker.returncode == -signal.SIGALRM:
            return started, f"over {a.limit:g} s"
        last = worker.stderr.strip().splitlines()[-1:] or [f"exit status {worker.returncode}"]
        return started, last[0][:200]


def machine():
    """One line about the machine."""
    with open("/proc/cpuinfo") as cpuinfo:
        model = next((line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} CPUs, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def main():
    arguments = parse_arguments()
    load = os.getloadavg()[0]
    comparison = Comparison(arguments)
    lines = comparison.run()
    path = arguments.folder / "peers.tsv"
    table.write_tsv(path, lines)
    print(f"Machine: {machine()}; load average at the start {load:.2f}; Python {platform.python_version()}")
    print("Peers: " + ", ".join(f"{peer} {version}" for peer, version in comparison.versions.items()))
    print()
    print(table.markdown(lines, arguments.peers))
    print(f"\nAll rows: {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
