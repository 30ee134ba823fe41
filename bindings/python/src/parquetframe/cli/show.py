"""The document of `report` as a tree for people."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

__all__ = ["MOST_COLUMNS", "bytes_text", "plain", "sample", "tree"]

MOST_COLUMNS = 30
_MOST_ROWS = 20
_MOST_LETTERS = 60


def tree(document: dict[str, Any], everything: bool, chosen: bool) -> Tree:
    """The tree. `everything`: long lists are whole; `chosen`: the columns are those that were asked for."""
    paths = document["paths"]
    title = paths[0] if len(paths) == 1 else f"{len(paths)} paths"
    root = Tree(Text.assemble(("File Information: ", "bold"), plain(title, None)))
    most = None if everything else _MOST_ROWS
    _details(root, document)
    if document["num_files"] > 1:
        _files(root, document["files"], most)
    _schema(root, document, chosen)
    if "row_groups" in document:
        _row_groups(root, document["row_groups"], most, chosen)
    if "pages" in document:
        _pages(root, document["pages"], most)
    _key_value(root, document, most)
    return root


def _details(root: Tree, document: dict[str, Any]) -> None:
    rows, size = document["row_group_rows"], document["uncompressed_size"]
    range_of = f" of {_range(rows['min'], rows['max'])}" if document["num_row_groups"] else ""
    ratio = f", {100 * document['compressed_size'] / size:.1f} %" if size else ""
    shown = len(document["columns"]) < document["num_columns"]
    of_shown = " (of the columns shown)" if shown else ""
    pairs = {
        "Files": f"{document['num_files']:,}" if document["num_files"] > 1 else None,
        "File Size": bytes_text(document["file_size"]),
        "Detected Format": "PARQUET",
        "Format Version": _joined(document["versions"]),
        "Recommended Backend": recommended(document["paths"]),
        "Rows": f"{document['num_rows']:,}",
        "Row Groups": f"{document['num_row_groups']:,}{range_of}",
        "Columns": f"{document['num_columns']:,}" + _nested(document),
        "Compressed": f"{bytes_text(document['compressed_size'])} of {bytes_text(size)}{ratio}",
        "Footer": bytes_text(document["metadata_size"]),
        "Codecs": f"{_joined(document['codecs'])}{of_shown}" if document["codecs"] else None,
        "Encodings": f"{_joined(document['encodings'])}{of_shown}" if document["encodings"] else None,
        "Page Index": _having(document["columns"], "chunks_with_column_index", of_shown),
        "Bloom Filters": _having(document["columns"], "chunks_with_bloom_filter", of_shown),
        "Writer": _joined(document["created_by"]) or "not told",
    }
    _lines(root.add(Text("File Details", "bold")), pairs)


def _nested(document: dict[str, Any]) -> str:
    """How many columns there are before nested ones are taken apart, where that is another number."""
    tops = len(document["arrow_schema"])
    nested = document["num_files"] == 1 and tops < document["num_columns"]
    return f" leaves of {tops:,}" if nested else ""


def _lines(node: Tree, pairs: dict[str, str | None]) -> None:
    for key, value in pairs.items():
        if value is not None:
            node.add(Text.assemble((f"{key}: ", "cyan"), plain(value, 4 * _MOST_LETTERS)))


def _having(columns: list[dict[str, Any]], key: str, of_shown: str) -> str:
    """Which columns have something in all of their chunks, or in some."""
    some = [column["name"] for column in columns if column.get(key)]
    every = [column for column in columns if column.get(key) and column[key] == column["num_chunks"]]
    if not some:
        return f"none{of_shown}"
    if len(every) == len(columns):
        return f"all columns{of_shown}"
    names = ", ".join(some[:8]) + (f" … and {len(some) - 8:,} more" if len(some) > 8 else "")
    return names if len(every) == len(some) else f"{names} (in some row groups)"


def _files(root: Tree, files: list[dict[str, Any]], most: int | None) -> None:
    node = root.add(Text("Files", "bold"))
    for file in files[:most]:
        counts = f"{_count(file['num_rows'], 'row')}, {_count(file['num_row_groups'], 'row group')}"
        node.add(Text(f"{plain(file['path'], None)}: {counts}, {bytes_text(file['file_size'])}"))
    _more(node, len(files), most, "--all shows them")


def _schema(root: Tree, document: dict[str, Any], chosen: bool) -> None:
    """Columns with both views of their types; below them what statistics and chunks say."""
    node = root.add(Text("Data Schema", "bold"))
    columns = document["columns"]
    tops = {field["name"]: field["type"] for field in document["arrow_schema"]}
    leaves = {column["name"] for column in columns}
    above: dict[str, Tree] = {}
    for column in columns:
        name = column["name"]
        top = _top(name, tops)
        parent = node
        if top != name and top in tops and top not in leaves:
            if top not in above:
                above[top] = node.add(Text.assemble((plain(top), "green"), f": {tops[top]}"))
            parent = above[top]
        leaf = parent.add(Text.assemble((plain(name), "green"), f": {_type(column)}"))
        for line in (_values(column), _storage(column)):
            if line:
                leaf.add(Text(line))
    if not chosen:
        _more(node, document["num_columns"], len(columns), "--columns/--all shows them")
    if len(columns) == document["num_columns"]:
        known = {prefix for name in leaves for prefix in _prefixes(name)}
        for name, kind in tops.items():
            if name not in known:
                node.add(Text.assemble((plain(name), "green"), f": {kind}, of the folders"))


def _top(leaf: str, tops: Container[str]) -> str:
    """The column that a leaf is in."""
    return next((prefix for prefix in _prefixes(leaf) if prefix in tops), leaf)


def _prefixes(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _type(column: dict[str, Any]) -> str:
    logical = column["logical_type"] or column["converted_type"]
    parquet = f"{column['physical_type']} {logical}" if logical else column["physical_type"]
    text = f"{column['arrow_type']} (Parquet: {parquet}){'' if column['nullable'] else ', not null'}"
    return plain(text if column["same_types"] else f"{text}, of other types in other files", 120)


def _values(column: dict[str, Any]) -> str:
    parts = []
    if column["null_count"] is not None:
        parts.append(_count(column["null_count"], "null"))
    if column["distinct_count"] is not None:
        parts.append(f"{column['distinct_count']:,} distinct")
    if column["min"] is not None or column["max"] is not None:
        least, greatest = (_bound(column, bound) for bound in ("min", "max"))
        parts.append(f"{least} to {greatest}")
    return ", ".join(parts)


def _bound(column: dict[str, Any], bound: str) -> str:
    if column[bound] is None:
        return "?"
    text = plain(str(column[bound]))
    return f"{text} (cut)" if column[f"{bound}_exact"] is False else text


def _storage(column: dict[str, Any]) -> str:
    if "num_chunks" not in column:
        return ""
    parts = [_sizes(column), _joined(column["codecs"]), _joined(column["encodings"])]
    indexes = {"page index": "chunks_with_column_index", "bloom filter": "chunks_with_bloom_filter"}
    parts += [what for what, key in indexes.items() if column[key]]
    return ", ".join(part for part in parts if part)


def _sizes(of: dict[str, Any]) -> str:
    return f"{bytes_text(of['compressed_size'])} of {bytes_text(of['uncompressed_size'])}"


def _row_groups(root: Tree, groups: list[dict[str, Any]], most: int | None, chosen: bool) -> None:
    node = root.add(Text("Row Groups", "bold"))
    several = len({group["path"] for group in groups}) > 1
    for group in groups[:most]:
        sizes = (
            f"{bytes_text(group['total_compressed_size'])} of {bytes_text(group['total_byte_size'])}"
            if group["total_compressed_size"] is not None
            else bytes_text(group["total_byte_size"])
        )
        text = f"{group['row_group']}: {_count(group['num_rows'], 'row')}, {sizes}"
        if group["file_offset"] is not None:
            text += f", from byte {group['file_offset']:,}"
        if group["sorting_columns"]:
            text += f", sorted by {plain(_joined(group['sorting_columns']))}"
        if several:
            text += f", in {plain(group['path'], None)}"
        inner = node.add(Text(text))
        for chunk in group["columns"] if chosen else ():
            parts = [plain(chunk["column"]), chunk["codec"], _joined(chunk["encodings"])]
            parts.append(_sizes(chunk))
            inner.add(Text(", ".join(part for part in (*parts, _values(chunk)) if part)))
    _more(node, len(groups), most, "--all shows them")


def _pages(root: Tree, pages: list[dict[str, Any]], most: int | None) -> None:
    node = root.add(Text("Pages", "bold"))
    for page in pages[:most]:
        text = f"{plain(page['column'])}, row group {page['row_group']}, page {page['page']}: "
        text += f"{_count(page['num_rows'], 'row')} from {page['first_row']:,}, "
        text += bytes_text(page["compressed_size"])
        if page["min"] is not None:
            text += f", {plain(page['min'])} to {plain(page['max'])}"
        node.add(Text(text))
    _more(node, len(pages), most, "--all shows them")
    if not pages:
        node.add(Text("none: the files have no page index"))


def _key_value(root: Tree, document: dict[str, Any], most: int | None) -> None:
    entries = {(entry["key"], entry["value"]): None for entry in document["key_value"]}
    if not entries:
        return
    node = root.add(Text("Key-Value Metadata", "bold"))
    for key, value in list(entries)[:most]:
        value = value or ""
        shown = "" if key == "ARROW:schema" else plain(value)
        length = f"{len(value):,} characters" if len(value) > _MOST_LETTERS else ""
        text = f"{shown} ({length})" if shown and length else shown or length
        node.add(Text.assemble((plain(key), "green"), f": {text}"))
    _more(node, len(entries), most, "--all shows them")


def _more(node: Tree, count: int, most: int | None, how: str) -> None:
    if most is not None and count > most:
        node.add(Text(f"… and {count - most:,} more, {how}", "dim"))


def sample(document: dict[str, Any], rows: int) -> list[Any]:
    """The first rows of the columns, whose data is read; a line about why where it cannot be."""
    from ..exceptions import ParquetFrameError
    from ..io.scan import scan_parquet

    known = {field["name"] for field in document["arrow_schema"]}
    tops = [_top(column["name"], known) for column in document["columns"]]
    # No more columns than can be read on a screen.
    names = list(dict.fromkeys(name for name in tops if name in known))[:8]
    heading = Text("Sample Data", "bold")
    try:
        arrow = scan_parquet(document["paths"], names or None, limit=rows).to_arrow()
    except ParquetFrameError as error:
        return [heading, Text(f"cannot be read: {plain(error.message, None)}", "red")]
    return [heading, rows_table(arrow.column_names, arrow.to_pylist())]


def rows_table(names: Sequence[str], rows: list[dict[str, Any]]) -> Table:
    """Rows as a table of short texts."""
    table = Table()
    for name in names:
        table.add_column(Text(plain(name, 30)))
    for row in rows:
        table.add_row(*(Text("null" if row[n] is None else plain(str(row[n]), 30)) for n in names))
    return table


def recommended(paths: Sequence[str], form: str = "parquet") -> str:
    """What `ParquetFrame.read` would choose: pandas or Dask; of several paths pandas only if of each."""
    import os

    from ..core_legacy import ParquetFrame, _size_mb

    threshold = ParquetFrame.DEFAULT_THRESHOLD_MB
    for path in paths:
        if not os.path.exists(path):  # a glob
            continue
        if form == "parquet":
            lazy = ParquetFrame._should_use_dask(path, threshold)
        else:
            from pathlib import Path

            lazy = _size_mb(Path(path)) >= threshold
        if lazy:
            return "Dask"
    return "pandas"


def plain(text: str, most: int | None = _MOST_LETTERS) -> str:
    """Text in one line, at most so long, without control characters, which would reach the terminal."""
    shown = text if most is None or len(text) <= most else f"{text[: most - 1]}…"
    if shown.isprintable():
        return shown
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in shown)


def bytes_text(size: int) -> str:
    """A size in bytes, and in a larger unit from 1 KiB on.

    >>> bytes_text(512), bytes_text(136_647)
    ('512 bytes', '133.4 KiB')
    """
    if size < 1024:
        return _count(size, "byte")
    number = float(size)
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        number /= 1024
        if number < 1024 or unit == "TiB":
            return f"{number:,.1f} {unit}"
    raise AssertionError("TiB is the last unit")


def _joined(values: Sequence[Any]) -> str:
    return ", ".join(str(value) for value in values)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _range(least: int, greatest: int) -> str:
    return _count(least, "row") if least == greatest else f"{least:,} to {greatest:,} rows"
