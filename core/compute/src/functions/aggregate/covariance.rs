//! Covariance and correlation.
//!
//! Chunks are summed in two passes in the first-level cache, and chunks are merged by their means. Without rounding, as
//! sums and variances are computed, ten products of slices a row would be four times the work of the two reads.

use std::any::Any;
use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use arrow_buffer::NullBuffer;
use pf_base::Result;

use super::moments::ddof;
use super::rows::{Make, argument, dispatch, pairs, primitive, same, sum_of};
use crate::{Accumulator, Aggregate, Call, Value};

/// Computes `covar`, and `covar_pop` where there is no third argument.
pub(super) fn covariance(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    let ddof = ddof(call, 2)?;
    Ok(Box::new(Make(move || Covariance { ddof: Some(ddof), sums: Sums::default() })))
}

/// Computes `corr`.
pub(super) fn correlation(_: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    Ok(Box::new(Make(Covariance::default)))
}

/// Sums of products of the distances from the means.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: u64,
    x: Mean,
    y: Mean,
    xy: f64,
    xx: f64,
    yy: f64,
}

/// A mean as two doubles: far from zero the rounding of one would show in the products of distances.
#[derive(Clone, Copy, Default)]
struct Mean {
    high: f64,
    low: f64,
}

impl Mean {
    fn minus(self, other: Self) -> f64 {
        (self.high - other.high) + (self.low - other.low)
    }

    fn plus(self, more: f64) -> Self {
        let high = self.high + more;
        // What the sum lost (Knuth's two-sum).
        let added = high - self.high;
        let lost = (self.high - (high - added)) + (more - added);
        Self { high, low: self.low + lost }
    }
}

impl Sums {
    /// Of as many values of each column, at most [`CHUNK`](super::exact::CHUNK).
    #[inline(always)]
    fn of(x: &[f64], y: &[f64]) -> Self {
        let (Some(a), Some(b)) = (x.first(), y.first()) else { return Self::default() };
        let n = x.len() as f64;
        // From the first value on, so that the mean of equal values is that value.
        let (dx, dy) = (sum_of(x, y, |x, _| x - a), sum_of(x, y, |_, y| y - b));
        let (mean_x, mean_y) = (a + dx / n, b + dy / n);
        let (dx, dy) = (sum_of(x, y, |x, _| x - mean_x), sum_of(x, y, |_, y| y - mean_y));
        let xy = sum_of(x, y, |x, y| (x - mean_x) * (y - mean_y));
        let xx = sum_of(x, y, |x, _| (x - mean_x) * (x - mean_x));
        let yy = sum_of(x, y, |_, y| (y - mean_y) * (y - mean_y));
        // What the means lost to rounding is taken away from the products (Chan, Golub, LeVeque 1983).
        Self {
            count: x.len() as u64,
            x: Mean { high: mean_x, low: dx / n },
            y: Mean { high: mean_y, low: dy / n },
            xy: xy - dx * dy / n,
            xx: (xx - dx * dx / n).max(0.0),
            yy: (yy - dy * dy / n).max(0.0),
        }
    }

    /// Of both (Pébay 2008).
    fn merge(&mut self, b: &Self) {
        if self.count == 0 || b.count == 0 {
            if self.count == 0 {
                *self = *b;
            }
            return;
        }
        let n = (self.count + b.count) as f64;
        let (dx, dy, q) = (b.x.minus(self.x), b.y.minus(self.y), b.count as f64 / n);
        let weight = self.count as f64 * q;
        self.xy += b.xy + dx * dy * weight;
        self.xx += b.xx + dx * dx * weight;
        self.yy += b.yy + dy * dy * weight;
        self.x = self.x.plus(dx * q);
        self.y = self.y.plus(dy * q);
        self.count += b.count;
    }
}

/// Sums over the rows where neither is null. The last bits depend on where the chunks end, which is the same for any
/// number of threads.
#[derive(Default)]
struct Covariance {
    sums: Sums,
    /// Nothing for the correlation.
    ddof: Option<u64>,
}

impl Accumulator for Covariance {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let x = argument(arguments, 0)?.clone().into_array(rows)?;
        let y = argument(arguments, 1)?.clone().into_array(rows)?;
        let (x, y) = (primitive::<Float64Type>(&x)?, primitive::<Float64Type>(&y)?);
        let nulls = NullBuffer::union(x.nulls(), y.nulls());
        dispatch(
            #[inline(always)]
            || {
                pairs(
                    x.values(),
                    y.values(),
                    nulls.as_ref(),
                    #[inline(always)]
                    |x, y| self.sums.merge(&Sums::of(x, y)),
                );
            },
        );
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        self.sums.merge(&same::<Self>(later)?.sums);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(Arc::new(Float64Array::from(vec![self.value()])))
    }
}

impl Covariance {
    fn value(&self) -> Option<f64> {
        let Sums { count, xy, xx, yy, .. } = self.sums;
        if count <= self.ddof.unwrap_or(1) {
            return None;
        }
        Some(match self.ddof {
            Some(ddof) => xy / (count - ddof) as f64,
            // One that does not vary has no correlation: 0/0. Roots first, whose product is in range.
            None => (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0),
        })
    }
}
