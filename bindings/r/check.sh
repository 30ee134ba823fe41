#!/bin/sh
# Checks the R package against an installed libparquetframe: R CMD build, R CMD check (errors and warnings fail), then
# the tests once more with the parity cases that all languages share. Writes nothing outside a temporary folder.
#
#   bindings/r/check.sh PREFIX      PREFIX holds include/libparquetframe.h and lib/libparquetframe.so
set -eu

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  echo "usage: $0 PREFIX (where libparquetframe is installed)" >&2
  exit 2
fi
PARQUETFRAME_DIR=$(cd "$1" && pwd)
export PARQUETFRAME_DIR
package=$(cd "$(dirname "$0")" && pwd)
parity=$(cd "$package/../../tests/parity" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

# What would ask the network is not checked, and the index of packages is an empty one.
mkdir -p repository/src/contrib
: > repository/src/contrib/PACKAGES
echo "options(repos = c(CRAN = 'file://$work/repository'))" > profile
export R_PROFILE="$work/profile"
export _R_CHECK_CRAN_INCOMING_=false _R_CHECK_CRAN_INCOMING_REMOTE_=false
export _R_CHECK_FUTURE_FILE_TIMESTAMPS_=false _R_CHECK_SYSTEM_CLOCK_=false
export _R_CHECK_FORCE_SUGGESTS_=false "_R_CHECK_XREFS_REPOSITORIES_=file://$work/repository"
# Compare snapshots, too.
export NOT_CRAN=true CI=true LC_ALL=C.UTF-8

R CMD build --no-manual "$package"
set -- parquetframe_*.tar.gz
status=0
R CMD check --no-manual "$1" || status=$?
if [ "$status" -ne 0 ] || grep -Eq '^Status:.*(ERROR|WARNING)' parquetframe.Rcheck/00check.log; then
  for log in 00check.log 00install.out tests/testthat.Rout.fail; do
    [ ! -f "parquetframe.Rcheck/$log" ] || { echo "---- $log"; cat "parquetframe.Rcheck/$log"; }
  done
  echo "R CMD check failed" >&2
  exit 1
fi

mkdir library
R CMD INSTALL --library="$work/library" "$1" > install.log 2>&1 || { cat install.log; exit 1; }
cd "$package/tests"
cp -R . "$work/tests"
cd "$work/tests"
R_LIBS="$work/library" PARQUETFRAME_PARITY="$parity" Rscript -e '
  library(parquetframe)
  testthat::test_dir("testthat", reporter = testthat::SummaryReporter$new(max_reports = 100), stop_on_failure = TRUE, package = "parquetframe", load_package = "installed")
'
