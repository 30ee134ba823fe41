"""Calls that take long: their context, their progress, and how Ctrl-C ends them."""

from __future__ import annotations

import ctypes
import os
import re
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, replace
from functools import partial
from types import GeneratorType
from typing import Any, TypeVar

from .._arguments import not_negative
from ..exceptions import CancelledError, InvalidArgumentError
from ._ctypes_decl import PF_CANCELLED
from .errors import check
from .handles import CancelToken, ContextHandle
from .library import Library
from .progress import ProgressFunction, progress_function

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """What `pf.context()` sets for the calls inside it. None means: not set here."""

    threads: int | None = None
    memory_limit: int | None = None
    progress: ProgressFunction | bool | None = None
    cancel: CancelToken | None = None


_DEFAULTS = Limits()
_limits: ContextVar[Limits] = ContextVar("parquetframe_limits", default=_DEFAULTS)


@contextmanager
def context(
    *,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: ProgressFunction | bool | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[Limits]:
    """Sets threads, memory limit, progress and cancellation for the Rust calls inside a `with` block.

    `threads`: how many a call may use, 0 for the default (PARQUETFRAME_RUST_THREADS, else the CPUs that this
    process has). Results never depend on it. `memory_limit`: the most bytes that a call may hold for data, as
    a number or with a unit ("8GiB", "500MB"), 0 for none (the default is PARQUETFRAME_MEMORY_LIMIT, else the
    machine's); a call that needs more raises `OutOfMemoryError`. `progress`: a function that is called about
    every 20 ms with the fraction done (None while unknown) and ends the call with `CancelledError` by
    returning False; or True for a bar on standard error, by tqdm where it is installed, or False for none.
    Unless this or the setting `progress_bar` says otherwise, reads and writes of files that take longer than
    half a second show a bar in a terminal or a notebook. `cancel`: a `CancelToken`, with which any thread can
    end the calls.

    What is None keeps the value of an outer block. The settings are those of this thread (and of the asyncio
    task).
    """
    if threads is not None:
        threads = not_negative("threads", threads)
    if isinstance(memory_limit, str):
        memory_limit = _bytes_of(memory_limit)
    elif memory_limit is not None:
        memory_limit = not_negative("memory_limit", memory_limit)
    given: dict[str, Any] = {
        "threads": threads,
        "memory_limit": memory_limit,
        "progress": progress,
        "cancel": cancel,
    }
    limits = replace(_limits.get(), **{name: value for name, value in given.items() if value is not None})
    token = _limits.set(limits)
    try:
        yield limits
    finally:
        _limits.reset(token)


_UNITS = {"": 1, "b": 1} | {
    f"{letter}{suffix}": base**power
    for power, letter in enumerate("kmgt", start=1)
    for suffix, base in (("", 1000), ("b", 1000), ("ib", 1024))
}


def _bytes_of(text: str) -> int:
    """The bytes that a size means, as PARQUETFRAME_MEMORY_LIMIT writes it.

    >>> _bytes_of("8GiB"), _bytes_of("1.5 kB")
    (8589934592, 1500)
    """
    size = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", text, re.IGNORECASE | re.ASCII)
    if size is None or size[2].lower() not in _UNITS:
        raise InvalidArgumentError(f"memory_limit must be bytes or a size like '8GiB', not '{text}'")
    number = float(size[1]) if "." in size[1] else int(size[1])
    return not_negative("memory_limit", int(number * _UNITS[size[2].lower()]))


def run(
    library: Library,
    function: str,
    *arguments: Any,
    label: str = "",
    shows: bool = False,
    handle: ContextHandle | None = None,
) -> None:
    """Calls a function of the library; the argument `CONTEXT` stands for the context of this call.

    `shows`: a long call shows a bar where a person watches. `handle`: a context of `new_context` that several
    calls share, one after the other.

    Raises what the status says. On the main thread Ctrl-C ends the call within a few polls (20 ms each) and
    comes out as KeyboardInterrupt.
    """
    limits = _limits.get()
    shared = handle is not None
    handle = handle or _new_context(library, limits)
    watcher = _Watcher(library, handle, limits, label or function, shows)
    try:
        status = getattr(library, function)(*[handle.address if a is CONTEXT else a for a in arguments])
    finally:
        watcher.close()
        if shared:
            # What the library would call goes with the watcher.
            library.pf_context_set_progress(handle.address, None, None)
    if status == PF_CANCELLED and watcher.error is not None:
        raise watcher.error
    check(library, status)


CONTEXT = object()


def read_beside(work: Callable[[], T], token: CancelToken, label: str, shows: bool = False) -> T:
    """Does work that no callback can interrupt, such as reading a stream that computes, on a thread of its
    own.

    Meanwhile this thread handles signals and asks for progress; where one of them or the cancel token of the
    caller asks for the end, it cancels `token`, which the work has to follow. `shows` as for `run`.
    """
    limits = _limits.get()
    progress = progress_function(limits.progress, label, shows)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main and progress is None and limits.cancel is None:
        return work()
    done = threading.Event()
    results: list[T] = []
    errors: list[BaseException] = []
    done_so_far: list[float | None] = [None]
    # The library tells the thread that calls it; the progress function belongs to this one.
    relay = partial(done_so_far.__setitem__, 0)

    def body() -> None:
        try:
            with context(progress=relay if progress is not None else False):
                results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    thread = threading.Thread(
        target=copy_context().run, args=(body,), name=f"parquetframe {label}", daemon=True
    )
    stopped: BaseException | None = None
    thread.start()
    while not done.is_set():
        try:
            if done.wait(_POLL):
                break
            if stopped is None and progress is not None and progress(done_so_far[0]) is False:
                raise CancelledError("the progress function ended the call")
            if limits.cancel is not None and limits.cancel.cancelled:
                token.cancel()
        except BaseException as error:
            stopped = error
            token.cancel()
    if progress is not None and (close := getattr(progress, "close", None)) is not None:
        close()
    if stopped is not None:
        raise stopped
    if errors:
        raise errors[0]
    return results[0]


# As often as the library asks.
_POLL = 0.02


def new_context(library: Library) -> ContextHandle:
    """A context with the limits of this moment, for calls of which one reads what another made."""
    return _new_context(library, _limits.get())


def _new_context(library: Library, limits: Limits) -> ContextHandle:
    from ..config import get_config

    handle = ContextHandle.new(library)
    threads = limits.threads
    if threads is None and not os.environ.get("PARQUETFRAME_RUST_THREADS"):
        threads = get_config().max_workers
    if threads:
        check(library, library.pf_context_set_threads(handle.address, min(threads, 1024)))
    if limits.memory_limit is not None:
        check(library, library.pf_context_set_memory_limit(handle.address, limits.memory_limit))
    if limits.cancel is not None:
        token = limits.cancel.address_in(library)
        check(library, library.pf_context_set_cancel_token(handle.address, token))
    return handle


# What the library calls: `generator.send(fraction)`, with the generator itself as the user data. A signal
# handler that raises, as that of Ctrl-C does, so raises inside the generator's `try`. Were this a Python
# function, it would raise on entry to it, before any `try`, and ctypes would drop the exception.
_send = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.py_object, ctypes.c_double)(GeneratorType.send)


class _Watcher:
    """The progress callback of one call.

    It is there on the main thread even if nobody asked for progress, because running Python code at all is
    what lets the interpreter deliver a signal.
    """

    def __init__(
        self, library: Library, handle: ContextHandle, limits: Limits, label: str, shows: bool = False
    ) -> None:
        self.error: BaseException | None = None
        self.progress = progress_function(limits.progress, label, shows)
        if self.progress is not None or threading.current_thread() is threading.main_thread():
            self.polls = self._polls()
            next(self.polls)
            address = ctypes.cast(_send, ctypes.c_void_p).value
            check(library, library.pf_context_set_progress(handle.address, address, id(self.polls)))

    def _polls(self) -> Generator[bool, float, None]:
        """Is sent the fraction done, and gives whether to go on."""
        try:
            while True:
                fraction = yield True
                if self.progress is not None and self.progress(fraction if fraction >= 0 else None) is False:
                    raise CancelledError("the progress function ended the call")
        except GeneratorExit:
            return
        except BaseException as error:
            self.error = error
        while True:
            try:
                while True:
                    yield False
            except GeneratorExit:
                return
            except BaseException as error:
                self.error = error

    def close(self) -> None:
        close = getattr(self.progress, "close", None)
        if close is not None:
            close()
