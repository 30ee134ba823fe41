#!/bin/sh
# four_languages.sh PREFIX PYTHON DATA
#
# Runs the example of every language on the same file and compares the ten lines of ranks to the last digit printed. PREFIX is an installed tree,
# PYTHON an interpreter with the package. A language whose tools are missing is SKIPPED.
set -eu
if [ $# -ne 3 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
prefix=$(realpath "$1")
python=$2
data=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ranks() { grep -E '^ ?[0-9]+  [^ ]+ +0\.[0-9]{10}$' || true; }

"$python" "$root/examples/python/pagerank.py" "$data" >"$work/python.out"
# The example runs twice: on the best engine, then on pandas.
ranks <"$work/python.out" | head -n 10 >"$work/python"
ranks <"$work/python.out" | tail -n 10 >"$work/python-pandas"

pc=$(find "$prefix" -name libparquetframe.pc | head -n 1)
lib=$(dirname "$(dirname "$pc")")
flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs libparquetframe)
# shellcheck disable=SC2086  # a list of flags
gcc -std=c11 "$root/examples/c/pagerank.c" $flags "-Wl,-rpath,$lib" -o "$work/c.bin"
# shellcheck disable=SC2086
g++ -std=c++17 "$root/examples/cpp/pagerank.cpp" $flags "-Wl,-rpath,$lib" -o "$work/cpp.bin"
for language in c cpp; do "$work/$language.bin" "$data" | ranks >"$work/$language"; done

languages="python python-pandas c cpp"
if command -v R >/dev/null; then
  mkdir "$work/rlib"
  PARQUETFRAME_DIR=$prefix R CMD INSTALL --preclean --clean --library="$work/rlib" "$root/bindings/r" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  R_LIBS="$work/rlib" Rscript "$root/examples/r/pagerank.R" "$data" | ranks >"$work/r"
  languages="$languages r"
else
  echo "SKIPPED: the example in R: R is not installed"
fi

cat "$work/c"
for language in $languages; do
  [ "$(wc -l <"$work/$language")" -eq 10 ] || { echo "FAILED: $language did not print ten ranks"; exit 1; }
  diff "$work/c" "$work/$language" || { echo "FAILED: $language prints other ranks than c"; exit 1; }
done
echo "the same ten ranks: $languages"
