/* Parquet files, tables, and what the library says of itself. */
#include "pfr.h"

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

SEXP pfr_parquet_read(SEXP path, SEXP options, SEXP context) {
  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  pfr_check(pf_parquet_read(pfr_string(path, "path"), pfr_options(options), pfr_context(context), stream), context);
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
