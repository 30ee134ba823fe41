#!/bin/sh
# Runs the fuzz targets of core/compute and core/io for FUZZ_SECONDS each (600 by default), one after the other; fails at
# the first finding, whose input cargo-fuzz leaves in fuzz/artifacts of that crate. FUZZ_TARGETS names some of them.
set -eu
cd "$(dirname "$0")/../core"
PATH="${XDG_CACHE_HOME:-$HOME/.cache}/parquetframe/tools/bin:$PATH"
for needed in 'cargo-fuzz --version' 'cargo +nightly --version'; do
  $needed >/dev/null 2>&1 || { echo "SKIPPED: fuzz targets: '$needed' does not work: cargo-fuzz or a nightly compiler is not installed"; exit 0; }
done
# cargo-fuzz asks for one unit of code, which takes minutes longer to build; what is given here comes after it.
export RUSTFLAGS="-Ccodegen-units=16 ${RUSTFLAGS:-}"
for target in ${FUZZ_TARGETS:-parse check evaluate footer page_index scan}; do
  # Inputs of core/io are lists of changes to files that the targets make: few are long, and none has to grow first.
  case $target in
    parse | check | evaluate) crate=compute flags=-dict=fuzz/words.dict ;;
    footer) crate=io flags='-timeout=10 -len_control=0 -max_len=4096' ;;
    page_index | scan) crate=io flags='-timeout=10 -len_control=0 -max_len=512' ;;
    *) echo "there is no fuzz target '$target'" >&2; exit 2 ;;
  esac
  # Flags are several words.
  # shellcheck disable=SC2086
  (cd "$crate" && cargo +nightly fuzz run --sanitizer none "$target" -- \
    $flags -max_total_time="${FUZZ_SECONDS:-600}" -print_final_stats=1)
done
