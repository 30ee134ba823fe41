"""What a case is made of. README.md has the format."""

# Digits of a floating-point number that are written, and what such columns may differ by, absolute.
DIGITS = 13
TOLERANCE = 1e-9


def case(name, graph, columns, *, options=None, tolerance=0.0, metadata=None, verify=None, **inputs):
    """A case with a result. `inputs` are the call's other inputs: `sources`, `personalization` …"""
    expect = (
        {"columns": columns} | ({"verify": verify} if verify else {}) | ({"metadata": metadata} if metadata else {})
    )
    return _call(name, graph, options, inputs) | {"expect": expect, "tolerance": tolerance}


def error(name, graph, message_contains, *, code="INVALID_ARGUMENT", options=None, **inputs):
    """A case that the build of the graph or the kernel refuses."""
    expect = {"code": code, "message_contains": message_contains}
    made = _call(name, graph, options, inputs) | {"expect_error": expect}
    return made | ({"unknown_option": True} if name.startswith("unknown_option") else {})


def _call(name, graph, options, inputs):
    ids = graph["source"] + graph["target"] + graph.get("vertices", [])
    wide = any(isinstance(v, int) and abs(v) > 2**53 for v in ids)
    flags = {"wide_ids": True} if wide else {}
    inputs = {key: values for key, values in inputs.items() if values is not None}
    return {"name": name} | flags | {"graph": graph} | inputs | {"options": options or {}}


def facts(**values):
    """The metadata of a result: text and truth values exactly, floating-point numbers to the tolerance of the case."""

    def written(value):
        if isinstance(value, float):
            return round(value, DIGITS)
        return str(value).lower() if isinstance(value, bool) else str(value)

    return {f"parquetframe.{key}": written(value) for key, value in values.items()}


def rounded(values):
    """Floating-point numbers as they are written; None stays."""
    return [None if value is None else round(float(value), DIGITS) for value in values]


def source_of(graph):
    """A source for a graph that is one of many: that of the first edge, else the first vertex."""
    return graph["source"][0] if graph["source"] else graph["vertices"][0]
