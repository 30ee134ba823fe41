"""Bars that show how far a call is: those that were asked for, and those of long reads and writes where a
person watches.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

ProgressFunction = Callable[[float | None], Any]

# A call that is over sooner shows nothing, unless a bar was asked for.
DELAY = 0.5
# More often than this nobody sees a bar move.
_EVERY = 0.1
_UNKNOWN = "{desc}: {elapsed}"
_KNOWN = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}"


def progress_function(
    progress: ProgressFunction | bool | None, label: str, shows: bool = False
) -> ProgressFunction | None:
    """What is to see the progress of a call; None where nothing is.

    `progress`: what `pf.context` says, which counts before the setting `progress_bar`. Where neither was ever
    set, a call that `shows` by itself gets a bar after `DELAY` seconds, where a person watches.
    """
    from ..config import get_config

    if progress is None:
        progress = get_config().chosen("progress_bar")
    if callable(progress):
        return progress
    if progress is None:
        return ProgressBar(label.removeprefix("pf_"), DELAY) if shows and is_watched() else None
    return ProgressBar(label.removeprefix("pf_")) if progress else None


def is_watched() -> bool:
    """Whether a person sees what this thread writes to standard error: in a terminal, or in a notebook.

    Threads other than the main one write over each other's bars: nobody watches them.
    """
    if threading.current_thread() is not threading.main_thread():
        return False
    return in_notebook() or _is_terminal()


def in_notebook() -> bool:
    """Whether this is the kernel of a notebook. IPython is not imported to find out."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else getattr(ipython, "get_ipython", lambda: None)()
    return shell is not None and getattr(shell, "kernel", None) is not None


def _is_terminal() -> bool:
    try:
        return bool(sys.stderr.isatty())
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


class ProgressBar:
    """A bar on standard error, by tqdm where that is installed, from `delay` seconds on.

    It is called with the fraction done, None while unknown: then it shows the time alone.
    """

    def __init__(self, label: str, delay: float = 0) -> None:
        self.label = label
        self.start = time.monotonic()
        self.due = self.start + delay
        self.bar: Any = None
        self.shown = False
        if not delay:
            self(None)

    def __call__(self, fraction: float | None) -> None:
        now = time.monotonic()
        if now < self.due:
            return
        self.due = now + _EVERY
        # A terminal that has gone is no reason to end a read.
        with suppress(OSError, ValueError):
            self._show(now, None if fraction is None else int(100 * min(fraction, 1)))

    def _show(self, now: float, percent: int | None) -> None:
        if not self.shown:
            self.shown = True
            self.bar = _tqdm_bar(self.label, self.start)
        if self.bar is not None:
            self.bar.bar_format = _UNKNOWN if percent is None else _KNOWN
            self.bar.n = percent or 0
            self.bar.refresh()
        else:
            text = f"{now - self.start:3.0f} s" if percent is None else f"{percent:3d} %"
            print(f"\r{self.label}: {text}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Takes the bar away; in a file its last state stays."""
        with suppress(OSError, ValueError):
            if self.bar is not None:
                self.bar.close()
            elif self.shown:
                end = f"\r{' ' * (len(self.label) + 20)}\r" if _is_terminal() else "\n"
                print(end, end="", file=sys.stderr, flush=True)
        self.shown, self.bar, self.due = False, None, float("inf")


def _tqdm_bar(label: str, start: float) -> Any:
    """A bar of tqdm that counts from `start`; None where tqdm is not installed."""
    try:
        if in_notebook():
            import ipywidgets  # noqa: F401  (without it tqdm warns, and shows text)
            from tqdm.notebook import tqdm
        else:
            from tqdm import tqdm
    except ImportError:
        try:
            from tqdm import tqdm
        except ImportError:
            return None
    bar = tqdm(total=100, desc=label, leave=False, bar_format=_UNKNOWN, delay=0 if in_notebook() else 1e-6)
    bar.start_t -= time.monotonic() - start
    return bar
