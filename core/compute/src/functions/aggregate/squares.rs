//! The sums of values and of their squares without rounding, in one pass.
//!
//! Each value is cut into three slices of few bits, on grids fixed for the chunk. A product of two slices is a double
//! without rounding, and so is the sum of as many as one lane adds up; the sums of the six kinds of products go to the
//! fixed-point number. What is left of a value below the last grid is rare and added by itself.

use super::exact::{Exact, Products, grid_shift, power};

/// Rows of a pass: each lane adds 2^7.
const ROWS: usize = 1024;

/// Values that are worked on side by side.
const LANES: usize = 8;

/// The exponent of the last bit of each slice, from that of the largest value: a slice is at most 2^23 of its units,
/// a product of two 2^46, and a lane's sum 2^53.
const UNITS: [i32; 3] = [-23, -47, -71];

/// Exponents of the largest value for which no grid and no product overflows or is finer than the finest double.
const USUAL: std::ops::RangeInclusive<i32> = -400..=400;

/// Adds values below 2^exponent to `sum` and their squares to `squares`.
#[inline(always)]
pub(super) fn add(sum: &mut Exact, squares: &mut Exact, values: &[f64], exponent: i32, scratch: &mut Products) {
    for values in values.chunks(ROWS) {
        // Zeros are on every grid.
        let exponent = exponent.max(*USUAL.start());
        if !USUAL.contains(&exponent) || !add_sliced(sum, squares, values, exponent) {
            sum.add_chunk(values);
            squares.add_products(values, values, scratch);
        }
    }
}

/// Adds up to [`ROWS`] values, unless too many have bits below the last grid.
#[inline(always)]
fn add_sliced(sum: &mut Exact, squares: &mut Exact, values: &[f64], exponent: i32) -> bool {
    let shifts = UNITS.map(|unit| grid_shift(exponent + unit));
    let mut totals = Totals { sums: [[0.0; LANES]; 3], products: [[0.0; LANES]; 6], left: [0; LANES] };
    let (rows, rest) = values.as_chunks::<LANES>();
    for row in rows {
        totals = totals.with(row, shifts);
    }
    if !rest.is_empty() {
        let mut last = [0.0; LANES];
        last[..rest.len()].copy_from_slice(rest);
        totals = totals.with(&last, shifts);
    }
    let Totals { sums, products, left } = totals;
    if left.into_iter().any(|left| left != 0) {
        let mut rows = 0;
        for x in values {
            let (_, rest) = cut(*x, shifts);
            // NaN has to be looked at by itself.
            rows += if rest == 0.0 {
                0
            } else if rest.is_nan() {
                ROWS
            } else {
                1
            };
        }
        if rows > ROWS / 32 {
            return false;
        }
        for x in values {
            let (_, rest) = cut(*x, shifts);
            if rest != 0.0 {
                // x² - (x - rest)², of which x - rest is a double: the upper bits of x.
                let upper = x - rest;
                sum.add(rest);
                squares.add_product(2.0 * upper, rest);
                squares.add_product(rest, rest);
            }
        }
    }
    // Written out: an index that is not constant would keep the totals in memory in the loop above.
    let [high, middle, low] = sums;
    let [a, b, c] = UNITS.map(|unit| exponent + unit);
    sum.add_units(high, a);
    sum.add_units(middle, b);
    sum.add_units(low, c);
    let [high_high, high_middle, middle_middle, high_low, middle_low, low_low] = products;
    squares.add_units(high_high, 2 * a);
    squares.add_units(high_middle.map(|x| 2.0 * x), a + b);
    squares.add_units(middle_middle, 2 * b);
    squares.add_units(high_low.map(|x| 2.0 * x), a + c);
    squares.add_units(middle_low.map(|x| 2.0 * x), b + c);
    squares.add_units(low_low, 2 * c);
    true
}

/// What a pass adds up in each lane.
#[derive(Clone, Copy)]
struct Totals {
    sums: [[f64; LANES]; 3],
    products: [[f64; LANES]; 6],
    left: [u64; LANES],
}

impl Totals {
    /// With a row more; all lanes step by step, so that each line becomes one vector instruction.
    #[inline(always)]
    fn with(self, row: &[f64; LANES], shifts: [f64; 3]) -> Self {
        let Self { sums: [a, b, c], products: [aa, ab, bb, ac, bc, cc], left } = self;
        let plus = |x: [f64; LANES], y: [f64; LANES]| -> [f64; LANES] { std::array::from_fn(|i| x[i] + y[i]) };
        let minus = |x: [f64; LANES], y: [f64; LANES]| -> [f64; LANES] { std::array::from_fn(|i| x[i] - y[i]) };
        let on_grid = |x: [f64; LANES], shift: f64| x.map(|x| (x + shift) - shift);
        let times = |x: [f64; LANES], y: [f64; LANES]| -> [f64; LANES] { std::array::from_fn(|i| x[i] * y[i]) };
        let high = on_grid(*row, shifts[0]);
        let rest = minus(*row, high);
        let middle = on_grid(rest, shifts[1]);
        let rest = minus(rest, middle);
        let low = on_grid(rest, shifts[2]);
        let rest = minus(rest, low);
        Self {
            sums: [plus(a, high), plus(b, middle), plus(c, low)],
            products: [
                plus(aa, times(high, high)),
                plus(ab, times(high, middle)),
                plus(bb, times(middle, middle)),
                plus(ac, times(high, low)),
                plus(bc, times(middle, low)),
                plus(cc, times(low, low)),
            ],
            left: std::array::from_fn(|i| left[i] | rest[i].to_bits() << 1),
        }
    }
}

/// The slices of a value on each grid, and what is left.
#[inline(always)]
fn cut(x: f64, shifts: [f64; 3]) -> ([f64; 3], f64) {
    let mut slices = [0.0; 3];
    let mut rest = x;
    for i in 0..3 {
        slices[i] = (rest + shifts[i]) - shifts[i];
        rest -= slices[i];
    }
    (slices, rest)
}

impl Exact {
    /// Adds the total of `lanes`, multiples of 2^unit, at most 2^54 of them each.
    fn add_units(&mut self, lanes: [f64; LANES], unit: i32) {
        let scale = power(-unit);
        let total: i64 = lanes.into_iter().map(|x| (x * scale) as i64).sum();
        self.add_scaled(total < 0, total.unsigned_abs(), unit);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::functions::aggregate::exact::exponent_of_largest;

    fn values() -> impl Strategy<Value = Vec<f64>> {
        let near = (-1f64..1.0, -30i32..30).prop_map(|(x, e)| x * 2f64.powi(e));
        let any = any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite());
        prop_oneof![
            4 => prop::collection::vec(-1f64..1.0, 0..1500),
            // Few below the last grid, many, and such as have no grid.
            4 => prop::collection::vec(prop_oneof![60 => -1f64..1.0, 1 => near.clone().prop_map(|x| x * 1e-12)], 0..1500),
            2 => prop::collection::vec(near, 0..500),
            1 => prop::collection::vec(any, 0..100),
        ]
    }

    proptest! {
        #[test]
        fn no_bit_is_lost(values in values()) {
            let (mut sum, mut squares, mut scratch) = (Exact::default(), Exact::default(), Products::new());
            let exponent = exponent_of_largest(&values);
            add(&mut sum, &mut squares, &values, exponent, &mut scratch);
            for x in &values {
                sum.add(-x);
                squares.add_product(*x, -x);
            }
            prop_assert_eq!(sum.value(), 0.0);
            prop_assert_eq!(squares.value(), 0.0);
        }
    }
}
