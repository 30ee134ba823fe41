"""Files of other formats than Parquet: they say nothing of themselves, so their first rows are looked at."""

from __future__ import annotations

import os
from typing import Any

from rich.text import Text
from rich.tree import Tree

from ..core.formats import FORMAT_HANDLERS, FileFormat
from .show import bytes_text, plain, recommended, rows_table

__all__ = ["described"]

# Rows from which the types of columns are told.
_LOOKED_AT = 1000


def described(path: str, form: FileFormat, sample: int) -> list[Any]:
    """What is shown of a file: its details, the columns as pandas reads them, and the first rows.

    Of text with a row per line the first 1,000 rows are read, of other files all. Raises NotFoundError, and
    what pandas and pyarrow raise.
    """
    handler = FORMAT_HANDLERS[form]
    file = handler.resolve_file_path(path)
    in_lines = form is FileFormat.CSV or file.suffix.lower() in (".jsonl", ".ndjson")
    frame = handler.read(file, nrows=_LOOKED_AT) if in_lines else handler.read(file)
    root = Tree(Text.assemble(("File Information: ", "bold"), plain(str(file), None)))
    details = root.add(Text("File Details", "bold"))
    rows = f"{len(frame):,}" + (" or more" if in_lines and len(frame) == _LOOKED_AT else "")
    for key, value in {
        "File Size": bytes_text(os.path.getsize(file)),
        "Detected Format": form.value.upper(),
        "Recommended Backend": recommended([str(file)], form.value),
        "Rows": rows,
        "Columns": f"{len(frame.columns):,}",
    }.items():
        details.add(Text.assemble((f"{key}: ", "cyan"), value))
    schema = root.add(Text("Data Schema", "bold"))
    names = [str(name) for name in frame.columns]
    for name, dtype in zip(names, frame.dtypes, strict=True):
        schema.add(Text.assemble((plain(name), "green"), f": {dtype}"))
    if not sample:
        return [root]
    first = frame.head(sample).astype(object)
    first = first.where(first.notna(), None)
    values = [dict(zip(names, row, strict=True)) for row in first.itertuples(index=False, name=None)]
    return [root, Text("Sample Data", "bold"), rows_table(names, values)]
