/* R to Arrow: vectors and data frames.
 *
 * Every column is copied once into malloc'd buffers, because the library may release them on any thread. A buffer belongs to its
 * array as soon as it is allocated, and the array to a handle, so that errors may longjmp from anywhere.
 *
 *   logical -> bool               integer -> int32              double -> float64; NA is null, NaN is not
 *   character -> large utf8       factor -> dictionary          Date -> date32
 *   POSIXct -> timestamp[us, tz]  integer64, pf_int64 -> int64  (pf_int64: whole doubles, arguments.R)
 */
#include "pfr.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FORMAT = 128 };

/* What a column is on the other side. */
typedef struct {
  char *name;
  char format[MAX_FORMAT];
  bool factor, ordered;
} field;

/* ---- releasing ---- */

static void release_array(struct ArrowArray *array) {
  for (int64_t i = 0; i < array->n_children; i++) {
    struct ArrowArray *child = array->children[i];
    if (child && child->release) child->release(child);
    free(child);
  }
  free(array->children);
  if (array->dictionary && array->dictionary->release) array->dictionary->release(array->dictionary);
  free(array->dictionary);
  for (int64_t i = 0; array->buffers && i < array->n_buffers; i++) free((void *)array->buffers[i]);
  free(array->buffers);
  array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema) {
  for (int64_t i = 0; i < schema->n_children; i++) {
    struct ArrowSchema *child = schema->children[i];
    if (child && child->release) child->release(child);
    free(child);
  }
  free(schema->children);
  if (schema->dictionary && schema->dictionary->release) schema->dictionary->release(schema->dictionary);
  free(schema->dictionary);
  free((void *)schema->format);
  free((void *)schema->name);
  schema->release = NULL;
}

/* ---- schemas; these do not longjmp, because the library calls them through the stream ---- */

static bool schema_init(struct ArrowSchema *schema, const char *format, const char *name) {
  memset(schema, 0, sizeof *schema);
  schema->release = release_schema;
  schema->flags = ARROW_FLAG_NULLABLE;
  schema->format = strdup(format);
  schema->name = strdup(name);
  return schema->format && schema->name;
}

static bool schema_of_field(struct ArrowSchema *schema, const field *field) {
  if (!schema_init(schema, field->format, field->name)) return false;
  if (!field->factor) return true;
  if (field->ordered) schema->flags |= ARROW_FLAG_DICTIONARY_ORDERED;
  schema->dictionary = calloc(1, sizeof *schema);
  return schema->dictionary && schema_init(schema->dictionary, "U", "");
}

/* ---- arrays ---- */

static void array_init(struct ArrowArray *array, int64_t length, int64_t n_buffers) {
  memset(array, 0, sizeof *array);
  array->release = release_array;
  array->buffers = pfr_calloc((size_t)n_buffers, sizeof *array->buffers);
  array->n_buffers = n_buffers;
  array->length = length;
}

static void *new_buffer(struct ArrowArray *array, int64_t index, size_t bytes) {
  void *buffer = malloc(bytes ? bytes : 1);
  if (!buffer) pfr_stop(PF_OUT_OF_MEMORY, "no memory for %.0f bytes of a column", (double)bytes);
  array->buffers[index] = buffer;
  return buffer;
}

static void set_null(struct ArrowArray *array, int64_t i) {
  uint8_t *bits = (uint8_t *)array->buffers[0];
  if (!bits) {
    size_t bytes = ((size_t)array->length + 7) / 8;
    bits = new_buffer(array, 0, bytes);
    memset(bits, 0xff, bytes);
  }
  bits[i / 8] &= (uint8_t)~(1u << (i % 8));
  array->null_count++;
}

static void fill_logical(SEXP x, struct ArrowArray *array) {
  const int *values = LOGICAL(x);
  size_t bytes = ((size_t)array->length + 7) / 8;
  uint8_t *bits = memset(new_buffer(array, 1, bytes), 0, bytes);
  for (int64_t i = 0; i < array->length; i++) {
    if (values[i] == NA_LOGICAL) set_null(array, i);
    else if (values[i]) bits[i / 8] |= (uint8_t)(1u << (i % 8));
  }
}

static void fill_int32(SEXP x, struct ArrowArray *array) {
  const int *values = INTEGER(x);
  int32_t *out = new_buffer(array, 1, (size_t)array->length * sizeof *out);
  for (int64_t i = 0; i < array->length; i++) {
    bool missing = values[i] == NA_INTEGER;
    out[i] = missing ? 0 : values[i];
    if (missing) set_null(array, i);
  }
}

static void fill_double(SEXP x, struct ArrowArray *array) {
  const double *values = REAL(x);
  double *out = new_buffer(array, 1, (size_t)array->length * sizeof *out);
  for (int64_t i = 0; i < array->length; i++) {
    bool missing = R_IsNA(values[i]);
    out[i] = missing ? 0 : values[i];
    if (missing) set_null(array, i);
  }
}

/* The bits of a double of class integer64 (package bit64) are those of an integer; the least of them is NA. */
static void fill_integer64(SEXP x, struct ArrowArray *array) {
  const double *values = REAL(x);
  int64_t *out = new_buffer(array, 1, (size_t)array->length * sizeof *out);
  memcpy(out, values, (size_t)array->length * sizeof *out);
  for (int64_t i = 0; i < array->length; i++) {
    if (out[i] == INT64_MIN) {
      out[i] = 0;
      set_null(array, i);
    }
  }
}

/* An integer or a double as a double, NA where missing or not finite. */
static double number_at(SEXP x, int64_t i) {
  if (TYPEOF(x) == INTSXP) return INTEGER(x)[i] == NA_INTEGER ? NA_REAL : INTEGER(x)[i];
  return R_FINITE(REAL(x)[i]) ? REAL(x)[i] : NA_REAL;
}

/* Numbers as 64-bit integers after multiplication by `scale`, rounded. */
static void fill_int64(SEXP x, const char *what, double scale, struct ArrowArray *array) {
  int64_t *out = new_buffer(array, 1, (size_t)array->length * sizeof *out);
  for (int64_t i = 0; i < array->length; i++) {
    double value = number_at(x, i) * scale;
    if (fabs(value) > 9.2e18) pfr_stop(PF_INVALID_ARGUMENT, "%s: value %.0f is out of range", what, (double)i + 1);
    out[i] = ISNAN(value) ? 0 : (int64_t)llround(value);
    if (ISNAN(value)) set_null(array, i);
  }
}

static void fill_date(SEXP x, const char *what, struct ArrowArray *array) {
  int32_t *out = new_buffer(array, 1, (size_t)array->length * sizeof *out);
  for (int64_t i = 0; i < array->length; i++) {
    double value = floor(number_at(x, i));
    if (fabs(value) > INT32_MAX) pfr_stop(PF_INVALID_ARGUMENT, "%s: date %.0f is out of range", what, (double)i + 1);
    out[i] = ISNAN(value) ? 0 : (int32_t)value;
    if (ISNAN(value)) set_null(array, i);
  }
}

/* Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7): the library takes it on trust. */
static bool is_utf8(const unsigned char *s, size_t length) {
  for (size_t i = 0; i < length;) {
    unsigned char c = s[i++];
    if (c < 0x80) continue;
    int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (c < 0xc2 || c > 0xf4 || length - i < (size_t)more) return false;
    unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (s[i] < low || s[i] > high) return false;
    for (int k = 1; k < more; k++)
      if ((s[i + k] & 0xc0) != 0x80) return false;
    i += (size_t)more;
  }
  return true;
}

/* The text of an element in UTF-8. Bytes without an encoding are taken as UTF-8. */
static const char *text_of(SEXP element) {
  return Rf_getCharCE(element) == CE_BYTES ? CHAR(element) : Rf_translateCharUTF8(element);
}

/* The same, checked. */
static const char *text_at(SEXP x, const char *what, int64_t i) {
  const char *text = text_of(STRING_ELT(x, (R_xlen_t)i));
  if (!is_utf8((const unsigned char *)text, strlen(text))) {
    pfr_stop(PF_INVALID_ARGUMENT, "%s: string %.0f is not valid text", what, (double)i + 1);
  }
  return text;
}

static void fill_strings(SEXP x, const char *what, struct ArrowArray *array) {
  size_t bytes = 0;
  const void *vmax = vmaxget(); /* Translated text is freed here, not only when .Call returns. */
  for (int64_t i = 0; i < array->length; i++) {
    if (STRING_ELT(x, (R_xlen_t)i) != NA_STRING) bytes += strlen(text_at(x, what, i));
    vmaxset(vmax);
  }
  int64_t *offsets = new_buffer(array, 1, ((size_t)array->length + 1) * sizeof *offsets);
  char *data = new_buffer(array, 2, bytes);
  int64_t at = 0;
  for (int64_t i = 0; i < array->length; i++) {
    offsets[i] = at;
    if (STRING_ELT(x, (R_xlen_t)i) == NA_STRING) {
      set_null(array, i);
      continue;
    }
    const char *text = text_of(STRING_ELT(x, (R_xlen_t)i));
    size_t length = strlen(text);
    memcpy(data + at, text, length);
    at += (int64_t)length;
    vmaxset(vmax);
  }
  offsets[array->length] = at;
}

static void fill_factor(SEXP x, const char *what, struct ArrowArray *array) {
  SEXP levels = Rf_getAttrib(x, R_LevelsSymbol);
  if (TYPEOF(x) != INTSXP || TYPEOF(levels) != STRSXP) pfr_stop(PF_TYPE, "%s is a factor without levels", what);
  const int *codes = INTEGER(x);
  int32_t *out = new_buffer(array, 1, (size_t)array->length * sizeof *out);
  for (int64_t i = 0; i < array->length; i++) {
    bool missing = codes[i] == NA_INTEGER;
    if (!missing && (codes[i] < 1 || codes[i] > XLENGTH(levels))) {
      pfr_stop(PF_INVALID_ARGUMENT, "%s is a factor whose value %.0f has no level", what, (double)i + 1);
    }
    out[i] = missing ? 0 : codes[i] - 1;
    if (missing) set_null(array, i);
  }
  array->dictionary = pfr_calloc(1, sizeof *array);
  array_init(array->dictionary, (int64_t)XLENGTH(levels), 3);
  fill_strings(levels, what, array->dictionary);
}

static void set_time_format(char *format, SEXP x, const char *what) {
  SEXP zone = Rf_getAttrib(x, Rf_install("tzone"));
  const char *name = TYPEOF(zone) == STRSXP && XLENGTH(zone) ? CHAR(STRING_ELT(zone, 0)) : "";
  if (!*name) name = "UTC"; /* The instant counts; the zone of this session is no property of the data. */
  if (strlen(name) + 5 > MAX_FORMAT) pfr_stop(PF_INVALID_ARGUMENT, "%s has a time zone with too long a name", what);
  strcpy(format, "tsu:");
  strcat(format, name);
}

/* Fills `array` and field->format from a vector. Nothing is assumed of `x`. */
static void convert(SEXP x, const char *what, field *field, struct ArrowArray *array) {
  bool number = TYPEOF(x) == INTSXP || TYPEOF(x) == REALSXP;
  bool plain = !OBJECT(x);
  array_init(array, (int64_t)Rf_xlength(x), TYPEOF(x) == STRSXP ? 3 : 2); /* XLENGTH takes no NULL. */
  if (Rf_inherits(x, "factor")) {
    strcpy(field->format, "i");
    field->factor = true;
    field->ordered = Rf_inherits(x, "ordered");
    fill_factor(x, what, array);
  } else if (number && Rf_inherits(x, "Date")) {
    strcpy(field->format, "tdD");
    fill_date(x, what, array);
  } else if (number && Rf_inherits(x, "POSIXct")) {
    set_time_format(field->format, x, what);
    fill_int64(x, what, 1e6, array);
  } else if (TYPEOF(x) == REALSXP && Rf_inherits(x, "integer64")) {
    strcpy(field->format, "l");
    fill_integer64(x, array);
  } else if (TYPEOF(x) == REALSXP && Rf_inherits(x, "pf_int64")) {
    strcpy(field->format, "l");
    fill_int64(x, what, 1, array);
  } else if (plain && TYPEOF(x) == LGLSXP) {
    strcpy(field->format, "b");
    fill_logical(x, array);
  } else if (plain && TYPEOF(x) == INTSXP) {
    strcpy(field->format, "i");
    fill_int32(x, array);
  } else if (plain && TYPEOF(x) == REALSXP) {
    strcpy(field->format, "g");
    fill_double(x, array);
  } else if (plain && TYPEOF(x) == STRSXP) {
    strcpy(field->format, "U");
    fill_strings(x, what, array);
  } else {
    SEXP class = plain ? R_NilValue : Rf_getAttrib(x, R_ClassSymbol);
    bool named = TYPEOF(class) == STRSXP && XLENGTH(class);
    pfr_stop(PF_TYPE, "%s has the %s '%s', which has no counterpart in Arrow", what, named ? "class" : "type",
             named ? CHAR(STRING_ELT(class, 0)) : Rf_type2char(TYPEOF(x)));
  }
}

void pfr_vector_to_arrow(SEXP x, const char *what, struct ArrowArray *array, struct ArrowSchema *schema) {
  char empty[] = "";
  field field = {empty, "", false, false};
  convert(x, what, &field, array);
  if (!schema_of_field(schema, &field)) pfr_stop(PF_OUT_OF_MEMORY, "no memory for the schema of %s", what);
}

/* ---- a data frame as a stream of one batch ---- */

typedef struct {
  int64_t n_fields;
  field *fields;
  struct ArrowArray batch;
} frame;

static int frame_get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  const frame *frame = stream->private_data;
  bool ok = schema_init(out, "+s", "");
  out->flags = 0;
  if (ok) out->children = calloc((size_t)frame->n_fields + 1, sizeof *out->children);
  ok = ok && out->children;
  for (int64_t i = 0; ok && i < frame->n_fields; i++) {
    out->children[i] = calloc(1, sizeof **out->children);
    ok = out->children[i] != NULL;
    out->n_children = i + ok;
    ok = ok && schema_of_field(out->children[i], &frame->fields[i]);
  }
  if (ok) return 0;
  release_schema(out);
  return ENOMEM;
}

static int frame_get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  frame *frame = stream->private_data;
  *out = frame->batch;
  memset(&frame->batch, 0, sizeof frame->batch);
  return 0;
}

static const char *frame_get_last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return "no memory for the schema of a data frame";
}

static void frame_release(struct ArrowArrayStream *stream) {
  frame *frame = stream->private_data;
  if (frame->batch.release) frame->batch.release(&frame->batch);
  for (int64_t i = 0; i < frame->n_fields; i++) free(frame->fields[i].name);
  free(frame->fields);
  free(frame);
  stream->release = NULL;
}

static const char *column_label(const char *name) {
  char *label = R_alloc(strlen(name) + 10, 1);
  strcpy(label, "column '");
  strcat(label, name);
  return strcat(label, "'");
}

/* A stream of one batch: the columns of a data frame, copied. `n_rows` is its number of rows where it has no columns. */
SEXP pfr_stream_from_frame(SEXP x, SEXP n_rows) {
  SEXP names = Rf_getAttrib(x, R_NamesSymbol);
  if (TYPEOF(x) != VECSXP || (XLENGTH(x) && TYPEOF(names) != STRSXP)) pfr_stop(PF_TYPE, "x must be a data.frame");
  int64_t n = (int64_t)XLENGTH(x);
  int64_t rows = n ? (int64_t)XLENGTH(VECTOR_ELT(x, 0)) : Rf_asInteger(n_rows);
  if (rows < 0) pfr_stop(PF_TYPE, "the number of rows must be a whole number");

  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  frame *source = pfr_calloc(1, sizeof *source);
  stream->private_data = source;
  stream->get_schema = frame_get_schema;
  stream->get_next = frame_get_next;
  stream->get_last_error = frame_get_last_error;
  stream->release = frame_release;

  source->fields = pfr_calloc((size_t)n, sizeof *source->fields);
  array_init(&source->batch, rows, 1);
  source->batch.children = pfr_calloc((size_t)n, sizeof *source->batch.children);
  for (int64_t i = 0; i < n; i++) {
    SEXP column = VECTOR_ELT(x, (R_xlen_t)i);
    const char *name = text_at(names, "names(x)", i);
    const char *label = column_label(name);
    if ((int64_t)XLENGTH(column) != rows) {
      pfr_stop(PF_INVALID_ARGUMENT, "%s has %.0f values in a data.frame of %.0f rows", label, (double)XLENGTH(column), (double)rows);
    }
    field *field = &source->fields[i];
    field->name = pfr_calloc(strlen(name) + 1, 1);
    strcpy(field->name, name);
    source->n_fields = i + 1;
    source->batch.children[i] = pfr_calloc(1, sizeof **source->batch.children);
    source->batch.n_children = i + 1;
    convert(column, label, field, source->batch.children[i]);
  }
  UNPROTECT(1);
  return handle;
}
