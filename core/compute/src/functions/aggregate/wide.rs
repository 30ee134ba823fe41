//! Numbers of any length, for the last step of an exact aggregate.

use std::cmp::Ordering;

/// A number without rounding: an integer of any length times a power of two.
#[derive(Clone, Debug)]
pub(super) struct Wide {
    negative: bool,
    /// Digits of 32 bits, the lowest first; the highest is not 0.
    digits: Vec<u32>,
    /// The exponent of the lowest bit.
    exponent: i32,
}

impl Wide {
    /// A sign, digits from the lowest on, and the exponent of the lowest bit.
    pub(super) fn new(negative: bool, mut digits: Vec<u32>, exponent: i32) -> Self {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..zeros);
        Self { negative, digits, exponent: exponent + 32 * zeros as i32 }
    }

    /// An integer.
    pub(super) fn integer(n: u64) -> Self {
        Self::new(false, vec![n as u32, (n >> 32) as u32], 0)
    }

    /// The product.
    pub(super) fn times(&self, other: &Self) -> Self {
        let mut digits = vec![0u32; self.digits.len() + other.digits.len()];
        for (i, a) in self.digits.iter().enumerate() {
            let mut carry = 0u64;
            for (j, b) in other.digits.iter().enumerate() {
                let value = u64::from(digits[i + j]) + u64::from(*a) * u64::from(*b) + carry;
                digits[i + j] = value as u32;
                carry = value >> 32;
            }
            digits[i + other.digits.len()] = carry as u32;
        }
        Self::new(self.negative != other.negative, digits, self.exponent + other.exponent)
    }

    /// The difference. Both exponents are multiples of 32 bits apart, as all are that come of sums.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let (a, b) = (self.aligned(exponent), other.aligned(exponent));
        if self.negative != other.negative {
            return Self::new(self.negative, added(&a, &b), exponent);
        }
        match compared(&a, &b) {
            Ordering::Less => Self::new(!self.negative, subtracted(&b, &a), exponent),
            _ => Self::new(self.negative, subtracted(&a, &b), exponent),
        }
    }

    /// The digits from 2^exponent on.
    fn aligned(&self, exponent: i32) -> Vec<u32> {
        let zeros = if self.digits.is_empty() { 0 } else { (self.exponent - exponent) / 32 };
        let mut digits = vec![0; zeros as usize];
        digits.extend_from_slice(&self.digits);
        digits
    }

    /// The nearest double times a power of two: a number from 1 to 2 (or 0) and an exponent.
    pub(super) fn rounded(&self) -> (f64, i32) {
        match self.top() {
            None => (0.0, 0),
            // 64 bits whose last one says whether there is more round like the whole.
            Some((top, exponent)) => {
                let value = scaled(top as f64, -63);
                (if self.negative { -value } else { value }, exponent + 63)
            }
        }
    }

    /// The highest 64 bits, the last of them set if any below is, and its exponent; nothing for 0.
    fn top(&self) -> Option<(u64, i32)> {
        let last = self.digits.len().checked_sub(1)?;
        let digit = |i: usize| i.checked_sub(2).map_or(0, |i| u128::from(self.digits[i]));
        let high = digit(last + 2) << 64 | digit(last + 1) << 32 | digit(last);
        let shift = high.leading_zeros() - 32;
        let high = high << shift;
        let below = last >= 3 && self.digits[..last - 2].iter().any(|digit| *digit != 0);
        let sticky = u64::from(high as u32 != 0 || below);
        Some(((high >> 32) as u64 | sticky, self.exponent + 32 * last as i32 - 32 - shift as i32))
    }

    /// The nearest double.
    pub(super) fn to_f64(&self) -> f64 {
        let Some((top, exponent)) = self.top() else { return 0.0 };
        // Below the normal numbers there are fewer bits to round to.
        let lost = (-1074 - exponent).max(0);
        let value = if lost <= 11 {
            scaled(top as f64, exponent)
        } else if lost > 64 {
            0.0
        } else {
            let kept = u128::from(top) >> lost;
            let rest = u128::from(top) - (kept << lost);
            let half = 1u128 << (lost - 1);
            let up = rest > half || (rest == half && kept % 2 == 1);
            scaled((kept as u64 + u64::from(up)) as f64, -1074)
        };
        if self.negative { -value } else { value }
    }
}

/// 2^exponent, which is a normal number.
pub(super) fn power(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// `x * 2^exponent`.
pub(super) fn scaled(mut x: f64, mut exponent: i32) -> f64 {
    while exponent.abs() > 1000 && x.is_finite() && x != 0.0 {
        let step = exponent.clamp(-1000, 1000);
        x *= power(step);
        exponent -= step;
    }
    x * power(exponent.clamp(-1000, 1000))
}

fn compared(a: &[u32], b: &[u32]) -> Ordering {
    let length = |digits: &[u32]| digits.iter().rposition(|digit| *digit != 0).map_or(0, |i| i + 1);
    let (n, m) = (length(a), length(b));
    n.cmp(&m).then_with(|| a[..n].iter().rev().cmp(b[..m].iter().rev()))
}

fn added(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut carry = 0u64;
    let digit = |digits: &[u32], i: usize| u64::from(digits.get(i).copied().unwrap_or(0));
    (0..=a.len().max(b.len()))
        .map(|i| {
            let value = digit(a, i) + digit(b, i) + carry;
            carry = value >> 32;
            value as u32
        })
        .collect()
}

/// `a - b`, which is not negative.
fn subtracted(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut borrow = 0i64;
    let digit = |digits: &[u32], i: usize| i64::from(digits.get(i).copied().unwrap_or(0));
    (0..a.len())
        .map(|i| {
            let value = digit(a, i) - digit(b, i) - borrow;
            borrow = i64::from(value < 0);
            value as u32
        })
        .collect()
}
