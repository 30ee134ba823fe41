"""The functions of the second version's extension module: graph kernels on NumPy arrays of positions, and
what Parquet files say of themselves.

Arrays that do not fit together are a ValueError that says "length", a position that is no vertex one that
says "vertex", a file that is not there one that says "File not found". Without the library, and where it is
disabled, all are an `UnsupportedError`, which is a RuntimeError.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import numpy as np

from .backends.rust_backend import get_rust_version as rust_version
from .backends.rust_backend import is_rust_available as rust_available
from .exceptions import InternalError, InvalidArgumentError, NotFoundError
from .graph import _kernels

__all__ = [
    "bfs_rust",
    "build_csc_rust",
    "build_csr_rust",
    "connected_components_rust_py",
    "dfs_rust",
    "dijkstra_rust_py",
    "get_parquet_column_names_rust",
    "get_parquet_column_stats_rust",
    "get_parquet_row_count_rust",
    "graph_test",
    "io_fastpaths_available",
    "pagerank_rust_py",
    "read_parquet_fast",
    "read_parquet_metadata_rust",
    "rust_available",
    "rust_version",
]


def graph_test() -> str:
    """Searches a graph of three vertices, and says that the graph kernels work."""
    distances, _ = bfs_rust(np.array([0, 1, 2, 2]), np.array([1, 2]), 3, np.array([0]), None)
    if distances.tolist() != [0, 1, 2]:
        raise InternalError(f"a search of a path of three vertices gave the distances {distances.tolist()}")
    return f"graph kernels of libparquetframe {rust_version()} work"


def build_csr_rust(
    src: Any, dst: Any, num_vertices: int, weights: Any = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Outgoing edges as (indptr int64, indices int32, weights float64 or None), as ordered within a row."""
    return _narrow(_kernels.build(src, dst, num_vertices, weights, ("src", "dst")))


def build_csc_rust(
    src: Any, dst: Any, num_vertices: int, weights: Any = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Incoming edges, as `build_csr_rust`."""
    return _narrow(_kernels.build(dst, src, num_vertices, weights, ("dst", "src")))


def bfs_rust(
    indptr: Any, indices: Any, num_vertices: int, sources: Any, max_depth: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Distances and predecessors from the nearest source, int32, -1 where not reached: everywhere without
    sources.
    """
    distances, predecessors = _kernels.bfs(
        _kernels.graph_of(indptr, indices, num_vertices), sources, max_depth
    )
    return _int32(distances), _int32(predecessors)


def dfs_rust(
    indptr: Any, indices: Any, num_vertices: int, source: int, max_depth: int | None = None
) -> np.ndarray:
    """The vertices in the order of a depth-first search, which visits neighbours in their order in
    `indices`, int32; those farther than `max_depth` stay out.
    """
    return _int32(_kernels.dfs(indptr, indices, num_vertices, source, max_depth))


def pagerank_rust_py(
    indptr: Any,
    indices: Any,
    num_vertices: int,
    alpha: float = 0.85,
    tol: float = 1e-6,
    max_iter: int = 100,
    personalization: Any = None,
) -> np.ndarray:
    """The rank of every vertex, float64; `personalization` is a weight per vertex."""
    graph = _kernels.graph_of(indptr, indices, num_vertices)
    return _kernels.pagerank(graph, alpha, tol, max_iter, personalization)


def dijkstra_rust_py(
    indptr: Any, indices: Any, num_vertices: int, sources: Any, weights: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Distances (float64, inf where not reached) and predecessors (int32, -1) from the nearest source.

    Of parallel edges the least weight counts. Negative weights are a ValueError.
    """
    values = _kernels.numbers("weights", weights)
    if (values < 0).any():
        raise InvalidArgumentError("Dijkstra's algorithm requires non-negative edge weights")
    graph = _kernels.graph_of(indptr, indices, num_vertices, values)
    distances, predecessors = _kernels.dijkstra(graph, sources)
    return distances, _int32(predecessors)


def connected_components_rust_py(
    sources: Any, targets: Any, num_vertices: int, directed: bool = False
) -> np.ndarray:
    """The weakly connected component of every vertex, int64: 0, 1, … by first vertex.

    `directed` changes nothing.
    """
    return _kernels.connected_components(sources, targets, num_vertices)


def _narrow(
    built: tuple[np.ndarray, np.ndarray, np.ndarray | None],
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    indptr, indices, weights = built
    return indptr, _int32(indices), weights


def _int32(values: np.ndarray) -> np.ndarray:
    if len(values) and values.max() > np.iinfo(np.int32).max:
        raise InvalidArgumentError(f"vertex {values.max()} does not fit into 32 bits")
    return values.astype(np.int32)


# ---- Parquet files ----

Path = str | os.PathLike[str]


def io_fastpaths_available() -> bool:
    """Whether files can be read on Rust."""
    from ._engines import why_not_rust

    return why_not_rust("io") is None


def read_parquet_metadata_rust(path: Path) -> dict[str, Any]:
    """`num_rows`, `num_row_groups`, `num_columns`, `file_size_bytes`, `version`, `column_names` and
    `column_types` (physical, in capitals) of a Parquet file.
    """
    counts, columns = _metadata(path, "counts"), _metadata(path, "schema")
    return {
        "num_rows": counts["num_rows"][0],
        "num_row_groups": counts["num_row_groups"][0],
        "num_columns": counts["num_columns"][0],
        "file_size_bytes": counts["file_size"][0],
        "version": counts["version"][0],
        "column_names": columns["column"],
        "column_types": columns["physical_type"],
    }


def get_parquet_row_count_rust(path: Path) -> int:
    """The number of rows of a Parquet file."""
    return int(_metadata(path, "counts")["num_rows"][0])


def get_parquet_column_names_rust(path: Path) -> list[str]:
    """The names of the leaf columns of a Parquet file."""
    names: list[str] = _metadata(path, "schema")["column"]
    return names


def get_parquet_column_stats_rust(path: Path) -> list[dict[str, Any]]:
    """For each leaf column `name`, `null_count`, `distinct_count`, `min_value` and `max_value` over all row
    groups, in Python's types; None for what the statistics of any row group do not say.
    """
    found = _metadata(path, "statistics")
    return [
        {
            "name": name,
            "null_count": _over(found[f"{name}.null_count"], sum),
            "distinct_count": None,
            "min_value": _over(found[f"{name}.min"], min),
            "max_value": _over(found[f"{name}.max"], max),
        }
        for name in get_parquet_column_names_rust(path)
    ]


def read_parquet_fast(
    path: Path, columns: Iterable[str] | None = None, row_groups: Iterable[int] | None = None
) -> bytes:
    """Some columns and row groups of a Parquet file (None: all) as an Arrow IPC stream."""
    import pyarrow as pa

    from .io.scan import scan_parquet

    reader = pa.RecordBatchReader.from_stream(
        _found(lambda: scan_parquet(path, columns, row_groups=row_groups, hive="off"))
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def _metadata(path: Path, kind: str) -> dict[str, list[Any]]:
    from .io.metadata import parquet_metadata

    return _found(lambda: parquet_metadata(path, kind)).to_pydict()


def _found(read: Any) -> Any:
    """What `read` gives; a file that is not there is a ValueError here."""
    try:
        return read()
    except NotFoundError as error:
        raise InvalidArgumentError(error.message) from error


def _over(values: list[Any], function: Any) -> Any:
    known = [value for value in values if value is not None]
    return function(known) if known and len(known) == len(values) else None
