/* At debug every call through the boundary is one message with its function, rows and milliseconds. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct seen {
    int count, level;
    char last[512];
};

static void keep(void *data, int32_t level, const char *message)
{
    struct seen *seen = data;
    pthread_mutex_lock(&lock);
    seen->count++;
    seen->level = level;
    snprintf(seen->last, sizeof seen->last, "%s", message);
    pthread_mutex_unlock(&lock);
}

static void calls_are_logged(const pf_graph *graph)
{
    struct seen seen = {0};
    struct ArrowArrayStream out;
    CHECK_OK(pf_set_log_callback(keep, &seen, 4));
    CHECK_OK(pf_graph_degree(graph, NULL, NULL, &out));
    CHECK(seen.count >= 1);
    CHECK_INT(seen.level, 4);
    CHECK_CONTAINS(seen.last, "pf_graph_degree");
    CHECK_CONTAINS(seen.last, "5 rows");
    CHECK_CONTAINS(seen.last, " ms");
    CHECK_INT(drain(&out, NULL), 5);

    CHECK_FAILS(pf_graph_pagerank(graph, NULL, NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
    CHECK_CONTAINS(seen.last, "pf_graph_pagerank");
    CHECK_CONTAINS(seen.last, "out_stream");

    int before = seen.count;
    CHECK_OK(pf_set_log_callback(keep, &seen, 3));
    CHECK_ROWS(out, pf_graph_degree(graph, NULL, NULL, &out), 5);
    CHECK_INT(seen.count, before);

    CHECK_OK(pf_set_log_callback(NULL, NULL, 0));
    before = seen.count;
    CHECK_ROWS(out, pf_graph_degree(graph, NULL, NULL, &out), 5);
    CHECK_INT(seen.count, before);
}

static void only_levels_from_0_to_5(void)
{
    struct seen seen = {0};
    const int32_t levels[] = {-1, 6, INT32_MAX, INT32_MIN};
    for (int i = 0; i < (int)LENGTH(levels); i++) CHECK_FAILS(pf_set_log_callback(keep, &seen, levels[i]), PF_INVALID_ARGUMENT, "level");
    pf_graph *graph = small_graph();
    pf_graph_free(graph);
    CHECK_INT(seen.count, 0);
}

static void *changes_the_callback(void *data)
{
    for (int i = 0; i < 200; i++) {
        struct seen mine = {0};
        must(pf_set_log_callback(keep, &mine, 5), "callback");
        must(pf_set_log_callback(NULL, NULL, 0), "no callback");
        memset(&mine, 0xEE, sizeof mine); /* nobody writes here any more */
        for (size_t b = 0; b < sizeof mine; b++)
            if (((unsigned char *)&mine)[b] != 0xEE) *(bool *)data = false;
    }
    return NULL;
}

static void a_former_callback_is_not_called_again(const pf_graph *graph)
{
    pthread_t thread;
    bool quiet = true;
    pthread_create(&thread, NULL, changes_the_callback, &quiet);
    for (int i = 0; i < 500; i++) {
        struct ArrowArrayStream out;
        must(pf_graph_degree(graph, NULL, NULL, &out), "degree");
        drain(&out, NULL);
    }
    pthread_join(thread, NULL);
    CHECK(quiet);
}

int main(void)
{
    unsetenv("PARQUETFRAME_RUST_LOG");
    pf_graph *graph = small_graph();
    calls_are_logged(graph);
    only_levels_from_0_to_5();
    a_former_callback_is_not_called_again(graph);
    pf_graph_free(graph);
    return check_summary();
}
