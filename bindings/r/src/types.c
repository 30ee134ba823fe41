/* The Arrow types that R has a counterpart for, and the loops that copy their values. */
#include "types.h"

#include <R_ext/Utils.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Doubles hold every integer up to here. */
static const int64_t EXACT = INT64_C(1) << 53;

#define FILL(NAME, C_TYPE, R_TYPE, ACCESS, MISSING, VALUE, ROUNDED)                                                    \
  static bool NAME(SEXP out, R_xlen_t at, const struct ArrowArray *array, int64_t start, int64_t n, double divisor) {  \
    const C_TYPE *values = n ? array->buffers[1] : NULL;                                                               \
    R_TYPE *to = ACCESS(out) + at;                                                                                     \
    bool exact = true;                                                                                                 \
    (void)divisor;                                                                                                     \
    for (int64_t i = 0; i < n; i++) {                                                                                  \
      if (!pfr_valid(array, start + i)) {                                                                              \
        to[i] = MISSING;                                                                                               \
        continue;                                                                                                      \
      }                                                                                                                \
      C_TYPE v = values[start + i];                                                                                    \
      to[i] = VALUE;                                                                                                   \
      if (ROUNDED) exact = false;                                                                                      \
    }                                                                                                                  \
    return exact;                                                                                                      \
  }

#define FILL_INT(NAME, C_TYPE) FILL(NAME, C_TYPE, int, INTEGER, NA_INTEGER, (int)v, false)
#define FILL_DOUBLE(NAME, C_TYPE, VALUE, ROUNDED) FILL(NAME, C_TYPE, double, REAL, NA_REAL, VALUE, ROUNDED)

FILL_INT(fill_i8, int8_t)
FILL_INT(fill_u8, uint8_t)
FILL_INT(fill_i16, int16_t)
FILL_INT(fill_u16, uint16_t)
/* R has no integer for the least of them: it is NA. */
FILL(fill_i32, int32_t, int, INTEGER, NA_INTEGER, v, v == INT_MIN)
FILL_DOUBLE(fill_u32, uint32_t, (double)v, false)
FILL_DOUBLE(fill_i64, int64_t, (double)v, v > EXACT || v < -EXACT)
FILL_DOUBLE(fill_u64, uint64_t, (double)v, v > (uint64_t)EXACT)
FILL_DOUBLE(fill_f32, float, (double)v, false)
FILL_DOUBLE(fill_f64, double, v, false)
FILL_DOUBLE(fill_time32, int32_t, (double)v / divisor, false)
FILL_DOUBLE(fill_time64, int64_t, (double)v / divisor, false)

/* A 128-bit integer in two's complement. */
typedef struct {
  uint64_t low, high;
} int128;

/* Through the magnitude: the two halves of a small negative number would cancel. */
static double int128_as_double(int128 v) {
  bool negative = v.high >> 63;
  uint64_t low = negative ? ~v.low + 1 : v.low;
  uint64_t high = negative ? ~v.high + (v.low == 0) : v.high;
  double magnitude = (double)high * 18446744073709551616.0 + (double)low;
  return negative ? -magnitude : magnitude;
}

FILL_DOUBLE(fill_decimal, int128, int128_as_double(v) / divisor, false)

static bool fill_null(SEXP out, R_xlen_t at, const struct ArrowArray *array, int64_t start, int64_t n, double divisor) {
  (void)array, (void)start, (void)divisor;
  for (int64_t i = 0; i < n; i++) LOGICAL(out)[at + i] = NA_LOGICAL;
  return true;
}

static bool fill_bool(SEXP out, R_xlen_t at, const struct ArrowArray *array, int64_t start, int64_t n, double divisor) {
  const uint8_t *bits = n ? array->buffers[1] : NULL;
  (void)divisor;
  for (int64_t i = 0, k = start; i < n; i++, k++)
    LOGICAL(out)[at + i] = pfr_valid(array, k) ? bits[k / 8] >> (k % 8) & 1 : NA_LOGICAL;
  return true;
}

/* The strings of a column, one after the other. Runs of one text are looked up once in R's table of strings. */
typedef struct {
  SEXP out;
  R_xlen_t at;
  const char *last_text;
  int64_t last_length;
} writer;

static void write_string(writer *writer, const char *text, int64_t length) {
  R_xlen_t i = writer->at++;
  if ((i & 0xffff) == 0xffff) R_CheckUserInterrupt();
  if (!text) {
    SET_STRING_ELT(writer->out, i, NA_STRING);
    return;
  }
  bool same = writer->last_text && length == writer->last_length && memcmp(text, writer->last_text, (size_t)length) == 0;
  if (same && STRING_ELT(writer->out, i - 1) != NA_STRING) {
    SET_STRING_ELT(writer->out, i, STRING_ELT(writer->out, i - 1));
    return;
  }
  if (length > INT_MAX || memchr(text, 0, (size_t)length)) {
    pfr_stop(PF_UNSUPPORTED, "string %.0f %s, which R cannot hold", (double)i + 1,
             length > INT_MAX ? "is longer than 2^31 - 1 bytes" : "contains a NUL");
  }
  SET_STRING_ELT(writer->out, i, Rf_mkCharLenCE(text, (int)length, CE_UTF8));
  writer->last_text = text;
  writer->last_length = length;
}

#define FILL_STRINGS(NAME, OFFSET)                                                                                     \
  static bool NAME(SEXP out, R_xlen_t at, const struct ArrowArray *array, int64_t start, int64_t n, double divisor) {  \
    const OFFSET *offsets = n ? array->buffers[1] : NULL;                                                              \
    const char *data = n ? array->buffers[2] : NULL;                                                                   \
    writer writer = {out, at, NULL, 0};                                                                                \
    (void)divisor;                                                                                                     \
    for (int64_t k = start; k < start + n; k++) {                                                                      \
      int64_t length = (int64_t)(offsets[k + 1] - offsets[k]);                                                         \
      /* An array of empty strings may have no data at all. */                                                         \
      const char *text = length ? data + offsets[k] : "";                                                              \
      write_string(&writer, pfr_valid(array, k) ? text : NULL, length);                                                \
    }                                                                                                                  \
    return true;                                                                                                       \
  }

FILL_STRINGS(fill_utf8, int32_t)
FILL_STRINGS(fill_large_utf8, int64_t)

/* A view is a length and either up to 12 bytes of text, or 4 bytes, the number of a buffer and an offset in it. */
static bool fill_utf8_view(SEXP out, R_xlen_t at, const struct ArrowArray *array, int64_t start, int64_t n, double divisor) {
  const char *views = n ? array->buffers[1] : NULL;
  writer writer = {out, at, NULL, 0};
  (void)divisor;
  for (int64_t k = start; k < start + n; k++) {
    const char *view = views + 16 * k;
    int32_t length, place[2];
    memcpy(&length, view, sizeof length);
    memcpy(place, view + 8, sizeof place);
    const char *text = NULL;
    if (pfr_valid(array, k)) text = length <= 12 ? view + 4 : (const char *)array->buffers[2 + place[0]] + place[1];
    write_string(&writer, text, length);
  }
  return true;
}

static const pfr_type TYPES[] = {
    {"n", false, "null", LGLSXP, fill_null},
    {"b", false, "bool", LGLSXP, fill_bool},
    {"c", false, "int8", INTSXP, fill_i8},
    {"C", false, "uint8", INTSXP, fill_u8},
    {"s", false, "int16", INTSXP, fill_i16},
    {"S", false, "uint16", INTSXP, fill_u16},
    {"i", false, "int32", INTSXP, fill_i32},
    {"I", false, "uint32", REALSXP, fill_u32},
    {"l", false, "int64", REALSXP, fill_i64},
    {"L", false, "uint64", REALSXP, fill_u64},
    {"f", false, "float32", REALSXP, fill_f32},
    {"g", false, "float64", REALSXP, fill_f64},
    {"u", false, "string", STRSXP, fill_utf8},
    {"U", false, "string", STRSXP, fill_large_utf8},
    {"vu", false, "string", STRSXP, fill_utf8_view},
    {"tdD", false, "date", REALSXP, fill_time32},
    {"tdm", false, "date", REALSXP, fill_time64},
    {"tts", false, "time", REALSXP, fill_time32},
    {"ttm", false, "time", REALSXP, fill_time32},
    {"tt", true, "time", REALSXP, fill_time64},
    {"ts", true, "timestamp", REALSXP, fill_time64},
    {"tD", true, "duration", REALSXP, fill_time64},
    {"z", false, "binary", NILSXP, NULL},
    {"Z", false, "binary", NILSXP, NULL},
    {"vz", false, "binary", NILSXP, NULL},
    {"w:", true, "fixed-size binary", NILSXP, NULL},
    {"+s", false, "struct", NILSXP, NULL},
    /* Vectors in a list, which arrow_out.c makes. */
    {"+l", false, "list", VECSXP, NULL},
    {"+L", false, "list", VECSXP, NULL},
    {"+w:", true, "fixed-size list", VECSXP, NULL},
    {"+m", false, "map", VECSXP, NULL},
    {"+r", false, "run-end encoded", NILSXP, NULL},
    {"+u", true, "union", NILSXP, NULL},
    {"+", true, "list", NILSXP, NULL},
};
static const pfr_type DECIMAL = {"d:", true, "decimal", REALSXP, fill_decimal};
static const pfr_type UNKNOWN = {"", true, "unknown", NILSXP, NULL};

const pfr_type *pfr_type_of(const char *format) {
  if (strncmp(format, "d:", 2) == 0) {
    /* d:precision,scale[,bits]; of 128 bits where it does not say. */
    const char *comma = strchr(format, ',');
    const char *bits = comma ? strchr(comma + 1, ',') : NULL;
    return !bits || strcmp(bits, ",128") == 0 ? &DECIMAL : &UNKNOWN;
  }
  for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
    size_t length = strlen(TYPES[i].format);
    if (TYPES[i].prefix ? strncmp(format, TYPES[i].format, length) == 0 : strcmp(format, TYPES[i].format) == 0) return &TYPES[i];
  }
  return &UNKNOWN;
}

double pfr_divisor_of(const char *format) {
  if (strcmp(format, "tdm") == 0) return 86400e3;
  if (strncmp(format, "d:", 2) == 0) {
    const char *comma = strchr(format, ',');
    return comma ? pow(10, atoi(comma + 1)) : 1;
  }
  if (format[0] != 't' || format[1] == 'd' || strlen(format) < 3) return 1;
  return format[2] == 'm' ? 1e3 : format[2] == 'u' ? 1e6 : format[2] == 'n' ? 1e9 : 1;
}
