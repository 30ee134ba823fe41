/* Expressions and operations on the columns of tables. Inputs are streams; results are streams, or batches where the input is one
 * batch in memory: then the library works on other threads and this one sees interrupts all the time. pfr_stream_collect takes both. */
#include "pfr.h"
#include "batches.h"

#include <string.h>

typedef struct {
  const char **items;
  size_t length;
} texts;

/* The elements of a character vector in UTF-8, valid until .Call returns. */
static texts texts_of(SEXP x, const char *name) {
  if (TYPEOF(x) != STRSXP) pfr_stop(PF_TYPE, "%s must be strings", name);
  texts texts = {(const char **)R_alloc((size_t)XLENGTH(x) + 1, sizeof(char *)), (size_t)XLENGTH(x)};
  for (R_xlen_t i = 0; i < XLENGTH(x); i++) {
    if (STRING_ELT(x, i) == NA_STRING) pfr_stop(PF_INVALID_ARGUMENT, "%s must not have NA", name);
    texts.items[i] = Rf_translateCharUTF8(STRING_ELT(x, i));
  }
  return texts;
}

static const char *only(texts texts, const char *name) {
  if (texts.length != 1) pfr_stop(PF_INVALID_ARGUMENT, "%s must be one string", name);
  return texts.items[0];
}

/* Moves the schema and the only batch of a stream out of it. False where it has not exactly one. */
static bool open_whole(struct ArrowArrayStream *stream, struct ArrowArray *array, struct ArrowSchema *schema) {
  int code = stream->get_schema(stream, schema);
  if (!code) code = stream->get_next(stream, array);
  if (code) pfr_stop_stream(stream, code);
  if (!array->release) return false;
  struct ArrowArray next = {.release = NULL};
  code = stream->get_next(stream, &next);
  if (code) pfr_stop_stream(stream, code);
  if (!next.release) return true;
  next.release(&next);
  return false;
}

/* `name` is that of the operation, `input` a stream, `arguments` its texts. With `whole` it is that of an array, and the result is
   NULL where the input is not exactly one batch. */
SEXP pfr_compute(SEXP name, SEXP input, SEXP arguments, SEXP whole, SEXP options, SEXP context) {
  const char *operation = pfr_string(name, "name");
  struct ArrowArrayStream *stream = pfr_handle_get(input, &PFR_STREAM, "data");
  const pf_options *parameters = pfr_options(options);
  const pf_context *host = pfr_context(context);
  bool is_sort = strcmp(operation, "sort") == 0;
  texts list = texts_of(arguments, is_sort ? "keys" : "expressions");
  pf_status status = PF_OK;

  if (Rf_asLogical(whole) == TRUE) {
    struct ArrowArray *array;
    struct ArrowSchema *schema;
    PROTECT(pfr_array_new(&array));
    PROTECT(pfr_schema_new(&schema));
    SEXP result = PROTECT(pfr_handle_new(&PFR_BATCHES));
    pfr_batches *batches = pfr_calloc(1, sizeof *batches);
    pfr_handle_set(result, batches);
    batches->items = pfr_calloc(1, sizeof *batches->items);
    batches->capacity = 1;
    if (!open_whole(stream, array, schema)) {
      UNPROTECT(3);
      return R_NilValue;
    }
    if (strcmp(operation, "evaluate") == 0) {
      status = pf_compute_evaluate_array(array, schema, list.items, list.length, parameters, host, batches->items, &batches->schema);
    } else if (strcmp(operation, "filter") == 0) {
      status = pf_compute_filter_array(array, schema, only(list, "predicate"), parameters, host, batches->items, &batches->schema);
    } else if (strcmp(operation, "aggregate") == 0) {
      status = pf_compute_aggregate_array(array, schema, list.items, list.length, parameters, host, batches->items, &batches->schema);
    } else {
      pfr_stop(PF_INVALID_ARGUMENT, "there is no operation '%s' on arrays", operation);
    }
    pfr_check(status, context);
    batches->length = 1;
    batches->rows = batches->items->length;
    UNPROTECT(3);
    return result;
  }

  struct ArrowArrayStream *out;
  SEXP result = PROTECT(pfr_stream_new(&out));
  if (strcmp(operation, "evaluate") == 0) {
    status = pf_compute_evaluate(stream, list.items, list.length, parameters, host, out);
  } else if (strcmp(operation, "filter") == 0) {
    status = pf_compute_filter(stream, only(list, "predicate"), parameters, host, out);
  } else if (strcmp(operation, "aggregate") == 0) {
    status = pf_compute_aggregate(stream, list.items, list.length, parameters, host, out);
  } else if (is_sort) {
    status = pf_compute_sort(stream, list.items, list.length, parameters, host, out);
  } else if (strcmp(operation, "unique") == 0) {
    status = pf_compute_unique(stream, parameters, host, out);
  } else if (strcmp(operation, "value_counts") == 0) {
    status = pf_compute_value_counts(stream, parameters, host, out);
  } else {
    pfr_stop(PF_INVALID_ARGUMENT, "there is no operation '%s'", operation);
  }
  pfr_check(status, context);
  UNPROTECT(1);
  return result;
}

/* `indices` count from 0. */
SEXP pfr_compute_take(SEXP input, SEXP indices, SEXP context) {
  struct ArrowArrayStream *stream = pfr_handle_get(input, &PFR_STREAM, "data");
  const pf_context *host = pfr_context(context);
  struct ArrowArray *array;
  struct ArrowSchema *schema;
  struct ArrowArrayStream *out;
  PROTECT(pfr_array_new(&array));
  PROTECT(pfr_schema_new(&schema));
  SEXP result = PROTECT(pfr_stream_new(&out));
  pfr_vector_to_arrow(indices, "indices", array, schema);
  pfr_check(pf_compute_take(stream, array, schema, NULL, host, out), context);
  UNPROTECT(3);
  return result;
}

/* The columns that expressions give over a stream, those of the stream without expressions, as batches without rows. */
SEXP pfr_compute_schema(SEXP input, SEXP expressions, SEXP options) {
  struct ArrowArrayStream *stream = pfr_handle_get(input, &PFR_STREAM, "data");
  texts list = texts_of(expressions, "expressions");
  struct ArrowSchema *schema;
  PROTECT(pfr_schema_new(&schema));
  SEXP result = PROTECT(pfr_handle_new(&PFR_BATCHES));
  pfr_batches *batches = pfr_calloc(1, sizeof *batches);
  pfr_handle_set(result, batches);
  int code = stream->get_schema(stream, list.length ? schema : &batches->schema);
  if (code) pfr_stop_stream(stream, code);
  if (list.length) {
    pfr_check(pf_compute_schema(schema, list.items, list.length, pfr_options(options), &batches->schema), R_NilValue);
  }
  UNPROTECT(2);
  return result;
}

SEXP pfr_compute_functions(void) {
  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  pfr_check(pf_compute_functions(stream), R_NilValue);
  UNPROTECT(1);
  return handle;
}
