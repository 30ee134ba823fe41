"""Writes docs/kernels.md from the library's own table of kernels (pf_kernels), or with --check fails where it differs."""

import pathlib
import sys

import parquetframe as pf
from parquetframe._native.errors import check
from parquetframe._native.library import load
from parquetframe._native.streams import Stream

PAGE = pathlib.Path(__file__).parent.parent / "docs" / "kernels.md"
HEAD = """# Kernels

Written by `make docs` from the registry in the library, which also checks the options of every call: names, types and
defaults are the same in all languages. The type `id` is that of the user's vertex ids.
"""


def rows() -> list[dict]:
    """The rows of the table."""
    library, stream = load(), Stream()
    check(library, library.pf_kernels(stream.address))
    columns = pf.Table._of_stream(library, stream).to_pydict()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for row in rows():
        if row["item"] == "kernel":
            lines.append(f"\n## {row['name']}\n\n`{row['type']}` ({row['family']}). {row['doc']}\n")
            lines.append("| | name | type | default | |\n|---|---|---|---|---|")
        else:
            default = "" if row["default"] is None else f"`{row['default']}`"
            lines.append(f"| {row['item']} | `{row['name']}` | {row['type']} | {default} | {row['doc']} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    fresh = page()
    if "--check" not in sys.argv:
        PAGE.write_text(fresh)
    elif not PAGE.exists() or PAGE.read_text() != fresh:
        print("docs/kernels.md is stale: run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
