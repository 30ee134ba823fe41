//! Expressions and columns made of any bytes: most of them have the types that they need.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, StringArray, new_null_array,
};
use arrow_buffer::i256;
use arrow_cast::cast;
use arrow_schema::{DataType, Field, IntervalUnit, Schema, TimeUnit};
use pf_base::Result;

use crate::{Compiled, NanPolicy, Overflow, Settings, Typed, TypedKind, check, parse};

/// Bytes that decide; zeros when there are no more.
pub(crate) struct Source<'a>(pub(crate) &'a [u8]);

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, n: usize) -> usize {
        if n <= 256 {
            usize::from(self.byte()) % n
        } else {
            (usize::from(self.byte()) << 8 | usize::from(self.byte())) % n
        }
    }

    fn bits(&mut self) -> u64 {
        (0..8).fold(0, |bits, _| bits << 8 | u64::from(self.byte()))
    }

    fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }

    /// What holds for the expression.
    pub(crate) fn settings(&mut self) -> Settings {
        let overflow = [Overflow::Error, Overflow::Null, Overflow::Wrap][self.below(3)];
        let nan = [NanPolicy::Keep, NanPolicy::Null][self.below(2)];
        Settings { overflow, nan }
    }
}

/// A sort of expression: a letter for it, texts without parts, and texts with parts, which are letters in braces.
struct Kind {
    letter: char,
    plain: &'static [&'static str],
    calls: &'static [&'static str],
}

static KINDS: &[Kind] = &[
    // Integers.
    Kind {
        letter: 'i',
        plain: &[
            "i8",
            "i16",
            "i32",
            "i64",
            "u8",
            "u16",
            "u32",
            "u64",
            "small",
            "0",
            "1",
            "2",
            "-7",
            "127",
            "300",
            "9223372036854775807",
            "NULL",
        ],
        calls: &[
            "({i} + {i})",
            "({i} - {i})",
            "({i} * {i})",
            "({i} // {i})",
            "({i} % {i})",
            "floor_mod({i}, {i})",
            "-({i})",
            "abs({i})",
            "sign({i})",
            "round({i}, -1)",
            "round({i}, -18)",
            "floor({i})",
            "coalesce({i}, {i}, {i})",
            "if({b}, {i}, {i})",
            "CASE WHEN {b} THEN {i} WHEN {b} THEN {i} ELSE {i} END",
            "nullif({i}, {i})",
            "greatest({i}, {i}, {i})",
            "least({i}, {i})",
            "length({t})",
            "octet_length({t})",
            "strpos({t}, {t})",
            "extract({x}, {D})",
            "extract({x}, {T})",
            "extract({c}, {Z})",
            "extract({c}, {H})",
            "extract({c}, {U})",
            "extract({u}, {V})",
            "cut({f}, -1, 0.5, 100)",
            "TRY_CAST({i} AS int16)",
            "CAST({f} AS int64)",
            "CAST({d} AS int32)",
            "TRY_CAST({t} AS int32)",
            "CAST({b} AS int64)",
            "CAST({D} AS int64)",
            "CAST({T} AS int64)",
            "CAST({i} AS uint8)",
        ],
    },
    // Integers that are small.
    Kind { letter: 'n', plain: &["small", "0", "1", "2", "5", "-1", "-3", "20", "9223372036854775807"], calls: &[] },
    // Floats.
    Kind {
        letter: 'f',
        plain: &["f16", "f32", "f64", "fdict", "0.0", "0.5", "2.0", "-1e300", "NULL"],
        calls: &[
            "({i} / {i})",
            "({f} / {i})",
            "({f} + {i})",
            "({f} - {f})",
            "({f} * {f})",
            "({f} // {f})",
            "({f} % {f})",
            "floor_mod({f}, {i})",
            "-({f})",
            "abs({f})",
            "sign({f})",
            "round({f})",
            "round({f}, 2)",
            "round({f}, -1)",
            "floor({f})",
            "ceil({f})",
            "trunc({f})",
            "sqrt({f})",
            "cbrt({f})",
            "exp({f})",
            "ln({f})",
            "log10({f})",
            "log2({f})",
            "power({f}, {f})",
            "sin({f})",
            "cos({f})",
            "tan({f})",
            "asin({f})",
            "acos({f})",
            "atan({f})",
            "atan2({f}, {f})",
            "radians({f})",
            "degrees({f})",
            "coalesce({f}, {f})",
            "if({b}, {f}, {i})",
            "nullif({f}, {f})",
            "greatest({f}, {f})",
            "least({f}, {f}, {f})",
            "({d} + {f})",
            "({U} / {U})",
            "extract('epoch', {T})",
            "extract('epoch', {D})",
            "extract('epoch', {V})",
            "extract('epoch', {U})",
            "CAST({i} AS float32)",
            "CAST({d} AS float64)",
            "TRY_CAST({t} AS float64)",
            "TRY_CAST({f} AS float16)",
            "CAST({b} AS float64)",
        ],
    },
    // Booleans.
    Kind {
        letter: 'b',
        plain: &["flag", "TRUE", "FALSE", "NULL"],
        calls: &[
            "({i} = {i})",
            "({i} <> {i})",
            "({i} < {i})",
            "({i} <= {f})",
            "({f} > {f})",
            "({t} >= {t})",
            "({f} = {f})",
            "({f} <> {f})",
            "({t} < {t})",
            "({t} = {t})",
            "({b} <= {b})",
            "({f} IS DISTINCT FROM {f})",
            "({i} IS NOT DISTINCT FROM {i})",
            "({t} IS DISTINCT FROM {t})",
            "({d} < {d})",
            "({d} = {i})",
            "({d} > {f})",
            "({d} IS DISTINCT FROM {d})",
            "({D} < {D})",
            "({D} >= {T})",
            "({T} = {T})",
            "({Z} <= {Z})",
            "({H} < {H})",
            "({U} > {U})",
            "({D} IS NOT DISTINCT FROM {D})",
            "({i} BETWEEN {i} AND {i})",
            "({f} BETWEEN {f} AND {f})",
            "({t} BETWEEN {t} AND {t})",
            "({d} BETWEEN {d} AND {d})",
            "({T} BETWEEN {D} AND {T})",
            "({i} IN ({i}, {i}, 7))",
            "({f} IN ({f}, 0.5))",
            "({t} IN ({t}, 'a', 'ab'))",
            "({d} IN ({d}, 1.5))",
            "({D} IN (DATE '2020-02-29', {D}))",
            "(i32 IN (1, 2, 300, NULL))",
            "(text IN ('a', 'ab', NULL))",
            "({b} AND {b} AND {b})",
            "({b} OR {b})",
            "(NOT {b})",
            "({i} IS NULL)",
            "({f} IS NOT NULL)",
            "({t} IS NULL)",
            "({b} IS TRUE)",
            "({b} IS NOT TRUE)",
            "({b} IS FALSE)",
            "({b} IS NOT FALSE)",
            "if({b}, {b}, {b})",
            "coalesce({b}, {b})",
            "is_nan({f})",
            "is_finite({f})",
            "is_infinite({f})",
            "starts_with({t}, {t})",
            "ends_with({t}, {t})",
            "contains({t}, {t})",
            "({t} LIKE {l})",
            "({t} LIKE {t})",
            "({t} ILIKE {l})",
            "({t} LIKE {l} ESCAPE '!')",
            "({t} ~ {p})",
            "CAST({i} AS bool)",
            "TRY_CAST({t} AS bool)",
            "({V} IS NULL)",
            "({text} = 'a')",
        ],
    },
    // Text.
    Kind {
        letter: 't',
        plain: &[
            "text",
            "large",
            "view",
            "dictionary",
            "''",
            "'a'",
            "'Straße'",
            "'a text of more than twelve bytes'",
            "','",
            "NULL",
        ],
        calls: &[
            "lower({t})",
            "upper({t})",
            "reverse({t})",
            "({t} || {t})",
            "concat({t}, {t}, {t})",
            "substr({t}, {n})",
            "substr({t}, {n}, {n})",
            "left({t}, {n})",
            "right({t}, {n})",
            "trim({t})",
            "ltrim({t}, {t})",
            "rtrim({t}, 'ab ')",
            "trim({t}, {t})",
            "replace({t}, {t}, {t})",
            "split_part({t}, {t}, {n})",
            "split_part({t}, ',', {n})",
            "regexp_replace({t}, {p}, '<$1>')",
            "regexp_replace({t}, {p}, {t})",
            "regexp_extract({t}, {p})",
            "regexp_extract({t}, '(a)(b)?', {g})",
            "repeat({t}, {n})",
            "lpad({t}, {n})",
            "lpad({t}, {n}, {t})",
            "rpad({t}, {n}, {t})",
            "if({b}, {t}, {t})",
            "CASE WHEN {b} THEN {t} WHEN {b} THEN {t} END",
            "coalesce({t}, {t})",
            "nullif({t}, {t})",
            "greatest({t}, {t})",
            "least({t}, {t})",
            "CAST({i} AS utf8)",
            "CAST({b} AS utf8)",
            "CAST({d} AS utf8)",
            "CAST({D} AS utf8)",
            "CAST({T} AS utf8)",
            "CAST({Z} AS utf8)",
            "strftime({D}, {m})",
            "strftime({T}, {m})",
            "strftime({Z}, '%Y-%m-%d %H:%M:%S%.f %z')",
            "strftime({H}, '%H:%M:%S%.f')",
        ],
    },
    // Decimals.
    Kind {
        letter: 'd',
        plain: &["price", "wide", "big", "short", "1.5", "-0.07", "3", "0", "NULL"],
        calls: &[
            "({d} + {d})",
            "({d} - {d})",
            "({d} * {d})",
            "({d} / {d})",
            "({d} // {d})",
            "({d} % {d})",
            "floor_mod({d}, {d})",
            "({d} + {i})",
            "({i} * {d})",
            "({d} / {i})",
            "-({d})",
            "abs({d})",
            "sign({d})",
            "round({d}, 1)",
            "round({d})",
            "round({d}, -2)",
            "floor({d})",
            "ceil({d})",
            "trunc({d})",
            "coalesce({d}, {d})",
            "if({b}, {d}, {d})",
            "nullif({d}, {d})",
            "greatest({d}, {d})",
            "least({d}, {d}, {i})",
            "CAST({i} AS decimal(20, 2))",
            "CAST({d} AS decimal(12, 1))",
            "TRY_CAST({d} AS decimal(5, 3))",
            "TRY_CAST({t} AS decimal(10, 2))",
            "CAST({d} AS decimal(38, 10))",
        ],
    },
    // Dates.
    Kind {
        letter: 'D',
        plain: &["date32", "date64", "ddict", "DATE '2020-02-29'", "DATE '1969-12-31'", "CAST(NULL AS date32)"],
        calls: &[
            "({D} + {V})",
            "({D} - {V})",
            "({D} + {n})",
            "({D} - {i})",
            "({D} + {U})",
            "date_trunc({u}, {D})",
            "to_date({t})",
            "to_date({t}, '%d/%m/%Y')",
            "to_date({D})",
            "to_date({T})",
            "to_date({Z})",
            "make_date({i}, {n}, {n})",
            "make_date(2024, {n}, {n})",
            "CAST({T} AS date32)",
            "CAST({Z} AS date32)",
            "TRY_CAST({t} AS date32)",
            "CAST({D} AS date64)",
            "coalesce({D}, {D})",
            "if({b}, {D}, {D})",
            "nullif({D}, {D})",
            "greatest({D}, {D})",
            "least({D}, {D})",
            "CAST(i32 AS date32)",
        ],
    },
    // Timestamps without a zone.
    Kind {
        letter: 'T',
        plain: &["ts_s", "ts_ms", "ts_us", "ts_ns", "TIMESTAMP '2020-02-29 23:59:59.5'", "CAST(NULL AS timestamp(us))"],
        calls: &[
            "({T} + {V})",
            "({T} - {V})",
            "({T} + {U})",
            "({T} - {U})",
            "date_trunc({u}, {T})",
            "to_timestamp({t})",
            "to_timestamp({t}, '%Y-%m-%d %H:%M:%S')",
            "to_timestamp({i})",
            "to_timestamp({f})",
            "({Z} AT TIME ZONE {z})",
            "CAST({D} AS timestamp(us))",
            "CAST({T} AS timestamp(s))",
            "CAST({T} AS timestamp(ns))",
            "CAST({Z} AS timestamp(ms))",
            "TRY_CAST({t} AS timestamp(us))",
            "coalesce({T}, {T})",
            "if({b}, {T}, {D})",
            "greatest({T}, {T})",
            "least({T}, {T})",
            "CAST(i64 AS timestamp(s))",
        ],
    },
    // Timestamps with a zone.
    Kind {
        letter: 'Z',
        plain: &["berlin", "apia", "east", "utc", "CAST(NULL AS timestamp(us, 'UTC'))"],
        calls: &[
            "({Z} + {V})",
            "({Z} - {V})",
            "({Z} + {U})",
            "date_trunc({u}, {Z})",
            "({T} AT TIME ZONE {z})",
            "({D} AT TIME ZONE {z})",
            "coalesce({Z}, {Z})",
            "greatest({Z}, {Z})",
            "CAST({T} AS timestamp(us, 'Europe/Berlin'))",
            "CAST({Z} AS timestamp(s, 'Australia/Lord_Howe'))",
        ],
    },
    // Times of day.
    Kind {
        letter: 'H',
        plain: &["time32", "time64", "CAST(NULL AS time64(us))"],
        calls: &[
            "({H} + {V})",
            "({H} - {V})",
            "({H} + {U})",
            "({H} - {U})",
            "date_trunc({c}, {H})",
            "CAST({T} AS time64(us))",
            "CAST({Z} AS time32(s))",
            "coalesce({H}, {H})",
            "greatest({H}, {H})",
        ],
    },
    // Spans of fixed length.
    Kind {
        letter: 'U',
        plain: &["dur_s", "dur_ms", "dur_ns", "CAST(NULL AS duration(s))"],
        calls: &[
            "({U} + {U})",
            "({U} - {U})",
            "({U} * {i})",
            "({D} - {D})",
            "({T} - {T})",
            "({Z} - {Z})",
            "({H} - {H})",
            "({T} - {D})",
            "-({U})",
            "date_trunc({c}, {U})",
            "coalesce({U}, {U})",
            "least({U}, {U})",
            "CAST({U} AS duration(s))",
            "CAST({U} AS duration(us))",
        ],
    },
    // Intervals.
    Kind {
        letter: 'V',
        plain: &[
            "span",
            "months",
            "INTERVAL '1 month'",
            "INTERVAL '1 year -2 days'",
            "INTERVAL '90 minutes'",
            "INTERVAL '1 day'",
            "INTERVAL '1 month 3 days 1 hour'",
            "INTERVAL '-7 days'",
        ],
        calls: &["({V} + {V})", "({V} - {V})", "({V} * {n})", "-({V})", "({V} + {U})", "coalesce({V}, {V})"],
    },
    // Literals that functions ask for: patterns, formats, zones; groups; parts of dates, of clocks and of both.
    Kind {
        letter: 'l',
        plain: &["'a%'", "'%a'", "'%a%'", "'a'", "'%'", "''", "'_'", "'%ß_'", "'a\\%'", "'%a!%b%'", "'A%'", "'a%b%c'"],
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
            "'Europe/Berlin'",
            "'UTC'",
            "'+05:30'",
            "'America/New_York'",
            "'Pacific/Apia'",
            "'Australia/Lord_Howe'",
        ],
        calls: &[],
    },
    Kind { letter: 'c', plain: &["'hour'", "'minute'", "'second'", "'millisecond'", "'nanosecond'"], calls: &[] },
    Kind { letter: 'g', plain: &["0", "1", "2"], calls: &[] },
    Kind {
        letter: 'x',
        plain: &[
            "'day'",
            "'week'",
            "'month'",
            "'quarter'",
            "'year'",
            "'century'",
            "'isoyear'",
            "'dow'",
            "'isodow'",
            "'doy'",
        ],
        calls: &[],
    },
    Kind {
        letter: 'u',
        plain: &[
            "'second'",
            "'hour'",
            "'day'",
            "'month'",
            "'quarter'",
            "'year'",
            "'decade'",
            "'century'",
            "'millennium'",
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

/// The columns that expressions name.
pub(crate) fn schema() -> Schema {
    use DataType as D;
    let dictionary = |values: D| D::Dictionary(Box::new(D::Int32), Box::new(values));
    let (seconds, nanoseconds) = (TimeUnit::Second, TimeUnit::Nanosecond);
    let zoned = |unit, zone: &str| D::Timestamp(unit, Some(zone.into()));
    let all = [
        ("i8", D::Int8),
        ("i16", D::Int16),
        ("i32", D::Int32),
        ("i64", D::Int64),
        ("u8", D::UInt8),
        ("u16", D::UInt16),
        ("u32", D::UInt32),
        ("u64", D::UInt64),
        ("small", D::Int8),
        ("f16", D::Float16),
        ("f32", D::Float32),
        ("f64", D::Float64),
        ("fdict", dictionary(D::Float64)),
        ("flag", D::Boolean),
        ("text", D::Utf8),
        ("large", D::LargeUtf8),
        ("view", D::Utf8View),
        ("dictionary", dictionary(D::Utf8)),
        ("price", D::Decimal128(10, 2)),
        ("wide", D::Decimal128(38, 10)),
        ("big", D::Decimal256(30, 4)),
        ("short", D::Decimal64(5, 3)),
        ("date32", D::Date32),
        ("date64", D::Date64),
        ("ddict", dictionary(D::Date32)),
        ("ts_s", D::Timestamp(seconds, None)),
        ("ts_ms", D::Timestamp(TimeUnit::Millisecond, None)),
        ("ts_us", D::Timestamp(TimeUnit::Microsecond, None)),
        ("ts_ns", D::Timestamp(nanoseconds, None)),
        ("berlin", zoned(seconds, "Europe/Berlin")),
        ("apia", zoned(TimeUnit::Millisecond, "Pacific/Apia")),
        ("east", zoned(nanoseconds, "+05:30")),
        ("utc", zoned(TimeUnit::Microsecond, "UTC")),
        ("time32", D::Time32(seconds)),
        ("time64", D::Time64(TimeUnit::Microsecond)),
        ("dur_s", D::Duration(seconds)),
        ("dur_ms", D::Duration(TimeUnit::Millisecond)),
        ("dur_ns", D::Duration(nanoseconds)),
        ("span", D::Interval(IntervalUnit::MonthDayNano)),
        ("months", D::Interval(IntervalUnit::YearMonth)),
    ];
    Schema::new(all.into_iter().map(|(name, t)| Field::new(name, t, true)).collect::<Vec<_>>())
}

/// An expression that can be evaluated, and the columns for it.
pub(crate) struct Case {
    pub(crate) schema: Schema,
    pub(crate) typed: Typed,
    pub(crate) columns: Vec<ArrayRef>,
}

impl Case {
    /// An expression of columns of at most so many rows, cut out of longer ones; those that it does not read are null.
    ///
    /// # Errors
    /// What the text, the types and the kernels are refused for.
    pub(crate) fn new(text: &str, settings: Settings, source: &mut Source<'_>, most: usize) -> Result<Self> {
        let schema = schema();
        let typed = check(&parse(text)?, &schema, settings)?;
        Compiled::new(&typed, settings)?;
        let mut used = Vec::new();
        named(&typed, &mut used);
        let rows = source.below(most + 1);
        let start = source.below(4);
        let one = |(i, field): (usize, &Arc<Field>)| match used.contains(&i) {
            true => Ok(column(source, field, rows + start)?.slice(start, rows)),
            false => Ok(new_null_array(field.data_type(), rows)),
        };
        let columns = schema.fields().iter().enumerate().map(one).collect::<Result<_>>()?;
        Ok(Self { schema, typed, columns })
    }
}

fn named(typed: &Typed, out: &mut Vec<usize>) {
    match &typed.kind {
        TypedKind::Column(path) => out.extend(path.first()),
        TypedKind::Literal(_) => {}
        TypedKind::Cast { value, .. } => named(value, out),
        TypedKind::Call { arguments, .. } => arguments.iter().for_each(|a| named(a, out)),
    }
}

pub(crate) fn column(source: &mut Source<'_>, field: &Field, rows: usize) -> Result<ArrayRef> {
    use DataType as D;
    // Every eighth row is null; in some columns none is, and there is no bitmap.
    let some_null = source.below(4) != 0;
    let mut known = |source: &mut Source<'_>| !(some_null && source.below(8) == 0);
    let data_type = field.data_type();
    let integers =
        |source: &mut Source<'_>, one: fn(&mut Source<'_>) -> i64, known: &mut dyn FnMut(&mut Source<'_>) -> bool| {
            (0..rows).map(|_| known(source).then(|| one(source))).collect::<Int64Array>()
        };
    let array: ArrayRef = match data_type {
        D::Dictionary(_, values) => {
            let distinct = rows.min(4) + 1;
            let inner = column(source, &Field::new("", values.as_ref().clone(), true), distinct)?;
            let keys = (0..rows).map(|_| known(source).then(|| source.below(distinct) as i32));
            let keys: arrow_array::PrimitiveArray<Int32Type> = keys.collect();
            return Ok(Arc::new(DictionaryArray::try_new(keys, inner)?));
        }
        D::Boolean => {
            Arc::new((0..rows).map(|_| known(source).then(|| source.below(2) == 1)).collect::<BooleanArray>())
        }
        t if t.is_string() => {
            let texts: Vec<Option<String>> = (0..rows).map(|_| known(source).then(|| text(source))).collect();
            Arc::new(StringArray::from(texts))
        }
        t if t.is_floating() => {
            let floats: Vec<Option<f64>> = (0..rows).map(|_| known(source).then(|| float(source))).collect();
            return narrow_floats(&floats, t);
        }
        D::Decimal64(p, s) | D::Decimal128(p, s) | D::Decimal256(p, s) => {
            let digits: Vec<Option<i128>> = (0..rows).map(|_| known(source).then(|| digits(source, *p))).collect();
            return Ok(match data_type {
                D::Decimal64(..) => {
                    let all = digits.into_iter().map(|v| v.map(|v| v as i64));
                    Arc::new(all.collect::<arrow_array::Decimal64Array>().with_precision_and_scale(*p, *s)?)
                }
                D::Decimal128(..) => {
                    let all = digits.into_iter();
                    Arc::new(all.collect::<arrow_array::Decimal128Array>().with_precision_and_scale(*p, *s)?)
                }
                _ => {
                    let all = digits.into_iter().map(|v| v.map(i256::from_i128));
                    Arc::new(all.collect::<arrow_array::Decimal256Array>().with_precision_and_scale(*p, *s)?)
                }
            });
        }
        D::Interval(IntervalUnit::MonthDayNano) => {
            let all = (0..rows).map(|_| {
                known(source).then(|| {
                    let nanoseconds = source.of::<i64>(&[&0, &1, &-3_600_000_000_000, &86_400_000_000_000, &i64::MIN]);
                    arrow_buffer::IntervalMonthDayNano::new(small(source) as i32, small(source) as i32, *nanoseconds)
                })
            });
            return Ok(Arc::new(all.collect::<arrow_array::IntervalMonthDayNanoArray>()));
        }
        D::Interval(_) => {
            let all = (0..rows).map(|_| known(source).then(|| small(source) as i32));
            return Ok(Arc::new(all.collect::<arrow_array::IntervalYearMonthArray>()));
        }
        D::Int8 if field.name() == "small" => Arc::new(integers(source, small, &mut known)),
        D::Date32 => Arc::new(integers(
            source,
            |s| seconds(s).div_euclid(86_400).clamp(i32::MIN.into(), i32::MAX.into()),
            &mut known,
        )),
        D::Date64 | D::Timestamp(TimeUnit::Millisecond, _) => {
            Arc::new(integers(source, |s| seconds(s).saturating_mul(1_000).saturating_add(small(s)), &mut known))
        }
        D::Timestamp(TimeUnit::Second, _) => Arc::new(integers(source, seconds, &mut known)),
        D::Timestamp(TimeUnit::Microsecond, _) => {
            Arc::new(integers(source, |s| seconds(s).saturating_mul(1_000_000).saturating_add(small(s)), &mut known))
        }
        D::Timestamp(TimeUnit::Nanosecond, _) => Arc::new(integers(
            source,
            |s| seconds(s).saturating_mul(1_000_000_000).saturating_add(small(s)),
            &mut known,
        )),
        D::Time32(_) => Arc::new(integers(source, |s| s.bits() as i64 & 0xffff, &mut known)),
        D::Time64(_) => Arc::new(integers(source, |s| (s.bits() % 86_400_000_000) as i64, &mut known)),
        D::Duration(_) => {
            let span = |s: &mut Source<'_>| if s.below(4) == 0 { integer(s) } else { 3_600 * small(s) };
            Arc::new(integers(source, span, &mut known))
        }
        D::UInt64 => {
            let all = (0..rows).map(|_| known(source).then(|| integer(source) as u64));
            return Ok(Arc::new(all.collect::<arrow_array::UInt64Array>()));
        }
        t => {
            let bits = 8 * t.primitive_width().unwrap_or(8) as u32;
            let all = (0..rows).map(|_| known(source).then(|| integer(source)));
            // The low bits of the type.
            let low =
                |v: i64| if t.is_unsigned_integer() { v & ((1 << bits) - 1) } else { v << (64 - bits) >> (64 - bits) };
            Arc::new(all.map(|v| v.map(low)).collect::<Int64Array>())
        }
    };
    if data_type.is_temporal() {
        let width = if data_type.primitive_width() == Some(4) { D::Int32 } else { D::Int64 };
        let data = cast(&array, &width)?.to_data().into_builder().data_type(data_type.clone());
        return Ok(arrow_array::make_array(data.build()?));
    }
    Ok(cast(&array, data_type)?)
}

fn narrow_floats(floats: &[Option<f64>], to: &DataType) -> Result<ArrayRef> {
    Ok(match to {
        DataType::Float16 => {
            let all = floats.iter().map(|v| v.map(half::f16::from_f64));
            Arc::new(all.collect::<arrow_array::Float16Array>())
        }
        DataType::Float32 => {
            Arc::new(floats.iter().map(|v| v.map(|v| v as f32)).collect::<arrow_array::Float32Array>())
        }
        _ => Arc::new(floats.iter().copied().collect::<Float64Array>()),
    })
}

fn small(source: &mut Source<'_>) -> i64 {
    i64::from(source.byte() as i8) / 6
}

fn integer(source: &mut Source<'_>) -> i64 {
    match source.below(4) {
        0 => small(source),
        1 => source.bits() as i64,
        // Beside a power of two.
        2 => (1_i64 << source.below(64)).wrapping_sub(source.below(3) as i64),
        _ => (1_i64 << source.below(64)).wrapping_neg().wrapping_add(source.below(3) as i64 - 1),
    }
}

/// Decimals have their greatest values, and ones of few digits.
fn digits(source: &mut Source<'_>, precision: u8) -> i128 {
    let most = 10_i128.pow(precision.into()) - 1;
    match source.below(4) {
        0 => small(source).into(),
        1 => most - source.below(2) as i128,
        2 => -most,
        _ => (i128::from(source.bits() as i64) << source.below(64)) % (most + 1),
    }
}

fn float(source: &mut Source<'_>) -> f64 {
    const EDGES: [f64; 16] = [
        f64::NAN,
        0.0,
        -0.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1.0,
        -2.5,
        0.5,
        1e30,
        65504.0,
        1e-8,
        1.005,
        0.285,
        -1e300,
        5e-324,
        9007199254740993.0,
    ];
    match source.below(3) {
        0 => EDGES[source.below(EDGES.len())],
        1 => f64::from_bits(source.bits()),
        _ => small(source) as f64 / 8.0,
    }
}

fn text(source: &mut Source<'_>) -> String {
    const EDGES: &[&str] = &[
        "",
        "a",
        "A",
        "ab",
        "abc",
        "Straße",
        "STRASSE",
        "İ",
        "ſ",
        "12",
        " 7 ",
        "-1.25",
        "a text of more than twelve bytes",
        "e\u{301}",
        "ǅ",
        "a,b,c",
        ",,",
        "%",
        "_",
        "a%b",
        "\\",
        "2024-02-29",
        "1999-12-31 23:59:59.123456789",
        "2024-13-01",
        "2024-02-29T10:20+05:30",
        "29/02/2024",
        "true",
        "False",
        "\u{10ffff}",
        "\0",
        "aaa",
        "aXbXc",
    ];
    match source.below(4) {
        0 => (0..source.below(20)).map(|_| *source.of::<char>(&[&'a', &'b', &' ', &'ß', &'A', &',', &'1'])).collect(),
        _ => source.of(EDGES).to_owned(),
    }
}

/// Seconds since 1970: of the last and the next centuries, beside changes of clocks, and far away.
fn seconds(source: &mut Source<'_>) -> i64 {
    match source.below(12) {
        0..=5 => (source.bits() % 8_000_000_000) as i64 - 4_000_000_000,
        6 | 7 => 1_711_846_800 + (source.bits() % 7_200) as i64 - 3_600,
        8 | 9 => 1_729_990_800 + (source.bits() % 7_200) as i64 - 3_600,
        10 => *source.of(&[&0, &-1, &86_399, &1_582_934_400, &1_325_242_800, &-62_135_596_800, &-62_167_219_200]),
        _ => source.bits() as i64 >> (21 + source.below(32)),
    }
}
