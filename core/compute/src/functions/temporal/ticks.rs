//! Dates, times, timestamps and durations as the integers that they are.

use arrow_array::{ArrayRef, make_array};
use arrow_buffer::{Buffer, NullBuffer, ScalarBuffer};
use arrow_data::ArrayData;
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Code, Error, Result};

use crate::Value;
use crate::block::mask_of;
use crate::types::name;

/// The integers of a value.
pub(crate) struct Ticks {
    values: ScalarBuffer<i64>,
    mask: usize,
}

impl Ticks {
    /// The integers of a value whose type counts something in 32 or 64 bits.
    ///
    /// # Errors
    /// [`Code::Type`] for other types.
    pub(crate) fn of(value: &Value) -> Result<Self> {
        let data = value.inner().to_data();
        let wrong = || Error::wrong_type(format!("cannot take {} as a date or time", name(data.data_type())));
        let buffer = data.buffers().first().ok_or_else(wrong)?.clone();
        let values = match data.data_type().primitive_width() {
            Some(8) => ScalarBuffer::new(buffer, data.offset(), data.len()),
            Some(4) => {
                let narrow = ScalarBuffer::<i32>::new(buffer, data.offset(), data.len());
                narrow.iter().map(|&v| i64::from(v)).collect()
            }
            _ => return Err(wrong()),
        };
        Ok(Self { values, mask: mask_of(value) })
    }

    /// The value of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> i64 {
        self.values[row & self.mask]
    }

    /// The values: one where it is the same for all rows.
    pub(crate) fn all(&self) -> &[i64] {
        &self.values
    }

    /// The values, where each row has one.
    pub(crate) fn rows(&self) -> Option<&[i64]> {
        (self.mask != 0).then_some(&self.values)
    }
}

/// An array of these integers. The values of null rows do not count; the row of the first that the type cannot hold is
/// the error.
pub(crate) fn from_ticks(
    values: Vec<i64>,
    data_type: &DataType,
    nulls: Option<NullBuffer>,
) -> Result<Result<ArrayRef, usize>> {
    let len = values.len();
    let buffer = if data_type.primitive_width() == Some(4) {
        let fits = values.iter().fold(true, |fits, &v| fits & (v == i64::from(v as i32)));
        if !fits {
            let bad =
                |&row: &usize| i32::try_from(values[row]).is_err() && nulls.as_ref().is_none_or(|n| n.is_valid(row));
            if let Some(row) = (0..len).find(bad) {
                return Ok(Err(row));
            }
        }
        Buffer::from_vec(values.iter().map(|&v| v as i32).collect::<Vec<i32>>())
    } else {
        Buffer::from_vec(values)
    };
    let data = ArrayData::builder(data_type.clone()).len(len).add_buffer(buffer).nulls(nulls).build()?;
    Ok(Ok(make_array(data)))
}

/// How many units a second has.
pub(crate) const fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// A value of a row as an error shows it.
pub(crate) fn show(value: &Value, row: usize) -> String {
    let row = row & mask_of(value);
    let array = match value.data_type() {
        // The names of zones are not known to arrow: the instant is shown in UTC.
        DataType::Timestamp(unit, Some(_)) => arrow_cast::cast(value.inner(), &DataType::Int64)
            .and_then(|ticks| arrow_cast::cast(&ticks, &DataType::Timestamp(*unit, Some("+00:00".into())))),
        _ => Ok(value.inner().clone()),
    };
    let shown = array.and_then(|array| arrow_cast::display::array_value_to_string(&array, row));
    match (shown, Ticks::of(value)) {
        (Ok(text), _) => text,
        (Err(_), Ok(ticks)) => format!("{} {}", name(value.data_type()), ticks.get(row)),
        (Err(_), Err(_)) => name(value.data_type()),
    }
}

/// An error of a value that its type cannot hold.
pub(crate) fn overflow(message: impl Into<String>) -> Error {
    Error::new(Code::Arithmetic, message)
}

/// Runs `$body` with `$n` a constant equal to `$divisor`, so that the division becomes a multiplication.
macro_rules! with_divisor {
    ($divisor:expr, $n:ident => $body:expr) => {
        with_divisor!($divisor, $n => $body,
            1_000, 1_000_000, 1_000_000_000,
            60, 60_000, 60_000_000, 60_000_000_000,
            3_600, 3_600_000, 3_600_000_000, 3_600_000_000_000,
            86_400, 86_400_000, 86_400_000_000, 86_400_000_000_000)
    };
    ($divisor:expr, $n:ident => $body:expr, $($known:literal),*) => {
        match $divisor {
            $($known => {
                const $n: i64 = $known;
                $body
            })*
            $n => $body,
        }
    };
}

/// Divides all, rounding down. The divisor is positive.
#[allow(non_snake_case, reason = "a constant in all arms but the last")]
pub(crate) fn floor_div(values: &[i64], divisor: i64) -> Vec<i64> {
    with_divisor!(divisor, N => values.iter().map(|v| v.div_euclid(N)).collect())
}

/// What [`floor_div`] leaves.
#[allow(non_snake_case, reason = "a constant in all arms but the last")]
pub(crate) fn floor_rem(values: &[i64], divisor: i64) -> Vec<i64> {
    with_divisor!(divisor, N => values.iter().map(|v| v.rem_euclid(N)).collect())
}
