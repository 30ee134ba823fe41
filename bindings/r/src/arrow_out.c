/* Arrow to R: all batches of a stream as one data.frame. */
#include "batches.h"
#include "types.h"

#include <R_ext/Utils.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What is kept of a column from one batch to the next. */
typedef struct column {
  const pfr_type *type; /* Of a factor the type of its codes. */
  double divisor;
  bool factor;
  bool exact;
  const struct ArrowArray *dictionary; /* The one that the factor's map was made for; its batch is still there. */
  struct column *items;                /* Of a list what its vectors are; of a map what its values are. */
} column;

/* ---- vectors ---- */

/* Lists inside one another, at most: each is a call deeper. */
enum { MOST_LISTS = 64 };

static bool is_map(const struct ArrowSchema *schema) { return strcmp(schema->format, "+m") == 0; }

/* The type of a list's items, of a map's values. */
static const struct ArrowSchema *items_of(const struct ArrowSchema *schema, const char *what) {
  const struct ArrowSchema *items = schema->n_children == 1 ? schema->children[0] : NULL;
  if (!items || (is_map(schema) && items->n_children != 2)) pfr_stop(PF_CORRUPT, "%s has a type without its items", what);
  return is_map(schema) ? items->children[1] : items;
}

static NORET void no_counterpart(const char *what, const char *outer, const char *type, const char *format) {
  pfr_stop(PF_UNSUPPORTED, "%s has the Arrow type %s%s ('%s'), which has no counterpart in R: read other columns with `columns`", what,
           outer, type, format);
}

/* `depth` counts the lists that it is in. */
static column column_inside(const struct ArrowSchema *schema, const char *what, int depth) {
  const struct ArrowSchema *dictionary = schema->dictionary;
  column result = {pfr_type_of(schema->format), pfr_divisor_of(schema->format), dictionary != NULL, true, NULL, NULL};
  const pfr_type *values = dictionary ? pfr_type_of(dictionary->format) : result.type;
  const char *outer = depth ? dictionary ? "list of dictionary of " : "list of " : dictionary ? "dictionary of " : "";
  if (values->type == NILSXP || depth > MOST_LISTS || (dictionary && (depth || values->type != STRSXP))) {
    no_counterpart(what, outer, values->name, dictionary ? dictionary->format : schema->format);
  }
  if (values->type == VECSXP) {
    const struct ArrowSchema *items = items_of(schema, what);
    if (is_map(schema)) {
      const struct ArrowSchema *keys = schema->children[0]->children[0];
      if (keys->dictionary || pfr_type_of(keys->format)->type != STRSXP) {
        no_counterpart(what, outer, "map whose keys are no strings", keys->format);
      }
    }
    result.items = (column *)R_alloc(1, sizeof *result.items);
    *result.items = column_inside(items, what, depth + 1);
  }
  return result;
}

static column column_of(const struct ArrowSchema *schema, const char *what) { return column_inside(schema, what, 0); }

static void set_class(SEXP x, const char *first, const char *second) {
  SEXP class = PROTECT(Rf_allocVector(STRSXP, second ? 2 : 1));
  SET_STRING_ELT(class, 0, Rf_mkChar(first));
  if (second) SET_STRING_ELT(class, 1, Rf_mkChar(second));
  Rf_setAttrib(x, R_ClassSymbol, class);
  UNPROTECT(1);
}

static void set_text(SEXP x, const char *attribute, const char *text) {
  SEXP value = PROTECT(Rf_ScalarString(Rf_mkCharCE(text, CE_UTF8)));
  Rf_setAttrib(x, Rf_install(attribute), value);
  UNPROTECT(1);
}

/* A vector without its class, which `finish` sets once the values are there. */
static SEXP alloc_column(const column *column, R_xlen_t n) {
  SEXP x = PROTECT(Rf_allocVector(column->factor ? INTSXP : column->type->type, n));
  if (column->factor) {
    SEXP levels = PROTECT(Rf_allocVector(STRSXP, 0));
    Rf_setAttrib(x, R_LevelsSymbol, levels);
    UNPROTECT(1);
  }
  UNPROTECT(1);
  return x;
}

static void finish(SEXP x, const column *column, const struct ArrowSchema *schema) {
  const char *format = schema->format;
  if (column->factor) {
    bool ordered = schema->flags & ARROW_FLAG_DICTIONARY_ORDERED;
    set_class(x, ordered ? "ordered" : "factor", ordered ? "factor" : NULL);
  } else if (strncmp(format, "td", 2) == 0) {
    set_class(x, "Date", NULL);
  } else if (strncmp(format, "ts", 2) == 0) {
    /* A time without a zone is shown as it is written, which is what UTC does. */
    const char *zone = strchr(format, ':');
    set_class(x, "POSIXct", "POSIXt");
    set_text(x, "tzone", zone && zone[1] ? zone + 1 : "UTC");
  } else if (format[0] == 't') {
    set_class(x, "difftime", NULL);
    set_text(x, "units", "secs");
  }
}

/* ---- factors ---- */

static bool same_dictionary(const struct ArrowArray *a, const struct ArrowArray *b) {
  if (!a || a->length != b->length || a->offset != b->offset || a->n_buffers != b->n_buffers) return false;
  for (int64_t i = 0; i < a->n_buffers; i++)
    if (a->buffers[i] != b->buffers[i]) return false;
  return true;
}

/* Adds a dictionary's values to the levels of `x` and gives the code of each value. */
static SEXP merge_levels(SEXP x, const struct ArrowArray *dictionary, const struct ArrowSchema *schema) {
  SEXP values = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)dictionary->length));
  pfr_type_of(schema->format)->fill(values, 0, dictionary, dictionary->offset, dictionary->length, 1);
  SEXP levels = PROTECT(Rf_getAttrib(x, R_LevelsSymbol));
  SEXP merged = PROTECT(pfr_call_r("merge_levels", levels, values));
  Rf_setAttrib(x, R_LevelsSymbol, VECTOR_ELT(merged, 0));
  SEXP map = VECTOR_ELT(merged, 1);
  UNPROTECT(3);
  return map;
}

/* `maps` keeps the last map of every column alive. */
static void fill_factor(SEXP x, R_xlen_t at, SEXP maps, R_xlen_t which, column *column, const struct ArrowSchema *schema,
                        const struct ArrowArray *array, int64_t start, int64_t n, const char *what) {
  const struct ArrowArray *dictionary = array->dictionary;
  if (!same_dictionary(column->dictionary, dictionary)) {
    SET_VECTOR_ELT(maps, which, merge_levels(x, dictionary, schema->dictionary));
  }
  column->dictionary = dictionary;
  SEXP map = VECTOR_ELT(maps, which);
  SEXP codes = PROTECT(Rf_allocVector(column->type->type, (R_xlen_t)n));
  column->type->fill(codes, 0, array, start, n, 1);
  for (int64_t i = 0; i < n; i++) {
    double code = NA_REAL;
    if (TYPEOF(codes) == REALSXP) code = REAL(codes)[i];
    else if (INTEGER(codes)[i] != NA_INTEGER) code = INTEGER(codes)[i];
    if (ISNAN(code)) {
      INTEGER(x)[at + i] = NA_INTEGER;
      continue;
    }
    if (!(code >= 0 && code < (double)XLENGTH(map))) pfr_stop(PF_CORRUPT, "%s has an index outside its dictionary", what);
    INTEGER(x)[at + i] = INTEGER(map)[(R_xlen_t)code];
  }
  UNPROTECT(1);
}

/* ---- lists ---- */

static bool fill_values(SEXP x, R_xlen_t at, const column *column, const struct ArrowSchema *schema, const struct ArrowArray *array,
                        int64_t start, int64_t n);

/* Where the items of element `k` begin. */
static int64_t items_at(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t k) {
  if (schema->format[1] == 'w') return k * strtoll(schema->format + 3, NULL, 10);
  return schema->format[1] == 'L' ? ((const int64_t *)array->buffers[1])[k] : ((const int32_t *)array->buffers[1])[k];
}

/* A vector for each element, NULL where it is missing; that of a map has its keys as names. */
static bool fill_list(SEXP x, R_xlen_t at, const column *column, const struct ArrowSchema *schema, const struct ArrowArray *array,
                      int64_t start, int64_t n) {
  bool map = is_map(schema), exact = true;
  const struct ArrowArray *children = array->children[0], *keys = map ? children->children[0] : NULL;
  const struct ArrowArray *values = map ? children->children[1] : children;
  const struct ArrowSchema *value_schema = map ? schema->children[0]->children[1] : schema->children[0];
  /* The items of a map are rows of a struct, which has an offset of its own. */
  int64_t skipped = map ? children->offset : 0;
  for (int64_t i = 0; i < n; i++) {
    if ((i & 0xfff) == 0xfff) R_CheckUserInterrupt();
    if (!pfr_valid(array, start + i)) continue;
    int64_t from = items_at(schema, array, start + i), length = items_at(schema, array, start + i + 1) - from;
    SEXP items = PROTECT(alloc_column(column->items, (R_xlen_t)length));
    SET_VECTOR_ELT(x, at + (R_xlen_t)i, items);
    if (!fill_values(items, 0, column->items, value_schema, values, values->offset + skipped + from, length)) exact = false;
    finish(items, column->items, value_schema);
    if (map) {
      SEXP names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)length));
      pfr_type_of(schema->children[0]->children[0]->format)->fill(names, 0, keys, keys->offset + skipped + from, length, 1);
      Rf_setAttrib(items, R_NamesSymbol, names);
      UNPROTECT(1);
    }
    UNPROTECT(1);
  }
  return exact;
}

/* Values of any type but factors. False: a number was rounded. */
static bool fill_values(SEXP x, R_xlen_t at, const column *column, const struct ArrowSchema *schema, const struct ArrowArray *array,
                        int64_t start, int64_t n) {
  if (column->items) return fill_list(x, at, column, schema, array, start, n);
  return column->type->fill(x, at, array, start, n, column->divisor);
}

SEXP pfr_vector_from_arrow(const struct ArrowArray *array, const struct ArrowSchema *schema, const char *what) {
  column column = column_of(schema, what);
  SEXP x = PROTECT(alloc_column(&column, (R_xlen_t)array->length));
  SEXP maps = PROTECT(Rf_allocVector(VECSXP, 1));
  if (column.factor) fill_factor(x, 0, maps, 0, &column, schema, array, array->offset, array->length, what);
  else if (!fill_values(x, 0, &column, schema, array, array->offset, array->length)) {
    Rf_setAttrib(x, Rf_install("rounded"), Rf_ScalarLogical(TRUE));
  }
  finish(x, &column, schema);
  UNPROTECT(2);
  return x;
}

/* ---- streams ---- */

void pfr_batches_free(void *object) {
  pfr_batches *batches = object;
  for (size_t i = 0; i < batches->length; i++)
    if (batches->items[i].release) batches->items[i].release(&batches->items[i]);
  free(batches->items);
  if (batches->schema.release) batches->schema.release(&batches->schema);
  free(batches);
}

static void read_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema) {
  int code = stream->get_schema(stream, schema);
  if (code) pfr_stop_stream(stream, code);
  if (strcmp(schema->format, "+s") != 0) pfr_stop(PF_CORRUPT, "the stream is not of record batches");
}

/* Reads a stream to its end. What is batches already stays as it is. */
static SEXP read_batches(SEXP handle, pfr_batches **out) {
  if (pfr_handle_is(handle, &PFR_BATCHES)) {
    *out = pfr_handle_get(handle, &PFR_BATCHES, "stream");
    return handle;
  }
  struct ArrowArrayStream *stream = pfr_handle_get(handle, &PFR_STREAM, "stream");
  if (!stream->release) pfr_stop(PF_INVALID_ARGUMENT, "stream was used before");
  SEXP result = PROTECT(pfr_handle_new(&PFR_BATCHES));
  pfr_batches *batches = pfr_calloc(1, sizeof *batches);
  pfr_handle_set(result, batches);
  read_schema(stream, &batches->schema);
  for (;;) {
    if (batches->length == batches->capacity) {
      size_t capacity = 2 * batches->capacity + 8;
      struct ArrowArray *items = realloc(batches->items, capacity * sizeof *items);
      if (!items) pfr_stop(PF_OUT_OF_MEMORY, "no memory for %.0f batches", (double)capacity);
      batches->items = items;
      batches->capacity = capacity;
    }
    struct ArrowArray *next = &batches->items[batches->length];
    memset(next, 0, sizeof *next);
    int code = stream->get_next(stream, next);
    if (code) pfr_stop_stream(stream, code);
    if (!next->release) break;
    batches->length++;
    batches->rows += next->length;
    if (next->n_children != batches->schema.n_children) pfr_stop(PF_CORRUPT, "a batch of the stream has other columns");
    R_CheckUserInterrupt();
  }
  pfr_handle_close(handle);
  *out = batches;
  UNPROTECT(1);
  return result;
}

static const char *name_of(const struct ArrowSchema *schema) { return schema->name ? schema->name : ""; }

static SEXP names_of(const struct ArrowSchema *schema) {
  SEXP names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)schema->n_children));
  for (int64_t i = 0; i < schema->n_children; i++)
    SET_STRING_ELT(names, (R_xlen_t)i, Rf_mkCharCE(name_of(schema->children[i]), CE_UTF8));
  UNPROTECT(1);
  return names;
}

static const char *column_label(const struct ArrowSchema *schema) {
  const char *name = name_of(schema);
  char *label = R_alloc(strlen(name) + 10, 1);
  strcpy(label, "column '");
  strcat(label, name);
  return strcat(label, "'");
}

/* The metadata of a schema as a named character vector. It is a count and then, for each entry, the length and the bytes of the key
   and of the value; the numbers are 32-bit integers that may be unaligned. */
static SEXP metadata_of(const struct ArrowSchema *schema) {
  const char *at = schema->metadata;
  int32_t n = 0;
  if (at) {
    memcpy(&n, at, sizeof n);
    at += sizeof n;
  }
  if (n < 0) n = 0;
  SEXP values = PROTECT(Rf_allocVector(STRSXP, n));
  SEXP keys = PROTECT(Rf_allocVector(STRSXP, n));
  for (int32_t i = 0; i < 2 * n; i++) {
    int32_t length;
    memcpy(&length, at, sizeof length);
    at += sizeof length;
    /* Text with a NUL is cut there: R's strings cannot hold it. */
    const char *end = memchr(at, 0, (size_t)length);
    SEXP text = Rf_mkCharLenCE(at, end ? (int)(end - at) : length, CE_UTF8);
    SET_STRING_ELT(i % 2 ? values : keys, i / 2, text);
    at += length;
  }
  Rf_setAttrib(values, R_NamesSymbol, keys);
  UNPROTECT(2);
  return values;
}

/* All rows of a stream as a data.frame. Its attribute "metadata" is that of the schema, "rounded" tells of each column whether
   numbers lost digits; collect() of result.R takes both away. */
SEXP pfr_stream_collect(SEXP stream) {
  pfr_batches *batches;
  SEXP owner = PROTECT(read_batches(stream, &batches));
  const struct ArrowSchema *schema = &batches->schema;
  if (batches->rows > INT_MAX) {
    pfr_stop(PF_UNSUPPORTED, "%.0f rows are more than a data.frame can have (2^31 - 1)", (double)batches->rows);
  }
  R_xlen_t n = (R_xlen_t)schema->n_children;
  column *columns = (column *)R_alloc((size_t)n + 1, sizeof *columns);
  const char **labels = (const char **)R_alloc((size_t)n + 1, sizeof *labels);
  SEXP frame = PROTECT(Rf_allocVector(VECSXP, n));
  SEXP maps = PROTECT(Rf_allocVector(VECSXP, n));
  for (R_xlen_t c = 0; c < n; c++) {
    labels[c] = column_label(schema->children[c]);
    columns[c] = column_of(schema->children[c], labels[c]);
    SET_VECTOR_ELT(frame, c, alloc_column(&columns[c], (R_xlen_t)batches->rows));
  }

  R_xlen_t at = 0;
  for (size_t b = 0; b < batches->length; b++) {
    struct ArrowArray *batch = &batches->items[b];
    for (R_xlen_t c = 0; c < n; c++) {
      const struct ArrowArray *array = batch->children[c];
      int64_t start = array->offset + batch->offset;
      SEXP x = VECTOR_ELT(frame, c);
      if (columns[c].factor) {
        fill_factor(x, at, maps, c, &columns[c], schema->children[c], array, start, batch->length, labels[c]);
      } else if (!fill_values(x, at, &columns[c], schema->children[c], array, start, batch->length)) {
        columns[c].exact = false;
      }
    }
    at += (R_xlen_t)batch->length;
    /* Memory shrinks as R's grows. The last batch stays until the next is done, because dictionaries are told apart by address. */
    if (b > 0) batches->items[b - 1].release(&batches->items[b - 1]);
    R_CheckUserInterrupt();
  }

  SEXP rounded = PROTECT(Rf_allocVector(LGLSXP, n));
  for (R_xlen_t c = 0; c < n; c++) {
    finish(VECTOR_ELT(frame, c), &columns[c], schema->children[c]);
    LOGICAL(rounded)[c] = !columns[c].exact;
  }
  SEXP names = PROTECT(names_of(schema));
  SEXP metadata = PROTECT(metadata_of(schema));
  SEXP row_names = PROTECT(Rf_allocVector(INTSXP, 2)); /* The compact form of 1 … rows. */
  INTEGER(row_names)[0] = NA_INTEGER;
  INTEGER(row_names)[1] = -(int)batches->rows;
  Rf_setAttrib(frame, R_NamesSymbol, names);
  Rf_setAttrib(frame, R_RowNamesSymbol, row_names);
  Rf_setAttrib(frame, Rf_install("metadata"), metadata);
  Rf_setAttrib(frame, Rf_install("rounded"), rounded);
  set_class(frame, "data.frame", NULL);
  pfr_handle_close(owner);
  UNPROTECT(7);
  return frame;
}

static int64_t count_nulls(const struct ArrowArray *array, int64_t start, int64_t n) {
  if (array->null_count == 0) return 0;
  int64_t nulls = 0;
  for (int64_t k = start; k < start + n; k++) nulls += !pfr_valid(array, k);
  return nulls;
}

/* The columns of a stream as a data.frame of `column`, `type` and `nulls`; reads it to its end. */
SEXP pfr_stream_fields(SEXP stream) {
  pfr_batches *batches;
  SEXP owner = PROTECT(read_batches(stream, &batches));
  const struct ArrowSchema *schema = &batches->schema;
  R_xlen_t n = (R_xlen_t)schema->n_children;
  SEXP names = PROTECT(names_of(schema));
  SEXP types = PROTECT(Rf_allocVector(STRSXP, n));
  SEXP nulls = PROTECT(Rf_allocVector(REALSXP, n));
  for (R_xlen_t c = 0; c < n; c++) {
    const struct ArrowSchema *child = schema->children[c];
    bool null_type = strcmp(child->format, "n") == 0;
    SET_STRING_ELT(types, c, Rf_mkChar(child->dictionary ? "dictionary" : pfr_type_of(child->format)->name));
    REAL(nulls)[c] = 0;
    for (size_t b = 0; b < batches->length; b++) {
      const struct ArrowArray *batch = &batches->items[b], *array = batch->children[c];
      REAL(nulls)[c] += (double)(null_type ? batch->length : count_nulls(array, array->offset + batch->offset, batch->length));
    }
  }
  const char *keys[] = {"column", "type", "nulls", ""};
  SEXP result = PROTECT(Rf_mkNamed(VECSXP, keys));
  SET_VECTOR_ELT(result, 0, names);
  SET_VECTOR_ELT(result, 1, types);
  SET_VECTOR_ELT(result, 2, nulls);
  pfr_handle_close(owner);
  UNPROTECT(5);
  return result;
}

/* A vector to Arrow and back, for the tests. */
SEXP pfr_arrow_identity(SEXP x) {
  struct ArrowArray *array;
  struct ArrowSchema *schema;
  SEXP array_handle = PROTECT(pfr_array_new(&array)), schema_handle = PROTECT(pfr_schema_new(&schema));
  pfr_vector_to_arrow(x, "x", array, schema);
  SEXP result = PROTECT(pfr_vector_from_arrow(array, schema, "x"));
  pfr_handle_close(array_handle);
  pfr_handle_close(schema_handle);
  UNPROTECT(3);
  return result;
}
