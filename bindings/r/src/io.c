/* Parquet files, tables, and what the library says of itself. */
#include "pfr.h"

#include <string.h>

static struct ArrowArrayStream *stream_argument(SEXP stream, const char *name) {
  return pfr_handle_get(stream, &PFR_STREAM, name);
}

SEXP pfr_version(void) {
  return Rf_ScalarString(Rf_mkCharCE(pf_version_string(), CE_UTF8));
}

SEXP pfr_abi_version(void) {
  SEXP version = PROTECT(Rf_allocVector(INTSXP, 2));
  INTEGER(version)[0] = (int)(pf_abi_version() >> 16);
  INTEGER(version)[1] = (int)(pf_abi_version() & 0xffff);
  UNPROTECT(1);
  return version;
}

SEXP pfr_has_feature(SEXP names) {
  if (TYPEOF(names) != STRSXP) pfr_stop(PF_TYPE, "name must be a character vector");
  SEXP result = PROTECT(Rf_allocVector(LGLSXP, XLENGTH(names)));
  for (R_xlen_t i = 0; i < XLENGTH(names); i++) {
    SEXP name = STRING_ELT(names, i);
    LOGICAL(result)[i] = name != NA_STRING && pf_has_feature(Rf_translateCharUTF8(name));
  }
  UNPROTECT(1);
  return result;
}

SEXP pfr_kernels(void) {
  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  pfr_check(pf_kernels(stream), R_NilValue);
  UNPROTECT(1);
  return handle;
}

/* A stream that `name` makes of the files at a path: their rows, how these would be read, or what the files say of themselves. */
SEXP pfr_parquet(SEXP name, SEXP path, SEXP options, SEXP context) {
  const char *operation = pfr_string(name, "name");
  const char *file = pfr_string(path, "path");
  const pf_options *parameters = pfr_options(options);
  const pf_context *host = pfr_context(context);
  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  pf_status status = PF_OK;
  if (strcmp(operation, "read") == 0) {
    status = pf_parquet_read(file, parameters, host, stream);
  } else if (strcmp(operation, "explain") == 0) {
    status = pf_parquet_explain(file, parameters, host, stream);
  } else if (strcmp(operation, "metadata") == 0) {
    status = pf_parquet_metadata(file, parameters, host, stream);
  } else {
    pfr_stop(PF_INVALID_ARGUMENT, "there is no operation '%s' on Parquet files", operation);
  }
  pfr_check(status, context);
  UNPROTECT(1);
  return handle;
}

SEXP pfr_parquet_count(SEXP path, SEXP options, SEXP context) {
  uint64_t rows = 0;
  pfr_check(pf_parquet_count(pfr_string(path, "path"), pfr_options(options), pfr_context(context), &rows), context);
  return Rf_ScalarReal((double)rows);
}

SEXP pfr_parquet_write(SEXP stream, SEXP path, SEXP options, SEXP context) {
  struct ArrowArrayStream *input = stream_argument(stream, "x");
  struct ArrowArrayStream *out;
  SEXP handle = PROTECT(pfr_stream_new(&out));
  pfr_check(pf_parquet_write(input, pfr_string(path, "path"), pfr_options(options), pfr_context(context), out), context);
  UNPROTECT(1);
  return handle;
}

SEXP pfr_table_from_stream(SEXP stream, SEXP context) {
  struct ArrowArrayStream *input = stream_argument(stream, "stream");
  SEXP handle = PROTECT(pfr_handle_new(&PFR_TABLE));
  pf_table *table = NULL;
  pf_status status = pf_table_from_stream(input, pfr_context(context), &table);
  if (status == PF_OK) pfr_handle_set(handle, table);
  pfr_check(status, context);
  UNPROTECT(1);
  return handle;
}

SEXP pfr_table_num_rows(SEXP table) {
  return Rf_ScalarReal((double)pf_table_num_rows(pfr_handle_get(table, &PFR_TABLE, "table")));
}

SEXP pfr_table_stream(SEXP table, SEXP options) {
  const pf_table *input = pfr_handle_get(table, &PFR_TABLE, "table");
  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  pfr_check(pf_table_stream(input, pfr_options(options), stream), R_NilValue);
  UNPROTECT(1);
  return handle;
}
