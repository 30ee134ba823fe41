/* Registration, and the check that library and package fit. */
#include "pfr.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#define CALL(NAME, N) {#NAME, (DL_FUNC)&NAME, N}

static const R_CallMethodDef CALLS[] = {
    CALL(pfr_abi_version, 0),
    CALL(pfr_alive, 1),
    CALL(pfr_arrow_identity, 1),
    CALL(pfr_close, 1),
    CALL(pfr_compute, 6),
    CALL(pfr_compute_functions, 0),
    CALL(pfr_compute_schema, 3),
    CALL(pfr_compute_take, 3),
    CALL(pfr_context_new, 3),
    CALL(pfr_graph_buffer, 3),
    CALL(pfr_graph_derive, 4),
    CALL(pfr_graph_from_edges, 6),
    CALL(pfr_graph_from_parquet, 6),
    CALL(pfr_graph_info, 1),
    CALL(pfr_graph_integer_ids, 1),
    CALL(pfr_graph_kernel, 5),
    CALL(pfr_graph_pagerank, 4),
    CALL(pfr_graph_vertices, 2),
    CALL(pfr_has_feature, 1),
    CALL(pfr_kernels, 0),
    CALL(pfr_options_new, 1),
    CALL(pfr_parquet, 4),
    CALL(pfr_parquet_count, 3),
    CALL(pfr_parquet_write, 4),
    CALL(pfr_stream_collect, 1),
    CALL(pfr_stream_fields, 1),
    CALL(pfr_stream_from_frame, 2),
    CALL(pfr_table_from_stream, 2),
    CALL(pfr_table_num_rows, 1),
    CALL(pfr_table_stream, 2),
    CALL(pfr_version, 0),
    {NULL, NULL, 0},
};

attribute_visible void R_init_parquetframe(DllInfo *dll) {
  uint32_t found = pf_abi_version(), wanted = PF_ABI_VERSION;
  if (found >> 16 != wanted >> 16 || (found & 0xffff) < (wanted & 0xffff)) {
    Rf_error("libparquetframe %s has the ABI %u.%u, and this package was built for %u.%u: install it again", pf_version_string(),
             found >> 16, found & 0xffff, wanted >> 16, wanted & 0xffff);
  }
  R_registerRoutines(dll, NULL, CALLS, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
  R_forceSymbols(dll, TRUE);
}
