//! The sums of values and of their squares without rounding, in one pass.
//!
//! Each value is cut into three slices of few bits, on grids fixed for the chunk. A product of two slices is a double
//! without rounding, and so is the sum of as many as one lane adds up; the sums of the six kinds of products go to the
//! fixed-point number. What is left of a value below the last grid is rare and added by itself.

use pulp::{Simd, WithSimd};

use super::exact::{Exact, Products, exponent_of_largest, grid_shift, lanes_of, power, units_of};
use crate::simd::Level;

/// Rows of a pass.
const ROWS: usize = 1024;

/// The exponent of the last bit of each slice, from that of the largest value: a slice is at most 2^23 of its units,
/// a product of two 2^46, and the sum of 2^7 of these 2^53.
const UNITS: [i32; 3] = [-23, -47, -71];

/// Exponents of the largest value for which no grid and no product overflows or is finer than the finest double.
const USUAL: std::ops::RangeInclusive<i32> = -400..=400;

/// Adds values to `sum` and their squares to `squares`. They likely lie below 2^`expected`, which is set anew where they
/// do not.
#[inline(always)]
pub(super) fn add_expected(
    sum: &mut Exact,
    squares: &mut Exact,
    values: &[f64],
    expected: &mut i32,
    scratch: &mut Products,
) {
    for values in values.chunks(ROWS) {
        if !USUAL.contains(expected) || !add_sliced(sum, squares, values, *expected) {
            let exponent = exponent_of_largest(values);
            add(sum, squares, values, exponent, scratch);
            *expected = grids_below(exponent);
        }
    }
}

/// Adds values below 2^exponent to `sum` and their squares to `squares`.
#[inline(always)]
pub(super) fn add(sum: &mut Exact, squares: &mut Exact, values: &[f64], exponent: i32, scratch: &mut Products) {
    for values in values.chunks(ROWS) {
        let exponent = grids_below(exponent);
        if !USUAL.contains(&exponent) || !add_sliced(sum, squares, values, exponent) {
            sum.add_chunk(values);
            squares.add_products(values, values, scratch);
        }
    }
}

/// Where grids for values below 2^exponent begin: values round up to it, and zeros are on every grid.
#[inline(always)]
fn grids_below(exponent: i32) -> i32 {
    (exponent + 1).max(*USUAL.start())
}

/// Adds up to [`ROWS`] values, unless one is not below 2^exponent or too many have bits below the last grid.
fn add_sliced(sum: &mut Exact, squares: &mut Exact, values: &[f64], exponent: i32) -> bool {
    let shifts = UNITS.map(|unit| grid_shift(exponent + unit));
    let Some(Totals { units, products, is_cut }) = Level::best().with(Cut { values, shifts, exponent }) else {
        return false;
    };
    if is_cut {
        let rows = values.iter().filter(|x| cut(**x, shifts) != 0.0).count();
        if rows > ROWS / 32 {
            return false;
        }
        for x in values {
            let rest = cut(*x, shifts);
            if rest != 0.0 {
                // x² - (x - rest)², of which x - rest is a double: the upper bits of x.
                let upper = x - rest;
                sum.add(rest);
                squares.add_product(2.0 * upper, rest);
                squares.add_product(rest, rest);
            }
        }
    }
    for (units, unit) in units.into_iter().zip(UNITS) {
        sum.add_units(units, exponent + unit);
    }
    for (units, (a, b)) in products.into_iter().zip(PRODUCTS) {
        // Products of two grids are there twice.
        let times = if a == b { 1 } else { 2 };
        squares.add_units(times * units, 2 * exponent + UNITS[a] + UNITS[b]);
    }
    true
}

/// Units of the first grid that a slice may have: from their negative to one less.
const REACH: u64 = 1 << 23;

/// Rows of a lane whose products add up without rounding.
const LONGEST: usize = 128;

/// The grids of the slices that are multiplied.
const PRODUCTS: [(usize, usize); 6] = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)];

/// Sums in units of their grids.
struct Totals {
    units: [i64; 3],
    products: [i64; 6],
    /// Whether there is something below the last grid.
    is_cut: bool,
}

/// Cuts up to [`ROWS`] values into slices and sums them and their products; nothing where one is not below 2^exponent.
struct Cut<'a> {
    values: &'a [f64],
    shifts: [f64; 3],
    exponent: i32,
}

impl WithSimd for Cut<'_> {
    type Output = Option<Totals>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<Totals> {
        let (rows, rest) = S::as_simd_f64s(self.values);
        let shifts = self.shifts.map(|shift| simd.splat_f64s(shift));
        let lowest = simd.splat_u64s(self.shifts[0].to_bits() - REACH);
        let (mut sums, zero) = ([simd.splat_u64s(0); 3], simd.splat_f64s(0.0));
        let (mut reach, mut left) = (simd.splat_u64s(0), zero);
        let mut products = [0; 6];
        for rows in rows.chunks(LONGEST).chain([&[simd.partial_load_f64s(rest)][..]]) {
            let [mut aa, mut ab, mut bb, mut ac, mut bc, mut cc] = [zero; 6];
            for row in rows {
                let first = simd.add_f64s(*row, shifts[0]);
                let high = simd.sub_f64s(first, shifts[0]);
                let below = simd.sub_f64s(*row, high);
                let second = simd.add_f64s(below, shifts[1]);
                let middle = simd.sub_f64s(second, shifts[1]);
                let below = simd.sub_f64s(below, middle);
                let third = simd.add_f64s(below, shifts[2]);
                let low = simd.sub_f64s(third, shifts[2]);
                let below = simd.sub_f64s(below, low);
                let bits = [first, second, third].map(|x| simd.transmute_u64s_f64s(x));
                sums = std::array::from_fn(|grid| simd.add_u64s(sums[grid], bits[grid]));
                // The bits of all slices of the first grid, in units above the lowest that there may be.
                reach = simd.or_u64s(reach, simd.sub_u64s(bits[0], lowest));
                left = simd.or_f64s(left, below);
                // Exact, whether fused or not.
                aa = simd.mul_add_e_f64s(high, high, aa);
                ab = simd.mul_add_e_f64s(high, middle, ab);
                bb = simd.mul_add_e_f64s(middle, middle, bb);
                ac = simd.mul_add_e_f64s(high, low, ac);
                bc = simd.mul_add_e_f64s(middle, low, bc);
                cc = simd.mul_add_e_f64s(low, low, cc);
            }
            for (i, sum) in [aa, ab, bb, ac, bc, cc].iter().enumerate() {
                let (a, b) = PRODUCTS[i];
                let scale = power(-(2 * self.exponent + UNITS[a] + UNITS[b]));
                // Out of range they mean nothing, as the end finds.
                let add = |all: i64, x: &f64| all.wrapping_add((x * scale) as i64);
                products[i] = lanes_of::<_, f64>(sum).iter().fold(products[i], add);
            }
        }
        if lanes_of::<_, u64>(&reach).iter().fold(0, |a, b| a | b) >= 2 * REACH {
            return None;
        }
        let count = ((rows.len() + 1) * S::F64_LANES) as u64;
        let units = std::array::from_fn(|grid| units_of(&sums[grid], self.shifts[grid], count));
        let is_cut = lanes_of::<_, f64>(&left).iter().any(|x| *x != 0.0);
        Some(Totals { units, products, is_cut })
    }
}

/// What is left of a value below the last grid.
#[inline(always)]
fn cut(x: f64, shifts: [f64; 3]) -> f64 {
    shifts.into_iter().fold(x, |rest, shift| rest - ((rest + shift) - shift))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

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
            let mut expected = i32::MIN;
            // Twice: the second time the exponent is known.
            for _ in 0..2 {
                add_expected(&mut sum, &mut squares, &values, &mut expected, &mut scratch);
            }
            add(&mut sum, &mut squares, &values, exponent_of_largest(&values), &mut scratch);
            for x in &values {
                for _ in 0..3 {
                    sum.add(-x);
                    squares.add_product(*x, -x);
                }
            }
            prop_assert_eq!(sum.value(), 0.0);
            prop_assert_eq!(squares.value(), 0.0);
        }
    }
}
