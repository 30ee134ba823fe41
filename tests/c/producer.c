#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Every struct owns memory of its own, so that a tool sees a second release, a use after release, and a leak. */

static void count_made(struct producer *p)
{
    atomic_fetch_add(&p->live, 1);
    atomic_fetch_add(&p->made, 1);
}

/* What a struct owns. The children are kept apart: a test may spoil those that the struct shows. */
struct owner {
    struct producer *producer;
    void *values;
    const void *buffers[2];
    int64_t n_children;
    void *children[2], *shown[2];
};

static struct owner *own(struct producer *p, int64_t n_children, size_t child_size)
{
    struct owner *owner = calloc(1, sizeof *owner);
    owner->producer = p;
    owner->n_children = n_children;
    for (int64_t i = 0; i < n_children; i++) owner->children[i] = owner->shown[i] = calloc(1, child_size);
    count_made(p);
    return owner;
}

static void disown(struct owner *owner)
{
    for (int64_t i = 0; i < owner->n_children; i++) free(owner->children[i]);
    free(owner->values);
    atomic_fetch_sub(&owner->producer->live, 1);
    free(owner);
}

static void release_array(struct ArrowArray *array)
{
    struct owner *owner = array->private_data;
    for (int64_t i = 0; i < owner->n_children; i++) {
        struct ArrowArray *child = owner->children[i];
        if (child->release != NULL) child->release(child);
    }
    disown(owner);
    array->release = NULL;
}

static void make_array(struct producer *p, struct ArrowArray *out, int64_t length, int64_t n_buffers, int64_t n_children)
{
    struct owner *owner = own(p, n_children, sizeof *out);
    memset(out, 0, sizeof *out);
    out->length = length;
    out->n_buffers = n_buffers;
    out->buffers = owner->buffers;
    out->n_children = n_children;
    out->children = (struct ArrowArray **)owner->shown;
    out->private_data = owner;
    out->release = release_array;
}

static void make_numbers(struct producer *p, struct ArrowArray *out, int64_t first)
{
    make_array(p, out, p->rows, 2, 0);
    struct owner *owner = out->private_data;
    int64_t *values = malloc((size_t)p->rows * sizeof *values + 1);
    for (int64_t i = 0; i < p->rows; i++) values[i] = first + i;
    owner->values = values;
    owner->buffers[1] = values;
}

static void release_schema(struct ArrowSchema *schema)
{
    struct owner *owner = schema->private_data;
    for (int64_t i = 0; i < owner->n_children; i++) {
        struct ArrowSchema *child = owner->children[i];
        if (child->release != NULL) child->release(child);
    }
    disown(owner);
    schema->release = NULL;
}

static void make_schema(struct producer *p, struct ArrowSchema *out, const char *format, const char *name, int64_t n_children)
{
    struct owner *owner = own(p, n_children, sizeof *out);
    memset(out, 0, sizeof *out);
    out->format = format;
    out->name = name;
    out->n_children = n_children;
    out->children = (struct ArrowSchema **)owner->shown;
    out->private_data = owner;
    out->release = release_schema;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct producer *p = stream->private_data;
    if (p->schema_fails) return EIO;
    make_schema(p, out, "+s", "", 2);
    make_schema(p, out->children[0], "l", "source", 0);
    make_schema(p, out->children[1], "l", "target", 0);
    if (p->spoil_schema != NULL) p->spoil_schema(out);
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct producer *p = stream->private_data;
    p->pulled++;
    if (p->watch != NULL) {
        int result = p->watch(p);
        if (result != 0) return result;
    }
    if (p->pulled == p->fails_at) return EIO;
    memset(out, 0, sizeof *out);
    if (p->pulled > p->batches) return 0;
    int64_t first = (p->pulled - 1) * p->rows;
    make_array(p, out, p->rows, 1, 2);
    make_numbers(p, out->children[0], first);
    make_numbers(p, out->children[1], first + 1);
    if (p->spoil_array != NULL) p->spoil_array(out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    struct producer *p = stream->private_data;
    return p->error;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    struct producer *p = stream->private_data;
    atomic_fetch_sub(&p->live, 1);
    stream->release = NULL;
}

void produce(struct producer *producer, struct ArrowArrayStream *out)
{
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, producer};
    count_made(producer);
}
