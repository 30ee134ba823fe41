"""The graphs of the comparison: made once, seeded, kept in a folder, loaded without a copy.

- `kron<S>`: Kronecker, 2^S vertices, 16 edges per vertex, A .57 B .19 C .19, as Graph 500;
- `urand<S>`: the same size, uniform;
- `grid<N>`: N x N lattice, every arc to a neighbour with probability .9: long paths, low degree;
- `deb`: the dependencies of Debian packages in examples/data;
- `FILE.parquet`: the first two columns of a file.

All are directed and keep loops and parallel edges. Kernels that need another kind of graph get it made of these:
`dir` without loops and parallel edges, `sym` the same without direction (every edge once), `symw` with weights 1 to
255.
"""

import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DEBIAN = Path(__file__).resolve().parents[2] / "examples" / "data" / "debian-bookworm-dependencies.parquet"
EDGES_PER_VERTEX = 16
CHUNK = 1 << 22  # edges drawn at a time
SEED = 20_260_101


class Graph:
    """One graph: `n`, the `sources` of searches, and the Parquet file `path` with the columns `columns`, whose ids are
    strings in `deb`. `arrays(kind)` gives its edges."""

    def __init__(self, name, folder):
        """Makes the graph in `folder`/`name` unless it is there."""
        self.name, self.folder = name, Path(folder) / Path(name).stem
        if not (self.folder / "meta.json").exists():
            _write(name, self.folder)
        meta = json.loads((self.folder / "meta.json").read_text())
        self.n, self.edges, self.sources, self.columns = (meta[k] for k in ("n", "edges", "sources", "columns"))
        self.path = _file(name) or str(self.folder / "edges.parquet")

    def arrays(self, kind):
        """The int64 arrays (source, target) of `raw`, `dir` or `sym`, or (source, target, weight) of `symw`."""
        stems = {"raw": ("source", "target"), "symw": ("sym_source", "sym_target", "sym_weight")}
        stems = stems.get(kind, (f"{kind}_source", f"{kind}_target"))
        return [np.load(self.folder / f"{stem}.npy") for stem in stems]


def encode(path, columns):
    """(source, target, names) of a Parquet file of edges, for tools that need positions: integer ids as they are, with
    names None; other ids numbered by first appearance."""
    table = pq.read_table(path, columns=columns)
    source, target = (table[column] for column in columns)
    if pa.types.is_integer(source.type):
        return source.to_numpy().astype(np.int64), target.to_numpy().astype(np.int64), None
    codes = pa.chunked_array([*source.chunks, *target.chunks]).combine_chunks().dictionary_encode()
    positions = codes.indices.to_numpy().astype(np.int64)
    return positions[: len(source)], positions[len(source) :], codes.dictionary


def _file(name):
    return str(DEBIAN) if name == "deb" else name if name.endswith(".parquet") else None


def _write(name, folder):
    match = re.fullmatch(r"(kron|urand|grid)(\d+)", name)
    path = _file(name)
    if not match and not path:
        raise SystemExit(f"unknown graph '{name}': kron<S>, urand<S>, grid<N>, deb or a Parquet file")
    folder.mkdir(parents=True, exist_ok=True)
    if path:
        columns = pq.read_schema(path).names[:2]
        source, target, names = encode(path, columns)
        source, target = source.astype(np.int64), target.astype(np.int64)
        n = int(max(source.max(), target.max())) + 1 if names is None else len(names)
    else:
        columns = ["source", "target"]
        rng = np.random.default_rng(SEED)
        n, source, target = {"kron": _kron, "urand": _urand, "grid": _grid}[match[1]](int(match[2]), rng)
        pq.write_table(pa.table({"source": source, "target": target}), folder / "edges.parquet", use_dictionary=False)
    rng = np.random.default_rng(SEED + 1)
    keep = {"source": source, "target": target}
    plain = source != target
    keys = np.unique(source[plain] * n + target[plain])
    keep |= {"dir_source": keys // n, "dir_target": keys % n}
    low, high = np.minimum(*divmod(keys, n)), np.maximum(*divmod(keys, n))
    keys = rng.permutation(np.unique(low * n + high))
    keep |= {"sym_source": keys // n, "sym_target": keys % n, "sym_weight": rng.integers(1, 256, len(keys))}
    for stem, values in keep.items():
        np.save(folder / f"{stem}.npy", values)
    # As the GAP benchmark suite draws them: any vertices with an edge.
    inside = np.unique(np.concatenate([low, high]))
    sources = rng.choice(inside, min(5, len(inside)), replace=False).tolist()
    meta = {"n": n, "edges": len(source), "sources": sources, "columns": columns}
    (folder / "meta.json").write_text(json.dumps(meta))


def _kron(scale, rng):
    """R-MAT: each bit of an edge falls into a quadrant; the ids are then shuffled."""
    a, b, c = 0.57, 0.19, 0.19
    n, m = 1 << scale, EDGES_PER_VERTEX << scale
    source, target = np.zeros(m, np.int64), np.zeros(m, np.int64)
    for low in range(0, m, CHUNK):
        s, t = source[low : low + CHUNK], target[low : low + CHUNK]
        for _ in range(scale):
            r = rng.random(len(s), dtype=np.float32)
            s <<= 1
            t <<= 1
            s |= r >= a + b
            t |= ((r >= a) & (r < a + b)) | (r >= a + b + c)
    shuffled = rng.permutation(n)
    return n, shuffled[source], shuffled[target]


def _urand(scale, rng):
    n, m = 1 << scale, EDGES_PER_VERTEX << scale
    return n, rng.integers(0, n, m), rng.integers(0, n, m)


def _grid(side, rng):
    cells = np.arange(side * side, dtype=np.int64).reshape(side, side)
    one = np.concatenate([cells[:, :-1].ravel(), cells[:-1].ravel()])
    other = np.concatenate([cells[:, 1:].ravel(), cells[1:].ravel()])
    source, target = np.concatenate([one, other]), np.concatenate([other, one])
    kept = rng.permutation(np.flatnonzero(rng.random(len(source)) < 0.9))
    return side * side, source[kept], target[kept]
