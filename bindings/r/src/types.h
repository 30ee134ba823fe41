/* The Arrow types that R has a counterpart for. */
#ifndef PFR_TYPES_H
#define PFR_TYPES_H

#include "pfr.h"

typedef struct {
  const char *format; /* The Arrow format, or what stands before its unit or scale. */
  bool prefix;        /* Whether `format` is the part before. */
  const char *name;   /* What users call it. */
  SEXPTYPE type;      /* NILSXP: R has none. VECSXP: a list of vectors. */
  /* Writes elements start … start + n of the array's buffers to `out` from `at` on. False: a number was rounded. NULL for lists. */
  bool (*fill)(SEXP out, R_xlen_t at, const struct ArrowArray *array, int64_t start, int64_t n, double divisor);
} pfr_type;

/* The row of a format; its `type` is NILSXP where R has no counterpart. */
const pfr_type *pfr_type_of(const char *format);
/* What the integers of a time or decimal type are divided by; 1 for other types. */
double pfr_divisor_of(const char *format);
/* Whether element `k` of the buffers is there. */
static inline bool pfr_valid(const struct ArrowArray *array, int64_t k) {
  const uint8_t *bits = array->n_buffers ? array->buffers[0] : NULL;
  return !bits || (bits[k / 8] >> (k % 8) & 1);
}

#endif
