//! Columns made of any bytes, and the expressions that read them.

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
    pub(super) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        if n <= 256 {
            usize::from(self.byte()) % n
        } else {
            (usize::from(self.byte()) << 8 | usize::from(self.byte())) % n
        }
    }

    fn bits(&mut self) -> u64 {
        (0..8).fold(0, |bits, _| bits << 8 | u64::from(self.byte()))
    }

    pub(super) fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }

    /// What holds for the expression.
    pub(crate) fn settings(&mut self) -> Settings {
        let overflow = [Overflow::Error, Overflow::Null, Overflow::Wrap][self.below(3)];
        let nan = [NanPolicy::Keep, NanPolicy::Null][self.below(2)];
        Settings { overflow, nan }
    }
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
