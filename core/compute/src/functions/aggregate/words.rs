//! Values of at most 64 bits as words that have the same order, and arrays of bytes as slices.

use arrow_array::cast::AsArray;
use arrow_array::types::{BinaryType, LargeBinaryType, LargeUtf8Type, Utf8Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, FixedSizeBinaryArray, LargeBinaryArray, LargeStringArray,
    StringArray, StringViewArray,
};
use arrow_row::{RowConverter, Rows, SortField};
use arrow_schema::DataType;
use half::f16;
use pf_base::{Error, Result};

/// A value of at most 64 bits.
pub(super) trait Word: Copy + Default + Send + Sync + 'static {
    /// A word that is less where the value is, and the same where values count as one: all NaN, and -0.0 with 0.0.
    fn word(self) -> u64;

    /// The value of a word.
    fn value(word: u64) -> Self;
}

macro_rules! whole {
    ($($type:ty: $wide:ty, $flip:expr);*) => {$(
        impl Word for $type {
            #[inline(always)]
            fn word(self) -> u64 {
                <$wide>::from(self) as u64 ^ $flip
            }

            fn value(word: u64) -> Self {
                (word ^ $flip) as Self
            }
        }
    )*};
}

whole!(
    i8: i64, 1 << 63; i16: i64, 1 << 63; i32: i64, 1 << 63; i64: i64, 1 << 63;
    u8: u64, 0; u16: u64, 0; u32: u64, 0; u64: u64, 0
);

impl Word for f64 {
    #[inline(always)]
    fn word(self) -> u64 {
        let one = if self.is_nan() { f64::NAN } else { self + 0.0 };
        let bits = one.to_bits();
        // Of negative numbers the larger bits are the less.
        bits ^ ((bits as i64 >> 63) as u64 | 1 << 63)
    }

    fn value(word: u64) -> Self {
        f64::from_bits(if word >> 63 == 1 { word ^ 1 << 63 } else { !word })
    }
}

macro_rules! narrow {
    ($($type:ty, $narrow:expr);*) => {$(
        impl Word for $type {
            #[inline(always)]
            fn word(self) -> u64 {
                f64::from(self).word()
            }

            fn value(word: u64) -> Self {
                $narrow(f64::value(word))
            }
        }
    )*};
}

narrow!(f32, |x: f64| x as f32; f16, f16::from_f64);

/// Calls the macro with the primitive type of at most 64 bits behind `data_type`.
macro_rules! with_word {
    ($data_type:expr, $then:ident, $else:expr) => {
        match $data_type {
            DataType::Int8 => $then!(arrow_array::types::Int8Type),
            DataType::Int16 => $then!(arrow_array::types::Int16Type),
            DataType::Int32 => $then!(arrow_array::types::Int32Type),
            DataType::Int64 => $then!(arrow_array::types::Int64Type),
            DataType::UInt8 => $then!(arrow_array::types::UInt8Type),
            DataType::UInt16 => $then!(arrow_array::types::UInt16Type),
            DataType::UInt32 => $then!(arrow_array::types::UInt32Type),
            DataType::UInt64 => $then!(arrow_array::types::UInt64Type),
            DataType::Float16 => $then!(arrow_array::types::Float16Type),
            DataType::Float32 => $then!(arrow_array::types::Float32Type),
            DataType::Float64 => $then!(arrow_array::types::Float64Type),
            DataType::Date32 => $then!(arrow_array::types::Date32Type),
            DataType::Date64 => $then!(arrow_array::types::Date64Type),
            DataType::Time32(TimeUnit::Second) => $then!(arrow_array::types::Time32SecondType),
            DataType::Time32(TimeUnit::Millisecond) => $then!(arrow_array::types::Time32MillisecondType),
            DataType::Time64(TimeUnit::Microsecond) => $then!(arrow_array::types::Time64MicrosecondType),
            DataType::Time64(TimeUnit::Nanosecond) => $then!(arrow_array::types::Time64NanosecondType),
            DataType::Timestamp(TimeUnit::Second, _) => $then!(arrow_array::types::TimestampSecondType),
            DataType::Timestamp(TimeUnit::Millisecond, _) => $then!(arrow_array::types::TimestampMillisecondType),
            DataType::Timestamp(TimeUnit::Microsecond, _) => $then!(arrow_array::types::TimestampMicrosecondType),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => $then!(arrow_array::types::TimestampNanosecondType),
            DataType::Duration(TimeUnit::Second) => $then!(arrow_array::types::DurationSecondType),
            DataType::Duration(TimeUnit::Millisecond) => $then!(arrow_array::types::DurationMillisecondType),
            DataType::Duration(TimeUnit::Microsecond) => $then!(arrow_array::types::DurationMicrosecondType),
            DataType::Duration(TimeUnit::Nanosecond) => $then!(arrow_array::types::DurationNanosecondType),
            _ => $else,
        }
    };
}
pub(super) use with_word;

/// Mixes the bits of a word, the same on every machine (a step of SplitMix64).
#[inline(always)]
pub(super) fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

/// A hash of bytes, the same on every machine: words of 8 bytes, little end first, mixed one after the other.
#[inline]
pub(super) fn hash_bytes(bytes: &[u8]) -> u64 {
    let fold = |state: u64, word: u64| {
        let product = u128::from(state ^ word) * 0x9e37_79b9_7f4a_7c15;
        product as u64 ^ (product >> 64) as u64 ^ word.rotate_left(32)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let mut state = 0x2545_f491_4f6c_dd1d ^ bytes.len() as u64;
    for word in words {
        state = fold(state, u64::from_le_bytes(*word));
    }
    // The length is in the state, so that overlapping parts tell all rests of a length apart.
    let last = match *rest {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_le_bytes([a, b])),
        [a, b, c] => u64::from(u32::from_le_bytes([a, b, c, 0])),
        [a, b, c, d, ref more @ ..] => {
            let [x, y, z] = [more.first(), more.get(1), more.get(2)].map(|byte| byte.copied().unwrap_or(0));
            u64::from_le_bytes([a, b, c, d, x, y, z, 0])
        }
    };
    mix(fold(state, last))
}

/// An array whose values are slices of bytes, equal where the values are.
pub(super) enum Slices {
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    Binary(BinaryArray),
    LargeBinary(LargeBinaryArray),
    BinaryView(BinaryViewArray),
    Fixed(FixedSizeBinaryArray),
    /// Of any other type, in arrow's format of rows.
    Rows(Rows),
}

impl Slices {
    /// The values of an array. Where `data_type` has no bytes of its own they are made.
    pub(super) fn new(array: &ArrayRef) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Utf8 => Self::Utf8(array.as_bytes::<Utf8Type>().clone()),
            DataType::LargeUtf8 => Self::LargeUtf8(array.as_bytes::<LargeUtf8Type>().clone()),
            DataType::Utf8View => Self::Utf8View(array.as_string_view().clone()),
            DataType::Binary => Self::Binary(array.as_bytes::<BinaryType>().clone()),
            DataType::LargeBinary => Self::LargeBinary(array.as_bytes::<LargeBinaryType>().clone()),
            DataType::BinaryView => Self::BinaryView(array.as_binary_view().clone()),
            DataType::FixedSizeBinary(_) => Self::Fixed(array.as_fixed_size_binary().clone()),
            other => {
                let converter = RowConverter::new(vec![SortField::new(other.clone())]);
                let converter = converter.map_err(|_| Error::wrong_type(format!("cannot compare {other}")))?;
                Self::Rows(converter.convert_columns(std::slice::from_ref(array))?)
            }
        })
    }

    /// The bytes of a row that is not null.
    #[inline]
    pub(super) fn get(&self, row: usize) -> &[u8] {
        match self {
            Self::Utf8(array) => array.value(row).as_bytes(),
            Self::LargeUtf8(array) => array.value(row).as_bytes(),
            Self::Utf8View(array) => array.value(row).as_bytes(),
            Self::Binary(array) => array.value(row),
            Self::LargeBinary(array) => array.value(row),
            Self::BinaryView(array) => array.value(row),
            Self::Fixed(array) => array.value(row),
            Self::Rows(rows) => rows.row(row).data(),
        }
    }
}

/// Whether values of the type are words.
pub(super) fn is_word(data_type: &DataType) -> bool {
    use arrow_schema::TimeUnit;
    macro_rules! yes {
        ($type:ty) => {
            true
        };
    }
    with_word!(data_type, yes, false)
}
