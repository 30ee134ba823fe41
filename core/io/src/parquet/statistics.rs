//! What statistics say: which minima and maxima can be believed, as Arrow values and as text.

mod values;

use std::cmp::Ordering;

use arrow_array::types::{ArrowPrimitiveType, Float16Type};
use arrow_buffer::i256;
use arrow_schema::{DataType, Schema};
use parquet::basic::{LogicalType, SortOrder, Type};
use parquet::schema::types::ColumnDescriptor;
use pf_base::{Context, Result};

use super::chunk::ChunkStatistics;
use super::footer::Footer;
use values::big_endian;
pub(crate) use values::{array, write_text};

/// A leaf column, and how its statistics are to be read.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// The names from the top-level column down, with dots between them.
    pub(crate) path: String,
    pub(crate) physical: Type,
    /// The Arrow type of the values; of a dictionary those that it holds.
    pub(crate) data_type: DataType,
    order: SortOrder,
    /// Whether the file names the order of its minima and maxima, and it is the one of the type.
    ordered: bool,
}

/// The smallest and largest value of a column chunk or page, in the format's plain encoding.
///
/// Values may lie between them that no row has, where they are not exact. NaN lies outside: a column of floats may hold
/// some whatever its bounds are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds<'a> {
    pub(crate) min: Option<&'a [u8]>,
    pub(crate) max: Option<&'a [u8]>,
    /// Nothing where the file does not say.
    pub(crate) min_exact: Option<bool>,
    pub(crate) max_exact: Option<bool>,
}

impl Leaf {
    /// The leaf columns of a file.
    pub(crate) fn all(footer: &Footer, ctx: &Context) -> Result<Vec<Self>> {
        let parquet = footer.parquet_schema(ctx)?;
        let schema = footer.schema(ctx)?;
        let types = value_types(&schema);
        let orders = footer.index(ctx)?.orders.as_deref();
        let leaf = |(at, column): (usize, &std::sync::Arc<ColumnDescriptor>)| {
            let data_type = if types.len() == parquet.num_columns() { types.get(at) } else { None };
            let data_type = data_type.cloned().unwrap_or_else(|| plain_type(column));
            Self::new(column, data_type, orders.and_then(|orders| orders.get(at).copied()).unwrap_or(0))
        };
        Ok(parquet.columns().iter().enumerate().map(leaf).collect())
    }

    fn new(column: &ColumnDescriptor, data_type: DataType, stated: u8) -> Self {
        let order = column.sort_order();
        let half = column.logical_type_ref() == Some(&LogicalType::Float16);
        let float = half || matches!(column.physical_type(), Type::FLOAT | Type::DOUBLE);
        let ordered = stated == 1 || (stated == 2 && float);
        Self { path: column.path().string(), physical: column.physical_type(), data_type, order, ordered }
    }

    /// Whether values compare in the order in which old writers compared all of them.
    fn always_signed(&self) -> bool {
        let number = matches!(self.physical, Type::BOOLEAN | Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE);
        let signed = matches!(self.order, SortOrder::SIGNED | SortOrder::TOTAL_ORDER) || self.physical == Type::BOOLEAN;
        number && signed && !is_decimal(&self.data_type)
    }

    /// The bounds that can be believed.
    ///
    /// None of types without an order and of INT96. Where the file does not name the order of its bounds, or has them in
    /// the deprecated fields, only those of types that every writer compares alike. None where they are NaN, of the wrong
    /// length, or the wrong way round.
    pub(crate) fn bounds<'a>(&self, statistics: &ChunkStatistics<'a>) -> Bounds<'a> {
        let old = statistics.min.is_none() && statistics.max.is_none();
        let (min, max) = match old {
            true => (statistics.old_min, statistics.old_max),
            false => (statistics.min, statistics.max),
        };
        if !self.always_signed() && (old || !self.ordered) {
            return Bounds::default();
        }
        let (min, max) = self.believed(min, max);
        let exact = |bound: Option<&[u8]>, stated: Option<bool>| {
            bound.and(
                stated.or((!matches!(self.physical, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY)).then_some(true)),
            )
        };
        Bounds { min, max, min_exact: exact(min, statistics.min_exact), max_exact: exact(max, statistics.max_exact) }
    }

    /// The bounds of a page; the index of pages has no deprecated ones.
    pub(crate) fn page_bounds<'a>(&self, min: &'a [u8], max: &'a [u8]) -> (Option<&'a [u8]>, Option<&'a [u8]>) {
        if self.ordered || self.always_signed() { self.believed(Some(min), Some(max)) } else { (None, None) }
    }

    /// Whether bounds of the one compare with bounds of the other.
    pub(crate) fn compares_as(&self, other: &Self) -> bool {
        self.physical == other.physical && self.order == other.order && self.data_type == other.data_type
    }

    /// Whether `a` is less than `b`; both are bounds.
    pub(crate) fn less(&self, a: &[u8], b: &[u8]) -> bool {
        self.compare(a, b) == Some(Ordering::Less)
    }

    fn believed<'a>(&self, min: Option<&'a [u8]>, max: Option<&'a [u8]>) -> (Option<&'a [u8]>, Option<&'a [u8]>) {
        let value = |bound: Option<&'a [u8]>| bound.filter(|bytes| self.compare(bytes, bytes).is_some());
        let (min, max) = (value(min), value(max));
        match (min, max) {
            // One of them is NaN or no value: neither is worth more than the other.
            _ if min.is_none() && max.is_none() => (None, None),
            (Some(a), Some(b)) if self.compare(a, b) == Some(Ordering::Greater) => (None, None),
            both => both,
        }
    }

    /// The order of two values in plain encoding; nothing where one is no value, or NaN, or the type has no order.
    fn compare(&self, a: &[u8], b: &[u8]) -> Option<Ordering> {
        let signed = match self.order {
            SortOrder::SIGNED | SortOrder::TOTAL_ORDER => true,
            SortOrder::UNSIGNED => false,
            SortOrder::UNDEFINED | SortOrder::INT96_TIMESTAMP => return None,
        };
        match self.physical {
            Type::BOOLEAN => Some(a.first()?.cmp(b.first()?)),
            Type::INT32 if signed => Some(i32::from_le_bytes(fixed(a)?).cmp(&i32::from_le_bytes(fixed(b)?))),
            Type::INT32 => Some(u32::from_le_bytes(fixed(a)?).cmp(&u32::from_le_bytes(fixed(b)?))),
            Type::INT64 if signed => Some(i64::from_le_bytes(fixed(a)?).cmp(&i64::from_le_bytes(fixed(b)?))),
            Type::INT64 => Some(u64::from_le_bytes(fixed(a)?).cmp(&u64::from_le_bytes(fixed(b)?))),
            Type::INT96 => None,
            Type::FLOAT => f32::from_le_bytes(fixed(a)?).partial_cmp(&f32::from_le_bytes(fixed(b)?)),
            Type::DOUBLE => f64::from_le_bytes(fixed(a)?).partial_cmp(&f64::from_le_bytes(fixed(b)?)),
            _ if self.data_type == DataType::Float16 => {
                let half = <Float16Type as ArrowPrimitiveType>::Native::from_le_bytes;
                half(fixed(a)?).partial_cmp(&half(fixed(b)?))
            }
            _ if signed => Some(i256::from_be_bytes(big_endian(a)?).cmp(&i256::from_be_bytes(big_endian(b)?))),
            _ => Some(a.cmp(b)),
        }
    }
}

/// The bytes of a number, which must be just as many.
fn fixed<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

fn is_decimal(data_type: &DataType) -> bool {
    use DataType::{Decimal32, Decimal64, Decimal128, Decimal256};
    matches!(data_type, Decimal32(..) | Decimal64(..) | Decimal128(..) | Decimal256(..))
}

/// The types of the values of all leaf columns.
fn value_types(schema: &Schema) -> Vec<DataType> {
    let mut types = Vec::new();
    for field in schema.fields() {
        push_value_types(field.data_type(), &mut types);
    }
    types
}

fn push_value_types(data_type: &DataType, types: &mut Vec<DataType>) {
    match data_type {
        DataType::Struct(fields) => fields.iter().for_each(|field| push_value_types(field.data_type(), types)),
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => push_value_types(field.data_type(), types),
        DataType::Dictionary(_, values) => push_value_types(values, types),
        DataType::RunEndEncoded(_, values) => push_value_types(values.data_type(), types),
        leaf => types.push(leaf.clone()),
    }
}

/// The type of the values as they are stored, for a column whose Arrow type is none of its own.
fn plain_type(column: &ColumnDescriptor) -> DataType {
    match column.physical_type() {
        Type::BOOLEAN => DataType::Boolean,
        Type::INT32 => DataType::Int32,
        Type::INT64 => DataType::Int64,
        Type::FLOAT => DataType::Float32,
        Type::DOUBLE => DataType::Float64,
        Type::INT96 | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => DataType::Binary,
    }
}

#[cfg(test)]
mod tests;
