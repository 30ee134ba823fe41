"""Generated from the library's table of functions by tools/expressions.py: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .expressions import Expression

# An expression, or a Python value that `lit` makes one of.
Value = Any


class Methods:
    """The functions of the language that take a value first."""

    __slots__ = ()

    def _call(
        self, _name: str, *arguments: Value, _options: dict[str, tuple[Value, Value]] | None = None
    ) -> Expression:
        raise NotImplementedError

    def abs(self) -> Expression:
        """The magnitude, of the same type.

        Null where `x` is null; the least integer of its type overflows, as in `add`.

        `x`: number.
        """
        return self._call("abs", self)

    def acos(self) -> Expression:
        """The angle in radians whose cosine it is.

        Null where `x` is null; NaN beyond -1 and 1.

        `x`: number.
        """
        return self._call("acos", self)

    def all(self) -> Expression:
        """Whether `x` is true in all rows; nulls are skipped, and without other rows the result is null.

        `x`: bool.

        Also called bool_and in text.
        """
        return self._call("all", self)

    def any(self) -> Expression:
        """Whether `x` is true in any row; nulls are skipped, and without other rows the result is null.

        `x`: bool.

        Also called bool_or in text.
        """
        return self._call("any", self)

    def approx_count_distinct(self) -> Expression:
        """About the number of different values that are not null, in 16 KiB: the standard error is 0.8 %.

        The same values give the same estimate on every machine.

        `x`: any.

        Also called approx_unique in text.
        """
        return self._call("approx_count_distinct", self)

    def approx_median(self) -> Expression:
        """`approx_quantile` with `q` 0.5.

        `x`: number, date, time, timestamp or duration.
        """
        return self._call("approx_median", self)

    def approx_quantile(self, q: float) -> Expression:
        """A value of the rows whose rank is near that of the quantile `q`, in less than a megabyte: of `n`
        rows it is off by at most `n * log2(n / 4096) / 8192` (0.2 % of 10^8 rows), and exact up to 8191
        rows.

        Types, nulls and NaN as `median`; the same for any number of threads.

        `x`: number, date, time, timestamp or duration. `q`: number from 0 to 1.

        Also called approx_percentile in text.
        """
        return self._call("approx_quantile", self, q)

    def asin(self) -> Expression:
        """The angle in radians whose sine it is.

        Null where `x` is null; NaN beyond -1 and 1.

        `x`: number.
        """
        return self._call("asin", self)

    def at_time_zone(self, zone: str) -> Expression:
        """A timestamp without a zone is taken as local time of the zone, and becomes the instant with that
        zone; one with a zone becomes the local time of the given zone, without one.

        The zone is a name of the IANA database or an offset as '+02:00'. A local time that does not exist
        moves forward by as much as the clocks did; of one that comes twice it is the earlier.

        `x`: timestamp. `zone`: string.
        """
        return self._call("at_time_zone", self, zone)

    def atan(self) -> Expression:
        """The angle in radians whose tangent it is.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("atan", self)

    def atan2(self, x: Value) -> Expression:
        """The angle in radians of the point (x, y), from -pi to pi.

        Null where either is null.

        `y`: number. `x`: number.
        """
        return self._call("atan2", self, x)

    def backward_fill(self, limit: int | None = None) -> Expression:
        """The value, or that of the next row after it that is not null, at most limit rows away.

        Null where there is none.

        `x`: any type. `limit`: integer, by default None.

        Also called bfill in text.
        """
        return self._call("backward_fill", self, _options={"limit": (limit, None)})

    def cbrt(self) -> Expression:
        """The cube root.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("cbrt", self)

    def ceil(self) -> Expression:
        """The least whole number that is not less; types and null as in `floor`.

        `x`: number.

        Also called ceiling in text.
        """
        return self._call("ceil", self)

    def coalesce(self, *x: Value) -> Expression:
        """The first argument that is not null; null where all are.

        An argument that a row does not need raises nothing for that row.

        `x`: any type.

        Also called ifnull, nvl, fill_null in text.
        """
        return self._call("coalesce", self, *x)

    def concat(self, *text: Value) -> Expression:
        """The texts one after the other; null where one is null.

        `text`: string.
        """
        return self._call("concat", self, *text)

    def contains(self, part: Value) -> Expression:
        """Whether the text holds the part, which is plain text.

        Every text holds the empty one.

        `text`: string. `part`: string.
        """
        return self._call("contains", self, part)

    def corr(self, y: Value) -> Expression:
        """Pearson's correlation of the rows where neither is null; null with fewer than 2 such rows, NaN
        where one of the two does not vary or has NaN or infinities.

        `x`: number. `y`: number.
        """
        return self._call("corr", self, y)

    def cos(self) -> Expression:
        """The cosine of an angle in radians.

        Null where `x` is null; NaN of infinities.

        `x`: number.
        """
        return self._call("cos", self)

    def count(self) -> Expression:
        """The number of rows where `x` is not null; of all rows without an argument.

        `x`: any, by default True.
        """
        return self._call("count", self)

    def count_distinct(self) -> Expression:
        """The number of different values that are not null.

        All NaN are one value, and so are -0.0 and 0.0.

        `x`: any.
        """
        return self._call("count_distinct", self)

    def count_null(self) -> Expression:
        """The number of rows where `x` is null.

        `x`: any.
        """
        return self._call("count_null", self)

    def covar(self, y: Value, ddof: int = 1) -> Expression:
        """The covariance of the rows where neither is null, divided by their number less `ddof`; null with no
        more than `ddof` such rows.

        NaN and infinities give NaN. The sums below it are exact.

        `x`: number. `y`: number. `ddof`: integer, by default 1.

        Also called covar_samp in text.
        """
        return self._call("covar", self, y, _options={"ddof": (ddof, 1)})

    def covar_pop(self, y: Value) -> Expression:
        """The covariance of a whole population: `covar` with `ddof` 0.

        `x`: number. `y`: number.
        """
        return self._call("covar_pop", self, y)

    def cum_count(self) -> Expression:
        """How many of the rows up to this one are not null; never null itself.

        `x`: any type.
        """
        return self._call("cum_count", self)

    def cum_max(self) -> Expression:
        """The greatest of the rows up to this one.

        Null rows give null and are passed over; NaN counts only where there is nothing else.

        `x`: number, date, time, timestamp or duration.
        """
        return self._call("cum_max", self)

    def cum_min(self) -> Expression:
        """The least of the rows up to this one.

        Null rows give null and are passed over; NaN counts only where there is nothing else.

        `x`: number, date, time, timestamp or duration.
        """
        return self._call("cum_min", self)

    def cum_product(self) -> Expression:
        """The product of the rows up to this one.

        Null rows give null and are passed over. Integers give int64 or uint64, and a product that does not
        fit is an error, or as the setting of overflow says; all else gives float64.

        `x`: number.

        Also called cum_prod in text.
        """
        return self._call("cum_product", self)

    def cum_sum(self) -> Expression:
        """The sum of the rows up to this one.

        Null rows give null and are passed over; NaN stays from its row on. Integers give int64 or uint64, and
        a sum that does not fit is an error, or as the setting of overflow says; floats give float64, with an
        error of few roundings however many rows there are.

        `x`: number.
        """
        return self._call("cum_sum", self)

    def cut(self, *edges: Value) -> Expression:
        """The number, from 0, of the interval between ascending edges that holds `x`, its upper edge
        included.

        Null where `x` is null, NaN, not greater than the first edge or greater than the last.

        `x`: number. `edges`: number.
        """
        return self._call("cut", self, *edges)

    def date_trunc(self, unit: str) -> Expression:
        """The start of the unit that `x` lies in, of the type of `x`, in local time where it has a zone:
        microsecond, millisecond, second, minute, hour, day, week (from Monday), month, quarter, year,
        decade, century, millennium.

        A duration is cut toward zero. A start before the first value of the type is an error.

        `unit`: string. `x`: date, time, timestamp or duration.
        """
        return self._call("date_trunc", unit, self)

    def degrees(self) -> Expression:
        """Radians as degrees.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("degrees", self)

    def diff(self, n: int = 1) -> Expression:
        """The value less that n rows before, after it where n is negative.

        Null where either is null or there is no such row. Integers give int64, and a difference that does not
        fit is an error, or as the setting of overflow says; dates, timestamps and durations give a duration.

        `x`: number, date, timestamp or duration. `n`: integer, by default 1.
        """
        return self._call("diff", self, _options={"n": (n, 1)})

    def distinct_from(self, b: Value) -> Expression:
        """Whether both differ, where null is a value like others: never null.

        NaN is not distinct from NaN, nor -0.0 from 0.0.

        `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
        boolean, date, time, timestamp or duration.
        """
        return self._call("distinct_from", self, b)

    def ends_with(self, end: Value) -> Expression:
        """Whether the text ends so.

        `text`: string. `end`: string.
        """
        return self._call("ends_with", self, end)

    def exp(self) -> Expression:
        """e to the power of `x`.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("exp", self)

    def extract(self, unit: str) -> Expression:
        """A part of a date or time, as int64, in local time where it has a zone: year, quarter, month, week
        (ISO, 1 to 53), isoyear (the year of that week), day, hour, minute, second (whole), millisecond,
        microsecond, nanosecond (each of the whole minute, seconds included), dow (Sunday 0), isodow
        (Monday 1), doy, decade, century, millennium; epoch is the seconds since 1970-01-01T00:00:00 (UTC
        where there is a zone) as float64.

        Of a duration the days, and what is left in hours and below; of an interval its parts, as they are.

        `unit`: string. `x`: date, time, timestamp, duration or interval.

        Also called date_part in text.
        """
        return self._call("extract", unit, self)

    def first(self) -> Expression:
        """The value of the first row, be it null; null if there are no rows.

        `x`: any.
        """
        return self._call("first", self)

    def floor(self) -> Expression:
        """The greatest whole number that is not greater: integers and floats keep their type, decimals lose
        the digits after the point.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("floor", self)

    def forward_fill(self, limit: int | None = None) -> Expression:
        """The value, or that of the last row before it that is not null, at most limit rows away.

        Null where there is none.

        `x`: any type. `limit`: integer, by default None.

        Also called ffill in text.
        """
        return self._call("forward_fill", self, _options={"limit": (limit, None)})

    def greatest(self, *x: Value) -> Expression:
        """The greatest argument.

        Nulls and NaN are skipped: null where all are null, NaN where all others are null.

        `x`: any type with an order.
        """
        return self._call("greatest", self, *x)

    def hash(self, *x: Value) -> Expression:
        """A number of 64 bits for the values, as uint64, that is the same in all versions and on all
        machines.

        Integers of all types, floats of both, decimals of all scales and text of all layouts hash alike where
        they are equal; all NaN are one value, -0.0 is 0.0, and null has a hash of its own. Not for secrets:
        whoever chooses the values can make them collide.

        `x`: number, boolean, string, binary, date or time.
        """
        return self._call("hash", self, *x)

    def is_false(self) -> Expression:
        """True where the argument is false, else false: never null.

        `x`: boolean.
        """
        return self._call("is_false", self)

    def is_finite(self) -> Expression:
        """Whether it is neither NaN nor infinite.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("is_finite", self)

    def is_infinite(self) -> Expression:
        """Whether it is infinite, of either sign.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("is_infinite", self)

    def is_nan(self) -> Expression:
        """Whether it is NaN.

        Null where `x` is null; false of integers and decimals.

        `x`: number.
        """
        return self._call("is_nan", self)

    def is_not_false(self) -> Expression:
        """False where the argument is false, else true: never null.

        `x`: boolean.
        """
        return self._call("is_not_false", self)

    def is_not_true(self) -> Expression:
        """False where the argument is true, else true: never null.

        `x`: boolean.
        """
        return self._call("is_not_true", self)

    def is_true(self) -> Expression:
        """True where the argument is true, else false: never null.

        `x`: boolean.
        """
        return self._call("is_true", self)

    def kurtosis(self) -> Expression:
        """The excess kurtosis, corrected for bias as pandas does; null with fewer than 4 rows that are not
        null, NaN (0/0) if all are equal.

        NaN and infinities give NaN.

        `x`: number.

        Also called kurt in text.
        """
        return self._call("kurtosis", self)

    def last(self) -> Expression:
        """The value of the last row, be it null; null if there are no rows.

        `x`: any.
        """
        return self._call("last", self)

    def least(self, *x: Value) -> Expression:
        """The least argument.

        Nulls and NaN are skipped: null where all are null, NaN where all others are null.

        `x`: any type with an order.
        """
        return self._call("least", self, *x)

    def left(self, n: Value) -> Expression:
        """The first `n` characters; where `n` is negative, all but the last.

        `text`: string. `n`: integer.
        """
        return self._call("left", self, n)

    def length(self) -> Expression:
        """The number of characters, as int64.

        `text`: string.

        Also called char_length, character_length in text.
        """
        return self._call("length", self)

    def ln(self) -> Expression:
        """The natural logarithm.

        Null where `x` is null; -infinity of 0, NaN of negative numbers.

        `x`: number.
        """
        return self._call("ln", self)

    def log10(self) -> Expression:
        """The logarithm to base 10; null, zero and negative numbers as in `ln`.

        `x`: number.
        """
        return self._call("log10", self)

    def log2(self) -> Expression:
        """The logarithm to base 2; null, zero and negative numbers as in `ln`.

        `x`: number.
        """
        return self._call("log2", self)

    def lower(self) -> Expression:
        """The text in lower case, by the full case mapping of Unicode.

        `text`: string.

        Also called lcase in text.
        """
        return self._call("lower", self)

    def lpad(self, n: Value, fill: Value = " ") -> Expression:
        """The text with so much of the repeated fill before it that it has `n` characters; its first `n`
        where it has more.

        A result beyond 2^31 - 1 bytes is an error.

        `text`: string. `n`: integer. `fill`: string, by default " ".
        """
        return self._call("lpad", self, n, _options={"fill": (fill, " ")})

    def ltrim(self, characters: Value = " ") -> Expression:
        """The text without any of these characters at its start.

        `text`: string. `characters`: string, by default " ".
        """
        return self._call("ltrim", self, _options={"characters": (characters, " ")})

    def make_date(self, month: Value, day: Value) -> Expression:
        """The date32 of a year, month and day; an error where there is no such day.

        `year`: integer. `month`: integer. `day`: integer.
        """
        return self._call("make_date", self, month, day)

    def max(self) -> Expression:
        """The greatest value; null if there is none.

        Strings and bytes compare byte by byte, false is less than true, -0.0 less than 0.0. NaN counts only
        if there is nothing else.

        `x`: anything with an order.
        """
        return self._call("max", self)

    def mean(self) -> Expression:
        """The arithmetic mean of all rows that are not null; null if there are none.

        Numbers give float64, durations and timestamps their own type, rounded down to its unit. The sum below
        it is exact.

        `x`: number, bool, duration or timestamp.

        Also called avg in text.
        """
        return self._call("mean", self)

    def median(self) -> Expression:
        """The median: the mean of the two middle values where the number of rows that are not null is even;
        null without any.

        Numbers give float64, and NaN where there is one; dates, times, timestamps and durations give their
        own type, rounded down to its unit.

        `x`: number, date, time, timestamp or duration.
        """
        return self._call("median", self)

    def min(self) -> Expression:
        """The least value; null if there is none.

        Strings and bytes compare byte by byte, false is less than true, -0.0 less than 0.0. NaN counts only
        if there is nothing else.

        `x`: anything with an order.
        """
        return self._call("min", self)

    def mod(self, b: Value) -> Expression:
        """The remainder of the quotient that is rounded toward zero: it has the sign of `a`.

        Null and zero as in `div`.

        `a`: number. `b`: number.
        """
        return self._call("mod", self, b)

    def mode(self) -> Expression:
        """The most frequent value that is not null, the least of several; null without any.

        All NaN are one value, greater than all others, and so are -0.0 and 0.0.

        `x`: anything with an order.
        """
        return self._call("mode", self)

    def not_distinct_from(self, b: Value) -> Expression:
        """Whether both are equal, where null is a value like others: never null.

        NaN equals NaN here.

        `a`: number, string, binary, boolean, date, time, timestamp or duration. `b`: number, string, binary,
        boolean, date, time, timestamp or duration.
        """
        return self._call("not_distinct_from", self, b)

    def nullif(self, y: Value) -> Expression:
        """Null where both are equal, else the first argument.

        NaN equals nothing.

        `x`: any type with an order. `y`: any type with an order.
        """
        return self._call("nullif", self, y)

    def octet_length(self) -> Expression:
        """The number of bytes, of text in UTF-8, as int64.

        `value`: string or binary.
        """
        return self._call("octet_length", self)

    def pct_change(self, n: int = 1) -> Expression:
        """The value divided by that n rows before, less one, as float64.

        Null where either is null or there is no such row; division by zero gives infinity or NaN.

        `x`: number. `n`: integer, by default 1.
        """
        return self._call("pct_change", self, _options={"n": (n, 1)})

    def power(self, y: Value) -> Expression:
        """`x` to the power of `y`, as a float.

        Null where either is null; `power(x, 0)` is 1 of every `x`.

        `x`: number. `y`: number.

        Also called pow in text.
        """
        return self._call("power", self, y)

    def product(self) -> Expression:
        """The product of all rows that are not null; null if there are none.

        Integers and booleans give int64 or uint64, other numbers float64. Only a final value that does not
        fit is an overflow.

        `x`: number or bool.
        """
        return self._call("product", self)

    def qcut(self, count: int) -> Expression:
        """The number of the bin of x, from 0, of count bins with as many rows each as can be.

        Edges are quantiles by linear interpolation, bins are closed on the right, and the first has the least
        value too; an edge that stands twice counts once, so that there may be fewer bins. Null and NaN give
        null.

        `x`: number. `count`: integer.
        """
        return self._call("qcut", self, count)

    def quantile(self, q: float, interpolation: str = "linear") -> Expression:
        """The value below which a share `q` of the rows lies; null without rows that are not null.

        Where it falls between two rows, `interpolation` says what it is, as in pandas. Types and NaN as
        `median`.

        `x`: number, date, time, timestamp or duration. `q`: number from 0 to 1. `interpolation`: 'linear',
        'lower', 'higher', 'nearest' or 'midpoint', by default "linear".

        Also called percentile_cont in text.
        """
        return self._call("quantile", self, q, _options={"interpolation": (interpolation, "linear")})

    def radians(self) -> Expression:
        """Degrees as radians.

        Null where `x` is null.

        `x`: number.
        """
        return self._call("radians", self)

    def rank(self, method: str = "average", descending: bool = False) -> Expression:
        """The place of the row in the order of x, from 1.

        Equal values get the mean of their places with 'average', as float64; else int64: their first place
        with 'min', their last with 'max', the number of different values up to theirs with 'dense', places in
        the order of rows with 'ordinal'. Null gives null; NaN is the greatest number, zeros of both signs are
        equal.

        `x`: any type with an order. `method`: string, by default "average". `descending`: boolean, by default
        False.
        """
        return self._call(
            "rank", self, _options={"method": (method, "average"), "descending": (descending, False)}
        )

    def regexp_extract(self, pattern: Value, group: Value = 0) -> Expression:
        """What the group of the regular expression holds at its first match, the whole match for 0; null
        where there is no match or the group has no part in it.

        A group that the expression has not is an error.

        `text`: string. `pattern`: string. `group`: integer, by default 0.
        """
        return self._call("regexp_extract", self, pattern, _options={"group": (group, 0)})

    def regexp_like(self, pattern: Value) -> Expression:
        """Whether some part of the text matches the regular expression, in the syntax of Rust's regex crate:
        no references back and no look around, so that the time is linear.

        `text`: string. `pattern`: string.
        """
        return self._call("regexp_like", self, pattern)

    def regexp_replace(self, pattern: Value, replacement: Value) -> Expression:
        """The text with the replacement in the place of every match of the regular expression.

        $1 or ${1} stands for the first group, $name or ${name} for a named one, $$ for a dollar.

        `text`: string. `pattern`: string. `replacement`: string.
        """
        return self._call("regexp_replace", self, pattern, replacement)

    def repeat(self, n: Value) -> Expression:
        """The text `n` times, '' where `n` is not positive.

        A result beyond 2^31 - 1 bytes is an error.

        `text`: string. `n`: integer.
        """
        return self._call("repeat", self, n)

    def replace(self, part: Value, other: Value) -> Expression:
        """The text with `other` in every place of `part`.

        An empty part has no place.

        `text`: string. `part`: string. `other`: string.
        """
        return self._call("replace", self, part, other)

    def reverse(self) -> Expression:
        """The characters in reverse order.

        `text`: string.
        """
        return self._call("reverse", self)

    def right(self, n: Value) -> Expression:
        """The last `n` characters; where `n` is negative, all but the first.

        `text`: string. `n`: integer.
        """
        return self._call("right", self, n)

    def rolling_count(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """How many of the window's rows are not null.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_count",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def rolling_max(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """The greatest of the window's rows; NaN only where there is nothing else.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_max",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def rolling_mean(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """The mean of the window's rows, as float64.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_mean",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def rolling_median(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """The median of the window's rows, as float64; NaN where one of them is.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_median",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def rolling_min(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """The least of the window's rows; NaN only where there is nothing else.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_min",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def rolling_std(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """The standard deviation of the window's rows, the root of rolling_var.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_std",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def rolling_sum(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """The sum of the window's rows, of the type that cum_sum gives; a sum that does not fit is an error,
        or as the setting of overflow says.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_sum",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def rolling_var(
        self, window: Value, min_periods: int | None = None, center: bool = False, by: Value = None
    ) -> Expression:
        """The variance of the window's rows, divided by one less than their number, as float64; null for less
        than two.

        The window is so many rows up to this one, with center around it (of two in the middle, it is the
        later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the
        interval before it. Null where fewer than min_periods rows of the window are not null; by default all
        must be, but one in windows of time, and none for rolling_count.

        `x`: number. `window`: integer, or interval with by. `min_periods`: integer, by default None.
        `center`: boolean, by default False. `by`: date or timestamp, by default None.
        """
        return self._call(
            "rolling_var",
            self,
            window,
            _options={"min_periods": (min_periods, None), "center": (center, False), "by": (by, None)},
        )

    def round(self, digits: int = 0) -> Expression:
        """The nearest number with so many digits after the point, half away from zero; a negative number of
        digits rounds to tens, hundreds and so on.

        Integers and floats keep their type, decimals lose the digits after `digits`. A float is what its
        binary value rounds to, so that round(1.005, 2) is 1.0. Null where `x` is null; an integer that is
        rounded beyond its type overflows, as in `add`.

        `x`: number. `digits`: integer, by default 0.
        """
        return self._call("round", self, _options={"digits": (digits, 0)})

    def rpad(self, n: Value, fill: Value = " ") -> Expression:
        """The text with so much of the repeated fill after it that it has `n` characters; its first `n` where
        it has more.

        A result beyond 2^31 - 1 bytes is an error.

        `text`: string. `n`: integer. `fill`: string, by default " ".
        """
        return self._call("rpad", self, n, _options={"fill": (fill, " ")})

    def rtrim(self, characters: Value = " ") -> Expression:
        """The text without any of these characters at its end.

        `text`: string. `characters`: string, by default " ".
        """
        return self._call("rtrim", self, _options={"characters": (characters, " ")})

    def shift(self, n: int = 1, fill: Value = None) -> Expression:
        """The value n rows before this one, after it where n is negative; fill where there is no such row.

        `x`: any type. `n`: integer, by default 1. `fill`: the type of x, by default None.

        Also called lag in text.
        """
        return self._call("shift", self, _options={"n": (n, 1), "fill": (fill, None)})

    def sign(self) -> Expression:
        """-1, 0 or 1, of the type of `x` (of decimals decimal(1, 0)).

        Null where `x` is null; NaN of NaN, -0.0 of -0.0.

        `x`: number.
        """
        return self._call("sign", self)

    def sin(self) -> Expression:
        """The sine of an angle in radians.

        Null where `x` is null; NaN of infinities.

        `x`: number.
        """
        return self._call("sin", self)

    def skew(self) -> Expression:
        """The skewness, corrected for bias as pandas does; null with fewer than 3 rows that are not null, NaN
        (0/0) if all are equal.

        NaN and infinities give NaN.

        `x`: number.
        """
        return self._call("skew", self)

    def split_part(self, delimiter: Value, n: Value) -> Expression:
        """The `n`th of the parts between delimiters, from 1, or from -1 at the end; '' where there are fewer.

        An empty delimiter leaves the text whole. 0 is an error.

        `text`: string. `delimiter`: string. `n`: integer.
        """
        return self._call("split_part", self, delimiter, n)

    def sqrt(self) -> Expression:
        """The square root.

        Null where `x` is null; NaN of negative numbers.

        `x`: number.
        """
        return self._call("sqrt", self)

    def starts_with(self, start: Value) -> Expression:
        """Whether the text starts so.

        `text`: string. `start`: string.
        """
        return self._call("starts_with", self, start)

    def std(self, ddof: int = 1) -> Expression:
        """The standard deviation: the square root of `var`.

        `x`: number. `ddof`: integer, by default 1.

        Also called stddev, stddev_samp in text.
        """
        return self._call("std", self, _options={"ddof": (ddof, 1)})

    def std_pop(self) -> Expression:
        """The standard deviation of a whole population: `std` with `ddof` 0.

        `x`: number.

        Also called stddev_pop in text.
        """
        return self._call("std_pop", self)

    def strftime(self, format: str) -> Expression:
        """The date or time as text.

        The format has the specifiers of Rust's chrono: %Y %m %d %H %M %S %f %j %a %b %z %Z and more; %f gives
        nine digits, %6f six. One that it has not, or that asks for what the type has not, is an error, as is
        a year beyond 262,000.

        `x`: date, time or timestamp. `format`: string.
        """
        return self._call("strftime", self, format)

    def strpos(self, part: Value) -> Expression:
        """The number of the character, from 1, where the part first begins; 0 where the text does not hold
        it.

        `text`: string. `part`: string.
        """
        return self._call("strpos", self, part)

    def substr(self, start: Value, length: Value = None) -> Expression:
        """The characters from number `start` on, counted from 1: `length` of them, or all where it is the
        literal NULL.

        Characters before the first count, though there are none: substr('abc', -1, 3) is 'a'. A negative
        length is an error.

        `text`: string. `start`: integer. `length`: integer, by default None.

        Also called substring in text.
        """
        return self._call("substr", self, start, _options={"length": (length, None)})

    def sum(self) -> Expression:
        """The sum of all rows that are not null; null if there are none.

        Integers and booleans give int64 or uint64, decimals decimal128(38, s), floats float64, durations a
        duration. Only a final value that does not fit is an overflow. Floats add up without rounding and are
        rounded once, so that the result does not depend on the order of rows; NaN and infinities as in any
        addition.

        `x`: number, bool or duration.
        """
        return self._call("sum", self)

    def tan(self) -> Expression:
        """The tangent of an angle in radians.

        Null where `x` is null; NaN of infinities.

        `x`: number.
        """
        return self._call("tan", self)

    def to_date(self, format: str | None = None) -> Expression:
        """A date32 from text, in the specifiers of strftime or else ISO 8601, or the day of a timestamp in
        its local time.

        Text that does not match is an error.

        `x`: string, date or timestamp. `format`: string, by default None.
        """
        return self._call("to_date", self, _options={"format": (format, None)})

    def to_timestamp(self, format: str | None = None) -> Expression:
        """A timestamp in microseconds from text of the format, in the specifiers of strftime; what the format
        leaves out is the least.

        Where it has an offset (%z) the result is in UTC, with that zone. Without a format the text is ISO
        8601, and an offset in it is taken into account, but the result has no zone. A number is seconds since
        1970-01-01. Fractions beyond microseconds are cut off. Text that does not match is an error.

        `x`: string or number. `format`: string, by default None.
        """
        return self._call("to_timestamp", self, _options={"format": (format, None)})

    def trim(self, characters: Value = " ") -> Expression:
        """The text without any of these characters at its start and end.

        `text`: string. `characters`: string, by default " ".

        Also called btrim in text.
        """
        return self._call("trim", self, _options={"characters": (characters, " ")})

    def trunc(self) -> Expression:
        """The number without the digits after the point; types and null as in `floor`.

        `x`: number.
        """
        return self._call("trunc", self)

    def upper(self) -> Expression:
        """The text in upper case, by the full case mapping of Unicode: 'ß' becomes 'SS'.

        `text`: string.

        Also called ucase in text.
        """
        return self._call("upper", self)

    def var(self, ddof: int = 1) -> Expression:
        """The variance: the sum of squared distances from the mean divided by the number of rows less `ddof`;
        null with no more than `ddof` rows that are not null.

        NaN and infinities give NaN. The sums below it are exact, so that the result does not depend on the
        order of rows.

        `x`: number. `ddof`: integer, by default 1.

        Also called var_samp, variance in text.
        """
        return self._call("var", self, _options={"ddof": (ddof, 1)})

    def var_pop(self) -> Expression:
        """The variance of a whole population: `var` with `ddof` 0.

        `x`: number.
        """
        return self._call("var_pop", self)

    def width_bucket(self, low: Value, high: Value, count: Value) -> Expression:
        """The number, from 1, of the one of `count` equally wide buckets between `low` and `high` that holds
        `x`, its lower end included: 0 below the first, `count` + 1 beyond the last.

        Buckets run downwards where `high` is less than `low`. Null where an argument is null or `x` is NaN;
        bounds that are equal or not finite and a count below 1 are errors.

        `x`: number. `low`: number. `high`: number. `count`: integer.
        """
        return self._call("width_bucket", self, low, high, count)
