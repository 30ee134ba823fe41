"""What the tests share: the engines, and a way to run code in an interpreter of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import parquetframe as pf

ROOT = Path(__file__).resolve().parents[3]
DEBIAN = ROOT / "examples" / "data" / "debian-bookworm-dependencies.parquet"

settings.register_profile(
    "suite",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("suite")


def why_no_rust() -> str | None:
    try:
        from parquetframe._engines import require_rust

        require_rust()
    except pf.exceptions.UnsupportedError as error:
        return error.message
    return None


NO_RUST = why_no_rust()
needs_rust = pytest.mark.skipif(NO_RUST is not None, reason=NO_RUST or "")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("rust"):
            item.add_marker(needs_rust)


def pytest_report_header():
    if NO_RUST:
        return f"Rust: {NO_RUST}"
    from parquetframe._native.library import load

    return f"Rust: {load()!r}"


@pytest.fixture(params=[pytest.param("rust", marks=needs_rust), "pandas"])
def engine(request):
    return request.param


@pytest.fixture(autouse=True)
def clean_state():
    """Every test begins with the defaults."""
    pf.reset_config()
    pf.reset_stats()
    yield
    pf.reset_config()


@pytest.fixture
def python():
    """Runs code in a new interpreter and gives what it printed; environment variables are keywords, None
    removes one.
    """

    def run(code: str, *, check: bool = True, timeout: float = 60, **environment: str | None):
        variables = {**os.environ, **{k: v for k, v in environment.items() if v is not None}}
        for name in [name for name, value in environment.items() if value is None]:
            variables.pop(name, None)
        result = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=variables,
            check=False,
        )
        if check:
            assert result.returncode == 0, result.stderr
            return result.stdout.strip()
        return result

    return run
