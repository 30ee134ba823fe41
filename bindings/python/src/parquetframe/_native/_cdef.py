"""Generated from include/libparquetframe.h by tools/make_declarations.py: do not edit."""

CDEF = """\
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
#define PF_ABI_VERSION 1
enum pf_status
 {
  PF_OK = 0,
  PF_INVALID_ARGUMENT = 1,
  PF_NOT_FOUND = 2,
  PF_ALREADY_EXISTS = 3,
  PF_IO = 4,
  PF_CORRUPT = 5,
  PF_UNSUPPORTED = 6,
  PF_OUT_OF_MEMORY = 7,
  PF_CANCELLED = 8,
  PF_TIMEOUT = 9,
  PF_CONFLICT = 10,
  PF_ARITHMETIC = 11,
  PF_TYPE = 12,
  PF_INTERNAL = 99,
};
typedef int32_t pf_status;
typedef struct pf_cancel_token pf_cancel_token;
typedef struct pf_context pf_context;
typedef struct pf_graph pf_graph;
typedef struct pf_options pf_options;
typedef struct pf_table pf_table;
typedef bool (*pf_progress_fn)(void *user_data, double fraction);
typedef void (*pf_log_fn)(void *user_data, int32_t level, const char *message);
uint32_t pf_abi_version(void);
const char *pf_version_string(void);
bool pf_has_feature(const char* name);
pf_status pf_array_from_buffer(const char* format,
                               const void *data,
                               int64_t length,
                               struct ArrowArray *out_array,
                               struct ArrowSchema *out_schema);
pf_status pf_array_from_strings(const char *const *values,
                                int64_t length,
                                struct ArrowArray *out_array,
                                struct ArrowSchema *out_schema);
pf_status pf_stream_from_arrays(size_t num_columns,
                                const char *const *names,
                                struct ArrowArray *arrays,
                                struct ArrowSchema *schemas,
                                struct ArrowArrayStream *out_stream);
pf_status pf_compute_evaluate(struct ArrowArrayStream *input,
                              const char *const *expressions,
                              size_t num_expressions,
                              const struct pf_options *options,
                              const struct pf_context *context,
                              struct ArrowArrayStream *out_stream);
pf_status pf_compute_filter(struct ArrowArrayStream *input,
                            const char* predicate,
                            const struct pf_options *options,
                            const struct pf_context *context,
                            struct ArrowArrayStream *out_stream);
pf_status pf_compute_aggregate(struct ArrowArrayStream *input,
                               const char *const *expressions,
                               size_t num_expressions,
                               const struct pf_options *options,
                               const struct pf_context *context,
                               struct ArrowArrayStream *out_stream);
pf_status pf_compute_schema(const struct ArrowSchema *schema,
                            const char *const *expressions,
                            size_t num_expressions,
                            const struct pf_options *options,
                            struct ArrowSchema *out_schema);
pf_status pf_compute_functions(struct ArrowArrayStream *out_stream);
pf_status pf_compute_evaluate_array(struct ArrowArray *array,
                                    struct ArrowSchema *schema,
                                    const char *const *expressions,
                                    size_t num_expressions,
                                    const struct pf_options *options,
                                    const struct pf_context *context,
                                    struct ArrowArray *out_array,
                                    struct ArrowSchema *out_schema);
pf_status pf_compute_filter_array(struct ArrowArray *array,
                                  struct ArrowSchema *schema,
                                  const char* predicate,
                                  const struct pf_options *options,
                                  const struct pf_context *context,
                                  struct ArrowArray *out_array,
                                  struct ArrowSchema *out_schema);
pf_status pf_compute_aggregate_array(struct ArrowArray *array,
                                     struct ArrowSchema *schema,
                                     const char *const *expressions,
                                     size_t num_expressions,
                                     const struct pf_options *options,
                                     const struct pf_context *context,
                                     struct ArrowArray *out_array,
                                     struct ArrowSchema *out_schema);
pf_status pf_compute_sort(struct ArrowArrayStream *input,
                          const char *const *keys,
                          size_t num_keys,
                          const struct pf_options *options,
                          const struct pf_context *context,
                          struct ArrowArrayStream *out_stream);
pf_status pf_compute_take(struct ArrowArrayStream *input,
                          struct ArrowArray *indices,
                          struct ArrowSchema *indices_schema,
                          const struct pf_options *options,
                          const struct pf_context *context,
                          struct ArrowArrayStream *out_stream);
pf_status pf_compute_unique(struct ArrowArrayStream *input,
                            const struct pf_options *options,
                            const struct pf_context *context,
                            struct ArrowArrayStream *out_stream);
pf_status pf_compute_value_counts(struct ArrowArrayStream *input,
                                  const struct pf_options *options,
                                  const struct pf_context *context,
                                  struct ArrowArrayStream *out_stream);
struct pf_cancel_token *pf_cancel_token_new(void);
void pf_cancel_token_cancel(const struct pf_cancel_token *token);
void pf_cancel_token_free(struct pf_cancel_token *token);
struct pf_context *pf_context_new(void);
pf_status pf_context_set_threads(struct pf_context *context, int32_t threads);
pf_status pf_context_set_memory_limit(struct pf_context *context,
                                      uint64_t bytes);
pf_status pf_context_set_cancel_token(struct pf_context *context,
                                      const struct pf_cancel_token *token);
pf_status pf_context_set_progress(struct pf_context *context,
                                  pf_progress_fn callback,
                                  void *user_data);
pf_status pf_context_set_log_level(struct pf_context *context,
                                   int32_t level);
uint64_t pf_context_memory_peak(const struct pf_context *context);
int32_t pf_context_threads(const struct pf_context *context);
void pf_context_free(struct pf_context *context);
pf_status pf_graph_from_edges(struct ArrowArrayStream *edges,
                              const char* source,
                              const char* target,
                              struct ArrowArrayStream *vertices,
                              const struct pf_options *options,
                              const struct pf_context *context,
                              struct pf_graph **out_graph);
pf_status pf_graph_from_parquet(const char* path,
                                const char* source,
                                const char* target,
                                struct ArrowArrayStream *vertices,
                                const struct pf_options *options,
                                const struct pf_context *context,
                                struct pf_graph **out_graph);
uint64_t pf_graph_num_vertices(const struct pf_graph *graph);
uint64_t pf_graph_num_edges(const struct pf_graph *graph);
bool pf_graph_is_directed(const struct pf_graph *graph);
const char *pf_graph_weight(const struct pf_graph *graph);
pf_status pf_graph_vertices(const struct pf_graph *graph,
                            const struct pf_context *context,
                            struct ArrowArray *out_array,
                            struct ArrowSchema *out_schema);
pf_status pf_graph_buffer(const struct pf_graph *graph,
                          const char* name,
                          const struct pf_context *context,
                          struct ArrowArray *out_array,
                          struct ArrowSchema *out_schema);
pf_status pf_graph_transpose(const struct pf_graph *graph,
                             const struct pf_context *context,
                             struct pf_graph **out_graph);
pf_status pf_graph_undirected(const struct pf_graph *graph,
                              const struct pf_context *context,
                              struct pf_graph **out_graph);
pf_status pf_graph_subgraph(const struct pf_graph *graph,
                            struct ArrowArray *vertices,
                            struct ArrowSchema *vertices_schema,
                            const struct pf_context *context,
                            struct pf_graph **out_graph);
pf_status pf_graph_filter_edges(const struct pf_graph *graph,
                                struct ArrowArray *keep,
                                struct ArrowSchema *keep_schema,
                                const struct pf_context *context,
                                struct pf_graph **out_graph);
void pf_graph_free(struct pf_graph *graph);
pf_status pf_graph_pagerank(const struct pf_graph *graph,
                            struct ArrowArrayStream *personalization,
                            const struct pf_options *options,
                            const struct pf_context *context,
                            struct ArrowArrayStream *out_stream);
pf_status pf_graph_betweenness(const struct pf_graph *graph,
                               struct ArrowArray *sources,
                               struct ArrowSchema *sources_schema,
                               const struct pf_options *options,
                               const struct pf_context *context,
                               struct ArrowArrayStream *out_stream);
pf_status pf_graph_closeness(const struct pf_graph *graph,
                             struct ArrowArray *sources,
                             struct ArrowSchema *sources_schema,
                             const struct pf_options *options,
                             const struct pf_context *context,
                             struct ArrowArrayStream *out_stream);
pf_status pf_graph_degree_centrality(const struct pf_graph *graph,
                                     const struct pf_options *options,
                                     const struct pf_context *context,
                                     struct ArrowArrayStream *out_stream);
pf_status pf_graph_connected_components(const struct pf_graph *graph,
                                        const struct pf_options *options,
                                        const struct pf_context *context,
                                        struct ArrowArrayStream *out_stream);
pf_status pf_graph_strongly_connected_components(const struct pf_graph *graph,
                                                 const struct pf_options *options,
                                                 const struct pf_context *context,
                                                 struct ArrowArrayStream *out_stream);
pf_status pf_graph_condensation(const struct pf_graph *graph,
                                const struct pf_options *options,
                                const struct pf_context *context,
                                struct ArrowArrayStream *out_stream);
pf_status pf_graph_triangles(const struct pf_graph *graph,
                             const struct pf_options *options,
                             const struct pf_context *context,
                             struct ArrowArrayStream *out_stream);
pf_status pf_graph_clustering_coefficient(const struct pf_graph *graph,
                                          const struct pf_options *options,
                                          const struct pf_context *context,
                                          struct ArrowArrayStream *out_stream);
pf_status pf_graph_core_number(const struct pf_graph *graph,
                               const struct pf_options *options,
                               const struct pf_context *context,
                               struct ArrowArrayStream *out_stream);
pf_status pf_graph_degree(const struct pf_graph *graph,
                          const struct pf_options *options,
                          const struct pf_context *context,
                          struct ArrowArrayStream *out_stream);
pf_status pf_graph_neighbors(const struct pf_graph *graph,
                             struct ArrowArray *vertices,
                             struct ArrowSchema *vertices_schema,
                             const struct pf_options *options,
                             const struct pf_context *context,
                             struct ArrowArrayStream *out_stream);
pf_status pf_graph_has_edge(const struct pf_graph *graph,
                            struct ArrowArray *sources,
                            struct ArrowSchema *sources_schema,
                            struct ArrowArray *targets,
                            struct ArrowSchema *targets_schema,
                            const struct pf_options *options,
                            const struct pf_context *context,
                            struct ArrowArrayStream *out_stream);
pf_status pf_graph_edges(const struct pf_graph *graph,
                         const struct pf_options *options,
                         const struct pf_context *context,
                         struct ArrowArrayStream *out_stream);
pf_status pf_graph_shortest_path(const struct pf_graph *graph,
                                 struct ArrowArray *sources,
                                 struct ArrowSchema *sources_schema,
                                 struct ArrowArray *targets,
                                 struct ArrowSchema *targets_schema,
                                 const struct pf_options *options,
                                 const struct pf_context *context,
                                 struct ArrowArrayStream *out_stream);
pf_status pf_graph_path(const struct pf_graph *graph,
                        struct ArrowArray *source,
                        struct ArrowSchema *source_schema,
                        struct ArrowArray *target,
                        struct ArrowSchema *target_schema,
                        const struct pf_options *options,
                        const struct pf_context *context,
                        struct ArrowArrayStream *out_stream);
pf_status pf_graph_bfs(const struct pf_graph *graph,
                       struct ArrowArray *sources,
                       struct ArrowSchema *sources_schema,
                       struct ArrowArray *targets,
                       struct ArrowSchema *targets_schema,
                       const struct pf_options *options,
                       const struct pf_context *context,
                       struct ArrowArrayStream *out_stream);
pf_status pf_graph_dfs(const struct pf_graph *graph,
                       struct ArrowArray *sources,
                       struct ArrowSchema *sources_schema,
                       const struct pf_options *options,
                       const struct pf_context *context,
                       struct ArrowArrayStream *out_stream);
pf_status pf_graph_topological_sort(const struct pf_graph *graph,
                                    const struct pf_options *options,
                                    const struct pf_context *context,
                                    struct ArrowArrayStream *out_stream);
pf_status pf_graph_find_cycle(const struct pf_graph *graph,
                              const struct pf_options *options,
                              const struct pf_context *context,
                              struct ArrowArrayStream *out_stream);
pf_status pf_parquet_read(const char* path,
                          const struct pf_options *options,
                          const struct pf_context *context,
                          struct ArrowArrayStream *out_stream);
pf_status pf_parquet_schema(const char* path,
                            const struct pf_options *options,
                            const struct pf_context *context,
                            struct ArrowSchema *out_schema);
pf_status pf_parquet_count(const char* path,
                           const struct pf_options *options,
                           const struct pf_context *context,
                           uint64_t *out_rows);
pf_status pf_parquet_explain(const char* path,
                             const struct pf_options *options,
                             const struct pf_context *context,
                             struct ArrowArrayStream *out_stream);
pf_status pf_parquet_metadata(const char* path,
                              const struct pf_options *options,
                              const struct pf_context *context,
                              struct ArrowArrayStream *out_stream);
pf_status pf_parquet_write(struct ArrowArrayStream *input,
                           const char* path,
                           const struct pf_options *options,
                           const struct pf_context *context,
                           struct ArrowArrayStream *out_stream);
pf_status pf_kernels(struct ArrowArrayStream *out_stream);
pf_status pf_set_log_callback(pf_log_fn callback,
                              void *user_data,
                              int32_t max_level);
struct pf_options *pf_options_new(void);
pf_status pf_options_set_i64(struct pf_options *options, const char* name, int64_t value);
pf_status pf_options_set_f64(struct pf_options *options, const char* name, double value);
pf_status pf_options_set_bool(struct pf_options *options, const char* name, bool value);
pf_status pf_options_set_str(struct pf_options *options, const char* name, const char* value);
pf_status pf_options_set_str_list(struct pf_options *options,
                                  const char* name,
                                  const char *const *values,
                                  size_t length);
void pf_options_free(struct pf_options *options);
const char *pf_last_error_message(void);
pf_status pf_table_from_stream(struct ArrowArrayStream *stream,
                               const struct pf_context *context,
                               struct pf_table **out_table);
uint64_t pf_table_num_rows(const struct pf_table *table);
uint64_t pf_table_num_columns(const struct pf_table *table);
pf_status pf_table_stream(const struct pf_table *table,
                          const struct pf_options *options,
                          struct ArrowArrayStream *out_stream);
void pf_table_free(struct pf_table *table);
"""
