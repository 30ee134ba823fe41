"""Generated from the library's table of functions by tools/expressions.py: do not edit."""

from __future__ import annotations

from typing import Any

from ._call import call, reduce

# An array, or a Python value that `lit` makes a literal of.
Value = Any

__all__ = [
    "abs",
    "acos",
    "add",
    "all",
    "and_",
    "any",
    "approx_count_distinct",
    "approx_median",
    "approx_quantile",
    "asin",
    "at_time_zone",
    "atan",
    "atan2",
    "backward_fill",
    "between",
    "case",
    "cast",
    "cbrt",
    "ceil",
    "coalesce",
    "concat",
    "contains",
    "corr",
    "cos",
    "count",
    "count_distinct",
    "count_null",
    "covar",
    "covar_pop",
    "cum_count",
    "cum_max",
    "cum_min",
    "cum_product",
    "cum_sum",
    "cut",
    "date_trunc",
    "degrees",
    "diff",
    "distinct_from",
    "div",
    "ends_with",
    "eq",
    "exp",
    "extract",
    "first",
    "floor",
    "floor_div",
    "floor_mod",
    "forward_fill",
    "ge",
    "greatest",
    "gt",
    "hash",
    "if_",
    "ilike",
    "in_",
    "is_false",
    "is_finite",
    "is_infinite",
    "is_nan",
    "is_not_false",
    "is_not_null",
    "is_not_true",
    "is_null",
    "is_true",
    "kurtosis",
    "last",
    "le",
    "least",
    "left",
    "length",
    "like",
    "ln",
    "log2",
    "log10",
    "lower",
    "lpad",
    "lt",
    "ltrim",
    "make_date",
    "max",
    "mean",
    "median",
    "min",
    "mod",
    "mode",
    "mul",
    "ne",
    "neg",
    "not_",
    "not_distinct_from",
    "nullif",
    "octet_length",
    "or_",
    "pct_change",
    "power",
    "product",
    "qcut",
    "quantile",
    "radians",
    "rank",
    "regexp_extract",
    "regexp_like",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "rolling_count",
    "rolling_max",
    "rolling_mean",
    "rolling_median",
    "rolling_min",
    "rolling_std",
    "rolling_sum",
    "rolling_var",
    "round",
    "row_number",
    "rpad",
    "rtrim",
    "shift",
    "sign",
    "sin",
    "skew",
    "split_part",
    "sqrt",
    "starts_with",
    "std",
    "std_pop",
    "strftime",
    "strpos",
    "sub",
    "substr",
    "sum",
    "tan",
    "to_date",
    "to_timestamp",
    "trim",
    "trunc",
    "try_cast",
    "upper",
    "var",
    "var_pop",
    "width_bucket",
]


def abs(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The magnitude, of the same type.

    Null where `x` is null; the least integer of its type overflows, as in `add`.

    `x`: number.
    """
    return call("abs", ("x",), (x,), {}, overflow, nan)


def acos(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The angle in radians whose cosine it is.

    Null where `x` is null; NaN beyond -1 and 1.

    `x`: number.
    """
    return call("acos", ("x",), (x,), {}, overflow, nan)


def add(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The sum.

    Null where either is null. An integer or decimal that overflows is an error, null or wrapped, as
    `overflow` says (a decimal is null instead of wrapped); floats follow IEEE 754. A date or timestamp takes
    an interval or a duration and keeps its type, a date whole days as an integer too.

    `a`: number, date, timestamp, duration or interval. `b`: number, date, timestamp, duration or interval.
    """
    return call("add", ("a", "b"), (a, b), {}, overflow, nan)


def all(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether `x` is true in all rows; nulls are skipped, and without other rows the result is null.

    `x`: bool.

    Also called bool_and in text.

    Gives a Python value, None for null.
    """
    return reduce("all", ("x",), (x,), {}, overflow, nan)


def and_(*x: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """True where all are true, false where one is false, else null.

    An argument that a row does not need raises nothing for that row.

    `x`: boolean.
    """
    return call("and", ("x",), (*x,), {}, overflow, nan)


def any(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether `x` is true in any row; nulls are skipped, and without other rows the result is null.

    `x`: bool.

    Also called bool_or in text.

    Gives a Python value, None for null.
    """
    return reduce("any", ("x",), (x,), {}, overflow, nan)


def approx_count_distinct(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """About the number of different values that are not null, in 16 KiB: the standard error is 0.8 %.

    The same values give the same estimate on every machine.

    `x`: any.

    Also called approx_unique in text.

    Gives a Python value, None for null.
    """
    return reduce("approx_count_distinct", ("x",), (x,), {}, overflow, nan)


def approx_median(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """`approx_quantile` with `q` 0.5.

    `x`: number, date, time, timestamp or duration.

    Gives a Python value, None for null.
    """
    return reduce("approx_median", ("x",), (x,), {}, overflow, nan)


def approx_quantile(x: Value, q: float, *, overflow: str = "error", nan: str | None = None) -> Any:
    """A value of the rows whose rank is near that of the quantile `q`, in less than a megabyte: of `n` rows
    it is off by at most `n * log2(n / 4096) / 8192` (0.2 % of 10^8 rows), and exact up to 8191 rows.

    Types, nulls and NaN as `median`; the same for any number of threads.

    `x`: number, date, time, timestamp or duration. `q`: number from 0 to 1.

    Also called approx_percentile in text.

    Gives a Python value, None for null.
    """
    return reduce("approx_quantile", ("x", "q"), (x, q), {}, overflow, nan)


def asin(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The angle in radians whose sine it is.

    Null where `x` is null; NaN beyond -1 and 1.

    `x`: number.
    """
    return call("asin", ("x",), (x,), {}, overflow, nan)


def at_time_zone(x: Value, zone: str, *, overflow: str = "error", nan: str | None = None) -> Any:
    """A timestamp without a zone is taken as local time of the zone, and becomes the instant with that zone;
    one with a zone becomes the local time of the given zone, without one.

    The zone is a name of the IANA database or an offset as '+02:00'. A local time that does not exist moves
    forward by as much as the clocks did; of one that comes twice it is the earlier.

    `x`: timestamp. `zone`: string.
    """
    return call("at_time_zone", ("x", "zone"), (x, zone), {}, overflow, nan)


def atan(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The angle in radians whose tangent it is.

    Null where `x` is null.

    `x`: number.
    """
    return call("atan", ("x",), (x,), {}, overflow, nan)


def atan2(y: Value, x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The angle in radians of the point (x, y), from -pi to pi.

    Null where either is null.

    `y`: number. `x`: number.
    """
    return call("atan2", ("y", "x"), (y, x), {}, overflow, nan)


def backward_fill(
    x: Value, limit: int | None = None, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The value, or that of the next row after it that is not null, at most limit rows away.

    Null where there is none.

    `x`: any type. `limit`: integer, by default None.

    Also called bfill in text.
    """
    return call("backward_fill", ("x",), (x,), {"limit": (limit, None)}, overflow, nan)


def between(x: Value, low: Value, high: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """`x >= low AND x <= high`: a null bound leaves unknown only what the other bound does not decide.

    `x`: number, string, binary, boolean, date, time, timestamp or duration. `low`: number, string, binary,
    boolean, date, time, timestamp or duration. `high`: number, string, binary, boolean, date, time, timestamp
    or duration.
    """
    return call("between", ("x", "low", "high"), (x, low, high), {}, overflow, nan)


def case(
    condition: Value, value: Value, *more: Value, overflow: str = "error", nan: str | None = None
) -> Any:
    """The value after the first condition that is true, else the last value.

    A value or condition that a row does not need raises nothing for that row.

    `condition`: boolean. `value`: any type. `more`: boolean and value by turns, and the value for all other
    rows.
    """
    return call("case", ("condition", "value", "more"), (condition, value, *more), {}, overflow, nan)


def cast(x: Value, type: str, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The value in another type; `x::type` is the same.

    Null stays null. A float becomes an integer without its fraction; a decimal with fewer digits is rounded
    half away from zero; texts of dates and times are those of ISO 8601, with blanks around them if need be. A
    timestamp with a zone becomes a date, time, text or timestamp without a zone in the local time of its
    zone. Fails for a value that does not fit and a text that is none.

    `x`: any type. `type`: name of a type.
    """
    return call("cast", ("x", "type"), (x, type), {}, overflow, nan)


def cbrt(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The cube root.

    Null where `x` is null.

    `x`: number.
    """
    return call("cbrt", ("x",), (x,), {}, overflow, nan)


def ceil(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The least whole number that is not less; types and null as in `floor`.

    `x`: number.

    Also called ceiling in text.
    """
    return call("ceil", ("x",), (x,), {}, overflow, nan)


def coalesce(*x: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """The first argument that is not null; null where all are.

    An argument that a row does not need raises nothing for that row.

    `x`: any type.

    Also called ifnull, nvl, fill_null in text.
    """
    return call("coalesce", ("x",), (*x,), {}, overflow, nan)


def concat(*text: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """The texts one after the other; null where one is null.

    `text`: string.
    """
    return call("concat", ("text",), (*text,), {}, overflow, nan)


def contains(text: Value, part: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether the text holds the part, which is plain text.

    Every text holds the empty one.

    `text`: string. `part`: string.
    """
    return call("contains", ("text", "part"), (text, part), {}, overflow, nan)


def corr(x: Value, y: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Pearson's correlation of the rows where neither is null; null with fewer than 2 such rows, NaN where
    one of the two does not vary or has NaN or infinities.

    `x`: number. `y`: number.

    Gives a Python value, None for null.
    """
    return reduce("corr", ("x", "y"), (x, y), {}, overflow, nan)


def cos(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The cosine of an angle in radians.

    Null where `x` is null; NaN of infinities.

    `x`: number.
    """
    return call("cos", ("x",), (x,), {}, overflow, nan)


def count(x: Value = True, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of rows where `x` is not null; of all rows without an argument.

    `x`: any, by default True.

    Gives a Python value, None for null.
    """
    return reduce("count", (), (), {"x": (x, True)}, overflow, nan)


def count_distinct(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of different values that are not null.

    All NaN are one value, and so are -0.0 and 0.0.

    `x`: any.

    Gives a Python value, None for null.
    """
    return reduce("count_distinct", ("x",), (x,), {}, overflow, nan)


def count_null(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of rows where `x` is null.

    `x`: any.

    Gives a Python value, None for null.
    """
    return reduce("count_null", ("x",), (x,), {}, overflow, nan)


def covar(x: Value, y: Value, ddof: int = 1, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The covariance of the rows where neither is null, divided by their number less `ddof`; null with no
    more than `ddof` such rows.

    NaN and infinities give NaN. The sums below it are exact.

    `x`: number. `y`: number. `ddof`: integer, by default 1.

    Also called covar_samp in text.

    Gives a Python value, None for null.
    """
    return reduce("covar", ("x", "y"), (x, y), {"ddof": (ddof, 1)}, overflow, nan)


def covar_pop(x: Value, y: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The covariance of a whole population: `covar` with `ddof` 0.

    `x`: number. `y`: number.

    Gives a Python value, None for null.
    """
    return reduce("covar_pop", ("x", "y"), (x, y), {}, overflow, nan)


def cum_count(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """How many of the rows up to this one are not null; never null itself.

    `x`: any type.
    """
    return call("cum_count", ("x",), (x,), {}, overflow, nan)


def cum_max(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The greatest of the rows up to this one.

    Null rows give null and are passed over; NaN counts only where there is nothing else.

    `x`: number, date, time, timestamp or duration.
    """
    return call("cum_max", ("x",), (x,), {}, overflow, nan)


def cum_min(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The least of the rows up to this one.

    Null rows give null and are passed over; NaN counts only where there is nothing else.

    `x`: number, date, time, timestamp or duration.
    """
    return call("cum_min", ("x",), (x,), {}, overflow, nan)


def cum_product(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The product of the rows up to this one.

    Null rows give null and are passed over. Integers give int64 or uint64, and a product that does not fit is
    an error, or as the setting of overflow says; all else gives float64.

    `x`: number.

    Also called cum_prod in text.
    """
    return call("cum_product", ("x",), (x,), {}, overflow, nan)


def cum_sum(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The sum of the rows up to this one.

    Null rows give null and are passed over; NaN stays from its row on. Integers give int64 or uint64, and a
    sum that does not fit is an error, or as the setting of overflow says; floats give float64, with an error
    of few roundings however many rows there are.

    `x`: number.
    """
    return call("cum_sum", ("x",), (x,), {}, overflow, nan)


def cut(x: Value, *edges: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """The number, from 0, of the interval between ascending edges that holds `x`, its upper edge included.

    Null where `x` is null, NaN, not greater than the first edge or greater than the last.

    `x`: number. `edges`: number.
    """
    return call("cut", ("x", "edges"), (x, *edges), {}, overflow, nan)


def date_trunc(unit: str, x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The start of the unit that `x` lies in, of the type of `x`, in local time where it has a zone:
    microsecond, millisecond, second, minute, hour, day, week (from Monday), month, quarter, year, decade,
    century, millennium.

    A duration is cut toward zero. A start before the first value of the type is an error.

    `unit`: string. `x`: date, time, timestamp or duration.
    """
    return call("date_trunc", ("unit", "x"), (unit, x), {}, overflow, nan)


def degrees(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Radians as degrees.

    Null where `x` is null.

    `x`: number.
    """
    return call("degrees", ("x",), (x,), {}, overflow, nan)


def diff(x: Value, n: int = 1, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The value less that n rows before, after it where n is negative.

    Null where either is null or there is no such row. Integers give int64, and a difference that does not fit
    is an error, or as the setting of overflow says; dates, timestamps and durations give a duration.

    `x`: number, date, timestamp or duration. `n`: integer, by default 1.
    """
    return call("diff", ("x",), (x,), {"n": (n, 1)}, overflow, nan)


def distinct_from(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether both differ, where null is a value like others: never null.

    NaN is not distinct from NaN, nor -0.0 from 0.0.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("distinct_from", ("a", "b"), (a, b), {}, overflow, nan)


def div(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The quotient: of integers a float64, of decimals a decimal rounded half away from zero, with four more
    places than `a`.

    Null where either is null. Division of integers or decimals by zero is an error, or null where `overflow`
    is not 'error'; floats follow IEEE 754. Two durations give a float64.

    `a`: number or duration. `b`: number or duration.
    """
    return call("div", ("a", "b"), (a, b), {}, overflow, nan)


def ends_with(text: Value, end: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether the text ends so.

    `text`: string. `end`: string.
    """
    return call("ends_with", ("text", "end"), (text, end), {}, overflow, nan)


def eq(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether both are equal.

    Null where either is null. NaN equals nothing, -0.0 equals 0.0; integers of all types and decimals of all
    scales are compared exactly, strings by their bytes.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("eq", ("a", "b"), (a, b), {}, overflow, nan)


def exp(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """e to the power of `x`.

    Null where `x` is null.

    `x`: number.
    """
    return call("exp", ("x",), (x,), {}, overflow, nan)


def extract(unit: str, x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """A part of a date or time, as int64, in local time where it has a zone: year, quarter, month, week (ISO,
    1 to 53), isoyear (the year of that week), day, hour, minute, second (whole), millisecond, microsecond,
    nanosecond (each of the whole minute, seconds included), dow (Sunday 0), isodow (Monday 1), doy,
    decade, century, millennium; epoch is the seconds since 1970-01-01T00:00:00 (UTC where there is a zone)
    as float64.

    Of a duration the days, and what is left in hours and below; of an interval its parts, as they are.

    `unit`: string. `x`: date, time, timestamp, duration or interval.

    Also called date_part in text.
    """
    return call("extract", ("unit", "x"), (unit, x), {}, overflow, nan)


def first(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The value of the first row, be it null; null if there are no rows.

    `x`: any.

    Gives a Python value, None for null.
    """
    return reduce("first", ("x",), (x,), {}, overflow, nan)


def floor(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The greatest whole number that is not greater: integers and floats keep their type, decimals lose the
    digits after the point.

    Null where `x` is null.

    `x`: number.
    """
    return call("floor", ("x",), (x,), {}, overflow, nan)


def floor_div(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The quotient rounded down, an integer for integers: `floor(a / b)`.

    Null, zero and overflow as in `div` and `add`.

    `a`: number. `b`: number.
    """
    return call("floor_div", ("a", "b"), (a, b), {}, overflow, nan)


def floor_mod(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The remainder of the quotient that is rounded down: it has the sign of `b`.

    Null and zero as in `div`.

    `a`: number. `b`: number.
    """
    return call("floor_mod", ("a", "b"), (a, b), {}, overflow, nan)


def forward_fill(
    x: Value, limit: int | None = None, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The value, or that of the last row before it that is not null, at most limit rows away.

    Null where there is none.

    `x`: any type. `limit`: integer, by default None.

    Also called ffill in text.
    """
    return call("forward_fill", ("x",), (x,), {"limit": (limit, None)}, overflow, nan)


def ge(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether the first is greater or equal.

    Null and NaN as in `lt`.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("ge", ("a", "b"), (a, b), {}, overflow, nan)


def greatest(*x: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """The greatest argument.

    Nulls and NaN are skipped: null where all are null, NaN where all others are null.

    `x`: any type with an order.
    """
    return call("greatest", ("x",), (*x,), {}, overflow, nan)


def gt(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether the first is greater.

    Null and NaN as in `lt`.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("gt", ("a", "b"), (a, b), {}, overflow, nan)


def hash(*x: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """A number of 64 bits for the values, as uint64, that is the same in all versions and on all machines.

    Integers of all types, floats of both, decimals of all scales and text of all layouts hash alike where
    they are equal; all NaN are one value, -0.0 is 0.0, and null has a hash of its own. Not for secrets:
    whoever chooses the values can make them collide.

    `x`: number, boolean, string, binary, date or time.
    """
    return call("hash", ("x",), (*x,), {}, overflow, nan)


def if_(
    condition: Value, value: Value, otherwise: Value, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The second argument where the condition is true, else the third.

    A value that a row does not need raises nothing for that row.

    `condition`: boolean. `value`: any type. `otherwise`: any type.

    Also called iff in text.
    """
    return call("if", ("condition", "value", "otherwise"), (condition, value, otherwise), {}, overflow, nan)


def ilike(
    text: Value, pattern: Value, escape: str = "\\", *, overflow: str = "error", nan: str | None = None
) -> Any:
    r"""LIKE without regard to case, by the simple case folding of Unicode.

    `text`: string. `pattern`: string. `escape`: string, by default "\\".
    """
    return call("ilike", ("text", "pattern"), (text, pattern), {"escape": (escape, "\\")}, overflow, nan)


def in_(x: Value, *items: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether `x` equals one of the items.

    Null where `x` is null, or where none equals it and one of them is null. NaN equals nothing.

    `x`: number, string, binary, boolean, date, time, timestamp or duration. `items`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("in", ("x", "items"), (x, *items), {}, overflow, nan)


def is_false(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """True where the argument is false, else false: never null.

    `x`: boolean.
    """
    return call("is_false", ("x",), (x,), {}, overflow, nan)


def is_finite(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether it is neither NaN nor infinite.

    Null where `x` is null.

    `x`: number.
    """
    return call("is_finite", ("x",), (x,), {}, overflow, nan)


def is_infinite(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether it is infinite, of either sign.

    Null where `x` is null.

    `x`: number.
    """
    return call("is_infinite", ("x",), (x,), {}, overflow, nan)


def is_nan(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether it is NaN.

    Null where `x` is null; false of integers and decimals.

    `x`: number.
    """
    return call("is_nan", ("x",), (x,), {}, overflow, nan)


def is_not_false(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """False where the argument is false, else true: never null.

    `x`: boolean.
    """
    return call("is_not_false", ("x",), (x,), {}, overflow, nan)


def is_not_null(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """False where the argument is null, else true.

    `x`: any type.
    """
    return call("is_not_null", ("x",), (x,), {}, overflow, nan)


def is_not_true(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """False where the argument is true, else true: never null.

    `x`: boolean.
    """
    return call("is_not_true", ("x",), (x,), {}, overflow, nan)


def is_null(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """True where the argument is null, else false.

    `a IS UNKNOWN` is the same.

    `x`: any type.
    """
    return call("is_null", ("x",), (x,), {}, overflow, nan)


def is_true(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """True where the argument is true, else false: never null.

    `x`: boolean.
    """
    return call("is_true", ("x",), (x,), {}, overflow, nan)


def kurtosis(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The excess kurtosis, corrected for bias as pandas does; null with fewer than 4 rows that are not null,
    NaN (0/0) if all are equal.

    NaN and infinities give NaN.

    `x`: number.

    Also called kurt in text.

    Gives a Python value, None for null.
    """
    return reduce("kurtosis", ("x",), (x,), {}, overflow, nan)


def last(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The value of the last row, be it null; null if there are no rows.

    `x`: any.

    Gives a Python value, None for null.
    """
    return reduce("last", ("x",), (x,), {}, overflow, nan)


def le(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether the first is less or equal.

    Null and NaN as in `lt`.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("le", ("a", "b"), (a, b), {}, overflow, nan)


def least(*x: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """The least argument.

    Nulls and NaN are skipped: null where all are null, NaN where all others are null.

    `x`: any type with an order.
    """
    return call("least", ("x",), (*x,), {}, overflow, nan)


def left(text: Value, n: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The first `n` characters; where `n` is negative, all but the last.

    `text`: string. `n`: integer.
    """
    return call("left", ("text", "n"), (text, n), {}, overflow, nan)


def length(text: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of characters, as int64.

    `text`: string.

    Also called char_length, character_length in text.
    """
    return call("length", ("text",), (text,), {}, overflow, nan)


def like(
    text: Value, pattern: Value, escape: str = "\\", *, overflow: str = "error", nan: str | None = None
) -> Any:
    r"""Whether the whole text is like the pattern, in which % stands for any text and _ for one character.

    The character after the escape stands for itself; an empty escape is none. A pattern that ends in its
    escape is an error.

    `text`: string. `pattern`: string. `escape`: string, by default "\\".
    """
    return call("like", ("text", "pattern"), (text, pattern), {"escape": (escape, "\\")}, overflow, nan)


def ln(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The natural logarithm.

    Null where `x` is null; -infinity of 0, NaN of negative numbers.

    `x`: number.
    """
    return call("ln", ("x",), (x,), {}, overflow, nan)


def log10(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The logarithm to base 10; null, zero and negative numbers as in `ln`.

    `x`: number.
    """
    return call("log10", ("x",), (x,), {}, overflow, nan)


def log2(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The logarithm to base 2; null, zero and negative numbers as in `ln`.

    `x`: number.
    """
    return call("log2", ("x",), (x,), {}, overflow, nan)


def lower(text: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text in lower case, by the full case mapping of Unicode.

    `text`: string.

    Also called lcase in text.
    """
    return call("lower", ("text",), (text,), {}, overflow, nan)


def lpad(text: Value, n: Value, fill: Value = " ", *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text with so much of the repeated fill before it that it has `n` characters; its first `n` where it
    has more.

    A result beyond 2^31 - 1 bytes is an error.

    `text`: string. `n`: integer. `fill`: string, by default " ".
    """
    return call("lpad", ("text", "n"), (text, n), {"fill": (fill, " ")}, overflow, nan)


def lt(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether the first is less.

    Null where either is null, false where either is NaN. Strings are ordered by code points, false comes
    before true.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("lt", ("a", "b"), (a, b), {}, overflow, nan)


def ltrim(text: Value, characters: Value = " ", *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text without any of these characters at its start.

    `text`: string. `characters`: string, by default " ".
    """
    return call("ltrim", ("text",), (text,), {"characters": (characters, " ")}, overflow, nan)


def make_date(
    year: Value, month: Value, day: Value, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The date32 of a year, month and day; an error where there is no such day.

    `year`: integer. `month`: integer. `day`: integer.
    """
    return call("make_date", ("year", "month", "day"), (year, month, day), {}, overflow, nan)


def max(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The greatest value; null if there is none.

    Strings and bytes compare byte by byte, false is less than true, -0.0 less than 0.0. NaN counts only if
    there is nothing else.

    `x`: anything with an order.

    Gives a Python value, None for null.
    """
    return reduce("max", ("x",), (x,), {}, overflow, nan)


def mean(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The arithmetic mean of all rows that are not null; null if there are none.

    Numbers give float64, durations and timestamps their own type, rounded down to its unit. The sum below it
    is exact.

    `x`: number, bool, duration or timestamp.

    Also called avg in text.

    Gives a Python value, None for null.
    """
    return reduce("mean", ("x",), (x,), {}, overflow, nan)


def median(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The median: the mean of the two middle values where the number of rows that are not null is even; null
    without any.

    Numbers give float64, and NaN where there is one; dates, times, timestamps and durations give their own
    type, rounded down to its unit.

    `x`: number, date, time, timestamp or duration.

    Gives a Python value, None for null.
    """
    return reduce("median", ("x",), (x,), {}, overflow, nan)


def min(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The least value; null if there is none.

    Strings and bytes compare byte by byte, false is less than true, -0.0 less than 0.0. NaN counts only if
    there is nothing else.

    `x`: anything with an order.

    Gives a Python value, None for null.
    """
    return reduce("min", ("x",), (x,), {}, overflow, nan)


def mod(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The remainder of the quotient that is rounded toward zero: it has the sign of `a`.

    Null and zero as in `div`.

    `a`: number. `b`: number.
    """
    return call("mod", ("a", "b"), (a, b), {}, overflow, nan)


def mode(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The most frequent value that is not null, the least of several; null without any.

    All NaN are one value, greater than all others, and so are -0.0 and 0.0.

    `x`: anything with an order.

    Gives a Python value, None for null.
    """
    return reduce("mode", ("x",), (x,), {}, overflow, nan)


def mul(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The product.

    Null where either is null; overflow as in `add`. Decimals give a decimal whose scale is the sum of theirs.
    A duration or interval takes an integer.

    `a`: number, duration or interval. `b`: number, duration or interval.
    """
    return call("mul", ("a", "b"), (a, b), {}, overflow, nan)


def ne(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether both differ.

    Null where either is null. NaN differs from everything, itself too.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("ne", ("a", "b"), (a, b), {}, overflow, nan)


def neg(a: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The negative.

    Null where `a` is null. An unsigned integer becomes the next wider signed one (uint64: int64); the least
    integer overflows, as in `add`.

    `a`: number, duration or interval.
    """
    return call("neg", ("a",), (a,), {}, overflow, nan)


def not_(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """True where the argument is false, false where it is true, null where it is null.

    `x`: boolean.
    """
    return call("not", ("x",), (x,), {}, overflow, nan)


def not_distinct_from(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether both are equal, where null is a value like others: never null.

    NaN equals NaN here.

    `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
    boolean, date, time, timestamp or duration.
    """
    return call("not_distinct_from", ("a", "b"), (a, b), {}, overflow, nan)


def nullif(x: Value, y: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Null where both are equal, else the first argument.

    NaN equals nothing.

    `x`: any type with an order. `y`: any type with an order.
    """
    return call("nullif", ("x", "y"), (x, y), {}, overflow, nan)


def octet_length(value: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of bytes, of text in UTF-8, as int64.

    `value`: string or binary.
    """
    return call("octet_length", ("value",), (value,), {}, overflow, nan)


def or_(*x: Value, overflow: str = "error", nan: str | None = None) -> Any:
    """True where one is true, false where all are false, else null.

    An argument that a row does not need raises nothing for that row.

    `x`: boolean.
    """
    return call("or", ("x",), (*x,), {}, overflow, nan)


def pct_change(x: Value, n: int = 1, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The value divided by that n rows before, less one, as float64.

    Null where either is null or there is no such row; division by zero gives infinity or NaN.

    `x`: number. `n`: integer, by default 1.
    """
    return call("pct_change", ("x",), (x,), {"n": (n, 1)}, overflow, nan)


def power(x: Value, y: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """`x` to the power of `y`, as a float.

    Null where either is null; `power(x, 0)` is 1 of every `x`.

    `x`: number. `y`: number.

    Also called pow in text.
    """
    return call("power", ("x", "y"), (x, y), {}, overflow, nan)


def product(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The product of all rows that are not null; null if there are none.

    Integers and booleans give int64 or uint64, other numbers float64. Only a final value that does not fit is
    an overflow.

    `x`: number or bool.

    Gives a Python value, None for null.
    """
    return reduce("product", ("x",), (x,), {}, overflow, nan)


def qcut(x: Value, count: int, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of the bin of x, from 0, of count bins with as many rows each as can be.

    Edges are quantiles by linear interpolation, bins are closed on the right, and the first has the least
    value too; an edge that stands twice counts once, so that there may be fewer bins. Null and NaN give null.

    `x`: number. `count`: integer.
    """
    return call("qcut", ("x", "count"), (x, count), {}, overflow, nan)


def quantile(
    x: Value, q: float, interpolation: str = "linear", *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The value below which a share `q` of the rows lies; null without rows that are not null.

    Where it falls between two rows, `interpolation` says what it is, as in pandas. Types and NaN as `median`.

    `x`: number, date, time, timestamp or duration. `q`: number from 0 to 1. `interpolation`: 'linear',
    'lower', 'higher', 'nearest' or 'midpoint', by default "linear".

    Also called percentile_cont in text.

    Gives a Python value, None for null.
    """
    return reduce("quantile", ("x", "q"), (x, q), {"interpolation": (interpolation, "linear")}, overflow, nan)


def radians(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Degrees as radians.

    Null where `x` is null.

    `x`: number.
    """
    return call("radians", ("x",), (x,), {}, overflow, nan)


def rank(
    x: Value,
    method: str = "average",
    descending: bool = False,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The place of the row in the order of x, from 1.

    Equal values get the mean of their places with 'average', as float64; else int64: their first place with
    'min', their last with 'max', the number of different values up to theirs with 'dense', places in the
    order of rows with 'ordinal'. Null gives null; NaN is the greatest number, zeros of both signs are equal.

    `x`: any type with an order. `method`: string, by default "average". `descending`: boolean, by default
    False.
    """
    return call(
        "rank",
        ("x",),
        (x,),
        {"method": (method, "average"), "descending": (descending, False)},
        overflow,
        nan,
    )


def regexp_extract(
    text: Value, pattern: Value, group: Value = 0, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """What the group of the regular expression holds at its first match, the whole match for 0; null where
    there is no match or the group has no part in it.

    A group that the expression has not is an error.

    `text`: string. `pattern`: string. `group`: integer, by default 0.
    """
    return call("regexp_extract", ("text", "pattern"), (text, pattern), {"group": (group, 0)}, overflow, nan)


def regexp_like(text: Value, pattern: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether some part of the text matches the regular expression, in the syntax of Rust's regex crate: no
    references back and no look around, so that the time is linear.

    `text`: string. `pattern`: string.
    """
    return call("regexp_like", ("text", "pattern"), (text, pattern), {}, overflow, nan)


def regexp_replace(
    text: Value, pattern: Value, replacement: Value, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The text with the replacement in the place of every match of the regular expression.

    $1 or ${1} stands for the first group, $name or ${name} for a named one, $$ for a dollar.

    `text`: string. `pattern`: string. `replacement`: string.
    """
    return call(
        "regexp_replace", ("text", "pattern", "replacement"), (text, pattern, replacement), {}, overflow, nan
    )


def repeat(text: Value, n: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text `n` times, '' where `n` is not positive.

    A result beyond 2^31 - 1 bytes is an error.

    `text`: string. `n`: integer.
    """
    return call("repeat", ("text", "n"), (text, n), {}, overflow, nan)


def replace(
    text: Value, part: Value, other: Value, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The text with `other` in every place of `part`.

    An empty part has no place.

    `text`: string. `part`: string. `other`: string.
    """
    return call("replace", ("text", "part", "other"), (text, part, other), {}, overflow, nan)


def reverse(text: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The characters in reverse order.

    `text`: string.
    """
    return call("reverse", ("text",), (text,), {}, overflow, nan)


def right(text: Value, n: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The last `n` characters; where `n` is negative, all but the first.

    `text`: string. `n`: integer.
    """
    return call("right", ("text", "n"), (text, n), {}, overflow, nan)


def rolling_count(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """How many of the window's rows are not null.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_count",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def rolling_max(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The greatest of the window's rows; NaN only where there is nothing else.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_max",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def rolling_mean(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The mean of the window's rows, as float64.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_mean",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def rolling_median(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The median of the window's rows, as float64; NaN where one of them is.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_median",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def rolling_min(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The least of the window's rows; NaN only where there is nothing else.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_min",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def rolling_std(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The standard deviation of the window's rows, the root of rolling_var.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_std",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def rolling_sum(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The sum of the window's rows, of the type that cum_sum gives; a sum that does not fit is an error, or
    as the setting of overflow says.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_sum",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def rolling_var(
    x: Value,
    window: Value,
    min_periods: int | None = None,
    center: bool = False,
    by: Value = None,
    *,
    overflow: str = "error",
    nan: str | None = None,
) -> Any:
    """The variance of the window's rows, divided by one less than their number, as float64; null for less
    than two.

    The window is so many rows up to this one, with center around it (of two in the middle, it is the later);
    or, by a sorted column of dates or timestamps, the rows up to this one that are less than the interval
    before it. Null where fewer than min_periods rows of the window are not null; by default all must be, but
    one in windows of time, and none for rolling_count.

    `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None. `center`:
    boolean, by default False. `by`: date or timestamp, by default None.
    """
    return call(
        "rolling_var",
        ("x", "window"),
        (x, window),
        {"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        overflow,
        nan,
    )


def round(x: Value, digits: int = 0, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The nearest number with so many digits after the point, half away from zero; a negative number of
    digits rounds to tens, hundreds and so on.

    Integers and floats keep their type, decimals lose the digits after `digits`. A float is what its binary
    value rounds to, so that round(1.005, 2) is 1.0. Null where `x` is null; an integer that is rounded beyond
    its type overflows, as in `add`.

    `x`: number. `digits`: integer, by default 0.
    """
    return call("round", ("x",), (x,), {"digits": (digits, 0)}, overflow, nan)


def row_number(*, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of the row, from 1."""
    return call("row_number", (), (), {}, overflow, nan)


def rpad(text: Value, n: Value, fill: Value = " ", *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text with so much of the repeated fill after it that it has `n` characters; its first `n` where it
    has more.

    A result beyond 2^31 - 1 bytes is an error.

    `text`: string. `n`: integer. `fill`: string, by default " ".
    """
    return call("rpad", ("text", "n"), (text, n), {"fill": (fill, " ")}, overflow, nan)


def rtrim(text: Value, characters: Value = " ", *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text without any of these characters at its end.

    `text`: string. `characters`: string, by default " ".
    """
    return call("rtrim", ("text",), (text,), {"characters": (characters, " ")}, overflow, nan)


def shift(
    x: Value, n: int = 1, fill: Value = None, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The value n rows before this one, after it where n is negative; fill where there is no such row.

    `x`: any type. `n`: integer, by default 1. `fill`: the type of x, by default None.

    Also called lag in text.
    """
    return call("shift", ("x",), (x,), {"n": (n, 1), "fill": (fill, None)}, overflow, nan)


def sign(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """-1, 0 or 1, of the type of `x` (of decimals decimal(1, 0)).

    Null where `x` is null; NaN of NaN, -0.0 of -0.0.

    `x`: number.
    """
    return call("sign", ("x",), (x,), {}, overflow, nan)


def sin(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The sine of an angle in radians.

    Null where `x` is null; NaN of infinities.

    `x`: number.
    """
    return call("sin", ("x",), (x,), {}, overflow, nan)


def skew(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The skewness, corrected for bias as pandas does; null with fewer than 3 rows that are not null, NaN
    (0/0) if all are equal.

    NaN and infinities give NaN.

    `x`: number.

    Gives a Python value, None for null.
    """
    return reduce("skew", ("x",), (x,), {}, overflow, nan)


def split_part(
    text: Value, delimiter: Value, n: Value, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The `n`th of the parts between delimiters, from 1, or from -1 at the end; '' where there are fewer.

    An empty delimiter leaves the text whole. 0 is an error.

    `text`: string. `delimiter`: string. `n`: integer.
    """
    return call("split_part", ("text", "delimiter", "n"), (text, delimiter, n), {}, overflow, nan)


def sqrt(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The square root.

    Null where `x` is null; NaN of negative numbers.

    `x`: number.
    """
    return call("sqrt", ("x",), (x,), {}, overflow, nan)


def starts_with(text: Value, start: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """Whether the text starts so.

    `text`: string. `start`: string.
    """
    return call("starts_with", ("text", "start"), (text, start), {}, overflow, nan)


def std(x: Value, ddof: int = 1, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The standard deviation: the square root of `var`.

    `x`: number. `ddof`: integer, by default 1.

    Also called stddev, stddev_samp in text.

    Gives a Python value, None for null.
    """
    return reduce("std", ("x",), (x,), {"ddof": (ddof, 1)}, overflow, nan)


def std_pop(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The standard deviation of a whole population: `std` with `ddof` 0.

    `x`: number.

    Also called stddev_pop in text.

    Gives a Python value, None for null.
    """
    return reduce("std_pop", ("x",), (x,), {}, overflow, nan)


def strftime(x: Value, format: str, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The date or time as text.

    The format has the specifiers of Rust's chrono: %Y %m %d %H %M %S %f %j %a %b %z %Z and more; %f gives
    nine digits, %6f six. One that it has not, or that asks for what the type has not, is an error, as is a
    year beyond 262,000.

    `x`: date, time or timestamp. `format`: string.
    """
    return call("strftime", ("x", "format"), (x, format), {}, overflow, nan)


def strpos(text: Value, part: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number of the character, from 1, where the part first begins; 0 where the text does not hold it.

    `text`: string. `part`: string.
    """
    return call("strpos", ("text", "part"), (text, part), {}, overflow, nan)


def sub(a: Value, b: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The difference.

    Null where either is null; overflow as in `add`. Two dates or two timestamps give a duration.

    `a`: number, date, timestamp, duration or interval. `b`: number, date, timestamp, duration or interval.
    """
    return call("sub", ("a", "b"), (a, b), {}, overflow, nan)


def substr(
    text: Value, start: Value, length: Value = None, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The characters from number `start` on, counted from 1: `length` of them, or all where it is the literal
    NULL.

    Characters before the first count, though there are none: substr('abc', -1, 3) is 'a'. A negative length
    is an error.

    `text`: string. `start`: integer. `length`: integer, by default None.

    Also called substring in text.
    """
    return call("substr", ("text", "start"), (text, start), {"length": (length, None)}, overflow, nan)


def sum(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The sum of all rows that are not null; null if there are none.

    Integers and booleans give int64 or uint64, decimals decimal128(38, s), floats float64, durations a
    duration. Only a final value that does not fit is an overflow. Floats add up without rounding and are
    rounded once, so that the result does not depend on the order of rows; NaN and infinities as in any
    addition.

    `x`: number, bool or duration.

    Gives a Python value, None for null.
    """
    return reduce("sum", ("x",), (x,), {}, overflow, nan)


def tan(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The tangent of an angle in radians.

    Null where `x` is null; NaN of infinities.

    `x`: number.
    """
    return call("tan", ("x",), (x,), {}, overflow, nan)


def to_date(x: Value, format: str | None = None, *, overflow: str = "error", nan: str | None = None) -> Any:
    """A date32 from text, in the specifiers of strftime or else ISO 8601, or the day of a timestamp in its
    local time.

    Text that does not match is an error.

    `x`: string, date or timestamp. `format`: string, by default None.
    """
    return call("to_date", ("x",), (x,), {"format": (format, None)}, overflow, nan)


def to_timestamp(
    x: Value, format: str | None = None, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """A timestamp in microseconds from text of the format, in the specifiers of strftime; what the format
    leaves out is the least.

    Where it has an offset (%z) the result is in UTC, with that zone. Without a format the text is ISO 8601,
    and an offset in it is taken into account, but the result has no zone. A number is seconds since
    1970-01-01. Fractions beyond microseconds are cut off. Text that does not match is an error.

    `x`: string or number. `format`: string, by default None.
    """
    return call("to_timestamp", ("x",), (x,), {"format": (format, None)}, overflow, nan)


def trim(text: Value, characters: Value = " ", *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text without any of these characters at its start and end.

    `text`: string. `characters`: string, by default " ".

    Also called btrim in text.
    """
    return call("trim", ("text",), (text,), {"characters": (characters, " ")}, overflow, nan)


def trunc(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The number without the digits after the point; types and null as in `floor`.

    `x`: number.
    """
    return call("trunc", ("x",), (x,), {}, overflow, nan)


def try_cast(x: Value, type: str, *, overflow: str = "error", nan: str | None = None) -> Any:
    """As `cast`, but null where a value cannot be converted.

    `x`: any type. `type`: name of a type.
    """
    return call("try_cast", ("x", "type"), (x, type), {}, overflow, nan)


def upper(text: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The text in upper case, by the full case mapping of Unicode: 'ß' becomes 'SS'.

    `text`: string.

    Also called ucase in text.
    """
    return call("upper", ("text",), (text,), {}, overflow, nan)


def var(x: Value, ddof: int = 1, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The variance: the sum of squared distances from the mean divided by the number of rows less `ddof`;
    null with no more than `ddof` rows that are not null.

    NaN and infinities give NaN. The sums below it are exact, so that the result does not depend on the order
    of rows.

    `x`: number. `ddof`: integer, by default 1.

    Also called var_samp, variance in text.

    Gives a Python value, None for null.
    """
    return reduce("var", ("x",), (x,), {"ddof": (ddof, 1)}, overflow, nan)


def var_pop(x: Value, *, overflow: str = "error", nan: str | None = None) -> Any:
    """The variance of a whole population: `var` with `ddof` 0.

    `x`: number.

    Gives a Python value, None for null.
    """
    return reduce("var_pop", ("x",), (x,), {}, overflow, nan)


def width_bucket(
    x: Value, low: Value, high: Value, count: Value, *, overflow: str = "error", nan: str | None = None
) -> Any:
    """The number, from 1, of the one of `count` equally wide buckets between `low` and `high` that holds `x`,
    its lower end included: 0 below the first, `count` + 1 beyond the last.

    Buckets run downwards where `high` is less than `low`. Null where an argument is null or `x` is NaN;
    bounds that are equal or not finite and a count below 1 are errors.

    `x`: number. `low`: number. `high`: number. `count`: integer.
    """
    return call("width_bucket", ("x", "low", "high", "count"), (x, low, high, count), {}, overflow, nan)
