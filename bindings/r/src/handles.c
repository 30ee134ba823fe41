/* External pointers that own what they point to. */
#include "pfr.h"
#include "batches.h"

#include <stdlib.h>
#include <string.h>

static void free_graph(void *object) { pf_graph_free(object); }
static void free_table(void *object) { pf_table_free(object); }
static void free_options(void *object) { pf_options_free(object); }

static void free_stream(void *object) {
  struct ArrowArrayStream *stream = object;
  if (stream->release) stream->release(stream);
  free(stream);
}

static void free_array(void *object) {
  struct ArrowArray *array = object;
  if (array->release) array->release(array);
  free(array);
}

static void free_schema(void *object) {
  struct ArrowSchema *schema = object;
  if (schema->release) schema->release(schema);
  free(schema);
}

#define LOST "is closed, or was saved and loaded, which it does not survive: make it again with "
const pfr_kind PFR_GRAPH = {"pf_graph", free_graph, LOST "pf_graph()"};
const pfr_kind PFR_TABLE = {"pf_table", free_table, LOST "pf_table()"};
const pfr_kind PFR_STREAM = {"pf_stream", free_stream, "was used before"};
const pfr_kind PFR_ARRAY = {"pf_array", free_array, "was used before"};
const pfr_kind PFR_SCHEMA = {"pf_schema", free_schema, "was used before"};
const pfr_kind PFR_OPTIONS = {"pf_options", free_options, "were freed before"};
const pfr_kind PFR_CONTEXT = {"pf_context", pfr_context_free, "was freed before"};
const pfr_kind PFR_BATCHES = {"pf_batches", pfr_batches_free, "were freed before"};

static const pfr_kind *const KINDS[] = {&PFR_GRAPH,  &PFR_TABLE,   &PFR_STREAM,  &PFR_ARRAY,
                                        &PFR_SCHEMA, &PFR_OPTIONS, &PFR_CONTEXT, &PFR_BATCHES};

static const pfr_kind *kind_of(SEXP handle) {
  if (TYPEOF(handle) != EXTPTRSXP || TYPEOF(R_ExternalPtrTag(handle)) != SYMSXP) return NULL;
  const char *tag = CHAR(PRINTNAME(R_ExternalPtrTag(handle)));
  for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
    if (strcmp(tag, KINDS[i]->tag) == 0) return KINDS[i];
  return NULL;
}

void pfr_handle_close(SEXP handle) {
  const pfr_kind *kind = kind_of(handle);
  void *object = kind ? R_ExternalPtrAddr(handle) : NULL;
  if (!object) return;
  R_ClearExternalPtr(handle);
  kind->free(object);
}

SEXP pfr_handle_new(const pfr_kind *kind) {
  SEXP handle = PROTECT(R_MakeExternalPtr(NULL, Rf_install(kind->tag), R_NilValue));
  R_RegisterCFinalizerEx(handle, pfr_handle_close, TRUE);
  UNPROTECT(1);
  return handle;
}

void pfr_handle_set(SEXP handle, void *object) { R_SetExternalPtrAddr(handle, object); }

bool pfr_handle_is(SEXP handle, const pfr_kind *kind) { return kind_of(handle) == kind; }

void *pfr_handle_get(SEXP handle, const pfr_kind *kind, const char *name) {
  if (kind_of(handle) != kind) pfr_stop(PF_TYPE, "%s must be a %s", name, kind->tag);
  void *object = R_ExternalPtrAddr(handle);
  if (!object) pfr_stop(PF_INVALID_ARGUMENT, "%s %s", name, kind->gone);
  return object;
}

static SEXP new_struct(const pfr_kind *kind, size_t size, void **object) {
  SEXP handle = PROTECT(pfr_handle_new(kind));
  *object = pfr_calloc(1, size);
  pfr_handle_set(handle, *object);
  UNPROTECT(1);
  return handle;
}

SEXP pfr_stream_new(struct ArrowArrayStream **stream) {
  void *object;
  SEXP handle = new_struct(&PFR_STREAM, sizeof **stream, &object);
  *stream = object;
  return handle;
}

SEXP pfr_array_new(struct ArrowArray **array) {
  void *object;
  SEXP handle = new_struct(&PFR_ARRAY, sizeof **array, &object);
  *array = object;
  return handle;
}

SEXP pfr_schema_new(struct ArrowSchema **schema) {
  void *object;
  SEXP handle = new_struct(&PFR_SCHEMA, sizeof **schema, &object);
  *schema = object;
  return handle;
}

/* Frees a handle before the garbage collector would; twice is no error. */
SEXP pfr_close(SEXP handle) {
  if (!kind_of(handle)) pfr_stop(PF_TYPE, "con must be a pf_graph or a pf_table");
  pfr_handle_close(handle);
  return R_NilValue;
}

/* Whether a handle still has its object. */
SEXP pfr_alive(SEXP handle) { return Rf_ScalarLogical(kind_of(handle) && R_ExternalPtrAddr(handle)); }
