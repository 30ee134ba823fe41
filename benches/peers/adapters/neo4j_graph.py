"""The Rust crate `graph` of Neo4j: parallel, float32 in PageRank."""

from adapters import rust


class Peer(rust.Peer):
    name = "neo4j_graph"
    kernels = ("build", "wcc", "triangles", "sssp", "pagerank20", "pagerank_tol")
    notes = {
        "build": "both directions",
        "wcc": "nothing to check",
        "pagerank20": "float32; the mass of dangling vertices is dropped",
        "pagerank_tol": "as pagerank20",
        "triangles": "relabelling by degree beforehand is not measured",
        "sssp": "delta 16",
    }
