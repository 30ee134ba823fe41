//! Which rows the window of a row has.

use arrow_array::{Array, ArrayRef};
use arrow_buffer::ScalarBuffer;
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Context, Error, Result};

use crate::pieces::{PIECE, fill, piece, values_of};

/// How wide windows are.
#[derive(Clone, Debug)]
pub(crate) enum Width {
    /// So many rows, up to this one or around it.
    Rows {
        /// The number of rows.
        rows: u64,
        /// This one is in the middle, the later of two.
        center: bool,
    },
    /// Rows that are less than so many nanoseconds before this one.
    Time(i128),
}

/// Where the windows of a column begin and end. Neither ever goes back.
pub(crate) enum Bounds {
    Rows { rows: usize, window: usize, ahead: usize },
    Time { starts: ScalarBuffer<u64>, longest: usize },
}

impl Bounds {
    pub(crate) fn new(width: &Width, rows: usize, by: Option<&ArrayRef>, ctx: &Context) -> Result<Self> {
        match (width, by) {
            (Width::Rows { rows: window, center }, _) => {
                let ahead = if *center { (window - 1) / 2 } else { 0 };
                // Wider than twice all rows is as wide as that.
                let most = 2 * rows as u64 + 2;
                Ok(Bounds::Rows { rows, window: (*window).min(most) as usize, ahead: ahead.min(rows as u64) as usize })
            }
            (Width::Time(nanoseconds), Some(by)) => Self::by(*nanoseconds, by, ctx),
            (Width::Time(_), None) => Err(Error::internal("a window of time without a column of times")),
        }
    }

    fn by(nanoseconds: i128, by: &ArrayRef, ctx: &Context) -> Result<Self> {
        let rows = by.len();
        if let Some(nulls) = by.nulls().filter(|n| n.null_count() > 0) {
            let row = (0..rows).find(|row| nulls.is_null(*row)).unwrap_or(0);
            return Err(Error::invalid_argument(format!("by must not be null, but is in row {row}")));
        }
        let unit = match by.data_type() {
            DataType::Date32 => 86_400_000_000_000,
            DataType::Date64 | DataType::Timestamp(TimeUnit::Millisecond, _) => 1_000_000,
            DataType::Timestamp(TimeUnit::Second, _) => 1_000_000_000,
            DataType::Timestamp(TimeUnit::Microsecond, _) => 1000,
            _ => 1,
        };
        // Whole units: a difference is less than the window if it is less than that rounded up.
        let width = nanoseconds.div_euclid(unit) + i128::from(nanoseconds.rem_euclid(unit) > 0);
        let width = i64::try_from(width).unwrap_or(i64::MAX);
        let times: ScalarBuffer<i64> = match by.data_type() {
            DataType::Date32 => {
                let days = values_of::<i32>(by);
                fill(rows, ctx, |start, out| {
                    out.iter_mut().zip(&days[start..]).for_each(|(out, day)| *out = i64::from(*day));
                    Ok(())
                })?
            }
            _ => values_of(by),
        };
        let falls = ctx
            .map(rows.div_ceil(PIECE), |i| Ok(piece(i, rows).find(|row| *row > 0 && times[*row - 1] > times[*row])))?;
        if let Some(row) = falls.into_iter().flatten().next() {
            return Err(Error::invalid_argument(format!(
                "by must be sorted in ascending order, but row {row} is before row {}",
                row - 1
            )));
        }
        let inside = |time: i64, row: usize| i128::from(time) - i128::from(times[row]) < i128::from(width);
        let starts = fill::<u64>(rows, ctx, |start, out| {
            let mut from =
                times[..start].partition_point(|t| i128::from(times[start]) - i128::from(*t) >= i128::from(width));
            for (row, out) in (start..).zip(out) {
                while from < row && !inside(times[row], from) {
                    from += 1;
                }
                *out = from as u64;
            }
            Ok(())
        })?;
        let longest = ctx.map(rows.div_ceil(PIECE), |i| {
            Ok(piece(i, rows).map(|row| row + 1 - starts[row] as usize).max().unwrap_or(0))
        })?;
        Ok(Bounds::Time { starts, longest: longest.into_iter().max().unwrap_or(0) })
    }

    /// The rows of the column.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Bounds::Rows { rows, .. } => *rows,
            Bounds::Time { starts, .. } => starts.len(),
        }
    }

    /// The rows of the longest window.
    pub(crate) fn longest(&self) -> usize {
        match self {
            Bounds::Rows { rows, window, .. } => (*window).min(*rows),
            Bounds::Time { longest, .. } => *longest,
        }
    }

    /// The first row of the window of a row, and the first after it.
    #[inline(always)]
    pub(crate) fn of(&self, row: usize) -> (usize, usize) {
        match self {
            Bounds::Rows { rows, window, ahead } => {
                let end = row + 1 + ahead;
                (end.saturating_sub(*window).min(*rows), end.min(*rows))
            }
            Bounds::Time { starts, .. } => (starts[row] as usize, row + 1),
        }
    }
}
