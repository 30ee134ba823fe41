"""The kernels of the comparison, in the order in which they run: the kind of graph each one runs on (see graphs.py) and
whether it runs once per source."""

KERNELS = {
    "build": ("raw", False),
    "bfs": ("sym", True),
    "bfs_tree": ("sym", True),
    "wcc": ("sym", False),
    "triangles": ("sym", False),
    "kcore": ("sym", False),
    "bc4": ("sym", False),
    "sssp": ("symw", True),
    "pagerank20": ("dir", False),
    "pagerank_tol": ("dir", False),
    "scc": ("dir", False),
    "e2e": ("raw", False),
}
