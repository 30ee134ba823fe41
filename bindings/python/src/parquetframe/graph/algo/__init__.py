"""The algorithms, a file each: one public function, and what runs it on Rust and on pandas."""

from .components import connected_components
from .degree import MODES, degree, degree_of
from .pagerank import pagerank
from .traversal import bfs

__all__ = ["MODES", "bfs", "connected_components", "degree", "degree_of", "pagerank"]
