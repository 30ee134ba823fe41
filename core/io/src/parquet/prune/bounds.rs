//! What statistics of column chunks and pages say of their values.

use arrow_schema::DataType;
use half::f16;
use parquet::basic::{ColumnOrder, SortOrder, Type};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescriptor;
use pf_compute_core::{Bound, Scalar};

/// A value of a physical type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Raw<'a> {
    Boolean(bool),
    Int32(i32),
    Int64(i64),
    Float(f32),
    Double(f64),
    /// Of both types of byte arrays.
    Bytes(&'a [u8]),
}

/// What the statistics of a chunk of so many rows say of its values, which are read as `data_type`.
pub(super) fn of_chunk(chunk: &ColumnChunkMetaData, order: ColumnOrder, rows: i64, data_type: &DataType) -> Bound {
    let column = chunk.column_descr();
    if column.max_rep_level() != 0 {
        return Bound::UNKNOWN;
    }
    let Some(statistics) = chunk.statistics() else {
        return Bound { nulls: may_be_null(column, None), ..Bound::UNKNOWN };
    };
    let nulls = statistics.null_count_opt().and_then(|n| i64::try_from(n).ok());
    if column.max_def_level() > 0 && nulls.is_some_and(|nulls| nulls >= rows) {
        return Bound::NULL;
    }
    let (min, max) = match statistics {
        Statistics::Boolean(s) => (s.min_opt().map(|v| Raw::Boolean(*v)), s.max_opt().map(|v| Raw::Boolean(*v))),
        Statistics::Int32(s) => (s.min_opt().map(|v| Raw::Int32(*v)), s.max_opt().map(|v| Raw::Int32(*v))),
        Statistics::Int64(s) => (s.min_opt().map(|v| Raw::Int64(*v)), s.max_opt().map(|v| Raw::Int64(*v))),
        Statistics::Int96(_) => (None, None),
        Statistics::Float(s) => (s.min_opt().map(|v| Raw::Float(*v)), s.max_opt().map(|v| Raw::Float(*v))),
        Statistics::Double(s) => (s.min_opt().map(|v| Raw::Double(*v)), s.max_opt().map(|v| Raw::Double(*v))),
        Statistics::ByteArray(s) => (s.min_bytes_opt().map(Raw::Bytes), s.max_bytes_opt().map(Raw::Bytes)),
        Statistics::FixedLenByteArray(s) => (s.min_bytes_opt().map(Raw::Bytes), s.max_bytes_opt().map(Raw::Bytes)),
    };
    let order = if statistics.is_min_max_deprecated() { ColumnOrder::UNDEFINED } else { order };
    let nan = statistics.nan_count_opt() != Some(0);
    bound(column, order, data_type, (min, max), may_be_null(column, nulls), nan)
}

/// What the index of pages says of each page.
pub(super) fn of_pages(
    index: &ColumnIndexMetaData,
    column: &ColumnDescriptor,
    order: ColumnOrder,
    data_type: &DataType,
) -> Vec<Bound> {
    let pages = usize::try_from(index.num_pages()).unwrap_or(0);
    let of_page = |page: usize| {
        if index.is_null_page(page) {
            return Bound::NULL;
        }
        let ends = match index {
            ColumnIndexMetaData::BOOLEAN(i) => {
                (i.min_value(page).map(|v| Raw::Boolean(*v)), i.max_value(page).map(|v| Raw::Boolean(*v)))
            }
            ColumnIndexMetaData::INT32(i) => {
                (i.min_value(page).map(|v| Raw::Int32(*v)), i.max_value(page).map(|v| Raw::Int32(*v)))
            }
            ColumnIndexMetaData::INT64(i) => {
                (i.min_value(page).map(|v| Raw::Int64(*v)), i.max_value(page).map(|v| Raw::Int64(*v)))
            }
            ColumnIndexMetaData::INT96(_) => (None, None),
            ColumnIndexMetaData::FLOAT(i) => {
                (i.min_value(page).map(|v| Raw::Float(*v)), i.max_value(page).map(|v| Raw::Float(*v)))
            }
            ColumnIndexMetaData::DOUBLE(i) => {
                (i.min_value(page).map(|v| Raw::Double(*v)), i.max_value(page).map(|v| Raw::Double(*v)))
            }
            ColumnIndexMetaData::BYTE_ARRAY(i) | ColumnIndexMetaData::FIXED_LEN_BYTE_ARRAY(i) => {
                (i.min_value(page).map(Raw::Bytes), i.max_value(page).map(Raw::Bytes))
            }
        };
        let nan = index.nan_counts().and_then(|counts| counts.get(page)) != Some(&0);
        bound(column, order, data_type, ends, may_be_null(column, index.null_count(page)), nan)
    };
    (0..pages).map(of_page).collect()
}

/// Whether there may be nulls, given how many are counted. Below a struct not all writers count the nulls of the struct.
fn may_be_null(column: &ColumnDescriptor, nulls: Option<i64>) -> bool {
    let nested = column.path().parts().len() > 1;
    column.max_def_level() > 0 && (nested || nulls != Some(0))
}

fn bound(
    column: &ColumnDescriptor,
    order: ColumnOrder,
    data_type: &DataType,
    (min, max): (Option<Raw<'_>>, Option<Raw<'_>>),
    nulls: bool,
    nan: bool,
) -> Bound {
    let known = Bound { nulls, nan, ..Bound::UNKNOWN };
    if !can_be_used(order, column, data_type) {
        return known;
    }
    let value = |raw: Option<Raw<'_>>| raw.map(|raw| scalar(raw, column, data_type));
    match (value(min), value(max)) {
        // One that is NaN or no value of the type: neither can be trusted.
        (Some(None), _) | (_, Some(None)) => known,
        (min, max) => Bound::between(min.flatten(), max.flatten(), nulls, nan),
    }
}

/// Whether bounds have the order that values of the type have.
///
/// Where the footer does not name an order, or the fields are those of before there was one, bounds were compared as
/// signed numbers whatever the type: then they are good for such numbers alone.
fn can_be_used(order: ColumnOrder, column: &ColumnDescriptor, data_type: &DataType) -> bool {
    use DataType as D;
    let signed_number = match data_type {
        D::Boolean | D::Int8 | D::Int16 | D::Int32 | D::Int64 | D::Float32 | D::Float64 => true,
        D::Date32 | D::Date64 | D::Time32(_) | D::Time64(_) | D::Timestamp(..) | D::Duration(_) => true,
        D::Dictionary(_, values) => return can_be_used(order, column, values),
        _ => false,
    };
    match order {
        ColumnOrder::UNDEFINED => signed_number,
        ColumnOrder::TYPE_DEFINED_ORDER(_) => match (column.sort_order(), data_type) {
            (SortOrder::UNDEFINED | SortOrder::INT96_TIMESTAMP, _) => false,
            (SortOrder::UNSIGNED, D::Boolean) => true,
            (SortOrder::UNSIGNED, _) => !signed_number && !is_decimal(data_type) && *data_type != D::Float16,
            (SortOrder::SIGNED | SortOrder::TOTAL_ORDER, _) => {
                signed_number || is_decimal(data_type) || *data_type == D::Float16
            }
        },
        ColumnOrder::IEEE_754_TOTAL_ORDER => matches!(data_type, D::Float16 | D::Float32 | D::Float64),
        ColumnOrder::INT96_TIMESTAMP_ORDER | ColumnOrder::UNKNOWN => false,
    }
}

fn is_decimal(data_type: &DataType) -> bool {
    use DataType::{Decimal32, Decimal64, Decimal128, Decimal256};
    matches!(data_type, Decimal32(..) | Decimal64(..) | Decimal128(..) | Decimal256(..))
}

/// A bound as a value of the type that the column is read as; none where it is NaN or no value of the type.
pub(super) fn scalar(raw: Raw<'_>, column: &ColumnDescriptor, data_type: &DataType) -> Option<Scalar> {
    use DataType as D;
    let within = |value: i64, least: i64, most: i64| (least..=most).contains(&value).then_some(value);
    let integer = match (data_type, raw) {
        (D::Dictionary(_, values), _) => return scalar(raw, column, values),
        (D::Boolean, Raw::Boolean(value)) => return Some(Scalar::Boolean(value)),
        (D::Float32, Raw::Float(value)) => return float(value.into()),
        (D::Float64, Raw::Double(value)) => return float(value),
        (D::Float16, Raw::Bytes(&[low, high])) => return float(f16::from_le_bytes([low, high]).into()),
        (D::Decimal256(..), _) => return wide_decimal(raw, column).map(Scalar::Wide),
        (t, _) if is_decimal(t) => return decimal(raw, column).map(Scalar::Integer),
        (
            D::Utf8 | D::LargeUtf8 | D::Utf8View | D::Binary | D::LargeBinary | D::BinaryView | D::FixedSizeBinary(_),
            Raw::Bytes(bytes),
        ) => return Some(Scalar::Bytes(bytes.to_vec())),
        (D::Int8, Raw::Int32(value)) => within(value.into(), -128, 127)?,
        (D::Int16, Raw::Int32(value)) => within(value.into(), -32_768, 32_767)?,
        (D::Int32 | D::Date32 | D::Time32(_), Raw::Int32(value)) => value.into(),
        (D::UInt8, Raw::Int32(value)) => within(value.into(), 0, 255)?,
        (D::UInt16, Raw::Int32(value)) => within(value.into(), 0, 65_535)?,
        (D::UInt32, Raw::Int32(value)) => i64::from(value as u32),
        // Dates that are stored as days.
        (D::Date64, Raw::Int32(value)) => i64::from(value) * 86_400_000,
        (D::Int64 | D::Date64 | D::Time64(_) | D::Timestamp(..) | D::Duration(_), Raw::Int64(value)) => value,
        (D::UInt64, Raw::Int64(value)) => return Some(Scalar::Integer(i128::from(value as u64))),
        _ => return None,
    };
    Some(Scalar::Integer(integer.into()))
}

fn float(value: f64) -> Option<Scalar> {
    (!value.is_nan()).then_some(Scalar::Float(value))
}

/// The digits of a decimal, sign-extended; none where they may have been cut, as those of variable length may.
fn digits<const N: usize>(raw: Raw<'_>, column: &ColumnDescriptor) -> Option<[u8; N]> {
    let of_number = |bytes: &[u8], negative: bool| {
        let mut digits = [if negative { 0xff } else { 0 }; N];
        let start = N.checked_sub(bytes.len())?;
        digits[start..].copy_from_slice(bytes);
        Some(digits)
    };
    match raw {
        Raw::Int32(value) => of_number(&value.to_be_bytes(), value < 0),
        Raw::Int64(value) => of_number(&value.to_be_bytes(), value < 0),
        Raw::Bytes(bytes) => {
            let whole = column.physical_type() == Type::FIXED_LEN_BYTE_ARRAY
                && usize::try_from(column.type_length()) == Ok(bytes.len());
            let negative = *bytes.first()? >= 0x80;
            if whole { of_number(bytes, negative) } else { None }
        }
        _ => None,
    }
}

/// A decimal of up to 128 bits, without its point.
pub(super) fn decimal(raw: Raw<'_>, column: &ColumnDescriptor) -> Option<i128> {
    digits(raw, column).map(i128::from_be_bytes)
}

fn wide_decimal(raw: Raw<'_>, column: &ColumnDescriptor) -> Option<arrow_buffer::i256> {
    digits(raw, column).map(arrow_buffer::i256::from_be_bytes)
}
