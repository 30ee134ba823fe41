/* What the files of the glue share.
 *
 * R errors and interrupts longjmp. Two rules keep that safe:
 * - No longjmp ever crosses a frame of the library. R code runs below a call of the library only in the
 *   progress callback, inside R_ToplevelExec (context.c).
 * - Whatever must be freed belongs to an external pointer with a finalizer (handles.c) before the next call
 *   that may longjmp, so that an error leaks nothing.
 *
 * Buffers that the library may release on another thread are malloc'd copies, never R objects (arrow_in.c).
 */
#ifndef PFR_H
#define PFR_H

#ifndef R_NO_REMAP
#define R_NO_REMAP
#endif
#ifndef STRICT_R_HEADERS
#define STRICT_R_HEADERS
#endif
#include <R.h>
#include <Rinternals.h>
#include <libparquetframe.h>

/* handles.c: external pointers that own what they point to. */

/* What an external pointer may own: its tag, how it is freed, and what to say when it is gone. */
typedef struct {
  const char *tag;
  void (*free)(void *);
  const char *gone;
} pfr_kind;

extern const pfr_kind PFR_GRAPH, PFR_TABLE, PFR_STREAM, PFR_ARRAY, PFR_SCHEMA, PFR_OPTIONS, PFR_CONTEXT, PFR_BATCHES;

/* An external pointer of a kind, empty until pfr_handle_set. */
SEXP pfr_handle_new(const pfr_kind *kind);
/* Gives the pointer its object, which it owns from then on. Never longjmps. */
void pfr_handle_set(SEXP handle, void *object);
/* The object of the argument `name`; an R error unless it is a live handle of that kind. */
void *pfr_handle_get(SEXP handle, const pfr_kind *kind, const char *name);
/* Whether it is a handle of that kind, with its object or without. */
bool pfr_handle_is(SEXP handle, const pfr_kind *kind);
/* Frees the object now; what is empty stays empty. */
void pfr_handle_close(SEXP handle);

/* Zeroed structs inside new handles. */
SEXP pfr_stream_new(struct ArrowArrayStream **stream);
SEXP pfr_array_new(struct ArrowArray **array);
SEXP pfr_schema_new(struct ArrowSchema **schema);

/* errors.c: status codes as classed R conditions. */

/* Signals a condition of class parquetframe_<status>. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
NORET void pfr_stop(pf_status status, const char *format, ...);
/* Signals what a stream reports of a callback that returned `code`. */
NORET void pfr_stop_stream(struct ArrowArrayStream *stream, int code);
/* After a call of the library: nothing for PF_OK, else its error, or the interrupt that ended it. */
void pfr_check(pf_status status, SEXP context);
/* calloc(count, size), at least one byte; an R error instead of NULL. */
void *pfr_calloc(size_t count, size_t size);
/* The text of the argument `name` in UTF-8, valid until .Call returns. */
const char *pfr_string(SEXP x, const char *name);
/* Calls a function of this package's namespace; the arguments must be protected. */
SEXP pfr_call_r(const char *function, SEXP first, SEXP second);

/* context.c: pf_context and pf_options of a call; R_NilValue is none. */

const pf_context *pfr_context(SEXP context);
const pf_options *pfr_options(SEXP options);
/* Whether the user interrupted a call with this context; forgets it. */
bool pfr_interrupted(SEXP context);

/* arrow_in.c: R to Arrow. */

/* Copies a vector into an array. `what` names it in errors. */
void pfr_vector_to_arrow(SEXP x, const char *what, struct ArrowArray *array, struct ArrowSchema *schema);

/* arrow_out.c: Arrow to R. */

SEXP pfr_vector_from_arrow(const struct ArrowArray *array, const struct ArrowSchema *schema, const char *what);

/* Entry points, registered in init.c. */
SEXP pfr_abi_version(void);
SEXP pfr_alive(SEXP handle);
SEXP pfr_arrow_identity(SEXP x);
SEXP pfr_close(SEXP handle);
SEXP pfr_compute(SEXP name, SEXP input, SEXP arguments, SEXP whole, SEXP options, SEXP context);
SEXP pfr_compute_functions(void);
SEXP pfr_compute_schema(SEXP input, SEXP expressions, SEXP options);
SEXP pfr_compute_take(SEXP input, SEXP indices, SEXP context);
SEXP pfr_context_new(SEXP threads, SEXP memory_limit, SEXP progress);
SEXP pfr_graph_buffer(SEXP graph, SEXP name, SEXP context);
SEXP pfr_graph_derive(SEXP graph, SEXP name, SEXP input, SEXP context);
SEXP pfr_graph_from_edges(SEXP edges, SEXP source, SEXP target, SEXP vertices, SEXP options, SEXP context);
SEXP pfr_graph_from_parquet(SEXP path, SEXP source, SEXP target, SEXP vertices, SEXP options, SEXP context);
SEXP pfr_graph_info(SEXP graph);
SEXP pfr_graph_integer_ids(SEXP graph);
SEXP pfr_graph_kernel(SEXP graph, SEXP name, SEXP inputs, SEXP options, SEXP context);
SEXP pfr_graph_pagerank(SEXP graph, SEXP personalization, SEXP options, SEXP context);
SEXP pfr_graph_vertices(SEXP graph, SEXP context);
SEXP pfr_has_feature(SEXP names);
SEXP pfr_kernels(void);
SEXP pfr_options_new(SEXP values);
SEXP pfr_parquet(SEXP name, SEXP path, SEXP options, SEXP context);
SEXP pfr_parquet_count(SEXP path, SEXP options, SEXP context);
SEXP pfr_parquet_write(SEXP stream, SEXP path, SEXP options, SEXP context);
SEXP pfr_stream_collect(SEXP stream);
SEXP pfr_stream_fields(SEXP stream);
SEXP pfr_stream_from_frame(SEXP frame, SEXP n_rows);
SEXP pfr_table_from_stream(SEXP stream, SEXP context);
SEXP pfr_table_num_rows(SEXP table);
SEXP pfr_table_stream(SEXP table, SEXP options);
SEXP pfr_version(void);

#endif
