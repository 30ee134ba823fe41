# Everything a person needs: `make demo` runs the main job, `make test` all tests. `make help` lists the rest.
#
# What is built goes to the user's cache, so that a fresh clone does not compile the dependencies again.

CACHE ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/parquetframe
export CARGO_TARGET_DIR ?= $(CACHE)/target

# cargo tells by the times of the sources whether they were built, not by the checkout that they are in: where another one
# used the folder last, this one's sources are new.
CLAIMED := $(shell mkdir -p $(CARGO_TARGET_DIR) && { [ "$$(cat $(CARGO_TARGET_DIR)/.checkout 2>/dev/null)" = "$(CURDIR)" ] || \
	{ find core ffi benches -name '*.rs' -exec touch {} + && echo "$(CURDIR)" >$(CARGO_TARGET_DIR)/.checkout; }; })

PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
DATA := examples/data/debian-bookworm-dependencies.parquet

# cargo's folder may be shared by several checkouts: what this one built is kept here, where Python looks first.
SUFFIX := $(if $(filter Darwin,$(shell uname -s)),dylib,so)
LIBRARY := build/lib/libparquetframe.$(SUFFIX)
# cargo leaves the shared library that the tests were built with in deps/.
TESTING_LIBRARY := $(CARGO_TARGET_DIR)/debug/deps/libparquetframe.$(SUFFIX)
PREFIX_TREE := build/prefix
RUST_SOURCES := $(shell find core ffi -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock
DECLARATIONS := bindings/python/src/parquetframe/_native/_cdef.py

.DELETE_ON_ERROR:
.PHONY: help demo test test-rust test-rust-long test-c test-r test-python test-parity test-four lint header symbols docs fmt system-packages \
	bench bench-peers bench-billion bench-parquet bench-folder instructions bless-instructions coverage fuzz test-long wheel wheel-manylinux clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 22

demo: $(VENV)/.demo ## The main job on real data: ranks, components and distances of Debian's packages
	@$(PY) examples/python/pagerank.py $(DATA)

test: test-rust test-c test-r test-python test-four ## All tests of all languages

# --- the library -------------------------------------------------------------------------------------------------------

$(LIBRARY): $(RUST_SOURCES)
	@command -v cargo >/dev/null || { echo "cargo is missing: install Rust 1.88 or newer (https://rustup.rs)" >&2; exit 1; }
	cargo rustc --locked --release -p parquetframe --lib --crate-type cdylib
	@mkdir -p $(@D)
	@cp $(CARGO_TARGET_DIR)/release/$(@F) $@

# cargo nextest where it is installed: it runs the tests of all crates side by side.
NEXTEST := $(shell cargo nextest --version >/dev/null 2>&1 && echo nextest run --no-fail-fast || echo test --no-fail-fast)

test-rust: ## Unit, property, parity and boundary tests of the crates
	cargo $(NEXTEST) --locked --workspace --features parquetframe/testing

header: ## Writes include/libparquetframe.h and the Python declarations anew
	PF_BLESS=1 cargo test --locked --workspace --features parquetframe/testing --test header -- the_header_is_current
	$(MAKE) $(VENV)/bin/python
	$(PY) -m pip install --quiet cffi
	$(PY) bindings/python/tools/make_declarations.py

# --- C and C++ ---------------------------------------------------------------------------------------------------------

test-c: $(LIBRARY) test-rust | system-packages ## C and C++: plain, under valgrind and AddressSanitizer, from the installed tree; the ABI
	@if command -v cmake >/dev/null && command -v pkg-config >/dev/null && command -v g++ >/dev/null; then \
	  tests/c/run.sh $(LIBRARY) $(TESTING_LIBRARY) $(DATA) $(PREFIX_TREE); \
	else rm -rf $(PREFIX_TREE); echo "SKIPPED: C and C++ tests: cmake, pkg-config or g++ is not installed"; fi

symbols: $(LIBRARY) ## Checks the exported symbols and the soname
	tests/abi/check.sh $(LIBRARY)

# --- R -----------------------------------------------------------------------------------------------------------------

test-r: test-c ## R CMD check and testthat, against the installed tree
	@if ! command -v R >/dev/null; then echo "SKIPPED: R tests: R is not installed"; \
	elif ! [ -d $(PREFIX_TREE) ]; then echo "SKIPPED: R tests: nothing is installed, because the C tests were skipped"; \
	else bindings/r/check.sh $(abspath $(PREFIX_TREE)); fi

# --- Python ------------------------------------------------------------------------------------------------------------

$(VENV)/bin/python:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) with venv is missing: install it (Debian: python3.11 and python3.11-venv), or name another: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(LIBRARY) $(VENV)/bin/python bindings/python/pyproject.toml bindings/python/hatch_build.py include/libparquetframe.h
	PARQUETFRAME_BUILD_LIBRARY=$(abspath $(LIBRARY)) $(PY) -m pip install --quiet --editable bindings/python
	@touch $@

$(VENV)/.test: $(VENV)/.demo tools/requirements.txt
	PARQUETFRAME_BUILD_LIBRARY=$(abspath $(LIBRARY)) $(PY) -m pip install --quiet --editable 'bindings/python[test]' -r tools/requirements.txt
	@touch $@

test-python: $(VENV)/.test test-parity ## The Python suite with each loader, and without the library
	@$(PY) -c 'import parquetframe as pf; assert pf.rust_available(), "the library that was built does not load"'
	PARQUETFRAME_FFI=cffi $(PY) -m pytest -q bindings/python
	PARQUETFRAME_FFI=ctypes $(PY) -m pytest -q bindings/python
	PARQUETFRAME_DISABLE_RUST=1 $(PY) -m pytest -q bindings/python

test-parity: $(VENV)/.test ## The parity cases are what the oracles say
	$(PY) tests/parity/generate.py --check

wheel: $(LIBRARY) $(VENV)/.test ## Builds the wheels and the source distribution in dist/, audits and imports them
	PYTHON=$(abspath $(PY)) bindings/python/tools/check_wheels.sh $(abspath $(LIBRARY)) dist

wheel-manylinux: $(VENV)/.test ## The same for machines as old as glibc 2.17
	tools/manylinux.sh

test-four: test-c $(VENV)/.test ## The example of every language prints the same ten ranks
	@if [ -d $(PREFIX_TREE) ]; then tests/four_languages.sh $(PREFIX_TREE) $(PY) $(DATA); \
	else echo "SKIPPED: the examples of all languages: nothing is installed, because the C tests were skipped"; fi

# --- checks ------------------------------------------------------------------------------------------------------------

lint: $(VENV)/.test symbols ## Formatting, clippy, ruff, header drift, symbols, workflow files
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets --features parquetframe/testing -- -D warnings
	cargo test --quiet --locked --workspace --features parquetframe/testing --test header
	$(PY) bindings/python/tools/make_declarations.py --check
	$(PY) tools/kernels.py --check
	$(PY) tools/expressions.py --check
	$(PY) tools/quote.py --check
	$(VENV)/bin/ruff check bindings/python benches tests/parity examples/python tools
	$(VENV)/bin/ruff format --check bindings/python examples/python
	$(VENV)/bin/mypy --config-file bindings/python/pyproject.toml bindings/python/src/parquetframe
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

docs: $(VENV)/.demo ## Writes anew what docs/ takes from the code
	$(PY) tools/kernels.py
	$(PY) tools/expressions.py
	$(PY) tools/quote.py

fmt: $(VENV)/.test ## Formats the code
	cargo fmt --all
	$(VENV)/bin/ruff check --fix bindings/python benches tests/parity examples/python tools

instructions: $(LIBRARY) | system-packages ## Instructions of every kernel against the baseline: fails above +10 %
	$(PYTHON) benches/instructions/run.py $(LIBRARY)

bless-instructions: $(LIBRARY) | system-packages ## Stores the instructions as the new baseline
	$(PYTHON) benches/instructions/run.py $(LIBRARY) --bless

bench: ## Criterion benches of every kernel
	cargo bench --locked -p pf-benches

bench-peers: $(VENV)/.test ## The same job with other tools, side by side; see benches/peers/README.md
	$(PY) -m pip install --quiet -r benches/peers/requirements.txt
	$(PY) benches/peers/run.py

bench-billion: $(VENV)/.test ## A graph of 2^30 edges from Parquet files within 8 GiB; needs 20 GB of free disk
	$(PY) benches/billion/run.py

bench-parquet: $(VENV)/.test ## Parquet operations with other tools, side by side; needs 5 GB of free disk
	$(PY) -m pip install --quiet -r benches/parquet/requirements.txt
	$(PY) benches/parquet/run.py

bench-folder: $(VENV)/.test ## 20 GB of Parquet files filtered and counted by each tool; needs 22 GB of free disk
	$(PY) -m pip install --quiet -r benches/parquet/requirements.txt
	$(PY) benches/parquet/folder.py

coverage: ## Line coverage of the Rust code by its tests; stores the figure
	tools/coverage.sh

test-rust-long: ## Every kernel on a star of 10^6, a path of 10^7 and the like, optimised
	cargo test --locked --release -p pf-graph-core -- --ignored

fuzz: ## The fuzz targets for ten minutes each, or FUZZ_SECONDS; needs cargo-fuzz and a nightly compiler
	tools/fuzz.sh

test-long: test-rust-long fuzz wheel-manylinux coverage ## What takes minutes: large graphs, fuzzing, wheels on all interpreters, coverage

system-packages:
	@tools/system-packages.sh

clean: ## Removes what was built here; the cache stays
	rm -rf $(VENV) build dist target
