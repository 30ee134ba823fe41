//! The proleptic Gregorian calendar by integer arithmetic: years of ISO 8601, where 0 is the year before 1.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
}

/// Days from 1970-01-01 to a day. Years are counted from March, so that the leap day is their last; 400 of them always
/// have 146,097 days. Right for every year whose days an `i64` can count.
#[inline]
pub(crate) const fn days_of(date: Civil) -> i64 {
    let year = if date.month <= 2 { date.year - 1 } else { date.year };
    let (era, in_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month = (date.month + 9) % 12;
    let in_year = (153 * month + 2) / 5 + date.day - 1;
    era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719_468
}

/// The day so many days after 1970-01-01.
#[inline]
pub(crate) const fn civil_of(days: i64) -> Civil {
    const NEAR: i64 = 1 << 28;
    if -NEAR < days && days < NEAR { near_civil(days as i32) } else { far_civil(days) }
}

/// [`civil_of`] in 32 bits, for 700,000 years around today: multiplications instead of divisions, after C. Neri and
/// L. Schneider, "Euclidean affine functions and their application to calendar algorithms", 2023.
#[inline]
const fn near_civil(days: i32) -> Civil {
    // So many eras before 0000-03-01 that all days are positive.
    const ERAS: u32 = 3_670;
    const SHIFT: u32 = 719_468 + 146_097 * ERAS;
    let n = 4 * (days as u32).wrapping_add(SHIFT) + 3;
    let century = n / 146_097;
    let in_century = (n % 146_097) / 4;
    let product = 2_939_745 * (4 * in_century + 3) as u64;
    let year = 100 * century + (product >> 32) as u32;
    let in_year = (product & 0xffff_ffff) as u32 / 2_939_745 / 4;
    let month_and_day = 2_141 * in_year + 197_913;
    let (month, day) = (month_and_day >> 16, (month_and_day & 0xffff) / 2_141);
    let next = in_year >= 306;
    Civil {
        year: year as i64 - 400 * ERAS as i64 + next as i64,
        month: if next { month as i64 - 12 } else { month as i64 },
        day: day as i64 + 1,
    }
}

/// [`civil_of`] for all days that seconds in an `i64` reach.
#[cold]
const fn far_civil(days: i64) -> Civil {
    let from_march = days + 719_468;
    let (era, in_era) = (from_march.div_euclid(146_097), from_march.rem_euclid(146_097));
    let mut civil = near_civil((in_era - 719_468) as i32);
    civil.year += era * 400;
    civil
}

/// Whether a year has a 29th of February.
pub(crate) const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The days of a month.
pub(crate) const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + is_leap(year) as i64,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day of the week from Monday 0 to Sunday 6.
#[inline]
pub(crate) const fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7)
}

/// The day of the year from 1.
#[inline]
pub(crate) const fn day_of_year(days: i64) -> i64 {
    days - days_of(Civil { year: civil_of(days).year, month: 1, day: 1 }) + 1
}

/// The year that the week of a day belongs to, and the number of the week in it: the year of the week's Thursday.
#[inline]
pub(crate) const fn iso_week(days: i64) -> (i64, i64) {
    let thursday = days - weekday(days) + 3;
    (civil_of(thursday).year, (day_of_year(thursday) - 1) / 7 + 1)
}

/// The day so many months later, or the last of that month where it is too short; none where months cannot be counted.
#[inline]
pub(crate) fn add_months(days: i64, months: i64) -> Option<i64> {
    let Civil { year, month, day } = civil_of(days);
    let total = (year * 12 + month - 1).checked_add(months)?;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    Some(days_of(Civil { year, month, day: day.min(days_in_month(year, month)) }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use chrono::{Datelike, Days, Months, NaiveDate};

    use super::*;

    #[test]
    fn days_are_those_of_chrono() {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let mut days = -95_000_000;
        while days < 95_000_000 {
            let step = if (-800_000..800_000).contains(&days) { 1 } else { 997 };
            let date = epoch.checked_add_signed(chrono::TimeDelta::days(days)).unwrap();
            let civil = civil_of(days);
            let expected = (date.year().into(), date.month().into(), date.day().into());
            assert_eq!((civil.year, civil.month, civil.day), expected, "{days}");
            assert_eq!(far_civil(days), civil);
            assert_eq!(days_of(civil), days);
            assert_eq!(weekday(days), i64::from(date.weekday().num_days_from_monday()));
            assert_eq!(day_of_year(days), i64::from(date.ordinal()));
            assert_eq!(iso_week(days), (date.iso_week().year().into(), date.iso_week().week().into()));
            days += step;
        }
    }

    #[test]
    fn far_days_come_back() {
        for days in
            [i64::MIN / DAY, i32::MIN.into(), -(1 << 28), (1 << 28) - 1, 1 << 28, i32::MAX.into(), i64::MAX / DAY]
        {
            assert_eq!(days_of(civil_of(days)), days);
            assert_eq!(days_of(civil_of(days + 1)), days + 1);
        }
    }

    #[test]
    fn months_stop_at_the_end_of_a_month() {
        for (from, months) in [((2020, 1, 31), 1), ((2020, 2, 29), 12), ((2020, 3, 31), -1), ((2019, 12, 31), -1234)] {
            let date = NaiveDate::from_ymd_opt(from.0, from.1, from.2).unwrap();
            let distance = Months::new(i32::unsigned_abs(months));
            let expected = if months < 0 { date - distance } else { date + distance };
            let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
            let days = (date - epoch).num_days();
            let got = add_months(days, months.into()).unwrap();
            let got =
                if got < 0 { epoch - Days::new(got.unsigned_abs()) } else { epoch + Days::new(got.unsigned_abs()) };
            assert_eq!(got, expected);
        }
        assert_eq!(add_months(0, i64::MAX), None);
    }
}
