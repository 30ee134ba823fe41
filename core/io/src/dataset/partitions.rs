//! Hive partitions: `key=value` in the names of folders as columns.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::DataType;
use pf_base::{Context, Error, Result};
use pf_compute_core::types::{Class, class, name};
use pf_compute_core::{Value, cast, parse_type};

use crate::files::{Listed, percent_decoded};

/// The value that Hive writes for null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// Which folders of a path are looked at for `key=value`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hive {
    /// Those below the path that was given; of a glob, those from its first wildcard on.
    #[default]
    Auto,
    /// All of the path, so that files that are named one by one have partitions too.
    On,
    /// None.
    Off,
}

impl Hive {
    /// The mode of this name: "auto", "on" or "off".
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another name.
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "auto" => Ok(Hive::Auto),
            "on" => Ok(Hive::On),
            "off" => Ok(Hive::Off),
            other => Err(Error::invalid_argument(format!("hive must be 'auto', 'on' or 'off', not '{other}'"))),
        }
    }
}

/// The types of partition columns, by name, of texts such as `year=int16` (see [`parse_type`]).
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a text without `=`, a name that is there twice and
/// what is no type, [`Code::Type`](pf_base::Code::Type) for a type whose values have no text.
pub fn partition_types<S: AsRef<str>>(texts: &[S]) -> Result<Vec<(String, DataType)>> {
    let mut types: Vec<(String, DataType)> = Vec::with_capacity(texts.len());
    for text in texts {
        let text = text.as_ref();
        let Some((key, data_type)) = text.split_once('=') else {
            return Err(Error::invalid_argument(format!("partition type '{text}' must be written key=type")));
        };
        let data_type = parse_type(data_type)
            .map_err(|e| Error::new(e.code(), format!("partition type '{text}': {}", e.message())))?;
        if matches!(class(&data_type), Class::Null | Class::Nested | Class::Other) {
            let got = name(&data_type);
            return Err(Error::wrong_type(format!("partition '{key}' cannot be {got}: a folder's name is one value")));
        }
        if types.iter().any(|(other, _)| other == key) {
            return Err(Error::invalid_argument(format!("partition type of '{key}' is there twice")));
        }
        types.push((key.to_owned(), data_type));
    }
    Ok(types)
}

/// A key, with its value for each file.
pub(super) struct Partition {
    pub(super) key: String,
    pub(super) values: StringArray,
}

/// The `key=value` in a name.
fn pair(name: &str) -> Option<(&str, &str)> {
    name.split_once('=').filter(|(key, _)| !key.is_empty())
}

/// The names of a file's folders that may be partitions.
fn folders(file: &Listed, hive: Hive) -> impl Iterator<Item = &OsStr> {
    let count = if hive == Hive::Off { 0 } else { file.path.components().count().saturating_sub(1) };
    file.path.components().take(count).skip(first(file, hive)).map(|c| c.as_os_str())
}

/// How many components of a path are not looked at.
fn first(file: &Listed, hive: Hive) -> usize {
    if hive == Hive::Auto { file.root } else { 0 }
}

/// The keys of files, in the order of the first file's folders, and their values.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for files whose keys are not those of the first, a key that
/// is there twice, and a name that is not UTF-8.
pub(super) fn find(files: &[Listed], hive: Hive, ctx: &Context) -> Result<Vec<Partition>> {
    let mut keys: Vec<String> = Vec::new();
    let mut values: Vec<Vec<Option<String>>> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        if index % 1024 == 0 {
            ctx.check()?;
        }
        let path = file.path.display();
        let mut of_file: HashMap<String, Option<String>> = HashMap::new();
        for name in folders(file, hive) {
            if name.to_str().is_none() && name.as_encoded_bytes().contains(&b'=') {
                return Err(Error::invalid_argument(format!("{path}: the name of a partition folder is not UTF-8")));
            }
            let Some((key, value)) = name.to_str().and_then(pair) else { continue };
            let decoded = |text: &str| percent_decoded(text).unwrap_or_else(|| text.to_owned());
            let (key, value) = (decoded(key), (value != NULL).then(|| decoded(value)));
            if index == 0 && !of_file.contains_key(&key) {
                keys.push(key.clone());
                values.push(Vec::with_capacity(files.len()));
            }
            if of_file.insert(key.clone(), value).is_some() {
                return Err(Error::invalid_argument(format!("{path} has two folders for the partition '{key}'")));
            }
        }
        for (key, values) in keys.iter().zip(&mut values) {
            values.push(of_file.remove(key).ok_or_else(|| disagree(file, &files[0], key))?);
        }
        // The least, so that the message does not depend on the hash.
        if let Some(key) = of_file.into_keys().min() {
            return Err(disagree(&files[0], file, &key));
        }
    }
    let partition = |(key, values): (String, Vec<Option<String>>)| Partition { key, values: values.into() };
    Ok(keys.into_iter().zip(values).map(partition).collect())
}

fn disagree(without: &Listed, with: &Listed, key: &str) -> Error {
    Error::invalid_argument(format!(
        "{} has no folder '{key}=…', but {} has; hive='off' reads them without partition columns",
        without.path.display(),
        with.path.display()
    ))
}

/// The values of a partition in the type of its column: the given one, else the one that files have for a column of
/// this name if all values are of it, else int64 if all values are integers, date32 if all are `YYYY-MM-DD`, else text.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a value that is not of the given type.
pub(super) fn typed(
    partition: &Partition,
    given: Option<&DataType>,
    in_files: Option<&DataType>,
    files: &[Listed],
    hive: Hive,
) -> Result<ArrayRef> {
    let values: ArrayRef = Arc::new(partition.values.clone());
    let tried =
        |to: &DataType| -> Result<ArrayRef> { Ok(cast(&Value::Array(values.clone()), to, true)?.inner().clone()) };
    let nulls = values.null_count();
    if let Some(to) = given {
        let array = tried(to)?;
        if array.logical_null_count() == nulls {
            return Ok(array);
        }
        let after = array.logical_nulls();
        let lost = |row: &usize| values.is_valid(*row) && after.as_ref().is_some_and(|n| n.is_null(*row));
        let row = (0..array.len()).find(lost).unwrap_or_default();
        let folder = files.get(row).map(|f| folder(f, &partition.key, hive)).unwrap_or_default();
        return Err(Error::invalid_argument(format!(
            "{}: '{}' is not a value of {}, which partition '{}' is",
            folder.display(),
            partition.values.value(row),
            name(to),
            partition.key
        )));
    }
    if let Some(to) = in_files.filter(|to| !to.is_null())
        && let Ok(array) = tried(to)
        && array.logical_null_count() == nulls
    {
        return Ok(array);
    }
    if nulls == values.len() {
        return Ok(values);
    }
    let all = |is: fn(&str) -> bool| partition.values.iter().flatten().all(is);
    if all(is_integer) {
        return tried(&DataType::Int64);
    }
    if all(is_date) {
        let dates = tried(&DataType::Date32)?;
        if dates.null_count() == nulls {
            return Ok(dates);
        }
    }
    Ok(values)
}

/// The folder of a file that has its value of a key.
fn folder(file: &Listed, key: &str, hive: Hive) -> PathBuf {
    let first = first(file, hive);
    let mut path = PathBuf::new();
    for (place, component) in file.path.components().enumerate() {
        path.push(component);
        let text = component.as_os_str().to_str().and_then(pair);
        if place >= first && text.is_some_and(|(k, _)| percent_decoded(k).as_deref().unwrap_or(k) == key) {
            return path;
        }
    }
    file.path.parent().map(Path::to_owned).unwrap_or_default()
}

/// Whether the text is an int64 as Hive writes it, with zeros before it if need be.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|b| b.is_ascii_digit()) && text.parse::<i64>().is_ok()
}

/// Whether the text has the form of a date.
fn is_date(text: &str) -> bool {
    let form = |(at, b): (usize, u8)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(form)
}

#[cfg(test)]
mod tests;
