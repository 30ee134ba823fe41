/* Runs one kernel once on a seeded graph, on one thread: what the instruction counts are taken of.
 *
 *   kernels KERNEL     KERNEL: build (the graph alone), build_text, degree, bfs, pagerank, connected_components
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

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const char *kernel = argv[1];
  static int64_t ends[2][EDGES];
  uint64_t state = 1;
  for (size_t i = 0; i < EDGES; i++) {
    ends[0][i] = vertex(&state);
    ends[1][i] = vertex(&state);
  }

  pf_context *context = pf_context_new();
  check(pf_context_set_threads(context, 1));
  struct ArrowArray arrays[2];
  struct ArrowSchema schemas[2];
  for (int i = 0; i < 2; i++) {
    if (strcmp(kernel, "build_text") == 0) text_column(ends[i], &arrays[i], &schemas[i]);
    else check(pf_array_from_buffer("l", ends[i], EDGES, &arrays[i], &schemas[i]));
  }
  const char *names[2] = {"source", "target"};
  struct ArrowArrayStream edges, result;
  check(pf_stream_from_arrays(2, names, arrays, schemas, &edges));
  pf_graph *graph;
  check(pf_graph_from_edges(&edges, "source", "target", NULL, NULL, context, &graph));

  result.release = NULL;
  pf_options *options = pf_options_new();
  if (strcmp(kernel, "degree") == 0) {
    check(pf_graph_degree(graph, options, context, &result));
  } else if (strcmp(kernel, "bfs") == 0) {
    check(pf_array_from_buffer("l", ends[0], 1, &arrays[0], &schemas[0]));
    check(pf_graph_bfs(graph, &arrays[0], &schemas[0], options, context, &result));
  } else if (strcmp(kernel, "pagerank") == 0) {
    check(pf_options_set_f64(options, "tolerance", 0.0));
    check(pf_options_set_i64(options, "max_iterations", 20));
    check(pf_graph_pagerank(graph, NULL, options, context, &result));
  } else if (strcmp(kernel, "connected_components") == 0) {
    check(pf_graph_connected_components(graph, options, context, &result));
  } else if (strcmp(kernel, "build") != 0 && strcmp(kernel, "build_text") != 0) {
    fprintf(stderr, "unknown kernel %s\n", kernel);
    return 2;
  }
  if (result.release != NULL) result.release(&result);
  pf_options_free(options);
  pf_graph_free(graph);
  pf_context_free(context);
  return 0;
}
