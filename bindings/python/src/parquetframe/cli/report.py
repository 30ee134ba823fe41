"""What Parquet files say of themselves as one document, whose keys stay what they are.

`docs/cli.md` lists the keys. Only footers are read (and page indexes, where pages are asked for), by
`parquet_metadata`; nothing is made into Python objects but what the document holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from ..io.metadata import parquet_metadata, parquet_schema

__all__ = ["Source"]

# Of more columns in all files together, only the first file's schema is looked at.
_MOST_LEAVES = 1_000_000

_FILE = (
    *("path", "num_rows", "num_row_groups", "num_columns"),
    *("file_size", "metadata_size", "version", "created_by"),
)
_TYPES = (
    *("physical_type", "logical_type", "converted_type", "arrow_type", "nullable"),
    *("max_definition_level", "max_repetition_level", "type_length", "precision", "scale", "field_id"),
)
_STATISTICS = ("num_values", "null_count", "distinct_count", "min", "max", "min_exact", "max_exact")
_GROUP_SIZES = ("total_byte_size", "total_compressed_size")


class Source:
    """Parquet files at paths, folders and globs.

    Raises as `parquet_metadata`: NotFoundError, CorruptDataError, UnsupportedError for encrypted files and
    where the library is missing.
    """

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        self.files = _rows(parquet_metadata(paths, "files").select(_FILE))
        leaves = sum(file["num_columns"] for file in self.files)
        self.looked_at = paths if leaves <= _MOST_LEAVES else [self.files[0]["path"]]

    @cached_property
    def _leaves(self) -> list[str]:
        names = parquet_metadata(self.looked_at, "schema").select(["column"]).to_pydict()["column"]
        return list(dict.fromkeys(names))

    def names(self) -> list[str]:
        """The names of the leaf columns of all files, in the order in which they first come."""
        return self._leaves

    def has(self, name: str) -> bool:
        """Whether there is such a column, or one of which it is a part."""
        return any(leaf == name or leaf.startswith(f"{name}.") for leaf in self._leaves)

    def document(
        self, names: list[str] | None, most: int | None, row_groups: bool = False, pages: bool = False
    ) -> dict[str, Any]:
        """The document. `names`: only these columns and what is below them; `most`: only the first ones, so
        many of them.
        """
        chosen = names if names is not None else None if most is None else self._leaves[:most]
        groups = _rows(parquet_metadata(self.paths, "row_groups").select(["num_rows", *_GROUP_SIZES]))
        columns = self._columns(chosen)
        document: dict[str, Any] = {
            "paths": self.paths,
            "num_files": len(self.files),
            "num_rows": sum(file["num_rows"] for file in self.files),
            "num_row_groups": len(groups),
            "num_columns": len(self._leaves),
            "file_size": sum(file["file_size"] for file in self.files),
            "metadata_size": sum(file["metadata_size"] for file in self.files),
            "uncompressed_size": sum(group["total_byte_size"] for group in groups),
            "compressed_size": sum(group["total_compressed_size"] for group in groups),
            "row_group_rows": {
                "min": min((group["num_rows"] for group in groups), default=None),
                "max": max((group["num_rows"] for group in groups), default=None),
            },
            "created_by": _distinct(file["created_by"] for file in self.files),
            "versions": _distinct(file["version"] for file in self.files),
            "codecs": _distinct(codec for column in columns for codec in column["codecs"]),
            "encodings": _distinct(each for column in columns for each in column["encodings"]),
            "files": self.files,
            "arrow_schema": [
                {"name": name, "type": kind} for name, kind in parquet_schema(self.paths).items()
            ],
            "columns": columns,
            "key_value": _rows(parquet_metadata(self.paths, "key_value")),
        }
        if row_groups:
            document["row_groups"] = self._groups(chosen)
        if pages:
            document["pages"] = parquet_metadata(self.paths, "pages", columns=chosen).to_arrow().to_pylist()
        return document

    def _columns(self, chosen: list[str] | None) -> list[dict[str, Any]]:
        """A record per leaf column: types, statistics over all row groups, sizes, codecs."""
        columns: dict[str, dict[str, Any]] = {}
        for row in _rows(parquet_metadata(self.looked_at, "schema", columns=chosen)):
            kinds = {key: row[key] for key in _TYPES}
            found = columns.setdefault(row["column"], {"name": row["column"], **kinds, "same_types": True})
            found["same_types"] &= all(found[key] == kind for key, kind in kinds.items())
        for column in columns.values():
            column.update(dict.fromkeys(_STATISTICS))
        # Statistics of different types have nothing in common.
        alike = [name for name, column in columns.items() if column["same_types"]]
        if alike:
            given = chosen if len(alike) == len(columns) else alike
            summed = parquet_metadata(self.paths, "statistics", columns=given, aggregate=True)
            for row in _rows(summed):
                if row["column"] not in columns:
                    continue
                column = columns[row["column"]]
                typed = _typed(column["arrow_type"])
                column.update({key: row[key] for key in _STATISTICS})
                column.update({key: typed(row[key]) for key in ("min", "max")})
        self._fill_instants([columns[name] for name in alike])
        for name, chunks in self._chunks(chosen).items():
            if name in columns:
                columns[name].update(chunks)
        return list(columns.values())

    def _fill_instants(self, columns: list[dict[str, Any]]) -> None:
        """Least and greatest of timestamps with a zone, which have no text yet, as instants of UTC."""
        import pyarrow.compute as pc

        without = [
            column
            for column in columns
            if column["min"] is None and '"' in column["arrow_type"] and column["null_count"] is not None
        ]
        if not without:
            return
        names = [column["name"] for column in without]
        table = parquet_metadata(self.paths, "statistics", columns=names).to_arrow()
        for column in without:
            name = column["name"]
            # A row group of nulls has no bounds, and needs none.
            some = table.filter(pc.less(table[f"{name}.null_count"], table["num_rows"]))
            for bound, least in (("min", pc.min), ("max", pc.max)):
                values = some[f"{name}.{bound}"]
                if len(values) and not values.null_count:
                    column[bound] = _instant(least(values))
                    column[f"{bound}_exact"] = pc.all(some[f"{name}.{bound}_exact"]).as_py()

    def _chunks(self, chosen: list[str] | None) -> dict[str, dict[str, Any]]:
        """Sizes, codecs and encodings of the chunks of each column."""
        import pyarrow as pa
        import pyarrow.compute as pc

        chunks = parquet_metadata(self.paths, "columns", columns=chosen).to_arrow()
        flags = {
            "chunks_with_dictionary": chunks["has_dictionary"],
            "chunks_with_column_index": chunks["has_column_index"],
            "chunks_with_offset_index": chunks["has_offset_index"],
            "chunks_with_bloom_filter": pc.is_valid(chunks["bloom_filter_offset"]),
        }
        sums = {
            "compressed_size": chunks["compressed_size"],
            "uncompressed_size": chunks["uncompressed_size"],
        }
        sums |= {name: pc.cast(flag, pa.int64()) for name, flag in flags.items()}
        table = pa.table(
            {
                "column": chunks["column"],
                "codec": chunks["codec"],
                "encodings": pc.binary_join(chunks["encodings"], ","),
                **sums,
            }
        )
        wanted = [("codec", "distinct"), ("encodings", "distinct"), ("codec", "count")]
        grouped = table.group_by("column", use_threads=False).aggregate(
            wanted + [(name, "sum") for name in sums]
        )
        return {
            row["column"]: {
                "num_chunks": row["codec_count"],
                **{name: row[f"{name}_sum"] for name in sums},
                "codecs": row["codec_distinct"],
                "encodings": _distinct(
                    each for text in row["encodings_distinct"] for each in (text or "").split(",") if each
                ),
            }
            for row in grouped.to_pylist()
        }

    def _groups(self, chosen: list[str] | None) -> list[dict[str, Any]]:
        """A record per row group, with the chunks of the columns."""
        groups = parquet_metadata(self.paths, "row_groups").to_arrow().to_pylist()
        chunks: dict[tuple[str, int], list[dict[str, Any]]] = {}
        typed = {column: _typed(kind) for column, kind in self._arrow_types(chosen).items()}
        for row in parquet_metadata(self.paths, "columns", columns=chosen).to_arrow().to_pylist():
            key = (row.pop("path"), row.pop("row_group"))
            kind = typed.get(row["column"], str)
            row["min"], row["max"] = kind(row["min"]), kind(row["max"])
            chunks.setdefault(key, []).append(row)
        for group in groups:
            group["columns"] = chunks.get((group["path"], group["row_group"]), [])
        return groups

    def _arrow_types(self, chosen: list[str] | None) -> dict[str, str]:
        rows = _rows(
            parquet_metadata(self.looked_at, "schema", columns=chosen).select(["column", "arrow_type"])
        )
        return {row["column"]: row["arrow_type"] for row in rows}


def _rows(table: Any) -> list[dict[str, Any]]:
    columns = table.to_pydict()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _distinct(values: Iterable[Any]) -> list[Any]:
    return [value for value in dict.fromkeys(values) if value is not None]


def _instant(value: Any) -> str:
    """A timestamp with a zone as ISO 8601, in UTC.

    >>> import pyarrow as pa
    >>> _instant(pa.scalar(1_500_000, pa.timestamp("us", "Asia/Tokyo")))
    '1970-01-01T00:00:01.5Z'
    """
    import pyarrow as pa

    text = value.cast(pa.int64()).cast(pa.timestamp(value.type.unit)).cast(pa.string()).as_py()
    text = text.replace(" ", "T")
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}Z"


def _typed(arrow_type: str | None) -> Callable[[str | None], Any]:
    """From the text of a bound to a value of JSON: integers, finite numbers, truth values; text otherwise."""
    kind = arrow_type or ""

    def value(text: str | None) -> Any:
        if text is None:
            return None
        try:
            if kind.startswith(("Int", "UInt")) and not kind.startswith("Interval"):
                return int(text)
            if kind.startswith("Float"):
                number = float(text)
                return number if abs(number) < float("inf") else text
            if kind == "Boolean":
                return {"true": True, "false": False}[text.lower()]
        except (ValueError, KeyError):
            pass
        return text

    return value
