"""What dates and times give: Python's datetime, and zoneinfo for local times."""

import calendar
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)


def moment(text):
    """A naive datetime of ISO text."""
    return datetime.fromisoformat(text)


def shown(value):
    """As strftime(x, '%Y-%m-%d %H:%M:%S.%6f') has it."""
    return value.isoformat(" ", "microseconds")


def to_utc(local, zone):
    """The instant of a local time: forward where it does not exist, the earlier where there are two."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC).replace(tzinfo=None)


def to_local(instant, zone):
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def counted(year, length):
    return (year - 1) // length + 1


def microseconds(value):
    """The whole minute's, seconds included."""
    return value.second * 10**6 + value.microsecond


PARTS = {
    "year": lambda d: d.year,
    "quarter": lambda d: (d.month + 2) // 3,
    "month": lambda d: d.month,
    "week": lambda d: d.isocalendar().week,
    "isoyear": lambda d: d.isocalendar().year,
    "day": lambda d: d.day,
    "dow": lambda d: d.isoweekday() % 7,
    "isodow": lambda d: d.isoweekday(),
    "doy": lambda d: d.timetuple().tm_yday,
    "decade": lambda d: d.year // 10,
    "century": lambda d: counted(d.year, 100),
    "millennium": lambda d: counted(d.year, 1000),
}
TIME_PARTS = {
    "hour": lambda t: t.hour,
    "minute": lambda t: t.minute,
    "second": lambda t: t.second,
    "millisecond": lambda t: microseconds(t) // 1000,
    "microsecond": microseconds,
    "nanosecond": lambda t: microseconds(t) * 1000,
}


def epoch(value):
    """Seconds since 1970 of a naive datetime."""
    return float(Fraction((value - EPOCH) // MICROSECOND, 10**6))


def truncated(unit, value):
    """The start of the unit that a naive datetime lies in."""
    day = value.replace(hour=0, minute=0, second=0, microsecond=0)
    month = day.replace(day=1)
    return {
        "microsecond": lambda: value,
        "millisecond": lambda: value.replace(microsecond=value.microsecond // 1000 * 1000),
        "second": lambda: value.replace(microsecond=0),
        "minute": lambda: value.replace(second=0, microsecond=0),
        "hour": lambda: value.replace(minute=0, second=0, microsecond=0),
        "day": lambda: day,
        "week": lambda: day - timedelta(days=day.weekday()),
        "month": lambda: month,
        "quarter": lambda: month.replace(month=(day.month - 1) // 3 * 3 + 1),
        "year": lambda: month.replace(month=1),
        "decade": lambda: month.replace(month=1, year=day.year // 10 * 10),
        "century": lambda: month.replace(month=1, year=(counted(day.year, 100) - 1) * 100 + 1),
        "millennium": lambda: month.replace(month=1, year=(counted(day.year, 1000) - 1) * 1000 + 1),
    }[unit]()


def truncated_instant(unit, instant, zone):
    """The same of an instant, in the local time of a zone."""
    local = to_local(instant, zone)
    if unit in ("microsecond", "millisecond", "second", "minute", "hour"):
        # Within the hour that passes, which a local time may have twice.
        return instant - (local - truncated(unit, local))
    return to_utc(truncated(unit, local), zone)


def add_months(value, months):
    """The day stops at the end of its month."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return value.replace(year=year, month=month + 1, day=min(value.day, last))


def add(value, *, months=0, days=0, **time):
    """A naive datetime or date moved by an interval."""
    return add_months(value, months) + timedelta(days=days, **time)


def add_instant(instant, zone, *, months=0, days=0, **time):
    """Months and days move in local time, hours and shorter pass."""
    local = to_local(instant, zone)
    moved = instant if not (months or days) else to_utc(add(local, months=months, days=days), zone)
    return moved + timedelta(**time)


def make_date(year, month, day):
    return date(year, month, day).isoformat()
