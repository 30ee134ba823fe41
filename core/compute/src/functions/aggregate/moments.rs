//! Variance, standard deviation, skewness and kurtosis.

use std::any::Any;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array};
use pf_base::{Error, Result};

use super::exact::{CHUNK, Exact};
use super::rows::{Make, dispatch, one, present, primitive, same, sum_of};
use super::summary::{Read, Reading};
use super::wide::Wide;
use crate::{Accumulator, Aggregate, Call, Value};

/// Computes `var`, and `var_pop` where there is no second argument.
pub(super) fn variance(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    let ddof = ddof(call, 1)?;
    Ok(Box::new(Read(Reading::Variance { ddof, root: false })))
}

/// Computes `std`, and `std_pop` where there is no second argument.
pub(super) fn deviation(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    let ddof = ddof(call, 1)?;
    Ok(Box::new(Read(Reading::Variance { ddof, root: true })))
}

/// Computes `skew`.
pub(super) fn skew(_: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    Ok(Box::new(Make(|| Moments { kurtosis: false, sums: Sums::default() })))
}

/// Computes `kurtosis`.
pub(super) fn kurtosis(_: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    Ok(Box::new(Make(|| Moments { kurtosis: true, sums: Sums::default() })))
}

/// The degrees of freedom that argument `i` takes away, 0 if there is no such argument.
pub(super) fn ddof(call: &Call<'_>, i: usize) -> Result<u64> {
    if call.arguments.len() <= i {
        return Ok(0);
    }
    let array = call.constant(i)?;
    let value = array.as_primitive_opt::<Int64Type>().filter(|array| array.len() == 1 && array.is_valid(0));
    let value = value.and_then(|array| u64::try_from(array.value(0)).ok());
    value.ok_or_else(|| Error::invalid_argument("ddof must be an integer that is not negative"))
}

/// `count * Σ xy - Σ x * Σ y`, without rounding: `count^2` times the covariance.
pub(super) fn cross(count: u64, products: &Exact, x: &Exact, y: &Exact) -> Wide {
    products.finite().times(&Wide::integer(count)).minus(&x.finite().times(&y.finite()))
}

/// Sums of powers of the distances from the mean.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    mean: f64,
    second: f64,
    third: f64,
    fourth: f64,
}

impl Sums {
    /// Of up to [`CHUNK`] values, in two passes.
    #[inline(always)]
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        // Twice: the second takes away what the first rounded.
        let mean = sum_of(values, values, |x, _| x) / count;
        let mean = mean + sum_of(values, values, |x, _| x - mean) / count;
        let power = |x: f64| (x - mean) * (x - mean);
        let second = sum_of(values, values, |x, _| power(x));
        let third = sum_of(values, values, |x, _| power(x) * (x - mean));
        let fourth = sum_of(values, values, |x, _| power(x) * power(x));
        Self { count, mean, second, third, fourth }
    }

    /// Of both (Pébay 2008).
    fn merge(&mut self, b: &Self) {
        if self.count == 0.0 || b.count == 0.0 {
            if self.count == 0.0 {
                *self = *b;
            }
            return;
        }
        let a = *self;
        let n = a.count + b.count;
        let d = b.mean - a.mean;
        let (p, q) = (a.count / n, b.count / n);
        self.count = n;
        self.mean = a.mean + d * q;
        let dd = d * d;
        self.second = a.second + b.second + dd * p * b.count;
        self.third = a.third + b.third + dd * d * p * b.count * (p - q) + 3.0 * d * (p * b.second - q * a.second);
        self.fourth = a.fourth
            + b.fourth
            + dd * dd * p * b.count * (p * p - p * q + q * q)
            + 6.0 * dd * (p * p * b.second + q * q * a.second)
            + 4.0 * d * (p * b.third - q * a.third);
    }
}

/// Sums of the distances from the mean, chunk by chunk. The last bits depend on where the chunks end, which is the same
/// for any number of threads.
struct Moments {
    kurtosis: bool,
    sums: Sums,
}

impl Accumulator for Moments {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let array = one(arguments, rows)?;
        let array = primitive::<Float64Type>(&array)?;
        dispatch(
            #[inline(always)]
            || {
                present(
                    array.values(),
                    array.nulls(),
                    #[inline(always)]
                    |values: &[f64]| {
                        debug_assert!(values.len() <= CHUNK);
                        self.sums.merge(&Sums::of(values));
                    },
                );
            },
        );
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.sums.merge(&later.sums);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        let Sums { count: n, second, third, fourth, .. } = self.sums;
        let least = if self.kurtosis { 4.0 } else { 3.0 };
        let value = if n < least {
            None
        } else if second == 0.0 {
            // 0/0, whatever the rounding of the sums says.
            Some(f64::NAN)
        } else if self.kurtosis {
            let (a, b) = ((n - 2.0) * (n - 3.0), n - 1.0);
            Some(n * (n + 1.0) * b / a * (fourth / second / second) - 3.0 * b * b / a)
        } else {
            let root = (second / n).sqrt();
            Some((n * (n - 1.0)).sqrt() / (n - 2.0) * (third / n / root / root / root))
        };
        Ok(Arc::new(Float64Array::from(vec![value])))
    }
}
