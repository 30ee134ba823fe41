//! Many files as one table: Hive partitions as columns, and one schema for files whose schemas differ.
//!
//! Nothing here reads a file: schemas come from whoever knows the format.

mod adapt;
mod evolution;
mod partitions;
mod prune;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, DictionaryArray, Int32Array, Int64Array, StringArray, new_null_array};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use pf_base::{Code, Context, Error, Result};
use pf_compute_core::Value;

pub use adapt::adapt;
pub use partitions::{Hive, partition_types};

use crate::files::Listed;
use evolution::{Mismatch, fits, matching, names, relaxed, union};

/// Files whose schemas are read before those of the next are.
const ROUND: usize = 64;

/// Where the columns of a table of many files come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Schemas {
    /// The first file: only its schema is read. Of the other files, columns that it has not are ignored.
    #[default]
    First,
    /// All files: a column of any of them is one of the table, in the narrowest type that those of all widen to.
    Union,
}

impl Schemas {
    /// The mode of this name: "first" or "union".
    ///
    /// # Errors
    /// [`Code::InvalidArgument`] for another name.
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "first" => Ok(Schemas::First),
            "union" => Ok(Schemas::Union),
            other => Err(Error::invalid_argument(format!("schema must be 'first' or 'union', not '{other}'"))),
        }
    }
}

/// How files make a [`Dataset`].
#[derive(Clone, Debug, Default)]
pub struct DatasetOptions {
    /// Where the columns come from.
    pub schema: Schemas,
    /// Which folders are partitions.
    pub hive: Hive,
    /// Types of partition columns, by name; others are inferred. See [`partition_types`].
    pub partition_types: Vec<(String, DataType)>,
    /// The name of a column of each row's file, as its path was found: a dictionary of text.
    pub file_path: Option<String>,
    /// The name of a column of each row's position in its file, from 0: int64.
    pub row_number: Option<String>,
}

/// A file of a [`Dataset`].
#[derive(Clone, Debug)]
pub struct DataFile {
    /// The path.
    pub path: PathBuf,
    /// The values of the partition columns, one row each, in the types of the table.
    pub partition: Vec<ArrayRef>,
}

/// Where a file has a column of the table.
#[derive(Clone, Debug)]
pub enum Origin {
    /// In its column at `root` of the file's schema. Where `cast` is there the column has another type, if only by
    /// what may be null inside of it: [`adapt`] brings it to that of the table.
    Column {
        /// The position in the file's schema.
        root: usize,
        /// The type of the table.
        cast: Option<DataType>,
    },
    /// Nowhere: it is null.
    Missing,
    /// In the names of its folders: one row.
    Constant(ArrayRef),
    /// It is the path of the file.
    FilePath,
    /// It is the position of the row in the file.
    RowNumber,
}

/// Files as one table.
///
/// Columns go by name (the second of a name with the second). A file that has not a column of the table gives null for
/// it. A column whose type is another than the table's is converted if its type *widens* to it: to longer integers and
/// floats, from integers to floats that are exact for them, to more digits of a decimal, from dates to timestamps, to
/// finer units of time, between the ways of storing text and bytes, from null to anything, and so inside of structs,
/// lists and maps. With more than one file and [`Schemas::First`] all columns may be null, since what other files have
/// is not known yet.
///
/// Partition columns follow those of the files, and are null only for `__HIVE_DEFAULT_PARTITION__`. All files have the
/// same keys, in any order of folders. A key that is also a column of files hides that column; it then has its type, if
/// all values are of that type.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The columns: of the files, then partitions, then the path of the file and the row number if asked for.
    pub schema: SchemaRef,
    /// The files, in their order.
    pub files: Vec<DataFile>,
    /// How many columns come from inside of files.
    file_columns: usize,
    /// A row per file, each.
    partitions: Vec<ArrayRef>,
    file_path: Option<usize>,
    row_number: Option<usize>,
}

impl Dataset {
    /// The table of files, whose schemas `schema_of` reads: of the first alone, or of all, in parallel.
    ///
    /// # Errors
    /// What `schema_of` fails with; [`Code::Type`] for files whose columns have no common type; and
    /// [`Code::InvalidArgument`] for no files, files with other partitions than the first, a folder whose value is not
    /// of the type given for it, a given type for what is no partition, a name for the file path or row number that a
    /// column has; [`Code::Cancelled`].
    pub fn new(
        files: Vec<Listed>,
        schema_of: impl Fn(&Path) -> Result<SchemaRef> + Sync,
        options: &DatasetOptions,
        ctx: &Context,
    ) -> Result<Self> {
        let Some(first) = files.first() else {
            return Err(Error::invalid_argument("there is no file: a dataset has at least one"));
        };
        let found = partitions::find(&files, options.hive, ctx)?;
        if let Some((name, _)) = options.partition_types.iter().find(|(n, _)| found.iter().all(|p| p.key != *n)) {
            let keys: Vec<&str> = found.iter().map(|p| p.key.as_str()).collect();
            return Err(Error::invalid_argument(format!(
                "there is a type for partition '{name}', but the partitions are: {}",
                if keys.is_empty() { "none".to_owned() } else { keys.join(", ") }
            )));
        }
        let first = schema_of(&first.path)?;
        let inside = match options.schema {
            _ if files.len() == 1 => first.fields().clone(),
            Schemas::First => first.fields().iter().map(relaxed).collect(),
            Schemas::Union => of_all(&files, first.fields(), schema_of, ctx)?,
        };
        let hidden: HashSet<&str> = found.iter().map(|p| p.key.as_str()).collect();
        let mut fields: Vec<FieldRef> =
            inside.iter().filter(|f| !hidden.contains(f.name().as_str())).cloned().collect();
        let file_columns = fields.len();
        let mut partitions = Vec::with_capacity(found.len());
        for partition in &found {
            let given = options.partition_types.iter().find(|(name, _)| *name == partition.key).map(|(_, t)| t);
            let in_files = inside.iter().find(|f| *f.name() == partition.key).map(|f| f.data_type());
            let array = partitions::typed(partition, given, in_files, &files, options.hive)?;
            let null = array.logical_null_count() > 0;
            fields.push(Arc::new(Field::new(&partition.key, array.data_type().clone(), null)));
            partitions.push(array);
        }
        let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let mut added = |name: &Option<String>, data_type: DataType| -> Result<Option<usize>> {
            let Some(name) = name else { return Ok(None) };
            if fields.iter().any(|f| f.name() == name) {
                return Err(Error::invalid_argument(format!("'{name}' is a column already: choose another name")));
            }
            fields.push(Arc::new(Field::new(name, data_type, false)));
            Ok(Some(fields.len() - 1))
        };
        let file_path = added(&options.file_path, text)?;
        let row_number = added(&options.row_number, DataType::Int64)?;
        let schema = Arc::new(Schema::new_with_metadata(fields, first.metadata().clone()));
        let file = |(row, file): (usize, Listed)| DataFile {
            path: file.path,
            partition: partitions.iter().map(|p| p.slice(row, 1)).collect(),
        };
        let files = files.into_iter().enumerate().map(file).collect();
        Ok(Self { schema, files, file_columns, partitions, file_path, row_number })
    }

    /// How many columns, the first ones, come from inside of files.
    pub fn file_columns(&self) -> usize {
        self.file_columns
    }

    /// Where a file, which has the columns `file_schema`, has each column of the table.
    ///
    /// # Errors
    /// [`Code::Type`] for a column whose type does not widen to that of the table, [`Code::InvalidArgument`] for a file
    /// that is not there.
    pub fn origins(&self, file: usize, file_schema: &Schema) -> Result<Vec<Origin>> {
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        self.origins_of(&all, file, file_schema)
    }

    /// The same for some columns of the table: others are not looked at, whatever their types.
    ///
    /// # Errors
    /// As [`origins`](Self::origins); [`Code::InvalidArgument`] for a column that is not there.
    pub fn origins_of(&self, columns: &[usize], file: usize, file_schema: &Schema) -> Result<Vec<Origin>> {
        let DataFile { path, partition } = self.file(file)?;
        let inside: &[FieldRef] = &self.schema.fields()[..self.file_columns];
        let places = matching(file_schema.fields(), inside);
        let origin = |column: &usize| {
            let field = self.field(*column)?;
            if let Some(place) = places.get(*column) {
                let Some(root) = *place else { return Ok(Origin::Missing) };
                let from = file_schema.field(root).data_type();
                let cast = (from != field.data_type()).then(|| field.data_type().clone());
                return match fits(from, field.data_type()) {
                    Ok(()) => Ok(Origin::Column { root, cast }),
                    Err(e) => Err(refused(path, &e.below(field.name()))),
                };
            }
            Ok(match partition.get(*column - self.file_columns) {
                Some(value) => Origin::Constant(value.clone()),
                None if self.row_number == Some(*column) => Origin::RowNumber,
                None => Origin::FilePath,
            })
        };
        columns.iter().map(origin).collect()
    }

    /// A column of a file, as its reader gives it, in the type of the table: see [`adapt`].
    ///
    /// # Errors
    /// As [`adapt`], with file and column.
    pub fn adapt(&self, file: usize, column: usize, array: &ArrayRef) -> Result<ArrayRef> {
        let (path, field) = (&self.file(file)?.path, self.field(column)?);
        adapt(array, field.data_type()).map_err(|e| {
            Error::new(e.code(), format!("{}: column '{}': {}", path.display(), field.name(), e.message()))
        })
    }

    /// `rows` rows of a column that is not inside of a file; row numbers count from `start`.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`] for a column that is, or a file or column that is not there; what arrow fails with
    /// where the text of so many rows does not fit one array.
    pub fn outside(&self, file: usize, column: usize, origin: &Origin, start: u64, rows: usize) -> Result<ArrayRef> {
        let (path, field) = (&self.file(file)?.path, self.field(column)?);
        match origin {
            Origin::Column { .. } => {
                Err(Error::invalid_argument(format!("column '{}' is inside of {}", field.name(), path.display())))
            }
            Origin::Missing => Ok(new_null_array(field.data_type(), rows)),
            Origin::Constant(value) => Value::Scalar(value.clone()).into_array(rows),
            Origin::FilePath => {
                let text: ArrayRef = Arc::new(StringArray::from_iter_values([path.to_string_lossy()]));
                Ok(Arc::new(DictionaryArray::new(Int32Array::from_value(0, rows), text)))
            }
            Origin::RowNumber => {
                let end = start.checked_add(rows as u64).and_then(|end| i64::try_from(end).ok());
                let end = end.ok_or_else(|| Error::new(Code::Arithmetic, "a row number does not fit int64"))?;
                Ok(Arc::new(Int64Array::from_iter_values(end - rows as i64..end)))
            }
        }
    }

    fn file(&self, file: usize) -> Result<&DataFile> {
        let count = self.files.len();
        self.files.get(file).ok_or_else(|| Error::invalid_argument(format!("there is no file {file} of {count}")))
    }

    fn field(&self, column: usize) -> Result<&Field> {
        let field = self.schema.fields().get(column).map(AsRef::as_ref);
        field.ok_or_else(|| Error::invalid_argument(format!("there is no column {column}")))
    }
}

/// The columns of all files.
fn of_all(
    files: &[Listed],
    first: &Fields,
    schema_of: impl Fn(&Path) -> Result<SchemaRef> + Sync,
    ctx: &Context,
) -> Result<Fields> {
    let mut all = first.clone();
    let mut last = first.clone();
    // In rounds, so that the schemas of many wide files are not held at once.
    for round in files[1..].chunks(ROUND) {
        let schemas = ctx.map(round.len(), |i| schema_of(&round[i].path))?;
        for (file, schema) in round.iter().zip(schemas) {
            if *schema.fields() == last {
                continue;
            }
            all = union(&all, schema.fields()).map_err(|e| {
                let (from, to) = names(&e.from, &e.to);
                Error::wrong_type(format!(
                    "{}: column '{}' is {from}, which has no type in common with {to} of the files before",
                    file.path.display(),
                    e.path
                ))
            })?;
            last = schema.fields().clone();
        }
    }
    Ok(all)
}

fn refused(path: &Path, mismatch: &Mismatch) -> Error {
    let (from, to) = names(&mismatch.from, &mismatch.to);
    Error::wrong_type(format!(
        "{}: column '{}' is {from}, which does not widen to {to} of the table; schema='union' takes a type for all files",
        path.display(),
        mismatch.path
    ))
}

#[cfg(test)]
mod tests;
