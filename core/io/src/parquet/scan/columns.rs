//! Columns of a scan: names and nested names, and what of a nested column is read.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, StructArray};
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::schema::types::Type;
use pf_base::{Error, Result};

/// What of a column is read: all of it, or some fields of structs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// All of it.
    #[default]
    All,
    /// These fields of a struct, in their order, and what of each.
    Fields(Vec<(usize, Shape)>),
}

impl Shape {
    /// What is on a path of fields, and all below its end.
    pub(crate) fn of_path(path: &[usize]) -> Self {
        match path {
            [] => Self::All,
            [field, rest @ ..] => Self::Fields(vec![(*field, Self::of_path(rest))]),
        }
    }

    /// This and that.
    pub(crate) fn union(self, other: Self) -> Self {
        let (Self::Fields(mut fields), Self::Fields(others)) = (self, other) else { return Self::All };
        for (field, shape) in others {
            match fields.binary_search_by_key(&field, |(field, _)| *field) {
                Ok(i) => {
                    let (_, mine) = &mut fields[i];
                    *mine = std::mem::take(mine).union(shape);
                }
                Err(i) => fields.insert(i, (field, shape)),
            }
        }
        Self::Fields(fields)
    }

    /// Where a path of fields of the whole column leads in what is read of it.
    pub(crate) fn path(&self, path: &[usize]) -> Option<Vec<usize>> {
        match (self, path) {
            (Self::All, path) => Some(path.to_vec()),
            (Self::Fields(_), []) => None,
            (Self::Fields(fields), [field, rest @ ..]) => {
                let i = fields.binary_search_by_key(field, |(field, _)| *field).ok()?;
                let mut out = vec![i];
                out.extend(fields[i].1.path(rest)?);
                Some(out)
            }
        }
    }

    /// The type of what is read.
    pub(crate) fn of_type(&self, data_type: &DataType) -> DataType {
        match (self, data_type) {
            (Self::Fields(fields), DataType::Struct(all)) => DataType::Struct(
                fields.iter().filter_map(|(i, shape)| Some(Arc::new(shape.of_field(all.get(*i)?)))).collect(),
            ),
            _ => data_type.clone(),
        }
    }

    /// The field of what is read.
    pub(crate) fn of_field(&self, field: &Field) -> Field {
        field.clone().with_data_type(self.of_type(field.data_type()))
    }

    /// What is read of an array that has all of it.
    pub(crate) fn of_array(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let Self::Fields(chosen) = self else { return Ok(array.clone()) };
        let mismatch = || Error::internal(format!("fields are read of {}", array.data_type()));
        let DataType::Struct(fields) = self.of_type(array.data_type()) else { return Err(mismatch()) };
        let all = array.as_struct_opt().ok_or_else(mismatch)?;
        let columns = chosen.iter().map(|(i, shape)| shape.of_array(all.columns().get(*i).ok_or_else(mismatch)?));
        let (columns, nulls) = (columns.collect::<Result<Vec<_>>>()?, all.nulls().cloned());
        Ok(Arc::new(StructArray::try_new_with_length(fields, columns, nulls, array.len())?))
    }

    /// The leaves of a column of a file that are read, where the first of its leaves is `first`.
    pub(crate) fn leaves(&self, column: &Type, first: usize) -> Vec<usize> {
        let mut out = Vec::new();
        self.walk(column, &mut first.clone(), true, &mut out);
        out
    }

    fn walk(&self, column: &Type, next: &mut usize, read: bool, out: &mut Vec<usize>) {
        if column.is_primitive() {
            if read {
                out.push(*next);
            }
            *next += 1;
            return;
        }
        for (i, field) in column.get_fields().iter().enumerate() {
            match self {
                Self::All => Self::All.walk(field, next, read, out),
                Self::Fields(fields) => match fields.iter().find(|(field, _)| *field == i) {
                    Some((_, shape)) => shape.walk(field, next, read, out),
                    None => Self::All.walk(field, next, false, out),
                },
            }
        }
    }
}

/// A column of the table, and what of it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Its position in the schema of the table.
    pub(crate) column: usize,
    /// What of it.
    pub(crate) shape: Shape,
}

/// Finds columns by name, in the order of `names`. `a.b` is the field `b` of the struct `a`, unless a column has that
/// name: the column then is a struct of the fields that were asked for, in their own order, at the place of the first.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for what is unknown, or asked for twice;
/// [`Code::Type`](pf_base::Code::Type) for a field of what is no struct.
pub(crate) fn choose(schema: &Schema, names: &[String]) -> Result<Vec<Chosen>> {
    let mut chosen: Vec<Chosen> = Vec::with_capacity(names.len());
    let mut paths: Vec<Vec<usize>> = Vec::with_capacity(names.len());
    for name in names {
        let path = find(schema, name)?;
        if paths.iter().any(|other| other.starts_with(&path) || path.starts_with(other)) {
            return Err(Error::invalid_argument(format!("column '{name}' is asked for twice")));
        }
        let Some((column, fields)) = path.split_first() else { continue };
        let shape = Shape::of_path(fields);
        match chosen.iter_mut().find(|chosen| chosen.column == *column) {
            Some(known) => known.shape = std::mem::take(&mut known.shape).union(shape),
            None => chosen.push(Chosen { column: *column, shape }),
        }
        paths.push(path);
    }
    Ok(chosen)
}

fn find(schema: &Schema, name: &str) -> Result<Vec<usize>> {
    let unknown = || crate::projection::projection(schema, &[name.to_owned()]);
    if let Ok(found) = unknown() {
        return Ok(found);
    }
    // Names of columns may hold dots themselves: the longest that there is.
    let dots: Vec<usize> = name.match_indices('.').map(|(at, _)| at).collect();
    for dot in dots.into_iter().rev() {
        if let Some(column) = schema.fields().iter().position(|field| *field.name() == name[..dot]) {
            let mut path = vec![column];
            fields(schema.field(column), &name[dot + 1..], name, &mut path)?;
            return Ok(path);
        }
    }
    unknown()
}

fn fields(field: &Field, rest: &str, name: &str, path: &mut Vec<usize>) -> Result<()> {
    let DataType::Struct(children) = field.data_type() else {
        let kind = pf_compute_core::type_name(field.data_type());
        return Err(Error::wrong_type(format!("column '{name}': '{}' is {kind}, not a struct", field.name())));
    };
    let position = |part: &str| children.iter().position(|child| child.name() == part);
    if let Some(i) = position(rest) {
        path.push(i);
        return Ok(());
    }
    for (dot, _) in rest.match_indices('.').collect::<Vec<_>>().into_iter().rev() {
        if let Some(i) = position(&rest[..dot]) {
            path.push(i);
            return fields(&children[i], &rest[dot + 1..], name, path);
        }
    }
    Err(Error::invalid_argument(format!(
        "unknown column '{name}': '{}' has the fields {}",
        field.name(),
        list(children)
    )))
}

fn list(fields: &Fields) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let inner = DataType::Struct(
            vec![Field::new("x", DataType::Int32, true), Field::new("y", DataType::Utf8, true)].into(),
        );
        let outer = DataType::Struct(
            vec![
                Field::new("p", DataType::Int64, true),
                Field::new("q", inner, true),
                Field::new("r.s", DataType::Int8, true),
            ]
            .into(),
        );
        Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("a", outer, true),
            Field::new("a.p", DataType::Utf8, true),
        ])
    }

    fn names(names: &[&str]) -> Result<Vec<(usize, Shape)>> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Ok(choose(&schema(), &names)?.into_iter().map(|chosen| (chosen.column, chosen.shape)).collect())
    }

    #[test]
    fn names_become_shapes() {
        use Shape::{All, Fields};
        assert_eq!(names(&["a", "id"]).unwrap(), [(1, All), (0, All)]);
        // The column's own name wins.
        assert_eq!(names(&["a.p"]).unwrap(), [(2, All)]);
        assert_eq!(
            names(&["a.q.y", "id", "a.r.s", "a.q.x"]).unwrap(),
            [(1, Fields(vec![(1, Fields(vec![(0, All), (1, All)])), (2, All)])), (0, All)]
        );
        for (bad, words) in [
            (&["nope"][..], "unknown column 'nope'; the columns are: id, a, a.p"),
            (&["a.q.z"], "unknown column 'a.q.z': 'q' has the fields x, y"),
            (&["id", "id"], "twice"),
            (&["a", "a.q"], "twice"),
            (&["a.q.x", "a.q"], "twice"),
            (&["id.x"], "'id' is int64, not a struct"),
        ] {
            let error = names(bad).unwrap_err();
            assert!(error.message().contains(words), "{error}");
        }
    }

    #[test]
    fn types_arrays_and_paths_follow_the_shape() {
        let schema = schema();
        let shape = names(&["a.q.y"]).unwrap().remove(0).1;
        let field = schema.field(1);
        assert_eq!(shape.of_type(field.data_type()).to_string().matches("Utf8").count(), 1);
        let array = arrow_array::new_null_array(field.data_type(), 3);
        assert_eq!(*shape.of_array(&array).unwrap().data_type(), shape.of_type(field.data_type()));
        assert_eq!(shape.path(&[1, 1]), Some(vec![0, 0]));
        assert_eq!(shape.path(&[1]), None);
        assert_eq!(Shape::All.path(&[1]), Some(vec![1]));
        let both = shape.union(Shape::of_path(&[0])).union(Shape::of_path(&[1, 0]));
        assert_eq!(both.path(&[1, 1]), Some(vec![1, 1]));
    }

    #[test]
    fn leaves_are_those_below_the_chosen_fields() {
        let text = "message m { optional group a { required int32 p; optional group q { optional group l (LIST) { \
                    repeated group list { optional int32 element; } } optional int32 y; } optional int32 z; } }";
        let message = parquet::schema::parser::parse_message_type(text).unwrap();
        let column = &message.get_fields()[0];
        assert_eq!(Shape::All.leaves(column, 5), [5, 6, 7, 8]);
        assert_eq!(Shape::of_path(&[1]).leaves(column, 5), [6, 7]);
        assert_eq!(Shape::of_path(&[1, 1]).union(Shape::of_path(&[2])).leaves(column, 0), [2, 3]);
    }
}
