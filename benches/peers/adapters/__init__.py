"""One module per peer, each with a class `Peer`: how that tool does each kernel.

class Peer:
    version: str
    notes: dict[str, str]            kernel -> what it does otherwise than the contract below

    __init__(threads)
    build(source, target, n)         the tool's graph of int64 arrays in memory: directed, n vertices, all edges kept
    bfs(graph, source)               distances along the edges;    check: vertices reached
    bfs_tree(graph, source)          distances and predecessors;   check: vertices reached
    pagerank20(graph)                20 iterations, damping .85;   check: the vertex of highest rank
    wcc(graph)                       weak components;              check: the size of the largest
    e2e(path, columns)               Parquet file -> ten vertices of highest rank (L1 change < 1e-6);   check: the first

A kernel that a tool cannot offer is left out. All but `build` return a function that computes the value to check from
the result in the tool's own form: it is called after the clock has stopped.
"""
