//! Covariance and correlation.

use std::any::Any;
use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use arrow_buffer::NullBuffer;
use pf_base::Result;

use super::exact::{Exact, Products};
use super::moments::{cross, ddof};
use super::rows::{Make, argument, dispatch, pairs, primitive, same};
use super::wide::scaled;
use crate::{Accumulator, Aggregate, Call, Value};

/// Computes `covar`, and `covar_pop` where there is no third argument.
pub(super) fn covariance(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    let ddof = ddof(call, 2)?;
    Ok(Box::new(Make(move || Covariance { ddof: Some(ddof), ..Covariance::default() })))
}

/// Computes `corr`.
pub(super) fn correlation(_: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    Ok(Box::new(Make(Covariance::default)))
}

/// Exact sums over the rows where neither is null.
#[derive(Default)]
struct Covariance {
    count: u64,
    x: Exact,
    y: Exact,
    xy: Exact,
    xx: Exact,
    yy: Exact,
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
                let mut products = Products::new();
                pairs(
                    x.values(),
                    y.values(),
                    nulls.as_ref(),
                    #[inline(always)]
                    |x, y, present| {
                        self.count += present as u64;
                        self.x.add_chunk(x);
                        self.y.add_chunk(y);
                        self.xy.add_products(x, y, &mut products);
                        if self.ddof.is_none() {
                            self.xx.add_products(x, x, &mut products);
                            self.yy.add_products(y, y, &mut products);
                        }
                    },
                );
            },
        );
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.count += later.count;
        let pairs = [
            (&mut self.x, &later.x),
            (&mut self.y, &later.y),
            (&mut self.xy, &later.xy),
            (&mut self.xx, &later.xx),
            (&mut self.yy, &later.yy),
        ];
        pairs.into_iter().for_each(|(a, b)| a.merge(b));
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(Arc::new(Float64Array::from(vec![self.value()])))
    }
}

impl Covariance {
    fn value(&self) -> Option<f64> {
        let n = self.count;
        if n <= self.ddof.unwrap_or(1) {
            return None;
        }
        if [&self.x, &self.y, &self.xy].iter().any(|sum| sum.special().is_some()) {
            return Some(f64::NAN);
        }
        let (xy, exponent) = cross(n, &self.xy, &self.x, &self.y).rounded();
        let Some(ddof) = self.ddof else {
            let (xx, i) = cross(n, &self.xx, &self.x, &self.x).rounded();
            let (yy, j) = cross(n, &self.yy, &self.y, &self.y).rounded();
            if xx == 0.0 || yy == 0.0 {
                // One that does not vary has no correlation.
                return Some(f64::NAN);
            }
            let odd = (i + j).rem_euclid(2);
            let root = scaled(xx * yy, odd).sqrt();
            return Some(scaled(xy / root, exponent - (i + j - odd) / 2).clamp(-1.0, 1.0));
        };
        let divisor = u128::from(n) * u128::from(n - ddof);
        Some(scaled(xy / divisor as f64, exponent))
    }
}
