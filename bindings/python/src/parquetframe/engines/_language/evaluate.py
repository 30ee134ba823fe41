"""The value of a tree over the columns of a table."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...exceptions import InvalidArgumentError, UnsupportedError, WrongTypeError
from . import aggregates, functions, operators
from .catalogue import AGGREGATES, ARITHMETIC, COMPARISON, FUNCTIONS, IS_WHAT, function_name
from .columns import Column, cast, column_of, converted, scalar
from .literals import literal
from .tokens import unsupported
from .tree import Call, Cast, Literal, Name, Node
from .types import BOOL, INT64, NAMES, NULL


def children(node: Node) -> Iterator[Node]:
    """The parts of a node."""
    if isinstance(node, Call):
        yield from node.arguments
        yield from (value for _, value in node.named)
        if node.where is not None:
            yield node.where
    elif isinstance(node, Cast):
        yield node.value


def check_grouping(node: Node) -> None:
    """Raises InvalidArgumentError for a column that does not stand inside an aggregate."""
    if isinstance(node, Name):
        name = ".".join(node.path)
        raise InvalidArgumentError(f"column '{name}' at {node.at} must stand inside an aggregate")
    if isinstance(node, Call) and function_name(node.name, node.at) in AGGREGATES:
        return
    for child in children(node):
        check_grouping(child)


@dataclass
class Evaluator:
    """Computes expressions over a table.

    `data`: names and arrays. `rows`: how many. `nan_is_null`: NaN in columns is missing. `overflow`: "error",
    "null" or "wrap". `where`: the rows that aggregates count, None for all.
    """

    data: Mapping[str, Any]
    rows: int
    nan_is_null: bool
    overflow: str
    where: np.ndarray | None = None

    def __post_init__(self) -> None:
        self._columns: dict[str, Column] = {}
        # Whether rows may do without what is being computed, so that a literal that fails is no error yet.
        self._lazy = False

    @property
    def _null(self) -> bool:
        return self.overflow != "error"

    def columns(self, nodes: Sequence[Node], rows: int) -> list[Column]:
        """The values of expressions; one for all rows where it is made of literals and aggregates.

        `rows`: of the result. Raises what is wrong with types and literals of any of them before what is
        wrong with values.
        """
        made = [self.value(node) for node in nodes]
        for fault in (fault for column in made for fault in column.faults):
            if fault.rows.any() and (rows or fault.of != "row"):
                raise fault.error(int(np.argmax(fault.rows)))
        return made

    def truths(self, node: Node, text: str) -> np.ndarray:
        """The rows for which a condition is true. Raises WrongTypeError for what is not boolean."""
        (made,) = self.columns([node], self.rows)
        if made.type not in (BOOL, NULL):
            raise WrongTypeError(f"a condition is boolean, not {made.type.name}: {text}")
        return np.broadcast_to(made.known & made.values, self.rows)

    def value(self, node: Node, inside: str | None = None) -> Column:
        """The same with faults, which stand for what may turn out not to be needed."""
        if isinstance(node, Literal):
            return literal(node)
        if isinstance(node, Name):
            return self._column(node)
        if isinstance(node, Cast):
            made = self._cast(node, inside)
        else:
            assert isinstance(node, Call)
            made = self._call(node, inside)
        if not self._lazy:
            for fault in made.faults:
                if fault.of == "literal":
                    raise fault.error(0)
        return made

    def _lazily(self, node: Node, inside: str | None, lazy: bool = True) -> Column:
        """The value of what rows may not need."""
        before, self._lazy = self._lazy, self._lazy or lazy
        try:
            return self.value(node, inside)
        finally:
            self._lazy = before

    def _column(self, node: Name) -> Column:
        name = node.path[0]
        if name not in self.data:
            near = difflib.get_close_matches(".".join(node.path), list(self.data), 3)
            names = list(self.data)
            shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
            hint = f"nearest: {', '.join(near)}" if near else f"columns: {shown}"
            raise InvalidArgumentError(f"unknown column '{name}' at {node.at}; {hint}")
        if len(node.path) > 1:
            raise unsupported(node.at, "fields of structs; a name with a point in it stands in quotes")
        if name not in self._columns:
            self._columns[name] = column_of(self.data[name], name, self.nan_is_null)
        return self._columns[name]

    def _cast(self, node: Cast, inside: str | None) -> Column:
        to = NAMES.get(node.to)
        if to is None:
            raise unsupported(node.at, f"conversion to {node.to}")
        return cast(self.value(node.value, inside), to, node.or_null)

    def _call(self, node: Call, inside: str | None) -> Column:
        name = function_name(node.name, node.at)
        who = f"{name} at {node.at}"
        if name in AGGREGATES:
            return self._aggregate(node, name, who, inside)
        if node.distinct or node.where is not None:
            what = "DISTINCT" if node.distinct else "FILTER"
            raise InvalidArgumentError(f"{who}: {what} is for aggregates only")
        parts = _arranged(node, FUNCTIONS[name], who)
        if name == "neg" and isinstance(parts[0], Literal) and parts[0].kind == "number":
            return literal(parts[0], negative=True)
        is_lazy = name in ("and", "or", "case", "coalesce")
        arguments = [self._lazily(part, inside, is_lazy and i > 0) for i, part in enumerate(parts)]
        return self._row_function(name, arguments, who)

    def _row_function(self, name: str, arguments: Sequence[Column], who: str) -> Column:
        null, first = self._null, arguments[0]
        if name in ("and", "or"):
            return operators.connective(arguments, name == "or", who)
        if name in ARITHMETIC:
            return operators.arithmetic(name, first, arguments[1], who, self.overflow)
        if name in COMPARISON:
            return operators.compared(name, first, arguments[1], who, null)
        if name in IS_WHAT:
            return operators.is_what(name, first, who)
        if name in ("distinct_from", "not_distinct_from"):
            return operators.distinct(first, arguments[1], who, null, name.startswith("not"))
        if name in ("like", "ilike"):
            return functions.like(arguments, who, name == "ilike")
        if name in ("floor", "ceil"):
            return functions.whole(name, first, who)
        several = {
            "between": operators.between,
            "in": operators.member,
            "case": functions.case,
            "coalesce": functions.coalesce,
            "nullif": functions.nullif,
        }
        if name in several:
            return several[name](arguments, who, null)
        if name == "neg":
            return operators.negative(first, who, self.overflow)
        if name == "abs":
            return functions.absolute(first, who, self.overflow)
        if name == "not":
            return operators.negation(first, who)
        if name == "round":
            return functions.rounded(arguments, who)
        if name == "concat":
            return operators.concatenated(arguments, who)
        return functions.string_function(name, arguments, who)

    def _aggregate(self, node: Call, name: str, who: str, inside: str | None) -> Column:
        if inside is not None:
            raise InvalidArgumentError(f"{who}: an aggregate cannot stand inside another ({inside})")
        if node.distinct and name not in ("min", "max", "any", "all", "count_distinct"):
            if name != "count" or not node.arguments:
                raise UnsupportedError(f"{who}: DISTINCT is only there for count, min and max")
            name = "count_distinct"
        parts = _arranged(node, AGGREGATES[name], who)
        filtered = node.where is not None
        arguments = [self._lazily(part, name, filtered) for part in parts]
        rows = np.ones(self.rows, bool) if self.where is None else self.where
        faults: tuple[Any, ...] = ()
        if node.where is not None:
            condition = self.value(node.where, name)
            if condition.type not in (BOOL, NULL):
                text = f"{who}: FILTER cannot take {condition.type.name}; takes boolean"
                raise WrongTypeError(text)
            condition = converted(condition, BOOL)
            faults = tuple(aggregates.certain(condition.faults, rows, False))
            rows = rows & condition.known & condition.values
        if not arguments:
            return scalar(INT64, int(rows.sum()), faults=faults)
        ddof = arguments[1] if len(arguments) > 1 else None
        made = aggregates.aggregated(name, arguments[0], rows, filtered, ddof, who, self.overflow)
        return replace(made, faults=(*faults, *made.faults))


def _arranged(node: Call, parameters: Sequence[str], who: str) -> list[Node]:
    """The arguments in the order of the parameters."""
    names = [parameter.rstrip("=…") for parameter in parameters]
    repeats = parameters[-1].endswith("…")
    least = sum(not parameter.endswith("=") for parameter in parameters)
    parts: list[Node] = list(node.arguments)
    for name, value in node.named:
        if name not in names:
            raise InvalidArgumentError(f"{who}: unknown parameter '{name}'; parameters: {', '.join(names)}")
        place = names.index(name)
        if place < len(parts):
            raise InvalidArgumentError(f"{who}: parameter '{name}' is given twice")
        if place > len(parts):
            raise InvalidArgumentError(
                f"{who}: takes {', '.join(names)}, but '{names[len(parts)]}' is missing"
            )
        parts.append(value)
    if len(parts) < least or (len(parts) > len(parameters) and not repeats):
        count = f"at least {least}" if repeats else str(least)
        if least < len(parameters) and not repeats:
            count = f"{least} to {len(parameters)}"
        raise InvalidArgumentError(f"{who}: takes {count} arguments ({', '.join(names)}), not {len(parts)}")
    return parts
