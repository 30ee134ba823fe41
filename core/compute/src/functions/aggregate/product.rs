//! Products.

use std::any::Any;
use std::sync::Arc;

use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, UInt64Array};
use arrow_schema::DataType;
use pf_base::{Code, Error, Result};

use super::exact::CHUNK;
use super::rows::{Make, dispatch, one, present, primitive, same};
use super::wide::{power, scaled};
use crate::{Accumulator, Aggregate, Call, Overflow, Value};

/// Computes `product`.
pub(super) fn product(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    let overflow = call.settings.overflow;
    Ok(match call.result {
        DataType::Float64 => Box::new(Make(|| FloatProduct { high: 1.0, low: 0.0, exponent: 0, any: false })),
        DataType::UInt64 => Box::new(Make(move || WholeProduct::new(false, overflow))),
        _ => Box::new(Make(move || WholeProduct::new(true, overflow))),
    })
}

/// A product of integers. Sizes only grow until a zero comes, so that it does not matter when one does.
struct WholeProduct {
    /// The product of the sizes of all but zeros; nothing once it passed 64 bits.
    size: Option<u64>,
    negative: bool,
    zero: bool,
    /// The low bits of the product.
    low: u64,
    any: bool,
    signed: bool,
    overflow: Overflow,
}

impl WholeProduct {
    fn new(signed: bool, overflow: Overflow) -> Self {
        Self { size: Some(1), negative: false, zero: false, low: 1, any: false, signed, overflow }
    }

    fn value(&self) -> Option<u64> {
        let size = if self.zero { 0 } else { self.size? };
        match (self.signed, self.negative) {
            (false, _) => Some(size),
            (true, true) => (size <= 1 << 63).then(|| size.wrapping_neg()),
            (true, false) => i64::try_from(size).ok().map(|size| size as u64),
        }
    }

    fn times(&mut self, low: u64, size: u64, negative: bool) {
        self.any = true;
        self.low = self.low.wrapping_mul(low);
        if size == 0 {
            self.zero = true;
        } else {
            self.size = self.size.and_then(|all| all.checked_mul(size));
            self.negative ^= negative;
        }
    }
}

impl Accumulator for WholeProduct {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let array = one(arguments, rows)?;
        if self.signed {
            for value in primitive::<Int64Type>(&array)?.iter().flatten() {
                self.times(value as u64, value.unsigned_abs(), value < 0);
            }
        } else {
            for value in primitive::<UInt64Type>(&array)?.iter().flatten() {
                self.times(value, value, false);
            }
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.any |= later.any;
        self.zero |= later.zero;
        self.negative ^= later.negative;
        self.low = self.low.wrapping_mul(later.low);
        self.size = self.size.zip(later.size).and_then(|(a, b)| a.checked_mul(b));
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        let value = match self.value() {
            _ if !self.any => None,
            Some(value) => Some(value),
            None => match self.overflow {
                Overflow::Error => {
                    let name = if self.signed { "int64" } else { "uint64" };
                    return Err(Error::new(Code::Arithmetic, format!("product overflows {name}")));
                }
                Overflow::Null => None,
                Overflow::Wrap => Some(self.low),
            },
        };
        Ok(if self.signed {
            Arc::new(Int64Array::from(vec![value.map(|value| value as i64)]))
        } else {
            Arc::new(UInt64Array::from(vec![value]))
        })
    }
}

// A lane's share of a chunk is at most 2^64, and times the others' 2^32 after that.
const _: () = assert!(CHUNK / LANES <= 64);

/// A product of floats in twice the digits, with an exponent of its own: it is rounded once but for a rare last bit,
/// and what would overflow or vanish in between does not.
struct FloatProduct {
    high: f64,
    low: f64,
    exponent: i64,
    any: bool,
}

impl FloatProduct {
    fn times(&mut self, high: f64, low: f64, exponent: i64) {
        let product = self.high * high;
        let error = self.high.mul_add(high, -product) + (self.high * low + self.low * high);
        self.high = product;
        self.low = 0.0;
        self.exponent += exponent;
        if product != 0.0 && product.is_finite() {
            let sum = product + error;
            let rest = error - (sum - product);
            let (_, e) = split(sum);
            self.high = scaled(sum, -(e as i32));
            self.low = scaled(rest, -(e as i32));
            self.exponent += e;
        }
    }
}

/// Products that are made side by side. Of a chunk each takes 2^6 values from 1 to 2 in size, which do not overflow.
const LANES: usize = 32;

/// Products in twice the digits: of values from 1 to 2 in size, with the sum of the exponents that these had.
#[derive(Clone, Copy)]
struct Lanes<const N: usize> {
    high: [f64; N],
    low: [f64; N],
    exponent: i64,
}

impl<const N: usize> Lanes<N> {
    /// Brings all products from 1 to 2 in size.
    #[inline(always)]
    fn normal(mut self) -> Self {
        for lane in 0..N {
            let (high, exponent) = unit(self.high[lane]);
            self.high[lane] = high;
            self.low[lane] *= power(-exponent as i32);
            self.exponent += exponent;
        }
        self
    }

    /// The products of the first half with those of the second.
    #[inline(always)]
    fn halved<const HALF: usize>(self) -> Lanes<HALF> {
        let (mut high, mut low) = ([0.0; HALF], [0.0; HALF]);
        for i in 0..HALF {
            (high[i], low[i]) = times(self.high[i], self.low[i], self.high[i + HALF]);
            low[i] += self.low[i + HALF] * self.high[i];
        }
        Lanes { high, low, exponent: self.exponent }
    }
}

/// `(high + low) * x` in twice the digits.
#[inline(always)]
fn times(high: f64, low: f64, x: f64) -> (f64, f64) {
    let product = high * x;
    (product, low.mul_add(x, high.mul_add(x, -product)))
}

impl FloatProduct {
    /// Takes in at least one value and at most [`CHUNK`]. Values that are neither zero nor below the normal ones, infinite or
    /// NaN go to lanes, apart from their exponents; a chunk with any other is taken in value by value.
    #[inline(always)]
    fn chunk(&mut self, values: &[f64]) {
        self.any = true;
        let unusual = values.iter().map(|x| u64::from(field(*x).wrapping_sub(1) >= 0x7fe)).sum::<u64>() > 0;
        let (rows, rest) = if unusual { (&[][..], values) } else { values.as_chunks::<LANES>() };
        let (mut high, mut low, mut fields) = ([1.0; LANES], [0.0; LANES], [0; LANES]);
        for row in rows {
            for lane in 0..LANES {
                fields[lane] += field(row[lane]);
                (high[lane], low[lane]) = times(high[lane], low[lane], unit(row[lane]).0);
            }
        }
        if !rows.is_empty() {
            let exponent = fields.into_iter().sum::<u64>() as i64 - 1023 * (rows.len() * LANES) as i64;
            let all = Lanes { high, low, exponent }.normal();
            // At most 2^32.
            let one = all.halved::<16>().halved::<8>().halved::<4>().halved::<2>().halved::<1>();
            self.times(one.high[0], one.low[0], one.exponent);
        }
        for x in rest {
            let (x, exponent) = split(*x);
            self.times(x, 0.0, exponent);
        }
    }
}

/// The bits of the exponent.
#[inline(always)]
fn field(x: f64) -> u64 {
    x.to_bits() >> 52 & 0x7ff
}

/// A normal number as one from 1 to 2 in size and an exponent.
#[inline(always)]
fn unit(x: f64) -> (f64, i64) {
    (f64::from_bits(x.to_bits() & !(0x7ff << 52) | 1023 << 52), field(x) as i64 - 1023)
}

/// A number from 1 to 2 (or what is not a finite number, or 0) and an exponent.
fn split(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    // A number below the normal ones is made normal first.
    let (x, below) = if x.abs() < f64::MIN_POSITIVE { (x * 2f64.powi(54), 54) } else { (x, 0) };
    let (x, exponent) = unit(x);
    (x, exponent - below)
}

impl Accumulator for FloatProduct {
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
                    |values| self.chunk(values),
                );
            },
        );
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.times(later.high, later.low, later.exponent);
        self.any |= later.any;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        // Beyond these any number overflows or vanishes.
        let value = scaled(self.high, self.exponent.clamp(-4000, 4000) as i32);
        Ok(Arc::new(Float64Array::from(vec![self.any.then_some(value)])))
    }
}
