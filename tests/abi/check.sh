#!/bin/sh
# check.sh LIBRARY: the ABI is what it is meant to be (ELF systems). The library exports exactly the functions of symbols.txt, which are
# those of the header, bears the soname of its ABI major, and both headers compile in every language that they promise.
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 LIBRARY" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
include=$(cd "$here/../../include" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/parquetframe-abi.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C
failed=0

fail() {
  echo "abi: $*" >&2
  failed=1
}

sort -u "$here/symbols.txt" | diff "$here/symbols.txt" - >"$work/diff" || { cat "$work/diff"; fail "symbols.txt is not sorted"; }

nm -D --defined-only "$1" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort >"$work/exported"
diff "$here/symbols.txt" "$work/exported" >"$work/diff" || {
  cat "$work/diff"
  fail "the exported symbols (>) are not those of symbols.txt (<)"
}

sed '/\/\*/,/\*\//d' "$include/libparquetframe.h" | tr '\n' ' ' | grep -o 'pf_[a-z0-9_]* *(' | tr -d ' (' | sort -u >"$work/declared"
diff "$here/symbols.txt" "$work/declared" >"$work/diff" || {
  cat "$work/diff"
  fail "the functions of the header (>) are not those of symbols.txt (<)"
}

abi=$(sed -n 's/^#define PF_ABI_VERSION \([0-9]*\)$/\1/p' "$include/libparquetframe.h")
soname="libparquetframe.so.$((abi >> 16))"
found=$(readelf -d "$1" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
[ "$found" = "$soname" ] || fail "the soname is '$found', not '$soname'"

warnings="-Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -fsyntax-only -I$include"
echo '#include <libparquetframe.h>
pf_status check(void);
pf_status check(void) { return PF_OK; }' >"$work/header.c"
echo '#include <libparquetframe.h>
pf_status check();
pf_status check() { return PF_OK; }' >"$work/header.cpp"
echo '#include <libparquetframe.hpp>
std::int64_t check();
std::int64_t check() {
  const auto stream = parquetframe::stream_from_columns("a", std::vector<int>{1}, "b", std::vector<std::string>{"x"});
  parquetframe::table table(parquetframe::read_parquet("x", {"a"}), parquetframe::context().set_threads(1));
  std::int64_t sum = 0;
  for (const auto& batch : table.read({{"limit", 1}, {"columns", {"a", "b"}}}))
    for (const auto value : batch.column<std::int64_t>("a")) sum += value + static_cast<std::int64_t>(batch.column<std::string_view>(1).size());
  return sum;
}' >"$work/wrapper.cpp"
compiles() { # compiler standard file
  command -v "$1" >/dev/null || { echo "abi: SKIPPED $1, which is not installed"; return; }
  # shellcheck disable=SC2086
  "$1" "-std=$2" $warnings "$work/$3" || fail "$3 does not compile with $1 -std=$2"
}
for compiler in gcc clang; do
  compiles $compiler c11 header.c
  compiles $compiler c17 header.c
done
for compiler in g++ clang++; do
  compiles $compiler c++17 header.cpp
  compiles $compiler c++17 wrapper.cpp
  compiles $compiler c++20 wrapper.cpp
done

[ $failed -eq 0 ] && echo "abi: $(wc -l <"$here/symbols.txt") symbols, $soname, the headers compile"
exit $failed
