//! Arithmetic of decimals on the rows of a block.
//!
//! A result that has more digits than its type can have at all is an overflow. There are no low digits worth keeping,
//! so that it is null with overflow "wrap" too. Quotients are rounded half away from zero.

use arrow_array::types::{Decimal128Type, Decimal256Type, DecimalType};
use arrow_buffer::{ArrowNativeType, i256};
use arrow_schema::DataType;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedRem, CheckedSub, Signed, Zero};
use pf_base::{Error, Result};

use crate::arithmetic::Op;
use crate::operands::{Fault, Operand, finish, nulls, primitive, rows_of, settle, values};
use crate::simd::Side;
use crate::{Overflow, Value};

/// The whole number that a decimal is kept as.
pub(crate) trait Digits:
    ArrowNativeType + CheckedAdd + CheckedSub + CheckedMul + CheckedDiv + CheckedRem + Signed + Ord + From<i64>
{
    /// `a · scale / b`, rounded half away from zero; `b` is not zero.
    fn scaled_quotient(a: Self, scale: Self, b: Self) -> Option<Self>;
    /// The number in the widest type.
    fn widen(self) -> i256;
    /// A number of the widest type, if it fits.
    fn narrow(value: i256) -> Option<Self>;
}

/// The quotient of two numbers rounded half away from zero; `b` is not zero.
pub(crate) fn rounded<D: Digits>(a: D, b: D) -> Option<D> {
    let (q, r) = (a.checked_div(&b)?, a.checked_rem(&b)?);
    // Half of the divisor or more is left: |r| >= |b| - |r|, which does not overflow.
    if !r.is_zero() && r.abs() >= b.abs() - r.abs() {
        let away = if r.is_negative() == b.is_negative() { D::one() } else { -D::one() };
        return q.checked_add(&away);
    }
    Some(q)
}

impl Digits for i128 {
    fn scaled_quotient(a: Self, scale: Self, b: Self) -> Option<Self> {
        match a.checked_mul(scale) {
            Some(scaled) => rounded(scaled, b),
            None => rounded(i256::from(a).checked_mul(i256::from(scale))?, i256::from(b))?.to_i128(),
        }
    }

    fn widen(self) -> i256 {
        i256::from(self)
    }

    fn narrow(value: i256) -> Option<Self> {
        value.to_i128()
    }
}

impl Digits for i256 {
    fn scaled_quotient(a: Self, scale: Self, b: Self) -> Option<Self> {
        rounded(a.checked_mul(scale)?, b)
    }

    fn widen(self) -> i256 {
        self
    }

    fn narrow(value: i256) -> Option<Self> {
        Some(value)
    }
}

/// Ten to the power of `exponent`, if there is such a number.
pub(crate) fn power_of_ten<D: Digits>(exponent: i32) -> Option<D> {
    let exponent = usize::try_from(exponent).ok()?;
    num_traits::checked_pow(D::from(10), exponent)
}

fn scale_of(data_type: &DataType) -> (u8, i8) {
    match data_type {
        DataType::Decimal128(p, s) | DataType::Decimal256(p, s) => (*p, *s),
        _ => (38, 0),
    }
}

/// One operation on decimals with the scales of its arguments and result.
struct Operation<D> {
    op: Op,
    /// What the arguments are multiplied by, so that they have one scale (or, in a quotient, so that the result has
    /// its scale).
    left: D,
    right: D,
    /// No result is greater.
    limit: D,
}

impl<D: Digits> Operation<D> {
    fn new(op: Op, a: &DataType, b: &DataType, result: &DataType, limit: D) -> Result<Self> {
        let (s1, s2, s) = (scale_of(a).1.into(), scale_of(b).1.into(), i32::from(scale_of(result).1));
        let most = i32::max(s1, s2);
        let (left, right) = match op {
            Op::Mul => (0, 0),
            Op::Div => ((s - s1 + s2).max(0), (s1 - s2 - s).max(0)),
            _ => (most - s1, most - s2),
        };
        let power = |n| power_of_ten(n).ok_or_else(|| Error::unsupported(format!("decimals {n} digits apart")));
        Ok(Self { op, left: power(left)?, right: power(right)?, limit })
    }

    #[inline]
    fn apply(&self, a: D, b: D) -> Result<D, Fault> {
        if !matches!(self.op, Op::Add | Op::Sub | Op::Mul) && b.is_zero() {
            return Err(Fault::Zero);
        }
        let result = match self.op {
            Op::Mul => a.checked_mul(&b),
            Op::Div => match scaled(b, self.right) {
                Some(b) => D::scaled_quotient(a, self.left, b),
                None => self.apply_wide(a, b),
            },
            _ => match (scaled(a, self.left), scaled(b, self.right)) {
                (Some(a), Some(b)) => self.apply_scaled(a, b),
                _ => self.apply_wide(a, b),
            },
        };
        result.filter(|r| *r <= self.limit && *r >= -self.limit).ok_or(Fault::Overflow)
    }

    /// The same where an argument with the scale of the other is too great: the result need not be.
    #[cold]
    fn apply_wide(&self, a: D, b: D) -> Option<D> {
        let (left, right, limit) = (self.left.widen(), self.right.widen(), self.limit.widen());
        let (a, b) = (a.widen().checked_mul(left)?, b.widen().checked_mul(right)?);
        D::narrow(match self.op {
            Op::Div => rounded(a, b)?,
            op => Operation { op, left, right, limit }.apply_scaled(a, b)?,
        })
    }

    /// Both have one scale; `b` is not zero where the operation divides.
    #[inline]
    fn apply_scaled(&self, a: D, b: D) -> Option<D> {
        let other_side = |r: &D| !r.is_zero() && r.is_negative() != b.is_negative();
        match self.op {
            Op::Add => a.checked_add(&b),
            Op::Sub => a.checked_sub(&b),
            Op::FloorDiv => match (a.checked_div(&b), a.checked_rem(&b)) {
                (Some(q), Some(r)) if other_side(&r) => q.checked_sub(&D::one()),
                (q, _) => q,
            },
            Op::Mod => a.checked_rem(&b),
            _ => a.checked_rem(&b).map(|r| if other_side(&r) { r + b } else { r }),
        }
    }
}

#[inline]
fn scaled<D: Digits>(value: D, by: D) -> Option<D> {
    if by.is_one() { Some(value) } else { value.checked_mul(&by) }
}

/// An operation on decimals, each with its own scale.
pub(crate) fn decimal_values<T: DecimalType>(
    op: Op,
    arguments: &[Value],
    rows: usize,
    result: &DataType,
    overflow: Overflow,
) -> Result<Value>
where
    T::Native: Digits,
{
    let [left, right] = arguments else { return Err(Error::internal("an operation on two numbers")) };
    let limit = T::MAX_FOR_EACH_PRECISION[usize::from(scale_of(result).0.min(T::MAX_PRECISION))];
    let operation = Operation::new(op, left.data_type(), right.data_type(), result, limit)?;
    let (a, b) = (Operand::<T::Native>::new(left)?, Operand::<T::Native>::new(right)?);
    let (a, b, rows) = (a.side(), b.side(), rows_of(arguments, rows));
    let mut nulls = nulls(arguments);
    let (out, flagged) = block(&operation, a, b, rows);
    if flagged {
        let show = |v, t: &DataType| T::format_decimal(v, 0, scale_of(t).1);
        let describe = |i, f| op.describe(show(a.at(i), left.data_type()), show(b.at(i), right.data_type()), f, result);
        let overflow = if overflow == Overflow::Wrap { Overflow::Null } else { overflow };
        nulls = settle(rows, nulls, overflow, |i| operation.apply(a.at(i), b.at(i)).err(), describe)?;
    }
    Ok(finish(primitive(out, nulls, result)?, arguments))
}

fn block<D: Digits>(operation: &Operation<D>, a: Side<'_, D>, b: Side<'_, D>, rows: usize) -> (Vec<D>, bool) {
    let mut flagged = false;
    let mut one = |a, b| {
        operation.apply(a, b).unwrap_or_else(|_| {
            flagged = true;
            D::zero()
        })
    };
    let out = match (a, b) {
        (Side::Rows(a), Side::Rows(b)) => a.iter().zip(b).map(|(&a, &b)| one(a, b)).collect(),
        (Side::Rows(a), Side::One(b)) => a.iter().map(|&a| one(a, b)).collect(),
        (Side::One(a), Side::Rows(b)) => b.iter().map(|&b| one(a, b)).collect(),
        (Side::One(a), Side::One(b)) => vec![one(a, b); rows],
    };
    (out, flagged)
}

/// A function of one decimal whose result may overflow; `shown` is its name.
pub(crate) fn one_decimal<T: DecimalType>(
    argument: &Value,
    result: &DataType,
    overflow: Overflow,
    f: impl Fn(T::Native) -> Option<T::Native>,
    shown: &str,
) -> Result<arrow_array::ArrayRef>
where
    T::Native: Digits,
{
    let array = argument.inner();
    let values = values::<T::Native>(array.as_ref())?;
    let limit = T::MAX_FOR_EACH_PRECISION[usize::from(scale_of(result).0.min(T::MAX_PRECISION))];
    let f = |v| f(v).filter(|r| *r <= limit && *r >= -limit);
    let mut flagged = false;
    let out = values.iter().map(|&v| {
        f(v).unwrap_or_else(|| {
            flagged = true;
            T::Native::zero()
        })
    });
    let out: Vec<T::Native> = out.collect();
    let mut nulls = array.nulls().cloned();
    if flagged {
        let scale = scale_of(array.data_type()).1;
        let describe = |i: usize, _| {
            format!("{shown}({}) overflows {}", T::format_decimal(values[i], 0, scale), crate::types::name(result))
        };
        let overflow = if overflow == Overflow::Wrap { Overflow::Null } else { overflow };
        let fault = |i: usize| f(values[i]).is_none().then_some(Fault::Overflow);
        nulls = settle(values.len(), nulls, overflow, fault, describe)?;
    }
    primitive(out, nulls, result)
}

/// Runs `$body` with `$t` the type of the decimals.
macro_rules! with_decimal {
    ($data_type:expr, $t:ident => $body:expr) => {
        match $data_type {
            arrow_schema::DataType::Decimal256(..) => {
                type $t = arrow_array::types::Decimal256Type;
                $body
            }
            _ => {
                type $t = arrow_array::types::Decimal128Type;
                $body
            }
        }
    };
}
pub(crate) use with_decimal;

const _: () = {
    assert!(size_of::<<Decimal128Type as arrow_array::ArrowPrimitiveType>::Native>() == 16);
    assert!(size_of::<<Decimal256Type as arrow_array::ArrowPrimitiveType>::Native>() == 32);
};
