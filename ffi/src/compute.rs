//! Expressions and kernels over columns.

mod arrays;
mod rows;

pub use arrays::*;
pub use rows::*;

use std::ffi::c_char;

use arrow_array::RecordBatchReader;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pf_base::{Error, Options, Result};
use pf_compute_core::{AGGREGATE, EVALUATE, FILTER, Settings, aggregate_table, filtered, projected};

use crate::arrow::{export_batch, export_stream, open_stream, take_stream};
use crate::context::Call;
use crate::graph::options;
use crate::status::call;
use crate::types::{Out, pf_str, strings};
use crate::{pf_context, pf_options, pf_status};

/// Streams the columns that expressions give, a row for every row of `input`.
///
/// `expressions` holds `num_expressions` texts of the expression language, each with a name or not:
/// "price * qty AS total", "lower(name)". docs/expressions.md has the language and its functions. A column bears the
/// name after AS, else that of the column it is, else the text of its expression in canonical form.
///
/// Options (may be NULL): "overflow" (string, "error": integer overflow and division by zero are PF_ARITHMETIC; "null";
/// "wrap"), "nan" (string, "keep"; "null" takes NaN in columns for missing). The context may be NULL; its cancel token
/// also ends the stream. `input` is consumed, on success and on failure, and pulled by whoever pulls `out_stream`: the
/// memory is that of some batches, but of the whole input where a function looks at other rows (cum_sum, rank, an
/// aggregate). Batches come in the order of the input, not always cut as there. The same bits for any number of threads.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, no expression, a syntax error, an unknown column or function: with line and
/// column), PF_TYPE, PF_UNSUPPORTED (SQL that the language has not). The stream reports what only rows show
/// ("[PF_ARITHMETIC] …"). Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_evaluate(
    input: *mut FFI_ArrowArrayStream,
    expressions: *const *const c_char,
    num_expressions: usize,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_compute_evaluate", || {
        // SAFETY: the header's rules for streams, handles and lists; the stream is taken over first.
        let (input, options, host) = unsafe { (take_stream(input), self::options(options), Call::new(context)) };
        let input = open_stream(input, "input")?;
        let out = Out::new(out_stream, "out_stream")?;
        // SAFETY: the caller gives so many strings.
        let texts = unsafe { strings(expressions, num_expressions, "expressions") }?;
        let settings = Settings::from_options(&options.bind(&EVALUATE)?)?;
        let reader = projected(Box::new(input), &texts, settings, &host.context)?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_stream(reader)) };
        Ok(0)
    })
}

/// Streams the rows of `input` for which `predicate` is true, in their order.
///
/// `predicate` is an expression of type boolean; rows for which it is null are left out. Options (may be NULL):
/// "columns" (list of strings: the columns that come back, in this order; all), "overflow", "nan": as
/// pf_compute_evaluate, whose rules for `input`, context, memory and failures also hold here. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_filter(
    input: *mut FFI_ArrowArrayStream,
    predicate: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_compute_filter", || {
        // SAFETY: the header's rules for streams and handles; the stream is taken over first.
        let (input, options, host) = unsafe { (take_stream(input), self::options(options), Call::new(context)) };
        let input = open_stream(input, "input")?;
        let out = Out::new(out_stream, "out_stream")?;
        let options = options.bind(&FILTER)?;
        let (predicate, columns) = (predicate.get("predicate")?, options.opt_str_list("columns"));
        let settings = Settings::from_options(&options)?;
        let reader = filtered(Box::new(input), predicate, columns, settings, &host.context)?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_stream(reader)) };
        Ok(0)
    })
}

/// Aggregates all rows of `input` to a stream of one batch of one row.
///
/// `expressions` are texts such as "sum(price * qty) AS total", "count(*)", "quantile(x, 0.9) FILTER (WHERE ok)"; every
/// column stands inside an aggregate. Columns are named as by pf_compute_evaluate. Options (may be NULL): "where" (string:
/// a condition, only rows for which it is true count), "overflow", "nan": as there. The context may be NULL. `input` is
/// consumed, on success and on failure, and pulled on the calling thread. Memory: some batches, and what an aggregate
/// has to keep (the values of a quantile, the distinct values of count_distinct). The same bits for any number of
/// threads. Nothing in gives 0 for counts and null for the rest. Fails as pf_compute_evaluate, with PF_ARITHMETIC where a
/// sum of integers does not fit, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_aggregate(
    input: *mut FFI_ArrowArrayStream,
    expressions: *const *const c_char,
    num_expressions: usize,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    call("pf_compute_aggregate", || {
        // SAFETY: the header's rules for streams, handles and lists; the stream is taken over first.
        let (input, options, host) = unsafe { (take_stream(input), self::options(options), Call::new(context)) };
        let input = open_stream(input, "input")?;
        let out = Out::new(out_stream, "out_stream")?;
        // SAFETY: the caller gives so many strings.
        let texts = unsafe { strings(expressions, num_expressions, "expressions") }?;
        let (predicate, settings) = aggregation(options)?;
        let schema = input.schema();
        let result =
            host.run_fed(input, |ctx, batches| aggregate_table(batches, &schema, &texts, predicate, settings, ctx))?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batch(result)) };
        Ok(1)
    })
}

/// Gives the columns (names and types) that pf_compute_evaluate would give for rows of the type `schema`, without rows.
///
/// `schema` is that of a table: a struct; it is not consumed. The result is a struct too, to be released by its release
/// callback. Options as pf_compute_evaluate. Aggregates may be among the expressions. Fails with PF_INVALID_ARGUMENT,
/// PF_TYPE, PF_UNSUPPORTED as there. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_schema(
    schema: *const FFI_ArrowSchema,
    expressions: *const *const c_char,
    num_expressions: usize,
    options: *const pf_options,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    call("pf_compute_schema", || {
        // SAFETY: the header's rules for handles and structs.
        let (schema, options) = unsafe { (crate::types::arg(schema, "schema")?, self::options(options)) };
        let out = Out::new(out_schema, "out_schema")?;
        if schema.release().is_none() {
            return Err(Error::invalid_argument("schema was released before"));
        }
        // SAFETY: a schema that was not released is as the C data interface says, but for what is looked for.
        unsafe { crate::checked::check_schema(schema) }?;
        let field = Field::try_from(schema)?;
        let DataType::Struct(fields) = field.data_type() else {
            return Err(Error::wrong_type(format!("schema must be that of a struct, not of {}", field.data_type())));
        };
        let schema = SchemaRef::new(Schema::new(fields.clone()));
        // SAFETY: the caller gives so many strings.
        let texts = unsafe { strings(expressions, num_expressions, "expressions") }?;
        let settings = Settings::from_options(&options.bind(&EVALUATE)?)?;
        let outputs = pf_compute_core::expressions(&texts, &schema, settings)?;
        let made = FFI_ArrowSchema::try_from(pf_compute_core::schema_of(&outputs, &schema).as_ref())?;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(made) };
        Ok(0)
    })
}

/// Streams the table of the functions and operators of the expression language.
///
/// Columns, all strings: "family", "function", "item" ("function", "parameter", "alias" or "example"), "name" (of a
/// parameter or alias; the text of an example), "type" (what a parameter accepts; how an operator is written),
/// "default" (null where there is none; the result of an example), "doc". Fails with PF_INVALID_ARGUMENT for NULL.
/// Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_functions(out_stream: *mut FFI_ArrowArrayStream) -> pf_status {
    call("pf_compute_functions", || {
        let out = Out::new(out_stream, "out_stream")?;
        let table = pf_compute_core::catalogue()?;
        let rows = table.num_rows() as u64;
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(export_batch(table)) };
        Ok(rows)
    })
}

/// What the options of an aggregation say.
fn aggregation(options: &Options) -> Result<(Option<&str>, Settings)> {
    let options = options.bind(&AGGREGATE)?;
    Ok((options.opt_str("where"), Settings::from_options(&options)?))
}
