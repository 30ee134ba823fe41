"""Reductions of every column of a frame: what the engines share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._arguments import text, truth
from ..exceptions import InvalidArgumentError, UnsupportedError, WrongTypeError
from ..expressions import col

# The methods of a DataFrame that are aggregates of the language, and the options of each.
REDUCTIONS: dict[str, tuple[str, ...]] = {
    "sum": (),
    "mean": (),
    "median": (),
    "min": (),
    "max": (),
    "count": (),
    "var": ("ddof",),
    "std": ("ddof",),
}
# Options of pandas that say no more than what is done anyway.
_DEFAULTS = (("axis", 0), ("axis", "index"), ("skipna", True), ("min_count", 0))
_NUMBERS = ("int", "uint", "float", "double", "halffloat", "decimal")


def kernel_options(function: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a reduction that is an aggregate. Raises UnsupportedError for what is none."""
    name = text("function", function)
    if name not in REDUCTIONS:
        raise UnsupportedError(
            f"{name} is no reduction but of pandas data; there are {', '.join(REDUCTIONS)}"
        )
    known = ("numeric_only", *REDUCTIONS[name])
    left = {key: value for key, value in options.items() if (key, value) not in _DEFAULTS}
    wrong = [key for key in left if key not in known]
    if arguments or wrong:
        what = f"the option {wrong[0]}" if wrong else "arguments without a name"
        raise UnsupportedError(
            f"{name} takes {' and '.join(known)} here, and not {what}; pandas data takes all"
        )
    return {key: truth(key, value) if key == "numeric_only" else value for key, value in left.items()}


def expressions(names: list[str], function: str, options: Mapping[str, Any]) -> list[Any]:
    """An aggregate of every column, called as the column is."""
    more = {"ddof": options["ddof"]} if "ddof" in options else {}
    return [getattr(col(name), function)(**more).alias(name) for name in names]


def of_arrow(data: Any, function: str, options: Mapping[str, Any]) -> list[Any]:
    """The aggregates of the columns of Arrow data. Raises InvalidArgumentError where there is no column."""
    schema = getattr(data, "schema", None)
    if schema is None:
        raise WrongTypeError(
            f"data must be a pandas.DataFrame, a pf.Table or a table of pyarrow, not {type(data).__name__}"
        )
    types = schema if isinstance(schema, Mapping) else {field.name: str(field.type) for field in schema}
    names = [
        name
        for name, kind in types.items()
        if not options.get("numeric_only") or str(kind).startswith(_NUMBERS)
    ]
    if not names:
        raise InvalidArgumentError(f"{function}: there is no column to reduce")
    return expressions(names, function, options)
