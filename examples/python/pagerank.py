"""From a Parquet file of edges to ranks, components and distances: the packages of Debian."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import parquetframe as pf

DATA = Path(__file__).resolve().parents[1] / "data" / "debian-bookworm-dependencies.parquet"


def run(path: Path, engine: str | None) -> float:
    """The whole job on one engine; returns its seconds."""
    start = time.perf_counter()
    edges = pf.read_parquet(path, engine=engine)
    graph = pf.GraphFrame.from_edges(edges, source="package", target="depends_on", engine=engine)
    ranks = graph.pagerank(top=10)
    components = graph.connected_components()
    reached = graph.bfs(source="bash")
    seconds = time.perf_counter() - start

    print(f"{graph} on {ranks.engine_name}")
    print("\nTop 10 by PageRank")
    for place, row in enumerate(ranks.pandas_df.itertuples(), start=1):
        print(f"{place:2d}  {row.vertex:<20s} {row.rank:.10f}")
    sizes = components.pandas_df["component_id"].value_counts()
    largest = ", ".join(f"{size:,}" for size in sizes.head(5))
    print(f"\n{len(sizes):,} components, the largest five: {largest}")
    print(f"bash reaches {len(reached) - 1:,} other packages")
    print(f"{seconds:.3f} s\n")
    return seconds


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    # Importing pandas and pyarrow is no part of the job.
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    first = run(path, None)
    second = run(path, "pandas")
    print(f"best engine {first:.3f} s, pandas {second:.3f} s: {second / first:.1f} times as long")
    print(pf.stats())
    return 0


if __name__ == "__main__":
    sys.exit(main())
