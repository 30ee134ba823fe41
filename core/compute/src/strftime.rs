//! Formats of dates and times as `strftime` and `strptime` have them, in chrono's spelling.

use std::fmt::Write;

use chrono::format::{DelayedFormat, Fixed, Item, Numeric, Parsed, StrftimeItems};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};
use pf_base::{Error, Result};

use crate::timezone::Zone;

/// A format, read once.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    text: String,
    items: Vec<Item<'static>>,
}

impl Format {
    /// Reads a format.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a specifier that there is not.
    pub(crate) fn new(text: &str) -> Result<Self> {
        match StrftimeItems::new(text).parse_to_owned() {
            Ok(items) => Ok(Self { text: text.to_owned(), items }),
            Err(_) => Err(Error::invalid_argument(format!("the format '{text}' has a specifier that is not known"))),
        }
    }

    /// The format as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether text of this format says how far from UTC it is, or means UTC.
    pub(crate) fn has_offset(&self) -> bool {
        self.text.contains("%#z")
            || self.items.iter().any(|item| {
                matches!(
                    item,
                    Item::Numeric(Numeric::Timestamp, _)
                        | Item::Fixed(
                            Fixed::TimezoneOffset
                                | Fixed::TimezoneOffsetColon
                                | Fixed::TimezoneOffsetDoubleColon
                                | Fixed::TimezoneOffsetTripleColon
                                | Fixed::TimezoneOffsetColonZ
                                | Fixed::TimezoneOffsetZ
                                | Fixed::RFC2822
                                | Fixed::RFC3339
                        )
                )
            })
    }

    /// Writes a time: what of it the type has not is left out, so that a format that asks for it fails.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a format that asks for it.
    pub(crate) fn write(&self, output: &mut impl Write, time: NaiveDateTime, parts: Parts) -> Result<()> {
        let items = self.items.iter();
        let (date, of_day) = (Some(time.date()), Some(time.time()));
        let written = match parts {
            Parts::Local => write!(output, "{}", DelayedFormat::new(date, of_day, items)),
            Parts::Time => write!(output, "{}", DelayedFormat::new(None, of_day, items)),
            Parts::Zoned(Zone::Fixed(0)) => {
                write!(output, "{}", DelayedFormat::new_with_offset(date, of_day, &Utc, items))
            }
            Parts::Zoned(Zone::Fixed(seconds)) => match FixedOffset::east_opt(seconds) {
                Some(east) => {
                    let local = time.checked_add_offset(east).unwrap_or(time);
                    let (date, of_day) = (Some(local.date()), Some(local.time()));
                    write!(output, "{}", DelayedFormat::new_with_offset(date, of_day, &east, items))
                }
                None => Err(std::fmt::Error),
            },
            Parts::Zoned(Zone::Named(zone)) => {
                let offset = zone.offset_from_utc_datetime(&time);
                let east = chrono::Offset::fix(&offset);
                let local = time.checked_add_offset(east).unwrap_or(time);
                let (date, of_day) = (Some(local.date()), Some(local.time()));
                write!(output, "{}", DelayedFormat::new_with_offset(date, of_day, &offset, items))
            }
        };
        written.map_err(|_| {
            Error::invalid_argument(format!(
                "the format '{}' cannot be written: it asks for what the type has not, or the text is too long",
                self.text
            ))
        })
    }

    /// Reads a time, in UTC where the text has an offset. What the format leaves out is the least: the first month and
    /// day, midnight.
    pub(crate) fn parse(&self, text: &str) -> Result<NaiveDateTime, chrono::ParseError> {
        let mut parsed = Parsed::new();
        chrono::format::parse(&mut parsed, text, self.items.iter())?;
        if parsed.timestamp().is_none() {
            complete(&mut parsed)?;
        }
        if parsed.offset().is_some() {
            return parsed.to_datetime().map(|time| time.naive_utc());
        }
        parsed.to_naive_datetime_with_offset(0)
    }
}

fn complete(parsed: &mut Parsed) -> Result<(), chrono::ParseError> {
    let by_week = [parsed.week_from_sun(), parsed.week_from_mon(), parsed.isoweek()].iter().any(Option::is_some);
    if parsed.ordinal().is_none() && !by_week {
        if parsed.month().is_none() && parsed.day().is_none() && parsed.quarter().is_none() {
            parsed.set_month(1)?;
        }
        if parsed.month().is_some() && parsed.day().is_none() {
            parsed.set_day(1)?;
        }
    }
    if parsed.hour_mod_12().is_none() && parsed.hour_div_12().is_none() {
        parsed.set_hour(0)?;
    }
    if parsed.minute().is_none() {
        parsed.set_minute(0)?;
    }
    Ok(())
}

/// What a time consists of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parts {
    /// A date and a time of day.
    Local,
    /// A time of day.
    Time,
    /// An instant, shown in a zone.
    Zoned(Zone),
}

/// A time of chrono's 262,000 years.
pub(crate) fn time_of(ticks: i64, per: i64) -> Option<NaiveDateTime> {
    let nanoseconds = ticks.rem_euclid(per) * (1_000_000_000 / per);
    DateTime::from_timestamp(ticks.div_euclid(per), nanoseconds as u32).map(|time| time.naive_utc())
}
