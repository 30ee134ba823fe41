//! The edges that go into a graph, as they come from the host.

use arrow_array::{ArrayRef, RecordBatch};
use pf_base::registry::{Kernel, Kind as ParamKind, Literal, Param};
use pf_base::{BatchSource, Context, Error, Options, Reservation, Result, TrackedVec};

use crate::adjacency::Rows;
use crate::columns::{EdgeColumns, Ends};
use crate::ids::{Integers, KeySpace, Kind};
use crate::packed::{Present, sort_packed, take_sorted};
use crate::sort::{BLOCK, Block, BlockRows, EdgeBlocks, Want};
use crate::survey::{Sources, survey};
use crate::vertices::{IntegerMap, Map, TextEncoder, VertexMap};
use crate::weights;

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

/// Edges, collected from a source, not yet a graph.
#[derive(Debug)]
pub struct EdgeInput {
    columns: EdgeColumns,
    ends: Collected,
    /// A chunk per batch.
    weights: Vec<ArrayRef>,
    num_edges: u64,
    /// For the columns that are kept as they came: a stream of ours gives memory that nobody else counts.
    reservations: Vec<Reservation>,
}

#[derive(Debug)]
enum Collected {
    /// Integer ids, a pair of chunks per batch, and the ids of `vertices`.
    Integers { edges: Vec<(Integers, Integers)>, vertices: Vec<Integers> },
    /// Vertex numbers per batch, source and target in turn.
    Texts { numbers: Vec<TrackedVec<u32>>, encoder: TextEncoder },
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
        let vertex_schema = vertices.as_ref().map(|v| v.schema());
        let columns = EdgeColumns::new(&edges.schema(), vertex_schema.as_deref(), source, target, options)?;
        let mut collected = match columns.kind {
            Kind::Integer => Collected::Integers { edges: Vec::new(), vertices: Vec::new() },
            Kind::Text => Collected::Texts { numbers: Vec::new(), encoder: TextEncoder::new() },
        };
        if let Some(vertices) = vertices {
            let mut row = 0;
            for batch in vertices.open()? {
                ctx.check()?;
                let batch = batch?;
                match &mut collected {
                    Collected::Integers { vertices, .. } => vertices.push(columns.vertex_integers(&batch, row)?),
                    Collected::Texts { encoder, .. } => {
                        encoder.encode(&[&columns.vertex_texts(&batch, row)?], ctx)?;
                    }
                }
                row += batch.num_rows() as u64;
            }
        }
        let (mut num_edges, mut weights, mut reservations) = (0, Vec::new(), Vec::new());
        for batch in edges.open()? {
            ctx.check()?;
            let batch: RecordBatch = batch?;
            let (ends, weight) = columns.read(&batch, num_edges)?;
            match (&mut collected, ends) {
                (Collected::Integers { edges, .. }, Ends::Integers(sources, targets)) => {
                    let bytes = (sources.bytes() + targets.bytes()) as u64;
                    reservations.push(ctx.memory().reserve(bytes, "edges")?);
                    edges.push((sources, targets));
                }
                (Collected::Texts { numbers, encoder }, Ends::Texts(sources, targets)) => {
                    numbers.push(encoder.encode(&[&sources, &targets], ctx)?);
                }
                _ => return Err(Error::internal("ids of another kind")),
            }
            if let Some(weight) = weight {
                reservations.push(ctx.memory().reserve(8 * batch.num_rows() as u64, "edge weights")?);
                weights.push(weight);
            }
            num_edges += batch.num_rows() as u64;
        }
        Ok(Self { columns, ends: collected, weights, num_edges, reservations })
    }

    /// The number of edges that came in.
    pub fn num_edges(&self) -> u64 {
        self.num_edges
    }

    /// The steps that building takes, for [`Context::run`]: edges and vertices that are known to come.
    pub fn work(&self) -> u64 {
        self.num_edges + u64::from(self.columns.positions.unwrap_or(0))
    }

    pub(crate) fn columns(&self) -> &EdgeColumns {
        &self.columns
    }

    /// The map of the ids, and the edges by vertex number.
    pub(crate) fn number(self, ctx: &Context) -> Result<(VertexMap, NumberedEdges)> {
        let Self { columns, ends, weights, num_edges: _, reservations } = self;
        let EdgeColumns { space, positions, directed, edge_ids, .. } = columns;
        let lengths: Vec<usize> = match &ends {
            Collected::Integers { edges, .. } => edges.iter().map(|(sources, _)| sources.len()).collect(),
            Collected::Texts { numbers, .. } => numbers.iter().map(|numbers| numbers.len() / 2).collect(),
        };
        let (mut blocks, mut firsts, mut first) = (Vec::new(), Vec::new(), 0);
        for (chunk, len) in lengths.into_iter().enumerate() {
            firsts.push(first);
            let block = |start| BlockRows { chunk, start, len: BLOCK.min(len - start), first: first + start as u64 };
            blocks.extend((0..len).step_by(BLOCK).map(block));
            first += len as u64;
        }
        let mut seen = None;
        let (map, chunks) = match ends {
            Collected::Integers { edges, vertices } => {
                let check = || ctx.map(edges.len(), |i| columns.check(&edges[i].0, &edges[i].1, firsts[i]));
                if positions.is_none() {
                    check()?;
                }
                match (positions, survey(&edges, &vertices, &blocks, space, positions, ctx)?) {
                    (Some(n), Some(survey)) => {
                        seen = Some((survey.origin, survey.sources));
                        (Map::Positions(n), Chunks::Integers { edges, space })
                    }
                    (Some(n), None) => {
                        // One is out of range, or there are too many edges to be surveyed.
                        check()?;
                        (Map::Positions(n), Chunks::Integers { edges, space })
                    }
                    (None, Some(survey)) => {
                        let map = IntegerMap::from_bits(space, survey.origin, survey.bits, ctx)?;
                        seen = Some((survey.origin, survey.sources));
                        (Map::Integer(map), Chunks::Integers { edges, space })
                    }
                    (None, None) => {
                        let ends = edges.iter().flat_map(|(s, t)| [s, t]);
                        let all: Vec<&Integers> = vertices.iter().chain(ends).collect();
                        let map = IntegerMap::build(&all, space, ctx)?;
                        // A hash table is asked once per end; the other maps are quicker than reading numbers back.
                        let chunks = match map.is_hashed() {
                            true => Chunks::Numbers(numbers(&map, &edges, space, ctx)?),
                            false => Chunks::Integers { edges, space },
                        };
                        (Map::Integer(map), chunks)
                    }
                }
            }
            Collected::Texts { numbers, encoder } => (Map::Text(encoder.finish(ctx)?), Chunks::Numbers(numbers)),
        };
        let edges = NumberedEdges { chunks, weights, directed, edge_ids, blocks, seen, _reservations: reservations };
        Ok((VertexMap::new(map, columns.id_type), edges))
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

/// Edges whose ends can be read as vertex numbers, any number of times.
pub(crate) struct NumberedEdges {
    chunks: Chunks,
    weights: Vec<ArrayRef>,
    directed: bool,
    edge_ids: bool,
    blocks: Vec<BlockRows>,
    /// What is known of the sources, by key from the first one on.
    seen: Option<(i64, Sources)>,
    _reservations: Vec<Reservation>,
}

enum Chunks {
    Integers { edges: Vec<(Integers, Integers)>, space: KeySpace },
    Numbers(Vec<TrackedVec<u32>>),
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
        let BlockRows { chunk, start, len, first } = self.edges.blocks[block];
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

impl Numbering<'_> {
    /// The rows of directed edges without payload whose sources were surveyed; nothing of others.
    pub(crate) fn rows(&self, ctx: &Context) -> Result<Option<Rows>> {
        let Some((origin, sources)) = &self.edges.seen else { return Ok(None) };
        if !self.edges.directed || self.edges.edge_ids || !self.edges.weights.is_empty() {
            return Ok(None);
        }
        let rows = self.map.len() as usize;
        let lengths = || self.edges.blocks.iter().map(|block| block.len).collect::<Vec<usize>>();
        let map = match self.map.map() {
            Map::Integer(map) => map,
            // Keys are numbers.
            _ if sources.ascending => return take_sorted(self, &lengths(), rows, ctx).map(Some),
            _ => return sort_packed(self, rows, Present::Range { first: 0, len: rows }, Some(sources), ctx),
        };
        let Some(present) = map.present(*origin) else { return Ok(None) };
        // Where it is small beside the edges, a table finds numbers more quickly than counting bits.
        let width = present.end();
        let small = 2 * (width as u64) < self.edges.num_edges();
        let table = if small && !map.is_range() { Some(Ranks::new(&present, ctx)?) } else { None };
        let keyed = Keyed { numbering: self, map, origin: *origin, table, sources: !sources.ascending };
        if sources.ascending {
            return take_sorted(&keyed, &lengths(), rows, ctx).map(Some);
        }
        sort_packed(&keyed, rows, present, Some(sources), ctx)
    }
}

/// The number of every key, in little more than a byte each: as its distance from the first number of 256 keys.
struct Ranks {
    first: TrackedVec<u32>,
    distance: TrackedVec<u8>,
}

impl Ranks {
    fn new(present: &Present, ctx: &Context) -> Result<Self> {
        let width = present.end();
        let mut first = ctx.zeroed::<u32>(width.div_ceil(256), "numbers of ids")?;
        let mut distance = ctx.zeroed::<u8>(width, "numbers of ids")?;
        let mut number = 0;
        for (i, (first, part)) in first.iter_mut().zip(distance.chunks_mut(256)).enumerate() {
            *first = number;
            for (key, slot) in (256 * i..).zip(part) {
                // At most 255 keys come before one of 256.
                *slot = (number - *first) as u8;
                number += u32::from(present.has(key));
            }
        }
        Ok(Self { first, distance })
    }

    fn get(&self, key: usize) -> u32 {
        self.first[key >> 8] + u32::from(self.distance[key])
    }
}

/// Edges with numbers as targets, and keys as sources where which rows they are need not be known until the end.
struct Keyed<'a> {
    numbering: &'a Numbering<'a>,
    map: &'a IntegerMap,
    origin: i64,
    table: Option<Ranks>,
    /// Whether sources stay keys.
    sources: bool,
}

impl Keyed<'_> {
    fn number(&self, keys: &[i64], numbers: &mut [u32]) {
        let Some(table) = &self.table else { return self.map.number(keys, numbers) };
        for (number, key) in numbers.iter_mut().zip(keys) {
            *number = table.get(key.wrapping_sub(self.origin) as usize);
        }
    }
}

impl EdgeBlocks for Keyed<'_> {
    fn num_blocks(&self) -> usize {
        self.numbering.num_blocks()
    }

    fn read(&self, block: usize, _: Want, out: &mut Block) {
        let edges = self.numbering.edges;
        let BlockRows { chunk, start, len, .. } = edges.blocks[block];
        let Chunks::Integers { edges, space } = &edges.chunks else { return };
        let (sources, targets) = &edges[chunk];
        let mut keys = [0; BLOCK];
        let keys = &mut keys[..len];
        out.sources.resize(len, 0);
        out.targets.resize(len, 0);
        sources.keys(start, *space, keys);
        if self.sources {
            out.sources.iter_mut().zip(&*keys).for_each(|(slot, key)| *slot = key.wrapping_sub(self.origin) as u32);
        } else {
            self.number(keys, &mut out.sources);
        }
        targets.keys(start, *space, keys);
        self.number(keys, &mut out.targets);
    }
}

impl NumberedEdges {
    fn num_edges(&self) -> u64 {
        self.blocks.iter().map(|block| block.len as u64).sum()
    }
}
