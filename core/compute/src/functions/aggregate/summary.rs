//! What sum, mean, var, std, min and max of one column of floats are read from: computed once for all that are asked
//! for, chunk by chunk in the first-level cache.

use std::any::Any;
use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use arrow_buffer::NullBuffer;
use pf_base::Result;

use super::exact::{CHUNK, Exact, Products};
use super::moments::cross;
use super::rows::{argument, dispatch, primitive, same};
use super::squares;
use super::wide::scaled;
use crate::{Accumulator, Aggregate, Value};

/// Values of which nulls are filled in side by side.
const LANES: usize = 8;

/// A value that is read from a [`Summary`].
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    Sum,
    Mean,
    /// `count` less `ddof` is the divisor; `root` for the standard deviation.
    Variance {
        ddof: u64,
        root: bool,
    },
    Least,
    Greatest,
}

/// What a summary has to know.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted {
    sum: bool,
    squares: bool,
    extremes: bool,
}

impl Wanted {
    /// What both need.
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            sum: self.sum | other.sum,
            squares: self.squares | other.squares,
            extremes: self.extremes | other.extremes,
        }
    }
}

impl Reading {
    /// What it is read from.
    pub(crate) fn wanted(self) -> Wanted {
        match self {
            Self::Sum | Self::Mean => Wanted { sum: true, ..Wanted::default() },
            Self::Variance { .. } => Wanted { sum: true, squares: true, ..Wanted::default() },
            Self::Least | Self::Greatest => Wanted { extremes: true, ..Wanted::default() },
        }
    }
}

/// An aggregate of a column of float64 that a summary answers: several over the same column may share one.
pub(crate) struct Read(pub(crate) Reading);

impl Aggregate for Read {
    fn start(&self) -> Box<dyn Accumulator> {
        Box::new(Alone { summary: Summary::new(self.0.wanted()), reading: self.0 })
    }
}

/// A summary for one aggregate.
struct Alone {
    summary: Summary,
    reading: Reading,
}

impl Accumulator for Alone {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        self.summary.update(argument(arguments, 0)?, rows)
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        self.summary.merge(&same::<Self>(later)?.summary);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(self.summary.read(self.reading))
    }
}

/// Sums without rounding and the extremes of float64.
pub(crate) struct Summary {
    wanted: Wanted,
    /// Rows that are not null.
    count: u64,
    sum: Exact,
    squares: Exact,
    least: Option<f64>,
    greatest: Option<f64>,
    /// Values of the next chunk are likely below 2^expected.
    expected: i32,
}

impl Summary {
    /// Of no rows.
    pub(crate) fn new(wanted: Wanted) -> Self {
        let (sum, squares) = (Exact::default(), Exact::default());
        Self { wanted, count: 0, sum, squares, least: None, greatest: None, expected: i32::MIN }
    }

    /// Takes in the next rows.
    pub(crate) fn update(&mut self, value: &Value, rows: usize) -> Result<()> {
        let array = primitive::<Float64Type>(value.inner())?;
        if let Value::Scalar(_) = value {
            if rows > 0 && array.is_valid(0) {
                self.repeat(array.value(0), rows);
            }
            return Ok(());
        }
        dispatch(
            #[inline(always)]
            || self.add(array.values(), array.nulls()),
        );
        Ok(())
    }

    fn repeat(&mut self, x: f64, rows: usize) {
        self.count += rows as u64;
        self.sum.add_product(x, rows as f64);
        if self.wanted.squares {
            (0..rows).for_each(|_| self.squares.add_product(x, x));
        }
        if !x.is_nan() {
            self.take(x, x);
        }
    }

    #[inline(always)]
    fn add(&mut self, values: &[f64], nulls: Option<&NullBuffer>) {
        let mut scratch = Products::new();
        let Wanted { squares, extremes: ends, .. } = self.wanted;
        let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
            for chunk in values.chunks(CHUNK) {
                self.count += chunk.len() as u64;
                match (squares, ends) {
                    (false, false) => self.sum.add_expected(chunk, &mut self.expected),
                    (true, false) => {
                        let Self { sum, squares, expected, .. } = self;
                        squares::add_expected(sum, squares, chunk, expected, &mut scratch);
                    }
                    _ => self.add_chunk(chunk, 0, extremes(chunk), &mut scratch),
                }
            }
            return;
        };
        let mut filled = [0.0; CHUNK];
        let bits = nulls.inner().bit_chunks();
        let mut words = bits.iter_padded();
        for chunk in values.chunks(CHUNK) {
            let filled = &mut filled[..chunk.len()];
            let mut ends = Ends { least: [f64::INFINITY; LANES], greatest: [f64::NEG_INFINITY; LANES] };
            let mut present = 0;
            for (from, to) in chunk.chunks(64).zip(filled.chunks_mut(64)) {
                let word = words.next().unwrap_or(0);
                present += word.count_ones() as usize;
                fill(from, word, to, &mut ends);
            }
            if present > 0 {
                self.count += present as u64;
                self.add_chunk(filled, chunk.len() - present, ends.both(), &mut scratch);
            }
        }
    }

    /// Adds a chunk of which `zeros` rows are null and hold 0. `ends` are its extremes, which also say how far its values
    /// reach.
    #[inline(always)]
    fn add_chunk(&mut self, values: &[f64], zeros: usize, ends: (f64, f64), scratch: &mut Products) {
        let Wanted { sum, squares, extremes } = self.wanted;
        if extremes {
            self.take_ends(values, zeros, ends);
        }
        if squares {
            let exponent = exponent(ends);
            squares::add(&mut self.sum, &mut self.squares, values, exponent, scratch);
        } else if sum {
            self.sum.add_below::<2>(values, exponent(ends));
        }
    }

    /// Takes in the extremes of a chunk, infinity where all are NaN. Zeros of both signs are told apart.
    #[inline(always)]
    fn take_ends(&mut self, values: &[f64], zeros: usize, (mut least, mut greatest): (f64, f64)) {
        if least == 0.0 && self.least.is_none_or(|old| old >= 0.0) {
            let negative = values.iter().map(|x| u32::from(x.to_bits() == 1 << 63)).sum::<u32>() > 0;
            least = if negative { -0.0 } else { 0.0 };
        }
        if greatest == 0.0 && self.greatest.is_none_or(|old| old <= 0.0) {
            let positive = values.iter().map(|x| u32::from(x.to_bits() == 0)).sum::<u32>() as usize > zeros;
            greatest = if positive { 0.0 } else { -0.0 };
        }
        let all = |infinity: f64| values.contains(&infinity);
        if least == f64::INFINITY && !all(least) || greatest == f64::NEG_INFINITY && !all(greatest) {
            return;
        }
        self.take(least, greatest);
    }

    fn take(&mut self, least: f64, greatest: f64) {
        if self.least.is_none_or(|old| least.total_cmp(&old).is_lt()) {
            self.least = Some(least);
        }
        if self.greatest.is_none_or(|old| greatest.total_cmp(&old).is_gt()) {
            self.greatest = Some(greatest);
        }
    }

    /// Takes in another summary.
    pub(crate) fn merge(&mut self, later: &Self) {
        self.count += later.count;
        self.sum.merge(&later.sum);
        if self.wanted.squares {
            self.squares.merge(&later.squares);
        }
        if let (Some(least), Some(greatest)) = (later.least, later.greatest) {
            self.take(least, greatest);
        }
    }

    /// One row.
    pub(crate) fn read(&self, reading: Reading) -> ArrayRef {
        let some = self.count > 0;
        let value = match reading {
            Reading::Sum => some.then(|| self.sum.value()),
            Reading::Mean => some.then(|| self.sum.mean(self.count)),
            Reading::Variance { ddof, root } => self.variance(ddof, root),
            Reading::Least => some.then(|| self.least.unwrap_or(f64::NAN)),
            Reading::Greatest => some.then(|| self.greatest.unwrap_or(f64::NAN)),
        };
        Arc::new(Float64Array::from(vec![value]))
    }

    fn variance(&self, ddof: u64, root: bool) -> Option<f64> {
        let n = self.count;
        if n <= ddof {
            return None;
        }
        if self.squares.special().is_some() {
            return Some(f64::NAN);
        }
        let (value, exponent) = cross(n, &self.squares, &self.sum, &self.sum).rounded();
        let divisor = u128::from(n) * u128::from(n - ddof);
        let odd = exponent.rem_euclid(2);
        let value = scaled(value, odd) / divisor as f64;
        let half = (exponent - odd) / 2;
        Some(if root { scaled(value.sqrt(), half) } else { scaled(value, 2 * half) })
    }
}

/// The least `e` with all values that are not NaN below 2^e, of their extremes. Without any such value these are infinite.
#[inline(always)]
fn exponent((least, greatest): (f64, f64)) -> i32 {
    (least.abs().max(greatest.abs()).to_bits() >> 52) as i32 - 1022
}

/// The extremes of each lane.
#[derive(Clone, Copy)]
struct Ends {
    least: [f64; LANES],
    greatest: [f64; LANES],
}

impl Ends {
    #[inline(always)]
    fn both(&self) -> (f64, f64) {
        let least = self.least.iter().fold(f64::INFINITY, |a, b| if *b < a { *b } else { a });
        let greatest = self.greatest.iter().fold(f64::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
        (least, greatest)
    }
}

/// The least and the greatest value that is not NaN; infinite if there is none.
// A function of its own: in a larger one the lanes would not stay in registers.
#[inline(never)]
fn extremes(values: &[f64]) -> (f64, f64) {
    dispatch(
        #[inline(always)]
        || extremes_of(values),
    )
}

#[inline(always)]
fn extremes_of(values: &[f64]) -> (f64, f64) {
    const LANES: usize = 32;
    let (mut least, mut greatest) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    let (rows, rest) = values.as_chunks::<LANES>();
    // No comparison with NaN holds, so it is never taken.
    let lesser = |a: f64, b: f64| if a < b { a } else { b };
    let greater = |a: f64, b: f64| if a > b { a } else { b };
    for row in rows {
        for lane in 0..LANES {
            least[lane] = lesser(row[lane], least[lane]);
            greatest[lane] = greater(row[lane], greatest[lane]);
        }
    }
    let least = rest.iter().chain(&least).fold(f64::INFINITY, |a, b| lesser(*b, a));
    let greatest = rest.iter().chain(&greatest).fold(f64::NEG_INFINITY, |a, b| greater(*b, a));
    (least, greatest)
}

/// Copies up to 64 values with 0 in place of those whose bit is not set, and takes in the extremes of the others.
#[inline(always)]
fn fill(from: &[f64], word: u64, to: &mut [f64], ends: &mut Ends) {
    let mut one = |lane: usize, x: f64, keep: bool| {
        ends.least[lane] = if keep & (x < ends.least[lane]) { x } else { ends.least[lane] };
        ends.greatest[lane] = if keep & (x > ends.greatest[lane]) { x } else { ends.greatest[lane] };
        if keep { x } else { 0.0 }
    };
    if let (Ok(from), Ok(to)) = (<&[f64; 64]>::try_from(from), <&mut [f64; 64]>::try_from(&mut *to)) {
        let (from, to) = (from.as_chunks::<LANES>().0, to.as_chunks_mut::<LANES>().0);
        for row in 0..64 / LANES {
            let byte = word >> (row * LANES) & 0xff;
            for lane in 0..LANES {
                to[row][lane] = one(lane, from[row][lane], byte & 1 << lane != 0);
            }
        }
        return;
    }
    for (i, (from, to)) in from.iter().zip(to).enumerate() {
        *to = one(i % LANES, *from, word >> i & 1 != 0);
    }
}
