"""Expressions over columns, as Python writes them: `pf.col("price") * pf.col("qty") > 100`.

An `Expression` is text of the expression language (docs/expressions.md) and nothing else, so that it can be
read, logged, stored, and used by every language that the library speaks.
"""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Iterable
from typing import Any, NoReturn

from ._expression_methods import Methods
from .exceptions import InvalidArgumentError, WrongTypeError

__all__ = ["Expression", "Named", "SortKey", "Then", "When", "col", "expr", "lit", "quoted", "when"]

# How strongly operators bind, as the library's grammar has it: what binds less stands in parentheses inside
# what binds more. Text of the user's own has level 0, so that it always does.
_OR, _AND, _NOT, _IS, _COMPARISON, _MATCH, _CONCAT, _SUM, _PRODUCT, _ZONE, _SIGN, _CAST, _WHOLE, _NAME = (
    range(1, 15)
)
_LEVELS = {
    "OR": _OR,
    "AND": _AND,
    "=": _COMPARISON,
    "<>": _COMPARISON,
    "<": _COMPARISON,
    "<=": _COMPARISON,
    ">": _COMPARISON,
    ">=": _COMPARISON,
    "||": _CONCAT,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
}


def quoted(name: str) -> str:
    """A name as an identifier of the language."""
    return '"' + name.replace('"', '""') + '"'


class Expression(Methods):
    """Text that says how a value comes of the columns of a row, or of all rows.

    Made by `col`, `lit`, `when` and `expr`; operators and methods make new ones. `str()` gives the text.
    Arithmetic (`+ - * / // % **`), comparison and `& | ~` (for AND, OR, NOT) work as in SQL: null in, null
    out. `//` rounds down and `%` has the sign of the divisor, as in Python. An expression has no truth value:
    use `&`, `|`, `~` instead of `and`, `or`, `not`, and `between` instead of a chained comparison.

    >>> (col("price") * col("qty") > 100) & col("region").is_in(["EU", "US"])
    Expression('("price" * "qty" > 100) AND "region" IN (\\'EU\\', \\'US\\')')
    """

    __slots__ = ("_level", "_text")
    # NumPy's scalars leave their operators to the expression.
    __array_ufunc__ = None

    def __init__(self, text: str, level: int = 0) -> None:
        # `level` is how strongly the outermost operator binds.
        self._text, self._level = text, level

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Expression({self._text!r})"

    def __bool__(self) -> NoReturn:
        raise WrongTypeError(
            "an expression has no truth value: use & | ~ instead of and, or, not, "
            "and between() instead of a chained comparison"
        )

    __hash__ = object.__hash__

    # ---- operators ----

    def _infix(self, operator: str, other: Any, swapped: bool = False) -> Expression:
        level = _LEVELS[operator]
        left, right = (lit(other), self) if swapped else (self, lit(other))
        # AND and OR are chains, the other operators bind to the left, and comparisons do not chain.
        before = left._at(level + 1 if level == _COMPARISON else level)
        after = right._at(level if level in (_AND, _OR) else level + 1)
        return Expression(f"{before} {operator} {after}", level)

    def _at(self, level: int) -> str:
        """The text, in parentheses where it binds less than `level`."""
        return self._text if self._level >= level else f"({self._text})"

    def __add__(self, other: Any) -> Expression:
        return self._infix("+", other)

    def __radd__(self, other: Any) -> Expression:
        return self._infix("+", other, swapped=True)

    def __sub__(self, other: Any) -> Expression:
        return self._infix("-", other)

    def __rsub__(self, other: Any) -> Expression:
        return self._infix("-", other, swapped=True)

    def __mul__(self, other: Any) -> Expression:
        return self._infix("*", other)

    def __rmul__(self, other: Any) -> Expression:
        return self._infix("*", other, swapped=True)

    def __truediv__(self, other: Any) -> Expression:
        return self._infix("/", other)

    def __rtruediv__(self, other: Any) -> Expression:
        return self._infix("/", other, swapped=True)

    def __floordiv__(self, other: Any) -> Expression:
        return call("floor_div", self, other)

    def __rfloordiv__(self, other: Any) -> Expression:
        return call("floor_div", other, self)

    def __mod__(self, other: Any) -> Expression:
        return call("floor_mod", self, other)

    def __rmod__(self, other: Any) -> Expression:
        return call("floor_mod", other, self)

    def __pow__(self, other: Any) -> Expression:
        return call("power", self, other)

    def __rpow__(self, other: Any) -> Expression:
        return call("power", other, self)

    def __neg__(self) -> Expression:
        return Expression(f"-{self._at(_WHOLE)}", _SIGN)

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return call("abs", self)

    def __round__(self, digits: int = 0) -> Expression:
        return self.round(digits)

    def __floor__(self) -> Expression:
        return call("floor", self)

    def __ceil__(self) -> Expression:
        return call("ceil", self)

    def __trunc__(self) -> Expression:
        return call("trunc", self)

    def __and__(self, other: Any) -> Expression:
        return self._infix("AND", other)

    def __rand__(self, other: Any) -> Expression:
        return self._infix("AND", other, swapped=True)

    def __or__(self, other: Any) -> Expression:
        return self._infix("OR", other)

    def __ror__(self, other: Any) -> Expression:
        return self._infix("OR", other, swapped=True)

    def __invert__(self) -> Expression:
        return Expression(f"NOT {self._at(_NOT)}", _NOT)

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]
        return self._infix("=", other)

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]
        return self._infix("<>", other)

    def __lt__(self, other: Any) -> Expression:
        return self._infix("<", other)

    def __le__(self, other: Any) -> Expression:
        return self._infix("<=", other)

    def __gt__(self, other: Any) -> Expression:
        return self._infix(">", other)

    def __ge__(self, other: Any) -> Expression:
        return self._infix(">=", other)

    # ---- what is not a call of a function ----

    def _postfix(self, text: str, level: int) -> Expression:
        return Expression(f"{self._at(_CONCAT)} {text}", level)

    def _call(
        self, _name: str, *arguments: Any, _options: dict[str, tuple[Any, Any]] | None = None
    ) -> Expression:
        options = {
            name: value for name, (value, default) in (_options or {}).items() if not _same(value, default)
        }
        return call(_name, *arguments, **options)

    def alias(self, name: str) -> Named:
        """The expression with the name that its column has in a result: `AS name`."""
        if not isinstance(name, str):
            raise WrongTypeError(f"name must be a string, not {type(name).__name__}")
        return Named(self, name)

    def is_null(self) -> Expression:
        """Whether the value is null; never null itself."""
        return self._postfix("IS NULL", _IS)

    def is_not_null(self) -> Expression:
        """Whether the value is not null; never null itself."""
        return self._postfix("IS NOT NULL", _IS)

    def fill_null(self, value: Any) -> Expression:
        """The value, or another one where it is null: `coalesce`."""
        return call("coalesce", self, value)

    def is_in(self, values: Iterable[Any]) -> Expression:
        """Whether the value equals one of `values`, which are literals or expressions; false for none at all.

        Null where the value is null, and where it equals none and one of them is null.
        """
        if isinstance(values, (str, bytes, Expression)) or not isinstance(values, Iterable):
            raise WrongTypeError(f"values must be a list of values, not {type(values).__name__}")
        items = [str(lit(value)) for value in values]
        if not items:
            return Expression("FALSE", _WHOLE)
        return self._postfix(f"IN ({', '.join(items)})", _MATCH)

    def between(self, low: Any, high: Any) -> Expression:
        """Whether the value is at least `low` and at most `high`."""
        return self._postfix(f"BETWEEN {lit(low)._at(_CONCAT)} AND {lit(high)._at(_CONCAT)}", _MATCH)

    def like(self, pattern: Any, escape: str = "\\") -> Expression:
        """Whether the whole text fits a pattern: `%` stands for any characters, `_` for one, and `escape`
        before one of these for itself.
        """
        return self._match("LIKE", pattern, escape)

    def ilike(self, pattern: Any, escape: str = "\\") -> Expression:
        """As `like`; upper and lower case make no difference."""
        return self._match("ILIKE", pattern, escape)

    def _match(self, operator: str, pattern: Any, escape: str) -> Expression:
        suffix = "" if escape == "\\" else f" ESCAPE {lit(escape)}"
        return self._postfix(f"{operator} {lit(pattern)._at(_CONCAT)}{suffix}", _MATCH)

    def cast(self, to: str) -> Expression:
        """The value in the type `to` ("int64", "decimal(10, 2)", "timestamp(us, 'UTC')"); an error where it
        has none.
        """
        return Expression(f"CAST({self._text} AS {_type(to)})", _WHOLE)

    def try_cast(self, to: str) -> Expression:
        """As `cast`, with null where the value has none in that type."""
        return Expression(f"TRY_CAST({self._text} AS {_type(to)})", _WHOLE)

    def field(self, name: str) -> Expression:
        """The field of a struct; only of a column."""
        if self._level != _NAME:
            raise InvalidArgumentError(f"only columns have fields that can be named, not {self._text}")
        return Expression(f"{self._text}.{quoted(name)}", _NAME)

    def where(self, condition: Any) -> Expression:
        """Of an aggregate: only of the rows for which the condition is true (`FILTER (WHERE …)`)."""
        return Expression(f"{self._at(_WHOLE)} FILTER (WHERE {lit(condition)})", _WHOLE)

    def asc(self, nulls_first: bool = False) -> SortKey:
        """A key to sort by, from the least up."""
        return SortKey(f"{self._text} ASC NULLS {'FIRST' if nulls_first else 'LAST'}")

    def desc(self, nulls_first: bool = False) -> SortKey:
        """A key to sort by, from the greatest down."""
        return SortKey(f"{self._text} DESC NULLS {'FIRST' if nulls_first else 'LAST'}")


class SortKey:
    """What rows are ordered by: made by `asc` and `desc` of an expression."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"SortKey({self._text!r})"


class Named:
    """An expression with the name of its column in a result: made by `alias`."""

    __slots__ = ("expression", "name")

    def __init__(self, expression: Expression, name: str) -> None:
        self.expression, self.name = expression, name

    def __str__(self) -> str:
        return f"{self.expression} AS {quoted(self.name)}"

    def __repr__(self) -> str:
        return f"Named({str(self)!r})"


class When:
    """`CASE`, while it is written: `when(a > 0).then("positive").otherwise("other")`."""

    __slots__ = ("_branches", "_condition")

    def __init__(self, branches: str, condition: Any) -> None:
        self._branches, self._condition = branches, lit(condition)

    def then(self, value: Any) -> Then:
        """The value where the condition is true and none before it was."""
        return Then(f"{self._branches} WHEN {self._condition} THEN {lit(value)}")


class Then(Expression):
    """`CASE` with at least one branch: null where no condition is true, unless `otherwise` says what."""

    __slots__ = ("_branches",)

    def __init__(self, branches: str) -> None:
        super().__init__(f"CASE{branches} END", _WHOLE)
        self._branches = branches

    def when(self, condition: Any) -> When:
        """A further branch."""
        return When(self._branches, condition)

    def otherwise(self, value: Any) -> Expression:
        """The value where no condition is true."""
        return Expression(f"CASE{self._branches} ELSE {lit(value)} END", _WHOLE)


def when(condition: Any) -> When:
    """Begins a `CASE`: `when(condition).then(value)`, further `.when(…).then(…)`, and `.otherwise(value)`."""
    return When("", condition)


def col(name: str) -> Expression:
    """The column of that name. Fields of structs: `col("address").field("city")`."""
    if not isinstance(name, str):
        raise WrongTypeError(f"name must be a string, not {type(name).__name__}")
    if not name:
        raise InvalidArgumentError("name must not be empty")
    return Expression(quoted(name), _NAME)


def expr(text: str | Expression) -> Expression:
    """An expression of text in the language: `expr("price * qty")`. What is one already stays as it is."""
    if isinstance(text, Expression):
        return text
    if not isinstance(text, str):
        raise WrongTypeError(f"text must be a string, not {type(text).__name__}")
    return Expression(text, 0)


def lit(value: Any) -> Expression:
    """A literal of a Python value: None, bool, int, float, str, bytes, Decimal, date, datetime, time,
    timedelta, or a scalar of NumPy or pandas. Expressions stay as they are. Raises WrongTypeError for
    anything else.
    """
    if isinstance(value, Expression):
        return value
    if isinstance(value, (Named, SortKey, When)):
        raise WrongTypeError(f"{value!r} cannot stand inside an expression")
    text = _literal(value)
    return Expression(text, _SIGN if text.startswith("-") else _WHOLE)


def _literal(value: Any) -> str:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return "NULL"
    if hasattr(value, "dtype") and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return _numpy_literal(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return _integer_literal(int(value))
    if isinstance(value, float):
        return _float_literal(float(value))
    if isinstance(value, str):
        return "'" + str.__str__(value).replace("'", "''") + "'"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"X'{bytes(value).hex().upper()}'"
    if isinstance(value, decimal.Decimal):
        return _decimal_literal(value)
    if isinstance(value, datetime.datetime):
        return f"TIMESTAMP '{_timestamp_text(value)}'"
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, datetime.time):
        if value.tzinfo is not None:
            raise WrongTypeError("a time of day with a time zone is no literal")
        return f"TIME '{value.isoformat()}'"
    if isinstance(value, datetime.timedelta):
        nanoseconds = (value.days * 86_400 + value.seconds) * 10**9 + value.microseconds * 1000
        return _duration_literal(nanoseconds + getattr(value, "nanoseconds", 0))
    raise WrongTypeError(f"a value of type {type(value).__name__} is no literal of an expression")


def _timestamp_text(value: datetime.datetime) -> str:
    offset = value.utcoffset()
    minutes = 0
    if offset is not None:
        minutes, rest = divmod(offset, datetime.timedelta(minutes=1))
        if rest:  # local mean time, which no offset in hours and minutes can say
            value, minutes = value.astimezone(datetime.UTC), 0
    text = datetime.datetime.isoformat(value.replace(tzinfo=None), " ")
    nanosecond = getattr(value, "nanosecond", 0)  # of a pandas Timestamp
    if nanosecond:
        text = f"{text.partition('.')[0]}.{value.microsecond:06d}{nanosecond:03d}"
    if offset is None:
        return text
    return f"{text}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _numpy_literal(value: Any) -> str:
    if value.dtype.kind in "mM":
        import numpy as np

        if np.isnat(value):
            return "NULL"
        if value.dtype.kind == "m":
            return _duration_literal(int(value.astype("timedelta64[ns]").astype("int64")))
        unit = np.datetime_data(value.dtype)[0]
        if unit in ("Y", "M", "W", "D"):
            return f"DATE '{value.astype('datetime64[D]')}'"
        text = str(value.astype("datetime64[ns]" if unit == "ns" else "datetime64[us]"))
        return f"TIMESTAMP '{text.replace('T', ' ')}'"
    if value.dtype.kind == "f" and value.dtype.itemsize > 8:
        return _float_literal(float(value))
    item = value.item()
    # A float32 means the number that it prints as.
    if value.dtype.kind == "f" and value.dtype.itemsize < 8 and math.isfinite(item):
        return _float_literal(float(str(value)))
    return _literal(item)


def _integer_literal(value: int) -> str:
    # The language takes more digits than those of a decimal for a floating-point number.
    return str(value) if abs(value) < 10**38 else _decimal_literal(decimal.Decimal(value))


def _float_literal(value: float) -> str:
    if not math.isfinite(value):
        name = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return f"CAST('{name}' AS float64)"
    text = repr(value)
    return text if "e" in text or "." in text else text + ".0"


def _decimal_literal(value: decimal.Decimal) -> str:
    if not value.is_finite():
        raise WrongTypeError(f"{value} is no decimal literal")
    _sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    scale = max(0, -exponent)
    precision = max(len(digits) + max(0, exponent), scale, 1)
    if precision > 76:
        raise InvalidArgumentError(f"a decimal literal has at most 76 digits, not {precision}")
    name = "decimal" if precision <= 38 else "decimal256"
    return f"CAST('{value:f}' AS {name}({precision}, {scale}))"


def _duration_literal(nanoseconds: int) -> str:
    unit = "ns" if nanoseconds % 1000 else "us"
    sign, nanoseconds = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    text = f"{sign}{nanoseconds // 10**9}.{nanoseconds % 10**9:09d}".rstrip("0").rstrip(".")
    return f"CAST('{text} seconds' AS duration({unit}))"


def _type(to: Any) -> str:
    if not isinstance(to, str):
        raise WrongTypeError(f"a type is named by a string such as 'int64', not {type(to).__name__}")
    return to


def _same(value: Any, default: Any) -> bool:
    """Whether an option has its default, and need not be written."""
    return value is default or (type(value) is type(default) and bool(value == default))


def call(name: str, *arguments: Any, **options: Any) -> Expression:
    """A call of the function of that name; options that are None are left out."""
    texts = [str(lit(argument)) for argument in arguments]
    texts += [f"{option} => {lit(value)}" for option, value in options.items() if value is not None]
    return Expression(f"{quoted(name) if name in _RESERVED else name}({', '.join(texts)})", _WHOLE)


# Functions whose names are words of the language, which have to be quoted.
_RESERVED = frozenset(("and", "between", "case", "ilike", "in", "like", "not", "or"))
