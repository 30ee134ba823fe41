"""Graphs in folders of files."""

from .graphar import GraphArReader

__all__ = ["GraphArReader"]
