"""Graphs: built from edges, asked by algorithms, on Rust or pandas."""

from . import algo
from .frame import GraphFrame

__all__ = ["GraphFrame", "algo"]
