"""The Rust crate `petgraph`: adjacency by linked edges, one thread."""

from adapters import rust


class Peer(rust.Peer):
    name = "petgraph"
    kernels = ("build", "bfs", "wcc", "scc", "sssp")
    notes = {"sssp": "Dijkstra"}
