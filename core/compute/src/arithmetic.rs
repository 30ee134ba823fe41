//! Arithmetic of integers and floats on the rows of a block, without a branch per row.
//!
//! Integers are computed modulo 2ⁿ, and what overflowed is gathered in one flag per block: only where it is set are
//! rows looked at again, to name the first or to make them null.

use std::fmt::Display;

use arrow_array::ArrayRef;
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Error, Result};

use crate::operands::{Fault, Operand, finish, nulls, primitive, rows_of, settle};
use crate::scratch::Scratch;
use crate::simd::{Level, Side, map, map_flag, map2};
use crate::types::{Operator, name};
use crate::{Overflow, Value};

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`
    Div,
    /// `a // b`: rounded down.
    FloorDiv,
    /// `a % b`, with the sign of `a`.
    Mod,
    /// `floor_mod(a, b)`, with the sign of `b`.
    FloorMod,
}

impl Op {
    /// The operation as text.
    pub(crate) fn show(self, a: impl Display, b: impl Display) -> String {
        let sign = match self {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::FloorDiv => "//",
            Op::Mod => "%",
            Op::FloorMod => return format!("floor_mod({a}, {b})"),
        };
        format!("{a} {sign} {b}")
    }

    /// What an error says of a row.
    pub(crate) fn describe(self, a: impl Display, b: impl Display, fault: Fault, result: &DataType) -> String {
        match fault {
            Fault::Overflow => format!("{} overflows {}", self.show(a, b), name(result)),
            Fault::Zero => format!("{} divides by zero", self.show(a, b)),
        }
    }

    /// The operation as the rules of types know it.
    pub(crate) fn operator(self) -> Operator {
        match self {
            Op::Add => Operator::Add,
            Op::Sub => Operator::Sub,
            Op::Mul => Operator::Mul,
            Op::Div => Operator::Div,
            Op::FloorDiv => Operator::FloorDiv,
            Op::Mod | Op::FloorMod => Operator::Mod,
        }
    }
}

/// An integer whose operations give the result modulo 2ⁿ, and a flag whose [`TOP`](Integer::TOP) bit is set where the
/// result is another.
pub(crate) trait Integer: ArrowNativeType + Pod + Display + Default + std::ops::BitOr<Output = Self> {
    /// The highest bit.
    const TOP: Self;
    /// Whether the highest bit of a flag is set.
    fn is_set(flag: Self) -> bool;
    /// `a + b`
    fn plus(self, b: Self) -> (Self, Self);
    /// `a - b`
    fn minus(self, b: Self) -> (Self, Self);
    /// `a * b`
    fn times(self, b: Self) -> (Self, Self);
    /// `a` divided by `b` and rounded down; flagged where `b` is zero too.
    fn floor_div(self, b: Self) -> (Self, Self);
    /// The remainder with the sign of `a`; flagged where `b` is zero.
    fn rem(self, b: Self) -> (Self, Self);
    /// The remainder with the sign of `b`; flagged where `b` is zero.
    fn floor_mod(self, b: Self) -> (Self, Self);
    /// `|a|`
    fn magnitude(self) -> (Self, Self);
    /// -1, 0 or 1.
    fn sign(self) -> Self;
    /// The nearest float.
    fn to_f64(self) -> f64;
    /// The value of an `i128`, if it fits.
    fn from_i128(value: i128) -> Option<Self>;
    /// The value.
    fn to_i128(self) -> i128;
}

macro_rules! common {
    ($t:ty) => {
        #[inline(always)]
        fn to_f64(self) -> f64 {
            self as f64
        }
        #[inline(always)]
        fn from_i128(value: i128) -> Option<Self> {
            Self::try_from(value).ok()
        }
        #[inline(always)]
        fn to_i128(self) -> i128 {
            self as i128
        }
        #[inline(always)]
        fn is_set(flag: Self) -> bool {
            flag & Self::TOP != 0
        }
    };
}

/// A product: in the type of twice the width, where there is one that vectors hold.
macro_rules! product {
    ($t:ty, none) => {
        #[inline(always)]
        fn times(self, b: Self) -> (Self, Self) {
            let (r, over) = self.overflowing_mul(b);
            (r, if over { Self::TOP } else { 0 })
        }
    };
    ($t:ty, $wide:ty) => {
        #[inline(always)]
        fn times(self, b: Self) -> (Self, Self) {
            let wide = <$wide>::from(self) * <$wide>::from(b);
            let r = wide as $t;
            (r, if <$wide>::from(r) != wide { Self::TOP } else { 0 })
        }
    };
}

macro_rules! signed {
    ($($t:ty, $wide:tt);*) => {$(
        impl Integer for $t {
            const TOP: Self = <$t>::MIN;
            common!($t);
            product!($t, $wide);
            #[inline(always)]
            fn plus(self, b: Self) -> (Self, Self) {
                let r = self.wrapping_add(b);
                (r, (self ^ r) & (b ^ r))
            }
            #[inline(always)]
            fn minus(self, b: Self) -> (Self, Self) {
                let r = self.wrapping_sub(b);
                (r, (self ^ b) & (self ^ r))
            }
            #[inline(always)]
            fn floor_div(self, b: Self) -> (Self, Self) {
                let divisor = if b == 0 { 1 } else { b };
                let (q, r) = (self.wrapping_div(divisor), self.wrapping_rem(divisor));
                let down = r != 0 && (r ^ divisor) < 0;
                let bad = b == 0 || (self == Self::MIN && b == -1);
                (q.wrapping_sub(Self::from(down)), if bad { Self::TOP } else { 0 })
            }
            #[inline(always)]
            fn rem(self, b: Self) -> (Self, Self) {
                (self.wrapping_rem(if b == 0 { 1 } else { b }), if b == 0 { Self::TOP } else { 0 })
            }
            #[inline(always)]
            fn floor_mod(self, b: Self) -> (Self, Self) {
                let divisor = if b == 0 { 1 } else { b };
                let r = self.wrapping_rem(divisor);
                let other_side = r != 0 && (r ^ divisor) < 0;
                (if other_side { r.wrapping_add(divisor) } else { r }, if b == 0 { Self::TOP } else { 0 })
            }
            #[inline(always)]
            fn magnitude(self) -> (Self, Self) {
                let r = self.wrapping_abs();
                // Only the least value has a negative magnitude.
                (r, r)
            }
            #[inline(always)]
            fn sign(self) -> Self {
                self.signum()
            }
        }
    )*};
}

macro_rules! unsigned {
    ($($t:ty, $wide:tt);*) => {$(
        impl Integer for $t {
            const TOP: Self = 1 << (<$t>::BITS - 1);
            common!($t);
            product!($t, $wide);
            #[inline(always)]
            fn plus(self, b: Self) -> (Self, Self) {
                let r = self.wrapping_add(b);
                // The carry out of the highest bit.
                (r, (self & b) | ((self | b) & !r))
            }
            #[inline(always)]
            fn minus(self, b: Self) -> (Self, Self) {
                let r = self.wrapping_sub(b);
                // The borrow into the highest bit.
                (r, (!self & b) | ((!self | b) & r))
            }
            #[inline(always)]
            fn floor_div(self, b: Self) -> (Self, Self) {
                (self / if b == 0 { 1 } else { b }, if b == 0 { Self::TOP } else { 0 })
            }
            #[inline(always)]
            fn rem(self, b: Self) -> (Self, Self) {
                (self % if b == 0 { 1 } else { b }, if b == 0 { Self::TOP } else { 0 })
            }
            #[inline(always)]
            fn floor_mod(self, b: Self) -> (Self, Self) {
                self.rem(b)
            }
            #[inline(always)]
            fn magnitude(self) -> (Self, Self) {
                (self, 0)
            }
            #[inline(always)]
            fn sign(self) -> Self {
                Self::from(self != 0)
            }
        }
    )*};
}

signed!(i8, i16; i16, i32; i32, i64; i64, none);
unsigned!(u8, u16; u16, u32; u32, u64; u64, none);

/// An operation on integers of a block, and whether a row, null or not, may have no result.
pub(crate) fn integers<T: Integer>(
    level: Level,
    op: Op,
    a: Side<'_, T>,
    b: Side<'_, T>,
    rows: usize,
) -> (Scratch<T>, bool) {
    let (out, flags) = match op {
        Op::Add => map2(level, a, b, rows, T::plus),
        Op::Sub => map2(level, a, b, rows, T::minus),
        Op::Mul => map2(level, a, b, rows, T::times),
        Op::Div | Op::FloorDiv => map2(level, a, b, rows, T::floor_div),
        Op::Mod => map2(level, a, b, rows, T::rem),
        Op::FloorMod => map2(level, a, b, rows, T::floor_mod),
    };
    (out, T::is_set(flags))
}

/// The fault of a row.
fn fault<T: Integer>(op: Op, a: T, b: T) -> Option<Fault> {
    let flag = match op {
        Op::Add => a.plus(b).1,
        Op::Sub => a.minus(b).1,
        Op::Mul => a.times(b).1,
        Op::Div | Op::FloorDiv | Op::Mod | Op::FloorMod if b == T::default() => return Some(Fault::Zero),
        Op::FloorDiv => a.floor_div(b).1,
        Op::Div | Op::Mod | Op::FloorMod => return None,
    };
    T::is_set(flag).then_some(Fault::Overflow)
}

/// An operation on integers that gives integers.
pub(crate) fn integer_values<T: Integer>(
    op: Op,
    arguments: &[Value],
    rows: usize,
    result: &DataType,
    overflow: Overflow,
) -> Result<Value> {
    let [left, right] = arguments else { return Err(Error::internal("an operation on two numbers")) };
    let (a, b) = (Operand::<T>::new(left)?, Operand::<T>::new(right)?);
    let (a, b, rows) = (a.side(), b.side(), rows_of(arguments, rows));
    let (out, flagged) = integers(Level::best(), op, a, b, rows);
    let mut nulls = nulls(arguments);
    let divides = matches!(op, Op::FloorDiv | Op::Mod | Op::FloorMod);
    if flagged && (divides || overflow != Overflow::Wrap) {
        let describe = |i, f| op.describe(a.at(i), b.at(i), f, result);
        nulls = settle(rows, nulls, overflow, |i| fault(op, a.at(i), b.at(i)), describe)?;
    }
    Ok(finish(primitive(out, nulls, result)?, arguments))
}

/// The true quotient of integers, as float64.
pub(crate) fn integer_quotient<T: Integer>(arguments: &[Value], rows: usize, overflow: Overflow) -> Result<Value> {
    let [left, right] = arguments else { return Err(Error::internal("an operation on two numbers")) };
    let (a, b) = (Operand::<T>::new(left)?, Operand::<T>::new(right)?);
    let (a, b, rows) = (a.side(), b.side(), rows_of(arguments, rows));
    let (out, zero) = map2(Level::best(), a, b, rows, |a, b| (a.to_f64() / b.to_f64(), b == T::default()));
    let mut nulls = nulls(arguments);
    if zero {
        let describe = |i, f| Op::Div.describe(a.at(i), b.at(i), f, &DataType::Float64);
        nulls = settle(rows, nulls, overflow, |i| fault(Op::Div, a.at(i), b.at(i)), describe)?;
    }
    Ok(finish(primitive(out, nulls, &DataType::Float64)?, arguments))
}

/// A float that arithmetic is done in.
pub(crate) trait Float: ArrowNativeType + Pod + Default + num_traits::Float {}
impl Float for f32 {}
impl Float for f64 {}

/// An operation on floats of a block.
pub(crate) fn floats<T: Float>(level: Level, op: Op, a: Side<'_, T>, b: Side<'_, T>, rows: usize) -> Scratch<T> {
    // A float has no faults. Constant, since of a variable each row would look.
    const NEVER: bool = false;
    let (out, _) = match op {
        Op::Add => map2(level, a, b, rows, |a, b| (a + b, NEVER)),
        Op::Sub => map2(level, a, b, rows, |a, b| (a - b, NEVER)),
        Op::Mul => map2(level, a, b, rows, |a, b| (a * b, NEVER)),
        Op::Div => map2(level, a, b, rows, |a, b| (a / b, NEVER)),
        Op::FloorDiv => map2(level, a, b, rows, |a, b| ((a / b).floor(), NEVER)),
        Op::Mod => map2(level, a, b, rows, |a, b| (a % b, NEVER)),
        Op::FloorMod => map2(level, a, b, rows, |a: T, b: T| {
            let r = a % b;
            let other_side = r != T::zero() && (r < T::zero()) != (b < T::zero());
            // Zero has the sign of `b` too.
            let zero = if b.is_sign_negative() { T::neg_zero() } else { T::zero() };
            (
                if other_side {
                    r + b
                } else if r == T::zero() {
                    zero
                } else {
                    r
                },
                NEVER,
            )
        }),
    };
    out
}

/// An operation on floats.
pub(crate) fn float_values<T: Float>(op: Op, arguments: &[Value], rows: usize, result: &DataType) -> Result<Value> {
    let [left, right] = arguments else { return Err(Error::internal("an operation on two numbers")) };
    let (a, b) = (Operand::<T>::new(left)?, Operand::<T>::new(right)?);
    let out = floats(Level::best(), op, a.side(), b.side(), rows_of(arguments, rows));
    Ok(finish(primitive(out, nulls(arguments), result)?, arguments))
}

/// The negative of integers.
pub(crate) fn negative_integers<T: Integer>(argument: &Value, overflow: Overflow) -> Result<ArrayRef> {
    one_integer(argument, overflow, |a| T::default().minus(a), "-")
}

/// The magnitude of integers.
pub(crate) fn magnitude<T: Integer>(argument: &Value, overflow: Overflow) -> Result<ArrayRef> {
    one_integer(argument, overflow, T::magnitude, "abs")
}

/// A function of one integer that may overflow; `shown` is its name.
pub(crate) fn one_integer<T: Integer>(
    argument: &Value,
    overflow: Overflow,
    f: impl Fn(T) -> (T, T) + Copy,
    shown: &str,
) -> Result<ArrayRef> {
    let array = argument.inner();
    let values = crate::operands::values::<T>(array.as_ref())?;
    let (out, flags) = map_flag(Level::best(), &values, f);
    let mut nulls = array.nulls().cloned();
    if T::is_set(flags) && overflow != Overflow::Wrap {
        let describe = |i: usize, _| format!("{shown}({}) overflows {}", values[i], name(array.data_type()));
        let fault = |i: usize| T::is_set(f(values[i]).1).then_some(Fault::Overflow);
        nulls = settle(values.len(), nulls, overflow, fault, describe)?;
    }
    primitive(out, nulls, array.data_type())
}

/// A function of one value to a value of type `result`, in every row, null or not.
pub(crate) fn one<T: ArrowNativeType, R: ArrowNativeType + Pod>(
    argument: &Value,
    result: &DataType,
    f: impl Fn(T) -> R + Copy,
) -> Result<ArrayRef> {
    let array = argument.inner();
    let values = crate::operands::values::<T>(array.as_ref())?;
    primitive(map(Level::best(), &values, f), array.nulls().cloned(), result)
}

/// The negative of uint64 as int64.
pub(crate) fn negative_unsigned(argument: &Value, overflow: Overflow) -> Result<ArrayRef> {
    const LEAST: u64 = 1 << 63;
    let array = argument.inner();
    let values = crate::operands::values::<u64>(array.as_ref())?;
    let (out, flagged) = map_flag(Level::best(), &values, |a| (0_u64.wrapping_sub(a) as i64, a > LEAST));
    let mut nulls = array.nulls().cloned();
    if flagged && overflow != Overflow::Wrap {
        let describe = |i: usize, _| format!("-({}) overflows int64", values[i]);
        let fault = |i: usize| (values[i] > LEAST).then_some(Fault::Overflow);
        nulls = settle(values.len(), nulls, overflow, fault, describe)?;
    }
    primitive(out, nulls, &DataType::Int64)
}
