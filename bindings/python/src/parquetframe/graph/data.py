"""Typed sets of vertices and of edges, as folders of Parquet files hold them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from .._native.columns import plain_column
from .._warnings import warn
from ..config import get_config
from ..core.formats import is_dask
from ..core_legacy import ParquetFrame
from ..exceptions import InvalidArgumentError, WrongTypeError

__all__ = ["EdgeSet", "VertexSet"]

ID_NAMES = ("id", "vertex_id", "node_id")
SOURCE_NAMES = ("src", "source", "from", "from_id")
TARGET_NAMES = ("dst", "target", "to", "to_id")

# What a schema may call a type, and what pandas may hold then.
_TYPES = {
    "string": ("string", "str", "object", "category", "large_string"),
    "integer": ("int", "uint"),
    "float": ("float", "double"),
    "boolean": ("bool",),
    "timestamp": ("datetime", "date", "timestamp"),
}
_SYNONYMS = {
    "str": "string",
    "utf8": "string",
    "large_string": "string",
    "int": "integer",
    "long": "integer",
    "double": "float",
    "bool": "boolean",
    "datetime": "timestamp",
    "date": "timestamp",
}


class _TypedSet:
    """Rows of one type, the properties that are known of it, and a schema that they are checked against."""

    _kind: ClassVar[str]

    def __init__(
        self, data: ParquetFrame, type: str, properties: Mapping[str, Any], schema: Mapping[str, Any] | None
    ) -> None:
        self.data = data if isinstance(data, ParquetFrame) else ParquetFrame(data, is_dask(data))
        self.properties = dict(properties or {})
        self.schema = schema
        self._type = type
        self._find_columns()
        if schema:
            self._check_schema(schema)

    @staticmethod
    def _load(
        path: str | os.PathLike[str], type: str | None, threshold_mb: float | None, islazy: bool | None
    ) -> tuple[ParquetFrame, str]:
        folder = Path(path)
        if type is None:
            type = folder.name if folder.is_dir() else folder.parent.name
        return ParquetFrame.read(folder, threshold_mb=threshold_mb, islazy=islazy), type

    @classmethod
    def _read(
        cls,
        path: Path,
        type: str,
        threshold_mb: float | None,
        islazy: bool | None,
        schema: Mapping[str, Any] | None,
    ) -> Any:
        """As `from_parquet`, with a line about it only where the setting `verbose` is on."""
        data = ParquetFrame._read(path, threshold_mb, islazy, None, get_config().verbose)
        return cls(data, type, {}, schema)

    @property
    def columns(self) -> list[str]:
        """The names of all columns, which pandas allows to be something else than strings."""
        return [] if self.data._df is None else list(self.data._df.columns)

    @property
    def islazy(self) -> bool:
        """Whether the rows are held by Dask."""
        return self.data.islazy

    def _find_columns(self) -> None:
        raise NotImplementedError

    def _name(self) -> str:
        return f"{type(self).__name__} '{self._type}'"

    def _one_of(self, names: tuple[str, ...], what: str) -> str | None:
        found = [name for name in self.columns if isinstance(name, str) and name.lower() in names]
        if len(found) > len(set(found)):
            twice = next(name for name in found if found.count(name) > 1)
            raise InvalidArgumentError(f"{self._name()}: column '{twice}' appears more than once")
        if len(found) > 1:
            warn(
                f"{self._name()} has multiple {what} columns ({', '.join(found)}): '{found[0]}' is used",
                UserWarning,
            )
        return found[0] if found else None

    def _check_schema(self, schema: Mapping[str, Any]) -> None:
        properties = schema.get("properties") if isinstance(schema, Mapping) else schema
        if not isinstance(properties or {}, Mapping):
            raise WrongTypeError(
                f"the schema of {self._name()} must be a mapping whose properties map names of columns to "
                f"types, not {type(properties).__name__}"
            )
        for name, wanted in (properties or {}).items():
            stated = wanted.get("type") if isinstance(wanted, Mapping) else wanted
            if name not in self.columns:
                warn(f"{self._name()} has no column '{name}', which its schema lists", UserWarning)
            elif isinstance(stated, str) and not _fits(str(self.data._df[name].dtype), stated):
                warn(
                    f"Type mismatch in {self._name()}: column '{name}' is {self.data._df[name].dtype}, "
                    f"its schema says {stated}",
                    UserWarning,
                )

    def _where(self, conditions: Mapping[str | None, Collection[Any]]) -> ParquetFrame:
        """The rows whose columns hold one of the values."""
        frame = self.data._df
        for column, values in conditions.items():
            frame = frame[frame[column].isin(list(values))]
        return ParquetFrame(frame, self.data.islazy)

    def __len__(self) -> int:
        return len(self.data)


class VertexSet(_TypedSet):
    """Vertices of one type.

    The column of ids is the first named id, vertex_id or node_id, in any case; without one, and with several,
    there is a UserWarning.
    """

    _kind = "vertices"

    def __init__(
        self,
        data: ParquetFrame,
        vertex_type: str,
        properties: Mapping[str, Any] | None,
        schema: Mapping[str, Any] | None = None,
    ) -> None:
        self.vertex_type = vertex_type
        super().__init__(data, vertex_type, properties or {}, schema)

    @classmethod
    def from_parquet(
        cls,
        path: str | os.PathLike[str],
        vertex_type: str | None = None,
        threshold_mb: float | None = None,
        islazy: bool | None = None,
        properties: Mapping[str, Any] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> VertexSet:
        """Reads a file, or a folder of them; the type is the folder's name where none is given."""
        data, name = cls._load(path, vertex_type, threshold_mb, islazy)
        return cls(data, name, properties, schema)

    def _find_columns(self) -> None:
        self._id = self._one_of(ID_NAMES, "ID")
        if self._id is None and self.data._df is not None:
            warn(
                f"{self._name()} has no ID column ({', '.join(ID_NAMES)}): ids are the numbers of rows",
                UserWarning,
            )

    @property
    def id_column(self) -> str | None:
        """The column of ids; None where there is none."""
        return self._id

    @property
    def num_vertices(self) -> int:
        """The number of rows."""
        return len(self)

    @property
    def property_columns(self) -> list[str]:
        """All columns but that of ids."""
        return [name for name in self.columns if name != self._id]

    def get_vertices_by_ids(self, vertex_ids: Iterable[Any]) -> ParquetFrame:
        """The rows with these ids. Raises InvalidArgumentError, a ValueError, without a column of ids."""
        if self._id is None:
            raise InvalidArgumentError(f"{self._name()} has no ID column")
        return self._where({self._id: list(vertex_ids)})

    def __repr__(self) -> str:
        return f"VertexSet(type='{self.vertex_type}', vertices={len(self):,})"


class EdgeSet(_TypedSet):
    """Edges of one type.

    The columns of ends are the first named src, source, from or from_id, and dst, target, to or to_id, in any
    case; with several there is a UserWarning, without one an InvalidArgumentError, which is a ValueError.
    """

    _kind = "edges"

    def __init__(
        self,
        data: ParquetFrame,
        edge_type: str,
        properties: Mapping[str, Any] | None,
        schema: Mapping[str, Any] | None = None,
    ) -> None:
        self.edge_type = edge_type
        super().__init__(data, edge_type, properties or {}, schema)

    @classmethod
    def from_parquet(
        cls,
        path: str | os.PathLike[str],
        edge_type: str | None = None,
        threshold_mb: float | None = None,
        islazy: bool | None = None,
        properties: Mapping[str, Any] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> EdgeSet:
        """Reads a file, or a folder of them; the type is the folder's name where none is given."""
        data, name = cls._load(path, edge_type, threshold_mb, islazy)
        return cls(data, name, properties, schema)

    def _find_columns(self) -> None:
        source, target = self._one_of(SOURCE_NAMES, "source"), self._one_of(TARGET_NAMES, "target")
        for name, what, names in ((source, "source", SOURCE_NAMES), (target, "target", TARGET_NAMES)):
            if name is None:
                raise InvalidArgumentError(
                    f"{self._name()} is missing {what} column: one of {', '.join(names)}"
                )
        self._source, self._target = str(source), str(target)

    @property
    def src_column(self) -> str:
        """The column of sources."""
        return self._source

    @property
    def dst_column(self) -> str:
        """The column of targets."""
        return self._target

    @property
    def num_edges(self) -> int:
        """The number of rows."""
        return len(self)

    @property
    def property_columns(self) -> list[str]:
        """All columns but those of ends."""
        return [name for name in self.columns if name not in (self._source, self._target)]

    def get_edges_from_vertex(self, vertex_id: Any) -> ParquetFrame:
        """The rows with this source."""
        return self._where({self._source: [vertex_id]})

    def get_edges_to_vertex(self, vertex_id: Any) -> ParquetFrame:
        """The rows with this target."""
        return self._where({self._target: [vertex_id]})

    def get_edges_between_vertices(self, src_ids: Iterable[Any], dst_ids: Iterable[Any]) -> ParquetFrame:
        """The rows from any of these sources to any of these targets."""
        return self._where({self._source: list(src_ids), self._target: list(dst_ids)})

    def __repr__(self) -> str:
        return f"EdgeSet(type='{self.edge_type}', edges={len(self):,})"


def frame_columns(
    frame: ParquetFrame, names: list[str], label: str, weight: str | None = None
) -> dict[str, np.ndarray]:
    """Columns of ids, and one of weights, as NumPy arrays; of a lazy frame they are computed together."""
    wanted = list(dict.fromkeys([*names, *([] if weight is None else [weight])]))
    labels = list(frame._df.columns)
    for name in wanted:
        if labels.count(name) > 1:
            raise InvalidArgumentError(f"{label} column '{name}' appears more than once")
    data = frame._df[wanted]
    data = data.compute() if frame.islazy else data
    return {name: plain_column(data[name], f"{label} column '{name}'", ids=name in names) for name in wanted}


def _fits(dtype: str, stated: str) -> bool:
    """Whether a column of this type is what a schema states. Types that a schema makes up fit all."""
    stated = stated.lower()
    stated = _SYNONYMS.get(stated, stated)
    dtype = dtype.lower()
    if stated in _TYPES:
        return dtype.startswith(_TYPES[stated])
    known = [name for name, prefixes in _TYPES.items() if stated.startswith(prefixes)]
    return not known or dtype.startswith(_TYPES[known[0]])
