"""Expressions and functions over columns.

`evaluate`, `filter`, `aggregate`, `sort`, `take`, `unique` and `value_counts` take a table or one array of
any kind (NumPy, pandas, Polars, pyarrow, lists, mappings, paths to Parquet) and give back the same kind.
Besides them there is a function for every function of the language: of arrays and single values (`round(x,
2)`, `add(a, b)`), which gives an array, and of arrays for aggregates (`sum(x)`), which gives a Python value.

What holds for all of these functions: arguments are arrays of one length, or single Python values; a result
is of the kind of the arrays (pandas before Polars, pyarrow, NumPy and lists), a Series has the index and name
of the first Series. Given expressions (`sum(pf.col("x"))`) or nothing (`row_number()`) they give expressions.
Null in, null out, unless the function says otherwise. `overflow` and `nan` are those of `evaluate`. They
raise WrongTypeError for types that they do not take, InvalidArgumentError for arrays of different lengths and
bad constants, ArithmeticFailure for integer overflow and division by zero. Rows that are independent cost one
pass. The bits of a result do not depend on the number of threads, and Ctrl-C ends a call.
"""

from . import _functions
from ._call import fill_null
from ._functions import *  # noqa: F403
from ._rows import argsort, bottom_k, filter, sort, take, top_k, unique, value_counts
from ._tables import aggregate, evaluate, functions, schema

__all__ = [
    "aggregate",
    "argsort",
    "bottom_k",
    "evaluate",
    "fill_null",
    "filter",
    "functions",
    "schema",
    "sort",
    "take",
    "top_k",
    "unique",
    "value_counts",
]
__all__ += _functions.__all__
