//! The edges that go into a graph, as they come from the host.

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use pf_base::registry::{Kernel, Kind as ParamKind, Literal, Param};
use pf_base::{BatchSource, Context, Error, Options, Reservation, Result, TrackedVec};

use crate::adjacency::Payload;
use crate::ids::{self, Integers, KeySpace, Kind, Texts};
use crate::policies::Policies;
use crate::sort::{Block, EdgeBlocks, Want};
use crate::vertices::{IntegerMap, Map, TextEncoder, VertexMap, check_count};
use crate::weights::{self, WeightType};

/// The registry row of the builder.
pub static GRAPH_FROM_EDGES: Kernel = Kernel {
    family: "graph",
    name: "graph_from_edges",
    function: "pf_graph_from_edges",
    summary: "A graph from a stream of edges with the user's own vertex ids.",
    citation: "Counting sort by source in cache-sized partitions: S. Beamer, K. Asanović, D. Patterson, Reducing PageRank \
               communication via propagation blocking, IPDPS'17 (for the partitioning).",
    params: &[
        Param { name: "weight", kind: ParamKind::Str, default: None, doc: "A numeric column to keep as edge weights." },
        Param {
            name: "directed",
            kind: ParamKind::Bool,
            default: Some(Literal::Bool(true)),
            doc: "False stores every edge in both directions, a loop once.",
        },
        Param {
            name: "num_vertices",
            kind: ParamKind::I64,
            default: None,
            doc: "The ids are the positions 0 to num_vertices - 1, all of which are vertices.",
        },
        Param {
            name: "duplicates",
            kind: ParamKind::Str,
            default: Some(Literal::Str("keep")),
            doc: "What becomes of parallel edges: \"keep\" keeps them all, \"first\" the first of the input, \"sum\", \
                  \"min\" and \"max\" make one edge with this of their weights.",
        },
        Param {
            name: "self_loops",
            kind: ParamKind::Str,
            default: Some(Literal::Str("keep")),
            doc: "\"drop\" leaves out edges from a vertex to itself; the vertex stays.",
        },
        Param {
            name: "edge_ids",
            kind: ParamKind::Bool,
            default: Some(Literal::Bool(false)),
            doc: "Keeps the input row of every edge, of merged edges the first.",
        },
    ],
    columns: &[],
};

/// Rows that are translated to vertex numbers at a time: two columns of them stay in the first-level cache.
const BLOCK: usize = 4096;

/// Edges, collected from a source, not yet a graph.
#[derive(Debug)]
pub struct EdgeInput {
    ends: Ends,
    weights: Option<Weights>,
    directed: bool,
    policies: Policies,
    edge_ids: bool,
    num_edges: u64,
    id_type: DataType,
    /// For the columns that are kept as they came: a stream of ours gives memory that nobody else counts.
    reservations: Vec<Reservation>,
}

#[derive(Debug)]
enum Ends {
    /// Integer ids, a pair of chunks per batch; the ids of `vertices`; the number of positions where the ids are
    /// positions.
    Integers { edges: Vec<(Integers, Integers)>, vertices: Vec<Integers>, space: KeySpace, positions: Option<u32> },
    /// Vertex numbers per batch, source and target in turn.
    Texts { numbers: Vec<TrackedVec<u32>>, encoder: TextEncoder },
}

#[derive(Debug)]
struct Weights {
    name: String,
    kind: WeightType,
    chunks: Vec<ArrayRef>,
}

impl EdgeInput {
    /// Reads `edges` to its end, on this thread, and keeps the columns that a graph needs: integers and weights
    /// borrowed, strings as vertex numbers.
    ///
    /// `source` and `target` name the columns of the ends; the first column of `vertices` holds further ids. The
    /// options are those of [`GRAPH_FROM_EDGES`].
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an unknown column, a null id, a bad weight;
    /// [`Code::Type`](pf_base::Code::Type) for ids or weights of another type; what the sources report.
    pub fn collect(
        edges: &mut dyn BatchSource,
        source: &str,
        target: &str,
        vertices: Option<&mut dyn BatchSource>,
        options: &Options,
        ctx: &Context,
    ) -> Result<Self> {
        let options = options.bind(&GRAPH_FROM_EDGES)?;
        let directed = options.bool("directed")?;
        let positions = options.opt_i64("num_vertices").map(position_count).transpose()?;
        if positions.is_some() && vertices.is_some() {
            return Err(Error::invalid_argument("num_vertices and vertices exclude each other"));
        }

        let schema = edges.schema();
        let (s, t) = (column(&schema, source, "source")?, column(&schema, target, "target")?);
        let weight = options.opt_str("weight").map(|name| column(&schema, name, "weight").map(|i| (name, i)));
        let weight = weight.transpose()?;
        let policies = Policies::new(&options, weight.is_some())?;
        let edge_ids = options.bool("edge_ids")?;
        let (source_type, target_type) = (schema.field(s).data_type(), schema.field(t).data_type());
        let (source_name, target_name) = (format!("source column '{source}'"), format!("target column '{target}'"));
        let kind = ids::kind_of(source_type, &source_name)?;
        if kind != ids::kind_of(target_type, &target_name)? {
            return Err(Error::wrong_type(format!(
                "{source_name} holds {source_type}, {target_name} {target_type}: both must be integers or both strings"
            )));
        }
        let mut weights = match weight {
            Some((name, i)) => Some(Weights {
                name: name.to_owned(),
                kind: WeightType::of(schema.field(i).data_type(), name)?,
                chunks: Vec::new(),
            }),
            None => None,
        };
        let mut id_type = ids::result_type(source_type, target_type);
        if let Some(vertices) = &vertices {
            let schema = vertices.schema();
            let field = schema.fields().first().ok_or_else(|| Error::invalid_argument("vertices has no column"))?;
            let name = format!("vertices column '{}'", field.name());
            if ids::kind_of(field.data_type(), &name)? != kind {
                return Err(Error::wrong_type(format!(
                    "{name} holds {}, but {source_name} {source_type}: both must be integers or both strings",
                    field.data_type()
                )));
            }
            id_type = ids::result_type(&id_type, field.data_type());
        }
        if positions.is_some() {
            id_type = DataType::Int64;
        }
        let mut ends = match kind {
            Kind::Integer => Ends::Integers {
                edges: Vec::new(),
                vertices: Vec::new(),
                space: if id_type == DataType::UInt64 { KeySpace::Unsigned } else { KeySpace::Signed },
                positions,
            },
            Kind::Text if positions.is_some() => {
                return Err(Error::wrong_type(format!(
                    "{source_name} holds {source_type}, but num_vertices asks for positions, which are integers"
                )));
            }
            Kind::Text => Ends::Texts { numbers: Vec::new(), encoder: TextEncoder::new() },
        };

        if let Some(vertices) = vertices {
            add_vertices(vertices, &mut ends, ctx)?;
        }
        let mut num_edges = 0;
        let mut reservations = Vec::new();
        for batch in edges.open()? {
            ctx.check()?;
            let batch: RecordBatch = batch?;
            let (sources, targets) = (batch.column(s), batch.column(t));
            ids::no_nulls(sources, &source_name, num_edges)?;
            ids::no_nulls(targets, &target_name, num_edges)?;
            match &mut ends {
                Ends::Integers { edges, space, positions, .. } => {
                    let pair = (Integers::new(sources, &source_name)?, Integers::new(targets, &target_name)?);
                    check_range(&pair.0, &source_name, *space, *positions, num_edges)?;
                    check_range(&pair.1, &target_name, *space, *positions, num_edges)?;
                    let bytes = (pair.0.bytes() + pair.1.bytes()) as u64;
                    reservations.push(ctx.memory().reserve(bytes, "edges")?);
                    edges.push(pair);
                }
                Ends::Texts { numbers, encoder } => {
                    let (a, b) = (Texts::new(sources, &source_name)?, Texts::new(targets, &target_name)?);
                    numbers.push(encoder.encode(&[&a, &b], ctx)?);
                }
            }
            if let (Some(weights), Some((_, i))) = (&mut weights, weight) {
                weights::check(batch.column(i), &weights.name, num_edges)?;
                reservations.push(ctx.memory().reserve(8 * batch.num_rows() as u64, "edge weights")?);
                weights.chunks.push(batch.column(i).clone());
            }
            num_edges += batch.num_rows() as u64;
        }
        Ok(Self { ends, weights, directed, policies, edge_ids, num_edges, id_type, reservations })
    }

    /// The number of edges that came in.
    pub fn num_edges(&self) -> u64 {
        self.num_edges
    }

    /// The steps that building takes, for [`Context::run`]: edges and vertices that are known to come.
    pub fn work(&self) -> u64 {
        let positions = match &self.ends {
            Ends::Integers { positions, .. } => positions.unwrap_or(0),
            Ends::Texts { .. } => 0,
        };
        self.num_edges + u64::from(positions)
    }

    pub(crate) fn is_directed(&self) -> bool {
        self.directed
    }

    pub(crate) fn weight_name(&self) -> Option<&str> {
        self.weights.as_ref().map(|w| w.name.as_str())
    }

    pub(crate) fn payload(&self) -> Payload {
        Payload { weight: self.weights.as_ref().map(|w| w.kind), edges: self.edge_ids }
    }

    pub(crate) fn policies(&self) -> &Policies {
        &self.policies
    }

    /// The map of the ids, and the edges by vertex number.
    pub(crate) fn number(self, ctx: &Context) -> Result<(VertexMap, NumberedEdges)> {
        let Self { ends, weights, directed, policies: _, edge_ids, num_edges: _, id_type, reservations } = self;
        let weights = weights.map_or(Vec::new(), |w| w.chunks);
        let (map, chunks) = match ends {
            Ends::Integers { edges, vertices: _, space: _, positions: Some(n) } => {
                (Map::Positions(n), Chunks::Integers { edges, space: KeySpace::Signed })
            }
            Ends::Integers { edges, vertices, space, positions: None } => {
                let all: Vec<&Integers> = vertices.iter().chain(edges.iter().flat_map(|(s, t)| [s, t])).collect();
                let map = IntegerMap::build(&all, space, ctx)?;
                // A hash table is asked once per end; the other maps are quicker than reading numbers back.
                let chunks = match map.is_hashed() {
                    true => Chunks::Numbers(numbers(&map, &edges, space, ctx)?),
                    false => Chunks::Integers { edges, space },
                };
                (Map::Integer(map), chunks)
            }
            Ends::Texts { numbers, encoder } => (Map::Text(encoder.finish(ctx)?), Chunks::Numbers(numbers)),
        };
        let mut blocks = Vec::new();
        let mut first = 0;
        for chunk in 0..chunks.count() {
            let len = chunks.len(chunk);
            let block = |start| Rows { chunk, start, len: BLOCK.min(len - start), first: first + start as u64 };
            blocks.extend((0..len).step_by(BLOCK).map(block));
            first += len as u64;
        }
        let edges = NumberedEdges { chunks, weights, directed, edge_ids, blocks, _reservations: reservations };
        Ok((VertexMap::new(map, id_type), edges))
    }
}

/// The ends of the edges as vertex numbers, source and target in turn.
fn numbers(
    map: &IntegerMap,
    edges: &[(Integers, Integers)],
    space: KeySpace,
    ctx: &Context,
) -> Result<Vec<TrackedVec<u32>>> {
    let mut all = Vec::with_capacity(edges.len());
    for (sources, targets) in edges {
        let mut chunk = ctx.zeroed::<u32>(2 * sources.len(), "vertex numbers")?;
        ctx.for_each(chunk.chunks_mut(2 * BLOCK).collect(), |block, slots| {
            let (mut keys, mut numbers) = ([0; BLOCK], [0; BLOCK]);
            let len = slots.len() / 2;
            for (end, values) in [sources, targets].into_iter().enumerate() {
                values.keys(block * BLOCK, space, &mut keys[..len]);
                map.number(&keys[..len], &mut numbers[..len]);
                slots.iter_mut().skip(end).step_by(2).zip(&numbers).for_each(|(slot, number)| *slot = *number);
            }
            Ok(())
        })?;
        all.push(chunk);
    }
    Ok(all)
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

/// Refuses ids that are no positions, or have no key in the space of the graph's ids.
fn check_range(values: &Integers, name: &str, space: KeySpace, positions: Option<u32>, first_row: u64) -> Result<()> {
    let Some((min, max)) = values.range() else { return Ok(()) };
    let bad = |value: i128| match positions {
        Some(n) => value < 0 || value >= i128::from(n),
        None => space.key(value).is_none(),
    };
    if !bad(min) && !bad(max) {
        return Ok(());
    }
    let row = (0..values.len()).find(|i| bad(values.value(*i))).unwrap_or(0);
    let value = values.value(row);
    let row = first_row + row as u64;
    Err(Error::invalid_argument(match positions {
        Some(n) => format!("{name}: vertex {value} is out of range [0, {n}), in row {row}"),
        None => format!("{name}: the id {value} in row {row} is beyond int64, but ids of another column are signed"),
    }))
}

/// Takes in the ids of the first column of `vertices`, which are of the kind of the edges'.
fn add_vertices(vertices: &mut dyn BatchSource, ends: &mut Ends, ctx: &Context) -> Result<()> {
    let name = format!("vertices column '{}'", vertices.schema().field(0).name());
    let mut row = 0;
    for batch in vertices.open()? {
        ctx.check()?;
        let batch = batch?;
        let column = batch.column(0);
        ids::no_nulls(column, &name, row)?;
        match &mut *ends {
            Ends::Integers { vertices, space, .. } => {
                let values = Integers::new(column, &name)?;
                check_range(&values, &name, *space, None, row)?;
                vertices.push(values);
            }
            Ends::Texts { encoder, .. } => {
                encoder.encode(&[&Texts::new(column, &name)?], ctx)?;
            }
        }
        row += batch.num_rows() as u64;
    }
    Ok(())
}

/// Edges whose ends can be read as vertex numbers, any number of times.
pub(crate) struct NumberedEdges {
    chunks: Chunks,
    weights: Vec<ArrayRef>,
    directed: bool,
    edge_ids: bool,
    blocks: Vec<Rows>,
    _reservations: Vec<Reservation>,
}

/// Some rows of a chunk.
#[derive(Clone, Copy, Debug)]
struct Rows {
    chunk: usize,
    start: usize,
    len: usize,
    /// Rows before them in the whole input.
    first: u64,
}

enum Chunks {
    Integers { edges: Vec<(Integers, Integers)>, space: KeySpace },
    Numbers(Vec<TrackedVec<u32>>),
}

impl Chunks {
    fn count(&self) -> usize {
        match self {
            Chunks::Integers { edges, .. } => edges.len(),
            Chunks::Numbers(numbers) => numbers.len(),
        }
    }

    fn len(&self, chunk: usize) -> usize {
        match self {
            Chunks::Integers { edges, .. } => edges[chunk].0.len(),
            Chunks::Numbers(numbers) => numbers[chunk].len() / 2,
        }
    }
}

/// [`NumberedEdges`] with the map that numbers them.
pub(crate) struct Numbering<'a> {
    pub(crate) edges: &'a NumberedEdges,
    pub(crate) map: &'a VertexMap,
}

impl EdgeBlocks for Numbering<'_> {
    fn num_blocks(&self) -> usize {
        self.edges.blocks.len()
    }

    fn read(&self, block: usize, want: Want, out: &mut Block) {
        let Rows { chunk, start, len, first } = self.edges.blocks[block];
        // An undirected edge also has its target as a source.
        let want = if want == Want::Sources && !self.edges.directed { Want::Edges } else { want };
        out.sources.resize(len, 0);
        out.targets.resize(if want == Want::Sources { 0 } else { len }, 0);
        match &self.edges.chunks {
            Chunks::Integers { edges, space } => {
                let mut keys = [0; BLOCK];
                let (sources, targets) = &edges[chunk];
                for (values, numbers) in [(sources, &mut out.sources), (targets, &mut out.targets)] {
                    let keys = &mut keys[..numbers.len()];
                    values.keys(start, *space, keys);
                    match self.map.map() {
                        Map::Integer(map) => map.number(keys, numbers),
                        _ => numbers.iter_mut().zip(&*keys).for_each(|(number, key)| *number = *key as u32),
                    }
                }
            }
            Chunks::Numbers(numbers) => {
                let pairs = numbers[chunk][2 * start..2 * (start + len)].as_chunks::<2>().0;
                out.sources.iter_mut().zip(pairs).for_each(|(source, pair)| *source = pair[0]);
                out.targets.iter_mut().zip(pairs).for_each(|(target, pair)| *target = pair[1]);
            }
        }
        out.weights.clear();
        out.edges.clear();
        if want == Want::All {
            if let Some(weights) = self.edges.weights.get(chunk) {
                weights::to_bits(weights, start, len, &mut out.weights);
            }
            if self.edges.edge_ids {
                out.edges.extend(first..first + len as u64);
            }
        }
        if !self.edges.directed {
            out.add_reversed();
        }
    }
}
