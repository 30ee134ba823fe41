"""Errors: one class per status code, which is also the builtin that users catch, and the classes of
earlier versions.
"""

from __future__ import annotations

import builtins
import pickle

import pytest

from parquetframe import exceptions as ex
from parquetframe._native.errors import tagged_error

STATUS = [
    (1, "INVALID_ARGUMENT", ex.InvalidArgumentError, ValueError),
    (2, "NOT_FOUND", ex.NotFoundError, builtins.FileNotFoundError),
    (3, "ALREADY_EXISTS", ex.AlreadyExistsError, FileExistsError),
    (4, "IO", ex.IOFailure, OSError),
    (5, "CORRUPT", ex.CorruptDataError, ValueError),
    (6, "UNSUPPORTED", ex.UnsupportedError, NotImplementedError),
    (7, "OUT_OF_MEMORY", ex.OutOfMemoryError, MemoryError),
    (8, "CANCELLED", ex.CancelledError, ex.ParquetFrameError),
    (9, "TIMEOUT", ex.TimeoutExpiredError, TimeoutError),
    (10, "CONFLICT", ex.ConflictError, ex.ParquetFrameError),
    (11, "ARITHMETIC", ex.ArithmeticFailure, ArithmeticError),
    (12, "TYPE", ex.WrongTypeError, TypeError),
    (99, "INTERNAL", ex.InternalError, ex.ParquetFrameError),
]


@pytest.mark.parametrize(("number", "name", "cls", "builtin"), STATUS)
def test_every_status_has_its_exception(number, name, cls, builtin):
    for status in (number, name):
        error = ex.error_of_status(status, "what happened")
        assert type(error) is cls
        assert isinstance(error, builtin)
        assert isinstance(error, ex.ParquetFrameError)
        assert (str(error), error.message, error.error_code, error.status) == (
            "what happened",
            "what happened",
            name,
            number,
        )
    with pytest.raises(builtin, match="what happened"):
        raise error


def test_codes_are_those_of_the_header():
    from parquetframe._native import _ctypes_decl

    declared = {name[3:]: value for name, value in vars(_ctypes_decl).items() if name.startswith("PF_")}
    declared = {name: value for name, value in declared.items() if name not in ("OK", "ABI_VERSION")}
    assert declared == {name: number for number, name, _, _ in STATUS}


def test_unknown_codes_are_internal_errors():
    assert type(ex.error_of_status(77, "x")) is ex.InternalError
    assert type(ex.error_of_status("NEW", "x")) is ex.InternalError


@pytest.mark.parametrize(
    ("text", "cls", "message"),
    [
        ("[PF_CORRUPT] x.parquet is damaged", ex.CorruptDataError, "x.parquet is damaged"),
        ("External error: [PF_TYPE] a [b] c", ex.WrongTypeError, "a [b] c"),
        ("disk on fire", ex.IOFailure, "disk on fire"),
    ],
)
def test_errors_of_streams_carry_their_code(text, cls, message):
    error = tagged_error(text)
    assert type(error) is cls
    assert error.message == message


OLD = [
    (lambda: ex.BackendError("rust", "loading", OSError("no")), "BACKEND_ERROR"),
    (lambda: ex.FileNotFoundError("x.csv"), "FILE_NOT_FOUND"),
    (lambda: ex.ValidationError("schema", ["a", "b"]), "VALIDATION_ERROR"),
    (lambda: ex.DependencyError("duckdb", "sql"), "MISSING_DEPENDENCY"),
    (lambda: ex.DataSourceError("postgres", "db"), "DATA_SOURCE_ERROR"),
    (lambda: ex.QueryError("select", "bad"), "QUERY_ERROR"),
    (lambda: ex.AIError("ask", "no answer"), "AI_ERROR"),
    (lambda: ex.ConfigurationError("engine", "unknown"), "CONFIG_ERROR"),
]


@pytest.mark.parametrize(("make", "code"), OLD)
def test_earlier_classes(make, code):
    error = make()
    assert error.error_code == code
    assert str(error).startswith("❌ ")
    assert str(error).endswith(f"(Error: {code})")
    assert not isinstance(error, OSError)


def test_the_text_of_the_base():
    assert str(ex.ParquetFrameError("m", "s", "C")) == "❌ m\n💡 s (Error: C)"
    assert str(ex.ParquetFrameError("m")) == "❌ m"


@pytest.mark.parametrize(
    "error", [make() for make, _ in OLD] + [cls("text", "hint") for _, _, cls, _ in STATUS], ids=repr
)
def test_errors_pickle(error):
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.error_code) == (type(error), str(error), error.error_code)


def test_dependencies_are_listed_without_importing_them():
    there = ex.check_dependencies()
    assert there["pandas"]
    assert there["pyarrow"]
    assert ex.format_dependency_status().count("\n") == len(there) - 1
    assert set(ex.suggest_installation_commands()) == {name for name, found in there.items() if not found}
