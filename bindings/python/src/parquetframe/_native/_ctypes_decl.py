"""Generated from include/libparquetframe.h by tools/make_declarations.py: do not edit."""

from ctypes import (
    CFUNCTYPE,
    Structure,
    c_bool,
    c_char_p,
    c_double,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)

ARROW_FLAG_DICTIONARY_ORDERED = 1
ARROW_FLAG_NULLABLE = 2
ARROW_FLAG_MAP_KEYS_SORTED = 4
PF_ABI_VERSION = 1
PF_INTERNAL = 99
PF_TYPE = 12
PF_ARITHMETIC = 11
PF_CONFLICT = 10
PF_TIMEOUT = 9
PF_CANCELLED = 8
PF_OUT_OF_MEMORY = 7
PF_UNSUPPORTED = 6
PF_CORRUPT = 5
PF_IO = 4
PF_ALREADY_EXISTS = 3
PF_NOT_FOUND = 2
PF_INVALID_ARGUMENT = 1
PF_OK = 0


class ArrowSchema(Structure):
    _fields_ = [
        ("format", c_char_p),
        ("name", c_char_p),
        ("metadata", c_void_p),
        ("flags", c_int64),
        ("n_children", c_int64),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", CFUNCTYPE(None, c_void_p)),
        ("private_data", c_void_p),
    ]


class ArrowArray(Structure):
    _fields_ = [
        ("length", c_int64),
        ("null_count", c_int64),
        ("offset", c_int64),
        ("n_buffers", c_int64),
        ("n_children", c_int64),
        ("buffers", c_void_p),
        ("children", c_void_p),
        ("dictionary", c_void_p),
        ("release", CFUNCTYPE(None, c_void_p)),
        ("private_data", c_void_p),
    ]


class ArrowArrayStream(Structure):
    _fields_ = [
        ("get_schema", CFUNCTYPE(c_int, c_void_p, c_void_p)),
        ("get_next", CFUNCTYPE(c_int, c_void_p, c_void_p)),
        ("get_last_error", CFUNCTYPE(c_char_p, c_void_p)),
        ("release", CFUNCTYPE(None, c_void_p)),
        ("private_data", c_void_p),
    ]


pf_progress_fn = CFUNCTYPE(c_bool, c_void_p, c_double)
pf_log_fn = CFUNCTYPE(None, c_void_p, c_int32, c_char_p)

PROTOTYPES = {
    "pf_abi_version": (c_uint32, []),
    "pf_version_string": (c_char_p, []),
    "pf_has_feature": (c_bool, [c_char_p]),
    "pf_array_from_buffer": (c_int32, [c_char_p, c_void_p, c_int64, c_void_p, c_void_p]),
    "pf_array_from_strings": (c_int32, [c_void_p, c_int64, c_void_p, c_void_p]),
    "pf_stream_from_arrays": (c_int32, [c_size_t, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_compute_evaluate": (c_int32, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_void_p]),
    "pf_compute_filter": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_compute_aggregate": (c_int32, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_void_p]),
    "pf_compute_schema": (c_int32, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p]),
    "pf_compute_functions": (c_int32, [c_void_p]),
    "pf_compute_evaluate_array": (c_int32, [c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_compute_filter_array": (c_int32, [c_void_p, c_void_p, c_char_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_compute_aggregate_array": (c_int32, [c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_compute_sort": (c_int32, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_void_p]),
    "pf_compute_take": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_compute_unique": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_compute_value_counts": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_cancel_token_new": (c_void_p, []),
    "pf_cancel_token_cancel": (None, [c_void_p]),
    "pf_cancel_token_free": (None, [c_void_p]),
    "pf_context_new": (c_void_p, []),
    "pf_context_set_threads": (c_int32, [c_void_p, c_int32]),
    "pf_context_set_memory_limit": (c_int32, [c_void_p, c_uint64]),
    "pf_context_set_cancel_token": (c_int32, [c_void_p, c_void_p]),
    "pf_context_set_progress": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "pf_context_set_log_level": (c_int32, [c_void_p, c_int32]),
    "pf_context_memory_peak": (c_uint64, [c_void_p]),
    "pf_context_threads": (c_int32, [c_void_p]),
    "pf_context_free": (None, [c_void_p]),
    "pf_graph_from_edges": (c_int32, [c_void_p, c_char_p, c_char_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_from_parquet": (c_int32, [c_char_p, c_char_p, c_char_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_num_vertices": (c_uint64, [c_void_p]),
    "pf_graph_num_edges": (c_uint64, [c_void_p]),
    "pf_graph_is_directed": (c_bool, [c_void_p]),
    "pf_graph_weight": (c_char_p, [c_void_p]),
    "pf_graph_vertices": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_buffer": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_transpose": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "pf_graph_undirected": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "pf_graph_subgraph": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_filter_edges": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_free": (None, [c_void_p]),
    "pf_graph_pagerank": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_betweenness": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_closeness": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_degree_centrality": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_connected_components": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_strongly_connected_components": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_condensation": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_triangles": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_clustering_coefficient": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_core_number": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_degree": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_neighbors": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_has_edge": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_edges": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_shortest_path": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_path": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_bfs": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_dfs": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_topological_sort": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_graph_find_cycle": (c_int32, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "pf_parquet_read": (c_int32, [c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_parquet_schema": (c_int32, [c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_parquet_count": (c_int32, [c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_parquet_explain": (c_int32, [c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_parquet_metadata": (c_int32, [c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_parquet_write": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p, c_void_p]),
    "pf_kernels": (c_int32, [c_void_p]),
    "pf_set_log_callback": (c_int32, [c_void_p, c_void_p, c_int32]),
    "pf_options_new": (c_void_p, []),
    "pf_options_set_i64": (c_int32, [c_void_p, c_char_p, c_int64]),
    "pf_options_set_f64": (c_int32, [c_void_p, c_char_p, c_double]),
    "pf_options_set_bool": (c_int32, [c_void_p, c_char_p, c_bool]),
    "pf_options_set_str": (c_int32, [c_void_p, c_char_p, c_char_p]),
    "pf_options_set_str_list": (c_int32, [c_void_p, c_char_p, c_void_p, c_size_t]),
    "pf_options_free": (None, [c_void_p]),
    "pf_last_error_message": (c_char_p, []),
    "pf_table_from_stream": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "pf_table_num_rows": (c_uint64, [c_void_p]),
    "pf_table_num_columns": (c_uint64, [c_void_p]),
    "pf_table_stream": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "pf_table_free": (None, [c_void_p]),
}
