"""Calls that take long: Ctrl-C, progress, cancellation, limits; threads and processes."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import parquetframe as pf
from parquetframe.exceptions import CancelledError, OutOfMemoryError

pytestmark = pytest.mark.rust

FOREVER = {"tolerance": 0, "max_iterations": 10**9}


@pytest.fixture(scope="module")
def graph():
    rng = np.random.default_rng(1)
    return pf.GraphFrame.from_edges(
        (rng.integers(0, 50_000, 400_000), rng.integers(0, 50_000, 400_000)), engine="rust"
    )


INTERRUPTED = """
import os, signal, threading, time
import numpy as np, parquetframe as pf

rng = np.random.default_rng(1)
edges = rng.integers(0, 50_000, 400_000), rng.integers(0, 50_000, 400_000)
graph = pf.GraphFrame.from_edges(edges, engine="rust")
sent = []

def interrupt():
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)

threading.Timer(0.4, interrupt).start()
try:
    graph.pagerank(tolerance=0, max_iterations=10**9)
except KeyboardInterrupt:
    print(time.perf_counter() - sent[0])
print(graph.pagerank(top=1).num_rows)
"""


def test_ctrl_c_ends_a_call_within_100_ms(python):
    result = python(INTERRUPTED, check=False)
    assert result.stderr == ""
    delay, rows = result.stdout.split()
    assert float(delay) < 0.1
    assert rows == "1"


def test_handlers_of_signals_run_during_a_call(graph):
    seen = []
    former = signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.perf_counter()))
    try:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        start = time.perf_counter()
        with pf.context(progress=lambda _: time.perf_counter() - start < 0.5), pytest.raises(CancelledError):
            graph.pagerank(**FOREVER)
    finally:
        signal.signal(signal.SIGUSR1, former)
    assert len(seen) == 1
    assert seen[0] - start < 0.4


def test_progress_is_seen_and_can_end_a_call(graph):
    seen = []

    def watch(fraction):
        seen.append(fraction)
        return len(seen) < 4

    with (
        pf.context(progress=watch),
        pytest.raises(CancelledError, match="the progress function ended the call"),
    ):
        graph.pagerank(**FOREVER)
    assert len(seen) == 4
    assert all(fraction is None or 0 <= fraction <= 1 for fraction in seen)
    assert threading.current_thread() is threading.main_thread()


def test_an_error_of_the_progress_function_comes_out(graph):
    def broken(_):
        raise LookupError("mine")

    with pf.context(progress=broken), pytest.raises(LookupError, match="mine"):
        graph.pagerank(**FOREVER)
    assert graph.pagerank(top=1).num_rows == 1


def test_progress_bars(graph, capsys, monkeypatch):
    def half_a_second():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph.pagerank(tolerance=0, max_iterations=300, top=1)

    with pf.context(progress=True):
        half_a_second()
    monkeypatch.setitem(__import__("sys").modules, "tqdm", None)
    monkeypatch.setenv("PARQUETFRAME_PROGRESS", "1")
    half_a_second()
    assert "pagerank" in capsys.readouterr().err


def test_a_token_ends_calls_from_another_thread(graph):
    token = pf.CancelToken()
    threading.Timer(0.2, token.cancel).start()
    start = time.perf_counter()
    with pf.context(cancel=token), pytest.raises(CancelledError, match="cancelled"):
        graph.pagerank(**FOREVER)
    assert time.perf_counter() - start < 1
    assert token.cancelled
    with pf.context(cancel=token), pytest.raises(CancelledError):
        graph.pagerank()
    assert graph.pagerank(top=1).num_rows == 1


def test_calls_in_other_threads_can_be_cancelled(graph):
    token, caught = pf.CancelToken(), []

    def work():
        with pf.context(cancel=token):
            try:
                graph.pagerank(**FOREVER)
            except CancelledError as error:
                caught.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.1)
    token.cancel()
    worker.join(5)
    assert len(caught) == 1


def test_the_memory_limit(graph):
    with pf.context(memory_limit=1000), pytest.raises(MemoryError) as caught:
        graph.pagerank()
    assert isinstance(caught.value, OutOfMemoryError)
    with pf.context(memory_limit=0):
        assert graph.pagerank(top=1).num_rows == 1


def test_results_do_not_depend_on_threads(graph):
    results = []
    for threads in (1, 2, 7, 0):
        with pf.context(threads=threads):
            results.append(graph.pagerank(output="pandas")["rank"].to_numpy().tobytes())
    assert len(set(results)) == 1


def test_wrong_limits():
    for options, error, text in (
        ({"threads": -1}, ValueError, "threads must not be negative"),
        ({"threads": 1.5}, TypeError, "threads must be an integer"),
        ({"threads": True}, TypeError, "threads must be an integer"),
        ({"memory_limit": -5}, ValueError, "memory_limit must not be negative"),
        ({"memory_limit": 1.5}, TypeError, "memory_limit must be an integer"),
        (
            {"memory_limit": "much"},
            ValueError,
            "memory_limit must be bytes or a size like '8GiB', not 'much'",
        ),
        ({"memory_limit": "9PB"}, ValueError, "not '9PB'"),
        ({"memory_limit": "1.2.3"}, ValueError, "not '1.2.3'"),
        ({"memory_limit": "9999999999TiB"}, ValueError, "memory_limit must fit into 64 bits"),
    ):
        with pytest.raises(error, match=text), pf.context(**options):
            pass


def test_limits_with_units(graph):
    for text, found in (
        ("4096", 4096),
        ("8GiB", 8 << 30),
        (" 500 MB ", 500_000_000),
        ("1.5kib", 1536),
        ("0", 0),
    ):
        with pf.context(memory_limit=text) as limits:
            assert limits.memory_limit == found
    with pf.context(memory_limit="1kB"), pytest.raises(OutOfMemoryError):
        graph.pagerank()


def test_contexts_nest(graph):
    with pf.context(threads=2) as outer, pf.context(memory_limit=10**9) as inner:
        assert (outer.threads, outer.memory_limit) == (2, None)
        assert (inner.threads, inner.memory_limit) == (2, 10**9)
        assert graph.pagerank(top=1).num_rows == 1


def test_other_threads_run_during_a_call(graph):
    """The interpreter's lock is released."""
    count, stop = 0, threading.Event()

    def tick():
        nonlocal count
        while not stop.is_set():
            count += 1
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    start = time.perf_counter()
    ticker.start()
    with pf.context(progress=lambda _: time.perf_counter() - start < 0.3), pytest.raises(CancelledError):
        graph.pagerank(**FOREVER)
    stop.set()
    ticker.join()
    assert count > 20


def test_16_threads_share_a_graph(graph):
    expected = (
        graph.pagerank(output="pandas"),
        graph.connected_components(output="pandas"),
        graph.bfs(0, output="pandas"),
    )

    def work(number):
        call = (graph.pagerank, graph.connected_components, lambda **o: graph.bfs(0, **o))[number % 3]
        return number, call(output="pandas")

    with ThreadPoolExecutor(16) as pool:
        for number, found in pool.map(work, range(48)):
            assert found.equals(expected[number % 3])


def test_threads_may_close_while_others_compute(graph):
    edges = np.arange(100_000)
    shared = pf.GraphFrame.from_edges((edges, edges[::-1].copy()), engine="rust")
    barrier, errors = threading.Barrier(8), []

    def work(number):
        barrier.wait()
        try:
            if number == 7:
                shared.close()
            else:
                shared.pagerank(top=3)
        except pf.exceptions.InvalidArgumentError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(errors) <= {"the graph is closed"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_computes(graph):
    expected = graph.pagerank(output="pandas")["rank"].to_numpy().tobytes()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(
                writer,
                b"same"
                if graph.pagerank(output="pandas")["rank"].to_numpy().tobytes() == expected
                else b"other",
            )
        finally:
            os._exit(0)
    os.close(writer)
    deadline = time.monotonic() + 30
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            pytest.fail("the child hangs")
        time.sleep(0.01)
    assert os.read(reader, 10) == b"same"
    os.close(reader)


def test_a_spawned_process_gets_the_graph(python, graph, tmp_path):
    (tmp_path / "graph.pickle").write_bytes(pickle.dumps(graph))
    code = f"import pickle; print(pickle.load(open({str(tmp_path / 'graph.pickle')!r}, 'rb')).pagerank(top=1).to_pydict()['vertex'])"
    assert python(code) == str(graph.pagerank(top=1).to_pydict()["vertex"])


def test_nothing_leaks():
    import gc
    import resource

    def round_trip():
        edges = np.arange(20_000)
        with pf.GraphFrame.from_edges((edges, edges[::-1].copy()), engine="rust") as graph:
            graph.pagerank().to_pydict()
            graph.csr()
            graph.bfs(source=0).__arrow_c_stream__()

    for _ in range(20):
        round_trip()
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(150):
        round_trip()
    # 150 rounds that kept what they make would be about 300 MB more.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_log_messages_that_cannot_be_written_end_nothing():
    code = (
        "import parquetframe as pf\n"
        "graph = pf.GraphFrame.from_edges(([1, 2], [2, 3]), engine='rust')\n"
        "print(len(graph.pagerank()))\n"
    )
    env = {**os.environ, "PARQUETFRAME_RUST_LOG": "debug"}
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=full, check=False
        )
    assert (run.returncode, run.stdout) == (0, b"3\n")
