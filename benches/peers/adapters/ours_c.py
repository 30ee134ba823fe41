"""libparquetframe by its C functions, without the Python package: what a binding can reach at best.

The library is that of PARQUETFRAME_LIBRARY. Results are read through pyarrow.
"""

import ctypes as c
import os

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ARROW_ARRAY, ARROW_SCHEMA, ARROW_STREAM = 80, 72, 40  # bytes of the structs of the Arrow C data interface


class Handle:
    """A handle of the library, freed with this object."""

    def __init__(self, value, free):
        self._as_parameter_, self._free = c.c_void_p(value), free

    def __del__(self):
        self._free(self)


class Peer:
    notes = {"build": "copies the arrays once"}

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
        return self._build({"source": source, "target": target}, num_vertices=n)

    def make(self, kind, source, target, weight=None, *, n):
        edges = {"source": source, "target": target} | ({} if weight is None else {"weight": weight})
        weighted = {} if weight is None else {"weight": "weight"}
        graph = self._build(edges, num_vertices=n, directed=kind == "dir", **weighted)
        array, schema = c.create_string_buffer(ARROW_ARRAY), c.create_string_buffer(ARROW_SCHEMA)
        self._call("pf_graph_buffer", graph, b"csc.offsets", self.context, array, schema)
        pa.Array._import_from_c(c.addressof(array), c.addressof(schema))
        return graph

    def bfs(self, graph, source):
        result = self._kernel("bfs", graph, *self._ids([source]), None, None, predecessors=False)
        return lambda: len(result) - result["distance"].null_count

    def bfs_tree(self, graph, source):
        result = self._kernel("bfs", graph, *self._ids([source]), None, None)
        return lambda: len(result) - result["distance"].null_count

    def sssp(self, graph, source):
        options = {"weight": "weight", "predecessors": False}
        result = self._kernel("shortest_path", graph, *self._ids([source]), None, None, **options)
        return lambda: pc.max(result["distance"]).as_py()

    def pagerank20(self, graph):
        result = self._kernel("pagerank", graph, None, damping=0.85, tolerance=0.0, max_iterations=20)
        return lambda: int(np.argmax(result["rank"].to_numpy()))

    def pagerank_tol(self, graph):
        result = self._kernel("pagerank", graph, None, damping=0.85, tolerance=1e-6, max_iterations=1000)
        return lambda: int(np.argmax(result["rank"].to_numpy()))

    def wcc(self, graph):
        result = self._kernel("connected_components", graph)
        return lambda: int(np.bincount(result["component_id"].to_numpy()).max())

    def scc(self, graph):
        result = self._kernel("strongly_connected_components", graph)
        return lambda: int(np.bincount(result["component_id"].to_numpy()).max())

    def triangles(self, graph):
        result = self._kernel("triangles", graph)
        return lambda: pc.sum(result["triangles"]).as_py() // 3

    def kcore(self, graph):
        result = self._kernel("core_number", graph)
        return lambda: pc.max(result["core_number"]).as_py()

    def bc4(self, graph, sources):
        result = self._kernel("betweenness", graph, *self._ids(sources))
        return lambda: int(np.argmax(result["betweenness"].to_numpy()))

    def e2e(self, path, columns):
        graph, ends = c.c_void_p(), (column.encode() for column in columns)
        self._call("pf_graph_from_parquet", path.encode(), *ends, None, None, self.context, c.byref(graph))
        graph = Handle(graph.value, self.lib.pf_graph_free)
        result = self._kernel("pagerank", graph, None, top=10)
        return lambda: str(result["vertex"][0])

    def _build(self, columns, **options):
        arrays = c.create_string_buffer(len(columns) * ARROW_ARRAY)
        schemas = c.create_string_buffer(len(columns) * ARROW_SCHEMA)
        for i, column in enumerate(columns.values()):
            self._array(column, c.byref(arrays, i * ARROW_ARRAY), c.byref(schemas, i * ARROW_SCHEMA))
        stream = c.create_string_buffer(ARROW_STREAM)
        names = (c.c_char_p * len(columns))(*(name.encode() for name in columns))
        self._call("pf_stream_from_arrays", c.c_size_t(len(columns)), names, arrays, schemas, stream)
        graph = c.c_void_p()
        inputs = stream, b"source", b"target", None, self._options(**options), self.context
        self._call("pf_graph_from_edges", *inputs, c.byref(graph))
        return Handle(graph.value, self.lib.pf_graph_free)

    def _ids(self, vertices):
        array, schema = c.create_string_buffer(ARROW_ARRAY), c.create_string_buffer(ARROW_SCHEMA)
        self._array(np.array(vertices, np.int64), array, schema)
        return array, schema

    def _array(self, values, array, schema):
        data = values.ctypes.data_as(c.c_void_p)
        self._call("pf_array_from_buffer", b"l", data, c.c_int64(len(values)), array, schema)

    def _kernel(self, name, graph, *inputs, **options):
        out = c.create_string_buffer(ARROW_STREAM)
        self._call(f"pf_graph_{name}", graph, *inputs, self._options(**options), self.context, out)
        return pa.RecordBatchReader._import_from_c(c.addressof(out)).read_all()

    def _options(self, **values):
        options = Handle(self.lib.pf_options_new(), self.lib.pf_options_free)
        kinds = {bool: ("bool", c.c_bool), int: ("i64", c.c_int64), float: ("f64", c.c_double), str: ("str", str.encode)}
        for name, value in values.items():
            kind, cast = kinds[type(value)]
            self._call(f"pf_options_set_{kind}", options, name.encode(), cast(value))
        return options

    def _call(self, function, *arguments):
        if getattr(self.lib, function)(*arguments) != 0:
            raise RuntimeError(f"{function}: {self.lib.pf_last_error_message().decode()}")
