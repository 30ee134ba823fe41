//! A value per row from all rows up to it.
//!
//! Pieces of the rows are reduced side by side, then every piece starts from what is before it. Pieces are the same
//! for any number of threads, and so are the bits of the results.

use std::fmt::Display;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_buffer::{ArrowNativeType, NullBuffer, i256};
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Code, Context, Error, Result};

use crate::Overflow;
use crate::pieces::{PIECE, each_native, fill, fill_nullable, piece, primitive, values_of};

/// What the rows so far come to.
trait Running: Sync {
    type Value: Pod + Send + Sync + ArrowNativeType;
    type State: Copy + Send + Sync;

    /// Before any row.
    fn start(&self) -> Self::State;
    /// With one row more.
    fn step(&self, state: Self::State, value: Self::Value) -> Self::State;
    /// With the rows of `later` too.
    fn join(&self, earlier: Self::State, later: Self::State) -> Self::State;
    /// The value of a row; nothing for null.
    fn value(&self, state: Self::State, row: usize) -> Result<Option<Self::Value>>;
}

/// Rows that are null are passed over, and null in the result.
fn run<R: Running>(running: &R, array: &ArrayRef, result: &DataType, ctx: &Context) -> Result<ArrayRef> {
    let rows = array.len();
    let values = values_of::<R::Value>(array);
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let totals = ctx.map(rows.div_ceil(PIECE), |i| {
        let rows = piece(i, rows);
        Ok(match nulls {
            None => values[rows].iter().fold(running.start(), |state, v| running.step(state, *v)),
            Some(nulls) => rows
                .filter(|row| nulls.is_valid(*row))
                .fold(running.start(), |state, row| running.step(state, values[row])),
        })
    })?;
    let mut before = Vec::with_capacity(totals.len());
    let mut state = running.start();
    for total in totals {
        before.push(state);
        state = running.join(state, total);
    }
    let (values, nulls) = fill_nullable(rows, ctx, |start, out, valid| {
        let mut state = running.start();
        let before = before[start / PIECE];
        for (i, out) in out.iter_mut().enumerate() {
            if nulls.is_some_and(|n| n.is_null(start + i)) {
                continue;
            }
            state = running.step(state, values[start + i]);
            if let Some(value) = running.value(running.join(before, state), start + i)? {
                *out = value;
                valid.set(i);
            }
        }
        Ok(())
    })?;
    primitive(result, values, nulls)
}

/// What holds for results that do not fit.
struct Limits {
    overflow: Overflow,
    function: &'static str,
    type_name: String,
}

impl Limits {
    fn new(overflow: Overflow, function: &'static str, result: &DataType) -> Self {
        Self { overflow, function, type_name: crate::types::name(result) }
    }

    fn narrow<T>(
        &self,
        fits: Option<T>,
        wrapped: impl Fn() -> T,
        shown: impl Display,
        row: usize,
    ) -> Result<Option<T>> {
        match (fits, self.overflow) {
            (Some(value), _) => Ok(Some(value)),
            (None, Overflow::Null) => Ok(None),
            (None, Overflow::Wrap) => Ok(Some(wrapped())),
            (None, Overflow::Error) => Err(Error::new(
                Code::Arithmetic,
                format!("{}: {shown} in row {row} overflows {}", self.function, self.type_name),
            )),
        }
    }
}

macro_rules! integer_sum {
    ($name:ident, $t:ty) => {
        struct $name(Limits);

        /// The sum is exact: 128 bits hold as many values as there can be.
        impl Running for $name {
            type Value = $t;
            type State = i128;
            fn start(&self) -> i128 {
                0
            }
            #[inline(always)]
            fn step(&self, state: i128, value: $t) -> i128 {
                state + i128::from(value)
            }
            #[inline(always)]
            fn join(&self, earlier: i128, later: i128) -> i128 {
                earlier + later
            }
            #[inline(always)]
            fn value(&self, state: i128, row: usize) -> Result<Option<$t>> {
                match <$t>::try_from(state) {
                    Ok(value) => Ok(Some(value)),
                    Err(_) => self.0.narrow(None, || state as $t, format!("the sum {state}"), row),
                }
            }
        }
    };
}
integer_sum!(SignedSum, i64);
integer_sum!(UnsignedSum, u64);

struct DecimalSum(Limits);

impl Running for DecimalSum {
    type Value = i128;
    type State = i256;
    fn start(&self) -> i256 {
        i256::ZERO
    }
    fn step(&self, state: i256, value: i128) -> i256 {
        state.wrapping_add(i256::from_i128(value))
    }
    fn join(&self, earlier: i256, later: i256) -> i256 {
        earlier.wrapping_add(later)
    }
    fn value(&self, state: i256, row: usize) -> Result<Option<i128>> {
        let fits = state.to_i128().filter(|v| v.unsigned_abs() < 10u128.pow(38));
        self.0.narrow(fits, || state.as_i128(), format!("the sum {state} of unscaled values"), row)
    }
}

/// Magnitudes above this never come back into 64 bits, but by a zero.
const FAR: i128 = 1 << 64;
/// The product is beyond [`FAR`].
const BEYOND: i128 = i128::MAX;

fn times(a: i128, b: i128) -> i128 {
    match (a, b) {
        (0, _) | (_, 0) => 0,
        (BEYOND, _) | (_, BEYOND) => BEYOND,
        (a, b) => a.checked_mul(b).filter(|p| p.unsigned_abs() <= FAR as u128).unwrap_or(BEYOND),
    }
}

macro_rules! integer_product {
    ($name:ident, $t:ty) => {
        struct $name(Limits);

        impl Running for $name {
            type Value = $t;
            /// The product, and its low bits.
            type State = (i128, $t);
            fn start(&self) -> Self::State {
                (1, 1)
            }
            #[inline(always)]
            fn step(&self, (exact, low): Self::State, value: $t) -> Self::State {
                (times(exact, i128::from(value)), low.wrapping_mul(value))
            }
            #[inline(always)]
            fn join(&self, a: Self::State, b: Self::State) -> Self::State {
                (times(a.0, b.0), a.1.wrapping_mul(b.1))
            }
            #[inline(always)]
            fn value(&self, (exact, low): Self::State, row: usize) -> Result<Option<$t>> {
                match <$t>::try_from(exact) {
                    Ok(value) => Ok(Some(value)),
                    Err(_) => self.0.narrow(None, || low, "the product", row),
                }
            }
        }
    };
}
integer_product!(SignedProduct, i64);
integer_product!(UnsignedProduct, u64);

/// The least or the greatest so far; NaN only where there is nothing else.
struct Extreme<T> {
    greatest: bool,
    values: std::marker::PhantomData<fn() -> T>,
}

impl<T: Pod + Send + Sync + ArrowNativeType + PartialOrd> Running for Extreme<T> {
    type Value = T;
    type State = Option<T>;
    fn start(&self) -> Option<T> {
        None
    }
    #[inline(always)]
    #[allow(clippy::eq_op, reason = "only NaN differs from itself")]
    fn step(&self, state: Option<T>, value: T) -> Option<T> {
        match state {
            Some(kept) if value != value => Some(kept),
            Some(kept) if kept != kept => Some(value),
            Some(kept) => {
                let better = if self.greatest { value > kept } else { value < kept };
                Some(if better { value } else { kept })
            }
            None => Some(value),
        }
    }
    #[inline(always)]
    fn join(&self, earlier: Option<T>, later: Option<T>) -> Option<T> {
        match (earlier, later) {
            (Some(_), Some(later)) => self.step(earlier, later),
            (earlier, later) => earlier.or(later),
        }
    }
    #[inline(always)]
    fn value(&self, state: Option<T>, _: usize) -> Result<Option<T>> {
        Ok(state)
    }
}

/// The least (or greatest) value so far.
pub(crate) fn extremes(array: &ArrayRef, greatest: bool, ctx: &Context) -> Result<ArrayRef> {
    each_native!(
        array.data_type(),
        N => run(&Extreme::<N> { greatest, values: std::marker::PhantomData }, array, array.data_type(), ctx),
        _ => Err(Error::internal("a type without running extremes"))
    )
}

/// The sum so far, of the types that [`functions::window`](crate::functions) binds.
pub(crate) fn sums(array: &ArrayRef, result: &DataType, overflow: Overflow, ctx: &Context) -> Result<ArrayRef> {
    let limits = Limits::new(overflow, "cum_sum", result);
    match array.data_type() {
        DataType::Int64 => run(&SignedSum(limits), array, result, ctx),
        DataType::UInt64 => run(&UnsignedSum(limits), array, result, ctx),
        DataType::Decimal128(..) => run(&DecimalSum(limits), array, result, ctx),
        _ => float_sums(array, ctx),
    }
}

/// The product so far.
pub(crate) fn products(array: &ArrayRef, result: &DataType, overflow: Overflow, ctx: &Context) -> Result<ArrayRef> {
    let limits = Limits::new(overflow, "cum_product", result);
    match array.data_type() {
        DataType::Int64 => run(&SignedProduct(limits), array, result, ctx),
        DataType::UInt64 => run(&UnsignedProduct(limits), array, result, ctx),
        _ => float_products(array, ctx),
    }
}

/// A sum and what rounding took from it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Compensated {
    pub(crate) sum: f64,
    pub(crate) rest: f64,
}

impl Compensated {
    /// The sum with a value more.
    #[inline(always)]
    pub(crate) fn plus(self, value: f64) -> Self {
        let sum = self.sum + value;
        let moved = sum - self.sum;
        let lost = (self.sum - (sum - moved)) + (value - moved);
        Self { sum, rest: self.rest + lost }
    }

    /// The sum with another.
    #[inline(always)]
    pub(crate) fn join(self, other: Self) -> Self {
        let joined = self.plus(other.sum);
        Self { rest: joined.rest + other.rest, ..joined }
    }

    /// The sum, rounded once.
    #[inline(always)]
    pub(crate) fn value(self) -> f64 {
        // What rounding takes from an infinity is no number.
        if self.sum.is_finite() { self.sum + self.rest } else { self.sum }
    }
}

fn float_sums(array: &ArrayRef, ctx: &Context) -> Result<ArrayRef> {
    let rows = array.len();
    let values = values_of::<f64>(array);
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let at = |row: usize| if nulls.is_some_and(|n| n.is_null(row)) { 0.0 } else { values[row] };
    let totals = ctx.map(rows.div_ceil(PIECE), |i| {
        let rows = piece(i, rows);
        Ok(match nulls {
            None => values[rows].iter().fold(Compensated::default(), |sum, v| sum.plus(*v)),
            Some(_) => rows.fold(Compensated::default(), |sum, row| sum.plus(at(row))),
        })
    })?;
    let mut before = Vec::with_capacity(totals.len());
    let mut sum = Compensated::default();
    for total in totals {
        before.push(sum);
        sum = sum.join(total);
    }
    let sums = fill(rows, ctx, |start, out| {
        let mut sum = before[start / PIECE];
        for (row, out) in (start..).zip(out) {
            sum = sum.plus(at(row));
            *out = sum.value();
        }
        Ok(())
    })?;
    primitive(&DataType::Float64, sums, nulls.cloned())
}

/// On one thread: a product of a part may leave the range of floats where that of all does not.
fn float_products(array: &ArrayRef, ctx: &Context) -> Result<ArrayRef> {
    let values = values_of::<f64>(array);
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let (mut products, _reserved) = ctx.memory().large::<f64>(array.len(), "a result column")?;
    let mut product = 1.0;
    for (i, part) in products.chunks_mut(PIECE).enumerate() {
        ctx.check()?;
        for (row, out) in (i * PIECE..).zip(part) {
            if nulls.is_none_or(|n| n.is_valid(row)) {
                product *= values[row];
                *out = product;
            }
        }
    }
    primitive(&DataType::Float64, crate::pieces::buffer(products), nulls.cloned())
}

/// How many rows so far are not null.
pub(crate) fn counts(array: &ArrayRef, ctx: &Context) -> Result<ArrayRef> {
    let rows = array.len();
    let nulls: Option<NullBuffer> = array.logical_nulls().filter(|n| n.null_count() > 0);
    let Some(nulls) = nulls else { return row_numbers(rows, ctx) };
    let totals = ctx.map(rows.div_ceil(PIECE), |i| {
        let rows = piece(i, rows);
        let part = nulls.slice(rows.start, rows.len());
        Ok((part.len() - part.null_count()) as i64)
    })?;
    let mut before = vec![0; totals.len()];
    (1..totals.len()).for_each(|i| before[i] = before[i - 1] + totals[i - 1]);
    let counts = fill(rows, ctx, |start, out| {
        let mut count = before[start / PIECE];
        for (i, out) in out.iter_mut().enumerate() {
            count += i64::from(nulls.is_valid(start + i));
            *out = count;
        }
        Ok(())
    })?;
    Ok(Arc::new(Int64Array::new(counts, None)))
}

/// The numbers from 1 on.
pub(crate) fn row_numbers(rows: usize, ctx: &Context) -> Result<ArrayRef> {
    let numbers = fill(rows, ctx, |start, out| {
        (start as i64 + 1..).zip(out).for_each(|(number, out)| *out = number);
        Ok(())
    })?;
    Ok(Arc::new(Int64Array::new(numbers, None)))
}
