//! An estimate of how many different values there are (HyperLogLog; Flajolet and others 2007, with Ertl's estimator of
//! 2017, which needs no tables and no special cases).

use std::any::Any;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_schema::DataType;
use pf_base::Result;

use super::quantile::visit;
use super::rows::{Make, argument, same};
use super::words::{Slices, hash_bytes, is_word, mix};
use crate::{Accumulator, Aggregate, Call, Value};

/// Bits that choose a register: 16,384 registers, a standard error of 1.04 / 128 = 0.8 %.
const BITS: u32 = 14;

/// The greatest that a register holds.
const MOST: usize = 64 - BITS as usize + 1;

/// Computes `approx_count_distinct`.
pub(super) fn approx_count_distinct(_: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    Ok(Box::new(Make(|| Registers { registers: vec![0; 1 << BITS] })))
}

/// Of all hashes that fall on a register, the longest run of leading zeros and one more.
struct Registers {
    registers: Vec<u8>,
}

impl Registers {
    #[inline(always)]
    fn add(&mut self, hash: u64) {
        let zeros = (hash << BITS | 1 << (BITS - 1)).leading_zeros() as u8 + 1;
        let register = &mut self.registers[(hash >> (64 - BITS)) as usize];
        *register = (*register).max(zeros);
    }

    fn estimate(&self) -> f64 {
        let mut counts = [0u32; MOST + 1];
        self.registers.iter().for_each(|register| counts[usize::from(*register)] += 1);
        let m = f64::from(1u32 << BITS);
        let mut z = m * tau(1.0 - f64::from(counts[MOST]) / m);
        for count in counts[1..MOST].iter().rev() {
            z = 0.5 * (z + f64::from(*count));
        }
        z += m * sigma(f64::from(counts[0]) / m);
        m * m / (2.0 * std::f64::consts::LN_2 * z)
    }
}

/// `x + Σ x^(2^k) 2^(k-1)`.
fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

/// `(1 - x - Σ (1 - x^(2^-k))^2 2^-k) / 3`.
fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

impl Accumulator for Registers {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let array = argument(arguments, 0)?.inner();
        if rows == 0 || array.data_type() == &DataType::Null {
            return Ok(());
        }
        if is_word(array.data_type()) {
            return visit(array, |words| words.iter().for_each(|word| self.add(mix(*word))));
        }
        if let Some(array) = array.as_boolean_opt() {
            array.iter().flatten().for_each(|value| self.add(mix(u64::from(value))));
            return Ok(());
        }
        let slices = Slices::new(array)?;
        for row in (0..array.len()).filter(|row| array.is_valid(*row)) {
            self.add(hash_bytes(slices.get(row)));
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        for (register, other) in self.registers.iter_mut().zip(&later.registers) {
            *register = (*register).max(*other);
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(Arc::new(Int64Array::from(vec![self.estimate().round() as i64])))
    }
}
