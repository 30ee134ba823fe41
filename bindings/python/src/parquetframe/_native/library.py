"""Finding, loading and checking libparquetframe."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .._version import __version__
from ..exceptions import BackendError, InvalidArgumentError, UnsupportedError
from . import cffi_backend, ctypes_backend
from ._ctypes_decl import PF_ABI_VERSION

HOW_TO_GET_IT = (
    "Install a wheel of parquetframe for this platform (pip install parquetframe), or build the library "
    "(cargo build --release -p parquetframe) and set PARQUETFRAME_LIBRARY to its path"
)


class Library:
    """The loaded library: its functions are attributes, as in `library.pf_graph_free(address)`."""

    def __init__(self, path: str, loader: str, functions: dict[str, Callable[..., Any]]) -> None:
        self.path = path
        self.loader = loader
        self.__dict__.update(functions)
        self.version: str = self.pf_version_string().decode()

    def __getattr__(self, name: str) -> Any:  # only for type checkers and misspelt names
        raise AttributeError(f"libparquetframe has no function {name}")

    def __repr__(self) -> str:
        return f"Library({self.path!r}, version={self.version!r}, loader={self.loader!r})"


_lock = threading.Lock()
_loaded: dict[tuple[str, str], Library] = {}
_found: dict[tuple[str | None, ...], Library] = {}


def truthy(name: str) -> bool:
    """Whether the environment variable says yes: 1, true or yes in any case."""
    return os.environ.get(name, "").strip().lower() in ("1", "true", "yes")


def why_disabled() -> str | None:
    """Why Rust must not be used at all, None where it may."""
    return "PARQUETFRAME_DISABLE_RUST is set" if truthy("PARQUETFRAME_DISABLE_RUST") else None


def load() -> Library:
    """The library, loaded once for each library path and loader that the environment asks for.

    Raises UnsupportedError where Rust is disabled or no library is found, BackendError where the library that
    is found does not fit this package, InvalidArgumentError for an unknown PARQUETFRAME_FFI.
    """
    if reason := why_disabled():
        raise UnsupportedError(
            f"Rust backend requested but not available: {reason}", f"Unset it. {HOW_TO_GET_IT}"
        )
    # Looking for a file takes longer than a small call: what was found for the same wishes is found.
    wishes = tuple(map(os.environ.get, ("PARQUETFRAME_FFI", "PARQUETFRAME_LIBRARY", "CARGO_TARGET_DIR")))
    known = _found.get(wishes)
    if known is not None:
        return known
    loader = os.environ.get("PARQUETFRAME_FFI", "").strip().lower()
    if loader not in ("", "cffi", "ctypes"):
        raise InvalidArgumentError(f"PARQUETFRAME_FFI must be 'cffi' or 'ctypes', not '{loader}'")
    path = find()
    if path is None:
        raise UnsupportedError(
            "Rust backend requested but not available: libparquetframe was not found", HOW_TO_GET_IT
        )
    key = (str(path), loader)
    with _lock:
        if key not in _loaded:
            check(str(path))
            _loaded[key] = _open(str(path), loader)
        _found[wishes] = _loaded[key]
        return _loaded[key]


def find() -> Path | None:
    """Where the library is: at PARQUETFRAME_LIBRARY, else in the package, else what this checkout built."""
    if given := os.environ.get("PARQUETFRAME_LIBRARY"):
        if not Path(given).is_file():
            raise BackendError("rust", "loading", OSError(f"PARQUETFRAME_LIBRARY names no file: {given}"))
        return Path(given)
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> list[Path]:
    here = Path(__file__).resolve().parent
    plain, versioned = file_names()
    inside = [here / versioned]
    root = next((p for p in here.parents if (p / "Cargo.toml").is_file() and (p / "ffi").is_dir()), None)
    if root is None:
        return inside
    # Never a folder that checkouts share: it may hold the kernels of another one.
    folders = [root / "build" / "lib", root / "target" / "release", root / "target" / "debug"]
    if given := os.environ.get("CARGO_TARGET_DIR"):
        folders.insert(1, Path(given) / "release")
    return inside + [folder / plain for folder in folders]


def file_names() -> tuple[str, str]:
    """What the library is called: as cargo writes it, and with the ABI major as it is installed."""
    major = PF_ABI_VERSION >> 16
    if sys.platform == "win32":
        return "parquetframe.dll", f"parquetframe-{major}.dll"
    if sys.platform == "darwin":
        return "libparquetframe.dylib", f"libparquetframe.{major}.dylib"
    return "libparquetframe.so", f"libparquetframe.so.{major}"


def check(path: str) -> None:
    """Raises BackendError unless the library at `path` is one that this package was written for."""
    try:
        probe = ctypes.CDLL(path)
        probe.pf_version_string.restype = ctypes.c_char_p
        found, version = probe.pf_abi_version(), probe.pf_version_string().decode()
    except (OSError, AttributeError) as error:
        raise BackendError("rust", f"loading {path}", error) from error
    wanted = PF_ABI_VERSION
    if found >> 16 != wanted >> 16 or found & 0xFFFF < wanted & 0xFFFF:
        text = f"it has ABI {_dotted(found)}, parquetframe {__version__} needs ABI {_dotted(wanted)}"
    elif pep440(version) != __version__:
        text = f"it has version {version}, the Python package has version {__version__}"
    else:
        return
    raise BackendError("rust", f"loading {path}", ImportError(text))


def _open(path: str, loader: str) -> Library:
    ways = {
        "cffi extension": cffi_backend.extension_functions,
        "cffi": cffi_backend.inline_functions,
        "ctypes": ctypes_backend.functions,
    }
    # One process has one extension, which stays bound to the first library that it found.
    if any(library.loader == "cffi extension" and library.path != path for library in _loaded.values()):
        del ways["cffi extension"]
    failures = []
    for name, functions in ways.items():
        if name.startswith(loader):
            try:
                return Library(path, name, functions(path))
            except (ImportError, OSError, AttributeError) as error:
                failures.append(f"{name}: {error}")
    raise BackendError("rust", f"loading {path}", ImportError("; ".join(failures)))


def _dotted(abi: int) -> str:
    return f"{abi >> 16}.{abi & 0xFFFF}"


def pep440(version: str) -> str:
    """A version of Cargo as Python writes it.

    >>> pep440("1.1.0-dev.0"), pep440("1.2.0-rc.1"), pep440("2.0.0")
    ('1.1.0.dev0', '1.2.0rc1', '2.0.0')
    """
    release, _, stage = version.partition("-")
    name, _, number = stage.partition(".")
    return (
        release
        + {"": "", "dev": ".dev", "alpha": "a", "beta": "b", "rc": "rc"}.get(name, f"+{name}.")
        + number
    )
