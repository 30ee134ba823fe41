/* The library is loaded and closed again and again while its workers live, and used every time. The argument is its path; the
 * program is not linked with it. */
#define _XOPEN_SOURCE 700
#include <libparquetframe.h>

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int passed, failed;

static void check(bool ok, const char *what)
{
    ok ? passed++ : failed++;
    if (!ok) printf("not true: %s\n", what);
}

/* C has no conversion of an object pointer to a function pointer; POSIX promises that the bits are the same. */
static void find(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);
    if (symbol == NULL) {
        printf("cannot go on: %s\n", dlerror());
        exit(2);
    }
    memcpy(function, &symbol, sizeof symbol);
}

/* Builds a ring of `length` edges and ranks it; all ranks are alike. */
static bool ranks_a_ring(void *library, int64_t length)
{
    pf_status (*array_from_buffer)(const char *, const void *, int64_t, struct ArrowArray *, struct ArrowSchema *);
    pf_status (*stream_from_arrays)(size_t, const char *const *, struct ArrowArray *, struct ArrowSchema *, struct ArrowArrayStream *);
    pf_status (*from_edges)(struct ArrowArrayStream *, const char *, const char *, struct ArrowArrayStream *, const pf_options *,
                            const pf_context *, pf_graph **);
    pf_status (*pagerank)(const pf_graph *, struct ArrowArrayStream *, const pf_options *, const pf_context *, struct ArrowArrayStream *);
    pf_context *(*context_new)(void);
    pf_status (*set_threads)(pf_context *, int32_t);
    void (*context_free)(pf_context *), (*graph_free)(pf_graph *);
    find(library, "pf_array_from_buffer", &array_from_buffer);
    find(library, "pf_stream_from_arrays", &stream_from_arrays);
    find(library, "pf_graph_from_edges", &from_edges);
    find(library, "pf_graph_pagerank", &pagerank);
    find(library, "pf_context_new", &context_new);
    find(library, "pf_context_set_threads", &set_threads);
    find(library, "pf_context_free", &context_free);
    find(library, "pf_graph_free", &graph_free);

    int64_t *ends = malloc(2 * (size_t)length * sizeof *ends);
    for (int64_t i = 0; i < length; i++) {
        ends[i] = i;
        ends[length + i] = (i + 1) % length;
    }
    const char *names[] = {"source", "target"};
    struct ArrowArray arrays[2], batch;
    struct ArrowSchema schemas[2];
    struct ArrowArrayStream edges, ranks;
    pf_graph *graph = NULL;
    pf_context *context = context_new();
    bool ok = set_threads(context, 2) == PF_OK && array_from_buffer("l", ends, length, &arrays[0], &schemas[0]) == PF_OK &&
              array_from_buffer("l", ends + length, length, &arrays[1], &schemas[1]) == PF_OK &&
              stream_from_arrays(2, names, arrays, schemas, &edges) == PF_OK &&
              from_edges(&edges, "source", "target", NULL, NULL, context, &graph) == PF_OK &&
              pagerank(graph, NULL, NULL, context, &ranks) == PF_OK && ranks.get_next(&ranks, &batch) == 0 && batch.length == length;
    if (ok) {
        const struct ArrowArray *column = batch.children[1];
        const double *rank = (const double *)column->buffers[1] + column->offset;
        for (int64_t i = 0; i < length; i++) ok = ok && rank[i] * (double)length > 0.999 && rank[i] * (double)length < 1.001;
        batch.release(&batch);
        ranks.release(&ranks);
    }
    graph_free(graph);
    context_free(context);
    free(ends);
    return ok;
}

int main(int argc, char **argv)
{
    for (int i = 0; i < 5; i++) {
        void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
        if (library == NULL) {
            printf("cannot go on: %s\n", argc == 2 ? dlerror() : "usage: dlclose LIBRARY");
            return 2;
        }
        check(ranks_a_ring(library, 100000), "a ring is ranked");
        check(dlclose(library) == 0, "the library is closed");
        /* Time for a worker to run into code that is gone. */
        nanosleep(&(struct timespec){0, 50000000}, NULL);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
