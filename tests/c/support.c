#define _XOPEN_SOURCE 700
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void give_up(const char *what, const char *why)
{
    printf("cannot go on: %s: %s\n", what, why);
    exit(2);
}

bool quick(void) { return getenv("PF_TEST_QUICK") != NULL; }

void must(pf_status status, const char *what)
{
    if (status != PF_OK) give_up(what, pf_last_error_message());
}

struct pair int_array(const int64_t *values, int64_t length)
{
    struct pair pair;
    must(pf_array_from_buffer("l", values, length, &pair.array, &pair.schema), "int_array");
    return pair;
}

struct pair double_array(const double *values, int64_t length)
{
    struct pair pair;
    must(pf_array_from_buffer("g", values, length, &pair.array, &pair.schema), "double_array");
    return pair;
}

struct pair string_array(const char *const *values, int64_t length)
{
    struct pair pair;
    must(pf_array_from_strings(values, length, &pair.array, &pair.schema), "string_array");
    return pair;
}

void release_pair(struct pair *pair)
{
    if (pair->array.release != NULL) pair->array.release(&pair->array);
    if (pair->schema.release != NULL) pair->schema.release(&pair->schema);
}

struct ArrowArrayStream two_columns(const char *first_name, struct pair first, const char *second_name, struct pair second)
{
    const char *names[] = {first_name, second_name};
    struct ArrowArray arrays[] = {first.array, second.array};
    struct ArrowSchema schemas[] = {first.schema, second.schema};
    struct ArrowArrayStream stream;
    must(pf_stream_from_arrays(2, names, arrays, schemas, &stream), "two_columns");
    return stream;
}

struct ArrowArrayStream edge_stream(const int64_t *source, const int64_t *target, int64_t length)
{
    return two_columns("source", int_array(source, length), "target", int_array(target, length));
}

pf_graph *small_graph(void)
{
    const int64_t source[] = {10, 20, 30, 30, 40, 50}, target[] = {20, 30, 10, 40, 40, 10};
    struct ArrowArrayStream edges = edge_stream(source, target, LENGTH(source));
    pf_graph *graph;
    must(pf_graph_from_edges(&edges, "source", "target", NULL, NULL, NULL, &graph), "small_graph");
    return graph;
}

pf_graph *large_graph(int64_t num_vertices, int64_t num_edges, const pf_context *context)
{
    int64_t *ends = malloc(2 * (size_t)num_edges * sizeof *ends);
    uint64_t state = 42;
    if (ends == NULL) give_up("large_graph", "out of memory");
    for (int64_t i = 0; i < 2 * num_edges; i++) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        ends[i] = (int64_t)((state >> 33) % (uint64_t)num_vertices);
    }
    struct ArrowArrayStream edges = edge_stream(ends, ends + num_edges, num_edges);
    free(ends);
    pf_options *options = option_i64("num_vertices", num_vertices);
    pf_graph *graph;
    must(pf_graph_from_edges(&edges, "source", "target", NULL, options, context, &graph), "large_graph");
    pf_options_free(options);
    return graph;
}

pf_options *option_i64(const char *name, int64_t value)
{
    pf_options *options = pf_options_new();
    must(pf_options_set_i64(options, name, value), name);
    return options;
}

pf_options *option_f64(const char *name, double value)
{
    pf_options *options = pf_options_new();
    must(pf_options_set_f64(options, name, value), name);
    return options;
}

pf_options *option_bool(const char *name, bool value)
{
    pf_options *options = pf_options_new();
    must(pf_options_set_bool(options, name, value), name);
    return options;
}

pf_options *option_str(const char *name, const char *value)
{
    pf_options *options = pf_options_new();
    must(pf_options_set_str(options, name, value), name);
    return options;
}

int64_t drain(struct ArrowArrayStream *stream, char *error)
{
    int64_t rows = 0;
    for (;;) {
        struct ArrowArray batch;
        if (stream->get_next(stream, &batch) != 0) {
            const char *text = stream->get_last_error(stream);
            if (error != NULL) snprintf(error, 512, "%s", text ? text : "");
            rows = -1;
            break;
        }
        if (batch.release == NULL) break;
        rows += batch.length;
        batch.release(&batch);
    }
    stream->release(stream);
    return rows;
}

/* FNV-1a, of 64 bits. */
static uint64_t hash(uint64_t h, const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < size; i++) h = (h ^ b[i]) * 1099511628211U;
    return h;
}

static uint64_t hash_value(uint64_t h, const char *format, const struct ArrowArray *array, int64_t i)
{
    const unsigned char *validity = array->n_buffers > 0 ? array->buffers[0] : NULL;
    unsigned char valid = validity == NULL || (validity[i / 8] >> (i % 8) & 1);
    h = hash(h, &valid, 1);
    if (!valid) return h;
    const char *values = array->buffers[1];
    switch (format[0]) {
        case 'l': case 'L': case 'g': return hash(h, values + 8 * i, 8);
        case 'i': case 'I': case 'f': return hash(h, values + 4 * i, 4);
        case 'u': {
            const int32_t *o = array->buffers[1];
            return hash(h, (const char *)array->buffers[2] + o[i], (size_t)(o[i + 1] - o[i]));
        }
        case 'U': {
            const int64_t *o = array->buffers[1];
            return hash(h, (const char *)array->buffers[2] + o[i], (size_t)(o[i + 1] - o[i]));
        }
        default: give_up("fingerprint: a result of the format", format); return 0;
    }
}

static uint64_t hash_metadata(uint64_t h, const char *metadata)
{
    if (metadata == NULL) return h;
    int32_t pairs, length;
    memcpy(&pairs, metadata, 4);
    metadata += 4;
    for (int32_t i = 0; i < 2 * pairs; i++) {
        memcpy(&length, metadata, 4);
        h = hash(h, metadata, 4 + (size_t)length);
        metadata += 4 + length;
    }
    return h;
}

uint64_t fingerprint(struct ArrowArrayStream *stream)
{
    enum { MOST_COLUMNS = 8 };
    struct ArrowSchema schema;
    if (stream->get_schema(stream, &schema) != 0) give_up("fingerprint", stream->get_last_error(stream));
    if (schema.n_children > MOST_COLUMNS) give_up("fingerprint", "too many columns");
    uint64_t columns[MOST_COLUMNS], h = hash_metadata(14695981039346656037U, schema.metadata);
    for (int64_t c = 0; c < schema.n_children; c++) columns[c] = hash(h, schema.children[c]->name, strlen(schema.children[c]->name));
    for (;;) {
        struct ArrowArray batch;
        if (stream->get_next(stream, &batch) != 0) give_up("fingerprint", stream->get_last_error(stream));
        if (batch.release == NULL) break;
        for (int64_t c = 0; c < schema.n_children; c++)
            for (int64_t i = 0; i < batch.length; i++)
                columns[c] = hash_value(columns[c], schema.children[c]->format, batch.children[c], batch.offset + batch.children[c]->offset + i);
        batch.release(&batch);
    }
    for (int64_t c = 0; c < schema.n_children; c++) h = hash(h, &columns[c], sizeof columns[c]);
    schema.release(&schema);
    stream->release(stream);
    return h;
}

void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) give_up(path, strerror(errno));
}

unsigned char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) give_up(path, strerror(errno));
    long end = ftell(file);
    unsigned char *bytes = malloc((size_t)end + 1);
    rewind(file);
    if (bytes == NULL || fread(bytes, 1, (size_t)end, file) != (size_t)end) give_up(path, "cannot be read");
    fclose(file);
    *size = (size_t)end;
    return bytes;
}

static char folder[64];

const char *scratch_folder(void)
{
    strcpy(folder, "/tmp/parquetframe-test-XXXXXX");
    if (mkdtemp(folder) == NULL) give_up(folder, strerror(errno));
    return folder;
}

void remove_scratch_folder(void)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.') remove(path);
    }
    if (entries != NULL) closedir(entries);
    rmdir(folder);
}

double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void sleep_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}
