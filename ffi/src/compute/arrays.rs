//! The same over one array.

use std::ffi::c_char;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, StructArray};
use arrow_schema::{DataType, Field, Schema};
use pf_base::{Context, Error, Options, Result};
use pf_compute_core::{EVALUATE, FILTER, Settings, aggregate_table, evaluate_table, filter_table};

use crate::arrow::{TakenArray, export_array, open_array, take_array};
use crate::context::Call;
use crate::graph::options;
use crate::status::call;
use crate::types::{Out, pf_str, strings};
use crate::{pf_context, pf_options, pf_status};

/// Evaluates expressions over an array, to an array of the same length.
///
/// A struct is taken for a table whose columns are its fields; any other array is a table with one column, which bears
/// the name in its schema, or "value" where that is empty. The result is a struct with a field for every expression.
/// Expressions and options are those of pf_compute_evaluate. `array` is consumed, on success and on failure. What takes
/// long runs on other threads while this one asks the context's progress callback. Fails as pf_compute_evaluate, with
/// PF_INVALID_ARGUMENT for a struct with null rows, PF_ARITHMETIC, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_evaluate_array(
    array: *mut FFI_ArrowArray,
    schema: *mut FFI_ArrowSchema,
    expressions: *const *const c_char,
    num_expressions: usize,
    options: *const pf_options,
    context: *const pf_context,
    out_array: *mut FFI_ArrowArray,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    // SAFETY: the header's rules for arrays, handles, lists and outputs.
    unsafe {
        let array = take_array(array, schema);
        over("pf_compute_evaluate_array", array, options, context, (out_array, out_schema), |table, options| {
            let texts = strings(expressions, num_expressions, "expressions")?;
            let settings = Settings::from_options(&options.bind(&EVALUATE)?)?;
            Ok(move |ctx: &Context| evaluate_table(&table, &texts, settings, ctx))
        })
    }
}

/// Leaves the elements of an array for which `predicate` is true, in their order.
///
/// A struct comes back as a struct, of the fields that the option "columns" names; any other array as an array of its type. Everything else is as in
/// pf_compute_evaluate_array and pf_compute_filter. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_filter_array(
    array: *mut FFI_ArrowArray,
    schema: *mut FFI_ArrowSchema,
    predicate: pf_str<'_>,
    options: *const pf_options,
    context: *const pf_context,
    out_array: *mut FFI_ArrowArray,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    // SAFETY: the header's rules for arrays, handles and outputs.
    unsafe {
        let array = take_array(array, schema);
        over("pf_compute_filter_array", array, options, context, (out_array, out_schema), |table, options| {
            let options = options.bind(&FILTER)?;
            let (predicate, columns) = (predicate.get("predicate")?, options.opt_str_list("columns"));
            let settings = Settings::from_options(&options)?;
            Ok(move |ctx: &Context| filter_table(&table, predicate, columns, settings, ctx))
        })
    }
}

/// Aggregates an array to a struct of one row, with a field for every expression.
///
/// Everything else is as in pf_compute_evaluate_array and pf_compute_aggregate. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_compute_aggregate_array(
    array: *mut FFI_ArrowArray,
    schema: *mut FFI_ArrowSchema,
    expressions: *const *const c_char,
    num_expressions: usize,
    options: *const pf_options,
    context: *const pf_context,
    out_array: *mut FFI_ArrowArray,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    // SAFETY: the header's rules for arrays, handles, lists and outputs.
    unsafe {
        let array = take_array(array, schema);
        over("pf_compute_aggregate_array", array, options, context, (out_array, out_schema), |table, options| {
            let texts = strings(expressions, num_expressions, "expressions")?;
            let (predicate, settings) = super::aggregation(options)?;
            let schema = table.schema();
            Ok(move |ctx: &Context| aggregate_table([Ok(table)].into_iter(), &schema, &texts, predicate, settings, ctx))
        })
    }
}

/// What the three share: the array as a table, the kernel on other threads, the table as a struct.
///
/// # Safety
/// The array is as the C data interface asks; handles are NULL or live; outputs are NULL or valid for writing.
unsafe fn over<'a, F: FnOnce(&Context) -> Result<RecordBatch> + Send>(
    function: &'static str,
    array: TakenArray,
    options: *const pf_options,
    context: *const pf_context,
    (out_array, out_schema): (*mut FFI_ArrowArray, *mut FFI_ArrowSchema),
    prepare: impl FnOnce(RecordBatch, &'a Options) -> Result<F>,
) -> pf_status {
    call(function, || {
        // SAFETY: forwarded to the caller.
        let ((array, field), options, host) =
            unsafe { (open_array(array, "array")?, self::options(options), Call::new(context)) };
        let (out_array, out_schema) = (Out::new(out_array, "out_array")?, Out::new(out_schema, "out_schema")?);
        let rows = array.len();
        let is_table = matches!(array.data_type(), DataType::Struct(_));
        let kernel = prepare(as_table(array, field)?, options)?;
        let result = host.run(rows as u64, kernel)?;
        let rows = result.num_rows() as u64;
        let single = function == "pf_compute_filter_array" && !is_table;
        let result: ArrayRef = if single { result.column(0).clone() } else { as_struct(result)? };
        // SAFETY: the caller's outputs are valid for writing.
        unsafe { export_array(result.as_ref(), out_array, out_schema) }?;
        Ok(rows)
    })
}

fn as_table(array: ArrayRef, field: Field) -> Result<RecordBatch> {
    let rows = RecordBatchOptions::new().with_row_count(Some(array.len()));
    if let DataType::Struct(fields) = array.data_type() {
        if array.null_count() > 0 {
            return Err(Error::invalid_argument("array is a struct with null rows, which is no table"));
        }
        let schema = Schema::new(fields.clone());
        return Ok(RecordBatch::try_new_with_options(Arc::new(schema), array.as_struct().columns().to_vec(), &rows)?);
    }
    let name = if field.name().is_empty() { "value" } else { field.name().as_str() };
    let schema = Schema::new(vec![Field::new(name, array.data_type().clone(), true)]);
    Ok(RecordBatch::try_new_with_options(Arc::new(schema), vec![array], &rows)?)
}

fn as_struct(table: RecordBatch) -> Result<ArrayRef> {
    let rows = table.num_rows();
    let fields = table.schema().fields().clone();
    Ok(Arc::new(StructArray::try_new_with_length(fields, table.columns().to_vec(), None, rows)?))
}
