//! A hash of rows that stays the same for ever, on every machine.
//!
//! Values that are equal hash alike whatever the width or layout they are stored in. Everything is arithmetic of 64
//! bits that wraps. `mix(x)` is `x ^= x >> 30; x *= 0xBF58476D1CE4E5B9; x ^= x >> 27; x *= 0x94D049BB133111EB;
//! x ^= x >> 31`. A column has a seed, `mix(kind * 0x9E3779B97F4A7C15)`, by the kind of its values, [`Kind`], and the
//! hash of
//!
//! - a null of any type is `mix` of the seed of nulls;
//! - a boolean, 0 or 1, and an integer of any width, in two's complement: `mix(seed + value)`; an integer above the
//!   greatest int64 has another seed;
//! - a float of any width is that of its float64 bits, of one NaN and of 0.0 for -0.0: `mix(seed + bits)`;
//! - a decimal has the trailing zeros of its fraction removed (a zero has scale 0); the scale as int64, then the four
//!   words of the unscaled value of 256 bits, the lowest first, are taken in one after the other: `h = mix(h + word)`,
//!   from the seed on;
//! - a date is `mix(seed + milliseconds)`; a time, timestamp or duration, in nanoseconds of 128 bits, is
//!   `mix(mix(seed + low word) + high word)`;
//! - text and other bytes is XXH64 of the bytes, with the seed.
//!
//! Of several columns, `h = mix(h * 0x9E3779B97F4A7C15 + next)` takes in one after the other.

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal256Type;
use arrow_array::{Array, ArrayRef, UInt64Array};
use arrow_buffer::{ArrowNativeType, NullBuffer, ScalarBuffer, i256};
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Context, Error, Result};
use twox_hash::XxHash64;

use crate::pieces::{each_native, fill, values_of};
use crate::sort::keys::bytes_of;

/// The seeds.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Null = 1,
    Boolean = 2,
    Integer = 3,
    /// Above the greatest int64.
    Large = 4,
    Float = 5,
    Decimal = 6,
    Date = 7,
    Time = 8,
    Timestamp = 9,
    Duration = 10,
    Bytes = 11,
}

impl Kind {
    #[inline(always)]
    const fn seed(self) -> u64 {
        mix((self as u64).wrapping_mul(GOLDEN))
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The mixing step, a bijection.
#[inline(always)]
pub(crate) const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[inline(always)]
fn join(hash: u64, next: u64) -> u64 {
    mix(hash.wrapping_mul(GOLDEN).wrapping_add(next))
}

/// A hash of each row, documented in the source; equal values of different width or layout hash alike, also in later
/// versions and on other machines. A null has a hash too.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for intervals and nested types;
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no column, or columns of different lengths.
pub fn hash(columns: &[ArrayRef], ctx: &Context) -> Result<UInt64Array> {
    let Some(first) = columns.first() else {
        return Err(Error::invalid_argument("a hash needs at least one column"));
    };
    let rows = first.len();
    if let Some(other) = columns.iter().find(|c| c.len() != rows) {
        let other = other.len();
        return Err(Error::invalid_argument(format!("columns have {rows} and {other} rows; expected as many in each")));
    }
    let columns = columns.iter().map(|c| Column::new(c, ctx)).collect::<Result<Vec<_>>>()?;
    let hashes = fill::<u64>(rows, ctx, |start, out| {
        columns[0].fill(start, out);
        let mut next = vec![0; if columns.len() > 1 { out.len() } else { 0 }];
        for column in &columns[1..] {
            column.fill(start, &mut next);
            out.iter_mut().zip(&next).for_each(|(hash, next)| *hash = join(*hash, *next));
        }
        Ok(())
    })?;
    Ok(UInt64Array::new(hashes, None))
}

/// Whether a type has hashes.
pub(crate) fn is_hashed(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_hashed(values),
        other => crate::types::is_ordered(other),
    }
}

/// What fills in the hashes of the rows from the given one on.
type Fill = Box<dyn Fn(usize, &mut [u64]) + Send + Sync>;

struct Column {
    fill: Fill,
    nulls: Option<NullBuffer>,
}

fn each<N: ArrowNativeType>(array: &ArrayRef, hash: impl Fn(N) -> u64 + Send + Sync + 'static) -> Fill {
    let values: ScalarBuffer<N> = values_of(array);
    Box::new(move |start, out| out.iter_mut().zip(&values[start..]).for_each(|(out, v)| *out = hash(*v)))
}

#[inline(always)]
fn integer(value: i64) -> u64 {
    mix(Kind::Integer.seed().wrapping_add(value as u64))
}

#[inline(always)]
fn float(value: f64) -> u64 {
    // Adding zero makes -0.0 a zero.
    let bits = if value.is_nan() { 0x7FF8_0000_0000_0000 } else { (value + 0.0).to_bits() };
    mix(Kind::Float.seed().wrapping_add(bits))
}

#[inline(always)]
fn wide(kind: Kind, value: i128) -> u64 {
    let low = mix(kind.seed().wrapping_add(value as u64));
    mix(low.wrapping_add((value >> 64) as u64))
}

fn decimal(mut value: i256, mut scale: i8) -> u64 {
    let ten = i256::from_i128(10);
    while scale > 0 && value.checked_rem(ten) == Some(i256::ZERO) && value != i256::ZERO {
        value = value.wrapping_div(ten);
        scale -= 1;
    }
    if value == i256::ZERO {
        scale = 0;
    }
    let (low, high) = value.to_parts();
    let words = [scale as i64 as u64, low as u64, (low >> 64) as u64, high as u64, (high >> 64) as u64];
    words.into_iter().fold(Kind::Decimal.seed(), |hash, word| mix(hash.wrapping_add(word)))
}

fn nanoseconds(unit: TimeUnit) -> i128 {
    match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1000,
        TimeUnit::Nanosecond => 1,
    }
}

fn spans(array: &ArrayRef, kind: Kind, unit: TimeUnit) -> Fill {
    let scale = nanoseconds(unit);
    each(array, move |v: i64| wide(kind, i128::from(v) * scale))
}

impl Column {
    fn new(array: &ArrayRef, ctx: &Context) -> Result<Self> {
        use DataType as D;
        const DAY: i64 = 86_400_000;
        let fill: Fill = match array.data_type() {
            D::Null => Box::new(|_, out| out.fill(0)),
            D::Boolean => {
                let values = array.as_boolean().values().clone();
                let hashes = [false, true].map(|v| mix(Kind::Boolean.seed().wrapping_add(u64::from(v))));
                Box::new(move |start, out| {
                    (start..).zip(out).for_each(|(row, out)| *out = hashes[usize::from(values.value(row))]);
                })
            }
            D::Int8 => each(array, |v: i8| integer(v.into())),
            D::Int16 => each(array, |v: i16| integer(v.into())),
            D::Int32 => each(array, |v: i32| integer(v.into())),
            D::Int64 => each(array, integer),
            D::UInt8 => each(array, |v: u8| integer(v.into())),
            D::UInt16 => each(array, |v: u16| integer(v.into())),
            D::UInt32 => each(array, |v: u32| integer(v.into())),
            D::UInt64 => {
                each(array, |v: u64| i64::try_from(v).map_or_else(|_| mix(Kind::Large.seed().wrapping_add(v)), integer))
            }
            D::Float16 => each(array, |v: half::f16| float(v.to_f64())),
            D::Float32 => each(array, |v: f32| float(v.into())),
            D::Float64 => each(array, float),
            D::Decimal32(_, s) => {
                let s = *s;
                each(array, move |v: i32| decimal(i256::from_i128(v.into()), s))
            }
            D::Decimal64(_, s) => {
                let s = *s;
                each(array, move |v: i64| decimal(i256::from_i128(v.into()), s))
            }
            D::Decimal128(_, s) => {
                let s = *s;
                each(array, move |v: i128| decimal(i256::from_i128(v), s))
            }
            D::Decimal256(_, s) => {
                let (values, s) = (array.as_primitive::<Decimal256Type>().values().clone(), *s);
                Box::new(move |start, out| {
                    out.iter_mut().zip(&values[start..]).for_each(|(out, v)| *out = decimal(*v, s));
                })
            }
            D::Date32 => each(array, |v: i32| mix(Kind::Date.seed().wrapping_add((i64::from(v) * DAY) as u64))),
            D::Date64 => each(array, |v: i64| mix(Kind::Date.seed().wrapping_add(v as u64))),
            D::Time32(unit) => {
                let scale = nanoseconds(*unit);
                each(array, move |v: i32| wide(Kind::Time, i128::from(v) * scale))
            }
            D::Time64(unit) => spans(array, Kind::Time, *unit),
            D::Timestamp(unit, _) => spans(array, Kind::Timestamp, *unit),
            D::Duration(unit) => spans(array, Kind::Duration, *unit),
            D::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                if dictionary.values().is_empty() {
                    Box::new(|_, out| out.fill(0))
                } else {
                    let hashes = hash(std::slice::from_ref(dictionary.values()), ctx)?;
                    let keys = dictionary.keys();
                    // Keys of nulls may lead nowhere.
                    let of = move |key: usize| hashes.values().get(key).copied().unwrap_or(0);
                    each_native!(
                        keys.data_type(),
                        N => {
                            let keys = values_of::<N>(keys);
                            Box::new(move |start, out: &mut [u64]| {
                                out.iter_mut().zip(&keys[start..]).for_each(|(out, key)| *out = of(key.as_usize()));
                            })
                        },
                        _ => return Err(Error::internal("a dictionary without integer keys"))
                    )
                }
            }
            other => {
                let Some(bytes) = bytes_of(array) else {
                    return Err(Error::wrong_type(format!(
                        "hash cannot take {other}; takes number, boolean, string, binary, date or time"
                    )));
                };
                Box::new(move |start, out| {
                    let seed = Kind::Bytes.seed();
                    (start..).zip(out).for_each(|(row, out)| *out = XxHash64::oneshot(seed, bytes.at(row)));
                })
            }
        };
        Ok(Self { fill, nulls: array.logical_nulls().filter(|n| n.null_count() > 0) })
    }

    fn fill(&self, start: usize, out: &mut [u64]) {
        (self.fill)(start, out);
        if let Some(nulls) = &self.nulls {
            let null = mix(Kind::Null.seed());
            for (row, out) in (start..).zip(out) {
                if nulls.is_null(row) {
                    *out = null;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int8Type;
    use arrow_array::*;
    use arrow_cast::cast;
    use std::sync::Arc;

    // Computed by another program from the text above.
    const GOLDEN_VALUES: [u64; 13] = [
        0x4821_8226_FF3C_D4BF,
        0x0921_B5C2_E35C_60D0,
        0x70D7_256E_49E4_B547,
        0xAE72_3130_66E6_4CC0,
        0x88D1_E30F_51A6_F8B7,
        0x08D8_37FA_765F_1BA2,
        0x5370_7F95_6ADB_CA98,
        0x4E51_2C28_33C7_57C0,
        0x9D74_6B9D_41EE_61DF,
        0x105D_7F1E_F2AE_4048,
        0xCBB0_CDF3_38CB_C8B0,
        0x8843_2E7B_2D1C_8580,
        0x3099_282F_A19B_A493,
    ];

    fn of(array: impl Array + 'static) -> Vec<u64> {
        hash(&[Arc::new(array)], &Context::default()).unwrap().values().to_vec()
    }

    #[test]
    fn equal_values_hash_alike_in_every_layout() {
        let texts: ArrayRef =
            Arc::new(StringArray::from(vec![Some("a"), None, Some(""), Some("longer than twelve bytes")]));
        let want = hash(std::slice::from_ref(&texts), &Context::default()).unwrap();
        let dictionary = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
        for to in [DataType::LargeUtf8, DataType::Utf8View, DataType::Binary, DataType::BinaryView, dictionary] {
            assert_eq!(hash(&[cast(&texts, &to).unwrap()], &Context::default()).unwrap(), want, "{to}");
        }
        let numbers: ArrayRef = Arc::new(Int8Array::from(vec![Some(0), Some(100), None, Some(1)]));
        let want = of(Int64Array::from(vec![Some(0), Some(100), None, Some(1)]));
        for to in
            [DataType::UInt8, DataType::Int16, DataType::UInt16, DataType::Int32, DataType::UInt32, DataType::UInt64]
        {
            let got = hash(&[cast(&numbers, &to).unwrap()], &Context::default()).unwrap();
            assert_eq!(got.values(), &want[..], "{to}");
        }
        assert_eq!(
            of(Float32Array::from(vec![1.5, -0.0, f32::NAN])),
            of(Float64Array::from(vec![1.5, 0.0, -f64::NAN]))
        );
        let fine = Decimal128Array::from(vec![1500, 0, -10]).with_precision_and_scale(9, 3).unwrap();
        let coarse = Decimal256Array::from(vec![i256::from_i128(15), i256::ZERO, i256::from_i128(-1)]);
        let coarse = coarse.with_precision_and_scale(40, 1).unwrap();
        assert_eq!(of(fine)[..2], of(coarse)[..2]);
        assert_eq!(of(TimestampSecondArray::from(vec![-7])), of(TimestampNanosecondArray::from(vec![-7_000_000_000])));
        assert_eq!(of(Date32Array::from(vec![3])), of(Date64Array::from(vec![3 * 86_400_000])));
        let keys = PrimitiveArray::<Int8Type>::from(vec![Some(1), None]);
        let dictionary = DictionaryArray::new(keys, Arc::new(Int64Array::from(vec![None, Some(4)])));
        assert_eq!(of(dictionary), of(Int64Array::from(vec![Some(4), None])));
    }

    /// These never change.
    #[test]
    fn golden_values() {
        let columns: [ArrayRef; 12] = [
            Arc::new(NullArray::new(1)),
            Arc::new(BooleanArray::from(vec![true])),
            Arc::new(Int64Array::from(vec![42])),
            Arc::new(Int64Array::from(vec![-1])),
            Arc::new(UInt64Array::from(vec![u64::MAX])),
            Arc::new(Float64Array::from(vec![0.5])),
            Arc::new(Float64Array::from(vec![f64::NAN])),
            Arc::new(Decimal128Array::from(vec![1250]).with_precision_and_scale(10, 2).unwrap()),
            Arc::new(Date32Array::from(vec![1])),
            Arc::new(TimestampMillisecondArray::from(vec![-1])),
            Arc::new(StringArray::from(vec![""])),
            Arc::new(StringArray::from(vec!["parquet"])),
        ];
        let mut got: Vec<u64> =
            columns.iter().map(|c| hash(std::slice::from_ref(c), &Context::default()).unwrap().value(0)).collect();
        got.push(hash(&columns, &Context::default()).unwrap().value(0));
        assert_eq!(got, GOLDEN_VALUES);
    }

    #[test]
    fn pieces_and_slices_change_nothing() {
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter((0..200_000).map(|i| (i % 7 != 0).then_some(i))));
        let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..200_000).map(|i| format!("{}", i % 1000))));
        let columns = [numbers, texts];
        let want = hash(&columns, &Context::default().with_threads(1)).unwrap();
        for threads in [2, 7] {
            assert_eq!(hash(&columns, &Context::default().with_threads(threads)).unwrap(), want);
        }
        let cut: Vec<ArrayRef> = columns.iter().map(|c| c.slice(70_001, 1000)).collect();
        assert_eq!(hash(&cut, &Context::default()).unwrap(), want.slice(70_001, 1000));
    }
}
