//! Breadth-first searches from 64 vertices at once, a bit each.
//!
//! Searches that meet in a vertex go on together, so that its edges are looked at once for all of them: M. Then et al.,
//! The more the merrier: efficient multi-source graph traversal, PVLDB 8(4), 2014, doi:10.14778/2735496.2735507.

use pf_base::{Context, Reservation, Result, TrackedVec};

use crate::adjacency::Adjacency;

/// Edges between two looks at cancellation, about 1 ms.
const CHECK: usize = 1 << 18;

/// How many sources a search has at most.
pub(crate) const WIDTH: usize = u64::BITS as usize;

/// What a source reaches: how many vertices besides itself, and the sum of their distances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) vertices: u64,
    pub(crate) distances: u64,
}

/// The state for one search at a time. Time and memory of a search are in proportion to what it reaches; only the first
/// touches everything.
#[derive(Debug)]
pub(crate) struct ManySources {
    /// By vertex, which sources reached it; in which of them it stands in the frontier, and in the next one.
    seen: TrackedVec<u64>,
    front: TrackedVec<u64>,
    next: TrackedVec<u64>,
    /// The vertices with a bit in `seen`, and where among them the frontier's may stand.
    touched: Vec<u32>,
    frontier: Vec<u32>,
    found: Vec<u32>,
    _memory: Reservation,
}

impl ManySources {
    /// For graphs of `rows` vertices.
    pub(crate) fn new(rows: usize, ctx: &Context) -> Result<Self> {
        const WHAT: &str = "searches";
        Ok(Self {
            seen: ctx.zeroed(rows, WHAT)?,
            front: ctx.zeroed(rows, WHAT)?,
            next: ctx.zeroed(rows, WHAT)?,
            touched: Vec::new(),
            frontier: Vec::new(),
            found: Vec::new(),
            _memory: ctx.memory().reserve(12 * rows as u64, WHAT)?,
        })
    }

    /// What each of at most [`WIDTH`] sources reaches along `forward`. With `backward`, the same edges with rows and
    /// targets exchanged, big layers are searched from the vertices that are not reached yet.
    pub(crate) fn run(
        &mut self,
        sources: &[u32],
        forward: &Adjacency,
        backward: Option<&Adjacency>,
        ctx: &Context,
    ) -> Result<Vec<Reach>> {
        self.begin(sources);
        let all = sources.iter().enumerate().fold(0, |all, (i, _)| all | 1u64 << i);
        let mut reach = vec![Reach::default(); sources.len()];
        let mut layers = Layers::default();
        let mut depth = 0;
        while !self.frontier.is_empty() {
            depth += 1;
            let rows = self.seen.len();
            match backward {
                // From every vertex it takes a look at all, which are as many as the frontier has at least.
                Some(backward) if self.frontier.len() > rows / 4 => self.pull(backward, all, ctx)?,
                _ => self.push(forward, ctx)?,
            }
            self.advance(&mut layers);
            layers.finish(depth, &mut reach);
        }
        Ok(reach)
    }

    fn begin(&mut self, sources: &[u32]) {
        self.touched.iter().for_each(|v| self.seen[*v as usize] = 0);
        self.touched.clear();
        for (i, source) in sources.iter().enumerate() {
            self.seen[*source as usize] |= 1 << i;
            self.front[*source as usize] |= 1 << i;
        }
        self.touched.extend_from_slice(sources);
        self.touched.sort_unstable();
        self.touched.dedup();
        self.frontier.clear();
        self.frontier.extend_from_slice(&self.touched);
    }

    /// The frontier's vertices tell their neighbours.
    fn push(&mut self, forward: &Adjacency, ctx: &Context) -> Result<()> {
        let mut work = CHECK;
        for vertex in &self.frontier {
            let row = forward.row(*vertex as usize);
            work += row.len() + 1;
            if work >= CHECK {
                ctx.check()?;
                work = 0;
            }
            let bits = self.front[*vertex as usize];
            for neighbour in row {
                let new = bits & !self.seen[*neighbour as usize];
                if new != 0 {
                    let next = &mut self.next[*neighbour as usize];
                    if *next == 0 {
                        self.found.push(*neighbour);
                    }
                    *next |= new;
                }
            }
        }
        Ok(())
    }

    /// Every vertex that some source has not reached looks whether its neighbours are in that source's frontier.
    fn pull(&mut self, backward: &Adjacency, all: u64, ctx: &Context) -> Result<()> {
        let mut work = CHECK;
        for vertex in 0..self.seen.len() {
            let missing = all & !self.seen[vertex];
            if missing == 0 {
                continue;
            }
            let row = backward.row(vertex);
            work += row.len() + 1;
            if work >= CHECK {
                ctx.check()?;
                work = 0;
            }
            let mut bits = 0;
            for neighbour in row {
                bits |= self.front[*neighbour as usize];
                if bits & missing == missing {
                    break;
                }
            }
            if bits & missing != 0 {
                self.next[vertex] = bits & missing;
                self.found.push(vertex as u32);
            }
        }
        Ok(())
    }

    /// Makes what was found the frontier.
    fn advance(&mut self, layers: &mut Layers) {
        self.frontier.iter().for_each(|v| self.front[*v as usize] = 0);
        for vertex in &self.found {
            let v = *vertex as usize;
            let new = std::mem::take(&mut self.next[v]);
            if self.seen[v] == 0 {
                self.touched.push(*vertex);
            }
            self.seen[v] |= new;
            self.front[v] = new;
            layers.add(new);
        }
        std::mem::swap(&mut self.frontier, &mut self.found);
        self.found.clear();
    }
}

/// How many vertices of a layer every source reaches: 64 counters, of which plane `p` holds the bit `p` of each.
#[derive(Default)]
struct Layers([u64; 32]);

impl Layers {
    /// Counts a vertex for the sources in `word`.
    fn add(&mut self, word: u64) {
        let mut carry = word;
        for plane in &mut self.0 {
            if carry == 0 {
                return;
            }
            (*plane, carry) = (*plane ^ carry, *plane & carry);
        }
    }

    /// Adds the layer to what was reached, and begins the next.
    fn finish(&mut self, depth: u64, reach: &mut [Reach]) {
        for (p, plane) in self.0.iter_mut().enumerate() {
            let mut plane = std::mem::take(plane);
            while plane != 0 {
                let count = 1 << p;
                if let Some(reach) = reach.get_mut(plane.trailing_zeros() as usize) {
                    reach.vertices += count;
                    reach.distances += depth * count;
                }
                plane &= plane - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_count_every_bit() {
        let mut layers = Layers::default();
        let words: Vec<u64> = (0..1000u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
        words.iter().for_each(|word| layers.add(*word));
        let mut reach = vec![Reach::default(); WIDTH];
        layers.finish(3, &mut reach);
        for (bit, reach) in reach.iter().enumerate() {
            let count = words.iter().filter(|word| **word >> bit & 1 == 1).count() as u64;
            assert_eq!(*reach, Reach { vertices: count, distances: 3 * count });
        }
        layers.finish(4, &mut reach);
        assert!(layers.0.iter().all(|plane| *plane == 0), "the next layer begins with nothing");
    }
}
