//! How Arrow types stand in Parquet: what is converted, what is refused, and the columns that are encoded on their own.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Date64Type;
use arrow_array::{Array, ArrayRef, StructArray};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Field, FieldRef, Fields, IntervalUnit, Schema, SchemaRef, TimeUnit};
use pf_base::{Error, Result};
use pf_compute_core::types::{is_binary, is_string};

const DAY: i64 = 86_400_000;

/// A schema as it is stored and as it is kept with the file.
pub(super) struct Stored {
    /// Of the arrays that are encoded.
    pub(super) schema: SchemaRef,
    /// What readers of Arrow give back.
    pub(super) embedded: Schema,
}

impl Stored {
    /// Seconds become milliseconds and `Date64` a date, which Parquet has; the latter comes back as `Date64`.
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for a column of a type that Parquet has not.
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let fields = |dates: bool| -> Result<Fields> {
            schema
                .fields()
                .iter()
                .map(|f| Ok(f.as_ref().clone().with_data_type(stored(f, f.data_type(), dates)?)))
                .collect()
        };
        Ok(Self {
            schema: Arc::new(Schema::new(fields(true)?)),
            embedded: Schema::new_with_metadata(fields(false)?, schema.metadata().clone()),
        })
    }
}

/// What `data_type`, a part of column `column`, is stored as.
fn stored(column: &Field, data_type: &DataType, dates: bool) -> Result<DataType> {
    let inner = |field: &FieldRef| -> Result<FieldRef> {
        Ok(Arc::new(field.as_ref().clone().with_data_type(stored(column, field.data_type(), dates)?)))
    };
    let refused =
        |why: &str| Err(Error::wrong_type(format!("column '{}' of type {}: {why}", column.name(), column.data_type())));
    Ok(match data_type {
        DataType::Timestamp(TimeUnit::Second, zone) => DataType::Timestamp(TimeUnit::Millisecond, zone.clone()),
        DataType::Time32(TimeUnit::Second) => DataType::Time32(TimeUnit::Millisecond),
        DataType::Date64 if dates => DataType::Date32,
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            return refused("Parquet has no intervals of nanoseconds; write months, days and milliseconds, or text");
        }
        DataType::Union(_, _) => return refused("Parquet has no unions; write a struct"),
        DataType::FixedSizeBinary(0) => return refused("Parquet has no binary of width 0"),
        DataType::Decimal32(p, s)
        | DataType::Decimal64(p, s)
        | DataType::Decimal128(p, s)
        | DataType::Decimal256(p, s)
            if *s < 0 || i16::from(*s) > i16::from(*p) =>
        {
            return refused("scales of Parquet's decimals go from 0 to their precision");
        }
        DataType::Struct(fields) if fields.is_empty() => return refused("Parquet has no structs without fields"),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect::<Result<_>>()?),
        DataType::List(item) => DataType::List(inner(item)?),
        DataType::LargeList(item) => DataType::LargeList(inner(item)?),
        DataType::ListView(item) => DataType::ListView(inner(item)?),
        DataType::LargeListView(item) => DataType::LargeListView(inner(item)?),
        DataType::FixedSizeList(item, width) => DataType::FixedSizeList(inner(item)?, *width),
        DataType::Map(entries, sorted) => DataType::Map(inner(entries)?, *sorted),
        DataType::Dictionary(keys, values) => {
            let values = stored(column, values, dates)?;
            // Readers make dictionaries of text and bytes alone, and fail where the schema asks for another.
            if dates || is_string(&values) || is_binary(&values) {
                DataType::Dictionary(keys.clone(), Box::new(values))
            } else {
                values
            }
        }
        // Polars fails where the schema has runs, which no reader makes.
        DataType::RunEndEncoded(_, values) if !dates => stored(column, values.data_type(), dates)?,
        DataType::RunEndEncoded(ends, values) => DataType::RunEndEncoded(ends.clone(), inner(values)?),
        other => other.clone(),
    })
}

/// A part of a column that is encoded on its own: all of it, or the fields of structs that stand on top.
pub(super) struct Part {
    /// The column it is of.
    pub(super) root: usize,
    /// Its field: structs on the way down have but one.
    pub(super) field: FieldRef,
    /// The way down.
    path: Vec<usize>,
    /// What the innermost array is converted to.
    convert: Option<DataType>,
    /// How many Parquet columns it is.
    pub(super) leaves: usize,
}

/// The parts of all columns, in the order of the file, from the types that come in to those that are stored.
pub(super) fn parts(incoming: &Schema, stored: &Schema) -> Vec<Part> {
    let mut parts = Vec::with_capacity(stored.fields().len());
    for (root, (from, to)) in incoming.fields().iter().zip(stored.fields()).enumerate() {
        descend(root, &mut Vec::new(), from, to, &|field| field, &mut parts);
    }
    parts
}

fn descend(
    root: usize,
    path: &mut Vec<usize>,
    from: &FieldRef,
    to: &FieldRef,
    wrap: &dyn Fn(FieldRef) -> FieldRef,
    parts: &mut Vec<Part>,
) {
    if let (DataType::Struct(from), DataType::Struct(inner)) = (from.data_type(), to.data_type()) {
        for (index, (from, inner)) in from.iter().zip(inner).enumerate() {
            path.push(index);
            let wrap = |field: FieldRef| {
                let only = DataType::Struct(Fields::from(vec![field]));
                wrap(Arc::new(to.as_ref().clone().with_data_type(only)))
            };
            descend(root, path, from, inner, &wrap, parts);
            path.pop();
        }
        return;
    }
    let convert = (from.data_type() != to.data_type()).then(|| to.data_type().clone());
    parts.push(Part { root, field: wrap(to.clone()), path: path.clone(), convert, leaves: leaves(to.data_type()) });
}

/// How many Parquet columns a type is.
fn leaves(data_type: &DataType) -> usize {
    match data_type {
        DataType::Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _)
        | DataType::RunEndEncoded(_, item) => leaves(item.data_type()),
        DataType::Dictionary(_, values) => leaves(values),
        _ => 1,
    }
}

impl Part {
    /// This part of a column as it comes in, without a copy.
    pub(super) fn of(&self, column: &ArrayRef) -> Result<ArrayRef> {
        only(column, &self.path)
    }

    /// A part as it is stored: what Parquet has no type for is converted.
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for a `Date64` with a time of day,
    /// [`Code::Arithmetic`](pf_base::Code::Arithmetic) for seconds that are too many.
    pub(super) fn stored(&self, part: &ArrayRef) -> Result<ArrayRef> {
        let Some(to) = &self.convert else { return Ok(part.clone()) };
        innermost(part, self.path.len(), &|array| {
            if has_time_of_day(&array.to_data()) {
                return Err(Error::wrong_type(
                    "a Date64 with a time of day is no date; cast the column to a timestamp",
                ));
            }
            let options = CastOptions { safe: false, ..CastOptions::default() };
            cast_with_options(array, to, &options)
                .map_err(|e| Error::new(pf_base::Code::Arithmetic, format!("seconds to milliseconds: {e}")))
        })
    }
}

/// The one field at `path` of a struct, in structs of one field.
fn only(array: &ArrayRef, path: &[usize]) -> Result<ArrayRef> {
    let Some((first, rest)) = path.split_first() else { return Ok(array.clone()) };
    let (array, child) = match array.as_struct_opt() {
        Some(outer) if *first < outer.num_columns() => (outer, only(outer.column(*first), rest)?),
        _ => return Err(Error::invalid_argument("an array that is not of its column's type")),
    };
    one_field(array, array.fields().get(*first), child)
}

/// The same with the array below `depth` structs of one field replaced.
fn innermost(array: &ArrayRef, depth: usize, change: &dyn Fn(&ArrayRef) -> Result<ArrayRef>) -> Result<ArrayRef> {
    if depth == 0 {
        return change(array);
    }
    let outer = array.as_struct();
    one_field(outer, outer.fields().first(), innermost(outer.column(0), depth - 1, change)?)
}

fn one_field(outer: &StructArray, field: Option<&FieldRef>, child: ArrayRef) -> Result<ArrayRef> {
    let field = field.ok_or_else(|| Error::internal("a struct without its field"))?;
    let field = field.as_ref().clone().with_data_type(child.data_type().clone());
    let made = StructArray::try_new(Fields::from(vec![field]), vec![child], outer.nulls().cloned())?;
    Ok(Arc::new(made))
}

fn has_time_of_day(data: &ArrayData) -> bool {
    if *data.data_type() == DataType::Date64 {
        let array = arrow_array::make_array(data.clone());
        return array.as_primitive::<Date64Type>().iter().flatten().any(|ms| ms % DAY != 0);
    }
    data.child_data().iter().any(has_time_of_day)
}

#[cfg(test)]
mod tests;
