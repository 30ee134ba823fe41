"""What a case of compute_<family>.json is made of. README.md has the format."""

import math

INT, FLOAT, BOOL, TEXT, INDEX = "int64", "float64", "bool", "string", "uint64"
NAN, INF = math.nan, math.inf
MAX, MIN = 2**63 - 1, -(2**63)
# What the results of one rounding, and of functions that libraries compute differently, may differ by (see README.md).
ROUNDING, FUNCTION = 1e-15, 1e-13


class Table:
    """Columns by name: `t.price` are the values of `price`, None for null."""

    def __init__(self, **columns):
        self.columns = columns
        sizes = {len(values) for _, values in columns.values()}
        assert len(sizes) <= 1, f"columns of different lengths: {sizes}"
        self.rows = sizes.pop() if sizes else 0

    def __getattr__(self, name):
        try:
            return self.__dict__["columns"][name][1]
        except KeyError:
            raise AttributeError(name) from None

    def empty(self):
        """The same columns without rows."""
        return Table(**{name: (kind, []) for name, (kind, _) in self.columns.items()})

    def take(self, rows):
        """The rows at these positions, of nulls where one is None."""
        pick = lambda values: [None if i is None else values[i] for i in rows]
        return Table(**{name: (kind, pick(values)) for name, (kind, values) in self.columns.items()})

    def select(self, *names):
        """Some of the columns, in this order."""
        return Table(**{name: self.columns[name] for name in names})


def ints(*values):
    return INT, list(values)


def floats(*values):
    return FLOAT, list(values)


def texts(*values):
    return TEXT, list(values)


def bools(*values):
    return BOOL, list(values)


def each(function, *columns):
    """A function of rows, null where an argument is."""
    rows = zip(*columns, strict=True)
    return [None if any(v is None for v in row) else function(*row) for row in rows]


def rows(function, *columns):
    """A function of rows that sees nulls as None."""
    return [function(*row) for row in zip(*columns, strict=True)]


def _cell(kind, value):
    if value is None:
        return None
    if kind == FLOAT:
        value = float(value)
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return "-0.0" if value == 0 and math.copysign(1, value) < 0 else value
    if kind == BOOL:
        assert value in (True, False), value
        return bool(value)
    if kind == TEXT:
        assert isinstance(value, str), value
        return value
    assert int(value) == value and not isinstance(value, bool), value
    assert (0 <= value < 2**64) if kind == INDEX else (MIN <= value <= MAX), value
    return int(value)


def _columns(table):
    """The columns as the file has them."""
    return [{"name": name, "type": kind, "values": [_cell(kind, v) for v in values]} for name, (kind, values) in table.columns.items()]


def _is_wide(table):
    return any(isinstance(v, int) and abs(v) > 2**53 for kind, values in table.columns.values() if kind in (INT, INDEX) for v in values)


def case(name, call, table, given, expect, options=None, tolerance=0.0):
    """A case with a result; `given` are the inputs of the call, `expect` is a table."""
    flags = {"wide_integers": True} if _is_wide(table) or _is_wide(expect) else {}
    made = {"name": name, "call": call} | flags | {"table": {"columns": _columns(table)}} | given
    return made | {"options": options or {}, "expect": {"columns": _columns(expect)}, "tolerance": tolerance}


def error(name, table, message_contains, *, code="INVALID_ARGUMENT", call="evaluate", options=None, **given):
    """A case that the call refuses. `given`: `expressions`, `predicate`, `keys` or `indices`."""
    flags = {"wide_integers": True} if _is_wide(table) else {}
    expect = {"code": code, "message_contains": message_contains}
    made = {"name": name, "call": call} | flags | {"table": {"columns": _columns(table)}} | given
    return made | {"options": options or {}, "expect_error": expect}


def _outputs(outputs, length):
    texts_, columns = [], {}
    for i, (text, kind, values) in enumerate(outputs):
        assert len(values) == length, f"{text}: {len(values)} values, wanted {length}"
        texts_.append(f"{text} AS r{i}")
        columns[f"r{i}"] = (kind, values)
    return texts_, Table(**columns)


def evaluate(name, table, *outputs, tolerance=0.0, **options):
    """Expressions, each a text, the type of its result and a value per row."""
    texts_, expect = _outputs(outputs, table.rows)
    return case(name, "evaluate", table, {"expressions": texts_}, expect, options, tolerance)


def named(name, table, *outputs, **options):
    """Expressions without AS, each with the name that its column must have."""
    expect = Table(**{column: (kind, values) for _, column, kind, values in outputs})
    return case(name, "evaluate", table, {"expressions": [text for text, *_ in outputs]}, expect, options)


def constants(name, *outputs, tolerance=0.0, **options):
    """Expressions without columns: a text, a type and one value, which every row of a table has."""
    table = Table(a=ints(1, None, 3))
    return evaluate(name, table, *((t, k, [v] * 3) for t, k, v in outputs), tolerance=tolerance, **options)


def aggregate(name, table, *outputs, tolerance=0.0, **options):
    """Aggregates, each a text, a type and its value."""
    texts_, expect = _outputs([(t, k, [v]) for t, k, v in outputs], 1)
    return case(name, "aggregate", table, {"expressions": texts_}, expect, options, tolerance)


def without_rows(cases):
    """The cases, and for all of them that evaluate columns of the same names and types one on no rows."""
    groups = {}
    for made in cases:
        yield made
        if made["call"] != "evaluate" or "expect" not in made:
            continue
        inputs = [(c["name"], c["type"]) for c in made["table"]["columns"]]
        group = groups.setdefault(str(inputs), (inputs, {}))
        for text, column in zip(made["expressions"], made["expect"]["columns"], strict=True):
            group[1].setdefault(text.rsplit(" AS ", 1)[0], column["type"])
    for i, (inputs, outputs) in enumerate(groups.values()):
        table = Table(**{name: (kind, []) for name, kind in inputs})
        yield evaluate(f"no_rows_{i}", table, *((text, kind, []) for text, kind in outputs.items()))
