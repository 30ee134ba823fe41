//! Rows to folders by the values of some columns: `year=2024/country=AT/part-0.parquet`.

use std::collections::HashMap;
use std::fmt::Write;

use arrow_array::{Array, RecordBatch, UInt32Array};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_row::{RowConverter, Rows, SortField};
use arrow_schema::{DataType, Schema, SchemaRef};
use pf_base::{Context, Error, Result};

use super::options::{Settings, position};

/// The folder of null, as Hive names it.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The most rows that are divided at once.
pub(super) const DIVIDED_ROWS: usize = 128 * 1024;

/// Which folder rows belong to. Folders are numbered in the order in which their first rows come.
pub(super) struct Partitions {
    columns: Vec<usize>,
    rest: Vec<usize>,
    /// The schema of the files, which lack the columns of the folders.
    pub(super) schema: SchemaRef,
    names: Vec<String>,
    converter: RowConverter,
    /// The folder of every key, of every name (two keys may be written alike), and their names.
    keys: HashMap<Box<[u8]>, usize>,
    numbers: HashMap<String, usize>,
    folders: Vec<String>,
    most: usize,
}

impl Partitions {
    /// Divides rows of `schema` by the columns that the settings name.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a column that is unknown, named twice, or one of
    /// all there are; [`Code::Type`](pf_base::Code::Type) for a column whose values name no folder.
    pub(super) fn new(schema: &Schema, settings: &Settings<'_>) -> Result<Self> {
        let option = "partition_by";
        let mut columns = Vec::with_capacity(settings.partition_by.len());
        let mut fields = Vec::with_capacity(settings.partition_by.len());
        for name in settings.partition_by {
            let position = position(schema, name, option)?;
            let data_type = schema.field(position).data_type();
            if columns.contains(&position) {
                return Err(Error::invalid_argument(format!("{option}: column '{name}' is named twice")));
            }
            if !names_folders(data_type) {
                let why = "takes integers, booleans, text, dates, timestamps, times, floats and decimals";
                return Err(Error::wrong_type(format!("{option} {why}; column '{name}' is of type {data_type}")));
            }
            columns.push(position);
            fields.push(SortField::new(data_type.clone()));
        }
        let rest: Vec<usize> = (0..schema.fields().len()).filter(|position| !columns.contains(position)).collect();
        if rest.is_empty() {
            return Err(Error::invalid_argument(format!("{option}: no column is left for the files")));
        }
        Ok(Self {
            names: settings.partition_by.iter().map(|name| escaped(name)).collect(),
            schema: SchemaRef::new(schema.project(&rest)?),
            columns,
            rest,
            converter: RowConverter::new(fields)?,
            keys: HashMap::new(),
            numbers: HashMap::new(),
            folders: Vec::new(),
            most: settings.max_partitions,
        })
    }

    /// The name of a folder.
    pub(super) fn folder(&self, number: usize) -> &str {
        self.folders.get(number).map_or("", String::as_str)
    }

    /// The rows of a batch by folder, in their order; folders in the order of their numbers.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for one folder too many;
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(super) fn divide(&mut self, batch: &RecordBatch, ctx: &Context) -> Result<Vec<(usize, RecordBatch)>> {
        let keys: Vec<_> = self.columns.iter().map(|position| batch.column(*position).clone()).collect();
        let rows = self.converter.convert_columns(&keys)?;
        let (of_row, runs) = self.numbers(&rows, batch)?;
        let whole = batch.project(&self.rest)?;
        // How many rows every folder gets, and where they begin.
        let mut begins = vec![0_u32; self.folders.len() + 1];
        of_row.iter().for_each(|number| begins[*number as usize + 1] += 1);
        let present = begins.iter().filter(|count| **count > 0).count();
        if runs == present {
            // Rows of a folder stand together.
            let mut slices: Vec<(usize, RecordBatch)> = Vec::with_capacity(present);
            let mut start = 0;
            for run in of_row.chunk_by(|a, b| a == b) {
                slices.push((run[0] as usize, whole.slice(start, run.len())));
                start += run.len();
            }
            slices.sort_by_key(|(number, _)| *number);
            return Ok(slices);
        }
        for number in 1..begins.len() {
            begins[number] += begins[number - 1];
        }
        let mut next = begins.clone();
        let mut order = vec![0_u32; of_row.len()];
        for (row, number) in of_row.iter().enumerate() {
            let place = &mut next[*number as usize];
            order[*place as usize] = row as u32;
            *place += 1;
        }
        let columns = pf_compute_core::take(whole.columns(), &UInt32Array::from(order), ctx)?;
        let ordered = RecordBatch::try_new(whole.schema(), columns)?;
        let parts = begins.windows(2).enumerate().filter(|(_, ends)| ends[0] < ends[1]);
        Ok(parts.map(|(n, ends)| (n, ordered.slice(ends[0] as usize, (ends[1] - ends[0]) as usize))).collect())
    }

    /// The folder of every row, and how many times it changes.
    fn numbers(&mut self, rows: &Rows, batch: &RecordBatch) -> Result<(Vec<u32>, usize)> {
        let mut numbers = Vec::with_capacity(rows.num_rows());
        let mut runs = 0;
        let mut last: Option<(&[u8], u32)> = None;
        for row in 0..rows.num_rows() {
            let key = rows.row(row).data();
            let number = match last {
                Some((same, number)) if same == key => number,
                _ => {
                    let number = match self.keys.get(key) {
                        Some(number) => *number,
                        None => self.begin(key, batch, row)?,
                    } as u32;
                    runs += usize::from(last.is_none_or(|(_, before)| before != number));
                    number
                }
            };
            last = Some((key, number));
            numbers.push(number);
        }
        Ok((numbers, runs))
    }

    /// Gives the key of a row its folder.
    fn begin(&mut self, key: &[u8], batch: &RecordBatch, row: usize) -> Result<usize> {
        let mut name = String::new();
        for (column, position) in self.names.iter().zip(&self.columns) {
            let value = text(batch.column(*position), row)?;
            let value = value.as_deref().map_or_else(|| NULL.to_owned(), value_name);
            let separator = if name.is_empty() { "" } else { "/" };
            // Text can be written to without fail.
            let _ = write!(name, "{separator}{column}={value}");
        }
        let number = match self.numbers.get(&name) {
            Some(number) => *number,
            None if self.folders.len() == self.most => {
                return Err(Error::invalid_argument(format!(
                    "partition_by needs more than {} folders, the last of them {name}; max_partitions says how many \
                     there may be",
                    self.most
                )));
            }
            None => {
                self.numbers.insert(name.clone(), self.folders.len());
                self.folders.push(name);
                self.folders.len() - 1
            }
        };
        self.keys.insert(key.into(), number);
        Ok(number)
    }
}

/// Whether values of a type can be told from their text.
fn names_folders(data_type: &DataType) -> bool {
    use pf_compute_core::types::{is_number, is_string};
    match data_type {
        DataType::Boolean | DataType::Date32 | DataType::Date64 => true,
        DataType::Timestamp(_, _) | DataType::Time32(_) | DataType::Time64(_) => true,
        DataType::Dictionary(_, values) => names_folders(values),
        other => is_number(other) || is_string(other),
    }
}

/// The text of a value; nothing for null.
fn text(column: &dyn Array, row: usize) -> Result<Option<String>> {
    // A null of a dictionary may be one of its values.
    if column.logical_nulls().is_some_and(|nulls| nulls.is_null(row)) {
        return Ok(None);
    }
    let options = FormatOptions::default()
        .with_date_format(Some("%Y-%m-%d"))
        .with_datetime_format(Some("%Y-%m-%d"))
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"))
        // As instants of UTC: the zone is a matter of the column.
        .with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%.f%:z"));
    let text = ArrayFormatter::try_new(column, &options)?.value(row).try_to_string()?;
    Ok(Some(text))
}

/// The part of a folder's name that stands for a value.
fn value_name(value: &str) -> String {
    match value {
        // Text that reads like the folder of null.
        NULL => format!("%5F{}", &NULL[1..]),
        _ => escaped(value),
    }
}

/// Text with what a name cannot hold, or Hive gives a meaning, as `%` and two digits.
fn escaped(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_control() || "\"#%'*/:=?\\{}[]^|<>".contains(c) {
            let _ = write!(name, "%{:02X}", c as u32);
        } else {
            name.push(c);
        }
    }
    name
}

#[cfg(test)]
mod tests;
