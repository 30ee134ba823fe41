//! One value.

use std::str::FromStr;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type,
    Int32Type, Int64Type, IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType, Time32SecondType,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, IntervalMonthDayNanoArray, LargeStringArray, PrimitiveArray, StringArray,
    StringViewArray, new_null_array,
};
use arrow_buffer::{IntervalMonthDayNano, i256};
use arrow_cast::cast;
use arrow_schema::{DataType, IntervalUnit};
use half::f16;
use num_bigint::BigInt;
use pf_base::{Error, Result};

use super::decimal::Decimal;

/// One value, in the widest form of its kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    /// An integer, or what a date, time, timestamp or duration counts in its unit.
    Int(i128),
    Decimal(Decimal),
    Float(f64),
    Text(String),
    Interval {
        months: i64,
        days: i64,
        nanoseconds: i128,
    },
    /// What is only handed on.
    Other(ArrayRef),
}

impl Cell {
    /// The value in a row.
    pub(super) fn read(array: &ArrayRef, row: usize) -> Result<Self> {
        use DataType as D;
        let data_type = array.data_type();
        if data_type.is_null() || array.is_null(row) {
            return Ok(Cell::Null);
        }
        let one = array.slice(row, 1);
        // Arrow hands over the integers that are there.
        let int = |width: &D| -> Result<i128> {
            let same = cast(&one, width)?;
            Ok(match width {
                D::UInt64 => same.as_primitive::<UInt64Type>().value(0).into(),
                _ => same.as_primitive::<Int64Type>().value(0).into(),
            })
        };
        let decimal = |digits: BigInt, scale: i8| Cell::Decimal(Decimal { digits, scale: scale.into() });
        Ok(match data_type {
            D::Boolean => Cell::Bool(one.as_boolean().value(0)),
            t if t.is_unsigned_integer() => Cell::Int(int(&D::UInt64)?),
            t if t.is_signed_integer() => Cell::Int(int(&D::Int64)?),
            D::Date32 => Cell::Int(one.as_primitive::<Date32Type>().value(0).into()),
            D::Time32(_) => {
                let seconds = PrimitiveArray::<Time32SecondType>::from(
                    one.to_data().into_builder().data_type(D::Time32(arrow_schema::TimeUnit::Second)).build()?,
                );
                Cell::Int(seconds.value(0).into())
            }
            D::Date64 | D::Time64(_) | D::Timestamp(..) | D::Duration(_) => Cell::Int(counts(&one)?),
            D::Decimal32(_, s) => decimal(one.as_primitive::<Decimal32Type>().value(0).into(), *s),
            D::Decimal64(_, s) => decimal(one.as_primitive::<Decimal64Type>().value(0).into(), *s),
            D::Decimal128(_, s) => decimal(one.as_primitive::<Decimal128Type>().value(0).into(), *s),
            D::Decimal256(_, s) => {
                let digits = BigInt::from_str(&one.as_primitive::<Decimal256Type>().value(0).to_string());
                decimal(digits.map_err(|e| Error::internal(e.to_string()))?, *s)
            }
            D::Float16 => Cell::Float(one.as_primitive::<Float16Type>().value(0).to_f64()),
            D::Float32 => Cell::Float(one.as_primitive::<Float32Type>().value(0).into()),
            D::Float64 => Cell::Float(one.as_primitive::<Float64Type>().value(0)),
            D::Utf8 => Cell::Text(one.as_string::<i32>().value(0).to_owned()),
            D::LargeUtf8 => Cell::Text(one.as_string::<i64>().value(0).to_owned()),
            D::Utf8View => Cell::Text(one.as_string_view().value(0).to_owned()),
            D::Interval(IntervalUnit::YearMonth) => {
                let months = one.as_primitive::<IntervalYearMonthType>().value(0).into();
                Cell::Interval { months, days: 0, nanoseconds: 0 }
            }
            D::Interval(IntervalUnit::DayTime) => {
                let value = one.as_primitive::<IntervalDayTimeType>().value(0);
                let nanoseconds = i128::from(value.milliseconds) * 1_000_000;
                Cell::Interval { months: 0, days: value.days.into(), nanoseconds }
            }
            D::Interval(IntervalUnit::MonthDayNano) => {
                let IntervalMonthDayNano { months, days, nanoseconds } =
                    one.as_primitive::<IntervalMonthDayNanoType>().value(0);
                Cell::Interval { months: months.into(), days: days.into(), nanoseconds: nanoseconds.into() }
            }
            D::Dictionary(..) => {
                let dictionary = one.as_any_dictionary();
                Self::read(dictionary.values(), dictionary.normalized_keys()[0])?
            }
            _ => Cell::Other(one),
        })
    }

    /// An array of it.
    pub(super) fn into_array(self, data_type: &DataType) -> Result<ArrayRef> {
        use DataType as D;
        let wrong = |cell: &Cell| Error::internal(format!("{cell:?} is not of {data_type}"));
        Ok(match (self, data_type) {
            (Cell::Null, _) => new_null_array(data_type, 1),
            (Cell::Bool(b), D::Boolean) => Arc::new(BooleanArray::from(vec![b])),
            (Cell::Int(v), t) if t.is_integer() || width(t).is_some() => {
                integer(v, t).ok_or_else(|| wrong(&Cell::Int(v)))?
            }
            (Cell::Decimal(v), D::Decimal128(p, s)) if v.scale == i64::from(*s) => {
                let digits = i128::try_from(&v.digits).map_err(|_| wrong(&Cell::Decimal(v)))?;
                let one = PrimitiveArray::<Decimal128Type>::from_iter_values([digits]);
                Arc::new(one.with_precision_and_scale(*p, *s)?)
            }
            (Cell::Decimal(v), D::Decimal256(p, s)) if v.scale == i64::from(*s) => {
                let digits = i256::from_string(&v.digits.to_string()).ok_or_else(|| wrong(&Cell::Decimal(v)))?;
                let one = PrimitiveArray::<Decimal256Type>::from_iter_values([digits]);
                Arc::new(one.with_precision_and_scale(*p, *s)?)
            }
            (Cell::Float(x), D::Float16) => {
                Arc::new(PrimitiveArray::<Float16Type>::from_iter_values([f16::from_f64(x)]))
            }
            (Cell::Float(x), D::Float32) => Arc::new(PrimitiveArray::<Float32Type>::from_iter_values([x as f32])),
            (Cell::Float(x), D::Float64) => Arc::new(PrimitiveArray::<Float64Type>::from_iter_values([x])),
            (Cell::Text(s), D::Utf8) => Arc::new(StringArray::from(vec![s])),
            (Cell::Text(s), D::LargeUtf8) => Arc::new(LargeStringArray::from(vec![s])),
            (Cell::Text(s), D::Utf8View) => Arc::new(StringViewArray::from(vec![s])),
            (Cell::Interval { months, days, nanoseconds }, D::Interval(IntervalUnit::MonthDayNano)) => {
                let fits = (i32::try_from(months), i32::try_from(days), i64::try_from(nanoseconds));
                let (Ok(months), Ok(days), Ok(nanoseconds)) = fits else {
                    return Err(wrong(&Cell::Interval { months, days, nanoseconds }));
                };
                Arc::new(IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano { months, days, nanoseconds }]))
            }
            (Cell::Interval { months, .. }, D::Interval(IntervalUnit::YearMonth)) => {
                Arc::new(PrimitiveArray::<IntervalYearMonthType>::from_iter([i32::try_from(months).ok()]))
            }
            (Cell::Other(array), _) if array.data_type() == data_type => array,
            (other, _) => return Err(wrong(&other)),
        })
    }
}

/// The count of a type of 64 bits.
fn counts(one: &ArrayRef) -> Result<i128> {
    let data = one.to_data().into_builder().data_type(DataType::Int64).build()?;
    Ok(PrimitiveArray::<Int64Type>::from(data).value(0).into())
}

/// The bits of an integer, or of what a date, time, timestamp or duration counts.
pub(super) fn width(data_type: &DataType) -> Option<u32> {
    use DataType as D;
    match data_type {
        t if t.is_integer() => t.primitive_width().map(|bytes| 8 * bytes as u32),
        D::Date32 | D::Time32(_) => Some(32),
        D::Date64 | D::Time64(_) | D::Timestamp(..) | D::Duration(_) => Some(64),
        _ => None,
    }
}

/// Whether an integer type, or one that counts, holds the value.
pub(super) fn within(value: i128, data_type: &DataType) -> bool {
    let bits = width(data_type).unwrap_or(0);
    if data_type.is_unsigned_integer() {
        value >= 0 && value < 1_i128 << bits
    } else {
        bits > 0 && value >= -(1_i128 << (bits - 1)) && value < 1_i128 << (bits - 1)
    }
}

fn integer(value: i128, data_type: &DataType) -> Option<ArrayRef> {
    if !within(value, data_type) {
        return None;
    }
    let wide: ArrayRef = match data_type {
        DataType::UInt64 => Arc::new(PrimitiveArray::<UInt64Type>::from_iter_values([value as u64])),
        t if width(t) == Some(32) && !t.is_integer() => {
            Arc::new(PrimitiveArray::<Int32Type>::from_iter_values([value as i32]))
        }
        _ => Arc::new(PrimitiveArray::<Int64Type>::from_iter_values([value as i64])),
    };
    if data_type.is_integer() {
        return cast(&wide, data_type).ok();
    }
    Some(arrow_array::make_array(wide.to_data().into_builder().data_type(data_type.clone()).build().ok()?))
}

/// The nearest value of a float type.
pub(super) fn rounded(value: f64, data_type: &DataType) -> f64 {
    match data_type {
        DataType::Float16 => f16::from_f64(value).to_f64(),
        DataType::Float32 => f64::from(value as f32),
        _ => value,
    }
}
