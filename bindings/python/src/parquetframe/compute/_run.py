"""The calls of the library: a source in, a result out."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from .._engines import require_rust
from .._native._ctypes_decl import ArrowArray, ArrowSchema
from .._native.calls import CONTEXT, context, read_beside, run
from .._native.handles import CancelToken, Options, c_string, string_array
from .._native.library import Library
from .._native.streams import Owned, Stream
from .._stats import count_run
from ..table import Table, _collect
from ._results import Result
from ._sources import Source


def library() -> Library:
    """The library. Raises UnsupportedError, which says how to get it, where it is missing or disabled."""
    found: Library = require_rust()
    return found


def over(
    library: Library,
    operation: str,
    source: Source,
    texts: Sequence[str] | str,
    options: dict[str, Any],
) -> Result:
    """`evaluate`, `filter` or `aggregate` of a source: over the array where there is one, else over the
    stream.
    """
    values = Options.of(library, **options)
    if isinstance(texts, str):
        inputs: tuple[Any, ...] = (c_string(texts, "predicate"),)
    else:
        list_of_texts = string_array([c_string(text, "expression") for text in texts])
        inputs = (ctypes.addressof(list_of_texts), len(texts))
    if source.array is not None and source.schema is not None:
        array, schema = Owned(ArrowArray()), Owned(ArrowSchema())
        run(
            library,
            f"pf_compute_{operation}_array",
            source.array.address,
            source.schema.address,
            *inputs,
            values.address,
            CONTEXT,
            array.address,
            schema.address,
            label=operation,
        )
        result = Result.of_array(library, array, schema, source.borrowed)
    else:
        assert source.stream is not None
        result = _streamed(library, operation, source.stream, (*inputs, values.address))
    count_run(operation, "rust")
    return result


def over_rows(
    library: Library, operation: str, source: Source, inputs: tuple[Any, ...], options: dict[str, Any]
) -> Result:
    """`sort`, `take`, `unique` or `value_counts` of a source."""
    values = Options.of(library, **options)
    result = _streamed(library, operation, source.as_stream(library), (*inputs, values.address), source)
    count_run(operation, "rust")
    return result


def _streamed(
    library: Library,
    operation: str,
    stream: Stream,
    inputs: tuple[Any, ...],
    source: Source | None = None,
) -> Result:
    out = Stream()
    if operation in ("evaluate", "filter"):
        # The rows are computed while they are read.
        token = CancelToken()
        with context(cancel=token):
            run(
                library,
                f"pf_compute_{operation}",
                stream.address,
                *inputs,
                CONTEXT,
                out.address,
                label=operation,
            )
        return Result.of_table(
            Table._of(native=read_beside(lambda: _collect(library, out), token, operation))
        )
    run(library, f"pf_compute_{operation}", stream.address, *inputs, CONTEXT, out.address, label=operation)
    schema = out.schema_struct()
    batches = list(out.batches())
    return Result.of_array(library, batches[0], schema, source.borrowed if source is not None else ())
