/* What the C tests build their cases of: small and large graphs, results as numbers, and a producer of Arrow data that counts. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include "check.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LENGTH(array) ((int64_t)(sizeof(array) / sizeof((array)[0])))

/* An array with its type, as calls give and take them. */
struct pair {
    struct ArrowArray array;
    struct ArrowSchema schema;
};

/* Whether PF_TEST_QUICK asks for less work, as under valgrind. */
bool quick(void);

/* Ends the test with a message where its own set-up fails. */
void must(pf_status status, const char *what);

struct pair int_array(const int64_t *values, int64_t length);
struct pair double_array(const double *values, int64_t length);
struct pair string_array(const char *const *values, int64_t length);
void release_pair(struct pair *pair);

/* A stream of one batch with two columns, which it consumes. */
struct ArrowArrayStream two_columns(const char *first_name, struct pair first, const char *second_name, struct pair second);

/* A stream with the int64 columns "source" and "target". */
struct ArrowArrayStream edge_stream(const int64_t *source, const int64_t *target, int64_t length);

/* A graph of five int64 vertices and six edges: 10>20 20>30 30>10 30>40 40>40 50>10. */
pf_graph *small_graph(void);

/* A directed graph of num_vertices vertices (the positions form) and num_edges edges that look random and are always the same. */
pf_graph *large_graph(int64_t num_vertices, int64_t num_edges, const pf_context *context);

/* Options with one entry; the caller frees them. */
pf_options *option_i64(const char *name, int64_t value);
pf_options *option_f64(const char *name, double value);
pf_options *option_bool(const char *name, bool value);
pf_options *option_str(const char *name, const char *value);

/* Reads a stream to its end and releases it. Gives its rows, or -1 where it failed: then the text of get_last_error is copied
 * to `error`, which holds 512 bytes (and may be NULL). */
int64_t drain(struct ArrowArrayStream *stream, char *error);

/* A call gives a stream of so many rows. */
#define CHECK_ROWS(stream, call, rows)                     \
    do {                                                   \
        if (CHECK_OK(call)) CHECK_INT(drain(&(stream), NULL), rows); \
    } while (0)

/* Reads a stream to its end, releases it, and gives a hash of every bit of its values, nulls and metadata; the hash does not
 * depend on the batches. Ends the test where the stream fails or has types that no result has. */
uint64_t fingerprint(struct ArrowArrayStream *stream);

/* Makes a file of the bytes. */
void write_file(const char *path, const void *bytes, size_t size);

/* Reads a file; the caller frees the bytes. */
unsigned char *read_file(const char *path, size_t *size);

/* A folder of this process for files of the test, made anew, and its removal with all files in it. */
const char *scratch_folder(void);
void remove_scratch_folder(void);

/* The seconds of a clock that only goes forward. */
double seconds(void);
void sleep_ms(long ms);

/* A producer of batches with the int64 columns "source" and "target": the path 0>1>2>…. Set the first block to zero or to what is
 * wanted, then call produce(). The second block tells what the other side did. */
struct producer {
    int64_t rows;     /* of a batch */
    int batches;
    int fails_at;     /* get_next of this batch fails; batches start at 1, 0 never fails */
    const char *error;                          /* what get_last_error then says; may be NULL */
    bool schema_fails;                          /* get_schema fails */
    void (*spoil_schema)(struct ArrowSchema *); /* makes the schema wrong */
    void (*spoil_array)(struct ArrowArray *);   /* makes the batches wrong */
    int (*watch)(struct producer *);            /* runs in get_next; anything but 0 is its result */
    void *watch_data;

    atomic_int live;  /* structs that were made and not yet released; below zero: released twice */
    atomic_int made;
    int pulled;       /* batches that were asked for */
};

/* Puts a stream of the producer, which must outlive it, into `out`. */
void produce(struct producer *producer, struct ArrowArrayStream *out);

#endif
