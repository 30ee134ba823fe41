"""The grammar: text to a tree. Precedence is that of the library's grammar, which is not that of any SQL
dialect: IS binds less than =, comparisons do not chain, NOT may stand behind an operator.
"""

from __future__ import annotations

from .catalogue import function_name
from .tokens import Position, Token, syntax, tokens_of, unsupported
from .tree import Call, Cast, Literal, Name, Node

# How tightly something holds its operands, as the library's table of operators says.
OR, AND, NOT, IS, COMPARISON, MATCH, CONCAT, SUM, PRODUCT, ZONE, SIGN, CAST = range(1, 13)
# Trees and brackets are at most so deep, so that walking them stays within Python's stack. The library
# allows more.
MAX_DEPTH = 96

# Operators between two operands that are written as symbols.
SYMBOLS = {
    "=": ("eq", COMPARISON),
    "==": ("eq", COMPARISON),
    "<>": ("ne", COMPARISON),
    "!=": ("ne", COMPARISON),
    "<": ("lt", COMPARISON),
    "<=": ("le", COMPARISON),
    ">": ("gt", COMPARISON),
    ">=": ("ge", COMPARISON),
    "||": ("concat", CONCAT),
    "+": ("add", SUM),
    "-": ("sub", SUM),
    "*": ("mul", PRODUCT),
    "/": ("div", PRODUCT),
    "//": ("floor_div", PRODUCT),
    "%": ("mod", PRODUCT),
}
_MATCHES = {"IN", "BETWEEN", "LIKE", "ILIKE", "RLIKE", "REGEXP"}
_IS_WHAT = {"NULL": "null", "UNKNOWN": "null", "TRUE": "true", "FALSE": "false"}


def parse(text: str) -> Node:
    """Reads one expression.

    Raises InvalidArgumentError with line and column for what is no expression, UnsupportedError for what this
    engine does not know.
    """
    grammar = _Grammar(text)
    node = grammar.expression(0)
    grammar.expect_end("an operator or the end of the text")
    return node


def parse_named(text: str) -> tuple[Node, str | None]:
    """Reads one expression, with a name where `AS` follows. Errors as in `parse`."""
    grammar = _Grammar(text)
    node = grammar.expression(0)
    name = None
    if grammar.take_word("AS"):
        name = grammar.expect_name("a name")
        grammar.expect_end("the end of the text")
    grammar.expect_end("an operator, AS or the end of the text")
    return node, name


class _Grammar:
    def __init__(self, text: str) -> None:
        self.tokens, self.next, self.open = tokens_of(text), 0, 0

    # ---- tokens ----

    def peek(self, ahead: int = 0) -> Token:
        return self.tokens[min(self.next + ahead, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.peek()
        self.next += 1
        return token

    def is_symbol(self, symbol: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token.kind == "symbol" and token.text == symbol

    def take(self, symbol: str) -> bool:
        found = self.is_symbol(symbol)
        self.next += found
        return found

    def take_word(self, word: str) -> bool:
        found = self.peek().upper == word
        self.next += found
        return found

    def expect(self, symbol: str, expected: str) -> None:
        if not self.take(symbol):
            raise self.unexpected(expected)

    def expect_word(self, word: str, expected: str) -> None:
        if not self.take_word(word):
            raise self.unexpected(expected)

    def expect_name(self, expected: str) -> str:
        if not self.peek().is_name:
            raise self.unexpected(expected)
        return self.advance().text

    def expect_end(self, expected: str) -> None:
        if self.peek().kind != "end":
            raise self.unexpected(expected)

    def unexpected(self, expected: str) -> Exception:
        token = self.peek()
        if token.upper in ("SELECT", "OVER", "WITHIN", "ORDER", "COLLATE", "SIMILAR", "GLOB", "DIV"):
            return unsupported(token.at, token.upper)
        if token.kind == "symbol" and token.text in ("~", "!~", "<=>"):
            return unsupported(token.at, f"the operator {token.text}")
        return syntax(token.at, f"expected {expected}, found {token}")

    # ---- expressions ----

    def expression(self, least: int) -> Node:
        """What is held together by operators of at least this level."""
        self.open += 1
        if self.open > MAX_DEPTH:
            raise unsupported(
                self.peek().at, f"more than {MAX_DEPTH} brackets and operators within each other"
            )
        left = self.operand()
        compared = chained = None
        while True:
            token, level = self.peek(), self._level()
            if level < max(least, 1):
                break
            if level == COMPARISON and compared is left:
                message = "comparisons do not chain; write a < b AND b < c, or use brackets"
                raise syntax(token.at, message)
            is_chain = chained is left and isinstance(left, Call) and left.name == token.upper.lower()
            left = self._operator(left, token, level, is_chain)
            compared = left if level == COMPARISON else None
            chained = left if level in (OR, AND) else None
        self.open -= 1
        return left

    def _level(self) -> int:
        """The level of the operator that comes next; 0 where none does."""
        token = self.peek()
        if token.kind == "symbol":
            if token.text in ("~", "!~", "<=>"):
                raise unsupported(token.at, f"the operator {token.text}")
            return CAST if token.text == "::" else SYMBOLS.get(token.text, ("", 0))[1]
        if token.upper in _MATCHES or token.upper == "NOT":
            return MATCH
        if token.upper == "AT" and self.peek(1).upper == "TIME":
            raise unsupported(token.at, "AT TIME ZONE")
        return {"OR": OR, "AND": AND, "IS": IS}.get(token.upper, 0)

    def _operator(self, left: Node, token: Token, level: int, is_chain: bool) -> Node:
        self.advance()
        if level in (OR, AND):
            right = self.expression(level + 1)
            before = left.arguments if is_chain and isinstance(left, Call) else (left,)
            return self.call(token.upper.lower(), (*before, right), token.at)
        if level == IS:
            return self._is(left, token.at)
        if level == MATCH:
            return self._match(left, token)
        if level == CAST:
            return self.cast(left, self._type(), False, token.at)
        return self.call(SYMBOLS[token.text][0], (left, self.expression(level + 1)), token.at)

    def _is(self, left: Node, at: Position) -> Node:
        negated = self.take_word("NOT")
        if self.take_word("DISTINCT"):
            self.expect_word("FROM", "FROM")
            name = "not_distinct_from" if negated else "distinct_from"
            return self.call(name, (left, self.expression(IS + 1)), at)
        what = _IS_WHAT.get(self.peek().upper)
        if what is None:
            start = "" if negated else "NOT, "
            raise self.unexpected(f"{start}NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM")
        self.advance()
        return self.call(f"is_{'not_' if negated else ''}{what}", (left,), at)

    def _match(self, left: Node, token: Token) -> Node:
        negated = token.upper == "NOT"
        word = self.advance() if negated else token
        if word.upper not in _MATCHES:
            self.next -= 1
            raise self.unexpected("IN, BETWEEN, LIKE, ILIKE or REGEXP")
        if word.upper in ("RLIKE", "REGEXP"):
            raise unsupported(word.at, "regular expressions")
        if word.upper == "IN":
            self.expect("(", "'(' and the values")
            arguments = [left, self.expression(0)]
            while self.take(","):
                arguments.append(self.expression(0))
            self.expect(")", "an operator, ',' or ')'")
        elif word.upper == "BETWEEN":
            low = self.expression(MATCH + 1)
            self.expect_word("AND", "AND and the upper bound of BETWEEN")
            arguments = [left, low, self.expression(MATCH + 1)]
        else:
            arguments = [left, self.expression(MATCH + 1)]
            if self.take_word("ESCAPE"):
                arguments.append(self.expression(MATCH + 1))
        made = self.call(word.upper.lower(), tuple(arguments), token.at)
        return self.call("not", (made,), token.at) if negated else made

    # ---- operands ----

    def operand(self) -> Node:
        token = self.peek()
        if token.kind == "symbol" and token.text in ("-", "+"):
            self.advance()
            inner = self.expression(SIGN + 1)
            return inner if token.text == "+" else self.call("neg", (inner,), token.at)
        if self.take("("):
            inner = self.expression(0)
            if self.is_symbol(","):
                raise unsupported(token.at, "rows of values in brackets")
            self.expect(")", "an operator or ')'")
            return inner
        if token.kind in ("number", "string"):
            self.advance()
            return Literal(token.at, token.kind, token.text)
        if token.kind == "word":
            return self._word(token)
        if token.kind == "quoted":
            return self.call_of(token) if self.is_symbol("(", 1) else self.column()
        raise self.unexpected("an expression")

    def _word(self, token: Token) -> Node:
        word = token.upper
        if word in ("NULL", "TRUE", "FALSE"):
            self.advance()
            return Literal(token.at, "null" if word == "NULL" else "boolean", word)
        if word == "NOT":
            self.advance()
            return self.call("not", (self.expression(NOT + 1),), token.at)
        if word == "CASE":
            self.advance()
            return self._case(token.at)
        if self.peek(1).kind == "string" and word in ("DATE", "TIMESTAMP"):
            self.advance()
            return Literal(token.at, word.lower(), self.advance().text.strip(" "))
        if word in ("TIME", "TIMESTAMP", "TIMESTAMPTZ", "INTERVAL") and (
            self.peek(1).kind in ("string", "number") or self.peek(1).upper in ("WITH", "WITHOUT")
        ):
            raise unsupported(token.at, f"literals that begin with {word}")
        if self.is_symbol("(", 1):
            if word in ("CAST", "TRY_CAST"):
                self.next += 2
                value = self.expression(0)
                self.expect_word("AS", "an operator or AS and a type")
                to = self._type()
                self.expect(")", "')'")
                return self.cast(value, to, word == "TRY_CAST", token.at)
            return self.call_of(token)
        return self.column()

    def column(self) -> Node:
        at = self.peek().at
        path = [self.expect_name("an expression")]
        while self.take("."):
            if self.is_symbol("*"):
                raise unsupported(self.peek().at, "all columns with *")
            if self.peek().kind not in ("word", "quoted"):
                raise self.unexpected("the name of a field")
            path.append(self.advance().text)
        if self.is_symbol("("):
            raise unsupported(at, "methods, and functions of a schema")
        return Name(at, tuple(path))

    def call_of(self, token: Token) -> Node:
        name = self.expect_name("an expression").lower()
        # Those that are not here may have words between their arguments.
        function_name(name, token.at)
        self.expect("(", "'('")
        arguments: list[Node] = []
        named: dict[str, Node] = {}
        distinct = False
        if self.is_symbol("*"):
            if name != "count":
                raise unsupported(self.peek().at, "* as an argument of another function than count")
            self.advance()
        elif not self.is_symbol(")"):
            distinct = self.take_word("DISTINCT")
            self._argument(arguments, named)
            while self.take(","):
                self._argument(arguments, named)
        self.expect(")", "an operator, ',' or ')'")
        where = None
        if self.peek().upper == "FILTER" and self.is_symbol("(", 1):
            self.next += 2
            self.expect_word("WHERE", "WHERE and a condition")
            where = self.expression(0)
            self.expect(")", "an operator or ')'")
        return self.call(name, tuple(arguments), token.at, tuple(named.items()), distinct, where)

    def _argument(self, arguments: list[Node], named: dict[str, Node]) -> None:
        if not self.is_symbol("=>", 1):
            if named:
                raise syntax(self.peek().at, "an argument without a name follows one with a name")
            arguments.append(self.expression(0))
            return
        at = self.peek().at
        name = self.expect_name("the name of an argument").lower()
        self.advance()
        if name in named:
            raise syntax(at, f"the argument {name} is there twice")
        named[name] = self.expression(0)

    def _case(self, at: Position) -> Node:
        subject = None if self.peek().upper == "WHEN" else self.expression(0)
        arguments: list[Node] = []
        self.expect_word("WHEN", "an operator or WHEN")
        while True:
            condition = self.expression(0)
            if subject is not None:
                condition = self.call("eq", (subject, condition), condition.at)
            self.expect_word("THEN", "an operator or THEN")
            arguments += [condition, self.expression(0)]
            if not self.take_word("WHEN"):
                break
        if self.take_word("ELSE"):
            arguments.append(self.expression(0))
            self.expect_word("END", "an operator or END")
        else:
            self.expect_word("END", "an operator, WHEN, ELSE or END")
            arguments.append(Literal(at, "null", "NULL"))
        return self.call("case", tuple(arguments), at)

    def _type(self) -> str:
        """The name of a type in small letters; those with something in brackets are not known here."""
        token = self.peek()
        if token.kind != "word":
            raise self.unexpected("a type")
        self.advance()
        if self.is_symbol("("):
            raise unsupported(token.at, f"the type {token.text}(…)")
        if token.upper == "DOUBLE":
            self.take_word("PRECISION")
        return token.text.lower()

    def call(
        self,
        name: str,
        arguments: tuple[Node, ...],
        at: Position,
        named: tuple[tuple[str, Node], ...] = (),
        distinct: bool = False,
        where: Node | None = None,
    ) -> Call:
        parts = [*arguments, *(value for _, value in named), *([where] if where is not None else [])]
        return Call(at, name, arguments, named, distinct, where, self._levels(parts, at))

    def cast(self, value: Node, to: str, or_null: bool, at: Position) -> Cast:
        return Cast(at, value, to, or_null, self._levels([value], at))

    def _levels(self, parts: list[Node], at: Position) -> int:
        levels = 1 + max((part.depth for part in parts), default=0)
        if levels > MAX_DEPTH:
            raise unsupported(at, f"more than {MAX_DEPTH} levels")
        return levels
