"""Counts the instructions of every kernel under callgrind and holds them against the stored baseline.

    python benches/instructions/run.py LIBRARY           # fails when a kernel needs over 10 % more than its baseline
    python benches/instructions/run.py LIBRARY --bless   # stores the counts as the new baseline

Counts are of one thread, of the library as it ships. A kernel's count is that of a run with it less that of the same run without it. They
depend on the compiler: a baseline of another rustc is not compared, and with --require that is a failure too.
"""

import argparse
import json
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
BASELINE = HERE / "baseline.json"
INCLUDE = HERE.parent.parent / "include"
# What is counted, and the run that has all but that.
KERNELS = {
    "build": "input",
    "build_text": "input_text",
    "build_sparse": "input_sparse",
    "build_weighted": "input_weighted",
    "csc": "build",
    "degree": "build",
    "bfs": "build",
    "pagerank": "build",
    "pagerank_weighted": "build_weighted",
    "connected_components": "build",
    "strongly_connected_components": "build",
    "dfs": "build",
    "shortest_path_weighted": "build_weighted",
    "triangles": "build",
    "core_number": "build",
    "betweenness": "build",
    "edges": "build",
}
TOLERANCE = 0.10


def count(program: pathlib.Path, kernel: str) -> int:
    """The instructions that callgrind collects for one run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(program), kernel]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not found:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return int(found[1])


def measure(library: pathlib.Path) -> dict[str, int]:
    """The instructions of every kernel."""
    with tempfile.TemporaryDirectory() as folder:
        # The loader looks for the soname, whatever the file is called.
        shutil.copy2(library, pathlib.Path(folder) / "libparquetframe.so.0")
        program = pathlib.Path(folder) / "kernels"
        source = [str(HERE / "kernels.c"), f"{folder}/libparquetframe.so.0"]
        flags = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}", f"-Wl,-rpath,{folder}"]
        subprocess.run(["gcc", *flags, *source, "-o", str(program)], check=True)
        counts = {run: count(program, run) for run in {*KERNELS, *KERNELS.values()}}
    return {kernel: counts[kernel] - counts[without] for kernel, without in KERNELS.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=pathlib.Path)
    parser.add_argument("--bless", action="store_true")
    parser.add_argument("--require", action="store_true", help="fail where the baseline cannot be compared")
    arguments = parser.parse_args()
    if platform.machine() != "x86_64" or not shutil.which("valgrind"):
        print("SKIPPED: instruction counts: they need valgrind on x86_64")
        return 0
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    stored = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if not arguments.bless and stored.get("rustc") != rustc:
        print(f"SKIPPED: instruction counts: the baseline is of {stored.get('rustc')}, this is {rustc}")
        return arguments.require
    now = measure(arguments.library)
    if arguments.bless:
        BASELINE.write_text(json.dumps({"rustc": rustc, "instructions": now}, indent=2) + "\n")
    worse = []
    for kernel, instructions in now.items():
        before = stored.get("instructions", {}).get(kernel)
        change = f"{instructions / before - 1:+8.1%}" if before else "     new"
        print(f"{kernel:22} {instructions:>14,} instructions {change}")
        if not arguments.bless and (before is None or instructions > before * (1 + TOLERANCE)):
            worse.append(kernel)
    if worse:
        print(f"FAILED: over {TOLERANCE:.0%} more instructions than the baseline: {', '.join(worse)}")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
