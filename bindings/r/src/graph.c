/* Graphs: how they are built, what they hold, and PageRank, whose input is a table. kernels.c has the other kernels. */
#include "pfr.h"

#include <string.h>

static const pf_graph *graph_argument(SEXP graph) { return pfr_handle_get(graph, &PFR_GRAPH, "graph"); }

/* A stream that may be absent. */
static struct ArrowArrayStream *stream_argument(SEXP stream, const char *name) {
  return stream == R_NilValue ? NULL : pfr_handle_get(stream, &PFR_STREAM, name);
}

SEXP pfr_graph_from_edges(SEXP edges, SEXP source, SEXP target, SEXP vertices, SEXP options, SEXP context) {
  const char *source_name = pfr_string(source, "source"), *target_name = pfr_string(target, "target");
  struct ArrowArrayStream *edges_in = stream_argument(edges, "edges"), *vertices_in = stream_argument(vertices, "vertices");
  const pf_options *parameters = pfr_options(options);
  const pf_context *host = pfr_context(context);
  SEXP handle = PROTECT(pfr_handle_new(&PFR_GRAPH));
  pf_graph *graph = NULL;
  pf_status status = pf_graph_from_edges(edges_in, source_name, target_name, vertices_in, parameters, host, &graph);
  if (status == PF_OK) pfr_handle_set(handle, graph);
  pfr_check(status, context);
  UNPROTECT(1);
  return handle;
}

SEXP pfr_graph_from_parquet(SEXP path, SEXP source, SEXP target, SEXP vertices, SEXP options, SEXP context) {
  const char *file = pfr_string(path, "path"), *source_name = pfr_string(source, "source"), *target_name = pfr_string(target, "target");
  struct ArrowArrayStream *vertices_in = stream_argument(vertices, "vertices");
  const pf_options *parameters = pfr_options(options);
  const pf_context *host = pfr_context(context);
  SEXP handle = PROTECT(pfr_handle_new(&PFR_GRAPH));
  pf_graph *graph = NULL;
  pf_status status = pf_graph_from_parquet(file, source_name, target_name, vertices_in, parameters, host, &graph);
  if (status == PF_OK) pfr_handle_set(handle, graph);
  pfr_check(status, context);
  UNPROTECT(1);
  return handle;
}

SEXP pfr_graph_info(SEXP graph) {
  const pf_graph *g = graph_argument(graph);
  const char *weight = pf_graph_weight(g);
  const char *names[] = {"vertices", "edges", "directed", "weight", ""};
  SEXP info = PROTECT(Rf_mkNamed(VECSXP, names));
  SET_VECTOR_ELT(info, 0, Rf_ScalarReal((double)pf_graph_num_vertices(g)));
  SET_VECTOR_ELT(info, 1, Rf_ScalarReal((double)pf_graph_num_edges(g)));
  SET_VECTOR_ELT(info, 2, Rf_ScalarLogical(pf_graph_is_directed(g)));
  if (weight) SET_VECTOR_ELT(info, 3, Rf_ScalarString(Rf_mkCharCE(weight, CE_UTF8)));
  UNPROTECT(1);
  return info;
}

SEXP pfr_graph_vertices(SEXP graph, SEXP context) {
  const pf_graph *g = graph_argument(graph);
  struct ArrowArray *array;
  struct ArrowSchema *schema;
  SEXP array_handle = PROTECT(pfr_array_new(&array)), schema_handle = PROTECT(pfr_schema_new(&schema));
  pfr_check(pf_graph_vertices(g, pfr_context(context), array, schema), context);
  SEXP result = PROTECT(pfr_vector_from_arrow(array, schema, "the vertex column"));
  pfr_handle_close(array_handle);
  pfr_handle_close(schema_handle);
  UNPROTECT(3);
  return result;
}

/* Whether the vertex ids are integers, not strings. */
SEXP pfr_graph_integer_ids(SEXP graph) {
  const pf_graph *g = graph_argument(graph);
  struct ArrowArray *array;
  struct ArrowSchema *schema;
  SEXP array_handle = PROTECT(pfr_array_new(&array)), schema_handle = PROTECT(pfr_schema_new(&schema));
  pfr_check(pf_graph_vertices(g, NULL, array, schema), R_NilValue);
  bool integer = !schema->dictionary && strlen(schema->format) == 1 && strchr("cCsSiIlL", schema->format[0]);
  pfr_handle_close(array_handle);
  pfr_handle_close(schema_handle);
  UNPROTECT(2);
  return Rf_ScalarLogical(integer);
}

SEXP pfr_graph_buffer(SEXP graph, SEXP name, SEXP context) {
  const pf_graph *g = graph_argument(graph);
  const char *buffer = pfr_string(name, "name");
  struct ArrowArray *array;
  struct ArrowSchema *schema;
  SEXP array_handle = PROTECT(pfr_array_new(&array)), schema_handle = PROTECT(pfr_schema_new(&schema));
  pfr_check(pf_graph_buffer(g, buffer, pfr_context(context), array, schema), context);
  SEXP result = PROTECT(pfr_vector_from_arrow(array, schema, buffer));
  pfr_handle_close(array_handle);
  pfr_handle_close(schema_handle);
  UNPROTECT(3);
  return result;
}

SEXP pfr_graph_pagerank(SEXP graph, SEXP personalization, SEXP options, SEXP context) {
  const pf_graph *g = graph_argument(graph);
  struct ArrowArrayStream *jumps = stream_argument(personalization, "personalization");
  const pf_options *parameters = pfr_options(options);
  const pf_context *host = pfr_context(context);
  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  pfr_check(pf_graph_pagerank(g, jumps, parameters, host, stream), context);
  UNPROTECT(1);
  return handle;
}
