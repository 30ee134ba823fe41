//! What hosts call: texts of expressions over tables.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{RecordBatch, RecordBatchOptions, RecordBatchReader, new_null_array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pf_base::{Context, Error, Result};

use crate::{
    ExprKind, Implementation, Position, Project, Settings, Typed, TypedKind, aggregate, check, evaluate, filter, parse,
    parse_named,
};

/// Expressions of texts such as "price * qty AS total", with their names: the name after AS, else that of the column it
/// is, else the text in canonical form.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no text at all, and what parsing and checking fail with.
pub fn expressions(texts: &[&str], schema: &Schema, settings: Settings) -> Result<Vec<(String, Typed)>> {
    if texts.is_empty() {
        return Err(Error::invalid_argument("there must be at least one expression"));
    }
    let one = |text: &&str| {
        let named = parse_named(text)?;
        let typed = check(&named.expr, schema, settings)?;
        let name = match (named.name, &named.expr.kind) {
            (Some(name), _) => name,
            (None, ExprKind::Column(path)) => path.last().cloned().unwrap_or_default(),
            (None, _) => named.expr.to_string(),
        };
        Ok((name, typed))
    };
    texts.iter().map(one).collect()
}

/// The condition of a text. One that is always null, as `NULL` is, is true of no row.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) where it is not boolean, and what parsing and checking fail with.
pub fn condition(text: &str, schema: &Schema, settings: Settings) -> Result<Typed> {
    let typed = check(&parse(text)?, schema, settings)?;
    match &typed.data_type {
        DataType::Boolean => Ok(typed),
        DataType::Null => {
            let never = new_null_array(&DataType::Boolean, 1);
            Ok(Typed { kind: TypedKind::Literal(never), data_type: DataType::Boolean, ..typed })
        }
        other => Err(Error::wrong_type(format!("a condition is boolean, not {}: {text}", crate::types::name(other)))),
    }
}

/// The schema of what expressions give.
pub fn schema_of(outputs: &[(String, Typed)], input: &Schema) -> SchemaRef {
    let field = |(name, typed): &(String, Typed)| match &typed.kind {
        // A column keeps what is said of it beside its type.
        TypedKind::Column(path) if path.len() == 1 => match input.fields().get(path[0]) {
            Some(field) => field.as_ref().clone().with_name(name).with_nullable(typed.nullable),
            None => Field::new(name, typed.data_type.clone(), typed.nullable),
        },
        _ => Field::new(name, typed.data_type.clone(), typed.nullable),
    };
    Arc::new(Schema::new_with_metadata(outputs.iter().map(field).collect::<Vec<_>>(), input.metadata().clone()))
}

/// A reader of expressions over the rows of another: see [`Project`].
///
/// # Errors
/// As [`expressions`].
pub fn projected(
    source: Box<dyn RecordBatchReader + Send>,
    texts: &[&str],
    settings: Settings,
    ctx: &Context,
) -> Result<Project> {
    let outputs = expressions(texts, &source.schema(), settings)?;
    Project::new(source, None, outputs, settings, ctx.clone())
}

/// A reader of the rows of another for which a condition is true: see [`Project::filter`].
///
/// # Errors
/// As [`condition`]; [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an unknown column.
pub fn filtered(
    source: Box<dyn RecordBatchReader + Send>,
    predicate: &str,
    columns: Option<&[String]>,
    settings: Settings,
    ctx: &Context,
) -> Result<Project> {
    let schema = source.schema();
    let predicate = condition(predicate, &schema, settings)?;
    let columns = columns.map(|names| positions(names, &schema)).transpose()?;
    Project::filter(source, predicate, columns.as_deref(), settings, ctx.clone())
}

/// What expressions give on the rows of a table in memory.
///
/// # Errors
/// As [`expressions`] and [`evaluate`].
pub fn evaluate_table(table: &RecordBatch, texts: &[&str], settings: Settings, ctx: &Context) -> Result<RecordBatch> {
    let outputs = expressions(texts, &table.schema(), settings)?;
    let rows = table.num_rows();
    let columns = outputs.iter().map(|(_, e)| evaluate(e, table.columns(), rows, settings, ctx));
    made(schema_of(&outputs, &table.schema()), columns.collect::<Result<_>>()?, rows)
}

/// The rows of a table in memory for which a condition is true, in their order.
///
/// # Errors
/// As [`filtered`] and [`evaluate`].
pub fn filter_table(
    table: &RecordBatch,
    predicate: &str,
    columns: Option<&[String]>,
    settings: Settings,
    ctx: &Context,
) -> Result<RecordBatch> {
    let schema = table.schema();
    let predicate = condition(predicate, &schema, settings)?;
    let rows = table.num_rows();
    let chosen = match columns {
        Some(names) => table.project(&positions(names, &schema)?)?,
        None => table.clone(),
    };
    let mask = evaluate(&predicate, table.columns(), rows, settings, ctx)?;
    let mask = mask.as_boolean_opt().ok_or_else(|| Error::internal("a condition that is not boolean"))?;
    let kept = filter(chosen.columns(), mask, ctx)?;
    let rows = kept.first().map_or_else(|| mask.true_count(), |c| c.len());
    made(chosen.schema(), kept, rows)
}

/// The aggregates of texts over all rows of `source`, one row; only rows for which `predicate` is true count.
///
/// # Errors
/// As [`expressions`], [`condition`] and [`aggregate`].
pub fn aggregate_table(
    source: impl Iterator<Item = Result<RecordBatch>>,
    schema: &SchemaRef,
    texts: &[&str],
    predicate: Option<&str>,
    settings: Settings,
    ctx: &Context,
) -> Result<RecordBatch> {
    let (names, typed): (Vec<String>, Vec<Typed>) = expressions(texts, schema, settings)?.into_iter().unzip();
    if let Some((path, at)) = typed.iter().find_map(bare_column) {
        let name = path.first().and_then(|index| schema.fields().get(*index)).map_or("", |field| field.name());
        return Err(Error::invalid_argument(format!("column '{name}' at {at} must stand inside an aggregate")));
    }
    let predicate = predicate.map(|text| condition(text, schema, settings)).transpose()?;
    let values = aggregate(&typed, source, predicate.as_ref(), settings, ctx)?;
    let fields = names.iter().zip(&values).map(|(name, value)| Field::new(name, value.data_type().clone(), true));
    made(Arc::new(Schema::new(fields.collect::<Vec<_>>())), values, 1)
}

/// A column that stands outside all aggregates, and its place.
fn bare_column(expr: &Typed) -> Option<(&[usize], Position)> {
    match &expr.kind {
        TypedKind::Column(path) => Some((path, expr.at)),
        TypedKind::Literal(_) => None,
        TypedKind::Cast { value, .. } => bare_column(value),
        TypedKind::Call { function, arguments, .. } => match function.implementation {
            Implementation::Aggregate(_) | Implementation::Holistic(_) => None,
            _ => arguments.iter().find_map(bare_column),
        },
    }
}

/// Where columns are in a schema.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an unknown column, with those that are there.
pub(crate) fn positions(names: &[String], schema: &Schema) -> Result<Vec<usize>> {
    let position = |name: &String| {
        schema.index_of(name).map_err(|_| {
            let known: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            Error::invalid_argument(format!("unknown column '{name}'; columns: {}", known.join(", ")))
        })
    };
    names.iter().map(position).collect()
}

/// A table of columns.
pub(crate) fn made(schema: SchemaRef, columns: Vec<arrow_array::ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
}
