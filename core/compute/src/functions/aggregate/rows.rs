//! Chunks of a column with its nulls filled in, and what all accumulators share.

use std::any::Any;

use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_buffer::NullBuffer;
use pf_base::{Error, Result};

use super::exact::CHUNK;
use crate::simd::Level;
use crate::{Accumulator, Aggregate, Value};

/// Runs `op` with the widest instructions that the machine has.
#[inline(always)]
pub(super) fn dispatch<R>(op: impl FnMut() -> R) -> R {
    Level::best().run(op)
}

/// An aggregate whose accumulators `start` makes.
pub(super) struct Make<F>(pub(super) F);

impl<A: Accumulator, F: Fn() -> A + Send + Sync + 'static> Aggregate for Make<F> {
    fn start(&self) -> Box<dyn Accumulator> {
        Box::new((self.0)())
    }
}

/// The state that is merged, as what it is.
pub(super) fn same<A: 'static>(later: Box<dyn Any>) -> Result<Box<A>> {
    later.downcast().map_err(|_| Error::internal("states of different aggregates cannot be merged"))
}

/// The only argument, a value per row.
pub(super) fn one(arguments: &[Value], rows: usize) -> Result<ArrayRef> {
    argument(arguments, 0)?.clone().into_array(rows)
}

/// Argument `i`.
pub(super) fn argument(arguments: &[Value], i: usize) -> Result<&Value> {
    arguments.get(i).ok_or_else(|| Error::internal(format!("an aggregate got {} arguments", arguments.len())))
}

/// The array as one of primitive values.
pub(super) fn primitive<T: ArrowPrimitiveType>(array: &dyn Array) -> Result<&PrimitiveArray<T>> {
    array
        .as_any()
        .downcast_ref()
        .ok_or_else(|| Error::internal(format!("expected {}, got {}", T::DATA_TYPE, array.data_type())))
}

// These call `f` in loops of their own: an iterator's `for_each` would call it from a function that need not be inlined
// where the wide instructions are.

/// Calls `f` with the values of up to [`CHUNK`] rows at a time, `fill` in place of null, and how many are not null.
/// Chunks without any are left out.
#[inline(always)]
pub(super) fn chunks<T: Copy>(values: &[T], nulls: Option<&NullBuffer>, fill: T, mut f: impl FnMut(&[T], usize)) {
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
        for chunk in values.chunks(CHUNK) {
            f(chunk, chunk.len());
        }
        return;
    };
    let mut scratch = [fill; CHUNK];
    let bits = nulls.inner().bit_chunks();
    let mut words = bits.iter_padded();
    for chunk in values.chunks(CHUNK) {
        let scratch = &mut scratch[..chunk.len()];
        let mut present = 0;
        for (from, to) in chunk.chunks(64).zip(scratch.chunks_mut(64)) {
            let word = words.next().unwrap_or(0);
            present += word.count_ones() as usize;
            fill_word(from, word, fill, to);
        }
        if present == chunk.len() {
            f(chunk, present);
        } else if present > 0 {
            f(scratch, present);
        }
    }
}

/// Copies up to 64 values, with `fill` in place of those whose bit is not set.
#[inline(always)]
fn fill_word<T: Copy>(from: &[T], word: u64, fill: T, to: &mut [T]) {
    match word {
        u64::MAX => to.copy_from_slice(from),
        0 => to.fill(fill),
        _ => {
            if let (Ok(from), Ok(to)) = (<&[T; 64]>::try_from(from), <&mut [T; 64]>::try_from(&mut *to)) {
                // Eight rows at a time, whose bits are a byte: vectors take it as a mask.
                let (from, to) = (from.as_chunks::<8>().0, to.as_chunks_mut::<8>().0);
                for row in 0..8 {
                    let byte = word >> (row * 8) & 0xff;
                    for lane in 0..8 {
                        to[row][lane] = if byte & 1 << lane != 0 { from[row][lane] } else { fill };
                    }
                }
                return;
            }
            for (i, (from, to)) in from.iter().zip(to).enumerate() {
                *to = if word >> i & 1 != 0 { *from } else { fill };
            }
        }
    }
}

/// Calls `f` with the values that are not null of up to [`CHUNK`] rows at a time.
#[inline(always)]
pub(super) fn present<T: Copy + Default>(values: &[T], nulls: Option<&NullBuffer>, mut f: impl FnMut(&[T])) {
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
        for chunk in values.chunks(CHUNK) {
            f(chunk);
        }
        return;
    };
    let mut scratch = [T::default(); CHUNK + 1];
    let bits = nulls.inner().bit_chunks();
    let mut words = bits.iter_padded();
    for chunk in values.chunks(CHUNK) {
        let mut n = 0;
        for from in chunk.chunks(64) {
            let word = words.next().unwrap_or(0);
            for (i, value) in from.iter().enumerate() {
                // Written always, kept only if it counts: no branch to guess wrong.
                scratch[n] = *value;
                n += (word >> i & 1) as usize;
            }
        }
        if n > 0 {
            f(&scratch[..n]);
        }
    }
}

/// Calls `f` with the values of up to [`CHUNK`] rows at a time of which neither is null.
#[inline(always)]
pub(super) fn pairs(x: &[f64], y: &[f64], nulls: Option<&NullBuffer>, mut f: impl FnMut(&[f64], &[f64])) {
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
        for (x, y) in x.chunks(CHUNK).zip(y.chunks(CHUNK)) {
            f(x, y);
        }
        return;
    };
    let mut scratch = [[0.0; CHUNK + 1]; 2];
    let bits = nulls.inner().bit_chunks();
    let mut words = bits.iter_padded();
    for (x, y) in x.chunks(CHUNK).zip(y.chunks(CHUNK)) {
        let mut n = 0;
        for (x, y) in x.chunks(64).zip(y.chunks(64)) {
            let word = words.next().unwrap_or(0);
            for (i, (x, y)) in x.iter().zip(y).enumerate() {
                // Written always, kept only if it counts: no branch to guess wrong.
                (scratch[0][n], scratch[1][n]) = (*x, *y);
                n += (word >> i & 1) as usize;
            }
        }
        if n > 0 {
            f(&scratch[0][..n], &scratch[1][..n]);
        }
    }
}

/// Values that are added side by side.
const LANES: usize = 16;

/// The sum of what `f` makes of each pair.
///
/// One sum at a time, in the first-level cache: of several in a loop the compiler makes vectors across the sums.
#[inline(always)]
pub(super) fn sum_of(x: &[f64], y: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0f64; LANES];
    let (xs, rest_x) = x.as_chunks::<LANES>();
    let (ys, rest_y) = y.as_chunks::<LANES>();
    for (x, y) in xs.iter().zip(ys) {
        for lane in 0..LANES {
            sums[lane] += f(x[lane], y[lane]);
        }
    }
    for (lane, (x, y)) in rest_x.iter().zip(rest_y).enumerate() {
        sums[lane] += f(*x, *y);
    }
    let halves: [f64; LANES / 2] = std::array::from_fn(|i| sums[i] + sums[i + LANES / 2]);
    let quarters: [f64; LANES / 4] = std::array::from_fn(|i| halves[i] + halves[i + LANES / 4]);
    (quarters[0] + quarters[2]) + (quarters[1] + quarters[3])
}
