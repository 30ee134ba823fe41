/* Runs one kernel once on a seeded graph, on one thread: what the instruction counts are taken of.
 *
 *   kernels input|input_text|input_sparse|input_weighted      makes the edges and nothing else
 *   kernels build|build_text|build_sparse|build_weighted      and builds the graph
 *   kernels csc|degree|bfs|pagerank|connected_components      and runs the kernel on the graph of `build`
 *   kernels pagerank_weighted                                 and runs it on the graph of `build_weighted`
 */
#include <libparquetframe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERTICES = 1 << 14, EDGES = 1 << 17 };

static void check(pf_status status) {
  if (status != PF_OK) {
    fprintf(stderr, "%d: %s\n", (int)status, pf_last_error_message());
    exit(1);
  }
}

/* A skewed vertex: the lesser of two from a linear congruential generator (Knuth's MMIX constants). */
static int64_t vertex(uint64_t *state) {
  uint64_t ends[2];
  for (int i = 0; i < 2; i++) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    ends[i] = (*state >> 33) % VERTICES;
  }
  return (int64_t)(ends[0] < ends[1] ? ends[0] : ends[1]);
}

static void text_column(const int64_t *ids, struct ArrowArray *array, struct ArrowSchema *schema) {
  char *names = malloc((size_t)EDGES * 16);
  const char **values = malloc((size_t)EDGES * sizeof *values);
  if (names == NULL || values == NULL) exit(1);
  for (size_t i = 0; i < EDGES; i++) {
    snprintf(names + i * 16, 16, "vertex-%lld", (long long)ids[i]);
    values[i] = names + i * 16;
  }
  check(pf_array_from_strings(values, EDGES, array, schema));
  free(values);
  free(names);
}

/* Whether `kernel` ends with `suffix`. */
static int kind(const char *kernel, const char *suffix) {
  size_t length = strlen(kernel), end = strlen(suffix);
  return length >= end && strcmp(kernel + length - end, suffix) == 0;
}

static struct ArrowArrayStream make_edges(const char *kernel, int64_t ends[2][EDGES]) {
  struct ArrowArray arrays[3];
  struct ArrowSchema schemas[3];
  for (int i = 0; i < 2; i++) {
    /* A factor that no bitmap of the ids would fit. */
    if (kind(kernel, "_sparse")) for (size_t e = 0; e < EDGES; e++) ends[i][e] *= 1000003;
    if (kind(kernel, "_text")) text_column(ends[i], &arrays[i], &schemas[i]);
    else check(pf_array_from_buffer("l", ends[i], EDGES, &arrays[i], &schemas[i]));
  }
  size_t columns = 2;
  if (kind(kernel, "_weighted")) check(pf_array_from_buffer("l", ends[1], EDGES, &arrays[columns], &schemas[columns])), columns++;
  const char *names[3] = {"source", "target", "weight"};
  struct ArrowArrayStream edges;
  check(pf_stream_from_arrays(columns, names, arrays, schemas, &edges));
  return edges;
}

typedef pf_status kernel_function(const pf_graph *, const pf_options *, const pf_context *, struct ArrowArrayStream *);

/* The kernels that take nothing but the graph. */
static kernel_function *plain_kernel(const char *name) {
  static const struct {
    const char *name;
    kernel_function *function;
  } all[] = {
      {"degree", pf_graph_degree},
      {"connected_components", pf_graph_connected_components},
      {"strongly_connected_components", pf_graph_strongly_connected_components},
      {"triangles", pf_graph_triangles},
      {"core_number", pf_graph_core_number},
      {"edges", pf_graph_edges},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(name, all[i].name) == 0) return all[i].function;
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const char *kernel = argv[1];
  static int64_t ends[2][EDGES];
  uint64_t state = 1;
  for (size_t i = 0; i < EDGES; i++) {
    ends[0][i] = vertex(&state);
    ends[1][i] = vertex(&state);
  }
  struct ArrowArrayStream edges = make_edges(kernel, ends);
  if (strncmp(kernel, "input", 5) == 0) {
    edges.release(&edges);
    return 0;
  }

  pf_context *context = pf_context_new();
  check(pf_context_set_threads(context, 1));
  pf_options *options = pf_options_new();
  if (kind(kernel, "_weighted")) check(pf_options_set_str(options, "weight", "weight"));
  pf_graph *graph;
  check(pf_graph_from_edges(&edges, "source", "target", NULL, options, context, &graph));

  struct ArrowArrayStream result;
  struct ArrowArray array;
  struct ArrowSchema schema;
  result.release = NULL;
  if (strcmp(kernel, "csc") == 0) {
    check(pf_graph_buffer(graph, "csc.offsets", context, &array, &schema));
    array.release(&array);
    schema.release(&schema);
  } else if (strcmp(kernel, "bfs") == 0) {
    check(pf_array_from_buffer("l", ends[0], 1, &array, &schema));
    check(pf_graph_bfs(graph, &array, &schema, NULL, NULL, options, context, &result));
  } else if (strncmp(kernel, "pagerank", 8) == 0) {
    check(pf_options_set_f64(options, "tolerance", 0.0));
    check(pf_options_set_i64(options, "max_iterations", 20));
    check(pf_graph_pagerank(graph, NULL, options, context, &result));
  } else if (strcmp(kernel, "shortest_path_weighted") == 0) {
    check(pf_array_from_buffer("l", ends[0], 1, &array, &schema));
    check(pf_graph_shortest_path(graph, &array, &schema, NULL, NULL, options, context, &result));
  } else if (strcmp(kernel, "dfs") == 0) {
    check(pf_options_set_bool(options, "forest", true));
    check(pf_graph_dfs(graph, NULL, NULL, options, context, &result));
  } else if (strcmp(kernel, "betweenness") == 0) {
    check(pf_array_from_buffer("l", ends[0], 4, &array, &schema));
    check(pf_graph_betweenness(graph, &array, &schema, options, context, &result));
  } else if (plain_kernel(kernel) != NULL) {
    check(plain_kernel(kernel)(graph, options, context, &result));
  } else if (strncmp(kernel, "build", 5) != 0) {
    fprintf(stderr, "unknown kernel %s\n", kernel);
    return 2;
  }
  if (result.release != NULL) result.release(&result);
  pf_options_free(options);
  pf_graph_free(graph);
  pf_context_free(context);
  return 0;
}
