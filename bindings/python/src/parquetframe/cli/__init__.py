"""The command `pframe`: what files say of themselves, for people and as JSON.

It is written with click and rich, the extra "cli" of this package; `run` says so where they are missing.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..exceptions import DependencyError

if TYPE_CHECKING:
    from .app import console, main

__all__ = ["Path", "console", "main", "run"]

_INSTALL = "pip install 'parquetframe[cli]'"


def __getattr__(name: str) -> Any:
    if name not in ("console", "main"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    missing = _missing()
    if missing is not None:
        raise DependencyError(missing, "the command pframe", _INSTALL)
    from . import app

    globals().update(console=app.console, main=app.main)
    return globals()[name]


def run() -> int:
    """Runs the command with the arguments of the process; what the shell calls `pframe`.

    Gives 1, and says which extra to install, where click or rich is missing; otherwise click ends the
    process, with 0, with 1 for files that cannot be read, or with 2 for a wrong use.
    """
    missing = _missing()
    if missing is not None:
        print(f"pframe needs the package {missing}, of the extra 'cli': {_INSTALL}", file=sys.stderr)
        return 1
    from .app import main

    main(prog_name="pframe")
    return 0


def _missing() -> str | None:
    """The first package of the extra that is not installed."""
    for name in ("click", "rich"):
        # None in sys.modules is how a test hides a module.
        if (name in sys.modules and sys.modules[name] is None) or (
            name not in sys.modules and importlib.util.find_spec(name) is None
        ):
            return name
    return None
