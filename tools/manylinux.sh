#!/bin/sh
# Builds the library and the wheels for glibc 2.17 (manylinux2014), whatever the machine has, and checks them; wheels go to dist/.
#
# Zig's C compiler, from PyPI, brings the headers and symbol versions of old glibc releases. Run inside the project's virtual environment.
set -eu
cd "$(dirname "$0")/.."
[ "$(uname -s)" = Linux ] || { echo "SKIPPED: manylinux wheels are built on Linux"; exit 0; }
python=.venv/bin/python
"$python" -m pip install --quiet ziglang==0.17.1 cargo-zigbuild==0.24.0
machine=$(uname -m)
triple=$machine-unknown-linux-gnu
PATH="$PWD/.venv/bin:$PATH" cargo zigbuild --locked --release -p parquetframe --lib --target "$triple.2.17"
target=${CARGO_TARGET_DIR:-$PWD/target}
CC="$PWD/$python -m ziglang cc -target $machine-linux-gnu.2.17" PYTHON=$PWD/$python \
  bindings/python/tools/check_wheels.sh "$target/$triple/release/libparquetframe.so" dist
