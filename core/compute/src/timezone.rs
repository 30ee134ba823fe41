//! Time zones: names of the IANA database and fixed offsets.

use std::str::FromStr;

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{GapInfo, TZ_VARIANTS, Tz};
use pf_base::{Error, Result};

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Seconds east of Greenwich.
    Fixed(i32),
    /// A zone of the IANA database.
    Named(Tz),
}

impl Zone {
    /// The zone of a name (`Europe/Berlin`) or an offset (`+02:00`, `+0200`, `+02`).
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a name that the database has not.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if let Some(seconds) = parse_offset(text) {
            return Ok(Zone::Fixed(seconds));
        }
        let any_case = || TZ_VARIANTS.iter().copied().find(|zone| zone.name().eq_ignore_ascii_case(text));
        match Tz::from_str(text).ok().or_else(any_case) {
            Some(Tz::UTC | Tz::Etc__UTC | Tz::Zulu | Tz::GMT | Tz::Etc__GMT) => Ok(Zone::Fixed(0)),
            Some(zone) => Ok(Zone::Named(zone)),
            None => Err(Error::invalid_argument(format!(
                "unknown time zone '{text}': a name of the IANA database as 'Europe/Berlin', or an offset as '+02:00', was expected"
            ))),
        }
    }

    /// The name that a timestamp's type has.
    pub(crate) fn name(self) -> String {
        match self {
            Zone::Fixed(0) => "UTC".to_owned(),
            Zone::Fixed(seconds) => {
                let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
                format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Zone::Named(zone) => zone.name().to_owned(),
        }
    }

    /// Seconds east of Greenwich at an instant in seconds since the epoch.
    pub(crate) fn offset_at(self, utc: i64) -> i64 {
        match self {
            Zone::Fixed(seconds) => seconds.into(),
            Zone::Named(zone) => offset(&zone.offset_from_utc_datetime(&civil(utc))),
        }
    }

    /// The instant of a local time, both in seconds since the epoch. A time that the zone leaves out moves forward by
    /// as much as the clocks did; of a time that it has twice the earlier is meant. None where it overflows.
    pub(crate) fn to_utc(self, local: i64) -> Option<i64> {
        let zone = match self {
            Zone::Fixed(seconds) => return local.checked_sub(seconds.into()),
            Zone::Named(zone) => zone,
        };
        let time = civil(local);
        let east = match zone.offset_from_local_datetime(&time) {
            MappedLocalTime::Single(single) => offset(&single),
            // The earlier instant is the one with the greater offset.
            MappedLocalTime::Ambiguous(a, b) => offset(&a).max(offset(&b)),
            MappedLocalTime::None => match GapInfo::new(&time, &zone) {
                Some(GapInfo { begin: Some((_, before)), .. }) => offset(&before),
                _ => self.offset_at(local),
            },
        };
        local.checked_sub(east)
    }
}

fn offset(offset: &impl Offset) -> i64 {
    offset.fix().local_minus_utc().into()
}

/// A time as chrono has it; those beyond its 262,000 years become its last ones, as zones do not change there.
fn civil(seconds: i64) -> NaiveDateTime {
    const LAST: i64 = 8_000_000_000_000;
    DateTime::from_timestamp(seconds.clamp(-LAST, LAST), 0).unwrap_or_default().naive_utc()
}

/// `Z`, `+02:00`, `+0200` or `+02` as seconds.
pub(crate) fn parse_offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.as_bytes() {
        b"Z" | b"z" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let number = |a: u8, b: u8| {
        let valid = a.is_ascii_digit() && b.is_ascii_digit();
        valid.then(|| i32::from(a - b'0') * 10 + i32::from(b - b'0'))
    };
    let (hours, minutes) = match *digits {
        [a, b] => (number(a, b)?, 0),
        [a, b, c, d] | [a, b, b':', c, d] => (number(a, b)?, number(c, d)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn names_and_offsets() {
        for (text, seconds) in
            [("Z", 0), ("+02:00", 7_200), ("-0330", -12_600), ("+14", 50_400), ("UTC", 0), ("utc", 0)]
        {
            assert_eq!(Zone::parse(text).unwrap(), Zone::Fixed(seconds), "{text}");
        }
        assert_eq!(Zone::parse("europe/berlin").unwrap(), Zone::Named(Tz::Europe__Berlin));
        for text in ["", "+", "+2", "+24:00", "+02:60", "+02:0", "Europa/Berlin", "é"] {
            assert!(Zone::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn gaps_move_forward_and_doubled_times_are_the_first() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc().timestamp();
        assert_eq!(zone.to_utc(at("2024-03-31 02:30")), Some(at("2024-03-31 01:30")));
        assert_eq!(zone.to_utc(at("2024-10-27 02:30")), Some(at("2024-10-27 00:30")));
        assert_eq!(zone.to_utc(at("2024-06-01 00:00")), Some(at("2024-05-31 22:00")));
        assert_eq!(zone.offset_at(at("2024-10-27 01:00")), 3_600);
        let samoa = Zone::parse("Pacific/Apia").unwrap();
        assert_eq!(samoa.to_utc(at("2011-12-30 12:00")), samoa.to_utc(at("2011-12-31 12:00")));
        for zone in [zone, samoa, Zone::Fixed(3_600)] {
            assert!(zone.to_utc(i64::MIN / 2).is_some());
            zone.offset_at(i64::MAX);
            zone.offset_at(i64::MIN);
        }
        assert_eq!(zone.to_utc(i64::MIN), None);
    }
}
