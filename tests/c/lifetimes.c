/* What comes out does not depend on the life of a handle: streams outlive tables and graphs, arrays outlive graphs, contexts and
 * options are not needed after the call, and the buffers of the adjacency are not copied. */
#include "check.h"
#include "support.h"

#include <stdlib.h>

static void streams_outlive_their_graph(void)
{
    pf_graph *graph = small_graph();
    pf_context *context = pf_context_new();
    pf_options *options = option_f64("damping", 0.9);
    struct ArrowArrayStream ranks, degrees, components, distances, first_ranks;
    struct pair source = int_array(&(int64_t){10}, 1);
    must(pf_graph_pagerank(graph, NULL, options, context, &first_ranks), "pagerank");
    uint64_t expected = fingerprint(&first_ranks);
    CHECK_OK(pf_graph_pagerank(graph, NULL, options, context, &ranks));
    CHECK_OK(pf_graph_degree(graph, NULL, context, &degrees));
    CHECK_OK(pf_graph_connected_components(graph, NULL, context, &components));
    CHECK_OK(pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, context, &distances));
    pf_graph_free(graph);
    pf_options_free(options);
    pf_context_free(context);
    CHECK(fingerprint(&ranks) == expected);
    CHECK_INT(drain(&degrees, NULL), 5);
    CHECK_INT(drain(&components, NULL), 5);
    CHECK_INT(drain(&distances, NULL), 5);
}

static void arrays_outlive_their_graph(void)
{
    pf_graph *graph = small_graph();
    struct pair ids, offsets, targets, in_offsets, in_targets;
    CHECK_OK(pf_graph_vertices(graph, NULL, &ids.array, &ids.schema));
    CHECK_OK(pf_graph_buffer(graph, "csr.offsets", NULL, &offsets.array, &offsets.schema));
    CHECK_OK(pf_graph_buffer(graph, "csr.targets", NULL, &targets.array, &targets.schema));
    CHECK_OK(pf_graph_buffer(graph, "csc.offsets", NULL, &in_offsets.array, &in_offsets.schema));
    CHECK_OK(pf_graph_buffer(graph, "csc.targets", NULL, &in_targets.array, &in_targets.schema));
    pf_graph_free(graph);

    const int64_t vertex[] = {10, 20, 30, 40, 50};
    const uint64_t out_offset[] = {0, 1, 2, 4, 5, 6}, in_offset[] = {0, 2, 3, 4, 6, 6};
    const uint32_t out_target[] = {1, 2, 0, 3, 3, 0}, in_target[] = {2, 4, 0, 1, 2, 3};
    const struct {
        struct pair *pair;
        const char *format;
        const void *values;
        int64_t length, width;
    } expected[] = {
        {&ids, "l", vertex, 5, 8},           {&offsets, "L", out_offset, 6, 8},     {&targets, "I", out_target, 6, 4},
        {&in_offsets, "L", in_offset, 6, 8}, {&in_targets, "I", in_target, 6, 4},
    };
    for (int i = 0; i < (int)LENGTH(expected); i++) {
        const struct ArrowArray *array = &expected[i].pair->array;
        CHECK_STR(expected[i].pair->schema.format, expected[i].format);
        CHECK_INT(array->length, expected[i].length);
        CHECK_INT(array->null_count, 0);
        CHECK(memcmp((const char *)array->buffers[1] + array->offset * expected[i].width, expected[i].values,
                     (size_t)(expected[i].length * expected[i].width)) == 0);
        release_pair(expected[i].pair);
    }
}

static void buffers_are_not_copied(void)
{
    pf_graph *graph = small_graph();
    const char *names[] = {"csr.offsets", "csr.targets", "csc.offsets", "csc.targets"};
    for (int i = 0; i < (int)LENGTH(names); i++) {
        struct pair first, second;
        must(pf_graph_buffer(graph, names[i], NULL, &first.array, &first.schema), names[i]);
        must(pf_graph_buffer(graph, names[i], NULL, &second.array, &second.schema), names[i]);
        CHECK(first.array.buffers[1] == second.array.buffers[1]);
        release_pair(&first);
        release_pair(&second);
    }
    pf_graph_free(graph);
}

static void a_table_is_streamed_any_number_of_times(void)
{
    const int64_t source[] = {1, 2, 3, 4, 5}, target[] = {6, 7, 8, 9, 10};
    struct ArrowArrayStream rows = edge_stream(source, target, 5), first, second, out;
    pf_table *table;
    CHECK_OK(pf_table_from_stream(&rows, NULL, &table));
    CHECK_OK(pf_table_stream(table, NULL, &first));
    CHECK_OK(pf_table_stream(table, NULL, &second));
    pf_graph *graph;
    CHECK_OK(pf_graph_from_edges(&first, "source", "target", NULL, NULL, NULL, &graph));
    CHECK_INT(pf_graph_num_edges(graph), 5);
    pf_graph_free(graph);

    pf_options *part = option_i64("offset", 1);
    must(pf_options_set_i64(part, "limit", 3), "limit");
    must(pf_options_set_str_list(part, "columns", (const char *[]){"target"}, 1), "columns");
    CHECK_OK(pf_table_stream(table, part, &out));
    pf_options_free(part);
    pf_table_free(table);

    struct ArrowSchema schema;
    struct ArrowArray batch;
    CHECK_INT(out.get_schema(&out, &schema), 0);
    CHECK_INT(schema.n_children, 1);
    CHECK_STR(schema.children[0]->name, "target");
    schema.release(&schema);
    CHECK_INT(out.get_next(&out, &batch), 0);
    CHECK_INT(batch.length, 3);
    const struct ArrowArray *column = batch.children[0];
    const int64_t *values = (const int64_t *)column->buffers[1] + column->offset + batch.offset;
    CHECK(values[0] == 7 && values[2] == 9);
    out.release(&out);
    CHECK(values[1] == 8); /* the batch outlives its stream */
    batch.release(&batch);
    CHECK_INT(drain(&second, NULL), 5);
}

static void the_end_of_a_stream_stays_the_end(void)
{
    pf_graph *graph = small_graph();
    struct ArrowArrayStream out;
    CHECK_OK(pf_graph_degree(graph, NULL, NULL, &out));
    struct ArrowArray batch;
    CHECK_INT(out.get_next(&out, &batch), 0);
    CHECK(batch.release != NULL);
    batch.release(&batch);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(out.get_next(&out, &batch), 0);
        CHECK(batch.release == NULL);
    }
    struct ArrowSchema schema;
    CHECK_INT(out.get_schema(&out, &schema), 0);
    CHECK_INT(schema.n_children, 2);
    schema.release(&schema);
    out.release(&out);
    pf_graph_free(graph);
}

static void weights_keep_their_name_and_type(void)
{
    struct pair source = int_array((int64_t[]){1, 1}, 2), target = int_array((int64_t[]){3, 2}, 2), weight;
    must(pf_array_from_buffer("f", (float[]){0.5F, 2.0F}, 2, &weight.array, &weight.schema), "weight");
    const char *names[] = {"source", "target", "strength"};
    struct ArrowArray arrays[] = {source.array, target.array, weight.array};
    struct ArrowSchema schemas[] = {source.schema, target.schema, weight.schema};
    struct ArrowArrayStream edges;
    must(pf_stream_from_arrays(3, names, arrays, schemas, &edges), "edges");
    pf_options *options = option_str("weight", "strength");
    pf_graph *graph;
    CHECK_OK(pf_graph_from_edges(&edges, "source", "target", NULL, options, NULL, &graph));
    pf_options_free(options);
    CHECK_STR(pf_graph_weight(graph), "strength");
    CHECK(pf_graph_is_directed(graph));
    struct pair weights;
    CHECK_OK(pf_graph_buffer(graph, "csr.weights", NULL, &weights.array, &weights.schema));
    pf_graph_free(graph);
    CHECK_STR(weights.schema.format, "f");
    const float *values = (const float *)weights.array.buffers[1] + weights.array.offset;
    CHECK(weights.array.length == 2 && values[0] == 2.0F && values[1] == 0.5F);
    release_pair(&weights);
}

int main(void)
{
    streams_outlive_their_graph();
    arrays_outlive_their_graph();
    buffers_are_not_copied();
    a_table_is_streamed_any_number_of_times();
    the_end_of_a_stream_stays_the_end();
    weights_keep_their_name_and_type();
    return check_summary();
}
