//! A graph: vertex ids and adjacency.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};

use arrow_array::ArrayRef;
use pf_base::{BatchSource, Context, Options, Result};

use crate::adjacency::{Adjacency, Orientation, Payload};
use crate::columns::EdgeColumns;
use crate::edges::{EdgeInput, Numbering};
use crate::policies::Kept;
use crate::storage::Storage;
use crate::streaming::Stream;
use crate::vertices::VertexMap;
use crate::weights::{self, Extremes};

/// Vertices, and the edges between them. Immutable to its users; the incoming edges are built when they are first
/// needed, then kept.
#[derive(Debug)]
pub struct Graph {
    vertices: Arc<VertexMap>,
    edges: Storage,
    asked: AtomicU32,
    /// Of the weights, found when first asked for.
    extremes: OnceLock<Extremes>,
    /// Whether the rows are those of a simple undirected graph, found when first asked for.
    simple: OnceLock<bool>,
    about: About,
}

/// What is known of a graph besides its vertices and edges.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) directed: bool,
    pub(crate) num_edges: u64,
    /// Rows of the input, which edge ids are.
    pub(crate) input_rows: u64,
    pub(crate) weight: Option<String>,
    pub(crate) payload: Payload,
}

impl Graph {
    /// Numbers the vertices and sorts the edges. Time O(edges) for integer ids without wide gaps and for strings.
    ///
    /// # Errors
    /// [`Code::Unsupported`](pf_base::Code::Unsupported) for too many vertices,
    /// [`Code::Arithmetic`](pf_base::Code::Arithmetic) for a sum of weights that their type does not hold,
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub fn build(input: EdgeInput, ctx: &Context) -> Result<Self> {
        let mut about = About::new(input.columns(), input.num_edges());
        let policies = input.columns().policies.clone();
        let (vertices, edges) = input.number(ctx)?;
        ctx.progress(0.3);
        let numbering = Numbering { edges: &edges, map: &vertices };
        let rows = vertices.len() as usize;
        let (outgoing, kept) = match numbering.rows(ctx)? {
            Some(sorted) => Adjacency::of(sorted, about.payload, &policies, ctx)?,
            None => Adjacency::build(&numbering, rows, about.payload, &policies, ctx)?,
        };
        drop(edges);
        about.count(kept);
        let graph = Self::assemble(Arc::new(vertices), outgoing, None, about);
        graph.log(ctx);
        Ok(graph)
    }

    /// Builds from a source of edges, which need not fit the memory: one that can be opened again is read twice, or
    /// once where its edges have neither weights nor ids of their own and those of the vertices are integers from 0 to
    /// 2^22 - 1, and what is held is the graph alone, 4 bytes per edge (and the weight) and 8 per vertex, and a few
    /// batches. Any other source is collected first.
    ///
    /// The graph keeps a source that can be opened again, and under a memory limit that does not hold the edges by
    /// source and by target it keeps only those that were asked for last, and reads the source again for the others;
    /// the file must not change then. Arguments as in [`EdgeInput::collect`]. The graph is the same as a collected one, bit
    /// for bit. Time O(edges log degree).
    ///
    /// # Errors
    /// Those of [`EdgeInput::collect`] and [`build`](Self::build); [`Code::Corrupt`](pf_base::Code::Corrupt) when the
    /// source gives other edges the second time.
    pub fn from_source(
        mut edges: Box<dyn BatchSource + Send>,
        source: &str,
        target: &str,
        vertices: Option<&mut (dyn BatchSource + Send)>,
        options: &Options,
        ctx: &Context,
    ) -> Result<Self> {
        if !edges.reopenable() {
            let vertices = vertices.map(|v| v as &mut dyn BatchSource);
            let input = EdgeInput::collect(&mut *edges, source, target, vertices, options, ctx)?;
            return Self::build(input, ctx);
        }
        let vertex_schema = vertices.as_ref().map(|v| v.schema());
        let columns = EdgeColumns::new(&edges.schema(), vertex_schema.as_deref(), source, target, options)?;
        let mut stream = Stream::new(edges, columns.clone());
        let (vertices, outgoing, kept, input_rows) = stream.build(vertices, ctx)?;
        let mut about = About::new(&columns, input_rows);
        about.count(kept);
        let edges = Storage::with_source(outgoing, about.directed, stream);
        let asked = AtomicU32::new(0);
        let graph = Self {
            vertices: Arc::new(vertices),
            edges,
            asked,
            extremes: OnceLock::new(),
            simple: OnceLock::new(),
            about,
        };
        graph.log(ctx);
        Ok(graph)
    }

    fn log(&self, ctx: &Context) {
        if ctx.logs(log::Level::Info) {
            log::info!("graph of {} vertices and {} edges", self.num_vertices(), self.num_edges());
        }
    }

    /// A graph of parts that belong together.
    pub(crate) fn assemble(
        vertices: Arc<VertexMap>,
        outgoing: Adjacency,
        incoming: Option<Adjacency>,
        about: About,
    ) -> Self {
        let edges = Storage::new(outgoing, incoming, about.directed);
        Self { vertices, edges, asked: AtomicU32::new(0), extremes: OnceLock::new(), simple: OnceLock::new(), about }
    }

    pub(crate) fn vertices(&self) -> &Arc<VertexMap> {
        &self.vertices
    }

    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    /// The number of vertices.
    pub fn num_vertices(&self) -> usize {
        self.vertices.len() as usize
    }

    /// The number of edges; an undirected edge counts once, and what the build dropped or merged no more.
    pub fn num_edges(&self) -> u64 {
        self.about.num_edges
    }

    /// Whether edges have a direction.
    pub fn is_directed(&self) -> bool {
        self.about.directed
    }

    /// The name of the weight column.
    pub fn weight(&self) -> Option<&str> {
        self.about.weight.as_deref()
    }

    /// Whether the input row of every edge is kept.
    pub fn has_edge_ids(&self) -> bool {
        self.about.payload.edges
    }

    /// The ids in vertex order, in the user's type.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub fn vertex_ids(&self, ctx: &Context) -> Result<ArrayRef> {
        self.vertices.ids(ctx)
    }

    /// The ids of vertices.
    pub(crate) fn ids_at(&self, numbers: Vec<u32>, ctx: &Context) -> Result<ArrayRef> {
        self.vertices.ids_at(numbers, ctx)
    }

    /// The numbers of the vertices whose ids an array holds; `name` is the argument for messages.
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for ids of another kind,
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a null or an unknown id.
    pub fn find_vertices(&self, ids: &ArrayRef, name: &str) -> Result<Vec<u32>> {
        self.vertices.find(ids, name)
    }

    /// The incoming edges, if they were built before or the graph is undirected.
    pub fn incoming_if_built(&self) -> Option<Adjacency> {
        self.edges.built(Orientation::In)
    }

    /// The edges of an orientation, in shared memory. The first call for the incoming edges of a directed graph sorts
    /// them, in O(edges); so may any call where a memory limit lets the graph keep one orientation only (see
    /// [`from_source`](Self::from_source)).
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled), and what the
    /// source of the edges reports where it is read again.
    pub fn adjacency(&self, orientation: Orientation, ctx: &Context) -> Result<Adjacency> {
        self.edges.adjacency(orientation, self.about.payload, &self.vertices, ctx)
    }

    /// The least and the greatest weight. The first call looks at all of them.
    ///
    /// # Errors
    /// [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub(crate) fn weight_extremes(&self, ctx: &Context) -> Result<Extremes> {
        if let Some(found) = self.extremes.get() {
            return Ok(*found);
        }
        let found = match self.adjacency(Orientation::Out, ctx)?.weights() {
            Some(weights) => weights::extremes(weights, ctx)?,
            // Every edge is one step.
            None => Extremes { least: 1.0, greatest: 1.0, whole: true },
        };
        Ok(*self.extremes.get_or_init(|| found))
    }

    /// Whether the rows hold no loop and no vertex twice, as `look` finds out when it is first asked.
    ///
    /// # Errors
    /// Those of `look`.
    pub(crate) fn is_simple(&self, look: impl FnOnce() -> Result<bool>) -> Result<bool> {
        if let Some(simple) = self.simple.get() {
            return Ok(*simple);
        }
        let simple = look()?;
        Ok(*self.simple.get_or_init(|| simple))
    }

    /// The incoming edges for a search that they would speed up, but not by as much as building them costs: built
    /// when they were asked for often enough to have paid for themselves.
    ///
    /// # Errors
    /// As [`adjacency`](Self::adjacency).
    pub(crate) fn incoming_if_it_pays(&self, ctx: &Context) -> Result<Option<Adjacency>> {
        let built = self.incoming_if_built();
        if built.is_some() {
            return Ok(built);
        }
        if self.asked.fetch_add(1, Relaxed) < ASKED || !self.edges.holds_both(self.about.payload, ctx) {
            return Ok(None);
        }
        self.adjacency(Orientation::In, ctx).map(Some)
    }
}

impl About {
    fn new(columns: &EdgeColumns, input_rows: u64) -> Self {
        Self {
            directed: columns.directed,
            num_edges: input_rows,
            input_rows,
            weight: columns.weight_name().map(str::to_owned),
            payload: columns.payload(),
        }
    }

    /// Takes over how many edges stand in the rows.
    pub(crate) fn count(&mut self, kept: Kept) {
        if let Some(loops) = kept.loops {
            // An undirected edge stands in two rows, a loop in one.
            self.num_edges = if self.directed { kept.edges } else { (kept.edges + loops) / 2 };
        }
    }
}

/// Searches without the incoming edges before they are built: building them costs what they save in about three searches.
/// Measured on a Kronecker graph of 2^20 vertices and 16.8 million edges, one thread, no predecessors: 0.10 s a search
/// without them, 0.03 s with them, 0.23 s to build them (`bfs` from the five busiest vertices in turn, and `csc()`).
const ASKED: u32 = 2;
