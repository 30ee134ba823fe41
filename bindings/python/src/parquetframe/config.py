"""Settings of the process.

Precedence: argument of the call > environment variable > `set_config` > default. Variables are read when a
setting is used, so that setting one has an effect at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

__all__ = ["Config", "config_context", "get_config", "reset_config", "set_config"]


@dataclass
class Config:
    """All settings with their defaults.

    A setting that an environment variable sets is read from there first.
    """

    default_engine: str | None = None
    pandas_threshold_mb: float = 100.0
    polars_threshold_mb: float = 10000.0
    default_entity_format: Literal["parquet", "avro", "csv"] = "parquet"
    default_entity_base_path: Path | None = None
    default_compression: str | None = None
    chunk_size: int = 10000
    verbose: bool = False
    show_warnings: bool = True
    progress_bar: bool = False
    parallel_read: bool = True
    max_workers: int | None = None
    use_rust_backend: bool = True
    rust_io_enabled: bool = True
    rust_graph_enabled: bool = True

    def __post_init__(self) -> None:
        # What was set to something since, be it to the default.
        self.__dict__["_chosen"] = set()

    def __getattribute__(self, name: str) -> Any:
        found = _from_environment(name)
        return object.__getattribute__(self, name) if found is None else found

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        self.__dict__.setdefault("_chosen", set()).add(name)

    def chosen(self, name: str) -> Any:
        """The value of a setting that a variable or somebody set; None where nobody touched the default."""
        found = _from_environment(name)
        if found is None and name in self.__dict__["_chosen"]:
            found = object.__getattribute__(self, name)
        return found

    def set(self, **kwargs: Any) -> None:
        """Sets several settings. Raises ValueError for an unknown one, and then sets none."""
        for name in kwargs:
            if name not in _NAMES:
                raise ValueError(f"Unknown configuration key: {name}")
        for name, value in kwargs.items():
            setattr(self, name, value)

    def reset(self) -> None:
        """Sets everything to the defaults."""
        for field in fields(self):
            setattr(self, field.name, field.default)
        self.__dict__["_chosen"].clear()

    def to_dict(self) -> dict[str, Any]:
        """All settings as they count now; paths as text."""
        values = {name: getattr(self, name) for name in _NAMES}
        return {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, config_dict: dict[str, Any]) -> Config:
        """Settings from a dictionary; unknown keys are left out."""
        known = {name: value for name, value in config_dict.items() if name in _NAMES}
        if isinstance(known.get("default_entity_base_path"), str):
            known["default_entity_base_path"] = Path(known["default_entity_base_path"])
        return cls(**known)


_NAMES = tuple(field.name for field in fields(Config))


def _truth(text: str) -> bool:
    return text.strip().lower() in ("1", "true", "yes")


def _one_of(*accepted: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in accepted:
            raise ValueError(text)
        return text.lower()

    return read


def _off(text: str) -> bool:
    if not _truth(text):
        raise ValueError(text)
    return False


_VARIABLES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "default_engine": ("PARQUETFRAME_ENGINE", _one_of("pandas", "polars", "dask", "rust")),
    "pandas_threshold_mb": ("PARQUETFRAME_PANDAS_THRESHOLD_MB", float),
    "polars_threshold_mb": ("PARQUETFRAME_POLARS_THRESHOLD_MB", float),
    "default_entity_format": ("PARQUETFRAME_ENTITY_FORMAT", _one_of("parquet", "avro", "csv")),
    "default_entity_base_path": ("PARQUETFRAME_ENTITY_BASE_PATH", Path),
    "verbose": ("PARQUETFRAME_VERBOSE", _truth),
    "show_warnings": ("PARQUETFRAME_QUIET", _off),
    "progress_bar": ("PARQUETFRAME_PROGRESS", _truth),
    "use_rust_backend": ("PARQUETFRAME_DISABLE_RUST", _off),
    "rust_io_enabled": ("PARQUETFRAME_DISABLE_RUST_IO", _off),
    "rust_graph_enabled": ("PARQUETFRAME_DISABLE_RUST_GRAPH", _off),
}


def _from_environment(name: str) -> Any:
    """What a variable says about a setting; None where there is none, or one that makes no sense."""
    variable = _VARIABLES.get(name)
    text = None if variable is None else os.environ.get(variable[0])
    if variable is None or text is None:
        return None
    try:
        return variable[1](text)
    except ValueError:
        return None


_config = Config()


def get_config() -> Config:
    """The settings of the process."""
    return _config


def set_config(**kwargs: Any) -> None:
    """Sets settings of the process. Raises ValueError "Unknown configuration key" for an unknown one."""
    _config.set(**kwargs)


def reset_config() -> None:
    """Back to the defaults, with new settings for the process."""
    global _config
    _config = Config()


@contextmanager
def config_context(**kwargs: Any) -> Iterator[Config]:
    """Sets settings inside a `with` block and puts the former ones back after it.

    Unknown ones are an AttributeError.
    """
    for name in kwargs:
        if name not in _NAMES:
            raise AttributeError(f"Unknown configuration key: {name}")
    config = get_config()
    former = {name: object.__getattribute__(config, name) for name in kwargs}
    chosen = set(config.__dict__["_chosen"])
    config.set(**kwargs)
    try:
        yield config
    finally:
        config.set(**former)
        config.__dict__["_chosen"] -= kwargs.keys() - chosen
