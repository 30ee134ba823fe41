//! Where a graph keeps its edges: by source, by target, or by the one and the source of the other.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::Duration;

use pf_base::{Context, Error, Result};

use crate::adjacency::{Adjacency, Orientation, Payload};
use crate::streaming::Stream;
use crate::vertices::VertexMap;

/// The edges of a graph; the incoming ones are built when they are first needed.
#[derive(Debug)]
pub(crate) struct Storage {
    directed: bool,
    kept: Kept,
    building: Turn,
}

#[derive(Debug)]
enum Kept {
    /// Both, for good. Reading them takes no lock, which another thread could hold while the process forks.
    Both { outgoing: Adjacency, incoming: OnceLock<Adjacency> },
    /// What fits the memory; the other is read from the source.
    Some { slots: Mutex<Slots>, stream: Box<Mutex<Stream>> },
}

#[derive(Debug, Default)]
struct Slots {
    outgoing: Option<Adjacency>,
    incoming: Option<Adjacency>,
}

impl Slots {
    fn slot(&mut self, orientation: Orientation) -> &mut Option<Adjacency> {
        match orientation {
            Orientation::Out => &mut self.outgoing,
            Orientation::In => &mut self.incoming,
        }
    }
}

/// What reading a source again takes per edge besides the rows: batches, and edges by partition.
const BUFFER: u64 = 80;

/// So many edges are in these buffers at most.
const BUFFERED: u64 = 1 << 22;

impl Storage {
    pub(crate) fn new(outgoing: Adjacency, incoming: Option<Adjacency>, directed: bool) -> Self {
        let incoming = incoming.map_or_else(OnceLock::new, OnceLock::from);
        Self { directed, kept: Kept::Both { outgoing, incoming }, building: Turn::default() }
    }

    pub(crate) fn with_source(outgoing: Adjacency, directed: bool, stream: Stream) -> Self {
        let slots = Mutex::new(Slots { outgoing: Some(outgoing), incoming: None });
        Self { directed, kept: Kept::Some { slots, stream: Box::new(Mutex::new(stream)) }, building: Turn::default() }
    }

    /// The edges of an orientation, if they are there.
    pub(crate) fn built(&self, orientation: Orientation) -> Option<Adjacency> {
        let orientation = if self.directed { orientation } else { Orientation::Out };
        match (&self.kept, orientation) {
            (Kept::Both { outgoing, .. }, Orientation::Out) => Some(outgoing.clone()),
            (Kept::Both { incoming, .. }, Orientation::In) => incoming.get().cloned(),
            (Kept::Some { slots, .. }, _) => lock(slots).slot(orientation).clone(),
        }
    }

    /// Whether both orientations may stay.
    pub(crate) fn holds_both(&self, payload: Payload, ctx: &Context) -> bool {
        match &self.kept {
            Kept::Both { .. } => true,
            Kept::Some { slots, .. } => {
                let slots = lock(slots);
                let other = slots.outgoing.as_ref().or(slots.incoming.as_ref());
                other.is_none_or(|other| Room::new(other, payload, ctx) != Room::One)
            }
        }
    }

    /// The edges of an orientation, built if need be.
    pub(crate) fn adjacency(
        &self,
        orientation: Orientation,
        payload: Payload,
        vertices: &VertexMap,
        ctx: &Context,
    ) -> Result<Adjacency> {
        if let Some(built) = self.built(orientation) {
            return Ok(built);
        }
        // Only one thread builds, the others wait for it: the memory of several would be wasted.
        let _turn = self.building.wait(ctx)?;
        if let Some(built) = self.built(orientation) {
            return Ok(built);
        }
        let (slots, stream) = match &self.kept {
            Kept::Both { outgoing, incoming } => {
                let built = outgoing.transpose(payload, ctx)?;
                return Ok(incoming.get_or_init(|| built).clone());
            }
            Kept::Some { slots, stream } => (slots, stream),
        };
        let opposite = if orientation == Orientation::Out { Orientation::In } else { Orientation::Out };
        let other = lock(slots).slot(opposite).clone();
        let room = other.as_ref().map_or(Room::One, |other| Room::new(other, payload, ctx));
        let built = match (other, room) {
            (Some(other), Room::Sort) => {
                let _other = ctx.memory().reserve(other.bytes(), "the edges by their other end")?;
                other.transpose(payload, ctx)?
            }
            (other, room) => {
                let _other = match (&other, room) {
                    (Some(other), Room::Both) => Some(ctx.memory().reserve(other.bytes(), "edges by the other end")?),
                    _ => {
                        if ctx.logs(log::Level::Info) && other.is_some() {
                            log::info!("the edges by source and by target do not both fit the memory limit");
                        }
                        *lock(slots).slot(opposite) = None;
                        None
                    }
                };
                drop(other);
                // Whoever has the turn has the stream, unless it was locked when the process forked.
                let mut stream = match stream.try_lock() {
                    Ok(stream) => stream,
                    Err(TryLockError::Poisoned(stream)) => stream.into_inner(),
                    Err(TryLockError::WouldBlock) => {
                        return Err(Error::unsupported("the source of the graph was in use when the process forked"));
                    }
                };
                stream.rows(vertices, orientation, ctx)?.0
            }
        };
        *lock(slots).slot(orientation) = Some(built.clone());
        Ok(built)
    }
}

/// What the memory limit allows beside rows that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// Sorting their edges by the other end.
    Sort,
    /// The rows by the other end, read from the source.
    Both,
    /// Nothing.
    One,
}

impl Room {
    fn new(rows: &Adjacency, payload: Payload, ctx: &Context) -> Self {
        let free = ctx.memory().limit().saturating_sub(ctx.memory().used());
        let both = 2 * rows.bytes();
        let edges = rows.targets().len() as u64;
        // The edges while they are sorted, and their partitions meanwhile.
        let sorting = 10 * (1 + payload.columns() as u64) * edges;
        if both + sorting <= free {
            Self::Sort
        } else if both + BUFFER * edges.min(BUFFERED) <= free {
            Self::Both
        } else {
            Self::One
        }
    }
}

/// A poisoned lock guards values that are always whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

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
