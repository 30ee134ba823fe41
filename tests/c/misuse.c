/* Wrong values: types, nulls, absurd numbers, text that is not UTF-8, options of other names and types, released structs. */
#include "check.h"
#include "support.h"

#include <math.h>

/* Building a graph of two columns fails with a status and a message, and leaves the output alone. */
static void build_fails(const char *source_name, struct pair source, const char *target_name, struct pair target,
                        const pf_options *options, pf_status status, const char *part)
{
    struct ArrowArrayStream edges = two_columns(source_name, source, target_name, target);
    pf_graph *graph;
    CHECK_REFUSED(graph, pf_graph_from_edges(&edges, "source", "target", NULL, options, NULL, &graph), status, part);
    CHECK(edges.release == NULL);
}

static struct pair ints(int64_t a, int64_t b) { return int_array((int64_t[]){a, b}, 2); }

static void ids_of_a_wrong_type(void)
{
    const char *text[] = {"a", "b"};
    build_fails("source", ints(1, 2), "target", string_array(text, 2), NULL, PF_TYPE, "target");
    build_fails("source", string_array(text, 2), "target", ints(1, 2), NULL, PF_TYPE, "target");
    build_fails("source", double_array((double[]){1, 2}, 2), "target", ints(1, 2), NULL, PF_TYPE, "source");
    struct pair truth;
    must(pf_array_from_buffer("b", "\1\0", 2, &truth.array, &truth.schema), "booleans");
    build_fails("source", ints(1, 2), "target", truth, NULL, PF_TYPE, "target");
}

static void unknown_columns(void)
{
    build_fails("from", ints(1, 2), "target", ints(1, 2), NULL, PF_INVALID_ARGUMENT, "source");
    build_fails("source", ints(1, 2), "to", ints(1, 2), NULL, PF_INVALID_ARGUMENT, "target");
    pf_options *weight = option_str("weight", "no such column");
    build_fails("source", ints(1, 2), "target", ints(1, 2), weight, PF_INVALID_ARGUMENT, "no such column");
    pf_options_free(weight);
    struct ArrowArrayStream edges = edge_stream(NULL, NULL, 0);
    pf_graph *graph;
    CHECK_REFUSED(graph, pf_graph_from_edges(&edges, "\xff\xfe", "target", NULL, NULL, NULL, &graph), PF_INVALID_ARGUMENT, "UTF-8");
    edges = edge_stream(NULL, NULL, 0);
    CHECK_REFUSED(graph, pf_graph_from_edges(&edges, "source", "a\xc3", NULL, NULL, NULL, &graph), PF_INVALID_ARGUMENT, "UTF-8");
}

static void set_null(struct pair *pair, unsigned char *validity)
{
    *validity = 1; /* row 0 is valid, row 1 is null */
    pair->array.buffers[0] = validity;
    pair->array.null_count = 1;
    pair->schema.flags |= ARROW_FLAG_NULLABLE;
}

static void null_ids_and_bad_weights(void)
{
    unsigned char validity;
    struct pair nulls = ints(1, 2);
    set_null(&nulls, &validity);
    build_fails("source", nulls, "target", ints(1, 2), NULL, PF_INVALID_ARGUMENT, "source");
    nulls = ints(1, 2);
    set_null(&nulls, &validity);
    build_fails("source", ints(1, 2), "target", nulls, NULL, PF_INVALID_ARGUMENT, "target");
    nulls = string_array((const char *[]){"a", "b"}, 2);
    set_null(&nulls, &validity);
    build_fails("source", nulls, "target", string_array((const char *[]){"a", "b"}, 2), NULL, PF_INVALID_ARGUMENT, "source");

    pf_options *weight = option_str("weight", "weight");
    const struct {
        double value;
        bool null;
        pf_status status;
    } weights[] = {{NAN, false, PF_INVALID_ARGUMENT}, {1, true, PF_INVALID_ARGUMENT}};
    for (int i = 0; i < (int)LENGTH(weights); i++) {
        struct pair w = double_array((double[]){1, weights[i].value}, 2);
        if (weights[i].null) set_null(&w, &validity);
        struct pair s = ints(1, 2), t = ints(2, 3);
        const char *names[] = {"source", "target", "weight"};
        struct ArrowArray arrays[] = {s.array, t.array, w.array};
        struct ArrowSchema schemas[] = {s.schema, t.schema, w.schema};
        struct ArrowArrayStream edges;
        pf_graph *graph;
        must(pf_stream_from_arrays(3, names, arrays, schemas, &edges), "weighted edges");
        CHECK_REFUSED(graph, pf_graph_from_edges(&edges, "source", "target", NULL, weight, NULL, &graph), weights[i].status, "weight");
    }
    pf_options_free(weight);
}

static void negative_and_huge_ids(void)
{
    /* As ids they are like any other; as positions they are out of range. */
    struct ArrowArrayStream edges = two_columns("source", ints(INT64_MIN, -1), "target", ints(INT64_MAX, 0)), out;
    pf_graph *graph;
    must(pf_graph_from_edges(&edges, "source", "target", NULL, NULL, NULL, &graph), "extreme ids");
    CHECK_INT(pf_graph_num_vertices(graph), 4);
    struct pair ids, source = int_array(&(int64_t){INT64_MIN}, 1);
    CHECK_OK(pf_graph_vertices(graph, NULL, &ids.array, &ids.schema));
    const int64_t *values = (const int64_t *)ids.array.buffers[1] + ids.array.offset;
    CHECK(ids.array.length == 4 && values[0] == INT64_MIN && values[1] == -1 && values[2] == 0 && values[3] == INT64_MAX);
    release_pair(&ids);
    CHECK_ROWS(out, pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), 4);
    pf_graph_free(graph);

    const int64_t positions[] = {-1, INT64_MIN, 5, INT64_MAX, (int64_t)1 << 32};
    pf_options *five = option_i64("num_vertices", 5);
    for (int i = 0; i < (int)LENGTH(positions); i++) {
        build_fails("source", ints(0, positions[i]), "target", ints(1, 2), five, PF_INVALID_ARGUMENT, "source");
        build_fails("source", ints(0, 1), "target", ints(1, positions[i]), five, PF_INVALID_ARGUMENT, "target");
    }
    pf_options_free(five);

    pf_options *sizes[] = {option_i64("num_vertices", -1), option_i64("num_vertices", INT64_MIN)};
    for (int i = 0; i < (int)LENGTH(sizes); i++) {
        build_fails("source", ints(0, 1), "target", ints(1, 0), sizes[i], PF_INVALID_ARGUMENT, "num_vertices");
        pf_options_free(sizes[i]);
    }
    pf_options *too_many = option_i64("num_vertices", INT64_MAX);
    build_fails("source", ints(0, 1), "target", ints(1, 0), too_many, PF_UNSUPPORTED, "vertices");
    pf_options_free(too_many);
}

static void absurd_lengths_and_formats(void)
{
    struct pair out;
    const int64_t value = 1;
    CHECK_REFUSED(out, pf_array_from_buffer("l", &value, -1, &out.array, &out.schema), PF_INVALID_ARGUMENT, "length");
    CHECK_REFUSED(out, pf_array_from_buffer("l", &value, INT64_MIN, &out.array, &out.schema), PF_INVALID_ARGUMENT, "length");
    CHECK_REFUSED(out, pf_array_from_buffer("l", &value, INT64_MAX, &out.array, &out.schema), PF_INVALID_ARGUMENT, "");
    CHECK_REFUSED(out, pf_array_from_buffer("b", &value, INT64_MAX, &out.array, &out.schema), PF_OUT_OF_MEMORY, "");
    const char *formats[] = {"", "x", "ll", "U", "+s", "\xff"};
    for (int i = 0; i < (int)LENGTH(formats); i++)
        CHECK_REFUSED(out, pf_array_from_buffer(formats[i], &value, 1, &out.array, &out.schema), PF_INVALID_ARGUMENT, "format");
    CHECK_REFUSED(out, pf_array_from_strings(NULL, -1, &out.array, &out.schema), PF_INVALID_ARGUMENT, "length");
    CHECK_REFUSED(out, pf_array_from_strings((const char *[]){"\xc3\x28"}, 1, &out.array, &out.schema), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK_OK(pf_array_from_buffer("l", NULL, 0, &out.array, &out.schema));
    CHECK_INT(out.array.length, 0);
    release_pair(&out);
    CHECK_OK(pf_array_from_strings(NULL, 0, &out.array, &out.schema));
    CHECK_INT(out.array.length, 0);
    release_pair(&out);
}

static void every_number_format_is_copied(void)
{
    const struct {
        const char *format;
        int width;
    } formats[] = {{"c", 1}, {"C", 1}, {"s", 2}, {"S", 2}, {"i", 4}, {"I", 4}, {"l", 8}, {"L", 8}, {"f", 4}, {"g", 8}};
    unsigned char bytes[24];
    for (int i = 0; i < (int)sizeof bytes; i++) bytes[i] = (unsigned char)(17 * i + 1);
    for (int i = 0; i < (int)LENGTH(formats); i++) {
        struct pair out;
        CHECK_OK(pf_array_from_buffer(formats[i].format, bytes, 3, &out.array, &out.schema));
        CHECK_STR(out.schema.format, formats[i].format);
        CHECK_INT(out.array.length, 3);
        CHECK(memcmp((const char *)out.array.buffers[1] + out.array.offset * formats[i].width, bytes, 3 * (size_t)formats[i].width) == 0);
        release_pair(&out);
    }
    struct pair truth;
    CHECK_OK(pf_array_from_buffer("b", "\0\1\2", 3, &truth.array, &truth.schema));
    CHECK_INT(*(const unsigned char *)truth.array.buffers[1] & 7, 6);
    release_pair(&truth);
}

static void sources_that_are_no_vertices(void)
{
    pf_graph *graph = small_graph();
    struct ArrowArrayStream out;
    const int64_t unknown[] = {11, -1, INT64_MIN, INT64_MAX, 0};
    for (int i = 0; i < (int)LENGTH(unknown); i++) {
        struct pair source = int_array((int64_t[]){10, unknown[i]}, 2);
        CHECK_REFUSED(out, pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "source");
    }
    struct pair source = int_array(NULL, 0);
    CHECK_REFUSED(out, pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "source");
    unsigned char validity;
    source = ints(10, 20);
    set_null(&source, &validity);
    CHECK_REFUSED(out, pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "null");
    source = string_array((const char *[]){"10"}, 1);
    CHECK_REFUSED(out, pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), PF_TYPE, "source");
    source = double_array((double[]){10}, 1);
    CHECK_REFUSED(out, pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, NULL, &out), PF_TYPE, "source");
    pf_graph_free(graph);
}

static void jumps_that_make_no_sense(void)
{
    pf_graph *graph = small_graph();
    const struct {
        int64_t vertex;
        double first, second;
        const char *part;
    } cases[] = {
        {11, 1, 1, "11"}, {20, -1, 1, "weight"}, {20, 0, 0, "weight"}, {20, NAN, 1, "weight"}, {20, INFINITY, 1, "weight"},
    };
    struct ArrowArrayStream out;
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        struct ArrowArrayStream jumps =
            two_columns("vertex", ints(10, cases[i].vertex), "weight", double_array((double[]){cases[i].second == 0 ? 0 : 1, cases[i].first}, 2));
        CHECK_REFUSED(out, pf_graph_pagerank(graph, &jumps, NULL, NULL, &out), PF_INVALID_ARGUMENT, cases[i].part);
    }
    struct ArrowArrayStream jumps = two_columns("vertex", string_array((const char *[]){"10"}, 1), "weight", double_array((double[]){1}, 1));
    CHECK_REFUSED(out, pf_graph_pagerank(graph, &jumps, NULL, NULL, &out), PF_TYPE, "vertex");
    jumps = two_columns("vertex", int_array((int64_t[]){10}, 1), "weight", string_array((const char *[]){"x"}, 1));
    CHECK_REFUSED(out, pf_graph_pagerank(graph, &jumps, NULL, NULL, &out), PF_TYPE, "weight");
    jumps = two_columns("id", int_array((int64_t[]){10}, 1), "weight", double_array((double[]){1}, 1));
    CHECK_REFUSED(out, pf_graph_pagerank(graph, &jumps, NULL, NULL, &out), PF_INVALID_ARGUMENT, "vertex");
    pf_graph_free(graph);
}

typedef pf_status algorithm(const pf_graph *, const pf_options *, struct ArrowArrayStream *);

static pf_status degree(const pf_graph *g, const pf_options *o, struct ArrowArrayStream *out) { return pf_graph_degree(g, o, NULL, out); }
static pf_status pagerank(const pf_graph *g, const pf_options *o, struct ArrowArrayStream *out) { return pf_graph_pagerank(g, NULL, o, NULL, out); }
static pf_status components(const pf_graph *g, const pf_options *o, struct ArrowArrayStream *out) { return pf_graph_connected_components(g, o, NULL, out); }
static pf_status bfs(const pf_graph *g, const pf_options *o, struct ArrowArrayStream *out)
{
    struct pair source = int_array((int64_t[]){10}, 1);
    return pf_graph_bfs(g, &source.array, &source.schema, NULL, NULL, o, NULL, out);
}

static void options_out_of_range(void)
{
    pf_graph *graph = small_graph();
    struct ArrowArrayStream out;
    struct {
        algorithm *run;
        pf_options *options;
        pf_status status;
        const char *part;
    } cases[] = {
        {degree, option_str("mode", "sideways"), PF_INVALID_ARGUMENT, "mode"},
        {degree, option_i64("mode", 1), PF_TYPE, "mode"},
        {degree, option_str("direction", "out"), PF_INVALID_ARGUMENT, "direction"},
        {bfs, option_i64("max_depth", -1), PF_INVALID_ARGUMENT, "max_depth"},
        {bfs, option_i64("max_depth", INT64_MIN), PF_INVALID_ARGUMENT, "max_depth"},
        {bfs, option_f64("max_depth", 1.5), PF_TYPE, "max_depth"},
        {bfs, option_i64("predecessors", 1), PF_TYPE, "predecessors"},
        {bfs, option_bool("depth", true), PF_INVALID_ARGUMENT, "depth"},
        {pagerank, option_f64("damping", 0), PF_INVALID_ARGUMENT, "damping"},
        {pagerank, option_f64("damping", 1), PF_INVALID_ARGUMENT, "damping"},
        {pagerank, option_f64("damping", NAN), PF_INVALID_ARGUMENT, "damping"},
        {pagerank, option_f64("damping", INFINITY), PF_INVALID_ARGUMENT, "damping"},
        {pagerank, option_i64("damping", 1), PF_INVALID_ARGUMENT, "damping"},
        {pagerank, option_bool("damping", true), PF_TYPE, "damping"},
        {pagerank, option_f64("tolerance", -1e-9), PF_INVALID_ARGUMENT, "tolerance"},
        {pagerank, option_f64("tolerance", NAN), PF_INVALID_ARGUMENT, "tolerance"},
        {pagerank, option_i64("max_iterations", 0), PF_INVALID_ARGUMENT, "max_iterations"},
        {pagerank, option_i64("max_iterations", INT64_MIN), PF_INVALID_ARGUMENT, "max_iterations"},
        {pagerank, option_f64("max_iterations", 10), PF_TYPE, "max_iterations"},
        {pagerank, option_i64("top", -1), PF_INVALID_ARGUMENT, "top"},
        {pagerank, option_i64("top", 0), PF_INVALID_ARGUMENT, "top"},
        {pagerank, option_str("top", "10"), PF_TYPE, "top"},
        {pagerank, option_str("weight", "weight"), PF_INVALID_ARGUMENT, "weight"},
        {pagerank, option_str("alpha", "0.85"), PF_INVALID_ARGUMENT, "alpha"},
        {components, option_str("method", "weak"), PF_INVALID_ARGUMENT, "method"},
    };
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        CHECK_REFUSED(out, cases[i].run(graph, cases[i].options, &out), cases[i].status, cases[i].part);
        pf_options_free(cases[i].options);
    }

    pf_options *fits = option_i64("max_depth", INT64_MAX);
    CHECK_ROWS(out, bfs(graph, fits, &out), 5);
    pf_options_free(fits);
    fits = option_i64("top", INT64_MAX);
    CHECK_ROWS(out, pagerank(graph, fits, &out), 5);
    pf_options_free(fits);
    pf_graph_free(graph);
}

static void text_that_is_not_utf8(void)
{
    const char *bad = "a\xf0\x28\x8c\x28", *list[] = {"a", bad};
    pf_options *options = pf_options_new();
    CHECK_FAILS(pf_options_set_i64(options, bad, 1), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(pf_options_set_f64(options, bad, 1), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(pf_options_set_bool(options, bad, true), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(pf_options_set_str(options, bad, "x"), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(pf_options_set_str(options, "x", bad), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(pf_options_set_str_list(options, "x", list, 2), PF_INVALID_ARGUMENT, "values[1]");
    CHECK_FAILS(pf_options_set_str_list(options, "x", list, SIZE_MAX), PF_INVALID_ARGUMENT, "values");

    /* What failed was not set. */
    struct ArrowArrayStream out;
    pf_graph *graph = small_graph();
    struct pair buffer;
    CHECK_ROWS(out, degree(graph, options, &out), 5);
    CHECK_REFUSED(buffer, pf_graph_buffer(graph, bad, NULL, &buffer.array, &buffer.schema), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK_REFUSED(out, pf_parquet_read(bad, NULL, NULL, &out), PF_INVALID_ARGUMENT, "UTF-8");
    struct pair column = ints(1, 2);
    CHECK_REFUSED(out, pf_stream_from_arrays(1, &bad, &column.array, &column.schema, &out), PF_INVALID_ARGUMENT, "UTF-8");
    CHECK(column.array.release == NULL && column.schema.release == NULL);
    pf_options_free(options);
    pf_graph_free(graph);
}

static void buffers_by_wrong_names(void)
{
    pf_graph *graph = small_graph();
    struct pair out;
    const char *names[] = {"", "csr", "csr.", "csr.Offsets", "coo.targets", "offsets", "csr.offsets ", "csr.weights", "csc.weights"};
    for (int i = 0; i < (int)LENGTH(names); i++)
        CHECK_REFUSED(out, pf_graph_buffer(graph, names[i], NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, i < 7 ? "name" : "weight");
    pf_graph_free(graph);
}

static void tables_with_wrong_options(void)
{
    const int64_t ends[] = {1, 2, 3};
    struct ArrowArrayStream rows = edge_stream(ends, ends, 3), out;
    pf_table *table;
    must(pf_table_from_stream(&rows, NULL, &table), "table");
    struct {
        pf_options *options;
        pf_status status;
        const char *part;
    } cases[] = {
        {option_i64("offset", -1), PF_INVALID_ARGUMENT, "offset"}, {option_i64("limit", -1), PF_INVALID_ARGUMENT, "limit"},
        {option_f64("limit", 1), PF_TYPE, "limit"},                {option_str("columns", "source"), PF_TYPE, "columns"},
        {option_i64("rows", 1), PF_INVALID_ARGUMENT, "rows"},
    };
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        CHECK_REFUSED(out, pf_table_stream(table, cases[i].options, &out), cases[i].status, cases[i].part);
        pf_options_free(cases[i].options);
    }
    pf_options *columns = pf_options_new();
    must(pf_options_set_str_list(columns, "columns", (const char *[]){"target", "none"}, 2), "columns");
    CHECK_REFUSED(out, pf_table_stream(table, columns, &out), PF_INVALID_ARGUMENT, "none");
    pf_options_free(columns);
    pf_options *beyond = option_i64("offset", INT64_MAX);
    CHECK_ROWS(out, pf_table_stream(table, beyond, &out), 0);
    pf_options_free(beyond);
    pf_table_free(table);
}

int main(void)
{
    ids_of_a_wrong_type();
    unknown_columns();
    null_ids_and_bad_weights();
    negative_and_huge_ids();
    absurd_lengths_and_formats();
    every_number_format_is_copied();
    sources_that_are_no_vertices();
    jumps_that_make_no_sense();
    options_out_of_range();
    text_that_is_not_utf8();
    buffers_by_wrong_names();
    tables_with_wrong_options();
    return check_summary();
}
