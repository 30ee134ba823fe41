#!/usr/bin/env python3
"""Write the parity cases beside this file, <kernel>.json and compute_<family>.json; --check compares the committed files.

Needs NetworkX, SciPy (which NetworkX's PageRank uses), NumPy and pandas. README.md has the format. Everything is seeded.
--check allows a difference of 1e-12 in floating-point numbers, which other versions of them may sum otherwise.
"""

import argparse
import json
import sys
from pathlib import Path

import cases_adjacency
import cases_centrality
import cases_components
import cases_compute_arithmetic
import cases_compute_logic
import cases_compute_numeric
import cases_compute_string
import cases_compute_table
import cases_compute_temporal
import cases_paths
import cases_structure
import cases_traversal

FOLDER = Path(__file__).resolve().parent
FAMILIES = (cases_adjacency, cases_traversal, cases_paths, cases_components, cases_structure, cases_centrality)
KERNELS = {kernel: cases for family in FAMILIES for kernel, cases in family.KERNELS.items()}
COMPUTE = (
    cases_compute_arithmetic,
    cases_compute_logic,
    cases_compute_numeric,
    cases_compute_string,
    cases_compute_temporal,
    cases_compute_table,
)
FILES = {kernel: ("kernel", kernel, cases) for kernel, cases in KERNELS.items()} | {
    f"compute_{family}": ("family", family, cases) for part in COMPUTE for family, cases in part.FAMILIES.items()
}


def text_of(kind, name, cases):
    """The file: one line for each key of a case, so that a change is a readable diff. Strings as UTF-8."""

    def compact(value):
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))

    bodies = [",\n   ".join(f"{compact(key)}: {compact(value)}" for key, value in c.items()) for c in cases]
    return f'{{"{kind}": {compact(name)}, "cases": [\n' + ",\n".join(f"  {{{body}}}" for body in bodies) + "\n]}\n"


def same(committed, made):
    """Equal in type and value; floating-point numbers to 1e-12."""
    if type(committed) is not type(made):
        return False
    if isinstance(made, dict):
        return list(committed) == list(made) and all(same(committed[key], made[key]) for key in made)
    if isinstance(made, list):
        return len(committed) == len(made) and all(map(same, committed, made))
    return abs(committed - made) <= 1e-12 if isinstance(made, float) else committed == made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the committed files; write nothing")
    check, stale = parser.parse_args().check, []
    for file, (kind, name, cases) in FILES.items():
        made, path = list(cases()), FOLDER / f"{file}.json"
        names = [c["name"] for c in made]
        twice = sorted({n for n in names if names.count(n) > 1})
        assert not twice, f"{file}: names twice: {twice}"
        if not check:
            path.write_text(text_of(kind, name, made), encoding="utf-8")
        elif not path.exists() or not same(json.loads(path.read_text("utf-8")), {kind: name, "cases": made}):
            stale.append(path.name)
        print(f"{path.name}: {len(made)} cases")
    if stale:
        sys.exit(f"not what generate.py makes: {', '.join(stale)}; run it without --check")


if __name__ == "__main__":
    main()
