"""Status codes become exceptions here, and nowhere else."""

from __future__ import annotations

import re
from typing import NoReturn

from ..exceptions import StatusError, error_of_status
from .library import Library

_TAG = re.compile(r"\[PF_([A-Z_]+)\] ")


def check(library: Library, status: int) -> None:
    """Raises the exception of a status that is not PF_OK, with the message of the call that failed on this
    thread.
    """
    if status:
        message = library.pf_last_error_message().decode(errors="replace")
        raise error_of_status(status, message)


def raise_stream_error(message: str | None, errno: int) -> NoReturn:
    """Raises what a stream reports: with the code of `[PF_<CODE>] message` where our library made it, else
    IO.
    """
    text = message or f"the stream failed with errno {errno} and no message"
    raise tagged_error(text)


def tagged_error(text: str) -> StatusError:
    """The exception for the text of a stream's error.

    >>> tagged_error("External error: [PF_CORRUPT] x.parquet is damaged")
    CorruptDataError('x.parquet is damaged')
    """
    tags = list(_TAG.finditer(text))
    if not tags:
        return error_of_status("IO", text)
    return error_of_status(tags[-1][1], text[tags[-1].end() :])
