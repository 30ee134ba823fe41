"""Puts libparquetframe and the cffi extension into the wheel.

PARQUETFRAME_BUILD_LIBRARY   a library that was built before; without it cargo builds one
PARQUETFRAME_NO_EXT=1        no extension: a py3-none wheel, for interpreters without the stable ABI
PARQUETFRAME_PROFILE         the cargo profile: release, or dev for an editable install
CC                           the C compiler of the extension; else Python's own, else cc or gcc

The extension is compiled against include/libparquetframe.h and Python's limited API, so that a declaration
that differs from the header does not compile, and one wheel serves every CPython from 3.11 on. An editable
install goes on without it where it cannot be compiled (no compiler, no Python.h): cffi reads the declarations
at run time then. A wheel fails.
"""

from __future__ import annotations

import os
import runpy
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIMITED_API = "0x030B0000"
WINDOWS = sys.platform == "win32"
MACOS = sys.platform == "darwin"


class ParquetFrameBuildHook(BuildHookInterface[Any]):
    """Builds what is not Python."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        self.rust = next(p for p in (root / "rust", root.parents[1]) if (p / "Cargo.toml").is_file())
        self.native = root / "src" / "parquetframe" / "_native"
        self.folder = Path(tempfile.mkdtemp(prefix="parquetframe-build-"))
        editable = version == "editable"
        library = self.library(editable)
        with_extension = not os.environ.get("PARQUETFRAME_NO_EXT") and sys.implementation.name == "cpython"
        files = {} if editable else {library: library_name()}
        if with_extension and editable:
            # The sources are what is imported. The library stays where it was built: it is never stale.
            self.extension_in_place(library)
        elif with_extension:
            extension = self.extension(library)
            files[extension] = extension.name
        for path, name in files.items():
            build_data["force_include"][str(path)] = f"parquetframe/_native/{name}"
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{platform}" if with_extension else f"py3-none-{platform}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def library(self, editable: bool) -> Path:
        """The shared library: the given one, for an editable install one that is there, else a new one."""
        if given := os.environ.get("PARQUETFRAME_BUILD_LIBRARY"):
            if not Path(given).is_file():
                raise FileNotFoundError(f"PARQUETFRAME_BUILD_LIBRARY names no file: {given}")
            return Path(given).resolve()
        profile = os.environ.get("PARQUETFRAME_PROFILE")
        target = Path(os.environ.get("CARGO_TARGET_DIR") or self.rust / "target")
        if editable and profile is None:
            folders = [self.rust / "build" / "lib", target / "release", target / "debug"]
            built = [folder / cargo_name() for folder in folders]
            if found := next((path for path in built if path.is_file()), None):
                return found
        profile = profile or ("dev" if editable else "release")
        command = ["cargo", "rustc", "--locked", "--profile", profile, "-p", "parquetframe", "--lib"]
        subprocess.run([*command, "--crate-type", "cdylib"], cwd=self.rust, check=True)
        return target / ("debug" if profile == "dev" else profile) / cargo_name()

    def extension_in_place(self, library: Path) -> None:
        """The extension among the sources; where it cannot be compiled a warning, and none."""
        import cffi

        try:
            for old in self.native.glob("_cffi.*"):
                old.unlink()
            extension = self.extension(library)
        except (OSError, subprocess.CalledProcessError, cffi.VerificationError) as error:
            print(
                f"warning: the cffi extension was not compiled ({error}). parquetframe works without it; "
                "for the faster loader install a C compiler and the headers of Python, and install again.",
                file=sys.stderr,
            )
        else:
            shutil.copy2(extension, self.native / extension.name)

    def extension(self, library: Path) -> Path:
        """The cffi extension in API mode, linked to the library beside it."""
        import cffi

        ffi = cffi.FFI()
        ffi.cdef(runpy.run_path(str(self.native / "_cdef.py"))["CDEF"])
        beside = Path(shutil.copy2(library, self.folder / library_name()))
        include = self.rust / "include"
        options: dict[str, Any] = {"py_limited_api": True}
        if WINDOWS:
            options["include_dirs"] = [str(include)]
            options["define_macros"] = [("Py_LIMITED_API", LIMITED_API)]
            options["extra_objects"] = [str(library.with_suffix(".dll.lib"))]
        ffi.set_source("parquetframe._native._cffi", '#include "libparquetframe.h"', **options)
        if WINDOWS:
            return Path(ffi.compile(tmpdir=str(self.folder))).rename(self.folder / "_cffi.pyd")
        source, target = self.folder / "_cffi.c", self.folder / "_cffi.abi3.so"
        ffi.emit_c_code(str(source))
        # Called directly: the flags of sysconfig would put folders of this machine into the extension.
        compiler = c_compiler()
        shared = ["-bundle", "-undefined", "dynamic_lookup"] if MACOS else ["-shared"]
        origin = "@loader_path" if MACOS else "$ORIGIN"
        include_flags = [f"-I{include}", f"-I{sysconfig.get_path('include')}"]
        subprocess.run(
            [
                *compiler,
                *("-O2", "-fPIC", f"-DPy_LIMITED_API={LIMITED_API}"),
                *include_flags,
                *shared,
                *(str(source), str(beside), f"-Wl,-rpath,{origin}", "-o", str(target)),
            ],
            check=True,
        )
        return target


def c_compiler() -> list[str]:
    """The command of the C compiler: CC, else what Python was built with, else cc or gcc.

    Raises FileNotFoundError where none is on the path.
    """
    commands = [os.environ.get("CC"), sysconfig.get_config_var("CC"), "cc", "gcc"]
    for command in filter(None, map(shlex.split, filter(None, commands))):
        if shutil.which(command[0]):
            return command
    raise FileNotFoundError("no C compiler is on the path: neither CC nor cc nor gcc")


def cargo_name() -> str:
    """What cargo calls the library."""
    return "parquetframe.dll" if WINDOWS else "libparquetframe.dylib" if MACOS else "libparquetframe.so"


def library_name() -> str:
    """What the library is called inside the package: with the ABI major."""
    return "parquetframe-0.dll" if WINDOWS else "libparquetframe.0.dylib" if MACOS else "libparquetframe.so.0"
