"""Finding and loading the library, and what happens without it."""

from __future__ import annotations

import ast
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import types
from pathlib import Path

import pytest
from conftest import DEBIAN, NO_RUST, ROOT

import parquetframe as pf
from parquetframe._native import library as native

IN_TREE = (ROOT / "include" / "libparquetframe.h").is_file()


def test_import_is_light(python):
    code = "import sys, parquetframe; print([m for m in ('numpy', 'pandas', 'pyarrow', 'networkx', 'cffi', 'polars') if m in sys.modules])"
    assert python(code) == "[]"


def test_pandas_and_pyarrow_come_when_they_are_needed(python):
    code = (
        "import sys, parquetframe as pf; g = pf.GraphFrame.from_edges(([0, 1], [1, 2]), engine='rust'); g.pagerank()\n"
        "print([m for m in ('pandas', 'pyarrow', 'networkx') if m in sys.modules])"
    )
    if NO_RUST:
        pytest.skip(NO_RUST)
    assert python(code) == "[]"


def test_every_public_name_is_there():
    for name in pf.__all__:
        assert getattr(pf, name) is not None
    assert set(pf.__all__) <= set(dir(pf))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = pf.nonsense
    assert pf.ParquetFrame is pf.DataFrameProxy


def test_availability_says_whether_rust_runs():
    assert pf.rust_available() == (NO_RUST is None)
    assert pf.rust_version() == (None if NO_RUST else pf.__version__)


@pytest.mark.rust
def test_availability_follows_the_environment(monkeypatch):
    for text in ("1", "true", "YES"):
        monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", text)
        assert not pf.rust_available()
        assert pf.rust_version() is None
        assert pf.backends.rust_backend.get_rust_backend() is None
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "0")
    assert pf.rust_available()
    from parquetframe import _rustic

    assert pf.backends.rust_backend.get_rust_backend() is _rustic


@pytest.mark.rust
@pytest.mark.parametrize("loader", ["cffi", "ctypes"])
def test_both_loaders_do_the_same(python, loader):
    code = (
        "import parquetframe as pf; from parquetframe._native.library import load\n"
        "g = pf.GraphFrame.from_edges(([5, 7, 9], [7, 9, 5]))\n"
        "print(load().loader.split()[0], g, g.pagerank().to_pydict()['vertex'])"
    )
    expected = f"{loader} GraphFrame(3 vertices, 3 edges, directed) [5, 7, 9]"
    assert python(code, PARQUETFRAME_FFI=loader) == expected


@pytest.mark.rust
def test_cffi_works_without_the_extension(python):
    code = (
        "import sys; sys.modules['parquetframe._native._cffi'] = None\n"
        "import parquetframe as pf; from parquetframe._native.library import load\n"
        "print(load().loader, pf.GraphFrame.from_edges(([0], [1])))"
    )
    assert python(code, PARQUETFRAME_FFI="cffi") == "cffi GraphFrame(2 vertices, 1 edges, directed)"


@pytest.mark.rust
def test_ctypes_is_used_where_cffi_is_missing(python):
    code = (
        "import sys; sys.modules['parquetframe._native._cffi'] = sys.modules['cffi'] = None\n"
        "from parquetframe._native.library import load; print(load().loader)"
    )
    assert python(code, PARQUETFRAME_FFI=None) == "ctypes"
    result = python(code, check=False, PARQUETFRAME_FFI="cffi")
    assert "PARQUETFRAME_FFI" in result.stderr or "cffi" in result.stderr


@pytest.mark.rust
def test_unknown_loader_is_an_error(monkeypatch):
    monkeypatch.setenv("PARQUETFRAME_FFI", "jni")
    with pytest.raises(ValueError, match="must be 'cffi' or 'ctypes', not 'jni'"):
        native.load()


@pytest.mark.rust
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_the_library_of_the_environment_is_the_one_that_runs(python, tmp_path):
    copy = tmp_path / "elsewhere.so"
    shutil.copy(native.load().path, copy)
    code = (
        "import parquetframe as pf; from parquetframe._native.library import load; print(load().path)\n"
        "pf.GraphFrame.from_edges(([0], [1])).pagerank()\n"
        "names = {line.split()[-1] for line in open('/proc/self/maps')}\n"
        "print(sorted(n.split('/')[-1] for n in names if 'elsewhere' in n or 'libparquetframe' in n))"
    )
    for loader in ("cffi", "ctypes"):
        out = python(code, PARQUETFRAME_LIBRARY=str(copy), PARQUETFRAME_FFI=loader).splitlines()
        assert out[0] == str(copy)
        assert out[1] == "['elsewhere.so']"


def test_a_checkout_loads_what_it_built(monkeypatch, tmp_path):
    package = tmp_path / "bindings" / "python" / "src" / "parquetframe" / "_native"
    for folder in (package, tmp_path / "ffi"):
        folder.mkdir(parents=True)
    (tmp_path / "Cargo.toml").touch()
    monkeypatch.setattr(native, "__file__", str(package / "library.py"))
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "shared"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PARQUETFRAME_LIBRARY", raising=False)
    plain, versioned = native.file_names()
    in_cache = tmp_path / "home" / ".cache" / "parquetframe" / "target" / "release" / plain
    wanted = [
        package / versioned,
        tmp_path / "build" / "lib" / plain,
        tmp_path / "shared" / "release" / plain,
        tmp_path / "target" / "release" / plain,
        tmp_path / "target" / "debug" / plain,
    ]
    for path in (*wanted, in_cache):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for path in wanted:
        assert native.find() == path
        path.unlink()
    assert native.find() is None  # the cache, which checkouts share, does not count


@pytest.mark.parametrize("engine", ["rust", None])
def test_a_library_that_is_not_there(python, engine):
    code = (
        "import warnings, parquetframe as pf\n"
        "with warnings.catch_warnings(record=True) as seen:\n"
        "    warnings.simplefilter('always'); print(pf.rust_available(), 'PARQUETFRAME_LIBRARY names no file' in str(seen[0].message))\n"
        f"try: pf.GraphFrame.from_edges(([0], [1]), engine={engine!r})\n"
        "except pf.exceptions.BackendError as e: print('names no file: /nowhere.so' in str(e))"
    )
    out = python(code, PARQUETFRAME_LIBRARY="/nowhere.so", PARQUETFRAME_DISABLE_RUST=None)
    assert out.split() == ["False", "True", "True"]


def fake_library(folder, abi, version):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    source = folder / "fake.c"
    source.write_text(
        f'unsigned pf_abi_version(void) {{ return {abi}u; }}\nconst char *pf_version_string(void) {{ return "{version}"; }}\n'
    )
    library = folder / "libfake.so"
    subprocess.run([compiler, "-shared", "-fPIC", str(source), "-o", str(library)], check=True)
    return str(library)


@pytest.mark.parametrize(
    ("abi", "version", "said"),
    [
        ((7 << 16) | 1, "1.1.0-dev.0", "it has ABI 7.1, parquetframe 1.1.0.dev0 needs ABI 0.1"),
        (0, "1.1.0-dev.0", "it has ABI 0.0, parquetframe 1.1.0.dev0 needs ABI 0.1"),
        (1, "0.9.0", "it has version 0.9.0, the Python package has version 1.1.0.dev0"),
    ],
)
def test_a_library_that_does_not_fit_names_both_versions(monkeypatch, tmp_path, abi, version, said):
    monkeypatch.setenv("PARQUETFRAME_LIBRARY", fake_library(tmp_path, abi, version))
    monkeypatch.delenv("PARQUETFRAME_DISABLE_RUST", raising=False)
    with pytest.raises(pf.exceptions.BackendError) as caught:
        native.load()
    assert said in str(caught.value)
    with pytest.raises(pf.exceptions.BackendError):
        pf.GraphFrame.from_edges(([0], [1]))  # a broken installation is no reason to fall back quietly
    with pytest.warns(RuntimeWarning, match="version|ABI"):
        assert not pf.rust_available()


def test_a_file_that_is_no_library(monkeypatch, tmp_path):
    path = tmp_path / "lib.so"
    path.write_text("no library")
    monkeypatch.setenv("PARQUETFRAME_LIBRARY", str(path))
    monkeypatch.delenv("PARQUETFRAME_DISABLE_RUST", raising=False)
    with pytest.raises(pf.exceptions.BackendError, match=r"lib\.so"):
        native.load()


def test_rust_on_request_without_rust_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PARQUETFRAME_DISABLE_RUST", "1")
    for call in (
        lambda: pf.GraphFrame.from_edges(([0], [1]), engine="rust"),
        lambda: pf.read_parquet(DEBIAN, engine="rust"),
        lambda: pf.GraphFrame.from_edges(([0], [1])).pagerank(backend="rust"),
    ):
        with pytest.raises(RuntimeError, match="Rust backend requested but not available"):
            call()
    with pytest.raises(NotImplementedError, match="pip install parquetframe"):
        pf.read_parquet(DEBIAN, engine="rust")


def test_missing_library_falls_back(monkeypatch):
    monkeypatch.delenv("PARQUETFRAME_DISABLE_RUST", raising=False)
    monkeypatch.setattr(native, "find", lambda: None)
    monkeypatch.setattr(native, "_found", {})
    assert not pf.rust_available()
    graph = pf.GraphFrame.from_edges(([0, 1], [1, 2]))
    assert graph.pagerank().num_rows == 3
    reasons = {fallback.operation: fallback.reason for fallback in pf.stats().fallbacks}
    assert "libparquetframe was not found" in reasons["pagerank"]


@pytest.mark.skipif(not IN_TREE, reason="the header is not beside the package")
def test_declarations_are_those_of_the_header():
    pytest.importorskip("cffi")
    tool = runpy.run_path(str(ROOT / "bindings" / "python" / "tools" / "make_declarations.py"))
    for path, text in tool["generated"]().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} is out of date: run tools/make_declarations.py"
        )


@pytest.mark.skipif(not IN_TREE, reason="the tools are not beside the package")
def test_declarations_need_only_cffi():
    text = (ROOT / "bindings" / "python" / "tools" / "make_declarations.py").read_text(encoding="utf-8")
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert names - set(sys.stdlib_module_names) == {"cffi"}


@pytest.fixture
def build_hook(monkeypatch):
    """hatch_build.py; hatchling is installed only while a package is built."""
    pytest.importorskip("cffi")
    names = ["hatchling", "hatchling.builders", "hatchling.builders.hooks", "hatchling.builders.hooks.plugin"]
    for name in names:
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    interface = types.ModuleType(f"{names[-1]}.interface")
    interface.BuildHookInterface = _Subscriptable
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    return runpy.run_path(str(ROOT / "bindings" / "python" / "hatch_build.py"))


class _Subscriptable:
    def __class_getitem__(cls, item):
        return cls


@pytest.fixture
def hook(build_hook, tmp_path):
    hook = build_hook["ParquetFrameBuildHook"]()
    hook.rust, hook.folder, hook.native = ROOT, tmp_path / "build", tmp_path / "_native"
    for folder in (hook.folder, hook.native):
        folder.mkdir()
    shutil.copy2(Path(native.__file__).with_name("_cdef.py"), hook.native)
    return hook


@pytest.mark.skipif(not IN_TREE, reason="the build hook is not beside the package")
def test_the_compiler_is_one_that_is_there(build_hook, monkeypatch, tmp_path):
    for name in ("cc", "gcc", "other"):
        (tmp_path / name).write_text("#!/bin/sh")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: "missing-compiler -pthread")
    for given, found in (("other -m64", ["other", "-m64"]), ("missing", ["cc"]), ("", ["cc"])):
        monkeypatch.setenv("CC", given)
        assert build_hook["c_compiler"]() == found
    (tmp_path / "cc").unlink()
    assert build_hook["c_compiler"]() == ["gcc"]
    (tmp_path / "gcc").unlink()
    with pytest.raises(FileNotFoundError, match="no C compiler is on the path"):
        build_hook["c_compiler"]()


@pytest.mark.rust
@pytest.mark.skipif(not IN_TREE or sys.platform == "win32", reason="the build hook is not beside the package")
@pytest.mark.parametrize("missing", ["headers", "compiler"])
def test_an_editable_install_goes_on_without_the_extension(hook, monkeypatch, capfd, tmp_path, missing):
    if missing == "headers":
        if not shutil.which("cc"):
            pytest.skip("no C compiler")
        monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    stale = hook.native / "_cffi.abi3.so"
    stale.touch()
    library = Path(native.load().path)
    hook.extension_in_place(library)
    assert "warning: the cffi extension was not compiled" in capfd.readouterr().err
    assert not stale.exists()
    with pytest.raises((OSError, subprocess.CalledProcessError)):
        hook.extension(library)  # what a wheel calls


@pytest.mark.skipif(not IN_TREE, reason="the manifest is not beside the package")
def test_one_version_for_all():
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    assert native.pep440(manifest["workspace"]["package"]["version"]) == pf.__version__


@pytest.mark.parametrize(
    ("cargo", "python_version"),
    [("1.1.0-dev.0", "1.1.0.dev0"), ("2.0.0", "2.0.0"), ("1.2.3-rc.4", "1.2.3rc4")],
)
def test_versions_of_cargo_as_python_writes_them(cargo, python_version):
    assert native.pep440(cargo) == python_version
