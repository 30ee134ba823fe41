"""Modules that have the name of their function, and can be called as it."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    """A module whose call is that of its function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # Looked up at each call, so that replacing the function in the module has an effect.
        return self.__dict__[self.__name__.rpartition(".")[2]](*args, **kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        return importlib.import_module, (self.__name__,)


def make_callable(name: str, function: Callable[..., Any]) -> None:
    """Lets a module be called as the function of its name, with its signature and documentation.

    A package can have one thing of a name only, and both are asked for: `algo.pagerank(graph)`, and
    `import parquetframe.graph.algo.pagerank as module`.
    """
    module = sys.modules[name]
    module.__class__ = _CallableModule
    module.__doc__ = function.__doc__
    module.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
