/* Ranks the packages of a Parquet file of dependencies: the ten highest, the number of components, and how many packages
 * "bash" reaches.
 *
 *     cc -std=c11 pagerank.c $(pkg-config --cflags --libs libparquetframe) -o pagerank
 *     ./pagerank debian-bookworm-dependencies.parquet
 */
#include <libparquetframe.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with the library's message where a call failed. */
static void check(pf_status status, const char *what)
{
    if (status == PF_OK) return;
    fprintf(stderr, "%s: %s (status %d)\n", what, pf_last_error_message(), (int)status);
    exit(1);
}

/* A result of an algorithm: one batch with its schema. */
struct result {
    struct ArrowSchema schema;
    struct ArrowArray batch;
};

static struct result take(struct ArrowArrayStream *stream)
{
    struct result result;
    if (stream->get_schema(stream, &result.schema) != 0 || stream->get_next(stream, &result.batch) != 0) {
        fprintf(stderr, "cannot read a result: %s\n", stream->get_last_error(stream));
        exit(1);
    }
    stream->release(stream);
    return result;
}

static void release(struct result *result)
{
    result->batch.release(&result->batch);
    result->schema.release(&result->schema);
}

/* The column of a result: its array, and in `format` its type. */
static const struct ArrowArray *column(const struct result *result, const char *name, const char **format)
{
    for (int64_t i = 0; i < result->schema.n_children; i++)
        if (strcmp(result->schema.children[i]->name, name) == 0) {
            *format = result->schema.children[i]->format;
            return result->batch.children[i];
        }
    fprintf(stderr, "the result has no column %s\n", name);
    exit(1);
}

/* Copies row i of a string column: utf8 ("u") has offsets of 32 bits, large utf8 ("U") of 64. */
static void copy_text(const struct ArrowArray *array, const char *format, int64_t i, char *out, size_t size)
{
    const char *text = array->buffers[2];
    int64_t start, end, row = array->offset + i;
    if (strcmp(format, "u") == 0) {
        const int32_t *offsets = array->buffers[1];
        start = offsets[row];
        end = offsets[row + 1];
    } else if (strcmp(format, "U") == 0) {
        const int64_t *offsets = array->buffers[1];
        start = offsets[row];
        end = offsets[row + 1];
    } else {
        fprintf(stderr, "the ids are no strings but of the Arrow format %s\n", format);
        exit(1);
    }
    snprintf(out, size, "%.*s", (int)(end - start), text + start);
}

static void print_top_ten(const pf_graph *graph)
{
    pf_options *options = pf_options_new();
    struct ArrowArrayStream stream;
    check(pf_options_set_i64(options, "top", 10), "options");
    check(pf_graph_pagerank(graph, NULL, options, NULL, &stream), "pagerank");
    pf_options_free(options);

    struct result ranks = take(&stream);
    const char *id_format, *rank_format;
    const struct ArrowArray *vertex = column(&ranks, "vertex", &id_format), *rank = column(&ranks, "rank", &rank_format);
    const double *values = (const double *)rank->buffers[1] + rank->offset;
    for (int64_t i = 0; i < ranks.batch.length; i++) {
        char name[256];
        copy_text(vertex, id_format, i, name, sizeof name);
        printf("%2d  %-20s %.10f\n", (int)i + 1, name, values[i]);
    }
    release(&ranks);
}

static void print_components(const pf_graph *graph)
{
    struct ArrowArrayStream stream;
    check(pf_graph_connected_components(graph, NULL, NULL, &stream), "connected_components");
    struct result components = take(&stream);
    const char *format;
    const struct ArrowArray *ids = column(&components, "component_id", &format);
    const int64_t *values = (const int64_t *)ids->buffers[1] + ids->offset;
    int64_t count = 0; /* ids are 0, 1, … */
    for (int64_t i = 0; i < ids->length; i++)
        if (values[i] >= count) count = values[i] + 1;
    printf("%" PRId64 " components\n", count);
    release(&components);
}

static void print_reach(const pf_graph *graph, const char *package)
{
    struct ArrowArray sources;
    struct ArrowSchema sources_schema;
    struct ArrowArrayStream stream;
    check(pf_array_from_strings(&package, 1, &sources, &sources_schema), "sources");
    check(pf_graph_bfs(graph, &sources, &sources_schema, NULL, NULL, NULL, NULL, &stream), "bfs");
    struct result distances = take(&stream);
    const char *format;
    const struct ArrowArray *distance = column(&distances, "distance", &format);
    const unsigned char *valid = distance->buffers[0];
    int64_t reached = 0;
    for (int64_t i = distance->offset; i < distance->offset + distance->length; i++)
        reached += valid == NULL || (valid[i / 8] >> (i % 8) & 1);
    printf("%s reaches %" PRId64 " packages\n", package, reached - 1); /* itself does not count */
    release(&distances);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE.parquet\n", argv[0]);
        return 2;
    }
    const char *columns[] = {"package", "depends_on"};
    pf_options *options = pf_options_new();
    struct ArrowArrayStream edges;
    pf_graph *graph;
    check(pf_options_set_str_list(options, "columns", columns, 2), "options");
    check(pf_parquet_read(argv[1], options, NULL, &edges), "parquet_read");
    check(pf_graph_from_edges(&edges, "package", "depends_on", NULL, NULL, NULL, &graph), "graph_from_edges");
    pf_options_free(options);

    printf("%" PRIu64 " packages, %" PRIu64 " dependencies\n", pf_graph_num_vertices(graph), pf_graph_num_edges(graph));
    print_top_ten(graph);
    print_components(graph);
    print_reach(graph, "bash");
    pf_graph_free(graph);
    return 0;
}
