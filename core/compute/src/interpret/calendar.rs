//! Chrono's calendar for all years: it repeats itself every 400 of them, weekdays too.

use chrono::{Datelike, NaiveDate, TimeDelta};

/// Seconds of a day.
pub(super) const DAY: i128 = 86_400;

const YEARS: i128 = 400;
const DAYS: i128 = 146_097;

const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// A day so many days after 1970-01-01, brought near by whole cycles, and the years that they have.
pub(super) fn date(days: i128) -> (NaiveDate, i128) {
    let near = EPOCH + TimeDelta::days(days.rem_euclid(DAYS) as i64);
    (near, days.div_euclid(DAYS) * YEARS)
}

/// The days from 1970-01-01 to a day, if there is such.
pub(super) fn days_of(year: i128, month: u32, day: u32) -> Option<i128> {
    let near = 1970 + (year - 1970).rem_euclid(YEARS);
    let date = NaiveDate::from_ymd_opt(near as i32, month, day)?;
    Some(i128::from((date - EPOCH).num_days()) + (year - near) / YEARS * DAYS)
}

/// The same day of the month so many months later, or the last where it is too short.
pub(super) fn months_later(days: i128, months: i128) -> i128 {
    let (from, years) = date(days);
    let total = (i128::from(from.year()) + years) * 12 + i128::from(from.month0()) + months;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
    (1..=from.day()).rev().find_map(|day| days_of(year, month, day)).unwrap_or(days)
}
