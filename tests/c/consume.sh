#!/bin/sh
# consume.sh PREFIX DATA: builds the C and C++ examples from the tree that is installed at PREFIX, by find_package and by
# pkg-config, runs them on the Parquet file DATA, and compares what they print. The tree is moved first: it must not
# know where it was installed.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: $0 PREFIX DATA" >&2
  exit 2
fi
examples=$(cd "$(dirname "$0")/../../examples" && pwd)
data=$(realpath "$2")
work=$(mktemp -d "${TMPDIR:-/tmp}/parquetframe-consume.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp -a "$1" "$work/moved tree"
prefix="$work/moved tree"

# By find_package, whose programs find the library by themselves.
cmake -S "$examples" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release >"$work/log" 2>&1 &&
  cmake --build "$work/cmake" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/cmake/pagerank_c" "$data" >"$work/c.cmake"
"$work/cmake/pagerank_cpp" "$data" >"$work/cpp.cmake"

# By pkg-config. It escapes the blank of the path for a shell, hence eval.
pc=$(dirname "$(find "$prefix" -name libparquetframe.pc)")
flags=$(PKG_CONFIG_PATH="$pc" pkg-config --cflags --libs libparquetframe)
libdir=$(PKG_CONFIG_PATH="$pc" pkg-config --variable=libdir libparquetframe | sed 's/\\//g')
warnings="-Wall -Wextra -Wpedantic -Werror"
eval "${CC:-cc} -std=c11 -O2 $warnings '$examples/c/pagerank.c' $flags -o '$work/pagerank_c'"
eval "${CXX:-c++} -std=c++17 -O2 $warnings '$examples/cpp/pagerank.cpp' $flags -o '$work/pagerank_cpp'"
LD_LIBRARY_PATH="$libdir" "$work/pagerank_c" "$data" >"$work/c.pkgconfig"
LD_LIBRARY_PATH="$libdir" "$work/pagerank_cpp" "$data" >"$work/cpp.pkgconfig"

cat "$work/c.cmake"
for other in cpp.cmake c.pkgconfig cpp.pkgconfig; do
  diff "$work/c.cmake" "$work/$other" || { echo "the output of c.cmake and $other differs" >&2; exit 1; }
done
[ "$(grep -c '^ *[0-9]*  [^ ]* *0\.[0-9]\{10\}$' "$work/c.cmake")" -eq 10 ] || { echo "there are no ten ranks" >&2; exit 1; }

# A failure is a message and the exit code 1.
for program in cmake/pagerank_c cmake/pagerank_cpp; do
  if "$work/$program" "$work/missing.parquet" 2>"$work/error"; then code=0; else code=$?; fi
  [ $code -eq 1 ] && grep -q missing.parquet "$work/error" || { echo "$program: exit code $code for a missing file" >&2; cat "$work/error" >&2; exit 1; }
done
echo "consume: C and C++, by find_package and by pkg-config, print the same"
