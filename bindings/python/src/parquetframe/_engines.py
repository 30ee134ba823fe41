"""The one place that chooses between Rust and pandas, falls back, counts and reports."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from ._stats import count_fallback, count_run
from ._warnings import warn
from .config import get_config
from .exceptions import InvalidArgumentError, UnsupportedError

ENGINES = ("rust", "pandas")
# What PARQUETFRAME_ENGINE may say besides, and what chooses none.
_OTHER_ENGINES = ("auto", "polars", "dask", "")
_FALLBACK_MODES = ("allow", "warn", "error")
_FLAGS = {
    "io": ("rust_io_enabled", "PARQUETFRAME_DISABLE_RUST_IO"),
    "graph": ("rust_graph_enabled", "PARQUETFRAME_DISABLE_RUST_GRAPH"),
}

NOT_AVAILABLE = "Rust backend requested but not available: "

T = TypeVar("T")


def engine_named(name: str | None) -> str | None:
    """The name of an engine; None for None and "auto". Raises KeyError "Engine '<name>' not found" for
    another.
    """
    if name is None or name == "auto":
        return None
    if name not in ENGINES:
        raise KeyError(f"Engine '{name}' not found; the engines are: {', '.join(ENGINES)}")
    return name


def dispatch(
    operation: str,
    family: str | None,
    engine: str | None,
    rust: Callable[[], T],
    pandas: Callable[[], T],
    dask: Callable[[], T] | None = None,
    *,
    pays: bool = True,
    replaceable: bool = True,
    counts_itself: bool = False,
) -> tuple[str, T]:
    """Runs an operation on the engine that is asked for, or on the best there is; gives the engine's name and
    the result.

    `engine` None: PARQUETFRAME_ENGINE, then the configured engine, then Rust; and pandas where Rust is
    missing, disabled or says that it cannot do it (Dask, where that is given: the data is lazy).
    PARQUETFRAME_FALLBACK=warn makes such a fallback a RuntimeWarning, =error an UnsupportedError. Raises
    InvalidArgumentError where one of these variables has a value that means nothing.

    `family`: what can be switched off by itself; None for what cannot. `pays` False: where nobody says which,
    pandas is the better engine, so that it is no fallback, and Rust does what pandas says that it cannot.
    `replaceable` False: what Rust cannot, pandas cannot either. `counts_itself`: Rust counts its runs.
    """
    mode = _fallback_mode()
    configured = _configured_engine()
    asked = engine or configured

    def on_rust() -> tuple[str, T]:
        return ("rust", rust()) if counts_itself else _counted(operation, "rust", rust)

    if asked == "pandas":
        return _counted(operation, "pandas", pandas)
    if asked is None and not pays:
        try:
            return _counted(operation, "pandas", pandas)
        except UnsupportedError:
            if why_not_rust(family) is not None:
                raise
            return on_rust()
    if engine is None:
        reason = why_not_rust(family)
        if reason is None:
            try:
                return on_rust()
            except UnsupportedError as error:
                if not replaceable:
                    raise
                reason = str(error)
        second, fallback = ("pandas", pandas) if dask is None else ("dask", dask)
        _report_fallback(operation, second, reason, mode)
        return _counted(operation, second, fallback)
    require_rust(family)
    return on_rust()


def _counted(operation: str, engine: str, run: Callable[[], T]) -> tuple[str, T]:
    result = run()
    count_run(operation, engine)
    return engine, result


def _configured_engine() -> str | None:
    given = os.environ.get("PARQUETFRAME_ENGINE", "").strip().lower()
    if given not in (*ENGINES, *_OTHER_ENGINES):
        raise InvalidArgumentError(f"PARQUETFRAME_ENGINE must be {' or '.join(ENGINES)}, not '{given}'")
    name = get_config().default_engine
    return name if name in ENGINES else None


def require_rust(family: str | None = None) -> Any:
    """The library. Raises UnsupportedError, which says how to get it, where it is missing or disabled, be it
    for operations of this family only.
    """
    from ._native.library import load

    config = get_config()
    if family is not None and config.use_rust_backend and (reason := _switched_off(family)):
        raise UnsupportedError(f"{NOT_AVAILABLE}{reason}")
    library = load()
    if not config.use_rust_backend:
        raise UnsupportedError(f"{NOT_AVAILABLE}the setting use_rust_backend is off")
    return library


def _switched_off(family: str) -> str | None:
    """What keeps operations of this family from Rust, None where nothing does."""
    setting, variable = _FLAGS[family]
    if getattr(get_config(), setting):
        return None
    return f"{variable} is set" if os.environ.get(variable) else f"the setting {setting} is off"


def why_not_rust(family: str | None) -> str | None:
    """Why an operation without a choice cannot go to Rust; None where it can."""
    try:
        require_rust(family)
    except UnsupportedError as error:
        return error.message.removeprefix(NOT_AVAILABLE)
    return None


def _fallback_mode() -> str:
    """What PARQUETFRAME_FALLBACK says."""
    mode = os.environ.get("PARQUETFRAME_FALLBACK", "").strip().lower() or "allow"
    if mode not in _FALLBACK_MODES:
        raise InvalidArgumentError(f"PARQUETFRAME_FALLBACK must be allow, warn or error, not '{mode}'")
    return mode


def _report_fallback(operation: str, engine: str, reason: str, mode: str) -> None:
    text = f"{operation} runs on {engine} instead of Rust: {reason}"
    if mode == "error":
        raise UnsupportedError(text, "PARQUETFRAME_FALLBACK=error forbids it")
    count_fallback(operation, reason)
    if mode == "warn":
        warn(text)
