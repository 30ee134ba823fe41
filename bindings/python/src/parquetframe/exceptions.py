"""The exceptions of ParquetFrame.

Everything that this package raises on purpose derives from `ParquetFrameError`. Errors of the kernels also
derive from the builtin that fits, so that `except ValueError` or `except FileNotFoundError` work as they do
elsewhere:

>>> issubclass(NotFoundError, OSError), issubclass(InvalidArgumentError, ValueError)
(True, True)
"""

from __future__ import annotations

import builtins
import importlib.util
from typing import Any, ClassVar

__all__ = [
    "AIError",
    "AlreadyExistsError",
    "ArithmeticFailure",
    "BackendError",
    "CancelledError",
    "ConfigurationError",
    "ConflictError",
    "CorruptDataError",
    "DataSourceError",
    "DependencyError",
    "FileNotFoundError",
    "IOFailure",
    "InternalError",
    "InvalidArgumentError",
    "NotFoundError",
    "OutOfMemoryError",
    "ParquetFrameError",
    "QueryError",
    "TimeoutExpiredError",
    "UnsupportedError",
    "ValidationError",
    "WrongTypeError",
    "check_dependencies",
    "error_of_status",
    "format_dependency_status",
    "suggest_installation_commands",
]


class ParquetFrameError(Exception):
    """Base of all errors: a message, and where they help a suggestion, a code and details."""

    def __init__(
        self,
        message: str,
        suggestion: str | None = None,
        error_code: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.error_code = error_code
        self.details = details or {}

    def __str__(self) -> str:
        text = f"❌ {self.message}"
        if self.suggestion:
            text += f"\n💡 {self.suggestion}"
        return f"{text} (Error: {self.error_code})" if self.error_code else text

    def __reduce__(self) -> tuple[Any, ...]:
        # Subclasses have constructors of their own: an unpickled error gets its state, not its arguments.
        return _restore, (type(self), self.args), self.__dict__


def _restore(cls: type[ParquetFrameError], args: tuple[Any, ...]) -> ParquetFrameError:
    error = cls.__new__(cls, *args)
    error.args = args
    return error


# ---- one class per status code of the C API ----


class StatusError(ParquetFrameError):
    """Base of the errors that stand for a status code of the C API; `str()` is the plain message."""

    status: ClassVar[int] = 0
    code: ClassVar[str] = "OK"

    def __init__(
        self, message: str, suggestion: str | None = None, details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message, suggestion, self.code, details)

    def __str__(self) -> str:
        return f"{self.message}\n{self.suggestion}" if self.suggestion else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.suggestion, self.details)


class InvalidArgumentError(StatusError, ValueError):
    """The call is wrong: an argument is missing, unknown or out of range."""

    status, code = 1, "INVALID_ARGUMENT"


class NotFoundError(StatusError, builtins.FileNotFoundError):
    """A file or store does not exist. (An unknown vertex or column is an `InvalidArgumentError`.)"""

    status, code = 2, "NOT_FOUND"


class AlreadyExistsError(StatusError, FileExistsError):
    """What was to be created exists."""

    status, code = 3, "ALREADY_EXISTS"


class IOFailure(StatusError, OSError):
    """The operating system, or the producer of a stream, failed."""

    status, code = 4, "IO"


class CorruptDataError(StatusError, ValueError):
    """The data, not the call, is bad."""

    status, code = 5, "CORRUPT"


class UnsupportedError(StatusError, NotImplementedError):
    """The call is right, but this build or engine cannot do it; also: the Rust library is not there."""

    status, code = 6, "UNSUPPORTED"


class OutOfMemoryError(StatusError, MemoryError):
    """The memory limit or the machine's memory is used up."""

    status, code = 7, "OUT_OF_MEMORY"


class CancelledError(StatusError):
    """A cancel token or a progress callback asked for the end."""

    status, code = 8, "CANCELLED"


class TimeoutExpiredError(StatusError, TimeoutError):
    """A time limit passed."""

    status, code = 9, "TIMEOUT"


class ConflictError(StatusError):
    """Somebody else was first: a lost compare-and-set, a held lock."""

    status, code = 10, "CONFLICT"


class ArithmeticFailure(StatusError, ArithmeticError):
    """Overflow or division by zero."""

    status, code = 11, "ARITHMETIC"


class WrongTypeError(StatusError, TypeError):
    """A value has the wrong type."""

    status, code = 12, "TYPE"


class InternalError(StatusError):
    """A bug of the library: please report it with what led to it."""

    status, code = 99, "INTERNAL"


_BY_STATUS: dict[int, type[StatusError]] = {cls.status: cls for cls in StatusError.__subclasses__()}
_BY_CODE: dict[str, type[StatusError]] = {cls.code: cls for cls in StatusError.__subclasses__()}


def error_of_status(status: int | str, message: str) -> StatusError:
    """The exception for a status code, by number or by name (`"CORRUPT"`).

    Unknown codes are an `InternalError`.
    """
    table: dict[Any, type[StatusError]] = _BY_CODE if isinstance(status, str) else _BY_STATUS
    return table.get(status, InternalError)(message)


# ---- the classes of the earlier versions ----


class BackendError(ParquetFrameError):
    """An engine failed, or is there in a version that does not fit."""

    def __init__(self, backend_type: str, operation: str, underlying_error: Exception | None = None) -> None:
        super().__init__(
            f"{backend_type} backend failed during {operation}"
            + (f": {underlying_error}" if underlying_error is not None else ""),
            f"Try another engine, or check the installation of {backend_type}",
            "BACKEND_ERROR",
            {
                "backend_type": backend_type,
                "operation": operation,
                "underlying_error": str(underlying_error or ""),
            },
        )
        self.backend_type = backend_type
        self.operation = operation
        self.underlying_error = underlying_error


class FileNotFoundError(ParquetFrameError):
    """A file of a higher layer is missing. Not the builtin: readers raise `NotFoundError`, which is."""

    def __init__(self, file_path: str, additional_context: str | None = None) -> None:
        super().__init__(
            f"File not found: {file_path}" + (f" ({additional_context})" if additional_context else ""),
            "Check the path and its spelling",
            "FILE_NOT_FOUND",
            {"file_path": str(file_path)},
        )
        self.file_path = file_path


class ValidationError(ParquetFrameError):
    """Data did not pass its checks."""

    def __init__(
        self, validation_type: str, failed_checks: list[str], data_info: dict[str, Any] | None = None
    ) -> None:
        super().__init__(
            f"{validation_type} validation failed: {'; '.join(failed_checks)}",
            "Correct the data, or relax the checks",
            "VALIDATION_ERROR",
            {
                "validation_type": validation_type,
                "failed_checks": failed_checks,
                "data_info": data_info or {},
            },
        )
        self.validation_type = validation_type
        self.failed_checks = failed_checks


class DependencyError(ParquetFrameError):
    """An optional package is not installed."""

    def __init__(
        self,
        missing_package: str,
        feature: str,
        install_command: str | None = None,
        alternative: str | None = None,
    ) -> None:
        suggestion = f"Install it: {install_command or f'pip install {missing_package}'}"
        super().__init__(
            f"Missing dependency '{missing_package}' for {feature}",
            f"{suggestion}, or use {alternative}" if alternative else suggestion,
            "MISSING_DEPENDENCY",
            {"missing_package": missing_package, "feature": feature},
        )
        self.missing_package = missing_package
        self.feature = feature


class DataSourceError(ParquetFrameError):
    """A database or another source of data failed."""

    def __init__(
        self,
        source_type: str,
        source_location: str,
        underlying_error: Exception | None = None,
        troubleshooting_steps: list[str] | None = None,
    ) -> None:
        super().__init__(
            f"{source_type} source failed: {source_location}"
            + (f": {underlying_error}" if underlying_error is not None else ""),
            "; ".join(troubleshooting_steps) if troubleshooting_steps else None,
            "DATA_SOURCE_ERROR",
            {"source_type": source_type, "source_location": source_location},
        )
        self.underlying_error = underlying_error


class QueryError(ParquetFrameError):
    """A query failed."""

    def __init__(
        self, query: str, error_message: str, query_type: str = "SQL", suggestions: list[str] | None = None
    ) -> None:
        super().__init__(
            f"{query_type} query failed: {error_message}",
            "; ".join(suggestions) if suggestions else None,
            "QUERY_ERROR",
            {"query": query, "query_type": query_type},
        )
        self.query = query


class AIError(ParquetFrameError):
    """A language model did not give a usable answer."""

    def __init__(
        self, operation: str, error_message: str, natural_language_input: str | None = None, attempts: int = 1
    ) -> None:
        super().__init__(
            f"{operation} failed after {attempts} attempt(s): {error_message}",
            "Say it in other words, or write the query yourself",
            "AI_ERROR",
            {"operation": operation, "input": natural_language_input, "attempts": attempts},
        )


class ConfigurationError(ParquetFrameError):
    """A setting is wrong."""

    def __init__(self, config_item: str, issue: str, expected_format: str | None = None) -> None:
        super().__init__(
            f"Configuration error in '{config_item}': {issue}",
            f"Expected: {expected_format}" if expected_format else None,
            "CONFIG_ERROR",
            {"config_item": config_item},
        )
        self.config_item = config_item


# ---- what is installed ----

_PACKAGES = ("pandas", "pyarrow", "ollama", "prompt_toolkit", "rich", "sqlalchemy", "duckdb", "polars")


def check_dependencies() -> dict[str, bool]:
    """Which of the packages that ParquetFrame can use are installed. None of them is imported."""
    return {name: importlib.util.find_spec(name) is not None for name in _PACKAGES}


def format_dependency_status() -> str:
    """The answer of `check_dependencies` as text, a line for each package."""
    return "\n".join(f"{'✅' if there else '❌'} {name}" for name, there in check_dependencies().items())


def suggest_installation_commands() -> dict[str, str]:
    """The command that installs each package that is missing."""
    return {name: f"pip install {name}" for name, there in check_dependencies().items() if not there}
