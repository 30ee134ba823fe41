/* Expressions and operations on columns: what every call gives, every way to call it wrongly, streams that are read half, threads.
 *
 * Inputs are consumed on success and on failure, and nothing is written to an output of a call that fails. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MIB ((size_t)1 << 20)

/* ---- the calls over streams, in one shape ---- */

typedef pf_status call(struct ArrowArrayStream *, const pf_options *, const pf_context *, struct ArrowArrayStream *);

static pf_status evaluate(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    return pf_compute_evaluate(in, (const char *[]){"source * target AS product", "target"}, 2, o, c, out);
}

static pf_status cumulate(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    return pf_compute_evaluate(in, (const char *[]){"cum_sum(source) AS total", "source - mean(source) AS centered"}, 2, o, c, out);
}

static pf_status filter(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    return pf_compute_filter(in, "source % 2 = 0", o, c, out);
}

static pf_status aggregate(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    return pf_compute_aggregate(in, (const char *[]){"sum(source) AS s", "count(*) AS n", "mean(target) AS m"}, 3, o, c, out);
}

static pf_status sort(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    return pf_compute_sort(in, (const char *[]){"source % 3 DESC", "target"}, 2, o, c, out);
}

static pf_status take(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    struct pair indices = int_array((int64_t[]){2, 0, 2}, 3);
    pf_status status = pf_compute_take(in, &indices.array, &indices.schema, o, c, out);
    CHECK(indices.array.release == NULL && indices.schema.release == NULL);
    return status;
}

static pf_status unique(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    return pf_compute_unique(in, o, c, out);
}

static pf_status value_counts(struct ArrowArrayStream *in, const pf_options *o, const pf_context *c, struct ArrowArrayStream *out)
{
    return pf_compute_value_counts(in, o, c, out);
}

/* What a call gives of a producer's rows; `lazy`: its stream pulls the input when it is pulled. */
static const struct {
    const char *name;
    call *run;
    int64_t rows; /* of 12 */
    bool lazy;
} CALLS[] = {
    {"evaluate", evaluate, 12, true},  {"cumulate", cumulate, 12, true}, {"filter", filter, 6, true},  {"aggregate", aggregate, 1, false},
    {"sort", sort, 12, false},         {"take", take, 3, false},         {"unique", unique, 12, false}, {"value_counts", value_counts, 12, false},
};

/* ---- data ---- */

static struct producer rows_of(int64_t rows, int batches) { return (struct producer){.rows = rows, .batches = batches}; }

/* Columns a (int64 1 2 3 4), x (float64 0.5 -1 2 0.5), s (strings b a b c). */
static struct ArrowArrayStream table(void)
{
    struct pair a = int_array((int64_t[]){1, 2, 3, 4}, 4), x = double_array((double[]){0.5, -1, 2, 0.5}, 4);
    struct pair s = string_array((const char *[]){"b", "a", "b", "c"}, 4);
    const char *names[] = {"a", "x", "s"};
    struct ArrowArray arrays[] = {a.array, x.array, s.array};
    struct ArrowSchema schemas[] = {a.schema, x.schema, s.schema};
    struct ArrowArrayStream stream;
    must(pf_stream_from_arrays(3, names, arrays, schemas, &stream), "table");
    return stream;
}

/* The same as a struct array. */
static struct pair table_array(void)
{
    struct ArrowArrayStream stream = table();
    struct pair pair;
    CHECK_INT(stream.get_schema(&stream, &pair.schema), 0);
    CHECK_INT(stream.get_next(&stream, &pair.array), 0);
    stream.release(&stream);
    return pair;
}

/* A schema that shows another name or format than its owner gave it. */
static void release_disguised(struct ArrowSchema *schema)
{
    struct ArrowSchema *owner = schema->private_data;
    owner->release(owner);
    free(owner);
    schema->release = NULL;
}

static struct pair disguised(struct pair pair, const char *name, const char *format)
{
    struct ArrowSchema *owner = malloc(sizeof *owner);
    *owner = pair.schema;
    pair.schema.name = name;
    pair.schema.format = format ? format : owner->format;
    pair.schema.private_data = owner;
    pair.schema.release = release_disguised;
    return pair;
}

static struct pair named_ints(const char *name, const int64_t *values, int64_t length) { return disguised(int_array(values, length), name, NULL); }

static bool is_null(const struct ArrowArray *array, int64_t i)
{
    const unsigned char *bits = array->n_buffers > 0 ? array->buffers[0] : NULL;
    return bits != NULL && !(bits[i / 8] >> (i % 8) & 1);
}

/* A field of a struct is so called, of a format, and has these numbers; INT64_MIN stands for null. */
#define CHECK_FIELD(array, schema, field, name_, format_, ...)                                          \
    do {                                                                                                \
        const int64_t expected_[] = {__VA_ARGS__};                                                      \
        check_field(&(array), &(schema), field, name_, format_, expected_, LENGTH(expected_), __LINE__); \
    } while (0)

static void check_field(const struct ArrowArray *array, const struct ArrowSchema *schema, int64_t field, const char *name, const char *format,
                        const int64_t *expected, int64_t length, int line)
{
    if (!check_true(schema->n_children > field && array->n_children > field, "there is such a field", __FILE__, line)) return;
    check_str(schema->children[field]->name, name, "name", __FILE__, line);
    if (!check_str(schema->children[field]->format, format, "format", __FILE__, line)) return;
    if (!check_int(array->length, length, "length", __FILE__, line)) return;
    const struct ArrowArray *values = array->children[field];
    for (int64_t i = 0; i < length; i++) {
        int64_t at = array->offset + values->offset + i;
        bool null = is_null(values, at);
        if (!check_true(null == (expected[i] == INT64_MIN), "null where it should be", __FILE__, line) || null) continue;
        if (format[0] == 'g') check_true(((const double *)values->buffers[1])[at] == (double)expected[i], "value", __FILE__, line);
        else check_int(((const int64_t *)values->buffers[1])[at], expected[i], "value", __FILE__, line);
    }
}

/* A call gives a stream of one batch whose field has these numbers. */
#define CHECK_COLUMN(stream, call, field, name, format, ...)                                 \
    do {                                                                                     \
        struct ArrowArray batch_;                                                            \
        struct ArrowSchema schema_;                                                          \
        if (!CHECK_OK(call)) break;                                                          \
        CHECK_INT((stream).get_schema(&(stream), &schema_), 0);                              \
        if (CHECK((stream).get_next(&(stream), &batch_) == 0 && batch_.release != NULL)) {   \
            CHECK_FIELD(batch_, schema_, field, name, format, __VA_ARGS__);                  \
            batch_.release(&batch_);                                                         \
        }                                                                                    \
        schema_.release(&schema_);                                                           \
        CHECK_INT(drain(&(stream), NULL), 0);                                                \
    } while (0)

/* ---- results ---- */

static void results_are_right(void)
{
    struct ArrowArrayStream in = table(), out;
    const char *texts[] = {"a * 2 + 1", "x AS \"the x\"", "CASE WHEN x < 0 THEN NULL ELSE a END AS chosen"};
    CHECK_COLUMN(out, pf_compute_evaluate(&in, texts, 3, NULL, NULL, &out), 0, "a * 2 + 1", "l", 3, 5, 7, 9);
    CHECK(in.release == NULL);
    in = table();
    CHECK_COLUMN(out, pf_compute_evaluate(&in, texts, 3, NULL, NULL, &out), 2, "chosen", "l", 1, INT64_MIN, 3, 4);
    in = table();
    CHECK_COLUMN(out, pf_compute_filter(&in, "s = 'b' OR x < 0", NULL, NULL, &out), 0, "a", "l", 1, 2, 3);

    pf_options *columns = pf_options_new();
    must(pf_options_set_str_list(columns, "columns", (const char *[]){"x", "a"}, 2), "columns");
    in = table();
    CHECK_COLUMN(out, pf_compute_filter(&in, "x > 1", columns, NULL, &out), 1, "a", "l", 3);
    in = table();
    CHECK_COLUMN(out, pf_compute_unique(&in, columns, NULL, &out), 1, "a", "l", 1, 2, 3, 4);
    pf_options_free(columns);

    pf_options *where = option_str("where", "x > 0");
    in = table();
    CHECK_COLUMN(out, pf_compute_aggregate(&in, (const char *[]){"sum(a) AS total", "count(*)"}, 2, where, NULL, &out), 0, "total", "l", 8);
    pf_options_free(where);

    in = table();
    CHECK_COLUMN(out, pf_compute_sort(&in, (const char *[]){"s DESC", "x"}, 2, NULL, NULL, &out), 0, "a", "l", 4, 1, 3, 2);
    pf_options *first = option_i64("limit", 2);
    must(pf_options_set_str(first, "result", "index"), "result");
    in = table();
    CHECK_COLUMN(out, pf_compute_sort(&in, (const char *[]){"x DESC"}, 1, first, NULL, &out), 0, "index", "L", 2, 0);
    pf_options_free(first);

    in = table();
    struct pair indices = int_array((int64_t[]){3, 3, 0}, 3);
    CHECK_COLUMN(out, pf_compute_take(&in, &indices.array, &indices.schema, NULL, NULL, &out), 0, "a", "l", 4, 4, 1);

    pf_options *names = pf_options_new();
    must(pf_options_set_str_list(names, "columns", (const char *[]){"s"}, 1), "columns");
    in = table();
    CHECK_COLUMN(out, pf_compute_value_counts(&in, names, NULL, &out), 1, "count", "l", 2, 1, 1);
    must(pf_options_set_i64(names, "limit", 0), "limit");
    in = table();
    CHECK_ROWS(out, pf_compute_value_counts(&in, names, NULL, &out), 0);
    pf_options_free(names);
}

static void arrays_give_arrays(void)
{
    /* A struct is a table. */
    struct pair in = table_array(), out;
    if (CHECK_OK(pf_compute_evaluate_array(&in.array, &in.schema, (const char *[]){"a + 1 AS next", "x"}, 2, NULL, NULL, &out.array, &out.schema))) {
        CHECK_STR(out.schema.format, "+s");
        CHECK_FIELD(out.array, out.schema, 0, "next", "l", 2, 3, 4, 5);
        release_pair(&out);
    }
    CHECK(in.array.release == NULL && in.schema.release == NULL);
    in = table_array();
    if (CHECK_OK(pf_compute_filter_array(&in.array, &in.schema, "s = 'b'", NULL, NULL, &out.array, &out.schema))) {
        CHECK_FIELD(out.array, out.schema, 0, "a", "l", 1, 3);
        release_pair(&out);
    }
    in = table_array();
    if (CHECK_OK(pf_compute_aggregate_array(&in.array, &in.schema, (const char *[]){"max(a) AS most"}, 1, NULL, NULL, &out.array, &out.schema))) {
        CHECK_FIELD(out.array, out.schema, 0, "most", "l", 4);
        release_pair(&out);
    }

    /* Another array is a column with the name of its schema, or "value". */
    in = int_array((int64_t[]){5, 6, 7}, 3);
    if (CHECK_OK(pf_compute_evaluate_array(&in.array, &in.schema, (const char *[]){"value - 5 AS rest"}, 1, NULL, NULL, &out.array, &out.schema))) {
        CHECK_FIELD(out.array, out.schema, 0, "rest", "l", 0, 1, 2);
        release_pair(&out);
    }
    in = named_ints("price", (int64_t[]){5, 6, 7}, 3);
    if (CHECK_OK(pf_compute_filter_array(&in.array, &in.schema, "price <> 6", NULL, NULL, &out.array, &out.schema))) {
        CHECK_STR(out.schema.format, "l");
        CHECK_INT(out.array.length, 2);
        CHECK_INT(((const int64_t *)out.array.buffers[1])[out.array.offset + 1], 7);
        release_pair(&out);
    }
    in = int_array(NULL, 0);
    if (CHECK_OK(pf_compute_aggregate_array(&in.array, &in.schema, (const char *[]){"sum(value) AS s", "count(*) AS n"}, 2, NULL, NULL, &out.array, &out.schema))) {
        CHECK_FIELD(out.array, out.schema, 0, "s", "l", INT64_MIN);
        CHECK_FIELD(out.array, out.schema, 1, "n", "l", 0);
        release_pair(&out);
    }
}

static void schemas_and_functions_are_described(void)
{
    struct pair in = table_array();
    struct ArrowSchema out;
    const char *texts[] = {"a / 2 AS half", "lower(s)", "x > 0 AS positive", "sum(a)"};
    if (CHECK_OK(pf_compute_schema(&in.schema, texts, 4, NULL, &out))) {
        CHECK_INT(out.n_children, 4);
        CHECK_STR(out.format, "+s");
        CHECK_STR(out.children[0]->format, "g");
        CHECK_STR(out.children[0]->name, "half");
        CHECK_STR(out.children[1]->name, "lower(s)");
        CHECK_STR(out.children[2]->format, "b");
        CHECK_STR(out.children[3]->format, "l");
        out.release(&out);
    }
    CHECK(in.schema.release != NULL);
    CHECK_REFUSED(out, pf_compute_schema(NULL, texts, 4, NULL, &out), PF_INVALID_ARGUMENT, "schema");
    CHECK_REFUSED(out, pf_compute_schema(&in.schema, NULL, 1, NULL, &out), PF_INVALID_ARGUMENT, "expressions");
    CHECK_REFUSED(out, pf_compute_schema(&in.schema, texts, 0, NULL, &out), PF_INVALID_ARGUMENT, "expression");
    CHECK_FAILS(pf_compute_schema(&in.schema, texts, 4, NULL, NULL), PF_INVALID_ARGUMENT, "out_schema");
    CHECK_REFUSED(out, pf_compute_schema(&in.schema, (const char *[]){"b"}, 1, NULL, &out), PF_INVALID_ARGUMENT, "unknown column 'b'");
    CHECK_REFUSED(out, pf_compute_schema(&in.schema, (const char *[]){"s + 1"}, 1, NULL, &out), PF_TYPE, "line 1, column 3");
    pf_options *wrong = option_str("overflow", "ignore");
    CHECK_REFUSED(out, pf_compute_schema(&in.schema, texts, 4, wrong, &out), PF_INVALID_ARGUMENT, "overflow");
    pf_options_free(wrong);
    CHECK_REFUSED(out, pf_compute_schema(in.schema.children[0], texts, 4, NULL, &out), PF_TYPE, "schema");
    const char *format = in.schema.format;
    in.schema.format = NULL;
    CHECK_REFUSED(out, pf_compute_schema(&in.schema, texts, 4, NULL, &out), PF_INVALID_ARGUMENT, "format");
    in.schema.format = format;
    release_pair(&in);
    CHECK_REFUSED(out, pf_compute_schema(&in.schema, texts, 4, NULL, &out), PF_INVALID_ARGUMENT, "released");

    struct ArrowArrayStream functions;
    CHECK_FAILS(pf_compute_functions(NULL), PF_INVALID_ARGUMENT, "out_stream");
    if (CHECK_OK(pf_compute_functions(&functions))) {
        CHECK_INT(functions.get_schema(&functions, &out), 0);
        const char *names[] = {"family", "function", "item", "name", "type", "default", "doc"};
        CHECK_INT(out.n_children, LENGTH(names));
        for (int i = 0; i < (int)LENGTH(names) && i < out.n_children; i++) CHECK_STR(out.children[i]->name, names[i]);
        out.release(&out);
        CHECK(drain(&functions, NULL) > 200);
    }
}

/* However a producer cuts its rows, the result is the same; so it is with every number of threads. */
static void batches_and_threads_do_not_matter(void)
{
    const int64_t rows = quick() ? 20000 : 400000;
    const int cuts[] = {1, 4, 50};
    const int32_t threads[] = {1, 2, 7};
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        if (CALLS[c].run == take) continue;
        uint64_t expected = 0;
        for (int i = 0; i < (int)LENGTH(cuts); i++) {
            struct producer p = rows_of(rows / cuts[i], cuts[i]);
            struct ArrowArrayStream in, out;
            pf_context *context = pf_context_new();
            must(pf_context_set_threads(context, threads[i]), "threads");
            produce(&p, &in);
            if (CHECK_OK(CALLS[c].run(&in, NULL, context, &out))) {
                pf_context_free(context); /* The stream does not depend on the handle. */
                uint64_t h = fingerprint(&out);
                if (i == 0) expected = h;
                if (!CHECK(h == expected)) printf("    %s, %d batches\n", CALLS[c].name, cuts[i]);
            }
            CHECK_INT(atomic_load(&p.live), 0);
        }
    }
}

/* ---- wrong calls ---- */

static void streams_are_consumed_whatever_happens(void)
{
    pf_options *unknown = option_i64("no such option", 1);
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        struct ArrowArrayStream in, out;
        struct producer p = rows_of(6, 2);
        produce(&p, &in);
        CHECK_ROWS(out, CALLS[c].run(&in, NULL, NULL, &out), CALLS[c].rows);
        CHECK(in.release == NULL);
        CHECK_INT(atomic_load(&p.live), 0);

        p = rows_of(6, 2);
        produce(&p, &in);
        CHECK_REFUSED(out, CALLS[c].run(&in, unknown, NULL, &out), PF_INVALID_ARGUMENT, "no such option");
        CHECK(in.release == NULL);
        CHECK_INT(atomic_load(&p.live), 0);

        p = rows_of(6, 2);
        produce(&p, &in);
        CHECK_FAILS(CALLS[c].run(&in, NULL, NULL, NULL), PF_INVALID_ARGUMENT, "out_stream");
        CHECK(in.release == NULL);
        CHECK_INT(atomic_load(&p.live), 0);

        CHECK_REFUSED(out, CALLS[c].run(NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "input");
        CHECK_REFUSED(out, CALLS[c].run(&in, NULL, NULL, &out), PF_INVALID_ARGUMENT, "released");
    }
    pf_options_free(unknown);
}

static void refuse_schema(struct ArrowSchema *schema) { schema->children[1]->format = "no format"; }
static void refuse_array(struct ArrowArray *array) { array->children[1]->length = 1; }

static void producers_that_fail_are_reported(void)
{
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        struct ArrowArrayStream in, out;
        char error[512] = "";
        struct producer p = rows_of(6, 2);
        p.schema_fails = true;
        p.error = "[PF_NOT_FOUND] no schema today";
        produce(&p, &in);
        CHECK_REFUSED(out, CALLS[c].run(&in, NULL, NULL, &out), PF_NOT_FOUND, "no schema today");
        CHECK_INT(atomic_load(&p.live), 0);

        p = rows_of(6, 2);
        p.spoil_schema = refuse_schema;
        produce(&p, &in);
        CHECK_REFUSED(out, CALLS[c].run(&in, NULL, NULL, &out), PF_TYPE, "");
        CHECK_INT(atomic_load(&p.live), 0);

        for (int spoiled = 0; spoiled < 2; spoiled++) {
            p = rows_of(6, 2);
            p.fails_at = spoiled ? 0 : 2;
            p.error = "[PF_CORRUPT] page 7";
            p.spoil_array = spoiled ? refuse_array : NULL;
            const char *part = spoiled ? "target" : "page 7";
            produce(&p, &in);
            if (CALLS[c].lazy) {
                if (!CHECK_OK(CALLS[c].run(&in, NULL, NULL, &out))) continue;
                CHECK_INT(drain(&out, error), -1);
                CHECK_CONTAINS(error, part);
            } else {
                CHECK_REFUSED(out, CALLS[c].run(&in, NULL, NULL, &out), spoiled ? PF_INVALID_ARGUMENT : PF_CORRUPT, part);
            }
            CHECK_INT(atomic_load(&p.live), 0);
        }
    }
}

/* A text that a call refuses, in each of the calls that take texts. */
static void text_fails(const char *text, pf_status status, const char *part)
{
    struct pair in, out;
    struct ArrowArrayStream stream, result;
    const char *two[] = {"source", text};
    struct producer p = rows_of(3, 1);

    produce(&p, &stream);
    CHECK_REFUSED(result, pf_compute_evaluate(&stream, two, 2, NULL, NULL, &result), status, part);
    CHECK(stream.release == NULL);
    produce(&p, &stream);
    CHECK_REFUSED(result, pf_compute_filter(&stream, text, NULL, NULL, &result), status, part);
    CHECK(stream.release == NULL);
    produce(&p, &stream);
    CHECK_REFUSED(result, pf_compute_aggregate(&stream, &text, 1, NULL, NULL, &result), status, part);
    CHECK(stream.release == NULL);
    produce(&p, &stream);
    CHECK_REFUSED(result, pf_compute_sort(&stream, two, 2, NULL, NULL, &result), status, part);
    CHECK(stream.release == NULL);
    CHECK_INT(atomic_load(&p.live), 0);

    in = named_ints("source", (int64_t[]){1, 2}, 2);
    CHECK_REFUSED(out, pf_compute_evaluate_array(&in.array, &in.schema, two, 2, NULL, NULL, &out.array, &out.schema), status, part);
    CHECK(in.array.release == NULL && in.schema.release == NULL);
    in = named_ints("source", (int64_t[]){1, 2}, 2);
    CHECK_REFUSED(out, pf_compute_filter_array(&in.array, &in.schema, text, NULL, NULL, &out.array, &out.schema), status, part);
    CHECK(in.array.release == NULL && in.schema.release == NULL);
    in = named_ints("source", (int64_t[]){1, 2}, 2);
    CHECK_REFUSED(out, pf_compute_aggregate_array(&in.array, &in.schema, &text, 1, NULL, NULL, &out.array, &out.schema), status, part);
    CHECK(in.array.release == NULL && in.schema.release == NULL);

    if (text == NULL) return;
    pf_options *where = pf_options_new();
    if (pf_options_set_str(where, "where", text) == PF_OK) {
        produce(&p, &stream);
        CHECK_REFUSED(result, pf_compute_aggregate(&stream, (const char *[]){"count(*)"}, 1, where, NULL, &result), status, part);
        CHECK(stream.release == NULL);
    }
    pf_options_free(where);
}

static char *repeated(const char *before, const char *part, size_t count, const char *after)
{
    size_t length = strlen(part), at = strlen(before);
    char *text = malloc(at + count * length + strlen(after) + 1);
    strcpy(text, before);
    for (size_t i = 0; i < count; i++, at += length) memcpy(text + at, part, length);
    strcpy(text + at, after);
    return text;
}

static void texts_that_are_wrong(void)
{
    text_fails(NULL, PF_INVALID_ARGUMENT, "");
    text_fails("source + \xff", PF_INVALID_ARGUMENT, "UTF-8");
    text_fails("'\xc3'", PF_INVALID_ARGUMENT, "UTF-8");
    text_fails("", PF_INVALID_ARGUMENT, "expected an expression");
    text_fails("source +", PF_INVALID_ARGUMENT, "line 1, column 9");
    text_fails("source\n  + * 2", PF_INVALID_ARGUMENT, "line 2, column 5");
    text_fails("source = 'abc", PF_INVALID_ARGUMENT, "does not end");
    text_fails("sourze > 0", PF_INVALID_ARGUMENT, "unknown column 'sourze' at line 1, column 1; nearest: source");
    text_fails("sqrd(source) > 0", PF_INVALID_ARGUMENT, "unknown function 'sqrd'");
    text_fails("sqrt(source, 2) > 0", PF_INVALID_ARGUMENT, "sqrt");
    text_fails("lower(source) = 'x'", PF_TYPE, "lower");
    text_fails("source = DATE '2020-01-01'", PF_TYPE, "eq");
    text_fails("source = (SELECT 1)", PF_UNSUPPORTED, "subqueries");
    text_fails("source > 0 AS", PF_INVALID_ARGUMENT, "syntax error at line 1, column 1");
    text_fails("CAST(source AS no_such_type) = 1", PF_INVALID_ARGUMENT, "no_such_type");
    text_fails("(((((((((source", PF_INVALID_ARGUMENT, "expected");
    text_fails("source = 1; DROP TABLE x", PF_INVALID_ARGUMENT, "';'");
}

static void texts_that_are_huge(void)
{
    const struct {
        const char *before, *part, *after;
    } texts[] = {
        {"source > 0", " ", ""},      {"source = '", "x", "'"}, {"", "(", ""},
        {"source", " + source", ""},  {"source IN (1", ", 2", ")"}, {"\"", "a", "\" = 1"},
    };
    for (int i = 0; i < (int)LENGTH(texts); i++) {
        char *text = repeated(texts[i].before, texts[i].part, 10 * MIB / strlen(texts[i].part), texts[i].after);
        text_fails(text, PF_INVALID_ARGUMENT, "bytes");
        free(text);
    }
}

static void texts_that_are_deep(void)
{
    const struct {
        const char *open, *inner, *close;
    } nests[] = {
        {"(0 + ", "source", ") + 1"},
        {"abs(", "source", ")"},
        {"NOT (1 = ", "source", ")"},
        {"CASE WHEN source > ", "1", " THEN 1 END"},
        {"CAST(", "source", " AS int64)"},
        {"", "source", " + 1"},
        {"- (1 - ", "source", ")"},
        {"coalesce(1, ", "source", ")"},
        {"", "source", "::int64"},
        {"source IN (", "1", ")"},
    };
    for (int i = 0; i < (int)LENGTH(nests); i++) {
        char *before = repeated("", nests[i].open, 10000, nests[i].inner);
        char *text = repeated(before, nests[i].close, 10000, "");
        text_fails(text, PF_INVALID_ARGUMENT, "line 1, column");
        free(text);
        free(before);
    }
    /* Chains of AND and lists are flat however long they are. */
    struct producer p = rows_of(5, 1);
    struct ArrowArrayStream in, out;
    char *text = repeated("source >= 0", " AND target > source", 10000, "");
    produce(&p, &in);
    CHECK_ROWS(out, pf_compute_filter(&in, text, NULL, NULL, &out), 5);
    free(text);
    text = repeated("source IN (-1", ", 3", 10000, ")");
    p = rows_of(5, 1);
    produce(&p, &in);
    CHECK_ROWS(out, pf_compute_filter(&in, text, NULL, NULL, &out), 1);
    free(text);
}

static void lists_of_texts_that_are_wrong(void)
{
    struct ArrowArrayStream in, out;
    struct pair pair, result;
    const char *texts[] = {"source", NULL};
    const struct {
        const char *const *list;
        size_t length;
        const char *part;
    } lists[] = {{NULL, 1, ""}, {texts, 0, "at least one"}, {NULL, 0, "at least one"}, {texts, 2, "[1]"}, {texts, SIZE_MAX, ""}};
    for (int i = 0; i < (int)LENGTH(lists); i++) {
        struct producer p = rows_of(3, 1);
        produce(&p, &in);
        CHECK_REFUSED(out, pf_compute_evaluate(&in, lists[i].list, lists[i].length, NULL, NULL, &out), PF_INVALID_ARGUMENT, lists[i].part);
        produce(&p, &in);
        CHECK_REFUSED(out, pf_compute_aggregate(&in, lists[i].list, lists[i].length, NULL, NULL, &out), PF_INVALID_ARGUMENT, lists[i].part);
        produce(&p, &in);
        CHECK_REFUSED(out, pf_compute_sort(&in, lists[i].list, lists[i].length, NULL, NULL, &out), PF_INVALID_ARGUMENT, lists[i].part);
        CHECK_INT(atomic_load(&p.live), 0);
        pair = int_array((int64_t[]){1}, 1);
        CHECK_REFUSED(result, pf_compute_evaluate_array(&pair.array, &pair.schema, lists[i].list, lists[i].length, NULL, NULL, &result.array, &result.schema),
                      PF_INVALID_ARGUMENT, lists[i].part);
        pair = int_array((int64_t[]){1}, 1);
        CHECK_REFUSED(result, pf_compute_aggregate_array(&pair.array, &pair.schema, lists[i].list, lists[i].length, NULL, NULL, &result.array, &result.schema),
                      PF_INVALID_ARGUMENT, lists[i].part);
    }
}

static void conditions_and_keys_that_do_not_fit(void)
{
    struct producer p = rows_of(3, 1);
    struct ArrowArrayStream in, out;
    produce(&p, &in);
    CHECK_REFUSED(out, pf_compute_filter(&in, "source + 1", NULL, NULL, &out), PF_TYPE, "boolean");
    pf_options *where = option_str("where", "source");
    produce(&p, &in);
    CHECK_REFUSED(out, pf_compute_aggregate(&in, (const char *[]){"count(*)"}, 1, where, NULL, &out), PF_TYPE, "boolean");
    pf_options_free(where);
    produce(&p, &in);
    CHECK_REFUSED(out, pf_compute_aggregate(&in, (const char *[]){"source"}, 1, NULL, NULL, &out), PF_INVALID_ARGUMENT, "inside an aggregate");
    produce(&p, &in);
    CHECK_REFUSED(out, pf_compute_sort(&in, (const char *[]){"source SIDEWAYS"}, 1, NULL, NULL, &out), PF_INVALID_ARGUMENT, "SIDEWAYS");
    produce(&p, &in);
    CHECK_REFUSED(out, pf_compute_sort(&in, (const char *[]){"source NULLS"}, 1, NULL, NULL, &out), PF_INVALID_ARGUMENT, "FIRST or LAST");
    CHECK_INT(atomic_load(&p.live), 0);
}

static void options_that_are_wrong(void)
{
    struct {
        call *run;
        pf_options *options;
        pf_status status;
        const char *part;
    } cases[] = {
        {evaluate, option_str("overflow", "ignore"), PF_INVALID_ARGUMENT, "overflow"},
        {evaluate, option_bool("overflow", true), PF_TYPE, "overflow"},
        {evaluate, option_str("nan", ""), PF_INVALID_ARGUMENT, "nan"},
        {evaluate, option_i64("limit", 1), PF_INVALID_ARGUMENT, "limit"},
        {filter, option_str("overflow", "Error"), PF_INVALID_ARGUMENT, "overflow"},
        {filter, option_str("columns", "source"), PF_TYPE, "columns"},
        {aggregate, option_str("nan", "drop"), PF_INVALID_ARGUMENT, "nan"},
        {aggregate, option_bool("where", true), PF_TYPE, "where"},
        {aggregate, option_str("where", "source >"), PF_INVALID_ARGUMENT, "line 1, column 9"},
        {sort, option_i64("limit", -1), PF_INVALID_ARGUMENT, "limit"},
        {sort, option_i64("limit", INT64_MIN), PF_INVALID_ARGUMENT, "limit"},
        {sort, option_f64("limit", 1.5), PF_TYPE, "limit"},
        {sort, option_str("result", "columns"), PF_INVALID_ARGUMENT, "result"},
        {take, option_str("overflow", "null"), PF_INVALID_ARGUMENT, "overflow"},
        {unique, option_i64("limit", 1), PF_INVALID_ARGUMENT, "limit"},
        {value_counts, option_i64("limit", -1), PF_INVALID_ARGUMENT, "limit"},
        {value_counts, option_str("sort", "yes"), PF_TYPE, "sort"},
    };
    struct ArrowArrayStream in, out;
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        struct producer p = rows_of(3, 2);
        produce(&p, &in);
        CHECK_REFUSED(out, cases[i].run(&in, cases[i].options, NULL, &out), cases[i].status, cases[i].part);
        CHECK(in.release == NULL);
        CHECK_INT(atomic_load(&p.live), 0);
        pf_options_free(cases[i].options);
    }

    call *const choosing[] = {filter, unique, value_counts};
    pf_options *columns = pf_options_new();
    for (int i = 0; i < (int)LENGTH(choosing); i++) {
        struct producer p = rows_of(3, 2);
        must(pf_options_set_str_list(columns, "columns", (const char *[]){"target", "nothing"}, 2), "columns");
        produce(&p, &in);
        CHECK_REFUSED(out, choosing[i](&in, columns, NULL, &out), PF_INVALID_ARGUMENT, "nothing");
        must(pf_options_set_str_list(columns, "columns", NULL, 0), "columns");
        produce(&p, &in);
        if (choosing[i] != filter) CHECK_REFUSED(out, choosing[i](&in, columns, NULL, &out), PF_INVALID_ARGUMENT, "column");
        else CHECK_ROWS(out, choosing[i](&in, columns, NULL, &out), 3);
        CHECK_INT(atomic_load(&p.live), 0);
    }
    pf_options_free(columns);

    pf_options *most = option_i64("limit", INT64_MAX);
    struct producer p = rows_of(3, 2);
    produce(&p, &in);
    CHECK_ROWS(out, sort(&in, most, NULL, &out), 6);
    pf_options_free(most);
}

static void positions_that_are_not_there(void)
{
    struct ArrowArrayStream in, out;
    const struct {
        int64_t position;
        const char *part;
    } cases[] = {{12, "12"}, {-1, "-1"}, {INT64_MAX, "9223372036854775807"}, {INT64_MIN, "-9223372036854775808"}};
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        struct producer p = rows_of(6, 2);
        produce(&p, &in);
        struct pair indices = int_array((int64_t[]){0, cases[i].position}, 2);
        CHECK_REFUSED(out, pf_compute_take(&in, &indices.array, &indices.schema, NULL, NULL, &out), PF_INVALID_ARGUMENT, cases[i].part);
        CHECK(in.release == NULL && indices.array.release == NULL && indices.schema.release == NULL);
        CHECK_INT(atomic_load(&p.live), 0);
    }
    struct pair wrong[] = {double_array((double[]){0}, 1), string_array((const char *[]){"0"}, 1), table_array()};
    for (int i = 0; i < (int)LENGTH(wrong); i++) {
        in = table();
        CHECK_REFUSED(out, pf_compute_take(&in, &wrong[i].array, &wrong[i].schema, NULL, NULL, &out), PF_TYPE, "ind");
        CHECK(in.release == NULL && wrong[i].array.release == NULL);
    }
    struct pair indices = int_array((int64_t[]){0}, 1);
    in = table();
    CHECK_REFUSED(out, pf_compute_take(&in, NULL, &indices.schema, NULL, NULL, &out), PF_INVALID_ARGUMENT, "indices");
    CHECK(in.release == NULL && indices.schema.release == NULL);
    in = table();
    CHECK_REFUSED(out, pf_compute_take(&in, &indices.array, NULL, NULL, NULL, &out), PF_INVALID_ARGUMENT, "indices_schema");
    CHECK(in.release == NULL && indices.array.release == NULL);
    in = table();
    CHECK_REFUSED(out, pf_compute_take(&in, &indices.array, &indices.schema, NULL, NULL, &out), PF_INVALID_ARGUMENT, "indices");
    indices = int_array(NULL, 0);
    in = table();
    CHECK_ROWS(out, pf_compute_take(&in, &indices.array, &indices.schema, NULL, NULL, &out), 0);

    /* A null position gives a row of nulls. */
    unsigned char validity = 1;
    indices = int_array((int64_t[]){3, 99}, 2);
    indices.array.buffers[0] = &validity;
    indices.array.null_count = 1;
    in = table();
    CHECK_COLUMN(out, pf_compute_take(&in, &indices.array, &indices.schema, NULL, NULL, &out), 0, "a", "l", 4, INT64_MIN);
}

typedef pf_status array_call(struct pair *in, const pf_options *options, const pf_context *context, struct ArrowArray *array, struct ArrowSchema *schema);

static pf_status evaluate_array(struct pair *in, const pf_options *o, const pf_context *c, struct ArrowArray *array, struct ArrowSchema *schema)
{
    return pf_compute_evaluate_array(in ? &in->array : NULL, in ? &in->schema : NULL, (const char *[]){"1 AS one"}, 1, o, c, array, schema);
}

static pf_status filter_array(struct pair *in, const pf_options *o, const pf_context *c, struct ArrowArray *array, struct ArrowSchema *schema)
{
    return pf_compute_filter_array(in ? &in->array : NULL, in ? &in->schema : NULL, "TRUE", o, c, array, schema);
}

static pf_status aggregate_array(struct pair *in, const pf_options *o, const pf_context *c, struct ArrowArray *array, struct ArrowSchema *schema)
{
    return pf_compute_aggregate_array(in ? &in->array : NULL, in ? &in->schema : NULL, (const char *[]){"count(*)"}, 1, o, c, array, schema);
}

static void arrays_are_consumed_whatever_happens(void)
{
    array_call *const calls[] = {evaluate_array, filter_array, aggregate_array};
    pf_options *unknown = option_i64("no such option", 1);
    for (int i = 0; i < (int)LENGTH(calls); i++) {
        struct pair in = table_array(), out;
        CHECK_REFUSED(out, calls[i](&in, unknown, NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, "no such option");
        CHECK(in.array.release == NULL && in.schema.release == NULL);
        CHECK_REFUSED(out, calls[i](&in, NULL, NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, "released");
        CHECK_REFUSED(out, calls[i](NULL, NULL, NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, "array");
        in = table_array();
        CHECK_REFUSED(out, calls[i](&in, NULL, NULL, NULL, &out.schema), PF_INVALID_ARGUMENT, "out_array");
        CHECK(in.array.release == NULL && in.schema.release == NULL);
        in = table_array();
        CHECK_REFUSED(out, calls[i](&in, NULL, NULL, &out.array, NULL), PF_INVALID_ARGUMENT, "out_schema");
        CHECK(in.array.release == NULL && in.schema.release == NULL);

        /* Structs that are no table, or contradict themselves. */
        unsigned char validity = 5;
        in = table_array();
        in.array.buffers[0] = &validity;
        in.array.null_count = 2;
        CHECK_REFUSED(out, calls[i](&in, NULL, NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, "null rows");
        in = table_array();
        in.array.length = -1;
        CHECK_REFUSED(out, calls[i](&in, NULL, NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, "length");
        in = table_array();
        in.array.length = 1000;
        CHECK_REFUSED(out, calls[i](&in, NULL, NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, "rows");
        in = disguised(table_array(), "", "no format");
        CHECK_REFUSED(out, calls[i](&in, NULL, NULL, &out.array, &out.schema), PF_INVALID_ARGUMENT, "array");
        CHECK(in.array.release == NULL && in.schema.release == NULL);

        /* Part of an array. */
        in = table_array();
        in.array.offset = 1;
        in.array.length = 2;
        if (CHECK_OK(calls[i](&in, NULL, NULL, &out.array, &out.schema))) {
            CHECK_INT(out.array.length, i == 2 ? 1 : 2);
            release_pair(&out);
        }
    }
    pf_options_free(unknown);
}

/* ---- streams ---- */

static void streams_are_released_half_read(void)
{
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        for (int batches = 0; batches < 3; batches++) {
            struct producer p = rows_of(quick() ? 1000 : 600000, 8);
            struct ArrowArrayStream in, out;
            struct ArrowArray kept = {.release = NULL};
            produce(&p, &in);
            if (!CHECK_OK(CALLS[c].run(&in, NULL, NULL, &out))) continue;
            for (int i = 0; i < batches; i++) {
                if (kept.release != NULL) kept.release(&kept);
                CHECK_INT(out.get_next(&out, &kept), 0);
            }
            out.release(&out);
            CHECK(out.release == NULL);
            /* A batch outlives its stream. */
            if (kept.release != NULL) {
                CHECK(kept.length > 0);
                kept.release(&kept);
            }
            CHECK_INT(atomic_load(&p.live), 0);
        }
        /* At the end it stays at the end. */
        struct producer p = rows_of(6, 2);
        struct ArrowArrayStream in, out;
        struct ArrowArray batch;
        produce(&p, &in);
        if (!CHECK_OK(CALLS[c].run(&in, NULL, NULL, &out))) continue;
        do {
            CHECK_INT(out.get_next(&out, &batch), 0);
            if (batch.release == NULL) break;
            batch.release(&batch);
        } while (true);
        CHECK(out.get_next(&out, &batch) == 0 && batch.release == NULL);
        struct ArrowSchema schema;
        CHECK_INT(out.get_schema(&out, &schema), 0);
        schema.release(&schema);
        out.release(&out);
    }
}

static void what_rows_show_is_reported_by_the_stream(void)
{
    const struct {
        const char *text, *code, *part;
    } cases[] = {
        {"source // (source - 4)", "[PF_ARITHMETIC]", ""},
        {"(source + 9223372036854775800) - 1", "[PF_ARITHMETIC]", "overflows"},
        {"CAST(concat('x', CAST(source AS string)) AS int64)", "[PF_INVALID_ARGUMENT]", ""},
    };
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        struct producer p = rows_of(10, 2);
        struct ArrowArrayStream in, out;
        char error[512] = "";
        produce(&p, &in);
        if (!CHECK_OK(pf_compute_evaluate(&in, &cases[i].text, 1, NULL, NULL, &out))) continue;
        CHECK_INT(drain(&out, error), -1);
        CHECK_CONTAINS(error, cases[i].code);
        CHECK_CONTAINS(error, cases[i].part);
        CHECK_INT(atomic_load(&p.live), 0);
        /* As an array, and in a key, it is the status of the call. */
        struct pair array = named_ints("source", (int64_t[]){0, 4, 100}, 3), result;
        pf_status expected = i < 2 ? PF_ARITHMETIC : PF_INVALID_ARGUMENT;
        CHECK_REFUSED(result, pf_compute_evaluate_array(&array.array, &array.schema, &cases[i].text, 1, NULL, NULL, &result.array, &result.schema), expected,
                      cases[i].part);
        p = rows_of(10, 2);
        produce(&p, &in);
        CHECK_REFUSED(out, pf_compute_sort(&in, &cases[i].text, 1, NULL, NULL, &out), expected, cases[i].part);
        CHECK_INT(atomic_load(&p.live), 0);
    }
    pf_options *null = option_str("overflow", "null");
    struct ArrowArrayStream in = table(), out;
    CHECK_COLUMN(out, pf_compute_evaluate(&in, (const char *[]){"6 // (a - 2) AS q"}, 1, null, NULL, &out), 0, "q", "l", -6, INT64_MIN, 6, 3);
    pf_options_free(null);
    in = table();
    CHECK_REFUSED(out, pf_compute_aggregate(&in, (const char *[]){"sum(a + 9223372036854775803)"}, 1, NULL, NULL, &out), PF_ARITHMETIC, "");
}

/* ---- contexts ---- */

static bool stop(void *data, double fraction)
{
    (void)fraction;
    atomic_fetch_add((atomic_int *)data, 1);
    return false;
}

static int slowly(struct producer *p)
{
    (void)p;
    sleep_ms(25);
    return 0;
}

static void calls_are_cancelled(void)
{
    pf_cancel_token *token = pf_cancel_token_new();
    pf_context *context = pf_context_new(), *watched = pf_context_new();
    atomic_int asked = 0;
    must(pf_context_set_cancel_token(context, token), "token");
    must(pf_context_set_progress(watched, stop, &asked), "progress");
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        /* The stream of a lazy call sees a token that is pulled later. */
        struct producer p = rows_of(6, 3);
        struct ArrowArrayStream in, out;
        char error[512] = "";
        if (CALLS[c].lazy) {
            pf_cancel_token *late = pf_cancel_token_new();
            pf_context *later = pf_context_new();
            must(pf_context_set_cancel_token(later, late), "token");
            produce(&p, &in);
            if (CHECK_OK(CALLS[c].run(&in, NULL, later, &out))) {
                pf_cancel_token_cancel(late);
                pf_context_free(later);
                CHECK_INT(drain(&out, error), -1);
                CHECK_CONTAINS(error, "[PF_CANCELLED]");
            }
            pf_cancel_token_free(late);
        } else {
            p.watch = slowly;
            produce(&p, &in);
            CHECK_REFUSED(out, CALLS[c].run(&in, NULL, watched, &out), PF_CANCELLED, "");
            CHECK(atomic_exchange(&asked, 0) > 0);
        }
        CHECK_INT(atomic_load(&p.live), 0);
    }
    pf_cancel_token_cancel(token);
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        struct producer p = rows_of(6, 3);
        struct ArrowArrayStream in, out;
        char error[512] = "";
        produce(&p, &in);
        if (CALLS[c].lazy) {
            if (!CHECK_OK(CALLS[c].run(&in, NULL, context, &out))) continue;
            CHECK_INT(drain(&out, error), -1);
            CHECK_CONTAINS(error, "[PF_CANCELLED]");
        } else {
            CHECK_REFUSED(out, CALLS[c].run(&in, NULL, context, &out), PF_CANCELLED, "");
        }
        CHECK_INT(atomic_load(&p.live), 0);
    }
    struct pair in = table_array(), out;
    CHECK_REFUSED(out, evaluate_array(&in, NULL, context, &out.array, &out.schema), PF_CANCELLED, "");
    CHECK(in.array.release == NULL && in.schema.release == NULL);
    pf_context_free(context);
    pf_context_free(watched);
    pf_cancel_token_free(token);
}

static void memory_is_limited(void)
{
    pf_context *context = pf_context_new();
    must(pf_context_set_memory_limit(context, 64 << 10), "limit");
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        if (CALLS[c].run == aggregate || CALLS[c].run == take) continue;
        struct producer p = rows_of(200000, 2);
        struct ArrowArrayStream in, out;
        char error[512] = "";
        produce(&p, &in);
        if (CALLS[c].lazy) {
            if (!CHECK_OK(CALLS[c].run(&in, NULL, context, &out))) continue;
            CHECK_INT(drain(&out, error), -1);
            CHECK_CONTAINS(error, "[PF_OUT_OF_MEMORY]");
        } else if (!CHECK_FAILS(CALLS[c].run(&in, NULL, context, &out), PF_OUT_OF_MEMORY, "")) {
            printf("    %s\n", CALLS[c].name);
        }
        CHECK_INT(atomic_load(&p.live), 0);
    }
    pf_context_free(context);
}

/* ---- threads ---- */

struct job {
    const pf_options *options;
    uint64_t hashes[LENGTH(CALLS)];
    bool own_message;
};

static void *work(void *data)
{
    struct job *job = data;
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        struct producer p = rows_of(quick() ? 2000 : 50000, 4);
        struct ArrowArrayStream in, out;
        produce(&p, &in);
        must(CALLS[c].run(&in, c < 2 ? job->options : NULL, NULL, &out), CALLS[c].name);
        job->hashes[c] = fingerprint(&out);
    }
    struct ArrowArrayStream in = table(), out;
    job->own_message = pf_compute_filter(&in, "b > 0", NULL, NULL, &out) == PF_INVALID_ARGUMENT && strstr(pf_last_error_message(), "'b'") != NULL;
    return NULL;
}

static void threads_do_not_meet(void)
{
    pf_options *options = option_str("overflow", "null");
    struct job jobs[2] = {{.options = options}, {.options = options}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, work, &jobs[i]);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    for (int c = 0; c < (int)LENGTH(CALLS); c++) CHECK(jobs[0].hashes[c] == jobs[1].hashes[c]);
    CHECK(jobs[0].own_message && jobs[1].own_message);
    pf_options_free(options);
}

static void *pull(void *data)
{
    struct ArrowArrayStream *stream = data;
    return (void *)(intptr_t)drain(stream, NULL);
}

/* A stream may be pulled and released on another thread than the one that made it. */
static void streams_change_threads(void)
{
    for (int c = 0; c < (int)LENGTH(CALLS); c++) {
        struct producer p = rows_of(6, 2);
        struct ArrowArrayStream in, out;
        produce(&p, &in);
        if (!CHECK_OK(CALLS[c].run(&in, NULL, NULL, &out))) continue;
        pthread_t thread;
        void *rows = NULL;
        pthread_create(&thread, NULL, pull, &out);
        pthread_join(thread, &rows);
        CHECK_INT((intptr_t)rows, CALLS[c].rows);
        CHECK_INT(atomic_load(&p.live), 0);
    }
}

int main(void)
{
    results_are_right();
    arrays_give_arrays();
    schemas_and_functions_are_described();
    batches_and_threads_do_not_matter();
    streams_are_consumed_whatever_happens();
    producers_that_fail_are_reported();
    texts_that_are_wrong();
    texts_that_are_huge();
    texts_that_are_deep();
    lists_of_texts_that_are_wrong();
    conditions_and_keys_that_do_not_fit();
    options_that_are_wrong();
    positions_that_are_not_there();
    arrays_are_consumed_whatever_happens();
    streams_are_released_half_read();
    what_rows_show_is_reported_by_the_stream();
    calls_are_cancelled();
    memory_is_limited();
    threads_do_not_meet();
    streams_change_threads();
    return check_summary();
}
