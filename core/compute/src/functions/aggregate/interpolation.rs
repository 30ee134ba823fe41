//! Which rows a quantile lies between, and the value between them.

use std::sync::Arc;

use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{ArrayRef, Float64Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Error, Result};

use super::words::{Word, with_word};

/// What a quantile between two rows is, as in pandas and NumPy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interpolation {
    Linear,
    Lower,
    Higher,
    Nearest,
    Midpoint,
}

/// The place of a quantile among sorted rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) low: u64,
    /// `low` or the next.
    pub(super) high: u64,
    pub(super) fraction: f64,
}

impl Interpolation {
    pub(super) fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "linear" => Self::Linear,
            "lower" => Self::Lower,
            "higher" => Self::Higher,
            "nearest" => Self::Nearest,
            "midpoint" => Self::Midpoint,
            other => {
                return Err(Error::invalid_argument(format!(
                    "interpolation must be 'linear', 'lower', 'higher', 'nearest' or 'midpoint', not '{other}'"
                )));
            }
        })
    }

    /// The place of quantile `q` among `count` rows, of which there is at least one.
    pub(super) fn at(self, q: f64, count: u64) -> Place {
        let last = count - 1;
        let exact = q * last as f64;
        let low = (exact.floor() as u64).min(last);
        let fraction = exact - low as f64;
        let high = (low + u64::from(fraction > 0.0)).min(last);
        let one = |rank| Place { low: rank, high: rank, fraction: 0.0 };
        match self {
            _ if high == low => one(low),
            Self::Linear => Place { low, high, fraction },
            Self::Lower => one(low),
            Self::Higher => one(high),
            // Halfway the even one.
            Self::Nearest if fraction > 0.5 || (fraction == 0.5 && low % 2 == 1) => one(high),
            Self::Nearest => one(low),
            Self::Midpoint => Place { low, high, fraction: 0.5 },
        }
    }
}

/// How words become values of the result.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    /// The type of the rows.
    pub(super) from: DataType,
    /// The type of the result: float64, or that of the rows.
    pub(super) result: DataType,
}

impl Scale {
    /// Whether rows are floats.
    pub(super) fn is_float(&self) -> bool {
        self.from.is_floating()
    }

    /// NaN, one row.
    pub(super) fn not_a_number(&self) -> Result<ArrayRef> {
        Ok(Arc::new(Float64Array::from(vec![f64::NAN])))
    }

    /// What lies between two values, one row; null for none.
    pub(super) fn array(&self, between: Option<(u64, u64, f64)>) -> Result<ArrayRef> {
        if self.result == DataType::Float64 {
            let value = between.map(|(low, high, fraction)| self.between(low, high, fraction));
            return Ok(Arc::new(Float64Array::from(vec![value])));
        }
        let word = between.map(|(low, high, fraction)| {
            // Whole units, rounded down; the distance of two words is that of their values.
            low + (((high - low) as f64 * fraction).floor() as u64).min(high - low)
        });
        macro_rules! of_type {
            ($type:ty) => {{
                let value = word.map(<$type as ArrowPrimitiveType>::Native::value);
                let array: PrimitiveArray<$type> = [value].into_iter().collect();
                Ok(Arc::new(array.with_data_type(self.result.clone())))
            }};
        }
        with_word!(self.result, of_type, Err(Error::internal(format!("no quantile of {}", self.result))))
    }

    fn float(&self, word: u64) -> f64 {
        match () {
            () if self.is_float() => f64::value(word),
            () if self.from.is_unsigned_integer() => u64::value(word) as f64,
            () => i64::value(word) as f64,
        }
    }

    /// As NumPy does it: from the nearer end. Where the ends are no double apart, each by its weight.
    fn between(&self, low: u64, high: u64, fraction: f64) -> f64 {
        let (a, b) = (self.float(low), self.float(high));
        if low == high || fraction == 0.0 {
            a
        } else if !(b - a).is_finite() {
            a * (1.0 - fraction) + b * fraction
        } else if fraction < 0.5 {
            a + (b - a) * fraction
        } else {
            b - (b - a) * (1.0 - fraction)
        }
    }
}
