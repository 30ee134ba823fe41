#!/bin/sh
# Line coverage of the Rust code by its own tests, with cargo-tarpaulin, which works with a plain stable toolchain. Prints the figure, stores it
# with its commit in tools/coverage.txt, and fails below 85 %.
set -eu
cd "$(dirname "$0")/.."
# Before the figure is written to a file that git knows.
commit=$(git describe --always --dirty)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/parquetframe
PATH="$cache/tools/bin:$PATH"
command -v cargo-tarpaulin >/dev/null ||
  CARGO_TARGET_DIR="$cache/target-tools" cargo install --quiet --locked --root "$cache/tools" cargo-tarpaulin
export CARGO_TARGET_DIR="$cache/target-coverage"
report=$(mktemp -d)
trap 'rm -rf "$report"' EXIT
cargo tarpaulin --engine llvm --locked --workspace --exclude pf-benches --features parquetframe/testing --skip-clean \
  --exclude-files 'benches/*' --exclude-files '*/tests/*' --exclude-files 'ffi/build.rs' --exclude-files 'ffi/src/testing.rs' \
  --out Stdout --output-dir "$report" --fail-under 85 | tee "$report/out"
figure=$(grep -oE '[0-9.]+% coverage' "$report/out" | tail -n 1)
echo "$figure of the lines of core and ffi, at $commit" | tee tools/coverage.txt
