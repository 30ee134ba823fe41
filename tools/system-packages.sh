#!/bin/sh
# Installs what the tests of C, C++ and R need, where this user may; says what is missing otherwise.
set -eu

missing=""
need() { # need PACKAGE TEST…: PACKAGE is missing unless the test succeeds
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
r_has() { command -v Rscript && Rscript -e "stopifnot(requireNamespace('$1', quietly = TRUE))"; }

need cmake command -v cmake
need pkg-config command -v pkg-config
need g++ command -v g++
need valgrind command -v valgrind
need nlohmann-json3-dev sh -c 'echo "#include <nlohmann/json.hpp>" | g++ -x c++ -fsyntax-only -'
need r-base-dev command -v R
need r-cran-testthat r_has testthat
need r-cran-jsonlite r_has jsonlite
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing$missing"
  log=$(mktemp)
  # shellcheck disable=SC2086  # a list of names
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log"
    echo "SKIPPED: installing$missing failed; the tests that need them are skipped"
  fi
  rm -f "$log"
else
  echo "SKIPPED: not installed, and this user cannot install them:$missing; the tests that need them are skipped"
fi
