"""The loader that needs nothing but the standard library."""

from __future__ import annotations

import ctypes
from typing import Any

from ._ctypes_decl import PROTOTYPES


def functions(path: str) -> dict[str, Any]:
    """The functions of the library at `path`, by name.

    Addresses are integers (or None), strings are bytes.
    """
    library = ctypes.CDLL(path)
    found = {}
    for name, (result, arguments) in PROTOTYPES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
        found[name] = function
    return found
