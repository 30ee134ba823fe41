"""PyCapsules of the Arrow PyCapsule interface, without pyarrow.

A capsule that nobody consumed has to release what it holds. A destructor written in Python cannot do that: it
may be called while an exception is being raised, which running Python code there would lose. So capsules have
no destructor; they are kept in a list together with their structs, and what only this list still refers to is
released when the next capsule is made.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from typing import Any

from ._ctypes_decl import ArrowArray, ArrowArrayStream, ArrowSchema

Struct = ArrowSchema | ArrowArray | ArrowArrayStream

_NAMES = {ArrowSchema: b"arrow_schema", ArrowArray: b"arrow_array", ArrowArrayStream: b"arrow_array_stream"}

# Prototypes of our own: `ctypes.pythonapi.PyCapsule_New` is shared with everybody in the process.
_new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)(
    ("PyCapsule_New", ctypes.pythonapi)
)
_get_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)

_lock = threading.Lock()
_made: list[tuple[Any, Struct]] = []


def make(struct: Struct) -> Any:
    """A capsule around a struct, whose content it owns until a consumer moves it out."""
    sweep()
    capsule = _new(ctypes.addressof(struct), _NAMES[type(struct)], None)
    with _lock:
        _made.append((capsule, struct))
    return capsule


def sweep() -> int:
    """Releases what unconsumed capsules held that are gone; returns how many capsules are still around."""
    with _lock:
        gone = []
        for index in range(len(_made) - 1, -1, -1):
            # One reference from the tuple, one from the argument: nobody else can reach the capsule.
            if sys.getrefcount(_made[index][0]) <= 2:
                gone.append(_made.pop(index))
        left = len(_made)
    for _, struct in gone:
        release(struct)
    return left


def pointer(capsule: Any, struct_type: type[Struct]) -> int:
    """The address in a capsule. Raises ValueError for something else, or a capsule of another name."""
    return int(_get_pointer(capsule, _NAMES[struct_type]))


def release(struct: Struct) -> None:
    """Releases a struct, once."""
    if struct.release:
        struct.release(ctypes.addressof(struct))


def move(address: int, struct: Struct) -> None:
    """Moves the struct at `address` into `struct`, as the C data interface defines it."""
    ctypes.memmove(ctypes.addressof(struct), address, ctypes.sizeof(struct))
    ctypes.memset(address + type(struct).release.offset, 0, ctypes.sizeof(ctypes.c_void_p))
