/* After fork() a child uses what its parent made and makes more, with a pool of its own. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t ranks(const pf_graph *graph, const pf_context *context)
{
    struct ArrowArrayStream out;
    must(pf_graph_pagerank(graph, NULL, NULL, context, &out), "pagerank");
    return fingerprint(&out);
}

static pf_graph *graph_of_200000_edges(const pf_context *context) { return large_graph(20000, 200000, context); }

/* Runs in the child, under a watchdog: a call that waits for a thread of the parent would wait for ever. */
static void child(const pf_graph *inherited, const pf_context *context, uint64_t expected)
{
    alarm(60);
    pf_graph *graph = graph_of_200000_edges(context);
    bool same = ranks(graph, context) == expected && ranks(inherited, context) == expected && ranks(inherited, NULL) == expected;
    pf_graph_free(graph);
    _exit(same ? 0 : 1);
}

static void forks(const pf_graph *graph, const pf_context *context, uint64_t expected)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) child(graph, context, expected);
    int status = -1;
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    CHECK_INT(status, 0);
}

struct busy {
    const pf_graph *graph;
    atomic_bool stop;
    uint64_t expected;
    bool same;
};

static void *keeps_busy(void *data)
{
    struct busy *busy = data;
    busy->same = true;
    while (!atomic_load(&busy->stop)) busy->same = ranks(busy->graph, NULL) == busy->expected && busy->same;
    return NULL;
}

int main(void)
{
    pf_context *context = pf_context_new();
    must(pf_context_set_threads(context, 2), "threads");
    pf_graph *graph = graph_of_200000_edges(context);
    uint64_t expected = ranks(graph, context);

    forks(graph, context, expected);
    forks(graph, context, expected);

    /* While another thread of the parent is in the middle of calls. */
    struct busy busy = {.graph = graph, .expected = expected};
    pthread_t thread;
    pthread_create(&thread, NULL, keeps_busy, &busy);
    for (int i = 0; i < 5; i++) {
        sleep_ms(7);
        forks(graph, context, expected);
    }
    atomic_store(&busy.stop, true);
    pthread_join(thread, NULL);
    CHECK(busy.same);

    /* The parent goes on. */
    CHECK(ranks(graph, context) == expected);
    pf_graph_free(graph);
    pf_context_free(context);
    return check_summary();
}
