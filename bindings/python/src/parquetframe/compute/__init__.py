"""Expressions and functions over columns."""

from ._functions import *  # noqa: F403
from ._tables import aggregate, evaluate, functions, schema
