"""One module per peer, each with a class `Peer`: how that tool does each kernel.

class Peer:
    version: str
    notes: dict[str, str]            kernel -> what it does otherwise than the contract below

    __init__(threads)
    build(source, target, n)         the tool's graph of int64 arrays in memory: directed, n vertices, all edges kept
    make(kind, source, target[, weight], n)
                                     not measured: the graph for the kernels below, directed for `dir`; both
                                     directions may be made ready
    bfs(graph, source)               distances along the edges;     check: vertices reached
    bfs_tree(graph, source)          distances and predecessors;    check: vertices reached
    wcc(graph)                       components;                    check: the size of the largest
    triangles(graph)                 their number;                  check: it
    kcore(graph)                     core numbers;                  check: the greatest
    bc4(graph, sources)              Brandes from four sources;     check: the vertex of the greatest value
    sssp(graph, source)              weighted distances;            check: the greatest that is finite
    pagerank20(graph)                20 iterations, damping .85;    check: the vertex of highest rank
    pagerank_tol(graph)              to an L1 change < 1e-6;        check: the vertex of highest rank
    scc(graph)                       strong components;             check: the size of the largest
    e2e(path, columns)               Parquet file -> ten vertices of highest rank (L1 change < 1e-6);   check: the first

A kernel that a tool cannot offer is left out. All but `build` and `make` return a function that computes the value to
check from the result in the tool's own form: it is called after the clock has stopped. A tool that is no Python module
has `outside(kernel, graph, repeats, limit)` instead, which runs a program and returns its `seconds`, `mb` and `check`.
"""
