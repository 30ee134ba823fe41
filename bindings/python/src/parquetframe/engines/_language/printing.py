"""The tree as text, as the library writes it: what a column without a name is called."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ...expressions import quoted
from . import grammar
from .grammar import AND, COMPARISON, IS, MATCH, NOT, OR, SIGN
from .literals import literal
from .tokens import RESERVED
from .tree import Call, Cast, Literal, Name, Node
from .types import NAMES, STRING

_WHOLE = grammar.CAST + 1
_INFIX = {
    "distinct_from": ("IS DISTINCT FROM", IS),
    "not_distinct_from": ("IS NOT DISTINCT FROM", IS),
    "like": ("LIKE", MATCH),
    "ilike": ("ILIKE", MATCH),
    **{
        name: (symbol, level)
        for symbol, (name, level) in grammar.SYMBOLS.items()
        if symbol not in ("==", "!=")
    },
}
_POSTFIX = {
    f"is_{'not_' * negated}{what}": f"IS {'NOT ' * negated}{what.upper()}"
    for what in ("null", "true", "false")
    for negated in (0, 1)
}
_NEGATABLE = ("in", "between", "like", "ilike")


def text_of(node: Node, least: int = 0) -> str:
    """The text of an expression, in brackets where it holds its operands less tightly than `least`."""
    level, text = _written(node)
    return text if level >= least else f"({text})"


def _written(node: Node) -> tuple[int, str]:
    if isinstance(node, Name):
        return _WHOLE, ".".join(_name(part) for part in node.path)
    if isinstance(node, Literal):
        return _WHOLE, _literal(node)
    if isinstance(node, Cast):
        kind = NAMES.get(node.to)
        to = node.to if kind is None else "utf8" if kind == STRING else kind.name
        return _WHOLE, f"{'TRY_CAST' if node.or_null else 'CAST'}({text_of(node.value)} AS {to})"
    assert isinstance(node, Call)
    if not _is_plain(node):
        return _WHOLE, _call(node)
    if node.name == "not" and len(node.arguments) == 1:
        inner = node.arguments[0]
        if isinstance(inner, Call) and inner.name in _NEGATABLE and _is_plain(inner):
            return _operator(inner, True) or (_WHOLE, _call(inner))
        return NOT, f"NOT {text_of(inner, NOT)}"
    return _operator(node, False) or (_WHOLE, _call(node))


def _is_plain(node: Call) -> bool:
    return not node.named and not node.distinct and node.where is None


def _operator(node: Call, negated: bool) -> tuple[int, str] | None:
    """An operator with its level; None for what is written as a call."""
    name, parts, word = node.name, node.arguments, "NOT " if negated else ""
    if name in ("and", "or") and len(parts) > 1:
        level = AND if name == "and" else OR
        return level, f" {name.upper()} ".join(text_of(part, level + 1) for part in parts)
    if name == "neg" and len(parts) == 1:
        return SIGN, f"-{text_of(parts[0], SIGN + 1)}"
    if name == "between" and len(parts) == 3:
        low, high = (text_of(part, MATCH + 1) for part in parts[1:])
        return MATCH, f"{text_of(parts[0], MATCH)} {word}BETWEEN {low} AND {high}"
    if name == "in" and len(parts) > 1:
        return MATCH, f"{text_of(parts[0], MATCH)} {word}IN ({_list(parts[1:])})"
    if name == "case" and len(parts) > 2 and len(parts) % 2:
        return _WHOLE, _case(parts)
    if name in _POSTFIX and len(parts) == 1:
        return IS, f"{text_of(parts[0], IS)} {_POSTFIX[name]}"
    is_escaped = name in ("like", "ilike") and len(parts) == 3
    if name not in _INFIX or not (len(parts) == 2 or is_escaped):
        return None
    symbol, level = _INFIX[name]
    # Comparisons do not chain.
    left = text_of(parts[0], level + (level == COMPARISON))
    text = f"{left} {word}{symbol} {text_of(parts[1], level + 1)}"
    return level, f"{text} ESCAPE {text_of(parts[2], MATCH + 1)}" if is_escaped else text


def _case(parts: Sequence[Node]) -> str:
    pairs = zip(parts[:-1:2], parts[1::2], strict=True)
    text = "".join(f" WHEN {text_of(condition)} THEN {text_of(value)}" for condition, value in pairs)
    last = parts[-1]
    is_null = isinstance(last, Literal) and last.kind == "null"
    return f"CASE{text}{'' if is_null else f' ELSE {text_of(last)}'} END"


def _list(parts: Sequence[Node]) -> str:
    return ", ".join(text_of(part) for part in parts)


def _call(node: Call) -> str:
    parts = [text_of(part) for part in node.arguments]
    parts += [f"{_name(name)} => {text_of(value)}" for name, value in node.named]
    inside = ", ".join(parts)
    if node.name == "count" and not inside:
        inside = "*"
    where = "" if node.where is None else f" FILTER (WHERE {text_of(node.where)})"
    return f"{_name(node.name)}({'DISTINCT ' if node.distinct else ''}{inside}){where}"


def _name(name: str) -> str:
    is_plain = name.isascii() and name.isidentifier() and name.upper() not in RESERVED
    return name if is_plain and name.lower() not in ("both", "leading", "trailing") else quoted(name)


def _literal(node: Literal) -> str:
    if node.kind == "string":
        return "'" + node.text.replace("'", "''") + "'"
    if node.kind not in ("date", "timestamp"):
        return node.text
    column = literal(node)
    value, kind = int(column.values[0]), column.type
    if node.kind == "date":
        return f"DATE '{datetime.date.fromordinal(value + 719_163).isoformat()}'"
    seconds, rest = divmod(value, 10**9 if kind.unit == "ns" else 10**6)
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    fraction = f".{rest:09}" if kind.unit == "ns" else f".{rest:06}" if rest else ""
    return f"TIMESTAMP '{at.isoformat(sep=' ')}{fraction}{'' if kind.zone is None else 'Z'}'"
