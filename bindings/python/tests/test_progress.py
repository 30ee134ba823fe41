"""Bars: where they are shown without being asked for, where not, and how they are turned off."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
import time
import types

import numpy as np
import pytest

import parquetframe as pf
from parquetframe._native import calls, progress
from parquetframe._native.progress import ProgressBar, progress_function
from parquetframe.config import Config
from parquetframe.exceptions import CancelledError

fcntl = pytest.importorskip("fcntl")
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")


class Terminal:
    """Standard error that says that it is a terminal."""

    def __init__(self, tells=True):
        self.tells, self.text = tells, ""

    def isatty(self):
        return self.tells

    def write(self, text):
        self.text += text

    def flush(self):
        pass


@pytest.fixture
def attach(monkeypatch):
    """Makes standard error a terminal from there on: pytest puts its own there after the set-up."""
    monkeypatch.delenv("PARQUETFRAME_PROGRESS", raising=False)

    def attach():
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return attach


# ---- whether there is one ----


def test_long_reads_have_a_bar_in_a_terminal(attach, monkeypatch):
    terminal = attach()
    assert isinstance(progress_function(None, "read_parquet", shows=True), ProgressBar)
    assert progress_function(None, "pagerank") is None
    assert progress_function(False, "read_parquet", shows=True) is None
    terminal.tells = False
    assert progress_function(None, "read_parquet", shows=True) is None
    monkeypatch.setattr(sys, "stderr", None)
    assert progress_function(None, "read_parquet", shows=True) is None


def test_and_in_a_notebook(attach, monkeypatch):
    terminal = attach()
    terminal.tells = False
    shell = types.SimpleNamespace(kernel=object())
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    assert isinstance(progress_function(None, "read_parquet", shows=True), ProgressBar)
    shell.kernel = None  # IPython in a terminal that is none
    assert progress_function(None, "read_parquet", shows=True) is None


def test_no_bar_on_other_threads(attach):
    attach()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(progress_function, None, "read_parquet", True).result() is None


def test_the_setting_and_the_variable_turn_it_off_and_on(attach, monkeypatch):
    terminal = attach()
    pf.set_config(progress_bar=False)
    assert progress_function(None, "read_parquet", shows=True) is None
    pf.reset_config()
    with pf.config_context(progress_bar=False):
        assert progress_function(None, "read_parquet", shows=True) is None
    assert progress_function(None, "read_parquet", shows=True) is not None
    monkeypatch.setenv("PARQUETFRAME_PROGRESS", "0")
    assert progress_function(None, "read_parquet", shows=True) is None
    terminal.tells = False
    monkeypatch.setenv("PARQUETFRAME_PROGRESS", "1")
    assert progress_function(None, "pagerank") is not None


def test_settings_know_whether_they_were_set(monkeypatch):
    monkeypatch.delenv("PARQUETFRAME_PROGRESS", raising=False)
    config = Config()
    assert config.chosen("progress_bar") is None
    config.progress_bar = False
    assert config.chosen("progress_bar") is False
    config.reset()
    assert config.chosen("progress_bar") is None
    monkeypatch.setenv("PARQUETFRAME_PROGRESS", "yes")
    assert config.chosen("progress_bar") is True
    assert "progress_bar" in config.to_dict()
    assert "_chosen" not in config.to_dict()
    assert Config() == Config()
    pf.set_config(verbose=True)
    with pf.config_context(verbose=False, progress_bar=True):
        pass
    assert pf.get_config().chosen("verbose") is True


# ---- what it shows ----


@pytest.mark.parametrize("with_tqdm", [True, False])
def test_what_a_bar_shows(attach, monkeypatch, with_tqdm):
    terminal = attach()
    if with_tqdm:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm", None)
    clock = [100.0]
    monkeypatch.setattr(progress, "time", types.SimpleNamespace(monotonic=lambda: clock[0]))
    bar = ProgressBar("read_parquet", delay=0.5)
    bar(0.1)
    clock[0] = 100.4
    bar(0.2)
    assert terminal.text == ""
    clock[0] = 100.6
    bar(None)
    assert "read_parquet" in terminal.text
    assert "%" not in terminal.text
    clock[0] = 100.65
    bar(0.3)
    assert "%" not in terminal.text
    clock[0] = 101
    bar(0.25)
    assert "25" in terminal.text
    bar.close()
    # The line is empty again.
    assert terminal.text.rstrip("\r").endswith(" ")
    before = terminal.text
    clock[0] = 105
    bar(0.5)
    bar.close()
    assert terminal.text == before


def test_a_terminal_that_has_gone_ends_nothing(attach, monkeypatch):
    terminal = attach()
    monkeypatch.setitem(sys.modules, "tqdm", None)

    def gone(text):
        raise OSError("input/output error")

    bar = ProgressBar("read_parquet", delay=1e-9)
    monkeypatch.setattr(terminal, "write", gone)
    time.sleep(0.01)
    bar(0.5)
    bar.close()


# ---- in a terminal ----

LONG = """
import parquetframe as pf

path, target = PATHS
CALL
"""


def in_a_terminal(code, **environment):
    """What a new interpreter writes to standard error, which is a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # all who had the other end are gone
            break
        if not part:
            break
        text += part
    os.close(ours)
    assert process.wait(60) == 0, text.decode(errors="replace")
    return text.decode(errors="replace")


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("progress")
    rng = np.random.default_rng(1)
    data = {"x": rng.random(1_000_000), "y": rng.random(1_000_000)}
    pf.write_parquet(data, folder / "rows.parquet", compression="none")
    return str(folder / "rows.parquet"), str(folder / "written.parquet")


HEAVY = " + ".join(f"sin(x * {k})" for k in range(1, 13))
CALLS = {
    "read_parquet": f'pf.read_parquet([path] * 7, engine="rust", filters="{HEAVY} > 100")',
    "count": f'pf.scan_parquet([path] * 7, filters="{HEAVY} > 100").count()',
    "collect": f'pf.scan_parquet([path] * 7).filter("{HEAVY} > 100").to_pandas()',
    "write_parquet": 'pf.write_parquet(pf.scan_parquet([path] * 2), target, compression="zstd(19)")',
    "write_parquet of arrays": 'pf.write_parquet(pf.read_parquet([path] * 2, engine="rust").native, target, compression="zstd(19)")',
}


@pytest.mark.rust
@pytest.mark.parametrize("name", CALLS)
def test_a_long_call_in_a_terminal(paths, name):
    code = LONG.replace("PATHS", repr(paths)).replace("CALL", CALLS[name])
    label = {"collect": "read_parquet", "write_parquet of arrays": "write_parquet"}.get(name, name)
    assert label in in_a_terminal(code, PARQUETFRAME_RUST_THREADS="1")


@pytest.mark.rust
def test_no_bar_where_nobody_watches_or_wants_one(paths, python):
    code = LONG.replace("PATHS", repr(paths)).replace("CALL", CALLS["read_parquet"])
    assert in_a_terminal(code, PARQUETFRAME_RUST_THREADS="1", PARQUETFRAME_PROGRESS="0") == ""
    off = code.replace("path,", "pf.set_config(progress_bar=False); path,")
    assert in_a_terminal(off, PARQUETFRAME_RUST_THREADS="1") == ""
    result = python(code, check=False, PARQUETFRAME_RUST_THREADS="1")
    assert (result.returncode, result.stderr) == (0, "")
    short = LONG.replace("PATHS", repr(paths)).replace(
        "CALL", 'pf.read_parquet(path, engine="rust", limit=5)'
    )
    assert in_a_terminal(short) == ""


def test_fractions_come_to_the_thread_that_asked():
    """Work on a thread of its own is told of by this one."""
    seen, threads = [], set()

    def watch(fraction):
        threads.add(threading.current_thread())
        seen.append(fraction)

    def work():
        time.sleep(0.1)
        calls._limits.get().progress(0.25)
        time.sleep(0.1)
        return threading.current_thread()

    with pf.context(progress=watch):
        worker = calls.read_beside(work, pf.CancelToken(), "read_parquet")
    assert seen[0] is None
    assert seen[-1] == 0.25
    assert threads == {threading.current_thread()} != {worker}


@pytest.mark.rust
def test_progress_functions_see_reads_and_end_them(paths):
    seen = []

    def watch(fraction):
        seen.append(fraction)
        return len(seen) < 3

    scan = pf.scan_parquet([paths[0]] * 12, filters=f"{HEAVY} > 100")
    for call in (scan.count, scan.collect, lambda: pf.write_parquet(scan, paths[1] + ".never")):
        seen.clear()
        with pf.context(progress=watch), pytest.raises(CancelledError, match="the progress function"):
            call()
        assert len(seen) == 3
        assert all(fraction is None or 0 <= fraction <= 1 for fraction in seen)
    assert not os.path.exists(paths[1] + ".never")
