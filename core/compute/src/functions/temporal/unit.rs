//! The parts of dates and times by name.

use pf_base::{Error, Result};

/// A part of a date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    IsoYear,
    DayOfWeek,
    IsoDayOfWeek,
    DayOfYear,
    Epoch,
}

const NAMES: &[(Unit, &[&str])] = &[
    (Unit::Nanosecond, &["nanosecond", "nanoseconds"]),
    (Unit::Microsecond, &["microsecond", "microseconds"]),
    (Unit::Millisecond, &["millisecond", "milliseconds"]),
    (Unit::Second, &["second", "seconds"]),
    (Unit::Minute, &["minute", "minutes"]),
    (Unit::Hour, &["hour", "hours"]),
    (Unit::Day, &["day", "days"]),
    (Unit::Week, &["week", "weeks", "isoweek"]),
    (Unit::Month, &["month", "months"]),
    (Unit::Quarter, &["quarter", "quarters"]),
    (Unit::Year, &["year", "years"]),
    (Unit::Decade, &["decade", "decades"]),
    (Unit::Century, &["century", "centuries"]),
    (Unit::Millennium, &["millennium", "millennia"]),
    (Unit::IsoYear, &["isoyear"]),
    (Unit::DayOfWeek, &["dow", "dayofweek"]),
    (Unit::IsoDayOfWeek, &["isodow"]),
    (Unit::DayOfYear, &["doy", "dayofyear"]),
    (Unit::Epoch, &["epoch"]),
];

impl Unit {
    /// The part of a name, in any case.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another name; the message has those of `known`.
    pub(crate) fn parse(name: &str, known: impl Fn(Unit) -> bool) -> Result<Self> {
        let named =
            |(unit, names): &&(Unit, &[&str])| known(*unit) && names.iter().any(|n| n.eq_ignore_ascii_case(name));
        NAMES.iter().find(named).map(|(unit, _)| *unit).ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().filter(|(unit, _)| known(*unit)).map(|(_, names)| names[0]).collect();
            Error::invalid_argument(format!("unknown unit '{name}'; expected one of {}", names.join(", ")))
        })
    }

    /// The name.
    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(unit, _)| *unit == self).map_or("", |(_, names)| names[0])
    }

    /// Whether times can be cut to it.
    pub(crate) fn is_length(self) -> bool {
        self <= Unit::Millennium
    }

    /// How many of the units of which a second has `per` it is long: at least one. None for those longer than a day.
    pub(crate) fn ticks(self, per: i64) -> Option<i64> {
        Some(match self {
            Unit::Nanosecond => per / 1_000_000_000,
            Unit::Microsecond => per / 1_000_000,
            Unit::Millisecond => per / 1_000,
            Unit::Second => per,
            Unit::Minute => 60 * per,
            Unit::Hour => 3_600 * per,
            Unit::Day => 86_400 * per,
            _ => return None,
        })
        .map(|ticks| ticks.max(1))
    }
}
