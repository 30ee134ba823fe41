"""The functions that this engine has, with their parameters."""

from __future__ import annotations

import difflib

from .tokens import Position, unsupported

# The parameters of each aggregate; what follows "=" may be left out.
AGGREGATES: dict[str, tuple[str, ...]] = {
    "count": ("x=",),
    "count_distinct": ("x",),
    "sum": ("x",),
    "mean": ("x",),
    "min": ("x",),
    "max": ("x",),
    "var": ("x", "ddof="),
    "std": ("x", "ddof="),
    "median": ("x",),
    "first": ("x",),
    "last": ("x",),
    "any": ("x",),
    "all": ("x",),
}
_AGGREGATE_ALIASES = {
    "avg": "mean",
    "var_samp": "var",
    "variance": "var",
    "stddev": "std",
    "stddev_samp": "std",
    "bool_or": "any",
    "bool_and": "all",
}

ARITHMETIC = ("add", "sub", "mul", "div", "floor_div", "mod", "floor_mod")
COMPARISON = ("eq", "ne", "lt", "le", "gt", "ge")
IS_WHAT = tuple(f"is_{negated}{what}" for negated in ("", "not_") for what in ("null", "true", "false"))
# The parameters of each function of rows; what ends in "=" may be left out, "…" repeats.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*ARITHMETIC, *COMPARISON, "distinct_from", "not_distinct_from"), ("a", "b")),
    **dict.fromkeys(IS_WHAT, ("x",)),
    "neg": ("a",),
    "not": ("x",),
    "and": ("x…",),
    "or": ("x…",),
    "between": ("x", "low", "high"),
    "in": ("x", "items…"),
    "like": ("text", "pattern", "escape="),
    "ilike": ("text", "pattern", "escape="),
    "concat": ("text…",),
    "case": ("condition", "value", "more…"),
    "coalesce": ("x…",),
    "nullif": ("x", "y"),
    "abs": ("x",),
    "round": ("x", "digits="),
    "floor": ("x",),
    "ceil": ("x",),
    "lower": ("text",),
    "upper": ("text",),
    "length": ("text",),
    "starts_with": ("text", "start"),
    "ends_with": ("text", "end"),
    "contains": ("text", "part"),
}
ALIASES = {
    "ifnull": "coalesce",
    "nvl": "coalesce",
    "fill_null": "coalesce",
    "ceiling": "ceil",
    "lcase": "lower",
    "ucase": "upper",
    "char_length": "length",
    "character_length": "length",
    **_AGGREGATE_ALIASES,
}


def function_name(name: str, at: Position) -> str:
    """The name of a function, for an alias that of the function. Raises UnsupportedError for one that is not
    here.
    """
    found = ALIASES.get(name, name)
    if found in FUNCTIONS or found in AGGREGATES:
        return found
    near = difflib.get_close_matches(name, [*FUNCTIONS, *AGGREGATES, *ALIASES], 3)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise unsupported(at, f"the function '{name}'{hint}")
