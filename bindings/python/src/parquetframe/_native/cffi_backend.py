"""The loader on cffi: the compiled extension of the wheel, or the same declarations read at run time."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from ._ctypes_decl import PROTOTYPES


def extension_functions(path: str) -> dict[str, Any]:
    """The functions through the compiled extension, which is linked to a library of the soname of that at
    `path`.

    Raises ImportError where the extension was not built.
    """
    # The dynamic linker takes what is loaded under the soname that the extension asks for.
    ctypes.CDLL(path)
    from . import _cffi  # type: ignore[attr-defined]

    return _wrapped(_cffi.ffi, _cffi.lib)


def inline_functions(path: str) -> dict[str, Any]:
    """The functions of the library at `path` from the declarations in `_cdef`.

    Raises ImportError without cffi.
    """
    import cffi

    from ._cdef import CDEF

    ffi = cffi.FFI()
    ffi.cdef(CDEF)
    return _wrapped(ffi, ffi.dlopen(path))


def _wrapped(ffi: Any, lib: Any) -> dict[str, Any]:
    """Functions that take and give what those of ctypes do: addresses as integers, strings as bytes."""
    return {name: _wrap(ffi, getattr(lib, name)) for name in PROTOTYPES}


def _wrap(ffi: Any, function: Any) -> Callable[..., Any]:
    ctype = ffi.typeof(function)
    inward = tuple(_inward(ffi, argument) for argument in ctype.args)
    outward = _outward(ffi, ctype.result)

    def call(*arguments: Any) -> Any:
        result = function(*[convert(a) for convert, a in zip(inward, arguments, strict=True)])
        return outward(result) if outward else result

    return call


def _is_text(ctype: Any) -> bool:
    return ctype.kind == "pointer" and ctype.item.cname in ("char", "const char")


def _inward(ffi: Any, ctype: Any) -> Callable[[Any], Any]:
    if _is_text(ctype):
        return lambda value: ffi.NULL if value is None else value
    if ctype.kind in ("pointer", "function"):
        cast, name = ffi.cast, ctype if ctype.kind == "pointer" else ffi.typeof(ctype.cname)
        return lambda value: cast(name, value or 0)
    return lambda value: value


def _outward(ffi: Any, ctype: Any) -> Callable[[Any], Any] | None:
    if _is_text(ctype):
        return lambda value: ffi.string(value) if value else None
    if ctype.kind == "pointer":
        return lambda value: int(ffi.cast("uintptr_t", value)) or None
    return None
