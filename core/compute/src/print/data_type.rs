//! Types as [`parse_type`](crate::parse_type) reads them.

use std::fmt::{self, Display, Formatter, Write};

use arrow_schema::{DataType, Field, IntervalUnit, TimeUnit};

use super::{name, quoted};

/// The name of a type, as [`parse_type`](crate::parse_type) and `CAST` take it.
pub fn type_name(data_type: &DataType) -> String {
    struct Name<'a>(&'a DataType);
    impl Display for Name<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            super::data_type::data_type(self.0, f)
        }
    }
    Name(data_type).to_string()
}

fn unit(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "s",
        TimeUnit::Millisecond => "ms",
        TimeUnit::Microsecond => "us",
        TimeUnit::Nanosecond => "ns",
    }
}

pub(super) fn data_type(data_type: &DataType, f: &mut Formatter<'_>) -> fmt::Result {
    let word = match data_type {
        DataType::Null => "null",
        DataType::Boolean => "bool",
        DataType::Int8 => "int8",
        DataType::Int16 => "int16",
        DataType::Int32 => "int32",
        DataType::Int64 => "int64",
        DataType::UInt8 => "uint8",
        DataType::UInt16 => "uint16",
        DataType::UInt32 => "uint32",
        DataType::UInt64 => "uint64",
        DataType::Float16 => "float16",
        DataType::Float32 => "float32",
        DataType::Float64 => "float64",
        DataType::Date32 => "date32",
        DataType::Date64 => "date64",
        DataType::Binary => "binary",
        DataType::LargeBinary => "large_binary",
        DataType::BinaryView => "binary_view",
        DataType::Utf8 => "utf8",
        DataType::LargeUtf8 => "large_utf8",
        DataType::Utf8View => "utf8_view",
        DataType::Interval(IntervalUnit::MonthDayNano) => "interval",
        DataType::Interval(IntervalUnit::YearMonth) => "interval(year_month)",
        DataType::Interval(IntervalUnit::DayTime) => "interval(day_time)",
        _ => return with_parameters(data_type, f),
    };
    f.write_str(word)
}

fn with_parameters(data_type: &DataType, f: &mut Formatter<'_>) -> fmt::Result {
    match data_type {
        DataType::Timestamp(u, None) => write!(f, "timestamp({})", unit(*u)),
        DataType::Timestamp(u, Some(zone)) => {
            write!(f, "timestamp({}, ", unit(*u))?;
            quoted(zone, '\'', f)?;
            f.write_char(')')
        }
        DataType::Time32(u) => write!(f, "time32({})", unit(*u)),
        DataType::Time64(u) => write!(f, "time64({})", unit(*u)),
        DataType::Duration(u) => write!(f, "duration({})", unit(*u)),
        DataType::FixedSizeBinary(size) => write!(f, "fixed_size_binary({size})"),
        DataType::Decimal32(p, s) => write!(f, "decimal32({p}, {s})"),
        DataType::Decimal64(p, s) => write!(f, "decimal64({p}, {s})"),
        DataType::Decimal128(p, s) => write!(f, "decimal({p}, {s})"),
        DataType::Decimal256(p, s) => write!(f, "decimal256({p}, {s})"),
        DataType::List(field) => list("list", field, f),
        DataType::LargeList(field) => list("large_list", field, f),
        DataType::ListView(field) => list("list_view", field, f),
        DataType::LargeListView(field) => list("large_list_view", field, f),
        DataType::FixedSizeList(field, size) => {
            f.write_str("fixed_size_list(")?;
            item(field, f)?;
            write!(f, ", {size})")
        }
        DataType::Struct(fields) => {
            f.write_str("struct(")?;
            for (i, field) in fields.iter().enumerate() {
                if i > 0 {
                    f.write_str(", ")?;
                }
                name(field.name(), f)?;
                f.write_char(' ')?;
                nullable(field, f)?;
            }
            f.write_char(')')
        }
        DataType::Map(entries, sorted) => map(entries, *sorted, f),
        DataType::Dictionary(key, value) => pair("dictionary", key, value, f),
        DataType::RunEndEncoded(ends, values) => pair("run_end_encoded", ends.data_type(), values.data_type(), f),
        // Unions, which `CAST` cannot name.
        other => write!(f, "{other}"),
    }
}

fn pair(word: &str, first: &DataType, second: &DataType, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(word)?;
    f.write_char('(')?;
    data_type(first, f)?;
    f.write_str(", ")?;
    data_type(second, f)?;
    f.write_char(')')
}

fn nullable(field: &Field, f: &mut Formatter<'_>) -> fmt::Result {
    data_type(field.data_type(), f)?;
    if field.is_nullable() { Ok(()) } else { f.write_str(" not null") }
}

fn item(field: &Field, f: &mut Formatter<'_>) -> fmt::Result {
    if field.name() != Field::LIST_FIELD_DEFAULT_NAME {
        quoted(field.name(), '"', f)?;
        f.write_char(' ')?;
    }
    nullable(field, f)
}

fn list(word: &str, field: &Field, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(word)?;
    f.write_char('(')?;
    item(field, f)?;
    f.write_char(')')
}

fn map(entries: &Field, sorted: bool, f: &mut Formatter<'_>) -> fmt::Result {
    let DataType::Struct(fields) = entries.data_type() else { return write!(f, "map({})", entries.data_type()) };
    let [keys, values] = fields.as_ref() else { return write!(f, "map({})", entries.data_type()) };
    f.write_str("map(")?;
    data_type(keys.data_type(), f)?;
    f.write_str(", ")?;
    nullable(values, f)?;
    f.write_str(if sorted { ", sorted)" } else { ")" })
}
