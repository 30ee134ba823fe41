"""The tree of an expression."""

from __future__ import annotations

from dataclasses import dataclass, field

from .tokens import Position


@dataclass(frozen=True)
class Node:
    """A part of an expression, and where it stands."""

    at: Position

    @property
    def depth(self) -> int:
        """How many levels it has."""
        return 1


@dataclass(frozen=True)
class Name(Node):
    """A column; further parts of the path are fields of structs."""

    path: tuple[str, ...]


@dataclass(frozen=True)
class Literal(Node):
    """`kind`: "null", "boolean", "number", "string", "date" or "timestamp"; `text`: as it is written."""

    kind: str
    text: str


@dataclass(frozen=True)
class Call(Node):
    """A function or operator by its name; AND and OR have as many arguments as their chain."""

    name: str
    arguments: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...] = ()
    distinct: bool = False
    where: Node | None = None
    levels: int = field(default=0, compare=False)

    @property
    def depth(self) -> int:
        """How many levels it has."""
        return self.levels


@dataclass(frozen=True)
class Cast(Node):
    """A conversion to a type by its name."""

    value: Node
    to: str
    or_null: bool
    levels: int = field(default=0, compare=False)

    @property
    def depth(self) -> int:
        """How many levels it has."""
        return self.levels
