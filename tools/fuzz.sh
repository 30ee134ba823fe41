#!/bin/sh
# Runs the fuzz targets of core/compute for FUZZ_SECONDS each (600 by default), one after the other; fails at the first
# finding, whose input cargo-fuzz leaves in core/compute/fuzz/artifacts. FUZZ_TARGETS names some of them.
set -eu
cd "$(dirname "$0")/../core/compute"
PATH="${XDG_CACHE_HOME:-$HOME/.cache}/parquetframe/tools/bin:$PATH"
for needed in 'cargo-fuzz --version' 'cargo +nightly --version'; do
  $needed >/dev/null 2>&1 || { echo "SKIPPED: fuzz targets: '$needed' does not work: cargo-fuzz or a nightly compiler is not installed"; exit 0; }
done
# cargo-fuzz asks for one unit of code, which takes minutes longer to build; what is given here comes after it.
export RUSTFLAGS="-Ccodegen-units=16 ${RUSTFLAGS:-}"
for target in ${FUZZ_TARGETS:-parse check evaluate}; do
  cargo +nightly fuzz run --sanitizer none "$target" -- \
    -dict=fuzz/words.dict -max_total_time="${FUZZ_SECONDS:-600}" -print_final_stats=1
done
