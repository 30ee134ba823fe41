"""Owners of what the library hands out: each is freed once, when the last reference to it is gone.

No owner can be closed while a call uses it, because the call holds a reference; an object of the package that
is closed drops its reference. So there is no use after free, whatever threads do.
"""

from __future__ import annotations

import ctypes
import weakref
from typing import Any, ClassVar, NoReturn, Self

from ..exceptions import InternalError, InvalidArgumentError
from .errors import check
from .library import Library


class Handle:
    """A pointer and the function that frees it."""

    _free: ClassVar[str]

    def __init__(self, library: Library, address: int | None) -> None:
        if not address:
            raise InternalError(f"the library gave no pointer for {type(self).__name__}")
        self.library = library
        self.address = address
        finalizer = weakref.finalize(self, getattr(library, self._free), address)
        # At exit the memory goes with the process; freeing it then would race with threads that still run.
        finalizer.atexit = False

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} belongs to this process and cannot be pickled or copied")


class GraphHandle(Handle):
    """A `pf_graph`."""

    _free = "pf_graph_free"


class TableHandle(Handle):
    """A `pf_table`."""

    _free = "pf_table_free"


class ContextHandle(Handle):
    """A `pf_context`, made for one call."""

    _free = "pf_context_free"

    @classmethod
    def new(cls, library: Library) -> Self:
        return cls(library, library.pf_context_new())


class Options(Handle):
    """A `pf_options`: the named parameters of one call. None leaves a parameter at its default."""

    _free = "pf_options_free"

    @classmethod
    def of(cls, library: Library, **values: Any) -> Self:
        options = cls(library, library.pf_options_new())
        for name, value in values.items():
            if value is not None:
                options._set(name.encode(), value)
        return options

    def _set(self, name: bytes, value: Any) -> None:
        library, address = self.library, self.address
        if isinstance(value, bool):
            status = library.pf_options_set_bool(address, name, value)
        elif isinstance(value, int):
            if not -(2**63) <= value < 2**63:
                raise InvalidArgumentError(f"{name.decode()} must fit into 64 bits, not {value}")
            status = library.pf_options_set_i64(address, name, value)
        elif isinstance(value, float):
            status = library.pf_options_set_f64(address, name, value)
        elif isinstance(value, str):
            status = library.pf_options_set_str(address, name, c_string(value, name.decode()))
        else:
            texts = string_array([c_string(v, name.decode()) for v in value])
            status = library.pf_options_set_str_list(address, name, ctypes.addressof(texts), len(texts))
        check(library, status)


class CancelToken:
    """A flag with which any thread can end the calls that were given it, by `pf.context(cancel=token)`.

    It stays set; a cancelled call raises `CancelledError`. Where the Rust library is missing it does nothing.
    """

    def __init__(self) -> None:
        self._handle: _TokenHandle | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """Asks the calls to end soon. Thread-safe."""
        self._cancelled = True
        if self._handle is not None:
            self._handle.library.pf_cancel_token_cancel(self._handle.address)

    @property
    def cancelled(self) -> bool:
        """Whether the end was asked for."""
        return self._cancelled

    def address_in(self, library: Library) -> int:
        """The token of the C API, made when it is first needed."""
        if self._handle is None or self._handle.library is not library:
            self._handle = _TokenHandle(library, library.pf_cancel_token_new())
        if self._cancelled:
            library.pf_cancel_token_cancel(self._handle.address)
        return self._handle.address

    def __reduce__(self) -> NoReturn:
        raise TypeError("CancelToken belongs to this process and cannot be pickled or copied")


class _TokenHandle(Handle):
    _free = "pf_cancel_token_free"


def c_string(text: str, argument: str) -> bytes:
    """UTF-8 for a C string. Raises InvalidArgumentError for text that C cannot hold."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError as error:
        raise InvalidArgumentError(f"{argument} is not valid Unicode: {error}") from None
    if b"\0" in encoded:
        raise InvalidArgumentError(f"{argument} must not contain a NUL character")
    return encoded


def string_array(texts: list[bytes]) -> ctypes.Array[ctypes.c_char_p]:
    """`const char *const *` for as long as the result lives."""
    return (ctypes.c_char_p * len(texts))(*texts)
