//! The columns of the edges that a graph is made of, and what is asked of it.

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use pf_base::{Error, Options, Result};

use crate::adjacency::Payload;
use crate::edges::GRAPH_FROM_EDGES;
use crate::ids::{self, Integers, KeySpace, Kind, Texts};
use crate::policies::Policies;
use crate::vertices::check_count;
use crate::weights::{self, WeightType};

/// Which columns there are, checked against the schema, and the options of a build.
#[derive(Clone, Debug)]
pub(crate) struct EdgeColumns {
    source: usize,
    target: usize,
    weight: Option<(usize, String, WeightType)>,
    /// For messages.
    source_name: String,
    target_name: String,
    vertices_name: String,
    pub(crate) kind: Kind,
    pub(crate) space: KeySpace,
    /// The type in which ids come back.
    pub(crate) id_type: DataType,
    /// The number of vertices, where the ids are positions.
    pub(crate) positions: Option<u32>,
    pub(crate) directed: bool,
    pub(crate) edge_ids: bool,
    pub(crate) policies: Policies,
}

/// The ids of some rows.
#[derive(Clone, Debug)]
pub(crate) enum Ends {
    Integers(Integers, Integers),
    Texts(Texts, Texts),
}

impl EdgeColumns {
    /// `source` and `target` name the columns of the ends; `vertices` is the schema of further ids, in its first
    /// column. The options are those of [`GRAPH_FROM_EDGES`].
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an unknown column or a bad option,
    /// [`Code::Type`](pf_base::Code::Type) for ids or weights of another type.
    pub(crate) fn new(
        edges: &Schema,
        vertices: Option<&Schema>,
        source: &str,
        target: &str,
        options: &Options,
    ) -> Result<Self> {
        let options = options.bind(&GRAPH_FROM_EDGES)?;
        let positions = options.opt_i64("num_vertices").map(position_count).transpose()?;
        if positions.is_some() && vertices.is_some() {
            return Err(Error::invalid_argument("num_vertices and vertices exclude each other"));
        }
        let (s, t) = (column(edges, source, "source")?, column(edges, target, "target")?);
        let weight = options.opt_str("weight").map(|name| column(edges, name, "weight").map(|i| (name, i)));
        let weight = weight.transpose()?;
        let policies = Policies::new(&options, weight.is_some())?;
        let (source_type, target_type) = (edges.field(s).data_type(), edges.field(t).data_type());
        let (source_name, target_name) = (format!("source column '{source}'"), format!("target column '{target}'"));
        let kind = ids::kind_of(source_type, &source_name)?;
        if kind != ids::kind_of(target_type, &target_name)? {
            return Err(Error::wrong_type(format!(
                "{source_name} holds {source_type}, {target_name} {target_type}: both must be integers or both strings"
            )));
        }
        let typed = |(name, i): (&str, usize)| {
            Ok::<_, Error>((i, name.to_owned(), WeightType::of(edges.field(i).data_type(), name)?))
        };
        let weight = weight.map(typed).transpose()?;
        let mut id_type = ids::result_type(source_type, target_type);
        let mut vertices_name = String::new();
        if let Some(vertices) = vertices {
            let field = vertices.fields().first();
            let field = field.ok_or_else(|| Error::invalid_argument("vertices has no column"))?;
            vertices_name = format!("vertices column '{}'", field.name());
            if ids::kind_of(field.data_type(), &vertices_name)? != kind {
                return Err(Error::wrong_type(format!(
                    "{vertices_name} holds {}, but {source_name} {source_type}: both must be integers or both strings",
                    field.data_type()
                )));
            }
            id_type = ids::result_type(&id_type, field.data_type());
        }
        if positions.is_some() {
            if kind == Kind::Text {
                return Err(Error::wrong_type(format!(
                    "{source_name} holds {source_type}, but num_vertices asks for positions, which are integers"
                )));
            }
            id_type = DataType::Int64;
        }
        Ok(Self {
            source: s,
            target: t,
            weight,
            source_name,
            target_name,
            vertices_name,
            kind,
            space: if id_type == DataType::UInt64 { KeySpace::Unsigned } else { KeySpace::Signed },
            id_type,
            positions,
            directed: options.bool("directed")?,
            edge_ids: options.bool("edge_ids")?,
            policies,
        })
    }

    /// What goes with every edge.
    pub(crate) fn payload(&self) -> Payload {
        Payload { weight: self.weight.as_ref().map(|(_, _, kind)| *kind), edges: self.edge_ids }
    }

    pub(crate) fn weight_name(&self) -> Option<&str> {
        self.weight.as_ref().map(|(_, name, _)| name.as_str())
    }

    /// The ends and weights of a batch; `first_row` rows came before it. Whether the ids are in range is left to
    /// [`check`](Self::check).
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a null or a weight that is NaN.
    pub(crate) fn read(&self, batch: &RecordBatch, first_row: u64) -> Result<(Ends, Option<ArrayRef>)> {
        let (sources, targets) = (batch.column(self.source), batch.column(self.target));
        ids::no_nulls(sources, &self.source_name, first_row)?;
        ids::no_nulls(targets, &self.target_name, first_row)?;
        let ends = match self.kind {
            Kind::Integer => {
                Ends::Integers(Integers::new(sources, &self.source_name)?, Integers::new(targets, &self.target_name)?)
            }
            Kind::Text => Ends::Texts(Texts::new(sources, &self.source_name)?, Texts::new(targets, &self.target_name)?),
        };
        let weights = match &self.weight {
            Some((i, name, _)) => {
                weights::check(batch.column(*i), name, first_row)?;
                Some(batch.column(*i).clone())
            }
            None => None,
        };
        Ok((ends, weights))
    }

    /// The ids of a batch of vertices, which are integers.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) fn vertex_integers(&self, batch: &RecordBatch, first_row: u64) -> Result<Integers> {
        ids::no_nulls(batch.column(0), &self.vertices_name, first_row)?;
        let values = Integers::new(batch.column(0), &self.vertices_name)?;
        self.check_column(&values, &self.vertices_name, first_row)?;
        Ok(values)
    }

    /// The ids of a batch of vertices, which are strings.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) fn vertex_texts(&self, batch: &RecordBatch, first_row: u64) -> Result<Texts> {
        ids::no_nulls(batch.column(0), &self.vertices_name, first_row)?;
        Texts::new(batch.column(0), &self.vertices_name)
    }

    /// Refuses ids of a batch that are no positions, or have no key in the space of the graph's ids.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument).
    pub(crate) fn check(&self, sources: &Integers, targets: &Integers, first_row: u64) -> Result<()> {
        self.check_column(sources, &self.source_name, first_row)?;
        self.check_column(targets, &self.target_name, first_row)
    }

    fn check_column(&self, values: &Integers, name: &str, first_row: u64) -> Result<()> {
        // What any value of the type passes needs no look at them.
        if self.positions.is_none() && (self.space == KeySpace::Unsigned || !matches!(values, Integers::U64(_))) {
            return Ok(());
        }
        let Some((min, max)) = values.range() else { return Ok(()) };
        let bad = |value: i128| match self.positions {
            Some(n) => value < 0 || value >= i128::from(n),
            None => self.space.key(value).is_none(),
        };
        if !bad(min) && !bad(max) {
            return Ok(());
        }
        let row = (0..values.len()).find(|i| bad(values.value(*i))).unwrap_or(0);
        let value = values.value(row);
        let row = first_row + row as u64;
        Err(Error::invalid_argument(match self.positions {
            Some(n) => format!("{name}: vertex {value} is out of range [0, {n}), in row {row}"),
            None => {
                format!("{name}: the id {value} in row {row} is beyond int64, but ids of another column are signed")
            }
        }))
    }
}

fn position_count(count: i64) -> Result<u32> {
    let count = u64::try_from(count)
        .map_err(|_| Error::invalid_argument(format!("num_vertices must not be negative, not {count}")))?;
    check_count(count)
}

fn column(schema: &Schema, name: &str, role: &str) -> Result<usize> {
    schema.fields().iter().position(|f| f.name() == name).ok_or_else(|| {
        let known: Vec<&str> = schema.fields().iter().take(20).map(|f| f.name().as_str()).collect();
        Error::invalid_argument(format!(
            "{role} column '{name}' not found in graph edges; the columns are: {}",
            known.join(", ")
        ))
    })
}
