//! The types that `CAST` takes: Arrow's, and SQL's names for some of them.
//!
//! | written | is |
//! |---|---|
//! | `bool`, `int8` … `int64`, `uint8` … `uint64`, `float16` … `float64`, `date32`, `date64` | themselves |
//! | `utf8`, `large_utf8`, `utf8_view`, `binary`, `large_binary`, `binary_view`, `null` | themselves |
//! | `fixed_size_binary(16)` | so many bytes |
//! | `decimal(10, 2)` | `decimal128`; also `decimal32`, `decimal64`, `decimal256` |
//! | `time32(s)`, `time64(us)`, `duration(ms)`, `timestamp(us)`, `timestamp(ns, 'Europe/Rome')` | units `s`, `ms`, `us`, `ns` |
//! | `interval(year_month)`, `interval(day_time)`, `interval` | the last is `month_day_nano` |
//! | `list(T)`, `large_list(T)`, `list_view(T)`, `large_list_view(T)`, `fixed_size_list(T, 3)` | `"name" T` names the items |
//! | `struct(a int32, b utf8 not null)` | fields |
//! | `map(K, V)`, `map(K, V, sorted)` | keys are never null |
//! | `dictionary(int32, utf8)`, `run_end_encoded(int32, utf8)` | encodings |

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Fields, IntervalUnit, TimeUnit};
use pf_base::Result;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Word};

use super::tokens::{Tokens, syntax, unsupported};
use crate::Position;

/// Types stand in one another at most so deep.
const MAX_DEPTH: usize = 32;

/// Reads a type.
pub(super) fn data_type(tokens: &mut Tokens) -> Result<DataType> {
    nested(tokens, 0)
}

fn nested(tokens: &mut Tokens, depth: usize) -> Result<DataType> {
    let at = tokens.at();
    if depth >= MAX_DEPTH {
        return Err(syntax(at, &format!("the type is deeper than {MAX_DEPTH} levels")));
    }
    let name = match tokens.peek() {
        Token::Word(Word { value, quote_style: None, .. }) => value.to_ascii_lowercase(),
        _ => return Err(tokens.unexpected("a type")),
    };
    tokens.advance();
    let data_type = match simple(&name) {
        Some(simple) => simple,
        None => match name.as_str() {
            "double" => {
                tokens.take_keyword(Keyword::PRECISION);
                DataType::Float64
            }
            "decimal" | "numeric" | "decimal32" | "decimal64" | "decimal128" | "decimal256" => {
                decimal(tokens, &name, at)?
            }
            "time" => time(tokens)?,
            "time32" => DataType::Time32(unit_of(tokens, &[TimeUnit::Second, TimeUnit::Millisecond])?),
            "time64" => DataType::Time64(unit_of(tokens, &[TimeUnit::Microsecond, TimeUnit::Nanosecond])?),
            "duration" => DataType::Duration(unit_of(tokens, &UNITS)?),
            "timestamp" => timestamp(tokens)?,
            "interval" => interval(tokens)?,
            "fixed_size_binary" => {
                open(tokens)?;
                let size = size(tokens)?;
                close(tokens)?;
                DataType::FixedSizeBinary(size)
            }
            "list" => DataType::List(only_item(tokens, depth)?),
            "large_list" => DataType::LargeList(only_item(tokens, depth)?),
            "list_view" => DataType::ListView(only_item(tokens, depth)?),
            "large_list_view" => DataType::LargeListView(only_item(tokens, depth)?),
            "fixed_size_list" => {
                open(tokens)?;
                let item = item(tokens, depth)?;
                comma(tokens)?;
                let size = size(tokens)?;
                close(tokens)?;
                DataType::FixedSizeList(item, size)
            }
            "struct" => structure(tokens, depth)?,
            "map" => map(tokens, depth)?,
            "dictionary" => {
                let (key, value) = pair(tokens, depth)?;
                if !key.is_dictionary_key_type() {
                    return Err(syntax(at, "the first type of a dictionary must be an integer type"));
                }
                DataType::Dictionary(Box::new(key), Box::new(value))
            }
            "run_end_encoded" => {
                let (ends, values) = pair(tokens, depth)?;
                if !ends.is_run_ends_type() {
                    return Err(syntax(at, "the first type of run_end_encoded must be int16, int32 or int64"));
                }
                let ends = Field::new("run_ends", ends, false);
                DataType::RunEndEncoded(Arc::new(ends), Arc::new(Field::new("values", values, true)))
            }
            "union" => return Err(unsupported(at, "unions as types")),
            other => {
                let message = format!(
                    "unknown type '{other}'; types are bool, int8 to int64, uint8 to uint64, float32, \
                    float64, decimal(p, s), utf8, binary, date32, time64(us), timestamp(us), duration(us), interval, \
                    list(T), struct(a T), dictionary(int32, T) and others"
                );
                return Err(syntax(at, &message));
            }
        },
    };
    match tokens.peek() {
        Token::LParen => Err(syntax(tokens.at(), &format!("the type {name} has nothing in brackets here"))),
        Token::LBracket => Err(unsupported(tokens.at(), "T[] as a type; write list(T)")),
        _ => Ok(data_type),
    }
}

const UNITS: [TimeUnit; 4] = [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];

/// The types that are one word.
fn simple(name: &str) -> Option<DataType> {
    Some(match name {
        "null" => DataType::Null,
        "bool" | "boolean" => DataType::Boolean,
        "int8" | "tinyint" => DataType::Int8,
        "int16" | "smallint" => DataType::Int16,
        "int32" | "int" | "integer" => DataType::Int32,
        "int64" | "bigint" => DataType::Int64,
        "uint8" | "utinyint" => DataType::UInt8,
        "uint16" | "usmallint" => DataType::UInt16,
        "uint32" | "uinteger" => DataType::UInt32,
        "uint64" | "ubigint" => DataType::UInt64,
        "float16" => DataType::Float16,
        "float32" | "float" | "real" => DataType::Float32,
        "float64" => DataType::Float64,
        "utf8" | "string" | "text" | "varchar" => DataType::Utf8,
        "large_utf8" | "large_string" => DataType::LargeUtf8,
        "utf8_view" | "string_view" => DataType::Utf8View,
        "binary" | "bytea" | "blob" | "varbinary" => DataType::Binary,
        "large_binary" => DataType::LargeBinary,
        "binary_view" => DataType::BinaryView,
        "date32" | "date" => DataType::Date32,
        "date64" => DataType::Date64,
        "timestamptz" => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        "datetime" => DataType::Timestamp(TimeUnit::Microsecond, None),
        _ => return None,
    })
}

fn open(tokens: &mut Tokens) -> Result<()> {
    tokens.expect(&Token::LParen, "'('")
}

fn close(tokens: &mut Tokens) -> Result<()> {
    tokens.expect(&Token::RParen, "')'")
}

fn comma(tokens: &mut Tokens) -> Result<()> {
    tokens.expect(&Token::Comma, "','")
}

/// An integer, with a sign if need be.
fn integer(tokens: &mut Tokens, expected: &str) -> Result<i64> {
    let negative = tokens.take(&Token::Minus);
    let value = match tokens.peek() {
        Token::Number(digits, false) => digits.parse::<i64>().ok(),
        _ => None,
    };
    let value = value.ok_or_else(|| tokens.unexpected(expected))?;
    tokens.advance();
    Ok(if negative { -value } else { value })
}

fn size(tokens: &mut Tokens) -> Result<i32> {
    const EXPECTED: &str = "a size";
    let at = tokens.at();
    match i32::try_from(integer(tokens, EXPECTED)?) {
        Ok(size) if size >= 0 => Ok(size),
        _ => Err(syntax(at, "the size must be from 0 to 2147483647")),
    }
}

fn decimal(tokens: &mut Tokens, name: &str, at: Position) -> Result<DataType> {
    let (limit, make): (u8, fn(u8, i8) -> DataType) = match name {
        "decimal32" => (9, DataType::Decimal32),
        "decimal64" => (18, DataType::Decimal64),
        "decimal256" => (76, DataType::Decimal256),
        _ => (38, DataType::Decimal128),
    };
    if *tokens.peek() != Token::LParen {
        return Err(syntax(at, &format!("{name} needs its digits: {name}(precision, scale)")));
    }
    open(tokens)?;
    let at = tokens.at();
    let precision = integer(tokens, "the precision")?;
    let scale = if tokens.take(&Token::Comma) { integer(tokens, "the scale")? } else { 0 };
    close(tokens)?;
    match (u8::try_from(precision), i8::try_from(scale)) {
        (Ok(p), Ok(s)) if (1..=limit).contains(&p) && i64::from(s) <= precision && s >= -(limit as i8) => {
            Ok(make(p, s))
        }
        _ => {
            let message =
                format!("the precision of {name} is from 1 to {limit}, the scale from -{limit} to the precision");
            Err(syntax(at, &message))
        }
    }
}

/// A unit of time: its name, or the number of decimals of a second as SQL has it.
fn unit(tokens: &mut Tokens) -> Result<TimeUnit> {
    let found = match tokens.peek() {
        Token::Word(w) => match w.value.to_ascii_lowercase().as_str() {
            "s" => Some(TimeUnit::Second),
            "ms" => Some(TimeUnit::Millisecond),
            "us" => Some(TimeUnit::Microsecond),
            "ns" => Some(TimeUnit::Nanosecond),
            _ => None,
        },
        Token::Number(digits, false) => match digits.as_str() {
            "0" => Some(TimeUnit::Second),
            "3" => Some(TimeUnit::Millisecond),
            "6" => Some(TimeUnit::Microsecond),
            "9" => Some(TimeUnit::Nanosecond),
            _ => None,
        },
        _ => None,
    };
    let found = found.ok_or_else(|| tokens.unexpected("a unit: s, ms, us or ns"))?;
    tokens.advance();
    Ok(found)
}

/// A unit in brackets, one of these.
fn unit_of(tokens: &mut Tokens, allowed: &[TimeUnit]) -> Result<TimeUnit> {
    open(tokens)?;
    let at = tokens.at();
    let unit = unit(tokens)?;
    close(tokens)?;
    if allowed.contains(&unit) {
        return Ok(unit);
    }
    Err(syntax(at, "time32 has the units s and ms, time64 us and ns"))
}

/// `WITH TIME ZONE` and `WITHOUT TIME ZONE`.
pub(super) fn zone(tokens: &mut Tokens) -> Result<bool> {
    let with = tokens.take_keyword(Keyword::WITH);
    if with || tokens.take_keyword(Keyword::WITHOUT) {
        tokens.expect_keyword(Keyword::TIME, "TIME ZONE")?;
        tokens.expect_keyword(Keyword::ZONE, "ZONE")?;
    }
    Ok(with)
}

fn time(tokens: &mut Tokens) -> Result<DataType> {
    let unit = if *tokens.peek() == Token::LParen { unit_of(tokens, &UNITS)? } else { TimeUnit::Microsecond };
    let at = tokens.at();
    if zone(tokens)? {
        return Err(unsupported(at, "times with a zone"));
    }
    Ok(match unit {
        TimeUnit::Second | TimeUnit::Millisecond => DataType::Time32(unit),
        TimeUnit::Microsecond | TimeUnit::Nanosecond => DataType::Time64(unit),
    })
}

fn timestamp(tokens: &mut Tokens) -> Result<DataType> {
    let mut zone_name: Option<Arc<str>> = None;
    let mut unit_name = TimeUnit::Microsecond;
    if tokens.take(&Token::LParen) {
        unit_name = unit(tokens)?;
        if tokens.take(&Token::Comma) {
            match tokens.peek() {
                Token::SingleQuotedString(name) => zone_name = Some(name.as_str().into()),
                _ => return Err(tokens.unexpected("a time zone in quotes")),
            }
            tokens.advance();
        }
        close(tokens)?;
    }
    let at = tokens.at();
    if zone(tokens)? {
        if zone_name.is_some() {
            return Err(syntax(at, "the time zone is there twice"));
        }
        zone_name = Some("UTC".into());
    }
    Ok(DataType::Timestamp(unit_name, zone_name))
}

fn interval(tokens: &mut Tokens) -> Result<DataType> {
    if !tokens.take(&Token::LParen) {
        return Ok(DataType::Interval(IntervalUnit::MonthDayNano));
    }
    let unit = match tokens.peek() {
        Token::Word(w) => match w.value.to_ascii_lowercase().as_str() {
            "year_month" => Some(IntervalUnit::YearMonth),
            "day_time" => Some(IntervalUnit::DayTime),
            "month_day_nano" => Some(IntervalUnit::MonthDayNano),
            _ => None,
        },
        _ => None,
    };
    let unit = unit.ok_or_else(|| tokens.unexpected("year_month, day_time or month_day_nano"))?;
    tokens.advance();
    close(tokens)?;
    Ok(DataType::Interval(unit))
}

/// A type, then `NULL` or `NOT NULL`; null by default.
fn nullable(tokens: &mut Tokens, depth: usize) -> Result<(DataType, bool)> {
    let data_type = nested(tokens, depth + 1)?;
    let not = tokens.take_keyword(Keyword::NOT);
    if not {
        tokens.expect_keyword(Keyword::NULL, "NULL")?;
    } else {
        tokens.take_keyword(Keyword::NULL);
    }
    Ok((data_type, !not))
}

/// What a list holds; a name that is not `item` stands before it in quotes.
fn item(tokens: &mut Tokens, depth: usize) -> Result<FieldRef> {
    let name = match tokens.peek() {
        Token::Word(Word { quote_style: Some(_), .. }) => tokens.expect_name("a name")?,
        _ => Field::LIST_FIELD_DEFAULT_NAME.to_owned(),
    };
    let (data_type, nullable) = nullable(tokens, depth)?;
    Ok(Arc::new(Field::new(name, data_type, nullable)))
}

fn only_item(tokens: &mut Tokens, depth: usize) -> Result<FieldRef> {
    open(tokens)?;
    let item = item(tokens, depth)?;
    close(tokens)?;
    Ok(item)
}

fn pair(tokens: &mut Tokens, depth: usize) -> Result<(DataType, DataType)> {
    open(tokens)?;
    let first = nested(tokens, depth + 1)?;
    comma(tokens)?;
    let second = nested(tokens, depth + 1)?;
    close(tokens)?;
    Ok((first, second))
}

fn structure(tokens: &mut Tokens, depth: usize) -> Result<DataType> {
    open(tokens)?;
    let mut fields = Vec::new();
    if tokens.take(&Token::RParen) {
        return Ok(DataType::Struct(Fields::empty()));
    }
    loop {
        let name = tokens.expect_name("the name of a field")?;
        let (data_type, nullable) = nullable(tokens, depth)?;
        fields.push(Field::new(name, data_type, nullable));
        if !tokens.take(&Token::Comma) {
            break;
        }
    }
    tokens.expect(&Token::RParen, "',' or ')'")?;
    Ok(DataType::Struct(fields.into()))
}

fn map(tokens: &mut Tokens, depth: usize) -> Result<DataType> {
    open(tokens)?;
    let keys = nested(tokens, depth + 1)?;
    comma(tokens)?;
    let (values, nullable) = nullable(tokens, depth)?;
    let sorted = tokens.take(&Token::Comma);
    if sorted {
        match tokens.peek() {
            Token::Word(w) if w.value.eq_ignore_ascii_case("sorted") => tokens.advance(),
            _ => return Err(tokens.unexpected("sorted")),
        };
    }
    close(tokens)?;
    let entries = vec![Field::new("keys", keys, false), Field::new("values", values, nullable)];
    let entries = Field::new("entries", DataType::Struct(entries.into()), false);
    Ok(DataType::Map(Arc::new(entries), sorted))
}
