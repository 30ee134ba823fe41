//! Decimals of any number of digits.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, Sign};

/// `digits / 10^scale`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decimal {
    pub(super) digits: BigInt,
    pub(super) scale: i64,
}

/// Which way a number is rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rounding {
    /// To the nearest, half away from zero.
    Nearest,
    Down,
    Up,
    Zero,
}

/// Ten to the power of `n`, which is not negative.
pub(super) fn ten(n: i64) -> BigInt {
    BigInt::from(10).pow(n.clamp(0, 5_000) as u32)
}

/// The quotient as a whole number.
pub(super) fn quotient(a: &BigInt, b: &BigInt, rounding: Rounding) -> BigInt {
    let (whole, rest): (BigInt, BigInt) = (a / b, a % b);
    if rest.sign() == Sign::NoSign {
        return whole;
    }
    let negative = rest.sign() != b.sign();
    let away = match rounding {
        Rounding::Nearest => {
            let twice: BigInt = rest * 2;
            twice.magnitude() >= b.magnitude()
        }
        Rounding::Down => negative,
        Rounding::Up => !negative,
        Rounding::Zero => false,
    };
    match (away, negative) {
        (false, _) => whole,
        (true, false) => whole + 1,
        (true, true) => whole - 1,
    }
}

impl Decimal {
    pub(super) fn whole(value: i128) -> Self {
        Self { digits: value.into(), scale: 0 }
    }

    /// The number with so many digits after the point (before it, where negative).
    pub(super) fn at(&self, scale: i64, rounding: Rounding) -> Self {
        let digits = if scale >= self.scale {
            &self.digits * ten(scale - self.scale)
        } else {
            quotient(&self.digits, &ten(self.scale - scale), rounding)
        };
        Self { digits, scale }
    }

    /// Whether it has at most so many digits.
    pub(super) fn fits(&self, precision: u8) -> bool {
        *self.digits.magnitude() < *ten(precision.into()).magnitude()
    }

    /// Both with the same number of digits after the point.
    pub(super) fn aligned(&self, other: &Self) -> (BigInt, BigInt, i64) {
        let scale = self.scale.max(other.scale);
        (self.at(scale, Rounding::Zero).digits, other.at(scale, Rounding::Zero).digits, scale)
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(other);
        a.cmp(&b)
    }

    /// The nearest float64.
    pub(super) fn float(&self) -> f64 {
        format!("{}e{}", self.digits, -self.scale).parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::try_from(self.scale).unwrap_or(0);
        let digits = format!("{:0>1$}", self.digits.magnitude(), places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        let sign = if self.digits.sign() == Sign::Minus { "-" } else { "" };
        if part.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{part}") }
    }
}
