//! The map between the user's vertex ids and vertex numbers 0, 1, …

mod counted;
mod integer;
mod text;

use std::sync::{Arc, OnceLock};

use arrow_array::{Array, ArrayRef, Int64Array, UInt32Array};
use arrow_schema::{ArrowError, DataType};
use pf_base::{Context, Error, Result};

use crate::ids::{self, Integers, KeySpace, Kind, Texts};

pub(crate) use counted::Counter;
pub(crate) use integer::IntegerMap;
pub(crate) use text::{TextEncoder, TextMap};

/// More vertices than this do not fit the `u32` numbers of the adjacency (the last number means "none").
pub(crate) const MAX_VERTICES: u64 = u32::MAX as u64;

/// The number of "no vertex".
pub(crate) const NONE: u32 = u32::MAX;

/// Which id has which number.
#[derive(Debug)]
pub(crate) struct VertexMap {
    map: Map,
    /// The type in which ids come back.
    data_type: DataType,
    /// The ids in vertex order, made when first asked for.
    ids: OnceLock<ArrayRef>,
}

#[derive(Debug)]
pub(crate) enum Map {
    /// The ids are the numbers.
    Positions(u32),
    Integer(IntegerMap),
    Text(TextMap),
}

impl VertexMap {
    pub(crate) fn new(map: Map, data_type: DataType) -> Self {
        Self { map, data_type, ids: OnceLock::new() }
    }

    pub(crate) fn map(&self) -> &Map {
        &self.map
    }

    /// The number of vertices.
    pub(crate) fn len(&self) -> u32 {
        match &self.map {
            Map::Positions(n) => *n,
            Map::Integer(map) => map.len(),
            Map::Text(map) => map.len(),
        }
    }

    /// The ids in vertex order, in the user's type.
    pub(crate) fn ids(&self, ctx: &Context) -> Result<ArrayRef> {
        if let Some(ids) = self.ids.get() {
            return Ok(ids.clone());
        }
        let ids: ArrayRef = match &self.map {
            Map::Positions(n) => {
                let mut values = ctx.zeroed::<i64>(*n as usize, "vertex ids")?;
                (0..).zip(values.iter_mut()).for_each(|(i, v)| *v = i);
                Arc::new(Int64Array::from(values.into_vec()))
            }
            Map::Integer(map) => map.ids(&self.data_type, ctx)?,
            Map::Text(map) => map.ids(&self.data_type)?,
        };
        // Another thread may have been first; both made the same.
        Ok(self.ids.get_or_init(|| ids).clone())
    }

    /// The ids of vertices.
    ///
    /// # Errors
    /// [`Code::Unsupported`](pf_base::Code::Unsupported) for strings of more than 2 GiB in a type that holds no more.
    pub(crate) fn ids_at(&self, numbers: Vec<u32>, ctx: &Context) -> Result<ArrayRef> {
        let ids = self.ids(ctx)?;
        let width = ids.data_type().primitive_width().unwrap_or(16);
        let _reserved = ctx.memory().reserve((width * numbers.len()) as u64, "vertex ids")?;
        arrow_select::take::take(&ids, &UInt32Array::from(numbers), None).map_err(|e| match e {
            ArrowError::OffsetOverflowError(_) => {
                Error::unsupported("a column of more than 2 GiB of ids: use large strings as ids")
            }
            other => Error::internal(other.to_string()),
        })
    }

    /// The map of some of the vertices, whose numbers ascend.
    ///
    /// # Errors
    /// As [`ids_at`](Self::ids_at).
    pub(crate) fn subset(&self, numbers: &[u32], ctx: &Context) -> Result<Self> {
        let ids = self.ids_at(numbers.to_vec(), ctx)?;
        let map = match &self.map {
            Map::Text(_) => {
                let mut encoder = TextEncoder::new();
                encoder.encode(&[&Texts::new(&ids, "vertices")?], ctx)?;
                Map::Text(encoder.finish(ctx)?)
            }
            map => {
                let space = if let Map::Integer(map) = map { map.space() } else { KeySpace::Signed };
                Map::Integer(IntegerMap::build(&[&Integers::new(&ids, "vertices")?], space, ctx)?)
            }
        };
        Ok(Self::new(map, self.data_type.clone()))
    }

    /// The numbers of the vertices whose ids an array holds; `name` is the argument for messages.
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for ids of another kind,
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a null or an id that the graph has not.
    pub(crate) fn find(&self, array: &ArrayRef, name: &str) -> Result<Vec<u32>> {
        let wanted = match self.map {
            Map::Text(_) => Kind::Text,
            _ => Kind::Integer,
        };
        // An empty list has no type that a host could be blamed for.
        if array.is_empty() {
            return Ok(Vec::new());
        }
        let kind = ids::kind_of(array.data_type(), name)?;
        if kind != wanted {
            let (has, wants) = match wanted {
                Kind::Text => ("integers", "strings"),
                Kind::Integer => ("strings", "integers"),
            };
            return Err(Error::wrong_type(format!("{name} holds {has}, but the vertex ids of the graph are {wants}")));
        }
        ids::no_nulls(array, name, 0)?;
        let unknown = |id: String| Error::invalid_argument(format!("{name}: vertex {id} is not in the graph"));
        match kind {
            Kind::Integer => {
                let values = Integers::new(array, name)?;
                (0..values.len())
                    .map(|i| {
                        let value = values.value(i);
                        let found = match &self.map {
                            Map::Positions(n) => u32::try_from(value).ok().filter(|v| v < n),
                            Map::Integer(map) => map.space().key(value).and_then(|key| map.get(key)),
                            Map::Text(_) => None,
                        };
                        found.ok_or_else(|| match &self.map {
                            Map::Positions(n) => {
                                Error::invalid_argument(format!("{name}: vertex {value} is out of range [0, {n})"))
                            }
                            _ => unknown(value.to_string()),
                        })
                    })
                    .collect()
            }
            Kind::Text => {
                let texts = Texts::new(array, name)?;
                let Map::Text(map) = &self.map else { return Err(Error::internal("a map of another kind")) };
                (0..texts.len())
                    .map(|i| {
                        let id = texts.value(i);
                        map.get(id).ok_or_else(|| unknown(format!("'{}'", String::from_utf8_lossy(id))))
                    })
                    .collect()
            }
        }
    }
}

/// Refuses more vertices than can be numbered.
pub(crate) fn check_count(vertices: u64) -> Result<u32> {
    match u32::try_from(vertices) {
        Ok(n) if vertices < MAX_VERTICES => Ok(n),
        _ => Err(Error::unsupported(format!(
            "a graph of {vertices} vertices: this build numbers vertices with 32 bits, up to {}",
            MAX_VERTICES - 1
        ))),
    }
}
