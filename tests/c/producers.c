/* Streams made by the host: what fails in the middle arrives with its text, everything is released once, streams are pulled on the
 * calling thread, and structs that break the rules of the C data interface are refused. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pf_status build(struct producer *p, pf_graph **out)
{
    struct ArrowArrayStream edges;
    p->pulled = 0;
    produce(p, &edges);
    pf_status status = pf_graph_from_edges(&edges, "source", "target", NULL, NULL, NULL, out);
    CHECK(edges.release == NULL);
    return status;
}

static void each_struct_is_released_once(void)
{
    struct producer p = {.rows = 5, .batches = 4};
    pf_graph *graph;
    CHECK_OK(build(&p, &graph));
    CHECK_INT(pf_graph_num_edges(graph), 20);
    CHECK_INT(pf_graph_num_vertices(graph), 21);
    pf_graph_free(graph);
    CHECK_INT(atomic_load(&p.live), 0);
    CHECK_INT(p.pulled, 5);

    /* A table borrows the batches; a stream of it keeps them beyond the table. */
    struct ArrowArrayStream rows, out;
    pf_table *table;
    p.pulled = 0;
    produce(&p, &rows);
    CHECK_OK(pf_table_from_stream(&rows, NULL, &table));
    CHECK(atomic_load(&p.live) > 0);
    CHECK_OK(pf_table_stream(table, NULL, &out));
    pf_table_free(table);
    CHECK_INT(drain(&out, NULL), 20);
    CHECK_INT(atomic_load(&p.live), 0);

    /* A stream that was not read to its end. */
    p.pulled = 0;
    produce(&p, &rows);
    CHECK_OK(pf_table_from_stream(&rows, NULL, &table));
    CHECK_OK(pf_table_stream(table, NULL, &out));
    pf_table_free(table);
    struct ArrowArray batch;
    CHECK_INT(out.get_next(&out, &batch), 0);
    out.release(&out);
    CHECK(atomic_load(&p.live) > 0);
    batch.release(&batch);
    CHECK_INT(atomic_load(&p.live), 0);
}

static void a_failure_in_the_middle_keeps_its_text(void)
{
    const struct {
        const char *error;
        pf_status status;
        const char *part;
    } cases[] = {
        {"the disk is on fire", PF_IO, "the disk is on fire"},
        {"[PF_CORRUPT] page 7 of x.parquet", PF_CORRUPT, "page 7 of x.parquet"},
        {"layer: [PF_OUT_OF_MEMORY] no room", PF_OUT_OF_MEMORY, "no room"},
        {"[PF_NO_SUCH_CODE] text", PF_IO, "text"},
        {"\xff\xfe not UTF-8", PF_IO, "not UTF-8"},
        {"", PF_IO, ""},
        {NULL, PF_IO, ""},
    };
    for (int i = 0; i < (int)LENGTH(cases); i++)
        for (int at = 1; at <= 4; at++) {
            struct producer p = {.rows = 3, .batches = 3, .fails_at = at, .error = cases[i].error};
            pf_graph *graph;
            CHECK_REFUSED(graph, build(&p, &graph), cases[i].status, cases[i].part);
            CHECK_INT(atomic_load(&p.live), 0);

            struct ArrowArrayStream rows;
            pf_table *table;
            p.pulled = 0;
            produce(&p, &rows);
            CHECK_REFUSED(table, pf_table_from_stream(&rows, NULL, &table), cases[i].status, cases[i].part);
            CHECK_INT(atomic_load(&p.live), 0);
        }
}

static void the_tag_is_not_part_of_the_message(void)
{
    struct producer p = {.rows = 3, .batches = 3, .fails_at = 2, .error = "[PF_CONFLICT] somebody else was first"};
    pf_graph *graph;
    CHECK_FAILS(build(&p, &graph), PF_CONFLICT, "somebody else");
    CHECK(strstr(pf_last_error_message(), "[PF_") == NULL);
}

static void a_schema_that_fails(void)
{
    struct producer p = {.rows = 3, .batches = 3, .schema_fails = true, .error = "no schema today"};
    pf_graph *graph;
    CHECK_REFUSED(graph, build(&p, &graph), PF_IO, "edges");
    CHECK_CONTAINS(pf_last_error_message(), "no schema today");
    CHECK_INT(atomic_load(&p.live), 0);
}

static int on_the_caller(struct producer *p)
{
    CHECK(pthread_equal(*(pthread_t *)p->watch_data, pthread_self()));
    return 0;
}

static void streams_are_pulled_on_the_calling_thread(void)
{
    pthread_t caller = pthread_self();
    struct producer p = {.rows = 20000, .batches = 5, .watch = on_the_caller, .watch_data = &caller};
    pf_graph *graph;
    CHECK_OK(build(&p, &graph));
    CHECK_INT(p.pulled, 6);
    pf_graph_free(graph);
}

/* The producer may use the library while the library pulls it. */
static int calls_back(struct producer *p)
{
    pf_graph *graph = small_graph();
    struct ArrowArrayStream out;
    CHECK_ROWS(out, pf_graph_pagerank(graph, NULL, NULL, NULL, &out), 5);
    CHECK_FAILS(pf_graph_degree(NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "graph");
    pf_graph_free(graph);
    return p->watch_data != NULL ? EIO : 0;
}

static void a_producer_may_call_the_library(void)
{
    struct producer p = {.rows = 3, .batches = 2, .watch = calls_back};
    pf_graph *graph;
    CHECK_OK(build(&p, &graph));
    CHECK_INT(pf_graph_num_edges(graph), 6);
    pf_graph_free(graph);
    p.watch_data = &p;
    p.error = "mine";
    CHECK_REFUSED(graph, build(&p, &graph), PF_IO, "mine");
    CHECK_INT(atomic_load(&p.live), 0);
}

static void empty_streams(void)
{
    struct producer p = {.rows = 5, .batches = 0};
    pf_graph *graph;
    CHECK_OK(build(&p, &graph));
    CHECK_INT(pf_graph_num_vertices(graph), 0);
    struct ArrowArrayStream out;
    CHECK_ROWS(out, pf_graph_pagerank(graph, NULL, NULL, NULL, &out), 0);
    CHECK_ROWS(out, pf_graph_connected_components(graph, NULL, NULL, &out), 0);
    pf_graph_free(graph);
    p = (struct producer){.rows = 0, .batches = 3};
    CHECK_OK(build(&p, &graph));
    CHECK_INT(pf_graph_num_vertices(graph), 0);
    pf_graph_free(graph);
    CHECK_INT(atomic_load(&p.live), 0);
}

/* Wrong structs whose faults can be seen without looking beyond their memory. */
static void negative_length(struct ArrowArray *a) { a->children[0]->length = -1; }
static void negative_lengths(struct ArrowArray *a) { a->length = a->children[0]->length = a->children[1]->length = INT64_MIN; }
static void negative_offset(struct ArrowArray *a) { a->children[0]->offset = -1; }
static void shorter_child(struct ArrowArray *a) { a->children[0]->length = 2; }
static void no_values(struct ArrowArray *a) { a->children[0]->buffers[1] = NULL; }
static void no_buffers(struct ArrowArray *a) { a->children[0]->n_buffers = 0; }
static void null_buffers(struct ArrowArray *a) { a->children[0]->buffers = NULL; }
static void one_buffer(struct ArrowArray *a) { a->children[0]->n_buffers = 1; }
static void negative_buffers(struct ArrowArray *a) { a->children[0]->n_buffers = -1; }
static void one_child(struct ArrowArray *a) { a->n_children = 1; }
static void no_children(struct ArrowArray *a) { a->children = NULL; }
static void negative_children(struct ArrowArray *a) { a->n_children = -1; }
static void null_child(struct ArrowArray *a) { a->children[0] = NULL; }

static void unknown_format(struct ArrowSchema *s) { s->children[0]->format = "?"; }
static void null_format(struct ArrowSchema *s) { s->children[0]->format = NULL; }
static void empty_format(struct ArrowSchema *s) { s->children[0]->format = ""; }
static void null_name(struct ArrowSchema *s) { s->children[0]->name = NULL; }
static void latin_name(struct ArrowSchema *s) { s->children[0]->name = "caf\xe9"; }
static void no_struct(struct ArrowSchema *s) { s->format = "l"; }
static void no_schema_children(struct ArrowSchema *s) { s->children = NULL; }
static void negative_schema_children(struct ArrowSchema *s) { s->n_children = -1; }

static void structs_that_break_the_rules(void)
{
    const struct {
        const char *name;
        void (*array)(struct ArrowArray *);
        void (*schema)(struct ArrowSchema *);
    } faults[] = {
        {"negative length", negative_length, NULL},     {"negative lengths", negative_lengths, NULL},
        {"negative offset", negative_offset, NULL},     {"shorter child", shorter_child, NULL},
        {"no values", no_values, NULL},                 {"no buffers", no_buffers, NULL},
        {"null buffers", null_buffers, NULL},           {"one buffer", one_buffer, NULL},
        {"negative buffers", negative_buffers, NULL},   {"one child", one_child, NULL},
        {"no children", no_children, NULL},             {"negative children", negative_children, NULL},
        {"null child", null_child, NULL},               {"unknown format", NULL, unknown_format},
        {"null format", NULL, null_format},             {"empty format", NULL, empty_format},
        {"null name", NULL, null_name},                 {"name not UTF-8", NULL, latin_name},
        {"no struct", NULL, no_struct},                 {"no schema children", NULL, no_schema_children},
        {"negative schema children", NULL, negative_schema_children},
    };
    for (int i = 0; i < (int)LENGTH(faults); i++) {
        struct producer p = {.rows = 3, .batches = 2, .spoil_array = faults[i].array, .spoil_schema = faults[i].schema};
        pf_graph *graph = NULL;
        pf_status status = build(&p, &graph);
        /* It is the caller's fault, not a bug of the library. */
        if (!check_true(status != PF_OK && status != PF_INTERNAL, faults[i].name, __FILE__, __LINE__))
            printf("    %d \"%s\"\n", (int)status, status == PF_OK ? "" : pf_last_error_message());
        pf_graph_free(graph);
        check_int(atomic_load(&p.live), 0, faults[i].name, __FILE__, __LINE__);
    }
}

int main(void)
{
    each_struct_is_released_once();
    a_failure_in_the_middle_keeps_its_text();
    the_tag_is_not_part_of_the_message();
    a_schema_that_fails();
    streams_are_pulled_on_the_calling_thread();
    a_producer_may_call_the_library();
    empty_streams();
    structs_that_break_the_rules();
    return check_summary();
}
