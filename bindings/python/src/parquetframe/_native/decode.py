"""Arrow columns to NumPy, without an Arrow library: numbers, booleans, strings and nulls.

Numbers without nulls in one chunk are views: no copy, and the views keep the memory alive.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .streams import Field, Owned, children

DTYPES: dict[str, Any] = {
    "c": np.dtype(np.int8),
    "C": np.dtype(np.uint8),
    "s": np.dtype(np.int16),
    "S": np.dtype(np.uint16),
    "i": np.dtype(np.int32),
    "I": np.dtype(np.uint32),
    "l": np.dtype(np.int64),
    "L": np.dtype(np.uint64),
    "e": np.dtype(np.float16),
    "f": np.dtype(np.float32),
    "g": np.dtype(np.float64),
}
FORMATS = {dtype: name for name, dtype in DTYPES.items() if name != "e"}
_OFFSETS = {"u": np.dtype(np.int32), "U": np.dtype(np.int64)}
_OTHERS = ("vu", "b", "n")


@dataclass(frozen=True)
class Column:
    """Values, and which of them are there (None: all). Where one is not, its value means nothing."""

    values: np.ndarray
    valid: np.ndarray | None = None

    def objects(self) -> np.ndarray:
        """The values as Python objects, None where there is none."""
        objects = self.values.astype(object)
        if self.valid is not None:
            objects[~self.valid] = None
        return objects


class _View:
    """Memory of an owner, as NumPy's array interface wants it."""

    def __init__(self, owner: Owned, address: int, dtype: np.dtype, length: int) -> None:
        self.owner = owner
        self.__array_interface__ = {
            "version": 3,
            "data": (address, True),
            "typestr": dtype.str,
            "shape": (length,),
        }


def decodable(column: Field) -> bool:
    """Whether this module reads columns of that type; others need pyarrow."""
    return not column.dictionary and any(column.format in known for known in (DTYPES, _OFFSETS, _OTHERS))


@dataclass(frozen=True)
class Chunk:
    """Part of a column: an ArrowArray inside the memory of its owner, and which rows of it."""

    owner: Owned
    array: Any
    offset: int
    length: int

    @classmethod
    def of(cls, owner: Owned) -> Chunk:
        """A whole array."""
        return cls(owner, owner.struct, owner.struct.offset, owner.struct.length)

    @classmethod
    def of_batch(cls, batch: Owned, index: int) -> Chunk:
        """Column `index` of a record batch."""
        array = children(batch.struct)[index]
        return cls(batch, array, array.offset + batch.struct.offset, batch.struct.length)


def decode(column: Field, chunks: Sequence[Chunk]) -> Column:
    """One column from its chunks."""
    parts = [_decode_chunk(column.format, chunk) for chunk in chunks if chunk.length]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Column(np.empty(0, DTYPES.get(column.format, bool if column.format == "b" else object)))
    values = np.concatenate([part.values for part in parts])
    if all(part.valid is None for part in parts):
        return Column(values)
    everything = [np.ones(len(p.values), bool) if p.valid is None else p.valid for p in parts]
    return Column(values, np.concatenate(everything))


def _decode_chunk(format: str, chunk: Chunk) -> Column:
    owner, array, offset, length = chunk.owner, chunk.array, chunk.offset, chunk.length
    if format == "n":
        return Column(np.full(length, None, object), np.zeros(length, bool))
    buffers = (ctypes.c_void_p * array.n_buffers).from_address(array.buffers)
    valid = None
    if array.null_count != 0 and buffers[0]:
        valid = _bits(owner, buffers[0], offset, length)
        if valid.all():
            valid = None
    if format == "b":
        return Column(_bits(owner, buffers[1], offset, length), valid)
    if format in DTYPES:
        return Column(_numbers(owner, buffers[1], DTYPES[format], offset, length), valid)
    if format == "vu":
        return Column(_string_views(owner, buffers, offset, length, valid), valid)
    offsets = _numbers(owner, buffers[1], _OFFSETS[format], offset, length + 1)
    return Column(_strings(buffers[2], offsets), valid)


def _numbers(owner: Owned, address: int | None, dtype: Any, offset: int, length: int) -> np.ndarray:
    if not length or not address:
        return np.empty(0, dtype)
    return np.asarray(_View(owner, address + offset * dtype.itemsize, dtype, length))


def _bits(owner: Owned, address: int | None, offset: int, length: int) -> np.ndarray:
    if not length or not address:
        return np.empty(0, bool)
    first, skip = offset // 8, offset % 8
    packed = _numbers(owner, address + first, np.dtype(np.uint8), 0, (skip + length + 7) // 8)
    return np.unpackbits(packed, bitorder="little")[skip : skip + length].view(bool)


def _strings(data: int | None, offsets: np.ndarray) -> np.ndarray:
    bounds = offsets.tolist()
    begin, end = bounds[0], bounds[-1]
    raw = ctypes.string_at(data + begin, end - begin) if data and end > begin else b""
    texts = np.empty(len(bounds) - 1, object)
    pairs = pairwise(bounds)
    if raw.isascii():
        text = raw.decode("ascii")
        texts[:] = [text[a - begin : b - begin] for a, b in pairs]
    else:
        texts[:] = [raw[a - begin : b - begin].decode(errors="replace") for a, b in pairs]
    return texts


def _string_views(
    owner: Owned, buffers: Any, offset: int, length: int, valid: np.ndarray | None
) -> np.ndarray:
    texts = np.full(length, "", object)
    raw = _numbers(owner, buffers[1], np.dtype("V16"), offset, length).tobytes()
    words = np.frombuffer(raw, np.int32).reshape(length, 4)
    for row in range(length) if valid is None else np.flatnonzero(valid).tolist():
        size = int(words[row, 0])
        if size <= 12:
            text = raw[16 * row + 4 : 16 * row + 4 + size]
        else:
            text = ctypes.string_at(buffers[2 + int(words[row, 2])] + int(words[row, 3]), size)
        texts[row] = text.decode(errors="replace")
    return texts
