"""Graphs in folders like those of GraphAr: metadata in YAML, vertices and edges by type in Parquet.

<dir>/_metadata.yaml            name, version, directed; further keys are kept
<dir>/_schema.yaml              vertices and edges: {<type>: {properties: {<column>: {type: …}}}}
<dir>/vertices/<type>/*.parquet or <dir>/vertices/*.parquet
<dir>/edges/<type>/*.parquet    or <dir>/edges/*.parquet
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._native.columns import try_import
from ..._warnings import warn
from ...core_legacy import ParquetFrame
from ...exceptions import DependencyError, NotFoundError, ParquetFrameError
from ..data import EdgeSet, VertexSet, frame_columns

if TYPE_CHECKING:
    from ..frame import GraphFrame

__all__ = ["GraphArError", "GraphArReader", "GraphArValidationError"]

METADATA, SCHEMA = "_metadata.yaml", "_schema.yaml"
_FIELDS: dict[str, tuple[tuple[type, ...], str]] = {
    "name": ((str,), "string"),
    "version": ((str, int, float), "string or number"),
    "directed": ((bool,), "boolean"),
}


class GraphArError(ParquetFrameError):
    """A folder is not a graph that can be read."""


class GraphArValidationError(GraphArError):
    """The schema of a graph is missing or wrong."""


class GraphArReader:
    """Reads graphs from folders."""

    def read(
        self,
        path: str | os.PathLike[str],
        *,
        threshold_mb: float | None = None,
        islazy: bool | None = None,
        validate_schema: bool = True,
        load_adjacency: bool = False,
    ) -> GraphFrame:
        """The graph in a folder: see `parquetframe.graph.read_graph`."""
        from ..frame import GraphFrame

        folder = self._folder(path)
        metadata = self._metadata(folder)
        schema = self._schema(folder, metadata) if validate_schema else {}
        vertices = self._read_sets(folder / "vertices", VertexSet, schema, threshold_mb, islazy)
        edges = self._read_sets(folder / "edges", EdgeSet, schema, threshold_mb, islazy)
        clash = _clash(vertices)
        if clash:
            left_out = [*(one.vertex_type for one in vertices[1:]), *(one.edge_type for one in edges[1:])]
            warn(
                f"ids of the vertex types in {folder} {clash}: only '{vertices[0].vertex_type}' is read, "
                f"without {', '.join(left_out)}",
                UserWarning,
            )
            vertices, edges = vertices[:1], edges[:1]
        graph = GraphFrame(_joined(vertices, "vertex"), _joined(edges, "edge"), metadata)
        if load_adjacency:
            _ = graph.csr_adjacency, graph.csc_adjacency
        return graph

    def validate_directory(self, path: str | os.PathLike[str]) -> bool:
        """Whether the folder holds a graph that can be read, with its schema."""
        try:
            folder = self._folder(path)
            self._schema(folder, self._metadata(folder))
        except (GraphArError, OSError):
            return False
        return True

    def list_vertex_types(self, path: str | os.PathLike[str]) -> list[str]:
        """The types of vertices, by name; none in the layout without types."""
        return _types(Path(path) / "vertices")

    def list_edge_types(self, path: str | os.PathLike[str]) -> list[str]:
        """The types of edges, by name; none in the layout without types."""
        return _types(Path(path) / "edges")

    def _folder(self, path: str | os.PathLike[str]) -> Path:
        folder = Path(path)
        if not folder.exists():
            raise NotFoundError(f"GraphAr directory not found: {folder}")
        if not folder.is_dir():
            raise GraphArError(f"Path is not a directory: {folder}")
        return folder

    def _metadata(self, folder: Path) -> dict[str, Any]:
        file = folder / METADATA
        if not file.is_file():
            raise GraphArError(
                f"Required metadata file not found: {file}",
                f"Write {METADATA} with the fields {', '.join(_FIELDS)}",
            )
        metadata = _yaml(file, "metadata", GraphArError)
        if not isinstance(metadata, dict):
            raise GraphArError(f"Metadata file must contain a YAML dictionary: {file}")
        missing = [name for name in _FIELDS if name not in metadata]
        if missing:
            raise GraphArError(f"Missing required metadata fields: {', '.join(missing)}, in {file}")
        for name, (types, words) in _FIELDS.items():
            value = metadata[name]
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                raise GraphArError(f"Metadata field '{name}' must be a {words}, not {type(value).__name__}")
        return metadata

    def _schema(self, folder: Path, metadata: Mapping[str, Any]) -> dict[str, Any]:
        file = folder / SCHEMA
        if not file.is_file():
            raise GraphArValidationError(
                f"Required schema file not found: {file}",
                f"Write {SCHEMA}, or read with validate_schema=False",
            )
        schema = _yaml(file, "schema", GraphArValidationError)
        if not isinstance(schema, dict):
            raise GraphArValidationError(f"Schema file must contain a YAML dictionary: {file}")
        for section in ("vertices", "edges"):
            if section not in schema:
                raise GraphArValidationError(f"Missing required schema section: '{section}', in {file}")
            if not isinstance(schema[section] or {}, dict):
                raise GraphArValidationError(f"Schema section '{section}' must be a dictionary, in {file}")
        stated = schema.get("version")
        if stated is not None and str(stated) != str(metadata["version"]):
            warn(f"Version mismatch: metadata has {metadata['version']}, schema {stated}", UserWarning)
        return schema

    def _read_sets(
        self,
        folder: Path,
        cls: type[VertexSet] | type[EdgeSet],
        schema: Mapping[str, Any],
        threshold_mb: float | None,
        islazy: bool | None,
    ) -> list[Any]:
        """All types of the folder in the order of their names, or the files of a folder without types."""
        kinds = schema.get(folder.name) or {}
        names = _types(folder)
        if not names:
            if not any(folder.glob("*.parquet")):
                return []
            # The files of a folder without types are of the one type that the schema knows.
            only = next(iter(kinds)) if len(kinds) == 1 else folder.name
            places = {only: folder}
        else:
            places = {name: folder / name for name in names}
        sets = []
        for name, place in places.items():
            try:
                sets.append(cls._read(place, name, threshold_mb, islazy, schema=kinds.get(name)))
            except (ParquetFrameError, OSError, ValueError) as error:
                raise GraphArError(f"Failed to load {folder.name} of type '{name}': {error}") from error
        return sets


def _types(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.is_dir() and not entry.name.startswith(("_", ".")) and any(entry.glob("*.parquet"))
    )


def _yaml(file: Path, what: str, error_type: type[GraphArError]) -> Any:
    yaml = try_import("yaml")
    if yaml is None:
        raise DependencyError("PyYAML", "reading graphs from folders", "pip install pyyaml")
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise error_type(f"Invalid YAML in {what} file: {file}: {error}") from error


def _clash(sets: list[VertexSet]) -> str | None:
    """Why types of vertices cannot be in one graph, None where they can: an id is of several types (types
    without ids number their rows all alike), or ids are of several kinds.
    """
    if len(sets) < 2:
        return None
    if any(one.id_column is None for one in sets):
        return "overlap"
    ids = [frame_columns(one.data, [str(one.id_column)], "vertex")[str(one.id_column)] for one in sets]
    if len({part.dtype == object for part in ids if len(part)}) > 1:
        return "are integers and strings"
    ids = [part for part in ids if len(part)]
    if not ids:
        return None
    several = sum(len(np.unique(part)) for part in ids) > len(np.unique(np.concatenate(ids)))
    return "overlap" if several else None


def _joined(sets: list[Any], what: str) -> ParquetFrame:
    """One frame of all types, which a further column names where there are several."""
    import pandas as pd

    if not sets:
        names = ("vertex_id",) if what == "vertex" else ("src", "dst")
        return ParquetFrame(pd.DataFrame({name: np.empty(0, np.int64) for name in names}))
    if len(sets) == 1:
        frame: ParquetFrame = sets[0].data
        return frame
    kind = f"{what}_type"
    common = _common_names(sets)
    parts = []
    for one in sets:
        part = one.data._df.rename(columns=common[id(one)])
        parts.append(part if kind in part.columns else part.assign(**{kind: one._type}))
    if any(one.data.islazy for one in sets):
        import dask.dataframe as dd

        lazy = [
            part if one.data.islazy else dd.from_pandas(part, npartitions=1)
            for one, part in zip(sets, parts, strict=True)
        ]
        return ParquetFrame(dd.concat(lazy), islazy=True)
    return ParquetFrame(pd.concat(parts, ignore_index=True))


def _common_names(sets: list[Any]) -> dict[int, dict[str, str]]:
    """How each set's columns of ids are renamed to those of the first."""
    first = sets[0]
    if isinstance(first, VertexSet):
        return {
            id(one): {one.id_column: first.id_column} if one.id_column and first.id_column else {}
            for one in sets
        }
    return {id(one): {one.src_column: first.src_column, one.dst_column: first.dst_column} for one in sets}
