"""What two libraries must agree on: rows, and of every column the number of values and a sum over them, whatever the order."""

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def digest(table):
    """{"rows": n, column: [values that are neither null nor NaN, sum]}; times count in microseconds."""
    facts = {"rows": table.num_rows}
    for name, column in zip(table.column_names, table.columns, strict=True):
        _add(facts, name, column)
    return facts


def _add(facts, name, column):
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if pa.types.is_string(kind) or pa.types.is_string_view(kind):
        kind = pa.large_string()
        column = column.cast(kind)
    column = column.drop_null()
    if pa.types.is_struct(kind):
        for position in range(kind.num_fields):
            field = kind.field(position)
            _add(facts, f"{name}.{field.name}", pc.struct_field(column, [position]))
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        _add(facts, f"{name}[]", pc.list_flatten(column))
    elif pa.types.is_large_string(kind):
        total = 0
        for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
            _, offsets, data = chunk.buffers()
            ends = np.frombuffer(offsets, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
            total += int(np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]].sum(dtype=np.int64))
        facts[name] = [len(column), total]
    elif pa.types.is_decimal(kind):
        facts[name] = [len(column), pc.sum(column.cast(pa.float64())).as_py() or 0]
    elif pa.types.is_floating(kind):
        column = column.filter(pc.invert(pc.is_nan(column)))
        facts[name] = [len(column), pc.sum(column.cast(pa.float64())).as_py() or 0]
    elif pa.types.is_temporal(kind):
        column = column.cast(pa.timestamp("us", getattr(kind, "tz", None)), safe=False).cast(pa.int64())
        facts[name] = [len(column), _wrapped(column)]
    elif pa.types.is_boolean(kind):
        facts[name] = [len(column), pc.sum(column).as_py() or 0]
    else:
        facts[name] = [len(column), _wrapped(column.cast(pa.int64()))]


def _wrapped(column):
    """The sum modulo 2^63."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return sum(int(chunk.to_numpy().sum()) for chunk in chunks) % (1 << 63)


def same(one, other):
    """Whether two digests agree; None in place of a number is not compared."""
    if one.keys() != other.keys():
        return False
    pairs = [(a, b) for name in one for a, b in zip(_list(one[name]), _list(other[name]), strict=True)]
    return all(a is None or b is None or a == b or _close(a, b) for a, b in pairs)


def _close(one, other):
    """Sums of floats depend on the order of the rows."""
    return isinstance(one, float) and isinstance(other, float) and math.isclose(one, other, rel_tol=1e-9)


def _list(value):
    return value if isinstance(value, list) else [value]
