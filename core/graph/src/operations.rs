//! Graphs made of a graph: turned around, undirected, a part of it.

use arrow_array::{Array, ArrayRef, BooleanArray};
use pf_base::{Context, Error, Result};
use std::sync::Arc;

use crate::adjacency::{Adjacency, Orientation, Rows};
use crate::graph::{About, Graph};
use crate::vertices::NONE;
use crate::weights;

/// Rows that one task looks at.
const CHUNK: usize = 1 << 12;

impl Graph {
    /// The graph with every edge turned around. It shares the memory of this one; an undirected graph stays as it is.
    /// Time O(edges) where the incoming edges were not built yet.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub fn transpose(&self, ctx: &Context) -> Result<Self> {
        let outgoing = self.adjacency(Orientation::Out, ctx)?;
        let incoming = self.adjacency(Orientation::In, ctx)?;
        Ok(Self::assemble(self.vertices().clone(), incoming, Some(outgoing), self.about().clone()))
    }

    /// The graph without directions: every edge stands in the rows of both of its ends, a loop once.
    ///
    /// All edges stay: a → b and b → a become parallel edges, in both rows first those that came from the vertex that
    /// is first in vertex order. Vertices and edge ids stay. Time O(edges).
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub fn undirected(&self, ctx: &Context) -> Result<Self> {
        let outgoing = self.adjacency(Orientation::Out, ctx)?;
        let mut about = self.about().clone();
        if !about.directed {
            return Ok(Self::assemble(self.vertices().clone(), outgoing, None, about));
        }
        about.directed = false;
        let rows = outgoing.both_ways(about.payload, ctx)?;
        Ok(Self::assemble(self.vertices().clone(), rows, None, about))
    }

    /// The vertices of an array of ids, and the edges between them. Ids keep their type and order, edge ids stay;
    /// repeated ids count once. Time O(vertices + edges of the vertices).
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for ids of another kind;
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a null or an unknown id;
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub fn subgraph(&self, vertices: &ArrayRef, ctx: &Context) -> Result<Self> {
        let mut chosen = self.find_vertices(vertices, "vertices")?;
        ctx.sort(&mut chosen)?;
        chosen.dedup();
        let _numbers = ctx.memory().reserve(4 * self.num_vertices() as u64, "vertex numbers")?;
        let mut numbers = vec![NONE; self.num_vertices()];
        (0..).zip(&chosen).for_each(|(number, vertex)| numbers[*vertex as usize] = number);
        let map = Arc::new(self.vertices().subset(&chosen, ctx)?);
        let outgoing = self.adjacency(Orientation::Out, ctx)?;
        // Numbers grow with those they had, so rows stay sorted.
        let rows = outgoing.select(&chosen, self.about(), |at| numbers[outgoing.targets()[at] as usize], ctx)?;
        self.part(map, rows, ctx)
    }

    /// All vertices, and the edges whose input row is true in `keep`, which has a value for every row of the input; a
    /// null counts as false. Of merged parallel edges the first row decides. Time O(edges).
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a graph without edge ids and for another length;
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub fn filter_edges(&self, keep: &BooleanArray, ctx: &Context) -> Result<Self> {
        let outgoing = self.adjacency(Orientation::Out, ctx)?;
        let edges = outgoing
            .edges()
            .ok_or_else(|| Error::invalid_argument("the graph has no edge ids: build it with the option 'edge_ids'"))?;
        let rows = self.about().input_rows;
        if keep.len() as u64 != rows {
            return Err(Error::invalid_argument(format!(
                "keep has {} values, but the graph was built from {rows} edges",
                keep.len()
            )));
        }
        let kept = |at: usize| {
            let row = edges[at] as usize;
            if keep.value(row) && keep.is_valid(row) { outgoing.targets()[at] } else { NONE }
        };
        let all: Vec<u32> = (0..self.num_vertices() as u32).collect();
        let rows = outgoing.select(&all, self.about(), kept, ctx)?;
        self.part(self.vertices().clone(), rows, ctx)
    }

    fn part(&self, vertices: Arc<crate::vertices::VertexMap>, rows: Adjacency, ctx: &Context) -> Result<Self> {
        let mut about = self.about().clone();
        about.num_edges = rows.targets().len() as u64;
        if !about.directed {
            about.num_edges = (about.num_edges + rows.loops(ctx)?) / 2;
        }
        Ok(Self::assemble(vertices, rows, None, about))
    }
}

impl Adjacency {
    /// The rows `chosen` alone, and of their edges those for which `target` gives a number for a position; the numbers
    /// must ascend inside a row.
    fn select(
        &self,
        chosen: &[u32],
        about: &About,
        target: impl Fn(usize) -> u32 + Sync,
        ctx: &Context,
    ) -> Result<Adjacency> {
        let payload = about.payload;
        let (mut offsets, _offsets) = ctx.zeroed::<u64>(chosen.len() + 1, "row offsets")?.into_parts();
        let chunks: Vec<&[u32]> = chosen.chunks(CHUNK).collect();
        let ends = offsets.get_mut(1..).unwrap_or_default();
        let mut counted: Vec<(&[u32], &mut [u64])> = chunks.iter().copied().zip(ends.chunks_mut(CHUNK)).collect();
        let counts = ctx.map_mut(&mut counted, |_, (rows, ends)| {
            let mut sum = 0;
            for (row, end) in rows.iter().zip(ends.iter_mut()) {
                sum += self.range(*row as usize).filter(|at| target(*at) != NONE).count();
                *end = sum as u64;
            }
            Ok(sum)
        })?;
        let total = counts.iter().sum();
        let mut base = 0;
        for (ends, count) in ends.chunks_mut(CHUNK).zip(&counts) {
            ends.iter_mut().for_each(|end| *end += base);
            base += *count as u64;
        }
        let (mut targets, _targets) = ctx.zeroed::<u32>(total, "targets")?.into_parts();
        let weighted = if payload.weight.is_some() { total } else { 0 };
        let (mut weights, _weights) = ctx.zeroed::<u64>(weighted, "weights")?.into_parts();
        let (mut edges, _edges) = ctx.zeroed::<u64>(if payload.edges { total } else { 0 }, "input rows")?.into_parts();
        let mut parts = Vec::with_capacity(chunks.len());
        let (mut t, mut w, mut e) = (&mut targets[..], &mut weights[..], &mut edges[..]);
        for (rows, count) in chunks.into_iter().zip(&counts) {
            let (part, rest) = t.split_at_mut(*count);
            let (weights, more) = w.split_at_mut(if payload.weight.is_some() { *count } else { 0 });
            let (edges, others) = e.split_at_mut(if payload.edges { *count } else { 0 });
            (t, w, e) = (rest, more, others);
            parts.push((rows, part, weights, edges));
        }
        ctx.for_each(parts, |_, (rows, targets, weights, edges)| {
            let mut bits = Vec::new();
            let mut write = 0;
            for row in rows {
                let range = self.range(*row as usize);
                bits.clear();
                if let Some(weights) = self.weights() {
                    weights::to_bits(weights, range.start, range.len(), &mut bits);
                }
                for (i, at) in range.enumerate() {
                    let number = target(at);
                    if number == NONE {
                        continue;
                    }
                    targets[write] = number;
                    if let (Some(slot), Some(bits)) = (weights.get_mut(write), bits.get(i)) {
                        *slot = *bits;
                    }
                    if let (Some(slot), Some(numbers)) = (edges.get_mut(write), self.edges()) {
                        *slot = numbers[at] as u64;
                    }
                    write += 1;
                }
            }
            Ok(())
        })?;
        Ok(Rows { offsets, targets: targets.into(), weights, edges }.finish(payload))
    }

    /// How many edges lead from a row to itself.
    fn loops(&self, ctx: &Context) -> Result<u64> {
        let rows = self.num_rows();
        let counts = ctx.map(rows.div_ceil(CHUNK), |chunk| {
            let rows = chunk * CHUNK..rows.min((chunk + 1) * CHUNK);
            Ok(rows.map(|row| self.row(row).iter().filter(|t| **t as usize == row).count() as u64).sum::<u64>())
        })?;
        Ok(counts.iter().sum())
    }
}
