/* The pf_context and the pf_options of a call. */
#include "batches.h"
#include "pfr.h"

#include <limits.h>
#include <stdlib.h>

/* A context, and what its progress callback has to know. */
typedef struct {
  pf_context *handle;
  SEXP progress; /* An R function of the fraction, or R_NilValue; kept alive by the external pointer. */
  bool interrupted;
} context_state;

void pfr_context_free(void *object) {
  context_state *state = object;
  pf_context_free(state->handle);
  free(state);
}

typedef struct {
  context_state *state;
  double fraction;
  bool checked;
} poll_state;

static void poll(void *data) {
  poll_state *poll = data;
  R_CheckUserInterrupt();
  poll->checked = true;
  if (poll->state->progress != R_NilValue && poll->fraction >= 0) {
    SEXP fraction = PROTECT(Rf_ScalarReal(poll->fraction));
    SEXP call = PROTECT(Rf_lang2(poll->state->progress, fraction));
    Rf_eval(call, R_GlobalEnv);
    UNPROTECT(2);
  }
}

/* Runs on R's thread, below frames of the library: R_ToplevelExec stops every longjmp. */
static bool on_progress(void *user_data, double fraction) {
  context_state *state = user_data;
  poll_state data = {state, fraction, false};
  if (R_ToplevelExec(poll, &data)) return true;
  if (data.checked) {
    state->progress = R_NilValue; /* The progress bar failed, which is no reason to end the call. */
    return true;
  }
  state->interrupted = true;
  return false;
}

static double whole_number(SEXP x, const char *name, double most) {
  if (TYPEOF(x) != REALSXP || XLENGTH(x) != 1) pfr_stop(PF_TYPE, "%s must be one number", name);
  double value = REAL(x)[0];
  if (!(value >= 0 && value <= most)) pfr_stop(PF_INVALID_ARGUMENT, "%s must be between 0 and %.0f", name, most);
  return value;
}

/* `threads` and `memory_limit` are numbers or NULL for the default, `progress` a function of the fraction done or NULL. */
SEXP pfr_context_new(SEXP threads, SEXP memory_limit, SEXP progress) {
  if (progress != R_NilValue && !Rf_isFunction(progress)) pfr_stop(PF_TYPE, "progress must be a function");
  SEXP handle = PROTECT(pfr_handle_new(&PFR_CONTEXT));
  context_state *state = pfr_calloc(1, sizeof *state);
  pfr_handle_set(handle, state);
  state->progress = progress;
  R_SetExternalPtrProtected(handle, progress);
  state->handle = pf_context_new();
  pfr_check(pf_context_set_progress(state->handle, on_progress, state), R_NilValue);
  if (threads != R_NilValue) {
    int32_t count = (int32_t)whole_number(threads, "threads", INT_MAX);
    pfr_check(pf_context_set_threads(state->handle, count), R_NilValue);
  }
  if (memory_limit != R_NilValue) {
    uint64_t bytes = (uint64_t)whole_number(memory_limit, "memory_limit", 9007199254740992.0);
    pfr_check(pf_context_set_memory_limit(state->handle, bytes), R_NilValue);
  }
  UNPROTECT(1);
  return handle;
}

static context_state *state_of(SEXP context) { return pfr_handle_get(context, &PFR_CONTEXT, "context"); }

const pf_context *pfr_context(SEXP context) { return context == R_NilValue ? NULL : state_of(context)->handle; }

bool pfr_interrupted(SEXP context) {
  if (context == R_NilValue) return false;
  context_state *state = state_of(context);
  bool interrupted = state->interrupted;
  state->interrupted = false;
  return interrupted;
}

const pf_options *pfr_options(SEXP options) {
  return options == R_NilValue ? NULL : pfr_handle_get(options, &PFR_OPTIONS, "options");
}

static void set_strings(pf_options *options, const char *name, SEXP value) {
  size_t length = (size_t)XLENGTH(value);
  const char **strings = (const char **)R_alloc(length + 1, sizeof *strings);
  for (size_t i = 0; i < length; i++) {
    SEXP element = STRING_ELT(value, (R_xlen_t)i);
    if (element == NA_STRING) pfr_stop(PF_INVALID_ARGUMENT, "%s must not have NA", name);
    strings[i] = Rf_translateCharUTF8(element);
  }
  pfr_check(pf_options_set_str_list(options, name, strings, length), R_NilValue);
}

/* Options from a named list. What a value becomes is said by its type: a double is a number, a double of class "pf_int64"
   an integer, a logical a truth value, a character a text, and of class "pf_strings" a list of texts. NULL is left out. */
SEXP pfr_options_new(SEXP values) {
  SEXP names = Rf_getAttrib(values, R_NamesSymbol);
  if (TYPEOF(values) != VECSXP || (XLENGTH(values) && TYPEOF(names) != STRSXP)) {
    pfr_stop(PF_TYPE, "options must be a named list");
  }
  SEXP handle = PROTECT(pfr_handle_new(&PFR_OPTIONS));
  pf_options *options = pf_options_new();
  pfr_handle_set(handle, options);
  for (R_xlen_t i = 0; i < XLENGTH(values); i++) {
    SEXP value = VECTOR_ELT(values, i);
    const char *name = Rf_translateCharUTF8(STRING_ELT(names, i));
    if (value == R_NilValue) continue;
    if (TYPEOF(value) == STRSXP && Rf_inherits(value, "pf_strings")) {
      set_strings(options, name, value);
      continue;
    }
    if (XLENGTH(value) != 1) pfr_stop(PF_INVALID_ARGUMENT, "%s must be one value", name);
    pf_status status = PF_TYPE;
    switch (TYPEOF(value)) {
    case REALSXP:
      status = Rf_inherits(value, "pf_int64") ? pf_options_set_i64(options, name, (int64_t)REAL(value)[0])
                                              : pf_options_set_f64(options, name, REAL(value)[0]);
      break;
    case LGLSXP:
      status = pf_options_set_bool(options, name, LOGICAL(value)[0] != 0);
      break;
    case STRSXP:
      status = pf_options_set_str(options, name, pfr_string(value, name));
      break;
    default:
      pfr_stop(PF_TYPE, "%s must be a number, a string, TRUE or FALSE", name);
    }
    pfr_check(status, R_NilValue);
  }
  UNPROTECT(1);
  return handle;
}
