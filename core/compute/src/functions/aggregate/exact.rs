//! Sums of floats without rounding: a fixed-point number that holds every finite double and every product of two.
//!
//! Adding to it is exact, so it does not matter in which order values come, how rows are cut into pieces or how many
//! threads there are; the one rounding happens when the sum is read. Chunks of values get there fast: each value is
//! cut by two or three additions of a large power of two into slices that lie on grids fixed for the chunk (Rump,
//! Ogita, Oishi 2008; Demmel, Nguyen 2013). The bits of such a sum count the units of its grid, so integers add the
//! slices up, and only their totals are added to the fixed-point number. A chunk whose values lie too far apart is
//! added value by value.

use bytemuck::Pod;
use pulp::{Simd, WithSimd};

pub(super) use super::wide::power;
use super::wide::{Wide, scaled};
use crate::simd::Level;

/// Rows that are worked on at a time: they stay in the first-level cache.
pub(super) const CHUNK: usize = 2048;

/// Bits of a slice without its sign: `CHUNK` of them fit in an i64, and with the bit of [`grid_shift`] in a double.
const SLICE: i32 = 51;

/// Bits by which later chunks may have greater values than the first one and still take one pass.
const SLACK: i32 = 4;

/// Bits of a word of the fixed-point number; the rest of its 64 bits takes carries.
const WORD: i32 = 32;

/// The exponent of the lowest bit: below 2^-2148, the square of the least double.
const LOWEST: i32 = -2176;

/// Words up to 2^2176: 2^64 squares of the largest double and a sign.
const WORDS: usize = 136;

/// Exponents of the largest value for which no grid overflows or is finer than the finest double.
const EXPONENTS: std::ops::RangeInclusive<i32> = -1074 + 3 * SLICE..=1000;

/// Additions after which carries must be moved on: each adds less than 2^32 to a word.
const CARRY: u32 = 1 << 30;

/// A sum without rounding.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    words: [i64; WORDS],
    additions: u32,
    nan: bool,
    positive_infinity: bool,
    negative_infinity: bool,
}

impl Default for Exact {
    fn default() -> Self {
        Self { words: [0; WORDS], additions: 0, nan: false, positive_infinity: false, negative_infinity: false }
    }
}

/// The mantissa and the exponent of a finite double: `m * 2^e`.
fn parts(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let mantissa = bits & ((1 << 52) - 1);
    match (bits >> 52 & 0x7ff) as i32 {
        0 => (mantissa, -1074),
        e => (mantissa | 1 << 52, e - 1075),
    }
}

impl Exact {
    /// Adds a value.
    pub(super) fn add(&mut self, x: f64) {
        if x.is_finite() {
            let (mantissa, exponent) = parts(x);
            self.add_scaled(x.is_sign_negative(), mantissa, exponent);
        } else if x.is_nan() {
            self.nan = true;
        } else if x > 0.0 {
            self.positive_infinity = true;
        } else {
            self.negative_infinity = true;
        }
    }

    /// Adds the product of two values.
    pub(super) fn add_product(&mut self, x: f64, y: f64) {
        if x.is_finite() && y.is_finite() {
            let ((a, i), (b, j)) = (parts(x), parts(y));
            let product = u128::from(a) * u128::from(b);
            let negative = x.is_sign_negative() != y.is_sign_negative();
            self.add_scaled(negative, product as u64, i + j);
            self.add_scaled(negative, (product >> 64) as u64, i + j + 64);
        } else {
            self.add(x * y);
        }
    }

    /// Adds `mantissa * 2^exponent` or takes it away.
    pub(super) fn add_scaled(&mut self, negative: bool, mantissa: u64, exponent: i32) {
        if mantissa == 0 {
            return;
        }
        if self.additions >= CARRY {
            self.carry();
        }
        self.additions += 1;
        let position = exponent - LOWEST;
        let (word, shift) = ((position / WORD) as usize, position % WORD);
        let shifted = u128::from(mantissa) << shift;
        let low = |part: u128| (part & 0xffff_ffff) as i64;
        let sign = if negative { -1 } else { 1 };
        self.words[word] += sign * low(shifted);
        self.words[word + 1] += sign * low(shifted >> 32);
        self.words[word + 2] += sign * low(shifted >> 64);
    }

    /// Moves carries on: all words but the last are from 0 to 2^32 afterwards.
    fn carry(&mut self) {
        let mut carry = 0;
        for word in &mut self.words[..WORDS - 1] {
            let value = *word + carry;
            *word = value & 0xffff_ffff;
            carry = value >> 32;
        }
        self.words[WORDS - 1] += carry;
        self.additions = 0;
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: &Self) {
        if self.additions.saturating_add(other.additions) >= CARRY {
            self.carry();
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word += more;
        }
        // A word without carries is below one addition's worth.
        self.additions += other.additions + 1;
        self.nan |= other.nan;
        self.positive_infinity |= other.positive_infinity;
        self.negative_infinity |= other.negative_infinity;
    }

    /// What is not a finite number in it, if anything: infinity or NaN.
    pub(super) fn special(&self) -> Option<f64> {
        match (self.nan, self.positive_infinity, self.negative_infinity) {
            (false, false, false) => None,
            (false, true, false) => Some(f64::INFINITY),
            (false, false, true) => Some(f64::NEG_INFINITY),
            _ => Some(f64::NAN),
        }
    }

    /// The finite part of the sum.
    pub(super) fn finite(&self) -> Wide {
        let mut copy = self.clone();
        copy.carry();
        let negative = copy.words[WORDS - 1] < 0;
        if negative {
            copy.words.iter_mut().for_each(|word| *word = -*word);
            copy.carry();
        }
        Wide::new(negative, copy.words.iter().map(|word| *word as u32).collect(), LOWEST)
    }

    /// The sum, rounded once.
    pub(super) fn value(&self) -> f64 {
        self.special().unwrap_or_else(|| self.finite().to_f64())
    }

    /// Adds `value * 2^exponent`, where the exponent is not negative and below 128.
    pub(super) fn add_integer(&mut self, value: i128, exponent: i32) {
        let size = value.unsigned_abs();
        self.add_scaled(value < 0, size as u64, exponent);
        self.add_scaled(value < 0, (size >> 64) as u64, exponent + 64);
    }

    /// The sum divided by `count`, even where the sum itself is no double.
    pub(super) fn mean(&self, count: u64) -> f64 {
        self.special().unwrap_or_else(|| {
            let (value, exponent) = self.finite().rounded();
            scaled(value / count as f64, exponent)
        })
    }

    /// Adds up to [`CHUNK`] values.
    #[inline(always)]
    pub(super) fn add_chunk(&mut self, values: &[f64]) {
        self.add_sliced::<2>(values);
    }

    /// Adds up to [`CHUNK`] values on so many grids if that will do, else on three.
    #[inline(always)]
    fn add_sliced<const GRIDS: usize>(&mut self, values: &[f64]) {
        self.add_below::<GRIDS>(values, exponent_of_largest(values));
    }

    /// The same of values of which all that are not NaN lie below 2^exponent.
    #[inline(always)]
    pub(super) fn add_below<const GRIDS: usize>(&mut self, values: &[f64], exponent: i32) {
        // Infinities and NaN are above all grids too.
        if exponent > *EXPONENTS.end() {
            values.iter().for_each(|x| self.add(*x));
            return;
        }
        // A bit more, since values round up to it.
        let exponent = (exponent + 1).max(*EXPONENTS.start());
        let is_added =
            self.add_on_grids::<GRIDS>(values, exponent) || (GRIDS < 3 && self.add_on_grids::<3>(values, exponent));
        if !is_added {
            values.iter().for_each(|x| self.add(*x));
        }
    }

    /// Adds up to [`CHUNK`] values that likely lie below 2^`expected`, which is set anew where they do not.
    ///
    /// One pass, so that memory is read while the chunk before is still added up.
    #[inline(always)]
    pub(super) fn add_expected(&mut self, values: &[f64], expected: &mut i32) {
        if !EXPONENTS.contains(expected) || !self.add_on_grids::<2>(values, *expected) {
            let exponent = exponent_of_largest(values);
            self.add_below::<2>(values, exponent);
            *expected = exponent + SLACK;
        }
    }

    /// Adds up to [`CHUNK`] values, unless one is not below 2^exponent or has bits below the last grid.
    #[inline(always)]
    fn add_on_grids<const GRIDS: usize>(&mut self, values: &[f64], exponent: i32) -> bool {
        let grids: [i32; GRIDS] = std::array::from_fn(|grid| exponent - (grid as i32 + 1) * SLICE);
        let Some(totals) = slices(values, grids.map(grid_shift)) else { return false };
        for (units, unit) in totals.into_iter().zip(grids) {
            self.add_units(units, unit);
        }
        true
    }

    /// Adds `units * 2^unit`.
    pub(super) fn add_units(&mut self, units: i64, unit: i32) {
        self.add_scaled(units < 0, units.unsigned_abs(), unit);
    }

    /// Adds the products of up to [`CHUNK`] pairs.
    #[inline(always)]
    pub(super) fn add_products(&mut self, x: &[f64], y: &[f64], scratch: &mut Products) {
        let n = x.len();
        if products(x, &y[..n], &mut scratch.high[..n], &mut scratch.low[..n]) {
            // Halves of products have more bits than two grids take.
            self.add_sliced::<3>(&scratch.high[..n]);
            self.add_sliced::<3>(&scratch.low[..n]);
        } else {
            x.iter().zip(y).for_each(|(x, y)| self.add_product(*x, *y));
        }
    }
}

/// Room for the products of a chunk.
pub(super) struct Products {
    high: [f64; CHUNK],
    low: [f64; CHUNK],
}

impl Products {
    /// Room for the products of a chunk.
    pub(super) fn new() -> Self {
        Self { high: [0.0; CHUNK], low: [0.0; CHUNK] }
    }
}

/// Products as sums of two doubles; false where one cannot be written so.
#[inline(always)]
fn products(x: &[f64], y: &[f64], high: &mut [f64], low: &mut [f64]) -> bool {
    // The low half of a smaller product may lie below the least double.
    let least = f64::from_bits((1023 - 900) << 52);
    let n = x.len();
    let (y, high, low) = (&y[..n], &mut high[..n], &mut low[..n]);
    let mut bad = 0u64;
    for i in 0..n {
        let product = x[i] * y[i];
        high[i] = product;
        low[i] = x[i].mul_add(y[i], -product);
        let size = product.abs();
        let usual = (size >= least) & (size < f64::INFINITY);
        let zero = ((x[i] == 0.0) | (y[i] == 0.0)) & (size == 0.0);
        // A NaN product is neither.
        bad |= u64::from(!(usual | zero));
    }
    bad == 0
}

/// The least `e` with all values below 2^e; more than 1023 where one is infinite or NaN.
#[inline(always)]
pub(super) fn exponent_of_largest(values: &[f64]) -> i32 {
    let largest = values.iter().fold(0, |largest, x| i64::max(largest, (x.to_bits() & !(1 << 63)) as i64));
    (largest >> 52) as i32 - 1022
}

/// What to add and take away again to round values below 2^(unit + 51) to multiples of 2^unit.
///
/// The sum is between 2^(unit + 52) and the double of that for both signs: its last bit is the unit, and its bits less
/// those of the shift are the rounded value in units.
#[inline(always)]
pub(super) fn grid_shift(unit: i32) -> f64 {
    1.5 * power(unit + 52)
}

/// The totals of the slices of all values in units of the grids, the coarsest first. Nothing where a value is not below the
/// reach of the first grid or has bits below the last.
// A function of its own: in a larger one the sums would not stay in registers.
#[inline(never)]
fn slices<const GRIDS: usize>(values: &[f64], shifts: [f64; GRIDS]) -> Option<[i64; GRIDS]> {
    Level::best().with(Slices { values, shifts })
}

struct Slices<'a, const GRIDS: usize> {
    values: &'a [f64],
    shifts: [f64; GRIDS],
}

/// What a loop over vectors adds up in each lane.
struct Lanes<S: Simd, const GRIDS: usize> {
    /// The bits of slices with their shift.
    totals: [S::u64s; GRIDS],
    /// Bits in which sums with the first shift differ from it.
    differing: S::u64s,
    /// Bits below the last grid.
    left: S::f64s,
}

impl<S: Simd, const GRIDS: usize> Lanes<S, GRIDS> {
    #[inline(always)]
    fn with(mut self, simd: S, mut x: S::f64s, shifts: &[S::f64s; GRIDS]) -> Self {
        for (grid, shift) in shifts.iter().enumerate() {
            let shifted = simd.add_f64s(x, *shift);
            let bits = simd.transmute_u64s_f64s(shifted);
            self.totals[grid] = simd.add_u64s(self.totals[grid], bits);
            if grid == 0 {
                let differing = simd.xor_u64s(bits, simd.transmute_u64s_f64s(*shift));
                self.differing = simd.or_u64s(self.differing, differing);
            }
            x = simd.sub_f64s(x, simd.sub_f64s(shifted, *shift));
        }
        self.left = simd.or_f64s(self.left, x);
        self
    }
}

impl<const GRIDS: usize> WithSimd for Slices<'_, GRIDS> {
    type Output = Option<[i64; GRIDS]>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let (rows, rest) = S::as_simd_f64s(self.values);
        let shifts = self.shifts.map(|shift| simd.splat_f64s(shift));
        let (zero, none) = (simd.splat_u64s(0), simd.splat_f64s(0.0));
        let mut lanes = Lanes::<S, GRIDS> { totals: [zero; GRIDS], differing: zero, left: none };
        for row in rows {
            lanes = lanes.with(simd, *row, &shifts);
        }
        let Lanes { totals, differing, left } = lanes.with(simd, simd.partial_load_f64s(rest), &shifts);
        let differing = lanes_of::<_, u64>(&differing).iter().fold(0, |all, bits| all | bits);
        // Sums out of the range of the shift have another exponent.
        if differing >> 52 != 0 || lanes_of::<_, f64>(&left).iter().any(|x| *x != 0.0) {
            return None;
        }
        let count = ((rows.len() + 1) * S::F64_LANES) as u64;
        Some(std::array::from_fn(|grid| units_of(&totals[grid], self.shifts[grid], count)))
    }
}

/// The lanes of a vector.
#[inline(always)]
pub(super) fn lanes_of<V: Pod, T: Pod>(vector: &V) -> &[T] {
    bytemuck::cast_slice(std::slice::from_ref(vector))
}

/// The total, in units of a grid, of `count` values whose sums with `shift` have these bits in all.
#[inline(always)]
pub(super) fn units_of<V: Pod>(bits: &V, shift: f64, count: u64) -> i64 {
    let all = lanes_of::<_, u64>(bits).iter().fold(0u64, |all, bits| all.wrapping_add(*bits));
    all.wrapping_sub(shift.to_bits().wrapping_mul(count)) as i64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::functions::aggregate::rows::dispatch;

    /// Doubles of all sizes, and such as lie close together.
    fn values() -> impl Strategy<Value = Vec<f64>> {
        let any = any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite());
        let near = (-1e9f64..1e9, -40i32..40).prop_map(|(x, e)| x * 2f64.powi(e));
        let least = (0u64..5000).prop_map(f64::from_bits);
        let greatest = (0u64..2).prop_map(|s| f64::from_bits(f64::MAX.to_bits() | s << 63));
        let cases = prop_oneof![
            prop::collection::vec(any, 0..300),
            prop::collection::vec(near.clone(), 0..CHUNK),
            prop::collection::vec(prop_oneof![4 => near, 1 => least, 1 => greatest], 0..300),
        ];
        cases
    }

    /// The sum in a fixed-point number of plain binary digits, a list of signed counts of powers of two.
    fn reference(terms: &[(bool, u128, i32)]) -> f64 {
        let mut digits = vec![0i64; 4600];
        for (negative, mantissa, exponent) in terms {
            for bit in 0..128 {
                if mantissa >> bit & 1 == 1 {
                    digits[(exponent + 2300) as usize + bit] += if *negative { -1 } else { 1 };
                }
            }
        }
        let settle = |digits: &mut Vec<i64>| {
            let mut carry = 0;
            for digit in digits.iter_mut() {
                let value = *digit + carry;
                *digit = value.rem_euclid(2);
                carry = value.div_euclid(2);
            }
            carry < 0
        };
        let mut copy = digits.clone();
        let negative = settle(&mut copy);
        if negative {
            copy = digits.iter().map(|d| -d).collect();
            settle(&mut copy);
        }
        let Some(high) = copy.iter().rposition(|d| *d == 1) else { return 0.0 };
        let low = (high as i32 - 52).max(2300 - 1074);
        let mut kept = 0u64;
        for i in (low..=high as i32).rev() {
            kept = kept << 1 | copy[i as usize] as u64;
        }
        let half = copy[low as usize - 1] == 1;
        let more = copy[..low as usize - 1].contains(&1);
        if half && (more || kept % 2 == 1) {
            kept += 1;
        }
        let (mut value, mut exponent) = (kept as f64, low - 2300);
        while exponent > 0 && value.is_finite() {
            value *= 2.0;
            exponent -= 1;
        }
        while exponent < 0 {
            value /= 2.0;
            exponent += 1;
        }
        if negative { -value } else { value }
    }

    fn term(x: f64) -> (bool, u128, i32) {
        let (mantissa, exponent) = parts(x);
        (x < 0.0, u128::from(mantissa), exponent)
    }

    proptest! {
        #[test]
        fn sums_are_rounded_once(values in values(), cut in any::<prop::sample::Index>()) {
            let cut = cut.index(values.len() + 1);
            let mut sum = Exact::default();
            dispatch(|| sum.add_chunk(&values[..cut]));
            let mut later = Exact::default();
            later.add_chunk(&values[cut..]);
            sum.merge(&later);
            let terms: Vec<_> = values.iter().map(|x| term(*x)).collect();
            prop_assert_eq!(sum.value().to_bits(), reference(&terms).to_bits());
            let mut reverse = Exact::default();
            values.iter().rev().for_each(|x| reverse.add(*x));
            prop_assert_eq!(sum.value().to_bits(), reverse.value().to_bits());
            prop_assert_eq!(sum.mean(1).to_bits(), sum.value().to_bits());
        }

        #[test]
        fn products_are_exact(values in values()) {
            let (x, y) = values.split_at(values.len() / 2);
            let y = &y[..x.len()];
            let mut sum = Exact::default();
            dispatch(|| sum.add_products(x, y, &mut Products::new()));
            let terms: Vec<_> = x.iter().zip(y).map(|(x, y)| {
                let ((s, a, i), (t, b, j)) = (term(*x), term(*y));
                (s != t, a * b, i + j)
            }).collect();
            prop_assert_eq!(sum.value().to_bits(), reference(&terms).to_bits());
        }
    }

    #[test]
    fn infinities_and_nan() {
        let value = |values: &[f64]| {
            let mut sum = Exact::default();
            sum.add_chunk(values);
            sum.value()
        };
        assert_eq!(value(&[1.0, f64::INFINITY]), f64::INFINITY);
        assert_eq!(value(&[1.0, f64::NEG_INFINITY, 2.0]), f64::NEG_INFINITY);
        assert!(value(&[f64::NEG_INFINITY, f64::INFINITY]).is_nan());
        assert!(value(&[f64::NAN, f64::INFINITY]).is_nan());
        assert_eq!(value(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(value(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
        let mut sum = Exact::default();
        sum.add_products(&[0.0], &[f64::INFINITY], &mut Products::new());
        assert!(sum.value().is_nan());
        let mut sum = Exact::default();
        sum.add_chunk(&[f64::MAX, f64::MAX]);
        assert_eq!(sum.mean(2), f64::MAX);
    }

    #[test]
    fn carries_are_moved_on_in_time() {
        let mut sum = Exact::default();
        sum.add(1.0);
        for _ in 0..62 {
            let copy = sum.clone();
            sum.merge(&copy);
        }
        assert_eq!(sum.value(), 2f64.powi(62));
    }
}
