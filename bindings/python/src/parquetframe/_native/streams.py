"""Arrow streams that this process owns: reading their schema and batches without an Arrow library."""

from __future__ import annotations

import ctypes
import struct as binary
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..exceptions import WrongTypeError
from . import capsules
from ._ctypes_decl import ArrowArray, ArrowArrayStream, ArrowSchema
from .errors import raise_stream_error


@dataclass(frozen=True)
class Field:
    """One column of a schema: name, format string of the C data interface, whether it is
    dictionary-encoded.
    """

    name: str
    format: str
    dictionary: bool = False
    children: tuple[Field, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


class Owned:
    """Owns what a struct holds; releases it when the last reference is gone.

    Views into its memory keep a reference.
    """

    def __init__(self, struct: Any) -> None:
        self.struct = struct

    @property
    def address(self) -> int:
        return ctypes.addressof(self.struct)

    def __del__(self) -> None:
        capsules.release(self.struct)


class Stream(Owned):
    """An ArrowArrayStream, empty until the library or a producer fills it at `address`."""

    struct: ArrowArrayStream

    def __init__(self) -> None:
        super().__init__(ArrowArrayStream())

    @classmethod
    def of(cls, exporter: Any) -> Stream:
        """The stream of anything with `__arrow_c_stream__`."""
        stream = cls()
        capsule = exporter.__arrow_c_stream__()
        capsules.move(capsules.pointer(capsule, ArrowArrayStream), stream.struct)
        return stream

    def capsule(self) -> Any:
        """The stream as a PyCapsule, which owns it from then on."""
        struct, self.struct = self.struct, ArrowArrayStream()
        return capsules.make(struct)

    def schema_struct(self) -> Owned:
        """The schema as an ArrowSchema."""
        schema = Owned(ArrowSchema())
        self._check(self.struct.get_schema(self.address, schema.address))
        return schema

    def schema(self) -> Field:
        """The schema: a struct whose children are the columns."""
        schema = self.schema_struct()
        return read_field(schema.struct)

    def batches(self) -> Iterator[Owned]:
        """The batches, an ArrowArray each."""
        while True:
            batch = Owned(ArrowArray())
            self._check(self.struct.get_next(self.address, batch.address))
            if not batch.struct.release:
                return
            yield batch

    def _check(self, errno: int) -> None:
        if errno:
            message = self.struct.get_last_error(self.address)
            raise_stream_error(message.decode(errors="replace") if message else None, errno)


def read_field(schema: ArrowSchema) -> Field:
    """An ArrowSchema as a Field."""
    return Field(
        (schema.name or b"").decode(),
        schema.format.decode(),
        bool(schema.dictionary),
        tuple(read_field(child) for child in children(schema)),
        _metadata(schema.metadata),
    )


def children(struct: ArrowSchema | ArrowArray) -> list[Any]:
    """The children of a schema or an array. They are views: valid while the parent is."""
    pointers = (
        (ctypes.c_void_p * struct.n_children).from_address(struct.children) if struct.n_children else ()
    )
    return [type(struct).from_address(pointer) for pointer in pointers]


def _metadata(address: int | None) -> dict[str, str]:
    """The binary map of the C data interface: a count, then lengths and bytes of keys and values."""
    if not address:
        return {}
    (count,) = binary.unpack("=i", ctypes.string_at(address, 4))
    at, texts = address + 4, []
    for _ in range(2 * count):
        (length,) = binary.unpack("=i", ctypes.string_at(at, 4))
        texts.append(ctypes.string_at(at + 4, length).decode(errors="replace"))
        at += 4 + length
    return dict(zip(texts[::2], texts[1::2], strict=True))


_NAMES = {
    "n": "null",
    "b": "bool",
    "c": "int8",
    "C": "uint8",
    "s": "int16",
    "S": "uint16",
    "i": "int32",
    "I": "uint32",
    "l": "int64",
    "L": "uint64",
    "e": "float16",
    "f": "float32",
    "g": "float64",
    "u": "string",
    "U": "large_string",
    "vu": "string_view",
    "z": "binary",
    "Z": "large_binary",
    "vz": "binary_view",
    "tdD": "date32",
    "tdm": "date64",
    "tiM": "month_interval",
    "tiD": "day_time_interval",
    "tin": "month_day_nano_interval",
    "+s": "struct",
    "+l": "list",
    "+L": "large_list",
    "+m": "map",
}

_TIMES = {"ts": "timestamp", "tt": "time", "tD": "duration"}


def type_name(column: Field) -> str:
    """The type of a column in words, as Arrow calls it; types of a fixed size, unions and the like as their
    format string.
    """
    name = _NAMES.get(column.format, column.format)
    kind, _, rest = column.format.partition(":")
    if kind[:2] in ("ts", "tt", "tD"):
        unit = kind[2:] if kind[2:] == "s" else f"{kind[2:]}s"
        name = _TIMES[kind[:2]] + ("32" if kind in ("tts", "ttm") else "64" if kind[:2] == "tt" else "")
        name = f"{name}[{unit}, tz={rest}]" if rest else f"{name}[{unit}]"
    elif kind == "d":
        precision, scale, *bits = rest.split(",")
        name = f"decimal{bits[0] if bits else 128}({precision}, {scale})"
    return f"dictionary<{name}>" if column.dictionary else name


def columns_of(schema: Field) -> tuple[Field, ...]:
    """The columns of a stream of record batches. Raises WrongTypeError for a stream of something else."""
    if schema.format != "+s":
        raise WrongTypeError(f"expected a table (a stream of structs), not a stream of {type_name(schema)}")
    return schema.children
