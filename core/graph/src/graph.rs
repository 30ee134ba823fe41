//! A graph: vertex ids and adjacency.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Duration;

use arrow_array::ArrayRef;
use pf_base::{Context, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::edges::{EdgeInput, Numbering};
use crate::vertices::VertexMap;
use crate::weights::{self, Extremes, WeightType};

/// Vertices, and the edges between them. Immutable to its users; the incoming edges are built when they are first
/// needed, then kept.
#[derive(Debug)]
pub struct Graph {
    vertices: VertexMap,
    outgoing: Adjacency,
    /// Of a directed graph only.
    incoming: OnceLock<Adjacency>,
    building: Turn,
    asked: AtomicU32,
    /// Of the weights, found when first asked for.
    extremes: OnceLock<Extremes>,
    directed: bool,
    num_edges: u64,
    weight: Option<(String, WeightType)>,
}

impl Graph {
    /// Numbers the vertices and sorts the edges. Time O(edges) for integer ids without wide gaps and for strings.
    ///
    /// # Errors
    /// [`Code::Unsupported`](pf_base::Code::Unsupported) for too many vertices,
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub fn build(input: EdgeInput, ctx: &Context) -> Result<Self> {
        let weight = input.weight().map(|(name, kind)| (name.to_owned(), kind));
        let (directed, num_edges) = (input.is_directed(), input.num_edges());
        let (vertices, edges) = input.number(ctx)?;
        ctx.progress(0.3);
        let numbering = Numbering { edges: &edges, map: &vertices };
        let kind = weight.as_ref().map(|(_, kind)| *kind);
        let outgoing = Adjacency::build(&numbering, vertices.len() as usize, kind, ctx)?;
        drop(edges);
        if ctx.logs(log::Level::Info) {
            log::info!("graph of {} vertices and {num_edges} edges", vertices.len());
        }
        Ok(Self {
            vertices,
            outgoing,
            incoming: OnceLock::new(),
            building: Turn::default(),
            asked: AtomicU32::new(0),
            extremes: OnceLock::new(),
            directed,
            num_edges,
            weight,
        })
    }

    /// The number of vertices.
    pub fn num_vertices(&self) -> usize {
        self.vertices.len() as usize
    }

    /// The number of edges that went in; an undirected edge counts once.
    pub fn num_edges(&self) -> u64 {
        self.num_edges
    }

    /// Whether edges have a direction.
    pub fn is_directed(&self) -> bool {
        self.directed
    }

    /// The name of the weight column.
    pub fn weight(&self) -> Option<&str> {
        self.weight.as_ref().map(|(name, _)| name.as_str())
    }

    /// The ids in vertex order, in the user's type.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub fn vertex_ids(&self, ctx: &Context) -> Result<ArrayRef> {
        self.vertices.ids(ctx)
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
        if self.directed { self.incoming.get().cloned() } else { Some(self.outgoing.clone()) }
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
        let built = self.outgoing.transpose(self.weight.as_ref().map(|(_, kind)| *kind), ctx)?;
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
        Ok(self.extremes.get().copied().unwrap_or(Extremes { least: 1.0, greatest: 1.0, whole: true }))
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
