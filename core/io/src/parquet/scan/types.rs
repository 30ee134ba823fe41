//! In which Arrow types columns are read where the format leaves a choice.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef, TimeUnit};
use parquet::basic::Type as Physical;
use parquet::schema::types::SchemaDescriptor;
use pf_base::{Bound, Error, Result};

/// What becomes of dictionaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dictionaries {
    /// As the file's own Arrow schema says; values without one.
    #[default]
    Auto,
    /// Columns of text are dictionaries.
    Keep,
    /// There are none.
    Values,
}

/// In which Arrow types columns are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Types {
    dictionaries: Dictionaries,
    string_views: bool,
    int96: TimeUnit,
}

impl Types {
    /// What the options of a call say.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another word.
    pub(crate) fn from_options(options: &Bound<'_>) -> Result<Self> {
        let dictionaries = match options.str("dictionaries")? {
            "auto" => Dictionaries::Auto,
            "keep" => Dictionaries::Keep,
            "values" => Dictionaries::Values,
            other => {
                let text = format!("dictionaries must be 'auto', 'keep' or 'values', not '{other}'");
                return Err(Error::invalid_argument(text));
            }
        };
        let int96 = match options.str("int96")? {
            "s" => TimeUnit::Second,
            "ms" => TimeUnit::Millisecond,
            "us" => TimeUnit::Microsecond,
            "ns" => TimeUnit::Nanosecond,
            other => {
                return Err(Error::invalid_argument(format!("int96 must be 's', 'ms', 'us' or 'ns', not '{other}'")));
            }
        };
        Ok(Self { dictionaries, string_views: options.bool("string_views")?, int96 })
    }

    /// The schema in which a file is read that has the columns `schema`.
    pub(crate) fn of_file(&self, schema: &SchemaRef, parquet: &SchemaDescriptor) -> SchemaRef {
        let int96 = self.int96 != TimeUnit::Nanosecond && has_int96(parquet);
        if self.dictionaries == Dictionaries::Auto && !self.string_views && !int96 {
            return schema.clone();
        }
        let unit = |leaf: usize| (physical(parquet, leaf) == Some(Physical::INT96)).then_some(self.int96);
        let mut leaf = 0;
        let fields = schema.fields().iter().map(|field| self.field(field, &mut leaf, &unit, true));
        Arc::new(Schema::new_with_metadata(fields.collect::<Fields>(), schema.metadata().clone()))
    }

    fn field(
        &self,
        field: &FieldRef,
        leaf: &mut usize,
        unit: &dyn Fn(usize) -> Option<TimeUnit>,
        top: bool,
    ) -> FieldRef {
        let data_type = leaves(field.data_type(), leaf, &mut |leaf, data_type| self.leaf(leaf, data_type, unit, top));
        if data_type == *field.data_type() {
            field.clone()
        } else {
            Arc::new(field.as_ref().clone().with_data_type(data_type))
        }
    }

    fn leaf(&self, leaf: usize, data_type: &DataType, unit: &dyn Fn(usize) -> Option<TimeUnit>, top: bool) -> DataType {
        use DataType as D;
        match data_type {
            D::Dictionary(_, values) if self.dictionaries == Dictionaries::Values => self.leaf(leaf, values, unit, top),
            D::Utf8 | D::LargeUtf8 | D::Utf8View if top && self.dictionaries == Dictionaries::Keep => {
                D::Dictionary(Box::new(D::Int32), Box::new(D::Utf8))
            }
            D::Utf8 | D::LargeUtf8 if self.string_views => D::Utf8View,
            D::Binary | D::LargeBinary if self.string_views => D::BinaryView,
            D::Timestamp(TimeUnit::Nanosecond, zone) => match unit(leaf) {
                Some(unit) => D::Timestamp(unit, zone.clone()),
                None => data_type.clone(),
            },
            other => other.clone(),
        }
    }
}

/// The column with its INT96 values in seconds, where there are any in nanoseconds. `first` is its first leaf.
pub(crate) fn in_seconds(field: &Field, parquet: &SchemaDescriptor, first: usize) -> Option<Field> {
    let mut any = false;
    let data_type = leaves(field.data_type(), &mut first.clone(), &mut |leaf, data_type| match data_type {
        DataType::Timestamp(TimeUnit::Nanosecond, zone) if physical(parquet, leaf) == Some(Physical::INT96) => {
            any = true;
            DataType::Timestamp(TimeUnit::Second, zone.clone())
        }
        other => other.clone(),
    });
    any.then(|| field.clone().with_data_type(data_type))
}

/// Whether a file has INT96 columns.
pub(crate) fn has_int96(parquet: &SchemaDescriptor) -> bool {
    parquet.columns().iter().any(|column| column.physical_type() == Physical::INT96)
}

fn physical(parquet: &SchemaDescriptor, leaf: usize) -> Option<Physical> {
    parquet.columns().get(leaf).map(|column| column.physical_type())
}

/// The type with its leaves changed, which are counted in `next` as the format does: from left to right.
fn leaves(data_type: &DataType, next: &mut usize, change: &mut dyn FnMut(usize, &DataType) -> DataType) -> DataType {
    use DataType as D;
    let mut below = |field: &FieldRef| -> FieldRef {
        Arc::new(field.as_ref().clone().with_data_type(leaves(field.data_type(), next, change)))
    };
    match data_type {
        D::Struct(fields) => D::Struct(fields.iter().map(below).collect()),
        D::List(item) => D::List(below(item)),
        D::LargeList(item) => D::LargeList(below(item)),
        D::ListView(item) => D::ListView(below(item)),
        D::LargeListView(item) => D::LargeListView(below(item)),
        D::FixedSizeList(item, size) => D::FixedSizeList(below(item), *size),
        D::Map(entries, sorted) => D::Map(below(entries), *sorted),
        other => {
            *next += 1;
            change(*next - 1, other)
        }
    }
}
