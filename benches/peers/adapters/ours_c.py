"""libparquetframe by its C functions, without the Python package: what a binding can reach at best.

The library is that of PARQUETFRAME_LIBRARY. Results are read through pyarrow.
"""

import ctypes as c
import os

import numpy as np
import pyarrow as pa

ARROW_ARRAY, ARROW_SCHEMA, ARROW_STREAM = 80, 72, 40  # bytes of the structs of the Arrow C data interface


class Handle:
    """A handle of the library, freed with this object."""

    def __init__(self, value, free):
        self._as_parameter_, self._free = c.c_void_p(value), free

    def __del__(self):
        self._free(self)


class Peer:
    notes = {
        "build": "copies the arrays once",
        "bfs": "a graph that is searched several times gets its incoming edges, once",
    }

    def __init__(self, threads):
        self.lib = c.CDLL(os.environ["PARQUETFRAME_LIBRARY"])
        for name in ("pf_version_string", "pf_last_error_message"):
            getattr(self.lib, name).restype = c.c_char_p
        for name in ("pf_context_new", "pf_options_new"):
            getattr(self.lib, name).restype = c.c_void_p
        self.version = self.lib.pf_version_string().decode()
        self.context = Handle(self.lib.pf_context_new(), self.lib.pf_context_free)
        self._call("pf_context_set_threads", self.context, threads)

    def build(self, source, target, n):
        arrays, schemas = c.create_string_buffer(2 * ARROW_ARRAY), c.create_string_buffer(2 * ARROW_SCHEMA)
        for i, column in enumerate((source, target)):
            out = c.byref(arrays, i * ARROW_ARRAY), c.byref(schemas, i * ARROW_SCHEMA)
            self._call("pf_array_from_buffer", b"l", column.ctypes.data_as(c.c_void_p), c.c_int64(len(column)), *out)
        stream = c.create_string_buffer(ARROW_STREAM)
        names = (c.c_char_p * 2)(b"source", b"target")
        self._call("pf_stream_from_arrays", c.c_size_t(2), names, arrays, schemas, stream)
        return self._graph(stream, ["source", "target"], num_vertices=n)

    def bfs(self, graph, source):
        return self._bfs(graph, source, predecessors=False)

    def bfs_tree(self, graph, source):
        return self._bfs(graph, source, predecessors=True)

    def pagerank20(self, graph):
        result = self._pagerank(graph, damping=0.85, tolerance=0.0, max_iterations=20)
        return lambda: int(np.argmax(result["rank"].to_numpy()))

    def wcc(self, graph):
        result = self._kernel("pf_graph_connected_components", graph, None)
        return lambda: int(np.bincount(result["component_id"].to_numpy()).max())

    def e2e(self, path, columns):
        stream = c.create_string_buffer(ARROW_STREAM)
        options = self._options(columns=columns)
        self._call("pf_parquet_read", path.encode(), options, self.context, stream)
        result = self._pagerank(self._graph(stream, columns), top=10)
        return lambda: str(result["vertex"][0])

    def _graph(self, stream, columns, **options):
        graph, (source, target) = c.c_void_p(), (column.encode() for column in columns)
        inputs = stream, source, target, None, self._options(**options), self.context
        self._call("pf_graph_from_edges", *inputs, c.byref(graph))
        return Handle(graph.value, self.lib.pf_graph_free)

    def _bfs(self, graph, source, **options):
        array, schema = c.create_string_buffer(ARROW_ARRAY), c.create_string_buffer(ARROW_SCHEMA)
        self._call("pf_array_from_buffer", b"l", c.byref(c.c_int64(source)), c.c_int64(1), array, schema)
        result = self._kernel("pf_graph_bfs", graph, array, schema, self._options(**options))
        return lambda: len(result) - result["distance"].null_count

    def _pagerank(self, graph, **options):
        return self._kernel("pf_graph_pagerank", graph, None, self._options(**options))

    def _kernel(self, function, graph, *inputs):
        out = c.create_string_buffer(ARROW_STREAM)
        self._call(function, graph, *inputs, self.context, out)
        return pa.RecordBatchReader._import_from_c(c.addressof(out)).read_all()

    def _options(self, **values):
        options = Handle(self.lib.pf_options_new(), self.lib.pf_options_free)
        for name, value in values.items():
            if isinstance(value, list):
                texts = (c.c_char_p * len(value))(*(v.encode() for v in value))
                self._call("pf_options_set_str_list", options, name.encode(), texts, c.c_size_t(len(value)))
            else:
                kind, cast = {bool: ("bool", c.c_bool), int: ("i64", c.c_int64), float: ("f64", c.c_double)}[
                    type(value)
                ]
                self._call(f"pf_options_set_{kind}", options, name.encode(), cast(value))
        return options

    def _call(self, function, *arguments):
        if getattr(self.lib, function)(*arguments) != 0:
            raise RuntimeError(f"{function}: {self.lib.pf_last_error_message().decode()}")
