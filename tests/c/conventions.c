/* The rules at the head of the header: NULL for every pointer of every function, outputs untouched on failure, inputs consumed on
 * success and on failure, _free(NULL), and what the small functions promise. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <stdlib.h>

/* A call consumed what it was given: `release` is NULL, and the producer's structs are all released. */
#define CHECK_CONSUMED(stream, producer)             \
    do {                                             \
        CHECK((stream).release == NULL);             \
        CHECK_INT(atomic_load(&(producer).live), 0); \
        CHECK((producer).made > 0);                  \
    } while (0)

static struct producer edges_of(int64_t rows) { return (struct producer){.rows = rows, .batches = 2}; }

static void null_is_freed_and_read(void)
{
    pf_graph_free(NULL);
    pf_table_free(NULL);
    pf_context_free(NULL);
    pf_options_free(NULL);
    pf_cancel_token_free(NULL);
    pf_cancel_token_cancel(NULL);
    CHECK_INT(pf_graph_num_vertices(NULL), 0);
    CHECK_INT(pf_graph_num_edges(NULL), 0);
    CHECK(!pf_graph_is_directed(NULL));
    CHECK_STR(pf_graph_weight(NULL), NULL);
    CHECK_INT(pf_table_num_rows(NULL), 0);
    CHECK_INT(pf_table_num_columns(NULL), 0);
    CHECK_INT(pf_context_memory_peak(NULL), 0);
    CHECK(pf_context_threads(NULL) >= 1);
    CHECK(!pf_has_feature(NULL));
}

static void the_library_introduces_itself(void)
{
    CHECK_INT(pf_abi_version() >> 16, PF_ABI_VERSION >> 16);
    CHECK((pf_abi_version() & 0xffff) >= (PF_ABI_VERSION & 0xffff));
    CHECK(pf_version_string()[0] >= '0' && pf_version_string()[0] <= '9');
    CHECK(pf_has_feature("graph") && pf_has_feature("parquet") && pf_has_feature("codec.zstd"));
    CHECK(!pf_has_feature("") && !pf_has_feature("no such feature") && !pf_has_feature("\xff"));
}

static void null_for_each_pointer(void)
{
    pf_graph *graph = small_graph();
    pf_context *context = pf_context_new();
    pf_options *options = pf_options_new();
    const char *text = "a", *texts[] = {"a", NULL};
    struct ArrowArrayStream stream;
    struct pair pair;

    CHECK_REFUSED(pair, pf_array_from_buffer(NULL, &(int64_t){1}, 1, &pair.array, &pair.schema), PF_INVALID_ARGUMENT, "format");
    CHECK_REFUSED(pair, pf_array_from_buffer("l", NULL, 1, &pair.array, &pair.schema), PF_INVALID_ARGUMENT, "data");
    CHECK_REFUSED(pair, pf_array_from_buffer("l", &(int64_t){1}, 1, NULL, &pair.schema), PF_INVALID_ARGUMENT, "out_array");
    CHECK_REFUSED(pair, pf_array_from_buffer("l", &(int64_t){1}, 1, &pair.array, NULL), PF_INVALID_ARGUMENT, "out_schema");
    CHECK_REFUSED(pair, pf_array_from_strings(NULL, 1, &pair.array, &pair.schema), PF_INVALID_ARGUMENT, "values");
    CHECK_REFUSED(pair, pf_array_from_strings(texts, 2, &pair.array, &pair.schema), PF_INVALID_ARGUMENT, "values[1]");
    CHECK_REFUSED(pair, pf_array_from_strings(texts, 1, NULL, &pair.schema), PF_INVALID_ARGUMENT, "out_array");
    CHECK_REFUSED(pair, pf_array_from_strings(texts, 1, &pair.array, NULL), PF_INVALID_ARGUMENT, "out_schema");

    CHECK_FAILS(pf_context_set_threads(NULL, 1), PF_INVALID_ARGUMENT, "context");
    CHECK_FAILS(pf_context_set_memory_limit(NULL, 1), PF_INVALID_ARGUMENT, "context");
    CHECK_FAILS(pf_context_set_cancel_token(NULL, NULL), PF_INVALID_ARGUMENT, "context");
    CHECK_FAILS(pf_context_set_progress(NULL, NULL, NULL), PF_INVALID_ARGUMENT, "context");
    CHECK_FAILS(pf_context_set_log_level(NULL, 0), PF_INVALID_ARGUMENT, "context");
    CHECK_OK(pf_context_set_cancel_token(context, NULL));
    CHECK_OK(pf_context_set_progress(context, NULL, NULL));

    CHECK_FAILS(pf_options_set_i64(NULL, text, 1), PF_INVALID_ARGUMENT, "options");
    CHECK_FAILS(pf_options_set_i64(options, NULL, 1), PF_INVALID_ARGUMENT, "name");
    CHECK_FAILS(pf_options_set_f64(NULL, text, 1), PF_INVALID_ARGUMENT, "options");
    CHECK_FAILS(pf_options_set_f64(options, NULL, 1), PF_INVALID_ARGUMENT, "name");
    CHECK_FAILS(pf_options_set_bool(NULL, text, true), PF_INVALID_ARGUMENT, "options");
    CHECK_FAILS(pf_options_set_bool(options, NULL, true), PF_INVALID_ARGUMENT, "name");
    CHECK_FAILS(pf_options_set_str(NULL, text, text), PF_INVALID_ARGUMENT, "options");
    CHECK_FAILS(pf_options_set_str(options, NULL, text), PF_INVALID_ARGUMENT, "name");
    CHECK_FAILS(pf_options_set_str(options, text, NULL), PF_INVALID_ARGUMENT, "value");
    CHECK_FAILS(pf_options_set_str_list(NULL, text, texts, 1), PF_INVALID_ARGUMENT, "options");
    CHECK_FAILS(pf_options_set_str_list(options, NULL, texts, 1), PF_INVALID_ARGUMENT, "name");
    CHECK_FAILS(pf_options_set_str_list(options, text, NULL, 1), PF_INVALID_ARGUMENT, "values");
    CHECK_FAILS(pf_options_set_str_list(options, text, texts, 2), PF_INVALID_ARGUMENT, "values[1]");

    CHECK_REFUSED(pair, pf_graph_vertices(NULL, NULL, &pair.array, &pair.schema), PF_INVALID_ARGUMENT, "graph");
    CHECK_REFUSED(pair, pf_graph_vertices(graph, NULL, NULL, &pair.schema), PF_INVALID_ARGUMENT, "out_array");
    CHECK_REFUSED(pair, pf_graph_vertices(graph, NULL, &pair.array, NULL), PF_INVALID_ARGUMENT, "out_schema");
    CHECK_REFUSED(pair, pf_graph_buffer(NULL, "csr.offsets", NULL, &pair.array, &pair.schema), PF_INVALID_ARGUMENT, "graph");
    CHECK_REFUSED(pair, pf_graph_buffer(graph, NULL, NULL, &pair.array, &pair.schema), PF_INVALID_ARGUMENT, "name");
    CHECK_REFUSED(pair, pf_graph_buffer(graph, "csr.offsets", NULL, NULL, &pair.schema), PF_INVALID_ARGUMENT, "out_array");
    CHECK_REFUSED(pair, pf_graph_buffer(graph, "csr.offsets", NULL, &pair.array, NULL), PF_INVALID_ARGUMENT, "out_schema");

    CHECK_REFUSED(stream, pf_graph_degree(NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "graph");
    CHECK_FAILS(pf_graph_degree(graph, NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_REFUSED(stream, pf_graph_pagerank(NULL, NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "graph");
    CHECK_FAILS(pf_graph_pagerank(graph, NULL, NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_REFUSED(stream, pf_graph_connected_components(NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "graph");
    CHECK_FAILS(pf_graph_connected_components(graph, NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");

    CHECK_REFUSED(stream, pf_parquet_read(NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "path");
    CHECK_FAILS(pf_parquet_read("x", NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_REFUSED(stream, pf_parquet_explain(NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "path");
    CHECK_FAILS(pf_parquet_explain("x", NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_REFUSED(stream, pf_parquet_metadata(NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "path");
    CHECK_FAILS(pf_parquet_metadata("x", NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_REFUSED(pair.schema, pf_parquet_schema(NULL, NULL, NULL, &pair.schema), PF_INVALID_ARGUMENT, "path");
    CHECK_FAILS(pf_parquet_schema("x", NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_schema");
    uint64_t rows;
    CHECK_REFUSED(rows, pf_parquet_count(NULL, NULL, NULL, &rows), PF_INVALID_ARGUMENT, "path");
    CHECK_FAILS(pf_parquet_count("x", NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_rows");
    CHECK_REFUSED(stream, pf_parquet_write(NULL, "x", NULL, NULL, &stream), PF_INVALID_ARGUMENT, "input");
    struct ArrowArrayStream input = edge_stream((const int64_t[]){1}, (const int64_t[]){2}, 1);
    CHECK_REFUSED(stream, pf_parquet_write(&input, NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "path");
    CHECK(input.release == NULL);
    input = edge_stream((const int64_t[]){1}, (const int64_t[]){2}, 1);
    CHECK_FAILS(pf_parquet_write(&input, "x", NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK(input.release == NULL);
    CHECK_REFUSED(stream, pf_parquet_write(&input, "x", NULL, NULL, &stream), PF_INVALID_ARGUMENT, "input");
    CHECK_FAILS(pf_kernels(NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_REFUSED(stream, pf_table_stream(NULL, NULL, &stream), PF_INVALID_ARGUMENT, "table");

    pf_options_free(options);
    pf_context_free(context);
    pf_graph_free(graph);
}

/* Every function that takes Arrow structs, with every way to fail before the data is looked at, and with success. */
static void edges_and_vertices_are_consumed(void)
{
    const char *names[] = {"source", "target"};
    pf_options *unknown = option_i64("no such option", 1);
    const struct {
        const char *source, *target, *part;
        const pf_options *options;
        bool out;
    } calls[] = {
        {NULL, names[1], "source", NULL, true},      {names[0], NULL, "target", NULL, true},
        {names[0], names[1], "out_graph", NULL, false}, {names[0], "nothing", "nothing", NULL, true},
        {names[0], names[1], "no such option", unknown, true},
    };
    for (int i = 0; i < (int)LENGTH(calls); i++) {
        struct producer e = edges_of(3), v = edges_of(3);
        struct ArrowArrayStream edges, vertices;
        produce(&e, &edges);
        produce(&v, &vertices);
        pf_graph *graph;
        CHECK_REFUSED(graph, pf_graph_from_edges(&edges, calls[i].source, calls[i].target, &vertices, calls[i].options, NULL, calls[i].out ? &graph : NULL),
                      PF_INVALID_ARGUMENT, calls[i].part);
        CHECK_CONSUMED(edges, e);
        CHECK_CONSUMED(vertices, v);
    }
    pf_options_free(unknown);

    struct producer e = edges_of(3), v = edges_of(3);
    struct ArrowArrayStream edges, vertices;
    pf_graph *graph;
    produce(&v, &vertices);
    CHECK_REFUSED(graph, pf_graph_from_edges(NULL, "source", "target", &vertices, NULL, NULL, &graph), PF_INVALID_ARGUMENT, "edges");
    CHECK_CONSUMED(vertices, v);

    v = edges_of(8);
    produce(&e, &edges);
    produce(&v, &vertices);
    CHECK_OK(pf_graph_from_edges(&edges, "source", "target", &vertices, NULL, NULL, &graph));
    CHECK(edges.release == NULL && vertices.release == NULL);
    CHECK_INT(pf_graph_num_vertices(graph), 16);
    CHECK_INT(pf_graph_num_edges(graph), 6);
    pf_graph_free(graph);
    CHECK_CONSUMED(edges, e);
    CHECK_CONSUMED(vertices, v);
}

static void tables_consume_their_stream(void)
{
    struct producer p = edges_of(4);
    struct ArrowArrayStream stream;
    pf_table *table;
    produce(&p, &stream);
    CHECK_FAILS(pf_table_from_stream(&stream, NULL, NULL), PF_INVALID_ARGUMENT, "out_table");
    CHECK_CONSUMED(stream, p);
    CHECK_REFUSED(table, pf_table_from_stream(NULL, NULL, &table), PF_INVALID_ARGUMENT, "stream");

    produce(&p, &stream);
    p.pulled = 0;
    CHECK_OK(pf_table_from_stream(&stream, NULL, &table));
    CHECK(stream.release == NULL);
    CHECK_INT(pf_table_num_rows(table), 8);
    CHECK_INT(pf_table_num_columns(table), 2);
    CHECK_FAILS(pf_table_stream(table, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    pf_table_free(table);
    CHECK_CONSUMED(stream, p);
}

/* Moves the first batch of a counted producer out of its stream: arrays that count. */
static void counted_columns(struct producer *p, struct ArrowArray arrays[2], struct ArrowSchema schemas[2])
{
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    p->pulled = 0;
    produce(p, &stream);
    stream.get_schema(&stream, &schema);
    stream.get_next(&stream, &batch);
    for (int i = 0; i < 2; i++) {
        arrays[i] = *batch.children[i];
        schemas[i] = *schema.children[i];
        batch.children[i]->release = NULL;
        schema.children[i]->release = NULL;
    }
    batch.release(&batch);
    schema.release(&schema);
    stream.release(&stream);
}

#define CHECK_PAIRS_CONSUMED(arrays, schemas, producer)                              \
    do {                                                                             \
        CHECK((arrays)[0].release == NULL && (arrays)[1].release == NULL);           \
        CHECK((schemas)[0].release == NULL && (schemas)[1].release == NULL);         \
        CHECK_INT(atomic_load(&(producer).live), 0);                                 \
    } while (0)

static void arrays_are_consumed(void)
{
    struct producer p = edges_of(3);
    struct ArrowArray arrays[2];
    struct ArrowSchema schemas[2];
    struct ArrowArrayStream stream;
    const char *names[] = {"a", "b"}, *missing[] = {"a", NULL};

    counted_columns(&p, arrays, schemas);
    CHECK_REFUSED(stream, pf_stream_from_arrays(2, NULL, arrays, schemas, &stream), PF_INVALID_ARGUMENT, "names");
    CHECK_PAIRS_CONSUMED(arrays, schemas, p);
    counted_columns(&p, arrays, schemas);
    CHECK_REFUSED(stream, pf_stream_from_arrays(2, missing, arrays, schemas, &stream), PF_INVALID_ARGUMENT, "names[1]");
    CHECK_PAIRS_CONSUMED(arrays, schemas, p);
    counted_columns(&p, arrays, schemas);
    CHECK_FAILS(pf_stream_from_arrays(2, names, arrays, schemas, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_PAIRS_CONSUMED(arrays, schemas, p);

    counted_columns(&p, arrays, schemas);
    CHECK_REFUSED(stream, pf_stream_from_arrays(2, names, NULL, schemas, &stream), PF_INVALID_ARGUMENT, "arrays");
    CHECK(schemas[0].release == NULL && schemas[1].release == NULL);
    for (int i = 0; i < 2; i++) arrays[i].release(&arrays[i]);
    CHECK_INT(atomic_load(&p.live), 0);
    counted_columns(&p, arrays, schemas);
    CHECK_REFUSED(stream, pf_stream_from_arrays(2, names, arrays, NULL, &stream), PF_INVALID_ARGUMENT, "schemas");
    CHECK(arrays[0].release == NULL && arrays[1].release == NULL);
    for (int i = 0; i < 2; i++) schemas[i].release(&schemas[i]);
    CHECK_INT(atomic_load(&p.live), 0);

    CHECK_REFUSED(stream, pf_stream_from_arrays(SIZE_MAX, names, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "arrays");
    CHECK_ROWS(stream, pf_stream_from_arrays(0, NULL, NULL, NULL, &stream), 0);

    counted_columns(&p, arrays, schemas);
    arrays[1].length = 2;
    CHECK_REFUSED(stream, pf_stream_from_arrays(2, names, arrays, schemas, &stream), PF_INVALID_ARGUMENT, "length");
    CHECK_PAIRS_CONSUMED(arrays, schemas, p);

    counted_columns(&p, arrays, schemas);
    CHECK_OK(pf_stream_from_arrays(2, names, arrays, schemas, &stream));
    CHECK(arrays[0].release == NULL && schemas[1].release == NULL);
    CHECK_INT(drain(&stream, NULL), 3);
    CHECK_PAIRS_CONSUMED(arrays, schemas, p);
}

static void sources_are_consumed(void)
{
    pf_graph *graph = small_graph();
    pf_options *unknown = option_i64("no such option", 1);
    struct producer p = edges_of(3);
    struct ArrowArray arrays[2];
    struct ArrowSchema schemas[2];
    struct ArrowArrayStream stream;

    const struct {
        const pf_graph *graph;
        const pf_options *options;
        const char *part;
    } calls[] = {{NULL, NULL, "graph"}, {graph, unknown, "no such option"}, {graph, NULL, "0"} /* no vertex 0 */};
    for (int i = 0; i < (int)LENGTH(calls); i++) {
        counted_columns(&p, arrays, schemas);
        CHECK_REFUSED(stream, pf_graph_bfs(calls[i].graph, &arrays[0], &schemas[0], NULL, NULL, calls[i].options, NULL, &stream), PF_INVALID_ARGUMENT, calls[i].part);
        CHECK_FAILS(pf_graph_bfs(graph, &arrays[1], &schemas[1], NULL, NULL, NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
        CHECK_PAIRS_CONSUMED(arrays, schemas, p);
    }
    counted_columns(&p, arrays, schemas);
    CHECK_REFUSED(stream, pf_graph_bfs(graph, NULL, &schemas[0], NULL, NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "sources");
    CHECK_REFUSED(stream, pf_graph_bfs(graph, &arrays[1], NULL, NULL, NULL, NULL, NULL, &stream), PF_INVALID_ARGUMENT, "sources_schema");
    CHECK(schemas[0].release == NULL && arrays[1].release == NULL);
    arrays[0].release(&arrays[0]);
    schemas[1].release(&schemas[1]);
    CHECK_INT(atomic_load(&p.live), 0);

    struct pair source = int_array(&(int64_t){20}, 1);
    CHECK_OK(pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &stream));
    CHECK(source.array.release == NULL && source.schema.release == NULL);
    CHECK_INT(drain(&stream, NULL), 5);
    pf_options_free(unknown);
    pf_graph_free(graph);
}

static void personalization_is_consumed(void)
{
    pf_graph *graph = small_graph();
    struct producer p = edges_of(2);
    struct ArrowArrayStream jumps, out;
    produce(&p, &jumps);
    CHECK_REFUSED(out, pf_graph_pagerank(NULL, &jumps, NULL, NULL, &out), PF_INVALID_ARGUMENT, "graph");
    CHECK_CONSUMED(jumps, p);
    produce(&p, &jumps);
    CHECK_FAILS(pf_graph_pagerank(graph, &jumps, NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_CONSUMED(jumps, p);
    p.pulled = 0;
    produce(&p, &jumps); /* has the columns source and target, not vertex and weight */
    CHECK_REFUSED(out, pf_graph_pagerank(graph, &jumps, NULL, NULL, &out), PF_INVALID_ARGUMENT, "vertex");
    CHECK_CONSUMED(jumps, p);

    const int64_t vertex[] = {10, 40};
    const double weight[] = {1, 3};
    jumps = two_columns("vertex", int_array(vertex, 2), "weight", double_array(weight, 2));
    CHECK_OK(pf_graph_pagerank(graph, &jumps, NULL, NULL, &out));
    CHECK(jumps.release == NULL);
    CHECK_INT(drain(&out, NULL), 5);
    pf_graph_free(graph);
}

static void what_was_consumed_is_refused(void)
{
    const int64_t ends[] = {1, 2};
    struct ArrowArrayStream edges = edge_stream(ends, ends, 2), out;
    pf_graph *graph, *second;
    pf_table *table;
    must(pf_graph_from_edges(&edges, "source", "target", NULL, NULL, NULL, &graph), "graph");
    CHECK_REFUSED(second, pf_graph_from_edges(&edges, "source", "target", NULL, NULL, NULL, &second), PF_INVALID_ARGUMENT, "released");
    CHECK_REFUSED(table, pf_table_from_stream(&edges, NULL, &table), PF_INVALID_ARGUMENT, "released");
    CHECK_REFUSED(out, pf_graph_pagerank(graph, &edges, NULL, NULL, &out), PF_INVALID_ARGUMENT, "released");
    struct ArrowArrayStream fresh = edge_stream(ends, ends, 2);
    CHECK_REFUSED(second, pf_graph_from_edges(&fresh, "source", "target", &edges, NULL, NULL, &second), PF_INVALID_ARGUMENT, "released");
    CHECK(fresh.release == NULL);

    struct pair source = int_array(ends, 1);
    must(pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), "bfs");
    drain(&out, NULL);
    CHECK_REFUSED(out, pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "released");
    const char *names[] = {"a"};
    CHECK_REFUSED(out, pf_stream_from_arrays(1, names, &source.array, &source.schema, &out), PF_INVALID_ARGUMENT, "released");
    pf_graph_free(graph);
}

static void the_last_message_is_kept_per_thread_until_the_next_failure(void)
{
    struct ArrowArrayStream out;
    CHECK_FAILS(pf_graph_degree(NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "graph");
    const char *text = pf_last_error_message();
    pf_graph *graph = small_graph();
    CHECK_STR(pf_last_error_message(), text);
    CHECK_FAILS(pf_kernels(NULL), PF_INVALID_ARGUMENT, "out_stream");
    pf_graph_free(graph);
}

static void a_context_keeps_what_is_set(void)
{
    pf_context *context = pf_context_new();
    CHECK_INT(pf_context_threads(context), pf_context_threads(NULL));
    CHECK_OK(pf_context_set_threads(context, 3));
    CHECK_INT(pf_context_threads(context), 3);
    CHECK_FAILS(pf_context_set_threads(context, -1), PF_INVALID_ARGUMENT, "threads");
    CHECK_FAILS(pf_context_set_threads(context, INT32_MIN), PF_INVALID_ARGUMENT, "threads");
    CHECK_INT(pf_context_threads(context), 3);
    CHECK_OK(pf_context_set_threads(context, INT32_MAX));
    CHECK_INT(pf_context_threads(context), 1024);
    CHECK_OK(pf_context_set_threads(context, 0));
    CHECK_INT(pf_context_threads(context), pf_context_threads(NULL));
    CHECK_FAILS(pf_context_set_log_level(context, 6), PF_INVALID_ARGUMENT, "level");
    CHECK_FAILS(pf_context_set_log_level(context, -1), PF_INVALID_ARGUMENT, "level");

    CHECK_OK(pf_context_set_memory_limit(context, 1000));
    struct ArrowArrayStream out;
    pf_graph *graph = large_graph(1000, 40000, NULL);
    CHECK_REFUSED(out, pf_graph_pagerank(graph, NULL, NULL, context, &out), PF_OUT_OF_MEMORY, "1000");
    CHECK_OK(pf_context_set_memory_limit(context, 0));
    CHECK_OK(pf_graph_pagerank(graph, NULL, NULL, context, &out));
    CHECK(pf_context_memory_peak(context) >= 8 * 1000);
    CHECK_INT(drain(&out, NULL), 1000);
    pf_context_free(context);
    pf_graph_free(graph);
}

static void the_environment_is_read_at_each_call(void)
{
    unsetenv("PARQUETFRAME_RUST_THREADS");
    setenv("RAYON_NUM_THREADS", "5", 1);
    CHECK_INT(pf_context_threads(NULL), 5);
    setenv("PARQUETFRAME_RUST_THREADS", "3", 1);
    CHECK_INT(pf_context_threads(NULL), 3);
    setenv("PARQUETFRAME_RUST_THREADS", "no number", 1);
    CHECK_INT(pf_context_threads(NULL), 5);
    setenv("PARQUETFRAME_RUST_THREADS", "99999999", 1);
    CHECK_INT(pf_context_threads(NULL), 1024);
    unsetenv("PARQUETFRAME_RUST_THREADS");
    unsetenv("RAYON_NUM_THREADS");
    CHECK(pf_context_threads(NULL) >= 1);
}

static void kernels_name_their_functions(void)
{
    struct ArrowArrayStream out;
    CHECK_OK(pf_kernels(&out));
    struct ArrowSchema schema;
    CHECK_INT(out.get_schema(&out, &schema), 0);
    const char *names[] = {"family", "kernel", "item", "name", "type", "default", "doc"};
    CHECK_INT(schema.n_children, LENGTH(names));
    for (int i = 0; i < (int)LENGTH(names) && i < schema.n_children; i++) CHECK_STR(schema.children[i]->name, names[i]);
    schema.release(&schema);
    CHECK(drain(&out, NULL) > 10);
}

int main(void)
{
    CHECK_STR(pf_last_error_message(), "");
    null_is_freed_and_read();
    the_library_introduces_itself();
    null_for_each_pointer();
    edges_and_vertices_are_consumed();
    tables_consume_their_stream();
    arrays_are_consumed();
    sources_are_consumed();
    personalization_is_consumed();
    what_was_consumed_is_refused();
    the_last_message_is_kept_per_thread_until_the_next_failure();
    a_context_keeps_what_is_set();
    the_environment_is_read_at_each_call();
    kernels_name_their_functions();
    return check_summary();
}
