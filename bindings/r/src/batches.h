/* Objects of the glue that handles own. */
#ifndef PFR_BATCHES_H
#define PFR_BATCHES_H

#include "pfr.h"

/* All record batches of a stream, with their schema. */
typedef struct {
  struct ArrowSchema schema;
  struct ArrowArray *items;
  size_t length;
  size_t capacity;
  int64_t rows;
} pfr_batches;

void pfr_batches_free(void *object);
void pfr_context_free(void *object);

#endif
