/* Panics end at the boundary. Needs a library built with the feature `testing`, whose functions are not in the header. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <pthread.h>

pf_status pf_test_panic(int32_t place);
void pf_test_panic_stream(struct ArrowArrayStream *out_stream);
pf_status pf_test_work_forever(const pf_context *context);

static void a_panic_is_a_status(void)
{
    /* In the body, in a kernel on the pool, and with a payload whose destructor panics too. */
    for (int i = 0; i < 3; i++) {
        CHECK_FAILS(pf_test_panic(0), PF_INTERNAL, "deliberate");
        CHECK_FAILS(pf_test_panic(1), PF_INTERNAL, "deliberate");
        CHECK_FAILS(pf_test_panic(2), PF_INTERNAL, "");
        CHECK_CONTAINS(pf_last_error_message(), "report");
    }
}

static void a_panic_in_a_stream_is_its_error(void)
{
    struct ArrowArrayStream stream;
    char error[512] = "";
    pf_test_panic_stream(&stream);
    CHECK_INT(drain(&stream, error), -1);
    CHECK_CONTAINS(error, "[PF_INTERNAL]");
    CHECK_CONTAINS(error, "deliberate");

    /* The stream is broken, not the library: asked again, it neither panics nor gives rows. */
    struct ArrowArray batch = {.release = NULL};
    pf_test_panic_stream(&stream);
    CHECK(stream.get_next(&stream, &batch) != 0);
    if (stream.get_next(&stream, &batch) == 0) CHECK(batch.release == NULL);
    stream.release(&stream);

    pf_table *table;
    pf_test_panic_stream(&stream);
    CHECK_REFUSED(table, pf_table_from_stream(&stream, NULL, &table), PF_INTERNAL, "deliberate");
    CHECK(stream.release == NULL);
}

static bool goes_on_twice(void *data, double fraction)
{
    (void)fraction;
    return ++*(int *)data < 3;
}

static void *cancels_soon(void *token)
{
    sleep_ms(50);
    pf_cancel_token_cancel(token);
    return NULL;
}

static void endless_work_is_stopped(void)
{
    int calls = 0;
    pf_context *context = pf_context_new();
    must(pf_context_set_progress(context, goes_on_twice, &calls), "progress");
    double start = seconds();
    CHECK_FAILS(pf_test_work_forever(context), PF_CANCELLED, "cancelled");
    CHECK_INT(calls, 3);
    pf_context_free(context);

    pf_cancel_token *token = pf_cancel_token_new();
    context = pf_context_new();
    must(pf_context_set_cancel_token(context, token), "token");
    pthread_t other;
    pthread_create(&other, NULL, cancels_soon, token);
    CHECK_FAILS(pf_test_work_forever(context), PF_CANCELLED, "cancelled");
    pthread_join(other, NULL);
    CHECK(seconds() - start < 20);
    pf_cancel_token_free(token);
    pf_context_free(context);
}

int main(void)
{
    a_panic_is_a_status();
    a_panic_in_a_stream_is_its_error();
    endless_work_is_stopped();
    /* After all that the library works. */
    pf_graph *graph = small_graph();
    CHECK_INT(pf_graph_num_edges(graph), 6);
    pf_graph_free(graph);
    return check_summary();
}
