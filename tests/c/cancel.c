/* Long calls are watched and stopped: by the progress callback, which runs on the calling thread, and by a token from another
 * thread. A PageRank that never converges is the long call. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <pthread.h>

/* The design promises 10 ms of work between two looks at the flag; a loaded machine gets much more before the test fails. */
static const double LATEST = 10.0;

static pf_options *endless(void)
{
    pf_options *options = option_f64("tolerance", 0);
    must(pf_options_set_i64(options, "max_iterations", 1000000000), "max_iterations");
    return options;
}

struct watch {
    pthread_t caller;
    int calls, most;
    double last;
    bool in_range;
};

static bool watched(void *data, double fraction)
{
    struct watch *watch = data;
    CHECK(pthread_equal(watch->caller, pthread_self()));
    watch->in_range = watch->in_range && fraction <= 1 && (fraction < 0 || fraction >= watch->last);
    if (fraction >= 0) watch->last = fraction;
    return ++watch->calls < watch->most;
}

static void progress_runs_on_the_calling_thread_and_ends_the_call(const pf_graph *graph)
{
    pf_context *context = pf_context_new();
    pf_options *options = endless();
    struct watch watch = {.caller = pthread_self(), .most = 3, .in_range = true};
    struct ArrowArrayStream out;
    must(pf_context_set_progress(context, watched, &watch), "progress");
    double start = seconds();
    CHECK_REFUSED(out, pf_graph_pagerank(graph, NULL, options, context, &out), PF_CANCELLED, "cancelled");
    CHECK(seconds() - start < LATEST);
    CHECK(watch.calls >= 3);
    CHECK(watch.in_range);

    /* The end of one call is not the end of the context. */
    watch.most = 1000000;
    CHECK_ROWS(out, pf_graph_pagerank(graph, NULL, NULL, context, &out), pf_graph_num_vertices(graph));
    /* Without the callback nothing is called any more. */
    int calls = watch.calls;
    CHECK_OK(pf_context_set_progress(context, NULL, NULL));
    CHECK_ROWS(out, pf_graph_pagerank(graph, NULL, NULL, context, &out), pf_graph_num_vertices(graph));
    CHECK_INT(watch.calls, calls);
    pf_options_free(options);
    pf_context_free(context);
}

static void *cancels_soon(void *token)
{
    sleep_ms(100);
    pf_cancel_token_cancel(token);
    return NULL;
}

static void a_token_stops_a_call_of_another_thread(const pf_graph *graph, int32_t threads)
{
    pf_cancel_token *token = pf_cancel_token_new();
    pf_context *context = pf_context_new();
    pf_options *options = endless();
    struct ArrowArrayStream out;
    must(pf_context_set_cancel_token(context, token), "token");
    must(pf_context_set_threads(context, threads), "threads");
    pthread_t other;
    pthread_create(&other, NULL, cancels_soon, token);
    double start = seconds();
    CHECK_REFUSED(out, pf_graph_pagerank(graph, NULL, options, context, &out), PF_CANCELLED, "cancelled");
    double took = seconds() - start;
    pthread_join(other, NULL);
    CHECK(took < LATEST);

    /* It stays asked, for every kind of call; another token, or none, lets calls run again. */
    CHECK_REFUSED(out, pf_graph_degree(graph, NULL, context, &out), PF_CANCELLED, "cancelled");
    const int64_t ends[] = {1, 2};
    struct ArrowArrayStream edges = edge_stream(ends, ends, 2);
    pf_graph *never;
    CHECK_REFUSED(never, pf_graph_from_edges(&edges, "source", "target", NULL, NULL, context, &never), PF_CANCELLED, "cancelled");
    CHECK(edges.release == NULL);
    pf_cancel_token_free(token);
    CHECK_REFUSED(out, pf_graph_connected_components(graph, NULL, context, &out), PF_CANCELLED, "cancelled");
    CHECK_OK(pf_context_set_cancel_token(context, NULL));
    CHECK_ROWS(out, pf_graph_degree(graph, NULL, context, &out), pf_graph_num_vertices(graph));
    pf_options_free(options);
    pf_context_free(context);
}

/* A producer that takes its time: the token ends the call between two batches. */
static int slow(struct producer *p)
{
    if (p->pulled == 3) pf_cancel_token_cancel(p->watch_data);
    return p->pulled > 1000;
}

static void a_token_stops_the_reading_of_a_stream(void)
{
    pf_cancel_token *token = pf_cancel_token_new();
    pf_context *context = pf_context_new();
    must(pf_context_set_cancel_token(context, token), "token");
    struct producer p = {.rows = 10, .batches = 2000, .watch = slow, .watch_data = token};
    struct ArrowArrayStream edges;
    pf_graph *graph;
    produce(&p, &edges);
    CHECK_REFUSED(graph, pf_graph_from_edges(&edges, "source", "target", NULL, NULL, context, &graph), PF_CANCELLED, "cancelled");
    CHECK(p.pulled <= 4);
    CHECK_INT(atomic_load(&p.live), 0);
    pf_context_free(context);
    pf_cancel_token_free(token);
}

int main(void)
{
    pf_graph *small = small_graph(), *large = large_graph(20000, 100000, NULL);
    progress_runs_on_the_calling_thread_and_ends_the_call(small);
    progress_runs_on_the_calling_thread_and_ends_the_call(large);
    a_token_stops_a_call_of_another_thread(small, 1);
    a_token_stops_a_call_of_another_thread(large, 1);
    a_token_stops_a_call_of_another_thread(large, 2);
    a_token_stops_the_reading_of_a_stream();
    pf_graph_free(small);
    pf_graph_free(large);
    return check_summary();
}
