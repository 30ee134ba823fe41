/* Kernels of graphs, by their name: a few shapes of calls in C are enough for all of them. They give streams, which
 * pfr_stream_collect makes data frames of. */
#include "pfr.h"

#include <string.h>

enum { MOST_INPUTS = 2 };

/* A kernel and the names of the vectors of ids that it takes, NULL where it takes fewer. */
typedef struct {
  const char *name;
  const char *inputs[MOST_INPUTS];
  union {
    pf_status (*plain)(const pf_graph *, const pf_options *, const pf_context *, struct ArrowArrayStream *);
    pf_status (*ids)(const pf_graph *, struct ArrowArray *, struct ArrowSchema *, const pf_options *, const pf_context *,
                     struct ArrowArrayStream *);
    pf_status (*pairs)(const pf_graph *, struct ArrowArray *, struct ArrowSchema *, struct ArrowArray *, struct ArrowSchema *,
                       const pf_options *, const pf_context *, struct ArrowArrayStream *);
  } call;
} kernel;

#define PLAIN(NAME) {#NAME, {NULL, NULL}, {.plain = pf_graph_##NAME}}
#define IDS(NAME, INPUT) {#NAME, {INPUT, NULL}, {.ids = pf_graph_##NAME}}
#define PAIRS(NAME, FIRST, SECOND) {#NAME, {FIRST, SECOND}, {.pairs = pf_graph_##NAME}}

static const kernel KERNELS[] = {
    PAIRS(bfs, "sources", "targets"),
    IDS(betweenness, "sources"),
    IDS(closeness, "sources"),
    PLAIN(clustering_coefficient),
    PLAIN(condensation),
    PLAIN(connected_components),
    PLAIN(core_number),
    PLAIN(degree),
    PLAIN(degree_centrality),
    IDS(dfs, "sources"),
    PLAIN(edges),
    PLAIN(find_cycle),
    PAIRS(has_edge, "sources", "targets"),
    IDS(neighbors, "vertices"),
    PAIRS(path, "source", "target"),
    PAIRS(shortest_path, "sources", "targets"),
    PLAIN(strongly_connected_components),
    PLAIN(topological_sort),
    PLAIN(triangles),
};

static const kernel *find_kernel(const char *name) {
  for (size_t i = 0; i < sizeof KERNELS / sizeof *KERNELS; i++)
    if (strcmp(KERNELS[i].name, name) == 0) return &KERNELS[i];
  pfr_stop(PF_INVALID_ARGUMENT, "there is no kernel '%s'", name);
}

/* `inputs` is a list with an element for each vector of ids that the kernel takes, NULL where one is left out. */
SEXP pfr_graph_kernel(SEXP graph, SEXP name, SEXP inputs, SEXP options, SEXP context) {
  const pf_graph *g = pfr_handle_get(graph, &PFR_GRAPH, "graph");
  const kernel *kernel = find_kernel(pfr_string(name, "name"));
  const pf_options *parameters = pfr_options(options);
  const pf_context *host = pfr_context(context);
  R_xlen_t wanted = kernel->inputs[0] == NULL ? 0 : kernel->inputs[1] == NULL ? 1 : 2;
  if (TYPEOF(inputs) != VECSXP || XLENGTH(inputs) != wanted) {
    pfr_stop(PF_TYPE, "inputs of %s must be a list of length %d", kernel->name, (int)wanted);
  }
  struct ArrowArrayStream *stream;
  SEXP handle = PROTECT(pfr_stream_new(&stream));
  /* What owns the arrays while a later one is made; the library consumes them. */
  SEXP owners = PROTECT(Rf_allocVector(VECSXP, 2 * MOST_INPUTS));
  struct ArrowArray *arrays[MOST_INPUTS] = {NULL, NULL};
  struct ArrowSchema *schemas[MOST_INPUTS] = {NULL, NULL};
  for (R_xlen_t i = 0; i < wanted; i++) {
    if (VECTOR_ELT(inputs, i) == R_NilValue) continue;
    SET_VECTOR_ELT(owners, 2 * i, pfr_array_new(&arrays[i]));
    SET_VECTOR_ELT(owners, 2 * i + 1, pfr_schema_new(&schemas[i]));
    pfr_vector_to_arrow(VECTOR_ELT(inputs, i), kernel->inputs[i], arrays[i], schemas[i]);
  }
  pf_status status;
  switch (wanted) {
    case 0:
      status = kernel->call.plain(g, parameters, host, stream);
      break;
    case 1:
      status = kernel->call.ids(g, arrays[0], schemas[0], parameters, host, stream);
      break;
    default:
      status = kernel->call.pairs(g, arrays[0], schemas[0], arrays[1], schemas[1], parameters, host, stream);
  }
  pfr_check(status, context);
  UNPROTECT(2);
  return handle;
}

/* A graph made of another: `name` is that of the operation, `input` the vector that it takes or NULL. */
SEXP pfr_graph_derive(SEXP graph, SEXP name, SEXP input, SEXP context) {
  const pf_graph *g = pfr_handle_get(graph, &PFR_GRAPH, "graph");
  const char *operation = pfr_string(name, "name");
  const pf_context *host = pfr_context(context);
  SEXP handle = PROTECT(pfr_handle_new(&PFR_GRAPH));
  struct ArrowArray *array;
  struct ArrowSchema *schema;
  PROTECT(pfr_array_new(&array));
  PROTECT(pfr_schema_new(&schema));
  pf_graph *made = NULL;
  pf_status status = PF_OK;
  if (strcmp(operation, "transpose") == 0) {
    status = pf_graph_transpose(g, host, &made);
  } else if (strcmp(operation, "undirected") == 0) {
    status = pf_graph_undirected(g, host, &made);
  } else if (strcmp(operation, "subgraph") == 0) {
    pfr_vector_to_arrow(input, "vertices", array, schema);
    status = pf_graph_subgraph(g, array, schema, host, &made);
  } else if (strcmp(operation, "filter_edges") == 0) {
    pfr_vector_to_arrow(input, "keep", array, schema);
    status = pf_graph_filter_edges(g, array, schema, host, &made);
  } else {
    pfr_stop(PF_INVALID_ARGUMENT, "there is no operation '%s'", operation);
  }
  if (status == PF_OK) pfr_handle_set(handle, made);
  pfr_check(status, context);
  UNPROTECT(3);
  return handle;
}
