/* Status codes as classed R conditions. */
#include "pfr.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The name of each code, as it stands in the tag of a stream's error and, in lower case, in the class of a condition. */
static const struct {
  pf_status status;
  const char *name;
} NAMES[] = {
    {PF_INVALID_ARGUMENT, "INVALID_ARGUMENT"},
    {PF_NOT_FOUND, "NOT_FOUND"},
    {PF_ALREADY_EXISTS, "ALREADY_EXISTS"},
    {PF_IO, "IO"},
    {PF_CORRUPT, "CORRUPT"},
    {PF_UNSUPPORTED, "UNSUPPORTED"},
    {PF_OUT_OF_MEMORY, "OUT_OF_MEMORY"},
    {PF_CANCELLED, "CANCELLED"},
    {PF_TIMEOUT, "TIMEOUT"},
    {PF_CONFLICT, "CONFLICT"},
    {PF_ARITHMETIC, "ARITHMETIC"},
    {PF_TYPE, "TYPE"},
    {PF_INTERNAL, "INTERNAL"},
};
enum { N_NAMES = sizeof NAMES / sizeof *NAMES };

static const char *status_name(pf_status status) {
  for (int i = 0; i < N_NAMES; i++)
    if (NAMES[i].status == status) return NAMES[i].name;
  return "INTERNAL";
}

SEXP pfr_call_r(const char *function, SEXP first, SEXP second) {
  SEXP package = PROTECT(Rf_mkString("parquetframe"));
  SEXP namespace = PROTECT(R_FindNamespace(package));
  SEXP call = PROTECT(Rf_lang3(Rf_install(function), first, second));
  SEXP result = Rf_eval(call, namespace);
  UNPROTECT(3);
  return result;
}

NORET static void stop(const char *name, const char *message) {
  SEXP r_name = PROTECT(Rf_mkString(name));
  SEXP r_message = PROTECT(Rf_ScalarString(Rf_mkCharCE(message, CE_UTF8)));
  pfr_call_r("stop_status", r_name, r_message);
  Rf_error("%s", message); /* Not reached: stop_status() does not return. */
}

NORET void pfr_stop(pf_status status, const char *format, ...) {
  char message[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  stop(status_name(status), message);
}

/* The text is "… [PF_<CODE>] message" where the library or another producer of its kind made it. */
NORET void pfr_stop_stream(struct ArrowArrayStream *stream, int code) {
  const char *text = stream->get_last_error ? stream->get_last_error(stream) : NULL;
  if (!text) pfr_stop(PF_IO, "the stream failed: %s", strerror(code));
  const char *tag = strstr(text, "[PF_");
  for (int i = 0; tag && i < N_NAMES; i++) {
    size_t length = strlen(NAMES[i].name);
    const char *end = tag + 4 + length;
    if (strncmp(tag + 4, NAMES[i].name, length) == 0 && strncmp(end, "] ", 2) == 0) stop(NAMES[i].name, end + 2);
  }
  stop("IO", text);
}

void pfr_check(pf_status status, SEXP context) {
  if (status == PF_OK) return;
  if (status == PF_CANCELLED && pfr_interrupted(context)) {
    pfr_call_r("signal_interrupt", R_NilValue, R_NilValue);
  }
  stop(status_name(status), pf_last_error_message());
}

void *pfr_calloc(size_t count, size_t size) {
  void *memory = count && size ? calloc(count, size) : calloc(1, 1);
  if (!memory) pfr_stop(PF_OUT_OF_MEMORY, "no memory for %.0f bytes", (double)count * (double)size);
  return memory;
}

const char *pfr_string(SEXP x, const char *name) {
  if (TYPEOF(x) != STRSXP) pfr_stop(PF_TYPE, "%s must be a string", name);
  if (XLENGTH(x) != 1 || STRING_ELT(x, 0) == NA_STRING) {
    pfr_stop(PF_INVALID_ARGUMENT, "%s must be one string, not NA", name);
  }
  return Rf_translateCharUTF8(STRING_ELT(x, 0));
}
