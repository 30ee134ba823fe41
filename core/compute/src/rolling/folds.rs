//! What is folded over the rows of a window.

use std::fmt::Display;
use std::marker::PhantomData;

use arrow_buffer::{ArrowNativeType, i256};
use bytemuck::Pod;
use pf_base::{Code, Error, Result};

use crate::Overflow;
use crate::cumulative::Compensated;

/// An associative operation on the values of neighbouring rows.
pub(crate) trait Fold: Sync {
    type In: Copy + Send + Sync;
    type State: Copy + Send + Sync;
    type Out: Pod + Send + Sync + ArrowNativeType;

    /// The value of a row.
    #[inline(always)]
    fn value(values: &[Self::In], row: usize) -> Self::In {
        values[row]
    }
    /// Of no rows.
    fn empty(&self) -> Self::State;
    /// With one row more.
    fn push(&self, state: Self::State, value: Self::In) -> Self::State;
    /// With the rows of `later` too.
    fn join(&self, earlier: Self::State, later: Self::State) -> Self::State;
    /// The result of so many rows; nothing for null.
    fn result(&self, state: Self::State, count: u64) -> Result<Option<Self::Out>>;
}

/// How many rows are not null.
pub(crate) struct Count;

impl Fold for Count {
    type In = i64;
    type State = ();
    type Out = i64;
    fn value(_: &[i64], _: usize) -> i64 {
        0
    }
    fn empty(&self) {}
    fn push(&self, (): (), _: i64) {}
    fn join(&self, (): (), (): ()) {}
    fn result(&self, (): (), count: u64) -> Result<Option<i64>> {
        Ok(Some(count as i64))
    }
}

/// The sum of floats, rounded once.
pub(crate) struct Sum;

impl Fold for Sum {
    type In = f64;
    type State = Compensated;
    type Out = f64;
    fn empty(&self) -> Compensated {
        Compensated::default()
    }
    #[inline(always)]
    fn push(&self, state: Compensated, value: f64) -> Compensated {
        state.plus(value)
    }
    #[inline(always)]
    fn join(&self, earlier: Compensated, later: Compensated) -> Compensated {
        earlier.join(later)
    }
    #[inline(always)]
    fn result(&self, state: Compensated, count: u64) -> Result<Option<f64>> {
        Ok((count > 0).then(|| state.value()))
    }
}

/// The mean of floats.
pub(crate) struct Mean;

impl Fold for Mean {
    type In = f64;
    type State = Compensated;
    type Out = f64;
    fn empty(&self) -> Compensated {
        Compensated::default()
    }
    #[inline(always)]
    fn push(&self, state: Compensated, value: f64) -> Compensated {
        state.plus(value)
    }
    #[inline(always)]
    fn join(&self, earlier: Compensated, later: Compensated) -> Compensated {
        earlier.join(later)
    }
    #[inline(always)]
    fn result(&self, state: Compensated, count: u64) -> Result<Option<f64>> {
        Ok((count > 0).then(|| state.value() / count as f64))
    }
}

fn overflowed<T>(overflow: Overflow, sum: impl Display, name: &str, wrapped: T) -> Result<Option<T>> {
    match overflow {
        Overflow::Null => Ok(None),
        Overflow::Wrap => Ok(Some(wrapped)),
        Overflow::Error => {
            Err(Error::new(Code::Arithmetic, format!("rolling_sum: the sum {sum} of a window overflows {name}")))
        }
    }
}

/// The exact sum of integers.
pub(crate) struct IntegerSum<T> {
    overflow: Overflow,
    values: PhantomData<fn() -> T>,
}

impl<T> IntegerSum<T> {
    pub(crate) fn new(overflow: Overflow) -> Self {
        Self { overflow, values: PhantomData }
    }
}

macro_rules! integer_sum {
    ($t:ty, $name:literal) => {
        impl Fold for IntegerSum<$t> {
            type In = $t;
            type State = i128;
            type Out = $t;
            fn empty(&self) -> i128 {
                0
            }
            #[inline(always)]
            fn push(&self, state: i128, value: $t) -> i128 {
                state + i128::from(value)
            }
            #[inline(always)]
            fn join(&self, earlier: i128, later: i128) -> i128 {
                earlier + later
            }
            #[inline(always)]
            fn result(&self, state: i128, count: u64) -> Result<Option<$t>> {
                match <$t>::try_from(state) {
                    Ok(sum) => Ok((count > 0).then_some(sum)),
                    Err(_) => overflowed(self.overflow, state, $name, state as $t),
                }
            }
        }
    };
}
integer_sum!(i64, "int64");
integer_sum!(u64, "uint64");

/// The exact sum of decimals.
pub(crate) struct DecimalSum(pub(crate) Overflow);

impl Fold for DecimalSum {
    type In = i128;
    type State = i256;
    type Out = i128;
    fn empty(&self) -> i256 {
        i256::ZERO
    }
    fn push(&self, state: i256, value: i128) -> i256 {
        state.wrapping_add(i256::from_i128(value))
    }
    fn join(&self, earlier: i256, later: i256) -> i256 {
        earlier.wrapping_add(later)
    }
    fn result(&self, state: i256, count: u64) -> Result<Option<i128>> {
        match state.to_i128().filter(|v| v.unsigned_abs() < 10u128.pow(38)) {
            Some(sum) => Ok((count > 0).then_some(sum)),
            None => overflowed(self.0, state, "38 digits", state.as_i128()),
        }
    }
}

/// The least or the greatest; NaN only where there is nothing else.
pub(crate) struct Extreme<T> {
    greatest: bool,
    values: PhantomData<fn() -> T>,
}

impl<T> Extreme<T> {
    pub(crate) fn new(greatest: bool) -> Self {
        Self { greatest, values: PhantomData }
    }
}

impl<T: Pod + Send + Sync + ArrowNativeType + PartialOrd> Fold for Extreme<T> {
    type In = T;
    type State = Option<T>;
    type Out = T;
    fn empty(&self) -> Option<T> {
        None
    }
    #[inline(always)]
    #[allow(clippy::eq_op, reason = "only NaN differs from itself")]
    fn push(&self, state: Option<T>, value: T) -> Option<T> {
        match state {
            Some(kept) if kept == kept => {
                let better = if self.greatest { value > kept } else { value < kept };
                Some(if better { value } else { kept })
            }
            _ => Some(value),
        }
    }
    #[inline(always)]
    fn join(&self, earlier: Option<T>, later: Option<T>) -> Option<T> {
        match later {
            Some(later) => self.push(earlier, later),
            None => earlier,
        }
    }
    #[inline(always)]
    fn result(&self, state: Option<T>, _: u64) -> Result<Option<T>> {
        Ok(state)
    }
}

/// The variance or its root.
pub(crate) struct Variance {
    pub(crate) root: bool,
}

/// Count, mean and sum of the squares of distances from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Fold for Variance {
    type In = f64;
    type State = Moments;
    type Out = f64;
    fn empty(&self) -> Moments {
        Moments { count: 0.0, mean: 0.0, squares: 0.0 }
    }
    #[inline(always)]
    fn push(&self, state: Moments, value: f64) -> Moments {
        let count = state.count + 1.0;
        let distance = value - state.mean;
        let mean = state.mean + distance / count;
        Moments { count, mean, squares: state.squares + distance * (value - mean) }
    }
    #[inline(always)]
    fn join(&self, a: Moments, b: Moments) -> Moments {
        if a.count == 0.0 {
            return b;
        }
        if b.count == 0.0 {
            return a;
        }
        let count = a.count + b.count;
        let distance = b.mean - a.mean;
        let share = b.count / count;
        let squares = a.squares + b.squares + distance * distance * a.count * share;
        Moments { count, mean: a.mean + distance * share, squares }
    }
    #[inline(always)]
    fn result(&self, state: Moments, count: u64) -> Result<Option<f64>> {
        let variance = state.squares / (state.count - 1.0);
        Ok((count > 1).then(|| if self.root { variance.sqrt() } else { variance }))
    }
}
