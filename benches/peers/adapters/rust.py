"""Rivals that are Rust crates: the program of benches/peers/rust, which loads the arrays and measures itself."""

import json
import os
import subprocess
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "rust"


class Peer:
    """A subclass names the rival and its kernels."""

    name, kernels = "", ()

    def __init__(self, threads):
        manifest = PROGRAM / "Cargo.toml"
        os.environ.setdefault("CARGO_TARGET_DIR", str(PROGRAM.parents[2] / "target" / "rust-rivals"))
        command = ["cargo", "build", "--release", "--quiet", "--message-format=json", "--manifest-path", manifest]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        if built.returncode:
            raise RuntimeError(built.stderr.strip().splitlines()[-1])
        messages = map(json.loads, built.stdout.splitlines())
        self.program = next(m["executable"] for m in messages if m.get("executable"))
        lock = (PROGRAM / "Cargo.lock").read_text().split("[[package]]")
        crate = self.name.removeprefix("neo4j_")
        self.version = next(p for p in lock if f'name = "{crate}"' in p).split('version = "')[1].split('"')[0]

    def __getattr__(self, kernel):
        if kernel in self.kernels:
            return self.outside
        raise AttributeError(kernel)

    def outside(self, kernel, graph, repeats, limit):
        """Runs a kernel in the program."""
        command = [self.program, self.name, kernel, graph.folder, str(graph.n), str(repeats)]
        command += map(str, graph.sources)
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=limit)
        except subprocess.CalledProcessError as error:
            raise RuntimeError(error.stderr.strip().splitlines()[-1]) from None
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"over {limit:g} s") from None
        return json.loads(done.stdout)
