//! Bloom filters: whether a row group has none of the values that a condition asks for.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_buffer::i256;
use arrow_schema::{DataType, TimeUnit};
use parquet::basic::Type;
use parquet::bloom_filter::Sbbf;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::ColumnDescriptor;
use pf_base::Result;
use pf_compute_core::{Scalar, Typed, TypedKind, Value, cast};

use super::super::thrift::varint;
use super::{Group, Supply};

/// Filters that were read of a row group, by leaf column.
pub(super) type Filters = Vec<(usize, Option<Arc<Sbbf>>)>;

/// The longest filter that writers make.
const MOST: i64 = 128 << 20;

impl Group<'_> {
    /// Whether filters exclude that a condition is true: equality with literals, and what `AND` and `OR` make of such.
    pub(super) fn is_absent(&self, typed: &Typed, filters: &mut Filters) -> Result<bool> {
        let TypedKind::Call { function, arguments, .. } = &typed.kind else { return Ok(false) };
        match (function.name, arguments.as_slice()) {
            ("and", parts) => {
                for part in parts {
                    if self.is_absent(part, filters)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            ("or", parts) => {
                for part in parts {
                    if !self.is_absent(part, filters)? {
                        return Ok(false);
                    }
                }
                Ok(!parts.is_empty())
            }
            ("eq" | "not_distinct_from", [a, b]) => match (&a.kind, &b.kind) {
                (_, TypedKind::Literal(value)) => self.lacks(a, &[value], filters),
                (TypedKind::Literal(value), _) => self.lacks(b, &[value], filters),
                _ => Ok(false),
            },
            ("in", [value, items @ ..]) => {
                let literals = items.iter().map(|item| match &item.kind {
                    TypedKind::Literal(value) => Some(value),
                    _ => None,
                });
                match literals.collect::<Option<Vec<_>>>() {
                    Some(literals) => self.lacks(value, &literals, filters),
                    None => Ok(false),
                }
            }
            _ => Ok(false),
        }
    }

    /// Whether the filter of the column in `value` has none of these literals.
    fn lacks(&self, value: &Typed, literals: &[&ArrayRef], filters: &mut Filters) -> Result<bool> {
        let Some((leaf, data_type)) = self.column_of(value) else { return Ok(false) };
        let Some(chunk) = self.meta.columns().get(leaf) else { return Ok(false) };
        let column = chunk.column_descr();
        let plain: Option<Vec<Vec<u8>>> = literals.iter().map(|l| plain(l, column, data_type)).collect();
        let Some(plain) = plain else { return Ok(false) };
        let filter = match filters.iter().find(|(at, _)| *at == leaf) {
            Some((_, filter)) => filter.clone(),
            None => {
                let filter = self.filter(chunk)?.map(Arc::new);
                filters.push((leaf, filter.clone()));
                filter
            }
        };
        Ok(filter.is_some_and(|filter| !plain.iter().any(|bytes| filter.check(bytes.as_slice()))))
    }

    /// The leaf column that a value is, and the type that the file gives it, where no two values of the column become
    /// one on the way.
    fn column_of(&self, mut value: &Typed) -> Option<(usize, &DataType)> {
        while let TypedKind::Cast { value: inner, .. } = &value.kind {
            if !is_exact(&inner.data_type, &value.data_type) {
                return None;
            }
            value = inner;
        }
        let TypedKind::Column(path) = &value.kind else { return None };
        let at = self.pruner.predicate.columns.iter().position(|column| column == path)?;
        match self.pruner.supplies.get(at)? {
            Supply::Leaf { leaf, data_type, to } if to.as_ref().is_none_or(|to| is_exact(data_type, to)) => {
                Some((*leaf, unpacked(data_type)))
            }
            _ => None,
        }
    }

    /// The filter of a column chunk; none where it has none that can be used, or one larger than the data.
    fn filter(&self, chunk: &ColumnChunkMetaData) -> Result<Option<Sbbf>> {
        let Some(offset) = chunk.bloom_filter_offset() else { return Ok(None) };
        let length = match chunk.bloom_filter_length() {
            Some(length) => i64::from(length),
            None => {
                let room = i64::try_from(self.pruner.input.size).unwrap_or(i64::MAX).saturating_sub(offset);
                let head = self.read(Some(offset), Some(room.min(8)), "a Bloom filter")?;
                let Some(length) = whole_length(&head.bytes) else { return Ok(None) };
                length
            }
        };
        if length > MOST.min(self.meta.compressed_size()) {
            return Ok(None);
        }
        let held = self.read(Some(offset), Some(length), "a Bloom filter")?;
        // One of an algorithm that is not known is of no use.
        Ok(Sbbf::from_bytes(&held.bytes).ok().filter(|filter| filter.num_blocks() > 0))
    }
}

/// The length of a filter with its header, as writers have it: the number of bytes, then three unions of one empty
/// struct each.
fn whole_length(head: &[u8]) -> Option<i64> {
    /// The first field, an i32.
    const FIRST_I32: u8 = 0x15;
    let bytes = head.strip_prefix(&[FIRST_I32])?;
    let (length, rest) = varint(bytes)?;
    // Zigzag: odd numbers are negative.
    let length = i64::try_from(length).ok().filter(|l| l % 2 == 0)? / 2;
    Some(1 + (bytes.len() - rest.len()) as i64 + 13 + length)
}

/// The type of the values of a dictionary.
fn unpacked(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, values) => values,
        other => other,
    }
}

/// Whether every value stays itself in another type, so that equal values there were equal here.
fn is_exact(from: &DataType, to: &DataType) -> bool {
    use DataType as D;
    let (from, to) = (unpacked(from), unpacked(to));
    let zoned = |zone: &Option<Arc<str>>| zone.is_some();
    let finer = |a: &TimeUnit, b: &TimeUnit| a <= b;
    let width = |t: &D| t.primitive_width().unwrap_or(usize::MAX);
    match (from, to) {
        _ if from == to => true,
        _ if is_bytes(to) && (is_bytes(from) || matches!(from, D::FixedSizeBinary(_))) => true,
        _ if from.is_integer() && to.is_integer() => true,
        (_, D::Float64) if from.is_integer() => width(from) <= 4,
        (_, D::Float32) if from.is_integer() => width(from) <= 2,
        (D::Float16, D::Float32 | D::Float64) | (D::Float32, D::Float64) => true,
        (_, D::Decimal128(_, scale) | D::Decimal256(_, scale)) if from.is_integer() => *scale >= 0,
        (
            D::Decimal32(_, a) | D::Decimal64(_, a) | D::Decimal128(_, a) | D::Decimal256(_, a),
            D::Decimal32(_, b) | D::Decimal64(_, b) | D::Decimal128(_, b) | D::Decimal256(_, b),
        ) => a <= b,
        (D::Date32, D::Date64 | D::Timestamp(_, None)) => true,
        (D::Timestamp(a, x), D::Timestamp(b, y)) => zoned(x) == zoned(y) && finer(a, b),
        (D::Time32(a) | D::Time64(a), D::Time32(b) | D::Time64(b)) | (D::Duration(a), D::Duration(b)) => finer(a, b),
        _ => false,
    }
}

fn is_bytes(data_type: &DataType) -> bool {
    use DataType as D;
    matches!(data_type, D::Utf8 | D::LargeUtf8 | D::Utf8View | D::Binary | D::LargeBinary | D::BinaryView)
}

/// The bytes of a literal as the file has them for its column; none where there is no such value, or more than one way
/// to write it.
fn plain(literal: &ArrayRef, column: &ColumnDescriptor, data_type: &DataType) -> Option<Vec<u8>> {
    let stored = cast(&Value::Scalar(literal.clone()), data_type, true).ok()?;
    let back = cast(&stored, literal.data_type(), true).ok()?;
    let (value, same) = (Scalar::read(stored.inner().as_ref())?, Scalar::read(back.inner().as_ref())?);
    if same != Scalar::read(literal.as_ref())? {
        return None;
    }
    let fixed = || usize::try_from(column.type_length()).ok();
    Some(match (column.physical_type(), value, data_type) {
        (Type::INT32, Scalar::Integer(value), DataType::UInt32) => u32::try_from(value).ok()?.to_le_bytes().to_vec(),
        (Type::INT32, Scalar::Integer(value), DataType::Date64) => {
            let days = (value % 86_400_000 == 0).then_some(value / 86_400_000)?;
            i32::try_from(days).ok()?.to_le_bytes().to_vec()
        }
        (Type::INT32, Scalar::Integer(value), _) => i32::try_from(value).ok()?.to_le_bytes().to_vec(),
        (Type::INT64, Scalar::Integer(value), DataType::UInt64) => u64::try_from(value).ok()?.to_le_bytes().to_vec(),
        (Type::INT64, Scalar::Integer(value), _) => i64::try_from(value).ok()?.to_le_bytes().to_vec(),
        // Zero has two forms.
        (_, Scalar::Float(0.0), _) => return None,
        (Type::FLOAT, Scalar::Float(value), _) => (value as f32).to_le_bytes().to_vec(),
        (Type::DOUBLE, Scalar::Float(value), _) => value.to_le_bytes().to_vec(),
        (Type::FIXED_LEN_BYTE_ARRAY, Scalar::Float(value), DataType::Float16) => {
            half::f16::from_f64(value).to_le_bytes().to_vec()
        }
        (Type::BYTE_ARRAY, Scalar::Bytes(bytes), _) => bytes,
        (Type::FIXED_LEN_BYTE_ARRAY, Scalar::Bytes(bytes), _) if fixed() == Some(bytes.len()) => bytes,
        (Type::FIXED_LEN_BYTE_ARRAY, Scalar::Integer(value), _) => {
            digits(&i256::from_i128(value).to_be_bytes(), fixed()?)?
        }
        (Type::FIXED_LEN_BYTE_ARRAY, Scalar::Wide(value), _) => digits(&value.to_be_bytes(), fixed()?)?,
        _ => return None,
    })
}

/// The last `length` of the bytes of a number, if those before them only repeat its sign.
fn digits(bytes: &[u8; 32], length: usize) -> Option<Vec<u8>> {
    let cut = bytes.len().checked_sub(length)?;
    let (lead, rest) = bytes.split_at(cut);
    let sign = if rest.first()? & 0x80 == 0 { 0 } else { 0xff };
    lead.iter().all(|byte| *byte == sign).then(|| rest.to_vec())
}
