//! The texts of expressions, most of which have the types that they need.

use super::cases::Source;

/// A sort of expression: a letter for it, texts without parts, and texts with parts, which are letters in braces.
struct Kind {
    letter: char,
    plain: &'static [&'static str],
    calls: &'static [&'static str],
}

#[rustfmt::skip]
static KINDS: &[Kind] = &[
    // Integers.
    Kind {
        letter: 'i',
        plain: &[
            "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "small", "0", "1", "2", "-7", "127", "300",
            "9223372036854775807", "NULL",
        ],
        calls: &[
            "({i} + {i})", "({i} - {i})", "({i} * {i})", "({i} // {i})", "({i} % {i})", "floor_mod({i}, {i})",
            "-({i})", "abs({i})", "sign({i})", "round({i}, -1)", "round({i}, -18)", "floor({i})",
            "coalesce({i}, {i}, {i})", "if({b}, {i}, {i})", "CASE WHEN {b} THEN {i} WHEN {b} THEN {i} ELSE {i} END",
            "nullif({i}, {i})", "greatest({i}, {i}, {i})", "least({i}, {i})", "length({t})", "octet_length({t})",
            "strpos({t}, {t})", "extract({x}, {D})", "extract({x}, {T})", "extract({c}, {Z})", "extract({x}, {Z})", "extract({c}, {H})",
            "extract({c}, {U})", "extract({u}, {V})", "cut({f}, -1, 0.5, 100)", "TRY_CAST({i} AS int16)",
            "CAST({f} AS int64)", "CAST({d} AS int32)", "TRY_CAST({t} AS int32)", "CAST({b} AS int64)",
            "CAST({D} AS int64)", "CAST({T} AS int64)", "CAST({i} AS uint8)",
        ],
    },
    // Integers that are small.
    Kind { letter: 'n', plain: &["small", "0", "1", "2", "5", "-1", "-3", "20", "9223372036854775807"], calls: &[] },
    // Floats.
    Kind {
        letter: 'f',
        plain: &["f16", "f32", "f64", "fdict", "0.0", "0.5", "2.0", "-1e300", "NULL"],
        calls: &[
            "({i} / {i})", "({f} / {i})", "({f} + {i})", "({f} - {f})", "({f} * {f})", "({f} // {f})", "({f} % {f})",
            "floor_mod({f}, {i})", "-({f})", "abs({f})", "sign({f})", "round({f})", "round({f}, 2)", "round({f}, -1)",
            "floor({f})", "ceil({f})", "trunc({f})", "sqrt({f})", "cbrt({f})", "exp({f})", "ln({f})", "log10({f})",
            "log2({f})", "power({f}, {f})", "sin({f})", "cos({f})", "tan({f})", "asin({f})", "acos({f})", "atan({f})",
            "atan2({f}, {f})", "radians({f})", "degrees({f})", "coalesce({f}, {f})", "if({b}, {f}, {i})",
            "nullif({f}, {f})", "greatest({f}, {f})", "least({f}, {f}, {f})", "({d} + {f})", "({U} / {U})",
            "extract('epoch', {T})", "extract('epoch', {D})", "extract('epoch', {V})", "extract('epoch', {U})",
            "CAST({i} AS float32)", "CAST({d} AS float64)", "TRY_CAST({t} AS float64)", "TRY_CAST({f} AS float16)",
            "CAST({b} AS float64)",
        ],
    },
    // Booleans.
    Kind {
        letter: 'b',
        plain: &["flag", "TRUE", "FALSE", "NULL"],
        calls: &[
            "({i} = {i})", "({i} <> {i})", "({i} < {i})", "({i} <= {f})", "({f} > {f})", "({t} >= {t})",
            "({f} = {f})", "({f} <> {f})", "({t} < {t})", "({t} = {t})", "({b} <= {b})", "({f} IS DISTINCT FROM {f})",
            "({i} IS NOT DISTINCT FROM {i})", "({t} IS DISTINCT FROM {t})", "({d} < {d})", "({d} = {i})",
            "({d} > {f})", "({d} IS DISTINCT FROM {d})", "({D} < {D})", "({D} >= {T})", "({T} = {T})", "({Z} <= {Z})",
            "({H} < {H})", "({U} > {U})", "({D} IS NOT DISTINCT FROM {D})", "({i} BETWEEN {i} AND {i})",
            "({f} BETWEEN {f} AND {f})", "({t} BETWEEN {t} AND {t})", "({d} BETWEEN {d} AND {d})",
            "({T} BETWEEN {D} AND {T})", "({i} IN ({i}, {i}, 7))", "({f} IN ({f}, 0.5))", "({t} IN ({t}, 'a', 'ab'))",
            "({d} IN ({d}, 1.5))", "({D} IN (DATE '2020-02-29', {D}))", "(i32 IN (1, 2, 300, NULL))",
            "(text IN ('a', 'ab', NULL))", "({b} AND {b} AND {b})", "({b} OR {b})", "(NOT {b})", "({i} IS NULL)",
            "({f} IS NOT NULL)", "({t} IS NULL)", "({b} IS TRUE)", "({b} IS NOT TRUE)", "({b} IS FALSE)",
            "({b} IS NOT FALSE)", "if({b}, {b}, {b})", "coalesce({b}, {b})", "is_nan({f})", "is_finite({f})",
            "is_infinite({f})", "starts_with({t}, {t})", "ends_with({t}, {t})", "contains({t}, {t})",
            "({t} LIKE {l})", "({t} LIKE {t})", "({t} ILIKE {l})", "({t} LIKE {l} ESCAPE '!')", "({t} ~ {p})",
            "CAST({i} AS bool)", "TRY_CAST({t} AS bool)", "({V} IS NULL)", "({text} = 'a')",
        ],
    },
    // Text.
    Kind {
        letter: 't',
        plain: &[
            "text", "large", "view", "dictionary", "''", "'a'", "'Straße'", "'a text of more than twelve bytes'",
            "','", "NULL",
        ],
        calls: &[
            "lower({t})", "upper({t})", "reverse({t})", "({t} || {t})", "concat({t}, {t}, {t})", "substr({t}, {n})",
            "substr({t}, {n}, {n})", "left({t}, {n})", "right({t}, {n})", "trim({t})", "ltrim({t}, {t})",
            "rtrim({t}, 'ab ')", "trim({t}, {t})", "replace({t}, {t}, {t})", "split_part({t}, {t}, {n})",
            "split_part({t}, ',', {n})", "regexp_replace({t}, {p}, '<$1>')", "regexp_replace({t}, {p}, {t})",
            "regexp_extract({t}, {p})", "regexp_extract({t}, '(a)(b)?', {g})", "repeat({t}, {n})", "lpad({t}, {n})",
            "lpad({t}, {n}, {t})", "rpad({t}, {n}, {t})", "if({b}, {t}, {t})",
            "CASE WHEN {b} THEN {t} WHEN {b} THEN {t} END", "coalesce({t}, {t})", "nullif({t}, {t})",
            "greatest({t}, {t})", "least({t}, {t})", "CAST({i} AS utf8)", "CAST({b} AS utf8)", "CAST({d} AS utf8)",
            "CAST({D} AS utf8)", "CAST({T} AS utf8)", "CAST({Z} AS utf8)", "strftime({D}, {m})", "strftime({T}, {m})",
            "strftime({Z}, '%Y-%m-%d %H:%M:%S%.f %z')", "strftime({H}, '%H:%M:%S%.f')",
        ],
    },
    // Decimals.
    Kind {
        letter: 'd',
        plain: &["price", "wide", "big", "short", "1.5", "-0.07", "3", "0", "NULL"],
        calls: &[
            "({d} + {d})", "({d} - {d})", "({d} * {d})", "({d} / {d})", "({d} // {d})", "({d} % {d})",
            "floor_mod({d}, {d})", "({d} + {i})", "({i} * {d})", "({d} / {i})", "-({d})", "abs({d})", "sign({d})",
            "round({d}, 1)", "round({d})", "round({d}, -2)", "floor({d})", "ceil({d})", "trunc({d})",
            "coalesce({d}, {d})", "if({b}, {d}, {d})", "nullif({d}, {d})", "greatest({d}, {d})",
            "least({d}, {d}, {i})", "CAST({i} AS decimal(20, 2))", "CAST({d} AS decimal(12, 1))",
            "TRY_CAST({d} AS decimal(5, 3))", "TRY_CAST({t} AS decimal(10, 2))", "CAST({d} AS decimal(38, 10))",
        ],
    },
    // Dates.
    Kind {
        letter: 'D',
        plain: &["date32", "date64", "ddict", "DATE '2020-02-29'", "DATE '1969-12-31'", "CAST(NULL AS date32)"],
        calls: &[
            "({D} + {V})", "({D} - {V})", "({D} + {n})", "({D} - {i})", "({D} + {U})", "date_trunc({u}, {D})",
            "to_date({t})", "to_date({t}, '%d/%m/%Y')", "to_date({D})", "to_date({T})", "to_date({Z})",
            "make_date({i}, {n}, {n})", "make_date(2024, {n}, {n})", "CAST({T} AS date32)", "CAST({Z} AS date32)",
            "TRY_CAST({t} AS date32)", "CAST({D} AS date64)", "coalesce({D}, {D})", "if({b}, {D}, {D})",
            "nullif({D}, {D})", "greatest({D}, {D})", "least({D}, {D})", "CAST(i32 AS date32)",
        ],
    },
    // Timestamps without a zone.
    Kind {
        letter: 'T',
        plain: &[
            "ts_s", "ts_ms", "ts_us", "ts_ns", "TIMESTAMP '2020-02-29 23:59:59.5'", "CAST(NULL AS timestamp(us))",
        ],
        calls: &[
            "({T} + {V})", "({T} - {V})", "({T} + {U})", "({T} - {U})", "date_trunc({u}, {T})", "to_timestamp({t})",
            "to_timestamp({t}, '%Y-%m-%d %H:%M:%S')", "to_timestamp({i})", "to_timestamp({f})",
            "({Z} AT TIME ZONE {z})", "CAST({D} AS timestamp(us))", "CAST({T} AS timestamp(s))",
            "CAST({T} AS timestamp(ns))", "CAST({Z} AS timestamp(ms))", "TRY_CAST({t} AS timestamp(us))",
            "coalesce({T}, {T})", "if({b}, {T}, {D})", "greatest({T}, {T})", "least({T}, {T})",
            "CAST(i64 AS timestamp(s))",
        ],
    },
    // Timestamps with a zone.
    Kind {
        letter: 'Z',
        plain: &["berlin", "apia", "east", "utc", "CAST(NULL AS timestamp(us, 'UTC'))"],
        calls: &[
            "({Z} + {V})", "({Z} - {V})", "({Z} + {U})", "date_trunc({u}, {Z})", "({T} AT TIME ZONE {z})",
            "({D} AT TIME ZONE {z})", "coalesce({Z}, {Z})", "greatest({Z}, {Z})",
            "CAST({T} AS timestamp(us, 'Europe/Berlin'))", "CAST({Z} AS timestamp(s, 'Australia/Lord_Howe'))",
        ],
    },
    // Times of day.
    Kind {
        letter: 'H',
        plain: &["time32", "time64", "CAST(NULL AS time64(us))"],
        calls: &[
            "({H} + {V})", "({H} - {V})", "({H} + {U})", "({H} - {U})", "date_trunc({c}, {H})",
            "CAST({T} AS time64(us))", "CAST({Z} AS time32(s))", "coalesce({H}, {H})", "greatest({H}, {H})",
        ],
    },
    // Spans of fixed length.
    Kind {
        letter: 'U',
        plain: &["dur_s", "dur_ms", "dur_ns", "CAST(NULL AS duration(s))"],
        calls: &[
            "({U} + {U})", "({U} - {U})", "({U} * {i})", "({D} - {D})", "({T} - {T})", "({Z} - {Z})", "({H} - {H})",
            "({T} - {D})", "-({U})", "date_trunc({c}, {U})", "coalesce({U}, {U})", "least({U}, {U})",
            "CAST({U} AS duration(s))", "CAST({U} AS duration(us))",
        ],
    },
    // Intervals.
    Kind {
        letter: 'V',
        plain: &[
            "span", "months", "INTERVAL '1 month'", "INTERVAL '1 year -2 days'", "INTERVAL '90 minutes'",
            "INTERVAL '1 day'", "INTERVAL '1 month 3 days 1 hour'", "INTERVAL '-7 days'",
        ],
        calls: &["({V} + {V})", "({V} - {V})", "({V} * {n})", "-({V})", "({V} + {U})", "coalesce({V}, {V})"],
    },
    // Literals that functions ask for: patterns, formats, zones; groups; parts of dates, of clocks and of both.
    Kind {
        letter: 'l',
        plain: &[
            "'a%'", "'%a'", "'%a%'", "'a'", "'%'", "''", "'_'", "'%ß_'", "'a\\%'", "'%a!%b%'", "'A%'", "'a%b%c'",
        ],
        calls: &[],
    },
    Kind {
        letter: 'p',
        plain: &["'a'", "'^a'", "'[0-9]+'", "'(a|b)c?$'", "'.'", "''", "'(?i)STRASSE|STRAßE'", "'(a)?(b)?'"],
        calls: &[],
    },
    Kind { letter: 'm', plain: &["'%Y-%m-%d'", "'%d.%m.%Y'", "'%j %U %a %B'", "'%Y%%'", "'%G-W%V-%u'"], calls: &[] },
    Kind {
        letter: 'z',
        plain: &[
            "'Europe/Berlin'", "'UTC'", "'+05:30'", "'America/New_York'", "'Pacific/Apia'", "'Australia/Lord_Howe'",
        ],
        calls: &[],
    },
    Kind { letter: 'c', plain: &["'hour'", "'minute'", "'second'", "'millisecond'", "'nanosecond'"], calls: &[] },
    Kind { letter: 'g', plain: &["0", "1", "2"], calls: &[] },
    Kind {
        letter: 'x',
        plain: &[
            "'day'", "'week'", "'month'", "'quarter'", "'year'", "'century'", "'isoyear'", "'dow'", "'isodow'",
            "'doy'",
        ],
        calls: &[],
    },
    Kind {
        letter: 'u',
        plain: &[
            "'second'", "'hour'", "'day'", "'month'", "'quarter'", "'year'", "'decade'", "'century'", "'millennium'",
        ],
        calls: &[],
    },
];

/// The sorts that a whole expression may be of.
const WHOLE: &str = "ifbtdDTZHUV";

/// The text of an expression.
pub(crate) fn expression(source: &mut Source<'_>) -> String {
    let kinds: Vec<char> = WHOLE.chars().collect();
    let mut out = String::new();
    write(kinds[source.below(kinds.len())], source, 0, &mut out);
    out
}

fn write(letter: char, source: &mut Source<'_>, depth: usize, out: &mut String) {
    let Some(kind) = KINDS.iter().find(|k| k.letter == letter) else {
        // A name that stands in the braces itself.
        return;
    };
    let stop = kind.calls.is_empty() || out.len() > 2_000 || source.below(6) < depth;
    let mut text = if stop { source.of(kind.plain) } else { source.of(kind.calls) };
    while let Some((before, rest)) = text.split_once('{') {
        out.push_str(before);
        let (part, behind) = rest.split_once('}').unwrap_or((rest, ""));
        match part.chars().next() {
            Some(letter) if part.len() == 1 => write(letter, source, depth + 1, out),
            _ => out.push_str(part),
        }
        text = behind;
    }
    out.push_str(text);
}
