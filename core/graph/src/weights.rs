//! Edge weights: they keep their type in the adjacency, and are `f64` in algorithms.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::DataType;
use pf_base::{Context, Error, Result};
use std::sync::Arc;

/// The numeric types of a weight column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WeightType {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
}

/// Runs `$body` with `$T` as the Arrow type.
macro_rules! each_type {
    ($kind:expr, $T:ident => $body:expr) => {
        match $kind {
            WeightType::I8 => {
                type $T = Int8Type;
                $body
            }
            WeightType::I16 => {
                type $T = Int16Type;
                $body
            }
            WeightType::I32 => {
                type $T = Int32Type;
                $body
            }
            WeightType::I64 => {
                type $T = Int64Type;
                $body
            }
            WeightType::U8 => {
                type $T = UInt8Type;
                $body
            }
            WeightType::U16 => {
                type $T = UInt16Type;
                $body
            }
            WeightType::U32 => {
                type $T = UInt32Type;
                $body
            }
            WeightType::U64 => {
                type $T = UInt64Type;
                $body
            }
            WeightType::F32 => {
                type $T = Float32Type;
                $body
            }
            WeightType::F64 => {
                type $T = Float64Type;
                $body
            }
        }
    };
}

impl WeightType {
    /// The name of the type in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
            Self::F32 => "float32",
            Self::F64 => "float64",
        }
    }

    pub(crate) fn of(data_type: &DataType, name: &str) -> Result<Self> {
        Ok(match data_type {
            DataType::Int8 => Self::I8,
            DataType::Int16 => Self::I16,
            DataType::Int32 => Self::I32,
            DataType::Int64 => Self::I64,
            DataType::UInt8 => Self::U8,
            DataType::UInt16 => Self::U16,
            DataType::UInt32 => Self::U32,
            DataType::UInt64 => Self::U64,
            DataType::Float32 => Self::F32,
            DataType::Float64 => Self::F64,
            other => {
                return Err(Error::wrong_type(format!("weight column '{name}' must hold numbers, not {other}")));
            }
        })
    }
}

/// How the weights of parallel edges become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    Sum,
    Min,
    Max,
}

/// The native value as 64 bits and back, and as a number.
trait Bits: ArrowPrimitiveType {
    fn to_bits(value: Self::Native) -> u64;
    fn from_bits(bits: u64) -> Self::Native;
    fn to_f64(value: Self::Native) -> f64;
    /// The sum in the order given; nothing where the type has no such value.
    fn sum(bits: &[u64]) -> Option<Self::Native>;
}

macro_rules! integer_bits {
    ($($T:ty),*) => {$(
        impl Bits for $T {
            fn to_bits(value: Self::Native) -> u64 {
                value as u64
            }
            fn from_bits(bits: u64) -> Self::Native {
                bits as Self::Native
            }
            fn to_f64(value: Self::Native) -> f64 {
                value as f64
            }
            fn sum(bits: &[u64]) -> Option<Self::Native> {
                bits.iter().try_fold(0, |sum: Self::Native, b| sum.checked_add(Self::from_bits(*b)))
            }
        }
    )*};
}

integer_bits!(Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type);

impl Bits for Float32Type {
    fn to_bits(value: f32) -> u64 {
        value.to_bits().into()
    }
    fn from_bits(bits: u64) -> f32 {
        f32::from_bits(bits as u32)
    }
    fn to_f64(value: f32) -> f64 {
        value.into()
    }
    /// Rounded once, at the end.
    fn sum(bits: &[u64]) -> Option<f32> {
        let sum = bits.iter().map(|b| f64::from(Self::from_bits(*b))).sum::<f64>();
        (!sum.is_nan()).then_some(sum as f32)
    }
}

impl Bits for Float64Type {
    fn to_bits(value: f64) -> u64 {
        value.to_bits()
    }
    fn from_bits(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
    fn to_f64(value: f64) -> f64 {
        value
    }
    fn sum(bits: &[u64]) -> Option<f64> {
        let sum = bits.iter().map(|b| f64::from_bits(*b)).sum::<f64>();
        (!sum.is_nan()).then_some(sum)
    }
}

/// Refuses nulls and NaN, naming the first.
pub(crate) fn check(array: &ArrayRef, name: &str, first_row: u64) -> Result<()> {
    let kind = WeightType::of(array.data_type(), name)?;
    let bad = |what: &str, row: usize| {
        Err(Error::invalid_argument(format!("weight column '{name}' holds {what}, in row {}", first_row + row as u64)))
    };
    if array.null_count() > 0 {
        return bad("a null", (0..array.len()).find(|i| array.is_null(*i)).unwrap_or(0));
    }
    each_type!(kind, T => {
        let nan = array.as_primitive::<T>().values().iter().position(|v| T::to_f64(*v).is_nan());
        nan.map_or(Ok(()), |row| bad("NaN", row))
    })
}

/// Appends the bits of `len` weights from row `start` on.
pub(crate) fn to_bits(array: &ArrayRef, start: usize, len: usize, bits: &mut Vec<u64>) {
    // The type was checked when the column was collected.
    if let Ok(kind) = WeightType::of(array.data_type(), "") {
        each_type!(kind, T => {
            bits.extend(array.as_primitive::<T>().values()[start..start + len].iter().map(|v| T::to_bits(*v)));
        });
    }
}

/// The bits of one weight for several, the first of equal ones; nothing for a sum that the type does not hold.
/// Infinities of both signs have no sum.
pub(crate) fn merge(kind: WeightType, how: Merge, bits: &[u64]) -> Option<u64> {
    each_type!(kind, T => {
        let better = |a: u64, b: u64| {
            let (x, y) = (T::from_bits(a), T::from_bits(b));
            let b_wins = if how == Merge::Min { y < x } else { y > x };
            if b_wins { b } else { a }
        };
        match how {
            Merge::Sum => T::sum(bits).map(T::to_bits),
            Merge::Min | Merge::Max => bits.iter().copied().reduce(better),
        }
    })
}

/// The array of `kind` whose bits these are.
pub(crate) fn from_bits(kind: WeightType, bits: Vec<u64>) -> ArrayRef {
    match kind {
        // Eight bytes either way: the same memory, read as another type.
        WeightType::F64 => {
            Arc::new(PrimitiveArray::<Float64Type>::new(arrow_buffer::Buffer::from_vec(bits).into(), None))
        }
        WeightType::I64 => {
            Arc::new(PrimitiveArray::<Int64Type>::new(arrow_buffer::Buffer::from_vec(bits).into(), None))
        }
        WeightType::U64 => Arc::new(PrimitiveArray::<UInt64Type>::new(bits.into(), None)),
        kind => each_type!(kind, T => {
            Arc::new(PrimitiveArray::<T>::from_iter_values(bits.into_iter().map(T::from_bits)))
        }),
    }
}

/// The weights as numbers: borrowed where they are `f64`.
pub(crate) fn as_f64<'a>(array: &'a ArrayRef, ctx: &Context) -> Result<Cow<'a, [f64]>> {
    let kind = WeightType::of(array.data_type(), "weight")?;
    if kind == WeightType::F64 {
        return Ok(Cow::Borrowed(array.as_primitive::<Float64Type>().values()));
    }
    let mut numbers = ctx.zeroed::<f64>(array.len(), "weights as float64")?;
    const CHUNK: usize = 1 << 16;
    ctx.for_each(numbers.chunks_mut(CHUNK).collect(), |i, part| {
        each_type!(kind, T => {
            let values = &array.as_primitive::<T>().values()[i * CHUNK..];
            part.iter_mut().zip(values).for_each(|(n, v)| *n = T::to_f64(*v));
        });
        Ok(())
    })?;
    Ok(Cow::Owned(numbers.into_vec()))
}

/// The least and the greatest weight; the least is above the greatest where there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extremes {
    pub(crate) least: f64,
    pub(crate) greatest: f64,
    /// Whether all are whole numbers; it may be false for some beyond 2^51.
    pub(crate) whole: bool,
}

/// The least and the greatest of `array`.
pub(crate) fn extremes(array: &ArrayRef, ctx: &Context) -> Result<Extremes> {
    const CHUNK: usize = 1 << 16;
    /// Values that are compared side by side, so that the comparisons do not wait for each other.
    const LANES: usize = 8;
    /// Adding it leaves no bit for a fraction.
    const NO_FRACTION: f64 = (1u64 << 52) as f64;
    let kind = WeightType::of(array.data_type(), "weight")?;
    let parts = ctx.map(array.len().div_ceil(CHUNK), |i| {
        let (mut least, mut greatest) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        let mut whole = [true; LANES];
        each_type!(kind, T => {
            let values = &array.as_primitive::<T>().values()[i * CHUNK..array.len().min((i + 1) * CHUNK)];
            for lanes in values.chunks(LANES) {
                for (lane, value) in lanes.iter().enumerate() {
                    let value = T::to_f64(*value);
                    least[lane] = if value < least[lane] { value } else { least[lane] };
                    greatest[lane] = if value > greatest[lane] { value } else { greatest[lane] };
                    whole[lane] &= value + NO_FRACTION - NO_FRACTION == value;
                }
            }
        });
        Ok(Extremes {
            least: least.into_iter().fold(f64::INFINITY, f64::min),
            greatest: greatest.into_iter().fold(f64::NEG_INFINITY, f64::max),
            whole: whole.into_iter().all(|whole| whole),
        })
    })?;
    let none = Extremes { least: f64::INFINITY, greatest: f64::NEG_INFINITY, whole: true };
    Ok(parts.iter().fold(none, |all, part| Extremes {
        least: all.least.min(part.least),
        greatest: all.greatest.max(part.greatest),
        whole: all.whole && part.whole,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Float32Array, Int16Array, UInt64Array};

    #[test]
    fn weights_come_back_in_their_type() {
        let arrays: [ArrayRef; 3] = [
            Arc::new(Int16Array::from(vec![-3, 0, i16::MAX])),
            Arc::new(Float32Array::from(vec![-0.0, f32::INFINITY, 1e-40])),
            Arc::new(UInt64Array::from(vec![0, 1, u64::MAX])),
        ];
        for array in arrays {
            let mut bits = Vec::new();
            to_bits(&array, 1, 2, &mut bits);
            let kind = WeightType::of(array.data_type(), "w").unwrap();
            assert_eq!(from_bits(kind, bits).as_ref(), array.slice(1, 2).as_ref());
            check(&array, "w", 0).unwrap();
            assert_eq!(as_f64(&array, &Context::default()).unwrap().len(), 3);
        }
    }

    #[test]
    fn nan_and_null_are_named_with_their_row() {
        let nan: ArrayRef = Arc::new(Float32Array::from(vec![1.0, f32::NAN]));
        assert_eq!(check(&nan, "w", 10).unwrap_err().message(), "weight column 'w' holds NaN, in row 11");
        let null: ArrayRef = Arc::new(Int16Array::from(vec![Some(1), None]));
        assert!(check(&null, "w", 0).unwrap_err().message().contains("a null, in row 1"));
    }
}
