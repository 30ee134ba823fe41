/* One graph, many threads: everybody gets the same bits at the same time, for every number of threads of a call. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <pthread.h>

enum { HOST_THREADS = 16, RESULTS = 8 };

static int64_t vertices, edges;

/* Every result of a graph, as hashes. */
static void all_results(const pf_graph *graph, const pf_context *context, uint64_t hashes[RESULTS])
{
    struct ArrowArrayStream out[4];
    struct pair source = int_array((int64_t[]){0, 17}, 2);
    pf_options *in = option_str("mode", "in");
    must(pf_graph_degree(graph, in, context, &out[0]), "degree");
    must(pf_graph_bfs(graph, &source.array, &source.schema, NULL, NULL, NULL, context, &out[1]), "bfs");
    must(pf_graph_pagerank(graph, NULL, NULL, context, &out[2]), "pagerank");
    must(pf_graph_connected_components(graph, NULL, context, &out[3]), "connected_components");
    for (int i = 0; i < 4; i++) hashes[i] = fingerprint(&out[i]);

    const char *names[] = {"csr.offsets", "csr.targets", "csc.offsets", "csc.targets"};
    for (int i = 0; i < 4; i++) {
        struct pair buffer;
        must(pf_graph_buffer(graph, names[i], context, &buffer.array, &buffer.schema), names[i]);
        const char *column = names[i];
        struct ArrowArrayStream stream;
        must(pf_stream_from_arrays(1, &column, &buffer.array, &buffer.schema, &stream), names[i]);
        hashes[4 + i] = fingerprint(&stream);
    }
    pf_options_free(in);
}

struct job {
    const pf_graph *graph;
    uint64_t hashes[RESULTS];
    bool own_message;
};

static void *work(void *data)
{
    struct job *job = data;
    struct ArrowArrayStream out;
    all_results(job->graph, NULL, job->hashes);
    /* The last message is this thread's own. */
    job->own_message = strcmp(pf_last_error_message(), "") == 0 && pf_graph_degree(NULL, NULL, NULL, &out) == PF_INVALID_ARGUMENT &&
                       strstr(pf_last_error_message(), "graph") != NULL;
    return NULL;
}

int main(void)
{
    vertices = quick() ? 2000 : 20000;
    edges = quick() ? 40000 : 200000;

    uint64_t expected[RESULTS];
    const int32_t counts[] = {1, 2, 7};
    for (int i = 0; i < (int)LENGTH(counts); i++) {
        pf_context *context = pf_context_new();
        must(pf_context_set_threads(context, counts[i]), "threads");
        pf_graph *graph = large_graph(vertices, edges, context);
        uint64_t hashes[RESULTS];
        all_results(graph, context, i == 0 ? expected : hashes);
        for (int r = 0; r < RESULTS && i > 0; r++) CHECK(hashes[r] == expected[r]);
        pf_graph_free(graph);
        pf_context_free(context);
    }

    /* A fresh graph: the threads race to build its incoming edges. */
    pf_graph *graph = large_graph(vertices, edges, NULL);
    pthread_t threads[HOST_THREADS];
    struct job jobs[HOST_THREADS];
    for (int i = 0; i < HOST_THREADS; i++) {
        jobs[i] = (struct job){.graph = graph};
        pthread_create(&threads[i], NULL, work, &jobs[i]);
    }
    for (int i = 0; i < HOST_THREADS; i++) {
        pthread_join(threads[i], NULL);
        for (int r = 0; r < RESULTS; r++) CHECK(jobs[i].hashes[r] == expected[r]);
        CHECK(jobs[i].own_message);
    }
    pf_graph_free(graph);
    return check_summary();
}
