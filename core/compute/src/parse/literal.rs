//! Literals.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, Date32Array, IntervalMonthDayNanoArray, Time64MicrosecondArray, Time64NanosecondArray,
    TimestampMicrosecondArray, TimestampNanosecondArray,
};
use pf_base::{Error, Result};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::data_type;
use super::temporal::{self, Fraction};
use super::tokens::{Tokens, syntax, unsupported};
use crate::{Literal, Position};

/// A number, text, or bytes in hexadecimal digits.
pub(super) fn plain(tokens: &mut Tokens) -> Result<Literal> {
    let at = tokens.at();
    let width = tokens.width();
    if let Token::Number(text, _) = tokens.peek()
        && tokens.touches_next()
        && matches!(tokens.peek_at(1), Token::Word(_) | Token::Number(..) | Token::Period)
    {
        return Err(syntax(at, &format!("'{text}' is followed by what belongs to no number")));
    }
    match tokens.advance() {
        Token::Number(_, true) => Err(unsupported(at, "numbers with L behind them")),
        Token::Number(digits, false) => Ok(Literal::Number(digits)),
        Token::SingleQuotedString(text) => Ok(Literal::String(text)),
        // The tokenizer gives 0xFF and X'FF' alike, and takes a backslash out of the second.
        Token::HexStringLiteral(digits) if width == digits.chars().count() as u64 + 2 => {
            Err(unsupported(at, &format!("numbers in hexadecimal digits; X'{digits}' are bytes")))
        }
        Token::HexStringLiteral(digits) if width == digits.chars().count() as u64 + 3 => {
            let bytes = hexadecimal(&digits)
                .ok_or_else(|| syntax(at, "X'' takes an even number of hexadecimal digits and nothing else"))?;
            Ok(Literal::Typed(Arc::new(BinaryArray::from_vec(vec![&bytes]))))
        }
        _ => Err(syntax(at, "X'' takes an even number of hexadecimal digits and nothing else")),
    }
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16);
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()).collect()
}

/// A literal that says its type first: `DATE '2020-01-31'`. Without the text behind it the word is a name.
pub(super) fn typed(tokens: &mut Tokens, keyword: Keyword) -> Result<Option<Literal>> {
    let is_text = |ahead: usize| matches!(tokens.peek_at(ahead), Token::SingleQuotedString(_));
    let has_zone = (tokens.is_keyword_at(1, Keyword::WITH) || tokens.is_keyword_at(1, Keyword::WITHOUT))
        && tokens.is_keyword_at(2, Keyword::TIME)
        && tokens.is_keyword_at(3, Keyword::ZONE)
        && is_text(4);
    let read: fn(&str, bool) -> Result<ArrayRef, String> = match keyword {
        Keyword::DATE if is_text(1) => |text, _| date(text),
        Keyword::TIME if is_text(1) || has_zone => |text, _| time(text),
        Keyword::TIMESTAMP if is_text(1) || has_zone => timestamp,
        Keyword::TIMESTAMPTZ if is_text(1) => |text, _| timestamp(text, true),
        Keyword::INTERVAL if is_text(1) || matches!(tokens.peek_at(1), Token::Number(_, false)) => {
            return interval(tokens).map(Some);
        }
        _ => return Ok(None),
    };
    let at = tokens.at();
    tokens.advance();
    let zone = data_type::zone(tokens)?;
    if zone && keyword == Keyword::TIME {
        return Err(unsupported(at, "times with a zone"));
    }
    let at = tokens.at();
    let Token::SingleQuotedString(text) = tokens.advance() else {
        return Err(Error::internal("a literal without its text"));
    };
    read(text.trim_matches(' '), zone).map(|array| Some(Literal::Typed(array))).map_err(|e| syntax(at, &e))
}

fn date(text: &str) -> Result<ArrayRef, String> {
    let days = temporal::date(text).ok_or_else(|| format!("'{text}' is no date; dates are YYYY-MM-DD"))?;
    Ok(Arc::new(Date32Array::from(vec![days])))
}

fn time(text: &str) -> Result<ArrayRef, String> {
    let (seconds, fraction) =
        temporal::time(text).ok_or_else(|| format!("'{text}' is no time; times are hh:mm:ss.ffffff"))?;
    let nanoseconds = i64::from(seconds) * 1_000_000_000 + i64::from(fraction.nanoseconds);
    Ok(if fraction.is_fine() {
        Arc::new(Time64NanosecondArray::from(vec![nanoseconds]))
    } else {
        Arc::new(Time64MicrosecondArray::from(vec![nanoseconds / 1_000]))
    })
}

/// A timestamp; in UTC where the text says an offset, or where it must have a zone.
fn timestamp(text: &str, must_have_zone: bool) -> Result<ArrayRef, String> {
    let wrong =
        || format!("'{text}' is no timestamp; timestamps are YYYY-MM-DD hh:mm:ss.ffffff, then +hh:mm if need be");
    let (seconds, Fraction { nanoseconds, digits }, has_zone) = temporal::timestamp(text).ok_or_else(wrong)?;
    let fraction = Fraction { nanoseconds, digits };
    let zone: Option<Arc<str>> = (has_zone || must_have_zone).then(|| "UTC".into());
    if fraction.is_fine() {
        let value = seconds.checked_mul(1_000_000_000).and_then(|s| s.checked_add(i64::from(nanoseconds)));
        let value = value.ok_or_else(|| format!("'{text}' is beyond what timestamps of nanoseconds hold"))?;
        return Ok(Arc::new(TimestampNanosecondArray::from(vec![value]).with_timezone_opt(zone)));
    }
    let value = seconds.checked_mul(1_000_000).and_then(|s| s.checked_add(i64::from(nanoseconds / 1_000)));
    let value = value.ok_or_else(wrong)?;
    Ok(Arc::new(TimestampMicrosecondArray::from(vec![value]).with_timezone_opt(zone)))
}

/// `INTERVAL '1 day 2 hours'`, `INTERVAL '3' DAY`, `INTERVAL 3 DAY`.
fn interval(tokens: &mut Tokens) -> Result<Literal> {
    tokens.advance();
    let at = tokens.at();
    let mut text = match tokens.advance() {
        Token::SingleQuotedString(text) | Token::Number(text, false) => text,
        _ => return Err(Error::internal("an interval without its text")),
    };
    // A number alone is followed by its unit.
    if text.trim().parse::<f64>().is_ok() {
        match tokens.peek() {
            Token::Word(w) if temporal::is_unit(&w.value) => {
                text.push(' ');
                text.push_str(&w.value);
            }
            _ => return Err(tokens.unexpected("a unit: year, month, week, day, hour, minute or second")),
        }
        tokens.advance();
        if tokens.is_keyword_at(0, Keyword::TO) {
            return Err(unsupported(tokens.at(), "intervals from one unit TO another; write '1 year 2 months'"));
        }
    }
    let value = interval_value(&text, at)?;
    Ok(Literal::Typed(value))
}

fn interval_value(text: &str, at: Position) -> Result<ArrayRef> {
    let value = temporal::interval(text).map_err(|e| syntax(at, &format!("'{text}' is no interval: {e}")))?;
    Ok(Arc::new(IntervalMonthDayNanoArray::from(vec![value])))
}
