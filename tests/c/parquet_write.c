/* Parquet files written, and read again with conditions, counted, explained and described: what a call gives, what it refuses, and that a
 * failure leaves nothing behind. */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *folder;

/* A path in the folder; two at a time are valid. */
static const char *path_of(const char *name)
{
    static char paths[2][512];
    static int next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int files_in(const char *path)
{
    int found = 0;
    DIR *dir = opendir(path);
    if (dir == NULL) return -1;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) found += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return found;
}

/* "source" counts from 0, "target" from 1. */
static struct producer numbers(int64_t rows, int batches)
{
    return (struct producer){.rows = rows, .batches = batches};
}

/* Writes rows of a producer, which has to be released. */
static pf_status write_rows(struct producer *producer, const char *path, const pf_options *options, const pf_context *context,
                            struct ArrowArrayStream *out)
{
    struct ArrowArrayStream input;
    produce(producer, &input);
    pf_status status = pf_parquet_write(&input, path, options, context, out);
    CHECK(input.release == NULL);
    if (status == PF_OK) CHECK_INT(drain(out, NULL) > 0, 1);
    CHECK_INT(atomic_load(&producer->live), 0);
    return status;
}

static void write_file_of(const char *path, int64_t rows, int batches, int64_t row_group_size)
{
    struct producer producer = numbers(rows, batches);
    struct ArrowArrayStream out;
    pf_options *options = option_i64("row_group_size", row_group_size);
    CHECK_OK(write_rows(&producer, path, options, NULL, &out));
    pf_options_free(options);
}

static pf_options *with_strings(pf_options *options, const char *name, const char *first, const char *second)
{
    must(pf_options_set_str_list(options, name, (const char *[]){first, second}, second == NULL ? 1 : 2), name);
    return options;
}

static uint64_t fingerprint_of(const char *path, const pf_options *options, const pf_context *context)
{
    struct ArrowArrayStream stream;
    must(pf_parquet_read(path, options, context, &stream), "pf_parquet_read");
    return fingerprint(&stream);
}

static void what_is_written_is_read(void)
{
    /* The same rows, in one batch from memory and in many from a file. */
    struct producer whole = numbers(3000, 1), parts = numbers(30, 100);
    struct ArrowArrayStream stream, out;
    produce(&whole, &stream);
    const uint64_t expected = fingerprint(&stream);
    CHECK_OK(write_rows(&parts, path_of("x.parquet"), NULL, NULL, &out));
    CHECK(fingerprint_of(path_of("x.parquet"), NULL, NULL) == expected);

    /* The summary has a row for the file. */
    struct ArrowSchema schema;
    struct ArrowArray batch;
    parts = numbers(30, 100);
    pf_options *options = option_i64("row_group_size", 1000);
    produce(&parts, &stream);
    if (CHECK_OK(pf_parquet_write(&stream, path_of("x.parquet"), options, NULL, &out))) {
        CHECK_INT(out.get_schema(&out, &schema), 0);
        const char *names[] = {"path", "rows", "bytes", "row_groups"};
        CHECK_INT(schema.n_children, 4);
        for (int i = 0; i < 4; i++) CHECK_STR(schema.children[i]->name, names[i]);
        CHECK_INT(out.get_next(&out, &batch), 0);
        CHECK_INT(batch.length, 1);
        CHECK_INT(((const uint64_t *)batch.children[1]->buffers[1])[0], 3000);
        struct stat file;
        CHECK_INT(stat(path_of("x.parquet"), &file), 0);
        CHECK_INT(((const uint64_t *)batch.children[2]->buffers[1])[0], file.st_size);
        CHECK_INT(((const uint64_t *)batch.children[3]->buffers[1])[0], 3);
        batch.release(&batch);
        schema.release(&schema);
        out.release(&out);
    }
    pf_options_free(options);

    /* The same bytes for any number of threads, to any codec the same rows. */
    pf_context *context = pf_context_new();
    size_t sizes[2];
    unsigned char *bytes[2];
    for (int i = 0; i < 2; i++) {
        must(pf_context_set_threads(context, i == 0 ? 1 : 4), "threads");
        parts = numbers(30, 100);
        options = option_i64("row_group_size", 500);
        CHECK_OK(write_rows(&parts, path_of("x.parquet"), options, context, &out));
        pf_options_free(options);
        CHECK(fingerprint_of(path_of("x.parquet"), NULL, context) == expected);
        bytes[i] = read_file(path_of("x.parquet"), &sizes[i]);
    }
    CHECK(sizes[0] == sizes[1] && memcmp(bytes[0], bytes[1], sizes[0]) == 0);
    free(bytes[0]);
    free(bytes[1]);
    pf_context_free(context);

    const char *codecs[] = {"none", "snappy", "gzip", "brotli", "lz4", "zstd", "zstd(9)"};
    for (int i = 0; i < (int)LENGTH(codecs); i++) {
        parts = numbers(30, 100);
        options = option_str("compression", codecs[i]);
        CHECK_OK(write_rows(&parts, path_of("x.parquet"), options, NULL, &out));
        CHECK(fingerprint_of(path_of("x.parquet"), NULL, NULL) == expected);
        pf_options_free(options);
    }

    /* Without rows. */
    parts = numbers(0, 0);
    CHECK_OK(write_rows(&parts, path_of("x.parquet"), NULL, NULL, &out));
    CHECK_ROWS(stream, pf_parquet_read(path_of("x.parquet"), NULL, NULL, &stream), 0);
    CHECK_INT(files_in(folder), 1);
    remove(path_of("x.parquet"));
}

static void rows_are_chosen(void)
{
    struct ArrowArrayStream stream;
    uint64_t rows = 0;
    write_file_of(path_of("x.parquet"), 100, 10, 250); /* row groups of 250, 250, 250 and 250 rows */
    const struct {
        const char *name, *text;
        int64_t number, rows;
    } cases[] = {
        {"filter", "source >= 990", 0, 10},
        {"filter", "source % 100 = 7 AND target > 500", 0, 5},
        {"filter", "source < 0", 0, 0},
        {"filter", "source IS NULL OR target = 1", 0, 1},
        {"filter", "source IN (3, 400, 5000)", 0, 2},
        {"limit", NULL, 0, 0},
        {"limit", NULL, 7, 7},
        {"limit", NULL, INT64_MAX, 1000},
        {"batch_size", NULL, 1, 1000},
    };
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        pf_options *options = cases[i].text != NULL ? option_str(cases[i].name, cases[i].text) : option_i64(cases[i].name, cases[i].number);
        CHECK_ROWS(stream, pf_parquet_read(path_of("x.parquet"), options, NULL, &stream), cases[i].rows);
        CHECK_OK(pf_parquet_count(path_of("x.parquet"), options, NULL, &rows));
        CHECK_INT(rows, cases[i].rows);
        /* What is not left out by statistics and the like is left out by looking at it. */
        const char *switches[] = {"use_statistics", "use_dictionaries", "use_bloom_filters", "use_page_index"};
        const uint64_t found = fingerprint_of(path_of("x.parquet"), options, NULL);
        for (int s = 0; s < 4; s++) must(pf_options_set_bool(options, switches[s], false), switches[s]);
        CHECK(fingerprint_of(path_of("x.parquet"), options, NULL) == found);
        pf_options_free(options);
    }

    CHECK_OK(pf_parquet_count(path_of("x.parquet"), NULL, NULL, &rows));
    CHECK_INT(rows, 1000);
    pf_options *options = with_strings(pf_options_new(), "row_groups", "3", "0");
    CHECK_OK(pf_parquet_count(path_of("x.parquet"), options, NULL, &rows));
    CHECK_INT(rows, 500);
    must(pf_options_set_str(options, "filter", "source >= 600"), "filter");
    CHECK_ROWS(stream, pf_parquet_read(path_of("x.parquet"), options, NULL, &stream), 250);
    pf_options_free(options);

    /* A condition's columns need not be among those that come; further files come after the first. */
    options = with_strings(option_str("filter", "source = 41"), "columns", "target", NULL);
    with_strings(options, "paths", path_of("x.parquet"), path_of("x.parquet"));
    if (CHECK_OK(pf_parquet_read(path_of("x.parquet"), options, NULL, &stream))) {
        int64_t sum = 0;
        struct ArrowArray batch;
        while (stream.get_next(&stream, &batch) == 0 && batch.release != NULL) {
            CHECK_INT(batch.n_children, 1);
            for (int64_t i = 0; i < batch.length; i++) sum += ((const int64_t *)batch.children[0]->buffers[1])[batch.children[0]->offset + i];
            batch.release(&batch);
        }
        CHECK_INT(sum, 3 * 42);
        stream.release(&stream);
    }
    pf_options_free(options);
    remove(path_of("x.parquet"));
}

static void the_schema_is_that_of_the_stream(void)
{
    struct ArrowSchema schema;
    write_file_of(path_of("x.parquet"), 10, 1, 10);
    CHECK_OK(pf_parquet_schema(path_of("x.parquet"), NULL, NULL, &schema));
    CHECK_STR(schema.format, "+s");
    CHECK_INT(schema.n_children, 2);
    CHECK_STR(schema.children[0]->name, "source");
    CHECK_STR(schema.children[1]->format, "l");
    schema.release(&schema);

    pf_options *options = with_strings(option_str("row_number", "row"), "columns", "row", "target");
    must(pf_options_set_str(options, "file_path", "file"), "file_path");
    CHECK_OK(pf_parquet_schema(path_of("x.parquet"), options, NULL, &schema));
    CHECK_INT(schema.n_children, 2);
    CHECK_STR(schema.children[0]->name, "row");
    CHECK_STR(schema.children[1]->name, "target");
    schema.release(&schema);
    pf_options_free(options);
    remove(path_of("x.parquet"));
}

static void files_tell_of_themselves(void)
{
    struct ArrowArrayStream stream;
    struct producer producer = numbers(100, 10);
    pf_options *options = with_strings(option_i64("row_group_size", 250), "metadata", "origin=a test", "empty=");
    with_strings(options, "sorting_columns", "source", NULL);
    CHECK_OK(write_rows(&producer, path_of("x.parquet"), options, NULL, &stream));
    pf_options_free(options);

    CHECK_ROWS(stream, pf_parquet_metadata(path_of("x.parquet"), NULL, NULL, &stream), 1);
    const struct {
        const char *kind;
        int64_t rows;
    } kinds[] = {{"files", 1}, {"counts", 1}, {"schema", 2}, {"row_groups", 4}, {"columns", 8}, {"statistics", 4}, {"pages", 8}, {"key_value", 3}};
    for (int i = 0; i < (int)LENGTH(kinds); i++) {
        options = option_str("kind", kinds[i].kind);
        CHECK_ROWS(stream, pf_parquet_metadata(path_of("x.parquet"), options, NULL, &stream), kinds[i].rows);
        pf_options_free(options);
    }
    options = with_strings(option_str("kind", "columns"), "columns", "target", NULL);
    with_strings(options, "paths", path_of("x.parquet"), NULL);
    CHECK_ROWS(stream, pf_parquet_metadata(path_of("x.parquet"), options, NULL, &stream), 8);
    pf_options_free(options);
    options = option_str("kind", "statistics");
    must(pf_options_set_bool(options, "aggregate", true), "aggregate");
    CHECK_ROWS(stream, pf_parquet_metadata(path_of("x.parquet"), options, NULL, &stream), 2);
    pf_options_free(options);

    options = option_str("filter", "source > 10");
    if (CHECK_OK(pf_parquet_explain(path_of("x.parquet"), options, NULL, &stream))) {
        struct ArrowSchema schema;
        CHECK_INT(stream.get_schema(&stream, &schema), 0);
        CHECK_INT(schema.n_children, 1);
        CHECK_STR(schema.children[0]->name, "line");
        CHECK_STR(schema.children[0]->format, "u");
        schema.release(&schema);
        CHECK(drain(&stream, NULL) > 3);
    }
    pf_options_free(options);
    remove(path_of("x.parquet"));
}

static void folders_are_written(void)
{
    struct ArrowArrayStream stream;
    struct producer producer = numbers(10, 3);
    uint64_t rows = 0;
    pf_options *options = with_strings(pf_options_new(), "partition_by", "source", NULL);
    CHECK_OK(write_rows(&producer, path_of("parts"), options, NULL, &stream));
    CHECK_INT(files_in(path_of("parts")), 30);
    CHECK_OK(pf_parquet_count(path_of("parts"), NULL, NULL, &rows));
    CHECK_INT(rows, 30);
    pf_options *condition = option_str("filter", "source = 17");
    CHECK_OK(pf_parquet_count(path_of("parts"), condition, NULL, &rows));
    CHECK_INT(rows, 1);
    pf_options_free(condition);

    /* A folder is not replaced unless that is said. */
    producer = numbers(5, 1);
    CHECK_REFUSED(stream, write_rows(&producer, path_of("parts"), options, NULL, &stream), PF_ALREADY_EXISTS, "parts");
    CHECK_INT(files_in(path_of("parts")), 30);
    must(pf_options_set_str(options, "overwrite", "replace"), "overwrite");
    producer = numbers(5, 1);
    CHECK_OK(write_rows(&producer, path_of("parts"), options, NULL, &stream));
    CHECK_INT(files_in(path_of("parts")), 5);
    pf_options_free(options);
    CHECK_INT(files_in(folder), 1);

    options = option_i64("max_rows_per_file", 4);
    must(pf_options_set_str(options, "overwrite", "replace"), "overwrite");
    producer = numbers(5, 2);
    CHECK_OK(write_rows(&producer, path_of("parts"), options, NULL, &stream));
    CHECK_INT(files_in(path_of("parts")), 3);
    pf_options_free(options);
    for (int i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "parts/part-%d.parquet", i);
        CHECK_INT(remove(path_of(name)), 0);
    }
    CHECK_INT(remove(path_of("parts")), 0);
}

/* The last row of each batch belongs before all others. */
static void spoil_order(struct ArrowArray *batch)
{
    int64_t *values = (int64_t *)(uintptr_t)batch->children[0]->buffers[1];
    values[batch->length - 1] = -1;
}

static void spoil_type(struct ArrowSchema *schema) { schema->children[1]->format = "tin"; /* an interval of nanoseconds */ }

static void after_a_failure_nothing_is_left(void)
{
    struct ArrowArrayStream out;
    size_t size, size_after;
    write_file_of(path_of("old.parquet"), 10, 1, 10);
    unsigned char *before = read_file(path_of("old.parquet"), &size);
    const char *targets[] = {"old.parquet", "new.parquet", "new/deep/parts"};
    for (int t = 0; t < (int)LENGTH(targets); t++) {
        pf_options *options = option_i64(t == 2 ? "max_rows_per_file" : "row_group_size", 50);

        /* The producer fails, at once and late. */
        for (int at = 1; at <= 9; at += 8) {
            struct producer failing = numbers(100, 10);
            failing.fails_at = at;
            failing.error = "[PF_CONFLICT] the rows went away";
            CHECK_REFUSED(out, write_rows(&failing, path_of(targets[t]), options, NULL, &out), PF_CONFLICT, "the rows went away");
        }
        struct producer no_schema = numbers(1, 1);
        no_schema.schema_fails = true;
        no_schema.error = "no columns";
        CHECK_REFUSED(out, write_rows(&no_schema, path_of(targets[t]), options, NULL, &out), PF_IO, "no columns");

        /* Parquet has no such type. */
        struct producer foreign = numbers(1, 1);
        foreign.spoil_schema = spoil_type;
        CHECK_REFUSED(out, write_rows(&foreign, path_of(targets[t]), options, NULL, &out), PF_TYPE, "target");

        /* It was cancelled before. */
        pf_context *context = pf_context_new();
        pf_cancel_token *token = pf_cancel_token_new();
        must(pf_context_set_cancel_token(context, token), "token");
        pf_cancel_token_cancel(token);
        struct producer cancelled = numbers(100, 10);
        CHECK_REFUSED(out, write_rows(&cancelled, path_of(targets[t]), options, context, &out), PF_CANCELLED, "cancel");
        pf_cancel_token_free(token);
        pf_context_free(context);

        /* The rows are not in the order that was promised. */
        struct producer unsorted = numbers(100, 3);
        unsorted.spoil_array = spoil_order;
        with_strings(options, "sorting_columns", "source", NULL);
        must(pf_options_set_bool(options, "check_sorted", true), "check_sorted");
        CHECK_REFUSED(out, write_rows(&unsorted, path_of(targets[t]), options, NULL, &out), PF_INVALID_ARGUMENT, "sorting_columns");
        pf_options_free(options);
        CHECK_INT(files_in(folder), 1);
    }
    pf_options *options = option_str("overwrite", "error");
    struct producer refused = numbers(1, 1);
    CHECK_REFUSED(out, write_rows(&refused, path_of("old.parquet"), options, NULL, &out), PF_ALREADY_EXISTS, "old.parquet");
    pf_options_free(options);
    unsigned char *after = read_file(path_of("old.parquet"), &size_after);
    CHECK(size == size_after && memcmp(before, after, size) == 0);
    free(before);
    free(after);
    remove(path_of("old.parquet"));
}

static void bad_options_are_refused(void)
{
    struct ArrowArrayStream out;
    const struct {
        pf_options *options;
        pf_status status;
        const char *part;
    } cases[] = {
        {option_str("compression", "zip"), PF_INVALID_ARGUMENT, "unknown codec 'zip'"},
        {option_i64("compression", 1), PF_TYPE, "compression"},
        {option_i64("compression_level", 99), PF_INVALID_ARGUMENT, "level"},
        {option_i64("row_group_size", 0), PF_INVALID_ARGUMENT, "row_group_size"},
        {option_f64("row_group_size", 10), PF_TYPE, "row_group_size"},
        {option_str("overwrite", "perhaps"), PF_INVALID_ARGUMENT, "overwrite"},
        {option_i64("speed", 1), PF_INVALID_ARGUMENT, "speed"},
        {option_str("statistics", "some"), PF_INVALID_ARGUMENT, "statistics"},
        {option_f64("bloom_filter_fpp", 2), PF_INVALID_ARGUMENT, "bloom_filter_fpp"},
        {with_strings(pf_options_new(), "partition_by", "nope", NULL), PF_INVALID_ARGUMENT, "nope"},
        {with_strings(pf_options_new(), "partition_by", "source", "target"), PF_INVALID_ARGUMENT, "partition_by"},
        {with_strings(pf_options_new(), "bloom_filters", "nope", NULL), PF_INVALID_ARGUMENT, "nope"},
        {with_strings(pf_options_new(), "sorting_columns", "nope DESC", NULL), PF_INVALID_ARGUMENT, "nope"},
        {with_strings(pf_options_new(), "metadata", "no pair", NULL), PF_INVALID_ARGUMENT, "metadata"},
        {with_strings(pf_options_new(), "column_encoding", "source:morse", NULL), PF_INVALID_ARGUMENT, "morse"},
    };
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        struct producer producer = numbers(3, 1);
        CHECK_REFUSED(out, write_rows(&producer, path_of("x.parquet"), cases[i].options, NULL, &out), cases[i].status, cases[i].part);
        pf_options_free(cases[i].options);
    }
    struct producer producer = numbers(3, 1);
    CHECK_REFUSED(out, write_rows(&producer, path_of("no/such/x.parquet"), NULL, NULL, &out), PF_NOT_FOUND, "no/such");
    CHECK_REFUSED(out, write_rows(&producer, folder, NULL, NULL, &out), PF_INVALID_ARGUMENT, "folder");
    CHECK_REFUSED(out, write_rows(&producer, "", NULL, NULL, &out), PF_INVALID_ARGUMENT, "path");
    CHECK_INT(files_in(folder), 0);
}

static void bad_scans_are_refused(void)
{
    struct ArrowArrayStream out;
    struct ArrowSchema schema;
    uint64_t rows;
    write_file_of(path_of("x.parquet"), 10, 1, 5);
    const struct {
        pf_options *options;
        pf_status status;
        const char *part;
    } cases[] = {
        {option_str("filter", "nope > 1"), PF_INVALID_ARGUMENT, "unknown column 'nope'"},
        {option_str("filter", "source >"), PF_INVALID_ARGUMENT, "syntax error at line 1, column 9"},
        {option_str("filter", "source + 1"), PF_TYPE, "source + 1"},
        {option_str("filter", "source > 'x'"), PF_TYPE, ""},
        {option_i64("filter", 1), PF_TYPE, "filter"},
        {option_i64("limit", -1), PF_INVALID_ARGUMENT, "limit"},
        {option_str("limit", "1"), PF_TYPE, "limit"},
        {option_i64("row_groups", 1), PF_TYPE, "row_groups"},
        {with_strings(pf_options_new(), "row_groups", "-1", NULL), PF_INVALID_ARGUMENT, "'-1'"},
        {with_strings(pf_options_new(), "row_groups", "0", "x"), PF_INVALID_ARGUMENT, "'x'"},
        {with_strings(pf_options_new(), "columns", "nope", NULL), PF_INVALID_ARGUMENT, "unknown column 'nope'; the columns are: source, target"},
        {with_strings(pf_options_new(), "paths", "no/such.parquet", NULL), PF_NOT_FOUND, "no/such.parquet"},
        {option_str("schema", "last"), PF_INVALID_ARGUMENT, "schema"},
        {option_str("hive", "maybe"), PF_INVALID_ARGUMENT, "hive"},
        {option_str("dictionaries", "some"), PF_INVALID_ARGUMENT, "dictionaries"},
        {option_str("int96", "days"), PF_INVALID_ARGUMENT, "int96"},
        {option_str("row_number", "source"), PF_INVALID_ARGUMENT, "'source'"},
        {option_i64("use_statistics", 1), PF_TYPE, "use_statistics"},
        {option_i64("speed", 1), PF_INVALID_ARGUMENT, "speed"},
    };
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        const char *path = path_of("x.parquet");
        CHECK_REFUSED(out, pf_parquet_read(path, cases[i].options, NULL, &out), cases[i].status, cases[i].part);
        CHECK_REFUSED(out, pf_parquet_explain(path, cases[i].options, NULL, &out), cases[i].status, cases[i].part);
        CHECK_REFUSED(schema, pf_parquet_schema(path, cases[i].options, NULL, &schema), cases[i].status, cases[i].part);
        CHECK_REFUSED(rows, pf_parquet_count(path, cases[i].options, NULL, &rows), cases[i].status, cases[i].part);
        pf_options_free(cases[i].options);
    }
    const struct {
        pf_options *options;
        pf_status status;
        const char *part;
    } of_metadata[] = {
        {option_str("kind", "everything"), PF_INVALID_ARGUMENT, "kind 'everything' is unknown"},
        {option_i64("kind", 1), PF_TYPE, "kind"},
        {with_strings(pf_options_new(), "columns", "source", NULL), PF_INVALID_ARGUMENT, "columns is for kinds"},
        {with_strings(option_str("kind", "columns"), "columns", "nope", NULL), PF_INVALID_ARGUMENT, "nope"},
        {option_bool("aggregate", true), PF_INVALID_ARGUMENT, "aggregate"},
        {option_str("filter", "source = 1"), PF_INVALID_ARGUMENT, "filter"},
    };
    for (int i = 0; i < (int)LENGTH(of_metadata); i++) {
        const char *path = path_of("x.parquet");
        CHECK_REFUSED(out, pf_parquet_metadata(path, of_metadata[i].options, NULL, &out), of_metadata[i].status, of_metadata[i].part);
        pf_options_free(of_metadata[i].options);
    }

    write_file(path_of("x.parquet"), "PAR1 but no more", 16);
    for (int i = 0; i < 2; i++) {
        const pf_status status = i == 0 ? PF_CORRUPT : PF_NOT_FOUND;
        const char *path = path_of(i == 0 ? "x.parquet" : "missing.parquet"), *name = i == 0 ? "x.parquet" : "missing.parquet";
        CHECK_REFUSED(out, pf_parquet_read(path, NULL, NULL, &out), status, name);
        CHECK_REFUSED(out, pf_parquet_explain(path, NULL, NULL, &out), status, name);
        CHECK_REFUSED(out, pf_parquet_metadata(path, NULL, NULL, &out), status, name);
        CHECK_REFUSED(schema, pf_parquet_schema(path, NULL, NULL, &schema), status, name);
        CHECK_REFUSED(rows, pf_parquet_count(path, NULL, NULL, &rows), status, name);
    }
    remove(path_of("x.parquet"));
}

/* A file is read and written at the same time, also onto itself. */
static void a_file_is_copied(void)
{
    struct ArrowArrayStream input, out;
    write_file_of(path_of("x.parquet"), 100, 5, 100);
    const uint64_t before = fingerprint_of(path_of("x.parquet"), NULL, NULL);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pf_parquet_read(path_of("x.parquet"), NULL, NULL, &input));
        CHECK_ROWS(out, pf_parquet_write(&input, path_of(i == 0 ? "y.parquet" : "x.parquet"), NULL, NULL, &out), 1);
        CHECK(fingerprint_of(path_of(i == 0 ? "y.parquet" : "x.parquet"), NULL, NULL) == before);
    }
    remove(path_of("x.parquet"));
    remove(path_of("y.parquet"));
}

int main(void)
{
    folder = scratch_folder();
    what_is_written_is_read();
    rows_are_chosen();
    the_schema_is_that_of_the_stream();
    files_tell_of_themselves();
    folders_are_written();
    after_a_failure_nothing_is_left();
    bad_options_are_refused();
    bad_scans_are_refused();
    a_file_is_copied();
    CHECK_INT(files_in(folder), 0);
    remove_scratch_folder();
    return check_summary();
}
