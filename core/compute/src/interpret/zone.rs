//! Time zones: all that is asked of the database is how far a zone is from UTC at an instant.

use std::str::FromStr;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use pf_base::{Error, Result};

/// A time zone.
pub(super) enum Zone {
    /// Seconds east of Greenwich.
    East(i128),
    Named(Tz),
}

/// No zone is farther from UTC, and no change of its clocks is greater.
const FAR: i128 = 26;

impl Zone {
    pub(super) fn read(name: &str) -> Result<Self> {
        let unknown = || Error::invalid_argument(format!("the zone {name}"));
        if let Some((sign, rest)) = name.split_at_checked(1).filter(|(sign, _)| matches!(*sign, "+" | "-")) {
            let number = |text: &str| text.parse::<i128>().map_err(|_| unknown());
            let (hours, minutes) = rest.split_once(':').ok_or_else(unknown)?;
            let east = number(hours)? * 3_600 + number(minutes)? * 60;
            return Ok(Zone::East(if sign == "-" { -east } else { east }));
        }
        match Tz::from_str(name).map_err(|_| unknown())? {
            Tz::UTC => Ok(Zone::East(0)),
            zone => Ok(Zone::Named(zone)),
        }
    }

    /// Seconds east of Greenwich at an instant.
    pub(super) fn east(&self, utc: i128) -> Result<i128> {
        match self {
            Zone::East(seconds) => Ok(*seconds),
            Zone::Named(zone) => {
                let beyond = || Error::unsupported("a zone beyond chrono's years in the interpreter");
                let time = i64::try_from(utc).ok().and_then(|s| DateTime::from_timestamp(s, 0)).ok_or_else(beyond)?;
                Ok(zone.offset_from_utc_datetime(&time.naive_utc()).fix().local_minus_utc().into())
            }
        }
    }

    /// When clocks show this time: once, twice or never.
    pub(super) fn instants(&self, local: i128) -> Result<Vec<i128>> {
        let mut found = Vec::new();
        for hour in -FAR..=FAR {
            let utc = local - self.east(local + hour * 3_600)?;
            if self.east(utc)? == local - utc && !found.contains(&utc) {
                found.push(utc);
            }
        }
        Ok(found)
    }

    /// The first time that clocks show it. Where they leave it out they are looked at as if they had not been moved.
    pub(super) fn to_utc(&self, local: i128) -> Result<i128> {
        let first = self.instants(local)?.into_iter().min();
        first.map_or_else(|| Ok(local - self.east(local - FAR * 3_600)?), Ok)
    }

    /// How far it is from UTC, as text has it.
    pub(super) fn shown(&self, utc: i128) -> Result<String> {
        if let Zone::East(0) = self {
            return Ok("Z".to_owned());
        }
        let minutes = self.east(utc)? / 60;
        let sign = if self.east(utc)? < 0 { '-' } else { '+' };
        Ok(format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60))
    }
}
