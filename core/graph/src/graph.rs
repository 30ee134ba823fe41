//! A graph: vertex ids and adjacency.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arrow_array::ArrayRef;
use pf_base::{Context, Result};

use crate::adjacency::{Adjacency, Orientation, Payload};
use crate::edges::{EdgeInput, Numbering};
use crate::policies::Kept;
use crate::vertices::VertexMap;
use crate::weights::{self, Extremes};

/// Vertices, and the edges between them. Immutable to its users; the incoming edges are built when they are first
/// needed, then kept.
#[derive(Debug)]
pub struct Graph {
    vertices: Arc<VertexMap>,
    outgoing: Adjacency,
    /// Of a directed graph only.
    incoming: OnceLock<Adjacency>,
    building: Turn,
    asked: AtomicU32,
    /// Of the weights, found when first asked for.
    extremes: OnceLock<Extremes>,
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
        let mut about = About {
            directed: input.is_directed(),
            num_edges: input.num_edges(),
            input_rows: input.num_edges(),
            weight: input.weight_name().map(str::to_owned),
            payload: input.payload(),
        };
        let policies = input.policies().clone();
        let (vertices, edges) = input.number(ctx)?;
        ctx.progress(0.3);
        let numbering = Numbering { edges: &edges, map: &vertices };
        let rows = vertices.len() as usize;
        let (outgoing, kept) = Adjacency::build(&numbering, rows, about.payload, &policies, ctx)?;
        drop(edges);
        about.count(kept);
        if ctx.logs(log::Level::Info) {
            log::info!("graph of {rows} vertices and {} edges", about.num_edges);
        }
        Ok(Self::assemble(Arc::new(vertices), outgoing, None, about))
    }

    /// A graph of parts that belong together.
    pub(crate) fn assemble(
        vertices: Arc<VertexMap>,
        outgoing: Adjacency,
        incoming: Option<Adjacency>,
        about: About,
    ) -> Self {
        Self {
            vertices,
            outgoing,
            incoming: incoming.map_or_else(OnceLock::new, OnceLock::from),
            building: Turn::default(),
            asked: AtomicU32::new(0),
            extremes: OnceLock::new(),
            about,
        }
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
        if self.about.directed { self.incoming.get().cloned() } else { Some(self.outgoing.clone()) }
    }

    /// The edges of an orientation, in shared memory. The first call for the incoming edges of a directed graph sorts
    /// them, in O(edges).
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub fn adjacency(&self, orientation: Orientation, ctx: &Context) -> Result<Adjacency> {
        if orientation == Orientation::Out {
            return Ok(self.outgoing.clone());
        }
        if let Some(incoming) = self.incoming_if_built() {
            return Ok(incoming);
        }
        // Only one thread builds, the others wait for it: the memory of several would be wasted.
        let _turn = self.building.wait(ctx)?;
        if let Some(incoming) = self.incoming_if_built() {
            return Ok(incoming);
        }
        let built = self.outgoing.transpose(self.about.payload, ctx)?;
        Ok(self.incoming.get_or_init(|| built).clone())
    }

    /// The least and the greatest weight. The first call looks at all of them.
    ///
    /// # Errors
    /// [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub(crate) fn weight_extremes(&self, ctx: &Context) -> Result<Extremes> {
        if let (None, Some(weights)) = (self.extremes.get(), self.outgoing.weights()) {
            let found = weights::extremes(weights, ctx)?;
            return Ok(*self.extremes.get_or_init(|| found));
        }
        // Without weights every edge is one step.
        Ok(self.extremes.get().copied().unwrap_or(Extremes { least: 1.0, greatest: 1.0 }))
    }

    /// The incoming edges for a search that they would speed up, but not by as much as building them costs: built
    /// when they were asked for often enough to have paid for themselves.
    ///
    /// # Errors
    /// As [`adjacency`](Self::adjacency).
    pub(crate) fn incoming_if_it_pays(&self, ctx: &Context) -> Result<Option<Adjacency>> {
        if self.incoming_if_built().is_none() && self.asked.fetch_add(1, Relaxed) < ASKED {
            return Ok(None);
        }
        self.adjacency(Orientation::In, ctx).map(Some)
    }
}

impl About {
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

/// Whose turn it is to build: the id of the process, 0 for nobody. A thread that waited when the process was forked
/// finds the id of its parent in the child, where nobody builds.
#[derive(Debug, Default)]
struct Turn(AtomicU32);

impl Turn {
    /// Waits for the turn, which ends when what is returned is dropped.
    fn wait(&self, ctx: &Context) -> Result<TurnGuard<'_>> {
        let me = std::process::id();
        loop {
            let holder = self.0.load(Acquire);
            if holder != me && self.0.compare_exchange(holder, me, Acquire, Relaxed).is_ok() {
                return Ok(TurnGuard(self));
            }
            ctx.check()?;
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

struct TurnGuard<'a>(&'a Turn);

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        self.0.0.store(0, Release);
    }
}
