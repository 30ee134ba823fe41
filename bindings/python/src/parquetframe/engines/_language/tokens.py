"""The tokens of an expression's text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ...exceptions import InvalidArgumentError, UnsupportedError

MAX_TEXT = 1 << 20

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)
  | (?P<word>[^\W\d]\w*)
  | (?P<symbol>::|<=>|<>|!=|<=|>=|==|=>|\|\||//|!~|[-+*/%=<>~(),.])
    """,
    re.VERBOSE,
)
_UNCLOSED = {
    "'": "the string that begins here does not end",
    '"': "the quoted name that begins here does not end",
    "`": "the quoted name that begins here does not end",
    "/": "the comment does not end",
}
# What stands for something in SQL, but not in this language.
_FOREIGN = {
    "[": "arrays and subscripts",
    "{": "literals of structs and maps",
    "$": "parameters",
    "?": "parameters",
    "^": "the operator ^; write power(a, b)",
    "&": "operators on bits",
    "|": "operators on bits",
    "#": "operators on bits",
    "@": "the operator @",
}
RESERVED = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "IS",
        "IN",
        "BETWEEN",
        "LIKE",
        "ILIKE",
        "RLIKE",
        "REGEXP",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "NULL",
        "TRUE",
        "FALSE",
        "AS",
        "DISTINCT",
        "FROM",
        "FOR",
        "WHERE",
        "SELECT",
        "CAST",
        "TRY_CAST",
    ]
)


@dataclass(frozen=True)
class Position:
    """Where something stands in a text, both from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True)
class Token:
    """`kind`: "number", "string", "quoted", "word", "symbol" or "end". `text`: without quotes; `upper`:
    that of a word that is not quoted, in capitals.
    """

    kind: str
    text: str
    at: Position
    upper: str = ""

    def __str__(self) -> str:
        if self.kind == "end":
            return "end of text"
        short = self.text if len(self.text) <= 40 else f"{self.text[:40]}…"
        return f"the string '{short}'" if self.kind == "string" else f"'{short}'"

    @property
    def is_name(self) -> bool:
        """Whether it can name a column."""
        return self.kind == "quoted" or (self.kind == "word" and self.upper not in RESERVED)


def syntax(at: Position, message: str) -> InvalidArgumentError:
    """What is no expression."""
    return InvalidArgumentError(f"syntax error at {at}: {message}")


def unsupported(at: Position, what: str) -> UnsupportedError:
    """What this engine does not know."""
    return UnsupportedError(f"not supported by the pandas engine at {at}: {what}")


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, the last of which is its end.

    Raises InvalidArgumentError for a text that is too long and for what is no token.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT:
        raise InvalidArgumentError(f"the text of an expression may be {MAX_TEXT} bytes long")
    tokens: list[Token] = []
    place, line, line_start = 0, 1, 0
    before: Any = None
    while place < len(text):
        at = Position(line, place - line_start + 1)
        found = _TOKEN.match(text, place)
        if (
            found is None
            or found.lastgroup is None
            or (text.startswith("/*", place) and found["blank"] is None)
        ):
            raise _no_token(text, place, at)
        kind, body = found.lastgroup, found.group()
        if kind == "blank" and "/*" in body[2:] and body.startswith("/*"):
            raise unsupported(at, "comments inside comments")
        if before is not None and before.end() == place:
            _check_neighbours(before, kind, body, tokens[-1].at)
        line += body.count("\n")
        if "\n" in body:
            line_start = place + body.rindex("\n") + 1
        place = found.end()
        before = found if kind != "blank" else None
        if kind != "blank":
            tokens.append(_token(kind, body, at))
    tokens.append(Token("end", "", Position(line, place - line_start + 1)))
    return tokens


def _token(kind: str, body: str, at: Position) -> Token:
    if kind in ("string", "quoted"):
        quote = body[0]
        return Token(kind, body[1:-1].replace(quote * 2, quote), at)
    return Token(kind, body, at, body.upper() if kind == "word" else "")


def _check_neighbours(before: Any, kind: str, body: str, at: Position) -> None:
    """Two tokens without a blank between them that mean something else than both."""
    if before.lastgroup == "number" and (kind in ("word", "number") or body == "."):
        raise syntax(at, f"'{before.group()}' is followed by what belongs to no number")
    if before.lastgroup == "word" and kind == "string":
        raise unsupported(at, f"strings with {before.group()} before them")


def _no_token(text: str, place: int, at: Position) -> Exception:
    first = text[place]
    if first in _UNCLOSED:
        return syntax(at, _UNCLOSED[first])
    if first in _FOREIGN:
        return unsupported(at, _FOREIGN[first])
    return syntax(at, f"expected an expression, found '{first}'")
