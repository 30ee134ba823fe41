#!/bin/sh
# run.sh LIBRARY [TESTING_LIBRARY] [DATA] [PREFIX]
#
# Builds, installs and tests everything C and C++ with the shared library LIBRARY: CTest in all its ways (plain, valgrind,
# AddressSanitizer), the examples from the installed tree, and the ABI. TESTING_LIBRARY is one built with the feature `testing`;
# DATA the Parquet file of the examples; PREFIX where to install, and to leave it: its path is the last line. An argument
# that is missing, empty or "-" means: no tests that panic; the file in examples/data; a temporary tree.
# PARQUETFRAME_TEST_BUILD keeps the build folder for the next run.
set -eu
if [ $# -lt 1 ] || [ $# -gt 4 ]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
root=$(cd "$(dirname "$0")/../.." && pwd)
given() { [ -n "$1" ] && [ "$1" != "-" ]; }

library=$(realpath "$1")
testing=""
if given "${2:-}"; then testing=$(realpath "$2"); fi
data="$root/examples/data/debian-bookworm-dependencies.parquet"
if given "${3:-}"; then data=$(realpath "$3"); fi
work=$(mktemp -d "${TMPDIR:-/tmp}/parquetframe-c.XXXXXX")
trap 'rm -rf "$work"' EXIT
prefix="$work/prefix"
if given "${4:-}"; then
  mkdir -p "$4"
  prefix=$(realpath "$4")
fi
build=${PARQUETFRAME_TEST_BUILD:-$work/build}
jobs=$(nproc 2>/dev/null || echo 2)

cmake -S "$root" -B "$build" -DCMAKE_INSTALL_PREFIX="$prefix" -DPARQUETFRAME_PREBUILT_LIBRARY="$library" \
  -DPARQUETFRAME_TESTING_LIBRARY="$testing" -DPARQUETFRAME_TEST_DATA="$data" -DPARQUETFRAME_BUILD_TESTS=ON >"$work/log" ||
  { cat "$work/log"; exit 1; }
cmake --build "$build" --parallel "$jobs" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --install "$build" >"$work/log" || { cat "$work/log"; exit 1; }

failed=""
(cd "$build" && ctest --output-on-failure --parallel "$jobs") || failed="$failed ctest"
"$root/tests/c/consume.sh" "$prefix" "$data" || failed="$failed consume.sh"
"$root/tests/abi/check.sh" "$library" || failed="$failed abi/check.sh"
if [ -n "$failed" ]; then
  echo "FAILED:$failed" >&2
  exit 1
fi
if given "${4:-}"; then echo "$prefix"; fi
