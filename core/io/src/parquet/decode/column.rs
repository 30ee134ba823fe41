//! How a file gives a column of the table.

use std::sync::{Arc, OnceLock};

use arrow_array::{Array, ArrayRef, Int64Array, new_null_array};
use arrow_buffer::BooleanBuffer;
use arrow_data::ArrayData;
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use pf_base::{Code, Error, Result};
use pf_compute_core::Value;

use crate::dataset::adapt;
use crate::parquet::scan::Shape;

/// How a file gives a column.
#[derive(Debug)]
pub(crate) enum Given {
    /// It decodes it.
    Column(Column),
    /// All rows have one value.
    Constant(Constant),
    /// The row's number in the file, from 0.
    RowNumber,
}

impl Given {
    /// The column that is decoded.
    pub(crate) fn column(&self) -> Option<&Column> {
        match self {
            Self::Column(column) => Some(column),
            Self::Constant(_) | Self::RowNumber => None,
        }
    }
}

/// A column of a file.
#[derive(Debug)]
pub(crate) struct Column {
    /// The name of the table's column.
    pub(crate) name: String,
    /// The position among the columns of the file's metadata.
    pub(crate) root: usize,
    /// The positions of what is read of it.
    pub(crate) leaves: Vec<usize>,
    /// Whether the decoded values have another type than the table's column.
    pub(crate) is_converted: bool,
    /// What the decoded values become.
    pub(crate) target: DataType,
    /// What of that is kept.
    pub(crate) shape: Shape,
    /// Reads INT96 as seconds, which nothing overflows, where the column is in nanoseconds.
    pub(crate) seconds: Option<ArrowReaderMetadata>,
}

impl Column {
    /// Decoded values as those of the table.
    pub(crate) fn finish(&self, array: &ArrayRef) -> Result<ArrayRef> {
        self.shape.of_array(&adapt(array, &self.target)?)
    }
}

/// One value for all rows of a file.
#[derive(Debug)]
pub(crate) struct Constant {
    one: ArrayRef,
    /// The longest run of it that was needed first: later ones are usually no longer.
    run: OnceLock<ArrayRef>,
}

impl Constant {
    /// The value of an array of one row.
    pub(crate) fn new(one: ArrayRef) -> Self {
        Self { one, run: OnceLock::new() }
    }

    /// The value, as an array of one row.
    pub(crate) fn one(&self) -> &ArrayRef {
        &self.one
    }

    /// So many rows of it.
    pub(crate) fn rows(&self, rows: usize) -> Result<ArrayRef> {
        if self.one.is_null(0) {
            return Ok(new_null_array(self.one.data_type(), rows));
        }
        if let Some(run) = self.run.get().filter(|run| run.len() >= rows) {
            return Ok(run.slice(0, rows));
        }
        let made = Value::Scalar(self.one.clone()).into_array(rows)?;
        // Nobody minds if another thread was first.
        let _ = self.run.set(made.clone());
        Ok(made)
    }
}

/// The numbers of the rows from `first` on: of `rows` rows, or of those that are set in `keep`.
pub(crate) fn row_numbers(first: i64, rows: usize, keep: Option<&BooleanBuffer>) -> ArrayRef {
    let number = |row: usize| first.saturating_add_unsigned(row as u64);
    Arc::new(match keep {
        None => (0..rows).map(number).collect::<Int64Array>(),
        Some(keep) => keep.set_indices().map(number).collect(),
    })
}

/// INT96 may hold years that nanoseconds do not: what the decoder gives then has wrapped around. Compares it with the
/// same rows in seconds, at any depth.
pub(super) fn check_seconds(nanoseconds: &ArrayData, seconds: &ArrayData) -> Result<()> {
    use DataType::Timestamp;
    if let (Timestamp(TimeUnit::Nanosecond, _), Timestamp(TimeUnit::Second, _)) =
        (nanoseconds.data_type(), seconds.data_type())
    {
        let (n, s) = (nanoseconds.buffer::<i64>(0), seconds.buffer::<i64>(0));
        // The time of day is not negative, so neither is the rest.
        let fits = |n: i64, s: i64| {
            let rest = s.checked_mul(1_000_000_000).and_then(|start| n.checked_sub(start));
            rest.is_some_and(|rest| (0..1_000_000_000).contains(&rest))
        };
        let rows = n.iter().zip(s).take(nanoseconds.len()).enumerate();
        let wrong = rows.into_iter().find(|(row, (n, s))| !fits(**n, **s) && !nanoseconds.is_null(*row));
        if let Some((_, (_, s))) = wrong {
            let text = format!("the INT96 timestamp of second {s} does not fit nanoseconds: read with int96 = \"us\"");
            return Err(Error::new(Code::Arithmetic, text));
        }
    }
    nanoseconds.child_data().iter().zip(seconds.child_data()).try_for_each(|(n, s)| check_seconds(n, s))
}
