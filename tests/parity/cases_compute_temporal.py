"""Cases of dates, times, timestamps with and without a zone, durations and intervals."""

from datetime import date, datetime, timedelta

import oracle_compute_time as oracle
from compute_case import (
    BOOL,
    FLOAT,
    FUNCTION,
    INF,
    INT,
    MAX,
    NAN,
    TEXT,
    Table,
    aggregate,
    constants,
    each,
    error,
    evaluate,
    floats,
    ints,
    texts,
    without_rows,
)

DAYS = Table(
    s=texts(
        "2024-02-29",
        "1969-12-31",
        "1970-01-01",
        "2021-01-03",
        "1900-03-01",
        "0001-01-01",
        "9999-12-31",
        "2020-12-31",
        None,
        "2000-12-31",
        "2001-01-01",
        "1600-02-29",
    ),
)
MOMENTS = Table(
    s=texts(
        "2024-02-29 23:59:59.999999",
        "1969-12-31 23:59:59.000001",
        "1970-01-01 00:00:00",
        "2021-01-03 12:30:45.5",
        "1900-02-28 06:07:08.009",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59.999999",
        None,
        "2016-12-31 23:59:59",
        "2001-01-01 00:00:00.000001",
    ),
)
# In UTC, around the changes of the clocks in Berlin, New York, Lord Howe (half an hour) and Apia (a day left out).
INSTANTS = Table(
    s=texts(
        "2024-03-31 00:30:00",
        "2024-03-31 00:59:59.999999",
        "2024-03-31 01:00:00",
        "2024-10-27 00:30:00",
        "2024-10-27 01:30:00",
        "2024-10-27 02:00:00",
        "2024-03-10 06:59:59",
        "2024-03-10 07:00:00",
        "2024-11-03 05:30:00",
        "2024-11-03 06:30:00",
        "2024-04-06 15:15:00",
        "2011-12-30 09:59:59",
        "2011-12-30 10:00:00",
        None,
        "1970-01-01 00:00:00",
        "2024-02-29 12:00:00",
        "1945-05-24 00:00:00",
    ),
)
LOCALS = Table(
    s=texts(
        "2024-03-31 01:59:59",
        "2024-03-31 02:00:00",
        "2024-03-31 02:30:00",
        "2024-03-31 03:00:00",
        "2024-10-27 02:00:00",
        "2024-10-27 02:59:59.5",
        "2024-10-27 03:00:00",
        None,
        "2024-02-29 00:00:00",
        "1969-12-31 12:00:00",
    ),
)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
PLAIN = "'%Y-%m-%d %H:%M:%S.%6f'"
STAMP = "CAST(s AS timestamp(us))"
DAY = "CAST(s AS date)"


def shown(text):
    return f"strftime({text}, {PLAIN})"


def extracts():
    days = each(date.fromisoformat, DAYS.s)
    yield evaluate(
        "parts_of_dates",
        DAYS,
        *((f"EXTRACT({part} FROM {DAY})", INT, each(f, days)) for part, f in oracle.PARTS.items()),
        (f"EXTRACT(epoch FROM {DAY})", FLOAT, each(lambda d: (d - date(1970, 1, 1)).days * 86400.0, days)),
        (f"extract('year', {DAY})", INT, each(lambda d: d.year, days)),
        (f"date_part('DOY', {DAY})", INT, each(oracle.PARTS["doy"], days)),
        (f"EXTRACT(month FROM CAST({DAY} AS date64))", INT, each(lambda d: d.month, days)),
    )
    moments = each(oracle.moment, MOMENTS.s)
    parts = oracle.PARTS | oracle.TIME_PARTS
    yield evaluate(
        "parts_of_timestamps",
        MOMENTS,
        *((f"EXTRACT({part} FROM {STAMP})", INT, each(f, moments)) for part, f in parts.items()),
        (f"EXTRACT(epoch FROM {STAMP})", FLOAT, each(oracle.epoch, moments)),
        *((f"EXTRACT({part} FROM CAST({STAMP} AS time64(us)))", INT, each(f, moments)) for part, f in oracle.TIME_PARTS.items()),
        ("EXTRACT(second FROM CAST(s AS timestamp(s)))", INT, each(lambda m: m.second, moments)),
        ("EXTRACT(millisecond FROM CAST(s AS timestamp(ms)))", INT, each(oracle.TIME_PARTS["millisecond"], moments)),
        tolerance=FUNCTION,
    )
    instants = each(oracle.moment, INSTANTS.s)
    for zone in ZONES:
        # The instant with a zone: of UTC first, then as a timestamp of the zone.
        x = f"CAST({STAMP} AT TIME ZONE 'UTC' AS timestamp(us, '{zone}'))"
        local = each(lambda i, z=zone: oracle.to_local(i, z), instants)
        yield evaluate(
            f"parts_in_{zone.split('/')[-1].lower()}",
            INSTANTS,
            *(
                (f"EXTRACT({part} FROM {x})", INT, each(f, local))
                for part, f in parts.items()
                if part not in ("nanosecond", "millennium", "century", "decade")
            ),
            (f"EXTRACT(epoch FROM {x})", FLOAT, each(oracle.epoch, instants)),
        )
    spans = Table(s=texts("1 day 02:03:04.5", "-1 day", "36 hours", None, "0 days"))
    yield evaluate(
        "parts_of_intervals",
        Table(a=ints(1, None, -3)),
        ("EXTRACT(year FROM INTERVAL '14 months')", INT, [1] * 3),
        ("EXTRACT(month FROM INTERVAL '14 months')", INT, [2] * 3),
        ("EXTRACT(day FROM INTERVAL '10 days' * a)", INT, [10, None, -30]),
        ("EXTRACT(hour FROM INTERVAL '36 hours')", INT, [36] * 3),
    )
    seconds = [93784.5, -86400.0, 129600.0, None, 0.0]
    yield evaluate(
        "parts_of_durations",
        spans,
        ("EXTRACT(day FROM CAST(s AS duration(us)))", INT, [1, -1, 1, None, 0]),
        ("EXTRACT(hour FROM CAST(s AS duration(us)))", INT, [2, 0, 12, None, 0]),
        ("EXTRACT(minute FROM CAST(s AS duration(us)))", INT, [3, 0, 0, None, 0]),
        ("EXTRACT(millisecond FROM CAST(s AS duration(us)))", INT, [4500, 0, 0, None, 0]),
        ("EXTRACT(epoch FROM CAST(s AS duration(us)))", FLOAT, seconds),
    )


UNITS = (
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "decade",
    "century",
    "millennium",
)


def truncations():
    kept = [i for i, s in enumerate(DAYS.s) if s is None or s >= "1000"]
    d = DAYS.take(kept)
    days = each(datetime.fromisoformat, d.s)
    yield evaluate(
        "dates_cut",
        d,
        *(
            (f"strftime(date_trunc('{u}', {DAY}), '%Y-%m-%d')", TEXT, each(lambda m, u=u: oracle.truncated(u, m).date().isoformat(), days))
            for u in UNITS[5:]
        ),
        (f"date_trunc('hour', {DAY}) = {DAY}", BOOL, each(lambda m: True, days)),
    )
    m = MOMENTS.take([i for i, s in enumerate(MOMENTS.s) if s is None or s >= "1000"])
    moments = each(oracle.moment, m.s)
    yield evaluate(
        "timestamps_cut",
        m,
        *((shown(f"date_trunc('{u}', {STAMP})"), TEXT, each(lambda v, u=u: oracle.shown(oracle.truncated(u, v)), moments)) for u in UNITS),
        (f"strftime(date_trunc('minute', CAST({STAMP} AS time64(us))), '%H:%M:%S')", TEXT, each(lambda v: f"{v:%H:%M}:00", moments)),
    )
    instants = each(oracle.moment, INSTANTS.s)
    for zone in ZONES[:-1]:
        x = f"CAST({STAMP} AT TIME ZONE 'UTC' AS timestamp(us, '{zone}'))"
        yield evaluate(
            f"cut_in_{zone.split('/')[-1].lower()}",
            INSTANTS,
            *(
                (
                    shown(f"date_trunc('{u}', {x}) AT TIME ZONE 'UTC'"),
                    TEXT,
                    each(lambda i, u=u, z=zone: oracle.shown(oracle.truncated_instant(u, i, z)), instants),
                )
                for u in ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
                if not (zone == "Australia/Lord_Howe" and u == "hour")
            ),
        )


def zones():
    instants, locals_ = each(oracle.moment, INSTANTS.s), each(oracle.moment, LOCALS.s)
    yield evaluate(
        "instants_in_zones",
        INSTANTS,
        *(
            (
                shown(f"{STAMP} AT TIME ZONE 'UTC' AT TIME ZONE '{z}'"),
                TEXT,
                each(lambda i, z=z: oracle.shown(oracle.to_local(i, z)), instants),
            )
            for z in ZONES
        ),
        (shown(f"{STAMP} AT TIME ZONE 'UTC' AT TIME ZONE '+02:00'"), TEXT, each(lambda i: oracle.shown(i + timedelta(hours=2)), instants)),
        (
            shown(f"at_time_zone(at_time_zone({STAMP}, '-03:30'), 'UTC')"),
            TEXT,
            each(lambda i: oracle.shown(i + timedelta(hours=3, minutes=30)), instants),
        ),
    )
    yield evaluate(
        "local_times_of_zones",
        LOCALS,
        *(
            (shown(f"{STAMP} AT TIME ZONE '{z}' AT TIME ZONE 'UTC'"), TEXT, each(lambda v, z=z: oracle.shown(oracle.to_utc(v, z)), locals_))
            for z in ZONES
        ),
        *(
            (
                shown(f"CAST({STAMP} AS timestamp(us, '{z}')) AT TIME ZONE 'UTC'"),
                TEXT,
                each(lambda v, z=z: oracle.shown(oracle.to_utc(v, z)), locals_),
            )
            for z in ZONES[:2]
        ),
        (f"strftime({STAMP} AT TIME ZONE 'Europe/Berlin', '%H:%M %z')", TEXT, each(lambda v: to_berlin(v), locals_)),
    )


def to_berlin(local):
    """The wall clock of Berlin with its offset, for a local time that may not exist."""
    instant = oracle.to_utc(local, "Europe/Berlin")
    moved = oracle.to_local(instant, "Europe/Berlin")
    offset = int((moved - instant).total_seconds() // 3600)
    return f"{moved:%H:%M} +{offset:02}00"


def texts_of_times():
    m = MOMENTS.take([i for i, s in enumerate(MOMENTS.s) if s is None or s >= "1000"])
    moments = each(oracle.moment, m.s)
    formats = ("%Y-%m-%d", "%d.%m.%y", "%H:%M:%S", "%j", "%a %b", "%A, %B", "%I %p", "%G-%V-%u", "100%%", "é %d", "")
    yield evaluate(
        "formats",
        m,
        *((f"strftime({STAMP}, '{f}')", TEXT, each(lambda v, f=f: v.strftime(f), moments)) for f in formats),
        (f"strftime({DAY}, '%Y/%m/%d')", TEXT, each(lambda v: v.strftime("%Y/%m/%d"), moments)),
        (f"strftime(CAST({STAMP} AS time64(us)), '%H.%M')", TEXT, each(lambda v: v.strftime("%H.%M"), moments)),
    )
    iso = Table(
        s=texts(
            "2024-02-29T10:20:30",
            "2024-02-29 10:20",
            "2024-02-29",
            " 2024-02-29 10:20:30.123456 ",
            "2024-02-29T10:20:30+02:00",
            "2024-02-29T10:20:30Z",
            None,
            "1969-12-31T23:59:59.9999999",
        )
    )
    want = [
        "2024-02-29 10:20:30.000000",
        "2024-02-29 10:20:00.000000",
        "2024-02-29 00:00:00.000000",
        "2024-02-29 10:20:30.123456",
        "2024-02-29 08:20:30.000000",
        "2024-02-29 10:20:30.000000",
        None,
        "1969-12-31 23:59:59.999999",
    ]
    yield evaluate(
        "read_as_iso",
        iso,
        (shown("to_timestamp(s)"), TEXT, want),
        ("strftime(to_date(s), '%Y-%m-%d')", TEXT, [None if v is None else v.strip()[:10] for v in iso.s]),
        (f"to_timestamp(s) = {STAMP.replace('s AS', 'trim(s) AS')}", BOOL, each(lambda v: True, iso.s)),
    )
    form = Table(s=texts("29.02.2024 10:20", "31.12.1969 23:59", "01.01.2000 00:00", None))
    got = each(lambda v: datetime.strptime(v, "%d.%m.%Y %H:%M"), form.s)
    yield evaluate(
        "read_by_format",
        form,
        (shown("to_timestamp(s, '%d.%m.%Y %H:%M')"), TEXT, each(oracle.shown, got)),
        ("strftime(to_date(s, '%d.%m.%Y %H:%M'), '%Y-%m-%d')", TEXT, each(lambda v: v.date().isoformat(), got)),
    )
    offsets = Table(s=texts("2024-07-01 12:00 +0200", "2024-07-01 12:00 -0330", None))
    yield evaluate(
        "read_with_offsets",
        offsets,
        (
            shown("to_timestamp(s, '%Y-%m-%d %H:%M %z') AT TIME ZONE 'UTC'"),
            TEXT,
            ["2024-07-01 10:00:00.000000", "2024-07-01 15:30:00.000000", None],
        ),
    )
    n = Table(a=ints(0, 86400, -1, None, 1709202030), x=floats(0.5, -0.5, 1709202030.25, None, -0.0))
    yield evaluate(
        "seconds",
        n,
        (shown("to_timestamp(a)"), TEXT, each(lambda v: oracle.shown(oracle.EPOCH + timedelta(seconds=v)), n.a)),
        (shown("to_timestamp(x)"), TEXT, each(lambda v: oracle.shown(oracle.EPOCH + timedelta(seconds=v)), n.x)),
    )
    late = Table(s=texts("2024-02-29 23:30:00", "2024-12-31 23:59:59", None))
    yield evaluate(
        "days_in_local_time",
        late,
        (
            "CAST(to_date(CAST(CAST(s AS timestamp(us)) AT TIME ZONE 'UTC' AS timestamp(us, 'Europe/Berlin'))) AS utf8)",
            TEXT,
            ["2024-03-01", "2025-01-01", None],
        ),
        ("CAST(to_date(CAST(s AS timestamp(us))) AS utf8)", TEXT, ["2024-02-29", "2024-12-31", None]),
        ("CAST(to_date(CAST(s AS date)) AS utf8)", TEXT, ["2024-02-29", "2024-12-31", None]),
    )
    y = Table(y=ints(2024, 1970, 1, 9999, None, 2023), m=ints(2, 1, 1, 12, 1, 2), d=ints(29, 1, 1, 31, 1, 28))
    yield evaluate(
        "made_dates",
        y,
        ("CAST(make_date(y, m, d) AS utf8)", TEXT, each(oracle.make_date, y.y, y.m, y.d)),
        ("CAST(make_date(2024, m, 1) AS utf8)", TEXT, each(lambda m: f"2024-{m:02}-01", y.m)),
    )


def arithmetic():
    kept = [i for i, s in enumerate(DAYS.s) if s is None or "0002" < s < "9990"]
    d = DAYS.take(kept)
    days = each(date.fromisoformat, d.s)
    moved = lambda **by: each(lambda v: oracle.add(v, **by).isoformat(), days)
    yield evaluate(
        "dates_and_intervals",
        d,
        (f"CAST({DAY} + INTERVAL '1 month' AS utf8)", TEXT, moved(months=1)),
        (f"CAST({DAY} - INTERVAL '1 month' AS utf8)", TEXT, moved(months=-1)),
        (f"CAST({DAY} + INTERVAL '1 year' AS utf8)", TEXT, moved(months=12)),
        (f"CAST({DAY} - INTERVAL '4 years' AS utf8)", TEXT, moved(months=-48)),
        (f"CAST({DAY} + INTERVAL '40 days' AS utf8)", TEXT, moved(days=40)),
        (f"CAST({DAY} - INTERVAL '2 weeks' AS utf8)", TEXT, moved(days=-14)),
        (f"CAST({DAY} + INTERVAL '1 month 1 day' AS utf8)", TEXT, moved(months=1, days=1)),
        (f"CAST({DAY} + 7 AS utf8)", TEXT, moved(days=7)),
        (f"CAST(7 + {DAY} AS utf8)", TEXT, moved(days=7)),
        (f"CAST({DAY} - 1 AS utf8)", TEXT, moved(days=-1)),
        (f"EXTRACT(epoch FROM {DAY} - DATE '2000-02-29')", FLOAT, each(lambda v: (v - date(2000, 2, 29)).days * 86400.0, days)),
        (
            f"({DAY} - DATE '2000-02-29') / (DATE '1970-01-02' - DATE '1970-01-01')",
            FLOAT,
            each(lambda v: float((v - date(2000, 2, 29)).days), days),
        ),
        (f"{DAY} + NULL IS NULL", BOOL, [True] * d.rows),
    )
    m = MOMENTS.take([i for i, s in enumerate(MOMENTS.s) if s is None or "1000" < s < "9990"])
    moments = each(oracle.moment, m.s)
    later = lambda **by: each(lambda v: oracle.shown(oracle.add(v, **by)), moments)
    yield evaluate(
        "timestamps_and_intervals",
        m,
        (shown(f"{STAMP} + INTERVAL '1 month'"), TEXT, later(months=1)),
        (shown(f"{STAMP} - INTERVAL '13 months'"), TEXT, later(months=-13)),
        (shown(f"{STAMP} + INTERVAL '1 day 2 hours 30 minutes'"), TEXT, later(days=1, hours=2, minutes=30)),
        (shown(f"INTERVAL '1 hour' + {STAMP}"), TEXT, later(hours=1)),
        (shown(f"{STAMP} + INTERVAL '90 seconds' * 2"), TEXT, later(seconds=180)),
        (shown(f"{STAMP} - (INTERVAL '1 day' + INTERVAL '1 hour')"), TEXT, later(days=-1, hours=-1)),
        (shown(f"{STAMP} + -INTERVAL '1 minute'"), TEXT, later(minutes=-1)),
        (
            f"EXTRACT(epoch FROM {STAMP} - TIMESTAMP '2000-01-01 00:00:00')",
            FLOAT,
            each(lambda v: (v - datetime(2000, 1, 1)).total_seconds(), moments),
        ),
        (shown(f"{STAMP} + ({STAMP} - {STAMP})"), TEXT, later()),
        (
            f"strftime(CAST({STAMP} AS time64(us)) + INTERVAL '1 hour', '%H:%M:%S')",
            TEXT,
            each(lambda v: (v + timedelta(hours=1)).strftime("%H:%M:%S"), moments),
        ),
        (f"{STAMP} > TIMESTAMP '1970-01-01 00:00:00'", BOOL, each(lambda v: v > datetime(1970, 1, 1), moments)),
        tolerance=FUNCTION,
    )
    instants = each(oracle.moment, INSTANTS.s)
    for zone in ("Europe/Berlin", "America/New_York"):
        x = f"CAST({STAMP} AT TIME ZONE 'UTC' AS timestamp(us, '{zone}'))"
        for name, interval, by in (
            ("a_day", "1 day", {"days": 1}),
            ("day_before", "-1 day", {"days": -1}),
            ("a_month", "1 month", {"months": 1}),
            ("24_hours", "24 hours", {"hours": 24}),
            ("month_and_hour", "1 month 1 hour", {"months": 1, "hours": 1}),
        ):
            yield evaluate(
                f"{name}_in_{zone.split('/')[-1].lower()}",
                INSTANTS,
                (
                    shown(f"({x} + INTERVAL '{interval}') AT TIME ZONE 'UTC'"),
                    TEXT,
                    each(lambda i, z=zone, by=by: oracle.shown(oracle.add_instant(i, z, **by)), instants),
                ),
            )


def aggregates():

    days = each(date.fromisoformat, DAYS.s)
    known = [v for v in days if v is not None]
    yield aggregate(
        "aggregates_of_dates",
        DAYS,
        (f"CAST(min({DAY}) AS utf8)", TEXT, min(known).isoformat()),
        (f"CAST(max({DAY}) AS utf8)", TEXT, max(known).isoformat()),
        (f"count({DAY})", INT, len(known)),
        (f"count_distinct({DAY})", INT, len(set(known))),
        (f"CAST(first({DAY}) AS utf8)", TEXT, DAYS.s[0]),
    )


def temporal_cases():
    yield from without_rows([*extracts(), *truncations(), *zones(), *texts_of_times(), *arithmetic()])
    yield from aggregates()
    yield constants(
        "constants",
        ("EXTRACT(year FROM DATE '2024-02-29')", INT, 2024),
        ("EXTRACT(week FROM DATE '2021-01-03')", INT, 53),
        ("EXTRACT(century FROM DATE '2000-12-31')", INT, 20),
        ("strftime(DATE '2024-01-31' + INTERVAL '1 month', '%d.%m.%Y')", TEXT, "29.02.2024"),
        ("CAST(date_trunc('week', DATE '2024-03-03') AS utf8)", TEXT, "2024-02-26"),
        ("CAST(make_date(2024, 2, 29) AS utf8)", TEXT, "2024-02-29"),
        ("CAST(to_date('31/01/24', '%d/%m/%y') AS utf8)", TEXT, "2024-01-31"),
        ("EXTRACT(hour FROM TIME '23:59:59')", INT, 23),
        ("to_timestamp(NULL) IS NULL", BOOL, True),
        ("EXTRACT(year FROM NULL::date)", INT, None),
        ("DATE '2024-02-29' < DATE '2024-03-01'", BOOL, True),
        ("INTERVAL '1 day' IS NULL", BOOL, False),
    )
    t = Table(s=texts("2024-01-01", "x"), a=ints(13, 2), x=floats(NAN, INF), big=ints(MAX, 1))
    for name, text, code, message in (
        ("unknown_unit", "EXTRACT(fortnight FROM CAST(s AS date))", "INVALID_ARGUMENT", "fortnight"),
        ("hour_of_a_date", "EXTRACT(hour FROM DATE '2024-01-01')", "TYPE", "hour"),
        ("year_of_a_time", "EXTRACT(year FROM TIME '10:00')", "TYPE", "year"),
        ("part_of_text", "extract('year', s)", "TYPE", "extract"),
        ("cut_to_an_unknown_unit", "date_trunc('dow', DATE '2024-01-01')", "INVALID_ARGUMENT", "dow"),
        ("cut_an_integer", "date_trunc('day', a)", "TYPE", "date_trunc"),
        ("unreadable_date", "to_date(s)", "INVALID_ARGUMENT", "'x'"),
        ("unreadable_timestamp", "to_timestamp(s)", "INVALID_ARGUMENT", "'x'"),
        ("another_format", "to_timestamp(s, '%d.%m.%Y')", "INVALID_ARGUMENT", "2024-01-01"),
        ("format_of_a_column", "strftime(DATE '2024-01-01', s)", "INVALID_ARGUMENT", "format"),
        ("unknown_specifier", "strftime(DATE '2024-01-01', '%Q')", "INVALID_ARGUMENT", "%Q"),
        ("hours_of_a_date", "strftime(DATE '2024-01-01', '%z')", "INVALID_ARGUMENT", "%z"),
        ("strftime_of_a_number", "strftime(a, '%Y')", "TYPE", "strftime"),
        ("unknown_zone", "CAST(s AS timestamp(us)) AT TIME ZONE 'Europa/Berlin'", "INVALID_ARGUMENT", "Europa/Berlin"),
        ("zone_of_a_number", "a AT TIME ZONE 'UTC'", "TYPE", "at_time_zone"),
        ("no_such_day", "make_date(2023, 2, 29)", "INVALID_ARGUMENT", "29"),
        ("no_such_month", "make_date(2023, a, 1)", "INVALID_ARGUMENT", "13"),
        ("month_of_text", "make_date(2023, s, 1)", "TYPE", "make_date"),
        ("date_of_nothing", "to_date(a)", "TYPE", "to_date"),
        ("nan_seconds", "to_timestamp(x)", "ARITHMETIC", "NaN"),
        ("too_many_seconds", "to_timestamp(big)", "ARITHMETIC", "9223372036854775807"),
        ("date_times_two", "CAST('2024-01-01' AS date) * 2", "TYPE", "mul"),
        ("two_dates_added", "CAST('2024-01-01' AS date) + CAST('2024-01-01' AS date)", "TYPE", "add"),
        ("half_a_day", "CAST('2024-01-01' AS date) + INTERVAL '12 hours'", "ARITHMETIC", "too fine"),
    ):
        yield error(name, t, message, code=code, expressions=[text])


FAMILIES = {"temporal": temporal_cases}
